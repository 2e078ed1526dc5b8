"""How long the proof of finished sheets takes, beside setting them: `python -m bench.proof`.

It must stay under half. Both are measured in one run, in one process, on all shipped handouts of
one clinic and paper.
"""

from __future__ import annotations

import time
from pathlib import Path

from plainleaf.compose.compose import compose
from plainleaf.load.load import load
from plainleaf.model import Printed, Project
from plainleaf.plan import plan
from plainleaf.problems import Problem
from plainleaf.proof import proof
from plainleaf.read.read import read
from plainleaf.typeset.typeset import typeset

HERE = Path(__file__).resolve().parent.parent


def main() -> None:
    """Set and prove each sheet; print seconds, pages and the ratio."""
    problems: list[Problem] = []
    project = Project(HERE, HERE / "templates")
    docs, library = read(project, problems), load(project, problems)
    of_clinic = "example-clinic/en/"
    sheets = [sheet for sheet in plan(docs, library, problems) if of_clinic in sheet.path]
    sheets = [sheet for sheet in sheets if "-a4" in sheet.path]
    setting = proving = 0.0
    pages = 0
    for composed in compose(docs, library, sheets, {}):
        start = time.process_time()
        printed = typeset(composed)
        setting += time.process_time() - start
        for item in printed:
            assert isinstance(item, Printed), item
            start = time.process_time()
            assert proof(composed, item.pdf, is_form=item.is_form) == []
            proving += time.process_time() - start
            pages += item.pages
    setting -= proving  # typeset proves each sheet itself
    print(f"{pages} pages: set in {setting:.1f} s, proved in {proving:.1f} s")
    print(f"{1000 * proving / pages:.0f} ms a page; proof / setting = {proving / setting:.2f}")


if __name__ == "__main__":
    main()
