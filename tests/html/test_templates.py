"""Templates fill in nothing undefined, run nothing harmful, and say where they are wrong."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from plainleaf.html.templates import (
    NameUnknownError,
    environment,
    fill,
    render_template,
    render_text,
    speech,
    words_used,
)
from plainleaf.model import Docs, Project
from plainleaf.problems import Place, Problem
from tests.conftest import composed_of, mark
from tests.repository import change

PAGE = Place("docs/en/index.md", 1)
NO_TEMPLATES = environment(Project(Path("none"), Path("none")), "page")


def filled(text: str, **values: Any) -> str:
    return str(render_text(NO_TEMPLATES, text, PAGE, values))


def composed(project: Project, handout: str = "note", clinic: str = "corner") -> str:
    """Give the HTML of one sheet of a project in which nothing may be wrong."""
    return composed_of(project, f"{clinic}/en/{handout}")[0].html


def html(text: str) -> lxml.html.HtmlElement:
    return lxml.html.document_fromstring(text)


def test_a_phrase_is_filled() -> None:
    assert fill("About {count} in {people}", count=2, people="1,000") == "About 2 in 1,000"


def test_a_phrase_with_a_place_that_is_never_filled_is_refused() -> None:
    with pytest.raises(NameUnknownError) as caught:
        fill("About {cuont}", count=2)
    assert (
        str(caught.value) == 'the phrase "About {cuont}" has a place {cuont} that is never filled.'
    )
    assert caught.value.hint == "In words.yml, use only {count} in this phrase."


def test_a_phrase_does_not_say_how_wide_a_value_is() -> None:
    for phrase in ("{count:300000000}", "{count!r}"):
        with pytest.raises(NameUnknownError) as caught:
            fill(phrase, count=2)
        assert str(caught.value).endswith("has a place that holds more than a name.")


def test_an_undefined_name_is_a_problem_in_a_template_even_where_it_is_only_tested(
    tmp_path: Path,
) -> None:
    (tmp_path / "page").mkdir()
    (tmp_path / "page/a.jinja").write_text("{% if nmae %}a{% endif %}{{ lipsum() }}")
    problem = render_template(environment(Project(tmp_path, tmp_path), "page"), "a.jinja", {})
    assert isinstance(problem, Problem)
    assert problem.message == '"nmae" is not defined.'


def test_a_value_is_shown_as_typed_and_never_as_markup() -> None:
    assert filled("{{ name }}", name="<b>&") == "&lt;b&gt;&amp;"


def test_the_id_of_a_heading_is_no_comment() -> None:
    assert filled("## Wash {#wash}\n\n{## a remark ##}Text") == "## Wash {#wash}\n\nText"


def test_line_ends_at_the_end_of_a_text_are_kept() -> None:
    assert filled("a\n\n") == "a\n\n"


@pytest.mark.parametrize(
    "text",
    [
        "{{ name.__class__ }}",
        "{{ ''.__class__.__mro__ }}",
        "{{ name.format.__globals__ }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os }}",
        "{{ '{0.__class__}'.format(name) }}",
        "{{ range(10 ** 9) }}",
        "{% for a in range(10 ** 6) %}{% endfor %}",
        "{{ [] | map(attribute='a') | first }}",
        "{{ namespace }}",
        "{{ 'a' * 10 ** 11 }}",
        "{{ name | center(10 ** 12) }}",
        "{{ lipsum(10 ** 6) }}",
        "{{ 'x'.ljust(300000000) }}",
        "{{ '%300000000d' % 1 }}",
        "{{ name.replace('a', 'aa') }}",
        "{{ cycler('a') }}",
        "{{ self }}",
        "{{ None }}",
        "{{ 5 }}",
        "{% set b = 'c' %}",
        "{% if name %}a{% endif %}",
        "{{ name or 'b' }}",
        "{{ [name] }}",
        "{{ name('a')('b') }}",
    ],
)
def test_what_reaches_inside_or_grows_without_end_is_a_problem_with_its_line(text: str) -> None:
    problem = render_text(NO_TEMPLATES, f"\n{text}\n", PAGE, {"name": "a"})
    assert isinstance(problem, Problem)
    assert problem.source == Place("docs/en/index.md", 2)


def test_an_undefined_name_is_a_problem_even_within_brackets() -> None:
    assert filled("{{ cite(nmae) }}", cite=str) == (
        'docs/en/index.md:1: "nmae" is not defined.\n'
        "    Pages know cite, risk_table, icon_array, source_list, shared and clinic. "
        'What stands in their brackets needs quotes: `{{ cite("a-source") }}`.'
    )


def test_a_problem_in_a_template_names_the_innermost_template(tmp_path: Path) -> None:
    folder = tmp_path / "page"
    folder.mkdir()
    (folder / "outer.jinja").write_text('\n{% include "inner.jinja" %}\n')
    (folder / "inner.jinja").write_text("\n\n{{ nothing }}\n")
    templates = environment(Project(tmp_path / "none", tmp_path), "page")
    problem = render_template(templates, "outer.jinja", {})
    assert isinstance(problem, Problem)
    assert str(problem.source) == "templates/page/inner.jinja:3"


def test_the_words_and_places_of_all_templates_are_found(project: Project) -> None:
    folder = project.folder / "templates/handout"
    folder.mkdir(parents=True)
    (folder / "a.jinja").write_text(
        "{{ words.once }} {{ (words.x if a else words.y) | fill(n=1) }}"
    )
    used = words_used(project) or {}
    assert [used[word] for word in ("x", "y", "pages")] == [{"n"}, {"n"}, {"count"}]
    assert used["once"] == used["page"] == set()


def test_with_a_broken_template_nobody_can_say_which_words_are_used(project: Project) -> None:
    folder = project.folder / "templates/website"
    folder.mkdir(parents=True)
    (folder / "a.jinja").write_text("{% if %}")
    assert words_used(project) is None


@pytest.mark.parametrize(
    ("code", "day", "number"),
    [
        ("en", "23 November 2026", "10,000"),
        ("ar", "23 نوفمبر 2026", "10,000"),
        ("pt-BR", "23 de novembro de 2026", "10.000"),
    ],
)
def test_a_date_and_a_number_are_spoken_in_the_language(
    docs: Docs, code: str, day: str, number: str
) -> None:
    spoken = speech(replace(docs.languages["en"], code=code))
    assert (spoken["date"](date(2026, 11, 23)), spoken["number"](10_000)) == (day, number)


@pytest.mark.parametrize(
    "name", ["No", "9:30", "1.10", "<script>alert(1)</script>", "A & B", '"><img src=x>', "{{ a }}"]
)
def test_the_name_of_a_clinic_is_printed_as_it_is_typed(project: Project, name: str) -> None:
    change(project.folder, "Corner Clinic", f"'{name}'", "clinics/corner/clinic.yml")
    tree = html(composed(project))
    assert tree.find_class("name")[0].text_content() == name
    assert tree.findall(".//script") == []
    assert [image.get("src", "")[:5] for image in tree.iter("img")] == ["data:", "data:"]


def test_windows_line_ends_and_a_byte_order_mark_print_the_same(project: Project) -> None:
    before = composed(project)
    for path in [*project.folder.rglob("*.yml"), *project.folder.rglob("*.md")]:
        text = path.read_text("utf-8")
        path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert composed(project) == before


def test_line_ends_of_old_macs_print_the_same(project: Project) -> None:
    before = composed(project)
    path = project.folder / "docs/en/index.md"
    path.write_bytes(path.read_bytes().replace(b"\n", b"\r"))
    assert composed(project) == before


def test_extensions_may_be_written_as_keys(project: Project) -> None:
    before = composed(project)
    keys = "  attr_list: {}\n  admonition: {}"
    change(project.folder, "  - attr_list\n  - admonition", keys, "mkdocs.yml")
    assert composed(project) == before


def test_a_letter_in_a_comment_needs_no_font(
    project: Project, run: Callable[..., tuple[int, str]]
) -> None:
    change(project.folder, "# Invented.", "# 水", "clinics/corner/clinic.yml")
    assert run("check", "--project", str(project.folder)) == (0, "")


def test_signs_that_mark_the_direction_of_writing_need_no_font(
    project: Project, run: Callable[..., tuple[int, str]]
) -> None:
    change(project.folder, "Clean water is enough", "Clean\u200e water\u200f is enough")
    mark(project.folder)
    status, said = run("check", "--project", str(project.folder))
    assert (status, said.count("control."), said.count("[")) == (0, 2, 2), said  # a draft again
