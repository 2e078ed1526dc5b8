"""What translated words say of themselves: that a machine made them, or that they are too old."""

from __future__ import annotations

import re
from dataclasses import dataclass

from plainleaf.model import Docs, Drift, Edition, Handout, Page, Translation
from plainleaf.plan import pages_of
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


_NOT_RECORDED = Translation("", None, ())


def of_page(docs: Docs, page: Page) -> Translated:
    """Give how a page came about, and what it asks for."""
    own = _translation(docs, page.language, f"{page.slug}.md")
    shared = _translation(docs, page.language, "shared.yml")
    is_stale = own.is_stale or _asks_for_stale(docs, page)
    return Translated(is_machine="machine" in (own.how, shared.how), is_stale=is_stale)


def of_handout(docs: Docs, handout: Handout, code: str, edition: Edition | None) -> Translated:
    """Give how a handout in a language came about: its parts, its title, and words beside them."""
    if code == docs.main_language:
        return NO_TRANSLATION
    slugs = pages_of(handout)
    files = (*(f"{slug}.md" for slug in slugs), *WORDS)
    hows = {_translation(docs, code, file).how for file in files}
    if edition:
        hows.add(edition.translation)
    pages = [page for slug in slugs if (page := docs.pages.get((code, slug)))]
    sections = [(part.page, part.section) for part in handout.parts]
    labels = {
        ("labels", label)
        for part in handout.parts
        for field in part.fields
        for label in field.labels
    }
    is_stale = (
        any(
            section in drift.sections
            for slug, section in (*sections, (handout.page, ""))
            for drift in _stale(docs, code, f"{slug}.md")
        )
        or any(_asks_for_stale(docs, page) for page in pages)
        or any(drift.sections in labels for drift in _stale(docs, code, "words.yml"))
    )
    return Translated(is_machine="machine" in hows, is_stale=is_stale)


def _translation(docs: Docs, code: str, file: str) -> Translation:
    return docs.translations.get((code, file), _NOT_RECORDED)


def _stale(docs: Docs, code: str, file: str) -> list[Drift]:
    """Give the drifts of a file whose original has changed since."""
    return [drift for drift in _translation(docs, code, file).drifts if drift.kind == "stale"]


def _asks_for_stale(docs: Docs, page: Page) -> bool:
    """Tell whether a page asks for shared words, or for a risk, whose original has changed."""
    names = [drift.sections[0] for drift in _stale(docs, page.language, "shared.yml")]
    for drift in _stale(docs, page.language, "words.yml"):
        if drift.sections[0] == "risks":
            names.append(drift.sections[1])
    text = docs.project.text(page.source.path)
    return any(re.search(rf"[\"']{re.escape(name)}[.\"']", text) for name in names)
