"""The review page: for those who keep the words, how hard they are, how old, and what is waived."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from plainleaf.check import Verdict
from plainleaf.gates import grades
from plainleaf.gates.reading import AIM_GRADE, MOST_GRADE
from plainleaf.model import Docs, Library, Project
from plainleaf.problems import Problem, stop_at
from plainleaf.templates import environment, render_template


def review_page(project: Project, docs: Docs, library: Library, verdict: Verdict) -> str:
    """Give the page as HTML: it shows facts of the files only, so that a day changes no byte."""
    references = docs.facts.references.values()
    dated = [(page.review_by, page.source.path) for page in docs.pages.values()]
    dated += [(each.review_by, each.source.path) for each in library.handouts.values()]
    html = render_template(
        environment(project.template_folders("review")),
        "review.html.jinja",
        {
            "grades": grades(project, docs),
            "aim": AIM_GRADE,
            "most": MOST_GRADE,
            "years": sorted(Counter(reference.year for reference in references).items()),
            "references": sorted(references, key=lambda each: (each.year, each.id)),
            "dated": sorted(dated),
            # Which review is due soon depends on the day; all dates stand in a table of their own.
            "warnings": [each for each in verdict.problems if each.gate != "control.due-soon"],
            "waivers": verdict.waivers,
        },
        lambda path: project.name(Path(path)),
    )
    if isinstance(html, Problem):
        stop_at([html])
    return str(html)
