"""Checks tables, pictures and links: that each tells what it is and leads where it should."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import unquote

import pikepdf

from plainleaf.proof import expected as in_html
from plainleaf.proof.expected import Cell, Expected
from plainleaf.proof.findings import Findings, quoted
from plainleaf.proof.letters import alike, squeezed
from plainleaf.proof.painted import Box, Leaf, around, box_of, common, holds
from plainleaf.proof.tree import Element, Key
from plainleaf.proof.words import Reading

# How far, in points, a picture may reach over the box that is told for it.
SLACK = 3.0
PRINT = 4  # the flag of an annotation that is printed (ISO 32000-1, 12.5.3)
_PICTURE = "Look at this picture, and at the CSS that places it; saved as a PNG it may print."
HIDING = 1 + 2 + 32  # invisible, hidden, not to be viewed


def check_tables(root: Element, expected: Expected, findings: Findings) -> None:
    """Find cells that are missing, and heads that do not say of what (PDF/UA-1, 7.5)."""
    tables = [_rows(item) for item in root.within() if item.role == "Table"]
    for table in expected.tables:
        if not tables:
            findings.say("a table is not tagged as one.", place=table.place)
            continue
        _compare_table(table, tables.pop(0), findings)
    if tables:
        findings.say(f"{len(tables)} more tables are tagged than there are.")


def _rows(table: Element) -> list[list[Element]]:
    """Give the cells of each row of a table."""
    return [
        [cell for cell in item.held if isinstance(cell, Element)]
        for item in table.within()
        if item.role == "TR"
    ]


def _compare_table(table: in_html.Table, rows: list[list[Element]], findings: Findings) -> None:
    if len(rows) != len(table.rows):
        fact = f"a table has {len(rows)} rows of tags, not {len(table.rows)}."
        hint = "A row that is higher than the page is broken: shorten it, or allow no break in it."
        findings.say(fact, hint, place=table.place)
        return
    for number, (row, cells) in enumerate(zip(table.rows, rows, strict=True), 1):
        tagged = [_cell(cell) for cell in cells]
        if [(cell.role, cell.span) for cell in tagged] != [(cell.role, cell.span) for cell in row]:
            kinds = ", ".join(cell.role for cell in tagged) or "nothing"
            fact = f"row {number} of a table is tagged as {kinds}, "
            fact += f"not {', '.join(cell.role for cell in row)}."
            findings.say(fact, page=cells[0].page if cells else None, place=table.place)
        elif tagged != list(row):
            fact = f"row {number} of a table does not say of what its heads are the head."
            findings.say(fact, page=cells[0].page, place=table.place)


def _cell(cell: Element) -> Cell:
    scope = str(cell.attributes.get("/Scope", "/"))[1:] if cell.role == "TH" else ""
    return Cell(cell.role, int(cell.attributes.get("/ColSpan", 1)), scope)


def check_pictures(
    reading: Reading, leaves: Sequence[Leaf], root: Element, findings: Findings
) -> None:
    """Find pictures that are not painted, or not where the tags say (PDF/UA-1, 7.3)."""
    places = {
        id(printed.element): (block.said, block.place)
        for block, printed in reading.pairs
        if block.role == "Figure"
    }
    for figure in (item for item in root.within() if item.role == "Figure"):
        said, place = places.get(id(figure), (figure.alt or "", None))
        if not squeezed(figure.alt or ""):
            findings.say("a picture has no words that stand for it.", page=figure.page)
        if not 0 <= figure.page < len(leaves):
            continue
        leaf = leaves[figure.page]
        seen: Box | None = None
        for page, mark in figure.marks():
            if page == leaf.number and mark in leaf.drawn:
                seen = around(seen, leaf.drawn[mark])
            if page == leaf.number:
                for run in leaf.said.get(mark, []):
                    seen = around(seen, common(run.box, run.clip))
        told = figure.attributes.get("/BBox")
        if seen is None:
            fact = f"the picture {quoted(said)} is not on the page."
        elif told is None:
            fact = f"the picture {quoted(said)} does not tell where it stands."
        elif not holds(leaf.box, box_of(told), 1) or not holds(box_of(told), seen, SLACK):
            fact = f"the picture {quoted(said)} stands elsewhere than its tag tells."
        else:
            continue
        findings.say(fact, _PICTURE, page=leaf.number, place=place)


class Links:
    """Checks the links of one sheet (PDF/UA-1, 7.18.5)."""

    def __init__(self, pdf: pikepdf.Pdf, leaves: Sequence[Leaf], pages: Mapping[Key, int]) -> None:
        self._pages = pages
        self._names = names_of(pdf)
        self._said = {
            (leaf.number, mark): "".join(run.text for run in runs)
            for leaf in leaves
            for mark, runs in leaf.said.items()
        }

    def check(
        self, root: Element, reading: Reading, expected: Expected, findings: Findings
    ) -> None:
        """Find links that are missing, lead elsewhere, or are said as an address."""
        ids = {name: printed.page for block, printed in reading.pairs for name in block.ids}
        links = [item for item in root.within() if item.role == "Link"]
        for link in expected.links:
            part = links[0] if links else None
            if part is None or not alike(
                squeezed(link.words), self._own(part), rtl=expected.is_rtl
            ):
                findings.say(f"{quoted(link.words)} is not tagged as a link.", place=link.place)
                continue
            self._check_part(link, links.pop(0), ids, findings)
        if links:
            findings.say(f"{len(links)} more links are tagged than there are.", page=links[0].page)

    def _own(self, part: Element) -> str:
        """Give the words of a link, squeezed; it is one, on however many lines it stands."""
        return squeezed("".join(self._said.get(mark, "") for mark in part.marks()))

    def _check_part(
        self, link: in_html.Link, part: Element, ids: Mapping[str, int], findings: Findings
    ) -> None:
        facts = []
        annotations = list(part.annotations())
        if not annotations:
            facts.append("cannot be followed")
        for annotation in annotations:
            if squeezed(str(annotation.get("/Contents", ""))) != squeezed(link.words):
                facts.append(f"is read aloud as {quoted(str(annotation.get('/Contents', '')))}")
            if not self._leads(annotation, link.target, ids):
                facts.append(f"does not lead to {link.target}")
            if int(annotation.get("/F", 0)) & PRINT == 0 or int(annotation.get("/F", 0)) & HIDING:
                facts.append("is hidden in print")
        for fact in dict.fromkeys(facts):
            message = f"the link {quoted(link.words)} {fact}."
            findings.say(message, page=part.page, place=link.place)

    def _leads(self, annotation: Any, target: str, ids: Mapping[str, int]) -> bool:
        action = annotation.get("/A", pikepdf.Dictionary())
        if not target.startswith("#"):
            address = unquote(str(action.get("/URI", "")))
            return address.removesuffix("/") == unquote(target).removesuffix("/")
        there = annotation.get("/Dest", action.get("/D"))
        name = target[1:]
        if isinstance(there, pikepdf.String | pikepdf.Name):
            if str(there).lstrip("/") != name:
                return False
            there = self._names.get(name)
        page = page_of(there, self._pages)
        return page is not None and ids.get(name, page) == page


def page_of(destination: Any, pages: Mapping[Key, int]) -> int | None:
    """Give the page to which a destination leads (ISO 32000-1, 12.3.2), or None."""
    if isinstance(destination, pikepdf.Dictionary):
        destination = destination.get("/SD", destination.get("/D"))
    if not isinstance(destination, pikepdf.Array) or not len(destination):
        return None
    target = destination[0]
    if isinstance(target, pikepdf.Dictionary) and "/Pg" in target:  # an element of the tree
        target = target.Pg
    return pages.get(target.objgen) if isinstance(target, pikepdf.Dictionary) else None


def names_of(pdf: pikepdf.Pdf) -> dict[str, Any]:
    """Give the destinations that have names (12.3.2.3)."""
    found: dict[str, Any] = {}
    if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
        found.update(_leafs(pdf.Root.Names.Dests))
    for name, destination in pdf.Root.get("/Dests", pikepdf.Dictionary()).items():
        found[name[1:]] = destination
    return found


def _leafs(node: Any) -> Iterator[tuple[str, Any]]:
    listed = list(node.get("/Names", []))
    yield from zip(map(str, listed[::2]), listed[1::2], strict=False)
    for kid in node.get("/Kids", []):
        yield from _leafs(kid)
