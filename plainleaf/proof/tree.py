"""The structure tree of a PDF: what a screen reader is told, in the order in which it is told."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pikepdf

from plainleaf.proof.findings import Findings
from plainleaf.proof.letters import squeezed
from plainleaf.proof.painted import Leaf, Run

Key = tuple[int, int]

HEADINGS = ("H1", "H2", "H3", "H4", "H5", "H6")
# Elements that open a block of their own wherever they stand.
FIRM = ("LI", "TH", "TD", "Caption", *HEADINGS)


@dataclass(slots=True)
class Element:
    """An element of the tree: its role, what it tells of itself, and what it holds, in order.

    marks are (page, number) of marked content.
    """

    role: str
    language: str
    page: int
    parent: Element | None
    alt: str | None = None
    actual: str | None = None
    attributes: dict[str, Any] = field(default_factory=dict)
    held: list[Element | tuple[int, int] | Any] = field(default_factory=list)
    key: Key = (0, 0)

    def within(self) -> Iterator[Element]:
        """Give this element and all below it, in order."""
        yield self
        for item in self.held:
            if isinstance(item, Element):
                yield from item.within()

    def around(self) -> Iterator[Element]:
        """Give the elements around this one, from the inside."""
        outer = self.parent
        while outer is not None:
            yield outer
            outer = outer.parent

    def marks(self) -> Iterator[tuple[int, int]]:
        """Give the marked content of this element and all below it, in order."""
        for item in self.held:
            if isinstance(item, Element):
                yield from item.marks()
            elif isinstance(item, tuple):
                yield item

    def own_marks(self) -> Iterator[tuple[int, int]]:
        """Give the marked content of this element itself."""
        return (item for item in self.held if isinstance(item, tuple))

    def annotations(self) -> Iterator[Any]:
        """Give the annotations that this element itself holds."""
        for item in self.held:
            if not isinstance(item, Element | tuple):
                yield item


@dataclass(slots=True)
class Block:
    """A heading, paragraph, item, cell or picture: its words in order, and how many by language.

    text is the words squeezed, said the same to be shown; role is "" for loose text; label is the
    mark or number of an item, None if it has none.
    """

    role: str
    element: Element
    said: str = ""
    text: str = ""
    letters: Counter[str] = field(default_factory=Counter)
    marks: list[tuple[int, int]] = field(default_factory=list)
    label: str | None = None

    def add(self, language: str, said: str) -> None:
        """Add words that are read aloud in a language."""
        text = squeezed(said)
        self.said += said
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
        self._around: set[Key] = set()
        tree = pdf.Root.get("/StructTreeRoot")
        if tree is not None:
            self._hold(self.root, tree.get("/K", []), 0)

    def _hold(self, element: Element, held: Any, page: int) -> None:
        for item in held if isinstance(held, pikepdf.Array) else [held]:
            if isinstance(item, int):
                element.held.append((page, int(item)))
            elif not isinstance(item, pikepdf.Dictionary):
                continue
            elif item.get("/Type") == "/MCR":
                element.held.append((self._page(item, page), int(item.MCID)))
            elif item.get("/Type") == "/OBJR":
                element.held.append(item.Obj)
            else:
                self._read(element, item, page)

    def _read(self, parent: Element, item: Any, page: int) -> None:
        if item.objgen != (0, 0):
            if item.objgen in self._around:
                return
            self._around.add(item.objgen)
        values = dict(item.items())
        page = self._page(values, page)
        role = str(values.get("/S", "/"))[1:]
        element = Element(role, str(values.get("/Lang", parent.language)), page, parent)
        element.key = item.objgen
        if "/Alt" in values:
            element.alt = str(values["/Alt"])
        if "/ActualText" in values:
            element.actual = str(values["/ActualText"])
        given = values.get("/A")
        if given is not None:
            for group in given if isinstance(given, pikepdf.Array) else [given]:
                if isinstance(group, pikepdf.Dictionary):
                    element.attributes.update(group.items())
        parent.held.append(element)
        if "/K" in values:
            self._hold(element, values["/K"], page)
        self._around.discard(item.objgen)

    def _page(self, item: Any, page: int) -> int:
        named = item.get("/Pg")
        return page if named is None else self.pages.get(named.objgen, -1)


class Listener:
    """Turns the tree into blocks, as a screen reader says them."""

    def __init__(self, leaves: list[Leaf]) -> None:
        self.blocks: list[Block] = []
        self.heard: dict[tuple[int, int], list[Element]] = {}
        self._base: float | None = None
        self._said: dict[tuple[int, int], list[Run]] = {
            (leaf.number, mark): runs for leaf in leaves for mark, runs in leaf.said.items()
        }

    def listen(self, element: Element, block: Block | None = None) -> None:
        """Hear an element and all that it holds."""
        if element.role == "Figure":
            self._hear_instead(self._open("Figure", element), element, element.alt or "")
            return
        if element.role == "Lbl":  # the marks and numbers of lists are not in the text
            self._hear_instead(None, element, "")
            if block is not None:
                marks = element.marks()
                block.label = "".join(run.text for key in marks for run in self._said.get(key, []))
            return
        if element.role in FIRM or (element.role == "P" and block is None):
            block = self._open(element.role, element)
        instead = element.alt if element.actual is None else element.actual
        if instead is not None:
            self._hear_instead(block or self._loose(element), element, instead)
            return
        for item in element.held:
            if isinstance(item, Element):
                self.listen(item, block)
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
        for run in self._said.get(mark, []):
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
    parents = dict(_numbers(tree.get("/ParentTree", pikepdf.Dictionary())))
    known: list[list[Any]] = []
    for page in pdf.pages:
        owners = parents.get(int(page.obj.get("/StructParents", -1)), [])
        known.append([owner.objgen if owner is not None else None for owner in owners])
    wrong = Counter(
        page
        for (page, mark), elements in heard.items()
        if 0 <= page < len(known)
        and (mark >= len(known[page]) or known[page][mark] != elements[0].key)
    )
    for number, count in wrong.items():
        findings.say(f"{count} pieces of text do not know their tag.", page=number)
    holders = {
        annotation.objgen: item.key for item in root.within() for annotation in item.annotations()
    }
    for number, page in enumerate(pdf.pages):
        annotations: Any = page.obj.get("/Annots", [])
        owners = [
            parents.get(int(annotation.get("/StructParent", -1))) for annotation in annotations
        ]
        for annotation, owner in zip(annotations, owners, strict=True):
            if (
                annotation.objgen in holders
                and getattr(owner, "objgen", None) != holders[annotation.objgen]
            ):
                findings.say("a link or field does not know its tag.", page=number)


def _numbers(node: Any) -> Iterator[tuple[int, Any]]:
    """Give the entries of a number tree (7.9.7)."""
    listed = list(node.get("/Nums", []))
    yield from zip(map(int, listed[::2]), listed[1::2], strict=False)
    for kid in node.get("/Kids", []):
        yield from _numbers(kid)
