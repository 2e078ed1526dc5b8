"""Reads PDFs: what is printed where, what a screen reader says, what lines are drawn.

Letters and lines come from PDFium, which also shows PDFs in Chrome, and the tree of tags from
pikepdf: PDFium gives it page by page, and does not say what goes on overleaf. Nothing comes from
Plainleaf or WeasyPrint. All lengths are points from the page's top left corner.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from ctypes import addressof, c_float, c_int
from dataclasses import dataclass
from functools import cache
from itertools import count
from operator import itemgetter
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
from PIL import Image
from pypdfium2 import raw

Owner = tuple[tuple[str, int], ...]

MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Run:
    """A stretch of text that is painted at once, with its smallest size of type.

    owner names the elements of the structure tree that it belongs to, from the root inwards;
    it is empty for text that the tree does not hold.
    """

    page: int
    text: str
    left: float
    right: float
    base: float
    size: float
    owner: Owner

    @property
    def roles(self) -> list[str]:
        """Give the kinds of elements that it stands in, such as Sect, L, LI, LBody."""
        return [role for role, _ in self.owner]

    def within(self, role: str) -> int:
        """Give the number of the innermost element of this kind around it, or 0."""
        return next((number for name, number in reversed(self.owner) if name == role), 0)


@dataclass(frozen=True, slots=True)
class Rule:
    """A thin line that is drawn from left to right."""

    page: int
    left: float
    right: float
    y: float

    @property
    def length(self) -> float:
        """Give its length."""
        return self.right - self.left


@dataclass(frozen=True, slots=True)
class Frame:
    """A rectangle drawn by its four sides, measured from outer edge to outer edge."""

    page: int
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Font:
    """A font of a PDF."""

    name: str
    is_embedded: bool
    is_subset: bool


@dataclass(frozen=True, slots=True)
class Paper:
    """A PDF, read.

    painted is in the order of painting; spoken is what a screen reader says, in the order of the
    structure tree: texts, and what stands for a picture.
    """

    sizes: tuple[tuple[float, float], ...]
    painted: tuple[Run, ...]
    spoken: tuple[Run, ...]
    rules: tuple[Rule, ...]
    frames: tuple[Frame, ...]
    fonts: tuple[Font, ...]
    heads: dict[str, int]  # what the heads of tables say, and the first page that says it
    titles: tuple[int, ...]  # the pages on which the documents in it start: each with its title

    def on(self, page: int) -> list[Run]:
        """Give the text of a page, in the order of painting."""
        return [run for run in self.painted if run.page == page]

    def head_and_foot(self, page: int) -> list[Run]:
        """Give what stands on a page outside the text: its head and its foot."""
        return [run for run in self.on(page) if not run.owner and not self.is_said_again(run)]

    def is_said_again(self, run: Run) -> bool:
        """Tell whether a run belongs to the head of a table, printed again on a further page."""
        return not run.owner and self.heads.get(squeezed(run.text), run.page) < run.page

    def below_headings(self) -> list[list[Run]]:
        """Give what is said from one heading of level 2 or 3 to the next."""
        parts: list[list[Run]] = []
        heading = 0
        for run in self.spoken:
            opened = run.within("H2") or run.within("H3")
            if opened not in (0, heading):
                heading = opened
                parts.append([])
            if parts:
                parts[-1].append(run)
        return parts

    def parts(self, headings: Sequence[str]) -> list[list[Run]]:
        """Give what is said in each part of the sheet, which starts with one of the headings.

        A part may have headings of its own within it: they are told apart by their words.
        """
        parts: list[list[Run]] = []
        for piece in self.below_headings():
            wanted = letters(headings[len(parts)]) if len(parts) < len(headings) else None
            title = [run for run in piece if {"H2", "H3"} & set(run.roles)]
            if letters(joined(title)) == wanted or not parts:
                parts.append(piece)
            else:
                parts[-1] += piece
        return parts


@cache
def read_pdf(path: Path) -> Paper:
    """Read a PDF."""
    with pikepdf.open(path) as pdf:
        tree = pdf.Root.get("/StructTreeRoot", pikepdf.Dictionary())
        pages = {page.obj.objgen: number for number, page in enumerate(pdf.pages)}
        pieces = list(_pieces(tree, pages, -1, (), count(1)))
        fonts = tuple(_fonts(pdf))
    owners = {(each.page, each.mark): each.owner for each in pieces if each.mark >= 0}
    painted: list[Run] = []
    lines: list[Rule | Frame] = []
    sizes: list[tuple[float, float]] = []
    with pypdfium2.PdfDocument(path) as document:
        for number, page in enumerate(document):
            sizes.append(page.get_size())
            painted += _runs(number, page, owners)
            lines += _lines(number, page)
    spoken = list(_spoken(pieces, painted))
    heads: dict[str, int] = {}
    titles: dict[int, int] = {}
    for run in spoken:
        if "THead" in run.roles:
            heads.setdefault(squeezed(run.text), run.page)
        if title := run.within("H1"):
            titles[title] = min(run.page, titles.get(title, run.page))
    return Paper(
        tuple(sizes),
        tuple(painted),
        tuple(spoken),
        tuple(line for line in lines if isinstance(line, Rule)),
        tuple(line for line in lines if isinstance(line, Frame)),
        fonts,
        heads,
        tuple(titles.values()),
    )


def _fonts(pdf: pikepdf.Pdf) -> Iterator[Font]:
    for item in pdf.objects:
        if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor":
            subset, name = re.findall(r"/([A-Z]{6}\+)?(.+)", str(item.FontName))[0]
            is_embedded = any(f"/FontFile{kind}" in item for kind in ("", "2", "3"))
            yield Font(name, is_embedded, bool(subset))


@dataclass(frozen=True, slots=True)
class _Piece:
    """What an element of the structure tree has to say: marked content, or words instead."""

    owner: Owner
    page: int
    mark: int = -1  # that of the content
    instead: str = ""  # what is said instead of all that the element holds


def _pieces(
    element: Any, pages: dict[tuple[int, int], int], page: int, owner: Owner, numbers: Iterator[int]
) -> Iterator[_Piece]:
    """Give all that an element of the structure tree holds, in its order."""
    if "/S" in element:
        owner = (*owner, (str(element.S).lstrip("/"), next(numbers)))
    if "/Pg" in element:
        page = pages[element.Pg.objgen]
    if element.get("/S") == "/Figure" or "/ActualText" in element:
        instead = element.get("/ActualText", element.get("/Alt", ""))
        yield _Piece(owner, page, instead=str(instead))
    held = element.get("/K", pikepdf.Array())
    for item in held if isinstance(held, pikepdf.Array) else [held]:
        # Each piece of marked content gets a number of its own, as elements do.
        if isinstance(item, int):
            yield _Piece((*owner, ("", next(numbers))), page, item)
        elif item.get("/Type") == "/MCR":
            on = pages[item.Pg.objgen] if "/Pg" in item else page
            yield _Piece((*owner, ("", next(numbers))), on, int(item.MCID))
        elif item.get("/Type") != "/OBJR":
            yield from _pieces(item, pages, page, owner, numbers)


def _spoken(pieces: list[_Piece], painted: list[Run]) -> Iterator[Run]:
    """Give what a screen reader says: of a picture what stands for it, not the words in it."""
    runs = defaultdict(list)
    for run in painted:
        runs[run.owner].append(run)
    told = {piece.owner[-1] for piece in pieces if piece.mark < 0}
    for piece in pieces:
        if piece.mark < 0:
            yield Run(piece.page, piece.instead, 0, 0, 0, 0, piece.owner)
        elif not told & set(piece.owner):
            yield from runs[piece.owner]


def _runs(number: int, page: Any, owners: dict[tuple[int, int], Owner]) -> Iterator[Run]:
    """Give the texts of a page as they are painted, their letters from left to right.

    PDFium puts letters of Arabic in the order of reading, and with them numbers that were painted
    in another; so they are sorted by where they stand.
    """
    text, height, matrix = page.get_textpage(), page.get_height(), raw.FS_MATRIX()
    places = defaultdict(list)
    for place in range(text.count_chars()):
        item = raw.FPDFText_GetTextObject(text, place)
        if item:  # the ends of lines, which PDFium adds, are part of none
            places[addressof(item.contents)].append(place)
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_TEXT]):
        held = places[addressof(item.raw.contents)]
        assert held, f"page {number + 1}: a text is painted twice at one place"
        boxes = [text.get_charbox(place, loose=True) for place in held]
        # PDFium takes a hyphen at the end of a line for one of a word in two parts.
        said = [chr(raw.FPDFText_GetUnicode(text, place)).replace("\2", "-") for place in held]
        placed = [(box[0], box[2], letter) for box, letter in zip(boxes, said, strict=True)]
        placed.sort(key=itemgetter(0, 1))
        raw.FPDFText_GetMatrix(text, held[0], matrix)
        yield Run(
            number,
            "".join(letter for *_, letter in placed).rstrip(" "),
            matrix.e,
            # A space at the end of a line is there to be heard: it takes no room on paper.
            max((right for _, right, letter in placed if letter != " "), default=matrix.e),
            height - matrix.f,
            abs(matrix.d) * raw.FPDFText_GetFontSize(text, held[0]),
            owners.get((number, _mark(item)), ()),
        )


def _mark(item: Any) -> int:
    """Give the mark of an object, or of the drawing in which it stands; -1 if it has none."""
    mark: int = raw.FPDFPageObj_GetMarkedContentID(item)
    return _mark(item.container) if mark < 0 and item.container else mark


def _lines(number: int, page: Any) -> Iterator[Rule | Frame]:
    """Give the lines of a page that lie flat, and the frames; those in a drawing aside."""
    filled, stroked, height = c_int(), c_int(), page.get_height()
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_PATH], max_depth=1):
        raw.FPDFPath_GetDrawMode(item, filled, stroked)
        segments = [
            raw.FPDFPath_GetPathSegment(item, place)
            for place in range(raw.FPDFPath_CountSegments(item))
        ]
        matrix = item.get_matrix()
        corners = [matrix.on_point(*corner) for corner in _corners(segments)]
        if stroked.value and len(corners) == 2 and raw.FPDFPageObj_GetDashCount(item) == 0:
            yield from _rule(number, height, corners)
        elif filled.value == raw.FPDF_FILLMODE_ALTERNATE and len(corners) == 10:
            cut = _cut(item)
            yield from _rule(number, height, cut) if cut else _frame(number, corners)


def _corners(segments: Sequence[Any]) -> Iterator[tuple[float, float]]:
    x, y = c_float(), c_float()
    for segment in segments:
        raw.FPDFPathSegment_GetPoint(segment, x, y)
        yield x.value, y.value


def _cut(item: Any) -> list[tuple[float, float]]:
    """Give the corners of the side of a border, which is cut out of that of all four, or []."""
    clip = raw.FPDFPageObj_GetClipPath(item)
    last = raw.FPDFClipPath_CountPaths(clip) - 1
    number = raw.FPDFClipPath_CountPathSegments(clip, last) if last >= 0 else 0
    segments = [raw.FPDFClipPath_GetPathSegment(clip, last, place) for place in range(number)]
    return [*_corners(segments)] if number == 4 else []


def _rule(page: int, height: float, corners: list[tuple[float, float]]) -> Iterator[Rule]:
    """Give the line that these corners draw, if it is thin and lies flat."""
    across, down = [x for x, _ in corners], [y for _, y in corners]
    if max(down) - min(down) <= 2 and max(across) - min(across) >= 10:
        yield Rule(page, min(across), max(across), height - sum(down) / len(down))


def _frame(page: int, corners: list[tuple[float, float]]) -> Iterator[Frame]:
    """Give the frame between two rectangles, one around the other: no side of both is one."""
    across, down = {x for x, _ in corners}, {y for _, y in corners}
    if len(across) == len(down) == 4:
        yield Frame(page, max(across) - min(across), max(down) - min(down))


@cache
def drawn(pdf: Path | bytes, dpi: int) -> list[Image.Image]:
    """Draw the pages of a PDF in grey, as a printer without colour does."""
    with pypdfium2.PdfDocument(pdf) as document:
        return [_drawn(page, dpi) for page in document]


def drawn_page(pdf: Path, dpi: int, number: int) -> Image.Image:
    """Draw one page of a PDF so, counted from 0, or from -1 at its end."""
    with pypdfium2.PdfDocument(pdf) as document:
        return _drawn(document[number % len(document)], dpi)


def _drawn(page: Any, dpi: int) -> Image.Image:
    image: Image.Image = page.render(scale=dpi / 72, grayscale=True).to_pil()
    return image


def squeezed(text: str) -> str:
    """Give a text without white space, to be compared however its lines were broken."""
    return "".join(text.split())


def joined(runs: list[Run]) -> str:
    """Give the text of runs, squeezed, without the marks and numbers of list items."""
    return squeezed("".join(run.text for run in runs if "Lbl" not in run.roles))


def overlaps(runs: list[Run]) -> list[tuple[str, str]]:
    """Give the pairs of runs on one page that are printed over each other."""
    found = []
    for one, two in ((a, b) for place, a in enumerate(runs) for b in runs[place + 1 :]):
        closeness = min(one.right, two.right) - max(one.left, two.left)
        is_one_box = one.owner == two.owner != ()
        if (
            not is_one_box
            and closeness > 1
            and abs(one.base - two.base) < 0.9 * min(one.size, two.size)
        ):
            found.append((one.text, two.text))
    return found


def letters(text: str) -> Counter[str]:
    """Count the letters of a text: the same whichever way a line of mixed scripts is painted.

    Brackets are left out: from right to left, the mirrored one is painted.
    """
    return Counter(squeezed(text)) - Counter(dict.fromkeys("()[]", 10**6))
