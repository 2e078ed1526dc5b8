"""Which sheets are made, and what is said when one cannot be."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from plainleaf.check.check import between
from plainleaf.load.load import load
from plainleaf.model import SIZES, Docs, Library, Project, Sheet
from plainleaf.plan import Choice, plan
from plainleaf.problems import Place, Problem


@pytest.fixture
def library(project: Project) -> Library:
    problems: list[Problem] = []
    library = load(project, problems)
    assert problems == []
    return library


def planned(docs: Docs, library: Library) -> list[Sheet]:
    """Plan sheets of which nothing is wrong."""
    problems: list[Problem] = []
    sheets = plan(docs, library, problems)
    assert problems == []
    return sheets


def test_every_handout_is_made_for_every_clinic_language_paper_and_size(
    docs: Docs, library: Library
) -> None:
    assert [sheet.path for sheet in planned(docs, library)] == sorted(
        f"handouts/{clinic}/{language}/{handout}-{paper}{text}.pdf"
        for clinic in ("anyone", "corner")
        for language in ("ar", "en")
        for handout in ("note", "slip")
        for paper in ("a4", "letter")
        for text in ("", "-large")
    )


def test_a_clinic_may_offer_giant_print(docs: Docs, library: Library) -> None:
    corner = replace(library.clinics["corner"], sizes=SIZES, languages=("en",))
    sheets = plan(docs, replace(library, clinics={"corner": corner}), [])
    assert [sheet.path for sheet in sheets if sheet.size == "giant"] == [
        f"handouts/corner/en/{name}-{paper}-giant.pdf"
        for name in ("note", "slip")
        for paper in ("a4", "letter")
    ]
    assert [sheet.size for sheet in sheets if sheet.is_large] == ["giant", "large"] * 4


def test_a_clinic_that_names_its_languages_gets_no_others(docs: Docs, library: Library) -> None:
    corner = replace(library.clinics["corner"], languages=("ar",))
    sheets = plan(docs, replace(library, clinics={"corner": corner}), [])
    assert {sheet.language.code for sheet in sheets} == {"ar"}


def test_a_sheet_bears_the_title_of_its_page_in_its_language(docs: Docs, library: Library) -> None:
    titles = {(sheet.language.code, sheet.title) for sheet in plan(docs, library, [])}
    assert titles == {
        ("en", "Washing a small cut"),
        ("en", "Slip for a small cut"),
        ("ar", "غسل جرح صغير"),
        ("ar", "ورقة جرح صغير"),
    }


def test_a_language_offers_the_handouts_that_it_has(docs: Docs, library: Library) -> None:
    pages = {key: page for key, page in docs.pages.items() if key != ("ar", "slip")}
    sheets = planned(replace(docs, pages=pages), library)
    offered = {(sheet.language.code, sheet.handout.name) for sheet in sheets}
    assert offered == {("en", "note"), ("en", "slip"), ("ar", "note")}


@pytest.mark.parametrize(
    ("change", "lack"),
    [
        pytest.param({"handouts": ("slip",)}, "the handout slip", id="a pack"),
        pytest.param({"goes_with": ("slip",)}, "the handout slip", id="what goes with another"),
        pytest.param({"page": "index"}, "docs/ar/slip.md", id="all but a page"),
    ],
)
def test_a_language_offers_no_handout_without_what_belongs_to_it(
    docs: Docs, library: Library, change: dict[str, Any], lack: str
) -> None:
    """What is lacking is named once, where the language has the page of the handout."""
    pages = {key: page for key, page in docs.pages.items() if key != ("ar", "slip")}
    name = "slip" if "page" in change else "note"
    handouts = {**library.handouts, name: replace(library.handouts[name], **change)}
    problems: list[Problem] = []
    sheets = plan(replace(docs, pages=pages), replace(library, handouts=handouts), problems)
    offered = {sheet.handout.name for sheet in sheets if sheet.language.code == "ar"}
    assert name not in offered
    fact = f"{name} is not offered in العربية yet: it lacks {lack}."
    hint = "Translate what is lacking; until then its own page is all that there is of it."
    source = library.handouts[name].source
    assert problems == [Problem(source, fact, hint, is_warning=True)]


def test_handouts_that_go_with_each_other_are_offered_together(
    docs: Docs, library: Library
) -> None:
    note, slip = library.handouts["note"], library.handouts["slip"]
    both = {
        "note": replace(note, goes_with=("slip",)),
        "slip": replace(slip, goes_with=("note",)),
    }
    assert len(plan(docs, replace(library, handouts=both), [])) == 32


def test_the_main_language_lacks_no_page_of_a_handout(docs: Docs, library: Library) -> None:
    pages = {key: page for key, page in docs.pages.items() if key != ("en", "slip")}
    problems: list[Problem] = []
    plan(replace(docs, pages=pages), library, problems)
    assert list(map(str, problems)) == [
        "handouts/slip.yml:2: there is no docs/en/slip.md, whose title this handout bears.\n"
        "    Write docs/en/slip.md."
    ]


def test_a_broken_page_is_not_named_as_missing(docs: Docs, library: Library) -> None:
    pages = {key: page for key, page in docs.pages.items() if key != ("ar", "slip")}
    planned(replace(docs, pages=pages, broken=frozenset({("ar", "slip")})), library)


@pytest.mark.parametrize(
    ("choice", "count"),
    [
        (Choice(), 32),
        (Choice(clinic="corner"), 16),
        (Choice(language="ar"), 16),
        (Choice(handout="note"), 16),
        (Choice("corner", "ar", "note"), 4),
        (Choice("nobody"), 0),
    ],
)
def test_a_choice_takes_only_what_is_wanted(
    docs: Docs, library: Library, choice: Choice, count: int
) -> None:
    assert sum(choice.takes(sheet) for sheet in plan(docs, library, [])) == count


def test_a_choice_that_exists_is_not_unknown(docs: Docs, library: Library) -> None:
    assert Choice("corner", "ar", "note").unknown(docs, library) == ""


def with_pack(library: Library, *names: str) -> Library:
    """Give the tiny project's handouts and a pack of these."""
    note = library.handouts["note"]
    pack = replace(note, name="pack", handouts=names, source=Place("handouts/pack.yml", 2))
    packs = {"pack": pack, "other-pack": replace(pack, name="other-pack", handouts=("note",))}
    return replace(library, handouts={**library.handouts, **packs})


def test_a_pack_is_a_sheet_like_any_other(docs: Docs, library: Library) -> None:
    sheets = planned(docs, with_pack(library, "slip", "note"))
    assert [sheet.path for sheet in sheets if Choice("corner", "en", "pack").takes(sheet)] == [
        "handouts/corner/en/pack-a4-large.pdf",
        "handouts/corner/en/pack-a4.pdf",
        "handouts/corner/en/pack-letter-large.pdf",
        "handouts/corner/en/pack-letter.pdf",
    ]


@pytest.mark.parametrize(
    ("names", "said"),
    [
        (("note", "slipp"), ("slipp", 'Did you mean "slip"? ')),
        (("other-pack",), ("other-pack", "")),
        (("slip", "pack"), ("pack", "")),
    ],
    ids=["an unknown handout", "another pack", "itself"],
)
def test_a_pack_of_what_is_no_single_handout_is_a_problem(
    docs: Docs, library: Library, names: tuple[str, ...], said: tuple[str, str]
) -> None:
    wrong, guess = said
    assert list(map(str, between(docs, with_pack(library, *names), []))) == [
        f'handouts/pack.yml:2: the pack pack names "{wrong}", which is no single handout.\n'
        f"    {guess}The handouts are: note, slip."
    ]


def test_a_pack_of_single_handouts_is_no_problem_even_if_one_is_broken(
    docs: Docs, library: Library
) -> None:
    assert between(docs, with_pack(library, "slip", "note"), []) == []
    made = replace(with_pack(library, "slip", "broken"), is_whole=False)
    assert between(docs, made, []) == []


def test_a_clinic_that_names_its_papers_gets_no_others(project: Project, docs: Docs) -> None:
    path = project.folder / "clinics/corner/clinic.yml"
    path.write_text(path.read_text("utf-8") + "\npapers: [A4]\n", "utf-8")
    problems: list[Problem] = []
    sheets = planned(docs, load(project, problems))
    assert problems == []
    assert {(sheet.clinic.slug, sheet.paper.name) for sheet in sheets} == {
        ("corner", "a4"),
        ("anyone", "a4"),
        ("anyone", "letter"),
    }
