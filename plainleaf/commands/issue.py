"""What people write into the records: they issue a version, withdraw it, or approve it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from plainleaf.check.check import findings
from plainleaf.check.gates.control import VERSION, says_little
from plainleaf.compose.compose import compose
from plainleaf.compose.furniture import at_usual_clinic
from plainleaf.machine.engine import Engine
from plainleaf.machine.report import Report
from plainleaf.machine.today import is_to_come
from plainleaf.model import (
    NOBODY,
    TRANSLATIONS,
    Approval,
    Checked,
    Edition,
    Library,
    Records,
    Sheet,
    Withdrawal,
)
from plainleaf.plan import plan
from plainleaf.problems import MachineError, Place, choices, stop_at
from plainleaf.records.approvals import add_approval, approvals_path
from plainleaf.records.codes import edition_mark
from plainleaf.records.ledger import ledger_path, sealed_fields, withdraw
from plainleaf.records.release import drifts_of, translations_of
from plainleaf.records.status import USUAL_YEARS, is_due, later, number_of, statuses_of
from plainleaf.typeset.press import press

# The name of a handout, and the code of a language.
HandoutLanguage = tuple[str, str]


@dataclass(frozen=True, slots=True)
class VersionDetails:
    """What somebody says of a version to be issued; note is what changed. "" or None is unsaid.

    Unsaid are the next number, the author of the last version, and a review in two years (NHS
    trusts: every 2 to 3). Nobody has reviewed words until somebody says so.
    """

    note: str
    version: str = ""
    author: str = ""
    reviewer: str = NOBODY
    review_by: date | None = None
    translation: str = ""


def next_edition(checked: Checked, key: HandoutLanguage, details: VersionDetails) -> Edition:
    """Give the version that the words as they are (of a handout in a language) become today.

    Raises MachineError where there is nothing to issue, and ContentError for what the gates find
    in its entry.
    """
    docs, library, today = checked.docs, checked.library, checked.today
    handout, language = key
    last = next(reversed(library.editions.get(key, ())), None)
    if last:
        _require_right_clock(last, today)
    is_main = language == docs.main_language
    translation = details.translation
    if not is_main:
        translation = _issuable_translation(checked, key, translation)
    elif translation:
        raise MachineError(
            f"{docs.languages[language].name} is what is translated, and no translation.\n"
            "    Leave out `--translation`."
        )
    if not (details.author or last):
        raise MachineError(
            f"{handout} ({language}) was never issued: say who wrote the words.\n"
            '    Add `--author "…"`; the next versions take it over.'
        )
    for name in library.handouts[handout].handouts:
        statuses_there = (checked.statuses[name, language, slug] for slug in library.clinics)
        if any(sheet_status.status == "draft" for sheet_status in statuses_there):
            raise MachineError(
                f"{handout} holds {name} ({language}), which is a draft.\n"
                f"    Issue that first: `build.py issue {name} --language {language} --note …`."
            )
    main = library.editions.get((handout, docs.main_language), ())
    edition = Edition(
        handout,
        language,
        details.version or (_next_number(last) if last else "1.0"),
        docs.pages[language, library.handouts[handout].page].title,
        _day_of_record(today, last),
        details.review_by or later(today, USUAL_YEARS),
        details.author or (last.author if last else ""),
        details.reviewer,
        translation,
        "" if is_main or not main else main[-1].version,
        details.note,
        checked.content[key].hash,
        "",
        None,
        Place(ledger_path(handout)),
    )
    if last and VERSION.fullmatch(edition.version) and number_of(edition) <= number_of(last):
        raise MachineError(
            f"version {edition.version} would come after {last}, and is not newer.\n"
            f"    Leave out `--version`: the next one is {_next_number(last)}."
        )
    if last and not _is_new(edition, last, today):
        raise MachineError(
            f"{last} has these very words: there is nothing new to issue.\n"
            "    Change the words first, or say who reviewed them: `--reviewer`."
        )
    taken = {other.mark for editions in library.editions.values() for other in editions}
    edition = replace(edition, mark=edition_mark(sealed_fields(edition), taken))
    _stop_at_record(checked, key, with_edition(library, edition), edition.source)
    return edition


def _issuable_translation(checked: Checked, key: HandoutLanguage, claimed: str) -> str:
    """Give how a translation came about, once it may be issued; claimed is what the command says.

    It is as its least trusted file; what nobody claims is what translated.yml says.

    Raises MachineError for one whose original was never issued or is a draft, and ContentError
    for one that its original has left behind.
    """
    docs, library = checked.docs, checked.library
    handout, language = key
    main = docs.main_language
    first = f"Issue it first: `build.py issue {handout} --language {main} --note …`."
    if not library.editions.get((handout, main)):
        raise MachineError(
            f"{handout} ({main}) was never issued, and {handout} ({language}) translates it.\n"
            f"    {first}"
        )
    originals = (checked.statuses.get((handout, main, clinic)) for clinic in library.clinics)
    if any(original and original.status == "draft" for original in originals):
        raise MachineError(
            f"{handout} ({main}) is a draft, and {handout} ({language}) translates it.\n    {first}"
        )
    stop_at(drifts_of(docs, library.handouts[handout], language))
    translations = translations_of(docs, library.handouts[handout], language)
    ways = [translation.how for translation in translations]
    recorded = min(ways, key=TRANSLATIONS.index, default="")
    if claimed and TRANSLATIONS.index(claimed) > TRANSLATIONS.index(recorded):
        raise MachineError(
            f"docs/{language}/translated.yml does not say that these words are {claimed}, but "
            f"{recorded}.\n"
            f"    Record who did it: `build.py translate mark docs/{language} "
            f"--translation {claimed} …`."
        )
    return claimed or recorded


def _stop_at_record(
    checked: Checked, key: HandoutLanguage, library: Library, source: Place
) -> None:
    """Raise ContentError with what the check would find in a new record; source is its place.

    What it finds elsewhere was found before, and may have been waived.
    """
    problems = findings(checked.docs, library, sheets_of(checked, key), checked.today)
    stop_at(problem for problem in problems if problem.source == source)


def with_edition(library: Library, edition: Edition) -> Library:
    """Give a library whose ledger has one more version."""
    key = edition.handout, edition.language
    return replace(
        library, editions={**library.editions, key: (*library.editions.get(key, ()), edition)}
    )


def require_printable(checked: Checked, edition: Edition, report: Report) -> None:
    """Set the sheets of a version before it is issued: one that cannot be printed is none.

    Raises ContentError with all that is wrong with them; what is the fault of one clinic is only
    said.
    """
    key = edition.handout, edition.language
    library = with_edition(checked.library, edition)
    issued = statuses_of(library, {key: checked.content[key]}, checked.today)
    then = replace(checked, library=library, statuses={**checked.statuses, **issued})
    composed = compose(then.docs, library, sheets_of(then, key), then.statuses)
    with Engine() as engine:
        pressed = press(then.project, composed, report, engine, at_usual_clinic(then))
    warnings = {warning for item in pressed.printed for warning in item.warnings}
    report.warnings(sorted({*pressed.problems, *warnings}))


def sheets_of(checked: Checked, key: HandoutLanguage) -> list[Sheet]:
    """Give the sheets of a handout in a language."""
    sheets = plan(checked.docs, checked.library, [])
    return [sheet for sheet in sheets if (sheet.handout.name, sheet.language.code) == key]


def _is_new(edition: Edition, last: Edition, today: date) -> bool:
    """Tell whether an edition says anything that the last one does not."""
    return (
        (last.content, last.translation, last.translates)
        != (edition.content, edition.translation, edition.translates)
        or edition.reviewer not in (NOBODY, last.reviewer)
        or last.withdrawal is not None
        or is_due(last.review_by, today)
    )


def record_withdrawal(
    records: Records, key: HandoutLanguage, version: str, withdrawal: Withdrawal
) -> tuple[Path, Edition]:
    """Write that a version ("": the newest) is withdrawn; give the file and the edition.

    Raises MachineError where there is no such version, or it is withdrawn already.
    """
    edition = edition_of(records.library, key, version)
    if edition.withdrawal:
        raise MachineError(
            f"{edition} was withdrawn on {edition.withdrawal.on} already.\n"
            f"    Its reason stands in {edition.source}."
        )
    _require_right_clock(edition, records.today)
    # For what to do, two words are enough: "Call us."
    for option, text, least in (("--why", withdrawal.why, 3), ("--instead", withdrawal.instead, 2)):
        if says_little(text, least):
            raise MachineError(
                f'"{text}" says too little.\n'
                f"    Give {option} as a sentence: patients who have the paper read it."
            )
    withdrawal = replace(withdrawal, on=_day_of_record(records.today, edition))
    return withdraw(records.project, edition, withdrawal), edition


def record_approval(
    checked: Checked, key: HandoutLanguage, clinic: str, by: str, role: str
) -> tuple[Path, Edition]:
    """Write that somebody at a clinic approved the words as they are; give file and edition.

    The clinic's own words on that sheet are among them.

    Raises MachineError where nobody can approve: drafts, withdrawn words, a clinic of nobody; and
    ContentError for what the check finds in the entry.
    """
    handout, language = key
    sheet_status = checked.statuses[handout, language, clinic]
    if not checked.library.clinics[clinic].name:
        raise MachineError(
            f"{clinic} is nobody's: who uses its sheets signs them by hand.\n"
            "    A clinic of its own can approve: see CONTRIBUTING.md, “A clinic”."
        )
    if clinic not in {sheet.clinic.slug for sheet in sheets_of(checked, key)}:
        raise MachineError(
            f"{clinic} prints nothing in {language}.\n"
            f"    Look at `languages:` in clinics/{clinic}/clinic.yml."
        )
    edition = sheet_status.issued
    if edition is None:
        raise MachineError(
            f"the words of {handout} ({language}) are a draft, and nobody can approve a draft.\n"
            f"    Issue them first: `build.py issue {handout} --language {language} --note …`."
        )
    if edition.withdrawal:
        raise MachineError(
            f"{edition} is withdrawn.\n    Why, and what to do, stands in {edition.source}."
        )
    _require_right_clock(edition, checked.today)
    if sheet_status.approval:
        raise MachineError(
            f"{sheet_status.approval.by} has approved {edition} already.\n"
            f"    It stands in {sheet_status.approval.source}."
        )
    place = Place(approvals_path(clinic))
    on = _day_of_record(checked.today, edition)
    approval = Approval(
        clinic, *key, edition.version, edition.content, by, role, on, place, sheet_status.own
    )
    library = replace(checked.library, approvals=(*checked.library.approvals, approval))
    _stop_at_record(checked, key, library, place)
    return add_approval(checked.project, approval), edition


def edition_of(library: Library, key: HandoutLanguage, version: str) -> Edition:
    """Give a version of a handout in a language, the newest for ""; raise MachineError if none."""
    editions = library.editions.get(key, ())
    handout, language = key
    if not editions:
        raise MachineError(
            f"{handout} ({language}) was never issued.\n"
            f"    Issue it: `build.py issue {handout} --language {language} --note …`."
        )
    versions = [other.version for other in editions]
    if version and version not in versions:
        raise MachineError(
            f'there is no version "{version}" of {handout} ({language}).\n'
            f"    {choices(versions, version, 'versions')}"
        )
    return editions[versions.index(version)] if version else editions[-1]


def _next_number(edition: Edition) -> str:
    """Give the number after that of an edition: 1.10 after 1.9."""
    *first, last = number_of(edition)
    return ".".join(map(str, [*first, last + 1]))


def _day_of_record(today: date, edition: Edition | None) -> date:
    """Give the day to write down for what follows an edition, which may come from further east."""
    return max(today, edition.issued) if edition else today


def _require_right_clock(edition: Edition, today: date) -> None:
    """Raise MachineError if the day on which an edition was issued is still to come."""
    if is_to_come(edition.issued, today):
        raise MachineError(
            f"the clock of this machine says {today}, and {edition} was issued on "
            f"{edition.issued}.\n    Set the clock."
        )
