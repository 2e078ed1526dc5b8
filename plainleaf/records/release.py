"""Release: which sheets must not go out to patients, and what would let them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date

from plainleaf.machine.today import has_passed
from plainleaf.model import Checked, Docs, Handout, Page, Sheet, Translation
from plainleaf.problems import Place, Problem

# The gate for passages that are marked as still to be written.
UNWRITTEN = "leftovers.unwritten"


def refusals(checked: Checked, sheets: Iterable[Sheet]) -> Iterator[Problem]:
    """Give what stands in the way of handing out sheets, once for each handout and clinic.

    A pack goes out only if all that it holds may. 45 CFR 92.201 asks a qualified person's review
    of what a machine translated; NHS trusts refuse drafts and leaflets past their review.
    """
    keys = {
        (name, sheet.language.code, sheet.clinic.slug)
        for sheet in sheets
        for name in (sheet.handout.name, *sheet.handout.handouts)
    }
    for key in keys:
        yield from _refusals(checked, *key)
    for handout, language in {(handout, language) for handout, language, _ in keys}:
        yield from drifts_of(checked.docs, checked.library.handouts[handout], language)


def drifts_of(docs: Docs, handout: Handout, language: str) -> Iterator[Problem]:
    """Refuse a translation that drifted from its original, or whose state is not recorded."""
    for translation in translations_of(docs, handout, language):
        yield from (Problem(drift.source, drift.fact, drift.hint) for drift in translation.drifts)


def translations_of(docs: Docs, handout: Handout, language: str) -> Iterator[Translation]:
    """Give the files of a language that a handout prints: its pages, and words beside them."""
    pages = {f"{slug}.md" for slug in (handout.page, *(part.page for part in handout.parts))}
    for (code, file), translation in docs.translations.items():
        if code == language and (file in pages or not file.endswith(".md")):
            yield translation


def _refusals(checked: Checked, handout: str, language: str, slug: str) -> Iterator[Problem]:
    docs, library = checked.docs, checked.library
    status, clinic = checked.statuses[handout, language, slug], library.clinics[slug]
    edition = status.edition
    name = f"{handout} ({language})"
    place = edition.source if edition else library.handouts[handout].source
    command = f"{handout} --language {language}"
    match status.status:
        case "draft":
            since = f"changed since version {edition.version}" if edition else "never issued"
            fact = f"{name} is a draft: its words were {since}."
            yield Problem(place, fact, f"Issue it: `build.py issue {command} --note …`.")
            return
        case "overdue" if edition:
            fact = f"{name} should have been looked at again by {edition.review_by}."
            hint = "Hold it against the newest evidence, then issue it again."
            yield Problem(place, fact, hint)
        case "withdrawn" if edition:
            fact = f"{name} {edition.version} is withdrawn."
            yield Problem(place, fact, "Change the words, and issue them as a new version.")
            return
    if clinic.name and status.approval is None:
        fact = f"{slug} has not approved {name}."
        hint = f"Let it: `build.py approve {command} --clinic {slug} …`."
        yield Problem(clinic.source, fact, hint)
    if edition and language != docs.main_language:
        if edition.translation != "reviewed":
            fact = f"no qualified person has reviewed the translation {name}."
            hint = "Give it to one, then issue it with `--translation reviewed`."
            yield Problem(place, fact, hint)
        main = library.editions.get((handout, docs.main_language), ())
        if main and main[-1].version != edition.translates:
            fact = (
                f"{name} translates version {edition.translates or 'none'} of the original, "
                f"which has version {main[-1].version}."
            )
            yield Problem(place, fact, "Translate what changed, and issue the translation.")


def unwritten(problems: Iterable[Problem]) -> list[Problem]:
    """Give what is still to be written among what was found, as what stops a release."""
    return [replace(problem, is_warning=False) for problem in problems if problem.gate == UNWRITTEN]


def gap_of(problem: Problem) -> str:
    """Give what is still to be written, in the words of the page as the message quotes them."""
    return problem.message.partition(": ")[2].rstrip(".…")


def late_pages(pages: Iterable[Page], today: date) -> Iterator[Problem]:
    """Give the pages that should have been looked at again before today."""
    for page in pages:
        if has_passed(page.review_by, today):
            fact = f"this page should have been looked at again by {page.review_by}."
            hint = "Hold it against the newest evidence, then set `review_by:` anew."
            yield Problem(Place(page.source.path), fact, hint)
