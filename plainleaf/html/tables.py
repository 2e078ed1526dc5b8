"""What a table of a page is: one row of heads, and rows with as many cells, of words.

Large print shows each row of a wide table by itself (large_print.py), a telephone does so, too, and
a screen reader says the head with each cell: all of them need every cell to have one head.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any
from xml.etree.ElementTree import Element

from markdown import Markdown
from markdown.extensions.tables import TableProcessor

from plainleaf.html.sections import ALL_HEADINGS

# What may stand in a cell: words, and what stands within a line of them.
_BLOCKS = ("blockquote", "div", "dl", "figure", "hr", "ol", "p", "pre", "section", "table", "ul")
# The line under the heads of a Markdown table: what is left of one among the words of a page.
UNREAD = re.compile(r"\|?[ \t]*:?-{3,}:?[ \t]*(\|[ \t]*:?-{3,}:?[ \t]*)+\|?")


def faults_of(table: Any) -> Iterator[tuple[Any, str, str]]:
    """Give what is wrong with a table of a page: where, the fact, and the way out."""
    heads = table.findall("thead/tr/th")
    rows = [row for row in table.iter("tr") if row.getparent().tag != "thead"]
    if len(table.findall("thead/tr")) != 1 or not heads:
        fact = "a table has no row of heads." if not heads else "a table has two rows of heads."
        hint = "Name each column in one first row, in <thead>: people hear it with each cell."
        yield table, fact, hint
        return
    if table.find("thead/tr/td") is not None:
        hint = "Write each of them as <th>."
        yield table, "a cell in the row of heads is no head.", hint
    # Joined cells are refused by harmless.py.
    are_joined = table.xpath(".//*[@colspan or @rowspan]")
    for row in rows:
        if len(row) != len(heads) and not are_joined:
            fact = f"a row of a table has {len(row)} cells below {len(heads)} heads."
            yield row, fact, "Write a cell for each head."
        for cell in row.findall("th"):
            if cell is not row[0]:
                hint = "Make it <td>; the first cell of a row may name the row."
                yield cell, "a head stands in the middle of a table.", hint
            elif cell.get("scope") != "row":
                hint = 'Write `<th scope="row">`.'
                yield cell, "the head of a row does not say that it is one.", hint
    for cell in table.iter("th", "td"):
        if next(cell.iter(*_BLOCKS, *ALL_HEADINGS), None) is not None:
            hint = "Write words into the cell, with <br> between lines, or a row for each item."
            yield cell, "a cell of a table holds a list, a paragraph or a box.", hint


class RowsAsWritten(TableProcessor):
    """Python-Markdown's reader of tables, which notes the rows whose last cells it drops."""

    def __init__(self, parser: Any, config: dict[str, Any], uneven: list[str]) -> None:
        super().__init__(parser, config)
        self._uneven = uneven

    def _build_row(self, row: str, parent: Element, align: Sequence[str | None]) -> None:
        if len(self._split_row(row)) > len(align):  # type: ignore[attr-defined] # not in the stubs
            self._uneven.append(row)
        super()._build_row(row, parent, align)  # type: ignore[misc] # not in the stubs


def note_uneven_rows(reader: Markdown, uneven: list[str]) -> None:
    """Let a reader of Markdown note the rows of tables with more cells than heads, as written."""
    registry = reader.parser.blockprocessors
    if "table" in registry and type(registry["table"]) is TableProcessor:
        kept = registry["table"]
        registry.deregister("table")
        registry.register(RowsAsWritten(reader.parser, vars(kept)["config"], uneven), "table", 75)
