"""The commands beside the build: each takes what is known of the content, and does one thing.

One that asks only the records (ledger/ and clinics/) runs whatever the words are now.

Each gives its exit status: 0 fine, 1 something is wrong with what it looked at. What cannot be
done is a MachineError, which ends with 2.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from pathlib import Path
from unicodedata import category

from plainleaf.compose import compose
from plainleaf.control import records
from plainleaf.control.changes import as_text, changes
from plainleaf.control.current import manifest_at
from plainleaf.control.due import as_markdown, due
from plainleaf.control.ledger import add
from plainleaf.control.rebuild import rebuilt, write_rebuilt
from plainleaf.control.signoff import compared, write_page
from plainleaf.control.verify import verify
from plainleaf.model import NOBODY, TRANSLATIONS, Known, Withdrawal
from plainleaf.plan import Choice
from plainleaf.problems import MachineError
from plainleaf.report import Report

Given = argparse.Namespace
_ELSEWHERE = "the folder, if it is another"


def add_commands(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add each command with what may be said to it; its function becomes `run`."""
    issue = _command(commands, "issue", _issue, "record the words as they are as a new version")
    issue.add_argument("handout")
    issue.add_argument("--language", required=True)
    _says(issue, "--note", "what changed, in plain words for patients")
    _says(issue, "--version", "its number; else the next one", required=False)
    _says(issue, "--author", "who wrote it; else who wrote the last one", required=False)
    _says(issue, "--reviewer", "name and role of who signed it off", required=False)
    issue.add_argument("--review-by", type=_day, default=None, help="YYYY-MM-DD; else in two years")
    issue.add_argument("--translation", choices=TRANSLATIONS[1:], default="")

    approve = _command(commands, "approve", _approve, "record that a clinic approves the words")
    approve.add_argument("handout")
    approve.add_argument("--clinic", required=True)
    approve.add_argument("--language", required=True)
    _says(approve, "--by", "who approves it")
    _says(approve, "--role", "as what")

    withdraw = _command(commands, "withdraw", _withdraw, "record that a version must not be used")
    withdraw.add_argument("handout")
    withdraw.add_argument("--language", required=True)
    withdraw.add_argument("--version", default="", help="its number; else the newest")
    _says(withdraw, "--why", "in plain words for patients")
    _says(withdraw, "--instead", "what a patient who has it should do")

    rebuild = _command(commands, "rebuild", _rebuild, "print a version again, with its very words")
    rebuild.add_argument("handout")
    rebuild.add_argument("--version", required=True, help="its number")
    rebuild.add_argument("--language", default="", help="else the main one")
    rebuild.add_argument("--clinic", default="", help="only the sheets of this clinic")

    diff = _command(commands, "diff", _diff, "show word by word what changed, and a page to sign")
    diff.add_argument("handout")
    diff.add_argument("old", help="a version")
    diff.add_argument("new", nargs="?", default="", help="a later one; else the words as they are")
    diff.add_argument("--language", default="", help="else the main one")

    manifest = _command(commands, "manifest", _manifest, "list as JSON what was current on a day")
    manifest.add_argument("--at", type=_day, required=True, help="YYYY-MM-DD")

    _command(commands, "due", _due, "list what must be looked at again within 90 days")

    says = "say which sheet a PDF or a code is, and if it still holds"
    verifies = _command(commands, "verify", _verify, says)
    verifies.add_argument("what", nargs="+", help="a PDF, or a code such as 7KQM-X3PD")


def _command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    run: Callable[[Known, Given, Report], int],
    does: str,
) -> argparse.ArgumentParser:
    parser = commands.add_parser(name, help=does, description=f"{does[0].upper()}{does[1:]}.")
    parser.set_defaults(run=run, asks_records=run in (_withdraw, _manifest, _due, _verify))
    parser.add_argument("--project", type=Path, default=argparse.SUPPRESS, help=_ELSEWHERE)
    return parser


def _says(parser: argparse.ArgumentParser, name: str, does: str, *, required: bool = True) -> None:
    """Let somebody say something that will stand in the records."""
    parser.add_argument(name, required=required, type=_line, default=None, help=does)


def _line(written: str) -> str:
    """Give what was said as it will stand in a file, on one line; refuse what says nothing."""
    line = " ".join(written.split())
    kinds = {category(sign) for sign in line}
    if kinds & {"Cc", "Cs"}:
        raise argparse.ArgumentTypeError("it holds a sign that cannot be seen. Write it again.")
    if kinds <= {"Zs", "Cf"}:  # signs that are never drawn: most steer the direction of writing
        raise argparse.ArgumentTypeError("it says nothing. Write it in quotes.")
    return line


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f'"{written}" is no date such as 2026-11-25.') from None


def _issue(known: Known, given: Given, report: Report) -> int:
    said = records.Said(
        given.note,
        given.version or "",
        given.author or "",
        given.reviewer or NOBODY,
        given.review_by,
        given.translation,
    )
    edition = records.next_edition(known, _of(known, given), said)
    records.soundly(known, edition, report)
    path = add(known.project, edition)
    report.line(f"Issued {edition}.")
    report.line(f"Commit {known.project.name(path)} together with its words: git keeps them.")
    return 0


def _approve(known: Known, given: Given, report: Report) -> int:
    of = _of(known, given)
    path, edition = records.approved(known, of, given.clinic, given.by, given.role)
    report.line(f"{given.by}, {given.role}, approves {edition} for {given.clinic}.")
    report.line(f"Commit {known.project.name(path)}.")
    return 0


def _withdraw(known: Known, given: Given, report: Report) -> int:
    withdrawal = Withdrawal(known.today, given.why, given.instead)
    path, edition = records.withdrawn(known, _issued_of(known, given), given.version, withdrawal)
    report.line(f"Withdrew {edition}.")
    report.line(f"Commit {known.project.name(path)}, then build and publish the site.")
    return 0


def _rebuild(known: Known, given: Given, report: Report) -> int:
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


def _diff(known: Known, given: Given, report: Report) -> int:
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


def _manifest(known: Known, given: Given, report: Report) -> int:
    if given.at > known.today:
        raise MachineError(
            f"{given.at} is still to come, and nobody knows what will hold then.\n"
            f"    Give a day up to today, {known.today}."
        )
    report.line(manifest_at(known.library, given.at))
    return 0


def _due(known: Known, _: Given, report: Report) -> int:
    if broken := [f"docs/{code}/{slug}.md" for code, slug in sorted(known.docs.broken)]:
        report.stopped(
            f"passed over, since nobody can read them as they are: {', '.join(broken)}.\n"
            "    Run `build.py check`: it says what is wrong."
        )
    if found := due(known.docs, known.library, known.today):
        report.line(as_markdown(found, known.today))
    return 0


def _issued_of(known: Known, given: Given) -> tuple[str, str]:
    """Give the handout and language that are meant; the handout itself may be gone."""
    language = given.language or known.docs.main_language
    of = given.handout, language
    unknown = Choice("", language, given.handout).unknown(known.docs, known.library)
    if unknown and of not in known.library.editions:
        raise MachineError(unknown)
    return of


def _verify(known: Known, given: Given, report: Report) -> int:
    answers = [verify(known, what) for what in given.what]
    for answer in answers:
        (report.stopped if answer.status == 2 else report.line)(str(answer))
    return max(answer.status for answer in answers)


def _of(known: Known, given: Given) -> tuple[str, str]:
    """Give the handout and language that are meant; raise MachineError if they do not exist."""
    choice = Choice(getattr(given, "clinic", ""), given.language, given.handout)
    if unknown := choice.unknown(known.docs, known.library):
        raise MachineError(unknown)
    of = given.handout, given.language
    sheets = records.sheets_of(known, of)
    if not sheets:
        raise MachineError(
            f"no clinic prints {given.handout} in {given.language}.\n"
            "    Look at `languages:` in each clinic.yml."
        )
    if of not in known.content:  # its template is broken, which compose names
        compose(known.project, known.docs, known.library, sheets, known.standings)
    return of
