"""Whose turn it is: packs wait for what they hold, and never for what is not coming."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from plainleaf.compose.compose import Composed
from plainleaf.machine.engine import Died
from plainleaf.model import Printed, Project
from plainleaf.problems import Place, Problem
from plainleaf.typeset.turns import Result, _Turns
from tests.conftest import A_PACK, UNSEEN, composed_of

WRONG: Result = [Problem(Place("docs/en/index.md", 3), "It is wrong.", "Mend it.")]


@pytest.fixture
def sheets(project: Project) -> dict[str, Composed]:
    """Give three sheets by name; the pack among them holds the others."""
    (project.folder / "handouts" / "pack.yml").write_text(A_PACK, "utf-8")
    return {
        item.sheet.handout.name: item
        for item in composed_of(project)
        if item.sheet.path.startswith("handouts/corner/en/") and item.sheet.path.endswith("-a4.pdf")
    }


def done(item: Composed) -> Result:
    """Give a sheet as it is when it is set: with its form, where it has one."""
    kinds = (False, True) if item.sheet.handout.is_filled_in else (False,)
    return [Printed(item.sheet, item.standing, is_form, b"%PDF", 1, UNSEEN) for is_form in kinds]


def names(items: Sequence[Composed]) -> list[str]:
    return [item.sheet.handout.name for item in items]


def test_a_pack_has_its_turn_when_all_that_it_holds_is_set_and_brings_it_along(
    sheets: dict[str, Composed],
) -> None:
    pack, slip, note = (sheets[name] for name in ("pack", "slip", "note"))
    turns = _Turns([[pack, slip, note]])
    jobs = turns.jobs()
    first, second = next(jobs), next(jobs)
    assert (first, second) == (slip, note)  # the longest first
    assert next(jobs) is None
    assert [*turns.take(note, done(note))] == []
    assert next(jobs) is None
    assert [*turns.take(slip, done(slip))] == []
    bound = next(jobs)
    assert bound is not None
    assert bound.sheet == pack.sheet
    assert [
        (each.sheet.handout.name, each.is_form) for each in bound.held if isinstance(each, Printed)
    ] == [
        ("slip", False),
        ("note", False),
    ]
    assert [*turns.take(bound, done(bound))] == []
    assert [*jobs] == []


def test_what_a_pack_holds_is_set_for_it_though_nobody_wants_it(
    sheets: dict[str, Composed],
) -> None:
    jobs = _Turns([[sheets["pack"]]]).jobs()
    coming = [next(jobs), next(jobs), next(jobs)]
    assert coming == [sheets["slip"], sheets["note"], None]


def test_a_pack_does_not_wait_for_what_was_set_before(sheets: dict[str, Composed]) -> None:
    pack, slip, note = (sheets[name] for name in ("pack", "slip", "note"))
    before = [each for item in (slip, note) for each in done(item) if isinstance(each, Printed)]
    held = tuple(each for each in before if not each.is_form)
    jobs = _Turns([[replace(pack, held=held)]]).jobs()
    bound = next(jobs)
    assert bound is not None
    assert bound.sheet == pack.sheet
    assert [*jobs] == []


@pytest.mark.parametrize("result", [WRONG, Died()], ids=["a fault", "a death"])
def test_what_is_wrong_with_a_handout_costs_its_pack_once_and_nothing_else(
    sheets: dict[str, Composed], result: Result | Died
) -> None:
    pack, slip, note = (sheets[name] for name in ("pack", "slip", "note"))
    turns = _Turns([[pack], [sheets["note"]]])
    jobs = turns.jobs()
    assert [next(jobs), next(jobs)] == [slip, note]
    assert names([*turns.take(slip, result)]) == ["pack"]
    assert names([*turns.take(note, result)]) == []
    assert [*jobs] == [note]  # of the group that comes next
