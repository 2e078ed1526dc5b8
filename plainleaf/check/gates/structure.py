"""Structure: headings, pictures, links and tables that everybody can use, and key points first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from typing import Any

import lxml.html

from plainleaf.check.gates.family import Family
from plainleaf.check.gates.lexicon import Lexicon
from plainleaf.check.gates.passages import PageText, own_words
from plainleaf.html.faults import lacks_heads
from plainleaf.html.sections import HEADINGS
from plainleaf.model import Handout
from plainleaf.problems import Place, Problem

MOST_COLUMNS = 4
LEAST_PURPOSE = 4  # words

FAMILY = Family(
    "structure",
    {
        "level": "WCAG 2.2, 1.3.1",
        "heading": "PEMAT-P item 9, informative headings; WCAG 2.2, 2.4.6",
        "alt": "WCAG 2.2, 1.1.1",
        "link": "WCAG 2.2, 2.4.4",
        "table-head": "WCAG 2.2, 1.3.1, H51 and H63",
        "table-width": "PEMAT-P item 19, simple tables",
        "key-points": "PEMAT-P item 11, summary; CDC Clear Communication Index",
        "kind": "house rule: a consent form and an aftercare sheet are checked as such",
        "purpose": "PEMAT-P item 1, purpose obvious",
        "italics": "NHS service manual, formatting; UKAAF G003, no italics",
    },
)


def of_page(page_text: PageText, lexicon: Lexicon | None) -> Iterator[Problem]:
    """Give what is wrong with the build of a page."""
    yield from _key_points(page_text)
    yield from _purpose(page_text)
    yield from of_own(page_text, lexicon)


def of_own(page_text: PageText, lexicon: Lexicon | None) -> Iterator[Problem]:
    """Give what is wrong with the build of a page, or of what a clinic says itself."""
    tree: Any = lxml.html.fragment_fromstring(page_text.page.html, create_parent="div")
    yield from _levels(tree, page_text)
    yield from _tables(tree, page_text)
    yield from _italics(tree, page_text)
    if lexicon:
        yield from _words(tree, page_text, lexicon)


def of_handout(
    handout: Handout, texts: Mapping[str, PageText], lexicon: Lexicon | None
) -> Iterator[Problem]:
    """Refuse a sheet that does not start from what matters most, or does not say what it is."""
    titled = texts.get(handout.page)
    title = titled.page.title if titled else ""
    for kind in ("consent", "aftercare") if lexicon else ():
        if lexicon and handout.kind != kind and lexicon.patterns[f"title-{kind}"].search(title):
            fact = f'this handout, "{title}", is not held against what such a sheet must say.'
            hint = f"Write `kind: {kind}`."
            yield FAMILY.error("kind", handout.source, fact, hint, kind)
    cards = []
    for part in handout.parts:
        page_text = texts.get(part.page)
        section = page_text.page.sections.get(part.section) if page_text else None
        if section is None:
            return  # named elsewhere
        cards.append(section.card)
    is_short = handout.kind == "record" or bool(handout.goes_with)
    if not is_short and not {"key", "emergency"} & set(cards[:2]):
        fact = "this handout starts neither with key points nor with help in an emergency."
        hint = "Print a section that stands on a card `key` among its first two parts."
        yield FAMILY.error("key-points", handout.source, fact, hint)


def _levels(tree: Any, page_text: PageText) -> Iterator[Problem]:
    levels = [(1, ""), *((int(h.tag[1]), str(h.get("id"))) for h in tree.iter(*HEADINGS))]
    for (above, _), (level, name) in pairwise(levels):
        if level > above + 1:
            section = page_text.page.sections[name]
            fact = f'the heading "{section.title}" skips a level.'
            hint = f"Start it with {'#' * (above + 1)}: people jump from heading to heading."
            yield FAMILY.error("level", section.source, fact, hint)


def _key_points(page_text: PageText) -> Iterator[Problem]:
    cards = [section.card for section in page_text.page.sections.values()]
    # The front page first leads each reader to where the key points are those of their own.
    is_front = page_text.page.slug == "index"
    if "key" not in cards or not (is_front or cards[0] in ("key", "emergency")):
        fact = "this page does not start with its key points."
        hint = 'Put them first, on a card: `!!! key ""` with a heading and a list in it.'
        yield FAMILY.error("key-points", page_text.passages[0].place, fact, hint)


def _purpose(page_text: PageText) -> Iterator[Problem]:
    tree: Any = lxml.html.fragment_fromstring(page_text.page.html, create_parent="div")
    text = str(tree.xpath("string(*[1][self::p])"))
    if len(text.split()) < LEAST_PURPOSE:
        fact = "this page does not open with a sentence on what it is for."
        hint = "Write one above the first heading: what a reader gets from this page."
        yield FAMILY.error("purpose", page_text.passages[0].place, fact, hint)


def _tables(tree: Any, page_text: PageText) -> Iterator[Problem]:
    for table in tree.iter("table"):
        place = _place_of(table, page_text)
        if lacks_heads(table):
            fact = "a table has a column without a heading."
            hint = "Name each column in the first row: people hear the name with each cell."
            yield FAMILY.error("table-head", place, fact, hint)
        widest = max((len(row) for row in table.iter("tr")), default=0)
        if widest > MOST_COLUMNS:
            fact = f"a table has {widest} columns, too many for a phone and for large print."
            yield FAMILY.error("table-width", place, fact, f"Use {MOST_COLUMNS} at most.")


def _italics(tree: Any, page_text: PageText) -> Iterator[Problem]:
    for slanted in tree.iter("em", "i"):
        words = " ".join(slanted.text_content().split())
        fact = f'"{words}" is in italics, which people with low vision read badly.'
        hint = "Take the stars away."
        yield FAMILY.error("italics", _place_of(slanted, page_text), fact, hint, words)


def _words(tree: Any, page_text: PageText, lexicon: Lexicon) -> Iterator[Problem]:
    for passage in page_text.passages:
        if passage.kind in HEADINGS and lexicon.patterns["heading-empty"].search(passage.text):
            fact = f'the heading "{passage.text}" does not say what stands below it.'
            yield FAMILY.error("heading", passage.place, fact, "Name the thing itself.")
        says_nothing = lexicon.patterns["alt-empty"].search(passage.text)
        if passage.kind == "alt" and (says_nothing or len(passage.text.split()) < 3):
            fact = f'the picture\'s text "{passage.text}" does not say what it shows.'
            hint = "Say what a person learns from looking at it."
            yield FAMILY.error("alt", passage.place, fact, hint, passage.text)
    for link in tree.iter("a"):
        words = " ".join(link.text_content().split())
        if lexicon.patterns["link-empty"].search(words) or not words:
            fact = f'the link "{words}" does not say where it goes.'
            hint = "Let the words of the link name the page that it opens."
            subject = words or str(link.get("href"))
            yield FAMILY.error("link", _place_of(link, page_text), fact, hint, subject)


def _place_of(element: Any, page_text: PageText) -> Place:
    """Give the place of the passage that an element stands in, or is followed by."""
    blocks = (e for e in (element, *element.iterancestors()) if e.tag in ("p", "li", "td"))
    around = next(blocks, element)
    if around.tag == "table":
        cells = (cell for cell in around.iter("th", "td") if cell.text_content().strip())
        around = next(cells, around)
    wanted = own_words(around)
    places = (passage.place for passage in page_text.passages if passage.text == wanted)
    return next(places, page_text.passages[0].place)
