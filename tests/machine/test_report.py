"""What check says to programs and to pull requests: JSON, and annotations beside the lines."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import build
from plainleaf.machine.report import Report, annotation, count_of
from plainleaf.problems import Place, Problem
from tests.conftest import mark, reissue
from tests.repository import change

SLIP = "docs/en/slip.md"

Check = Callable[..., tuple[int, str, str]]


@pytest.fixture
def checked(tiny: Path, capsys: pytest.CaptureFixture[str]) -> Check:
    """Give a function that checks the copy of tests/tiny: exit status, output, error output."""

    def checked(*words: str) -> tuple[int, str, str]:
        capsys.readouterr()  # what was said while the project was changed
        try:
            status = build.main(["check", "--project", str(tiny), *words])
        except SystemExit as stop:  # argparse stops by itself
            status = int(str(stop.code))
        return status, *capsys.readouterr()

    return checked


def change_slip(tiny: Path, old: str, new: str) -> None:
    change(tiny, old, new, SLIP)
    mark(tiny)  # else its translation would be told of, too


def as_json(checked: Check) -> tuple[int, Any]:
    status, out, errors = checked("--json")
    assert errors == ""
    return status, json.loads(out)


def test_json_of_a_project_that_is_well_is_empty(checked: Check) -> None:
    nothing = {"errors": 0, "warnings": 0, "findings": [], "waivers": []}
    assert as_json(checked) == (0, nothing)


def test_json_names_each_finding_with_all_that_is_known_of_it(tiny: Path, checked: Check) -> None:
    change_slip(tiny, "Show us the place.", "Show us the the place.")
    finding = {
        "file": SLIP,
        "line": 24,
        "level": "error",
        "gate": "leftovers.doubled",
        "subject": "us the the place",
        "message": '"the the" stands here twice.',
        "hint": "Take one of the two away.",
        "standard": "plain language, ISO 24495-1; proof-reading",
    }
    found = {"errors": 1, "warnings": 0, "findings": [finding], "waivers": []}
    assert as_json(checked) == (1, found)


def test_json_of_a_problem_that_no_gate_found_has_no_gate(tiny: Path, checked: Check) -> None:
    change(tiny, "slip#place", "slip#plaice", "handouts/slip.yml")
    status, found = as_json(checked)
    assert status == 1
    assert [(each["gate"], each["standard"], each["level"]) for each in found["findings"]] == [
        ("", "", "error")
    ]


def test_json_of_warnings_and_waivers_alone_is_a_success(tiny: Path, checked: Check) -> None:
    change_slip(
        tiny,
        "Show us the place.",
        "<!-- waive leftovers.doubled us the the place: her own “words” -->\n"
        "Show us the the place.",
    )
    reissue(tiny, reviewer="nobody yet")
    status, found = as_json(checked)
    assert status == 0
    assert (found["errors"], found["warnings"]) == (0, 2)
    assert [(each["gate"], each["level"]) for each in found["findings"]] == [
        ("control.draft", "warning"),
        ("control.reviewer", "warning"),
    ]
    assert found["waivers"] == [
        {
            "file": SLIP,
            "line": 24,
            "gate": "leftovers.doubled",
            "subjects": ["us the the place"],
            "reason": "her own “words”",
        }
    ]


def test_json_of_errors_counts_the_warnings_too(tiny: Path, checked: Check) -> None:
    change_slip(tiny, "Show us the place.", "Show us the the place.")
    reissue(tiny, reviewer="nobody yet")
    status, found = as_json(checked)
    assert status == 1
    assert (found["errors"], found["warnings"]) == (1, 1)
    assert [each["file"] for each in found["findings"]] == [SLIP, "ledger/note.yml"]


def test_json_of_a_broken_template_is_one_document(tiny: Path, checked: Check) -> None:
    """Templates are filled after the check: what is wrong in them stands in the same list."""
    template = tiny / "templates" / "handout" / "leaflet.html.jinja"
    template.parent.mkdir(parents=True)
    template.write_text(
        '{% extends "document.html.jinja" %}{% set kind = "leaflet" %}'
        "{% block page_head %}{{ nothing }}{% endblock %}",
        "utf-8",
    )
    status, found = as_json(checked)
    assert (status, found["errors"]) == (1, 1)
    assert found["findings"][0]["file"] == "templates/handout/leaflet.html.jinja"


def test_json_keeps_letters_of_every_language(tiny: Path, checked: Check) -> None:
    change(tiny, "أرنا المكان.\n\n", "", "docs/ar/slip.md")
    _, printed, _ = checked("--json")
    assert printed.isascii()  # so that a terminal of any code page can show it
    assert any("مكان الجرح" in found["message"] for found in json.loads(printed)["findings"])


def test_github_shows_nothing_where_all_is_well(checked: Check) -> None:
    assert checked("--github") == (0, "", "")


def test_github_shows_each_finding_beside_its_line(tiny: Path, checked: Check) -> None:
    change_slip(tiny, "Show us the place.", "Show us the the place.")
    status, out, errors = checked("--github")
    assert (status, errors) == (1, "")
    assert out.splitlines() == [
        f"::error file={SLIP},line=24,title=leftovers.doubled us the the place::"
        '"the the" stands here twice.%0ATake one of the two away.%0A'
        "plain language, ISO 24495-1; proof-reading"
    ]


def test_github_takes_a_warning_for_no_failure(tiny: Path, checked: Check) -> None:
    reissue(tiny, reviewer="nobody yet")
    status, out, errors = checked("--github")
    assert (status, errors) == (0, "")
    assert out.startswith("::warning file=ledger/note.yml,line=")
    assert ",title=control.reviewer note en::no clinician has signed off: note (en).%0A" in out


@pytest.mark.parametrize(
    ("problem", "line"),
    [
        (
            Problem(Place("docs/a.md", 7), "5% of it\nis bad.", "Mend it.", "g.a", "ISO 1"),
            "::error file=docs/a.md,line=7,title=g.a::5%25 of it%0Ais bad.%0AMend it.%0AISO 1",
        ),
        (
            Problem(Place("docs/a.md"), "it is bad.", "Mend it."),
            "::error file=docs/a.md,line=1,title=content::it is bad.%0AMend it.",
        ),
        (
            Problem(Place("a%,b:c.md", 2), "a: b, c\rd.", "Mend.", "g.b", "X", is_warning=True),
            "::warning file=a%25%2Cb%3Ac.md,line=2,title=g.b::a: b, c%0Dd.%0AMend.%0AX",
        ),
    ],
)
def test_an_annotation_is_one_line_whatever_stands_in_it(problem: Problem, line: str) -> None:
    assert annotation(problem) == line


@pytest.mark.parametrize("words", [["--json"], ["--github"]])
def test_the_forms_for_machines_belong_to_check(
    words: list[str], tiny: Path, run: Callable[..., tuple[int, str]]
) -> None:
    status, errors = run("--project", str(tiny), *words)
    assert status == 2
    assert errors.endswith(f"error: unrecognized arguments: {words[0]}\n")
    assert not (tiny / "site").exists()


def test_only_one_form_at_a_time(tiny: Path, run: Callable[..., tuple[int, str]]) -> None:
    status, errors = run("check", "--project", str(tiny), "--json", "--github")
    assert status == 2
    assert "not allowed with argument" in errors


@pytest.mark.parametrize(
    ("errors", "warnings", "said"),
    [
        (0, 0, "no problems"),
        (1, 0, "1 problem"),
        (2, 0, "2 problems"),
        (0, 1, "no problems, 1 warning"),
        (1, 2, "1 problem, 2 warnings"),
    ],
)
def test_problems_and_warnings_are_counted_apart(errors: int, warnings: int, said: str) -> None:
    problem = Problem(Place("a.md", 1), "it is bad.", "Mend it.")
    warning = Problem(Place("a.md", 1), "it is bad.", "Mend it.", is_warning=True)
    assert count_of([problem] * errors + [warning] * warnings) == said


PROBLEM = Problem(Place("a.md", 1), "it is bad.", "Mend it.")
WARNING = Problem(Place("a.md", 2), "it is doubtful.", "Look at it.", "a.b", "It", is_warning=True)
WARNED = "a.md:2: warning: it is doubtful.\n    Look at it.\n    [a.b] It.\n" * 2
KEPT = "Nothing was written; the last site is as it was."


@pytest.mark.parametrize(
    ("names_warnings", "said", "warned"),
    [
        (
            False,
            f"a.md:1: it is bad.\n    Mend it.\n\n1 problem, 2 warnings. {KEPT}\n",
            "2 warnings: `build.py check` names them.\n",
        ),
        (
            True,
            f"{WARNED}a.md:1: it is bad.\n    Mend it.\n\n1 problem, 2 warnings. {KEPT}\n",
            WARNED,
        ),
    ],
)
def test_warnings_are_named_to_who_asks_for_them_and_else_counted(
    names_warnings: bool, said: str, warned: str, capsys: pytest.CaptureFixture[str]
) -> None:
    report = Report(names_warnings=names_warnings)
    report.problems([PROBLEM, WARNING, WARNING])
    assert capsys.readouterr().err == said
    report.warnings([WARNING, WARNING])
    assert capsys.readouterr().err == warned
    report.warnings([])
    assert capsys.readouterr() == ("", "")


def test_a_warning_of_no_gate_is_always_named(capsys: pytest.CaptureFixture[str]) -> None:
    """It is about one clinic, and nobody but that clinic can see to it."""
    Report().warnings([replace(WARNING, gate="")])
    assert capsys.readouterr().err == "a.md:2: warning: it is doubtful.\n    Look at it.\n"


def test_nothing_in_a_message_becomes_a_picture(capsys: pytest.CaptureFixture[str]) -> None:
    """The terminal would take the `:100:` of a file and line for a little picture."""
    problem = Problem(Place("docs/a.md", 100), "[bold]it[/] is :warning: bad.", "Mend it.")
    Report("text").problems([problem])
    assert "docs/a.md:100: [bold]it[/] is :warning: bad.\n" in capsys.readouterr().err
    Report("json").problems([problem])
    assert "[bold]it[/] is :warning: bad." in capsys.readouterr().out
    Report("github").problems([problem])
    assert "[bold]it[/] is :warning: bad." in capsys.readouterr().out
