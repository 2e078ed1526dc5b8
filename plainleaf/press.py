"""The press: sheets are set side by side, and given only if all of them are sound."""

from __future__ import annotations

from collections.abc import Container, Sequence
from functools import partial

from plainleaf.compose import Composed
from plainleaf.engine import run
from plainleaf.model import Printed
from plainleaf.problems import Problem, stop_at
from plainleaf.report import Report
from plainleaf.typeset import ready, typeset


def press(
    composed: Sequence[Composed], report: Report, passed: Container[str] = ()
) -> list[Printed]:
    """Give the PDFs of sheets; passed holds the keys of those found sound before.

    Raises ContentError with all that is wrong with them, and MachineError if this machine cannot.
    """
    ready()
    with report.stage("typeset", len(composed)) as stage:
        work = partial(typeset, passed=passed)
        results = [item for result in run(work, composed) for item in stage.step(result)]
        stop_at(item for item in results if isinstance(item, Problem))
        printed = [item for item in results if isinstance(item, Printed)]
        stage.result = f"{sum(item.pages for item in printed if not item.is_form)} pages"
    return printed
