"""The handouts desk: a card for each handout of a clinic and language, with all its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

import lxml.html
from markupsafe import Markup

from plainleaf.html.sections import ALL_HEADINGS
from plainleaf.model import PAPERS, SIZES, Clinic, Docs, Handout, Language, OwnWords, Page, Printed

# Prefix of the ids of a clinic's own headings, so that none is that of a card.
_OWN = "own--"


@dataclass(frozen=True, slots=True)
class Card:
    """A handout as a clinic gives it out in a language; page is the one whose title it bears."""

    clinic: Clinic
    language: Language
    handout: Handout
    page: Page
    versions: tuple[Printed, ...]

    @property
    def text_path(self) -> str:
        """Give the address of its words as plain text, or "" where no sheet has them."""
        standard = (item.sheet for item in self.versions if item.sheet.size == "standard")
        return next((sheet.text_path for sheet in standard), "")


def cards(docs: Docs, printed: Sequence[Printed], language: str) -> list[Card]:
    """Give the cards of a language's desk: clinic by clinic, and as patients need them.

    Sheets in this language stand before those in others. A pack comes first, then what it holds in
    its own order, then the rest in the order of their pages. Versions to print stand before those
    to type into, standard print before large.
    """
    packs = (item.sheet.handout.handouts for item in printed)
    held = {name: number for names in packs for number, name in enumerate(names)}

    def place(item: Printed) -> tuple[str, bool, str, int, int, str]:
        handout, code = item.sheet.handout, item.sheet.language.code
        in_pack = -1 if handout.handouts else held.get(handout.name, len(held))
        order = docs.pages[code, handout.page].order
        return item.sheet.clinic.slug, code != language, code, in_pack, order, handout.name

    all_cards = []
    for _, group in groupby(sorted(printed, key=place), key=place):
        versions = tuple(sorted(group, key=_version))
        sheet = versions[0].sheet
        page = docs.pages[sheet.language.code, sheet.handout.page]
        all_cards.append(Card(sheet.clinic, sheet.language, sheet.handout, page, versions))
    return all_cards


def own_of(clinic: Clinic, docs: Docs, language: str) -> tuple[Language, Markup] | None:
    """Give what a clinic says itself for its desk in a language, or in the first that it has.

    It comes with its language; its headings are below one of level 2. None if it says nothing.
    """
    own = clinic.own_in(language) or next(iter(clinic.own), None)
    return (docs.languages[own.language], _on_desk(own)) if own else None


def _on_desk(own: OwnWords) -> Markup:
    """Give sections as HTML of a desk, which stands two folders below the pages."""
    html = "".join(section.html for section in own.sections)
    tree = lxml.html.fragment_fromstring(html, create_parent="div")
    for element in tree.iter("*"):
        if element.tag in ALL_HEADINGS:
            element.tag = f"h{min(int(str(element.tag)[1]) + 1, 6)}"
        if element.get("id"):
            element.set("id", f"{_OWN}{element.get('id')}")
        target, sign, section = str(element.get("href", "")).partition("#")
        if sign and not target:
            element.set("href", f"#{_OWN}{section}")
        elif target.endswith(".md") and ":" not in target:
            element.set("href", f"../../{target.removesuffix('.md')}.html{sign}{section}")
    return Markup("".join(lxml.html.tostring(child, encoding="unicode") for child in tree))


def sheets_of(page: Page, printed: Sequence[Printed]) -> list[Printed]:
    """Give the sheets of the handout that a page is about, in the order of a card's versions."""
    names = (item.sheet.handout.name for item in printed if item.sheet.handout.page == page.slug)
    handout = min(names, default="")
    of_page = (
        item
        for item in printed
        if (item.sheet.handout.name, item.sheet.language.code) == (handout, page.language)
    )
    return sorted(of_page, key=_version)


def _version(item: Printed) -> tuple[bool, int, int]:
    return item.is_form, SIZES.index(item.sheet.size), PAPERS.index(item.sheet.paper)
