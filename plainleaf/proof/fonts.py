"""The fonts of a PDF: which letters their codes stand for, how wide they are, whose they are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pikepdf

from plainleaf.files.fonts import FIELDS, printed_names, with_fallback
from plainleaf.model import Sheet
from plainleaf.proof.findings import Findings

UNKNOWN = "\ufffd"
# What a reader cannot say: no letter, an unknown one, a mark of byte order (PDF/UA-1, 7.21.7).
UNSPEAKABLE = {"\0": "U+0000", "\ufffd": "U+FFFD", "\ufeff": "U+FEFF", "\ufffe": "U+FFFE"}


@dataclass(frozen=True, slots=True)
class Font:
    """A font as text is read by it: letters and widths by code, and the bytes of a code."""

    text: dict[int, str]
    widths: dict[int, float]
    default: float
    step: int

    def letters(self, codes: bytes) -> Iterator[tuple[str, float]]:
        """Give letter and width of each code."""
        step = self.step
        for start in range(0, len(codes) - step + 1, step):
            code = int.from_bytes(codes[start : start + step], "big")
            yield self.text.get(code, UNKNOWN), self.widths.get(code, self.default)


def read_font(font: Any) -> Font:
    """Read a font of a page: with two bytes a code if it is composite (9.7), else with one."""
    text = unicode_map(font)
    if font.get("/Subtype") != "/Type0":
        first = int(font.get("/FirstChar", 0))
        widths = {first + place: float(wide) for place, wide in enumerate(font.get("/Widths", []))}
        return Font(text, widths, 0, 1)
    inner = font.DescendantFonts[0]
    return Font(text, _widths(inner.get("/W", [])), float(inner.get("/DW", 1000)), 2)


def _widths(array: Any) -> dict[int, float]:
    """Read the widths of a composite font (9.7.4.3): `code [w w]` or `code code w`."""
    widths: dict[int, float] = {}
    items = iter(array)
    for start in items:
        second = next(items)
        if isinstance(second, pikepdf.Array):
            widths.update(enumerate(map(float, second), int(start)))
        else:
            codes = range(int(start), int(second) + 1)
            widths.update(dict.fromkeys(codes, float(next(items))))
    return widths


def unicode_map(font: Any) -> dict[int, str]:
    """Read which text each code of a font stands for (9.10.3); nothing if it does not say."""
    texts: dict[int, str] = {}
    # A map of codes is written as the operators of a page are.
    steps: Any = pikepdf.parse_content_stream(font.ToUnicode) if "/ToUnicode" in font else ()
    for given, operator in steps:
        items = list(given)
        if str(operator) == "endbfchar":
            texts.update(zip(map(_code, items[::2]), map(_text, items[1::2]), strict=False))
        elif str(operator) == "endbfrange":
            for low, high, first in zip(items[::3], items[1::3], items[2::3], strict=False):
                codes = range(_code(low), _code(high) + 1)
                if isinstance(first, pikepdf.Array):
                    texts.update(zip(codes, map(_text, first), strict=False))
                    continue
                start = _text(first)
                for code in codes:
                    texts[code] = start[:-1] + chr(ord(start[-1:] or "\0") + code - codes[0])
    return texts


def _code(written: Any) -> int:
    return int.from_bytes(bytes(written), "big")


def _text(written: Any) -> str:
    return bytes(written).decode("utf-16-be", "replace")


def resources_of(holder: Any) -> Iterator[Any]:
    """Give the resources of a page or drawing, and those of all drawings in them."""
    resources = holder.get("/Resources", pikepdf.Dictionary())
    yield resources
    for drawing in resources.get("/XObject", {}).values():
        yield from resources_of(drawing)


def fonts_of(pdf: pikepdf.Pdf) -> list[Any]:
    """Give every font that a page, a drawing on it or a field can use, each once."""
    every = [resources for page in pdf.pages for resources in resources_of(page.obj)]
    every.append(pdf.Root.get("/AcroForm", pikepdf.Dictionary()).get("/DR", pikepdf.Dictionary()))
    named = (font for resources in every for font in resources.get("/Font", {}).values())
    return list({font.objgen: font for font in named}.values())


def font_name(font: Any) -> str:
    """Give a font's name without the letters that mark it as cut down (9.6.4)."""
    name = str(_descriptor(font).get("/FontName", font.get("/BaseFont", "/"))).lstrip("/")
    return name.partition("+")[2] if name[6:7] == "+" else name


def is_embedded(font: Any) -> bool:
    """Tell whether a PDF carries the font itself."""
    return any(f"/FontFile{kind}" in _descriptor(font) for kind in ("", "2", "3"))


def _descriptor(font: Any) -> Any:
    inner = font.DescendantFonts[0] if "/DescendantFonts" in font else font
    return inner.get("/FontDescriptor", pikepdf.Dictionary())


def check_fonts(pdf: pikepdf.Pdf, sheet: Sheet, findings: Findings) -> None:
    """Find fonts that are not the language's, that the file lacks, or that cannot be read aloud.

    One of the first kind is the machine's own, slipped in for ours.
    """
    ours = with_fallback(sheet.language.fonts)
    names = {FIELDS}.union(*map(printed_names, ours))
    for font in fonts_of(pdf):
        name = font_name(font)
        if name not in names:
            fact = f'the font "{name}" was printed, which is not among {ours}.'
            findings.say(fact, "Name only fonts of words.yml (`fonts:`) in the sheet's CSS.")
        if not is_embedded(font):  # PDF/UA-1, 7.21.4.1
            findings.say(f'the font "{name}" is not in the file, so other letters may be seen.')
        if "/ToUnicode" not in font:  # PDF/UA-1, 7.21.7
            findings.say(f'the letters of the font "{name}" cannot be read aloud or copied.')
            continue
        texts = "".join(unicode_map(font).values())
        for sign, code in UNSPEAKABLE.items():
            if sign in texts:
                findings.say(f'a letter of the font "{name}" would be read aloud as {code}.')
