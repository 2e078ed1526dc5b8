"""Stage 1, read: docs/ becomes languages, facts and pages with sections."""

from __future__ import annotations

import re
from typing import Any

import yaml

from plainleaf.facts import read_facts
from plainleaf.languages import read_languages
from plainleaf.model import Docs, Page, Project
from plainleaf.pages import Extensions, Reader, page_files
from plainleaf.problems import Place, Problem, line_of, read_text
from plainleaf.yaml_file import read_yaml

# MkDocs adds these whatever mkdocs.yml says (mkdocs.config.defaults, MarkdownExtensions).
ALWAYS = ("toc", "tables", "fenced_code")
_SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def read(project: Project, problems: list[Problem]) -> Docs:
    """Read docs/ and mkdocs.yml; note every problem and leave out what has one."""
    settings = _settings(project, problems)
    extensions = _extensions(settings, project, problems)
    languages = read_languages(project, problems)
    facts = read_facts(project, problems)
    pages: dict[tuple[str, str], Page] = {}
    broken = set()
    for code, language in languages.items():
        folder = project.folder / "docs" / code
        reader = Reader(project, language, facts, extensions, problems)
        files = page_files(folder)
        if folder / "index.md" not in files:
            fact = "there is no index.md, the page on which people arrive."
            hint = "Write one; the other pages can wait."
            problems.append(Problem(Place(project.name(folder)), fact, hint))
        for file in files:
            slug = file.relative_to(folder).with_suffix("").as_posix()
            page = reader.read(file) if is_address(project, file, slug, problems) else None
            if page:
                pages[code, slug] = page
            else:
                broken.add((code, slug))
    if not languages and not problems:
        fact = "there is nothing to read."
        hint = "Make a folder for a language, such as docs/en, with words.yml and index.md."
        problems.append(Problem(Place("docs"), fact, hint))
    main = str(dict(settings.get("theme") or {}).get("language", "en"))
    return Docs(languages, pages, frozenset(broken), facts, main)


def is_address(project: Project, path: Any, slug: str, problems: list[Problem]) -> bool:
    """Tell whether a name can stand in a web address; note a problem if it cannot."""
    if all(_SLUG.fullmatch(part) for part in slug.split("/")):
        return True
    fact = f'the name "{slug}" cannot stand in a web address.'
    hint = "Use small letters a to z, digits, and a dash between words."
    problems.append(Problem(Place(project.name(path)), fact, hint))
    return False


def _settings(project: Project, problems: list[Problem]) -> dict[str, Any]:
    """Read mkdocs.yml twice: by our loader for what is wrong, as MkDocs does for its meaning."""
    path = project.folder / "mkdocs.yml"
    before = len(problems)
    read_yaml(path, "mkdocs.yml", "the website", problems)
    text = read_text(path, "mkdocs.yml", []) if len(problems) == before else None
    if text is None:
        return {}
    try:
        return dict(yaml.safe_load(text))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        hint = "Write plain values; tags such as `!ENV` or `!!python` are not for this file."
        problems.append(Problem(Place("mkdocs.yml", line), f"{error.problem}.", hint))
        return {}


def _extensions(settings: dict[str, Any], project: Project, problems: list[Problem]) -> Extensions:
    text = read_text(project.folder / "mkdocs.yml", "mkdocs.yml", []) or ""
    names = list(ALWAYS)
    options: dict[str, dict[str, Any]] = {}
    for item in settings.get("markdown_extensions") or []:
        name, given = next(iter(item.items())) if isinstance(item, dict) else (item, None)
        if name not in names:
            names.append(name)
        options[name] = dict(given or {})
    known = []
    for name in names:
        try:
            Extensions((name,), options if name in options else {}).convert("")
            known.append(name)
        except (ImportError, AttributeError, TypeError, KeyError, ValueError) as error:
            fact = f'the Markdown extension "{name}" does not work: {error}.'
            hint = "Check its name and its options under `markdown_extensions:`."
            problems.append(Problem(Place("mkdocs.yml", line_of(text, str(name))), fact, hint))
    return Extensions(tuple(known), {name: options[name] for name in known if name in options})
