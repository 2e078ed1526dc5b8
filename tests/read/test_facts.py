"""Rates, risks and sources, as docs/facts/ gives them."""

from __future__ import annotations

import pytest

from plainleaf.model import Benchmark, Facts, Project, Rate, Reference, Risk
from plainleaf.problems import Place, Problem
from plainleaf.read.facts import read_facts

LEAFLET = Reference(
    "first-aid-leaflet",
    "First aid leaflet",
    "An invented leaflet, for these tests only.",
    "first-aid.example/cuts",
    "",
    "leaflet",
    "2020",
    "leaflet",
    "not a study",
    "It is invented.",
    ("fewer than 5 in 100",),
    Place("docs/facts/sources.yml", 1),
)
FIGURES = {"10 minutes": "how long to press; invented"}
A_SOURCE = """\
a:
  label: A
  title: A study, for these tests only.
  where: a.example
  seen: abstract
  kind: trial
  size: 12 people
  limits: It is invented.
  figures: [12 people, 3 in 12]
  year: {year}
"""


def read(project: Project) -> tuple[Facts, list[str]]:
    problems: list[Problem] = []
    return read_facts(project, problems), list(map(str, problems))


def read_a_source(project: Project, year: str) -> tuple[Facts, list[str]]:
    """Read sources.yml with nothing but one source of this year; no risk needs another."""
    (project.folder / "docs/facts/risks.yml").unlink()
    (project.folder / "docs/facts/sources.yml").write_text(A_SOURCE.format(year=year), "utf-8")
    return read(project)


def test_a_risk_carries_its_benchmark_and_the_source_of_it(project: Project) -> None:
    benchmark = Benchmark(Rate(5, 100, is_under=True), "people", "stitches", LEAFLET)
    facts, problems = read(project)
    assert facts.risks == {"infection": Risk("infection", None, "minor", "today", benchmark)}
    assert facts.references == {"first-aid-leaflet": LEAFLET}
    assert facts.figures == FIGURES
    assert facts.is_whole
    assert problems == []


@pytest.mark.parametrize(
    ("written", "rate"),
    [
        ("2 in 100", Rate(2, 100, is_under=False)),
        ("under 1 in 10,000", Rate(1, 10_000, is_under=True)),
        ("0 in 5", Rate(0, 5, is_under=False)),
        ("7 in 7", Rate(7, 7, is_under=False)),
    ],
)
def test_a_rate_is_so_many_in_so_many(project: Project, written: str, rate: Rate) -> None:
    path = project.folder / "docs/facts/risks.yml"
    path.write_text(f"a:\n  rate: {written}\n  severity: minor\n  act: none\n", "utf-8")
    assert read(project)[0].risks["a"].rate == rate


@pytest.mark.parametrize("written", ["2%", "2 of 100", "8 in 7", "0 in 0", "-1 in 5", "1 in", "²"])
def test_what_is_no_rate_is_a_problem(project: Project, written: str) -> None:
    path = project.folder / "docs/facts/risks.yml"
    path.write_text(f"a:\n  severity: minor\n  act: none\n  rate: {written}\n", "utf-8")
    facts, problems = read(project)
    assert facts.risks == {}
    assert not facts.is_whole
    assert problems == [
        f'docs/facts/risks.yml:4: "rate" must be so many in so many, not "{written}".\n'
        "    Write `rate: 2 in 100`, or `not known` where nobody has counted."
    ]


@pytest.mark.parametrize("year", ["2020", "1894", "not known"])
def test_a_source_is_what_its_file_says(project: Project, year: str) -> None:
    facts, problems = read_a_source(project, year)
    assert problems == []
    assert facts.references == {
        "a": Reference(
            "a",
            "A",
            "A study, for these tests only.",
            "a.example",
            "",
            "abstract",
            year,
            "trial",
            "12 people",
            "It is invented.",
            ("12 people", "3 in 12"),
            Place("docs/facts/sources.yml", 1),
        )
    }


@pytest.mark.parametrize(
    "year", ["20", "20202", "about 2020", "2020-01-02", "unknown", "-201", "²⁰²⁰"]
)
def test_the_year_of_a_source_must_be_a_year(project: Project, year: str) -> None:
    facts, problems = read_a_source(project, year)
    assert facts.references == {}
    assert not facts.is_whole
    assert problems == [
        f'docs/facts/sources.yml:10: "year" must be a year, not "{year}".\n'
        "    Write `year: 2017`, or `not known`."
    ]


def test_figures_are_read_with_what_each_is(project: Project) -> None:
    path = project.folder / "docs/facts/figures.yml"
    path.write_text('# Numbers\n"112": the ambulance\n1 to 3 days: judgement\n', "utf-8")
    facts, problems = read(project)
    assert facts.figures == {"112": "the ambulance", "1 to 3 days": "judgement"}
    assert facts.is_whole
    assert problems == []


def test_a_figure_without_words_on_where_it_comes_from_is_a_problem(project: Project) -> None:
    (project.folder / "docs/facts/figures.yml").write_text("1 to 3 days:\n", "utf-8")
    facts, problems = read(project)
    assert not facts.is_whole
    assert [problem.partition("\n")[0] for problem in problems] == [
        'docs/facts/figures.yml:1: "1 to 3 days" is empty.'
    ]


def test_each_file_may_be_absent(project: Project) -> None:
    (project.folder / "docs/facts/risks.yml").unlink()
    (project.folder / "docs/facts/sources.yml").unlink()
    assert read(project) == (Facts({}, {}, FIGURES), [])
    (project.folder / "docs/facts/figures.yml").unlink()
    assert read(project) == (Facts({}, {}, {}), [])


def test_a_source_may_say_where_it_can_be_read(project: Project) -> None:
    linked = A_SOURCE.replace("  seen:", "  link: https://doi.org/10.1000/182\n  seen:")
    (project.folder / "docs/facts/risks.yml").unlink()
    (project.folder / "docs/facts/sources.yml").write_text(linked.format(year=2020), "utf-8")
    facts, problems = read(project)
    assert problems == []
    assert facts.references["a"].link == "https://doi.org/10.1000/182"


@pytest.mark.parametrize("link", ["doi.org/10.1000/182", "http://a.example", "https://a b"])
def test_where_a_source_can_be_read_is_a_web_address(project: Project, link: str) -> None:
    linked = A_SOURCE.replace("  seen:", f"  link: {link}\n  seen:")
    (project.folder / "docs/facts/risks.yml").unlink()
    (project.folder / "docs/facts/sources.yml").write_text(linked.format(year=2020), "utf-8")
    _, problems = read(project)
    assert problems == [
        f'docs/facts/sources.yml:5: "link" must be a web address, not "{link}".\n'
        "    Write it whole, from https:// on: `link: https://doi.org/10.1000/182`."
    ]
