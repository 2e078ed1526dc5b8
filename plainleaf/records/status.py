"""How it stands with each sheet (draft, issued, approved, overdue…; never typed), and its code."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import MAXYEAR, date, timedelta
from itertools import product

from plainleaf.machine.today import has_passed
from plainleaf.model import (
    PAPERS,
    SIZES,
    Approval,
    Clinic,
    Content,
    Edition,
    Library,
    Paper,
    Sheet,
    SheetStatus,
    Size,
    Status,
    Withdrawal,
)
from plainleaf.records.codes import sheet_code
from plainleaf.records.own import own_hash

# NHS trusts: leaflets are looked at every 2 to 3 years, and handed in 3 months before.
USUAL_YEARS = 2
MOST_YEARS = 3
NOTICE = timedelta(days=90)


def statuses_of(
    library: Library, content: Mapping[tuple[str, str], Content], today: date
) -> dict[tuple[str, str, str], SheetStatus]:
    """Give how it stands, by handout, language and clinic.

    content holds the words as they are, by handout and language.
    """
    statuses = {}
    for (handout, language), words in content.items():
        edition = next(reversed(library.editions.get((handout, language), ())), None)
        for clinic in library.clinics:
            if edition and edition.content == words.hash:
                status = status_of_edition(library, edition, clinic, today)
            else:
                own = own_hash(library, handout, language, clinic)
                status = SheetStatus("draft", edition, None, words.hash, own=own)
            statuses[handout, language, clinic] = status
    return statuses


def status_of_edition(library: Library, edition: Edition, clinic: str, today: date) -> SheetStatus:
    """Tell how it stands with an edition, be it the newest or an old one, at a clinic.

    What the clinic itself says on it is what its words in library are.
    """
    newest = library.editions[edition.handout, edition.language][-1]
    approval = approval_of(library, edition, clinic)
    edition = replace(edition, withdrawal=withdrawal_of(library, edition))
    status: Status
    if edition.withdrawal:
        status = "withdrawn"
    elif edition.version != newest.version:
        status = "replaced"
    elif has_passed(edition.review_by, today):
        status = "overdue"
    else:
        status = "approved" if approval else "issued"
    newer = None if edition.version == newest.version else newest
    own = own_hash(library, edition.handout, edition.language, clinic)
    return SheetStatus(status, edition, approval, edition.content, newer, own)


def withdrawal_of(library: Library, edition: Edition) -> Withdrawal | None:
    """Give why an edition must not be used: it, or a later one with the very same words."""
    editions = library.editions[edition.handout, edition.language]
    numbers = [other.version for other in editions]
    later = editions[numbers.index(edition.version) + 1 :]
    same = (other for other in (edition, *later) if other.content == edition.content)
    return next((other.withdrawal for other in same if other.withdrawal), None)


def approval_of(library: Library, edition: Edition, clinic: str) -> Approval | None:
    """Give the last approval by a clinic of an edition's words, and of its own on it, or None.

    It may have been given to an older edition with the very same words, unless they were withdrawn
    in between: whoever brings them back must ask again.
    """
    handout, language = edition.handout, edition.language
    still: set[str] = set()
    for older in library.editions[handout, language]:
        if older.version == edition.version:
            break
        if older.withdrawal and older.content == edition.content:
            still.clear()
        else:
            still.add(older.version)
    still.add(edition.version)
    own = own_hash(library, handout, language, clinic)
    approved = (clinic, handout, language, edition.content, own)
    for given in reversed(library.approvals):
        if (given.clinic, given.handout, given.language, given.content, given.own) == approved:
            return given if given.version in still else None
    return None


def code_of(sheet: Sheet, status: SheetStatus) -> str:
    """Give the code that a sheet bears, such as `7KQM-X3PD`; "" for a draft, which has none."""
    if status.issued is None:
        return ""
    return sheet_code(status.issued.mark, sheet.clinic.slug, sheet.paper.name, sheet.size)


@dataclass(frozen=True, slots=True)
class CodedSheet:
    """A sheet that bears a code: of an edition, at a clinic, on a paper, in a size of print."""

    code: str
    edition: Edition
    clinic: Clinic
    paper: Paper
    size: Size


def coded_sheets(edition: Edition, clinics: Iterable[Clinic]) -> Iterator[CodedSheet]:
    """Give the sheets of an edition that some clinics print, with their codes."""
    for clinic, paper, size in product(clinics, PAPERS, SIZES):
        code = sheet_code(edition.mark, clinic.slug, paper.name, size)
        yield CodedSheet(code, edition, clinic, paper, size)


def known_codes(library: Library) -> dict[str, list[CodedSheet]]:
    """Give all sheets that were ever issued by their codes, even in languages that are gone.

    Two clinics may happen to share a code, which then leaves open which clinic it is.
    """
    sheets: dict[str, list[CodedSheet]] = {}
    for editions in library.editions.values():
        for edition in editions:
            for coded in coded_sheets(edition, library.clinics.values()):
                sheets.setdefault(coded.code, []).append(coded)
    return sheets


def lapsed(
    library: Library, statuses: Mapping[tuple[str, str, str], SheetStatus]
) -> Iterator[Approval]:
    """Give the newest approval of each handout at a clinic where its words have changed since.

    They may be everybody's, or the clinic's own.
    """
    newest = {
        (approval.handout, approval.language, approval.clinic): approval
        for approval in library.approvals
    }
    for key, approval in newest.items():
        now = statuses.get(key)
        if now and (now.status == "draft" or is_own_changed(approval, now)):
            yield approval


def is_own_changed(approval: Approval, now: SheetStatus) -> bool:
    """Tell whether only what the clinic itself says has changed since it approved a sheet."""
    return approval.content == now.content and approval.own != now.own


def is_due(review_by: date, today: date) -> bool:
    """Tell whether a review is due soon, or overdue."""
    return review_by - today <= NOTICE


def number_of(edition: Edition) -> tuple[int, ...]:
    """Give a version as numbers, which have an order: 1.10 comes after 1.9."""
    return tuple(int(part) for part in edition.version.split("."))


def later(day: date, years: int) -> date:
    """Give the same day some years later."""
    year = min(day.year + years, MAXYEAR)
    try:
        return day.replace(year=year)
    except ValueError:  # 29 February
        return day.replace(year=year, day=28)
