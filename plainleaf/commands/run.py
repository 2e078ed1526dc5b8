"""The commands beside the build: each takes what is known of the content, and does one thing.

One that asks only the records (ledger/ and clinics/) runs whatever the words are now.

Each gives its exit status: 0 fine, 1 something is wrong with what it looked at. What cannot be
done is a MachineError, which ends with 2.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext, suppress
from datetime import date

from plainleaf.arguments import Options
from plainleaf.commands.changes import as_text, changes
from plainleaf.commands.diff import compared, write_page
from plainleaf.commands.issue import (
    VersionDetails,
    edition_of,
    next_edition,
    record_approval,
    record_withdrawal,
    require_printable,
    sheets_of,
)
from plainleaf.commands.manifest import manifest_at
from plainleaf.commands.packs import packs
from plainleaf.commands.rebuild import rebuilt, write_rebuilt
from plainleaf.commands.round_trip import export_po, import_po
from plainleaf.commands.translate import mark
from plainleaf.commands.verify import verify
from plainleaf.compose.compose import compose
from plainleaf.journey import build_lock, prepare, recorded, settle
from plainleaf.machine.report import Report
from plainleaf.machine.today import is_to_come
from plainleaf.model import NOBODY, Checked, Project, Records, Withdrawal
from plainleaf.plan import Choice, lacking
from plainleaf.problems import MachineError, Problem, stop_at
from plainleaf.records.due import as_markdown, due
from plainleaf.records.ledger import add
from plainleaf.records.release import gap_of, unwritten
from plainleaf.records.status import NOTICE


def run(project: Project, options: Options, report: Report, day: date) -> int:
    """Do what a command asks for on a day; give the exit status."""
    if options.command == "check":
        choice = Choice(options.clinic, options.language, options.handout)
        verdict = prepare(project, choice, report, day, releases=options.release)[2]
        stop_at(verdict.problems)
        report.warnings(verdict.problems)
        return 0
    if options.command == "packs":
        return packs(project, options, report, day)
    with _writing(project, report) if options.command in _WRITE else nullcontext():
        if options.command in _OF_RECORDS:
            return _OF_RECORDS[options.command](recorded(project, day), options, report)
        checked, _, verdict = settle(project, Choice(), report, day)
        if options.command == "issue":
            stop_at(_gaps(checked, options, verdict.problems))
        if verdict.is_good:
            return _OF_WORDS[options.command](checked, options, report)
        if options.clinic in verdict.left_out:
            stop_at(verdict.problems)
        errors = [problem for problem in verdict.problems if not problem.is_warning]
        report.problems(errors, f"{', '.join(verdict.left_out)} was left out.")
        return max(1, _OF_WORDS[options.command](checked, options, report))


@contextmanager
def _writing(project: Project, report: Report) -> Iterator[None]:
    """Let who writes read what the one before wrote: two would record the same version."""
    lock = project.folder / ".records.lock"
    with build_lock(lock, report):
        try:
            yield
        finally:
            with suppress(OSError):  # a process that waits for it makes it anew
                lock.unlink()


def _gaps(checked: Checked, options: Options, problems: Iterable[Problem]) -> list[Problem]:
    """Give what is still to be written in the words of a handout, and of those in its pack."""
    handout = checked.library.handouts.get(options.handout)
    printed = [
        line
        for name in (options.handout, *(handout.handouts if handout else ()))
        if (content := checked.content.get((name, options.language)))
        for line in content.lines
    ]
    text = " ".join(" ".join(printed).split())
    return [problem for problem in unwritten(problems) if gap_of(problem) in text]


def _issue(checked: Checked, options: Options, report: Report) -> int:
    details = VersionDetails(
        options.note,
        options.version or "",
        options.author or "",
        options.reviewer or NOBODY,
        options.review_by,
        options.translation,
    )
    edition = next_edition(checked, _offered_key(checked, options), details)
    require_printable(checked, edition, report)
    path = add(checked.project, edition)
    report.line(f"Issued {edition}.")
    report.line(f"Commit {checked.project.name(path)} together with its words: git keeps them.")
    return 0


def _approve(checked: Checked, options: Options, report: Report) -> int:
    key = _offered_key(checked, options)
    path, edition = record_approval(checked, key, options.clinic, options.by, options.role)
    report.line(f"{options.by}, {options.role}, approves {edition} for {options.clinic}.")
    report.line(f"Commit {checked.project.name(path)}.")
    return 0


def _withdraw(records: Records, options: Options, report: Report) -> int:
    withdrawal = Withdrawal(records.today, options.why, options.instead)
    path, edition = record_withdrawal(
        records, _issued_key(records, options), options.version, withdrawal
    )
    report.line(f"Withdrew {edition}.")
    report.line(f"Commit {records.project.name(path)}, then build and publish the site.")
    return 0


def _rebuild(checked: Checked, options: Options, report: Report) -> int:
    edition = edition_of(checked.library, _issued_key(checked, options), options.version)
    printed = rebuilt(checked, edition, options.clinic, report)
    folder = write_rebuilt(checked.project, edition, printed)
    sheets = [item for item in printed if not item.is_form]
    pages = sum(item.pages for item in sheets)
    report.line(f"Printed {edition} of {edition.issued}: {len(sheets)} sheets, {pages} pages.")
    sheet_status = sheets[0].sheet_status
    if sheet_status.is_marked:
        by = f" by {sheet_status.newer.version}" if sheet_status.newer else ""
        what = f"{sheet_status.status}{by}"
        report.line(f"It is {what}, and says so on every page: nobody should hand it out.")
    report.line(f"Open {checked.project.name(folder)}/")
    return 0


def _diff(checked: Checked, options: Options, report: Report) -> int:
    key = _issued_key(checked, options)
    old, new = compared(checked, key, options.old, options.new)
    stretches = changes(old.content, new.content)
    if not stretches:
        report.line("The words are the same.")
        return 0
    report.line(as_text(stretches, new.language))
    path = write_page(checked, key, (old, new), stretches)
    report.line(f"\nTo read and sign: {checked.project.name(path)}")
    return 0


def _manifest(records: Records, options: Options, report: Report) -> int:
    if is_to_come(options.at, records.today):
        raise MachineError(
            f"{options.at} is still to come, and nobody knows what will hold then.\n"
            f"    Give a day up to today, {records.today}."
        )
    report.line(manifest_at(records.library, options.at))
    return 0


def _due(records: Records, _: Options, report: Report) -> int:
    if broken := [f"docs/{code}/{slug}.md" for code, slug in sorted(records.docs.broken)]:
        report.stopped(
            f"passed over, since nobody can read them as they are: {', '.join(broken)}.\n"
            "    Run `build.py check`: it says what is wrong."
        )
    if reviews := due(records.docs, records.library, records.today):
        report.line(as_markdown(reviews, records.today))
    else:  # on stderr: the output becomes the text of an issue
        report.stopped(f"Nothing is overdue, or due within {NOTICE.days} days.")
    return 0


def _issued_key(records: Records, options: Options) -> tuple[str, str]:
    """Give the handout and language that are meant; the handout itself may be gone."""
    language = options.language or records.docs.main_language
    key = options.handout, language
    unknown = Choice("", language, options.handout).unknown(records.docs, records.library)
    if unknown and key not in records.library.editions:
        raise MachineError(unknown)
    return key


def _verify(records: Records, options: Options, report: Report) -> int:
    answers = [verify(records, what) for what in options.what]
    for answer in answers:
        (report.stopped if answer.status == 2 else report.line)(str(answer))
    return max(answer.status for answer in answers)


def _offered_key(checked: Checked, options: Options) -> tuple[str, str]:
    """Give the handout and language that are meant; raise MachineError if they do not exist."""
    docs, library = checked.docs, checked.library
    handout, language = key = options.handout, options.language
    if unknown := Choice(options.clinic, language, handout).unknown(docs, library):
        raise MachineError(unknown)
    if lack := lacking(docs, library, library.handouts[handout], language):
        raise MachineError(
            f"{handout} is not offered in {language} yet.\n    It lacks {', '.join(lack)}."
        )
    sheets = sheets_of(checked, key)
    if not sheets:
        raise MachineError(
            f"no clinic prints {handout} in {language}.\n"
            "    Look at `languages:` and `handouts:` in each clinic.yml."
        )
    if key not in checked.content:  # its template is broken, which compose names
        compose(docs, library, sheets, checked.statuses)
    return key


def _translate(records: Records, options: Options, report: Report) -> int:
    steps = {"mark": mark, "export": export_po, "import": import_po}
    return steps[options.step](records, options, report)


_OF_RECORDS = {
    "withdraw": _withdraw,
    "manifest": _manifest,
    "due": _due,
    "verify": _verify,
    "translate": _translate,
}
_OF_WORDS = {"issue": _issue, "approve": _approve, "rebuild": _rebuild, "diff": _diff}
_WRITE = ("issue", "approve", "withdraw", "translate")
