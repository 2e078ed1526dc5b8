"""Risks as tables and as dots to count, filled in from docs/facts/, in two languages."""

from __future__ import annotations

import base64
from itertools import pairwise
from pathlib import Path
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
    rate: 3 in 10,000
    procedure: stitches
    source: first-aid-leaflet
"""
NAMES = {"en": ("Scar", "Faint", "Allergy"), "ar": ("ندبة", "إغماء", "حساسية")}
STITCHES = {"en": "larger cuts with stitches", "ar": "الجروح الأكبر المخيطة"}


@pytest.fixture
def risky(project: Project) -> Project:
    """Give the copy of tests/tiny with four risks."""
    (project.folder / "docs/facts/risks.yml").write_text(RISKS.lstrip(), "utf-8")
    for code, (scar, faint, allergy) in NAMES.items():
        path = project.folder / f"docs/{code}/words.yml"
        more = (
            f"  scar:\n    name: {scar}\n    here: It fades.\n  faint:\n    name: {faint}\n"
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
    return result if isinstance(result, Problem) else result[0]


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


def dots(svg: Any) -> list[Any]:
    return list(svg.iter("{*}circle"))


def test_a_risk_that_nobody_has_counted_is_not_known_here(risky: Project) -> None:
    _, infection = rows(risky, 'risk_table("infection")')
    assert infection[:2] == ["Infection", "Not known."]


def test_a_benchmark_names_its_procedure_and_its_source(risky: Project) -> None:
    _, infection = rows(risky, 'risk_table("infection")')
    assert infection[2] == (
        "In larger cuts with stitches: fewer than 5 in 100 had this. (First aid leaflet)"
    )
    link = tree(risky, 'risk_table("infection")').find(".//td/a")
    assert link.get("href") == "#source-first-aid-leaflet"


def test_a_rate_says_whom_it_happens_to_whom_it_does_not_and_its_name(risky: Project) -> None:
    _, scar = rows(risky, 'risk_table("scar")')
    assert scar[1] == "about 12 in 100 had this, 88 did not. Expect this. It fades."
    assert scar[2] == (
        "In larger cuts with stitches: about 30 in 100 had this, 70 did not. "
        "The word for this is “very common”. (First aid leaflet)"
    )


def test_where_there_is_no_benchmark_the_table_says_so(risky: Project) -> None:
    _, faint = rows(risky, 'risk_table("faint")')
    assert faint[2] == "We found no figure."


@pytest.mark.parametrize(
    ("risk", "deed"),
    [
        ("infection", "Call us the same day."),
        ("scar", "Nothing."),
        ("faint", "Call an ambulance."),
        ("allergy", "Take the plaster off. Tell us at your next visit."),
    ],
)
def test_each_risk_says_what_to_do(risky: Project, risk: str, deed: str) -> None:
    assert rows(risky, f'risk_table("{risk}")')[1][3] == deed


@pytest.mark.parametrize(
    ("risk", "said"),
    [("infection", "Not known."), ("faint", "Not known. It can be serious.")],
)
def test_how_serious_it_is_stands_beside_how_often(risky: Project, risk: str, said: str) -> None:
    assert rows(risky, f'risk_table("{risk}")')[1][1] == said


@pytest.mark.parametrize(
    ("rate", "word"),
    [
        ("1 in 10", "very common"),
        ("1 in 100", "common"),
        ("1 in 1,000", "uncommon"),
        ("1 in 10,000", "rare"),
        ("1 in 100,000", "very rare"),
        ("under 1 in 10,000", "very rare"),
    ],
)
def test_the_word_for_how_often_is_worked_out(risky: Project, rate: str, word: str) -> None:
    path = risky.folder / "docs/facts/risks.yml"
    path.write_text(RISKS.lstrip().replace("3 in 10,000", rate), "utf-8")
    assert f"The word for this is “{word}”." in rows(risky, 'risk_table("allergy")')[1][2]


def test_a_limit_that_fits_several_words_bears_none(risky: Project) -> None:
    assert "The word" not in rows(risky, 'risk_table("infection")')[1][2]


def test_a_table_in_arabic_says_the_same(risky: Project) -> None:
    head, infection, scar = rows(risky, 'risk_table("infection", "scar")', "ar")
    assert head == ["ما قد يحدث", "مع جرح صغير", "مع جروح أكبر", "ماذا تفعل"]
    assert infection == [
        "عدوى",
        "غير معروف.",
        "في الجروح الأكبر المخيطة: حدث هذا لأقل من 5 من كل 100. (First aid leaflet)",
        "اتصل بنا في اليوم نفسه.",
    ]
    assert "حدث هذا لنحو 30 من كل 100، ولم يحدث لعدد 70." in scar[2]
    assert "شائع جدًا" in scar[2]


def test_each_row_and_column_has_a_head(risky: Project) -> None:
    table = tree(risky, 'risk_table("infection", "scar")')
    assert [head.get("scope") for head in table.iter("th")] == ["col"] * 4 + ["row"] * 2


def test_a_table_has_one_denominator(risky: Project) -> None:
    found = filled(risky, 'risk_table("scar", "allergy")')
    assert isinstance(found, Problem)
    assert str(found) == (
        "a.md:1: the rates of this table are out of different numbers of people: 100 and 10,000.\n"
        "    Make a table for each, or write the rates in risks.yml out of the same number."
    )


def test_the_rates_of_this_treatment_count_for_the_denominator_too(risky: Project) -> None:
    path = risky.folder / "docs/facts/risks.yml"
    path.write_text(RISKS.lstrip().replace("12 in 100", "12 in 1,000"), "utf-8")
    found = filled(risky, 'risk_table("scar")')
    assert isinstance(found, Problem)
    assert "100 and 1,000." in found.message


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


def test_ten_thousand_dots_are_a_field_with_the_few_drawn_larger() -> None:
    svg = picture(icon_array(3, 10_000))
    (field,) = svg.iter("{*}path")
    assert field.get("d").count("M") == 100
    assert field.get("stroke-dasharray") == "4 6"
    marks = dots(svg)
    assert len(marks) == 3
    left, top, width, height = map(float, svg.get("viewBox").split())
    for mark in marks:
        x, y, radius = (float(mark.get(name)) for name in ("cx", "cy", "r"))
        assert left <= x - radius <= x + radius <= left + width
        assert top <= y - radius <= y + radius <= top + height
    places = [float(mark.get("cx")) for mark in marks]
    assert all(b - a > 2 * float(marks[0].get("r")) for a, b in pairwise(places))


def test_a_field_keeps_its_last_row_short() -> None:
    (field,) = picture(icon_array(1, 250)).iter("{*}path")
    assert [row.partition("h")[2] for row in field.get("d").split("M")[1:]] == ["996", "996", "496"]


@pytest.mark.parametrize(
    "people", [101, 128, 200, 250, 301, 500, 999, 1000, 1001, 1100, 1200, 5000, 10_000]
)
def test_of_a_crowd_so_many_are_seen(people: int) -> None:
    """Each is black, within the picture, and apart from all others."""
    for count in {0, 1, 2, 5, 10, 11, 20, 30, 100, 101, people - 1, people}:
        svg = picture(icon_array(count, people))
        left, top, width, height = map(float, svg.get("viewBox").split())
        seen = black_dots(svg)
        assert len(seen) == count, f"{count} of {people}"
        for x, y, radius in seen:
            assert left <= x - radius <= x + radius <= left + width
            assert top <= y - radius <= y + radius <= top + height
        assert all(
            abs(x - u) >= radius + other or y != v
            for (x, y, radius), (u, v, other) in pairwise(seen)
        )
        assert len({(x, y) for x, y, _ in seen}) == count


def black_dots(svg: Any) -> list[tuple[float, float, float]]:
    """Give the middle and radius of each black dot of a crowd, with the line around it."""
    seen = [
        (
            float(dot.get("cx")),
            float(dot.get("cy")),
            float(dot.get("r")) + float(dot.get("stroke-width")) / 2,
        )
        for dot in svg.iter("{*}circle")
        if dot.get("fill") == "#1a1a1a"
    ]
    for path in svg.findall("{*}path[@stroke='#1a1a1a']"):
        for row in path.get("d").split("M")[1:]:
            start, _, length = row.partition("h")
            x, y = map(float, start.split())
            radius = float(path.get("stroke-width")) / 2
            seen += [(x + 10 * n, y, radius) for n in range(1 + int(float(length)) // 10)]
    return seen


def test_a_picture_of_ten_thousand_is_small_enough_for_a_sheet() -> None:
    assert len(icon_array(5, 10_000)) < 10_000
    assert len(icon_array(9_999, 10_000)) < 10_000


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "A picture of 100 dots. 30 are black, 70 are not."),
        ("ar", "صورة فيها 100 نقطة. منها 30 سوداء، و70 ليست كذلك."),
    ],
)
def test_the_dots_have_a_text_that_says_the_same(risky: Project, code: str, text: str) -> None:
    (image,) = tree(risky, 'icon_array("scar")', code).iter("img")
    assert image.get("alt") == text
    assert list(hundred(picture(image.get("src"))).values()).count("#1a1a1a") == 30


@pytest.mark.parametrize(
    ("code", "text"),
    [
        ("en", "A picture of 100 dots, with fewer than 5 black."),
        ("ar", "صورة فيها 100 نقطة، السوداء منها أقل من 5."),
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
    assert all("First aid leaflet" in text for text in texts if text)


def test_many_people_are_said_with_their_commas(risky: Project) -> None:
    (image,) = tree(risky, 'icon_array("allergy")').iter("img")
    assert image.get("alt") == "A picture of 10,000 dots. 3 are black, 9,997 are not."
    assert image.get("class") == "icons crowd"


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
    path: Path = risky.folder / f"docs/{code}/index.md"
    old = '{{ risk_table("infection") }}'
    new = '{{ risk_table("infection", "scar") }}\n\n{{ icon_array("scar") }}'
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    problems: list[Problem] = []
    page = read(risky, problems).pages[code, "index"]
    assert problems == []
    section: Any = lxml.html.fragment_fromstring(page.sections["risks"].html, create_parent="div")
    assert len(list(section.iter("table"))) == 1
    assert len([image for image in section.iter("img") if "icons" in image.get("class", "")]) == 1
