"""The journey of the content, stage by stage: from the files in a folder to a finished site.

read → load → plan → check → compose → typeset → publish
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from plainleaf.arguments import Given
from plainleaf.check import Verdict, check
from plainleaf.compose import Composed, compose
from plainleaf.control.content import contents
from plainleaf.control.release import late_pages, refusals
from plainleaf.control.standing import standings
from plainleaf.engine import Engine
from plainleaf.gates.control import of_standings
from plainleaf.lastbuild import remember
from plainleaf.load import load
from plainleaf.model import Known, Printed, Project, Sheet
from plainleaf.plan import Choice, plan
from plainleaf.press import press
from plainleaf.problems import MachineError, Problem, stop_at
from plainleaf.publish import publish, recover
from plainleaf.read import read
from plainleaf.report import Report, count_of, opens
from plainleaf.review import review_page
from plainleaf.store import store_of

# What was issued, to whom, and who approved it.
RECORDS = ("ledger/", "clinics/")
# So long one waits for another that is at work in the same folder, in seconds.
MOST_SECONDS = 3600


def settle(
    project: Project, choice: Choice, report: Report, day: date
) -> tuple[Known, list[Sheet], Verdict]:
    """Read, load, plan and check: give what is known, the sheets that are wanted, the verdict.

    day is the one on which review dates are judged.
    """
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
        verdict = check(project, docs, library, all_sheets, day)
        report.waivers = verdict.waivers
        stop_at([*problems, *verdict.problems])
        if unknown := choice.unknown(docs, library):
            raise MachineError(unknown)
        content = contents(project, docs, library, all_sheets)
        known = Known(project, docs, library, content, standings(library, content, day), day)
        verdict = verdict.with_more(of_standings(library, known.standings))
        waived = f", {len(verdict.waivers)} waived" if verdict.waivers else ""
        stage.result = count_of(verdict.problems) + waived
    return known, sheets, verdict


def recorded(project: Project, day: date) -> Known:
    """Read and load only, for who asks what was issued: the words as they are may be broken."""
    problems: list[Problem] = []
    docs, library = read(project, problems), load(project, problems)
    stop_at(problem for problem in problems if problem.source.path.startswith(RECORDS))
    return Known(project, docs, library, {}, {}, day)


def prepare(
    project: Project, choice: Choice, report: Report, day: date, *, releases: bool
) -> tuple[Known, list[Composed], Verdict]:
    """Take all stages before the first that writes; the sheets that are wanted come as HTML.

    releases: refuse what must not go out to patients, instead of marking it.
    """
    known, sheets, verdict = settle(project, choice, report, day)
    with report.stage("compose") as stage:
        composed = compose(project, known.docs, known.library, sheets, known.standings)
        if releases:
            late = late_pages(known.docs.pages.values(), day)
            stop_at([*verdict.problems, *refusals(known, sheets), *late])
        stage.result = f"{len(composed)} sheets"
    return known, composed, verdict


def build(project: Project, given: Given, report: Report, day: date, key: str) -> None:
    """Make everything that is wanted, here or on a cluster; key is that of this build."""
    choice = Choice(given.clinic, given.language, given.handout)
    known, composed, verdict = prepare(project, choice, report, day, releases=given.release)
    # Not before: what is wrong in a template is named in the same list, once.
    report.warnings(verdict.problems, lists_waivers=False)
    with Engine(given.scheduler) as engine, alone(project.build / "lock", report):
        recover(project)
        make(known, composed, verdict, report, engine)
        remember(project, key, verdict.problems)
        store_of(project).trim()
    forms = sum(item.sheet.handout.is_filled_in for item in composed)
    report.line(
        f"\nMade {len(composed)} sheets, {forms} of them also to type into, and "
        f"{len(known.docs.pages)} pages in {report.seconds:.1f} s."
    )
    report.line(opens(project.site))


def make(
    known: Known, composed: list[Composed], verdict: Verdict, report: Report, engine: Engine
) -> list[Printed]:
    """Set type and publish, the two stages that write; give what was printed."""
    project = known.project
    printed = press(project, composed, report, engine)
    with report.stage("publish") as stage:
        publish(known, printed, review_page(known, verdict), engine, project.site)
        stage.result = "site/"
    return printed


@contextmanager
def alone(path: Path, report: Report) -> Iterator[None]:
    """Let one at a time write into the folder of a lock; others wait, and say so.

    Raises MachineError if the other has not ended after an hour.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        report.line("Another build is at work in this folder; this one goes on after it.")
        try:
            lock.acquire(timeout=MOST_SECONDS)
        except Timeout:
            raise MachineError(
                "another build has been at work in this folder for an hour.\n"
                "    End it, then run this again."
            ) from None
    try:
        yield
    finally:
        lock.release()
