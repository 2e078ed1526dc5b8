"""Balanced columns: where the same lines stood at the same place, their height is known already.

WeasyPrint lays out a list in columns again and again, a little higher each time, until all of it
fits: half of the time of most sheets. Used by typeset alone.
"""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

# So many heights, by keys of 32 bytes; then it begins anew.
MOST = 20_000
_known: dict[bytes, float] = {}

# Where the search begins and where it has ended, in WeasyPrint's own function.
_BEGINS = "                        height = sum(consumed_heights) / count\n"
_ENDED = "        # TODO: check style['max']-height\n"
_SIZES = (
    *("position_x", "position_y", "width", "height", "margin_top", "margin_bottom"),
    *("padding_top", "padding_bottom", "border_top_width", "border_bottom_width"),
)
_BREAKS = ("break_before", "break_inside", "break_after", "orphans", "widows", "float", "position")
_CHANGES = {
    _BEGINS: (
        "                        asked = key(context, new_boxes, width, count, height)\n"
        "                        height = known.get(asked, sum(consumed_heights) / count)\n"
    ),
    _ENDED: (
        "        if balancing and not stop_rendering:\n            keep(asked, height)\n" + _ENDED
    ),
}


@contextmanager
def known_heights() -> Iterator[None]:
    """Let WeasyPrint begin to search where it ended the last time: the result is the same."""
    from weasyprint.layout import block  # noqa: PLC0415 see typeset.ready()

    original = block.columns_layout
    block.columns_layout = _columns_layout()
    try:
        yield
    finally:
        block.columns_layout = original


@cache
def _columns_layout() -> Callable[..., Any]:
    """Give WeasyPrint's function with two lines more, which ask for a height and keep it."""
    from weasyprint.layout import column  # noqa: PLC0415 see typeset.ready()

    source = inspect.getsource(column.columns_layout)
    for old, new in _CHANGES.items():
        assert source.count(old) == 1, "this version of WeasyPrint lays out columns in another way"
        source = source.replace(old, new)
    scope = {**vars(column), "known": _known, "key": _key, "keep": _keep}
    exec(compile(source, column.__file__, "exec"), scope)
    made: Callable[..., Any] = scope["columns_layout"]
    return made


def _key(context: Any, boxes: list[Any], width: float, count: int, height: float) -> bytes:
    """Give the key of all that a balanced height follows from, to the last bit of each number.

    That is where and how high each box is before it is balanced, and where it may be broken.
    """
    told: list[object] = [context.page_bottom, width, count, height]
    for column in boxes:
        for box in (column, *column.descendants()):
            # What is placed apart from the lines has no size yet.
            told += [getattr(box, name, None) for name in _SIZES]
            told += [box.style[name] for name in _BREAKS]
    return hashlib.sha256(repr(told).encode("utf-8")).digest()


def _keep(key: bytes, height: float) -> None:
    if len(_known) >= MOST:
        _known.clear()
    _known[key] = height
