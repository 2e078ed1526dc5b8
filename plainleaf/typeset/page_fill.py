"""How full pages are: hardly, which looks unfinished and costs a clinic money, or too full."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from plainleaf.compose.compose import Composed
from plainleaf.problems import Problem

# The least share of a side, but the last one, that words and pictures take: a house rule.
LEAST_FULL = 0.8


def hardly_filled(composed: Composed, pages: Sequence[Any]) -> Iterator[Problem]:
    """Warn of each side but the last that is far from full; pages are as WeasyPrint laid them out.

    It is judged in standard print, on a sheet whose clinic is written by hand: how long a
    letterhead is, no writer of a handout can know.
    """
    sheet = composed.sheet
    if sheet.size != "standard" or sheet.clinic.name or not sheet.handout.has_limit:
        return
    for number, page in enumerate(pages[:-1], start=1):
        full = how_full(page)
        if full < LEAST_FULL:
            fact = f"side {number} of {sheet.path} is only {full:.0%} full."
            hint = "Print the parts in another order, or some beside each other with `column:`."
            yield Problem(sheet.handout.limit, fact, hint, is_warning=True)


def how_full(page: Any) -> float:
    """Give the share of a page, between its head and foot, above its last line or picture."""
    from plainleaf.typeset.upstream import bottoms_in, box_of_page  # noqa: PLC0415 see ready()

    box = box_of_page(page)
    top = box.content_box_y()
    return float((max(bottoms_in(box), default=top) - top) / box.height)


def rows_beyond(pages: Sequence[Any]) -> Iterator[Any]:
    """Give the element of each row of columns that is taller than a page has room for."""
    from plainleaf.typeset.upstream import box_of_page  # noqa: PLC0415 see ready()

    for page in pages:
        room = box_of_page(page)
        for box in room.descendants():
            classes = "" if box.element is None else box.element.get("class", "")
            # An anonymous box of the same element, which has no tag, holds the row's columns.
            is_row = "beside" in classes.split() and box.element_tag == "div"
            if is_row and box.height > room.height:
                yield box.element
