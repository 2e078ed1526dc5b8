"""Fields: what a section's own lists and tables become where a reader is to write or tick."""

from __future__ import annotations

import lxml.html
from lxml.html import HtmlElement as Element


def add_fields(tree: Element, show: str, id: str) -> None:
    """Put fields into a section's HTML, as its `show:` asks for; id is what their names start with.

    On paper a field is the room that its frame or line leaves. In a PDF to type into it is also
    an input, whose title is read aloud: the statement, the question, or the headers of its cell.
    """
    if show in ("ticks", "tick-columns"):
        for number, item in enumerate(tree.iter("li"), 1):
            _put_first(item, _field("input", f"{id}-{number}", _words(item), type="checkbox"))
    elif show == "answers":
        for number, item in enumerate(tree.iter("li"), 1):
            item.append(_field("textarea", f"{id}-{number}", _words(item)))
    elif show == "fill":
        for table in tree.iter("table"):
            _fill_table(table, id)


def _fill_table(table: Element, id: str) -> None:
    """Put a field into each empty cell, named by its row and column."""
    heads = [_words(cell) for cell in table.iterfind("thead/tr/th")]
    for y, row in enumerate(table.iterfind("tbody/tr"), 1):
        cells = [cell for cell in row if cell.tag in ("th", "td")]
        for x, (cell, head) in enumerate(zip(cells, heads, strict=True), 1):
            if not _words(cell):
                question = ": ".join(filter(None, (_words(cells[0]), head)))
                cell.append(_field("textarea", f"{id}-{y}-{x}", question))


def _field(tag: str, name: str, title: str, **more: str) -> Element:
    return lxml.html.Element(tag, {"name": name, "title": title, **more})


def _put_first(item: Element, field: Element) -> None:
    field.tail, item.text = item.text, None
    item.insert(0, field)


def _words(element: Element) -> str:
    return " ".join(element.text_content().split())
