"""Changes: what is different between two versions, as text, and as a paper to sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import build
from plainleaf.commands.changes import as_text, changes
from plainleaf.commands.diff import Version, write_page
from plainleaf.model import Checked, Content, Language
from tests.conftest import HERE, project_in
from tests.paper import Paper, read_pdf, squeezed
from tests.repository import COOL, change, commit, cool, known_in, note, repository_in

Run = Callable[..., tuple[int, str]]
OLD = (
    "# A small cut",
    "## Before",
    "- Wash your hands.",
    "- Take a clean cloth.",
    "## Then",
    "Hold the cut under clean, running water.",
    "- Press on it.",
    "| Redness",
    "[picture 0123: A drop]",
    "## After",
    "- Keep it dry.",
)


def text_of(new: Sequence[str], language: Language, old: Sequence[str] = OLD) -> str:
    return as_text(changes(Content(tuple(old)), Content(tuple(new))), language)


@pytest.fixture(scope="module")
def known() -> Checked:
    """Give what is known of tests/tiny."""
    return known_in(HERE / "tiny")


@pytest.fixture
def english(known: Checked) -> Language:
    return known.docs.languages["en"]


def test_the_same_words_show_nothing(english: Language) -> None:
    assert changes(Content(OLD), Content(OLD)) == []
    assert text_of(OLD, english) == ""


def with_line(old: str, *new: str) -> list[str]:
    at = OLD.index(old)
    return [*OLD[:at], *new, *OLD[at + 1 :]]


@pytest.mark.parametrize(
    ("new", "said"),
    [
        pytest.param(
            with_line(OLD[5], "Hold the cut under cool, running water for long."),
            "## Then\n"
            "Hold the cut under [-clean,-]{+cool,+} running [-water.-]{+water for long.+}\n"
            "- Press on it.",
            id="words within a block",
        ),
        pytest.param(
            with_line(OLD[3]), "## Before\n- Wash your hands.\n- [-Take a clean cloth.-]", id="gone"
        ),
        pytest.param(
            with_line(OLD[10], OLD[10], "- Ask us."),
            "## After\n- Keep it dry.\n- {+Ask us.+}",
            id="new",
        ),
        pytest.param(
            with_line(OLD[2], "- Ask us."),
            "## Before\n- [-Wash your hands.-]\n- {+Ask us.+}\n- Take a clean cloth.",
            id="nothing in common",
        ),
        pytest.param(
            with_line(OLD[4], "## Then wait"),
            "## Then {+wait+}\nHold the cut under clean, running water.",
            id="heading",
        ),
        pytest.param(
            with_line(OLD[6], "Press on it."),
            "## Then\nHold the cut under clean, running water.\n"
            "- [-Press on it.-]\n{+Press on it.+}\n| Redness",
            id="an item that is none any more",
        ),
        pytest.param(
            with_line(OLD[8], "[picture 4567: A drop]"),
            "## Then\n| Redness\n[picture [-0123:-]{+4567:+} A drop]",
            id="another picture with the same words",
        ),
        pytest.param(
            [*OLD[:2], *OLD[3:], OLD[2]],
            "## After\n- Keep it dry.\n[moved from “Before”] - Wash your hands.",
            id="moved to another part",
        ),
        pytest.param(
            [*OLD[:2], OLD[3], OLD[2], *OLD[4:]],
            "## Before\n[moved] - Take a clean cloth.\n- Wash your hands.",
            id="moved within its part",
        ),
        pytest.param(
            [*OLD[:4], *OLD[9:]],
            "## [-Then-]\n[-Hold the cut under clean, running water.-]\n"
            "- [-Press on it.-]\n| [-Redness-]\n[-[picture 0123: A drop]-]",
            id="a whole part gone",
        ),
    ],
)
def test_each_change_is_shown_under_its_heading(
    new: Sequence[str], said: str, english: Language
) -> None:
    assert text_of(new, english) == said


def test_arabic_runs_from_the_right_whatever_it_starts_with(known: Checked) -> None:
    arabic = known.docs.languages["ar"]
    old = ("## الجرح", "Ibuprofen مرتين في اليوم")

    said = text_of((old[0], "Ibuprofen ثلاث في اليوم"), arabic, old)

    assert said == "\u200f## الجرح\n\u200fIbuprofen [-مرتين-]{+ثلاث+} في اليوم"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give the tiny project under git with a second version of the note, and a draft since."""
    folder = repository_in(tmp_path)
    cool(folder)
    commit(folder)
    return folder


def diff(folder: Path, capsys: pytest.CaptureFixture[str], *words: str) -> str:
    """Run `diff`; give what it says."""
    assert build.main(["--project", str(folder), "diff", *words]) == 0
    return capsys.readouterr().out


WHAT = (
    "## How to wash the cut\n"
    "- Press on the cut with a clean cloth until the bleeding stops.\n"
    "- Hold the cut under [-clean, running-]{+cool+} water.\n"
    "- Cover it with a clean plaster.\n"
)


def test_diff_tells_of_two_versions_and_writes_the_page_to_sign(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = diff(repository, capsys, "note", "1.10", "1.11")

    assert said == f"{WHAT}\nTo read and sign: build/changes/note-en-1.10-1.11.pdf\n"
    assert diff(repository, capsys, "note", "1.10") == said
    assert diff(repository, capsys, "note", "1.11") == "The words are the same.\n"
    folder = repository / "build/changes"
    assert [path.name for path in folder.iterdir()] == ["note-en-1.10-1.11.pdf"]
    paper = folder / "note-en-1.10-1.11.pdf"
    first = paper.read_bytes()
    diff(repository, capsys, "note", "1.10")
    assert paper.read_bytes() == first

    read = read_pdf(paper)
    text = squeezed("".join(run.text for run in read.painted))
    old, new = (note(known_in(repository), version) for version in ("1.10", "1.11"))
    for expected in (
        "Changes to “Washing a small cut”",
        "Handout note, in English (en): from version 1.10 to version 1.11",
        "Version 1.10 Version 1.11",
        "Issued 2026-11-23 2026-11-29",
        "Written by Plainleaf's tests Plainleaf's tests",
        "Reviewed by Dr Invented, nurse nobody yet",
        f"Fingerprint of the words {old.content} {new.content}",
        "1.11, 2026-11-29 It now says to use cool water.",
        "Under “How to wash the cut”",
        "1. Changed List item Hold the cut under clean, running cool water.",
        "1 change, from version 1.10 to version 1.11 of “Washing a small cut” (note, en).",
    ):
        assert squeezed(expected) in text
    assert "Thefirstversion" not in text  # of what the old version already said


def test_what_is_gone_and_what_is_new_are_told_apart_without_colour(
    repository: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    diff(repository, capsys, "note", "1.10", "1.11")
    paper = read_pdf(repository / "build/changes/note-en-1.10-1.11.pdf")

    def rules(text: str) -> list[float]:
        """Give how far below its letters' feet the lines are that go along a text."""
        run = next(run for run in paper.painted if run.text.strip() == text)
        return [
            rule.y - run.base
            for rule in paper.rules
            if (rule.page, round(rule.left)) == (run.page, round(run.left))
            and abs(rule.right - run.right) < 1
            and abs(rule.y - run.base) < run.size
        ]

    [through], [under] = rules("clean, running"), rules("cool")
    assert -6 < through < -2
    assert 0 < under < 4
    assert rules("Hold the cut under") == []
    assert any("Bold" in font.name for font in paper.fonts)


def test_a_draft_is_called_one(repository: Path, capsys: pytest.CaptureFixture[str]) -> None:
    change(repository, COOL, "Hold the cut under ice.")

    said = diff(repository, capsys, "note", "1.11")

    assert "- Hold the cut under [-cool water.-]{+ice.+}\n" in said
    paper = read_pdf(repository / "build/changes/note-en-1.11-draft.pdf")
    text = squeezed("".join(run.text for run in paper.painted))
    for expected in ("from version 1.11 to the draft", "Issued 2026-11-29 not yet"):
        assert squeezed(expected) in text
    assert "Changenotes" not in text


def page_of(known: Checked, new: Sequence[str], language: str, folder: Path) -> Paper:
    """Set the page for words of the tiny note that somebody made up."""
    [edition] = known.library.editions["note", language]
    spoken = known.docs.languages[language]
    contents = Content(OLD), Content(tuple(new))
    old, draft = (
        Version(each, edition.title, content, spoken)
        for each, content in zip((edition, None), contents, strict=True)
    )
    elsewhere = replace(known, docs=replace(known.docs, project=project_in(folder)))
    path = write_page(elsewhere, ("note", language), (old, draft), changes(*contents))
    return read_pdf(path)


@pytest.mark.parametrize("more", range(6, 12))
def test_where_to_sign_stands_on_one_page_and_every_page_says_what_it_is(
    more: int, known: Checked, tmp_path: Path
) -> None:
    paper = page_of(known, [*OLD, *(f"- {n} is new." for n in range(more))], "en", tmp_path)

    pages = [squeezed("".join(run.text for run in paper.on(n))) for n in range(len(paper.sizes))]
    assert 1 <= len(pages) <= 2
    for number, page in enumerate(pages, start=1):
        assert squeezed("Changes to “Washing a small cut” (note, en): version 1.10 to the") in page
        assert f"Page{number}of{len(pages)}" in page
    assert {(round(width), round(height)) for width, height in paper.sizes} == {(595, 842)}
    last = pages[-1]
    assert last.index("Ihavereadthesechanges") < last.index("NameRoleDateSignature")


def test_arabic_is_set_from_the_right_in_its_own_letters(known: Checked, tmp_path: Path) -> None:
    paper = page_of(known, [*OLD, "- اغسل الجرح."], "ar", tmp_path)

    assert any("Almarai" in font.name for font in paper.fonts)
    # Letters are painted from left to right, so the word stands the other way round.
    ends = [run.right for run in paper.painted if "الجرح"[::-1] in run.text]
    assert len(ends) == 1
    assert ends[0] > 500


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("note", "1.11", "1.10"),
            "note (en) 1.11 is newer than 1.10.\n"
            "    Name the older one first: `build.py diff note 1.10 1.11`.\n",
        ),
        (
            ("note", "1.10", "1.12"),
            'there is no version "1.12" of note (en).\n'
            '    Did you mean "1.11"? The versions are: 1.10, 1.11.\n',
        ),
        (
            ("note", "1.10", "--language", "fr"),
            'there is no language "fr". The languages are: ar, en.\n',
        ),
    ],
)
def test_versions_that_cannot_be_compared(
    words: tuple[str, ...], said: str, repository: Path, run: Run
) -> None:
    assert run("--project", str(repository), "diff", *words) == (2, said)
    assert not (repository / "build").exists()
