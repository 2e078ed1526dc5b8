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
from plainleaf.proof.painted import Box, PaintedPage, around, box_of, common, holds
from plainleaf.proof.tree import Element, Key, Listener
from plainleaf.proof.words import Reading

# How far, in points, a picture may reach over the box that its tag tells.
SLACK = 3.0
PRINT = 4  # the flag of an annotation that is printed (ISO 32000-1, 12.5.3)
_PICTURE = "Look at this picture, and at the CSS that places it; saved as a PNG it may print."
HIDING = 1 + 2 + 32  # invisible, hidden, not to be viewed


def check_tables(root: Element, expected: Expected, findings: Findings) -> None:
    """Find cells that are missing, and heads that do not say of what (PDF/UA-1, 7.5)."""
    tables = [item for item in root.within() if item.role == "Table"]
    for table in expected.tables:
        if not tables:
            findings.say("a table is not tagged as one.", place=table.place)
            continue
        _compare_table(table, tables.pop(0), findings)
    if tables:
        findings.say(f"{len(tables)} more tables are tagged than there are.")


def _compare_table(table: in_html.Table, tagged_table: Element, findings: Findings) -> None:
    rows = [
        [cell for cell in item.children if isinstance(cell, Element)]
        for item in tagged_table.within()
        if item.role == "TR"
    ]
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
    reading: Reading, pages: Sequence[PaintedPage], root: Element, findings: Findings
) -> None:
    """Find pictures that are not painted, or not where the tags say (PDF/UA-1, 7.3)."""
    expected_at = {
        id(printed.element): (block.words, block.place)
        for block, printed in reading.pairs
        if block.role == "Figure"
    }
    for figure in (item for item in root.within() if item.role == "Figure"):
        words, place = expected_at.get(id(figure), (figure.alt or "", None))
        if not squeezed(figure.alt or ""):
            findings.say("a picture has no words that stand for it.", page=figure.page)
        if not 0 <= figure.page < len(pages):
            continue
        page = pages[figure.page]
        painted_box: Box | None = None
        for mark in (mark for number, mark in figure.marks() if number == page.number):
            if mark in page.drawn_by_mark:
                painted_box = around(painted_box, page.drawn_by_mark[mark])
            for run in page.runs_by_mark.get(mark, []):
                painted_box = around(painted_box, common(run.box, run.clip))
        if painted_box is None:
            fact = f"the picture {quoted(words)} is not on the page."
        elif "/BBox" not in figure.attributes:
            fact = f"the picture {quoted(words)} does not tell where it stands."
        else:
            box = box_of(figure.attributes["/BBox"])
            if holds(page.box, box, 1) and holds(box, painted_box, SLACK):
                continue
            fact = f"the picture {quoted(words)} stands elsewhere than its tag tells."
        findings.say(fact, _PICTURE, page=page.number, place=place)


def check_links(
    listener: Listener,
    reading: Reading,
    expected: Expected,
    destinations: Mapping[str, int | None],
    findings: Findings,
) -> None:
    """Find links that are missing, lead elsewhere, or are said as an address (PDF/UA-1, 7.18.5).

    destinations are the pages to which each name in the file leads.
    """
    ids = {name: printed.page for block, printed in reading.pairs for name in block.ids}
    tagged = [item for item in listener.root.within() if item.role == "Link"]
    for link in expected.links:
        marks = tagged[0].marks() if tagged else ()
        runs = (run for mark in marks for run in listener.runs.get(mark, []))
        printed = squeezed("".join(run.text for run in runs))
        if not tagged or not alike(squeezed(link.words), printed, rtl=expected.is_rtl):
            findings.say(f"{quoted(link.words)} is not tagged as a link.", place=link.place)
            continue
        element = tagged.pop(0)
        for fault in dict.fromkeys(_faults_of_link(link, element, ids, destinations)):
            fact = f"the link {quoted(link.words)} {fault}."
            findings.say(fact, page=element.page, place=link.place)
    if tagged:
        findings.say(f"{len(tagged)} more links are tagged than there are.", page=tagged[0].page)


def _faults_of_link(
    link: in_html.Link,
    element: Element,
    ids: Mapping[str, int],
    destinations: Mapping[str, int | None],
) -> Iterator[str]:
    annotations = list(element.annotations())
    if not annotations:
        yield "cannot be followed"
    for annotation in annotations:
        words = str(annotation.get("/Contents", ""))
        if squeezed(words) != squeezed(link.words):
            yield f"is read aloud as {quoted(words)}"
        if link.target.startswith("#"):
            name = link.target[1:]
            page = destinations.get(name)
            is_right = page is not None and page == ids.get(name, page)
            leads = is_right and str(annotation.get("/Dest", "")) == name
        else:
            address = unquote(str(annotation.get("/A", pikepdf.Dictionary()).get("/URI", "")))
            leads = address.removesuffix("/") == unquote(link.target).removesuffix("/")
        if not leads:
            yield f"does not lead to {link.target}"
        flags = int(annotation.get("/F", 0))
        if not flags & PRINT or flags & HIDING:
            yield "is hidden in print"


def page_of(destination: Any, pages: Mapping[Key, int]) -> int | None:
    """Give the page to which a destination leads (ISO 32000-1, 12.3.2), or None."""
    if isinstance(destination, pikepdf.Dictionary):  # as a bound pack has them
        destination = destination.get("/D")
    if not isinstance(destination, pikepdf.Array) or not len(destination):
        return None
    return pages.get(getattr(destination[0], "objgen", (0, 0)))


def destinations_of(pdf: pikepdf.Pdf, pages: Mapping[Key, int]) -> dict[str, int | None]:
    """Give the page to which each name leads that a link may have as its destination (12.3.2.3)."""
    tree = pdf.Root.get("/Names", pikepdf.Dictionary()).get("/Dests")
    named = {} if tree is None else pikepdf.NameTree(tree)
    return {str(name): page_of(destination, pages) for name, destination in named.items()}
