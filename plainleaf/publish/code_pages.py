"""Is a sheet still the newest? A small page for the code of every sheet that was ever issued."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
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
    Docs,
    Edition,
    Library,
    Page,
    Printed,
    Sheet,
    Size,
    Withdrawal,
)
from plainleaf.records.status import CodedSheet, approval_of, coded_sheets, withdrawal_of

# The page that MkDocs makes of each language as the frame of those of codes.
FRAME = f"{CODES}/frame"
# What in it gives way to the title of a page, and to what it says: no words can hold these.
_TITLE, _SAYS = "<!-- title of a code -->", "<!-- what a code says -->"
FRAME_MARKDOWN = f"---\ntemplate: code.html\ntitle: {_TITLE}\nsays: {_SAYS}\n---\n"
# How each address in it begins: with the way out of its folder.
_WAY_OUT = re.compile(r'(?<=["\s])\.\.((?:/\.\.)*)(?=[/"])')

# What somebody who holds a sheet must know first.
State = Literal["current", "overdue", "replaced", "withdrawn"]


def print_of(edition: Edition, sheet: CodedSheet | Sheet) -> tuple[str, str, str, Size]:
    """Give what tells a sheet of an edition from all others: first half of its code, and whose."""
    return edition.mark, sheet.clinic.slug, sheet.paper.name, sheet.size


@dataclass(frozen=True, slots=True)
class Issued:
    """An edition as it stands on a day, with all its sheets, and by clinic who approved it.

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
    sheets: tuple[CodedSheet, ...]
    approvals: Mapping[str, Approval]

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
    # Of a language that is gone, anybody may have printed some.
    is_gone = edition.language not in docs.languages
    clinics = [
        clinic
        for clinic in library.clinics.values()
        if is_gone or edition.language in (clinic.languages or docs.languages)
    ]
    coded = coded_sheets(edition, clinics)
    sheets = tuple(sheet for sheet in coded if sheet.size in sheet.clinic.sizes)
    approvals = {
        clinic.slug: approval
        for clinic in clinics
        if (approval := approval_of(library, edition, clinic.slug))
    }
    return Issued(edition, state, withdrawal, later, is_late, page, sheets, approvals)


def by_handout(editions: Iterable[Issued], language: str) -> list[tuple[Edition, list[Issued]]]:
    """Give the editions of each handout, those in a language first.

    With each stands the one whose title names the handout: the newest in that language, if any.
    """
    groups = groupby(editions, key=lambda item: item.edition.handout)
    ordered = (
        sorted(group, key=lambda item: item.edition.language != language) for _, group in groups
    )
    return [(items[0].edition, items) for items in ordered]


def code_pages(
    known: Checked,
    editions: Iterable[Issued],
    printed: Iterable[Printed],
    frames: Mapping[str, str],
) -> dict[str, str]:
    """Give the page of each code (HTML by path), which says how it stands with its sheet.

    It speaks the language of the sheet, or the main one where that is gone. Two sheets of an
    edition that happen to share a code share its page. frames: the page FRAME of each language, as
    MkDocs made it.

    Raises ContentError for what is wrong in the template.
    """
    to_open = {
        print_of(item.sheet_status.issued, item.sheet): item.path
        for item in printed
        if item.sheet_status.issued and not item.sheet_status.is_marked and not item.is_form
    }
    docs = known.docs
    homes = {code: posixpath.relpath(f"./{address(docs, code)}", CODES) for code in frames}
    moved = {code: _moved(frame, homes[code]) for code, frame in frames.items()}
    pages = {}
    for item in editions:
        language = docs.languages.get(item.edition.language) or docs.languages[docs.main_language]
        of_language = (page for page in docs.pages.values() if page.language == language.code)
        values = {
            **speech(language),
            "item": item,
            "languages": docs.languages,
            "home": homes[language.code],
            "help": emergency_address(of_language),
        }
        sheets: dict[str, list[tuple[CodedSheet, str]]] = defaultdict(list)
        for sheet in item.sheets:
            sheets[sheet.code].append((sheet, to_open.get(print_of(item.newest, sheet), "")))
        for code, of_code in sheets.items():
            values |= {"code": code, "sheets": of_code}
            said = rendered(docs.project, "website", "code.html.jinja", values)
            title, _, says = said.lstrip().partition("\n")
            page = moved[language.code].replace(_TITLE, title).replace(_SAYS, says)
            pages[code_path(code)] = page
    return pages


def _moved(frame: str, home: str) -> str:
    """Give the frame of a language as it must be in the folder of all codes.

    There the website of the language is not `..` but home, and the whole site `..`, not `../..`.
    """
    return _WAY_OUT.sub(lambda found: found[1].removeprefix("/") or home, frame)
