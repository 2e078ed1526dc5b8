"""Reads PDFs: what is printed where, what a screen reader says, what lines are drawn.

Nothing here comes from Plainleaf or WeasyPrint: the pages are read operator by operator (ISO
32000-1, 8.4 and 9.4), so that a test sees what a printer puts on paper. All lengths are points
from the page's top left corner.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import lxml.html
import pikepdf
import yaml
from babel.dates import format_date

from plainleaf.compose.content import contents
from plainleaf.load.load import load
from plainleaf.machine.program import TEMPLATES
from plainleaf.model import Docs, Project
from plainleaf.plan import plan
from plainleaf.read.read import read
from plainleaf.records.codes import sheet_code

Matrix = tuple[float, float, float, float, float, float]
Owner = tuple[tuple[str, int], ...]

MM = 72 / 25.4
NUMBERS = ("emergency", "daytime", "out_of_hours")
_SAME: Matrix = (1, 0, 0, 1, 0, 0)


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
    is_artifact: bool

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
    left: float
    top: float
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
        tree = _Tree()
        if "/StructTreeRoot" in pdf.Root:
            tree.walk(pdf.Root.StructTreeRoot, None, ())
        painters = []
        sizes = []
        for number, page in enumerate(pdf.pages):
            left, low, right, high = (float(side) for side in page.MediaBox.as_list())
            sizes.append((right - left, high - low))
            painters.append(_Painter(tree, number, high, page.obj))
            painters[-1].paint()
        painted = [run for painter in painters for run in painter.runs]
        pages = {_identity(page.obj): number for number, page in enumerate(pdf.pages)}
        pictures = [
            Run(pages[page], text, 0, 0, 0, 0, owner, False)
            for owner, (page, text) in tree.pictures.items()
        ]
        texts = [run for run in painted if run.owner and "Figure" not in run.roles]
        spoken = sorted([*texts, *pictures], key=lambda run: tree.order[run.owner])
        fonts = [
            Font(
                str(item.FontName).lstrip("/").partition("+")[2] or str(item.FontName),
                any(f"/FontFile{kind}" in item for kind in ("", "2", "3")),
                re.fullmatch(r"/[A-Z]{6}\+.+", str(item.FontName)) is not None,
            )
            for item in pdf.objects
            if isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/FontDescriptor"
        ]
        heads: dict[str, int] = {}
        titles: dict[int, int] = {}
        for run in spoken:
            if "THead" in run.roles:
                heads.setdefault(squeezed(run.text), run.page)
            if run.within("H1"):
                title = run.within("H1")
                titles[title] = min(run.page, titles.get(title, run.page))
        return Paper(
            tuple(sizes),
            tuple(painted),
            tuple(spoken),
            tuple(rule for painter in painters for rule in painter.rules),
            tuple(frame for painter in painters for frame in painter.frames),
            tuple(fonts),
            heads,
            tuple(titles.values()),
        )


@dataclass(slots=True)
class _Tree:
    """The structure tree: which elements own the marked content, and in which order."""

    owners: dict[tuple[tuple[int, int], int], Owner] = field(default_factory=dict)
    order: dict[Owner, int] = field(default_factory=dict)
    said: dict[Owner, str] = field(default_factory=dict)
    pictures: dict[Owner, tuple[tuple[int, int], str]] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: count(1))

    def walk(self, element: Any, page: Any, owner: Owner) -> None:
        """Note an element and all that it holds."""
        if "/S" in element:
            owner = (*owner, (str(element.S).lstrip("/"), next(self.numbers)))
            if "/ActualText" in element:
                self.said[owner] = str(element.ActualText)
        page = element.get("/Pg", page)
        if element.get("/S") == "/Figure":
            self.pictures[owner] = _identity(page), str(element.get("/Alt", ""))
            self.order[owner] = len(self.order)
        held = element.get("/K", [])
        for item in held if isinstance(held, pikepdf.Array) else [held]:
            if isinstance(item, int):
                self._own(page, item, owner)
            elif isinstance(item, pikepdf.Dictionary) and item.get("/Type") == "/MCR":
                self._own(item.get("/Pg", page), int(item.MCID), owner)
            elif isinstance(item, pikepdf.Dictionary) and item.get("/Type") != "/OBJR":
                self.walk(item, page, owner)

    def _own(self, page: Any, mark: int, owner: Owner) -> None:
        # Each piece of marked content gets a number of its own, so that it has a place in order.
        owner = (*owner, ("", next(self.numbers)))
        self.owners[_identity(page), mark] = owner
        self.order[owner] = len(self.order)


@dataclass(slots=True)
class _Mark:
    """A piece of marked content: who owns it, and what it is told to stand for."""

    owner: Owner = ()
    is_artifact: bool = False
    instead: str | None = None


@dataclass(slots=True)
class _Painter:
    """Paints a page, operator by operator, and keeps what came onto the paper."""

    tree: _Tree
    number: int
    height: float
    page: Any
    runs: list[Run] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    frames: list[Frame] = field(default_factory=list)
    at: Matrix = _SAME
    kept: list[tuple[Matrix, _Letters | None, float]] = field(default_factory=list)
    marks: list[_Mark] = field(default_factory=lambda: [_Mark()])
    line: Matrix = _SAME  # where the next glyph stands
    start: Matrix = _SAME  # where its line starts
    letters: _Letters | None = None
    size: float = 0
    pen: float = 0
    is_dashed: bool = False
    drawings: int = 0
    paths: list[list[tuple[float, float]]] = field(default_factory=list)
    boxes: list[tuple[float, float, float, float]] = field(default_factory=list)
    side: list[tuple[float, float]] = field(default_factory=list)  # to which drawing is cut

    def paint(self) -> None:
        """Follow all operators of the page."""
        self._follow(pikepdf.Page(self.page), self.page.Resources)

    def _follow(self, content: Any, resources: Any) -> None:
        fonts = resources.get("/Font", {})
        letters = {str(name): _Letters(font) for name, font in fonts.items()}
        instructions: Any = pikepdf.parse_content_stream(content)
        for given, operator in instructions:
            name = str(operator)
            if name == "Tf":
                self.letters, self.size = letters[str(given[0])], float(given[1])
            elif name == "Do":
                self._place(resources.XObject[given[0]])
            elif name in ("Tj", "TJ"):
                self._show(list(given[0]) if name == "TJ" else [given[0]])
            elif name in ("BMC", "BDC"):
                self._open(given)
            elif name == "EMC":
                self.marks.pop()
            elif name == "d":
                self.is_dashed = len(given[0]) > 0
            elif name in ("q", "Q", "cm", "BT", "Tm", "Td"):
                self._move(name, given)
            else:
                self._draw(name, [float(value) for value in given if _is_number(value)])

    def _place(self, drawing: Any) -> None:
        """Paint a drawing within the page (ISO 32000-1, 8.10); pictures of dots hold no text."""
        if drawing.Subtype == "/Form":
            outer = self.at, self.letters, self.size
            self.at = _times(_matrix(drawing.get("/Matrix", _SAME)), self.at)
            self.drawings += 1
            self._follow(drawing, drawing.get("/Resources", pikepdf.Dictionary()))
            self.drawings -= 1
            self.at, self.letters, self.size = outer

    def _move(self, name: str, given: Any) -> None:
        if name in ("q", "Q"):
            self.side = []
        if name == "q":
            self.kept.append((self.at, self.letters, self.size))
        elif name == "Q":
            self.at, self.letters, self.size = self.kept.pop()
        elif name == "cm":
            self.at = _times(_matrix(given), self.at)
        elif name == "Td":
            self.start = _times((1, 0, 0, 1, float(given[0]), float(given[1])), self.start)
            self.line = self.start
        else:
            self.start = self.line = _SAME if name == "BT" else _matrix(given)

    def _open(self, given: Any) -> None:
        outer = self.marks[-1]
        mark = _Mark(outer.owner, outer.is_artifact or given[0] == "/Artifact")
        if len(given) > 1 and isinstance(given[1], pikepdf.Dictionary):
            if "/MCID" in given[1]:
                place = _identity(self.page), int(given[1].MCID)
                mark.owner = self.tree.owners.get(place, ())
                mark.instead = self.tree.said.get(mark.owner[:-1])
            if "/ActualText" in given[1]:
                mark.instead = str(given[1].ActualText)
        self.marks.append(mark)

    def _show(self, pieces: list[Any]) -> None:
        assert self.letters is not None, "text before any font"
        text, width = self.letters.read(pieces)
        # A space at the end of a line is there to be heard: it takes no room on paper.
        bare = width - self.letters.space * (len(text) - len(text.rstrip(" ")))
        placed = _times(self.line, self.at)
        mark = self.marks[-1]
        if mark.instead is not None:
            text, mark.instead = mark.instead, ""  # the first piece speaks for the others
        self.runs.append(
            Run(
                self.number,
                text.rstrip(" "),
                placed[4],
                placed[4] + abs(placed[0]) * bare * self.size / 1000,
                self.height - placed[5],
                abs(placed[3]) * self.size,
                mark.owner,
                mark.is_artifact,
            )
        )
        self.line = _times((1, 0, 0, 1, width * self.size / 1000, 0), self.line)

    def _draw(self, name: str, given: list[float]) -> None:
        if name == "m":
            self.paths.append([_point(self.at, *given)])
        elif name == "l":
            self.paths[-1].append(_point(self.at, *given))
        elif name == "w":
            self.pen = given[0] * abs(self.at[0])
        elif name == "re":
            left, top, wide, high = given
            one, two = _point(self.at, left, top), _point(self.at, left + wide, top + high)
            self.boxes.append((*one, *two))
        elif name == "n":
            self.side = self.paths[0] if len(self.paths) == 1 else []
        elif name == "f*" and len(self.boxes) == 2 and self.side:
            # The border of one side is cut out of that of all four.
            self.rules += _rule(self.number, self.height, self.side)
        elif name == "f*" and len(self.boxes) == 2 and not self.paths:
            self.frames += _frame(self.number, self.height, self.boxes)
        for path in self.paths if name == "S" else ():
            self.frames += _stroked(self.number, self.height, path, self.pen)
            # The lines of a picture are not there to be written on, nor are rows of dots.
            if not self.drawings and not self.is_dashed:
                self.rules += _rule(self.number, self.height, path)
        if name in ("f", "f*", "S", "s", "B", "B*", "b", "b*", "n"):
            self.paths, self.boxes = [], []


class _Letters:
    """What the codes of a font mean (ToUnicode) and how wide they are (W)."""

    def __init__(self, font: Any) -> None:
        self.text: dict[int, str] = {}
        self.widths: dict[int, float] = {}
        table = font.ToUnicode.read_bytes().decode("latin-1")
        for code, utf16 in re.findall(r"<([0-9a-f]+)> <([0-9a-f]*)>\n", table):
            self.text[int(code, 16)] = bytes.fromhex(utf16).decode("utf-16-be", "replace")
        first = 0
        for item in font.DescendantFonts[0].W:
            if isinstance(item, pikepdf.Array):
                self.widths |= {first + place: float(wide) for place, wide in enumerate(item)}
            else:
                first = int(item)

    @property
    def space(self) -> float:
        """Give the width of a space, in thousandths of the font's size."""
        return next((self.widths[code] for code, text in self.text.items() if text == " "), 0)

    def read(self, pieces: list[Any]) -> tuple[str, float]:
        """Give the text of an operator and its width in thousandths of the font's size."""
        text, width = "", 0.0
        for piece in pieces:
            if isinstance(piece, pikepdf.String):
                raw = bytes(piece)
                for start in range(0, len(raw), 2):
                    code = int.from_bytes(raw[start : start + 2], "big")
                    text += self.text.get(code, "\N{REPLACEMENT CHARACTER}")
                    width += self.widths.get(code, 1000)
            else:
                width -= float(piece)
        return text, width


def _identity(page: Any) -> tuple[int, int]:
    """Tell a page of a file from the others."""
    number, generation = page.objgen
    return int(number), int(generation)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal)


def _matrix(numbers: Any) -> Matrix:
    a, b, c, d, e, f = (float(number) for number in numbers)
    return a, b, c, d, e, f


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )


def _point(at: Matrix, x: float, y: float) -> tuple[float, float]:
    return at[0] * x + at[2] * y + at[4], at[1] * x + at[3] * y + at[5]


def _rule(page: int, height: float, corners: list[tuple[float, float]]) -> Iterator[Rule]:
    """Give the line that these corners draw, if it is thin and lies flat."""
    if len(corners) < 2:
        return
    across, down = [x for x, _ in corners], [y for _, y in corners]
    if max(down) - min(down) <= 2 and max(across) - min(across) >= 10:
        yield Rule(page, min(across), max(across), height - sum(down) / len(down))


def _frame(
    page: int, height: float, boxes: list[tuple[float, float, float, float]]
) -> Iterator[Frame]:
    """Give the frame between two rectangles, one around the other."""
    sides = [(min(a, c), max(a, c), min(b, d), max(b, d)) for a, b, c, d in boxes]
    inner, outer = sorted(sides, key=lambda side: side[1] - side[0])
    if outer[0] < inner[0] < inner[1] < outer[1] and outer[2] < inner[2] < inner[3] < outer[3]:
        yield Frame(page, outer[0], height - outer[3], outer[1] - outer[0], outer[3] - outer[2])


def _stroked(
    page: int, height: float, corners: list[tuple[float, float]], pen: float
) -> Iterator[Frame]:
    """Give the frame that a pen draws from corner to corner, if it is a rectangle."""
    across, down = {round(x, 3) for x, _ in corners}, {round(y, 3) for _, y in corners}
    if len(corners) == 4 and len(across) == 2 and len(down) == 2:
        wide, high = max(across) - min(across) + pen, max(down) - min(down) + pen
        yield Frame(page, min(across) - pen / 2, height - max(down) - pen / 2, wide, high)


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


def words_of(part: list[Run], section: Section) -> int:
    """Tell how many runs at the start of a part say all letters of its section and no more."""
    wanted = letters(section.text)
    for number in range(len(part) + 1):
        if letters(joined(part[:number])) == wanted:
            return number
    raise AssertionError(f"{section.heading}: {joined(part)} does not start with {section.text}")


def _is_labelled_number(said: Counter[str], labels: Sequence[Counter[str]]) -> bool:
    """Tell whether letters are those of a label, and at most of a number with its extension."""
    return any(
        not label - said
        and not any(letter.isalpha() for letter in said - label if letter not in "ext")
        for label in labels
    )


def unaccounted(text: str, sections: list[str], phrases: list[str]) -> str:
    """Say what of a squeezed text is neither the sections, in order and once each, nor phrases.

    Gives "" if every letter is accounted for.
    """
    between = re.compile("(?:" + "|".join(sorted(map(re.escape, phrases), key=len)[::-1]) + ")*")
    rest = text
    for section in sections:
        before, found, rest = rest.partition(section)
        if not found:
            return f"missing: {section}"
        if not between.fullmatch(before):
            return f"of its own: {before}"
    return "" if between.fullmatch(rest) else f"of its own: {rest}"


def letters(text: str) -> Counter[str]:
    """Count the letters of a text: the same whichever way a line of mixed scripts is painted.

    Brackets are left out: from right to left, the mirrored one is painted.
    """
    return Counter(squeezed(text)) - Counter(dict.fromkeys("()[]", 10**6))


@cache
def _page(path: Path) -> Any:
    return lxml.html.parse(path).getroot()


@cache
def _docs(folder: Path) -> Docs:
    return read(Project(folder, TEMPLATES), [])


@cache
def _words_now(folder: Path) -> dict[tuple[str, str], str]:
    """Give the hash of the words of each handout in each language, as its files are now."""
    docs, library = _docs(folder), load(Project(folder, TEMPLATES), [])
    found = contents(docs, library, plan(docs, library, []))
    return {of: content.hash for of, content in found.items()}


@cache
def _pages_in_two_voices(folder: Path, language: str) -> dict[str, Any]:
    """Give the pages of a project that ask for clinic(…), as sheets say them, by their names."""
    docs = _docs(folder)
    return {
        slug: lxml.html.fragment_fromstring(page.printed, create_parent="div")
        for (code, slug), page in docs.pages.items()
        if code == language and page.printed != page.html
    }


class Section:
    """A section of a page of the website; in large print its wide tables are said row by row.

    Where the page says "your clinic" and the sheet "us", in_voice is the page as sheets say it.
    shown is who fills in what is below a bar, and what stands above boxes of yes and no, or "".
    """

    def __init__(
        self,
        site: Path,
        page: str,
        section: str,
        in_voice: Any = None,
        *,
        is_large: bool = False,
        shown: tuple[str, str] = ("", ""),
    ) -> None:
        by, answers = shown
        tree = deepcopy(_page(site / f"{page}.html") if in_voice is None else in_voice)
        (heading,) = tree.xpath("//*[@id=$id]", id=section)
        level = int(heading.tag[1])
        inside = [heading]
        for sibling in heading.itersiblings():
            if sibling.tag in ("nav", "button", "details"):  # what stands below all sections
                break
            is_heading = re.fullmatch(r"h[1-6]", str(sibling.tag))
            if is_heading and (by or int(sibling.tag[1]) <= level):
                break  # what is below a bar is told by parts of their own
            inside.append(sibling)
        for element in inside:
            for image in element.iter("img"):
                image.text = image.get("alt")  # what a screen reader says of it
            for items in element.iter("ul") if answers else ():
                for item in (items[0], items[(len(items) + 1) // 2]):
                    item.text = answers + (item.text or "")  # above each half of the questions
        tables = [table for element in inside for table in element.iter("table")]
        self.blocks = [block for table in tables if is_large for block in _rows(table)]
        self.rows = [
            squeezed(row.text_content())
            for element in inside
            for row in element.xpath("descendant-or-self::tr[td]")
        ]
        self.is_card = "admonition" in (heading.getparent().get("class") or "").split()
        self.paragraphs = [
            text.text_content()
            for element in inside
            for text in element.xpath("descendant-or-self::p | descendant-or-self::li")
        ]
        self.items = sum(len(element.xpath("descendant-or-self::li")) for element in inside)
        self.heading = " ".join(heading.text_content().split())
        said = [element.text_content() for element in inside]
        self.text = " ".join(" ".join([said[0], by, *said[1:]]).split())


@cache
def _section(site: Path, page: str, section: str, in_voice: Any, **how: Any) -> Section:
    return Section(site, page, section, in_voice, **how)


def _rows(table: Any) -> list[str]:
    """Say a table of more than two columns row by row, each cell after its head; leave others."""
    heads = [cell.text_content().strip() for cell in table.xpath("thead//th")]
    if len(heads) < 3:
        return []
    said = [
        " ".join(
            f"{head}: {cell.text_content()}" if cell.text_content().strip() else head
            for head, cell in zip(heads, row, strict=True)
        )
        for row in table.xpath("tbody/tr")
    ]
    for child in list(table):
        table.remove(child)
    table.text = " ".join(said)
    return [squeezed(row) for row in said]


@dataclass(frozen=True, slots=True)
class Case:
    """A sheet that a project must print, as its files say: known before anything is built."""

    source: str
    clinic: str
    language: str
    handout: str
    paper: str
    text: str

    @property
    def path(self) -> str:
        """Give its place under the site."""
        large = "-large" if self.text == "large" else ""
        return f"handouts/{self.clinic}/{self.language}/{self.handout}-{self.paper}{large}.pdf"

    def __str__(self) -> str:
        return f"{self.source}:{self.path.removeprefix('handouts/').removesuffix('.pdf')}"


def cases(source: str, folder: Path) -> list[Case]:
    """Give every sheet of a project: handout by clinic by language by paper by size of text."""
    languages = sorted(path.parent.name for path in folder.glob("docs/*/words.yml"))
    return [
        Case(source, clinic.parent.name, language, handout.stem, paper, text)
        for clinic in sorted(folder.glob("clinics/*/clinic.yml"))
        for language in as_written(clinic).get("languages", languages)
        for handout in sorted(folder.glob("handouts/*.yml"))
        if is_offered(folder, language, handout)
        for paper in ("a4", "letter")
        for text in ("standard", "large")
    ]


def is_offered(folder: Path, language: str, handout: Path) -> bool:
    """Tell whether a language has the pages of a handout, and of what it holds and goes with."""
    written = as_written(handout)
    named = [part["section"].partition("#")[0] for part in written["parts"] if "section" in part]
    others = [*written.get("handouts", []), *written.get("goes_with", [])]
    return all(
        (folder / f"docs/{language}/{page}.md").is_file() for page in (written["page"], *named)
    ) and all(is_offered(folder, language, handout.with_stem(other)) for other in others)


@cache
def as_written(path: Path) -> dict[str, Any]:
    """Read a YAML file with every value as the words that are written."""
    return dict(yaml.load(path.read_text("utf-8"), yaml.BaseLoader))


@dataclass(frozen=True, slots=True)
class Sheet:
    """A sheet of a built project, and what the files of the project say about it."""

    case: Case
    folder: Path

    @property
    def site(self) -> Path:
        """Give the site."""
        return self.folder / "site"

    @property
    def pdf(self) -> Path:
        """Give its file."""
        return self.site / self.case.path

    @property
    def paper(self) -> Paper:
        """Give what is printed on it."""
        return read_pdf(self.pdf)

    @property
    def handout(self) -> dict[str, Any]:
        """Give its definition, and what the ledger says of its newest version."""
        return self.definition(self.case.handout)

    def definition(self, name: str) -> dict[str, Any]:
        """Give the definition of a handout, and what the ledger says of its newest version.

        Of a draft, whose words are no longer those of that version, it says only who wrote it.
        """
        ledger = as_written(self.folder / "ledger" / f"{name}.yml")
        defined = as_written(self.folder / "handouts" / f"{name}.yml")
        newest = ledger[self.case.language][-1]
        content = _words_now(self.folder)[name, self.case.language]
        is_draft = newest["content"] != content
        said = {"author": newest["author"], "content": content} if is_draft else newest
        return {"name": name, **defined, **said, "is_draft": is_draft}

    def is_by_machine(self, document: dict[str, Any]) -> bool:
        """Tell whether a machine translated some of a document, which nobody has checked."""
        pages = {
            part["section"].partition("#")[0] for part in document["parts"] if "section" in part
        }
        files = [f"{page}.md" for page in (document["page"], *pages)]
        found = self.folder / "docs" / self.case.language / "translated.yml"
        told = as_written(found) if found.exists() else {}
        return document.get("translation") == "machine" or any(
            told.get(file, {}).get("translation") == "machine"
            for file in (*files, "shared.yml", "words.yml")
        )

    @property
    def clinic(self) -> dict[str, Any]:
        """Give its clinic; empty for one whose details are written by hand."""
        return as_written(self.folder / "clinics" / self.case.clinic / "clinic.yml")

    @property
    def is_by_hand(self) -> bool:
        """Tell whether its clinic writes its own details on lines."""
        return "fill_in_by_hand" in self.clinic

    @property
    def is_example(self) -> bool:
        """Tell whether its clinic is an example."""
        return self.clinic.get("is_example") == "yes"

    @property
    def documents(self) -> list[dict[str, Any]]:
        """Give the handouts that it prints: one, or for a pack its cover and all that it holds."""
        held = self.handout.get("handouts", [])
        return [self.handout, *map(self.definition, held)]

    @property
    def parts(self) -> list[dict[str, Any]]:
        """Give the parts of all its documents, in order, but for room for a clinic's own words."""
        parts = [part for document in self.documents for part in document["parts"]]
        return [part for part in parts if "section" in part]

    @property
    def is_form(self) -> bool:
        """Tell whether a form is in it, which bears the patient's name on each page."""
        return any(document["template"] == "form" for document in self.documents)

    def document_on(self, page: int) -> dict[str, Any]:
        """Give the document to which a page belongs: each starts with its title, on a new page."""
        return self.documents[sum(start <= page for start in self.paper.titles) - 1]

    @property
    def fixed(self) -> dict[str, Any]:
        """Give words.yml of its language."""
        return as_written(self.folder / "docs" / self.case.language / "words.yml")

    @property
    def words(self) -> dict[str, str]:
        """Give the fixed words of its language: ours, and over them the project's."""
        ours = TEMPLATES / "words" / f"{self.case.language}.yml"
        return {**(as_written(ours) if ours.is_file() else {}), **self.fixed["words"]}

    @property
    def pages_site(self) -> Path:
        """Give where the website of its language stands: the main language (en) at the root."""
        return self.site if self.case.language == "en" else self.site / self.case.language

    @property
    def title(self) -> str:
        """Give its title: that of the page which it names."""
        return self.title_of(self.handout["page"])

    def title_of(self, page: str) -> str:
        """Give the title of a page."""
        tree = _page(self.pages_site / f"{page}.html")
        return " ".join(tree.xpath("string(//h1)").split())

    @property
    def sections(self) -> list[Section]:
        """Give the sections that it prints, as the website shows them."""
        answers = self.words["yes"] + self.words["no"]
        by = {name: self.words[f"by_{name}"] for name in ("patient", "clinician", "both", "others")}
        named = [
            (
                *part["section"].split("#"),
                (
                    by.get(part.get("filled_in_by", ""), ""),
                    answers if part.get("show") == "yes-no" else "",
                ),
            )
            for part in self.parts
        ]
        is_large = self.case.text == "large"
        in_two = _pages_in_two_voices(self.folder, self.case.language)
        return [
            _section(
                self.pages_site,
                page,
                section,
                in_two.get(page),
                is_large=is_large,
                shown=shown,
            )
            for page, section, shown in named
        ]

    @property
    def said(self) -> list[list[Run]]:
        """Give what is said in each part, its words first: telephone numbers stand within them."""
        labels = [letters(self.words[f"{kind}_phone"]) for kind in NUMBERS]
        parts = []
        for part in self.paper.parts([section.heading for section in self.sections]):
            of_numbers = {
                number
                for number in {run.within("P") for run in part}
                if _is_labelled_number(
                    letters(joined([r for r in part if r.within("P") == number])), labels
                )
            }
            parts.append(sorted(part, key=lambda run: run.within("P") in of_numbers))
        return parts

    @property
    def phrases(self) -> list[str]:
        """Give, squeezed, all else that it may print: fixed words, and details of the clinic."""
        clinic = self.clinic
        details = [clinic.get("name", ""), *clinic.get("address", []), ","]
        details += [clinic.get(f"{kind}_phone", "") for kind in NUMBERS]
        details.append(f"{self.words['logo_of']} {clinic.get('name', '')}")
        online = [self.online(document) for document in self.documents]
        details += [f"{self.words['read_online']} {address}" for address in online if address]
        details += [*self.leaflets, ", ".join(clinic.get("address", []))]
        for document in self.documents:
            details.append(self.title_of(document["page"]))
            details.append(self.control(document))
            if code := self.code(document):
                details += [code, f"{self.words['code']} {code}"]
        # In large print, rows to fill in are numbered.
        details += [str(number) for number in range(1, 31)]
        said = [*self.words.values(), *self.fixed["labels"].values(), *details]
        return [squeezed(phrase) for phrase in said if phrase and "{" not in phrase]

    def version(self, document: dict[str, Any]) -> str:
        """Give the version of a document as it is printed, or that it is a draft."""
        words = self.words
        if document["is_draft"]:
            return words["draft"]
        return f"{words['version']} {document['version']}"

    def online(self, document: dict[str, Any]) -> str:
        """Give the address, without https://, of the page that says the same; "" if unknown."""
        website = self.clinic.get("website", "").removeprefix("https://").rstrip("/")
        folder = "" if self.case.language == "en" else f"{self.case.language}/"
        return f"{website}/{folder}{document['page']}.html" if website else ""

    def code(self, document: dict[str, Any]) -> str:
        """Give the code that tells which paper this is; a draft has none."""
        if document["is_draft"]:
            return ""
        return sheet_code(document["mark"], self.case.clinic, self.case.paper, self.case.text)

    def control(self, document: dict[str, Any]) -> str:
        """Give who wrote it, who checked and approved it, and how to see if it is the newest."""
        words = self.words
        said = [words["written_by"].format(author=document["author"])]
        if document.get("reviewer", "nobody yet") == "nobody yet":
            said.append(words["not_checked"])
        else:
            said.append(words["checked_by"].format(reviewer=document["reviewer"]))
        said += [self.approval(document), words["may_be_old"]]
        address, code = self.online({**document, "page": "codes"}), self.code(document)
        if address and code:
            said.append(words["look_up"].format(code=code, address=address))
        if document["template"] == "form" and (online := self.online(document)):
            said.append(f"{words['read_online']} {online}")
        return " ".join(filter(None, said))

    def approval(self, document: dict[str, Any]) -> str:
        """Give who approved it for a clinic of its own, or that nobody has; "" if by hand."""
        path = self.folder / "clinics" / self.case.clinic / "approvals.yml"
        found = as_written(path)["approvals"] if path.exists() else []
        clinic = self.clinic.get("name", "")
        for each in found:
            if each["content"] == document["content"] and not document["is_draft"]:
                on = format_date(date.fromisoformat(each["on"]), "d MMMM y", self.case.language)
                known = {"by": each["by"], "role": each["role"], "day": on, "clinic": clinic}
                return str(self.words["approved"].format(**known))
        return str(self.words["not_approved"].format(clinic=clinic)) if clinic else ""

    @property
    def leaflets(self) -> list[str]:
        """Give title and version of the language's other handouts, packs aside."""
        language = self.case.language
        names = [
            path.stem
            for path in self.folder.glob("handouts/*.yml")
            if is_offered(self.folder, language, path)
        ]
        found = {name: self.definition(name) for name in names}
        listing = [
            document
            for document in self.documents
            if any("leaflets" in str(part.get("fields")) for part in document["parts"])
        ]
        return [
            f"{self.title_of(other['page'])}, {self.version(other)}"
            for name, other in sorted(found.items())
            if other not in listing
            and "handouts" not in other
            and all(name in each.get("goes_with", [name]) for each in listing)
            and other.get("kind") != "record"
        ]
