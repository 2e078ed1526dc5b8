"""What is written once and stands in many places, and what page and sheet say each in their way."""

from __future__ import annotations

from collections.abc import Callable

import lxml.html
import pytest

from plainleaf.model import Docs, Page, Project
from plainleaf.problems import Problem
from plainleaf.read.read import read
from tests.repository import change

SHARED = """\
signs:
  red: the skin turns red
  hot: the skin feels hot
  wet: fluid leaks from it
places: hand, foot or knee
"""
SLIP = "docs/en/slip.md"


@pytest.fixture
def with_words(project: Project) -> Callable[[str], tuple[Docs, list[str]]]:
    """Give what tests/tiny is read as when its slip says these words, and what is wrong."""
    (project.folder / "docs/en/shared.yml").write_text(SHARED, "utf-8")

    def said(words: str) -> tuple[Docs, list[str]]:
        change(project.folder, "Show us the place.", words, SLIP)
        problems: list[Problem] = []
        docs = read(project.anew(), problems)
        return docs, list(map(str, problems))

    return said


WithWords = Callable[[str], tuple[Docs, list[str]]]


def slip(docs: Docs) -> Page:
    return docs.pages["en", "slip"]


def test_a_list_is_asked_for_by_its_name(with_words: WithWords) -> None:
    docs, problems = with_words('Call us for:\n\n{{ shared("signs") }}')
    assert problems == []
    assert "\n- the skin turns red\n- the skin feels hot\n- fluid leaks" in slip(docs).markdown
    assert slip(docs).sections["place"].html.count("<li>") == 3


def test_a_list_on_a_card_stays_on_it(with_words: WithWords) -> None:
    card = '!!! today ""\n\n    ## Call us {#call}\n\n    {{ shared("signs") }}\n\n    Go on.'
    docs, problems = with_words(card)
    assert problems == []
    section = slip(docs).sections["call"]
    assert section.card == "today"
    assert section.html.count("<li>") == 3
    assert "Go on." in section.html


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ('shared("signs.hot")', "Call if the skin feels hot."),
        ('shared("places")', "Call if hand, foot or knee."),
        (
            'shared("signs", "or")',
            "Call if the skin turns red, the skin feels hot or fluid leaks from it.",
        ),
    ],
)
def test_a_line_a_phrase_and_a_list_stand_within_a_sentence(
    with_words: WithWords, asked: str, said: str
) -> None:
    docs, problems = with_words(f"Call if {{{{ {asked} }}}}.")
    assert problems == []
    assert f"<p>{said}</p>" in slip(docs).html


@pytest.mark.parametrize("name", ["sign", "signs.blue", "places.hand", ""])
def test_a_name_that_nothing_has_is_told_with_those_that_there_are(
    with_words: WithWords, name: str
) -> None:
    _, (problem,) = with_words(f'Call if {{{{ shared("{name}") }}}}.')
    assert problem.startswith(f'{SLIP}:24: nothing shared is called "{name}".')
    known = "names in docs/en/shared.yml are: places, signs, signs.hot, signs.red, signs.wet."
    assert known in problem


def test_page_and_sheet_speak_each_in_their_own_voice(with_words: WithWords) -> None:
    words = 'Call {{ clinic("your clinic", "us") }}. {{ clinic("It asks", "We ask") }} again.'
    docs, problems = with_words(words)
    assert problems == []
    page = slip(docs)
    assert "Call your clinic. It asks again." in page.markdown
    assert "<p>Call your clinic. It asks again.</p>" in page.html
    assert "<p>Call us. We ask again.</p>" in page.sections["place"].html
    assert "your clinic" not in page.printed


def test_a_heading_and_a_link_may_be_said_both_ways(with_words: WithWords) -> None:
    words = (
        'Show us.\n\n## Call {{ clinic("your clinic", "us") }} {#call}\n\n'
        'Read {{ clinic("[how to wash it](index.md#wash)", "your other sheet") }}.'
    )
    docs, problems = with_words(words)
    assert problems == []
    section = slip(docs).sections["call"]
    assert section.title == "Call us"
    assert "<p>Read your other sheet.</p>" in section.html
    assert ">Call your clinic</h2>" in slip(docs).html
    assert any(link.section == "wash" for link in slip(docs).links)


TO_FILL = "| What | Score |\n|---|---|\n| Less pain | |\n| Sleep | |"


def test_a_table_to_fill_in_is_a_list_on_the_website_and_a_table_on_sheets(
    with_words: WithWords,
) -> None:
    docs, problems = with_words(f"{TO_FILL}\n\nShow us.")
    assert problems == []
    assert "\nWhat:\n\n- Less pain\n- Sleep\n\nShow us." in slip(docs).markdown
    assert "<li>Sleep</li>" in slip(docs).html
    assert slip(docs).sections["place"].html.count("<td>") == 4


def test_a_table_to_fill_in_below_steps_adds_none_to_them(with_words: WithWords) -> None:
    docs, problems = with_words(f"1. Copy the list.\n2. Show us.\n\n{TO_FILL}\n\nShow us.")
    assert problems == []
    lists = list(lxml.html.fromstring(slip(docs).html).iter("ol", "ul"))
    assert [len(each) for each in lists if any(item.text == "Show us." for item in each)] == [2]


def test_a_table_with_one_cell_to_read_stays_a_table(with_words: WithWords) -> None:
    table = TO_FILL.replace("| Sleep | |", "| Sleep | 3 |")
    docs, problems = with_words(f"{table}\n\nShow us.")
    assert problems == []
    assert table in slip(docs).markdown
    assert "<td>Less pain</td>" in slip(docs).html


def test_a_picture_of_a_page_with_two_voices_is_found_once(with_words: WithWords) -> None:
    words = 'Show {{ clinic("them", "us") }}.\n\n![](assets/drop.svg)'
    _, problems = with_words(words)
    assert [problem.split("\n")[0] for problem in problems] == [
        f'{SLIP}:26: the picture "assets/drop.svg" has no text for people who cannot see it.'
    ]


def test_a_list_in_another_order_is_another_language(project: Project) -> None:
    """What was made of the first is not taken for the second."""
    path = project.folder / "docs/en/shared.yml"
    path.write_text(SHARED, "utf-8")
    first = read(project, []).languages["en"]
    path.write_text(SHARED.replace("red:", "x:").replace("hot:", "red:").replace("x:", "hot:"))
    assert read(project.anew(), []).languages["en"] != first


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("signs: [red, hot]\n", 'the list "signs" must'),
        ("signs:\n  red:\n", '"red" is empty.'),
        ("signs:\n  red: [a]\n", '"red" must be a text.'),
    ],
)
def test_shared_words_of_another_shape_are_refused(project: Project, text: str, told: str) -> None:
    (project.folder / "docs/en/shared.yml").write_text(text, "utf-8")
    problems: list[Problem] = []
    read(project, problems)
    assert any(
        problem.source.path == "docs/en/shared.yml" and told in problem.message
        for problem in problems
    ), problems
