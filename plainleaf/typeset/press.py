"""The press: sheets are set side by side, and given only if all of them are sound."""

from __future__ import annotations

import json
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

from plainleaf.compose.compose import Composed
from plainleaf.machine.engine import Died, Engine
from plainleaf.machine.keys import key_of, toolchain_key
from plainleaf.machine.report import Report
from plainleaf.machine.store import Store, store_of
from plainleaf.model import Picture, Printed, Project, Sheet
from plainleaf.problems import MachineError, Place, Problem, problem_of, stop_at
from plainleaf.records.identity import identity_of
from plainleaf.typeset.binding import Parts, bind
from plainleaf.typeset.typeset import ready, typeset


@dataclass(frozen=True, slots=True)
class Pressed:
    """Sheets that are printed, and why others are not: faults of a clinic, which cost it alone."""

    printed: list[Printed]
    problems: list[Problem]


Result = list[Printed | Problem]
# Gives the same sheet for a clinic like most; or what is wrong in a template.
AtUsualClinic = Callable[[Composed], Composed | Problem]


def press(
    project: Project,
    composed: Sequence[Composed],
    report: Report,
    engine: Engine,
    at_usual_clinic: AtUsualClinic | None = None,
) -> Pressed:
    """Give the PDFs of sheets; those that were set before come from the project's store.

    A sheet that cannot be printed, though the same can for another clinic, is the fault of its
    clinic. at_usual_clinic gives it for a clinic like most, to see if that has it.

    Raises ContentError with all that is wrong if any of it is no clinic's fault, and MachineError
    if this machine cannot.
    """
    store = store_of(project)
    printed: list[Printed] = []
    faulty: list[tuple[Composed, list[Problem]]] = []
    with report.stage("typeset", len(composed)) as stage:
        new = []
        for item in composed:
            if pdfs := cached_pdfs(store, item):
                printed += pdfs
                stage.step()
            else:
                new.append(item)
        if new:
            ready()
        asked = {item.sheet.path for item in new}
        for item, made, wrong in _set(store, new, engine):
            if wrong:
                faulty.append((item, wrong))
            if item.sheet.path in asked:
                printed += made
                stage.step()
        if faulty and at_usual_clinic:
            sound = {_kind(item.sheet) for item in printed}
            sound |= _sound_elsewhere(store, faulty, sound, engine, at_usual_clinic)
            stop_at(
                problem
                for item, wrong in faulty
                for problem in wrong
                if _kind(item.sheet) not in sound and not _is_own(item, problem)
            )
        elif faulty:
            stop_at(problem for _, wrong in faulty for problem in wrong)
        pages = sum(pdf.pages for pdf in printed if not pdf.is_form)
        old = len(composed) - len(new)
        stage.result = f"{pages} pages" + (f", {old} sheets as they were" if old else "")
    problems = [_of_clinic(item, problem) for item, wrong in faulty for problem in wrong]
    return Pressed(printed, problems)


def _set(
    store: Store, new: Sequence[Composed], engine: Engine
) -> Iterator[tuple[Composed, list[Printed], list[Problem]]]:
    """Set sheets; give the PDFs of each, or what is wrong with it, as it is finished."""
    # The longest come first, so that at the end no process waits for another's last one.
    longest_first = sorted(new, key=lambda item: len(item.html), reverse=True)
    for item, result in set_sheets(engine, longest_first, partial(cached_pdfs, store)):
        made, wrong = pdfs_and_problems(item, result)
        if made:
            _cache_pdfs(store, item, made)
        yield item, made, wrong


def set_sheets(
    engine: Engine,
    new: Sequence[Composed],
    cached: Callable[[Composed], Sequence[Printed]] = lambda _: (),
) -> Iterator[tuple[Composed, Result | Died]]:
    """Set sheets side by side, then bind packs of them; give each as it is finished.

    What a pack holds is set for it, asked for or not, unless cached gives its PDFs. A pack that
    holds something wrong comes with nothing.
    """
    printed: dict[str, Sequence[Printed]] = {}  # by path, what packs are bound of
    single: dict[str, Composed] = {}
    for item in new:
        for handout in item.handouts:
            if pdfs := cached(handout):
                printed[handout.sheet.path] = pdfs
            else:
                single[handout.sheet.path] = handout
        single[item.sheet.path] = item
    for item, result in engine.run(typeset, single.values()):
        made = [] if isinstance(result, Died) else _printed_of(result)
        if made:
            printed[item.sheet.path] = made
        if not item.handouts or not made:
            yield item, result
    parts = []
    for pack in new:
        cover = printed.get(pack.sheet.path)
        if pack.handouts and cover:
            handouts = [printed.get(handout.sheet.path) for handout in pack.handouts]
            if all(handouts):
                parts.append(Parts(pack, cover, tuple(filter(None, handouts))))
            else:
                yield pack, []
    for bound, result in engine.run(bind, parts):
        yield bound.composed, result


def _printed_of(result: Result) -> list[Printed]:
    """Give the PDFs among what came of a sheet: all of it, or none."""
    return [item for item in result if isinstance(item, Printed)]


def _kind(sheet: Sheet) -> tuple[str, str, str, str]:
    """Give what a sheet shares with those of other clinics."""
    return sheet.handout.name, sheet.language.code, sheet.paper.name, sheet.size


def _is_own(item: Composed, problem: Problem) -> bool:
    """Tell whether a problem stands in a file of a sheet's own clinic."""
    clinic = item.sheet.clinic
    return problem.source.path in (clinic.source.path, *(own.source.path for own in clinic.own))


def _of_clinic(item: Composed, problem: Problem) -> Problem:
    """Give what is wrong with a sheet as the fault of its clinic, at the clinic's own file."""
    if _is_own(item, problem):
        return problem
    hint = (
        "Other clinics have this sheet: look at the name, address, numbers and logo of this one. "
        "It was left out."
    )
    return Problem(Place(item.sheet.clinic.source.path), problem.message, hint)


def _sound_elsewhere(
    store: Store,
    faulty: Iterable[tuple[Composed, list[Problem]]],
    sound: Container[Any],
    engine: Engine,
    at_usual_clinic: AtUsualClinic,
) -> set[Any]:
    """Give the kinds of faulty sheets that can be printed for a clinic like most."""
    asked: dict[Any, Composed] = {}
    for item, _ in faulty:
        kind = _kind(item.sheet)
        if kind not in sound and kind not in asked:
            same = at_usual_clinic(item)
            if isinstance(same, Composed):
                asked[kind] = same
    cached = {kind for kind, item in asked.items() if cached_pdfs(store, item)}
    new = [item for kind, item in asked.items() if kind not in cached]
    return cached | {_kind(item.sheet) for item, made, _ in _set(store, new, engine) if made}


def pdfs_and_problems(
    item: Composed, result: Iterable[Printed | Problem] | Died
) -> tuple[list[Printed], list[Problem]]:
    """Give the PDFs of a sheet, or what is wrong with it.

    Raises MachineError, which names the sheet, if the processes that set it died.
    """
    if isinstance(result, Died):
        raise MachineError(
            f"two processes that set {item.sheet.path} were killed, perhaps because memory ran "
            "out.\n    Close other programs, then build again. The last site is as it was."
        )
    items = list(result)
    return _printed_of(items), [item for item in items if isinstance(item, Problem)]


def sheet_key(composed: Composed) -> str:
    """Give the key of a sheet: what it is printed from, and what it is held against.

    The HTML carries its CSS, pictures and codes. Whatever else typeset, the proof or their warnings
    read of a sheet must stand here too, or an edit of it would leave the old PDF.
    """
    sheet = composed.sheet
    handout = sheet.handout
    return key_of(
        toolchain_key(),
        composed.html,
        sheet.path,
        sheet.size,
        str(sheet.paper),
        str(sheet.language.fonts),
        str(identity_of(sheet, composed.sheet_status, is_form=False)),
        str(composed.is_marked),
        str((handout.kind, handout.most_pages_of(sheet.language.code), sheet.is_filled_in)),
        *(f"{part.page}#{part.section} {part.elements}" for part in handout.parts),
        *map(sheet_key, composed.handouts),
    )


def _cache_pdfs(store: Store, composed: Composed, printed: Sequence[Printed]) -> None:
    """Put the PDFs of a sheet, the one to print first, and the picture of it into the store."""
    pages, picture = printed[0].pages, printed[0].picture
    warnings = [asdict(problem) for problem in printed[0].warnings]
    metadata = json.dumps([pages, picture.width, picture.height, warnings]).encode()
    pdfs = {("form.pdf" if item.is_form else "sheet.pdf"): item.pdf for item in printed}
    store.put(sheet_key(composed), {"about.json": metadata, "first.webp": picture.webp, **pdfs})


def cached_pdfs(store: Store, composed: Composed) -> list[Printed]:
    """Give the PDFs of a sheet if they were set before, from all the same; else none."""
    files = store.get(sheet_key(composed))
    if not files:
        return []
    pages, width, height, as_dicts = json.loads(files["about.json"])
    picture = Picture(files["first.webp"], width, height)
    shared = pages, picture, tuple(map(problem_of, as_dicts))
    return [
        Printed(composed.sheet, composed.sheet_status, name == "form.pdf", files[name], *shared)
        for name in ("sheet.pdf", "form.pdf")
        if name in files
    ]
