"""The press: sheets are set side by side, and given only if all of them are sound."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace

from plainleaf.compose import Composed
from plainleaf.control.identity import identity_of
from plainleaf.engine import Died, Engine
from plainleaf.model import Picture, Printed, Project
from plainleaf.problems import MachineError, Problem, stop_at
from plainleaf.report import Report
from plainleaf.store import Store, store_of
from plainleaf.tools import key_of, tools
from plainleaf.turns import in_turn
from plainleaf.typeset import ready


def press(
    project: Project, composed: Sequence[Composed], report: Report, engine: Engine
) -> list[Printed]:
    """Give the PDFs of sheets; those that were set before come from the project's store.

    Raises ContentError with all that is wrong with them, and MachineError if this machine cannot.
    """
    store = store_of(project)
    printed: list[Printed] = []
    problems: list[Problem] = []
    with report.stage("typeset", len(composed)) as stage:
        new = []
        for item in composed:
            if same := kept(store, item):
                printed += stage.step(same)
            else:
                new.append(item)
        if new:
            ready()
        wanted = {item.sheet.path for item in new}
        for item, result in in_turn(engine, [[_with_kept(store, item) for item in new]]):
            made, wrong = sorted_out(item, result)
            if made:
                _keep(store, item, made)
            problems += wrong
            if item.sheet.path in wanted:
                printed += stage.step(made)
        stop_at(problems)
        pages = sum(each.pages for each in printed if not each.is_form)
        old = len(composed) - len(new)
        stage.result = f"{pages} pages" + (f", {old} sheets as they were" if old else "")
    return printed


def sorted_out(
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
    found = list(result)
    return (
        [each for each in found if isinstance(each, Printed)],
        [each for each in found if isinstance(each, Problem)],
    )


def sheet_key(composed: Composed) -> str:
    """Give the key of a sheet: what it is printed from, and what it is held against.

    The HTML carries its CSS, pictures and codes. The rest is what typeset and proof ask of the
    sheet beside it.
    """
    sheet = composed.sheet
    handout = sheet.handout
    return key_of(
        tools(),
        composed.html,
        sheet.path,
        sheet.text,
        str(sheet.paper),
        str(sheet.language.fonts),
        str(identity_of(sheet, composed.standing, is_form=False)),
        str(composed.standing.is_marked),
        str((handout.kind, handout.most_pages, handout.is_filled_in)),
        *(f"{part.page}#{part.section} {part.elements}" for part in handout.parts),
    )


def _keep(store: Store, composed: Composed, printed: Sequence[Printed]) -> None:
    """Put the PDFs of a sheet, the one to print first, and the picture of it into the store."""
    pages, picture = printed[0].pages, printed[0].picture
    about = json.dumps([pages, picture.width, picture.height]).encode()
    pdfs = {("form.pdf" if item.is_form else "sheet.pdf"): item.pdf for item in printed}
    store.put(sheet_key(composed), {"about.json": about, "first.webp": picture.webp, **pdfs})


def _with_kept(store: Store, composed: Composed) -> Composed:
    """Give a pack with the PDFs of what it holds, as far as they are in the store."""
    held = []
    for each in composed.held:
        same = kept(store, each) if isinstance(each, Composed) else []
        held.append(same[0] if same else each)
    return replace(composed, held=tuple(held))


def kept(store: Store, composed: Composed) -> list[Printed]:
    """Give the PDFs of a sheet if they were set before, from all the same; else none."""
    files = store.get(sheet_key(composed))
    if not files:
        return []
    pages, width, height = json.loads(files["about.json"])
    picture = Picture(files["first.webp"], width, height)
    return [
        Printed(composed.sheet, composed.standing, name == "form.pdf", files[name], pages, picture)
        for name in ("sheet.pdf", "form.pdf")
        if name in files
    ]
