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
from plainleaf.commands import issue as records
from plainleaf.commands.changes import as_text, changes
from plainleaf.commands.diff import compared, write_page
from plainleaf.commands.manifest import manifest_at
from plainleaf.commands.packs import packs
from plainleaf.commands.rebuild import rebuilt, write_rebuilt
from plainleaf.commands.round_trip import export, take_in
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


def run(project: Project, given: Options, report: Report, day: date) -> int:
    """Do what a command asks for on a day; give the exit status."""
    if given.command == "check":
        return _check(project, given, report, day)
    if given.command == "packs":
        return packs(project, given, report, day)
    with _writing(project, report) if given.command in _WRITE else nullcontext():
        if given.command in _OF_RECORDS:
            return _OF_RECORDS[given.command](recorded(project, day), given, report)
        known, _, verdict = settle(project, Choice(), report, day)
        if given.command == "issue":
            stop_at(_in_its_words(known, given, verdict.problems))
        if verdict.is_good:
            return _OF_WORDS[given.command](known, given, report)
        if given.clinic in verdict.left_out:
            stop_at(verdict.problems)
        errors = [problem for problem in verdict.problems if not problem.is_warning]
        report.problems(errors, f"{', '.join(verdict.left_out)} was left out.")
        return max(1, _OF_WORDS[given.command](known, given, report))


@contextmanager
def _writing(project: Project, report: Report) -> Iterator[None]:
    """Let who writes read what the one before wrote: two would record the same version."""
    lock = project.folder / ".records.lock"
    with build_lock(lock, report):
        try:
            yield
        finally:
            with suppress(OSError):  # who waits for it notices, and makes it anew
                lock.unlink()


def _check(project: Project, given: Options, report: Report, day: date) -> int:
    choice = Choice(given.clinic, given.language, given.handout)
    _, _, verdict = prepare(project, choice, report, day, releases=given.release)
    stop_at(verdict.problems)
    report.warnings(verdict.problems)
    return 0


def _in_its_words(known: Checked, given: Options, problems: Iterable[Problem]) -> list[Problem]:
    """Give what is still to be written of what a handout prints, and those that it holds."""
    handout = known.library.handouts.get(given.handout)
    printed = [
        line
        for name in (given.handout, *(handout.handouts if handout else ()))
        if (content := known.content.get((name, given.language)))
        for line in content.lines
    ]
    text = " ".join(" ".join(printed).split())
    return [each for each in unwritten(problems) if gap_of(each) in text]


def _issue(known: Checked, given: Options, report: Report) -> int:
    said = records.Said(
        given.note,
        given.version or "",
        given.author or "",
        given.reviewer or NOBODY,
        given.review_by,
        given.translation,
    )
    edition = records.next_edition(known, _of(known, given), said)
    records.require_printable(known, edition, report)
    path = add(known.project, edition)
    report.line(f"Issued {edition}.")
    report.line(f"Commit {known.project.name(path)} together with its words: git keeps them.")
    return 0


def _approve(known: Checked, given: Options, report: Report) -> int:
    of = _of(known, given)
    path, edition = records.approved(known, of, given.clinic, given.by, given.role)
    report.line(f"{given.by}, {given.role}, approves {edition} for {given.clinic}.")
    report.line(f"Commit {known.project.name(path)}.")
    return 0


def _withdraw(known: Records, given: Options, report: Report) -> int:
    withdrawal = Withdrawal(known.today, given.why, given.instead)
    path, edition = records.withdrawn(known, _issued_of(known, given), given.version, withdrawal)
    report.line(f"Withdrew {edition}.")
    report.line(f"Commit {known.project.name(path)}, then build and publish the site.")
    return 0


def _rebuild(known: Checked, given: Options, report: Report) -> int:
    edition = records.edition_of(known.library, _issued_of(known, given), given.version)
    printed = rebuilt(known, edition, given.clinic, report)
    folder = write_rebuilt(known.project, edition, printed)
    sheets = [item for item in printed if not item.is_form]
    pages = sum(item.pages for item in sheets)
    report.line(f"Printed {edition} of {edition.issued}: {len(sheets)} sheets, {pages} pages.")
    standing = sheets[0].standing
    if standing.is_marked:
        why = f"is {standing.status}" + (f" by {standing.newer.version}" if standing.newer else "")
        report.line(f"It {why}, and says so on every page: nobody should hand it out.")
    report.line(f"Open {known.project.name(folder)}/")
    return 0


def _diff(known: Checked, given: Options, report: Report) -> int:
    of = _issued_of(known, given)
    old, new = compared(known, of, given.old, given.new)
    stretches = changes(old.content, new.content)
    if not stretches:
        report.line("The words are the same.")
        return 0
    report.line(as_text(stretches, new.language))
    path = write_page(known, of, (old, new), stretches)
    report.line(f"\nTo read and sign: {known.project.name(path)}")
    return 0


def _manifest(known: Records, given: Options, report: Report) -> int:
    if is_to_come(given.at, known.today):
        raise MachineError(
            f"{given.at} is still to come, and nobody knows what will hold then.\n"
            f"    Give a day up to today, {known.today}."
        )
    report.line(manifest_at(known.library, given.at))
    return 0


def _due(known: Records, _: Options, report: Report) -> int:
    if broken := [f"docs/{code}/{slug}.md" for code, slug in sorted(known.docs.broken)]:
        report.stopped(
            f"passed over, since nobody can read them as they are: {', '.join(broken)}.\n"
            "    Run `build.py check`: it says what is wrong."
        )
    if found := due(known.docs, known.library, known.today):
        report.line(as_markdown(found, known.today))
    else:  # not on the output, which becomes the text of an issue
        report.stopped(f"Nothing is overdue, or due within {NOTICE.days} days.")
    return 0


def _issued_of(known: Records, given: Options) -> tuple[str, str]:
    """Give the handout and language that are meant; the handout itself may be gone."""
    language = given.language or known.docs.main_language
    of = given.handout, language
    unknown = Choice("", language, given.handout).unknown(known.docs, known.library)
    if unknown and of not in known.library.editions:
        raise MachineError(unknown)
    return of


def _verify(known: Records, given: Options, report: Report) -> int:
    answers = [verify(known, what) for what in given.what]
    for answer in answers:
        (report.stopped if answer.status == 2 else report.line)(str(answer))
    return max(answer.status for answer in answers)


def _of(known: Checked, given: Options) -> tuple[str, str]:
    """Give the handout and language that are meant; raise MachineError if they do not exist."""
    choice = Choice(getattr(given, "clinic", ""), given.language, given.handout)
    if unknown := choice.unknown(known.docs, known.library):
        raise MachineError(unknown)
    of = given.handout, given.language
    sheets = records.sheets_of(known, of)
    if lack := lacking(known.docs, known.library, known.library.handouts[given.handout], of[1]):
        raise MachineError(
            f"{given.handout} is not offered in {given.language} yet.\n"
            f"    It lacks {', '.join(lack)}."
        )
    if not sheets:
        raise MachineError(
            f"no clinic prints {given.handout} in {given.language}.\n"
            "    Look at `languages:` and `handouts:` in each clinic.yml."
        )
    if of not in known.content:  # its template is broken, which compose names
        compose(known.docs, known.library, sheets, known.statuses)
    return of


def _translate(known: Records, given: Options, report: Report) -> int:
    steps = {"mark": mark, "export": export, "import": take_in}
    return steps[given.step](known, given, report)


_OF_RECORDS = {
    "withdraw": _withdraw,
    "manifest": _manifest,
    "due": _due,
    "verify": _verify,
    "translate": _translate,
}
_OF_WORDS = {"issue": _issue, "approve": _approve, "rebuild": _rebuild, "diff": _diff}
_WRITE = ("issue", "approve", "withdraw", "translate")
