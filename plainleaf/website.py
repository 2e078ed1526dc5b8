"""The website: each language an ordinary MkDocs project, laid out in build/ and built there.

The only module that knows MkDocs. It writes below build/website/, and nowhere else. The same trees
build with MkDocs' successors: tests/test_successors.py says what would change.
"""

from __future__ import annotations

import json
import logging
import os
import shutil
import string
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from plainleaf.addresses import CODES, address, emergency_address
from plainleaf.control.codes import ALPHABET, HALF, LENGTH
from plainleaf.fonts import web_font_faces, web_fonts, whole_scripts
from plainleaf.glossary import terms_of
from plainleaf.model import PAPERS, READERS, Docs, Known, Language, Page, Printed, Project
from plainleaf.pages import page_files
from plainleaf.pictures import KINDS
from plainleaf.problems import ContentError, Place, Problem, line_of, read_text
from plainleaf.templates import environment, render_template, speech
from plainleaf.typeset import NOWHERE
from plainleaf.web.codes import Issued, by_handout
from plainleaf.web.desk import Card, cards
from plainleaf.web.firstpage import Picture
from plainleaf.web.found import HANDOUTS, told
from plainleaf.web.screen import options as screen_options


def build_websites(
    known: Known,
    printed: Sequence[Printed],
    pictures: Mapping[str, Picture],
    editions: Sequence[Issued],
) -> dict[str, Path]:
    """Build the website of each language; give the folders of the finished pages by language.

    pictures: the first page of each sheet, by the sheet's address. editions: all that were issued.

    Raises ContentError for every warning of MkDocs.
    """
    finished = {}
    for language in known.docs.languages.values():
        folder = _lay_out(known, language, printed, pictures, editions)
        _run_mkdocs(folder, known.project, language)
        finished[language.code] = folder / "site"
    return finished


def _lay_out(
    known: Known,
    language: Language,
    printed: Sequence[Printed],
    pictures: Mapping[str, Picture],
    editions: Sequence[Issued],
) -> Path:
    """Write all that MkDocs takes for a language; give the folder, which holds nothing else."""
    project, docs = known.project, known.docs
    folder = project.build / "website" / language.code
    shutil.rmtree(folder, ignore_errors=True)
    source = project.folder / "docs"
    pages = [page for page in docs.pages.values() if page.language == language.code]
    for page in pages:
        found = partial(told, docs, language.code, page.slug)
        is_overdue = page.review_by < known.today
        text = _render(
            project, "page.md.jinja", language, page=page, found=found, is_overdue=is_overdue
        )
        _write(folder / "docs" / f"{page.slug}.md", text)
    _lay_out_desks(folder, project, docs, language, printed, pictures)
    _lay_out_codes(folder, project, docs, language, editions)
    if (source / "assets").is_dir():
        shutil.copytree(source / "assets", folder / "docs" / "assets")
    for picture in (source / language.code).rglob("*"):
        if picture.suffix.lower() in KINDS:
            target = folder / "docs" / picture.relative_to(source / language.code)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(picture, target)
    for theme in reversed(project.template_folders("website")):
        if (theme / "theme").is_dir():
            shutil.copytree(theme / "theme", folder / "theme", dirs_exist_ok=True)
    fonts = web_fonts(language.fonts, _letters(folder / "docs", language))
    (folder / "theme" / "fonts").mkdir()
    for name, font in fonts.items():
        (folder / "theme" / "fonts" / name).write_bytes(font)
    faces = Markup(web_font_faces(language.fonts, "fonts/"))
    tokens = _render(project, "tokens.css.jinja", language, faces=faces)
    _write(folder / "theme" / "website.css", tokens + _joined(folder / "theme" / "css"))
    _write(folder / "theme" / "website.js", _joined(folder / "theme" / "scripts"))
    settings = _settings(project, docs, language, pages, list(fonts))
    _write(folder / "mkdocs.yml", json.dumps(settings, indent=2))
    return folder


def _letters(docs: Path, language: Language) -> set[str]:
    """Give the letters that a website needs: those of its pages, and of its words around them.

    Where it is not written in Latin letters, the theme's own words may need any of its script.
    """
    letters = set(string.printable).union(*language.words.values())
    for page in docs.rglob("*.md"):
        letters |= set(page.read_text("utf-8"))
    return letters | whole_scripts(letters, language.fonts)


def _lay_out_desks(
    folder: Path,
    project: Project,
    docs: Docs,
    language: Language,
    printed: Sequence[Printed],
    pictures: Mapping[str, Picture],
) -> None:
    """Write the page of all handouts, and one for each clinic with its own."""
    every = cards(docs, printed, language.code)
    desks: dict[str, list[Card]] = {HANDOUTS: every}
    for clinic in sorted({card.clinic.slug for card in every}):
        own = [card for card in every if card.clinic.slug == clinic]
        desks[f"{HANDOUTS}/{clinic}/index"] = own
    for slug, of_desk in desks.items():
        depth = slug.count("/") + address(docs, language.code).count("/")
        text = _render(
            project,
            "desk.md.jinja",
            language,
            cards=of_desk,
            clinic=of_desk[0].clinic if "/" in slug else None,
            pages=docs.pages,
            papers=PAPERS,
            pictures=pictures,
            up="../" * depth,
            found=told(docs, language.code, slug),
        )
        _write(folder / "docs" / f"{slug}.md", text)


def _lay_out_codes(
    folder: Path, project: Project, docs: Docs, language: Language, editions: Sequence[Issued]
) -> None:
    """Write the page on which people look up the code of their sheet."""
    text = _render(
        project,
        "codes.md.jinja",
        language,
        handouts=by_handout(editions, language.code),
        languages=docs.languages,
        alphabet=ALPHABET,
        half=HALF,
        length=LENGTH,
        up="../" if address(docs, language.code) else "",
        found=told(docs, language.code, CODES),
    )
    _write(folder / "docs" / f"{CODES}.md", text)


def _joined(folder: Path) -> str:
    """Take a folder's files for their texts, joined in the order of their names.

    A phone on a slow line asks for one style sheet and one script, not for ten.
    """
    files = sorted(folder.iterdir()) if folder.is_dir() else []
    text = "\n".join(file.read_text("utf-8") for file in files)
    shutil.rmtree(folder, ignore_errors=True)
    return text


def _settings(
    project: Project, docs: Docs, language: Language, pages: Sequence[Page], fonts: Sequence[str]
) -> dict[str, Any]:
    """Give a language's mkdocs.yml (as JSON, which is YAML): what differs from the project's."""
    up = "../" if address(docs, language.code) else ""
    screen = screen_options(terms_of(pages))
    languages = [
        {
            "name": other.name,
            "lang": other.code,
            "link": f"{up}{address(docs, other.code)}index.html",
        }
        for other in docs.languages.values()
    ]
    return {
        "INHERIT": os.path.relpath(
            project.folder / "mkdocs.yml", project.build / "website" / language.code
        ),
        # Without an address the 404 page of a further language would lead to the main one's pages.
        "site_url": f"{(docs.site_url or NOWHERE).rstrip('/')}/{address(docs, language.code)}",
        "docs_dir": "docs",
        "site_dir": "site",
        # Without directory addresses the site also opens from a folder, with no server.
        "use_directory_urls": False,
        "theme": {
            "language": language.code,
            "direction": language.direction,
            "custom_dir": "theme",
            # One, so that the theme asks for partials/palette.html: our own choices of display.
            "palette": [{"scheme": "default"}],
            # The look that our styles build on: Material's only one, one of two in Zensical.
            "variant": "classic",
        },
        "markdown_extensions": {**docs.extensions, "plainleaf.web.screen": screen},
        "extra_css": ["website.css"],
        "extra_javascript": [{"path": "website.js", "defer": True}],
        "extra": {
            "alternate": languages if len(languages) > 1 else [],
            "emergency": emergency_address(pages),
            # Before the theme's own script: see theme/folder.js.
            "polyfills": ["folder.js"],
            "words": dict(language.words),
            "fonts": [f"fonts/{name}" for name in fonts],
        },
        "nav": _navigation(pages, language.words),
        # A clinic bookmarks its own desk; patients need not choose among clinics on every page.
        "not_in_nav": "/handouts/*/index.md",
    }


def _navigation(pages: Sequence[Page], words: Mapping[str, str]) -> list[Any]:
    """Give the pages in their order: first those for everybody, then each reader's as a group.

    Previous and next lead along it, so that nobody who was just treated walks through what others
    read to decide. Those of a folder stand together, under its index page's title and for its
    reader. Who works at a clinic looks for the handouts first.
    """
    groups: dict[str, list[Any]] = {reader: [] for reader in ("", *READERS)}
    for page in sorted(pages, key=lambda page: page.order):
        folder, _, name = page.slug.rpartition("/")
        if folder and name == "index":
            inside = [other for other in pages if other.slug.startswith(f"{folder}/")]
            ordered = sorted(inside, key=lambda other: (other is not page, other.order))
            groups[page.reader].append({page.title: [_entry(other) for other in ordered]})
        elif not folder or not any(other.slug == f"{folder}/index" for other in pages):
            groups[page.reader].append(_entry(page))
    handouts = [{words["handouts"]: "handouts.md"}, {words["codes"]: f"{CODES}.md"}]
    if groups["clinic"]:
        groups["clinic"][:0] = handouts
    grouped = [{words[f"reader_{name}"]: groups[name]} for name in READERS if groups[name]]
    return [*groups[""], *grouped, *([] if groups["clinic"] else handouts)]


def _entry(page: Page) -> dict[str, str]:
    return {page.title: f"{page.slug}.md"}


def _render(project: Project, template: str, language: Language, **values: Any) -> str:
    strict = environment(project.template_folders("website"))
    text = render_template(
        strict, template, {**speech(language), **values}, lambda path: project.name(Path(path))
    )
    if isinstance(text, Problem):
        raise ContentError([text])
    return str(text)


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def _run_mkdocs(folder: Path, project: Project, language: Language) -> None:
    # Material greets every build with a long notice about MkDocs 2; it is no warning about ours.
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    from mkdocs.commands.build import build  # noqa: PLC0415 slow, and not needed to check
    from mkdocs.config import load_config  # noqa: PLC0415
    from mkdocs.exceptions import MkDocsException  # noqa: PLC0415

    with _warnings() as warnings:
        try:
            build(load_config(str(folder / "mkdocs.yml")))
            # found.py draws one map of all languages; those of scripts are for who mends the theme,
            # and would be a third of the copy that patients keep.
            for pattern in ("sitemap.xml*", "assets/**/*.map"):
                for path in (folder / "site").glob(pattern):
                    path.unlink()
        except (MkDocsException, SystemExit) as error:
            if not warnings:
                warnings.append(str(error))
    if warnings:
        raise ContentError([_problem(warning, project, language) for warning in warnings])


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """Collect what MkDocs and its parts only warn about, and keep them from the terminal."""
    seen: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(record.getMessage().strip())

    logger = logging.getLogger("mkdocs")
    handler = Collect(logging.WARNING)
    logger.addHandler(handler)
    try:
        yield seen
    finally:
        logger.removeHandler(handler)


def _problem(warning: str, project: Project, language: Language) -> Problem:
    """Say a warning of MkDocs with the page it names, or mkdocs.yml where it names none."""
    for file in page_files(project.folder / "docs" / language.code):
        name = file.relative_to(project.folder / "docs" / language.code).as_posix()
        if f"'{name}'" in warning:
            quoted = warning.split("'")[3::2]
            text = read_text(file, name, []) or ""
            line = next((line_of(text, piece) for piece in quoted if piece in text), 1)
            hint = "Correct this page; the website is built only without warnings."
            return Problem(Place(project.name(file), line), warning, hint)
    hint = "Correct mkdocs.yml; the website is built only without warnings."
    return Problem(Place("mkdocs.yml"), warning, hint)
