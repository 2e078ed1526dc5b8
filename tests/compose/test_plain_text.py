"""Tests of the text for braille displays and speech: the words of the sheet, in its order."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from plainleaf.compose.compose import Composed
from plainleaf.compose.inputs import ANSWERS
from plainleaf.compose.plain_text import TO_WRITE, text_of
from plainleaf.model import Project
from plainleaf.proof.expected import expected_of
from tests.conftest import A_PACK, ROOT, composed_of, project_in
from tests.paper import read_pdf
from tests.repository import change


def one(project: Project, path: str) -> Composed:
    (sheet,) = composed_of(project, path)
    return sheet


def letters(text: str) -> str:
    """Give letters and digits alone: spaces and points differ where a table becomes sentences."""
    return re.sub(r"\W", "", text)


def check_words(sheet: Composed, said: list[str]) -> None:
    """See that a text holds some words in their order, and between them only what a sheet draws.

    That is room to write, the number of an item, the name of a column or of a box, and what a
    picture shows that stands within a paragraph.
    """
    words = sheet.sheet.language.words
    drawn = {words[TO_WRITE], *(words[name] for name in ANSWERS)}
    heads = {letters(each) for each in _heads(sheet)}
    shown = {letters(each) for each in re.findall(r'<img[^>]* alt="([^"]+)"', sheet.html)}
    gap = "|".join(map(re.escape, sorted({letters(each) for each in drawn} | heads | shown)))
    only_drawn = re.compile(rf"({gap}|\d{{1,2}})*")
    text, at = letters(text_of(sheet)), 0
    for number, piece in enumerate(said):
        # A picture within a paragraph is said before its words here, and after them in a PDF.
        if piece in shown:
            assert piece in text
            continue
        found = text.find(piece, at)
        assert found >= 0, piece
        assert not number or only_drawn.fullmatch(text, at, found), text[at:found]
        at = found + len(piece)
    assert only_drawn.fullmatch(text, at), text[at : at + 80]


def _heads(sheet: Composed) -> list[str]:
    return re.findall(r'<th scope="col">(.*?)</th>', sheet.html)


def blocks_of(sheet: Composed) -> list[str]:
    """Give what the proof holds a PDF against, from its first part on, without names of columns.

    Nor the words above boxes, which the text says at each box.
    """
    heads = {letters(each) for each in _heads(sheet)}
    answers = letters("".join(sheet.sheet.language.words[name] for name in ANSWERS))
    blocks = expected_of(sheet).blocks
    start = next(at for at, block in enumerate(blocks) if block.role == "H2")
    said = [(block.role, letters(block.words or block.text)) for block in blocks[start:]]
    return [
        text
        for role, text in said
        if text and text != answers and (role, text in heads) != ("TH", True)
    ]


@pytest.mark.parametrize("name", ["note", "slip"])
@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("clinic", ["anyone", "corner"])
def test_a_text_has_all_words_of_its_sheet_in_their_order_and_no_others(
    project: Project, clinic: str, language: str, name: str
) -> None:
    sheet = one(project, f"handouts/{clinic}/{language}/{name}-a4.pdf")
    check_words(sheet, blocks_of(sheet))


@pytest.mark.slow
def test_the_texts_of_all_that_ships_have_the_words_of_their_sheets() -> None:
    sheets = composed_of(project_in(ROOT), "-a4.pdf")
    assert len(sheets) > 8
    for sheet in (replace(each, handouts=()) for each in sheets):
        check_words(sheet, blocks_of(sheet))
        assert "  " not in re.sub(r"(?m)^ +", "", text_of(sheet))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["note", "slip"])
def test_a_text_has_the_words_of_the_pdf(tiny_site: Path, project: Project, name: str) -> None:
    """Those that a screen reader says of it, block by block."""
    path = f"handouts/corner/en/{name}-a4.pdf"
    said: dict[object, str] = {}
    for run in read_pdf(tiny_site / path).spoken:
        if not {"THead", "Lbl", "H1"} & set(run.roles):
            said[run.owner[:-1] if run.roles[-1] == "Span" else run.owner] = (
                said.get(run.owner, "") + run.text
            )
    pieces = [letters(each) for each in said.values()]
    start = pieces.index(letters("Key points" if name == "slip" else "Call an ambulance now"))
    text = (tiny_site / f"handouts/corner/en/{name}.txt").read_text("utf-8")
    at, whole = 0, letters(text)
    for piece in pieces[start:]:
        at = whole.find(piece, at)
        assert at >= 0, piece
    assert text == text_of(one(project, path))


def test_a_word_that_is_lost_or_moved_is_noticed(project: Project) -> None:
    sheet = one(project, "handouts/corner/en/note-a4.pdf")
    said = blocks_of(sheet)
    for wrong in (said[:3] + said[4:], [*said, "More"], [said[1], said[0], *said[2:]]):
        with pytest.raises(AssertionError):
            check_words(sheet, wrong)


def test_the_first_lines_say_which_sheet_it_is(project: Project) -> None:
    text = text_of(one(project, "handouts/corner/en/note-a4.pdf"))
    assert text.split("\n\n")[:6] == [
        "Washing a small cut",
        "Example only. This clinic does not exist.",
        "Corner Clinic",
        "1 Corner Street, Bristol",
        "In office hours 0117 496 0123",
        "Read this online: cuts.example/corner/index.html",
    ]
    assert "\n\nT-1, Version 1.10, 23 Nov 2026. Review by 24 Nov 2028. Code V7RN-" in text
    assert "Page" not in text.split()
    assert "Logo" not in text


def test_a_draft_says_so_before_anything_else(project: Project) -> None:
    change(project.folder, "Clean cloths", "Clean towels")
    title, mark, *_ = text_of(one(project, "handouts/corner/en/note-a4.pdf")).split("\n\n")
    assert title == "Washing a small cut"
    assert mark.startswith("Draft")


def test_headings_stand_apart_and_lists_together(project: Project) -> None:
    text = text_of(one(project, "handouts/corner/en/note-a4.pdf"))
    assert (
        "\n\n\nHow to wash the cut\n\n1. Wash your hands.\n2. Press on the cut with a clean cloth "
        "until the bleeding stops.\n3. Hold" in text
    )
    assert "\n\n\nWhat to keep ready\n\nIn office hours 0117" in text
    assert "\n\n- Clean cloths\n- Plasters\n- Our number\n\n\n" in text
    assert "\n\nA drop of water\n\n" in text
    assert text.endswith("\n")
    assert not text.endswith("\n\n")


def test_a_table_is_said_row_by_row_with_the_names_of_its_columns(project: Project) -> None:
    text = text_of(one(project, "handouts/corner/en/note-a4.pdf"))
    assert (
        "\n\nWhat may happen: Infection. How often: Not known. In larger cuts with stitches: fewer "
        "than 5 in 100 people (First aid leaflet). What to do: Call us the same day.\n\n" in text
    )


def test_lines_in_a_cell_and_empty_cells(project: Project) -> None:
    """Signs of a risk stand below each other in a cell, each behind a dash."""
    sheet = one(project, "handouts/corner/en/note-a4.pdf")
    new = sheet.html.replace(">Call us the same day.<", ">– chills<br>– a rash<br>Call us.<")
    assert "What to do: chills; a rash; Call us.\n" in text_of(replace(sheet, html=new))
    new = sheet.html.replace(">Call us the same day.<", "><")
    assert "(First aid leaflet).\n\nClean water" in text_of(replace(sheet, html=new))


def test_what_is_ticked_and_written_is_said_in_words_and_not_drawn(project: Project) -> None:
    change(project.folder, "tick-columns", "yes-no", "handouts/slip.yml")
    text = text_of(one(project, "handouts/corner/en/slip-a4.pdf"))
    assert "\n\nDate: (to fill in)\nTime: (to fill in)\n\n" in text
    assert "\n\n[ ] Left side\n[ ] Right side\n\n(to fill in)\n\n" in text
    assert "\nDiabetes [ ] Yes [ ] No\n" in text
    assert "1. What will you do if the cut gets red or hot? (to fill in)\n2. When" in text
    assert 2 * "\n\nWhat we used: (to fill in). Date: (to fill in). Time: (to fill in)." in text
    assert "\n\nSignature: (to fill in)\nName: (to fill in)\n" in text
    assert "_" not in text


def test_a_telephone_number_in_arabic_keeps_its_groups_in_order(project: Project) -> None:
    """The spaces in it are hard ones, which Unicode counts to the number (UAX #9, class CS)."""
    text = text_of(one(project, "handouts/corner/ar/note-a4.pdf"))
    assert "0117\u00a0496\u00a00123" in text
    assert "0117 496" not in text
    assert "[ ]" in text_of(one(project, "handouts/corner/ar/slip-a4.pdf"))


def test_a_pack_is_all_that_it_holds_one_after_the_other(project: Project) -> None:
    (project.folder / "handouts/kit.yml").write_text(A_PACK, "utf-8")
    pack = one(project, "handouts/corner/en/kit-a4.pdf")
    texts = [text_of(each).rstrip("\n") for each in (replace(pack, handouts=()), *pack.handouts)]
    assert len(texts) == 3
    assert text_of(pack) == "\n\n\n".join(texts) + "\n"
