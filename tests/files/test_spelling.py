"""Words are read as people read them, whatever parts their letters unseen."""

from __future__ import annotations

import lxml.html
import pytest

from plainleaf.check.gates.passages import own_words
from plainleaf.files.spelling import plainly_spelled, whole_words
from plainleaf.text import text_of


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


def test_spaces_that_fonts_lack_are_read_as_those_that_they_have() -> None:
    raw = "15\u202f%, 15\u2009%, 1\u2007000 and\u00a0more".encode()

    assert text_of(raw, "page.md") == ("15\u00a0%, 15 %, 1\u00a0000 and\u00a0more", [])


@pytest.mark.parametrize(
    "sign", ["\u202a", "\u202e", "\u2066", "\u2069", "\u2028", "\ufeff", "\x85"]
)
def test_signs_that_turn_or_part_a_text_are_refused_at_their_line(sign: str) -> None:
    text, problems = text_of(f"one\ntwo{sign}three".encode(), "page.md")

    assert text is None
    assert [(each.source.line, f"U+{ord(sign):04X}" in each.message) for each in problems] == [
        (2, True)
    ]


@pytest.mark.parametrize("mark", ["\u200e", "\u200f", "\u061c", "\u200c"])
def test_marks_that_arabic_and_persian_need_stay(mark: str) -> None:
    assert text_of(f"(+44{mark})".encode(), "page.md") == (f"(+44{mark})", [])
