"""Tests of markup and origins: what is sound is left alone, and a tag is found where it stands."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import page as page_validation
import pytest

from plainleaf.html.faults import in_page, in_templates, see_through, strings
from plainleaf.html.origins import Origins, tags_of
from plainleaf.html.templates import environment
from plainleaf.model import Project
from plainleaf.problems import Place
from tests.repository import change
from tests.typeset.test_typeset import composed, printed

SOUND = {
    "a picture with words": '<img src="data:," alt="A drop">',
    "a drawing with a title": "<svg><title>A drop</title><g><svg><rect/></svg></g></svg>",
    "a drawing that is partly see-through": (
        '<svg><title>A drop</title><rect opacity=".5" style="opacity: .5"/></svg>'
    ),
    "opacity of a whole": '<p style="opacity: 1">A</p><p style="opacity: 100%">B</p>',
    "a see-through colour": '<p style="color: rgba(0, 0, 0, .8)">A</p>',
    "a table with a head": "<table><tr><th>A</th></tr><tr><td>c</td></tr></table>",
    "a table with a head for each row": (
        "<table><tr><td></td><th>B</th></tr><tr><th>A</th><td>c</td></tr></table>"
    ),
    "a link beside a picture": '<img src="data:," alt="A drop"> <a href="https://a.example">A</a>',
    "fields with names and titles": (
        '<input name="a" title="A"><textarea name="b" title="B"></textarea>'
        '<input type="checkbox" name="c" title="C"><input type="hidden">'
    ),
    "a group of which one is chosen": (
        '<input type="radio" name="a" title="A"><input type="radio" name="a" title="B">'
    ),
    "headings that go back": "<h2>A</h2><h3>B</h3><h4>C</h4><h2>D</h2><h1>E</h1><h2>F</h2>",
    "what a page says, and was judged there": (
        '<div data-section="a#a"><h2>A</h2><h4>B</h4><img src="data:," alt="">'
        "<table><tr><td>c</td></tr></table></div>"
    ),
}


@pytest.mark.parametrize("html", SOUND.values(), ids=SOUND)
def test_what_is_sound_is_left_alone(project: Project, html: str) -> None:
    assert (
        list(in_templates(environment(project, "handout"), [("leaflet", f"<h1>T</h1>{html}")]))
        == []
    )


def test_a_sound_page_is_left_alone() -> None:
    html = (
        '<svg><title>A drop</title><rect opacity=".5"/></svg><p style="opacity: 1">A</p>'
        '<a href="b.md">B</a><img src="data:," alt="A"><a href="c.md"><strong>C</strong></a>'
    )
    tree = lxml.html.fragment_fromstring(html, create_parent="div")
    assert list(in_page(tree, "docs/en/a.md", html)) == []


def test_a_picture_of_which_parts_are_see_through_stays_tagged(
    project: Project, tmp_path: Path
) -> None:
    """Its group stands within the one tag of the picture, so there is nothing to refuse."""
    change(project.folder, "<path", '<path opacity="0.5"', "docs/assets/drop.svg")
    result = printed(composed(project))
    file = tmp_path / "note.pdf"
    file.write_bytes(result.pdf)
    report = page_validation.validate_pdf(file, profile=page_validation.ValidationProfile.PDF_UA_1)
    assert report.failures == []


@pytest.mark.parametrize(
    ("css", "lines"),
    [
        ("a:hover { opacity: .5 }", {1}),
        ("@media print {\n p:first-child { color: red;\n opacity: 50% } }", {3}),
        ("@page { @top-left {\n opacity: .3 } }", {2}),
        ("opacity: 0.2 !important", {1}),
        ("p { opacity: var(--pale) }", {1}),
        ("p { OPACITY: 0 }", {1}),
        ("p { opacity: 1 } q { opacity: 100% } /* opacity: 0 */", set()),
        (".opacity { fill-opacity: .5 }", set()),
    ],
)
def test_css_that_makes_see_through_is_found_with_its_line(css: str, lines: set[int]) -> None:
    assert set(see_through(css)) == lines


def test_the_texts_that_css_prints_are_found_with_their_lines() -> None:
    css = 'p::before { content: "a"; }\n/* "b" */\n@media print { q { content: attr(x) "c"; } }'
    assert list(strings(css)) == [("a", 1), ("c", 3)]


TEMPLATE = """\
{# <p class="none"> "quoted" #}
<div class="box{{ " wide"
  if field.rows > 1 }}">
{% if a %}<p class="one">One</p>{% else %}<p class="two">Two</p>{% endif %}
<p {% if b %}class="three"{% endif %}>{{ c }}</p>
</div>
"""


def test_the_tags_of_a_template_are_found_with_their_lines() -> None:
    assert [(tag.name, tag.source.line) for tag in tags_of(TEMPLATE, "a")] == [
        ("div", 2),
        ("p", 4),
        ("p", 4),
        ("p", 5),
    ]


def test_a_broken_template_has_no_tags() -> None:
    assert list(tags_of("<p>{{ 'never closed }}</p>", "a")) == []


@pytest.mark.parametrize(
    ("html", "line"),
    [
        ('<div class="box wide"></div>', 2),
        ('<p class="two">Two</p>', 4),
        ('<p class="three">Three</p>', 5),
        ("<p>Four</p>", 5),
        ("<h3>Five</h3>", 0),
    ],
)
def test_an_element_is_traced_to_its_tag(project: Project, html: str, line: int) -> None:
    file = project.folder / "templates" / "odd" / "a.html.jinja"
    file.parent.mkdir(parents=True)
    file.write_text(TEMPLATE, "utf-8")
    place = Origins(environment(project, "odd"), "odd").origin_of(lxml.html.fromstring(html), "b")
    assert place == Place(f"templates/odd/{'a' if line else 'b'}.html.jinja", line)
