"""mkdocs.yml: what reading the pages needs of the website's settings."""

from __future__ import annotations

import os
import pkgutil
import re
from collections.abc import Iterator, Mapping
from copy import deepcopy
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import markdown.extensions
import yaml

from plainleaf.addresses import fault_of_website, meant_website
from plainleaf.files.yaml_file import key_in, read_yaml
from plainleaf.html.sections import UNNAMED
from plainleaf.html.tables import note_uneven_rows
from plainleaf.model import Project
from plainleaf.problems import Place, Problem, guess, line_of, short

# The extensions that come with Python-Markdown.
_OWN = {module.name for module in pkgutil.iter_modules(markdown.extensions.__path__)}

FILE = "mkdocs.yml"
# int() refuses more than 4,300 digits; no setting has a hundred.
_LONG_NUMBER = re.compile(r"[0-9][0-9_:]{100,}")
# MkDocs adds these whatever mkdocs.yml says (mkdocs.config.defaults, MarkdownExtensions).
ALWAYS = ("toc", "tables", "fenced_code")
# What website.py says in their place, so that MkDocs never sees them; hooks are run and not judged.
_OURS = ("docs_dir", "site_dir", "nav", "markdown_extensions", "hooks")


@dataclass(frozen=True, slots=True)
class Settings:
    """The Markdown extensions, the site's main language, its name, and where it is hosted.

    extensions read the pages as they are printed, too: options holds all that the website's say.
    Pages can be judged only if it is_legible.
    """

    extensions: Extensions
    options: Mapping[str, Mapping[str, Any]]
    is_legible: bool
    main_language: str
    site_name: str
    site_url: str


def read_settings(project: Project, problems: list[Problem]) -> Settings:
    """Read mkdocs.yml; note what is wrong with it and go on with what MkDocs would assume."""
    before = len(problems)
    text, values = _values(project, problems)
    theme = values.get("theme")
    language = theme.get("language", "en") if isinstance(theme, dict) else "en"
    options = _extensions(values.get("markdown_extensions") or [], text, problems)
    is_legible = len(problems) == before  # else Markdown would be read otherwise than meant
    problems += _not_for_mkdocs(project, values, text) if values else ()
    name, url = (str(values.get(key) or "") for key in ("site_name", "site_url"))
    if url and (fault := fault_of_website(url)):
        hint = "Write it with https:// and nothing after the folder that holds index.html: "
        hint += f"`site_url: {meant_website(url)}`."
        problems.append(Problem(key_in(text, Place(FILE), "site_url"), fault, hint))
    # The signs beside headings that lead to them lead nowhere on paper.
    toc = {name: value for name, value in options["toc"].items() if name != "permalink"}
    extensions = Extensions(tuple(options), {**options, "toc": toc})
    return Settings(extensions, options, is_legible, str(language), name, url)


def _not_for_mkdocs(project: Project, values: Mapping[str, Any], text: str) -> Iterator[Problem]:
    """Give what MkDocs refuses in its settings, or only warns about when it builds the website."""
    os.environ["NO_MKDOCS_2_WARNING"] = "1"  # silences a long notice of the theme
    from mkdocs.config.defaults import MkDocsConfig  # noqa: PLC0415 slow

    given = {key: value for key, value in deepcopy(dict(values)).items() if key not in _OURS}
    given.pop("INHERIT", None)  # refused where the file is read
    if isinstance(given.get("theme"), dict):
        given["theme"].pop("custom_dir", None)  # website.py sets this, too
    names = [str(name) for name, _ in MkDocsConfig()._schema]
    messages: dict[tuple[str, str], None] = {}
    while True:
        config = MkDocsConfig(config_file_path=str(project.folder / FILE))
        config.load_dict(deepcopy(given))
        errors, warnings = config.validate()
        messages |= {(str(key), str(message)): None for key, message in (*errors, *warnings)}
        # It stops at the first error: what stands after it is judged without it.
        if not [given.pop(key) for key, _ in errors if key in given]:
            break
    for key, message in messages:
        place = key_in(text, Place(FILE), key)
        if key in _OURS:
            continue
        if key not in names:
            fact = f'"{key}" is not a setting of MkDocs.'
            yield Problem(place, fact, guess(key, names).strip() or "Take it away.")
        else:
            fact = f'MkDocs does not take "{key}" as it is: {_plainly(message)}.'
            yield Problem(place, fact, "Its documentation says what it takes: www.mkdocs.org.")


def _plainly(message: str) -> str:
    """Give a message of MkDocs without the types of Python."""
    kinds = {"str": "text", "int": "number", "bool": "true or false", "list": "list"}
    kinds |= {"dict": "keys and values", "NoneType": "nothing"}
    message = re.sub(r"<class '(\w+)'>", lambda match: kinds.get(match[1], match[1]), message)
    first, *rest = message.strip().rstrip(".").split(". ")
    return ". ".join([first[:1].lower() + first[1:], *rest])


@lru_cache(8)
def meaning_of(text: str) -> dict[str, Any]:
    """Give what the text of the file means to MkDocs; it is shared and must not be changed.

    Raises YAMLError, ValueError or TypeError for what means nothing.
    """
    return dict(yaml.safe_load(text) or {})


def _values(project: Project, problems: list[Problem]) -> tuple[str, dict[str, Any]]:
    """Read the file twice: by our loader for what is wrong, as MkDocs does for its meaning."""
    before = len(problems)
    read_yaml(project, project.folder / FILE, "the website", problems)
    if len(problems) > before:
        return "", {}
    text = project.text(FILE)
    if number := _LONG_NUMBER.search(text):
        line = text.count("\n", 0, number.start()) + 1
        fact = f'the number "{short(number[0])}" is too long.'
        _refuse(line, fact, "Write a shorter one.", problems)
        return "", {}
    try:
        values = deepcopy(meaning_of(text))
    except yaml.MarkedYAMLError as error:  # a list as a key, or `<<` beside no mapping
        line = error.problem_mark.line + 1 if error.problem_mark else 0
        _refuse(line, "the YAML is broken here.", "Write it as `key: value`.", problems)
        return "", {}
    except ValueError as error:  # a date such as 2026-02-30
        fact = f"a value is not what it looks like: {error}."
        _refuse(0, fact, "Put the value in quotes.", problems)
        return "", {}
    if "INHERIT" in values:
        fact = '"INHERIT" takes in a second file, which the website of each language would lack.'
        _refuse(line_of(text, "INHERIT"), fact, "Write its lines into this file.", problems)
    return text, values


def _extensions(listed: Any, text: str, problems: list[Problem]) -> dict[str, Mapping[str, Any]]:
    """Give the options of each Markdown extension that works."""
    options: dict[str, Mapping[str, Any]] = {name: {} for name in ALWAYS}
    for item in listed if isinstance(listed, list) else [listed]:
        options |= item if isinstance(item, dict) else {str(item): {}}
    for name, given in list(options.items()):
        options[name] = given or {}
        fact = ""
        try:
            Extensions((name,), {name: options[name]}).convert("")
        except ImportError:
            fact = f'there is no Markdown extension "{name}".'
        except (AttributeError, TypeError, KeyError, ValueError):
            fact = f'the Markdown extension "{name}" does not work with these options.'
        if fact:
            hint = "Check its name and its options under `markdown_extensions:`."
            _refuse(line_of(text, name), fact, hint, problems)
            del options[name]
    if text and 'id="a"' not in Extensions(tuple(options), options).convert("## A {#a}"):
        fact = 'the Markdown extension "attr_list" is missing: headings take their ids from it.'
        hint = "Add a line `- attr_list` under `markdown_extensions:`."
        _refuse(line_of(text, "markdown_extensions:"), fact, hint, problems)
    return options


def _refuse(line: int, fact: str, hint: str, problems: list[Problem]) -> None:
    problems.append(Problem(Place(FILE, line), fact, hint))


@dataclass(frozen=True, slots=True)
class Extensions:
    """The Markdown extensions of mkdocs.yml, with their options."""

    names: tuple[str, ...]
    options: Mapping[str, Mapping[str, Any]]

    def __hash__(self) -> int:
        return hash(self.names)

    @property
    def are_self_contained(self) -> bool:
        """Whether all are Python-Markdown's own: those of others may take in files."""
        return _OWN.issuperset(name.removeprefix("markdown.extensions.") for name in self.names)

    def convert(self, text: str, uneven: list[str] | None = None) -> str:
        """Turn Markdown into HTML just as the website does, but mark headings without an id.

        uneven takes the rows of tables with more cells than heads, of which some are lost.
        """
        options = {name: dict(values) for name, values in self.options.items()}
        options.setdefault("toc", {})["slugify"] = lambda *_: UNNAMED
        reader = markdown.Markdown(extensions=list(self.names), extension_configs=options)
        note_uneven_rows(reader, [] if uneven is None else uneven)
        return reader.convert(text)
