"""Fields: what a section's own lists and tables become where a reader is to write or tick."""

from __future__ import annotations

from collections.abc import Sequence

import lxml.html
from lxml.html import HtmlElement as Element

# The words above the boxes of `show: yes-no`.
ANSWERS = ("yes", "no")


def add_fields(tree: Element, show: str, id: str, yes_no: Sequence[str]) -> None:
    """Put fields into a section's HTML, as its `show:` asks for; id is what their names start with.

    yes_no are the words for the two boxes of `show: yes-no`.

    On paper a field is the room that its frame or line leaves. In a PDF to type into it is also
    an input, whose title is read aloud: the statement, the question, or the headers of its cell.
    """
    if show in ("ticks", "tick-columns"):
        for number, item in enumerate(tree.iter("li"), 1):
            _put_first(item, _field("input", f"{id}-{number}", words_in(item), type="checkbox"))
    elif show == "yes-no":
        for number, item in enumerate(tree.iter("li"), 1):
            statement = words_in(item)
            for name, word in reversed(tuple(zip(ANSWERS, yes_no, strict=True))):
                title = f"{statement}: {word}"
                _put_first(item, _field("input", f"{id}-{number}-{name}", title, type="checkbox"))
        for items in list(tree.iter("ul")):
            _halve(items, yes_no)
    elif show == "answers":
        for number, item in enumerate(tree.iter("li"), 1):
            item.append(_field("textarea", f"{id}-{number}", words_in(item)))
    elif show == "fill":
        for table in tree.iter("table"):
            _fill_table(table, id)


def _halve(items: Element, yes_no: Sequence[str]) -> None:
    """Put the first half of a list beside the second, each below the words of its boxes."""
    beside = lxml.html.Element("div", {"class": "beside"})
    half = (len(items) + 1) // 2
    for part in (items[:half], items[half:]):
        heads = lxml.html.Element("p", {"class": "answers"})
        for word in yes_no:
            head = lxml.html.Element("span")
            head.text, head.tail = word, " "
            heads.append(head)
        column = lxml.html.Element("ul")
        column.extend(part)
        stack = lxml.html.Element("div", {"class": "stack of-6"})
        stack.extend([heads, column])
        beside.append(stack)
    items.addprevious(beside)
    items.drop_tree()


def _fill_table(table: Element, id: str) -> None:
    """Put a field into each empty cell, named by its row and column."""
    heads = [words_in(cell) for cell in table.iterfind("thead/tr/th")]
    for y, row in enumerate(table.iterfind("tbody/tr"), 1):
        cells = [cell for cell in row if cell.tag in ("th", "td")]
        for x, (cell, head) in enumerate(zip(cells, heads, strict=True), 1):
            if not words_in(cell):
                question = ": ".join(filter(None, (words_in(cells[0]), head)))
                cell.append(_field("textarea", f"{id}-{y}-{x}", question))


def _field(tag: str, name: str, title: str, **more: str) -> Element:
    return lxml.html.Element(tag, {"name": name, "title": title, **more})


def _put_first(item: Element, field: Element) -> None:
    field.tail, item.text = item.text, None
    item.insert(0, field)


def words_in(element: Element) -> str:
    """Give the words of an element as they are read aloud: without the places to part them."""
    return " ".join(element.text_content().replace("\u00ad", "").split())
