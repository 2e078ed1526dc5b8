"""What people write into the records: they issue a version, withdraw it, or approve it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from plainleaf.check.check import findings
from plainleaf.check.gates.control import VERSION, says_little
from plainleaf.compose.compose import compose
from plainleaf.compose.furniture import elsewhere
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

Of = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Said:
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


def next_edition(known: Checked, of: Of, said: Said) -> Edition:
    """Give the version that the words as they are (of a handout in a language) become today.

    Raises MachineError where there is nothing to issue, and ContentError for what the gates find
    in its entry.
    """
    docs, library, today = known.docs, known.library, known.today
    handout, language = of
    last = next(reversed(library.editions.get(of, ())), None)
    if last and is_to_come(last.issued, today):
        raise MachineError(_clock(last, today))
    is_main = language == docs.main_language
    translation = said.translation if is_main else _translation(known, of, said.translation)
    if is_main and said.translation:
        raise MachineError(
            f"{docs.languages[language].name} is what is translated, and no translation.\n"
            "    Leave out `--translation`."
        )
    if not (said.author or last):
        raise MachineError(
            f"{handout} ({language}) was never issued: say who wrote the words.\n"
            '    Add `--author "…"`; the next versions take it over.'
        )
    for name in library.handouts[handout].handouts:
        if any(known.statuses[name, language, each].status == "draft" for each in library.clinics):
            raise MachineError(
                f"{handout} holds {name} ({language}), which is a draft.\n"
                f"    Issue that first: `build.py issue {name} --language {language} --note …`."
            )
    main = library.editions.get((handout, docs.main_language), ())
    edition = Edition(
        handout,
        language,
        said.version or (_after(last) if last else "1.0"),
        docs.pages[language, library.handouts[handout].page].title,
        _on(today, last),
        said.review_by or later(today, USUAL_YEARS),
        said.author or (last.author if last else ""),
        said.reviewer,
        translation,
        "" if is_main or not main else main[-1].version,
        said.note,
        known.content[of].hash,
        "",
        None,
        Place(ledger_path(handout)),
    )
    if last and VERSION.fullmatch(edition.version) and number_of(edition) <= number_of(last):
        raise MachineError(
            f"version {edition.version} would come after {last}, and is not newer.\n"
            f"    Leave out `--version`: the next one is {_after(last)}."
        )
    if last and not _is_new(edition, last, today):
        raise MachineError(
            f"{last} has these very words: there is nothing new to issue.\n"
            "    Change the words first, or say who reviewed them: `--reviewer`."
        )
    taken = {each.mark for editions in library.editions.values() for each in editions}
    edition = replace(edition, mark=edition_mark(sealed_fields(edition), taken))
    _stop_at_record(known, of, with_edition(library, edition), edition.source)
    return edition


def _translation(known: Checked, of: Of, said: str) -> str:
    """Give how a translation came about, once it may be issued; said is what is claimed of it.

    It is as its least trusted file; what nobody claims is what translated.yml says.

    Raises MachineError for one whose original was never issued or is a draft, and ContentError
    for one that its original has left behind.
    """
    docs, library = known.docs, known.library
    handout, language = of
    main = docs.main_language
    standings = [
        known.statuses[handout, main, clinic]
        for clinic in library.clinics
        if (handout, main, clinic) in known.statuses
    ]
    first = f"Issue it first: `build.py issue {handout} --language {main} --note …`."
    if not library.editions.get((handout, main)):
        raise MachineError(
            f"{handout} ({main}) was never issued, and {handout} ({language}) translates it.\n"
            f"    {first}"
        )
    if any(each.status == "draft" for each in standings):
        raise MachineError(
            f"{handout} ({main}) is a draft, and {handout} ({language}) translates it.\n    {first}"
        )
    stop_at(drifts_of(docs, library.handouts[handout], language))
    found = [each.how for each in translations_of(docs, library.handouts[handout], language)]
    recorded = min(found, key=TRANSLATIONS.index, default="")
    if said and TRANSLATIONS.index(said) > TRANSLATIONS.index(recorded):
        raise MachineError(
            f"docs/{language}/translated.yml does not say that these words are {said}, but "
            f"{recorded}.\n"
            f"    Record who did it: `build.py translate mark docs/{language} "
            f"--translation {said} …`."
        )
    return said or recorded


def _stop_at_record(known: Checked, of: Of, library: Library, source: Place) -> None:
    """Raise ContentError with what the check would find in a new record; source is its place.

    What it finds elsewhere was found before, and may have been waived.
    """
    found = findings(known.docs, library, sheets_of(known, of), known.today)
    stop_at(problem for problem in found if problem.source == source)


def with_edition(library: Library, edition: Edition) -> Library:
    """Give a library whose ledger has one more version."""
    of = edition.handout, edition.language
    return replace(
        library, editions={**library.editions, of: (*library.editions.get(of, ()), edition)}
    )


def require_printable(known: Checked, edition: Edition, report: Report) -> None:
    """Set the sheets of a version before it is issued: one that cannot be printed is none.

    Raises ContentError with all that is wrong with them; what is the fault of one clinic is only
    said.
    """
    of = edition.handout, edition.language
    library = with_edition(known.library, edition)
    found = statuses_of(library, {of: known.content[of]}, known.today)
    standing = {**known.statuses, **found}
    sheets = sheets_of(known, of)
    composed = compose(known.docs, library, sheets, standing)
    then = replace(known, library=library, statuses=standing)
    with Engine() as engine:
        pressed = press(known.project, composed, report, engine, elsewhere(then))
    warnings = {warning for item in pressed.printed for warning in item.warnings}
    report.warnings(sorted({*pressed.problems, *warnings}))


def sheets_of(known: Checked, of: Of) -> list[Sheet]:
    """Give the sheets of a handout in a language."""
    sheets = plan(known.docs, known.library, [])
    return [sheet for sheet in sheets if (sheet.handout.name, sheet.language.code) == of]


def _is_new(edition: Edition, last: Edition, today: date) -> bool:
    """Tell whether an edition says anything that the last one does not."""
    same = all(
        getattr(last, name) == getattr(edition, name)
        for name in ("content", "translation", "translates")
    )
    is_read = edition.reviewer not in (NOBODY, last.reviewer)
    return not same or is_read or last.withdrawal is not None or is_due(last.review_by, today)


def withdrawn(known: Records, of: Of, version: str, withdrawal: Withdrawal) -> tuple[Path, Edition]:
    """Write that a version ("": the newest) is withdrawn; give the file and the edition.

    Raises MachineError where there is no such version, or it is withdrawn already.
    """
    edition = edition_of(known.library, of, version)
    if edition.withdrawal:
        raise MachineError(
            f"{edition} was withdrawn on {edition.withdrawal.on} already.\n"
            f"    Its reason stands in {edition.source}."
        )
    if is_to_come(edition.issued, known.today):
        raise MachineError(_clock(edition, known.today))
    # "Call us." is enough of what to do.
    for option, said, least in (
        ("--why", withdrawal.why, 3),
        ("--instead", withdrawal.instead, 2),
    ):
        if says_little(said, least):
            raise MachineError(
                f'"{said}" says too little.\n'
                f"    Give {option} as a sentence: patients who have the paper read it."
            )
    withdrawal = replace(withdrawal, on=_on(known.today, edition))
    return withdraw(known.project, edition, withdrawal), edition


def approved(known: Checked, of: Of, clinic: str, by: str, role: str) -> tuple[Path, Edition]:
    """Write that somebody at a clinic approved the words as they are; give file and edition.

    The clinic's own words on that sheet are among them.

    Raises MachineError where nobody can approve: drafts, withdrawn words, a clinic of nobody; and
    ContentError for what the check finds in the entry.
    """
    handout, language = of
    standing = known.statuses[handout, language, clinic]
    printed = {sheet.clinic.slug for sheet in sheets_of(known, of)}
    if not known.library.clinics[clinic].name:
        raise MachineError(
            f"{clinic} is nobody's: who uses its sheets signs them by hand.\n"
            "    A clinic of its own can approve: see CONTRIBUTING.md, “A clinic”."
        )
    if clinic not in printed:
        raise MachineError(
            f"{clinic} prints nothing in {language}.\n"
            f"    Look at `languages:` in clinics/{clinic}/clinic.yml."
        )
    edition = standing.issued
    if edition is None:
        raise MachineError(
            f"the words of {handout} ({language}) are a draft, and nobody can approve a draft.\n"
            f"    Issue them first: `build.py issue {handout} --language {language} --note …`."
        )
    if edition.withdrawal:
        raise MachineError(
            f"{edition} is withdrawn.\n    Why, and what to do, stands in {edition.source}."
        )
    if is_to_come(edition.issued, known.today):
        raise MachineError(_clock(edition, known.today))
    if standing.approval:
        raise MachineError(
            f"{standing.approval.by} has approved {edition} already.\n"
            f"    It stands in {standing.approval.source}."
        )
    place = Place(approvals_path(clinic))
    on = _on(known.today, edition)
    approval = Approval(
        clinic, *of, edition.version, edition.content, by, role, on, place, standing.own
    )
    library = replace(known.library, approvals=(*known.library.approvals, approval))
    _stop_at_record(known, of, library, place)
    return add_approval(known.project, approval), edition


def edition_of(library: Library, of: Of, version: str) -> Edition:
    """Give a version of a handout in a language, the newest for ""; raise MachineError if none."""
    editions = library.editions.get(of, ())
    handout, language = of
    if not editions:
        raise MachineError(
            f"{handout} ({language}) was never issued.\n"
            f"    Issue it: `build.py issue {handout} --language {language} --note …`."
        )
    if version == "":
        return editions[-1]
    found = next((each for each in editions if each.version == version), None)
    if found is None:
        versions = [each.version for each in editions]
        raise MachineError(
            f'there is no version "{version}" of {handout} ({language}).\n'
            f"    {choices(versions, version, 'versions')}"
        )
    return found


def _after(edition: Edition) -> str:
    """Give the number after that of an edition: 1.10 after 1.9."""
    *first, last = number_of(edition)
    return ".".join(map(str, [*first, last + 1]))


def _on(today: date, edition: Edition | None) -> date:
    """Give the day to write down for what follows an edition, which may come from further east."""
    return max(today, edition.issued) if edition else today


def _clock(edition: Edition, today: date) -> str:
    return (
        f"the clock of this machine says {today}, and {edition} was issued on "
        f"{edition.issued}.\n    Set the clock."
    )
