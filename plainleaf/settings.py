"""mkdocs.yml: what reading the pages needs of the website's settings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

import yaml

from plainleaf.model import Project
from plainleaf.pages import Extensions
from plainleaf.problems import Place, Problem, line_of, read_text, short
from plainleaf.yaml_file import read_yaml

FILE = "mkdocs.yml"
# Longer than Python reads, and than anything in this file.
_LONG_NUMBER = re.compile(r"[0-9][0-9_:]{100,}")
# MkDocs adds these whatever mkdocs.yml says (mkdocs.config.defaults, MarkdownExtensions).
ALWAYS = ("toc", "tables", "fenced_code")


@dataclass(frozen=True, slots=True)
class Settings:
    """The Markdown extensions, the site's main language, its name, and where it is hosted."""

    extensions: Extensions
    main_language: str
    site_name: str
    site_url: str


def read_settings(project: Project, problems: list[Problem]) -> Settings:
    """Read mkdocs.yml; note what is wrong with it and go on with what MkDocs would assume."""
    text, values = _values(project, problems)
    theme = values.get("theme")
    language = theme.get("language", "en") if isinstance(theme, dict) else "en"
    extensions = _extensions(values.get("markdown_extensions") or [], text, problems)
    name, url = (str(values.get(key) or "") for key in ("site_name", "site_url"))
    return Settings(extensions, str(language), name, url)


def _values(project: Project, problems: list[Problem]) -> tuple[str, dict[str, Any]]:
    """Read the file twice: by our loader for what is wrong, as MkDocs does for its meaning."""
    path = project.folder / FILE
    before = len(problems)
    read_yaml(path, FILE, "the website", problems)
    text = read_text(path, FILE, []) if len(problems) == before else None
    if text is None:
        return "", {}
    if found := _LONG_NUMBER.search(text):
        fact = f'the number "{short(found[0])}" is too long.'
        place = Place(FILE, text.count("\n", 0, found.start()) + 1)
        problems.append(Problem(place, fact, "Write a shorter one."))
        return "", {}
    try:
        values = dict(yaml.safe_load(text))
    except yaml.MarkedYAMLError as error:  # a list as a key, or `<<` beside no mapping
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        hint = "Write it as `key: value`."
        problems.append(Problem(Place(FILE, line), "the YAML is broken here.", hint))
        return "", {}
    except ValueError as error:  # a date such as 2026-02-30
        fact = f"a value is not what it looks like: {error}."
        problems.append(Problem(Place(FILE), fact, "Put the value in quotes."))
        return "", {}
    if "INHERIT" in values:
        fact = '"INHERIT" takes in a second file, which the website of each language would lack.'
        hint = "Write its lines into this file."
        problems.append(Problem(Place(FILE, line_of(text, "INHERIT")), fact, hint))
    return text, values


def _extensions(listed: Any, text: str, problems: list[Problem]) -> Extensions:
    options: dict[str, dict[str, Any]] = {name: {} for name in ALWAYS}
    if isinstance(listed, dict):
        listed = [{name: given} for name, given in listed.items()]
    for item in listed if isinstance(listed, list) else [listed]:
        options |= item if isinstance(item, dict) else {str(item): {}}
    for name, given in list(options.items()):
        options[name] = given or {}
        try:
            Extensions((name,), {name: options[name]}).convert("")
        except ImportError:
            _refuse(f'there is no Markdown extension "{name}".', name, text, problems)
            del options[name]
        except (AttributeError, TypeError, KeyError, ValueError):
            fact = f'the Markdown extension "{name}" does not work with these options.'
            _refuse(fact, name, text, problems)
            del options[name]
    extensions = Extensions(tuple(options), options)
    if text and 'id="a"' not in extensions.convert("## A {#a}"):
        fact = 'the Markdown extension "attr_list" is missing: headings take their ids from it.'
        hint = "Add a line `- attr_list` under `markdown_extensions:`."
        problems.append(Problem(Place(FILE, line_of(text, "markdown_extensions:")), fact, hint))
    return extensions


def _refuse(fact: str, name: str, text: str, problems: list[Problem]) -> None:
    hint = "Check its name and its options under `markdown_extensions:`."
    problems.append(Problem(Place(FILE, line_of(text, name)), fact, hint))
