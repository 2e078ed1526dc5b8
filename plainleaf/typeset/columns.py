"""Balanced columns: the search for their height begins where it will end.

WeasyPrint lays out a list in columns again and again, a little higher each time, until all of it
fits: half of the time of many sheets. Where no item may be broken, the least height follows from
those of the items; by itself WeasyPrint at times goes a line beyond it. Used by typeset alone.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import pairwise
from typing import Any

# Where the search begins in WeasyPrint's own function. From where it is told to begin, it goes on
# as ever: a height that is too low costs time, and no more.
_BEGINS = "                        height = sum(consumed_heights) / count\n"
_INSTEAD = (
    "                        height = least(\n"
    "                            context, new_boxes[0], count, sum(consumed_heights) / count\n"
    "                        )\n"
)


@contextmanager
def balanced_at_once() -> Iterator[None]:
    """Let WeasyPrint find the least height of columns, and at its first try."""
    from weasyprint.layout import block  # noqa: PLC0415 see typeset.ready()

    original = block.columns_layout
    block.columns_layout = _columns_layout()
    try:
        yield
    finally:
        block.columns_layout = original


@cache
def _columns_layout() -> Callable[..., Any]:
    """Give WeasyPrint's function, which begins at another height."""
    from weasyprint.layout import column  # noqa: PLC0415 see typeset.ready()

    source = inspect.getsource(column.columns_layout)
    assert source.count(_BEGINS) == 1, "this WeasyPrint lays out columns in another way"
    scope = {**vars(column), "least": _least_height}
    exec(compile(source.replace(_BEGINS, _INSTEAD), column.__file__, "exec"), scope)
    made: Callable[..., Any] = scope["columns_layout"]
    return made


def _least_height(context: Any, column: Any, count: int, average: float) -> float:
    """Give the least height at which so many columns hold what now stands in one, in pixels.

    average is the least that any could need; it is given where more than the heights of the items
    counts.
    """
    from weasyprint.layout.block import (  # noqa: PLC0415 see typeset.ready()
        avoid_page_break,
        block_level_page_break,
    )

    items = column.children
    if not all(map(_is_plain, items)) or len({item.margin_bottom for item in items}) > 1:
        return average
    tops = [item.border_box_y() for item in items]
    ends = [_end(item, column) for item in items]
    joined = [
        avoid_page_break(block_level_page_break(one, two), context) for one, two in pairwise(items)
    ]

    def hold(height: float) -> bool:
        start = 0
        for _ in range(count):
            past = (number for number, end in enumerate(ends) if end - tops[start] > height)
            stop = next(past, len(items))
            if stop == len(items):
                return True
            while stop > start and joined[stop - 1]:
                stop -= 1
            if stop == start:
                return False
            start = stop
        return False

    heights = sorted({end - top for top in tops for end in ends if end - top > average})
    return next(filter(hold, heights), average)


def _is_plain(item: Any) -> bool:
    """Tell whether an item stands below the one before it, and is never broken."""
    is_whole = item.style["break_inside"] != "auto"
    return bool(item.is_in_normal_flow() and is_whole and not item.margin_top)


def _end(item: Any, column: Any) -> float:
    """Give how far down an item needs room, as WeasyPrint counts it."""
    below = item.padding_bottom + item.border_bottom_width
    if not column.bottom_margin_collapses():
        below += item.margin_bottom
    return float(item.border_box_y() + item.border_height() + below)
