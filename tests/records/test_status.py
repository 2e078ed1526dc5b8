"""Standings: what is part of a handout's words, and how it stands with them at each clinic."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from plainleaf.compose.content import contents
from plainleaf.load.load import load
from plainleaf.model import Content, Edition, Library, SheetStatus, Withdrawal
from plainleaf.problems import Problem
from plainleaf.records.status import later, number_of, status_of_edition, statuses_of
from tests.conftest import HERE, TODAY, issue, known_of, project_in, reissue
from tests.repository import COOL, WATER, change

Run = Callable[..., tuple[int, str]]
Edit = Callable[[Path], object]


def hashes(folder: Path) -> dict[str, str]:
    """Give the hash of each handout in each language, such as `note en`."""
    known, _ = known_of(project_in(folder))
    return {" ".join(of): content.hash for of, content in known.content.items()}


@pytest.fixture(scope="module")
def now() -> Mapping[str, str]:
    """Give the hashes of tests/tiny."""
    return hashes(HERE / "tiny")


def in_file(name: str, old: str, new: str) -> Edit:
    """Give a change of words in a file."""
    return lambda folder: change(folder, old, new, name)


def css(folder: Path) -> None:
    (folder / "templates/css").mkdir(parents=True)
    (folder / "templates/css/sheet.css").write_text("h1 { color: black }")


CLINIC = "clinics/corner/clinic.yml"
PAGE = "docs/en/index.md"
HANDOUT = "handouts/note.yml"
WORDS = "docs/en/words.yml"
RISKS = "  - section: index#risks\n"
READY = """\
  - section: index#ready
    show: columns
    fields:
      - kind: daytime-number
"""


@pytest.mark.parametrize(
    "edit",
    [
        pytest.param(in_file(CLINIC, "Corner Clinic", "Clinic"), id="name of a clinic"),
        pytest.param(in_file(CLINIC, "phone: 999", "phone: 112"), id="number of a clinic"),
        pytest.param(in_file(CLINIC, "0117 496 0123", "0117 496 0124"), id="another number"),
        pytest.param(in_file(CLINIC, "logo: logo.svg\n", ""), id="logo"),
        pytest.param(in_file(CLINIC, "cuts.example/corner", "cuts.example/else"), id="website"),
        pytest.param(in_file(CLINIC, "#7a1f5c", "#1f5c7a"), id="colour"),
        pytest.param(in_file(CLINIC, "is_example: yes\n", ""), id="no example any more"),
        pytest.param(in_file("mkdocs.yml", "site_name", "site_url: https://a.example/\nsite_name"),
                     id="address of the site"),
        pytest.param(css, id="css"),
        pytest.param(in_file(HANDOUT, "most_pages: 99", "most_pages: 3"), id="most pages"),
        pytest.param(in_file(HANDOUT, "most_pages: 99\n", ""), id="no most pages"),
        pytest.param(
            in_file(HANDOUT, "page: index\ntemplate: leaflet\nid: T-1\n",
                    "id: T-1\ntemplate: leaflet\npage: index\n"),
            id="order of keys"),
        pytest.param(in_file(PAGE, "updated: 2026-11-23", "updated: 2026-11-24"), id="date"),
        pytest.param(in_file(PAGE, "Most small cuts", "Many small cuts"), id="a word not printed"),
        pytest.param(in_file(PAGE, "## How to wash", "<!-- note -->\n\n## How to wash"), id="note"),
        pytest.param(in_file(PAGE, "under clean,", "under\n   clean,"), id="a line of the file"),
        pytest.param(in_file(WORDS, "menu: Menu", "menu: The menu"), id="a word of the website"),
        pytest.param(in_file(WORDS, "draft: Draft.", "draft: A draft."), id="a word of control"),
        pytest.param(lambda folder: reissue(folder, "note", version="3.0"), id="version"),
        pytest.param(lambda folder: reissue(folder, "slip", reviewer="Dr New"), id="reviewer"),
        pytest.param(lambda folder: (folder / "ledger/note.yml").unlink(), id="never issued"),
    ],
)  # fmt: skip
def test_what_is_no_word_of_a_handout_changes_nothing(
    tiny: Path, edit: Edit, now: Mapping[str, str]
) -> None:
    edit(tiny)
    (tiny / "clinics/corner/approvals.yml").unlink()
    assert hashes(tiny) == now


def test_the_words_are_the_same_on_every_sheet(now: Mapping[str, str]) -> None:
    known, sheets = known_of(project_in(HERE / "tiny"))
    last_first = contents(known.docs, known.library, list(reversed(sheets)))
    assert {" ".join(of): content.hash for of, content in last_first.items()} == now


@pytest.mark.parametrize(
    ("edit", "changed"),
    [
        pytest.param(in_file(PAGE, "clean plaster.", "clear plaster."), {"note en"}, id="letter"),
        pytest.param(in_file(PAGE, "Press on", "press on"), {"note en"}, id="small letter"),
        pytest.param(in_file(PAGE, "heat or pus", "heat, or pus"), {"note en", "slip en"},
                     id="comma"),
        pytest.param(in_file(PAGE, "A drop of water", "Water"), {"note en"}, id="alternative text"),
        pytest.param(
            in_file("docs/assets/drop.svg", "<svg ", "<svg  "), {"note en", "note ar"},
            id="bytes of a picture"),
        pytest.param(in_file(PAGE, "(slip.md#purpose)", "(tel:112)"), {"note en"}, id="link"),
        pytest.param(in_file(PAGE, "title: Washing", "title: Rinsing"), {"note en", "slip en"},
                     id="title, which the slip lists"),
        pytest.param(in_file("docs/ar/slip.md", "أرنا المكان", "أرنا الموضع"), {"slip ar"},
                     id="translation"),
        pytest.param(in_file("handouts/slip.yml", "labels: [left, right]", "labels: [right, left]"),
                     {"slip en", "slip ar"}, id="order of labels"),
        pytest.param(in_file("handouts/slip.yml", "    show: tick-columns\n", ""),
                     {"slip en", "slip ar"}, id="boxes to tick"),
        pytest.param(
            in_file(HANDOUT, "  - section: index#wash\n",
                    "  - section: index#wash\n    fields:\n      - kind: lines\n        rows: 2\n"),
            {"note en", "note ar"}, id="field"),
        pytest.param(
            in_file(HANDOUT, "  - section: index#wash\n", ""), {"note en", "note ar"},
            id="a section less"),
        pytest.param(
            in_file(HANDOUT, READY + RISKS, RISKS + READY),
            {"note en", "note ar"}, id="order of sections"),
        pytest.param(in_file(WORDS, "In office hours", "By day"), {"note en", "slip en"},
                     id="a word that sheets print"),
        pytest.param(in_file(WORDS, "left: Left side", "left: On the left"), {"slip en"},
                     id="words of a label"),
        pytest.param(in_file(WORDS, "    name: Infection", "    name: An infection"), {"note en"},
                     id="name of a risk"),
        pytest.param(in_file("docs/facts/risks.yml", "under 5 in 100", "under 4 in 100"),
                     {"note en", "note ar"}, id="rate of a risk"),
        pytest.param(in_file("docs/facts/risks.yml", "act: today", "act: emergency"),
                     {"note en", "note ar"}, id="what to do about a risk"),
    ],
)  # fmt: skip
def test_a_change_of_words_or_pictures_changes_exactly_what_prints_it(
    tiny: Path, edit: Edit, changed: set[str], now: Mapping[str, str]
) -> None:
    edit(tiny)
    assert {of for of, each in hashes(tiny).items() if each != now[of]} == changed


def drafts(folder: Path) -> set[str]:
    """Give which handouts are drafts, wherever."""
    known, _ = known_of(project_in(folder))
    return {f"{of[0]} {of[1]}" for of, each in known.statuses.items() if each.status == "draft"}


def test_a_word_of_a_shared_section_makes_drafts_of_those_that_print_it(tiny: Path) -> None:
    a_handout = "page: slip\ntemplate: leaflet\nid: T-{}\nparts:\n  - section: slip#{}\n"
    (tiny / "handouts/key.yml").write_text(a_handout.format(3, "key-points"))
    pack = a_handout.format(4, "place") + "handouts: [note, key]\n"
    (tiny / "handouts/pack.yml").write_text(pack)
    # The slip lists all other handouts that a patient may have been given, and now there is one.
    assert drafts(tiny) == {"key en", "key ar", "pack en", "pack ar", "slip en", "slip ar"}
    for handout in ("key", "pack", "slip"):
        issue(tiny, handout, author="Us")
        issue(tiny, handout, "ar", author="Us", translation="reviewed")
    assert drafts(tiny) == set()

    for name, old, new, wanted in (
        (PAGE, WATER, COOL, {"note en", "pack en"}),
        (PAGE, "Clean cloths", "Cloths", {"note en", "slip en", "pack en"}),
        ("docs/en/slip.md", "You can say no.", "Say no.", {"slip en", "key en", "pack en"}),
        ("docs/en/slip.md", "Show us the place", "Show us", {"slip en", "pack en"}),
        ("docs/en/slip.md", "Sign only", "Only sign", {"slip en"}),
        ("docs/ar/index.md", "- لاصق للجروح", "- لاصق", {"note ar", "slip ar", "pack ar"}),
        (PAGE, "Most small", "Many small", set()),
    ):
        change(tiny, old, new, name)
        assert drafts(tiny) == wanted, new
        change(tiny, new, old, name)
    assert drafts(tiny) == set()


# How it stands with words, without a page

NOTE = ("note", "en")
ONE, TWO = Content(("one",)), Content(("two",))
GONE = Withdrawal(date(2026, 11, 24), "It is wrong.", "Ask us.")


@pytest.fixture(scope="module")
def library() -> Library:
    """Give tests/tiny, whose clinic at the corner has approved the note."""
    problems: list[Problem] = []
    found = load(project_in(HERE / "tiny"), problems)
    assert problems == []
    approvals = tuple(replace(each, content=ONE.hash) for each in found.approvals)
    return replace(found, approvals=approvals)


def stands(
    library: Library,
    *editions: Edition,
    words: Content = ONE,
    clinic: str = "corner",
    day: date = TODAY,
) -> SheetStatus:
    """Tell how it stands with some words, of which some editions were issued."""
    with_these = replace(library, editions={**library.editions, NOTE: editions})
    return statuses_of(with_these, {NOTE: words}, day)[*NOTE, clinic]


def edition(library: Library, words: Content = ONE, **more: Any) -> Edition:
    return replace(library.editions[NOTE][0], content=words.hash, **more)


def test_what_was_never_issued_is_a_draft(library: Library) -> None:
    found = stands(library)
    assert (found.status, found.edition, found.issued) == ("draft", None, None)
    assert found.is_marked


def test_what_was_changed_since_is_a_draft_whatever_became_of_the_last_version(
    library: Library,
) -> None:
    for last in (
        edition(library, TWO),
        edition(library, TWO, withdrawal=GONE),
        edition(library, TWO, review_by=date(2026, 11, 1)),
    ):
        found = stands(library, last)
        assert (found.status, found.edition, found.issued) == ("draft", last, None)


def test_the_words_of_an_older_version_are_a_draft(library: Library) -> None:
    found = stands(library, edition(library), edition(library, TWO, version="1.11"))
    assert found.status == "draft"


def test_what_was_issued_is_approved_where_somebody_did(library: Library) -> None:
    found = stands(library, edition(library))
    assert (found.status, found.approval) == ("approved", library.approvals[0])
    assert stands(library, edition(library), clinic="anyone").status == "issued"
    assert not found.is_marked
    approval = library.approvals[0]
    for other in (
        replace(approval, content=TWO.hash),
        replace(approval, handout="slip"),
        replace(approval, language="ar"),
        replace(approval, clinic="anyone"),
    ):
        found = stands(replace(library, approvals=(other,)), edition(library))
        assert (found.status, found.approval) == ("issued", None)


def test_the_last_of_two_approvals_counts(library: Library) -> None:
    again = replace(library.approvals[0], by="Dr New")
    both = replace(library, approvals=(*library.approvals, again))
    assert stands(both, edition(library)).approval == again


def test_an_approval_holds_for_the_same_words_under_a_new_number_unless_they_were_withdrawn(
    library: Library,
) -> None:
    """Whoever brings back what was taken back must ask the clinic again."""
    first, again = edition(library), edition(library, version="1.11")
    assert stands(library, first, again).approval == library.approvals[0]
    assert stands(library, replace(first, withdrawal=GONE), again).approval is None
    between = edition(library, version="1.11", withdrawal=GONE)
    last = edition(library, version="1.12")
    assert stands(library, first, between, last).approval is None
    other = replace(between, content=TWO.hash)
    assert stands(library, first, other, last).approval == library.approvals[0]


def test_a_sheet_is_overdue_on_the_day_after_its_review(library: Library) -> None:
    issued = edition(library, review_by=date(2026, 11, 25))
    assert stands(library, issued, day=date(2026, 11, 25)).status == "approved"
    late = stands(library, issued, day=date(2026, 11, 26))
    assert (late.status, late.approval) == ("overdue", library.approvals[0])
    assert late.is_marked


def test_withdrawn_goes_before_overdue_and_approved(library: Library) -> None:
    gone = edition(library, withdrawal=GONE)
    assert stands(library, gone).status == "withdrawn"
    late = replace(gone, review_by=date(2026, 11, 1))
    assert stands(library, late).status == "withdrawn"
    assert stands(library, late).is_marked


def test_an_old_version_is_replaced_but_withdrawn_if_it_was(library: Library) -> None:
    newest = edition(library, TWO, version="1.11")
    for old, status in (
        (edition(library), "replaced"),
        (edition(library, review_by=date(2026, 11, 1)), "replaced"),
        (edition(library, withdrawal=GONE), "withdrawn"),
    ):
        both = replace(library, editions={**library.editions, NOTE: (old, newest)})
        found = status_of_edition(both, old, "corner", TODAY)
        assert (found.status, found.newer, found.is_marked) == (status, newest, True)
        now = status_of_edition(both, newest, "corner", TODAY)
        assert (now.status, now.newer) == ("issued", None)


# Numbers and days


def test_versions_have_the_order_of_their_numbers(library: Library) -> None:
    versions = ["0.9", "1.0", "1.1", "1.1.1", "1.2", "1.9", "1.10", "2.0", "10.0"]
    editions = [edition(library, version=version) for version in reversed(versions)]
    assert [each.version for each in sorted(editions, key=number_of)] == versions


@pytest.mark.parametrize(
    ("day", "years", "then"),
    [
        (date(2026, 11, 25), 2, date(2028, 11, 25)),
        (date(2028, 2, 29), 2, date(2030, 2, 28)),
        (date(2028, 2, 29), 4, date(2032, 2, 29)),
        (date(9998, 1, 1), 3, date(9999, 1, 1)),
    ],
)
def test_the_same_day_some_years_later(day: date, years: int, then: date) -> None:
    assert later(day, years) == then


def test_a_day_at_the_end_of_time_is_named(tiny: Path, run: Run) -> None:
    change(tiny, "updated: 2026-11-23\nreview_by: 2028-11-24",
           "updated: 9998-01-01\nreview_by: 9999-12-31", PAGE)  # fmt: skip
    status, said = run("--project", str(tiny), "check")
    assert status == 1
    assert "the date of this page, 9998-01-01, is still to come.\n" in said
