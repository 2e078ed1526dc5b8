"""The journey of the content, stage by stage: from the files in a folder to a finished site.

read → load → plan → check → compose → typeset → publish
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from filelock import FileLock, Timeout

from plainleaf.arguments import Options
from plainleaf.check.check import Verdict, check
from plainleaf.check.gates.control import of_standings
from plainleaf.compose.compose import Composed, compose
from plainleaf.compose.content import contents
from plainleaf.compose.furniture import elsewhere
from plainleaf.load.load import load
from plainleaf.machine.engine import Engine
from plainleaf.machine.last_build import remember
from plainleaf.machine.report import Report, count_of, opens
from plainleaf.machine.store import store_of
from plainleaf.model import Checked, Docs, Handout, Library, Printed, Project, Records, Sheet
from plainleaf.plan import Choice, plan
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
# So long one waits for another that is at work in the same folder, in seconds.
MOST_SECONDS = 3600


def settle(
    project: Project, choice: Choice, report: Report, day: date, *, holds_limits: bool = True
) -> tuple[Checked, list[Sheet], Verdict]:
    """Read, load, plan and check: give what is known, the sheets that are wanted, the verdict.

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
            verdict = verdict.with_more(over_limits(docs, library, sound))
        bad = {_clinic_of(problem) for problem in verdict.problems if not problem.is_warning}
        good = {slug: each for slug, each in library.clinics.items() if slug not in bad}
        if "" in bad or (bad and not good) or choice.clinic in bad - {""}:
            in_templates = _in_templates(docs, library, sound)
            stop_at(verdict.with_more(in_templates).problems)
        library = replace(library, clinics=good)
        if unknown := choice.unknown(docs, library):
            raise MachineError(unknown)
        all_sheets, sheets = (
            [each for each in found if each.clinic.slug in good] for found in (all_sheets, sheets)
        )
        content = contents(docs, library, all_sheets)
        known = Checked(docs, library, day, content, statuses_of(library, content, day))
        verdict = verdict.with_more(of_standings(library, known.statuses))
        verdict = replace(verdict, left_out=tuple(sorted(bad)))
        waived = f", {len(verdict.waivers)} waived" if verdict.waivers else ""
        stage.result = count_of(verdict.problems) + waived
    return known, sheets, verdict


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
    broken = {each.source.path for each in problems if not (each.is_warning or each.gate)}
    if any(path.startswith(("docs/facts/", "templates/")) for path in broken):
        return
    for sheet in sheets:
        code = sheet.language.code
        handouts = [sheet.handout, *map(library.handouts.get, sheet.handout.handouts)]
        slugs = {slug for each in handouts if each for slug in _pages_of(each)}
        pages = [docs.pages.get((code, slug)) for slug in slugs]
        made_from = [*handouts, *pages, sheet.language]
        if all(each and each.source.path not in broken for each in made_from):
            yield sheet


def _pages_of(handout: Handout) -> list[str]:
    return [handout.page, *(part.page for part in handout.parts)]


def _in_templates(docs: Docs, library: Library, sheets: Sequence[Sheet]) -> Sequence[Problem]:
    """Give what is wrong in the templates of sheets."""
    try:
        compose(docs, library, sheets, {})
    except ContentError as error:
        return error.problems
    return ()


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
    """Take all stages before the first that writes; the sheets that are wanted come as HTML.

    releases: refuse what must not go out to patients, instead of marking it.
    """
    known, sheets, verdict = settle(project, choice, report, day, holds_limits=holds_limits)
    with report.stage("compose") as stage:
        composed = compose(known.docs, known.library, sheets, known.statuses)
        if releases:
            late = late_pages(known.docs.pages.values(), day)
            refused = [*refusals(known, sheets), *late, *unwritten(verdict.problems)]
            found = [each for each in verdict.problems if each.gate != UNWRITTEN]
            stop_at([*found, *refused] if refused else ())
        stage.result = f"{len(composed)} sheets"
    return known, composed, verdict


def build(project: Project, given: Options, report: Report, day: date, key: str) -> int:
    """Make everything that is wanted, here or on a cluster; key is that of this build.

    Gives 1 if clinics or sheets had to be left out, else 0.
    """
    choice = Choice(given.clinic, given.language, given.handout)
    known, composed, verdict = prepare(project, choice, report, day, releases=given.release)
    with Engine(given.scheduler) as engine, build_lock(project.build / "lock", report):
        recover(project)
        printed, verdict = make(known, composed, verdict, report, engine, project.site)
        if verdict.is_good:
            remember(project, key, verdict.problems)
        store_of(project).trim()
    tell(verdict, composed, printed, report)
    forms = sum(item.is_form for item in printed)
    report.line(
        f"\nMade {len(printed) - forms} sheets, {forms} of them also to type into, and "
        f"{len(known.docs.pages)} pages in {report.seconds:.1f} s."
    )
    report.line(opens(project.site))
    return 0 if verdict.is_good else 1


def make(
    known: Checked,
    composed: list[Composed],
    verdict: Verdict,
    report: Report,
    engine: Engine,
    to: Path,
) -> tuple[list[Printed], Verdict]:
    """Set type and publish into a folder, the two stages that write.

    Gives what was printed, and the verdict with what showed only now, each a fault of one clinic.
    """
    project = known.project
    pressed = press(project, composed, report, engine, elsewhere(known))
    if not pressed.printed:
        stop_at([*verdict.problems, *pressed.problems] if pressed.problems else ())
    warnings = (warning for item in pressed.printed for warning in item.warnings)
    verdict = verdict.with_more([*pressed.problems, *warnings])
    with report.stage("publish") as stage:
        publish(known, pressed.printed, review_page(known, verdict), engine, to)
        stage.result = "site/"
    return pressed.printed, verdict


def tell(
    verdict: Verdict, composed: Iterable[Composed], printed: Iterable[Printed], report: Report
) -> None:
    """Say what was found, and what was left out for it."""
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
