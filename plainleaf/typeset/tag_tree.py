"""The structure tree of a PDF, which a screen reader follows, as nodes that can be joined."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pydyf


@dataclass(frozen=True, slots=True)
class MarkRef:
    """Marked content of a page, by its number there."""

    page: int
    number: int


@dataclass(frozen=True, slots=True)
class AnnotationRef:
    """A link or field of an element: its page, and the reference of its annotation."""

    page: int
    annotation: bytes


@dataclass(slots=True, eq=False)
class Node:
    """An element: its type, its kids in reading order, and what else is said of it.

    source is the HTML element that it was made of.
    """

    tag: str
    source: Any
    attributes: dict[str, Any]
    kids: list[Node | MarkRef | AnnotationRef] = field(default_factory=list)

    def walk(self) -> Iterator[Node]:
        """Give this node and all below it, in reading order."""
        yield self
        for kid in self.kids:
            if isinstance(kid, Node):
                yield from kid.walk()

    def pages(self) -> set[int]:
        """Give the pages on which this node or one below it has marks or annotations."""
        return {kid.page for node in self.walk() for kid in node.kids if not isinstance(kid, Node)}


def read_tree(pdf: pydyf.PDF) -> Node:
    """Give the tree that WeasyPrint wrote, from its element `Document` on."""
    root = pdf.objects[number_of(pdf.catalog["StructTreeRoot"])]
    pages = {reference: number for number, reference in enumerate(pdf.page_references)}
    return _read(pdf, pdf.objects[number_of(root["K"][0])], pages)


def _read(pdf: pydyf.PDF, element: pydyf.Dictionary, pages: dict[bytes, int]) -> Node:
    structure = ("Type", "S", "K", "Pg", "P", "ID")
    attributes = {key: value for key, value in element.items() if key not in structure}
    node = Node(element["S"][1:], getattr(element, "source", None), attributes)
    for kid in element["K"]:
        if isinstance(kid, int):
            node.kids.append(MarkRef(pages[element["Pg"]], kid))
            continue
        below = pdf.objects[number_of(kid)]
        if below.get("Type") == "/OBJR":
            node.kids.append(AnnotationRef(pages[below["Pg"]], below["Obj"]))
        else:
            node.kids.append(_read(pdf, below, pages))
    return node


def write_tree(pdf: pydyf.PDF, document: Node) -> None:
    """Write a tree in the place of WeasyPrint's, and name the element of each mark and annotation.

    A reader looks for it in the parent tree (PDF 14.7.4.4).
    """
    pages = pdf.page_references
    root = pydyf.Dictionary({"Type": "/StructTreeRoot"})
    pdf.add_object(root)
    marks: list[dict[int, bytes]] = [{} for _ in pages]
    annotations: list[tuple[bytes, bytes]] = []  # each with its element

    def write(node: Node, parent: bytes) -> bytes:
        element = pydyf.Dictionary({"S": f"/{node.tag}", "P": parent, **node.attributes})
        pdf.add_object(element)
        # Marks of the element's own page are plain numbers, those of others name their page.
        home = next((kid.page for kid in node.kids if isinstance(kid, MarkRef)), None)
        if home is not None:
            element["Pg"] = pages[home]
        kids = pydyf.Array()
        for kid in node.kids:
            if isinstance(kid, Node):
                kids.append(write(kid, element.reference))
            elif isinstance(kid, AnnotationRef):
                annotations.append((kid.annotation, element.reference))
                values = {"Type": "/OBJR", "Obj": kid.annotation, "Pg": pages[kid.page]}
                kids.append(pydyf.Dictionary(values))
            else:
                marks[kid.page][kid.number] = element.reference
                values = {"Type": "/MCR", "Pg": pages[kid.page], "MCID": kid.number}
                kids.append(kid.number if kid.page == home else pydyf.Dictionary(values))
        if kids:
            element["K"] = kids[0] if len(kids) == 1 else kids
        return bytes(element.reference)

    root["K"] = write(document, root.reference)
    numbers = pydyf.Array()
    for page, elements in enumerate(marks):
        numbers += [page, pydyf.Array(elements[mark] for mark in sorted(elements))]
    for key, (annotation, element) in enumerate(annotations, start=len(pages)):
        pdf.objects[number_of(annotation)]["StructParent"] = key
        numbers += [key, element]
    parents = pydyf.Dictionary({"Nums": numbers})
    pdf.add_object(parents)
    root["ParentTree"] = parents.reference
    root["ParentTreeNextKey"] = len(pages) + len(annotations)
    pdf.catalog["StructTreeRoot"] = root.reference


def number_of(reference: bytes) -> int:
    """Give the number of the object that a reference names."""
    return int(reference.split()[0])
