"""Tests of every sheet: the words of the website, nothing else, and fit for paper and hands."""

from __future__ import annotations

import hashlib
import inspect
import json
import re
import subprocess
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import pairwise
from pathlib import Path

import pikepdf
import pytest
from babel.dates import format_skeleton

from plainleaf.model import Project
from plainleaf.publish.security_policy import UNFILLED
from tests.conftest import HERE, known_of, project_in, published
from tests.paper import MM, Frame, Rule, Run, joined, letters, overlaps, squeezed
from tests.sheet_text import NUMBERS, Case, Sheet, as_written, cases, each, unaccounted, words_of
from tests.typeset.test_typeset import composed, printed

pytestmark = pytest.mark.slow

SHIPPED = cases("shipped", HERE.parent)
TINY = cases("tiny", HERE / "tiny")
PAPERS = {"a4": (210 * MM, 297 * MM), "letter": (8.5 * 72, 11 * 72)}
PATIENT = ("patient_name", "birth_date", "patient_number")
# A rule this close above a text is not where that text is written.
HUGS = 6 * MM

# The sheets of the second clinic differ in its details only: one paper and print of each will do,
# and all of the consent form, on which most of them stand.
LOOKED_AT = [
    case
    for case in SHIPPED
    if case.clinic == "any-clinic"
    or case.handout == "consent"
    or (case.paper, case.size) == ("a4", "standard")
]
each_sheet = each([*LOOKED_AT, *TINY])
each_aftercare = each(
    [case for case in SHIPPED if case.handout == "aftercare" and case.size == "standard"]
)


# The same words


@each_sheet
def test_the_sheet_says_the_sections_of_the_website_in_order_and_nothing_of_its_own(
    sheet: Sheet,
) -> None:
    """Read as a screen reader does; all else is fixed words and details of the clinic."""
    paper = sheet.paper
    parts = sheet.said
    opening = paper.spoken[: len(paper.spoken) - sum(map(len, parts))]
    if sheet.is_rtl:
        said = {frozenset(letters(phrase).items()) for phrase in sheet.phrases}
        assert all(is_made_of(letters(joined(block)), said) for block in blocks(opening))
        for part, section in zip(parts, sheet.sections, strict=True):
            fields = part[words_of(part, section) :]
            assert all(is_made_of(letters(joined(block)), said) for block in blocks(fields))
        return
    spoken = joined([*opening, *(run for part in parts for run in part)])
    sections = [squeezed(section.text) for section in sheet.sections]
    assert unaccounted(spoken, sections, sheet.phrases) == ""
    # Only a pack prints a section more than once: on two of the handouts that it holds.
    wanted = [sections.count(section) for section in sections]
    assert [spoken.count(section) for section in sections] == wanted


def blocks(runs: Sequence[Run]) -> list[list[Run]]:
    """Split runs into paragraphs, items, cells and headings."""
    found: dict[int, list[Run]] = {}
    for run in runs:
        block = next((run.within(role) for role in ("P", "LI", "TH", "H1") if run.within(role)), 0)
        found.setdefault(block, []).append(run)
    return list(found.values())


def is_made_of(text: Counter[str], said: set[frozenset[tuple[str, int]]]) -> bool:
    """Tell whether letters are those of a phrase, or of a label and a number after it."""
    if frozenset(text.items()) in said or not text:
        return True
    digits = Counter({letter: n for letter, n in text.items() if letter.isdecimal()})
    return frozenset((text - digits).items()) in said and frozenset(digits.items()) in said


@each_sheet
def test_the_printed_words_are_the_spoken_ones_with_head_and_foot_on_each_page(
    sheet: Sheet,
) -> None:
    """What is painted, in whatever order, is what the tree says and what each page must bear."""
    paper = sheet.paper
    expected = letters("".join(run.text for run in paper.spoken if not is_picture(run)))
    for number in printed_pages(sheet):
        expected += letters(head(sheet, number) + foot(sheet, number))
    painted = [run for run in paper.painted if not is_picture(run) and not paper.is_said_again(run)]
    assert letters("".join(run.text for run in painted)) == expected


def is_picture(run: Run) -> bool:
    return "Figure" in run.roles


@each_sheet
def test_poppler_reads_the_same_letters(sheet: Sheet) -> None:
    """Another program finds the very text that the structure tree holds, so it can be copied."""
    done = subprocess.run(
        ["pdftotext", "-raw", sheet.pdf, "-"], capture_output=True, text=True, check=True
    )
    shown = re.sub("[\u200e\u200f\u202a-\u202e\u2066-\u2069\f]", "", done.stdout)
    painted = "".join(run.text for run in sheet.paper.painted if not is_picture(run))
    assert letters(shown) == letters(painted)


@each_sheet
def test_each_page_bears_title_version_date_and_its_number_and_a_form_the_patient(
    sheet: Sheet,
) -> None:
    """The notice of an example stands on each of its pages, and on no other clinic's.

    So does the one of a draft, and of what a machine translated and nobody has checked.
    """
    for number in printed_pages(sheet):
        printed = joined(sheet.paper.head_and_foot(number))
        expected = squeezed(head(sheet, number) + foot(sheet, number))
        if sheet.is_rtl:
            assert letters(printed) == letters(expected)
        else:
            assert printed == expected


def printed_pages(sheet: Sheet) -> list[int]:
    """Give the pages that bear words; in a pack the back of a sheet of paper may stay blank."""
    return sorted({run.page for run in sheet.paper.spoken if squeezed(run.text)})


def head(sheet: Sheet, number: int) -> str:
    words, document = sheet.words, sheet.document_on(number)
    notice = words["draft"] + words["draft_means"] if document["is_draft"] else ""
    notice += words["machine_made"] if sheet.is_by_machine(document) else ""
    notice += words["example"] if sheet.is_example else ""
    is_form = document["template"] == "form"
    return notice + "".join(words[name] for name in PATIENT if is_form)


def pages_of_handout(sheet: Sheet, number: int) -> list[int]:
    """Give the pages of the handout that stands on a page: in a pack each has its own numbers."""
    titles = sheet.paper.titles
    before = sum(start <= number for start in titles)
    return [
        page for page in printed_pages(sheet) if sum(start <= page for start in titles) == before
    ]


def foot(sheet: Sheet, number: int) -> str:
    words, document = sheet.words, sheet.document_on(number)
    identity = f"{document['id']}, {sheet.version(document)}"
    review = ""
    if not document["is_draft"]:
        identity += f", {day(sheet, document['issued'])}. "
        review = f"{words['review_by']} {day(sheet, document['review_by'])}. "
        review += f"{words['code']} {sheet.code(document)}"
    pages = pages_of_handout(sheet, number)
    number_of = f"{words['page']} {pages.index(number) + 1} {words['of']} {len(pages)}"
    return f"{identity}{review} {number_of}"


def day(sheet: Sheet, written: str) -> str:
    language = {"en": "en_001"}.get(sheet.case.language, sheet.case.language)
    return format_skeleton("yMMMd", date.fromisoformat(written), locale=language)


@each_sheet
def test_numbers_to_call_are_printed_in_the_order_in_which_they_are_dialled(sheet: Sheet) -> None:
    """Between Arabic words, a number in groups turns round unless it is told not to."""
    for kind in NUMBERS:
        number = sheet.clinic.get(f"{kind}_phone", "")
        groups = sorted(number.split())
        for run in sheet.paper.painted:
            found = sorted(set(re.findall(r"\d+", run.text)) & set(groups))
            if groups and found == groups:
                assert number in run.text


@each_sheet
def test_name_and_address_of_the_clinic_are_printed_as_they_are_written(sheet: Sheet) -> None:
    header = " ".join(run.text for run in sheet.paper.spoken if not run.within("Sect"))
    for line in [sheet.clinic.get("name", ""), *sheet.clinic.get("address", [])]:
        assert line in header


@each_sheet
def test_fields_in_a_row_follow_the_direction_of_the_language(sheet: Sheet) -> None:
    """What is filled in first stands where reading starts."""
    rows: dict[tuple[int, float, int], list[Run]] = {}
    patient = [letters(sheet.words[name]) for name in PATIENT]
    for run in sheet.paper.painted:
        is_field = run.within("Sect") and "P" in run.roles and not run.within("Table")
        if is_field or (not run.owner and letters(run.text) in patient):
            rows.setdefault((run.page, round(run.base, 1), run.within("Div")), []).append(run)
    for row in rows.values():
        for one, two in pairwise(row):
            if one.within("P") != two.within("P") or not one.owner:
                assert (one.left > two.left) == sheet.is_rtl, (one.text, two.text)


@pytest.mark.parametrize(
    ("template", "text", "where"),
    [
        (
            "leaflet",
            '{% extends "document.html.jinja" %}{% set kind = "leaflet" %}'
            "{% block page_head %}<p>Trust us.</p>{% endblock %}",
            "head",
        ),
        (
            "fields/daytime-number",
            "<p>Trust us. {{ words.daytime_phone }} {{ clinic.daytime_phone }}</p>",
            "text",
        ),
        (
            "fields/emergency-number",
            "<p>{{ words.emergency_phone }} {{ clinic.emergency_phone }}</p>"
            "{{ part.html | replace('index-emergency', 'again') }}",
            "text",
        ),
    ],
    ids=["words in the head", "words in the text", "a section twice"],
)
def test_words_of_a_template_would_be_found(
    tiny: Path, template: str, text: str, where: str
) -> None:
    """A template that says more than its pages is refused, or makes the tests above fail."""
    file = tiny / "templates" / "handout" / f"{template}.html.jinja"
    file.parent.mkdir(parents=True)
    file.write_text(text, "utf-8")
    sheet = Sheet(Case("tiny", "corner", "en", "note", "a4", "standard"), tiny)
    test = {
        "head": test_each_page_bears_title_version_date_and_its_number_and_a_form_the_patient,
        "text": test_the_sheet_says_the_sections_of_the_website_in_order_and_nothing_of_its_own,
    }[where]
    with pytest.raises(AssertionError):
        publish_one(project_in(tiny), "corner/en/note-a4")
        inspect.unwrap(test)(sheet)


def publish_one(project: Project, path: str) -> None:
    """Publish one sheet and all pages, which no gate has looked at."""
    review = f"<!doctype html><head>{UNFILLED}<title>-</title>"
    published(known_of(project)[0], [printed(composed(project, path))], review)


# A sound file


@each_sheet
def test_the_paper_has_exactly_its_size(sheet: Sheet) -> None:
    width, height = PAPERS[sheet.case.paper]
    for size in sheet.paper.sizes:
        assert size == pytest.approx((width, height), abs=0.001)


@each_sheet
def test_no_letter_is_smaller_than_clear_or_large_print_allows(sheet: Sheet) -> None:
    """Size of type, times the scale of the text matrix and of the page (ISO 32000-1, 9.4.4)."""
    least = 16 if sheet.case.size == "large" else 12
    small = {(run.text, run.size) for run in sheet.paper.painted if run.size < least - 0.01}
    assert small == set()


@each_sheet
def test_only_fonts_of_the_language_are_printed_and_they_travel_with_the_file(
    sheet: Sheet,
) -> None:
    families = tuple(re.sub("[ -]", "", font) for font in sheet.fixed["fonts"])
    assert sheet.paper.fonts
    for font in sheet.paper.fonts:
        assert font.name.replace("-", "").startswith(families), font
        assert font.is_embedded, font
        assert font.is_subset, font


@each_sheet
def test_the_file_is_sound_and_names_itself_its_language_and_the_date_of_its_version(
    sheet: Sheet,
) -> None:
    """In one place: the proof, which each sheet has passed, asks if all others say the same."""
    created = "D:" + (sheet.handout.get("issued") or updated(sheet)).replace("-", "")
    with pikepdf.open(sheet.pdf) as pdf:
        assert pdf.check_pdf_syntax() == []
        assert str(pdf.Root.Lang) == sheet.case.language
        assert str(pdf.docinfo.Title) == sheet.title
        assert str(pdf.docinfo.CreationDate).startswith(created)


def updated(sheet: Sheet) -> str:
    """Give the day on which the newest page of a sheet was last changed: the date of a draft."""
    pages = {document["page"] for document in sheet.documents}
    pages |= {part["section"].partition("#")[0] for part in sheet.parts}
    files = [sheet.folder / "docs" / sheet.case.language / f"{page}.md" for page in pages]
    return max(
        str(day)
        for file in files
        for day in re.findall(r"^updated: (\S+)$", file.read_text("utf-8"), re.MULTILINE)
    )


# Pages that hold together


@each_sheet
def test_no_heading_is_the_last_text_of_a_page(sheet: Sheet) -> None:
    for one, two in pairwise(sheet.paper.spoken):
        if heading_of(one) and heading_of(one) != heading_of(two):
            assert one.page == two.page, f"{one.text} stands alone at the end of a page"
    assert not heading_of(sheet.paper.spoken[-1])


def heading_of(run: Run) -> int:
    return max(run.within(f"H{level}") for level in range(1, 7))


@each_sheet
def test_a_signature_stands_on_one_page_with_its_name_date_and_time(sheet: Sheet) -> None:
    """A block that is broken becomes two in the structure tree, so its labels are counted."""
    signature, labels = letters(sheet.words["signature"]), sheet.fixed["labels"]
    for definition, part in zip(sheet.parts, sheet.said, strict=True):
        lines = [block for block in blocks(part) if "P" in block[0].roles]
        starts = [at for at, line in enumerate(lines) if letters(joined(line)) == signature]
        fields = [item for item in definition.get("fields", []) if item["kind"] == "signature"]
        assert len(starts) == len(fields)
        for start, signed in zip(starts, fields, strict=True):
            block = lines[start + 1 : start + 1 + len(signed["labels"])]
            expected = [letters(labels[name]) for name in signed["labels"]]
            assert [letters(joined(line)) for line in block] == expected
            pages = {run.page for line in [lines[start], *block] for run in line}
            assert len(pages) == 1, definition["section"]


@each_sheet
def test_no_row_of_a_table_is_broken_over_two_pages(sheet: Sheet) -> None:
    """A row that is broken becomes two in the structure tree: neither has the words of the page."""
    for section, part in zip(sheet.sections, sheet.said, strict=True):
        rows: dict[int, list[Run]] = {}
        for run in part:
            if run.within("TR") and "THead" not in run.roles:
                rows.setdefault(run.within("TR"), []).append(run)
        printed = [letters(joined(row)) for row in rows.values()]
        assert printed == [letters(row) for row in section.rows], section.heading


@each_sheet
def test_a_wide_table_is_in_large_print_a_block_for_each_row_that_stays_on_one_page(
    sheet: Sheet,
) -> None:
    """No table has columns that 18 pt leaves too narrow, the consent's empty ones aside."""
    for section, part in zip(sheet.sections, sheet.said, strict=True):
        words = [run for run in part if "Lbl" not in run.roles]
        pages = {run.page for run in words}
        by_page = {page: joined([run for run in words if run.page == page]) for page in pages}
        for block in section.blocks:
            found = [text for text in by_page.values() if letters(block) <= letters(text)]
            assert found, f"{section.heading}: {block} is broken"
            assert sheet.is_rtl or any(block in text for text in found), block


@each_sheet
def test_no_page_is_empty_but_the_back_before_a_handout_of_a_pack(sheet: Sheet) -> None:
    """A handout of two sides or more starts on a front, and a blank back is wholly blank."""
    starts = {run.page for run in sheet.paper.spoken if run.within("H1")}
    blank = set(range(len(sheet.paper.sizes))) - set(printed_pages(sheet))
    assert len(starts) == len(sheet.documents)
    for start, following in pairwise(sorted([*starts, len(sheet.paper.sizes)])):
        assert start % 2 == 0 or following - start == 1
    for page in blank:
        assert page % 2 == 1 and page + 1 in starts
        assert sheet.paper.on(page) == []
        assert [rule for rule in sheet.paper.rules if rule.page == page] == []


@each_sheet
def test_everything_is_printed_where_any_printer_prints(sheet: Sheet) -> None:
    """Office printers leave an edge of up to 6 mm white."""
    edge = 6 * MM
    for number, (width, height) in enumerate(sheet.paper.sizes):
        for run in sheet.paper.on(number):
            inside = run.left >= edge and run.right <= width - edge
            assert inside and edge < run.base - run.size and run.base < height - edge, run.text


@each_sheet
def test_nothing_is_printed_over_anything_else(sheet: Sheet) -> None:
    for number in range(len(sheet.paper.sizes)):
        assert overlaps([run for run in sheet.paper.on(number) if squeezed(run.text)]) == []


@each_sheet
def test_the_text_of_a_page_stays_between_its_head_and_its_foot(sheet: Sheet) -> None:
    for number, (_, height) in enumerate(sheet.paper.sizes):
        marginal = sheet.paper.head_and_foot(number)
        if number not in printed_pages(sheet):
            continue
        above = [run.base for run in marginal if run.base < height / 2]
        below = [run.base - run.size for run in marginal if run.base > height / 2]
        for run in sheet.paper.on(number):
            if run.owner:
                assert run.base - run.size >= max(above, default=0), run.text
                assert run.base <= min(below), run.text


# Help first


@each_aftercare
def test_all_three_levels_of_help_stand_on_the_first_page_of_aftercare(sheet: Sheet) -> None:
    parts = sheet.said[:3]
    headings = [section.heading for section in sheet.sections[:3]]
    assert [part["section"] for part in sheet.handout["parts"][:3]] == [
        "aftercare#emergency",
        "aftercare#today",
        "aftercare#routine",
    ]
    for part, heading in zip(parts, headings, strict=True):
        assert {run.page for run in part} == {0}, heading
        assert is_said(sheet, part[0].text, heading)


@each_aftercare
def test_a_card_bears_the_numbers_of_the_clinic_or_lines_to_write_them_on(sheet: Sheet) -> None:
    words, clinic = sheet.words, sheet.clinic
    parts = sheet.said[:3]
    kinds = [["emergency"], ["daytime", "out_of_hours"], ["daytime"]]
    for part, wanted in zip(parts, kinds, strict=True):
        for kind in wanted:
            label = words[f"{kind}_phone"]
            if sheet.is_by_hand:
                (run,) = [run for run in part if is_said(sheet, run.text, label)]
                assert writing_room(sheet, run) >= 40 * MM, label
            else:
                number = clinic[f"{kind}_phone"]
                (line,) = [
                    line for line in blocks(part) if is_said(sheet, joined(line), label + number)
                ]
                assert any(number in run.text for run in line), label


def is_said(sheet: Sheet, text: str, words: str) -> bool:
    """Tell whether a text is these words: from right to left, in whatever order it is painted."""
    if sheet.is_rtl:
        return letters(text) == letters(words)
    return squeezed(text) == squeezed(words)


def writing_room(sheet: Sheet, label: Run) -> float:
    """Give the length of the line behind a label that is free to write on."""
    rule = line_of(sheet, label)
    return max(rule.right - label.right, label.left - rule.left)


def line_of(sheet: Sheet, label: Run) -> Rule:
    """Give the ruled line above which a label stands: the next one down."""
    below = [
        rule
        for rule in sheet.paper.rules
        if rule.page == label.page
        and rule.y - label.base > 0
        and rule.left - 1 <= label.left
        and label.right <= rule.right + 1
    ]
    return min(below, key=lambda rule: rule.y)


def test_a_handout_that_grows_too_long_is_refused(
    tiny: Path, run: Callable[..., tuple[int, str]]
) -> None:
    file = tiny / "handouts" / "slip.yml"
    file.write_text(file.read_text("utf-8").replace("parts:", "most_pages: 1\nparts:"), "utf-8")
    change = tiny / "clinics" / "corner" / "clinic.yml"
    text = change.read_text("utf-8").replace("#7a1f5c", "blue")
    change.write_text(text.replace("[en, ar]", "[en]"), "utf-8")
    (tiny / "clinics" / "anyone" / "clinic.yml").write_text(
        "fill_in_by_hand: yes\nlanguages: [en]\n", "utf-8"
    )
    status, errors = run("--project", str(tiny), "--handout", "slip")
    assert status == 1
    limit = "with a clinic's name and address as long as they may be; the most allowed is 1."
    assert re.sub(r"takes [2-9] pages", "takes more pages", errors) == (
        'clinics/corner/clinic.yml:9: "blue" is no colour.\n'
        '    Write it with six digits: `accent: "#0b5c73"`.\n'
        f"handouts/slip.yml:5: slip (en) takes more pages of A4, {limit}\n"
        "    Print fewer sections, shorten them, or allow more with `most_pages:`.\n"
        f"handouts/slip.yml:5: slip (en) takes more pages of US Letter, {limit}\n"
        "    Print fewer sections, shorten them, or allow more with `most_pages:`.\n"
        "\n3 problems. Nothing was written; the last site is as it was.\n"
    )
    assert not (tiny / "site").exists()


# Room for handwriting: measured between the lines that are drawn in the PDF itself


@each_sheet
def test_a_box_to_tick_is_5_mm_wide_and_high_or_more(sheet: Sheet) -> None:
    boxes = [frame for frame in sheet.paper.frames if is_box(frame)]
    assert len(boxes) == boxes_wanted(sheet)
    for box in boxes:
        assert box.width >= 5 * MM - 0.01
        assert box.height >= 5 * MM - 0.01


def is_box(frame: Frame) -> bool:
    return abs(frame.width - frame.height) < 1 and frame.width < 12 * MM


def boxes_wanted(sheet: Sheet) -> int:
    """Count the things to tick: items of lists to be ticked, once or twice, choices, leaflets."""
    wanted = 0
    for part, section in zip(sheet.parts, sheet.sections, strict=True):
        if part.get("show") in ("ticks", "tick-columns", "yes-no"):
            wanted += section.items * (2 if part["show"] == "yes-no" else 1)
        for field in part.get("fields", []):
            wanted += len(field["labels"]) if field["kind"] == "choices" else 0
            wanted += len(sheet.leaflets) if field["kind"] == "leaflets" else 0
    return wanted


@each_sheet
def test_a_line_to_write_on_has_8_and_a_half_mm_of_height_or_more(sheet: Sheet) -> None:
    """Height above a line: to the nearest line or text above it, its own label aside."""
    lines = list(lines_to_write_on(sheet))
    if sheet.is_form or sheet.is_by_hand:
        assert lines
    for rule in lines:
        assert height_above(sheet, rule) >= 8.5 * MM - 0.5, rule


def lines_to_write_on(sheet: Sheet) -> Iterator[Rule]:
    """Give the ruled lines that are no part of a table, of the foot or of a heading."""
    for rule in sheet.paper.rules:
        near = [run for run in sheet.paper.on(rule.page) if is_over(run, rule)]
        above = [run for run in near if 0 < rule.y - run.base < 12 * MM]
        in_table = any("TD" in run.roles or "TH" in run.roles for run in above)
        foot = [run for run in near if not run.owner and 0 < run.base - rule.y < 12 * MM]
        of_title = any("H1" in run.roles for run in above)
        is_foot = bool(foot) and rule.y > sheet.paper.sizes[rule.page][1] / 2
        if not in_table and not is_foot and not of_title and not is_cell(sheet, rule):
            yield rule


def is_cell(sheet: Sheet, rule: Rule) -> bool:
    """Tell whether a rule is an edge of a table's cell: cells meet, lines to write on do not."""
    return any(
        other != rule
        and other.page == rule.page
        and abs(other.y - rule.y) < 0.1
        and min(abs(other.left - rule.right), abs(other.right - rule.left)) < 2
        for other in sheet.paper.rules
    )


def is_over(run: Run, rule: Rule) -> bool:
    return run.left < rule.right and rule.left < run.right


def height_above(sheet: Sheet, rule: Rule) -> float:
    """Give how much white there is above a line, over the length that no label takes up."""
    runs = [run for run in sheet.paper.on(rule.page) if is_over(run, rule) and run.base < rule.y]
    labels = [run for run in runs if rule.y - run.base < HUGS]
    start = max([run.right for run in labels], default=rule.left)
    end = rule.right
    if labels and start >= rule.right - 2:  # from right to left, the label stands at the right
        start, end = rule.left, min(run.left for run in labels)
    free = Rule(rule.page, start, end, rule.y)
    bases = [run.base for run in runs if run not in labels and is_over(run, free)]
    others = [
        other.y
        for other in sheet.paper.rules
        if other.page == rule.page
        and other.y < rule.y - 0.5
        and other.left < free.right
        and free.left < other.right
    ]
    return rule.y - max([*bases, *others], default=0)


@each_sheet
def test_a_signature_has_a_space_of_70_by_12_mm_or_more(sheet: Sheet) -> None:
    """Measured over the whole line; the label stands at its start."""
    signature = letters(sheet.words["signature"])
    for run in sheet.paper.spoken:
        if letters(run.text) == signature and "P" in run.roles:
            rule = line_of(sheet, run)
            assert rule.length >= 70 * MM
            assert height_above(sheet, rule) >= 12 * MM


@each_sheet
def test_a_cell_to_write_in_is_8_and_a_half_mm_high_or_more(sheet: Sheet) -> None:
    """Each empty row of a table to fill in adds a line, at least that far below the one before."""
    wanted = sum(
        int(field["rows"])
        for part in sheet.parts
        for field in part.get("fields", [])
        # In large print, what would be a wide table is a line for each of its cells.
        if field["kind"] == "table" and (sheet.case.size == "standard" or len(field["labels"]) < 3)
    )
    found = 0
    for number in range(len(sheet.paper.sizes)):
        cells = {
            round(rule.y, 1)
            for rule in sheet.paper.rules
            if rule.page == number and is_cell(sheet, rule)
        }
        texts = [run.base for run in sheet.paper.on(number)]
        for above, below in pairwise(sorted(cells)):
            if below - above < 40 * MM and not any(above < base < below for base in texts):
                found += 1
                assert below - above >= 8.5 * MM
    assert found == wanted


# The manifest


@pytest.mark.parametrize(("source", "expected"), [("shipped", SHIPPED), ("tiny", TINY)])
def test_the_manifest_lists_every_sheet_as_it_lies_there_and_no_other(
    source: str, expected: list[Case], request: pytest.FixtureRequest
) -> None:
    folder: Path = request.getfixturevalue(f"{source}_project")
    manifest = json.loads((folder / "site" / "handouts" / "handouts.json").read_text("utf-8"))
    entries = []
    for case in sorted(expected, key=lambda case: case.path):
        sheet = Sheet(case, folder)
        raw = sheet.pdf.read_bytes()
        entries.append(
            {
                "path": case.path,
                "handout": case.handout,
                "id": sheet.handout["id"],
                "clinic": case.clinic,
                "language": case.language,
                "paper": case.paper,
                "text": case.size,
                "form": False,
                "title": sheet.title,
                "status": sheet_status_of(sheet),
                "version": sheet.handout.get("version"),
                "issued": sheet.handout.get("issued"),
                "review_by": sheet.handout.get("review_by"),
                "code": sheet.code(sheet.handout) or None,
                "content": sheet.handout["content"],
                "own": None,
                "sources": sources_of(sheet),
                "pages": len(sheet.paper.sizes),
                "bytes": len(raw),
                "sha256": hashlib.sha256(raw).hexdigest(),
            }
        )
    assert [entry for entry in manifest["sheets"] if not entry["form"]] == entries
    lying = {path.relative_to(folder / "site").as_posix() for path in folder.glob("site/**/*.pdf")}
    assert lying == {entry["path"] for entry in manifest["sheets"]}


def sheet_status_of(sheet: Sheet) -> str:
    """Tell how it stands with a sheet; a translation may wait as a draft, the original may not."""
    if sheet.handout["is_draft"] and sheet.case.language != "en":
        return "draft"
    is_approved = sheet.case.clinic == "corner" and sheet.case.language == "en"
    return "approved" if is_approved and sheet.case.handout == "note" else "issued"


def sources_of(sheet: Sheet) -> list[str]:
    """Give the sources that the pages of its parts name or cite, as their files write them."""
    pages = {part["section"].partition("#")[0] for part in sheet.parts}
    files = [sheet.folder / "docs" / sheet.case.language / f"{page}.md" for page in pages]
    text = "\n".join(file.read_text("utf-8") for file in files)
    named = re.findall(r"^sources: \[(.*)\]$", text, re.MULTILINE)
    cited = re.findall(r'cite\("([a-z0-9-]+)"', text)
    shown = re.findall(r"risk_table\((.*?)\)|icon_array\((.*?)\)", text)
    risks = as_written(sheet.folder / "docs/facts/risks.yml")
    asked = {risk for pair in shown for risk in re.findall(r'"([a-z-]+)"', "".join(pair))}
    measured = {risks[risk]["benchmark"]["source"] for risk in asked if "benchmark" in risks[risk]}
    return sorted({name for item in named for name in item.split(", ")} | {*cited} | measured)
