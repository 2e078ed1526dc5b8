"""Translations: whatever changed since a block was translated is named, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from plainleaf.model import Drift, Project, Translation
from plainleaf.problems import ContentError, Problem
from plainleaf.read.blocks import Block, blocks_of, pieces_of, poured
from plainleaf.read.read import read
from plainleaf.read.translations import not_kept
from tests.conftest import ROOT, mark
from tests.repository import change

ENGLISH, ARABIC = "docs/en/index.md", "docs/ar/index.md"


def drifts_of(project: Project) -> list[Drift]:
    problems: list[Problem] = []
    found = read(project.anew(), problems).translations
    assert problems == []
    return [drift for translation in found.values() for drift in translation.drifts]


def said(project: Project) -> list[tuple[str, str, str]]:
    return [(drift.kind, str(drift.source), drift.fact) for drift in drifts_of(project)]


def test_what_has_not_changed_has_not_drifted(project: Project) -> None:
    assert said(project) == []


def test_one_sentence_of_the_original_makes_that_block_alone_stale(project: Project) -> None:
    change(project.folder, "Wash your hands.", "Wash both of your hands.", ENGLISH)
    assert said(project) == [
        (
            "stale",
            "docs/ar/index.md:37",
            "the English has changed since this was translated. docs/en/index.md:37 now says: "
            "“Wash both of your hands.”.",
        )
    ]
    (drift,) = drifts_of(project)
    assert drift.sections == ("wash",)
    assert drift.hint == "Translate it again, then run `build.py translate mark docs/ar/index.md`."


def test_a_block_moved_within_its_section_or_laid_out_anew_is_not_stale(project: Project) -> None:
    change(project.folder, "1. Wash your hands.", "1. Wash\n   your hands.", ENGLISH)
    change(project.folder, "title: Washing", "title:   Washing", ENGLISH)
    assert said(project) == []


@pytest.mark.parametrize(
    ("old", "new", "kind", "line", "fact"),
    [
        pytest.param(
            "لمدة 10 دقائق",
            "لمدة 12 دقيقة",
            "kept",
            17,
            "this is not what docs/en/index.md:17 says: it lacks 10, and it has 12 instead.",
            id="a number",
        ),
        pytest.param(
            "    - زجاج أو تراب لا يخرج من الجرح\n",
            "",
            "block",
            21,
            "this lacks what translates docs/en/index.md:24, "
            "“glass or dirt that does not come out”.",
            id="a sign",
        ),
        pytest.param(
            "اغسل الجرح.",
            "اغسل الجرح جيدًا.",
            "changed",
            32,
            "this has changed since it was recorded as what docs/en/index.md:32 says.",
            id="a sentence",
        ),
        pytest.param(
            "(slip.md#purpose)",
            "(slip.md#place)",
            "kept",
            54,
            "this is not what docs/en/index.md:54 says: it lacks slip.md#purpose, and it has "
            "slip.md#place instead.",
            id="a link",
        ),
        pytest.param(
            ' (المصدر: {{ cite("first-aid-leaflet") }})',
            "",
            "kept",
            54,
            'this is not what docs/en/index.md:54 says: it lacks cite("first-aid-leaflet").',
            id="a call",
        ),
    ],
)
def test_a_change_of_the_translation_is_named(
    project: Project, old: str, new: str, kind: str, line: int, fact: str
) -> None:
    change(project.folder, old, new, ARABIC)
    assert said(project) == [(kind, f"docs/ar/index.md:{line}", fact)]


def test_what_the_original_adds_and_takes_away_is_named(project: Project) -> None:
    change(project.folder, "- blood that", "- much blood\n    - blood that", ENGLISH)
    change(project.folder, "- Clean cloths\n", "", ENGLISH)
    kinds = [(kind, place) for kind, place, _ in said(project)]
    assert kinds == [("stale", "docs/ar/index.md:14"), ("stale", "docs/ar/index.md:46")]
    facts = [fact for _, _, fact in said(project)]
    assert facts[0].endswith("It adds docs/en/index.md:16, “much blood”.")
    assert facts[1] == "the English no longer says what this translates."


def test_a_word_is_stale_by_its_key(project: Project) -> None:
    change(project.folder, "  left: Left side", "  left: On the left", "docs/en/words.yml")
    (drift,) = drifts_of(project)
    assert (drift.kind, drift.sections) == ("stale", ("labels", "left"))


def test_a_page_that_was_never_recorded_is_named_once(project: Project) -> None:
    (project.folder / "docs/ar/translated.yml").unlink()
    assert [(kind, place) for kind, place, _ in said(project)] == [
        ("unknown", "docs/ar/index.md"),
        ("unknown", "docs/ar/slip.md"),
        ("unknown", "docs/ar/words.yml"),
    ]


def test_to_record_it_again_cures_what_was_translated_anew(project: Project) -> None:
    change(project.folder, "Wash your hands.", "Wash both of your hands.", ENGLISH)
    change(project.folder, "اغسل يديك.", "اغسل كلتا يديك.", ARABIC)
    assert [kind for kind, _, _ in said(project)] == ["stale"]
    mark(project.folder, "person", ARABIC)
    assert said(project) == []
    found = read(project.anew(), []).translations["ar", "index.md"]
    assert found == Translation("person", None, ())


def test_nothing_is_recorded_that_says_something_else(project: Project) -> None:
    change(project.folder, "لمدة 10 دقائق", "لمدة 12 دقيقة", ARABIC)
    change(project.folder, "- لاصق للجروح\n", "", ARABIC)
    before = (project.folder / "docs/ar/translated.yml").read_text("utf-8")
    with pytest.raises(ContentError) as refused:
        mark(project.folder)
    assert [(str(each.source), each.gate) for each in refused.value.problems] == [
        ("docs/ar/index.md:17", "translation.kept"),
        ("docs/ar/index.md:47", "translation.block"),
    ]
    assert (project.folder / "docs/ar/translated.yml").read_text("utf-8") == before


@pytest.mark.parametrize(
    ("original", "block"),
    [
        ("a fever of 38 °C (100.4 °F)", "fiebre de 38 °C (100,4 °F)"),
        ("1,000 people, 2.5 mg", "1.000 personas, 2,5 mg"),
        ("1,000 people", "1 000 personas"),
        ("1,000 people", "1\u00a0000 personas"),
        ("the 2nd of 3", "el 2.º de 3"),
        ("10 minutes", "١٠ دقائق"),
        (
            '{{ clinic("Call at 9", "Come at 10") }}',
            '{{ clinic("Llame a las 9", "Venga a las 10") }}',
        ),
        ('{{ shared("harms", "or") }}', "{{ shared('harms', 'o') }}"),
        ("[Costs](costs.md#pay){ .button }", "[Precios](costs.md#pay){ .button }"),
        ("{count} in {people}, of {people}", "{count} de {people}"),
        # A picture with words in it is another one in each language.
        ("![A cut of 2 mm](assets/cut.svg)", "![Un corte de 2 mm](assets/corte.svg)"),
    ],
)
def test_what_is_written_otherwise_in_another_language_is_kept(original: str, block: str) -> None:
    assert not not_kept(of(original), of(block))


@pytest.mark.parametrize(
    ("original", "block", "missing", "added"),
    [
        ("38 °C (100.4 °F)", "38 °C (104 °F)", ("100.4",), ("104",)),
        ("10 to 30 minutes", "de 10 minutos", ("30",), ()),
        ("Call us.", "Llame al 112.", (), ("112",)),
        (
            '{{ shared("harms", "or") }}',
            '{{ shared("signs", "o") }}',
            ('shared("harms")',),
            ('shared("signs")',),
        ),
        ('{{ clinic("you", "we") }}', "nosotros", ("clinic()",), ()),
        (
            "![A cut](assets/cut.svg)",
            "[Un corte](assets/cut.svg)",
            ("a picture",),
            ("assets/cut.svg",),
        ),
        ("{count} people", "{cuenta} personas", ("{count}",), ("{cuenta}",)),
    ],
)
def test_what_is_lost_is_named(
    original: str, block: str, missing: tuple[str, ...], added: tuple[str, ...]
) -> None:
    lost = not_kept(of(original), of(block))
    assert (lost.missing, lost.added) == (missing, added)


def of(text: str) -> Block:
    return Block("", (), "text", text, 1)


PAGE = """\
---
title: "Costs: what you pay"
order: 3
search_words: [price, 20 euros]
---

One line,
and its second.

!!! key ""

    ## Key points {#key-points}

    {{ shared("signs") }}

    - Ask {{ clinic("your clinic", "us") }}.
    - Pay
      later.

        1. By card.

## Pay {#pay}

| What | How much |
|---|---|
| A visit | 20 |
| | |

<!-- waive reading.grade: long names -->
### Bills {#bills}

![A bill](assets/bill.svg){ .small }
"""


def test_a_page_is_parted_into_what_is_translated_and_its_frame() -> None:
    found = [(block.section, block.kind, block.text) for block in blocks_of(PAGE, "costs.md")]
    top = "top of the page"
    assert found == [
        (top, "title", "Costs: what you pay"),
        (top, "search_words", "price, 20 euros"),
        (top, "text", "One line,\nand its second."),
        ("key-points", "heading", "Key points"),
        ("key-points", "item", 'Ask {{ clinic("your clinic", "us") }}.'),
        ("key-points", "item", "Pay\nlater."),
        ("key-points", "item", "By card."),
        ("pay", "heading", "Pay"),
        ("pay", "cell", "What"),
        ("pay", "cell", "How much"),
        ("pay", "cell", "A visit"),
        ("pay", "cell", "20"),
        ("bills", "heading", "Bills"),
        ("bills", "text", "![A bill](assets/bill.svg){ .small }"),
    ]
    last = blocks_of(PAGE, "costs.md")[-1]
    assert last.within == ("pay", "bills")
    assert blocks_of(PAGE, "costs.md")[-2].notes == ("waive reading.grade: long names",)


def test_every_page_that_ships_can_be_put_together_again() -> None:
    for path in sorted(Path(ROOT, "docs/en").glob("*.md")):
        text = path.read_text("utf-8").split("\n---\n", 1)[1]
        again = poured(pieces_of(text, path.name), lambda b: b.text, lambda b: b.notes)
        assert [line.rstrip() for line in again.split("\n")] == [
            line.rstrip() for line in text.split("\n")
        ]
