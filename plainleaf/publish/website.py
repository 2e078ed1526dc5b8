"""The website: each language an ordinary MkDocs project, laid out and built by itself.

The same trees build with MkDocs' successors:
tests/publish/test_successors.py says what would change.
"""

from __future__ import annotations

import json
import os
import posixpath
import string
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from markupsafe import Markup

from plainleaf.addresses import CODES, address, emergency_address, feedback_address
from plainleaf.compose.translated import of_page
from plainleaf.files.fonts import css_family, web_font_faces, web_fonts
from plainleaf.html.templates import rendered, speech
from plainleaf.machine.disk import write_below
from plainleaf.machine.engine import Died, Engine
from plainleaf.machine.keys import key_of, toolchain_key
from plainleaf.machine.last_build import MOST_PICTURE
from plainleaf.machine.logs import warnings_of
from plainleaf.machine.store import store_of
from plainleaf.machine.today import has_passed
from plainleaf.model import PAPERS, READERS, Checked, Docs, Language, Page, Printed, Project
from plainleaf.problems import MachineError, Place, Problem, line_of, stop_at
from plainleaf.publish.code_pages import FRAME, FRAME_MARKDOWN, Issued, by_handout
from plainleaf.publish.desk import Card, cards, own_of, sheets_of
from plainleaf.publish.search import INDEX, index, often_asked, ways_on
from plainleaf.publish.search_engines import HANDOUTS, head_metadata
from plainleaf.publish.terms import ELSEWHERE
from plainleaf.publish.terms import options as screen_options
from plainleaf.publish.theme import theme_letters, words_of_theme
from plainleaf.read.assets import published
from plainleaf.read.glossary import terms_of
from plainleaf.read.settings import FILE, meaning_of
from plainleaf.records.codes import ALPHABET, HALF, LENGTH
from plainleaf.typeset.typeset import NOWHERE

# What the fonts are called. A style sheet of its own: Chromium loads the fonts anew, and prints
# without them, where the same sheet also says what holds for a screen or for paper alone.
_FACES = "fonts/faces.css"
# The project's own mkdocs.yml, in the tree of each language.
INHERITED = "inherited.yml"
_DIED = (
    "two processes that built the website were killed, perhaps because memory ran out.\n"
    "    Close other programs, then build again. The last site is as it was."
)
# Files of the theme that are left out: search_engines.py draws one map of all languages, and the
# search is ours (search.py).
_LEFT_OUT = ("sitemap.xml", "assets/javascripts/lunr/", "assets/javascripts/workers/")
Tree = Mapping[str, bytes]


def build_websites(
    checked: Checked, printed: Sequence[Printed], editions: Sequence[Issued], engine: Engine
) -> dict[str, Tree]:
    """Build the website of each language; give its finished files by language and path.

    A language comes from the project's store if each file that MkDocs is given for it (lay_out)
    has the same name and bytes as before. editions: all that were ever issued.

    Raises ContentError for every warning of MkDocs, and MachineError if this machine cannot.
    """
    languages, store = checked.docs.languages, store_of(checked.project)
    trees = {code: lay_out(checked, languages[code], printed, editions) for code in languages}
    keys = {code: key_of(toolchain_key(), *tree, *tree.values()) for code, tree in trees.items()}
    finished: dict[str, Tree] = {
        code: cached for code, key in keys.items() if (cached := store.get(key))
    }
    new = [trees[code] for code in languages if code not in finished]
    problems: list[Problem] = []
    for tree, result in engine.run(run_mkdocs, new):
        code = next(code for code in languages if trees[code] is tree)
        if isinstance(result, Died):
            raise MachineError(_DIED)
        finished[code], warnings = result
        problems += [_problem(warning, checked.docs, code) for warning in warnings]
        if not warnings:
            store.put(keys[code], finished[code])
    stop_at(problems)
    return finished


def lay_out(
    checked: Checked, language: Language, printed: Sequence[Printed], editions: Sequence[Issued]
) -> dict[str, bytes]:
    """Give all that MkDocs takes for a language: an ordinary project, its files by path."""
    project, docs = checked.project, checked.docs
    pages = [page for page in docs.pages.values() if page.language == language.code]
    up = "../" if address(docs, language.code) else ""
    rest = f"{up}{address(docs, docs.main_language)}index.html"
    texts: dict[str, str] = {}
    for page in pages:
        texts[page.slug] = _render(
            project,
            "page.md.jinja",
            language,
            page=page,
            markdown=_leading_on(docs, page),
            elsewhere=_elsewhere(docs, page),
            rest=rest if docs.is_partial(language.code) else "",
            translated=of_page(docs, page),
            found=partial(head_metadata, docs, language.code, page.slug),
            is_overdue=has_passed(page.review_by, checked.today),
            before=_neighbour(page, pages, -1),
            after=_neighbour(page, pages, 1),
            sheets=sheets_of(page, printed),
            unlisted=[
                section.id
                for section in page.sections.values()
                # The boxes of lesser help stand below that of the emergency.
                if section.card in ("key", "today", "routine") or 'class="sources"' in section.html
            ],
            up=up,
        )
    texts |= _desks(docs, language, printed)
    texts[CODES] = _codes(docs, language, editions)
    texts[FRAME] = FRAME_MARKDOWN
    tree = {f"docs/{slug}.md": text.encode("utf-8") for slug, text in texts.items()}
    tree[f"docs/{INDEX}"] = index(language, pages, cards(docs, printed, language.code))
    tree |= published(docs, language)
    for folder in reversed(project.template_folders("website")):
        tree |= _below(folder / "theme", "theme/", partial(project.content, most=MOST_PICTURE))
    theme, words = words_of_theme(language)
    tree |= words
    letters = theme_letters(language.code).union(*language.words.values(), *texts.values())
    letters.update(string.printable, *(other.name for other in docs.languages.values()))
    fonts = _fonts(project, language, letters)
    tree |= {f"theme/fonts/{name}": font for name, font in fonts.items()}
    tree[f"theme/{_FACES}"] = web_font_faces(fonts, language.fonts).encode("utf-8")
    family = Markup(css_family(language.fonts))
    tokens = _render(project, "tokens.css.jinja", language, family=family)
    tree["theme/website.css"] = tokens.encode("utf-8") + _joined(tree, "theme/css/")
    tree["theme/website.js"] = _joined(tree, "theme/scripts/")
    settings = _settings(docs, language, pages, list(fonts))
    settings["theme"]["language"] = theme
    tree["mkdocs.yml"] = json.dumps(settings, indent=2).encode("utf-8")
    tree[INHERITED] = project.text("mkdocs.yml").encode("utf-8")
    return tree


def _elsewhere(docs: Docs, page: Page) -> dict[str, str]:
    """Give the address of a page in each language that has it, as links from the page itself.

    MkDocs would take `../` before the name of the page's own folder for a way out of that.
    """
    codes = [code for code in docs.languages if (code, page.slug) in docs.pages]
    up = "../" * (page.slug.count("/") + bool(address(docs, page.language)))
    return {code: f"{up}{address(docs, code)}{page.slug}.html" for code in codes}


def _leading_on(docs: Docs, page: Page) -> str:
    """Give the Markdown of a page whose links to what its language lacks lead to the main one's."""
    text = page.markdown
    for link in page.links:
        here, there = (
            (code, link.page) in docs.pages for code in (page.language, docs.main_language)
        )
        if not here and there:
            file = posixpath.relpath(f"{link.page}.md", posixpath.dirname(page.slug) or ".")
            up = "../" * (page.slug.count("/") + 1) + address(docs, docs.main_language)
            target = f"{ELSEWHERE}{docs.main_language}:{up}{link.page}.html"
            for end in (")", "#"):
                text = text.replace(f"]({file}{end}", f"]({target}{end}")
    return text


def _below(folder: Path, prefix: str, content: Callable[[Path], bytes]) -> dict[str, bytes]:
    """Give the files below a folder by their path there, with a prefix; content reads a file."""
    return {
        f"{prefix}{path.relative_to(folder).as_posix()}": content(path)
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def _fonts(project: Project, language: Language, letters: set[str]) -> Mapping[str, bytes]:
    """Give the fonts of a website with the letters that it needs, cut down once for all builds."""
    text = "".join(sorted(letters))
    key = key_of(toolchain_key(), str(language.fonts), text)
    return store_of(project).once(key, lambda: web_fonts(language.fonts, text))


def _desks(docs: Docs, language: Language, printed: Sequence[Printed]) -> dict[str, str]:
    """Give the page of all handouts, and one for each clinic with its own, by their slugs."""
    all_cards = cards(docs, printed, language.code)
    pages = [page for page in docs.pages.values() if page.language == language.code]
    desks: dict[str, list[Card]] = {HANDOUTS: all_cards}
    for card in all_cards:
        desks.setdefault(f"{HANDOUTS}/{card.clinic.slug}/index", []).append(card)
    texts = {}
    for slug, of_desk in desks.items():
        clinic = of_desk[0].clinic if slug != HANDOUTS else None
        depth = slug.count("/") + address(docs, language.code).count("/")
        texts[slug] = _render(
            docs.project,
            "desk.md.jinja",
            language,
            cards=of_desk,
            clinic=clinic,
            own=own_of(clinic, docs, language.code) if clinic else None,
            pages=docs.pages,
            help=emergency_address(pages),
            papers=[
                paper for paper in PAPERS if any(paper in card.clinic.papers for card in of_desk)
            ],
            sizes={size for card in of_desk for size in card.clinic.sizes},
            up="../" * depth,
            found=head_metadata(docs, language.code, slug),
        )
    return texts


def _codes(docs: Docs, language: Language, editions: Sequence[Issued]) -> str:
    """Give the page on which people look up the code of their sheet."""
    return _render(
        docs.project,
        "codes.md.jinja",
        language,
        handouts=by_handout(editions, language.code),
        languages=docs.languages,
        alphabet=ALPHABET,
        half=HALF,
        length=LENGTH,
        up="../" if address(docs, language.code) else "",
        found=head_metadata(docs, language.code, CODES),
    )


def _neighbour(page: Page, pages: Sequence[Page], step: int) -> Page | None:
    """Give the page so many steps on in what the same readers need, or None where that ends."""
    if page.reader in ("", "site"):
        return None
    way = sorted((other for other in pages if other.reader == page.reader), key=lambda p: p.order)
    place = way.index(page) + step
    return way[place] if 0 <= place < len(way) else None


def _joined(tree: dict[str, bytes], folder: str) -> bytes:
    """Take a folder's files for their texts, joined in the order of their names.

    A phone on a slow line asks for one style sheet and one script, not for ten.
    """
    return b"\n".join(tree.pop(path) for path in sorted(tree) if path.startswith(folder))


def _settings(
    docs: Docs, language: Language, pages: Sequence[Page], fonts: Sequence[str]
) -> dict[str, Any]:
    """Give a language's mkdocs.yml (as JSON, which is YAML): what differs from the project's."""
    up = "../" if address(docs, language.code) else ""
    main = docs.languages[docs.main_language]
    screen = screen_options(terms_of(pages), main.name)
    of_site = [page for page in pages if page.reader == "site"]
    of_main = [page for page in docs.pages.values() if page.language == main.code]
    feedback, feedback_of_main = feedback_address(pages), feedback_address(of_main)
    languages = [
        {
            "name": other.name,
            "lang": other.code,
            "link": f"{up}{address(docs, other.code)}index.html",
        }
        for other in docs.languages.values()
    ]
    return {
        "INHERIT": INHERITED,
        # Without an address the 404 page of a further language would lead to the main one's pages.
        "site_url": f"{(docs.site_url or NOWHERE).rstrip('/')}/{address(docs, language.code)}",
        "docs_dir": "docs",
        "site_dir": "site",
        # Without directory addresses the site also opens from a folder, with no server.
        "use_directory_urls": False,
        "theme": {
            "direction": language.direction,
            "custom_dir": "theme",
            # With one palette the theme includes partials/palette.html: our own choices of display.
            "palette": [{"scheme": "default"}],
            # Our styles build on this look: Material's only one, one of two in Zensical.
            "variant": "classic",
        },
        "markdown_extensions": {**docs.extensions, "plainleaf.publish.terms": screen},
        "extra_css": [_FACES, "website.css"],
        "extra_javascript": [{"path": "website.js", "defer": True}],
        "extra": {
            "alternate": languages if len(languages) > 1 else [],
            # The title of the group of pages that stands at the foot.
            "about": language.words.get("reader_site", ""),
            "emergency": emergency_address(pages),
            "feedback": feedback or (feedback_of_main and f"{up}{feedback_of_main}"),
            "is_feedback_elsewhere": not feedback,
            # Where a language has no pages about the site, its foot names those of the main one.
            "about_elsewhere": [
                {"title": page.menu, "url": f"{up}{page.slug}.html"}
                for page in sorted(of_main, key=lambda page: page.order)
                if page.reader == "site" and not of_site
            ],
            "main_language": main.code,
            "main_language_name": main.name,
            "words": dict(language.words),
            "fonts": [f"fonts/{name}" for name in fonts],
            "asked": often_asked(pages),
            "ways_on": ways_on(pages),
        },
        "plugins": _plugins(docs.project),
        "nav": _navigation(pages, language.words),
        # Clinics bookmark their desk; in the menu, patients would have to choose among clinics.
        "not_in_nav": f"/handouts/*/index.md\n/{FRAME}.md",
    }


def _plugins(project: Project) -> dict[str, Any]:
    """Give the plugins that mkdocs.yml names, and tell the theme to leave searching to us.

    MkDocs, and those who follow it, add the theme's own search where nothing is said of it.
    """
    listed = meaning_of(project.text(FILE)).get("plugins") or []
    named: dict[str, Any] = {}
    for item in [listed] if isinstance(listed, dict) else listed:
        named |= item if isinstance(item, dict) else {item: {}}
    return {**named, "search": {"enabled": False}}


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
            groups[page.reader].append({page.menu: [_entry(other) for other in ordered]})
        elif not folder or not any(other.slug == f"{folder}/index" for other in pages):
            groups[page.reader].append(_entry(page))
    handouts = [{words["handouts"]: "handouts.md"}, {words["codes"]: f"{CODES}.md"}]
    if groups["clinic"]:
        groups["clinic"][:0] = handouts
    grouped = [{words[f"reader_{name}"]: groups[name]} for name in READERS if groups[name]]
    return [*groups[""], *grouped, *([] if groups["clinic"] else handouts)]


def _entry(page: Page) -> dict[str, str]:
    return {page.menu: f"{page.slug}.md"}


def _render(project: Project, template: str, language: Language, **values: Any) -> str:
    return rendered(project, "website", template, {**speech(language), **values})


def load_mkdocs() -> None:
    """Load what builds a website, so that the first one of this process is not the slow one."""
    import mkdocs.commands.build  # noqa: F401, PLC0415 slow, and not needed to check


def run_mkdocs(tree: Tree) -> tuple[dict[str, bytes], list[str]]:
    """Build a language's tree in a folder of its own; give the finished files, and warnings."""
    # Otherwise Material prints a long notice about MkDocs 2 for every build.
    os.environ["NO_MKDOCS_2_WARNING"] = "1"
    from mkdocs.commands.build import build  # noqa: PLC0415 slow, and not needed to check
    from mkdocs.config import load_config  # noqa: PLC0415
    from mkdocs.exceptions import MkDocsException  # noqa: PLC0415

    with TemporaryDirectory(prefix="plainleaf-") as name, warnings_of("mkdocs") as warnings:
        folder = Path(name)
        write_below(folder, tree)
        try:
            build(load_config(str(folder / "mkdocs.yml")))
        except (MkDocsException, SystemExit) as error:
            if not warnings:
                warnings.append(str(error))
        built = _below(folder / "site", "", Path.read_bytes)
    # Source maps of scripts are for developers of the theme, and would be a third of the copy that
    # patients keep.
    finished = {
        path: content
        for path, content in built.items()
        if not (path.endswith(".map") or path.startswith(_LEFT_OUT))
    }
    return finished, warnings


def _problem(warning: str, docs: Docs, language: str) -> Problem:
    """Say a warning of MkDocs with the page it names, or mkdocs.yml where it names none."""
    for (code, slug), page in docs.pages.items():
        if code == language and f"'{slug}.md'" in warning:
            quoted = warning.split("'")[3::2]
            text = docs.project.text(page.source.path)
            line = next((line_of(text, piece) for piece in quoted if piece in text), 1)
            hint = "Correct this page; the website is built only without warnings."
            return Problem(Place(page.source.path, line), warning, hint)
    hint = "Correct mkdocs.yml; the website is built only without warnings."
    return Problem(Place("mkdocs.yml"), warning, hint)
