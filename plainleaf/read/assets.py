"""The files of docs/ beside its pages: which are published, and which nobody uses.

Only pictures that a page, mkdocs.yml or a template names go out, each as pictures.py makes it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import lxml.html
import yaml

from plainleaf.files.drawings import UnfitError
from plainleaf.files.pictures import (
    HEAVY,
    OF_LOGO,
    OF_PAGE,
    fault_of,
    finished,
    named,
    nearest,
)
from plainleaf.files.yaml_file import line_of_key
from plainleaf.machine.disk import is_within
from plainleaf.model import Docs, Language, Page, Project
from plainleaf.problems import Place, Problem, line_of
from plainleaf.read.pages import file_of
from plainleaf.read.rules import FILE as RULES
from plainleaf.read.settings import meaning_of
from plainleaf.read.translations import FILE, WORDS
from plainleaf.text import is_passed_over

SETTINGS = "mkdocs.yml"
# Pictures that the theme shows: MkDocs names them from docs/, Material where it draws them.
_OF_THEME = ("logo", "favicon")
_MENTIONED = re.compile(r"\bassets/[^\s\"'`<>(){}|]+")
_MOST_NAMES = 8
# What stands beside the pages of a language, and is read by others.
_OF_LANGUAGE = (*WORDS, FILE, "lexicon.yml")
_UNUSED = (
    "Only pictures that a page, mkdocs.yml or a template shows go out. Keep the rest elsewhere."
)


def published(docs: Docs, language: Language) -> dict[str, bytes]:
    """Give the pictures that a website shows, by their paths in the tree that MkDocs takes.

    Each keeps its name, whatever kind of picture is made of it: browsers look at what it holds
    (MIME Sniffing Standard, 6.1).
    """
    own = f"{language.code}/"
    return {
        f"docs/{name.removeprefix(own)}": finished(docs.project, path, OF_PAGE).content
        for name, path in _used(docs).items()
        if name.startswith(("assets/", own))
    }


def in_assets(docs: Docs) -> Iterator[Problem]:
    """Give what is wrong with the theme's pictures, and warn of what is heavy or used nowhere."""
    if not docs.languages:
        return  # there is nothing yet that would show a picture
    project = docs.project
    of_theme: dict[str, tuple[str, str]] = {}  # often the logo is the favicon too
    for key, written, name in _of_theme(docs):
        of_theme.setdefault(name, (key, written))
    for name, (key, written) in of_theme.items():
        place, path = line_of_key(project, Place(SETTINGS), "theme", key), _inside(docs, name)
        if path is None:
            hint = nearest(project.folder / "docs", name) or "Put it there, or take the line away."
            yield Problem(place, f'the {key} "{written}" is not in docs/.', hint)
        elif fault := fault_of(project, path, OF_PAGE):
            yield Problem(place, f'the {key} "{written}" {fault.fact}.', fault.hint)
    if not docs.broken:  # else a page with problems may be the one that names it
        yield from _unused(docs)


def heavy(docs: Docs, logos: Iterable[tuple[Path, Place]]) -> Iterator[Problem]:
    """Warn of each picture that is a burden where it goes; logos come with who names them."""
    project = docs.project
    for logo, place in logos:
        line = line_of_key(project, place, "logo")
        yield from _heavy(project, logo, OF_LOGO, line)
    for page in docs.pages.values():
        for name in _of_page(page):
            if path := _inside(docs, name):
                text = project.text(page.source.path)
                place = Place(page.source.path, line_of(text, Path(name).name))
                yield from _heavy(project, path, OF_PAGE, place)


def _heavy(project: Project, path: Path, size: tuple[int, int], place: Place) -> Iterator[Problem]:
    try:
        picture = finished(project, path, size)
    except UnfitError:
        return  # in_assets or pages.py names the fault
    taken = len(picture.content)
    if taken > HEAVY:
        share = (HEAVY / taken) ** 0.5
        fact = f"{project.name(path)} takes {taken / 1_000_000:.1f} MB"
        hint = f"Save it as a JPEG, or {share:.0%} as wide"
        if picture.kind == "image/svg+xml":
            hint = "Simplify it, or save it as a PNG or JPEG"
        yield Problem(
            place,
            f"{fact} wherever it is shown or printed: slow on a telephone, much for an e-mail.",
            f"{hint}. Up to {HEAVY // 1_000_000} MB is no burden.",
            is_warning=True,
        )


def _unused(docs: Docs) -> Iterator[Problem]:
    project, used = docs.project, set(_used(docs).values())
    for name in ("assets", *docs.languages):
        folder = project.folder / "docs" / name
        left = [
            project.name(path).removeprefix(f"docs/{name}/")
            for path in _beside_pages(folder)
            if path not in used
        ]
        if left:
            more = f" and {len(left) - _MOST_NAMES} more" if len(left) > _MOST_NAMES else ""
            verb = "is" if len(left) == 1 else "are"
            fact = f"{', '.join(left[:_MOST_NAMES])}{more} {verb} used nowhere, and not published."
            yield Problem(Place(f"docs/{name}"), fact, _UNUSED, is_warning=True)


def _beside_pages(folder: Path) -> Iterator[Path]:
    """Give the files of a folder that are neither pages nor words; links are not followed."""
    for within, folders, files in os.walk(folder):
        links = [name for name in folders if Path(within, name).is_symlink()]
        folders[:] = sorted(set(folders) - set(links))
        for name in sorted([*files, *links]):
            path = Path(within, name)
            is_read = path.suffix.lower() in (".md", ".markdown") or (
                path.name == RULES or (path.parent == folder and path.name in _OF_LANGUAGE)
            )
            if not is_read and not is_passed_over(path):
                yield path


def _used(docs: Docs) -> dict[str, Path]:
    """Give the pictures that are used, by the names from docs/ under which they are."""
    names = {name for page in docs.pages.values() for name in _of_page(page)}
    names |= {name for _, _, name in _of_theme(docs)}
    names |= {name for text in _texts(docs.project) for name in _MENTIONED.findall(text)}
    return {
        name: path
        for name in sorted(names)
        if (path := _inside(docs, name)) and fault_of(docs.project, path, OF_PAGE) is None
    }


def _inside(docs: Docs, name: str) -> Path | None:
    """Give a file of docs/ by its name; None if it is not there, or a link leads out of docs/."""
    folder = docs.project.folder / "docs"
    path = named(folder, name)
    return path if path and is_within(path, folder) else None


def _of_page(page: Page) -> Iterator[str]:
    """Give the pictures that a page shows, named from docs/; no link leads to one (links.py)."""
    tree = lxml.html.fragment_fromstring(page.html, create_parent="div")
    for image in tree.iter("img"):
        address = str(image.get("src", ""))
        if address and ":" not in address:
            yield file_of(page.language, f"{page.slug}.md", address)


def _of_theme(docs: Docs) -> Iterator[tuple[str, str, str]]:
    """Give the theme's pictures: the key in mkdocs.yml, its value, and the name from docs/."""
    theme = None
    with suppress(yaml.YAMLError, ValueError, TypeError):  # settings.py names the fault
        theme = meaning_of(docs.project.text(SETTINGS)).get("theme")
    for key in _OF_THEME:
        written = theme.get(key) if isinstance(theme, dict) else None
        if isinstance(written, str) and "://" not in written:
            yield key, written, file_of(docs.main_language, "index.md", written)


def _texts(project: Project) -> Iterator[str]:
    """Give the texts that may name a picture beside the pages."""
    yield project.text(SETTINGS)
    for path in sorted((project.folder / "templates").rglob("*")):
        if path.suffix in (".jinja", ".html", ".css", ".js") and path.is_file():
            yield project.text(path)
