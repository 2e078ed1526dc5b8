"""Is a sheet still the newest? A small page for the code of every sheet that was ever issued."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Literal

from plainleaf.addresses import CODES, address, code_path, emergency_address
from plainleaf.html.templates import rendered, speech
from plainleaf.machine.today import has_passed
from plainleaf.model import (
    Approval,
    Checked,
    Clinic,
    Docs,
    Edition,
    Library,
    Page,
    Paper,
    Printed,
    Text,
    Withdrawal,
)
from plainleaf.records.status import approval_of, coded_sheets, withdrawal_of

# What somebody who holds a sheet must know first.
State = Literal["current", "overdue", "replaced", "withdrawn"]


@dataclass(frozen=True, slots=True)
class Coded:
    """A sheet of an edition with its code; approval is that of its words by its clinic."""

    code: str
    clinic: Clinic
    paper: Paper
    text: Text
    approval: Approval | None


@dataclass(frozen=True, slots=True)
class Issued:
    """An edition as it stands on a day, with all its sheets.

    withdrawal is its own, or that of a later one with the very same words. later are those that
    came after it, newest first; is_late: the newest should have been looked at again. page is the
    one whose title its handout bears, or None if that is gone.
    """

    edition: Edition
    state: State
    withdrawal: Withdrawal | None
    later: tuple[Edition, ...]
    is_late: bool
    page: Page | None
    sheets: tuple[Coded, ...]

    @property
    def newest(self) -> Edition:
        """The edition that holds now, if it has not been withdrawn."""
        return self.later[0] if self.later else self.edition


def issued(docs: Docs, library: Library, today: date) -> list[Issued]:
    """Give every edition that was ever issued, handout by handout, the newest first."""
    found = [
        _issued(docs, library, edition, tuple(reversed(editions[at + 1 :])), today)
        for editions in library.editions.values()
        for at, edition in reversed(list(enumerate(editions)))
    ]
    orders: dict[str, int] = {}
    for item in found:
        if item.page:
            orders.setdefault(item.edition.handout, item.page.order)
    last = max(orders.values(), default=0) + 1

    def place(item: Issued) -> tuple[int, str, bool, str]:
        name, language = item.edition.handout, item.edition.language
        return orders.get(name, last), name, language != docs.main_language, language

    return sorted(found, key=place)


def _issued(
    docs: Docs, library: Library, edition: Edition, later: tuple[Edition, ...], today: date
) -> Issued:
    withdrawal = withdrawal_of(library, edition)
    is_late = has_passed((later[0] if later else edition).review_by, today)
    state: State
    if withdrawal:
        state = "withdrawn"
    elif later:
        state = "replaced"
    else:
        state = "overdue" if is_late else "current"
    handout = library.handouts.get(edition.handout)
    page = docs.pages.get((edition.language, handout.page)) if handout else None
    sheets = tuple(_sheets(docs, library, edition))
    return Issued(edition, state, withdrawal, later, is_late, page, sheets)


def _sheets(docs: Docs, library: Library, edition: Edition) -> Iterable[Coded]:
    """Give the sheets of an edition: of a language that is gone, anybody may have printed some."""
    is_gone = edition.language not in docs.languages
    clinics = [
        clinic
        for clinic in library.clinics.values()
        if is_gone or edition.language in (clinic.languages or docs.languages)
    ]
    for each in coded_sheets(edition, clinics):
        if each.text in each.clinic.sizes:
            approval = approval_of(library, edition, each.clinic.slug)
            yield Coded(each.code, each.clinic, each.paper, each.text, approval)


def by_handout(editions: Iterable[Issued], language: str) -> list[tuple[Edition, list[Issued]]]:
    """Give the editions of each handout, those in a language first.

    With each stands the one whose title names the handout: the newest in that language, if any.
    """
    found = []
    for _, group in groupby(editions, key=lambda item: item.edition.handout):
        ordered = sorted(group, key=lambda item: item.edition.language != language)
        found.append((ordered[0].edition, ordered))
    return found


def code_pages(
    known: Checked, editions: Iterable[Issued], printed: Iterable[Printed]
) -> dict[str, str]:
    """Give the page of each code (HTML by path), which says how it stands with its sheet.

    It speaks the language of the sheet, or the main one where that is gone. Two sheets of an
    edition that happen to share a code share its page.

    Raises ContentError for what is wrong in the template.
    """
    to_open = {
        (item.standing.issued.mark, item.sheet.clinic.slug, item.sheet.paper, item.sheet.text): item
        for item in printed
        if item.standing.issued and not item.standing.is_marked and not item.is_form
    }
    pages = {}
    for item in editions:
        sheets: dict[str, list[tuple[Coded, str]]] = defaultdict(list)
        for sheet in item.sheets:
            newest = to_open.get((item.newest.mark, sheet.clinic.slug, sheet.paper, sheet.text))
            sheets[sheet.code].append((sheet, newest.path if newest else ""))
        for code, of_code in sheets.items():
            pages[code_path(code)] = _page(known, item, code, of_code)
    return pages


def _page(known: Checked, item: Issued, code: str, sheets: Sequence[tuple[Coded, str]]) -> str:
    docs = known.docs
    language = docs.languages.get(item.edition.language) or docs.languages[docs.main_language]
    pages = [page for page in docs.pages.values() if page.language == language.code]
    values = {
        "code": code,
        "item": item,
        "sheets": sheets,
        "languages": docs.languages,
        "site_name": docs.site_name,
        "home": posixpath.relpath(f"./{address(docs, language.code)}", CODES),
        "help": emergency_address(pages),
    }
    return rendered(docs.project, "website", "code.html.jinja", {**speech(language), **values})
