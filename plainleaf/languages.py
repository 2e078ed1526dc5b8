"""The languages that people read: a folder of docs/ each, with its fixed words in words.yml."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from babel import Locale, UnknownLocaleError

from plainleaf.model import Language, Project
from plainleaf.problems import Place, Problem
from plainleaf.yaml_file import Record, read_yaml

NOT_LANGUAGES = ("assets", "facts")


def read_languages(project: Project, problems: list[Problem]) -> dict[str, Language]:
    """Read the words of every language folder of docs/, by the language's code."""
    docs = project.folder / "docs"
    folders = sorted(path for path in docs.iterdir() if path.is_dir()) if docs.is_dir() else []
    languages = {}
    for folder in folders:
        if folder.name.startswith(".") or folder.name in NOT_LANGUAGES:
            continue
        if language := _language(project, folder, problems):
            languages[language.code] = language
    return languages


def _language(project: Project, folder: Path, problems: list[Problem]) -> Language | None:
    try:
        locale = Locale.parse(folder.name)
    except (ValueError, UnknownLocaleError):
        problems.append(
            Problem(
                Place(project.name(folder)),
                f'"{folder.name}" is the code of no language.',
                "Name the folder by a language code, such as docs/en or docs/ar.",
            )
        )
        return None
    path = folder / "words.yml"
    record = read_yaml(path, project.name(path), "the words of a language", problems)
    if record is None:
        return None
    fonts = record.texts("fonts")
    words = _texts(record, "words")
    labels = _texts(record, "labels")
    risks = {}
    if table := record.record("risks", "the risks"):
        for name in table.names():
            if risk := table.record(name, "the words of a risk"):
                spoken = {"name": risk.text("name"), "here": risk.text("here")}
                spoken["elsewhere"] = risk.text("elsewhere", "")
                record.is_good &= risk.finish()
                risks[name] = spoken
    if not record.finish():
        return None
    name = (locale.get_display_name() or folder.name).capitalize()
    direction: Literal["ltr", "rtl"] = "rtl" if locale.text_direction == "rtl" else "ltr"
    source = Place(project.name(path))
    return Language(folder.name, name, direction, fonts, words, labels, risks, source)


def _texts(record: Record, key: str) -> dict[str, str]:
    table = record.record(key, f"the {key}")
    if table is None:
        return {}
    texts = {name: table.text(name) for name in table.names()}
    record.is_good &= table.finish()
    return texts
