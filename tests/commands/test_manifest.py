"""Current: the list of what held on a day, which is the same whenever it is asked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import build
from plainleaf.commands.manifest import manifest_at
from plainleaf.load.load import load
from plainleaf.model import Edition, Library, Withdrawal
from tests.conftest import HERE, project_in

Run = Callable[..., tuple[int, str]]
NOTE = ("note", "en")


@pytest.fixture
def library() -> Library:
    """Give tests/tiny: the note issued on 23 November 2026, the slip a day later."""
    return load(project_in(HERE / "tiny"), [])


def with_editions(library: Library, *editions: Edition) -> Library:
    return replace(library, editions={**library.editions, NOTE: editions})


def current(library: Library, day: date) -> dict[str, dict[str, Any]]:
    """Give what is listed on a day, by handout and language."""
    told = json.loads(manifest_at(library, day))
    assert told["at"] == str(day)
    names = [(each["handout"], each["language"]) for each in told["editions"]]
    assert names == sorted(set(names))
    return {f"{each['handout']} {each['language']}": each for each in told["editions"]}


def test_nothing_held_before_anything_was_issued(library: Library) -> None:
    assert current(library, date(2026, 11, 22)) == {}
    assert list(current(library, date(2026, 11, 23))) == ["note ar", "note en"]
    assert list(current(library, date(2026, 11, 24))) == [
        "note ar",
        "note en",
        "slip ar",
        "slip en",
    ]


def test_the_newest_version_of_the_day_is_told_whole(library: Library) -> None:
    [first] = library.editions[NOTE]
    second = replace(first, version="1.11", issued=date(2027, 3, 1), content="f" * 64)
    both = with_editions(library, first, second)

    assert current(both, date(2027, 2, 28))["note en"] == {
        "handout": "note",
        "language": "en",
        "version": "1.10",
        "title": "Washing a small cut",
        "issued": "2026-11-23",
        "review_by": "2028-11-24",
        "overdue": False,
        "content": first.content,
        "mark": "V7RN",
        "author": "Plainleaf's tests",
        "reviewer": "Dr Invented, nurse",
        "translation": "",
        "approvals": [
            {
                "clinic": "corner",
                "by": "Dr Also Invented",
                "role": "nurse in charge",
                "on": "2026-11-24",
            }
        ],
    }
    # Nobody has approved the new words.
    assert current(both, date(2027, 3, 1))["note en"]["version"] == "1.11"
    assert current(both, date(2027, 3, 1))["note en"]["approvals"] == []


def test_an_approval_counts_from_its_day_on(library: Library) -> None:
    assert current(library, date(2026, 11, 23))["note en"]["approvals"] == []
    assert len(current(library, date(2026, 11, 24))["note en"]["approvals"]) == 1


def test_overdue_is_judged_on_that_day(library: Library) -> None:
    assert not current(library, date(2028, 11, 24))["note en"]["overdue"]
    assert current(library, date(2028, 11, 25))["note en"]["overdue"]


def test_what_is_withdrawn_held_until_then_and_brings_no_older_one_back(library: Library) -> None:
    [first] = library.editions[NOTE]
    withdrawal = Withdrawal(date(2027, 5, 1), "It is wrong.", "Ask us.")
    second = replace(first, version="1.11", issued=date(2027, 3, 1), withdrawal=withdrawal)
    both = with_editions(library, first, second)

    assert current(both, date(2027, 4, 30))["note en"]["version"] == "1.11"
    assert "note en" not in current(both, date(2027, 5, 1))
    old = with_editions(
        library, replace(first, withdrawal=withdrawal), replace(second, withdrawal=None)
    )
    assert current(old, date(2027, 5, 1))["note en"]["version"] == "1.11"


def test_manifest_prints_it(
    tiny: Path, capsys: pytest.CaptureFixture[str], library: Library
) -> None:
    assert build.main(["--project", str(tiny), "manifest", "--at", "2026-11-24"]) == 0

    assert capsys.readouterr().out == manifest_at(library, date(2026, 11, 24)) + "\n"


def test_a_day_that_is_none_or_still_to_come_is_refused(tiny: Path, run: Run) -> None:
    manifest = ("--project", str(tiny), "manifest")
    assert run(*manifest, "--at", "2026-11-30") == (
        2,
        "2026-11-30 is still to come, and nobody knows what will hold then.\n"
        "    Give a day up to today, 2026-11-29.\n",
    )
    status, said = run(*manifest, "--at", "1 December")
    assert status == 2
    assert said.endswith('argument --at: "1 December" is no date such as 2026-11-25.\n')
    status, said = run(*manifest)
    assert status == 2
    assert said.endswith("the following arguments are required: --at\n")
