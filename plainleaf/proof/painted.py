"""What is painted on each page of a PDF: letters with place, size and colour, and pictures.

Read operator by operator (ISO 32000-1, 8 and 9), so that only what a printer would put on paper
counts. All lengths are points, from the bottom left corner of the page.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import pikepdf
from pikepdf import Matrix

from plainleaf.files.contrast import luminance
from plainleaf.proof.fonts import UNKNOWN, Font, read_font

Box = tuple[float, float, float, float]
SAME = Matrix()
EVERYWHERE: Box = (-1e9, -1e9, 1e9, 1e9)
INVISIBLE = (3, 7)  # rendering modes that paint nothing (9.3.6)


@dataclass(frozen=True, slots=True)
class Mark:
    """A piece of marked content (14.6): its number, whether it is decoration, what it stands for.

    number is -1 for none; language is the piece's own, or "".
    """

    number: int = -1
    artifact: str = ""
    language: str = ""
    instead: str | None = None
    is_marked: bool = False


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that one operator paints: their box on the page, size, colour and clip."""

    text: str
    box: Box
    base: float
    size: float
    luminance: float
    clip: Box
    is_visible: bool
    mark: Mark


@dataclass(slots=True)
class PaintedPage:
    """A page as it is painted: its runs in order, and by the number of a mark what that paints.

    That is its runs, and the box of what else it draws.
    """

    number: int
    box: Box
    runs: list[Run] = field(default_factory=list)
    runs_by_mark: dict[int, list[Run]] = field(default_factory=dict)
    drawn_by_mark: dict[int, Box] = field(default_factory=dict)


@dataclass(slots=True)
class _State:
    """The graphics state (8.4.1): what q keeps and Q brings back."""

    at: Matrix = SAME
    clip: Box = EVERYWHERE
    grey: float = 0
    opacity: float = 1
    font: Font | None = None
    size: float = 0
    mode: int = 0
    rise: float = 0


class Painter:
    """Follows the operators of one page."""

    def __init__(self, number: int, page: pikepdf.Page, fonts: dict[tuple[int, int], Font]) -> None:
        self.page = PaintedPage(number, box_of(page.mediabox))
        self._fonts = fonts
        self._state = _State()
        self._kept: list[_State] = []
        self._marks = [Mark()]
        self._text = SAME
        self._path: Box | None = None
        self._is_clip = False
        self._resources: Any = page.obj.get("/Resources", pikepdf.Dictionary())
        self._acts: dict[str, Callable[[Any], None]] = {
            name: act for names, act in self._operators() for name in names.split()
        }

    def _operators(self) -> Iterator[tuple[str, Callable[[Any], None]]]:
        """Give what each operator does; those that are not named change nothing that counts.

        Of the operators of text, WeasyPrint writes those of BT to TJ. The letters of others are
        unknown here, so that a version which writes them is noticed.
        """
        yield "q", lambda _: self._kept.append(copy.copy(self._state))
        yield "Q", self._bring_back
        yield "cm", self._move
        yield "gs", self._look_up
        yield "g rg k sc scn", self._ink
        yield "BT", lambda _: setattr(self, "_text", SAME)
        yield "Tf", self._take_font
        yield "Tm", lambda given: setattr(self, "_text", Matrix(given))
        yield "Tr", lambda given: setattr(self._state, "mode", int(given[0]))
        yield "Ts", lambda given: setattr(self._state, "rise", float(given[0]))
        yield "TJ", self._show
        yield "Td TD T* TL Tc Tw Tz Tj ' \"", lambda _: self._run(UNKNOWN, 0, 0)
        yield "BMC BDC", self._open
        yield "EMC", self._close
        yield "m l c v y", self._corners
        yield "re", self._rectangle
        yield "W W*", lambda _: setattr(self, "_is_clip", True)
        yield "f F f* B B* b b* S s", self._paint
        yield "n", self._end_path
        yield "Do", self._do
        yield "sh", lambda _: self._draw(self._state.clip)
        yield "INLINE IMAGE", self._fill_unit

    def follow(self, content: Any) -> None:
        """Follow all operators of a page, or of a drawing within it."""
        acts = self._acts
        instructions: Any = pikepdf.parse_content_stream(content)
        for given, operator in instructions:
            act = acts.get(str(operator))
            if act is not None:
                act(given)

    # State

    def _bring_back(self, _: Any) -> None:
        if self._kept:
            self._state = self._kept.pop()

    def _move(self, given: Any) -> None:
        self._state.at = Matrix(given) @ self._state.at

    def _look_up(self, given: Any) -> None:
        state = self._resources.get("/ExtGState", {}).get(str(given[0]), {})
        if "/ca" in state:
            self._state.opacity = float(state["/ca"])

    def _ink(self, given: Any) -> None:
        shades = [float(value) for value in given if not isinstance(value, pikepdf.Object)]
        self._state.grey = lightness(shades)

    # Text (9.4)

    def _take_font(self, given: Any) -> None:
        font = self._resources.get("/Font", {}).get(str(given[0]))
        self._state.size = float(given[1])
        if font is not None and font.objgen not in self._fonts:
            self._fonts[font.objgen] = read_font(font)
        self._state.font = None if font is None else self._fonts[font.objgen]

    def _show(self, given: Any) -> None:
        font, scale = self._state.font, self._state.size / 1000
        if font is None:
            self._run(UNKNOWN, 0, 0)
            return
        texts: list[str] = []
        width = inked = 0.0
        for piece in given[0]:
            if isinstance(piece, pikepdf.String):
                for letter, advance in font.letters(bytes(piece)):
                    texts.append(letter)
                    width += advance * scale
                    if not letter.isspace():
                        inked = width
            else:
                width -= float(piece) * scale
        self._run("".join(texts), width, inked)

    def _run(self, text: str, width: float, inked: float) -> None:
        state, mark = self._state, self._marks[-1]
        placed = Matrix(1, 0, 0, 1, 0, state.rise) @ self._text @ state.at
        a, b, c, d, x, y = placed.shorthand
        self._text = Matrix(1, 0, 0, 1, width, 0) @ self._text
        if mark.instead is not None:
            # The replacement text counts once, at the first piece (14.9.4).
            text, self._marks[-1] = mark.instead, replace(mark, instead="")
        across, size = (a * a + b * b) ** 0.5, (c * c + d * d) ** 0.5 * state.size
        end = x + inked * a
        box = (min(x, end), y - 0.2 * size, max(x, end), y + 0.7 * size)
        if b or c:  # turned or slanted: the box is what it may reach at most
            reach = max(inked * across, size)
            box = (x - reach, y - reach, x + reach, y + reach)
        light = state.opacity * state.grey + 1 - state.opacity
        is_visible = state.mode not in INVISIBLE and state.opacity > 0
        run = Run(text, box, y, size, light, state.clip, is_visible, mark)
        self.page.runs.append(run)
        if mark.number >= 0 and not mark.artifact:
            self.page.runs_by_mark.setdefault(mark.number, []).append(run)

    # Marked content (14.6)

    def _open(self, given: Any) -> None:
        mark = replace(self._marks[-1], is_marked=True)
        has_properties = isinstance(given[-1], pikepdf.Dictionary)
        properties = given[-1] if has_properties else {}
        if given[0] == "/Artifact":
            mark = replace(mark, artifact=str(properties.get("/Type", "/Artifact"))[1:])
        if "/MCID" in properties:
            mark = replace(mark, number=int(properties["/MCID"]))
        if "/Lang" in properties:
            mark = replace(mark, language=str(properties["/Lang"]))
        if "/ActualText" in properties:
            mark = replace(mark, instead=str(properties["/ActualText"]))
        self._marks.append(mark)

    def _close(self, _: Any) -> None:
        if len(self._marks) > 1:
            self._marks.pop()

    # Paths and pictures (8.5, 8.10)

    def _corners(self, given: Any) -> None:
        for number in range(0, len(given) - 1, 2):
            self._reach(float(given[number]), float(given[number + 1]))

    def _rectangle(self, given: Any) -> None:
        x, y, wide, high = (float(value) for value in given)
        for corner in ((x, y), (x + wide, y), (x, y + high), (x + wide, y + high)):
            self._reach(*corner)

    def _reach(self, x: float, y: float) -> None:
        x, y = self._state.at.transform((x, y))
        self._path = around(self._path, (x, y, x, y))

    def _paint(self, _: Any) -> None:
        if self._path is not None:
            self._draw(self._path)
        self._end_path(None)

    def _end_path(self, _: Any) -> None:
        if self._is_clip:
            self._state.clip = common(self._state.clip, self._path or (0, 0, 0, 0))
        self._path, self._is_clip = None, False

    def _draw(self, box: Box) -> None:
        mark = self._marks[-1]
        if mark.number < 0 or mark.artifact:
            return
        box = common(box, self._state.clip)
        if box[0] <= box[2] and box[1] <= box[3]:
            self.page.drawn_by_mark[mark.number] = around(
                self.page.drawn_by_mark.get(mark.number), box
            )

    def _fill_unit(self, _: Any) -> None:
        self._rectangle((0, 0, 1, 1))
        self._paint(None)

    def _do(self, given: Any) -> None:
        drawing = self._resources.get("/XObject", {}).get(str(given[0]))
        if drawing is None:
            return
        if drawing.get("/Subtype") != "/Form":
            self._fill_unit(None)
            return
        outer = self._resources, copy.copy(self._state), self._text, len(self._kept)
        self._state.at = Matrix(drawing.get("/Matrix", SAME)) @ self._state.at
        if "/BBox" in drawing:
            x, y, right, top = (float(value) for value in drawing.BBox)
            self._rectangle((x, y, right - x, top - y))
            self._is_clip = True
            self._end_path(None)
        self._resources = drawing.get("/Resources", self._resources)
        self.follow(drawing)
        self._resources, self._state, self._text, depth = outer
        del self._kept[depth:]


def text_of(runs: list[Run]) -> str:
    """Give the text of runs, with a space where a line ends."""
    text = ""
    base: float | None = None
    for run in runs:
        if base is not None and abs(run.base - base) > run.size / 2:
            text += " "
        text += run.text
        base = run.base
    return text


def painted(pdf: pikepdf.Pdf) -> list[PaintedPage]:
    """Give every page of a PDF, as it is painted."""
    fonts: dict[tuple[int, int], Font] = {}
    pages = []
    for number, page in enumerate(pdf.pages):
        painter = Painter(number, page, fonts)
        painter.follow(page)
        pages.append(painter.page)
    return pages


def lightness(shades: list[float]) -> float:
    """Give how light a colour is, from its shares of grey, RGB or CMYK."""
    if len(shades) == 4:
        *inks, black = shades
        shades = [(1 - ink) * (1 - black) for ink in inks]
    if len(shades) != 3:
        shades = [*shades[:1], *shades[:1], *shades[:1]] or [0, 0, 0]
    return luminance(*shades)


def box_of(array: Any) -> Box:
    """Give a rectangle of a PDF with its corners in order."""
    x, y, right, top = map(float, array)
    return min(x, right), min(y, top), max(x, right), max(y, top)


def common(one: Box, two: Box) -> Box:
    """Give what two boxes share; its sides are the wrong way round where they share nothing."""
    return (
        max(one[0], two[0]),
        max(one[1], two[1]),
        min(one[2], two[2]),
        min(one[3], two[3]),
    )


def around(one: Box | None, two: Box) -> Box:
    """Give the smallest box that holds both."""
    if one is None:
        return two
    return (
        min(one[0], two[0]),
        min(one[1], two[1]),
        max(one[2], two[2]),
        max(one[3], two[3]),
    )


def holds(outer: Box, inner: Box, slack: float = 0) -> bool:
    """Tell whether a box stands within another, give or take some slack."""
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )
