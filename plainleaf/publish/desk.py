"""The handouts desk: a card for each handout of a clinic and language, with all its versions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from plainleaf.model import PAPERS, TEXTS, Clinic, Docs, Handout, Language, Page, Printed


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
        standard = (item.sheet for item in self.versions if item.sheet.text == "standard")
        return next((sheet.text_path for sheet in standard), "")


def cards(docs: Docs, printed: Sequence[Printed], language: str) -> list[Card]:
    """Give the cards of a language's desk: clinic by clinic, and as patients need them.

    Sheets in this language stand before those in others. Versions to print stand before those to
    type into, standard print before large.
    """
    found = []
    for _, group in groupby(sorted(printed, key=_handout), key=_handout):
        versions = sorted(group, key=_version)
        sheet = versions[0].sheet
        page = docs.pages[sheet.language.code, sheet.handout.page]
        found.append(Card(sheet.clinic, sheet.language, sheet.handout, page, tuple(versions)))

    def place(card: Card) -> tuple[str, bool, str, int, str]:
        is_other = card.language.code != language
        order = (card.page.order, card.handout.name)
        return (card.clinic.slug, is_other, card.language.code, *order)

    return sorted(found, key=place)


def sheets_of(page: Page, printed: Sequence[Printed]) -> list[Printed]:
    """Give the sheets of the handout that a page is about, in the order of a card's versions."""
    handouts = sorted({item.sheet.handout for item in printed}, key=lambda handout: handout.name)
    name = next((each.name for each in handouts if each.page == page.slug), "")
    of_page = (
        item
        for item in printed
        if item.sheet.handout.name == name and item.sheet.language.code == page.language
    )
    return sorted(of_page, key=_version)


def _handout(item: Printed) -> tuple[str, str, str]:
    sheet = item.sheet
    return sheet.clinic.slug, sheet.language.code, sheet.handout.name


def _version(item: Printed) -> tuple[bool, int, int]:
    return item.is_form, TEXTS.index(item.sheet.text), PAPERS.index(item.sheet.paper)
