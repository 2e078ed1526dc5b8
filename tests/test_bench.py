"""Tests of what `make bench` says, on given results; the measuring itself is too long for here."""

from __future__ import annotations

import sys
from dataclasses import asdict
from functools import partial
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import lxml.html
import pytest

from bench import peers
from bench.compare import beside_to_pdf
from bench.copies import KINDS, edits, made_up, mixed, settled, write_clinics, write_csv
from bench.measure import BrokenError, Measured, rounds, run
from bench.table import Target, ratio, table
from plainleaf.machine import needs
from plainleaf.model import Project
from tests.conftest import composed_of, snapshot

TIMES = {"seconds": 2.0, "cpu": 1.5, "own": 90.0, "worker": 120.0}
OURS: dict[str, Any] = {"name": "Plainleaf", "sheets": 2, "pages": 4, "words": 800, "bytes": 20_000}
OURS |= TIMES
TO_PDF = {**OURS, "name": "mkdocs-to-pdf", "pages": 10, "words": 1000, "seconds": 20.0}
ABSENT = {"name": "Typst", "absent": "make setup-bench"}
BROKEN = {"name": "Chromium", "broken": "no display"}
SHORT, LONG = Measured(1, 1, 0, 0), Measured(3, 2, 0, 0)
# Fast on the clock, only because other work slowed down what it is beside.
BUSY = Measured(1, 3, 0, 0)


def results(*targets: Target) -> dict[str, Any]:
    """Give results with some targets, peers that are there, absent and broken, and a growth."""
    grown = [
        {**OURS, "by": by, "sheets": sheets, "name": f"{sheets:,}"}
        for sheets in (10, 1000)
        for by in ("Plainleaf", "WeasyPrint alone")
    ]
    return {
        "machine": "2 cores",
        "content": "what is shipped",
        "targets": [asdict(target) for target in targets],
        "builds": [{"name": "Plainleaf", **TIMES, "worker": 0.0}],
        "setters": [OURS, ABSENT, BROKEN],
        "growth": grown,
    }


def row_of(text: str, work: str) -> list[str]:
    """Give the cells of the row of a table that begins so."""
    [line] = [line for line in text.splitlines() if line.startswith(f"| {work} |")]
    return [cell.strip() for cell in line.strip("|").split("|")]


@pytest.mark.parametrize(
    ("target", "cells"),
    [
        (ratio("a", LONG, SHORT, 1.25), ["3 x", "at most 1.25 x", "**missed**", "2 x"]),
        (ratio("a", SHORT, LONG, 1.25), ["0.333 x", "at most 1.25 x", "reached", "0.5 x"]),
        (ratio("a", BUSY, LONG, 1.25), ["0.333 x", "at most 1.25 x", "**missed**", "1.5 x"]),
        (
            Target("a", 4.9, "x faster", 5, True),
            ["4.9 x faster", "at least 5 x faster", "**missed**"],
        ),
        (Target("a", 5.0, "x faster", 5, True), ["5 x faster", "at least 5 x faster", "reached"]),
        (Target("a", 312.4, "MB", 250), ["312 MB", "at most 250 MB", "**missed**", ""]),
        (Target("a", 2.0, "x faster"), ["2 x faster", "", "", ""]),
        (Target("a", None, "s", 1.0), ["", "at most 1 s", "not measured", ""]),
    ],
)
def test_a_target_is_reached_or_missed_or_was_not_measured(
    target: Target, cells: list[str]
) -> None:
    assert row_of(table(results(target)), "a")[1 : len(cells) + 1] == cells


def test_a_peer_that_is_absent_says_how_to_get_it() -> None:
    text = table(results())
    way = "`make setup-bench`"
    assert row_of(text, "Typst")[1] == f"absent; to get it: {way}"
    assert row_of(text, "Chromium")[1] == "broken: no display"


def test_each_table_has_as_many_cells_in_all_its_rows() -> None:
    for block in table(results(ratio("a", LONG, SHORT, 1))).split("\n\n"):
        rows = [line.count("|") for line in block.splitlines() if line.startswith("|")]
        assert len(set(rows)) <= 1, block


def test_figures_are_for_a_page_a_thousand_words_and_a_sheet() -> None:
    rows = [line for line in table(results()).splitlines() if line.startswith("| Plainleaf |")]
    assert rows == [
        "| Plainleaf | 2.0 | 1.5 | 90 |  |",
        "| Plainleaf | 500 | 2500 | 4 | 800 | 10,000 | 120 |",
    ]


def test_beside_mkdocs_to_pdf() -> None:
    page, word = beside_to_pdf(OURS, TO_PDF)
    assert (page.value, page.verdict) == (4.0, "**missed**")
    assert (word.value, word.verdict) == (8.0, "")
    page, _ = beside_to_pdf(OURS, {"name": "mkdocs-to-pdf", "absent": "make it so"})
    assert (page.verdict, page.note) == ("not measured", "absent; to get it: `make it so`")


@pytest.mark.parametrize(
    ("name", "package"), [("Typst", "typst"), ("mkdocs-to-pdf", "mkdocs_to_pdf")]
)
def test_a_peer_is_there_if_its_package_is(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    [peer] = [peer for peer in peers.SETTERS if peer.name == name]
    monkeypatch.setitem(sys.modules, package, ModuleType(package))
    vars(sys.modules[package])["__spec__"] = ModuleSpec(package, None)
    assert peer.is_there()
    monkeypatch.setitem(sys.modules, package, None)
    assert not peer.is_there()


def test_chromium_is_there_if_a_browser_is(monkeypatch: pytest.MonkeyPatch) -> None:
    [chromium] = [peer for peer in peers.SETTERS if peer.made == "chromium"]
    assert chromium.is_there() is (needs.browser() is not None)
    monkeypatch.setattr(needs, "BROWSERS", ("no-such-browser",))
    assert not chromium.is_there()


def test_what_each_program_takes_holds_the_words_of_the_sheet(
    project: Project, tmp_path: Path
) -> None:
    sheets = composed_of(project, "anyone/en/note-a4.pdf")
    peers.lay_out(tmp_path / "sample", sheets)
    article = lxml.html.document_fromstring(sheets[0].html).find(".//article")
    assert article is not None
    words = {word for text in article.itertext() for word in str(text).split() if word.isalpha()}
    assert len(words) > 10
    for name in ("0.html", "0.typ", "mkdocs/docs/index.md", "to-pdf/docs/index.md"):
        text = (tmp_path / "sample" / name).read_text("utf-8")
        assert {word for word in words if word not in text} == set(), name
    assert '"font:' not in (tmp_path / "sample/0.html").read_text("utf-8")


def test_a_command_that_fails_says_why() -> None:
    with pytest.raises(BrokenError, match="no paper"):
        run([sys.executable, "-c", "raise SystemExit('no paper')"])


def test_what_is_compared_takes_turns() -> None:
    seen: list[str] = []

    def work(name: str) -> Measured:
        seen.append(name)
        return Measured(len(seen), 0, len(seen), 0)

    found = rounds({name: partial(work, name) for name in "ab"}, 60, most=3)
    assert seen == [*"ababab"]
    assert (found["a"].seconds, found["a"].own) == (3, 5)


def test_ten_sheets_and_more_are_of_the_same_kinds(tiny: Path) -> None:
    write_clinics(tiny, made_up(2))
    _, sheets = settled(tiny)
    kinds = [(sheet.handout.name, sheet.language.code, sheet.size) for sheet in mixed(sheets, 1000)]
    each = len(kinds) // 4
    assert 0 < each <= KINDS
    assert len(set(kinds)) == each
    assert kinds == kinds[:each] * 4


def test_made_up_clinics_are_a_list_too(tmp_path: Path) -> None:
    write_csv(tmp_path / "clinics.csv", made_up(2))
    heads, first, _ = (tmp_path / "clinics.csv").read_text("utf-8").splitlines()
    assert heads.startswith("slug,name,address,country,")
    assert first.startswith('bench-0001,Clinic 1 of the bench,"1 Harbour Street, London",GB,')


def test_an_edit_names_all_that_follows_from_it(tiny: Path) -> None:
    before = snapshot(tiny)
    [edit] = edits(tiny, 1)
    assert snapshot(tiny) == before
    assert edit.path.read_text("utf-8") == edit.old
    assert len(edit.new.split()) == len(edit.old.split()) - 1
    assert any(name.endswith(".html") for name in edit.files)
    assert any(name.endswith(".pdf") for name in edit.files)
