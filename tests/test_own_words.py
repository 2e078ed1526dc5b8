"""A clinic's own words, from its file to its sheets, its desk and its approval; nobody else's."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import lxml.html
import pytest

from plainleaf.check.own_words import own_words
from plainleaf.commands.history import past
from plainleaf.commands.rebuild import statuses_then
from plainleaf.compose.compose import Composed, compose
from plainleaf.journey import settle
from plainleaf.load.load import load
from plainleaf.machine.report import Report
from plainleaf.model import Docs, Library, Printed, Project, SheetStatus
from plainleaf.plan import Choice, plan
from plainleaf.problems import Problem
from plainleaf.publish.desk import own_of
from plainleaf.publish.publish import manifest_entry
from plainleaf.publish.website import _desks
from plainleaf.records.approvals import read_approvals
from plainleaf.typeset.press import sheet_key
from plainleaf.typeset.typeset import typeset
from tests.conftest import (
    A_PACK,
    ROOT,
    TODAY,
    UNSEEN,
    composed_of,
    issue,
    known_of,
    project_in,
    set_once,
)
from tests.paper import read_pdf, squeezed
from tests.repository import COOL, WATER, change, commit, known_in, repository_in

Run = Callable[..., tuple[int, str]]

FEES = """\
## Our fees {#fees}

A visit costs £80. Read [what we ask](slip.md#purpose), or [write to us](mailto:desk@cuts.example).

| What | Fee |
|---|---|
| A visit of 30 minutes | £80 |

### Who pays less {#less}

[The fees](#fees) are half for students.
"""
FEES_AR = """\
## الرسوم {#fees}

الزيارة بثمانين جنيهًا.

### من يدفع أقل {#less}

الطلاب.
"""
ROOM = "  - clinic_section: fees\n"
SIGNATURE = "  - section: slip#signature\n"


def make_room(folder: Path) -> None:
    change(folder, SIGNATURE, ROOM + SIGNATURE, "handouts/slip.yml")


def say(folder: Path) -> None:
    """Let the clinic say what its fees are, in both languages that it prints."""
    (folder / "clinics/corner/en.md").write_text(FEES, "utf-8")
    (folder / "clinics/corner/ar.md").write_text(FEES_AR, "utf-8")


@pytest.fixture
def saying(tiny: Path) -> Project:
    """Give the tiny project, with a clinic whose slip says what its fees are."""
    make_room(tiny)
    say(tiny)
    return project_in(tiny)


def keys(project: Project) -> dict[str, str]:
    """Give the key of each sheet, of which the bytes of its PDFs follow, by its address."""
    return {item.sheet.path: sheet_key(item) for item in composed_of(project)}


def statuses_of(folder: Path) -> dict[tuple[str, str, str], SheetStatus]:
    return dict(known_of(project_in(folder))[0].statuses)


def tree_of(html: str) -> Any:
    return lxml.html.document_fromstring(html)


def section_in(composed: Composed) -> Any:
    """Give what the clinic says itself on a sheet."""
    (section,) = tree_of(composed.html).find_class("own")
    return section


def said_in(element: Any) -> str:
    return " ".join(element.text_content().split())


# Nobody else's


def test_fees_of_one_clinic_change_its_form_and_no_other_sheet(tiny: Path) -> None:
    before = keys(project_in(tiny))
    words = {of: known.content for of, known in statuses_of(tiny).items()}

    make_room(tiny)
    assert keys(project_in(tiny)) == before
    say(tiny)

    after = keys(project_in(tiny))
    assert {path for path in after if after[path] != before[path]} == {
        path for path in before if path.startswith("handouts/corner/") and "/slip-" in path
    }
    # What was issued stays what it is: everybody's words are the same, also at that clinic.
    now = statuses_of(tiny)
    assert {of: known.content for of, known in now.items()} == words
    assert "draft" not in {known.status for known in now.values()}


def test_room_for_what_no_clinic_says_changes_no_sheet_that_ships(tmp_path: Path) -> None:
    for name in ("docs", "handouts", "clinics", "ledger"):
        shutil.copytree(ROOT / name, tmp_path / name)
    shutil.copy(ROOT / "mkdocs.yml", tmp_path)
    with_room = keys(project_in(tmp_path))
    rooms = 0
    for path in (tmp_path / "handouts").glob("*.yml"):
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [line for line in lines if "clinic_section:" not in line]
        rooms += len(lines) - len(kept)
        path.write_text("".join(kept), "utf-8")
    assert rooms
    assert keys(project_in(tmp_path)) == with_room


# On paper


def test_a_sheet_says_whose_words_they_are_below_their_heading(saying: Project) -> None:
    (sheet,) = composed_of(saying, "corner/en/slip-a4.pdf")
    section = section_in(sheet)

    heading, whose, *_ = (each for each in section.iter("h2", "p"))
    assert (said_in(heading), said_in(whose)) == ("Our fees", "Words of Corner Clinic")
    assert [said_in(each) for each in section.iter("h3")] == ["Who pays less"]
    assert [said_in(each) for each in section.iter("td")] == ["A visit of 30 minutes", "£80"]
    # They stand where the handout has room for them.
    tree = tree_of(sheet.html)
    headings = [said_in(each) for each in tree.iter("h2")]
    assert headings[-2:] == ["Our fees", "Your signature"]
    # A page is nowhere on paper; a mail address, and a heading on the same sheet, can be followed.
    links = {said_in(link): link.get("href") for link in section.iter("a")}
    assert links == {"write to us": "mailto:desk@cuts.example", "The fees": "#clinic--fees"}
    assert tree.xpath("//*[@id='clinic--fees']")
    assert sheet.places["#fees"].path == "clinics/corner/en.md"


def test_its_ids_are_no_others_though_a_page_is_called_clinic(saying: Project) -> None:
    folder = saying.folder
    page = (folder / "docs/en/slip.md").read_text("utf-8")
    (folder / "docs/en/clinic.md").write_text(page.replace("{#purpose}", "{#fees}"), "utf-8")
    shutil.copy(folder / "docs/en/clinic.md", folder / "docs/ar/clinic.md")
    added = "  - section: clinic#fees\n"
    change(folder, SIGNATURE, added + SIGNATURE, "handouts/slip.yml")

    (sheet,) = composed_of(project_in(folder), "corner/en/slip-a4.pdf")

    ids = [each.get("id") for each in tree_of(sheet.html).iter() if each.get("id")]
    assert {"clinic-fees", "clinic--fees"} <= set(ids)
    assert len(ids) == len(set(ids))


def test_a_pdf_reads_it_out_in_its_place(saying: Project) -> None:
    """set_once also proves each file: tags, order, letters, what is painted."""
    sheets = {}
    for name in ("corner/en/slip-a4-large.pdf", "corner/ar/slip-letter.pdf"):
        (composed,) = composed_of(saying, name)
        sheets[name], form = set_once(composed)
        assert form.is_form
    path = saying.folder / "sheet.pdf"
    path.write_bytes(sheets["corner/en/slip-a4-large.pdf"].pdf)
    said = squeezed("".join(run.text for run in read_pdf(path).spoken))
    wanted = ("Our fees", "Words of Corner Clinic", "Who pays less", "Your signature")
    places = [said.rindex(squeezed(words)) for words in wanted]
    assert places == sorted(places)


def test_a_word_that_is_too_wide_costs_the_clinic_its_sheet_and_names_its_own_file(
    saying: Project,
) -> None:
    path = saying.folder / "clinics/corner/en.md"
    wide = "feesfeesfees" * 12
    path.write_text(f"## Our fees {{#fees}}\n\nThey are {wide} each.\n", "utf-8")
    (composed,) = composed_of(project_in(saying.folder), "corner/en/slip-a4.pdf")
    (problem,) = [each for each in typeset(composed) if isinstance(each, Problem)]
    assert str(problem.source) == "clinics/corner/en.md:3"
    assert problem.message.startswith(f'"{wide}" is too wide for its place')


def test_a_clinic_is_warned_that_its_words_make_a_sheet_longer(saying: Project) -> None:
    change(saying.folder, "id: T-2\n", "id: T-2\nmost_pages: 2\n", "handouts/slip.yml")
    words = "A visit costs £80.\n\n" * 60
    (saying.folder / "clinics/corner/en.md").write_text(f"## Our fees {{#fees}}\n\n{words}")
    (composed,) = composed_of(project_in(saying.folder), "corner/en/slip-a4.pdf")
    sheet = next(each for each in typeset(composed) if isinstance(each, Printed))
    (warning,) = [each for each in sheet.warnings if "pages long" in each.message]
    assert warning.source.path == "clinics/corner/clinic.yml"
    assert warning.is_warning
    assert "handouts/slip.yml allows 2" in warning.message
    assert "What the clinic itself says" in warning.hint


def test_a_pack_holds_the_form_with_the_clinics_own_words(saying: Project) -> None:
    (saying.folder / "handouts/pack.yml").write_text(A_PACK, "utf-8")
    project = project_in(saying.folder)
    (composed,) = composed_of(project, "corner/en/pack-a4.pdf")
    slip, _ = composed.handouts
    assert said_in(section_in(slip)).startswith("Our fees Words of Corner Clinic")
    known = statuses_of(saying.folder)
    assert known["pack", "en", "corner"].own
    assert known["pack", "en", "anyone"].own == ""


# Who approved what


APPROVE = ("approve", "slip", "--clinic", "corner", "--language", "en", "--by", "Dr A", "--role")


@pytest.mark.slow
def test_a_clinic_approves_its_own_words_too_and_asks_again_when_they_change(
    saying: Project, run: Run
) -> None:
    folder = saying.folder
    assert run("--project", str(folder), *APPROVE, "nurse in charge") == (0, "")
    found: list[Problem] = []
    approval = read_approvals(project_in(folder), folder / "clinics/corner", found)[-1]
    before = statuses_of(folder)["slip", "en", "corner"]
    assert (approval.own, found) == (before.own, [])
    assert (before.status, len(before.own)) == ("approved", 64)

    # How it is written makes no other words of it.
    change(folder, "A visit costs", "A visit\ncosts", "clinics/corner/en.md")
    assert statuses_of(folder)["slip", "en", "corner"] == before

    change(folder, "half for students", "£40 for students", "clinics/corner/en.md")
    after = statuses_of(folder)
    assert after["slip", "en", "corner"].status == "issued"
    assert after["slip", "en", "corner"].issued == before.issued
    assert after["slip", "en", "anyone"] == statuses_of(folder)["slip", "en", "anyone"]
    # The note has no room for them: its approval stands.
    assert after["note", "en", "corner"].status == "approved"
    status, said = run("--project", str(folder), "check")
    assert status == 0
    assert (
        "clinics/corner/approvals.yml:10: warning: Dr A approved slip (en) 2.0, and the clinic's "
        "own words on it have changed since.\n"
        "    Show the clinic what changed, then approve it again.\n"
    ) in said
    assert run("--project", str(folder), *APPROVE, "nurse in charge") == (0, "")
    assert statuses_of(folder)["slip", "en", "corner"].status == "approved"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        pytest.param("| £80 |", "| £90 |", id="a number in a cell"),
        pytest.param("desk@", "post@", id="where a link leads"),
        pytest.param("## Our fees {#fees}", "## Fees {#fees}", id="the heading"),
    ],
)
def test_each_change_of_what_it_says_is_one(saying: Project, old: str, new: str) -> None:
    before = statuses_of(saying.folder)["slip", "en", "corner"]
    change(saying.folder, old, new, "clinics/corner/en.md")
    after = statuses_of(saying.folder)["slip", "en", "corner"]
    assert (after.own != before.own, after.content) == (True, before.content)


def test_other_programs_are_told_whether_the_clinic_says_something(saying: Project) -> None:
    known, sheets = known_of(saying)
    for sheet in sheets:
        of = (sheet.handout.name, sheet.language.code, sheet.clinic.slug)
        told = manifest_entry(known, Printed(sheet, known.statuses[of], False, b"", 1, UNSEEN))
        says = sheet.clinic.slug == "corner" and sheet.handout.name == "slip"
        assert bool(told["own"]) == says
        assert told["content"] == known.content[of[:2]].hash


@pytest.mark.slow
def test_an_old_version_is_set_again_with_what_the_clinic_said_then(tmp_path: Path) -> None:
    folder = repository_in(tmp_path)
    risks = "  - section: index#risks\n"
    change(folder, risks, ROOM + risks, "handouts/note.yml")
    say(folder)
    change(folder, WATER, COOL)
    old = issue(folder, "note", note="It now says to use cool water.")
    commit(folder)
    change(folder, "£80. Read", "£95. Read", "clinics/corner/en.md")
    change(folder, COOL, WATER)
    issue(folder, "note", note="It says again to use running water.")
    commit(folder)
    known = known_in(folder)
    with past(known, old) as then:
        wanted = [sheet for sheet in then.sheets if sheet.path.endswith("corner/en/note-a4.pdf")]
        statuses = statuses_then(known, then, old)
        (composed,) = compose(then.docs, then.library, wanted, statuses)
    assert "A visit costs £80." in said_in(section_in(composed))
    now = known.statuses["note", "en", "corner"]
    assert statuses["note", "en", "corner"].own not in ("", now.own)


# Its desk


def desks_of(project: Project, language: str) -> Mapping[str, str]:
    known, sheets = known_of(project)
    printed = [Printed(sheet, SheetStatus("draft", None, None, ""), False, b"", 1, UNSEEN)
               for sheet in sheets]  # fmt: skip
    return _desks(known.docs, known.docs.languages[language], printed)


def test_only_the_desk_of_the_clinic_shows_what_it_says(saying: Project) -> None:
    for code, title in (("en", "Our fees"), ("ar", "الرسوم")):
        desks = desks_of(saying, code)
        assert [slug for slug in desks if title in desks[slug]] == ["handouts/corner/index"]
    desk = desks_of(saying, "en")["handouts/corner/index"]
    tree = tree_of(desk.partition("---\n\n")[2])
    (words,) = tree.find_class("words-of")
    headings = [(each.tag, said_in(each)) for each in words.iter("h2", "h3", "h4")]
    assert headings == [
        ("h2", "Words of Corner Clinic"), ("h3", "Our fees"), ("h4", "Who pays less"),
    ]  # fmt: skip
    assert [link.get("href") for link in words.iter("a")] == [
        "../../slip.html#purpose", "mailto:desk@cuts.example", "#own--fees",
    ]  # fmt: skip
    assert words.xpath(".//*[@id='own--fees']")
    assert words.find("div").get("lang") == "en"


def test_a_desk_in_a_language_that_the_clinic_does_not_print_has_them_in_the_one_it_does(
    saying: Project,
) -> None:
    change(saying.folder, "[en, ar]", "[en]", "clinics/corner/clinic.yml")
    known, _ = known_of(saying)
    found = own_of(known.library.clinics["corner"], known.docs, "ar")
    assert found is not None
    assert (found[0].code, "Our fees" in found[1]) == ("en", True)
    assert own_of(known.library.clinics["anyone"], known.docs, "en") is None


# What is wrong with it


def test_a_guarantee_costs_the_clinic_its_sheets_and_nobody_else(saying: Project) -> None:
    change(saying.folder, "A visit costs £80.", "We guarantee that.", "clinics/corner/en.md")
    project = project_in(saying.folder)
    _, sheets, verdict = settle(project, Choice(), Report("quiet"), TODAY, holds_limits=False)
    (problem,) = [each for each in verdict.problems if not each.is_warning]
    assert (str(problem.source), problem.gate) == ("clinics/corner/en.md:3", "claims.guarantee")
    assert (verdict.left_out, verdict.is_good) == (("corner",), False)
    assert {sheet.clinic.slug for sheet in sheets} == {"anyone"}


def test_help_comes_before_what_a_clinic_says(docs: Docs, project: Project) -> None:
    make_room(project.folder)
    library = load(project, [])
    slip = library.handouts["slip"]
    assert found_in(docs, library, slip) == []
    (place,) = slip.clinic_places
    help_last = replace(slip.parts[-1], elements=("today",))
    aftercare = replace(slip, kind="aftercare", parts=(*slip.parts[:-1], help_last))
    assert found_in(docs, library, aftercare) == [
        f'{place.source}: this stands above "today", which people must find on page 1.\n'
        "    Put it below: however long it is, help comes first."
    ]
    last = replace(place, after=len(slip.parts))
    assert found_in(docs, library, replace(aftercare, clinic_places=(last,))) == []


def found_in(docs: Docs, library: Library, slip: Any) -> list[str]:
    handouts = {**library.handouts, "slip": slip}
    return [str(each) for each in own_words(docs, replace(library, handouts=handouts))]


# What it chooses


def test_a_clinic_prints_the_handouts_that_it_names_and_lists_no_other(
    docs: Docs, project: Project
) -> None:
    clinic = project.folder / "clinics/corner/clinic.yml"
    clinic.write_text(f"{clinic.read_text('utf-8')}handouts: [slip]\n", "utf-8")
    library = load(project.anew(), [])
    printed = {sheet.handout.name for sheet in plan(docs, library, [])
               if sheet.clinic.slug == "corner"}  # fmt: skip
    assert printed == {"slip"}
    assert {sheet.handout.name for sheet in plan(docs, library, [])} == {"note", "slip"}
    (own,) = composed_of(project_in(project.folder), "corner/en/slip-a4.pdf")
    (other,) = composed_of(project_in(project.folder), "anyone/en/slip-a4.pdf")
    title = docs.pages["en", "index"].title
    assert title in other.html
    assert title not in own.html
    # The list is of everybody's words, which are the same for all.
    assert own.sheet_status.content == other.sheet_status.content
    assert own.sheet_status.issued


def test_paper_with_a_letterhead_leaves_room_and_says_whose_sheet_it_is(project: Project) -> None:
    with_it = {item.sheet.path: item.html for item in composed_of(project, "corner/en/note-a4")}
    change(project.folder, "logo: logo.svg", "letterhead: none", "clinics/corner/clinic.yml")
    items = composed_of(project_in(project.folder), "corner/en/note-a4")
    for item in items:
        tree = tree_of(item.html)
        (head,) = tree.find_class("clinic")
        assert [each.get("class") for each in head] == ["name", "online"]
        assert said_in(head).startswith("Corner Clinic Read this online:")
        # Help needs its numbers, whatever the paper says.
        assert said_in(tree.find_class("phones")[0]).endswith("999")
        (room,) = [line for line in item.html.split("\n") if line.startswith("@page :first")]
        assert room.split() == ["@page", ":first", "{", "margin-top:", room_of(item), "}"]
        assert "@page :first" not in with_it[item.sheet.path]
    assert len(items) == 2


def room_of(item: Composed) -> str:
    return {"standard": "45mm;", "large": "46mm;"}[item.sheet.size]


def test_room_for_a_letterhead_is_the_same_above_every_head() -> None:
    """Each kind of sheet leaves room for its own head, and 36 mm more on page 1."""
    for text, css in (("standard", "sheet"), ("large", "large"), ("giant", "giant")):
        plain = margins(css)
        first = margins(f"room-{text}")
        assert {name.removesuffix(":first").strip() for name in first} == set(plain)
        more = {round(first[f"{name}:first"] - plain[name], 1) for name in plain}
        assert more == {36}


def margins(css: str) -> dict[str, float]:
    """Give the margin above each kind of page in a file, in millimetres."""
    found = {}
    for line in (ROOT / f"templates/css/{css}.css").read_text("utf-8").split("\n"):
        name, _, said = line.removeprefix("@page").partition("{")
        if line.startswith("@page") and "margin" in said:
            words = said.replace(";", " ").split()
            found[name.strip()] = float(words[1].removesuffix("mm"))
        elif line.startswith("  margin:") and css == "sheet":
            found[""] = float(line.split()[1].removesuffix("mm"))
    return found


def test_a_sheet_on_such_paper_is_proved_and_says_whose_it_is(project: Project) -> None:
    change(project.folder, "logo: logo.svg", "letterhead: none", "clinics/corner/clinic.yml")
    (composed,) = composed_of(project_in(project.folder), "corner/en/slip-letter.pdf")
    sheet, _ = set_once(composed)
    path = project.folder / "sheet.pdf"
    path.write_bytes(sheet.pdf)
    paper = read_pdf(path)
    assert squeezed("Corner Clinic") in squeezed("".join(run.text for run in paper.spoken))
    # The letterhead of the paper, 36 mm, stays free of all that is printed.
    assert min(run.base for run in paper.painted if run.page == 0) > 36 / 25.4 * 72
    assert min(run.base for run in paper.painted if run.page == 1) < 36 / 25.4 * 72
