"""Stage 4, check: what is wrong between the files, now that each of them has been read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import jinja2
import lxml.html

from plainleaf.fonts import families, missing_letters
from plainleaf.model import Docs, Handout, Language, Library, Page, Project, Section, Sheet
from plainleaf.problems import Place, Problem, choices, line_of, read_text
from plainleaf.templates import environment, words_used

_REMOVE = "Take the line away, or print it."


def check(project: Project, docs: Docs, library: Library, sheets: Iterable[Sheet]) -> list[Problem]:
    """Give every problem that shows only when files are held against each other."""
    problems = [
        *_fonts(docs),
        *_words(project, docs, library),
        *_same_sections(docs),
        *_links(docs),
        *_letters(project, docs, library),
    ]
    printed = {(sheet.language.code, sheet.handout.name): sheet.handout for sheet in sheets}
    for (code, _), handout in printed.items():
        problems += _parts(handout, code, docs)
    return problems


def _fonts(docs: Docs) -> Iterator[Problem]:
    for language in docs.languages.values():
        for font in language.fonts:
            if font not in families():
                hint = choices(families(), font, "fonts")
                yield Problem(language.source, f'the font "{font}" is not installed.', hint)


def _words(project: Project, docs: Docs, library: Library) -> Iterator[Problem]:
    """Hold each words.yml against what the templates and handouts print."""
    used: set[str] = set()
    for kind in ("handout", "page", "website"):
        strict = environment(project.template_folders(kind))
        try:
            used |= words_used(strict)
        except jinja2.TemplateSyntaxError:
            return  # compose names the broken template
    labels = {
        label: field.source
        for handout in library.handouts.values()
        for part in handout.parts
        for field in part.fields
        for label in field.labels
    }
    for language in docs.languages.values():
        given = set(language.words)
        for name in sorted(used - given):
            fact = f'"{name}" is missing under `words:`; a template prints it.'
            hint = f"Add a line `{name}: …` in {language.name}."
            yield Problem(_line(project, language, "words"), fact, hint)
        for name in sorted(given - used):
            hint = choices(used - given, name, "words still missing") if used - given else _REMOVE
            yield Problem(_line(project, language, name), f'no template prints "{name}".', hint)
        for name in sorted(labels.keys() - language.labels.keys()):
            fact = f'the label "{name}" has no words in {language.source.path}.'
            yield Problem(labels[name], fact, choices(language.labels, name, "labels"))
        for name in sorted(language.labels.keys() - labels.keys()):
            fact = f'no handout prints the label "{name}".'
            yield Problem(_line(project, language, name), fact, _REMOVE)


def _line(project: Project, language: Language, key: str) -> Place:
    """Give where a key stands in a language's words.yml."""
    text = read_text(project.folder / language.source.path, language.source.path, []) or ""
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip().startswith(f"{key}:"):
            return Place(language.source.path, number)
    return language.source


def _same_sections(docs: Docs) -> Iterator[Problem]:
    """Refuse a page whose section ids differ from those of the main language's page."""
    for (code, slug), page in docs.pages.items():
        original = docs.pages.get((docs.main_language, slug))
        if original is None or code == docs.main_language:
            continue
        for name in original.sections.keys() - page.sections.keys():
            fact = f'the section "{name}" of {original.source} is missing here.'
            hint = f"Translate it, under a heading that ends with {{#{name}}}."
            yield Problem(page.source, fact, hint)
        for name in page.sections.keys() - original.sections.keys():
            fact = f'the section "{name}" is not in {original.source}.'
            hint = choices(original.sections, name, "ids there")
            yield Problem(page.sections[name].source, fact, hint)


def _links(docs: Docs) -> Iterator[Problem]:
    for (code, _), page in docs.pages.items():
        for link in page.links:
            target = docs.pages.get((code, link.page))
            if target is None and (code, link.page) not in docs.broken:
                fact = f'this links to "{link.page}.md", which is not there.'
                pages = {f"{slug}.md" for language, slug in docs.pages if language == code}
                yield Problem(link.source, fact, choices(pages, f"{link.page}.md", "pages"))
            elif target and link.section and link.section not in target.sections:
                fact = f'this links to "{link.page}.md#{link.section}", which has no such section.'
                hint = choices(target.sections, link.section, "sections there")
                yield Problem(link.source, fact, hint)


def _letters(project: Project, docs: Docs, library: Library) -> Iterator[Problem]:
    """Refuse letters that would be printed as empty boxes."""
    for language in docs.languages.values():
        if not set(language.fonts) <= set(families()):
            continue
        files = [page.source.path for page in docs.pages.values() if page.language == language.code]
        files.append(language.source.path)
        files += [
            clinic.source.path
            for clinic in library.clinics.values()
            if language.code in (clinic.languages or docs.languages)
        ]
        if docs.facts.references and any(language.risks):
            files.append("docs/facts/sources.yml")
        for name in files:
            text = read_text(project.folder / name, name, []) or ""
            for letter in missing_letters(text, language.fonts):
                fact = (
                    f'no font of {language.name} has the letter "{letter}" (U+{ord(letter):04X}).'
                )
                hint = f"Write it another way, or add a font that has it to {language.source.path}."
                yield Problem(Place(name, line_of(text, letter)), fact, hint)


def _parts(handout: Handout, code: str, docs: Docs) -> Iterator[Problem]:
    """Hold each part of a handout against the pages of one language."""
    seen: dict[tuple[str, str], int] = {}
    for part in handout.parts:
        if (code, part.page) in docs.broken:
            continue
        page = docs.pages.get((code, part.page))
        if page is None:
            fact = f'there is no page "{part.page}" in docs/{code}/.'
            pages = {slug for language, slug in docs.pages if language == code}
            yield Problem(part.source, fact, choices(pages, part.page, "pages"))
            continue
        section = page.sections.get(part.section)
        if section is None:
            fact = f'there is no section "{part.section}" in {page.source}.'
            yield Problem(part.source, fact, choices(page.sections, part.section, "sections"))
            continue
        key = (part.page, part.section)
        if key in seen:
            fact = f'"{part.page}#{part.section}" is printed twice, first on line {seen[key]}.'
            yield Problem(part.source, fact, "Print each section once.")
        seen[key] = part.source.line
        yield from _printable(section, page, part.show)


def _printable(section: Section, page: Page, show: str) -> Iterator[Problem]:
    """Refuse what paper cannot show."""
    tree = lxml.html.fragment_fromstring(section.html, create_parent="div")
    text = tree.text_content()
    if tree.find_class("tabbed-set") or '=== "' in text:
        fact = f'the section "{section.id}" has content tabs, and it is printed.'
        hint = "Paper has no tabs: write one after the other, each under a heading of its own."
        yield Problem(section.source, fact, hint)
    if tree.find_class("footnote-ref") or tree.find_class("footnote") or "[^" in text:
        fact = f'the section "{section.id}" has a footnote, and it is printed.'
        hint = "The note would stand on another page: write it into the sentence."
        yield Problem(section.source, fact, hint)
    if show != "text" and tree.find(".//li") is None:
        fact = f'the section "{section.id}" is printed as {show}, but it has no list.'
        yield Problem(section.source, fact, "Write a list, each item on a line with `- `.")
    if not "".join(text.split()).replace("".join(section.title.split()), "", 1) and not (
        tree.findall(".//img")
    ):
        fact = f'the section "{section.id}" is empty.'
        yield Problem(section.source, fact, f"Write what {page.title} has to say here.")
