"""Rebuild: the sheets of an edition, old or new, are set again with the very words of then."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from markupsafe import escape

from plainleaf.commands.history import Past, past
from plainleaf.compose.compose import Composed, compose
from plainleaf.machine.disk import write_below
from plainleaf.machine.engine import Engine
from plainleaf.machine.program import PRINTER
from plainleaf.machine.report import Report
from plainleaf.model import Checked, Edition, Printed, Project, SheetStatus
from plainleaf.problems import ContentError, MachineError, Place, Problem, choices, stop_at
from plainleaf.records.status import status_of_edition
from plainleaf.typeset.press import press


def rebuilt(checked: Checked, edition: Edition, clinic: str, report: Report) -> list[Printed]:
    """Set the sheets of an edition for a clinic ("": all): every paper and size of text.

    What was replaced or withdrawn since says so on every page. What a clinic itself says comes from
    the same commit as the words: it may have changed it since without a new edition. Raises
    MachineError where the words are lost, or today's templates cannot print them.
    """
    with past(checked, edition) as then:
        sheets = [
            sheet
            for sheet in then.sheets
            if sheet.handout.name == edition.handout and clinic in ("", sheet.clinic.slug)
        ]
        if not sheets:
            slugs = {sheet.clinic.slug for sheet in then.sheets}
            hint = choices(slugs, clinic, "clinics that did")
            raise MachineError(f'no clinic "{clinic}" printed {edition}.\n    {hint}')
        try:
            composed = compose(
                then.docs, then.library, sheets, statuses_then(checked, then, edition)
            )
            stop_at(_unmarked(composed))
            with Engine() as engine:
                return press(checked.project, composed, report, engine).printed
        except ContentError as error:
            if not then.commit:
                raise
            first = error.problems[0]
            raise MachineError(
                f"{edition} cannot be printed by today's code. {first.source}: "
                f"{first.message}\n    Print it with the {PRINTER} of then: `git checkout "
                f"{then.commit[:12]}`, then `build.py --handout {edition.handout}`."
            ) from None


def _unmarked(composed: Iterable[Composed]) -> Iterator[Problem]:
    """Find what a project's own templates print without a mark: somebody might hand it out."""
    for item in (item for item in composed if item.sheet_status.is_marked):
        mark = item.sheet.language.words[item.sheet_status.status]
        if escape(mark) not in item.html:
            place = Place(f"templates/handout/{item.sheet.handout.template}.html.jinja")
            hint = "Print it at the head of each page, as document.html.jinja does."
            yield Problem(place, f'the mark "{mark}" is not printed.', hint)


def statuses_then(
    checked: Checked, then: Past, edition: Edition
) -> dict[tuple[str, str, str], SheetStatus]:
    """Tell how it stands today with the words of then, by handout, language and clinic.

    What a pack holds, or a list of leaflets names, has an edition of its own: the one of that day.
    A clinic has approved a sheet that bears its own words of then only if it approved those.
    """
    library = replace(checked.library, handouts=then.library.handouts, clinics=then.library.clinics)
    statuses = {}
    for (handout, language), content in then.content.items():
        if language != edition.language:
            continue
        editions = checked.library.editions.get((handout, language), ())
        same = [other for other in editions if other.content == content.hash]
        issued = edition if handout == edition.handout else _edition_on(edition.issued, same)
        for clinic in then.library.clinics:
            statuses[handout, language, clinic] = (
                status_of_edition(library, issued, clinic, checked.today)
                if issued
                else SheetStatus("draft", None, None, content.hash)
            )
    return statuses


def _edition_on(day: date, same: Sequence[Edition]) -> Edition | None:
    """Give which of the editions that have the same words held on a day, or came next."""
    return next(
        (other for other in reversed(same) if other.issued <= day), same[0] if same else None
    )


def write_rebuilt(project: Project, edition: Edition, printed: Sequence[Printed]) -> Path:
    """Write sheets that were set again into a folder of the edition, whole; give the folder.

    Raises OSError for a disk that is full or closed; what was there before is as it was.
    """
    name = f"{edition.handout}-{edition.version}-{edition.language}"
    folder = project.build / "rebuilt" / name
    new = folder.with_name(f".{name}.new")
    shutil.rmtree(new, ignore_errors=True)
    files = {f"{item.sheet.clinic.slug}/{Path(item.path).name}": item.pdf for item in printed}
    write_below(new, files)
    shutil.rmtree(folder, ignore_errors=True)
    return new.rename(folder)
