#!/usr/bin/env python3
"""Plainleaf: Markdown pages become a website that patients read and handouts that clinics print.

read → load → plan → check → compose → typeset → publish
"""

from __future__ import annotations

import argparse
import sys
from datetime import date
from functools import partial
from pathlib import Path

HERE = Path(__file__).resolve().parent

try:
    from plainleaf.check import check
    from plainleaf.compose import compose
    from plainleaf.engine import run
    from plainleaf.load import load
    from plainleaf.model import Printed, Project
    from plainleaf.plan import Choice, plan
    from plainleaf.problems import ContentError, MachineError, Problem, disk_reason, stop_at
    from plainleaf.proof import passed_before, remember
    from plainleaf.publish import publish, recover
    from plainleaf.read import read
    from plainleaf.report import Report, count_of
    from plainleaf.review import review_page
    from plainleaf.typeset import ready, typeset
except ModuleNotFoundError as missing:
    print(f"The Python package {missing.name} is not set up. Run `make` instead.", file=sys.stderr)
    sys.exit(2)


def journey(project: Project, choice: Choice, report: Report, *, writes: bool) -> None:
    """Make everything that is wanted, or with writes=False only find out whether it can be."""
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
        waived = f", {len(verdict.waivers)} waived" if verdict.waivers else ""
        stage.result = count_of(verdict.problems) + waived
    with report.stage("compose") as stage:
        composed = compose(project, docs, library, sheets)
        stage.result = f"{len(composed)} sheets"
    # Not before: what is wrong in a template is named in the same list, once.
    report.warnings(verdict.problems, lists_waivers=not writes)
    if not writes:
        return
    ready()
    recover(project)
    with report.stage("typeset", len(composed)) as stage:
        work = partial(typeset, passed=passed_before(project))
        results = [item for result in run(work, composed) for item in stage.step(result)]
        stop_at(item for item in results if isinstance(item, Problem))
        printed = [item for item in results if isinstance(item, Printed)]
        stage.result = f"{sum(item.pages for item in printed if not item.is_form)} pages"
    with report.stage("publish") as stage:
        publish(project, docs, printed, review_page(project, docs, library, verdict))
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
    parser = argparse.ArgumentParser(prog="build.py", description=__doc__.partition("\n")[0])
    parser.add_argument("command", nargs="?", choices=["check"], help="only check, write nothing")
    form = parser.add_mutually_exclusive_group()
    form.add_argument("--json", action="store_true", help="check for a program: findings as JSON")
    form.add_argument("--github", action="store_true", help="check for a pull request: annotations")
    parser.add_argument("--clinic", default="", help="only the sheets of this clinic")
    parser.add_argument("--language", default="", help="only the sheets in this language")
    parser.add_argument("--handout", default="", help="only the sheets of this handout")
    parser.add_argument("--project", type=Path, default=HERE, help="build this folder instead")
    given = parser.parse_args(words)
    if (given.json or given.github) and given.command != "check":
        parser.error("--json and --github belong to check: write `build.py check --json`.")
    report = Report("json" if given.json else "github" if given.github else "text")
    try:
        if not given.project.is_dir():
            raise MachineError(
                f'there is no folder "{given.project}".\n'
                "    Give the one that holds docs/ and mkdocs.yml."
            )
        project = Project(given.project.resolve(), HERE / "templates")
        choice = Choice(given.clinic, given.language, given.handout)
        journey(project, choice, report, writes=given.command != "check")
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


if __name__ == "__main__":
    sys.exit(main())
