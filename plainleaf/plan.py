"""Stage 3, plan: which sheets are to be made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from plainleaf.model import Clinic, Docs, Handout, Language, Library, Sheet
from plainleaf.problems import Problem, choices


@dataclass(frozen=True, slots=True)
class Choice:
    """Which sheets the person at the command line asks for; "" means all."""

    clinic: str = ""
    language: str = ""
    handout: str = ""

    def takes(self, sheet: Sheet) -> bool:
        """Tell whether a sheet is chosen."""
        return (
            self.clinic in ("", sheet.clinic.slug)
            and self.language in ("", sheet.language.code)
            and self.handout in ("", sheet.handout.name)
        )

    def unknown(self, docs: Docs, library: Library) -> str:
        """Say what is chosen but does not exist, with what there is; "" if all can be had."""
        for what, name, names in (
            ("clinic", self.clinic, library.clinics),
            ("language", self.language, docs.languages),
            ("handout", self.handout, library.handouts),
        ):
            if name and name not in names:
                return f'there is no {what} "{name}". {choices(names, name, f"{what}s")}'
        clinic = library.clinics.get(self.clinic)
        if clinic and self.handout and not clinic.offers(self.handout):
            hint = choices(clinic.handouts, self.handout, "handouts that it does print")
            return f"{clinic.slug} does not print {self.handout}. {hint}"
        return ""


def plan(docs: Docs, library: Library, problems: list[Problem]) -> list[Sheet]:
    """Give every sheet: handout by clinic by language by paper by size of print, sorted by path.

    A language other than the main one offers a handout once it has all that this prints. Notes a
    problem for what no language has, and for each language of a clinic that there is not; and warns
    of a handout of which a language has the page, and not yet the rest.
    """
    sheets = []
    not_offered: dict[tuple[str, str], Problem] = {}
    for clinic in library.clinics.values():
        for language in languages_of(clinic, docs, problems):
            for handout in library.handouts.values():
                if not clinic.offers(handout.name):
                    continue
                page = docs.pages.get((language.code, handout.page))
                if lack := lacking(docs, library, handout, language.code):
                    if problem := _not_offered(docs, handout, language, lack):
                        not_offered[handout.name, language.code] = problem
                elif page is not None:
                    sheets += [
                        Sheet(handout, clinic, language, paper, size, page.title)
                        for paper in clinic.papers
                        for size in clinic.sizes
                    ]
    for clinic in library.broken:
        languages_of(clinic, docs, problems)
    problems += not_offered.values()
    return sorted(sheets, key=lambda sheet: sheet.path)


def pages_of(handout: Handout) -> list[str]:
    """Give the slugs of the pages that a handout is made of, that of its title first."""
    return list(dict.fromkeys((handout.page, *(part.page for part in handout.parts))))


def lacking(
    docs: Docs, library: Library, handout: Handout, code: str, asked: frozenset[str] = frozenset()
) -> list[str]:
    """Say what a language lacks to offer a handout: pages, and handouts that belong to it.

    A page with problems is not lacking: they are named where it is read. asked are handouts whose
    lacks are being listed, since two may go with each other.
    """
    is_main = code == docs.main_language
    # Of the main language, check.py names each part that has no page.
    slugs = [handout.page] if is_main else pages_of(handout)
    there = docs.pages.keys() | docs.broken
    lack = [f"docs/{code}/{slug}.md" for slug in slugs if (code, slug) not in there]
    if is_main:
        return lack
    asked |= {handout.name}
    for name in dict.fromkeys((*handout.handouts, *handout.goes_with)):
        other = library.handouts.get(name)
        if other and name not in asked and lacking(docs, library, other, code, asked):
            lack.append(f"the handout {name}")
    return lack


def _not_offered(
    docs: Docs, handout: Handout, language: Language, lack: Sequence[str]
) -> Problem | None:
    """Say that a handout is not offered in a language; None where nobody would expect it."""
    pages = {slug for _, slug in (*docs.pages, *docs.broken)}
    if handout.page not in pages:
        hint = choices(pages, handout.page, "pages")
        return Problem(handout.source, f'there is no page "{handout.page}".', hint)
    for part in handout.parts:
        if part.page not in pages:
            main = docs.main_language
            fact = f'there is no page "{part.page}" in docs/{main}/.'
            there = {slug for code, slug in docs.pages if code == main}
            return Problem(part.source, fact, choices(there, part.page, "pages"))
    if language.code == docs.main_language:
        fact = f"there is no {lack[0]}, whose title this handout bears."
        return Problem(handout.source, fact, f"Write {lack[0]}.")
    if (language.code, handout.page) not in docs.pages:
        return None
    fact = f"{handout.name} is not offered in {language.name} yet: it lacks {', '.join(lack)}."
    hint = "Translate what is lacking; until then its own page is all that there is of it."
    return Problem(handout.source, fact, hint, is_warning=True)


def languages_of(clinic: Clinic, docs: Docs, problems: list[Problem]) -> list[Language]:
    """Give the languages that a clinic prints: those it names, or all that there are."""
    languages = []
    for code in dict.fromkeys(clinic.languages or docs.languages):
        if code in docs.languages:
            languages.append(docs.languages[code])
        elif docs.languages and not any(code == broken for broken, _ in docs.broken):
            hint = choices(docs.languages, code, "languages")
            fact = f'{clinic.slug} prints in "{code}", but there is no folder docs/{code}.'
            problems.append(Problem(clinic.source, fact, hint))
    return languages
