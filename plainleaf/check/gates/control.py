"""Control: which paper is this, who wrote and checked it, and is it due to be looked at again?"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from itertools import pairwise

from plainleaf.check.gates.family import Family
from plainleaf.check.gates.figures import Where
from plainleaf.machine.today import has_passed, is_to_come
from plainleaf.model import NOBODY, Docs, Edition, Handout, Library, Page, SheetStatus
from plainleaf.problems import Place, Problem, choices
from plainleaf.records.codes import fits
from plainleaf.records.ledger import sealed_fields
from plainleaf.records.status import (
    MOST_YEARS,
    NOTICE,
    is_due,
    is_own_changed,
    lapsed,
    later,
    number_of,
)

# One way to write each number, so that nobody takes 1.01 and 1.1 for two versions.
VERSION = re.compile(r"(0|[1-9][0-9]{0,5})(\.(0|[1-9][0-9]{0,5}))+")
# Thai, Lao, Burmese, Khmer; Japanese, Chinese.
_UNSPACED = re.compile("[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]")
_IDENTITY = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")

FAMILY = Family(
    "control",
    {
        "identity": "document control in NHS trusts: a reference number of its own",
        "version": "document control in NHS trusts: version on every page",
        "overdue": "NHS trusts review leaflets every 2 to 3 years",
        "due-soon": "NHS trusts: submit 3 months before the review date",
        "review": "NHS trusts review leaflets every 2 to 3 years",
        "future": "document control: what is issued was issued",
        "reviewer": "PIF TICK: checked by a person who is named",
        "change": "document control: changes recorded",
        "ledger": "document control: what was issued stays as it was issued",
        "approval": "document control: sign-off by a person, of these very words",
        "draft": "document control in NHS trusts: words change with a new version",
        "lapsed": "document control: sign-off by a person, of these very words",
    },
)


def of_page(page: Page, where: Where, today: date) -> Iterator[Problem]:
    """Give what is wrong with the dates of a page; where tells the place of a key of its file."""
    yield from _future(page.updated, where(page.source, "updated"), "page", today)
    again = "Hold it against the newest evidence, then set `review_by:` anew."
    days = page.updated, page.review_by
    yield from _review(days, where(page.source, "review_by"), "this page", today, again)
    if page.reviewer and is_to_come(page.reviewer[1], today):
        fact = f"the day on which this page was checked, {page.reviewer[1]}, is still to come."
        hint = "Write the day on which the reviewer signed it off."
        place = where(page.source, "reviewed")
        yield FAMILY.error("future", place, fact, hint, str(page.reviewer[1]))


def of_handouts(handouts: Iterable[Handout], where: Where) -> Iterator[Problem]:
    """Give what is wrong with the identity of all handouts."""
    seen: dict[str, str] = {}
    for handout in handouts:
        place = where(handout.source, "id")
        if not _IDENTITY.fullmatch(handout.id):
            fact = f'the id "{handout.id}" is not one that people can read out.'
            hint = "Use capital letters, digits and dashes, such as NP-C1."
            yield FAMILY.error("identity", place, fact, hint)
        elif handout.id in seen:
            fact = f'the id "{handout.id}" is that of handouts/{seen[handout.id]}.yml too.'
            yield FAMILY.error("identity", place, fact, "Give each handout an id of its own.")
        seen[handout.id] = handout.name


def of_ledger(docs: Docs, library: Library, today: date) -> Iterator[Problem]:
    """Give what is wrong with the ledger: in one entry, and between the entries."""
    seen: dict[str, Edition] = {}
    for editions in library.editions.values():
        for edition in editions:
            yield from _entry(edition, today)
            if first := seen.get(edition.mark):
                fact = f'the mark "{edition.mark}" is that of {first} too.'
                hint = "Take the newer of the two out, and issue it again: codes must differ."
                yield FAMILY.error("ledger", edition.source, fact, hint, edition.mark)
            seen.setdefault(edition.mark, edition)
        for older, newer in pairwise(editions):
            yield from _order(older, newer)
        yield from _orphans(docs, library, editions[-1:])
    newest = [
        editions[-1]
        for (handout, language), editions in library.editions.items()
        if editions and handout in library.handouts and language in docs.languages
    ]
    for edition in newest:
        is_first = len(library.editions[edition.handout, edition.language]) == 1
        yield from _newest(edition, is_first=is_first, today=today)
    if unread := [edition for edition in newest if edition.reviewer == NOBODY]:
        names = [f"{each.handout} ({each.language})" for each in unread]
        fact = f"no clinician has signed off: {', '.join(names)}."
        hint = "Give it to one, then issue it with `--reviewer`; sheets say so too."
        yield FAMILY.warning("reviewer", unread[0].source, fact, hint, *names)


def _entry(edition: Edition, today: date) -> Iterator[Problem]:
    if not VERSION.fullmatch(edition.version):
        fact = f'the version "{edition.version}" is no version.'
        hint = "Write numbers with dots, such as 1.2, and no 0 before them."
        yield FAMILY.error("version", edition.source, fact, hint)
    if not fits(edition.mark, sealed_fields(edition)):
        fact = f"the entry of {edition} was changed after it was issued."
        hint = "Take it back as git has it. New words, dates and people are a new version."
        yield FAMILY.error("ledger", edition.source, fact, hint, "changed")
    yield from _future(edition.issued, edition.source, "version", today)
    withdrawal = edition.withdrawal
    if withdrawal and not _is_between(edition.issued, withdrawal.on, today):
        fact = f"{edition} is said to be withdrawn on {withdrawal.on}."
        hint = f"Write a day between {edition.issued}, when it was issued, and today."
        yield FAMILY.error("ledger", edition.source, fact, hint, "withdrawn")


def _order(older: Edition, newer: Edition) -> Iterator[Problem]:
    are_versions = all(VERSION.fullmatch(each.version) for each in (older, newer))
    if newer.version == older.version:
        fact = f"{newer} stands twice, first on line {older.source.line}."
        hint = "Two issues met: take the second out, and issue its words again."
        yield FAMILY.error("ledger", newer.source, fact, hint, "twice")
    elif are_versions and number_of(newer) < number_of(older):
        fact = f"{newer} stands below version {older.version}, which is newer."
        hint = "A version is never older than the one above it: take it out, and issue it again."
        yield FAMILY.error("ledger", newer.source, fact, hint, "order")
    if newer.issued < older.issued:
        fact = f"{newer} of {newer.issued} is older than the one above, {older.issued}."
        hint = "The clock of a machine was wrong: take the entry out, and issue it again."
        yield FAMILY.error("ledger", newer.source, fact, hint, "older")


def _orphans(docs: Docs, library: Library, newest: Iterable[Edition]) -> Iterator[Problem]:
    """Find what still holds though its handout or language is gone, not only broken."""
    languages = {*docs.languages, *(code for code, _ in docs.broken)}
    for edition in newest:
        handout, language = edition.handout, edition.language
        if handout not in library.handouts and library.is_whole:
            gone = f"handouts/{handout}.yml"
        elif docs.languages and language not in languages:
            gone = f"docs/{language}/"
        else:
            continue
        if edition.withdrawal is None:
            fact = f"there is no {gone} any more, and {edition} still holds."
            hint = (
                "Patients may look it up. Bring it back, or withdraw it first: "
                f"`build.py withdraw {handout} --language {language}`."
            )
            yield FAMILY.error("ledger", edition.source, fact, hint, gone)


def says_little(text: str, least: int = 3) -> bool:
    """Tell whether a text has fewer words than the shortest sentence, in whatever script.

    Where words stand without spaces, as in Chinese or Thai, two letters count as a word.
    """
    words = [word for word in text.split() if any(sign.isalpha() for sign in word)]
    return len(words) < least and len(_UNSPACED.findall(text)) < 2 * least


def _newest(edition: Edition, *, is_first: bool, today: date) -> Iterator[Problem]:
    if says_little(edition.change):
        fact = f'the change note "{edition.change}" says too little.'
        hint = "Say in a sentence what changed since the last version, for people who have it."
        if is_first:
            hint = "Say in a sentence what it is for: who has the paper reads it as its history."
        yield FAMILY.error("change", edition.source, fact, hint)
    days = edition.issued, edition.review_by
    again = "Hold it against the newest evidence, then issue it again; its sheets are marked."
    yield from _review(days, edition.source, str(edition), today, again)


def of_approvals(library: Library, today: date) -> Iterator[Problem]:
    """Give what is wrong with what clinics approved, held against the ledger."""
    for approval in library.approvals:
        clinic = library.clinics[approval.clinic]
        editions = library.editions.get((approval.handout, approval.language), ())
        edition = next((each for each in editions if each.version == approval.version), None)
        name = f"{approval.handout} ({approval.language}) {approval.version}"
        if not clinic.name:
            fact = f"{approval.clinic} is nobody's: who uses its sheets signs them by hand."
            hint = "Take the file away. A clinic of its own can approve."
            yield FAMILY.error("approval", approval.source, fact, hint)
        elif edition is None and library.is_whole:
            hint = choices((each.version for each in editions), approval.version, "versions")
            fact = f"{name} was approved, and was never issued."
            yield FAMILY.error("approval", approval.source, fact, hint)
        elif edition is None or not fits(edition.mark, sealed_fields(edition)):
            continue  # what is wrong with the ledger is named there
        elif edition.content != approval.content:
            fact = f"{name} was approved by {approval.by} with other words than were issued."
            hint = (
                "Take this entry out, show the clinic the words as they are, then run "
                f"`build.py approve {approval.handout} --clinic {approval.clinic}`."
            )
            yield FAMILY.error("approval", approval.source, fact, hint)
        elif not _is_between(edition.issued, approval.on, today):
            fact = f"{name} is said to be approved on {approval.on}."
            hint = f"Write a day between {edition.issued}, when it was issued, and today."
            yield FAMILY.error("approval", approval.source, fact, hint)


def of_statuses(
    library: Library, found: Mapping[tuple[str, str, str], SheetStatus]
) -> Iterator[Problem]:
    """Give what those who print should know: which handouts are drafts, which approvals lapsed."""
    drafts: dict[str, Place] = {}
    for (handout, language, _), sheet_status in found.items():
        if sheet_status.status == "draft":
            edition = sheet_status.edition
            since = f", changed since {edition.version}" if edition else ""
            drafts[f"{handout} ({language}{since})"] = library.handouts[handout].source
    if drafts:
        fact = f"these are drafts, and their sheets are marked: {', '.join(sorted(drafts))}."
        hint = (
            "Issue each when its words are settled: `build.py issue HANDOUT --language … --note …`."
        )
        yield FAMILY.warning("draft", min(drafts.values()), fact, hint)
    for approval in lapsed(library, found):
        now = found[approval.handout, approval.language, approval.clinic]
        changed, then = "its words have changed", "approve the new version"
        if is_own_changed(approval, now):
            changed, then = "the clinic's own words on it have changed", "approve it again"
        fact = (
            f"{approval.by} approved {approval.handout} ({approval.language}) "
            f"{approval.version}, and {changed} since."
        )
        hint = f"Show the clinic what changed, then {then}."
        yield FAMILY.warning("lapsed", approval.source, fact, hint)


def _is_between(issued: date, day: date, today: date) -> bool:
    return issued <= day and not is_to_come(day, today)


def _future(day: date, place: Place, what: str, today: date) -> Iterator[Problem]:
    if is_to_come(day, today):
        fact = f"the date of this {what}, {day}, is still to come."
        hint = "Write the day on which its words were settled."
        if what == "version":
            hint = "Set the clock of this machine, or take the entry out and issue it again."
        yield FAMILY.error("future", place, fact, hint, str(day))


def _review(
    days: tuple[date, date], place: Place, name: str, today: date, again: str
) -> Iterator[Problem]:
    issued, review_by = days
    if not issued < review_by <= later(issued, MOST_YEARS):
        fact = f"{name} of {issued} is to be looked at again by {review_by}."
        hint = f"Choose a day after that, and at most {MOST_YEARS} years later."
        yield FAMILY.error("review", place, fact, hint, str(review_by))
    elif has_passed(review_by, today):
        fact = f"{name} should have been looked at again by {review_by}."
        yield FAMILY.warning("overdue", place, fact, again)
    elif is_due(review_by, today):
        fact = f"{name} must be looked at again by {review_by}, in {NOTICE.days} days or less."
        yield FAMILY.warning("due-soon", place, fact, "Start now: sign-off takes weeks.")
