"""A day is to come, or has passed, only when that is so everywhere on earth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import pytest

import build
from plainleaf.commands.issue import VersionDetails, next_edition
from plainleaf.machine.last_build import build_key
from plainleaf.machine.today import Today, has_passed, is_to_come
from plainleaf.model import Project
from tests.conftest import known_of, on_one_paper, project_in
from tests.repository import change

Run = Callable[..., tuple[int, str]]

AUCKLAND, LONDON = timezone(timedelta(hours=13)), UTC
HAWAII, PAGO_PAGO = timezone(timedelta(hours=-10)), timezone(timedelta(hours=-11))
KIRIBATI = timezone(timedelta(hours=14))
# Ten o'clock in the morning of the 26th in Auckland, in the evening of the 25th in London.
MORNING = datetime(2026, 11, 25, 21, tzinfo=UTC)


def at(zone: timezone, moment: datetime = MORNING) -> Today:
    return Today.at(moment.astimezone(zone))


@pytest.mark.parametrize("here", [AUCKLAND, LONDON, HAWAII, PAGO_PAGO, KIRIBATI])
def test_everywhere_judges_alike(here: timezone) -> None:
    today = at(here)
    assert not is_to_come(at(AUCKLAND), today)
    assert not is_to_come(at(KIRIBATI), today)
    assert is_to_come(at(KIRIBATI) + timedelta(days=1), today)
    assert not has_passed(at(HAWAII), today)
    assert has_passed(date(2026, 11, 24), today)


def test_the_day_to_write_down_is_the_one_here() -> None:
    assert at(AUCKLAND).isoformat() == "2026-11-26"
    assert at(LONDON).isoformat() == "2026-11-25"


@pytest.mark.parametrize("year", [date.min, date.max])
def test_a_clock_may_be_as_wrong_as_can_be(year: date) -> None:
    today = Today.at(datetime(year.year, year.month, year.day, tzinfo=UTC))
    assert not is_to_come(year, today)
    assert not has_passed(year, today)


def test_a_plain_date_is_the_same_everywhere() -> None:
    assert is_to_come(date(2026, 11, 26), date(2026, 11, 25))
    assert has_passed(date(2026, 11, 24), date(2026, 11, 25))


def test_a_page_of_this_morning_in_auckland_is_not_to_come_in_london(
    tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tiny / "docs/en/slip.md"
    page = path.read_text("utf-8")
    for day, zone, status in (
        ("2026-11-26", LONDON, 0),
        ("2026-11-26", PAGO_PAGO, 0),
        ("2026-11-27", LONDON, 1),
    ):
        reviewed = f"updated: {day}\nreviewer: Dr A, doctor\nreviewed: {day}"
        path.write_text(page.replace("updated: 2026-11-24", reviewed), "utf-8")
        monkeypatch.setattr(build, "today", lambda zone=zone: at(zone))
        found, said = run("check", "--project", str(tiny))
        assert found == status, said
        assert said.count("still to come") == 2 * status


@pytest.mark.slow
def test_what_auckland_issues_can_be_checked_approved_and_followed_in_london(
    tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asks(zone: timezone, *words: str) -> None:
        monkeypatch.setattr(build, "today", lambda: at(zone))
        status, said = run(*words, "--project", str(tiny))
        assert status == 0, said

    on_one_paper(tiny, "anyone", "corner")
    path = tiny / "docs/en/index.md"
    page = path.read_text("utf-8")
    path.write_text(page.replace("Wash", "Please wash", 1), "utf-8")
    known, _ = known_of(project_in(tiny), at(AUCKLAND))
    first = next_edition(known, ("note", "en"), VersionDetails("It now asks you politely."))
    assert first.issued == date(2026, 11, 26)
    asks(AUCKLAND, "issue", "note", "--language", "en", "--note", "It now asks you politely.")
    asks(LONDON, "check")
    who = ("--by", "Dr A", "--role", "doctor")
    asks(LONDON, "approve", "note", "--clinic", "corner", "--language", "en", *who)
    why = ("--why", "It asks too much of you.", "--instead", "Use the one before this one.")
    asks(LONDON, "withdraw", "note", "--language", "en", *why)
    path.write_text(page.replace("Wash", "Do wash", 1), "utf-8")
    asks(HAWAII, "issue", "note", "--language", "en", "--note", "It now asks you firmly again.")
    asks(HAWAII, "check")
    assert (tiny / "ledger/note.yml").read_text("utf-8").count("2026-11-26") == 3


def test_a_review_is_not_overdue_before_the_day_is_over_everywhere(
    tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(tiny, "review_by: 2028-11-24", "review_by: 2026-11-25", "docs/en/slip.md")
    for moment, said in (
        (MORNING, "must be looked at again by"),
        (MORNING + timedelta(hours=16), "should have been looked at again by"),
    ):
        monkeypatch.setattr(build, "today", lambda moment=moment: at(AUCKLAND, moment))
        assert said in run("check", "--project", str(tiny))[1]


def test_a_build_is_another_one_when_the_day_is_over_elsewhere(project: Project) -> None:
    early, late = at(LONDON), at(LONDON, MORNING + timedelta(hours=2))
    assert early == late
    assert build_key(project, "", early) == build_key(project, "", at(LONDON, MORNING))
    before = datetime(2026, 11, 25, 9, tzinfo=UTC)
    assert build_key(project, "", early) != build_key(project, "", at(LONDON, before))
