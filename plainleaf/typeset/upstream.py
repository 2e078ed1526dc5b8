"""What we use of WeasyPrint 70 beyond what it promises to keep. Nothing else names its privates.

Each would end with a patch there, and tests/typeset/test_upstream.py tells when it has come.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout.absolute import AbsolutePlaceholder
from weasyprint.pdf import tags

# Makes the elements of a box and of all in it, as WeasyPrint does.
Made = Callable[[], Iterator[Any]]
# Gives the elements of a box in place of WeasyPrint: made by it, of a box, for a file, with the
# annotations of its page as far as they are known, each with its reference.
Better = Callable[[Made, Any, Any, Any], Iterator[Any]]


@contextmanager
def tags_by(better: Better) -> Iterator[None]:
    """Let a function make the tree of tags from the boxes of a page, while this is open.

    Only there is it known of which HTML an element is made. Until: a hook for each element that
    is made, with its box (no issue yet), or what repair.py asks it for (#2482, #2503).
    """
    original = tags._build_box_tree

    def build(box: Any, parent: Any, pdf: Any, *rest: Any) -> Iterator[Any]:
        inner = box._box if isinstance(box, AbsolutePlaceholder) else box
        return better(lambda: original(box, parent, pdf, *rest), inner, pdf, rest[2])

    tags._build_box_tree = build
    try:
        yield
    finally:
        tags._build_box_tree = original


def is_head_or_foot(box: Any) -> bool:
    """Tell whether a box is one of those in the margin of a page."""
    return isinstance(box, boxes.MarginBox)


def box_of_page(page: Any) -> Any:
    """Give the box of a laid out page, and in it those of all that stands there.

    Only these know how wide a word is, and what is around it. Until: a way to ask a Page for the
    places of its words (no issue yet).
    """
    return page._page_box


def bottoms_in(box: Any) -> Iterator[float]:
    """Give where each line, picture and field below a box ends, in CSS pixels down the page."""
    for child in getattr(box, "children", ()):
        inner = child._box if isinstance(child, AbsolutePlaceholder) else child
        if isinstance(inner, boxes.LineBox | boxes.ReplacedBox):
            yield inner.position_y + inner.height
        if not is_head_or_foot(inner):
            yield from bottoms_in(inner)
