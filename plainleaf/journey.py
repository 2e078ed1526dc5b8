"""The journey of the content, stage by stage: from the files in a folder to a finished site.

read → load → plan → check → compose → typeset → publish
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from plainleaf.arguments import Options
from plainleaf.check.check import Verdict, check
from plainleaf.check.gates.control import of_statuses
from plainleaf.compose.compose import Composed, compose
from plainleaf.compose.content import contents
from plainleaf.compose.furniture import at_usual_clinic
from plainleaf.load.load import load
from plainleaf.machine.engine import Engine
from plainleaf.machine.last_build import remember
from plainleaf.machine.report import Report, count_of, opens
from plainleaf.machine.store import store_of
from plainleaf.model import Checked, Docs, Library, Printed, Project, Records, Sheet
from plainleaf.plan import Choice, pages_of, plan
from plainleaf.problems import ContentError, MachineError, Problem, stop_at
from plainleaf.publish.publish import publish, recover
from plainleaf.publish.review import review_page
from plainleaf.read.read import read
from plainleaf.records.release import UNWRITTEN, late_pages, refusals, unwritten
from plainleaf.records.status import statuses_of
from plainleaf.typeset.limits import over_limits
from plainleaf.typeset.press import press

# What was issued, to whom, and who approved it.
RECORDS = ("ledger/", "clinics/")
# How long a build waits for another in the same folder, in seconds.
MOST_SECONDS = 3600


def settle(
    project: Project, choice: Choice, report: Report, day: date, *, holds_limits: bool = True
) -> tuple[Checked, list[Sheet], Verdict]:
    """Read, load, plan and check: give what was checked, the sheets that are chosen, the verdict.

    day is the one on which review dates are judged. A clinic with problems in its own files is left
    out; any other problem raises ContentError, with all that the stages found.
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
        verdict = check(docs, library, all_sheets, day)
        report.waivers = verdict.waivers
        verdict = verdict.with_more(problems)
        sound = [*_sound(docs, library, all_sheets, verdict.problems)]
        if holds_limits:
            chosen = [sheet for sheet in sound if choice.takes(sheet)]
            verdict = verdict.with_more(over_limits(docs, library, chosen))
        bad = {_clinic_of(problem) for problem in verdict.problems if not problem.is_warning}
        good = {slug: clinic for slug, clinic in library.clinics.items() if slug not in bad}
        if "" in bad or (bad and not good) or choice.clinic in bad - {""}:
            try:
                compose(docs, library, sound, {})
            except ContentError as error:  # faults of templates are named in the same list
                verdict = verdict.with_more(error.problems)
            stop_at(verdict.problems)
        library = replace(library, clinics=good)
        if unknown := choice.unknown(docs, library):
            raise MachineError(unknown)
        all_sheets = [sheet for sheet in all_sheets if sheet.clinic.slug in good]
        sheets = [sheet for sheet in all_sheets if choice.takes(sheet)]
        content = contents(docs, library, all_sheets)
        checked = Checked(docs, library, day, content, statuses_of(library, content, day))
        verdict = verdict.with_more(of_statuses(library, checked.statuses))
        verdict = replace(verdict, left_out=tuple(sorted(bad)))
        waived = f", {len(verdict.waivers)} waived" if verdict.waivers else ""
        stage.result = count_of(verdict.problems) + waived
    return checked, sheets, verdict


def _clinic_of(problem: Problem) -> str:
    """Give the clinic in whose own folder a problem stands; "" for one that concerns all."""
    folder, _, inside = problem.source.path.partition("/")
    return inside.partition("/")[0] if folder == "clinics" else ""


def _sound(
    docs: Docs, library: Library, sheets: Iterable[Sheet], problems: Iterable[Problem]
) -> Iterator[Sheet]:
    """Give the sheets that can be composed: nothing that they are made from is broken.

    Words that a gate refuses can be set like any others.
    """
    errors = (problem for problem in problems if not (problem.is_warning or problem.gate))
    broken = {error.source.path for error in errors}
    if any(path.startswith(("docs/facts/", "templates/")) for path in broken):
        return
    for sheet in sheets:
        code = sheet.language.code
        handouts = [sheet.handout, *map(library.handouts.get, sheet.handout.handouts)]
        slugs = {slug for handout in handouts if handout for slug in pages_of(handout)}
        pages = [docs.pages.get((code, slug)) for slug in slugs]
        made_from = [*handouts, *pages, sheet.language]
        if all(part and part.source.path not in broken for part in made_from):
            yield sheet


def recorded(project: Project, day: date) -> Records:
    """Read and load only, for who asks what was issued: the words as they are may be broken."""
    problems: list[Problem] = []
    docs, library = read(project, problems), load(project, problems)
    stop_at(problem for problem in problems if problem.source.path.startswith(RECORDS))
    return Records(docs, library, day)


def prepare(
    project: Project,
    choice: Choice,
    report: Report,
    day: date,
    *,
    releases: bool,
    holds_limits: bool = True,
) -> tuple[Checked, list[Composed], Verdict]:
    """Take all stages before the first that writes; the sheets that are chosen come as HTML.

    releases: refuse what must not go out to patients, instead of marking it.
    """
    checked, sheets, verdict = settle(project, choice, report, day, holds_limits=holds_limits)
    with report.stage("compose") as stage:
        composed = compose(checked.docs, checked.library, sheets, checked.statuses)
        if releases:
            stop_at_refusals(checked, sheets, verdict.problems)
        stage.result = f"{len(composed)} sheets"
    return checked, composed, verdict


def stop_at_refusals(
    checked: Checked, sheets: Iterable[Sheet], problems: Iterable[Problem]
) -> None:
    """Raise ContentError if sheets must not go out; problems are what the check found."""
    problems = list(problems)
    late = late_pages(checked.docs.pages.values(), checked.today)
    refused = [*refusals(checked, sheets), *late, *unwritten(problems)]
    others = (problem for problem in problems if problem.gate != UNWRITTEN)
    stop_at([*others, *refused] if refused else ())


def build(project: Project, options: Options, report: Report, day: date, key: str) -> int:
    """Make everything that is chosen, here or on a cluster; key is that of this build.

    Gives 1 if clinics or sheets had to be left out, else 0.
    """
    choice = Choice(options.clinic, options.language, options.handout)
    checked, composed, verdict = prepare(project, choice, report, day, releases=options.release)
    with Engine(options.scheduler) as engine, build_lock(project.build / "lock", report):
        recover(project)
        printed, verdict = make(checked, composed, verdict, report, engine, project.site)
        if verdict.is_good:
            remember(project, key, verdict.problems)
        store_of(project).trim()
    report_verdict(verdict, composed, printed, report)
    forms = sum(item.is_form for item in printed)
    report.line(
        f"\nMade {len(printed) - forms} sheets, {forms} of them also to type into, and "
        f"{len(checked.docs.pages)} pages in {report.seconds:.1f} s."
    )
    report.line(opens(project.site))
    return 0 if verdict.is_good else 1


def make(
    checked: Checked,
    composed: list[Composed],
    verdict: Verdict,
    report: Report,
    engine: Engine,
    to: Path,
) -> tuple[list[Printed], Verdict]:
    """Set type and publish into a folder, the two stages that write.

    Gives what was printed, and the verdict with what showed only now, each a fault of one clinic.
    """
    project = checked.project
    pressed = press(project, composed, report, engine, at_usual_clinic(checked))
    if not pressed.printed:
        stop_at([*verdict.problems, *pressed.problems] if pressed.problems else ())
    warnings = (warning for item in pressed.printed for warning in item.warnings)
    verdict = verdict.with_more([*pressed.problems, *warnings])
    with report.stage("publish") as stage:
        publish(checked, pressed.printed, review_page(checked, verdict), engine, to)
        stage.result = "site/"
    return pressed.printed, verdict


def report_verdict(
    verdict: Verdict, composed: Iterable[Composed], printed: Iterable[Printed], report: Report
) -> None:
    """Report the problems, and what was left out for them."""
    if verdict.is_good:
        report.warnings(verdict.problems)
        return
    made = {item.sheet.path for item in printed}
    lost = Counter(item.sheet.clinic.slug for item in composed if item.sheet.path not in made)
    parts = [f"Nothing was made for {', '.join(verdict.left_out)}"] if verdict.left_out else []
    for slug, count in sorted(lost.items()):
        sheets = "1 sheet" if count == 1 else f"{count} sheets"
        parts.append(f"{sheets} of {slug} {'was' if count == 1 else 'were'} left out")
    rest = "the rest was made" if lost else "the rest was"
    report.problems(verdict.problems, f"{'; '.join([*parts, rest])}.")


@contextmanager
def build_lock(path: Path, report: Report) -> Iterator[None]:
    """Let one at a time write into the folder of a lock; others wait, and say so.

    Raises MachineError if the other has not ended after an hour.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        held = lock.acquire(timeout=0)
    except Timeout:
        report.line("Another build is at work in this folder; this one goes on after it.")
        try:
            held = lock.acquire(timeout=MOST_SECONDS)
        except Timeout:
            raise MachineError(
                "another build has been at work in this folder for an hour.\n"
                "    End it, then run this again."
            ) from None
    with held:
        yield
