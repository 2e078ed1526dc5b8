"""A pack is bound from its cover and finished handouts: their very pages, one after the other.

Where a clinic writes its own details, a second pack is bound of the forms to type them into.
Each handout of two sides or more starts on the front of a sheet of paper, and all keep their own
page numbers, so that the pack can be taken apart where it is handed out.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from plainleaf.compose.compose import Composed
from plainleaf.model import Printed
from plainleaf.problems import Problem
from plainleaf.proof import proof_of_pack
from plainleaf.proof.fonts import resources_of
from plainleaf.records.identity import sealed
from plainleaf.typeset.typeset import packed, too_long


@dataclass(frozen=True, slots=True)
class Parts:
    """What a pack is bound of: its cover, and its handouts in order.

    Each comes to print, and where the cover has a form, as a form too.
    """

    composed: Composed
    cover: Sequence[Printed]
    handouts: tuple[Sequence[Printed], ...]


def bind(parts: Parts) -> list[Printed | Problem]:
    """Give a pack as PDF/UA-1 and PDF/A-2a, with its form if it has one; or all that is wrong."""
    bound: list[Printed] = []
    problems: list[Problem] = []
    for cover, *handouts in zip(parts.cover, *parts.handouts, strict=False):
        each = [cover.pdf, *(handout.pdf for handout in handouts)]
        whole, pages = _bound(each)
        problems += proof_of_pack(parts.composed, whole, each, is_form=cover.is_form)
        warnings = tuple(too_long(parts.composed, pages))
        bound.append(replace(cover, pdf=whole, pages=pages, warnings=warnings))
    return [*problems] or [*bound]


def _bound(parts: Sequence[bytes]) -> tuple[bytes, int]:
    """Give the PDFs of a cover and of handouts as one, and how many pages it has."""
    with pikepdf.open(io.BytesIO(parts[0])) as pack:
        form = pack.Root.get(Name.AcroForm)
        if form is not None:
            del pack.Root.AcroForm
        for pdf in parts[1:]:
            with pikepdf.open(io.BytesIO(pdf)) as handout:
                _append(pack, handout)
        _share_pictures(pack)
        if form is not None:
            _share_font_of_fields(pack, form)
            _one_form(pack, form)
        pack.Root.ViewerPreferences.Duplex = Name.DuplexFlipLongEdge
        return sealed(packed(pack)), len(pack.pages)


def pages_of_pack(lengths: Iterable[int]) -> int:
    """Give how many pages a pack has, from those of its cover and of each handout."""
    pages = 0
    for length in lengths:
        pages += _blanks_before(pages, length) + length
    return pages


def _blanks_before(pages: int, length: int) -> int:
    """Give how many blank sides follow the pages of a pack, so that a handout starts on a front."""
    return pages % 2 if length > 1 else 0


def _append(pack: pikepdf.Pdf, handout: pikepdf.Pdf) -> None:
    """Lay the pages of a handout behind those of a pack, and take over all that leads to them."""
    if _blanks_before(len(pack.pages), len(handout.pages)):
        box = pack.pages[0].mediabox
        pack.add_blank_page(page_size=(float(box[2]), float(box[3]))).obj.Tabs = Name.S
    start, tree = len(pack.pages), pack.Root.StructTreeRoot
    first = int(tree.ParentTreeNextKey)
    if Name.AcroForm in handout.Root:
        del handout.Root.AcroForm  # or its fields would get other names: see _one_form
    pack.add_pages_from(handout)  # with the names of places to which its links lead
    for page in list(pack.pages)[start:]:
        page.obj.StructParents += first
        for annotation in page.obj.get(Name.Annots, ()):
            annotation.StructParent += first
    theirs = _copied(pack, handout, "StructTreeRoot")
    for element in theirs.K.K.wrap_in_array():
        element.P = tree.K
        tree.K.K = Array([*tree.K.K.wrap_in_array(), element])
    numbers = theirs.ParentTree.Nums
    for number, owner in zip(numbers[::2], numbers[1::2], strict=True):
        tree.ParentTree.Nums.append(int(number) + first)
        tree.ParentTree.Nums.append(owner)
    tree.ParentTreeNextKey = first + int(theirs.ParentTreeNextKey)
    _append_bookmarks(pack, _copied(pack, handout, "Outlines"))


def _copied(pack: pikepdf.Pdf, handout: pikepdf.Pdf, name: str) -> Any:
    """Give what the root of a handout has of a name, as the pack's own; None if it has none.

    Its pages must be in the pack already.
    """
    value = handout.Root.get(f"/{name}")
    return None if value is None else pack.copy_foreign(handout.make_indirect(value))


def _append_bookmarks(pack: pikepdf.Pdf, outline: Any) -> None:
    """Let the bookmarks of a handout, which a template may lack, follow those before it."""
    ours = pack.Root.get(Name.Outlines)
    if outline is None:
        return
    if ours is None:
        pack.Root.Outlines = outline
        return
    item = outline.First
    item.Prev, ours.Last.Next = ours.Last, item
    ours.Last, ours.Count = outline.Last, int(ours.Count) + int(outline.Count)
    while item is not None:
        item.Parent = ours
        item = item.get(Name.Next)


def _one_form(pack: pikepdf.Pdf, form: Any) -> None:
    """Let all fields of a pack be one form, in the font of the cover's; one name is one field.

    So what is typed on the cover stands on each handout (PDF 12.7.3.2).
    """
    named: dict[str, list[Any]] = {}
    for page in pack.pages:
        for widget in page.obj.get(Name.Annots, ()):
            if widget.Subtype == Name.Widget:
                owner = widget.get(Name.Parent, widget)
                named.setdefault(str(owner.T), []).append(widget)
    form.Fields = Array([_one_field(pack, widgets) for widgets in named.values()])
    if any(str(field.FT) == "/Sig" for field in form.Fields):
        form.SigFlags = 1
    pack.Root.AcroForm = form


def _one_field(pack: pikepdf.Pdf, widgets: list[Any]) -> Any:
    """Give a field: its widget itself, or what several widgets share."""
    if len(widgets) == 1:
        return widgets[0]
    first = widgets[0].get(Name.Parent, widgets[0])
    shared = {name: first[name] for name in ("/T", "/TU", "/FT", "/DA", "/Ff") if name in first}
    field = pack.make_indirect(Dictionary(shared))
    for widget in widgets:
        widget.Parent = field
        for name in (Name.T, Name.FT, Name.Ff):
            if name in widget:
                del widget[name]
    field.Kids = Array(widgets)
    return field


def _share_font_of_fields(pack: pikepdf.Pdf, form: Any) -> None:
    """Hold the font of fields once: it has all letters that people type, and pages name it too."""
    ours = {_font_key(font): font for font in form.DR.Font.values()}
    for page in pack.pages:
        fonts = page.obj.get(Name.Resources, Dictionary()).get(Name.Font, Dictionary())
        for name, font in fonts.items():
            fonts[name] = ours.get(_font_key(font), font)


def _font_key(font: Any) -> tuple[str, bytes]:
    """Give the name of a font and its file, which tells it from others of that name."""
    file = font.DescendantFonts[0].FontDescriptor.FontFile2
    return str(font.BaseFont), bytes(file.read_raw_bytes())


def _share_pictures(pack: pikepdf.Pdf) -> None:
    """Hold each picture once, such as the logo, which every handout brings along."""
    pictures: dict[tuple[object, ...], Any] = {}
    for page in pack.pages:
        for resources in resources_of(page.obj):
            drawings = resources.get(Name.XObject, Dictionary())
            for name, drawing in drawings.items():
                if drawing.get(Name.Subtype) == Name.Image:
                    drawings[name] = pictures.setdefault(_picture_key(drawing), drawing)


def _picture_key(picture: Any) -> tuple[object, ...]:
    """Give what two pictures share only if they look the same: size, colours, dots and mask."""
    mask = picture.get(Name.SMask)
    size = int(picture.Width), int(picture.Height), str(picture.get(Name.ColorSpace))
    return *size, picture.read_raw_bytes(), None if mask is None else mask.read_raw_bytes()
