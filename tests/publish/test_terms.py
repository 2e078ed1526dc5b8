"""Terms explain themselves on a screen, and cells name their column; paper has neither."""

from __future__ import annotations

import re
from dataclasses import replace

import lxml.html
import markdown
import pytest

from plainleaf.model import Docs
from plainleaf.publish.terms import options
from plainleaf.read.glossary import Term, terms_of

TERMS = [
    Term(
        "Classic suture", "A thread of silk.", re.compile(r"\b(?:classic suture|suture)s?\b", re.I)
    ),
    Term("Plaster", "A strip that sticks.", re.compile(r"\bplasters?\b", re.I)),
]
PLACE = "\n\nWords here\n{: .meanings }\n"


def shown(text: str, terms: list[Term] = TERMS) -> lxml.html.HtmlElement:
    """Give a page of the website as a tree."""
    html = markdown.markdown(
        text + PLACE,
        extensions=["attr_list", "admonition", "tables", "toc", "plainleaf.publish.terms"],
        extension_configs={"plainleaf.publish.terms": options(terms)},
    )
    return lxml.html.fragment_fromstring(html, create_parent="div")


def linked(tree: lxml.html.HtmlElement) -> list[str]:
    return [link.text for link in tree.iter("a") if link.get("class") == "term"]


def test_a_term_leads_to_its_meaning_on_the_same_page() -> None:
    tree = shown("Cover it with a plaster & press.")
    (link,) = tree.iter("a")
    assert link.text == "plaster"
    assert tree.text_content().startswith("Cover it with a plaster & press.")
    (meaning,) = tree.xpath("//*[@id=$id]", id=link.get("href").removeprefix("#"))
    assert meaning.text_content() == "Plaster: A strip that sticks."
    (box,) = tree.iter("details")
    assert box.findtext("summary") == "Words here"


def test_a_page_without_terms_has_no_list_of_meanings() -> None:
    assert shown("Press hard.").text_content().strip() == "Press hard."
    assert shown("A plaster.", []).text_content().strip() == "A plaster."


def test_nothing_is_linked_on_a_page_that_has_no_place_for_meanings() -> None:
    """Such as the glossary itself."""
    assert "<a" not in markdown.markdown(
        "A plaster.",
        extensions=["plainleaf.publish.terms"],
        extension_configs={"plainleaf.publish.terms": options(TERMS)},
    )


def test_a_term_is_linked_once_in_a_page() -> None:
    tree = shown("A plaster, a plaster.\n\n## A {#a}\n\nPlasters.\n\n- a plaster\n")
    assert linked(tree) == ["plaster"]


def test_the_signs_in_a_row_of_a_risk_table_are_a_list_and_what_to_do_stands_below() -> None:
    (cell, other) = shown(
        '<table class="risks">\n<tbody>\n<tr><th scope="row">A cut</th>'
        "<td>– it is red<br>– it is hot<br>Call us.</td></tr>\n"
        '<tr><th scope="row">A scar</th><td>Tell us.</td></tr>\n</tbody>\n</table>\n'
    ).iter("td")
    assert [item.text for item in cell.iter("li")] == ["it is red", "it is hot"]
    assert [part.text_content() for part in cell][1:] == ["Call us."]
    assert cell.find("p/strong") is not None
    assert len(other) == 0


def test_the_list_of_sources_is_folded_and_its_title_says_how_long_it_is() -> None:
    tree = shown(
        '## Sources {#s}\n\n<p class="fold">From</p>\n<ul class="sources">\n'
        '<li id="source-a">A</li>\n<li id="source-b">B</li>\n</ul>\n'
    )
    (box,) = tree.iter("details")
    assert box.findtext("summary") == "From (2)"
    assert [item.get("id") for item in box.iter("li")] == ["source-a", "source-b"]
    assert not shown('<ul class="other"><li>A</li></ul>').xpath("//details")


MORE = """\
## Wash {#wash .more}

Wash it.

### How {#how .more}

With soap.

### When {#when}

At night.

## Cover {#cover .more}

A plaster.
"""


def test_a_section_that_is_marked_is_folded_with_all_in_it_and_nothing_else() -> None:
    tree = shown(MORE)
    boxes = {
        box.find("div").get("id"): box for box in tree.iterfind(".//details[@class='more folded']")
    }
    assert [boxes[name].find("summary")[0].text for name in ("wash", "how", "cover")] == [
        *("Wash", "How", "Cover")
    ]
    said = {name: " ".join(box.find("div").text_content().split()) for name, box in boxes.items()}
    assert said == {
        "wash": "Wash it. How With soap. When At night.",
        "how": "With soap.",
        "cover": "A plaster.",
    }
    assert boxes["how"].getparent().getparent() is boxes["wash"]
    # The meanings of terms stand below the last section, and not in it.
    assert tree[-1].findtext("summary") == "Words here"


def test_a_box_ends_a_section_that_is_folded() -> None:
    tree = shown(
        '## Wash {#wash .more}\n\nIt.\n\n!!! today ""\n\n    ## Call {#call}\n\n    Now.\n'
    )
    assert not tree.xpath("//details//*[@id='call']")
    assert tree.xpath("string(//details/div)").strip() == "It."


@pytest.mark.parametrize(
    "text",
    [
        "## A plaster {#a}",
        "[a plaster](b.md)",
        "`plaster`",
        '!!! emergency ""\n\n    ## Call {#call}\n\n    Take off the plaster.',
        "emplastered",
    ],
    ids=["title", "link", "code", "emergency", "part of a word"],
)
def test_nothing_is_linked_within(text: str) -> None:
    assert linked(shown(text)) == []


def test_the_longest_term_is_taken_and_several_in_one_text() -> None:
    tree = shown("A **classic suture** or a plaster, not a suture.")
    assert linked(tree) == ["classic suture", "plaster"]
    assert tree.find("p").text_content() == "A classic suture or a plaster, not a suture."


def test_what_is_left_of_a_term_that_was_linked_is_no_other_term() -> None:
    """As "prolotherapy" within "neural prolotherapy": it names another treatment."""
    blunt = Term("Blunt suture", "Another one.", re.compile(r"\bblunt suture\b", re.I))
    tree = shown("A blunt suture, and a blunt suture again. A suture.", [*TERMS, blunt])
    assert linked(tree) == ["blunt suture", "suture"]
    assert tree.find("p").text_content() == "A blunt suture, and a blunt suture again. A suture."


def test_cells_of_a_wide_table_name_their_column() -> None:
    three = shown("| A | B | C |\n|---|---|---|\n| one | two | three |\n")
    assert [cell.get("data-label") for cell in three.iter("td")] == [None, "B", "C"]
    two = shown("| A | B |\n|---|---|\n| one | two |\n")
    assert [cell.get("data-label") for cell in two.iter("td")] == [None, None]


def test_a_glossary_gives_its_terms_with_other_forms_the_longest_name_first(docs: Docs) -> None:
    page = docs.pages["en", "slip"]
    html = "<ul><li><strong>Pus</strong>: a fluid</li><li>Skin glue (glue, glues): sticks</li></ul>"
    glossary = replace(page, kind="glossary", html=html)
    found = terms_of([page, glossary])
    assert [(term.name, term.meaning) for term in found] == [
        ("Skin glue", "sticks"),
        ("Pus", "a fluid"),
    ]
    assert found[0].pattern.findall("Glue and skin glue, unglued") == ["Glue", "skin glue"]
