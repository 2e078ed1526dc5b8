"""Stage 3, plan: which sheets are to be made."""

from __future__ import annotations

from dataclasses import dataclass

from plainleaf.model import Clinic, Docs, Handout, Language, Library, Sheet
from plainleaf.problems import Problem, choices


@dataclass(frozen=True, slots=True)
class Choice:
    """What the person at the command line wants to see made; "" means everything."""

    clinic: str = ""
    language: str = ""
    handout: str = ""

    def takes(self, sheet: Sheet) -> bool:
        """Tell whether a sheet is among what is wanted."""
        return (
            self.clinic in ("", sheet.clinic.slug)
            and self.language in ("", sheet.language.code)
            and self.handout in ("", sheet.handout.name)
        )

    def unknown(self, docs: Docs, library: Library) -> str:
        """Say what is wanted but does not exist, with the choices; "" if all can be had."""
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
    """Give every sheet: handout by clinic by language by paper by size of text, sorted by path.

    Notes a problem for each handout whose page is missing in a language that a clinic prints, and
    for each language of a clinic that there is not.
    """
    sheets = []
    missing: dict[tuple[str, str], Problem] = {}
    for clinic in library.clinics.values():
        for language in languages_of(clinic, docs, problems):
            for handout in library.handouts.values():
                if not clinic.offers(handout.name):
                    continue
                page = docs.pages.get((language.code, handout.page))
                if page is None:
                    if (language.code, handout.page) not in docs.broken:
                        problem = _no_page(handout, language, clinic, docs)
                        missing.setdefault((handout.name, problem.hint), problem)
                    continue
                sheets += [
                    Sheet(handout, clinic, language, paper, text, page.title)
                    for paper in clinic.papers
                    for text in clinic.sizes
                ]
    for clinic in library.broken:
        languages_of(clinic, docs, problems)
    problems += missing.values()
    return sorted(sheets, key=lambda sheet: sheet.path)


def _no_page(handout: Handout, language: Language, clinic: Clinic, docs: Docs) -> Problem:
    pages = {slug for _, slug in (*docs.pages, *docs.broken)}
    if handout.page not in pages:
        hint = choices(pages, handout.page, "pages")
        return Problem(handout.source, f'there is no page "{handout.page}".', hint)
    file = f"docs/{language.code}/{handout.page}.md"
    fact = f"there is no {file}, and {clinic.slug} prints this handout in {language.name}."
    hint = f"Write {file}, or give the clinic `languages:` without {language.code}."
    return Problem(handout.source, fact, hint)


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
