"""The structure tree of a PDF: what a screen reader is told, in the order in which it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from plainleaf.proof.findings import Findings
from plainleaf.proof.letters import squeezed
from plainleaf.proof.painted import PaintedPage, Run

Key = tuple[int, int]

HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
# Elements that open a block of their own wherever they stand.
FIRM = ("LI", "TH", "TD", "Caption", *HEADINGS)


@dataclass(slots=True)
class Element:
    """An element of the tree: its role, what it tells of itself, and its children in order.

    These are elements, (page, number) of marked content, or annotations. page is -1 for none.
    """

    role: str
    language: str
    page: int
    parent: Element | None
    alt: str | None = None
    actual: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    children: list[Any] = field(default_factory=list)
    key: Key = (0, 0)

    def within(self) -> Iterator[Element]:
        """Give this element and all below it, in order."""
        yield self
        for item in self.children:
            if isinstance(item, Element):
                yield from item.within()

    def marks(self) -> Iterator[tuple[int, int]]:
        """Give the marked content of this element and all below it, in order."""
        for item in self.within():
            yield from item.own_marks()

    def own_marks(self) -> Iterator[tuple[int, int]]:
        """Give the marked content of this element itself."""
        return (item for item in self.children if isinstance(item, tuple))

    def annotations(self) -> Iterator[Any]:
        """Give the annotations that this element itself holds."""
        return (item for item in self.children if not isinstance(item, Element | tuple))


@dataclass(slots=True)
class Block:
    """A heading, paragraph, item, cell or picture: its words in order, and how many by language.

    text is the words squeezed; role is "" for loose text; label is the mark or number of an item,
    None if it has none.
    """

    role: str
    element: Element
    words: str = ""
    text: str = ""
    letters: Counter[str] = field(default_factory=Counter)
    marks: list[tuple[int, int]] = field(default_factory=list)
    label: str | None = None

    def add(self, language: str, words: str) -> None:
        """Add words that are read aloud in a language."""
        text = squeezed(words)
        self.words += words
        self.text += text
        if text:
            self.letters[language] += len(text)

    @property
    def page(self) -> int:
        """Give the page on which it starts."""
        return self.marks[0][0] if self.marks else self.element.page


class Reader:
    """Reads the tree of a PDF."""

    def __init__(self, pdf: pikepdf.Pdf) -> None:
        self.pages: dict[Key, int] = {}
        for number, page in enumerate(pdf.pages):
            self.pages.setdefault(page.obj.objgen, number)
        self.root = Element("", str(pdf.Root.get("/Lang", "")), 0, None)
        tree = pdf.Root.get("/StructTreeRoot")
        if tree is not None:
            self._read_children(self.root, tree.get("/K", []), 0)

    def _read_children(self, element: Element, children: Any, page: int) -> None:
        for item in children if isinstance(children, pikepdf.Array) else [children]:
            if isinstance(item, int):
                element.children.append((page, int(item)))
            elif not isinstance(item, pikepdf.Dictionary):
                continue
            elif item.get("/Type") == "/MCR":
                element.children.append((self._page(item, page), int(item.MCID)))
            elif item.get("/Type") == "/OBJR":
                element.children.append(item.Obj)
            else:
                self._read(element, item, page)

    def _read(self, parent: Element, item: Any, page: int) -> None:
        page = self._page(item, page)
        role = str(item.get("/S", "/"))[1:]
        element = Element(role, str(item.get("/Lang", parent.language)), page, parent)
        element.key = item.objgen
        if "/Alt" in item:
            element.alt = str(item["/Alt"])
        if "/ActualText" in item:
            element.actual = str(item["/ActualText"])
        attributes = item.get("/A", [])
        for group in attributes if isinstance(attributes, pikepdf.Array) else [attributes]:
            if isinstance(group, pikepdf.Dictionary):
                element.attributes.update(group.items())
        parent.children.append(element)
        self._read_children(element, item.get("/K", []), page)

    def _page(self, item: Any, page: int) -> int:
        named = item.get("/Pg")
        return page if named is None else self.pages.get(named.objgen, -1)


class Listener:
    """Turns the tree into blocks, as a screen reader says them.

    runs are what each mark paints, and heard the elements that hold it, by its page and number.
    """

    def __init__(self, root: Element, pages: list[PaintedPage]) -> None:
        self.root = root
        self.blocks: list[Block] = []
        self.heard: dict[tuple[int, int], list[Element]] = {}
        self._base: float | None = None
        self.runs: dict[tuple[int, int], list[Run]] = {
            (page.number, mark): runs for page in pages for mark, runs in page.runs_by_mark.items()
        }

        self._hear(root)

    def _hear(self, element: Element, block: Block | None = None) -> None:
        """Hear an element and all that it holds."""
        if element.role == "Figure":
            self._hear_instead(self._open("Figure", element), element, element.alt or "")
            return
        if element.role == "Lbl":  # the marks and numbers of lists are not in the text
            self._hear_instead(None, element, "")
            if block is not None:
                marks = element.marks()
                block.label = "".join(run.text for key in marks for run in self.runs.get(key, []))
            return
        if element.role in FIRM or (element.role == "P" and block is None):
            block = self._open(element.role, element)
        instead = element.alt if element.actual is None else element.actual
        if instead is not None:
            self._hear_instead(block or self._loose(element), element, instead)
            return
        for item in element.children:
            if isinstance(item, Element):
                self._hear(item, block)
            elif isinstance(item, tuple):
                self._hear_mark(block or self._loose(element), item, element)

    def _open(self, role: str, element: Element) -> Block:
        block = Block(role, element)
        self.blocks.append(block)
        return block

    def _loose(self, element: Element) -> Block:
        """Give the block of text that stands in none: what came just before it, if that is so."""
        if self.blocks and not self.blocks[-1].role:
            return self.blocks[-1]
        return self._open("", element)

    def _hear_instead(self, block: Block | None, element: Element, words: str) -> None:
        """Hear words that stand for all that an element holds."""
        marks = list(element.marks())
        for item in element.within():
            for mark in item.own_marks():
                self.heard.setdefault(mark, []).append(item)
        if block is not None:
            block.marks.extend(marks)
            block.add(element.language, words)

    def _hear_mark(self, block: Block, mark: tuple[int, int], element: Element) -> None:
        self.heard.setdefault(mark, []).append(element)
        block.marks.append(mark)
        for run in self.runs.get(mark, []):
            is_new_line = self._base is not None and abs(run.base - self._base) > run.size / 2
            block.add(run.mark.language or element.language, " " * is_new_line + run.text)
            self._base = run.base


def check_owners(
    pdf: pikepdf.Pdf,
    root: Element,
    heard: Mapping[tuple[int, int], Sequence[Element]],
    findings: Findings,
) -> None:
    """Find text, links and fields that name another tag than the one that holds them.

    heard tells of each mark, by its page and number, which elements hold it.
    A screen reader asks so when a person points at them (ISO 32000-1, 14.7.4.4).
    """
    tree = pdf.Root.get("/StructTreeRoot", pikepdf.Dictionary())
    parents: dict[int, Any] = (
        dict(pikepdf.NumberTree(tree.ParentTree)) if "/ParentTree" in tree else {}
    )
    owners_on: list[list[Any]] = []
    for page in pdf.pages:
        owners: Any = parents.get(int(page.obj.get("/StructParents", -1)), [])
        owners_on.append([getattr(owner, "objgen", None) for owner in owners])
    wrong = Counter(
        page
        for (page, mark), elements in heard.items()
        if 0 <= page < len(owners_on)
        and (mark >= len(owners_on[page]) or owners_on[page][mark] != elements[0].key)
    )
    for number, count in wrong.items():
        findings.say(f"{count} pieces of text do not know their tag.", page=number)
    holders = {
        annotation.objgen: item.key for item in root.within() for annotation in item.annotations()
    }
    for number, page in enumerate(pdf.pages):
        annotations: Any = page.obj.get("/Annots", [])
        for annotation in annotations:
            owner = getattr(parents.get(int(annotation.get("/StructParent", -1))), "objgen", None)
            if owner != holders.get(annotation.objgen, owner):
                findings.say("a link or field does not know its tag.", page=number)
