"""The search of the website: what it looks through, and what it offers without being asked.

A page is looked through section by section, in the words that it shows on the website, and by the
words that people type for it (search_words). The index is a script, not JSON: browsers fetch no
data from a folder, where the copy to keep is opened. What looks through it is
templates/website/theme/scripts/6-search.js.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

import lxml.html
from lxml.html import HtmlElement as Element

from plainleaf.addresses import CODES
from plainleaf.html.sections import HEADINGS
from plainleaf.model import Language, Page
from plainleaf.publish.desk import Card
from plainleaf.publish.search_engines import HANDOUTS

INDEX = "search/index.js"
# The class of the list of sources, which is not searched: its titles name other treatments.
_SOURCES = "sources"
# These elements begin a line; all others are a piece of one.
_BLOCKS = {
    *("address", "blockquote", "dd", "details", "div", "dl", "dt", "figcaption", "figure", "li"),
    *("ol", "p", "pre", "section", "summary", "table", "ul", *HEADINGS),
}


@dataclass(slots=True)
class Part:
    """What a page shows under one heading, line by line; id and title are "" for its beginning."""

    id: str
    title: str
    lines: list[str] = field(default_factory=list)
    is_of_sources: bool = False


def index(language: Language, pages: Sequence[Page], cards: Sequence[Card]) -> bytes:
    """Give the index of a language: a script that sets `searchIndex`, a list of pages.

    Each page has its address (at), its title, its search words, its parts ([id, title, lines]), and
    whether it is the glossary, which names everything and is about nothing. cards are those of all
    handouts, of which the titles are found, too.
    """
    words = language.words
    titles = dict.fromkeys(card.page.title for card in cards)
    entries = [
        *(_entry(page) for page in sorted(pages, key=lambda page: page.order)),
        _desk(HANDOUTS, words["handouts"], [words["handouts_lead"], *titles]),
        _desk(CODES, words["codes"], [words["codes_lead"], words["code_hint"]]),
    ]
    text = json.dumps(entries, ensure_ascii=False, separators=(",", ":"))
    return f"var searchIndex = {text};\n".encode()


def often_asked(pages: Sequence[Page]) -> list[dict[str, str]]:
    """Give the sections that are asked for often: the title and the address of each."""
    sections = []
    for page in sorted(pages, key=lambda page: page.order):
        titles = {part.id: part.title for part in parts_of(page.html)}
        sections += [
            {"title": titles[section], "url": f"{page.slug}.html#{section}"}
            for section in page.often_asked
        ]
    return sections


def ways_on(pages: Sequence[Page]) -> list[dict[str, str]]:
    """Give the pages that are offered where nothing was found: the title and address of each."""
    ordered = sorted(pages, key=lambda page: page.order)
    return [{"title": page.title, "url": f"{page.slug}.html"} for page in ordered if page.is_way_on]


def _entry(page: Page) -> dict[str, object]:
    first, *others = parts_of(page.html)
    # The description is shown where nothing else on the page fits what was typed.
    parts = [Part("", "", [page.description, *first.lines]), *others]
    return {
        "at": f"{page.slug}.html",
        "title": page.title,
        "words": page.search_words,
        "parts": [[part.id, part.title, "\n".join(part.lines)] for part in parts],
        "isGlossary": page.kind == "glossary",
    }


def _desk(slug: str, title: str, lines: Sequence[str]) -> dict[str, object]:
    parts = [["", "", "\n".join(lines)]]
    return {"at": f"{slug}.html", "title": title, "words": [], "parts": parts, "isGlossary": False}


@lru_cache(maxsize=256)
def parts_of(html: str) -> tuple[Part, ...]:
    """Give the parts of a page's HTML; one that lists sources is left out.

    A line is a paragraph, an item of a list or a row of a table, each cell of which stands with the
    head of its column.
    """
    tree = lxml.html.fragment_fromstring(html, create_parent="div")
    parts = [Part("", "")]
    for block, words in _blocks(tree):
        if block.tag in HEADINGS:
            parts.append(Part(block.get("id", ""), words))
        elif words:
            parts[-1].lines.append(words)
        parent = block.getparent()
        if parent is not None and _SOURCES in parent.get("class", "").split():
            parts[-1].is_of_sources = True
    return tuple(part for part in parts if not part.is_of_sources)


def _blocks(element: Element) -> Iterator[tuple[Element, str]]:
    """Give each block in an element with its own words; those within it follow by themselves."""
    if element.tag == "table":
        for row in _rows(element):
            yield element, row
        return
    words = [element.text or ""]
    for child in element:
        if child.tag in _BLOCKS:
            yield element, _joined(words)
            words = []
            yield from _blocks(child)
        else:
            words.append(child.text_content())
        words.append(child.tail or "")
    yield element, _joined(words)


def _rows(table: Element) -> Iterator[str]:
    """Give each row of a table as it is read aloud: its first cell, then the others by name."""
    heads = [_joined([cell.text_content()]) for cell in table.iterfind("thead/tr/th")]
    for row in table.iterfind("tbody/tr"):
        first, *others = [_joined([cell.text_content()]) for cell in row]
        named = [f"{head}: {cell}" for head, cell in zip(heads[1:], others, strict=False) if cell]
        yield ". ".join(part.rstrip(".") for part in (first, *named) if part)


def _joined(words: Sequence[str]) -> str:
    return " ".join("".join(words).split())
