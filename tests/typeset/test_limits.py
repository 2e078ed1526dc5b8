"""Tests of limits: how long sheets may get, whose fault it is, and that it is nobody else's."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from plainleaf.addresses import LONGEST_WEBSITE, fault_of_website, meant_website
from plainleaf.check.check import Verdict
from plainleaf.compose.compose import Composed, compose
from plainleaf.compose.furniture import WIDEST, at_usual_clinic
from plainleaf.journey import make, report_verdict, settle
from plainleaf.machine.engine import Engine
from plainleaf.machine.last_build import RECORD
from plainleaf.machine.report import Report
from plainleaf.model import Checked, Docs, Library, Printed, Project, Sheet
from plainleaf.plan import Choice
from plainleaf.problems import ContentError, Place, Problem
from plainleaf.typeset.limits import over_limits
from plainleaf.typeset.press import Pressed, press
from plainleaf.typeset.typeset import Length, length_of
from tests.conftest import TODAY, UNSEEN, composed_of, known_of, project_in
from tests.repository import change

pytestmark = pytest.mark.slow

CLINIC = "clinics/corner/clinic.yml"
# A slip of the pen in the CSS of a sheet: it cannot be printed.
SLIP = "p { colour: red; }</style>"


@pytest.mark.parametrize("website", ["https://leaflets.example/", "https://a.example/to/leaflets"])
def test_the_shipped_sheets_keep_their_limits_where_the_site_has_an_address(
    website: str, shipped_project: Path
) -> None:
    """Anybody's sheets, whose lines to write on take the most room, on the paper that is lower."""
    known, sheets = known_of(project_in(shipped_project))
    hosted = replace(known.docs, site_url=website)
    wanted = [
        sheet
        for sheet in sheets
        if (sheet.clinic.slug, sheet.paper.name, sheet.size) == ("any-clinic", "letter", "standard")
        and sheet.handout.most_pages <= 4
    ]
    assert len(wanted) >= 3
    for item in compose(hosted, known.library, wanted, known.statuses):
        length = length_of((item.html, item.sheet.language.fonts))
        assert length
        most = item.sheet.handout.most_pages_of(item.sheet.language.code)
        assert length.pages <= most, item.sheet.path


def test_the_shipped_handouts_keep_their_limits_whoever_prints_them(shipped_project: Path) -> None:
    """The build of the project asked already, and keeps the answers."""
    known, sheets = known_of(project_in(shipped_project))

    def waits() -> None:
        pytest.fail("the build set no type for the limits of its handouts")

    assert over_limits(known.docs, known.library, sheets, waits) == []


def slips(project: Project, most: int) -> tuple[Checked, list[Sheet]]:
    """Give a project whose slip may take so many pages, and its sheets in English."""
    known, sheets = known_of(project)
    slip = replace(known.library.handouts["slip"], most_pages=most)
    known = replace(known, library=replace(known.library, handouts={"slip": slip}))
    wanted = [each for each in sheets if each.handout.name == "slip" and each.language.code == "en"]
    return known, [replace(each, handout=slip) for each in wanted]


def test_a_limit_is_held_with_the_widest_name_and_kept_until_the_words_change(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def ask(of: tuple[str, tuple[str, ...]]) -> Length | None:
        asked.append(of[0])
        return length_of(of)

    monkeypatch.setattr("plainleaf.typeset.limits.length_of", ask)
    known, sheets = slips(project, 1)
    once = over_limits(known.docs, known.library, sheets)
    assert [(problem.source.path, problem.is_warning) for problem in once] == [
        ("handouts/slip.yml", False)
    ] * 2
    assert all(WIDEST.website.removeprefix("https://") in html for html in asked)
    assert not any(known.docs.languages["en"].words["overdue"] in html for html in asked)
    assert len(asked) == 2
    assert over_limits(known.docs, known.library, sheets) == once
    assert len(asked) == 2
    known, sheets = slips(project, 9)
    assert over_limits(known.docs, known.library, sheets) == []
    assert len(asked) == 2


def test_a_narrowed_build_asks_only_its_own_handouts_how_long_they_get(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[Sheet] = []

    def ask(_docs: Docs, _library: Library, sheets: Iterable[Sheet]) -> list[Problem]:
        asked.extend(sheets)
        return []

    monkeypatch.setattr("plainleaf.journey.over_limits", ask)
    settle(project, Choice(clinic="corner", handout="note"), Report("quiet"), TODAY)
    assert {(sheet.clinic.slug, sheet.handout.name) for sheet in asked} == {("corner", "note")}


def test_help_that_no_clinic_could_print_on_page_1_is_a_fault_of_the_handout(
    project: Project,
) -> None:
    """Its levels of help are held with the widest letterhead, whatever its clinics are called."""
    known, sheets = known_of(project)
    note = known.library.handouts["note"]
    parts = tuple(
        replace(part, elements=("routine",), on_new_side=True)
        if part.section == "risks"
        else replace(part, elements=())
        for part in note.parts
    )
    note = replace(note, kind="aftercare", parts=parts, most_pages=9)
    known = replace(known, library=replace(known.library, handouts={"note": note}))
    sheets = [
        replace(each, handout=note)
        for each in sheets
        if each.handout.name == "note" and each.language.code == "en"
    ]
    assert [str(each) for each in over_limits(known.docs, known.library, sheets)] == [
        f"handouts/note.yml:2: note (en) does not show index#risks on page 1 of {paper}, "
        "with a clinic's name and address as long as they may be.\n"
        "    Shorten the cards above it: page 1 is what people keep at hand."
        for paper in ("A4", "US Letter")
    ]


def pressed(project: Project, spoilt: str) -> Pressed:
    """Set two sheets of the tiny project, one a clinic; spoilt is part of the address of some."""
    known, sheets = known_of(project)
    wanted = [sheet for sheet in sheets if sheet.path.endswith("en/note-a4.pdf")]
    composed = compose(known.docs, known.library, wanted, known.statuses)
    items = [
        replace(each, html=each.html.replace("</style>", SLIP))
        if spoilt in each.sheet.path
        else each
        for each in composed
    ]
    with Engine() as engine:
        return press(project, items, Report("quiet"), engine, at_usual_clinic(known))


def test_a_sheet_that_only_one_clinic_cannot_have_is_left_out_and_the_rest_is_made(
    project: Project,
) -> None:
    result = pressed(project, "corner")
    assert {item.sheet.clinic.slug for item in result.printed} == {"anyone"}
    (problem,) = result.problems
    assert problem.source.path == CLINIC
    assert problem.message.startswith("Ignored `colour: red` at ")
    assert problem.hint == (
        "Other clinics have this sheet: look at the name, address, numbers and logo of this one. "
        "It was left out."
    )


def test_what_a_clinic_like_most_can_have_is_no_fault_of_all(project: Project) -> None:
    result = pressed(project, "handouts/")
    assert result.printed == []
    assert {problem.source.path for problem in result.problems} == {
        "clinics/anyone/clinic.yml",
        CLINIC,
    }


def test_what_no_clinic_can_have_stops_all(project: Project) -> None:
    folder = project.folder / "templates" / "css"
    folder.mkdir(parents=True)
    css = (project.shared_templates / "css" / "sheet.css").read_text("utf-8")
    (folder / "sheet.css").write_text(f"{css}\np {{ colour: red }}\n", "utf-8")
    with pytest.raises(ContentError) as stopped:
        pressed(project, "nowhere")
    assert {problem.source.path for problem in stopped.value.problems} == {"handouts/note.yml"}


def test_a_clinic_that_is_broken_alone_gets_nothing(
    warm: Path, run: Callable[..., tuple[int, str]]
) -> None:
    change(warm, "country: GB", "country: UK", CLINIC)
    words = ("--project", str(warm), "--handout", "note", "--language", "en")
    status, errors = run(*words)
    assert (status, errors) == (
        1,
        'clinics/corner/clinic.yml:5: "UK" is the code of no country.\n'
        "    Write its code of two letters, such as GB for the United Kingdom or AE.\n"
        "\n1 problem. Nothing was made for corner; the rest was.\n",
    )
    handouts = warm / "site" / "handouts"
    assert {path.name for path in handouts.iterdir() if path.is_dir()} == {"anyone"}
    assert len([*handouts.glob("anyone/en/*.pdf")]) >= 4
    assert (warm / "site" / "index.html").is_file()
    assert not (warm / "build" / RECORD).exists()
    # What is wrong is told again, as often as somebody asks.
    assert run(*words) == (status, errors)
    change(warm, "country: UK", "country: GB", CLINIC)
    assert run(*words, "--clinic", "anyone") == (0, "")
    assert (warm / "build" / RECORD).exists()


def test_words_are_issued_though_one_clinic_is_broken(
    warm: Path, run: Callable[..., tuple[int, str]]
) -> None:
    change(warm, "country: GB", "country: UK", CLINIC)
    change(warm, "yes", "yes\nlanguages: [en]\npapers: [a4]", "clinics/anyone/clinic.yml")
    change(warm, "Show us the place", "Show the place", "docs/en/slip.md")
    words = ("--language", "en", "--note", "It says to show the place.")
    status, errors = run("issue", "slip", "--project", str(warm), *words)
    assert status == 1
    assert errors.endswith("\n1 problem. corner was left out.\n")
    assert "It says to show the place." in (warm / "ledger/slip.yml").read_text("utf-8")


def test_a_sign_beside_headings_is_for_the_website_alone(project: Project) -> None:
    toc = "  - attr_list\n  - toc:\n      permalink: true"
    change(project.folder, "  - attr_list", toc, "mkdocs.yml")
    known, _ = known_of(project)
    assert known.docs.extensions["toc"] == {"permalink": True}
    (item,) = composed_of(project, "corner/en/note-a4.pdf")
    assert isinstance(item, Composed)
    assert "¶" not in item.html


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("https://example.org/leaflets/index.html", "https://example.org/leaflets/"),
        ("example.org/leaflets", "https://example.org/leaflets/"),
        ("http://example.org", "https://example.org/"),
        ("HTTPS://Example.ORG/Leaflets/", "https://example.org/Leaflets/"),
        ("https://example.org/a?b=c", "https://example.org/a/"),
        ("https://example.org/a#b", "https://example.org/a/"),
        ("https://me:secret@example.org/", "https://example.org/"),
        ("//www.example.org//a", "https://www.example.org/a/"),
        ("https://example.org/../a b", "https://leaflets.example/"),
        ("https://localhost:8000/", "https://leaflets.example/"),
        ("https://leaflets.localhost/", "https://leaflets.example/"),
        ("https://127.0.0.1/", "https://leaflets.example/"),
        ("leaflets", "https://leaflets.example/"),
    ],
)
def test_an_address_that_sheets_cannot_name_is_refused_with_the_one_that_is_meant(
    written: str, meant: str
) -> None:
    assert fault_of_website(written) == f'"{written}" is no address of a website.'
    assert meant_website(written) == meant
    assert fault_of_website(meant) == ""


@pytest.mark.parametrize(
    "written",
    [
        "https://a.example",
        "https://b.c-d.example:8443/x/y_z/~me/",
        "https://me.github.io/leaflets/",
    ],
)
def test_an_address_of_a_website_is_taken(written: str) -> None:
    assert fault_of_website(written) == ""


def test_an_address_that_no_camera_reads_is_too_long() -> None:
    longest = "https://a.example/".ljust(LONGEST_WEBSITE, "x")
    assert fault_of_website(longest) == ""
    assert fault_of_website("https://a.example/".ljust(3_000, "x")) == (
        f'"https://a.example/{"x" * 42}…" is too long to be read by a camera (3,000 letters).'
    )


@pytest.mark.parametrize(
    ("left_out", "made", "said"),
    [
        (("cork",), "en/slip", "Nothing was made for cork; the rest was."),
        ((), "anyone/en/slip", "4 sheets of corner were left out; the rest was made."),
        (
            ("cork", "kerry"),
            "slip-a4.pdf",
            "Nothing was made for cork, kerry; 3 sheets of anyone were left out; "
            "3 sheets of corner were left out; the rest was made.",
        ),
    ],
)
def test_what_was_not_made_is_said(
    left_out: tuple[str, ...],
    made: str,
    said: str,
    project: Project,
    capsys: pytest.CaptureFixture[str],
) -> None:
    composed = composed_of(project, "en/slip")
    printed = [
        Printed(item.sheet, item.sheet_status, False, b"", 1, UNSEEN)
        for item in composed
        if made in item.sheet.path
    ]
    verdict = Verdict((Problem(Place("clinics/cork"), "This is so.", "Do that."),), (), left_out)
    report_verdict(verdict, composed, printed, Report("quiet"))
    assert (
        capsys.readouterr().err == f"clinics/cork: This is so.\n    Do that.\n\n1 problem. {said}\n"
    )


def test_where_no_sheet_can_be_made_nothing_is_written(project: Project) -> None:
    known, sheets = known_of(project)
    wanted = [sheet for sheet in sheets if sheet.path.endswith("corner/en/slip-a4.pdf")]
    (item,) = compose(known.docs, known.library, wanted, known.statuses)
    broken = replace(item, html=item.html.replace("</style>", SLIP))
    with Engine() as engine, pytest.raises(ContentError) as stopped:
        make(known, [broken], Verdict((), ()), Report("quiet"), engine, project.site)
    assert [each.source.path for each in stopped.value.problems] == [CLINIC]
    assert not project.site.exists()
