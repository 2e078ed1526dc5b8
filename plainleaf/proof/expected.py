"""What a sheet's HTML asks for: words in order, pictures, tables, links, fields, who wrote it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import lxml.html
from lxml.html import HtmlElement as Node

from plainleaf.compose.compose import Composed
from plainleaf.compose.plain_text import number_of, words_of_picture
from plainleaf.problems import Place
from plainleaf.proof.letters import squeezed

ROLES = {
    **{f"h{level}": f"H{level}" for level in range(1, 7)},
    **{"p": "P", "li": "LI", "th": "TH", "td": "TD", "caption": "Caption", "figcaption": "Caption"},
    **{"img": "Figure", "svg": "Figure"},
}
# The classes of an input that is signed with a key and not by hand.
SIGNATURES = {"signature", "signing"}
SILENT = ("input", "textarea", "select", "script", "style", "template")
# The classes of elements that hold a detail of the clinic.
CLINICS = {"name", "address", "detail", "phone", "tel"}
# Stand for the numbers that CSS puts in, which differ from page to page.
THIS_PAGE, ALL_PAGES = "\ue000", "\ue001"


@dataclass(slots=True)
class Block:
    """A heading, paragraph, item, cell or picture: its words in order, and how many by language.

    text is the words squeezed; role is "" for loose text. number is that of an item of an `<ol>`,
    else 0; series is the number of the list that it is of.
    """

    role: str
    place: Place
    number: int = 0
    series: int = 0
    words: str = ""
    text: str = ""
    letters: Counter[str] = field(default_factory=Counter)
    ids: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table: TH or TD, how many columns it takes, and what it is the head of."""

    role: str
    span: int
    scope: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its rows of cells, and the words of its head."""

    rows: tuple[tuple[Cell, ...], ...]
    head: str
    place: Place


@dataclass(frozen=True, slots=True)
class Link:
    """A link: its words, and where it leads."""

    words: str
    target: str
    place: Place


@dataclass(frozen=True, slots=True)
class Input:
    """A field to be filled in on screen: its name, what it is for, and its kind.

    kind is text, lines, box or signature; repeated ones stand in the head of every page.
    """

    name: str
    title: str
    kind: str
    repeated: bool
    place: Place


@dataclass(frozen=True, slots=True)
class Expected:
    """All that a sheet's HTML asks for. running: the lines of head and foot.

    meta is what its head says, by name; unbroken are the telephone numbers and extensions, each
    with the place of every one.
    """

    language: str
    is_rtl: bool
    title: str
    meta: Mapping[str, str]
    blocks: list[Block] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    inputs: list[Input] = field(default_factory=list)
    running: list[str] = field(default_factory=list)
    unbroken: dict[str, list[Place]] = field(default_factory=dict)


def expected_of(composed: Composed) -> Expected:
    """Read a sheet's HTML."""
    parser = lxml.html.HTMLParser(huge_tree=True)
    tree = lxml.html.document_fromstring(composed.html, parser=parser)
    body = tree.find("body")
    assert body is not None
    language = str(tree.get("lang", ""))
    expected = Expected(
        language,
        is_rtl=tree.get("dir") == "rtl",
        title=" ".join(str(tree.findtext("head/title", "")).split()),
        meta={str(item.get("name")): str(item.get("content", "")) for item in tree.iter("meta")},
    )
    _Walk(composed, expected).all(body, language)
    return expected


class _Walk:
    """Goes through the body of a sheet in order, and notes what it asks for."""

    def __init__(self, composed: Composed, expected: Expected) -> None:
        self._composed = composed
        self._expected = expected
        self.place = composed.sheet.handout.source
        self._list = self._lists = 0
        self._ids: list[str] = []
        self._is_running = False

    def all(self, node: Node, language: str, block: Block | None = None) -> None:
        """Note an element and all that it holds."""
        if not isinstance(node.tag, str):
            return
        outer = self.place, self._list
        self.place = self._composed.places.get(str(node.get("data-section", "")), self.place)
        kinds = set(node.get("class", "").split())
        if kinds & CLINICS:
            self.place = self._composed.place_of_detail(node.text_content()) or self.place
        if "tel" in kinds:
            for piece in node:
                number = " ".join(piece.text_content().split())
                self._expected.unbroken.setdefault(number, []).append(self.place)
        if kinds & {"page-head", "page-foot"}:
            self._run(node)
        else:
            self._note(node, str(node.get("lang", language)), block)
        self.place, self._list = outer

    def _note(self, node: Node, language: str, block: Block | None) -> None:
        if identity := node.get("id"):
            (block.ids if block else self._ids).append(identity)
        if node.tag in ("ul", "ol"):
            self._lists += 1
            self._list = self._lists
        elif node.tag == "table":
            self._expected.tables.append(_table(node, self.place))
        elif node.tag == "a" and node.get("href"):
            words = " ".join(node.text_content().split())
            self._expected.links.append(Link(words, str(node.get("href")), self.place))
        elif node.tag in ("input", "textarea"):
            self._field(node)
        if node.tag in SILENT:
            return
        role = ROLES.get(node.tag)
        if role == "Figure":
            self._picture(node, language)
            return
        # A paragraph within another block is part of it.
        if role and (block is None or role != "P"):
            block = self._open(role)
            if role == "LI":
                block.series, block.number = self._list, number_of(node) or 0
        self._say(block, node.text, language)
        for child in node:
            self.all(child, language, block)
            self._say(block, child.tail, language)

    def _open(self, role: str) -> Block:
        block = Block(role, self.place)
        block.ids, self._ids = self._ids, []
        self._expected.blocks.append(block)
        return block

    def _say(self, block: Block | None, text: str | None, language: str) -> None:
        letters = squeezed(text or "")
        if block is None and letters:
            is_loose = self._expected.blocks and not self._expected.blocks[-1].role
            block = self._expected.blocks[-1] if is_loose else self._open("")
        if block is not None:
            block.words += text or ""
            block.text += letters
            block.letters[language] += len(letters)

    def _picture(self, node: Node, language: str) -> None:
        if "logo" in node.get("class", "").split():
            self.place = self._composed.sheet.clinic.source  # which names the logo
        self._say(self._open("Figure"), words_of_picture(node), language)

    def _field(self, node: Node) -> None:
        kind = "lines" if node.tag == "textarea" else "text"
        if node.get("type") == "checkbox":
            kind = "box"
        elif SIGNATURES & set(node.get("class", "").split()):
            kind = "signature"
        name, title = str(node.get("name", "")), str(node.get("title", ""))
        self._expected.inputs.append(Input(name, title, kind, self._is_running, self.place))

    def _run(self, node: Node) -> None:
        """Note the head or foot of each page: a line for each paragraph in it."""
        self._is_running = True
        for item in node.iter("input", "textarea"):
            self._field(item)
        self._is_running = False
        lines = list(node.iter("p")) or [node]
        texts = (" ".join("".join(_texts(line)).split()) for line in lines)
        self._expected.running.extend(filter(None, texts))


def _texts(node: Node) -> Iterator[str]:
    """Give the texts in a line of the head or foot, with signs for the numbers of pages."""
    kinds = node.get("class", "").split()
    if "this-page" in kinds:
        yield THIS_PAGE
    elif "all-pages" in kinds:
        yield ALL_PAGES
    if node.tag not in SILENT and isinstance(node.tag, str):
        yield node.text or ""
        for child in node:
            yield from _texts(child)
            yield child.tail or ""


def _table(node: Node, place: Place) -> Table:
    rows = [row for row in node.iter("tr") if next(row.iterancestors("table")) is node]
    return Table(
        tuple(tuple(_cell(cell) for cell in row if cell.tag in ("th", "td")) for row in rows),
        squeezed("".join(head.text_content() for head in node.findall("thead"))),
        place,
    )


def _cell(node: Node) -> Cell:
    scope = ""
    if node.tag == "th":
        scope = "Row" if str(node.get("scope", "")).startswith("row") else "Column"
    return Cell(str(node.tag).upper(), int(node.get("colspan", "1")), scope)
