#!/usr/bin/env python3
"""Plainleaf: Markdown pages become a website that patients read and handouts that clinics print.

read → load → plan → check → compose → typeset → publish
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from pathlib import Path

HERE = Path(__file__).resolve().parent
# What the command line means where it says nothing: "" is everything.
UNSAID: dict[str, object] = {"project": HERE, "command": "", "form": "text", "release": False}
UNSAID |= {"clinic": "", "language": "", "handout": "", "asks_records": False}
# What was issued, to whom, and who approved it.
RECORDS = ("ledger/", "clinics/")

try:
    from plainleaf.check import Verdict, check
    from plainleaf.commands import add_commands
    from plainleaf.compose import compose
    from plainleaf.control.content import contents
    from plainleaf.control.release import late_pages, refusals
    from plainleaf.control.standing import standings
    from plainleaf.gates.control import of_standings
    from plainleaf.load import load
    from plainleaf.model import Known, Project, Sheet
    from plainleaf.plan import Choice, plan
    from plainleaf.press import press
    from plainleaf.problems import ContentError, MachineError, Problem, disk_reason, stop_at
    from plainleaf.proof import passed_before, remember
    from plainleaf.publish import publish, recover
    from plainleaf.read import read
    from plainleaf.report import Report, count_of
    from plainleaf.review import review_page
except ModuleNotFoundError as missing:
    print(f"The Python package {missing.name} is not set up. Run `make` instead.", file=sys.stderr)
    sys.exit(2)


def settle(project: Project, choice: Choice, report: Report) -> tuple[Known, list[Sheet], Verdict]:
    """Read, load, plan and check: give what is known, the sheets that are wanted, the verdict."""
    problems: list[Problem] = []
    with report.stage("read") as stage:
        docs = read(project, problems)
        stage.result = f"{len(docs.pages)} pages"
    with report.stage("load") as stage:
        library = load(project, problems)
        stage.result = f"{len(library.handouts)} handouts, {len(library.clinics)} clinics"
    with report.stage("plan") as stage:
        all_sheets = plan(docs, library, problems)
        sheets = [sheet for sheet in all_sheets if choice.takes(sheet)]
        stage.result = f"{len(sheets)} sheets"
    with report.stage("check") as stage:
        verdict = check(project, docs, library, all_sheets, today())
        report.waivers = verdict.waivers
        stop_at([*problems, *verdict.problems])
        if unknown := choice.unknown(docs, library):
            raise MachineError(unknown)
        content = contents(project, docs, library, all_sheets)
        known = Known(
            project, docs, library, content, standings(library, content, today()), today()
        )
        verdict = verdict.with_more(of_standings(library, known.standings))
        waived = f", {len(verdict.waivers)} waived" if verdict.waivers else ""
        stage.result = count_of(verdict.problems) + waived
    return known, sheets, verdict


def recorded(project: Project) -> Known:
    """Read and load only, for who asks what was issued: the words as they are may be broken."""
    problems: list[Problem] = []
    docs, library = read(project, problems), load(project, problems)
    stop_at(problem for problem in problems if problem.source.path.startswith(RECORDS))
    return Known(project, docs, library, {}, {}, today())


def journey(
    project: Project, choice: Choice, report: Report, *, writes: bool, releases: bool
) -> None:
    """Make everything that is wanted, or with writes=False only find out whether it can be.

    releases: refuse what must not go out to patients, instead of marking it.
    """
    known, sheets, verdict = settle(project, choice, report)
    docs, library = known.docs, known.library
    with report.stage("compose") as stage:
        composed = compose(project, docs, library, sheets, known.standings)
        if releases:
            late = late_pages(docs.pages.values(), today())
            stop_at([*verdict.problems, *refusals(known, sheets), *late])
        stage.result = f"{len(composed)} sheets"
    # Not before: what is wrong in a template is named in the same list, once.
    report.warnings(verdict.problems, lists_waivers=not writes)
    if not writes:
        return
    recover(project)
    printed = press(composed, report, passed_before(project))
    with report.stage("publish") as stage:
        publish(known, printed, review_page(known, verdict))
        remember(project, printed)
        stage.result = "site/"
    forms = sum(item.is_form for item in printed)
    made = f"{len(composed)} sheets, {forms} of them also to type into, and {len(docs.pages)} pages"
    report.line(f"\nMade {made} in {report.seconds:.1f} s.")
    index = project.site / "index.html"
    report.line(f"Open {index.relative_to(Path.cwd()) if Path.cwd() in index.parents else index}")


def today() -> date:
    """Give the day on which review dates are judged."""
    return date.today()


def main(words: list[str] | None = None) -> int:
    """Run the command line; give its exit status (0 fine, 1 content, 2 usage or machine)."""
    given = _parser().parse_args(words, argparse.Namespace(**UNSAID))
    report = Report(given.form if given.command in ("", "check") else "quiet")
    try:
        if not given.project.is_dir():
            raise MachineError(
                f'there is no folder "{given.project}".\n'
                "    Give the one that holds docs/ and mkdocs.yml."
            )
        project = Project(given.project.resolve(), HERE / "templates")
        if given.command not in ("", "check"):
            known = (
                recorded(project) if given.asks_records else settle(project, Choice(), report)[0]
            )
            return int(given.run(known, given, report))
        choice = Choice(given.clinic, given.language, given.handout)
        writes = given.command != "check"
        journey(project, choice, report, writes=writes, releases=given.release)
    except ContentError as error:
        report.problems(error.problems)
        return 1
    except MachineError as error:
        report.stopped(str(error))
        return 2
    except OSError as error:
        report.stopped(disk_reason(error))
        return 2
    except KeyboardInterrupt:
        report.stopped("Stopped. Nothing was written; the last site is as it was.")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    # Only UNSAID says what is meant where nothing is said, before a command or after it.
    says = __doc__.partition("\n")[0]
    silent = argparse.SUPPRESS
    parser = argparse.ArgumentParser(prog="build.py", description=says, argument_default=silent)
    parser.add_argument("--project", type=Path, help="build this folder instead")
    commands = parser.add_subparsers(dest="command", metavar="command")
    check_only = commands.add_parser(
        "check", help="only check, write nothing", argument_default=silent
    )
    form = check_only.add_mutually_exclusive_group()
    for name, reader in (("json", "a program: findings as JSON"), ("github", "a pull request")):
        form.add_argument(
            f"--{name}", action="store_const", const=name, dest="form", help=f"for {reader}"
        )
    check_only.add_argument("--project", type=Path, help="check this folder instead")
    for builder in (parser, check_only):
        builder.add_argument("--clinic", help="only the sheets of this clinic")
        builder.add_argument("--language", help="only the sheets in this language")
        builder.add_argument("--handout", help="only the sheets of this handout")
        builder.add_argument(
            "--release",
            action="store_true",
            help="refuse sheets that are drafts, overdue, withdrawn or not approved",
        )
    add_commands(commands)
    return parser


if __name__ == "__main__":
    sys.exit(main())
