"""Large print: a table whose columns would be too narrow in 18 pt becomes a block for each row."""

from __future__ import annotations

import re
from collections import Counter
from copy import deepcopy

import lxml.html
from lxml.html import HtmlElement as Element

# Two columns of 18 pt hold some 20 letters a line; three hold 12, and a person who reads with a
# magnifier loses the row. With four, long words stand in the next column.
MOST_COLUMNS = 2
_WORD = re.compile(r"\w+")
_REPEATED = ".//div[@class='rows']/div[position() > 1]//span[@class='column' or @class='label']"


def unfold_tables(tree: Element) -> None:
    """Turn each wide table into blocks: what the row is called, then `head: cell` for the rest.

    The words stay the same and in order, with the heads said again in each row. A cell to fill
    in becomes a line to write on.
    """
    for table in list(tree.iter("table")):
        heads = table.findall("thead/tr/th")
        if len(heads) <= MOST_COLUMNS:
            continue
        block = _element("div", "rows", id=table.get("id"))
        for row in table.findall("tbody/tr"):
            block.append(_row(heads, row, is_first=not len(block)))
            heads = [_without_ids(head) for head in heads]
        table.addprevious(block)
        table.drop_tree()


def words_of(tree: Element) -> Counter[str]:
    """Give how often each word stands in a tree, in whatever size it is printed.

    The heads of a table that large print says again in each further row count once.
    """
    once = deepcopy(tree)
    for again in once.xpath(_REPEATED):
        again.drop_tree()
    return Counter(_WORD.findall(" ".join(once.itertext())))


def _row(heads: list[Element], row: Element, *, is_first: bool) -> Element:
    """Give a row as a block; the first names every head, later ones those of cells with words."""
    block = _element("div", "row", id=row.get("id"))
    for number, (head, cell) in enumerate(zip(heads, row, strict=True)):
        if not number:
            block.append(_labelled("p", "row-name", head, _holding(cell, "strong", None)))
        elif (field := cell.find("textarea")) is not None:
            blank = _element("p", "blank")
            blank.extend([_holding(deepcopy(head), "span", "label"), field])
            block.append(blank)
        elif is_first or cell.text_content().strip() or len(cell):
            if block[-1].tag != "ul":
                block.append(_element("ul", None))
            words = _holding(cell, "span", None, id=cell.get("id"))
            block[-1].append(_labelled("li", None, head, words))
    return block


def _labelled(tag: str, kind: str | None, head: Element, words: Element) -> Element:
    """Give an element that holds the head of a column, a colon and the words of a cell."""
    label = _holding(deepcopy(head), "span", "column", id=head.get("id"))
    asks = label.text_content().rstrip().endswith((":", "?", "؟"))
    label.tail = " " if asks else ": "
    element = _element(tag, kind)
    element.extend([label, words])
    return element


def _element(tag: str, kind: str | None, **others: str | None) -> Element:
    given = {"class": kind, **others}
    return lxml.html.Element(tag, {name: value for name, value in given.items() if value})


def _holding(source: Element, tag: str, kind: str | None, **others: str | None) -> Element:
    """Give an element that holds the text and children of another, which loses them."""
    element = _element(tag, kind, **others)
    element.text = source.text
    element.extend(list(source))
    return element


def _without_ids(head: Element) -> Element:
    """Give a copy of a head for the rows after the first: an id stands only once."""
    copy = deepcopy(head)
    for element in copy.iter():
        element.attrib.pop("id", None)
    return copy
