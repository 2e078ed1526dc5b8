"""Checks the fields of a form that is filled in on screen, against the inputs of its HTML."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any

import pikepdf

from plainleaf.files.fonts import typed_letters
from plainleaf.proof.expected import Expected, Input
from plainleaf.proof.findings import Findings, quoted
from plainleaf.proof.fonts import is_embedded, unicode_map
from plainleaf.proof.metadata import MM
from plainleaf.proof.painted import Box, PaintedPage, box_of, common, holds
from plainleaf.proof.tables_pictures_links import HIDING, PRINT
from plainleaf.proof.tree import Element, Key

MULTILINE, DO_NOT_SCROLL = 1 << 12, 1 << 23  # ISO 32000-1, table 228
# The kind of field for each input, and what an editor calls it.
ROLES = {
    "text": ("/Tx", "a line to write on"),
    "lines": ("/Tx", "a space to write in"),
    "box": ("/Btn", "a box to tick"),
    "signature": ("/Sig", "a place to sign"),
}
# The least width and height, in millimetres, that a hand and a finger need.
LEAST = {"text": (5.0, 8.5), "lines": (5.0, 8.5), "box": (5.0, 5.0), "signature": (70.0, 12.0)}
ROUNDING = 0.1
INKLESS = ("BMC", "EMC", "q", "Q")
_FONT = re.compile(r"/(\S+)\s+([\d.]+)\s+Tf")


@dataclass(frozen=True, slots=True)
class Widget:
    """One place on a page where a field shows: its page (-1: on none), its box, and itself."""

    page: int
    box: Box
    annotation: Any


@dataclass(frozen=True, slots=True)
class Field:
    """A field of the form: its whole name, itself, and its places."""

    name: str
    item: Any
    widgets: tuple[Widget, ...]


def check_no_fields(pdf: pikepdf.Pdf, findings: Findings) -> None:
    """Find fields in a sheet that is only to be printed."""
    widgets = [annotation for page in pdf.pages for annotation in widgets_on(page)]
    if "/AcroForm" in pdf.Root or widgets:
        findings.say("it has fields to fill in on screen, but is only to be printed.")


class Form:
    """Checks the fields of one form."""

    def __init__(
        self, pdf: pikepdf.Pdf, root: Element, fonts: tuple[str, ...], findings: Findings
    ) -> None:
        self._fonts = fonts
        self._typed: dict[Key, set[str]] = {}
        self._form: Any = pdf.Root.get("/AcroForm", pikepdf.Dictionary())
        self._findings = findings
        self._page_numbers: dict[Key, int] = {}
        for number, page in enumerate(pdf.pages):
            for annotation in widgets_on(page):
                self._page_numbers[annotation.objgen] = number
        self._fields = [
            Field(
                str(item.get("/T", "")),
                item,
                tuple(map(self._widget, list(item.get("/Kids", [])) or [item])),
            )
            for item in self._form.get("/Fields", [])
        ]
        self._tagged = [
            annotation.objgen
            for item in root.within()
            if item.role == "Form"
            for annotation in item.annotations()
        ]

    def _widget(self, annotation: Any) -> Widget:
        page = self._page_numbers.get(annotation.objgen, -1)
        return Widget(page, box_of(annotation.get("/Rect", [0, 0, 0, 0])), annotation)

    def check(self, expected: Expected, pages: Sequence[PaintedPage]) -> None:
        """Find every way in which the fields are not the inputs of the HTML."""
        inputs: dict[str, Input] = {}
        for item in expected.inputs:
            inputs.setdefault(item.name, item)
        if bool(self._form.get("/NeedAppearances", False)):  # PDF/A-2, 6.4.1
            self._findings.say("a reader would draw the fields anew, each in its own way.")
        fields: dict[str, Field] = {}
        for field in self._fields:
            self._check_name(field, fields, inputs)
            fields.setdefault(field.name, field)
        for name, item in inputs.items():
            if name not in fields:
                fact = f"the field {quoted(item.title)} ({name}) is missing."
                self._findings.say(fact, place=item.place)
            else:
                self._check_field(fields[name], item, _pages(item, expected.inputs, len(pages)))
        self._check_order(inputs, fields)
        self._check_places(fields, pages)

    def _check_name(
        self, field: Field, others: Mapping[str, Field], inputs: Mapping[str, Input]
    ) -> None:
        page = field.widgets[0].page if field.widgets else None
        if not field.name:
            self._findings.say("a field has no name.", page=page)
        elif field.name in others:
            self._findings.say(f"two fields have the name {quoted(field.name)}.", page=page)
        elif field.name not in inputs:
            fact = f"the field {quoted(field.name)} is not in the HTML of this sheet."
            self._findings.say(fact, page=page)

    def _check_field(self, field: Field, item: Input, pages: Counter[int] | int) -> None:
        label = quoted(item.title or item.name)
        faults = list(self._faults(field, item))
        there = Counter(widget.page for widget in field.widgets)
        if pages not in (there, there.total()):
            faults.append("is not once on every page that asks for it")
        for widget in field.widgets:
            faults += self._faults_of_place(widget, item)
        for fault in dict.fromkeys(faults):
            page = field.widgets[0].page if field.widgets else None
            self._findings.say(f"the field {label} {fault}.", page=page, place=item.place)

    def _faults(self, field: Field, item: Input) -> Iterator[str]:
        """Say what is wrong with a field as such."""
        values = field.item
        flags = int(own(values, "/Ff") or 0)
        if str(own(values, "/TU") or "") != item.title:  # PDF/UA-1, 7.18.4
            yield f"is read aloud as {quoted(str(own(values, '/TU') or ''))}"
        kind = own(values, "/FT")
        expected_kind, spoken_kind = ROLES[item.kind]
        if kind != expected_kind:
            yield f"is not {spoken_kind}"
        elif kind == "/Tx":
            if bool(flags & MULTILINE) != (item.kind == "lines"):
                yield f"is not {spoken_kind}"
            if not flags & DO_NOT_SCROLL:
                yield "scrolls: what has scrolled away is not on the paper that is signed"
            yield from self._faults_of_font(values)
        allowed = MULTILINE | (DO_NOT_SCROLL if kind == "/Tx" else 0)
        if flags & ~allowed or own(values, "/MaxLen") is not None:
            # Not to be changed, covered like a password, a button, or for so many letters only.
            yield "cannot be filled in as it should"
        if str(own(values, "/V") or "") not in ("", "/Off"):
            yield "is filled in already"

    def _faults_of_font(self, values: Any) -> Iterator[str]:
        named = _FONT.search(str(own(values, "/DA") or ""))
        fonts = self._form.get("/DR", pikepdf.Dictionary()).get("/Font", pikepdf.Dictionary())
        if named is None or f"/{named[1]}" not in fonts:
            yield "does not say in which font it is filled in"
        elif not is_embedded(font := fonts[f"/{named[1]}"]):
            yield "is filled in with a font that is not in the file"
        elif lacking := self._lacking(font):
            some = " ".join(lacking[:5])
            yield f"is filled in with a font that lacks letters of names, such as {some}"
        if named is not None and not float(named[2]):
            yield "is filled in at whatever size a reader chooses"

    def _lacking(self, font: Any) -> list[str]:
        """Give the letters that people type and a font of fields cannot show."""
        if font.objgen not in self._typed:
            self._typed[font.objgen] = set("".join(unicode_map(font).values()))
        return sorted(set(map(chr, typed_letters(self._fonts))) - self._typed[font.objgen])

    def _faults_of_place(self, widget: Widget, item: Input) -> Iterator[str]:
        """Say what is wrong with a field where it shows on a page."""
        annotation = widget.annotation
        if widget.page < 0:
            yield "is on no page"
            return
        flags = int(annotation.get("/F", 0))
        if not flags & PRINT or flags & HIDING:  # PDF/A-2, 6.3.2
            yield "is hidden on screen or in print"
        if annotation.objgen not in self._tagged:  # PDF/UA-1, 7.18.4
            yield "is not in the tree of tags"
        elif self._tagged.count(annotation.objgen) > 1:
            yield "is tagged more than once"
        if not _has_appearance(annotation, item.kind):  # PDF/A-2, 6.3.3
            yield "has no look of its own"
        wide, high = LEAST[item.kind]
        left, low, right, top = widget.box
        if (right - left) / MM < wide - ROUNDING or (top - low) / MM < high - ROUNDING:
            size = f"{(right - left) / MM:.1f} × {(top - low) / MM:.1f}"
            yield f"measures {size} mm; it needs {wide:g} × {high:g} mm"

    def _check_order(self, inputs: Mapping[str, Input], fields: Mapping[str, Field]) -> None:
        """Find fields that the tab key would reach out of turn: it follows the tags."""
        order = {key: place for place, key in enumerate(self._tagged)}
        once = [
            (item, order[field.widgets[0].annotation.objgen])
            for item in inputs.values()
            if not item.repeated
            and (field := fields.get(item.name)) is not None
            and field.widgets
            and field.widgets[0].annotation.objgen in order
        ]
        for (_, before), (item, after) in pairwise(once):
            if after < before:
                fact = f"the field {quoted(item.title)} is reached out of turn."
                self._findings.say(fact, place=item.place)
                return

    def _check_places(self, fields: Mapping[str, Field], pages: Sequence[PaintedPage]) -> None:
        """Find fields over each other, off the page, or that belong to no field of the form."""
        owned = {
            widget.annotation.objgen: (name, widget)
            for name, field in fields.items()
            for widget in field.widgets
        }
        for key, number in self._page_numbers.items():
            if key not in owned:
                self._findings.say("a field on it is not part of the form.", page=number)
        for page in pages:
            here = [item for item in owned.values() if item[1].page == page.number]
            for name, widget in here:
                if not holds(page.box, widget.box):
                    fact = f"the field {quoted(name)} runs off the page."
                    self._findings.say(fact, page=page.number)
            for (one, first), (two, second) in combinations(here, 2):
                left, low, right, high = common(first.box, second.box)
                if right - left > 0.5 and high - low > 0.5:
                    fact = f"the fields {quoted(one)} and {quoted(two)} lie over each other."
                    self._findings.say(fact, page=page.number)


def _pages(item: Input, inputs: Sequence[Input], pages: int) -> Counter[int] | int:
    """Give the pages on which a field must stand, or only how often if it is in the text."""
    if item.repeated:
        return Counter(range(pages))
    return sum(other.name == item.name for other in inputs)


def widgets_on(page: pikepdf.Page) -> list[Any]:
    """Give the places of fields on a page, each as its annotation."""
    annotations: Any = page.obj.get("/Annots", [])
    return [annotation for annotation in annotations if annotation.get("/Subtype") == "/Widget"]


def own(item: Any, key: str) -> Any:
    """Give a value of a field, or of the one that it is a part of (12.7.3.1)."""
    while item is not None:
        if key in item:
            return item[key]
        item = item.get("/Parent")
    return None


def _has_appearance(annotation: Any, kind: str) -> bool:
    """Tell whether a field shows nothing yet, and a ticked box would show its tick."""
    normal = annotation.get("/AP", pikepdf.Dictionary()).get("/N")
    if kind != "box":
        return isinstance(normal, pikepdf.Stream) and not _paints(normal)
    if not isinstance(normal, pikepdf.Dictionary) or isinstance(normal, pikepdf.Stream):
        return False
    is_two_states = "/Off" in normal and len(normal.keys()) == 2
    if not is_two_states or annotation.get("/AS") not in (None, "/Off"):
        return False
    return all(_paints(drawing) == (state != "/Off") for state, drawing in normal.items())


def _paints(drawing: Any) -> bool:
    steps: Any = pikepdf.parse_content_stream(drawing)
    return any(str(step.operator) not in INKLESS for step in steps)
