"""Risks as tables and as dots to count, filled in from docs/facts/, in two languages."""

from __future__ import annotations

import base64
from typing import Any

import lxml.html
import pytest
from lxml import etree

from plainleaf.files.icons import icon_array
from plainleaf.html.templates import environment
from plainleaf.model import Docs, Project
from plainleaf.problems import Place, Problem
from plainleaf.read.fill import fill_page
from plainleaf.read.read import read
from tests.repository import change

RISKS = """
infection:
  rate: not known
  severity: minor
  act: today
  benchmark:
    rate: under 5 in 100
    procedure: stitches
    source: first-aid-leaflet
scar:
  rate: 12 in 100
  severity: expected
  act: none
  benchmark:
    rate: 30 in 100
    procedure: stitches
    source: first-aid-leaflet
faint:
  rate: not known
  severity: serious
  act: emergency
allergy:
  rate: not known
  severity: serious
  act: routine
  benchmark:
    rate: 3 in 1,000
    of: injections
    procedure: stitches
    source: first-aid-leaflet
"""
SHARED = """
red-signs:
  fall: falling down
  lips: blue lips
later: a headache the next day
"""
WORDS = "docs/en/words.yml"
NAMES = {"en": ("Scar", "Faint", "Allergy"), "ar": ("ندبة", "إغماء", "حساسية")}
STITCHES = {"en": "larger cuts with stitches", "ar": "الجروح الأكبر المخيطة"}


@pytest.fixture
def risky(project: Project) -> Project:
    """Give the copy of tests/tiny with four risks."""
    (project.folder / "docs/facts/risks.yml").write_text(RISKS.lstrip(), "utf-8")
    for code, (scar, faint, allergy) in NAMES.items():
        path = project.folder / f"docs/{code}/words.yml"
        more = (
            f"  scar:\n    name: {scar}\n    often: It fades.\n  faint:\n    name: {faint}\n"
            f"  allergy:\n    name: {allergy}\n    do: Take the plaster off.\n"
        )
        path.write_text(path.read_text("utf-8") + more, "utf-8")
    return project


def filled(project: Project, call: str, code: str = "en") -> str | Problem:
    problems: list[Problem] = []
    docs = read(project, problems)
    assert problems == []
    return fill(docs, call, code)


def fill(docs: Docs, call: str, code: str) -> str | Problem:
    templates, text = (
        environment(docs.project, "page"),
        f"{{{{ {call} }}}}\n\n{{{{ source_list() }}}}",
    )
    result = fill_page(templates, docs.languages[code], docs.facts, text, (), Place("a.md", 1))
    return result if isinstance(result, Problem) else result.text


def tree(project: Project, call: str, code: str = "en") -> Any:
    html = filled(project, call, code)
    assert isinstance(html, str), html
    return lxml.html.fragment_fromstring(html, create_parent="div")


def rows(project: Project, call: str, code: str = "en") -> list[list[str]]:
    return [
        [" ".join(cell.text_content().split()) for cell in row]
        for row in tree(project, call, code).iter("tr")
    ]


def picture(source: str) -> Any:
    kind, _, data = source.partition("base64,")
    assert kind == "data:image/svg+xml;"
    return etree.fromstring(base64.b64decode(data))


def test_a_benchmark_names_its_procedure_and_its_source(risky: Project) -> None:
    _, infection = rows(risky, 'risk_table("infection")')
    assert infection[0] == "Infection"
    assert infection[1] == (
        "Not known. In larger cuts with stitches: fewer than 5 in 100 people (First aid leaflet)."
    )
    link = tree(risky, 'risk_table("infection")').find(".//td/a")
    assert link.get("href") == "#source-first-aid-leaflet"


def test_a_rate_says_what_was_counted(risky: Project) -> None:
    _, scar = rows(risky, 'risk_table("scar")')
    assert scar[1] == (
        "about 12 in 100 people. "
        "In larger cuts with stitches: about 30 in 100 people (First aid leaflet)."
    )
    _, allergy = rows(risky, 'risk_table("allergy")')
    assert "about 3 in 1,000 injections" in allergy[1]


def test_the_plain_word_for_how_often_stands_where_nobody_has_counted(risky: Project) -> None:
    change(risky.folder, "name: Faint", "name: Faint\n    often: By judgement, rare.", WORDS)
    assert rows(risky, 'risk_table("faint")')[1][1] == "By judgement, rare."


@pytest.mark.parametrize(
    ("risk", "deed"),
    [
        ("infection", "Call us the same day."),
        ("scar", "Nothing."),
        ("faint", "Call an ambulance."),
        ("allergy", "Take the plaster off."),
    ],
)
def test_each_risk_says_what_to_do(risky: Project, risk: str, deed: str) -> None:
    assert rows(risky, f'risk_table("{risk}")')[1][2] == deed


def test_the_signs_of_a_risk_are_those_that_are_shared(risky: Project) -> None:
    (risky.folder / "docs/en/shared.yml").write_text(SHARED, "utf-8")
    change(risky.folder, "name: Faint", "name: Faint\n    signs: [red-signs.fall, later]", WORDS)
    (cell,) = tree(risky, 'risk_table("faint")').xpath("//td[br]")
    assert [cell.text, *(line.tail.strip() for line in cell)] == [
        "– falling down",
        "– a headache the next day",
        "Call an ambulance.",
    ]


def test_signs_that_nobody_shares_are_named_with_those_that_are(risky: Project) -> None:
    (risky.folder / "docs/en/shared.yml").write_text(SHARED, "utf-8")
    change(risky.folder, "name: Faint", "name: Faint\n    signs: [red-signs]", WORDS)
    problems: list[Problem] = []
    read(risky, problems)
    line = risky.text(WORDS).split("\n").index("    signs: [red-signs]") + 1
    assert [str(problem) for problem in problems] == [
        f'docs/en/words.yml:{line}: no line of shared.yml is called "red-signs".\n'
        '    Did you mean "red-signs.lips"? The lines of shared.yml are: '
        "later, red-signs.fall, red-signs.lips."
    ]


def test_a_table_in_arabic_says_the_same(risky: Project) -> None:
    head, infection, scar = rows(risky, 'risk_table("infection", "scar")', "ar")
    assert head == ["ما قد يحدث", "كم مرة يحدث", "ماذا تفعل"]
    assert infection == [
        "عدوى",
        "غير معروف. في الجروح الأكبر المخيطة: أقل من 5 من كل 100 شخص (First aid leaflet).",
        "اتصل بنا في اليوم نفسه.",
    ]
    assert "نحو 30 من كل 100 شخص" in scar[1]


def test_each_row_and_column_has_a_head(risky: Project) -> None:
    table = tree(risky, 'risk_table("infection", "scar")')
    assert [head.get("scope") for head in table.iter("th")] == ["col"] * 3 + ["row"] * 2


def test_a_table_has_one_denominator(risky: Project) -> None:
    found = filled(risky, 'risk_table("scar", "allergy")')
    assert isinstance(found, Problem)
    assert str(found) == (
        "a.md:1: the rates of this table are out of different numbers of people: 100 and 1,000.\n"
        "    Make a table for each, or write the rates in risks.yml out of the same number."
    )


def test_the_rates_of_this_treatment_count_for_the_denominator_too(risky: Project) -> None:
    change(risky.folder, "12 in 100", "12 in 500", "docs/facts/risks.yml")
    found = filled(risky, 'risk_table("scar")')
    assert isinstance(found, Problem)
    assert "100 and 500." in found.message


def test_risks_without_rates_join_any_table(risky: Project) -> None:
    assert len(rows(risky, 'risk_table("allergy", "faint")')) == 3


@pytest.mark.parametrize("count", [0, 1, 30, 100])
def test_of_a_hundred_dots_so_many_are_filled(count: int) -> None:
    drawn = hundred(picture(icon_array(count, 100)))
    # From left to right and from the top down; a dot that is not meant is white within.
    assert list(drawn) == [(5 + 10 * (n % 10), 5 + 10 * (n // 10)) for n in range(100)]
    assert list(drawn.values()) == ["#1a1a1a"] * count + ["#fff"] * (100 - count)


def hundred(svg: Any) -> dict[tuple[float, float], str]:
    """Give the dots of rows that are dashed lines, and the last colour that each is given."""
    drawn = {}
    for path in svg.iter("{*}path"):
        assert path.get("stroke-dasharray") == "0 10"
        assert path.get("stroke-linecap") == "round"
        for row in path.get("d").split("M")[1:]:
            start, _, length = row.partition("h")
            x, y = map(float, start.split())
            drawn.update(
                {(x + 10 * n, y): path.get("stroke") for n in range(1 + int(float(length)) // 10)}
            )
    return drawn


@pytest.mark.parametrize("people", [101, 128, 200, 250, 301, 500, 999, 1000])
def test_of_a_crowd_each_dot_is_as_large_as_the_others(people: int) -> None:
    for count in {0, 1, 2, 11, 100, people - 1, people}:
        drawn = hundred(picture(icon_array(count, people)))
        assert list(drawn) == [(5 + 10 * (n % 50), 5 + 10 * (n // 50)) for n in range(people)]
        assert list(drawn.values()).count("#1a1a1a") == count, f"{count} of {people}"


def test_a_picture_of_a_thousand_is_small_enough_for_a_sheet() -> None:
    assert max(len(icon_array(count, 1000)) for count in (0, 5, 999)) < 10_000


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "A picture of 100 dots, one for each of 100 people. 30 are black, 70 are not."),
        ("ar", "صورة فيها 100 نقطة، واحدة لكل شخص. منها 30 سوداء، و70 ليست كذلك."),
    ],
)
def test_the_dots_have_a_text_that_says_the_same(risky: Project, code: str, text: str) -> None:
    (image,) = tree(risky, 'icon_array("scar")', code).iter("img")
    assert image.get("alt") == text
    assert list(hundred(picture(image.get("src"))).values()).count("#1a1a1a") == 30


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "A picture of 100 dots, one for each of 100 people, with fewer than 5 black."),
        ("ar", "صورة فيها 100 نقطة، واحدة لكل شخص، السوداء منها أقل من 5."),
    ],
)
def test_the_text_of_a_limit_says_that_it_is_one(risky: Project, code: str, text: str) -> None:
    (image,) = tree(risky, 'icon_array("infection")', code).iter("img")
    assert image.get("alt") == text


@pytest.mark.parametrize("code", ["en", "ar"])
def test_the_dots_name_their_procedure_in_words_beside_them(risky: Project, code: str) -> None:
    array = tree(risky, 'icon_array("scar", "infection")', code)
    texts = [" ".join(text.text_content().split()) for text in array.iter("p")]
    assert len([text for text in texts if STITCHES[code] in text]) == 2
    assert len(list(array.iter("img"))) == 2
    assert len([text for text in texts if "First aid leaflet" in text]) == 2


def test_many_are_said_with_their_commas_and_what_they_are(risky: Project) -> None:
    (image,) = tree(risky, 'icon_array("allergy")').iter("img")
    assert image.get("alt") == (
        "A picture of 1,000 dots, one for each of 1,000 injections. 3 are black, 997 are not."
    )


def test_a_picture_holds_no_more_dots_than_a_reader_can_see(risky: Project) -> None:
    change(risky.folder, "3 in 1,000", "3 in 10,000", "docs/facts/risks.yml")
    assert str(filled(risky, 'icon_array("allergy")')) == (
        'a.md:1: the risk "allergy" would be drawn as 10,000 dots.\n'
        "    Show it in a risk table: nobody counts more than 1,000."
    )


def test_a_risk_without_a_benchmark_cannot_be_drawn(risky: Project) -> None:
    assert str(filled(risky, 'icon_array("faint")')) == (
        'a.md:1: the risk "faint" has no number to draw.\n'
        "    Take it away, or give it a benchmark in docs/facts/risks.yml."
    )


@pytest.mark.parametrize("call", ["risk_table", "icon_array"])
def test_a_risk_that_is_not_there_shows_those_that_are(risky: Project, call: str) -> None:
    assert str(filled(risky, f'{call}("scars")')) == (
        'a.md:1: there is no risk "scars".\n'
        '    Did you mean "scar"? The risks in docs/facts/risks.yml are: '
        "allergy, faint, infection, scar."
    )


@pytest.mark.parametrize("call", ["risk_table", "icon_array"])
def test_what_is_asked_for_must_list_its_sources(docs: Docs, call: str) -> None:
    facts, language = docs.facts, docs.languages["en"]
    text = f'Text.\n\n{{{{ {call}("infection") }}}}'
    templates = environment(docs.project, "page")
    found = fill_page(templates, language, facts, text, (), Place("a.md", 1))
    assert isinstance(found, Problem)
    assert found.source == Place("a.md", 3)
    assert found.message == "this page cites sources but does not list them."


@pytest.mark.parametrize("code", ["en", "ar"])
def test_a_page_may_hold_a_table_and_its_dots(risky: Project, code: str) -> None:
    old = '{{ risk_table("infection") }}'
    new = '{{ risk_table("infection", "scar") }}\n\n{{ icon_array("scar") }}'
    change(risky.folder, old, new, f"docs/{code}/index.md")
    problems: list[Problem] = []
    page = read(risky, problems).pages[code, "index"]
    assert problems == []
    section: Any = lxml.html.fragment_fromstring(page.sections["risks"].html, create_parent="div")
    assert len(list(section.iter("table"))) == 1
    assert len([image for image in section.iter("img") if "icons" in image.get("class", "")]) == 1
