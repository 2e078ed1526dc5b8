"""Page streams (ISO 32000-1, 7.8.2): one mark for what is one text, a space where a line ends.

WeasyPrint marks each line by itself, and ends none with a space: a voice that reads aloud would
stop at each line, or say its last word and the first of the next as one. All else stays as
WeasyPrint wrote it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

# What leaves ink (8.5.3, 8.6.7, 8.8, 9.4.3).
PAINTING = frozenset((b"S", b"s", b"f", b"f*", b"B", b"B*", b"b", b"b*", b"Do", b"sh", b"TJ"))
# After these, a word goes on in the next line.
JOINING = "-\u00ad\u2010\u2011\u2013/"

_GLYPH = re.compile(rb"<(?:[0-9a-f]{4})*([0-9a-f]{4})>(?=[^<]*$)")  # the last
_FIRST = re.compile(rb"<([0-9a-f]{4})")


@dataclass(slots=True, eq=False)
class MarkedContent:
    """MarkedContent content (14.6): the operators in it, and the numbers that WeasyPrint gave it.

    marks is empty for what WeasyPrint itself calls an artifact: decoration.
    """

    marks: list[int]
    lines: list[bytes] = field(default_factory=list)

    @property
    def top(self) -> float:
        """How far its first text is from the head of the page, in CSS pixels; 0 if it has none."""
        return next((float(line.split()[5]) for line in self.lines if line.endswith(b" Tm")), 0.0)


def read(stream: Sequence[Any]) -> list[bytes | MarkedContent]:
    """Give what a pydyf stream holds: marked content, and the operators outside of it, a line each.

    Marks within marks are left out, and marks around nothing that leaves ink.
    """
    content: list[bytes | MarkedContent] = []
    depth = 0
    marked = MarkedContent([])
    for operands, line in _lines(stream):
        if line.endswith((b"BDC", b"BMC")):
            depth += 1
            if depth == 1:
                number = operands.rpartition(b"/MCID")[2].strip(b" >")
                marked = MarkedContent([int(number)] if line == b"BDC" else [])
        elif line == b"EMC":
            depth -= 1
            if depth == 0:
                content += [marked] if any(map(_paints, marked.lines)) else marked.lines
        elif depth:
            marked.lines.append(line)
        else:
            content.append(line)
    return content


def _lines(stream: Sequence[Any]) -> Iterator[tuple[bytes, bytes]]:
    """Give each line with its operator; for one that begins a mark, what the mark is apart."""
    operands = b""
    for item in stream:
        line = item if isinstance(item, bytes) else getattr(item, "data", None) or item.encode()
        if line.startswith(b"<<") or (line.startswith(b"/") and b" " not in line):
            operands += line
        else:
            yield operands, line
            operands = b""


def _paints(line: bytes) -> bool:
    return line.rpartition(b" ")[2] in PAINTING


def joined(
    page: Sequence[bytes | MarkedContent], goes_on: Callable[[MarkedContent, MarkedContent], bool]
) -> list[bytes | MarkedContent]:
    """Give a page with one mark for marks that go on, where nothing is painted between them."""
    content: list[bytes | MarkedContent] = []
    last: MarkedContent | None = None
    between: list[bytes] = []
    for item in page:
        if isinstance(item, bytes):
            between.append(item)
        elif last and not any(map(_paints, between)) and goes_on(last, item):
            last.marks += item.marks
            last.lines += [*between, *item.lines]
            between = []
        else:
            content += [*between, item]
            last, between = item, []
    return [*content, *between]


@dataclass(frozen=True, slots=True)
class Letters:
    """What the glyphs of a font stand for, and how wide they are, in thousandths of its size."""

    text: Mapping[int, str]
    widths: Mapping[int, float]

    @property
    def space(self) -> int | None:
        """The glyph of a space, if the font has printed one."""
        return next((glyph for glyph, letters in self.text.items() if letters == " "), None)


def add_spaces(
    page: Sequence[bytes | MarkedContent], fonts: Mapping[bytes, Letters], *, is_rtl: bool
) -> None:
    """End each line with a space, which leaves no ink.

    From right to left, glyphs stand in the order of the eye: the end of a line is the first of
    them, and the space before it is taken back, so that nothing moves.
    """
    ends: list[tuple[list[bytes], int, Letters | None]] = []  # the text that ends each line
    font: Letters | None = None
    height = base = b""
    for lines in [item.lines for item in page if isinstance(item, MarkedContent)]:
        for number, line in enumerate(lines):
            if line.endswith(b" Tm"):
                height = line.split()[5]
            elif line.endswith(b" Tf"):
                font = fonts.get(line.split()[0][1:])
            elif line.endswith(b" TJ"):
                if not ends or height != base:
                    ends.append((lines, number, font))
                elif not is_rtl:
                    ends[-1] = lines, number, font
                base = height
    for lines, number, font in ends:
        if font is not None and font.space is not None:
            lines[number] = _with_space(lines[number], font, is_rtl=is_rtl)


def _with_space(line: bytes, font: Letters, *, is_rtl: bool) -> bytes:
    """Give a text (`[<glyphs>kerning…] TJ`) with a space at its end, unless a word goes on."""
    end = (_FIRST if is_rtl else _GLYPH).search(line)
    if end is None or font.text.get(int(end[1], 16), "").endswith((" ", *JOINING)):
        return line
    space = b"<%04x>" % (font.space or 0)
    if is_rtl:
        return line.replace(b"[", b"[%s%g " % (space, font.widths[font.space or 0]), 1)
    return line[: end.end()] + space + line[end.end() :]
