"""The glossary: the terms that it explains, each with its meaning and how a text is searched."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import lxml.html

from plainleaf.files.spelling import plainly_spelled
from plainleaf.model import Page


@dataclass(frozen=True, slots=True)
class Term:
    """A word of the glossary, what it means, and how it and its other forms are found."""

    name: str
    meaning: str
    pattern: re.Pattern[str]


def terms_of(pages: Iterable[Page]) -> list[Term]:
    """Give the terms that glossaries explain: `- **Term** (other form, other form): meaning`.

    The longest first, so that "classic prolotherapy" is not taken for "prolotherapy".
    """
    terms = [term for page in pages if page.kind == "glossary" for term in _terms_of(page)]
    return sorted(terms, key=lambda term: -len(term.name))


def terms_in(text: str, terms: Sequence[Term]) -> Iterator[tuple[Term, re.Match[str]]]:
    """Give the terms of a text in its order, and none that is only a part of a longer one."""
    there = [term for term in terms if term.pattern.search(text)]
    place = 0
    while hits := [
        (match.start(), -match.end(), number, match)
        for number, term in enumerate(there)
        if (match := term.pattern.search(text, place))
    ]:
        _, _, number, match = min(hits)
        yield there[number], match
        place = match.end()


def _terms_of(page: Page) -> Iterator[Term]:
    for item in lxml.html.fragment_fromstring(page.html, create_parent="div").iter("li"):
        head, colon, meaning = plainly_spelled(item.text_content()).partition(": ")
        if colon:
            name, _, others = head.removesuffix(")").partition(" (")
            forms = [name, *(other.strip() for other in others.split(",") if other.strip())]
            longest_first = sorted(forms, key=len, reverse=True)
            pattern = "|".join(re.escape(form) for form in longest_first)
            yield Term(name, meaning, re.compile(rf"\b(?:{pattern})(?:s|es)?\b", re.IGNORECASE))
