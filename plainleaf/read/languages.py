"""The languages that people read: a folder of docs/ each, with the words of words.yml.

Beside it may stand shared.yml: what must read the same wherever it stands.
"""

from __future__ import annotations

import string
from collections.abc import Collection, Mapping
from pathlib import Path

from plainleaf.files.yaml_file import Record, read_yaml
from plainleaf.html.locales import direction_of, name_of, right_tag
from plainleaf.html.templates import words_used
from plainleaf.model import Language, Project, Shared
from plainleaf.problems import Place, Problem, choices

NOT_LANGUAGES = ("assets", "facts")
# What is pasted in front of the lines of a list, where the page draws a bullet of its own.
_BULLETS = ("•", "·", "▪", "- ", "– ", "* ")


def read_languages(project: Project, problems: list[Problem]) -> dict[str, Language]:
    """Read the words of every language folder of docs/, by the language's code."""
    places = words_used(project)  # None where a template is broken
    languages = {}
    for folder in language_folders(project):
        if language := _language(project, folder, places, problems):
            languages[language.code] = language
    return languages


def language_folders(project: Project) -> list[Path]:
    """Give the folders of docs/ that are named like a language, or ought to be."""
    docs = project.folder / "docs"
    return sorted(
        path
        for path in (docs.iterdir() if docs.is_dir() else ())
        if path.is_dir() and not path.name.startswith(".") and path.name not in NOT_LANGUAGES
    )


def _language(
    project: Project, folder: Path, places: Mapping[str, set[str]] | None, problems: list[Problem]
) -> Language | None:
    tag = folder.name
    if right_tag(tag) != tag:
        fact = f'"{tag}" is the code of no language.'
        hint = "Name the folder by a language code, such as docs/en, docs/ar or docs/pt-BR."
        if right := right_tag(tag):
            fact = f'"{tag}" is written "{right}".'
            hint = f"Name the folder docs/{right}."
        problems.append(Problem(Place(project.name(folder)), fact, hint))
        return None
    path = folder / "words.yml"
    record = read_yaml(project, path, "the words of a language", problems)
    if record is None:
        return None
    name = record.text("name", "") or name_of(tag)
    if not name:
        fact = f'nobody knows what "{tag}" is called in its own words.'
        record.note(fact, "Add a line `name:` at the top, such as `name: Gagana Samoa`.")
    fonts = record.texts("fonts")
    own_words = _texts(record, "words", places)
    labels = _texts(record, "labels", places and {})
    procedures = _texts(record, "procedures", places and {})
    shared = _shared(project, folder / "shared.yml", problems)
    risks = _risks(record, shared or {})
    if not record.finish() or shared is None:
        return None
    # The fixed words that come with the templates; there are none in a language unknown to us.
    path_of_ours = project.shared_templates / "words" / f"{tag}.yml"
    ours = path_of_ours.is_file() and read_yaml(project, path_of_ours, "fixed words", problems)
    words = {**(ours.texts_by_key() if ours else {}), **own_words}
    return Language(
        tag,
        name,
        direction_of(tag, words.values()),
        fonts,
        words,
        frozenset(own_words),
        labels,
        risks,
        procedures,
        shared,
        Place(project.name(path)),
    )


def _risks(record: Record, shared: Shared) -> dict[str, dict[str, str]]:
    """Read the words of each risk; its signs are those of shared.yml that it names, one a line."""
    risks = {}
    lines = {name: text for name, text in shared.items() if isinstance(text, str)}
    table = record.record("risks", "the risks")
    for key, risk in table.tables("the words of a risk") if table else ():
        spoken = {part: risk.text(part, "") for part in ("often", "do")}
        spoken["name"] = risk.text("name")
        signs = risk.texts("signs", default=())
        for name in signs:
            if name not in lines:
                hint = choices(lines, name, "lines of shared.yml")
                risk.note(f'no line of shared.yml is called "{name}".', hint, "signs")
        spoken["signs"] = "\n".join(lines[name] for name in signs if name in lines)
        risk.finish()
        risks[key] = spoken
    return risks


def _shared(project: Project, path: Path, problems: list[Problem]) -> Shared | None:
    """Read what is shared, phrases and lists; None where something in it is wrong."""
    if not path.exists():
        return {}
    record = read_yaml(project, path, "the shared words", problems)
    if record is None:
        return None
    shared: dict[str, str | tuple[str, ...]] = {}
    for name in record.names():
        if record.is_text(name):
            shared[name] = record.text(name)
        elif lines := record.record(name, f'the list "{name}"'):
            texts = lines.texts_by_key()
            for line, text in texts.items():
                if text.startswith(_BULLETS):
                    lines.note(f'"{text[0]}" stands before "{line}".', "Take it away.", line)
            shared[name] = tuple(texts.values())
            shared |= {f"{name}.{line}": text for line, text in texts.items()}
    return shared if record.finish() else None


def _texts(record: Record, key: str, places: Mapping[str, set[str]] | None) -> dict[str, str]:
    table = record.record(key, f"the {key}")
    if table is None:
        return {}
    texts = table.texts_by_key()
    if places is not None:
        for name, phrase in texts.items():
            _check_places(table, name, phrase, places.get(name, set()))
    return texts


def _check_places(record: Record, key: str, phrase: str, places: Collection[str]) -> None:
    """Refuse a place, such as {count}, that nothing fills: it would be printed as it stands."""
    hint = "Take the curly brackets away."
    if places:
        hint = f"Write only {', '.join(f'{{{place}}}' for place in sorted(places))} there."
    try:
        pieces = list(string.Formatter().parse(phrase))
    except ValueError:
        record.note(f'the curly brackets of "{key}" do not match.', hint, key)
        return
    for _, name, form, turn in pieces:
        if name is not None and (name not in places or form or turn):
            written = name + (f"!{turn}" if turn else "") + (f":{form}" if form else "")
            record.note(f'nothing fills the place {{{written}}} in "{key}".', hint, key)
