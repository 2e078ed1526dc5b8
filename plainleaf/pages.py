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
import markdown.extensions
from lxml import etree
from lxml.html import HtmlElement as Element

from plainleaf.fill import fill_page
from plainleaf.harmless import TOO_DEEP, judged, written
from plainleaf.markup import in_page
from plainleaf.model import NOBODY, READERS, Facts, Language, Page, Project
from plainleaf.origins import Origins
from plainleaf.pictures import fault_of, is_there
from plainleaf.problems import Place, Problem, choices, line_of, read_text
from plainleaf.sections import UNNAMED, links_of, sections_of
from plainleaf.tables import faults_of, is_unread, note_uneven_rows
from plainleaf.waivers import without_notes
from plainleaf.yaml_file import Record, parse_yaml

# What a page is: it states facts about this treatment (treatment) or about health (clinical), it
# explains terms (glossary), or it does none of these (plain).
KINDS = ("treatment", "clinical", "plain", "glossary")

# Python-Markdown takes time with the square of these: a second or less for so many, in one page
# (tags) or between two empty lines (brackets). The longest page of ours has 14,000 letters.
MOST_LETTERS = 100_000
MOST_TAGS = 5_000
MOST_BRACKETS = 500

# The extensions that come with Python-Markdown.
_OWN = {module.name for module in pkgutil.iter_modules(markdown.extensions.__path__)}


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
        options: dict[str, dict[str, Any]] = {
            name: dict(self.options[name]) for name in self.options
        }
        options.setdefault("toc", {})["slugify"] = lambda *_: UNNAMED
        reader = markdown.Markdown(extensions=list(self.names), extension_configs=options)
        note_uneven_rows(reader, [] if uneven is None else uneven)
        return reader.convert(text)


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
        if endless := next(_without_end(own, name), None):
            self.problems.append(endless)
            return None
        filled = fill_page(project, language, facts, own, sources, Place(name, 1))
        if isinstance(filled, Problem):
            self.problems.append(filled)
            return None
        whole, cited = filled
        tree = self._judged(whole, own)
        if tree is None:
            return None
        html = written(tree)
        self._find_pictures(tree)
        self._check_styles(tree, name, text)
        self.problems += in_page(tree, name, text)
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

    def _judged(self, whole: str, own: str) -> Element | None:
        """Give the HTML of a page as browsers read it; None where nobody could read on.

        whole is its Markdown with the facts filled in, own is as it stands in the file.
        """
        uneven: list[str] = []
        try:
            html = self.reader.extensions.convert(whole, uneven)
        except RecursionError:
            self.problems.append(Problem(_deepest(whole, self.name), TOO_DEEP.fact, TOO_DEEP.hint))
            return None
        except Exception as error:  # whatever an extension of mkdocs.yml may raise
            fact = f"the Markdown of this page cannot be read: {error}."
            hint = "Look for what only an extension of mkdocs.yml knows, such as a file taken in."
            self.problems.append(Problem(Place(self.name), fact, hint))
            return None
        tree, harm = judged(html)
        if TOO_DEEP in harm:
            self.problems.append(Problem(_deepest(whole, self.name), TOO_DEEP.fact, TOO_DEEP.hint))
            return None
        for each in harm:
            place = Place(self.name, each.line_in(own))
            self.problems.append(Problem(place, each.fact, each.hint))
        self._check_tables(tree, own, uneven)
        return tree

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

    def _check_styles(self, tree: Element, name: str, text: str) -> None:
        """Refuse what styles a part of a page: the website's security policy would drop it."""
        for element in tree.iter(etree.Element):
            if "style" in element.attrib:
                # The columns of a table are set to a side by a colon in the line under its heads.
                signs = ("--:", ":--") if element.tag in ("td", "th") else ()
                sign = next((sign for sign in signs if sign in text), "style=")
                place = Place(name, line_of(text, sign))
                fact = "this page styles a part of itself, and the website would drop that."
                hint = "Take `style=` away; in a table, write the line under its heads without `:`."
                self.problems.append(Problem(place, fact, hint))

    def _check_tables(self, tree: Element, text: str, uneven: Sequence[str]) -> None:
        """Refuse tables of which large print, or a telephone, could not show every word."""
        for row in uneven:
            fact = "a row of a table has more cells than there are heads, and they would be lost."
            hint = "Write a head for each cell; a `|` within a cell is written as `\\|`."
            self.problems.append(Problem(Place(self.name, line_of(text, row)), fact, hint))
        for table in tree.iter("table"):
            for element, fact, hint in faults_of(table):
                place = Place(self.name, _line_of_cell(element, text))
                self.problems.append(Problem(place, fact, hint))
        for words in tree.itertext("p", "li", "td", "div"):
            if is_unread(words):
                line = line_of(text, words.strip().split("\n")[0])
                fact = "this table is not read as a table."
                hint = "Give the line under the heads as many cells as there are heads."
                self.problems.append(Problem(Place(self.name, line), fact, hint))


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


def _line_of_cell(element: Element, text: str) -> int:
    """Give the line of a table, a row or a cell, by the first words in it; 0 if it has none."""
    words = next((said.strip() for said in element.itertext() if said.strip()), "")
    return line_of(text, words) if words in text else 0


def _without_end(text: str, name: str) -> Iterator[Problem]:
    """Refuse what a reader of Markdown would not finish in minutes, and no patient in a day."""
    if len(text) > MOST_LETTERS:
        fact = f"this page has {len(text):,} letters, and {MOST_LETTERS:,} are a small book."
        yield Problem(Place(name), fact, "Make several pages of it.")
    if text.count("<") > MOST_TAGS:
        fact = f"this page holds more than {MOST_TAGS:,} HTML tags."
        yield Problem(Place(name), fact, "Write it in Markdown, or make several pages of it.")
    for block in text.split("\n\n"):
        if block.count("[") > MOST_BRACKETS:
            fact = f"this paragraph or list holds more than {MOST_BRACKETS} brackets `[`."
            hint = "Take away those that no link needs, or part it by an empty line."
            yield Problem(Place(name, line_of(text, block.strip("\n"))), fact, hint)


def _deepest(text: str, name: str) -> Place:
    """Give the line of a page that stands deepest in quotations, lists or brackets."""
    lines = text.split("\n")
    depths = [len(line) - len(line.lstrip(" >")) + line.count("[") for line in lines]
    return Place(name, depths.index(max(depths)) + 1)


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
    return sorted(folder.rglob("*.md"))
