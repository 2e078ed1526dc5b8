"""Where a tag of a finished sheet was written: the template, and the line in it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from html.parser import HTMLParser

import jinja2
from lxml.html import HtmlElement as Element

from plainleaf.html.templates import pieces_of, sources_of
from plainleaf.problems import Place

# Stands for each letter of what curly brackets fill in.
_FILLED = "\N{OBJECT REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag as a template writes it, and the words that follow it."""

    name: str
    attributes: Mapping[str, str]
    words: list[str] = field(default_factory=list)
    source: Place = field(kw_only=True)

    def may_be(self, element: Element) -> bool:
        """Tell whether an element of a finished sheet can come from this tag."""
        given = {str(name): str(value) for name, value in element.attrib.items()}
        is_open = any(_FILLED in name for name in self.attributes)
        return (
            self.name == element.tag
            and (is_open or given.keys() <= self.attributes.keys())
            and all(
                _fits(self.attributes[name], given[name]) for name in given.keys() & self._fixed
            )
        )

    def writes(self, name: str) -> bool:
        """Tell whether this tag gives the start of a name itself, at the least."""
        start = self.attributes.get("name", "").partition(_FILLED)[0]
        return bool(start) and name.startswith(start)

    def closeness(self, element: Element) -> tuple[bool, bool, int]:
        """Give what sorts the best match last: same attributes, then same words, then how many."""
        return (
            self.attributes.keys() == set(map(str, element.attrib)),
            _fits(" ".join(self.words), " ".join((element.text or "").split())),
            sum(_FILLED not in self.attributes[name] for name in self._fixed),
        )

    @property
    def _fixed(self) -> set[str]:
        return {name for name in self.attributes if _FILLED not in name}


@dataclass(frozen=True)
class Origins:
    """The templates of one kind, and what is written where in them."""

    templates: jinja2.Environment
    kind: str = "handout"

    def origin_of(self, element: Element, template: str) -> Place:
        """Give where an element was most likely written, or the template of its sheet."""
        fitting = [tag for tag in self._tags if tag.may_be(element)]
        if fitting:
            return max(fitting, key=lambda tag: tag.closeness(element)).source
        return Place(f"templates/{self.kind}/{template}.html.jinja")

    def of_another(self, field: Element, known: Place) -> Place:
        """Give where a field of the same name was written, or the known place if there only."""
        name = str(field.get("name"))
        named = [tag.source for tag in self._tags if tag.may_be(field) and tag.writes(name)]
        return next((place for place in named if place != known), known)

    @cached_property
    def texts(self) -> list[tuple[str, str]]:
        """Give each template that can be read: its file, and its text without its comments."""
        sources = sources_of(self.templates, "jinja")
        return [(file, source) for file, source in sources if source is not None]

    @cached_property
    def _tags(self) -> list[Tag]:
        return [tag for path, source in self.texts for tag in tags_of(source, path)]


def tags_of(source: str, path: str) -> list[Tag]:
    """Give the tags that a template writes itself, in order; none of a broken one."""
    reader = _Reader(path)
    reader.feed(_html_of(source))
    return reader.tags


@lru_cache(256)  # most templates are the same in each round of the preview
def written(source: str) -> tuple[tuple[str, int], ...]:
    """Give what a template holds, comments apart, in pieces with their lines."""
    return tuple((text, line) for line, kind, text in pieces_of(source) if kind != "comment")


def _html_of(source: str) -> str:
    """Give a template's own HTML, with the same lines."""
    html = ""
    for _, kind, text in pieces_of(source):
        filler = " " if kind.startswith("comment") else _FILLED
        html += text if kind == "data" else re.sub(".", filler, text)
    return html


def _fits(template: str, text: str) -> bool:
    """Tell whether a text can be what a template wrote, which may have filled in some of it."""
    start, filled, rest = template.partition(_FILLED)
    if not filled:
        return template.split() == text.split()
    return text.startswith(start) and text.endswith(rest.rpartition(_FILLED)[2])


class _Reader(HTMLParser):
    """Reads the tags of a template."""

    def __init__(self, path: str) -> None:
        super().__init__(convert_charrefs=True)
        self._path = path
        self._is_at_tag = False
        self.tags: list[Tag] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        place = Place(self._path, self.getpos()[0])
        given = {name: value or "" for name, value in attrs}
        self.tags.append(Tag(tag, given, source=place))
        self._is_at_tag = True

    def handle_endtag(self, tag: str) -> None:  # noqa: ARG002 the name is HTMLParser's
        self._is_at_tag = False

    def handle_data(self, data: str) -> None:
        if self._is_at_tag:
            self.tags[-1].words.extend(data.split())
