"""Passages: all that readers are told, piece by piece, each with its place in the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from typing import Any

import lxml.html
import yaml
from lxml import etree

from plainleaf.files.spelling import plainly_spelled, whole_words
from plainleaf.files.yaml_file import key_in, line_of_key, scalars
from plainleaf.html.links import FILLED
from plainleaf.html.sections import HEADINGS
from plainleaf.model import Docs, Handout, Language, Library, OwnWords, Page, Project
from plainleaf.problems import Place
from plainleaf.read.second_reader.outline import BLOCKS

# Attributes that are read out, or shown to whoever points at a word.
_SAID = ("alt", "title", "aria-label")
_END = re.compile(r"(?<=[.?!])[\"”»’)]?\s+(?=[\"“«‘(¿¡]*[A-ZÀ-ÖØ-Þ0-9])")
_TOKEN = re.compile(r"\w+")


@dataclass(frozen=True)
class Passage:
    """A paragraph, item, cell, heading, or the text that stands for a picture.

    kind is the HTML tag, `title`, `lead` (a description), `alt`, `attribute` (a title of a link and
    the like), or `word` (from a YAML file). text is as it is read: see spelling.py.
    section is the id of the heading above it, or "". sources are those cited in it, or in its row
    of a table. is_data: it was filled in from docs/facts/, where it has its own place.
    """

    kind: str
    text: str
    section: str
    sources: frozenset[str]
    is_data: bool
    place: Place

    @cached_property
    def sentences(self) -> list[str]:
        """Its sentences; a heading, item or cell without a full stop is one too."""
        return [piece for piece in _END.split(self.text) if piece.strip()]

    @property
    def is_prose(self) -> bool:
        """Tell whether it is read as sentences: no heading, no cell of a table."""
        return self.kind in ("p", "li", "lead")


@dataclass(frozen=True, slots=True, eq=False)
class PageText:
    """A page with its passages, in order of reading, and as sheets print them.

    As a key it is only itself: it is the same one as long as its page and file are.
    """

    page: Page
    passages: tuple[Passage, ...]
    printed: tuple[Passage, ...]

    @property
    def only_printed(self) -> list[Passage]:
        """The passages that sheets print in other words than the page."""
        if self.printed is self.passages:
            return []
        on_page = {(passage.section, passage.text) for passage in self.passages}
        return [each for each in self.printed if (each.section, each.text) not in on_page]

    def under(self, section: str) -> list[Passage]:
        """Give the passages of a section and of the headings within it: what a sheet prints."""
        within = sections_within(self.page, section)
        return [passage for passage in self.printed if passage.section in within]


def page_texts(docs: Docs) -> dict[tuple[str, str], PageText]:
    """Give every page with its passages, by language and slug."""
    return {
        key: _page_text(page, docs.project.text(page.source.path))
        for key, page in docs.pages.items()
    }


@lru_cache(1024)
def _page_text(page: Page, text: str) -> PageText:
    passages = tuple(_passages(page, page.html, text))
    if page.printed == page.html:
        return PageText(page, passages, passages)
    return PageText(page, passages, tuple(_passages(page, page.printed, text)))


def own_text(own: OwnWords, text: str) -> PageText:
    """Give what a clinic says itself, as gates take a page; text is its file."""
    html = "".join(section.html for section in own.sections)
    # A page has much that a clinic's file has not: none of it is told to anybody.
    page = Page(
        slug="",
        language=own.language,
        title="",
        menu="",
        description="",
        order=0,
        kind="plain",
        updated=date.min,
        review_by=date.max,
        sources=(),
        cited=frozenset(),
        compare=(),
        reader="",
        formerly=(),
        reviewer=None,
        search_words=(),
        often_asked=(),
        is_way_on=False,
        sections={section.id: section for section in own.headings},
        markdown=text,
        html=html,
        printed=html,
        links=own.links,
        source=own.source,
    )
    return _page_text(page, text)


def words_told(docs: Docs, language: Language) -> Iterator[Passage]:
    """Give what is told beside the pages: the fixed words, and the list of sources."""
    risks = [text for risk in language.risks.values() for text in risk.values()]
    said = {*language.words.values(), *language.labels.values(), *risks}
    said |= set(language.procedures.values())
    shared = {text for text in language.shared.values() if isinstance(text, str)}
    told = {language.source.path: said, language.shared_source.path: shared}
    if language.code == docs.main_language and docs.facts.references:
        references = docs.facts.references.values()
        spoken = {text for each in references for text in (each.title, each.limits)}
        told["docs/facts/sources.yml"] = spoken
    for path, texts in told.items():
        yield from _of_text(docs.project.text(path), path, frozenset(texts))


def names_told(project: Project, library: Library) -> Iterator[Passage]:
    """Give what handouts, clinics and the website say of themselves, on paper and to searchers."""
    for editions in library.editions.values():
        for edition in editions[-1:]:
            for text in (edition.change, edition.author):
                yield word_told(text, edition.source)
    for clinic in (*library.clinics.values(), *library.broken):
        yield word_told(clinic.name, line_of_key(project, clinic.source, "name"))
    path = "mkdocs.yml"
    with suppress(yaml.YAMLError):  # a broken file is named where it is read
        for text, line in scalars(project.text(path)):
            if " " in text:  # a sentence, and no setting
                yield word_told(text, Place(path, line))


def word_told(text: str, place: Place, kind: str = "word") -> Passage:
    """Give what is told by itself, such as the name of a clinic."""
    return Passage(kind, plainly_spelled(text), "", frozenset(), False, place)


def printed(handout: Handout, texts: Mapping[str, PageText]) -> list[tuple[str, list[Passage]]]:
    """Give what a handout prints of pages, by slug: `page#section` and its passages, by part."""
    return [
        (f"{part.page}#{part.section}", page_text.under(part.section))
        for part in handout.parts
        if (page_text := texts.get(part.page))
    ]


def sections_within(page: Page, section: str) -> set[str]:
    """Give the ids of a section and of all sections within it."""
    if section not in page.sections:
        return {section}
    tree = lxml.html.fragment_fromstring(page.sections[section].html, create_parent="div")
    return {str(heading.get("id")) for heading in tree.iter(*HEADINGS)}


@lru_cache(64)  # most are the same in each round of the preview
def _of_text(text: str, path: str, said: frozenset[str]) -> tuple[Passage, ...]:
    return tuple(
        word_told(value, Place(path, line))
        for value, line in scalars(text)
        if value.strip() in said
    )


def _passages(page: Page, html: str, written: str) -> Iterator[Passage]:
    """Give the passages of a page's HTML; written is its file."""
    path = page.source.path
    finder = _Finder(whole_words(written).split("\n"))
    if page.title:  # what a clinic says itself has neither
        yield word_told(page.title, key_in(written, page.source, "title"), "title")
        yield word_told(page.description, key_in(written, page.source, "description"), "lead")
    tree: Any = lxml.html.fragment_fromstring(html, create_parent="div")
    section = ""
    for element in tree.iter(etree.Element):
        if element.tag in HEADINGS:
            section = str(element.get("id"))
            finder.move_to(page.sections[section].source.line)
        for kind, text in _told_by(element):
            around = (element, *element.iterancestors())
            is_data = not all(FILLED.isdisjoint(above.classes) for above in around)
            place = Place(path, finder.line_of(text, stays=is_data))
            yield Passage(kind, text, section, frozenset(_cited(element)), is_data, place)


def _told_by(element: Any) -> Iterator[tuple[str, str]]:
    """Give what an element tells by itself, as kind and text: its words, and its attributes."""
    if element.tag in BLOCKS and (text := own_words(element)):
        yield element.tag, text
    # An extension of Markdown says itself how to come back from a footnote.
    for name in _SAID if "footnote-backref" not in element.classes else ():
        if text := plainly_spelled(element.get(name, "")):
            yield "alt" if name == "alt" else "attribute", text


def own_words(element: Any) -> str:
    """Give the words of a block without those of the blocks in it, such as a list in an item."""
    return plainly_spelled("".join(_pieces(element)))


def _pieces(element: Any) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag in BLOCKS or child.tag == "br":
            yield " "
        elif isinstance(child.tag, str):
            yield from _pieces(child)
        yield child.tail or ""


def _cited(element: Any) -> Iterator[str]:
    row = next(element.iterancestors("tr"), element)
    for link in row.iter("a"):
        target = str(link.get("href", ""))
        if target.startswith("#source-"):
            yield target.removeprefix("#source-")


class _Finder:
    """Finds the line on which a passage starts, by its first words, from the last one found on."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._tokens = [
            (token.lower(), number)
            for number, line in enumerate(lines, start=1)
            for token in _TOKEN.findall(line)
        ]
        self._at = 0
        self._line = 1

    def move_to(self, line: int) -> None:
        """Go on with the search from a line, that of a heading."""
        self._line = line
        self._at = next((at for at, (_, n) in enumerate(self._tokens) if n >= line), self._at)

    def line_of(self, text: str, *, stays: bool) -> int:
        """Give the line of a text; where it is not found, or stays is set, the last one found."""
        wanted = [token.lower() for token in _TOKEN.findall(text)[:6]]
        # What stands in the text may be filled in from elsewhere: fewer words may have to do.
        while wanted and not stays:
            for at in range(self._at, len(self._tokens) - len(wanted) + 1):
                if [token for token, _ in self._tokens[at : at + len(wanted)]] == wanted:
                    self._at = at + 1
                    self._line = self._tokens[at][1]
                    return self._line
            wanted = wanted[:-2]
        return self._line
