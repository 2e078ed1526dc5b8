"""Page streams written anew: the same ink in fewer bytes, with one mark for what is one text.

WeasyPrint marks each line by itself, and sets each colour and font again and again. Written anew,
lines that follow each other in one element share a mark, and a state is set where it changes.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

# States that painting needs, and the operators that set them. They need no `q` and `Q`: what is
# wanted is known at each step, and is set before the next thing is painted.
STATES = {
    b"rg": "fill",
    b"RG": "stroke",
    b"w": "width",
    b"d": "dash",
    b"J": "cap",
    b"j": "join",
    b"M": "miter",
    b"Tf": "font",
    b"Ts": "rise",
}
INITIAL = {
    "fill": b"0 0 0",
    "stroke": b"0 0 0",
    "width": b"1",
    "dash": b"[] 0",
    "cap": b"0",
    "join": b"0",
    "miter": b"10",
    "font": b"",
    "rise": b"0",
}
_LINE = ("stroke", "width", "dash", "cap", "join", "miter")
NEEDED = {
    **dict.fromkeys((b"S", b"s"), _LINE),
    **dict.fromkeys((b"B", b"B*", b"b", b"b*"), ("fill", *_LINE)),
    **dict.fromkeys((b"f", b"f*"), ("fill",)),
    b"n": (),
}
COLOURS = {b"cs": "fill", b"scn": "fill", b"CS": "stroke", b"SCN": "stroke"}
PATH = frozenset((b"m", b"l", b"c", b"v", b"y", b"h", b"re", b"W", b"W*"))
POINTS = 0.75  # a pixel of CSS in points
# The artifact that is the number of a page (ISO 32000-2, table 363). It sets every state that it
# needs, so that another can take its place.
NUMBER = "number"  # the class of its words
PAGE_NUMBER = b"/Artifact<</Type/Pagination/Subtype/PageNum>>BDC"
END_OF_MARK = b"\nEMC"
LEAST_SHARED = 100  # bytes that are worth a drawing of their own
INKLESS = (b"q", b"Q", b"n")
# Every page starts without transparency: WeasyPrint asks for that again before each colour.
OPAQUE = (b"/a1.0", b"/A1.0", b"/a1", b"/A1")
_GONE = object()  # in the place of a `q` that is left out
# After these, a word goes on in the next line.
JOINING = "-\u00ad\u2010\u2011\u2013/"

_NUMBER = re.compile(rb"-?\d+\.\d+")
_GLYPHS = re.compile(rb"<([0-9a-f]*)>|(-?[0-9.]+)")


@dataclass(slots=True)
class Paint:
    """Something that leaves ink or cuts it off: operators, and the states they need."""

    lines: list[bytes]
    states: dict[str, bytes]
    is_stroke: bool = False


@dataclass(slots=True)
class Text:
    """Glyphs in a row; origin is the matrix of their place, None to go on where the last ended."""

    origin: list[bytes] | None
    parts: list[bytes | float]  # glyphs of 2 bytes each, and kerning in thousandths
    states: dict[str, bytes]


@dataclass(slots=True, eq=False)
class Piece:
    """What belongs to one element or artifact: marks of WeasyPrint, and what is painted.

    kind is `mark`, `artifact` or `loose`, the last for operators that stand outside every mark;
    begins is the line that starts its mark, where that is known.
    """

    kind: str
    marks: list[int] = field(default_factory=list)
    paints: list[Paint | Text] = field(default_factory=list)
    begins: bytes = b""

    @property
    def may_be_shared(self) -> bool:
        """Whether it may be drawn once for several pages: an artifact, and not their numbers."""
        return self.begins not in (b"", PAGE_NUMBER)

    @property
    def first_text(self) -> Text | None:
        """Its first glyphs, if it has any."""
        return next((paint for paint in self.paints if isinstance(paint, Text)), None)


def pieces(stream: Sequence[Any], belongs: Callable[[Piece, Piece], bool]) -> list[Piece]:
    """Give the pieces of a page; belongs tells whether two marks that meet are to be one."""
    made: list[Piece] = []
    for piece in _pieces(stream):
        last = made[-1] if made else None
        if last and last.kind == piece.kind and (piece.kind != "mark" or belongs(last, piece)):
            last.marks += piece.marks
            last.paints += piece.paints
        elif piece.paints:
            made.append(piece)
    return made


def _pieces(stream: Sequence[Any]) -> Iterator[Piece]:
    loose = Piece("loose")
    piece = loose
    depth = 0
    for item in _Reader().read(stream):
        if isinstance(item, Piece):
            depth += 1
            if depth == 1:
                yield loose
                piece = item
        elif item is None:
            depth -= 1
            if depth == 0:
                yield piece
                piece = loose = Piece("loose")
        else:
            piece.paints.append(item)
    yield loose


@dataclass(slots=True)
class _Reader:
    """Reads a stream: what is painted, the starts of marks as empty pieces, None for their ends."""

    found: list[Any] = field(default_factory=list)
    wanted: dict[str, bytes] = field(default_factory=lambda: dict(INITIAL))
    # For each `q`: the states to go back to, its place among what is found, and the unit.
    saved: list[tuple[dict[str, bytes], int, float]] = field(default_factory=list)
    kept: set[int] = field(default_factory=set)  # places of each `q` that cannot be left out
    unit: float = 1 / POINTS  # of the coordinates, in pixels
    path: list[bytes] = field(default_factory=list)
    origin: list[bytes] | None = None

    def read(self, stream: Sequence[Any]) -> list[Any]:
        """Give all that is found."""
        for operands, operator in _operators(stream):
            if operator in STATES:
                self.wanted[STATES[operator]] = _rounded(operands, 3)
            elif operator in PATH:
                places = _rounded(operands, _digits(self.unit))
                self.path.append(b" ".join(filter(None, (places, operator))))
            elif operator in NEEDED:
                self._paint(operator)
            elif operator in (b"q", b"Q"):
                self._save() if operator == b"q" else self._restore()
            elif operator == b"Tm":
                self.origin = operands.split()
            elif operator == b"TJ":
                states = {name: self.wanted[name] for name in ("fill", "font", "rise")}
                self.found.append(Text(self.origin, _glyphs(operands), states))
                self.origin = None
            elif operator in (b"BMC", b"BDC", b"EMC"):
                self._mark(operands, operator)
            elif operator not in (b"BT", b"ET") and operands not in OPAQUE:
                self._other(operands, operator)
        return [item for item in self.found if item is not _GONE]

    def _save(self) -> None:
        self.saved.append((dict(self.wanted), len(self.found), self.unit))
        self.found.append(Paint([b"q"], {}))

    def _restore(self) -> None:
        self.wanted, start, self.unit = self.saved.pop()
        within = self.found[start:]
        if all(isinstance(item, Paint) and item.lines[-1] in INKLESS for item in within):
            del self.found[start:]
            self.kept.discard(start)
        elif start in self.kept:
            self.found.append(Paint([b"Q"], {}))
        else:
            self.found[start] = _GONE

    def _keep(self) -> None:
        if self.saved:
            self.kept.add(self.saved[-1][1])

    def _paint(self, operator: bytes) -> None:
        states = {name: self.wanted[name] for name in NEEDED[operator]}
        if operator == b"f*" and self.saved and (strip := _strip(self.found[-1], self.path)):
            self.found[-1] = Paint([strip, b"f"], states)
            self.kept.discard(self.saved[-1][1])
        else:
            if b"W" in self.path or b"W*" in self.path:
                self._keep()
            self.found.append(Paint([*self.path, operator], states, operator == b"S"))
        self.path = []

    def _mark(self, operands: bytes, operator: bytes) -> None:
        if operator == b"EMC":
            self.found.append(None)
        elif operator == b"BMC":
            self.found.append(Piece("artifact"))
        else:
            mark = int(operands.rpartition(b"/MCID")[2].strip(b" >"))
            self.found.append(Piece("mark", [mark]))

    def _other(self, operands: bytes, operator: bytes) -> None:
        """Take a drawing, which finds the states as they are, or a matrix, which must be undone."""
        states = {}
        if operator in COLOURS:
            # A pattern, or a colour of another kind: until `Q`, no plain colour may replace it.
            self.wanted[COLOURS[operator]] = b""
        if operator in (b"Do", b"sh"):
            states = {name: value for name, value in self.wanted.items() if name != "font"}
        else:
            self._keep()
        if operator == b"cm":
            self.unit *= abs(float(operands.split()[0])) or 1
        self.found.append(Paint([operands + b" " + operator], states))


def _strip(clip: Any, path: Sequence[bytes]) -> bytes | None:
    """Give the rectangle of a straight border, which WeasyPrint cuts out of two others."""
    if not isinstance(clip, Paint) or clip.lines[4:] != [b"W*", b"n"] or len(path) != 2:
        return None
    points = [tuple(map(float, line.split()[:2])) for line in clip.lines[:4]]
    (left, right), (top, bottom) = ((min(side), max(side)) for side in zip(*points, strict=True))
    if {(x, y) for x, y in points} != {(x, y) for x in (left, right) for y in (top, bottom)}:
        return None  # it meets another border at a slant
    for line in path:
        x, y, width, height, _ = line.split()
        if float(width) * float(height) and _meets(
            (left, top, right, bottom),
            (float(x), float(y), float(x) + float(width), float(y) + float(height)),
        ) != (line == path[1]):
            return None
    return b"%s %s %s %s re" % tuple(map(_number, (left, top, right - left, bottom - top)))


def _meets(one: Sequence[float], two: Sequence[float]) -> bool:
    """Tell whether two rectangles share more than an edge, for all that was rounded."""
    return all(
        min(one[side + 2], two[side + 2]) - max(one[side], two[side]) > 0.3 for side in (0, 1)
    )


def _operators(stream: Sequence[Any]) -> Iterator[tuple[bytes, bytes]]:
    """Give the operands and the operator of each step of a pydyf stream."""
    operands: list[bytes] = []
    for item in stream:
        line = item if isinstance(item, bytes) else getattr(item, "data", None) or item.encode()
        if line.startswith(b"<<") or (line.startswith(b"/") and b" " not in line):
            operands.append(line)  # what a mark is, comes before the operator that begins it
            continue
        before, _, operator = line.rpartition(b" ")
        yield b" ".join([*operands, before]) if operands else before, operator
        operands = []


def _glyphs(operands: bytes) -> list[bytes | float]:
    """Give what `TJ` shows: runs of glyphs that nothing divides, and the kerning between them."""
    parts: list[bytes | float] = []
    for run, kerning in _GLYPHS.findall(operands.replace(b">0<", b"")):
        if run:
            glyphs = bytes.fromhex(run.decode())
            if parts and isinstance(parts[-1], bytes):
                parts[-1] += glyphs
            else:
                parts.append(glyphs)
        elif kerning and float(kerning):
            last = parts.pop() if parts and isinstance(parts[-1], float) else 0.0
            parts.append(float(last) + float(kerning))
    return parts


@dataclass(frozen=True, slots=True)
class Letters:
    """What the glyphs of a font stand for, and how wide they are, in thousandths of its size."""

    text: Mapping[int, str]
    widths: Mapping[int, float]

    @property
    def space(self) -> int | None:
        """The glyph of a space, if the font has printed one."""
        return next((glyph for glyph, letters in self.text.items() if letters == " "), None)


def add_spaces(page: Sequence[Piece], fonts: Mapping[bytes, Letters], *, is_rtl: bool) -> None:
    """End each line with a space, which leaves no ink: without it, a voice reads two words as one.

    From right to left, glyphs stand in the order of the eye: the end of a line is the first of
    them, and the space before it is taken back, so that nothing moves.
    """
    texts = [paint for piece in page for paint in piece.paints if isinstance(paint, Text)]
    lines: list[list[Text]] = []
    for text in texts:
        before = lines[-1][0].origin if lines else None
        if lines and (text.origin is None or (before and text.origin[5] == before[5])):
            lines[-1].append(text)
        else:
            lines.append([text])
    for line in lines:
        last = line[0] if is_rtl else line[-1]
        font = fonts.get(last.states["font"].split()[0][1:])
        glyphs = [part for part in last.parts if isinstance(part, bytes)]
        if font is None or font.space is None or not glyphs:
            continue
        space = font.space.to_bytes(2, "big")
        end = glyphs[0 if is_rtl else -1]
        letter = font.text.get(int.from_bytes(end[:2] if is_rtl else end[-2:], "big"), "")
        if letter.endswith((" ", *JOINING)):
            continue
        if is_rtl:
            back = float(font.widths[font.space])
            first = last.parts[0]
            if isinstance(first, float):
                last.parts[:1] = [space, back + first]
            else:
                last.parts[:0] = [space, back]
        elif isinstance(last.parts[-1], bytes):
            last.parts[-1] = end + space
        else:  # what moves after the last glyph, such as an accent below a letter
            last.parts.append(space)


def draw_once(pages: Sequence[list[Piece]]) -> dict[bytes, bytes]:
    """Take what artifacts of several pages have in common out of them: their heads and feet.

    Gives the operators of each such drawing by its name; the pieces then call it by that name.
    """
    counts = Counter(_alone(piece) for page in pages for piece in page if piece.may_be_shared)
    found: dict[bytes, list[Piece]] = {}
    for page in pages:
        shared: Piece | None = None
        for piece in list(page):
            if not piece.may_be_shared or counts[_alone(piece)] == 1:
                shared = None
            elif shared and shared.begins == piece.begins:
                shared.paints += piece.paints
                page.remove(piece)
            else:
                shared = piece
        for piece in page:
            if piece.may_be_shared:
                found.setdefault(_alone(piece), []).append(piece)
    drawings: dict[bytes, bytes] = {}
    for lines, alike in found.items():
        if len(alike) > 1 and len(lines) > LEAST_SHARED:
            name = b"/D%d" % len(drawings)
            drawings[name] = lines
            for piece in alike:
                piece.paints = [Paint([name + b" Do"], {})]
    return drawings


def _alone(piece: Piece) -> bytes:
    """Give a piece's operators, which set every state that they need."""
    return b"\n".join(_painted(piece.paints, {}, []))


def write(page: Sequence[Piece], begin: Callable[[Piece], bytes]) -> list[bytes]:
    """Give the operators of a page; begin gives the line that starts the mark of a piece."""
    out: list[bytes] = []
    state = dict(INITIAL)
    saved: list[dict[str, bytes]] = []
    last = b""
    for piece in page:
        begins = b"" if piece.kind == "loose" else begin(piece)
        if begins and begins == last:
            out.pop()  # the same artifact goes on
        elif begins:
            out.append(begins)
            if begins == PAGE_NUMBER:
                state.clear()
        out += _painted(piece.paints, state, saved)
        if begins:
            out.append(b"EMC")
        last = begins
    return out


def _painted(
    paints: Sequence[Paint | Text], state: dict[str, bytes], saved: list[dict[str, bytes]]
) -> list[bytes]:
    """Give operators; state is what is set, and saved what each open `q` has kept."""
    out: list[bytes] = []
    at: tuple[float, float, list[bytes]] | None = None  # where the line of text starts
    for paint in paints:
        if isinstance(paint, Text):
            if at is None:
                out.append(b"BT")
            at = _write_text(out, state, paint, at)
            continue
        if at is not None:
            out.append(b"ET")
            at = None
        if paint.lines == [b"q"]:
            saved.append(dict(state))
        elif paint.lines == [b"Q"]:
            before = saved.pop()
            state.clear()
            state.update(before)
        changes = _changes(state, paint.states)
        if paint.is_stroke and not changes and out and out[-1] == b"S":
            out.pop()  # one more line of the same kind: they are drawn together
        out += [*changes, *paint.lines]
    if at is not None:
        out.append(b"ET")
    return out


def _write_text(
    out: list[bytes],
    state: dict[str, bytes],
    text: Text,
    at: tuple[float, float, list[bytes]] | None,
) -> tuple[float, float, list[bytes]]:
    out += _changes(state, text.states)
    if text.origin:
        *shape, x, y = text.origin
        left, top = round(float(x), 1), round(float(y), 1)
        if at and shape == at[2] == [b"1", b"0", b"0", b"-1"]:
            out.append(b"%s %s Td" % (_number(left - at[0]), _number(at[1] - top)))
        else:
            out.append(b" ".join([*shape, _number(left), _number(top), b"Tm"]))
        at = (left, top, shape)
    assert at is not None, "glyphs have a place"
    if len(text.parts) == 1 and isinstance(text.parts[0], bytes):
        out.append(_string(text.parts[0]) + b"Tj")
    else:
        shown = (
            _string(part) if isinstance(part, bytes) else b"%s" % _number(part)
            for part in text.parts
        )
        out.append(b"[" + b"".join(shown) + b"]TJ")
    return at


def _changes(state: dict[str, bytes], wanted: Mapping[str, bytes]) -> list[bytes]:
    """Give the operators that turn the states into those that are wanted."""
    operators = {name: operator for operator, name in STATES.items()}
    changed = [name for name, value in wanted.items() if value and state.get(name) != value]
    state.update({name: wanted[name] for name in changed})
    return [wanted[name] + b" " + operators[name] for name in changed]


def _string(glyphs: bytes) -> bytes:
    escaped = glyphs.replace(b"\\", rb"\\").replace(b"(", rb"\(").replace(b")", rb"\)")
    return b"(" + escaped.replace(b"\r", rb"\r") + b")"


def _rounded(operands: bytes, digits: int) -> bytes:
    if b"." not in operands:
        return operands
    return _NUMBER.sub(lambda found: _shorter(found[0], digits), operands)


@lru_cache(maxsize=10_000)  # the same margins, lines and sizes come again on page after page
def _shorter(number: bytes, digits: int) -> bytes:
    return _number(float(number), digits)


@lru_cache(maxsize=100)
def _digits(unit: float) -> int:
    """Give how many digits keep a place true to a tenth of a pixel of CSS: 0.026 mm."""
    return max(0, 1 + math.ceil(math.log10(unit) - 0.01))


def _number(value: float, digits: int = 1) -> bytes:
    return (f"{value:.{digits}f}".rstrip("0").rstrip(".") or "0").encode()
