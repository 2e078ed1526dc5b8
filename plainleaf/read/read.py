"""Stage 1, read: docs/ becomes languages, facts and pages with sections."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from plainleaf.addresses import is_address, is_taken
from plainleaf.files.folders import check_files
from plainleaf.html.locales import right_tag
from plainleaf.html.templates import environment
from plainleaf.model import Docs, Facts, Language, OwnWords, Page, Project, Rules
from plainleaf.problems import Place, Problem, choices
from plainleaf.read.facts import read_facts
from plainleaf.read.languages import language_folders, read_languages
from plainleaf.read.pages import Parser, Reader, page_files
from plainleaf.read.rules import FILE as RULES
from plainleaf.read.rules import read_rules
from plainleaf.read.settings import Settings, read_settings
from plainleaf.read.translations import read_translations
from plainleaf.text import is_passed_over


@dataclass(frozen=True, slots=True)
class Basics:
    """What all Markdown of a project is read with: its settings, languages and facts."""

    settings: Settings
    languages: Mapping[str, Language]
    facts: Facts

    def reader(self, project: Project, code: str) -> Reader | None:
        """Give what reads a language; None where something that it needs is broken."""
        if code not in self.languages or not self.settings.is_legible:
            return None
        templates = environment(project, "page")
        return Reader(self.languages[code], self.facts, self.settings.extensions, templates)


def _basics(project: Project, problems: list[Problem]) -> Basics:
    """Read what all Markdown needs, once for pages and for what clinics say themselves."""

    def once() -> tuple[Basics, list[Problem]]:
        faults: list[Problem] = []
        settings = read_settings(project, faults)
        languages = read_languages(project, faults)
        return Basics(settings, languages, read_facts(project, faults)), faults

    basics, faults = project.once("basics", once)
    problems += faults
    return basics


def read(project: Project, problems: list[Problem]) -> Docs:
    """Read docs/ and mkdocs.yml; note every problem and leave out what has one.

    Raises ContentError for files that may not be read at all (folders.py).
    """
    check_files(project)
    basics = _basics(project, problems)
    settings, languages, facts = basics.settings, basics.languages, basics.facts
    pages: dict[tuple[str, str], Page] = {}
    broken = set()
    rules: dict[str, Rules | None] = {}
    for folder in language_folders(project):
        code = folder.name
        rules.update(read_rules(project, folder, problems))
        files = page_files(folder)
        broken |= {(code, "index"), *((code, _slug(folder, file)) for file in files)}
        reader = basics.reader(project, code)
        if reader is None:
            continue
        if folder / "index.md" not in files:
            fact = "there is no index.md, the page on which people arrive."
            hint = "Write one. A language offers the handouts whose pages it has."
            problems.append(Problem(Place(project.name(folder)), fact, hint))
        for file in files:
            slug = _slug(folder, file)
            if not is_address(project, file, slug, problems):
                continue
            if is_taken(slug, languages):
                first = slug.partition("/")[0]
                fact = f'the name "{first}" is taken: the website keeps something else there.'
                problems.append(Problem(Place(project.name(file)), fact, "Give it another name."))
            elif page := reader.read(Parser.page, project, file, problems):
                pages[code, slug] = page
                broken.remove((code, slug))
    _check_strays(project, problems)
    if not languages and not problems:
        fact = "there is nothing to read."
        hint = "Make a folder for a language, such as docs/en, with words.yml and index.md."
        problems.append(Problem(Place("docs"), fact, hint))
    main = settings.main_language
    if main not in languages and not problems:
        fact = f'the main language is "{main}", but there is no folder docs/{main}.'
        hint = choices(languages, main, "languages") + " Write it under `theme:` as `language:`."
        problems.append(Problem(Place("mkdocs.yml"), fact, hint))
    return Docs(
        project,
        languages,
        pages,
        frozenset(broken),
        facts,
        main,
        settings.site_name,
        settings.site_url,
        settings.options,
        read_translations(project, languages, pages, main, problems),
        rules,
    )


def read_own(project: Project, folder: Path, problems: list[Problem]) -> list[OwnWords]:
    """Read what a clinic says itself, a file a language; folder is the clinic's.

    Notes every problem, and leaves out what has one, and files that are named like no language.
    """
    own_words = []
    for file in page_files(folder):
        if file.parent != folder or not right_tag(file.stem):
            continue
        basics = _basics(project, [])
        if file.stem not in basics.languages:
            if basics.languages and not (project.folder / "docs" / file.stem).is_dir():
                fact = "this is in no language of this project."
                hint = choices((f"{code}.md" for code in basics.languages), file.name, "names")
                problems.append(Problem(Place(project.name(file)), fact, hint))
            continue
        reader = basics.reader(project, file.stem)
        if reader and (own := reader.read(Parser.own_words, project, file, problems)):
            own_words.append(own)
    return own_words


def _slug(folder: Path, file: Path) -> str:
    return file.relative_to(folder).with_suffix("").as_posix()


def _check_strays(project: Project, problems: list[Problem]) -> None:
    """Refuse pages and rules that would be passed over: their place or their ending is wrong."""
    docs = project.folder / "docs"
    for file in sorted(docs.rglob("*")):
        if is_passed_over(file):
            continue
        if file.parent == docs and file.suffix == ".md":
            fact = "this page stands in the folder of no language."
            problems.append(Problem(Place(project.name(file)), fact, "Move it, say to docs/en/."))
        elif file.parent == docs and file.name == RULES:
            fact = "these rules stand in the folder of no language."
            problems.append(Problem(Place(project.name(file)), fact, "Move them, say to docs/en/."))
        elif file.suffix != ".md" and file.suffix.lower() in (".md", ".markdown"):
            fact = "this is no page: its name does not end in .md."
            problems.append(Problem(Place(project.name(file)), fact, "Rename the file."))
