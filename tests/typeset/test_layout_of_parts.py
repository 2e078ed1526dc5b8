"""Tests of how parts stand on paper: beside each other, below a bar, in a frame, on a new side."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import lxml.html
import pikepdf
import pytest

from plainleaf.model import Project
from tests.conftest import ROOT, composed_of, project_in, set_once
from tests.paper import Paper, read_pdf

FORM = """\
page: slip
template: form
id: T-2
most_pages: 9
parts:
  - section: slip#key-points
  - section: slip#purpose
    filled_in_by: clinician
  - section: slip#place
    column: 1
    width: 7
    fields:
      - kind: blanks
        across: 3
        labels: [date, time, name]
  - section: slip#used
    column: 1
    width: 7
  - section: slip#questions
    column: 2
    width: 5
    show: answers
  - section: slip#tell
    show: yes-no
  - section: slip#agree
    show: ticks
    fields:
      - kind: signature
        labels: [name, date, time]
"""


@pytest.fixture
def form(tiny: Path) -> Path:
    """A small project whose form has a row of columns, a bar and a grid of yes and no."""
    (tiny / "handouts/slip.yml").write_text(FORM, "utf-8")
    return tiny


def paper(project: Project, path: str) -> Paper:
    """Set a sheet, which proves it, and read it; a form to type into is not looked at here."""
    (sheet,) = composed_of(project, f"handouts/{path}.pdf")
    file = project.folder / "sheet.pdf"
    file.write_bytes(set_once(sheet)[0].pdf)
    read_pdf.cache_clear()
    return read_pdf(file)


def start(paper: Paper, words: str) -> tuple[int, float, float]:
    """Give the page of words, how far from its left edge they begin and how far down they stand."""
    found = next(run for run in paper.painted if words in " ".join(run.text.split()))
    return found.page, found.left, found.base


def starts(paper: Paper) -> Iterator[tuple[int, float, float]]:
    """Give where the parts in the columns of the form start: place, used and questions."""
    for words in ("Where the cut is", "What we used", "In your own words"):
        yield start(paper, words)


def test_a_row_that_no_page_has_room_for_is_set_one_column_below_the_other(form: Path) -> None:
    """As in a language that takes more words; nothing is cut off or printed over the foot."""
    page = form / "docs/en/slip.md"
    many = "\n".join(f"- Wash cut number {number} with clean water." for number in range(1, 61))
    text = page.read_text("utf-8").replace(
        "## What we used {#used}\n", f"## What we used {{#used}}\n\n{many}\n"
    )
    page.write_text(text, "utf-8")
    read = paper(project_in(form), "corner/en/slip-a4")
    place, used, questions = starts(read)
    last = start(read, "cut number 60")
    assert place[1] == used[1] == questions[1], "the columns do not start at one edge"
    assert place[0] < last[0] <= questions[0]


@pytest.mark.parametrize("size", ["a4", "letter"])
def test_columns_stand_beside_each_other_and_are_read_one_after_the_other(
    form: Path, size: str
) -> None:
    read = paper(project_in(form), f"corner/en/slip-{size}")
    place, used, questions = starts(read)
    assert place[0] == used[0] == questions[0]
    assert place[1] == pytest.approx(used[1], abs=1)
    assert place[2] < used[2]
    assert questions[2] == pytest.approx(place[2], abs=1)
    width = read.sizes[0][0] - 2 * 14 / 25.4 * 72
    assert questions[1] - place[1] == pytest.approx(7 / 12 * (width + 14.2), rel=0.01)
    said = " ".join(run.text for run in read.spoken)
    assert said.index("Where the cut") < said.index("What we used") < said.index("In your own")


def test_columns_run_from_the_right_in_arabic(form: Path) -> None:
    (sheet,) = composed_of(project_in(form), "handouts/corner/ar/slip-a4.pdf")
    _, to_type_into = set_once(sheet)
    with pikepdf.open(io.BytesIO(to_type_into.pdf)) as pdf:
        left = {
            str(annotation.get("/T")): float(annotation.Rect[0])
            for annotation in pdf.pages[0].obj.Annots
            if annotation.get("/Subtype") == "/Widget"
        }
    assert left["slip-place-date"] > left["slip-place-time"] > left["slip-questions-1"]


def test_large_print_has_one_column(form: Path) -> None:
    read = paper(project_in(form), "corner/en/slip-a4-large")
    place, used, questions = starts(read)
    assert place[1] == pytest.approx(used[1], abs=1)
    assert place[1] == pytest.approx(questions[1], abs=1)
    assert (place[0], place[2]) < (used[0], used[2]) < (questions[0], questions[2])


def test_a_bar_says_who_fills_in_what_is_below_it(form: Path) -> None:
    (sheet,) = composed_of(project_in(form), "handouts/corner/en/slip-a4.pdf")
    tree: Any = lxml.html.document_fromstring(sheet.html)
    (bar,) = tree.find_class("bar")
    assert " ".join(bar.text_content().split()) == "What this slip is for We fill this in with you."
    levels = [heading.tag for heading in tree.iter("h2", "h3")]
    assert levels == ["h2", "h2", "h3", "h3", "h3", "h3", "h3"]


def test_a_question_with_yes_and_no_has_both_boxes_named(form: Path) -> None:
    (sheet,) = composed_of(project_in(form), "handouts/corner/en/slip-a4.pdf")
    tree: Any = lxml.html.document_fromstring(sheet.html)
    grid = tree.xpath("//*[@data-section='slip#tell']")[0]
    assert [box.get("title") for box in grid.iter("input")] == [
        *("Blood thinners: Yes", "Blood thinners: No", "Diabetes: Yes", "Diabetes: No"),
        *("Allergy to plasters: Yes", "Allergy to plasters: No"),
    ]
    assert [len(stack.findall(".//li")) for stack in grid.find_class("stack")] == [2, 1]


def test_a_label_stands_above_its_line(form: Path) -> None:
    read = paper(project_in(form), "corner/en/slip-a4")
    page, left, top = start(read, "Time")
    lines = [
        rule
        for rule in read.rules
        if rule.page == page and rule.left == pytest.approx(left, abs=1) and rule.y > top
    ]
    nearest = min(lines, key=lambda rule: rule.y)
    assert nearest.y - top > 8.5 / 25.4 * 72


def test_a_part_on_a_new_side_leaves_a_side_that_is_hardly_filled(form: Path) -> None:
    file = form / "handouts/slip.yml"
    file.write_text(
        FORM.replace("filled_in_by: clinician", "filled_in_by: clinician\n    on_new_side: yes"),
        "utf-8",
    )
    (sheet,) = composed_of(project_in(form), "handouts/anyone/en/slip-a4.pdf")
    warnings = [str(warning) for warning in set_once(sheet)[0].warnings]
    assert len(warnings) == 1
    assert "handouts/slip.yml:4: warning: side 1 of handouts/anyone/en/slip-a4.pdf" in warnings[0]
    assert "`column:`" in warnings[0]
    with_room = composed_of(project_in(form), "handouts/anyone/en/slip-a4-large.pdf")
    assert set_once(with_room[0])[0].warnings == ()


SIDES = {
    "consent": 4,
    "leaflet": 6,
    "visit": 1,
    "aftercare": 2,
    "before": 1,
    "expect": 2,
    "decision": 2,
    "diary": 1,
}


def test_shipped_sheets_have_the_sides_that_a_clinic_can_use(shipped_site: Path) -> None:
    """As the manifest says, which test_sheets.py compares with the files."""
    manifest = json.loads((shipped_site / "handouts/handouts.json").read_text("utf-8"))
    pages = {each["path"].removeprefix("handouts/"): each["pages"] for each in manifest["sheets"]}
    for clinic, paper in product(("any-clinic", "example-clinic"), ("a4", "letter")):
        sides = {name: pages[f"{clinic}/en/{name}-{paper}.pdf"] for name in SIDES}
        assert sides == SIDES, (clinic, paper)
        assert pages[f"{clinic}/en/pack-{paper}.pdf"] <= 20
        # Large print is as long as a hand can hold.
        assert pages[f"any-clinic/en/consent-{paper}-large.pdf"] <= 12
        assert pages[f"any-clinic/en/aftercare-{paper}-large.pdf"] <= 6


@pytest.mark.parametrize("size", ["a4", "letter", "a4-large", "letter-large"])
def test_what_is_agreed_to_stands_on_the_side_of_the_signature(
    shipped_project: Path, size: str
) -> None:
    folder = shipped_project / "site/handouts/example-clinic/en"
    read = read_pdf(folder / f"consent-{size}.pdf")
    wanted = ("sign only if", "I agree to neural prolotherapy", "Places, each with")
    pages = {start(read, words)[0] for words in wanted}
    assert len(pages) == 1
    (page,) = pages
    assert "Signature" in [run.text.strip() for run in read.on(page)]


def test_the_project_of_the_pages_ships_every_sheet_of_the_table() -> None:
    names = {path.stem for path in (ROOT / "handouts").glob("*.yml")}
    assert names - {"pack"} == SIDES.keys()
