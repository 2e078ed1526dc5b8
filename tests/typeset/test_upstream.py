"""What we use of WeasyPrint beyond its promises stands in one file, and is still needed."""

from __future__ import annotations

import re

import weasyprint
from weasyprint.pdf import tags

from tests.conftest import ROOT

# `name._private` of something that is not of this file's own classes.
_PRIVATE = re.compile(r"\b(?!self\b|cls\b)\w+\._(?!_)\w+")


def test_only_one_file_names_what_weasyprint_keeps_to_itself() -> None:
    found = {
        path.name
        for path in (ROOT / "plainleaf/typeset").glob("*.py")
        if _PRIVATE.search(path.read_text("utf-8"))
    }
    assert found == {"upstream.py"}


def test_weasyprint_has_no_way_of_its_own_to_ask_a_page_for_its_boxes() -> None:
    """What is new here may be one: then upstream.box_of_page() may go."""
    (page,) = weasyprint.HTML(string="<p>Some words</p>").render().pages
    assert {name for name in dir(page) if not name.startswith("_")} == {
        *("anchors", "bleed", "bookmarks", "forms", "height", "links", "paint", "width")
    }


def test_weasyprint_has_no_hook_for_the_elements_that_it_makes() -> None:
    """What is new here may be one: then upstream.tags_by() may go. test_repair.py tries its use."""
    own = {
        name
        for name, value in vars(tags).items()
        if callable(value) and value.__module__ == tags.__name__
    }
    assert own == {"add_tags", "_build_box_tree", "_get_pdf_tag"}
