"""Words are read as people read them, whatever parts their letters unseen."""

from __future__ import annotations

from pathlib import Path

import lxml.html
import pytest

from plainleaf.check.gates.passages import own_words
from plainleaf.files.spelling import plainly_spelled, whole_words
from plainleaf.files.text import read_text
from plainleaf.problems import Problem


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("guaran\u00adteed", "guaranteed"),
        ("guaran\u200bteed", "guaranteed"),
        ("guaran\u200cteed", "guaranteed"),
        ("pain–free, pain‑free and pain‐free", "pain-free, pain-free and pain-free"),
        ("3–6 days – or more", "3–6 days – or more"),
        ("می\u200cشود", "می\u200cشود"),
        ("क\u094d\u200dष", "क\u094d\u200dष"),
        ("two\n lines", "two lines"),
    ],
)
def test_signs_within_words_are_read_over(text: str, plain: str) -> None:
    assert plainly_spelled(text) == plain


def test_lines_of_a_source_stay_while_its_words_are_made_whole() -> None:
    source = "guaran&shy;teed\nguaran&#173;teed\n\nguaran&#x200B;teed guaran<wbr>teed"

    assert whole_words(source) == "guaranteed\nguaranteed\n\nguaranteed guaranteed"


def test_an_item_tells_its_own_words_and_not_those_of_the_list_in_it() -> None:
    item = lxml.html.fragment_fromstring(
        "<li>It is <b>sa</b>fe<br>and <code>quick</code><ul><li>At home</li></ul> now</li>"
    )

    assert own_words(item) == "It is safe and quick now"


def test_spaces_that_fonts_lack_are_read_as_those_that_they_have(tmp_path: Path) -> None:
    file = tmp_path / "page.md"
    file.write_text("15\u202f%, 15\u2009%, 1\u2007000 and\u00a0more", "utf-8")
    problems: list[Problem] = []

    assert read_text(file, "page.md", problems) == "15\u00a0%, 15 %, 1\u00a0000 and\u00a0more"
    assert problems == []


@pytest.mark.parametrize(
    "sign", ["\u202a", "\u202e", "\u2066", "\u2069", "\u2028", "\ufeff", "\x85"]
)
def test_signs_that_turn_or_part_a_text_are_refused_at_their_line(
    tmp_path: Path, sign: str
) -> None:
    file = tmp_path / "page.md"
    file.write_text(f"one\ntwo{sign}three", "utf-8")
    problems: list[Problem] = []

    assert read_text(file, "page.md", problems) is None
    assert [(each.source.line, f"U+{ord(sign):04X}" in each.message) for each in problems] == [
        (2, True)
    ]


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c", "\u200c"])
def test_marks_that_arabic_and_persian_need_stay(tmp_path: Path, mark: str) -> None:
    file = tmp_path / "page.md"
    file.write_text(f"(+44{mark})", "utf-8")

    assert read_text(file, "page.md", []) == f"(+44{mark})"
