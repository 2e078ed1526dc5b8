"""Tests of the codes of sheets: what is noticed when they are typed, and what their pages say."""

from __future__ import annotations

import os
import re
import shutil
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations
from pathlib import Path

import lxml.html
import pytest
from playwright.sync_api import Browser

from plainleaf.addresses import code_path
from plainleaf.load.load import load
from plainleaf.model import (
    PAPERS,
    SIZES,
    USUAL_SIZES,
    Approval,
    Checked,
    Edition,
    Printed,
    Project,
    Sheet,
    SheetStatus,
    Status,
    Withdrawal,
)
from plainleaf.problems import Place
from plainleaf.publish.code_pages import FRAME, FRAME_MARKDOWN, code_pages, issued
from plainleaf.read.read import read
from plainleaf.records.codes import (
    ALPHABET,
    HALF,
    LENGTH,
    NearMiss,
    edition_mark,
    fits,
    foreign,
    is_sound,
    near_misses,
    sheet_code,
    typed,
    with_dash,
)
from plainleaf.records.ledger import sealed_fields
from tests.browser import EVERYTHING, MENU, NARROW, PHONE, UNFRAMED, barriers, box_of, served, visit
from tests.conftest import HERE, TODAY, UNSEEN, project_in, published
from tests.publish.test_axe import COLOURS, ITS_COLOURS, NO_COLOURS, look

CODE = sheet_code("7KQM", "corner", "a4", "standard")
PLAIN = typed(CODE)
CODES = [
    sheet_code(mark, "corner", paper.name, text)
    for mark in ("7KQM", "2222", "YXWV")
    for paper in PAPERS
    for text in SIZES
]


def with_one_wrong(code: str) -> Iterator[tuple[int, str]]:
    """Give a code with each character replaced by each other one, and its place from 1."""
    for at in range(len(code)):
        for sign in set(ALPHABET) - {code[at]}:
            yield at + 1, code[:at] + sign + code[at + 1 :]


def with_two_swapped(code: str) -> Iterator[str]:
    """Give a code with each two of its characters swapped that differ."""
    for one, two in combinations(range(len(code)), 2):
        if code[one] != code[two]:
            signs = list(code)
            signs[one], signs[two] = signs[two], signs[one]
            yield "".join(signs)


# The code itself


def test_a_code_is_two_halves_that_people_can_tell_apart_and_type() -> None:
    """None of two that look alike, and no vowel, which would make words."""
    assert len(set(ALPHABET)) == len(ALPHABET) == 23  # a prime: see is_sound
    for alike in ("0OQ", "1IL", "2Z", "5S", "6G", "8B", "UV"):
        assert len(set(alike) & set(ALPHABET)) <= 1, alike
    assert set("AEIOU") & set(ALPHABET) == set()
    for code in CODES:
        assert [len(half) for half in code.split("-")] == [HALF, LENGTH - HALF]
        assert set(code) <= {*ALPHABET, "-"}
        assert with_dash(typed(code)) == code
    # The edition, the clinic, the paper and the text: each of them makes another code.
    assert len({sheet_code("7KQM", "other", "a4", "standard"), *CODES}) == len(CODES) + 1
    assert CODE.startswith("7KQM-")


def test_every_wrong_character_and_every_swap_is_noticed() -> None:
    for code in map(typed, CODES):
        assert is_sound(code)
        wrong = [text for _, text in with_one_wrong(code)]
        assert len(wrong) == LENGTH * 22
        swapped = list(with_two_swapped(code))
        assert [text for text in (*wrong, *swapped) if is_sound(text)] == []
    assert not is_sound(PLAIN[:-1])
    assert not is_sound(PLAIN + "2")
    assert not is_sound(f"{PLAIN[:-1]}0")


def test_a_typing_error_names_its_place_and_the_code_that_was_meant() -> None:
    for place, wrong in with_one_wrong(PLAIN):
        assert near_misses(wrong, CODES) == [NearMiss(place, CODE)]
    for wrong in with_two_swapped(PLAIN):
        assert near_misses(with_dash(wrong).lower(), CODES) == [NearMiss(0, CODE)]
    assert near_misses(CODE, CODES) == []
    assert near_misses(PLAIN[:-1], CODES) == []
    assert near_misses("HHHHHHHH", CODES) == []
    # Two codes may be as near: both are named, in their order.
    assert near_misses("2222 2226", ["2222-2262", "2222-2223"]) == [
        NearMiss(8, "2222-2223"),
        NearMiss(0, "2222-2262"),
    ]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("7kqm-x3pd", "7KQMX3PD"),
        (" 7KQM X3PD\n", "7KQMX3PD"),
        ("7KQM–X3PD.", "7KQMX3PD"),  # a dash that telephones make of two
        ("７ｋｑｍ－ｘ３ｐｄ", "7KQMX3PD"),  # wide letters
        ("٧KQM-X٣PD", "7KQMX3PD"),
        ("۷KQM-X۳PD", "7KQMX3PD"),
        ("", ""),
        (" - ", ""),
    ],
)
def test_a_code_is_taken_however_it_was_typed(text: str, code: str) -> None:
    assert typed(text) == code


def test_characters_that_no_code_has_are_named_once() -> None:
    assert foreign(typed("7OQ0-o1PD")) == "O01"
    assert foreign(PLAIN) == ""


def test_the_same_entry_gives_the_same_mark_and_any_other_one_another() -> None:
    entry = ["note", "en", "version: 1.10", "change: New words."]
    mark = edition_mark(entry, ())
    assert edition_mark(list(entry), ()) == mark
    assert len(mark) == HALF
    assert set(mark) <= set(ALPHABET)
    others = [[*entry[:at], f"{entry[at]}x", *entry[at + 1 :]] for at in range(len(entry))]
    assert mark not in {edition_mark(other, ()) for other in others}
    assert fits(mark, entry)
    assert not any(fits(mark, other) for other in others)


def test_a_mark_avoids_those_that_are_taken() -> None:
    taken: list[str] = []
    for _ in range(5):
        mark = edition_mark(["note", "en"], taken)
        assert mark not in taken
        assert fits(mark, ["note", "en"])
        taken.append(mark)


# A ledger with everything that can happen to a sheet

LAST_YEAR, LATER = date(2025, 3, 5), date(2027, 12, 1)
TAKEN_BACK = Withdrawal(date(2026, 6, 1), "A dose was wrong.", "Call your clinic today.")


def edition(
    of: tuple[str, str],
    version: str,
    content: str,
    *,
    issued: date = LAST_YEAR,
    review_by: date = LATER,
    withdrawal: Withdrawal | None = None,
) -> Edition:
    """Give an edition that was issued; content stands for its words."""
    handout, language = of
    title = {"note": "Washing a small cut", "slip": "Slip for a small cut"}.get(handout, "Old")
    change = f"New in {version}."
    plain = Edition(
        *(handout, language, version, title, issued, review_by, "We", "Dr Invented"),
        *("", "", change, content, "", withdrawal, Place(f"ledger/{handout}.yml")),
    )
    return replace(plain, mark=edition_mark(sealed_fields(plain), ()))


NOTE, SLIP, ARABIC, ARABIC_SLIP, GONE = [
    ("note", "en"),
    ("slip", "en"),
    ("note", "ar"),
    ("slip", "ar"),
    ("old", "fr"),
]
LEDGER = {
    NOTE: (
        edition(NOTE, "1.7", "a", withdrawal=TAKEN_BACK),
        edition(NOTE, "1.8", "b"),
        edition(NOTE, "1.9", "c", issued=date(2026, 7, 1)),
        edition(NOTE, "1.10", "c", issued=date(2026, 11, 23)),
    ),
    SLIP: (edition(SLIP, "1.0", "a"), edition(SLIP, "2.0", "b", withdrawal=TAKEN_BACK)),
    ARABIC: (edition(ARABIC, "1.0", "a", review_by=date(2026, 11, 24)),),
    ARABIC_SLIP: (edition(ARABIC_SLIP, "1.0", "a"), edition(ARABIC_SLIP, "1.1", "b")),
    GONE: (edition(GONE, "1.0", "a", withdrawal=TAKEN_BACK),),
}
APPROVAL = Approval(
    *("corner", *NOTE, "1.9", "c", "Dr Ana Müller", "practice nurse", date(2026, 7, 2), Place(""))
)


def known_in(project: Project) -> Checked:
    """Give what is known of the tiny project with the ledger above."""
    docs = read(project, [])
    library = replace(load(project, []), editions=LEDGER, approvals=(APPROVAL,))
    return Checked(docs, library, TODAY, {}, {})


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Checked:
    folder = tmp_path_factory.mktemp("codes") / "tiny"
    shutil.copytree(HERE / "tiny", folder, ignore=shutil.ignore_patterns("site", "build"))
    return known_in(project_in(folder))


def code_of(of: tuple[str, str], version: str, clinic: str = "corner", text: str = "large") -> str:
    (found,) = [each for each in LEDGER[of] if each.version == version]
    return sheet_code(found.mark, clinic, "a4", text)


def pages_of(known: Checked, printed: tuple[Printed, ...] = ()) -> dict[str, lxml.html.HtmlElement]:
    """Give the page of each code, as a tree."""
    editions = issued(known.docs, known.library, known.today)
    # What stands for the frame: only where things are put in.
    title, says = re.findall("<!--.*?-->", FRAME_MARKDOWN)
    frame = f"<title>{title}</title><main>{says}</main>"
    pages = code_pages(known, editions, printed, dict.fromkeys(known.docs.languages, frame))
    return {path: lxml.html.document_fromstring(html) for path, html in pages.items()}


def text_of(tree: lxml.html.HtmlElement, path: str = "//main") -> str:
    return " ".join(" ".join(each.text_content() for each in tree.xpath(path)).split())


@pytest.fixture(scope="module")
def pages(known: Checked) -> dict[str, lxml.html.HtmlElement]:
    return pages_of(known)


STATE = "//section[contains(@class, 'state')]"
WITHDRAWN = (
    "Withdrawn. Do not use it. It was taken back on 1 June 2026. "
    "Why: A dose was wrong. What to do: Call your clinic today."
)
NEWEST = "The newest one is version 1.10 of 23 November 2026."
SAYS = {
    "current, approved": (
        (NOTE, "1.10", "corner"),
        "This is the newest version. It is to be checked again by 1 December 2027. "
        "Approved for Corner Clinic by Dr Ana Müller, practice nurse, on 2 July 2026.",
    ),
    "current, of any clinic": (
        (NOTE, "1.10", "anyone"),
        "This is the newest version. It is to be checked again by 1 December 2027.",
    ),
    "replaced, the same words": (
        (NOTE, "1.9", "corner"),
        f"There is a newer version. {NEWEST} "
        "Its words are the same as those on your sheet. Handouts to print",
    ),
    "replaced twice": (
        (NOTE, "1.8", "anyone"),
        f"There is a newer version. {NEWEST} Handouts to print",
    ),
    "withdrawn and replaced": (
        (NOTE, "1.7", "corner"),
        f"{WITHDRAWN} {NEWEST} Handouts to print",
    ),
    "withdrawn": ((SLIP, "2.0", "corner"), WITHDRAWN),
    "replaced by what was withdrawn": (
        (SLIP, "1.0", "corner"),
        "There is a newer version. The newest one is version 2.0 of 5 March 2025. "
        + WITHDRAWN.removeprefix("Withdrawn. "),
    ),
    "of a language that is gone": ((GONE, "1.0", "corner"), WITHDRAWN),
    "overdue": (
        (ARABIC, "1.0", "corner"),
        "فات موعد المراجعة. كان يجب أن تراجع قبل 24 نوفمبر 2026. "
        "اسأل عيادتك هل يمكنك أن تستعملها. لم تعتمدها Corner Clinic بعد.",
    ),
}


LOOKS = {
    "current, approved": "approved",
    "current, of any clinic": "current",
    "replaced twice": "replaced",
    "withdrawn": "withdrawn",
    "overdue": "overdue",
}


def look_of(tree: lxml.html.HtmlElement) -> tuple[str, bytes]:
    """Give by what the colour of a state is known, and its sign."""
    (state,) = tree.xpath(STATE)
    return state.get("class").removeprefix("state "), lxml.html.tostring(state.find(".//svg"))


@pytest.mark.parametrize("state", SAYS)
def test_the_page_of_a_code_says_first_how_it_stands(
    pages: dict[str, lxml.html.HtmlElement], state: str
) -> None:
    (of, version, clinic), says = SAYS[state]
    tree = pages[code_path(code_of(of, version, clinic))]
    assert text_of(tree, STATE) == says
    # Words and a sign, not only a colour; and the name of a tab says it too.
    assert [sign.get("aria-hidden") for sign in tree.xpath("//h2/svg")] == ["true"]
    assert text_of(tree, "//title").startswith(text_of(tree, "//section/h2"))
    # A tick says that somebody has approved it, and so does the colour.
    looks = {
        name: look_of(pages[code_path(code_of(*what))])
        for name, (what, _) in SAYS.items()
        if name in LOOKS
    }
    assert len({sign for _, sign in looks.values()}) == len(LOOKS)
    assert {name: kind for name, (kind, _) in looks.items()} == LOOKS


def test_a_sheet_is_overdue_from_the_day_after_its_review(known: Checked) -> None:
    for today, says in ((LATER, "This is the newest"), (date(2027, 12, 2), "Overdue. It should")):
        later = replace(known, today=today)
        tree = pages_of(later)[code_path(code_of(NOTE, "1.10"))]
        assert text_of(tree, STATE).startswith(says)
    # What was replaced says so of the newest.
    old = text_of(pages_of(later)[code_path(code_of(NOTE, "1.8"))], STATE)
    assert f"{NEWEST} It should have been checked again by 1 December 2027. Ask your clinic" in old


def test_words_that_were_taken_back_later_are_withdrawn_in_every_version(known: Checked) -> None:
    """A new number for the same words does not make the old ones fit to use."""
    later = edition(NOTE, "2.0", "b", withdrawal=TAKEN_BACK)
    editions = {**LEDGER, NOTE: (*LEDGER[NOTE], later)}
    changed = replace(known, library=replace(known.library, editions=editions))
    trees = pages_of(changed)
    assert text_of(trees[code_path(code_of(NOTE, "1.8"))], STATE).startswith(WITHDRAWN)
    assert text_of(trees[code_path(code_of(NOTE, "1.9"))], STATE).startswith("There is a newer")


def test_the_page_of_a_code_says_what_has_changed_since_newest_first(
    pages: dict[str, lxml.html.HtmlElement],
) -> None:
    changes = "//h2[contains(., 'changed')]/following-sibling::ul[1]/li"
    said = {
        version: [
            " ".join(item.text_content().split())
            for item in pages[code_path(code_of(NOTE, version))].xpath(changes)
        ]
        for version in ("1.10", "1.9", "1.8", "1.7")
    }
    newest = "Version 1.10, 23 November 2026. New in 1.10."
    before = "Version 1.9, 1 July 2026. New in 1.9."
    first = "Version 1.8, 5 March 2025. New in 1.8."
    assert said == {
        "1.10": [],
        "1.9": [newest],
        "1.8": [newest, before],
        "1.7": [newest, before, first],
    }
    slip = pages[code_path(code_of(SLIP, "1.0"))].xpath(changes)
    assert [" ".join(item.text_content().split()) for item in slip] == [
        "Version 2.0, 5 March 2025. Withdrawn. New in 2.0."
    ]


def test_the_page_of_a_code_says_which_sheet_it_is(
    pages: dict[str, lxml.html.HtmlElement],
) -> None:
    tree = pages[code_path(code_of(NOTE, "1.8", "anyone", "standard"))]
    facts = dict(zip(tree.xpath("//dt"), tree.xpath("//dd"), strict=True))
    assert {each.text: " ".join(says.text_content().split()) for each, says in facts.items()} == {
        "Title": "Washing a small cut",
        "Language": "English",
        "Clinic": "Any clinic",
        "Version": "1.8",
        "Date of issue": "5 March 2025",
        "Paper": "A4",
        "Size of print": "standard print",
    }
    assert code_of(NOTE, "1.8", "anyone", "standard") in text_of(tree, "//h1")
    named = pages[code_path(code_of(NOTE, "1.8"))]
    assert "Corner Clinic. Example only." in text_of(named, "//dl")
    assert "large print" in text_of(named, "//dl")


def test_the_page_of_a_code_speaks_the_language_of_its_sheet(
    pages: dict[str, lxml.html.HtmlElement],
) -> None:
    """Or the main one, where that is gone; what was written in another language says so."""
    arabic = pages[code_path(code_of(ARABIC, "1.0"))]
    assert "فات موعد المراجعة" in text_of(arabic, "//title")
    gone = pages[code_path(code_of(GONE, "1.0"))]
    assert "Withdrawn" in text_of(gone, "//title")
    assert {each.get("lang") for each in gone.xpath("//bdi[contains(., 'dose')]")} == {"fr"}


def links_of(tree: lxml.html.HtmlElement) -> dict[str, str]:
    return {" ".join(a.text_content().split()): a.get("href") for a in tree.xpath("//main//a")}


def test_the_page_of_a_code_leads_to_the_newest_sheet_the_words_and_to_help(known: Checked) -> None:
    clinic, handout = known.library.clinics["corner"], known.library.handouts["note"]
    english = known.docs.languages["en"]
    sheet = Sheet(handout, clinic, english, PAPERS[0], "large", "Washing a small cut")
    sheet_status = SheetStatus("approved", LEDGER[NOTE][-1], APPROVAL, "c")
    rest = {
        "Washing a small cut": "../index.html",
        "When to get help": "../index.html#emergency",
        "Look up another code": "../codes.html",
    }
    open_it = {"Open the newest sheet": "../handouts/corner/en/note-a4-large.pdf"}
    desk = {"Handouts to print": "../handouts.html"}
    old = code_path(code_of(NOTE, "1.8"))
    ways: dict[Status, dict[str, str]] = {"approved": open_it, "draft": desk, "overdue": desk}
    for status, way in ways.items():
        item = Printed(sheet, replace(sheet_status, status=status), False, b"", 1, UNSEEN)
        trees = pages_of(known, (item,))
        assert links_of(trees[old]) == {**way, **rest}, status
    # That of another paper or text is another sheet; no version leads to one that was taken back.
    printed = (Printed(sheet, sheet_status, False, b"", 1, UNSEEN),)
    trees = pages_of(known, printed)
    assert links_of(trees[code_path(code_of(NOTE, "1.8", text="standard"))]) == {**desk, **rest}
    assert links_of(trees[code_path(code_of(NOTE, "1.10"))]) == rest
    del rest["Washing a small cut"]
    for of, version in ((SLIP, "1.0"), (SLIP, "2.0"), (GONE, "1.0")):
        assert links_of(trees[code_path(code_of(of, version))]) == rest
    arabic = links_of(trees[code_path(code_of(ARABIC, "1.0"))])
    assert set(arabic.values()) == {
        "../ar/index.html",
        "../ar/index.html#emergency",
        "../ar/codes.html",
    }


def test_every_sheet_that_a_clinic_may_have_printed_has_a_page(known: Checked) -> None:
    """Of a language that is gone, every clinic's; else of those that print the language."""
    pages = pages_of(known)
    editions = [each for every in LEDGER.values() for each in every]
    assert len(pages) == len(editions) * 2 * len(PAPERS) * len(USUAL_SIZES)
    only = replace(known.library.clinics["corner"], languages=("en",))
    clinics = {**known.library.clinics, "corner": only}
    fewer = pages_of(replace(known, library=replace(known.library, clinics=clinics)))
    lost = {path for path in pages if path not in fewer}
    assert lost == {
        code_path(sheet_code(each.mark, "corner", paper.name, text))
        for of in (ARABIC, ARABIC_SLIP)
        for each in LEDGER[of]
        for paper in PAPERS
        for text in USUAL_SIZES
    }
    giant = replace(known.library.clinics["corner"], sizes=SIZES)
    clinics = {**known.library.clinics, "corner": giant}
    more = pages_of(replace(known, library=replace(known.library, clinics=clinics)))
    assert {path for path in more if path not in pages} == {
        code_path(sheet_code(each.mark, "corner", paper.name, "giant"))
        for each in editions
        for paper in PAPERS
    }


def test_two_sheets_that_share_a_code_share_its_page(known: Checked) -> None:
    """One edition has 12 167 codes: clinics whose sheets meet are looked for here."""
    mark = LEDGER[NOTE][-1].mark
    slugs = defaultdict[str, list[str]](list)
    for number in range(999):
        slugs[sheet_code(mark, f"c{number}", "a4", "standard")].append(f"c{number}")
    code, met = next(item for item in slugs.items() if len(item[1]) > 1)
    plain = known.library.clinics["corner"]
    clinics = {slug: replace(plain, slug=slug, name=f"Clinic {slug}") for slug in met}
    tree = pages_of(replace(known, library=replace(known.library, clinics=clinics)))[
        code_path(code)
    ]
    for slug in met:
        assert f"Clinic {slug} " in text_of(tree, "//dl").replace(".", " ")
    assert len(tree.xpath("//dl")) == len(met)
    assert len(tree.xpath(STATE)) == 1
    # A tick would stand for all of them.
    one = replace(known.library, clinics=clinics, approvals=(replace(APPROVAL, clinic=met[0]),))
    tree = pages_of(replace(known, library=one))[code_path(code)]
    assert "Approved for" in text_of(tree, STATE)
    assert look_of(tree)[0] == "current"


# The page to type a code in, and all pages in a real browser

REVIEW = (
    '<!doctype html><html><head><meta http-equiv="Content-Security-Policy" content="">'
    "<title>Review</title></head></html>"
)


@pytest.fixture(scope="module")
def site(known: Checked) -> Path:
    """Give the website of the tiny project with the ledger above; nothing was typeset for it."""
    published(known, [], REVIEW)
    return known.project.site


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


# What a page is taken by, around what it says.
AROUND = "//*[@href or @src][not(ancestor::article)]"


def leads_of(path: Path) -> list[tuple[str, str, str]]:
    """Give what stands around the words of a page, and to which place on this disk each leads.

    Not the way past the menu, which leads into the page; nor what is said of it in the head.
    """
    tree = lxml.html.parse(path).getroot()
    found = []
    for each in tree.xpath(AROUND):
        link = each.get("href") or each.get("src")
        file, _, part = link.partition("#")
        if file:
            place = os.path.normpath(path.parent / file)
            found.append((each.tag, f"{place}#{part}", " ".join(each.text_content().split())))
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("of", "beside", "said"),
    [
        (NOTE, "codes.html", ("en", "ltr")),
        (ARABIC, "ar/codes.html", ("ar", "rtl")),
        (GONE, "codes.html", ("en", "ltr")),
    ],
)
def test_the_page_of_a_code_has_the_frame_of_every_page(
    site: Path, of: tuple[str, str], beside: str, said: tuple[str, str]
) -> None:
    """Bar, menu, foot, styles and scripts are those of the page where codes are looked up."""
    newest = LEDGER[of][-1].version
    page, usual = site / code_path(code_of(of, newest)), site / beside
    tree, other = (lxml.html.parse(path).getroot() for path in (page, usual))
    assert (tree.get("lang"), tree.body.get("dir")) == said
    leads = leads_of(page)
    assert leads == leads_of(usual)
    assert [place for _, place, _ in leads if not Path(place.partition("#")[0]).is_file()] == []
    for data in ("data-fonts", "data-engine", "data-index"):
        named, there = (
            {os.path.normpath(path.parent / each) for each in root.xpath(f"//@{data}")[0].split()}
            for path, root in ((page, tree), (usual, other))
        )
        assert named == there, data
        assert all(Path(each).is_file() for each in named), data
    # It has no place in the menu, and no search engine is to find it.
    assert tree.xpath("//*[@aria-current]") == []
    assert tree.xpath("//meta[@name='robots']/@content") == ["noindex"]
    assert len(tree.xpath("//meta[@name='description' and @content != '']")) == 1
    (skip,) = tree.xpath("//a[@class='md-skip']/@href")
    assert tree.get_element_by_id(skip.removeprefix("#")).tag == "section"
    # The frame is no page by itself.
    assert list(site.rglob(f"{Path(FRAME).name}.html")) == []
    assert "<!-- " not in page.read_text("utf-8").partition("<article")[2].partition("</article")[0]


def words_of(known: Checked, language: str = "en") -> dict[str, str]:
    return dict(known.docs.languages[language].words)


def every_code(known: Checked) -> list[str]:
    editions = issued(known.docs, known.library, known.today)
    return [sheet.code for item in editions for sheet in item.sheets]


def answer_to(text: str, codes: list[str], words: dict[str, str]) -> list[str]:
    """Give what the rules of records/codes.py make of a text that is no known code."""
    signs, known = typed(text), {code[:HALF] for code in codes}
    strange = foreign(signs)
    if not signs:
        return [words["code_nothing"]]
    said = [words["code_foreign"].format(signs=" ".join(strange))] if strange else []
    if len(signs) < LENGTH:
        return [*said, words["code_missing"].format(count=LENGTH - len(signs))]
    if len(signs) > LENGTH:
        return [*said, words["code_more"].format(count=len(signs) - LENGTH)]
    places = words["code_places"].split()
    for slip in near_misses(text, codes):
        word = words["code_slip" if slip.position else "code_swap"]
        said.append(word.format(place=places[slip.position - 1], code=slip.code))
    if said:
        return said
    if not is_sound(signs):
        said.append(words["code_wrong"])
    if signs[:HALF] in known:
        said.append(words["code_half"].partition("{")[0] + signs[:HALF])
    elif is_sound(signs):
        said.append(words["code_unknown"])
    return said


# What the page answers, each with the edition that it names by its first half.
ANSWERS = """texts => {
  const field = document.querySelector("#code");
  return texts.map((text) => {
    field.value = text;
    document.querySelector(".lookup button").click();
    return [...document.querySelectorAll("[role=alert] p")].map((line) => {
      const edition = line.querySelector("a[href^='#']");
      if (edition) edition.textContent = edition.hash.slice(1);
      return line.textContent.trim();
    });
  });
}"""


@pytest.mark.parametrize("language", ["en", "ar"])
def test_the_browser_answers_a_typing_error_as_the_rules_say(
    chromium: Browser, known: Checked, address: str, language: str
) -> None:
    """The script and plainleaf/records/codes.py, over the same texts."""
    codes = every_code(known)
    mark = LEDGER[NOTE][-1].mark
    right = code_of(NOTE, "1.10")
    plain = typed(right)
    unknown = [sheet_code("3333", "corner", "a4", "large"), sheet_code(mark, "gone", "a4", "large")]
    texts = [
        *("", " - ", "7", right[:-1], right[:HALF], f"{right}2", right * 2, f"{right}-O"),
        *("OIL5-S0UB", "O000-0000", "שלום", "😀", "ß", "7KQM-X3P😀", "2222-2222", "ABC-DEFGH"),
        *(f"{plain[:2]}{sign}{plain[3:]}" for sign in "01568SZGBUOIL٧٩۹é"),
        *(text for _, text in with_one_wrong(plain)),
        *(with_dash(text).lower() for text in with_two_swapped(plain)),
        *unknown,
        *(with_dash(f"{code[:HALF]}{code[HALF + 1 :][::-1]}") for code in unknown),
        f"{mark}-HHHH",
    ]
    texts = [text for text in texts if with_dash(typed(text)) not in codes]
    folder = "" if language == "en" else "ar/"
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{address}{folder}codes.html")
        page.wait_for_load_state("networkidle")
        before = len(seen.requests)
        answers = page.evaluate(ANSWERS, texts)
        expected = [answer_to(text, codes, words_of(known, language)) for text in texts]
        assert dict(zip(texts, answers, strict=True)) == dict(zip(texts, expected, strict=True))
        assert page.locator("#code").get_attribute("aria-invalid") == "true"
        # Nobody is asked, and nothing is kept; letters that no page has shown yet come as a font.
        asked = [url for url in seen.requests[before:] if not url.endswith(".woff2")]
        assert asked == []
        kept = "[...Object.keys(localStorage), ...Object.keys(sessionStorage), document.cookie]"
        assert page.evaluate(kept) == [""]
        assert seen.complaints == []
    kinds = {words for said in expected for words in said}
    for word in ("code_wrong", "code_unknown", "code_nothing"):
        assert words_of(known, language)[word] in kinds, word


def test_a_typed_code_leads_to_its_page_and_a_slip_to_the_one_that_was_meant(
    chromium: Browser, address: str
) -> None:
    right, arabic = code_of(NOTE, "1.8"), code_of(ARABIC, "1.0")
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{address}codes.html")
        alert = page.get_by_role("alert")
        field = page.get_by_label("The code on your sheet")
        assert alert.inner_text() == ""
        for text, code in (
            (f" {typed(right).lower()} ", right),
            (arabic.replace("-", " "), arabic),
        ):
            field.fill(text)
            field.press("Enter")
            page.wait_for_url(f"**/{code_path(code)}")
            page.go_back()
        field.fill(next(with_two_swapped(typed(right))))
        page.get_by_role("button", name="Look it up").click()
        assert alert.inner_text() == f"Two characters are likely swapped. Did you mean {right}?"
        alert.get_by_role("link").click()
        page.wait_for_url(f"**/{code_path(right)}")
        page.go_back()
        # The second half of a clinic that is gone: the edition is shown all the same.
        field.fill(sheet_code(LEDGER[SLIP][1].mark, "gone", "a4", "large"))
        field.press("Enter")
        named = alert.get_by_role("link")
        assert named.inner_text() == ("Slip for a small cut. Version 2.0, 5 March 2025. Withdrawn.")
        named.click()
        shown = page.locator("details[open]")
        assert shown.count() == 1
        assert TAKEN_BACK.instead in shown.inner_text()
        assert seen.complaints == []


def test_without_scripts_every_code_is_listed_under_its_edition(
    chromium: Browser, known: Checked, address: str
) -> None:
    editions = issued(known.docs, known.library, known.today)
    with visit(chromium, PHONE, has_scripts=False) as seen:
        page = seen.go(f"{address}codes.html")
        assert not page.locator(".lookup").is_visible()
        summaries = [" ".join(text.split()) for text in page.locator("summary").all_inner_texts()]
        listed = [text for text in summaries if "Version" in text]
        assert listed[:5] == [
            "Version 1.10, 23 November 2026. This is the newest version.",
            "Version 1.9, 1 July 2026. There is a newer version.",
            "Version 1.8, 5 March 2025. There is a newer version.",
            "Version 1.7, 5 March 2025. Withdrawn.",
            "العربية. Version 1.0, 5 March 2025. Overdue.",
        ]
        assert len(listed) == len(editions)
        links = page.locator(".codes li a")
        hrefs = {a.text_content(): a.get_attribute("href") for a in links.all()}
        assert hrefs == {code: code_path(code) for code in every_code(known)}
        assert not links.first.is_visible()
        page.locator("summary", has_text="Version 1.10").click()
        assert links.first.is_visible()
        links.first.click()
        page.wait_for_url("**/codes/*.html")
        assert page.locator("h1").is_visible()


def one_of_each_state() -> list[str]:
    names = ("current, approved", "replaced twice", "withdrawn and replaced", "overdue")
    return [code_path(code_of(*SAYS[name][0])) for name in names]


def test_the_page_of_a_code_can_be_read_on_a_phone_and_from_a_folder(
    chromium: Browser, site: Path
) -> None:
    with visit(chromium, PHONE) as seen:
        for path in (*one_of_each_state(), "codes.html", "ar/codes.html"):
            page = seen.go((site / path).as_uri())
            size = "parseFloat(getComputedStyle(document.querySelector('main p')).fontSize)"
            assert page.evaluate(size) >= 18, path
            if path in one_of_each_state():
                band = box_of(page.locator(".state h2"))
                assert band["y"] + band["height"] < PHONE["height"] / 2, path
                assert page.locator(".help").get_attribute("href") is not None
                page.locator(MENU).click()
                assert page.locator(".menu a").first.is_visible()
                page.keyboard.press("Escape")
            for width in (390, 320):
                page.set_viewport_size({"width": width, "height": 640})
                assert page.evaluate("document.documentElement.scrollWidth") <= width, path
            page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        assert seen.complaints == []


def test_axe_finds_nothing_on_the_pages_of_codes(chromium: Browser, address: str) -> None:
    """On one of each state, and on the page to look it up while it answers."""
    with visit(chromium, NARROW, reduced_motion="reduce") as seen:
        for path in (*one_of_each_state(), "codes.html"):
            page = seen.go(f"{address}{path}")
            if path == "codes.html":
                page.locator("#code").fill(next(with_two_swapped(typed(code_of(NOTE, "1.8")))))
                page.locator(".lookup button").click()
                page.locator(".codes details").first.evaluate("one => { one.open = true }")
            look(page, NARROW, COLOURS[0])
            assert barriers(page, EVERYTHING, UNFRAMED) == [], path
            for colours in COLOURS[1:]:
                where = look(page, NARROW, colours)
                assert barriers(page, ITS_COLOURS, UNFRAMED) == [], (path, where)
        look(page, PHONE, COLOURS[0])
        assert barriers(page, NO_COLOURS, UNFRAMED) == [], path
