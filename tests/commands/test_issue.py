"""Records: what people say when they issue, approve and withdraw is written, or refused in words.

Each refusal leaves every file as it was. What a record looks like in its file is in test_ledger.py.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

import build
from plainleaf.check.gates.control import says_little
from plainleaf.commands.issue import VersionDetails, next_edition
from plainleaf.model import NOBODY, Approval, Edition, SheetStatus
from plainleaf.problems import ContentError, MachineError
from plainleaf.records.ledger import read_ledger
from tests.conftest import TODAY, issue, known_of, mark, project_in, reissue, snapshot
from tests.repository import COOL, WATER, change

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str]]
KEPT = "\n1 problem. Nothing was written; the last site is as it was.\n"
NOTE = ("--note", "A nurse has read it again.")
NEW = ("--reviewer", "Dr New, nurse")
OF_NOTE = ("issue", "note", "--language", "en")
AT_CORNER = ("approve", "slip", "--clinic", "corner", "--language", "en")
WITHDRAWS = ("withdraw", "note", "--language", "en")


@pytest.fixture
def refused(tiny: Path, run: Run) -> Run:
    """Give a function that runs a command in the tiny project; it must leave all as it was."""

    def refused(*words: str) -> tuple[int, str]:
        before = snapshot(tiny, without="build")
        said = run("--project", str(tiny), *words)
        assert snapshot(tiny, without="build") == before
        return said

    return refused


def editions_of(folder: Path, handout: str = "note", language: str = "en") -> tuple[Edition, ...]:
    return read_ledger(project_in(folder), [])[handout, language]


def sheet_status(folder: Path, handout: str = "note", language: str = "en") -> SheetStatus:
    """Tell how it stands with a handout at the clinic that has approved the note."""
    return known_of(project_in(folder))[0].statuses[handout, language, "corner"]


# issue


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        pytest.param(
            ("issue", "nota", "--language", "en", *NOTE),
            2,
            'there is no handout "nota". Did you mean "note"? The handouts are: note, slip.\n',
            id="unknown handout",
        ),
        pytest.param(
            ("issue", "../ledger/note", "--language", "en", *NOTE),
            2,
            'there is no handout "../ledger/note". The handouts are: note, slip.\n',
            id="the path of a file",
        ),
        pytest.param(
            ("issue", "note", "--language", "EN", *NOTE),
            2,
            'there is no language "EN". The languages are: ar, en.\n',
            id="unknown language",
        ),
        pytest.param(
            (*OF_NOTE, *NOTE),
            2,
            "note (en) 1.10 has these very words: there is nothing new to issue.\n"
            "    Change the words first, or say who reviewed them: `--reviewer`.\n",
            id="nothing new",
        ),
        pytest.param(
            (*OF_NOTE, *NOTE, "--reviewer", NOBODY),
            2,
            "note (en) 1.10 has these very words: there is nothing new to issue.\n"
            "    Change the words first, or say who reviewed them: `--reviewer`.\n",
            id="nobody is no new reviewer",
        ),
        pytest.param(
            (*OF_NOTE, *NOTE, *NEW, "--translation", "person"),
            2,
            "English is what is translated, and no translation.\n    Leave out `--translation`.\n",
            id="translation of the main language",
        ),
        *(
            pytest.param(
                (*OF_NOTE, *NOTE, *NEW, "--version", version),
                2,
                f"version {version} would come after note (en) 1.10, and is not newer.\n"
                "    Leave out `--version`: the next one is 1.11.\n",
                id=name,
            )
            for version, name in (
                ("1.9", "older version"),
                ("1.1", "version older as a number, not as a text"),
                ("1.10", "same version"),
            )
        ),
        *(
            pytest.param(
                (*OF_NOTE, *NOTE, *NEW, "--version", version),
                1,
                f'ledger/note.yml: the version "{version}" is no version.\n'
                "    Write numbers with dots, such as 1.2, and no 0 before them.\n"
                "    [control.version] document control in NHS trusts: version on every page.\n"
                f"{KEPT}",
                id=f"version {version}",
            )
            for version in ("two", "2", "1.11.", "v1.11", "1.011", "01.11", "-1.2", f"1.{10**7}")
        ),
        pytest.param(
            (*OF_NOTE, *NOTE, *NEW, "--review-by", "2026-11-28"),
            1,
            "ledger/note.yml: note (en) 1.11 of 2026-11-29 "
            "is to be looked at again by 2026-11-28.\n"
            "    Choose a day after that, and at most 3 years later.\n"
            "    [control.review 2026-11-28] NHS trusts review leaflets every 2 to 3 years.\n"
            f"{KEPT}",
            id="review in the past",
        ),
        pytest.param(
            (*OF_NOTE, *NOTE, *NEW, "--review-by", "2029-11-30"),
            1,
            "ledger/note.yml: note (en) 1.11 of 2026-11-29 "
            "is to be looked at again by 2029-11-30.\n"
            "    Choose a day after that, and at most 3 years later.\n"
            "    [control.review 2029-11-30] NHS trusts review leaflets every 2 to 3 years.\n"
            f"{KEPT}",
            id="review in more than three years",
        ),
        pytest.param(
            (*OF_NOTE, *NEW, "--note", "Two words."),
            1,
            'ledger/note.yml: the change note "Two words." says too little.\n'
            "    Say in a sentence what changed since the last version, for people who have it.\n"
            f"    [control.change] document control: changes recorded.\n{KEPT}",
            id="note of two words",
        ),
        pytest.param(
            (*OF_NOTE, *NOTE, "--reviewer", "Dr 🩺, nurse"),
            1,
            'ledger/note.yml: no font of English has the letter "🩺" (U+1FA7A).\n'
            f"    Write it another way, or add a font that has it to docs/en/words.yml.\n{KEPT}",
            id="a letter that cannot be printed",
        ),
    ],
)
def test_an_issue_is_refused(words: tuple[str, ...], status: int, said: str, refused: Run) -> None:
    assert refused(*words) == (status, said)


def test_what_is_not_written_yet_is_not_issued(tiny: Path, refused: Run) -> None:
    change(tiny, WATER, f"{WATER} Not written yet: how long.")
    status, said = refused(*OF_NOTE, *NOTE)
    assert status == 1
    assert "still to be written: how long.\n" in said


def test_what_is_not_written_yet_elsewhere_stops_no_issue(tiny: Path, run: Run) -> None:
    change(tiny, WATER, COOL)
    page = tiny / "docs/en/slip.md"
    page.write_text(f"{page.read_text('utf-8')}\nNot written yet: how long.\n", "utf-8")
    status, said = run("--project", str(tiny), *OF_NOTE, *NOTE)
    assert (status, said) == (0, "")


def test_a_note_that_promises_is_refused(refused: Run) -> None:
    status, said = refused(*OF_NOTE, *NEW, "--note", "This is now an excellent way to heal.")
    assert status == 1
    assert said.startswith("ledger/note.yml: ")
    assert "[claims.superlative an excellent way]" in said


@pytest.mark.parametrize(
    ("words", "name"),
    [
        pytest.param((*OF_NOTE, *NEW), "--note", id="note"),
        pytest.param((*OF_NOTE, *NOTE), "--reviewer", id="reviewer"),
        pytest.param((*OF_NOTE, *NOTE), "--author", id="author"),
        pytest.param((*OF_NOTE, *NOTE), "--version", id="version"),
        pytest.param((*AT_CORNER, "--role", "nurse"), "--by", id="by"),
        pytest.param((*AT_CORNER, "--by", "Dr Invented"), "--role", id="role"),
        pytest.param((*WITHDRAWS, "--instead", "Ask us."), "--why", id="why"),
        pytest.param((*WITHDRAWS, "--why", "It is wrong."), "--instead", id="instead"),
    ],
)
def test_who_says_nothing_is_refused(words: tuple[str, ...], name: str, refused: Run) -> None:
    for blank in ("", "  ", "\n\t", "\u00a0", "\u200f \ufeff"):
        status, said = refused(*words, name, blank)
        assert status == 2
        end = f"error: argument {name}: it says nothing. Write it in quotes.\n"
        assert said.endswith(f"build.py {words[0]}: {end}")
    for unseen in ("A bell \a here.", "No text: \udcff is half a letter."):
        status, said = refused(*words, name, unseen)
        assert status == 2
        assert said.endswith(
            f"argument {name}: it holds a sign that cannot be seen. Write it again.\n"
        )


def test_a_date_that_is_none_is_refused(refused: Run) -> None:
    status, said = refused(*OF_NOTE, *NOTE, *NEW, "--review-by", "next year")
    assert status == 2
    assert said.endswith('argument --review-by: "next year" is no date such as 2026-11-25.\n')


def test_the_first_issue_needs_an_author(tiny: Path, refused: Run) -> None:
    (tiny / "ledger/slip.yml").unlink()
    issue = ("issue", "slip", "--language", "en", *NOTE)
    assert refused(*issue) == (
        2,
        "slip (en) was never issued: say who wrote the words.\n"
        '    Add `--author "…"`; the next versions take it over.\n',
    )


def test_a_language_that_no_clinic_prints_is_refused(tiny: Path, refused: Run) -> None:
    change(tiny, "languages: [en, ar]", "languages: [en]", "clinics/corner/clinic.yml")
    with (tiny / "clinics/anyone/clinic.yml").open("a") as clinic:
        clinic.write("languages: [en]\n")
    assert refused("issue", "note", "--language", "ar", *NOTE, "--translation", "person") == (
        2,
        "no clinic prints note in ar.\n"
        "    Look at `languages:` and `handouts:` in each clinic.yml.\n",
    )


def test_what_the_check_refuses_is_refused(tiny: Path, refused: Run) -> None:
    change(tiny, "slip.md#purpose", "slip.md#purposes")
    status, said = refused(*OF_NOTE, *NOTE)
    assert status == 1
    assert said.startswith('docs/en/index.md:54: this links to "slip.md#purposes", which has no')


def test_a_template_that_is_broken_is_named(tiny: Path, refused: Run) -> None:
    (tiny / "templates/handout").mkdir(parents=True)
    (tiny / "templates/handout/leaflet.html.jinja").write_text("{{ nothing }}")
    assert refused(*OF_NOTE, *NOTE) == (
        1,
        'templates/handout/leaflet.html.jinja:1: "nothing" is not defined.\n'
        f"    Check the spelling. Fixed words stand in words.yml of each language.\n{KEPT}",
    )


def test_a_clock_before_the_last_issue_is_refused(
    tiny: Path, refused: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    known, _ = known_of(project_in(tiny))
    then = date(2026, 11, 22)
    with pytest.raises(MachineError) as stopped:
        next_edition(
            replace(known, today=then), ("note", "en"), VersionDetails("It says more now.")
        )
    clock = (
        "the clock of this machine says 2026-11-22, and note (en) 1.10 was issued on 2026-11-23.\n"
        "    Set the clock."
    )
    assert str(stopped.value) == clock

    monkeypatch.setattr(build, "today", lambda: then)
    wrong = (
        "ledger/note.yml:3: the date of this version, 2026-11-23, is still to come.\n"
        "    Set the clock of this machine, or take the entry out and issue it again.\n"
    )
    status, said = refused(*OF_NOTE, *NOTE, *NEW)
    assert (status, wrong in said) == (1, True)
    approve = ("approve", "note", "--clinic", "corner", "--language", "en")
    status, said = refused(*approve, "--by", "Dr Invented", "--role", "nurse")
    assert (status, wrong in said) == (1, True)
    withdraw = ("withdraw", "note", "--language", "en", "--why", "It is wrong.")
    assert refused(*withdraw, "--instead", "Ask us.") == (2, f"{clock}\n")


def test_sheets_that_cannot_be_printed_are_not_issued(tiny: Path, refused: Run) -> None:
    few_sheets(tiny)
    change(tiny, "most_pages: 99", "most_pages: 1", "handouts/note.yml")
    change(tiny, WATER, f"{WATER} {'Hold it there for as long as you can. ' * 60}")
    status, said = refused(*OF_NOTE, "--note", "It says for how long.")
    assert status == 1
    assert said.startswith("handouts/note.yml:5: note (en) takes 3 pages of A4, with a clinic's ")


def few_sheets(folder: Path) -> None:
    """Leave the clinic whose numbers are printed: its notes are not to be typed into as well."""
    shutil.rmtree(folder / "clinics/anyone")
    change(folder, "languages: [en, ar]", "languages: [en]", "clinics/corner/clinic.yml")


def test_an_issue_is_written_as_it_was_said(
    tiny: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    few_sheets(tiny)
    change(tiny, WATER, COOL)
    note = 'It now says "cool": why? #2 has\n  more, 🩹 and غسل: جرح.'
    words = ("--note", note, "--version", "2.0", "--author", "A & B", "--reviewer", "Dr <New>")
    assert build.main(["--project", str(tiny), *OF_NOTE, *words, "--review-by", "2029-11-29"]) == 0

    assert capsys.readouterr().out == (
        "Issued note (en) 2.0.\nCommit ledger/note.yml together with its words: git keeps them.\n"
    )
    first, second = editions_of(tiny)
    assert replace(second, mark="", content="", source=first.source) == Edition(
        "note",
        "en",
        "2.0",
        "Washing a small cut",
        TODAY,
        date(2029, 11, 29),
        "A & B",
        "Dr <New>",
        "",
        "",
        'It now says "cool": why? #2 has more, 🩹 and غسل: جرح.',
        "",
        "",
        None,
        first.source,
    )
    assert second.content != first.content
    assert run("--project", str(tiny), "check", "--handout", "note")[0] == 0


def test_what_is_not_said_follows_the_last_version(tiny: Path) -> None:
    change(tiny, WATER, COOL)
    edition = issue(tiny, "note")
    assert (edition.version, edition.author) == ("1.11", "Plainleaf's tests")
    assert (edition.reviewer, edition.review_by) == (NOBODY, date(2028, 11, 29))
    # A translation says which version of the original it translates.
    change(tiny, "ماء نظيف جارٍ", "ماء بارد جارٍ", "docs/ar/index.md")
    mark(tiny, "person", "docs/ar/index.md")
    arabic = issue(tiny, "note", "ar")
    assert (arabic.version, arabic.translation, arabic.translates) == ("1.11", "person", "1.11")
    (tiny / "ledger/slip.yml").unlink()
    assert issue(tiny, "slip", author="Us").version == "1.0"


@pytest.mark.parametrize(
    ("before", "said"),
    [
        pytest.param({}, {"reviewer": "Dr New"}, id="somebody has read them"),
        pytest.param({"review_by": date(2027, 2, 23)}, {}, id="their review is due"),
        pytest.param({"review_by": date(2026, 11, 28)}, {}, id="they are overdue"),
    ],
)
def test_the_same_words_can_be_issued_again(
    tiny: Path, before: dict[str, Any], said: dict[str, str]
) -> None:
    if before:
        reissue(tiny, **before)
    assert issue(tiny, "note", **said).version == "1.11"
    assert sheet_status(tiny).status == "approved", "the clinic has approved these very words"


def test_words_whose_review_is_not_yet_due_cannot(tiny: Path) -> None:
    reissue(tiny, review_by=date(2027, 2, 28))
    with pytest.raises(MachineError, match="nothing new to issue"):
        issue(tiny, "note")


def test_the_same_words_can_be_issued_after_a_withdrawal(tiny: Path, run: Run) -> None:
    withdraw = ("withdraw", "note", "--language", "en", "--why", "We were not sure.")
    assert run("--project", str(tiny), *withdraw, "--instead", "Ask us.") == (0, "")
    assert issue(tiny, "note").version == "1.11"
    assert run("--project", str(tiny), "check")[0] == 0


def test_the_same_translation_can_be_issued_for_a_new_original(tiny: Path) -> None:
    with pytest.raises(MachineError, match="nothing new to issue"):
        issue(tiny, "note", "ar", translation="reviewed")
    issue(tiny, "note", reviewer="Dr New")
    edition = issue(tiny, "note", "ar", translation="reviewed")
    assert edition.translates == "1.11"


def test_a_translation_is_not_issued_before_its_original(tiny: Path) -> None:
    (tiny / "ledger/note.yml").unlink()
    with pytest.raises(MachineError) as never:
        issue(tiny, "note", "ar", author="Us")
    first = "    Issue it first: `build.py issue note --language en --note …`."
    fact = "note (en) was never issued, and note (ar) translates it."
    assert str(never.value) == f"{fact}\n{first}"
    issue(tiny, "note", author="Us")
    change(tiny, WATER, COOL)
    with pytest.raises(MachineError) as draft:
        issue(tiny, "note", "ar", author="Us")
    assert str(draft.value) == f"note (en) is a draft, and note (ar) translates it.\n{first}"


def test_a_translation_of_older_words_is_not_issued(tiny: Path) -> None:
    change(tiny, WATER, COOL)
    issue(tiny, "note")
    with pytest.raises(ContentError, match="the English has changed since this was translated"):
        issue(tiny, "note", "ar")
    with pytest.raises(ContentError, match="this is still as it was before the English changed"):
        mark(tiny, "person")
    mark(tiny)  # a qualified person says that it still fits
    assert issue(tiny, "note", "ar", reviewer="Dr New").translates == "1.11"


def test_a_translation_is_not_issued_as_more_than_is_recorded(tiny: Path) -> None:
    mark(tiny, "machine", "docs/ar/index.md")
    with pytest.raises(MachineError) as refused:
        issue(tiny, "note", "ar", translation="reviewed")
    assert str(refused.value) == (
        "docs/ar/translated.yml does not say that these words are reviewed, but machine.\n"
        "    Record who did it: `build.py translate mark docs/ar --translation reviewed …`."
    )
    assert issue(tiny, "note", "ar").translation == "machine"


def test_the_same_translation_can_be_issued_when_somebody_has_reviewed_it(tiny: Path) -> None:
    assert issue(tiny, "slip", "ar", translation="reviewed").version == "2.1"


def test_a_waiver_for_another_version_stops_no_issue(tiny: Path) -> None:
    reissue(tiny, "slip", change="New.")
    path = tiny / "ledger/slip.yml"
    text = path.read_text("utf-8")
    waiver = "  # waive control.change: it is the very first\n"
    path.write_text(text.replace("  - version", f"{waiver}  - version", 1), "utf-8")
    assert issue(tiny, "note", reviewer="Dr New").version == "1.11"


# approve

OF_SLIP = ("approve", "slip", "--language", "en", "--by", "Dr Invented", "--role", "nurse")


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        pytest.param(
            (*OF_SLIP, "--clinic", "../corner"),
            2,
            'there is no clinic "../corner". Did you mean "corner"? The clinics are: '
            "anyone, corner.\n",
            id="unknown clinic",
        ),
        pytest.param(
            (*OF_SLIP, "--clinic", "anyone"),
            2,
            "anyone is nobody's: who uses its sheets signs them by hand.\n"
            "    A clinic of its own can approve: see CONTRIBUTING.md, “A clinic”.\n",
            id="by hand",
        ),
        pytest.param(
            ("approve", "note", *OF_SLIP[2:], "--clinic", "corner"),
            2,
            "Dr Also Invented has approved note (en) 1.10 already.\n"
            "    It stands in clinics/corner/approvals.yml:3.\n",
            id="twice",
        ),
        pytest.param(
            ("approve", "slips", *OF_SLIP[2:], "--clinic", "corner"),
            2,
            'there is no handout "slips". Did you mean "slip"? The handouts are: note, slip.\n',
            id="unknown handout",
        ),
        pytest.param(
            (*OF_SLIP[:4], "--role", "nurse", "--by", "Dr 🩺", "--clinic", "corner"),
            1,
            'clinics/corner/approvals.yml: no font of English has the letter "🩺" (U+1FA7A).\n'
            f"    Write it another way, or add a font that has it to docs/en/words.yml.\n{KEPT}",
            id="a letter that cannot be printed",
        ),
    ],
)
def test_an_approval_is_refused(
    words: tuple[str, ...], status: int, said: str, refused: Run
) -> None:
    assert refused(*words) == (status, said)


def test_a_draft_is_not_approved(tiny: Path, refused: Run) -> None:
    change(tiny, "Show us the place.", "Show us the spot.", "docs/en/slip.md")
    assert refused(*OF_SLIP, "--clinic", "corner") == (
        2,
        "the words of slip (en) are a draft, and nobody can approve a draft.\n"
        "    Issue them first: `build.py issue slip --language en --note …`.\n",
    )


def test_what_is_withdrawn_is_not_approved(tiny: Path, run: Run, refused: Run) -> None:
    withdraw = ("withdraw", "slip", "--language", "en", "--why", "It is wrong.")
    assert run("--project", str(tiny), *withdraw, "--instead", "Ask us.") == (0, "")
    assert refused(*OF_SLIP, "--clinic", "corner") == (
        2,
        "slip (en) 2.0 is withdrawn.\n    Why, and what to do, stands in ledger/slip.yml:3.\n",
    )


def test_a_clinic_approves_only_what_it_prints(tiny: Path, refused: Run) -> None:
    change(tiny, "languages: [en, ar]", "languages: [ar]", "clinics/corner/clinic.yml")
    assert refused(*OF_SLIP, "--clinic", "corner") == (
        2,
        "corner prints nothing in en.\n    Look at `languages:` in clinics/corner/clinic.yml.\n",
    )


def test_an_approval_is_written_as_it_was_said(
    tiny: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    approve = (*OF_SLIP[:4], "--clinic", "corner", "--by", "Dr [bold]\nNew", "--role", "#1: nurse")
    assert build.main(["--project", str(tiny), *approve]) == 0

    assert capsys.readouterr().out == (
        "Dr [bold] New, #1: nurse, approves slip (en) 2.0 for corner.\n"
        "Commit clinics/corner/approvals.yml.\n"
    )
    found = sheet_status(tiny, "slip")
    assert found.status == "approved"
    assert found.approval is not None
    assert found.approval == Approval(
        "corner",
        "slip",
        "en",
        "2.0",
        editions_of(tiny, "slip")[0].content,
        "Dr [bold] New",
        "#1: nurse",
        TODAY,
        replace(found.approval.source, line=10),
    )
    assert sheet_status(tiny, "slip", "ar").status == "issued"


def test_two_clinics_approve_one_handout_each_in_its_own_file(tiny: Path, run: Run) -> None:
    other = tiny / "clinics/other"
    other.mkdir()
    text = (tiny / "clinics/corner/clinic.yml").read_text("utf-8").replace("logo: logo.svg\n", "")
    (other / "clinic.yml").write_text(text.replace("Corner Clinic", "Other Clinic"), "utf-8")
    before = (tiny / "clinics/corner/approvals.yml").read_bytes()
    approve = ("approve", "note", *OF_SLIP[2:], "--clinic", "other")
    assert run("--project", str(tiny), *approve) == (0, "")
    known, _ = known_of(project_in(tiny))
    by = {
        clinic: approval and approval.by
        for (handout, language, clinic), each in known.statuses.items()
        if (handout, language) == ("note", "en")
        for approval in [each.approval]
    }
    assert by == {"anyone": None, "corner": "Dr Also Invented", "other": "Dr Invented"}
    assert (tiny / "clinics/corner/approvals.yml").read_bytes() == before


def test_a_change_of_one_word_lapses_an_approval_and_taking_it_back_restores_it(
    tiny: Path, run: Run
) -> None:
    assert sheet_status(tiny).status == "approved"

    change(tiny, WATER, COOL)
    assert (sheet_status(tiny).status, sheet_status(tiny).approval) == ("draft", None)
    status, said = run("--project", str(tiny), "check")
    assert status == 0
    assert "Dr Also Invented approved note (en) 1.10, and its words have changed since.\n" in said
    issue(tiny, "note")
    assert (sheet_status(tiny).status, sheet_status(tiny).approval) == ("issued", None)

    change(tiny, COOL, WATER)
    assert sheet_status(tiny).status == "draft", "the newest version has other words"
    issue(tiny, "note")
    assert sheet_status(tiny).status == "approved", "the clinic has approved these very words"


def test_the_clinic_and_how_sheets_look_lapse_no_approval(tiny: Path) -> None:
    clinic = "clinics/corner/clinic.yml"
    change(tiny, "Corner Clinic", "Clinic at the Corner", clinic)
    change(tiny, "0117 496 0123", "0117 496 0124", clinic)
    change(tiny, "#7a1f5c", "#1f5c7a", clinic)
    change(tiny, "logo: logo.svg\n", "", clinic)
    (tiny / "templates/css").mkdir(parents=True)
    (tiny / "templates/css/sheet.css").write_text("h1 { color: black }")
    assert sheet_status(tiny).status == "approved"


# withdraw

WITHDRAW = ("--why", "It is wrong.", "--instead", "Ask us.")


@pytest.mark.parametrize(
    ("why", "instead", "option", "said"),
    [
        ("x", "Ask us.", "--why", "x"),
        ("Wrong words!", "Ask us.", "--why", "Wrong words!"),
        ("It is wrong.", "y", "--instead", "y"),
        ("– – – –", "Ask us.", "--why", "– – – –"),
    ],
)
def test_a_withdrawal_is_told_in_sentences(
    refused: Run, why: str, instead: str, option: str, said: str
) -> None:
    words = ("withdraw", "note", "--language", "en", "--why", why, "--instead", instead)
    assert refused(*words) == (
        2,
        f'"{said}" says too little.\n'
        f"    Give {option} as a sentence: patients who have the paper read it.\n",
    )


@pytest.mark.parametrize(
    ("text", "is_little"),
    [
        ("Now names fees.", False),
        ("Names fees.", True),
        ("First", True),
        ("1 2 3 4", True),
        ("تذكر الآن سعر الزيارة.", False),
        ("جديد", True),
        ("Теперь названа цена.", False),
        ("现在写明了费用。", False),
        ("新版", True),
        ("ตอนนี้บอกราคาแล้ว", False),
        ("अब इसमें शुल्क लिखा है।", False),
        ("이제 요금을 알려 드립니다.", False),
    ],
)
def test_a_note_is_a_sentence_in_every_script(text: str, is_little: bool) -> None:
    assert says_little(text) is is_little


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("withdraw", "notes", "--language", "en"),
            'there is no handout "notes". Did you mean "note"? The handouts are: note, slip.\n',
        ),
        (
            ("withdraw", "note", "--language", "fr"),
            'there is no language "fr". The languages are: ar, en.\n',
        ),
        (
            ("withdraw", "note", "--language", "en", "--version", "1.1"),
            'there is no version "1.1" of note (en).\n'
            '    Did you mean "1.10"? The versions are: 1.10.\n',
        ),
    ],
    ids=["unknown handout", "unknown language", "unknown version"],
)
def test_a_withdrawal_is_refused(words: tuple[str, ...], said: str, refused: Run) -> None:
    assert refused(*words, *WITHDRAW) == (2, said)


def test_what_was_never_issued_is_not_withdrawn(tiny: Path, refused: Run) -> None:
    (tiny / "ledger/slip.yml").unlink()
    assert refused("withdraw", "slip", "--language", "en", *WITHDRAW) == (
        2,
        "slip (en) was never issued.\n"
        "    Issue it: `build.py issue slip --language en --note …`.\n",
    )


def test_a_version_is_withdrawn_once_and_an_old_one_may_be(
    tiny: Path, run: Run, refused: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    change(tiny, WATER, COOL)
    issue(tiny, "note")
    withdraw = ["--project", str(tiny), "withdraw", "note", "--language", "en"]
    why = ("--why", 'It says "clean":\nwhy? #2', "--instead", "Ask us, or أي شخص 🩹.")
    assert build.main([*withdraw, *why, "--version", "1.10"]) == 0

    assert capsys.readouterr().out == (
        "Withdrew note (en) 1.10.\nCommit ledger/note.yml, then build and publish the site.\n"
    )
    old, new = editions_of(tiny)
    assert old.withdrawal is not None
    assert (old.withdrawal.on, old.withdrawal.why) == (TODAY, 'It says "clean": why? #2')
    assert old.withdrawal.instead == "Ask us, or أي شخص 🩹."
    assert new.withdrawal is None
    assert sheet_status(tiny).status == "issued"
    assert refused(*withdraw[2:], *WITHDRAW, "--version", "1.10") == (
        2,
        "note (en) 1.10 was withdrawn on 2026-11-29 already.\n"
        "    Its reason stands in ledger/note.yml:3.\n",
    )
    assert run(*withdraw, *WITHDRAW) == (0, "")
    assert sheet_status(tiny).status == "withdrawn"


def test_what_is_gone_or_broken_can_be_withdrawn(tiny: Path, run: Run) -> None:
    (tiny / "handouts/note.yml").unlink()
    for path in sorted((tiny / "docs/ar").iterdir()):
        path.unlink()
    (tiny / "docs/ar").rmdir()
    (tiny / "docs/en/index.md").write_text("no page at all")
    assert run("--project", str(tiny), "check")[0] == 1
    for language in ("en", "ar"):
        withdraw = ("withdraw", "note", "--language", language, *WITHDRAW)
        assert run("--project", str(tiny), *withdraw) == (0, "")
        assert editions_of(tiny, "note", language)[0].withdrawal is not None


def test_a_broken_ledger_is_not_written_to(tiny: Path, refused: Run) -> None:
    with (tiny / "ledger/note.yml").open("a") as ledger:
        ledger.write("fr: x\n")
    assert refused("withdraw", "note", "--language", "en", *WITHDRAW) == (
        1,
        'ledger/note.yml:24: "fr" must be a list.\n'
        f"    Start each item on a new line with `- `.\n{KEPT}",
    )


def test_a_pack_is_issued_after_all_that_it_holds(tiny: Path, run: Run) -> None:
    pack = "page: slip\ntemplate: leaflet\nid: T-3\nparts:\n  - section: slip#key-points\n"
    (tiny / "handouts/pack.yml").write_text(pack + "handouts: [note]\n", "utf-8")
    change(tiny, WATER, COOL)
    said = ("--language", "en", "--note", "The first pack of all.", "--author", "Nobody")
    assert run("issue", "--project", str(tiny), "pack", *said) == (
        2,
        "pack holds note (en), which is a draft.\n"
        "    Issue that first: `build.py issue note --language en --note …`.\n",
    )
    assert not (tiny / "ledger/pack.yml").exists()
