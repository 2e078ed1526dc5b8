"""What was filled into a form since it was made, if that is all that was done to it.

The desk of a clinic (templates/website/theme/fill.js) and most readers append what they change to
a file (ISO 32000-1, 7.5.6), so that the form stands in it whole, seal and all. What follows may
only fill in fields: a page that says something else, or a field in another place, is a change.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

import pikepdf

from plainleaf.proof.fonts import read_font
from plainleaf.proof.form import own
from plainleaf.records.identity import DAMAGE, is_whole, opened

READ_ONLY = 1  # ISO 32000-1, table 221
_END = b"%%EOF"
_MOST_UPDATES = 100  # a PDF reader appends one each time that a form is saved
# What filling in may change of a field: its value, how that looks, when, and that it is locked.
_FILLED_IN = {"/V", "/AP", "/AS", "/M", "/Ff"}
# What fill.js draws: black letters on one line, no narrower than 75 %.
_DRAWN = re.compile(
    rb"/Tx BMC q BT 0 g\n/(\S+) ([\d.]+) Tf (100|[89]\d|7[5-9]) Tz\n"
    rb"([\d.]+) ([\d.]+) Td <([\dA-Fa-f]+)> Tj\nET Q EMC\s*"
)
_IDENTITY = pikepdf.Array([1, 0, 0, 1, 0, 0])


@dataclass(frozen=True, slots=True)
class Entry:
    """What one field of a form holds: its spoken name, and the text ("" for a box that is ticked).

    is_locked: nobody can type over it. is_shown: the sheet shows just this text; otherwise another
    program drew it, and only a look at the sheet can tell.
    """

    title: str
    text: str
    is_locked: bool
    is_shown: bool


def as_made(pdf: bytes) -> bytes:
    """Give the start of a file that is sealed: the form as it was made; b"" if there is none."""
    for end in islice(re.finditer(re.escape(_END) + rb"\s?", pdf), _MOST_UPDATES):
        if is_whole(pdf[: end.end()]):
            return pdf[: end.end()]
    return b""


def filled_in(made: bytes, pdf: bytes) -> list[Entry]:
    """Give what was filled into a form, in the order of its fields.

    made is the form and pdf starts with it. Nothing is given of a file in which anything else was
    changed, or that cannot be read.
    """
    try:
        with opened(made) as before, opened(pdf) as after:
            return [*_entries(before, after)] if _differ_in_fields_only(before, after) else []
    except DAMAGE:
        return []


def _differ_in_fields_only(before: pikepdf.Pdf, after: pikepdf.Pdf) -> bool:
    """Tell whether each object of a form is as it was, but for what its fields hold."""
    for name in ("/Root", "/Info"):
        if before.trailer[name].objgen != after.trailer[name].objgen:
            return False
    fields = {item.objgen for field, places in _fields(before) for item in (field, *places)}
    now = {item.objgen: item for item in after.objects}
    return all(
        item.objgen in now and _is_same(item, now[item.objgen], is_field=item.objgen in fields)
        for item in before.objects
    )


def _is_same(one: Any, two: Any, *, is_field: bool) -> bool:
    if is_field and isinstance(two, pikepdf.Dictionary):
        flags, others = set(), set()
        for field in (one, two):
            flags.add(int(own(field, "/Ff") or 0) | READ_ONLY)
            rest = {key: field[key] for key in set(field) if key not in _FILLED_IN}
            others.add(pikepdf.Dictionary(rest).unparse(resolved=True))
        return len(flags) == len(others) == 1
    if isinstance(one, pikepdf.Stream):
        return (
            isinstance(two, pikepdf.Stream)
            and one.stream_dict.unparse(resolved=True) == two.stream_dict.unparse(resolved=True)
            and one.read_raw_bytes() == two.read_raw_bytes()
        )
    return bool(one.unparse(resolved=True) == two.unparse(resolved=True))


def _fields(pdf: pikepdf.Pdf) -> Iterator[tuple[Any, list[Any]]]:
    """Give each field of a form with its places: itself where it has but one."""
    for field in pdf.Root.AcroForm.Fields:
        yield field, list(field.get("/Kids", [])) or [field]


def _entries(before: pikepdf.Pdf, after: pikepdf.Pdf) -> Iterator[Entry]:
    """Give what each field holds; is_shown only if all its places show it."""
    fonts = after.Root.AcroForm.DR.Font
    for field, widgets in _fields(after):
        value = field.get("/V")
        is_redrawn = any(_is_redrawn(before, widget) for widget in widgets)
        is_button = field.FT == "/Btn"
        if not is_redrawn and (value is None or (is_button and value == "/Off")):
            continue
        title = str(field.TU)
        is_locked = bool(int(field.get("/Ff", 0)) & READ_ONLY)
        if is_button:
            text = ""
            is_shown = not is_redrawn and all(widget.get("/AS") == value for widget in widgets)
        else:
            text = str(value) if isinstance(value, pikepdf.String) else ""
            is_shown = bool(text) and all(_shows(widget, text, fonts) for widget in widgets)
        yield Entry(title, text, is_locked, is_shown)


def _is_redrawn(before: pikepdf.Pdf, widget: Any) -> bool:
    """Tell whether a place of a field looks otherwise than in the form as it was made."""
    was = before.get_object(widget.objgen)
    return bool(was.AP.unparse(resolved=True) != widget.AP.unparse(resolved=True))


def _shows(widget: Any, text: str, fonts: Any) -> bool:
    """Tell whether a text stands in its place, in the form's own font, as fill.js draws it."""
    appearance = widget.AP.get("/N")
    if not isinstance(appearance, pikepdf.Stream):
        return False
    drawn = _DRAWN.fullmatch(appearance.read_bytes())
    left, bottom, right, top = map(float, widget.Rect)
    box = [0, 0, right - left, top - bottom]
    is_in_place = all(abs(float(a) - b) < 0.1 for a, b in zip(appearance.BBox, box, strict=True))
    is_moved = appearance.get("/Matrix", _IDENTITY) != _IDENTITY
    if drawn is None or not is_in_place or is_moved:
        return False
    name, size, narrow, start, height, codes = drawn.groups()
    key = f"/{name.decode()}"
    if key not in fonts or appearance.Resources.Font[key].objgen != fonts[key].objgen:
        return False
    is_of_size = f"{key} {size.decode()} Tf" in str(own(widget, "/DA"))
    letters = [*read_font(fonts[key]).letters(bytes.fromhex(codes.decode()))]
    end = float(start) + sum(wide for _, wide in letters) * float(size) * int(narrow) / 100_000
    is_within = end < box[2] and float(height) < box[3] / 2
    return is_of_size and is_within and "".join(letter for letter, _ in letters) == text
