"""A page: its front matter, its Markdown, and what must not stand in it."""

from __future__ import annotations

import pkgutil
import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import jinja2
import lxml.html
import markdown.extensions
from lxml import etree
from lxml.html import HtmlElement as Element

from plainleaf.fill import fill_page
from plainleaf.links import links_of, odd_links, unread_links
from plainleaf.markup import in_page
from plainleaf.model import NOBODY, READERS, Facts, Language, Page, Project
from plainleaf.origins import Origins
from plainleaf.pictures import fault_of, is_there
from plainleaf.problems import Place, Problem, choices, is_passed_over, line_of, read_text
from plainleaf.secondreader import second_reading
from plainleaf.sections import UNNAMED, sections_of
from plainleaf.waivers import without_notes
from plainleaf.yaml_file import Record, parse_yaml

# What a page is: it states facts about this treatment (treatment) or about health (clinical), it
# explains terms (glossary), or it does none of these (plain).
KINDS = ("treatment", "clinical", "plain", "glossary")

# The extensions that come with Python-Markdown.
_OWN = {module.name for module in pkgutil.iter_modules(markdown.extensions.__path__)}
_ACTIVE = ("script", "iframe", "object", "embed", "form", "link", "meta", "base", "style")


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

    def convert(self, text: str) -> str:
        """Turn Markdown into HTML just as the website does, but mark headings without an id."""
        options: dict[str, dict[str, Any]] = {
            name: dict(self.options[name]) for name in self.options
        }
        options.setdefault("toc", {})["slugify"] = lambda *_: UNNAMED
        return markdown.markdown(text, extensions=list(self.names), extension_configs=options)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the pages of one language; templates are those of what pages may ask for."""

    project: Project
    language: Language
    facts: Facts
    extensions: Extensions
    templates: jinja2.Environment

    def read(self, path: Path, problems: list[Problem]) -> Page | None:
        """Read a page, or note its problems and give None."""
        before = len(problems)
        name = self.project.name(path)
        text = read_text(path, name, problems)
        if text is None:
            return None
        parse = parsed if self.extensions.are_self_contained else parsed.__wrapped__
        page, pictures, found = parse(self, name, text)
        problems += found
        problems += _in_pictures(pictures, self.project.folder / "docs")
        return page if len(problems) == before else None


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of a page: its address as written, its file, and the words instead of it.

    leads_out: its address leads out of docs/ already as it is written.
    """

    written: str
    path: Path
    words: str
    leads_out: bool
    source: Place


@lru_cache(1024)
def parsed(
    reader: Reader, name: str, text: str
) -> tuple[Page | None, tuple[Picture, ...], tuple[Problem, ...]]:
    """Give the page that a file's text is, its pictures, not yet looked at, and its problems."""
    parser = _Parser(reader, name, text)
    page = parser.page()
    return page, tuple(parser.pictures), tuple(parser.problems)


@dataclass(slots=True)
class _Parser:
    """Takes one page apart; what it does follows from its fields alone."""

    reader: Reader
    name: str
    text: str
    pictures: list[Picture] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def page(self) -> Page | None:
        """Give the page, or note its problems and give None."""
        project, language, facts = self.reader.project, self.reader.language, self.reader.facts
        name, text = self.name, self.text
        split = _front_matter(text, name, self.problems)
        if split is None:
            return None
        record, body, body_line = split
        title = record.text("title")
        description = record.text("description")
        order = record.number("order", 1, 999)
        kind = record.one_of("kind", KINDS)
        updated = record.day("updated")
        review_by = record.day("review_by")
        sources = record.texts("sources", default=())
        for source in sources if facts.is_whole else ():
            if source not in facts.references:
                hint = choices(facts.references, source, "sources in docs/facts/sources.yml")
                record.note(f'there is no source "{source}".', hint, "sources")
        compare = record.texts("compare", default=())
        reader = record.one_of("reader", READERS, "")
        formerly = record.texts("formerly", default=())
        reviewer = _reviewer(record)
        record.finish()
        # The empty lines keep the numbers of the lines; notes to editors are not published.
        own = "\n" * (body_line - 1) + without_notes(body)
        filled = fill_page(project, language, facts, own, sources, Place(name, 1))
        if isinstance(filled, Problem):
            self.problems.append(filled)
            return None
        whole, cited = filled
        if "<!--" in whole:
            place = Place(name, line_of(whole, "<!--"))
            hint = "Write it on a line of its own, from `<!--` to `-->`."
            self.problems.append(Problem(place, "a note to editors would be published.", hint))
        try:
            html = self.reader.extensions.convert(whole)
        except Exception as error:  # whatever an extension of mkdocs.yml may raise
            fact = f"the Markdown of this page cannot be read: {error}."
            hint = "Look for what only an extension of mkdocs.yml knows, such as a file taken in."
            self.problems.append(Problem(Place(name), fact, hint))
            return None
        tree = lxml.html.fragment_fromstring(html, create_parent="div")
        self._find_pictures(tree)
        self._check_harmless(tree, name, text)
        self.problems += in_page(tree, name, text)
        self._note([*odd_links(tree, name, text), *unread_links(tree, name, text)])
        if self._looks_otherwise(own, tree):
            return None  # its sections would be judged by what nobody meant
        sections = {section.id: section for section in sections_of(tree, name, text, self.problems)}
        for option in compare:
            if option not in sections:
                hint = choices(sections, option, "sections")
                record.note(f'there is no section "{option}".', hint, "compare")
        if self.problems:
            return None
        slug = name.removeprefix(f"docs/{language.code}/").removesuffix(".md")
        return Page(
            slug,
            language.code,
            title,
            description,
            order,
            kind,
            updated,
            review_by,
            sources,
            cited,
            compare,
            reader,
            formerly,
            reviewer,
            sections,
            whole.lstrip("\n"),
            html,
            tuple(links_of(tree, slug, name, text)),
            Place(name),
        )

    def _looks_otherwise(self, own: str, tree: Element) -> bool:
        """Tell whether the Markdown means something else than it looks like, and note where."""
        code = [element.text_content() for element in tree.iter("pre")]
        names = self.reader.extensions.names
        found = list(second_reading(own, self.name, names, code))
        self._note(found)
        return bool(found)

    def _note(self, found: Iterable[Problem]) -> None:
        """Note problems, but not on lines where one is told: it may be the cause of the other."""
        told = {problem.source for problem in self.problems}
        self.problems += [problem for problem in found if problem.source not in told]

    def _find_pictures(self, tree: Element) -> None:
        """Note each picture, and name it from the project's folder."""
        project, code = self.reader.project, self.reader.language.code
        docs = project.folder / "docs"
        for image in tree.iter("img"):
            written = image.get("src", "")
            if written.startswith("data:") and "icons" in (image.get("class") or ""):
                self._check_icons(image)  # drawn by icons.py
                continue
            # docs/assets stands beside the pages of every language on the website.
            here = posixpath.dirname(self.name.removeprefix(f"docs/{code}/"))
            inside = posixpath.normpath(posixpath.join(here, written))
            path = docs / inside if inside.startswith("assets/") else docs / code / inside
            place = Place(self.name, line_of(self.text, written or "]()"))
            leads_out = ":" in written or inside.startswith("..")
            words = image.get("alt", "").strip()
            self.pictures.append(Picture(written, path, words, leads_out, place))
            if path.is_relative_to(docs):
                image.set("src", project.name(path))

    def _check_icons(self, image: Element) -> None:
        """Refuse an icon array whose template gives it no words."""
        if not image.get("alt", "").strip():
            place = Origins(self.reader.project, "page").of(image, "icon-array")
            fact = "a picture has no text for people who cannot see it."
            self.problems.append(Problem(place, fact, 'Say what it shows: `alt="{{ words.… }}"`.'))

    def _check_harmless(self, tree: Element, name: str, text: str) -> None:
        """Refuse what acts or fetches: people read these pages in private, and on paper."""
        for element in tree.iter(etree.Element):
            deeds = [str(key) for key in element.attrib if str(key).startswith("on")]
            leads = str(element.get("href", "")).strip().lower()
            if element.tag in _ACTIVE or deeds or leads.startswith(("javascript:", "data:")):
                what = f"<{element.tag}>" if element.tag in _ACTIVE else (*deeds, leads)[0]
                place = Place(name, line_of(text, what.removesuffix(">")))
                fact = f'this page holds "{what}", and a page must not act.'
                self.problems.append(Problem(place, fact, "Take it away; write words instead."))
            elif "style" in element.attrib:
                # The columns of a table are set to a side by a colon in the line under its heads.
                signs = ("--:", ":--") if element.tag in ("td", "th") else ()
                sign = next((sign for sign in signs if sign in text), "style=")
                place = Place(name, line_of(text, sign))
                fact = "this page styles a part of itself, and the website would drop that."
                hint = "Take `style=` away; in a table, write the line under its heads without `:`."
                self.problems.append(Problem(place, fact, hint))


def _in_pictures(pictures: Iterable[Picture], docs: Path) -> Iterator[Problem]:
    """Give what is wrong with the pictures of a page, whose files may change without it."""
    for picture in pictures:
        written, path, place = picture.written, picture.path, picture.source
        is_outside = picture.leads_out
        if is_there(path):
            is_outside |= not path.resolve().is_relative_to(docs.resolve())
        if is_outside or not is_there(path):
            lies = "lies outside docs/" if is_outside else "is not there"
            hint = "Put it into docs/assets/ and name it as `assets/picture.svg`."
            yield Problem(place, f'the picture "{written}" {lies}.', hint)
            continue
        if fault := fault_of(path):
            hint = "Save the picture again as a plain SVG, PNG or JPEG."
            yield Problem(place, f'the picture "{written}" {fault}.', hint)
        if not picture.words:
            fact = f'the picture "{written}" has no text for people who cannot see it.'
            hint = "Say what it shows between the square brackets: `![An arm](…)`."
            yield Problem(place, fact, hint)


def _reviewer(record: Record) -> tuple[str, date] | None:
    """Give who checked a page and when, or None as long as nobody has."""
    by = record.text("reviewer", NOBODY)
    if by != NOBODY:
        return by, record.day("reviewed")
    if record.has("reviewed"):
        record.day("reviewed")
        hint = "Write the name and role of who checked it after `reviewer:`."
        record.note("this page was checked, and does not say by whom.", hint, "reviewed")
    return None


def _front_matter(text: str, name: str, problems: list[Problem]) -> tuple[Record, str, int] | None:
    """Split a page's file: its front matter, its body, and the line on which the body starts."""
    lines = text.split("\n")
    fence = lines.index("---", 1) if lines[0] == "---" and "---" in lines[1:] else 0
    head = "\n".join(lines[1:fence])
    if not head.strip():
        problems.append(
            Problem(
                Place(name, 1),
                "this page does not start with its title and date.",
                "Start it with `---`, the lines title, description, order and updated, and `---`.",
            )
        )
        return None
    record = parse_yaml(head, Place(name, 2), "a page", problems)
    return None if record is None else (record, "\n".join(lines[fence + 1 :]), fence + 2)


def page_files(folder: Path) -> Sequence[Path]:
    """Give the Markdown files of a language's folder, folders within it included."""
    return sorted(path for path in folder.rglob("*.md") if not is_passed_over(path))
