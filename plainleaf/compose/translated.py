"""What translated words say of themselves: that a machine made them, or that they are too old."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from plainleaf.model import Docs, Drift, Edition, Handout, Page, Part, Translation
from plainleaf.read.translations import WORDS


@dataclass(frozen=True, slots=True)
class Translated:
    """How words in another language came about, as far as their readers must know.

    is_machine: a machine translated some, and nobody qualified has checked them; is_stale: the
    original of some has changed since. Neither is so of what is no translation.
    """

    is_machine: bool
    is_stale: bool

    @property
    def is_marked(self) -> bool:
        """Whether every page must say so."""
        return self.is_machine or self.is_stale


NO_TRANSLATION = Translated(is_machine=False, is_stale=False)


def of_page(docs: Docs, page: Page) -> Translated:
    """Give how a page came about, and what it asks for."""
    pages = [_of(docs, page.language, f"{page.slug}.md")]
    files = [each for each in (*pages, _of(docs, page.language, "shared.yml")) if each]
    is_machine = any(each.how == "machine" for each in files)
    is_stale = any(each.is_stale for each in pages if each) or _asks_for_stale(docs, page)
    return Translated(is_machine=is_machine, is_stale=is_stale)


def of_handout(docs: Docs, handout: Handout, code: str, edition: Edition | None) -> Translated:
    """Give how a handout in a language came about: its parts, its title, and words beside them."""
    if code == docs.main_language:
        return NO_TRANSLATION
    slugs = dict.fromkeys((handout.page, *(part.page for part in handout.parts)))
    found = [_of(docs, code, file) for file in (*(f"{slug}.md" for slug in slugs), *WORDS)]
    is_machine = any(each.how == "machine" for each in found if each)
    is_machine = is_machine or bool(edition and edition.translation == "machine")
    pages = [page for slug in slugs if (page := docs.pages.get((code, slug)))]
    is_stale = (
        any(_is_stale(docs, code, part) for part in handout.parts)
        or _is_stale_in(_of(docs, code, f"{handout.page}.md"), "")
        or any(_asks_for_stale(docs, page) for page in pages)
        or any(
            drift.sections == ("labels", label)
            for drift in _stale(_of(docs, code, "words.yml"))
            for part in handout.parts
            for field in part.fields
            for label in field.labels
        )
    )
    return Translated(is_machine=is_machine, is_stale=is_stale)


def _of(docs: Docs, code: str, file: str) -> Translation | None:
    return docs.translations.get((code, file))


def _stale(translation: Translation | None) -> Iterable[Drift]:
    return [each for each in translation.drifts if each.kind == "stale"] if translation else []


def _is_stale_in(translation: Translation | None, section: str) -> bool:
    return any(section in drift.sections for drift in _stale(translation))


def _is_stale(docs: Docs, code: str, part: Part) -> bool:
    return _is_stale_in(_of(docs, code, f"{part.page}.md"), part.section)


def _asks_for_stale(docs: Docs, page: Page) -> bool:
    """Tell whether a page asks for shared words, or for a risk, whose original has changed."""
    text = docs.project.text(page.source.path)
    return any(
        re.search(rf"[\"']{re.escape(name)}[.\"']", text)
        for name in _names_of_stale(docs, page.language)
    )


def _names_of_stale(docs: Docs, code: str) -> Iterator[str]:
    for drift in _stale(_of(docs, code, "shared.yml")):
        yield drift.sections[0]
    for drift in _stale(_of(docs, code, "words.yml")):
        if drift.sections[0] == "risks":
            yield drift.sections[1]
