"""Columns are as low as their items let them be, and WeasyPrint finds that at its first try."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from itertools import combinations, pairwise

import pytest
import weasyprint

from plainleaf.typeset import columns
from plainleaf.typeset.columns import balanced_at_once

SHEET = """\
<style>
@page {{ size: 600px 2000px; margin: 0 }}
ul {{ columns: {count}; margin: 0; padding: 0; list-style: none }}
li {{ break-inside: avoid; margin-bottom: 3px; font-size: 10px; line-height: 10px }}
{css}
</style>
<ul>{items}</ul>
"""
JOINED = "li:first-child { break-after: avoid } li:last-child { break-before: avoid }"
BROKEN = "li { break-inside: auto }"
UNLIKE = "li:nth-child(odd) { margin-bottom: 20px }"
FLOATING = "li:nth-child(2) { float: left }"


def shared_out(
    lines: Sequence[int],
    count: int = 2,
    css: str = "",
    around: Callable[[], AbstractContextManager[None]] = balanced_at_once,
) -> list[list[int]]:
    """Lay out items of so many lines in columns; give the lines of each item in each column."""
    items = "".join(f"<li>{'<br>'.join(['line'] * each)}</li>" for each in lines)
    with around():
        (page,) = (
            weasyprint.HTML(string=SHEET.format(count=count, css=css, items=items)).render().pages
        )
    found = [box for box in page._page_box.descendants() if getattr(box, "is_column", False)]
    return [[len(item.children) for item in box.children] for box in found]


def height(column: Sequence[int]) -> int:
    """Give how far down the last line of a column reaches, in pixels."""
    return sum(10 * lines + 3 for lines in column) - 3


def lowest(lines: Sequence[int], count: int) -> int:
    """Give the least height of columns, of all ways to share items out."""
    ways = (
        (0, *breaks, len(lines))
        for number in range(count)
        for breaks in combinations(range(1, len(lines)), number)
    )
    return min(max(height(lines[one:two]) for one, two in pairwise(way)) for way in ways)


@pytest.mark.parametrize("count", [2, 3])
@pytest.mark.parametrize("seed", range(12))
def test_columns_are_as_low_as_their_items_let_them_be(seed: int, count: int) -> None:
    dice = random.Random(seed)
    lines = [dice.choice((1, 1, 1, 2, 2, 3, 5)) for _ in range(dice.randint(1, 14))]
    found = shared_out(lines, count)
    assert [each for column in found for each in column] == lines
    assert max(map(height, found)) == lowest(lines, count)


def test_the_search_of_weasyprint_by_itself_may_overstep() -> None:
    lines = [1, 5, 1, 3, 1, 5, 1, 1, 2]
    assert max(map(height, shared_out(lines))) == lowest(lines, 2) == 112
    assert max(map(height, shared_out(lines, around=nullcontext))) == 122


@pytest.mark.parametrize("css", [JOINED, BROKEN, UNLIKE, FLOATING])
@pytest.mark.parametrize("seed", range(6))
def test_where_more_counts_than_heights_all_is_as_weasyprint_lays_it_out(
    seed: int, css: str
) -> None:
    dice = random.Random(seed)
    lines = [dice.choice((1, 2, 3)) for _ in range(dice.randint(1, 8))]
    ours, own = shared_out(lines, css=css), shared_out(lines, css=css, around=nullcontext)
    assert ours == own


def test_another_version_of_weasyprint_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(columns, "_BEGINS", "no such line")
    with pytest.raises(AssertionError, match="lays out columns in another way"):
        columns._columns_layout.__wrapped__()
