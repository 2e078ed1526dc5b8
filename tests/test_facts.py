"""Rates, risks and sources, as docs/facts/ gives them."""

from __future__ import annotations

import pytest

from plainleaf.facts import read_facts
from plainleaf.model import Benchmark, Facts, Project, Rate, Reference, Risk
from plainleaf.problems import Problem

LEAFLET = Reference(
    "first-aid-leaflet",
    "First aid leaflet",
    "An invented leaflet, for these tests only.",
    "first-aid.example/cuts",
    "leaflet",
)


def read(project: Project) -> tuple[Facts, list[str]]:
    problems: list[Problem] = []
    return read_facts(project, problems), list(map(str, problems))


def test_a_risk_carries_its_benchmark_and_the_source_of_it(project: Project) -> None:
    benchmark = Benchmark(Rate(5, 100, is_under=True), LEAFLET)
    facts, problems = read(project)
    assert facts.risks == {"infection": Risk("infection", None, "minor", "today", benchmark)}
    assert facts.references == {"first-aid-leaflet": LEAFLET}
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


def test_both_files_may_be_absent(project: Project) -> None:
    (project.folder / "docs/facts/risks.yml").unlink()
    (project.folder / "docs/facts/sources.yml").unlink()
    assert read(project) == (Facts({}, {}), [])
