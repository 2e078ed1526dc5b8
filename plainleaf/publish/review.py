"""The review page: for those who keep the words, how hard they are, how old, and what is waived."""

from __future__ import annotations

from collections import Counter

from plainleaf.check.check import Verdict
from plainleaf.check.gates import grades, often_said
from plainleaf.html.templates import rendered
from plainleaf.machine.program import NAME, as_typed
from plainleaf.machine.today import days_on_earth
from plainleaf.model import Checked, Clinic, SheetStatus
from plainleaf.plan import lacking
from plainleaf.records.due import due, reviews


def review_page(checked: Checked, verdict: Verdict) -> str:
    """Give the page as HTML: a day changes no byte of it, unless something becomes due on it."""
    docs, library = checked.docs, checked.library
    references = docs.facts.references.values()
    page = rendered(
        docs.project,
        "review",
        "review.html.jinja",
        {
            "program": NAME,
            "grades": grades(docs),
            "phrases": often_said(docs),
            "years": sorted(Counter(reference.year for reference in references).items()),
            "references": sorted(references, key=lambda reference: (reference.year, reference.id)),
            "statuses": _printed(checked),
            "offers": [
                (handout.name, code, lacking(docs, library, handout, code))
                for handout in library.handouts.values()
                for code in docs.languages
                if code != docs.main_language
            ],
            "translations": [
                (f"docs/{code}/{file}", translation)
                for (code, file), translation in sorted(docs.translations.items())
            ],
            "due": due(docs, library, checked.today),
            "today": days_on_earth(checked.today)[0],
            "reviews": reviews(docs, library),
            # What is due stands in a table of its own.
            "warnings": [
                problem
                for problem in verdict.problems
                if problem.gate not in ("control.due-soon", "control.overdue")
            ],
            "waivers": verdict.waivers,
        },
    )
    return as_typed(page)


def _printed(checked: Checked) -> list[tuple[str, str, Clinic, SheetStatus]]:
    """Give how it stands with each handout and language at each clinic that prints it."""
    clinics = checked.library.clinics
    return [
        (handout, language, clinics[clinic], sheet_status)
        for (handout, language, clinic), sheet_status in sorted(checked.statuses.items())
        if language in (clinics[clinic].languages or checked.docs.languages)
        and clinics[clinic].offers(handout)
    ]
