"""The sections of a page: its tree is split at the headings, and each gets its HTML."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import lxml.html
from lxml.html import HtmlElement as Element

from plainleaf.addresses import ADDRESS, SLUG
from plainleaf.model import Section
from plainleaf.problems import Place, Problem, line_of

HEADINGS = ("h2", "h3", "h4")
CARDS = ("emergency", "today", "routine", "key")
# The class of a heading whose section the website shows folded: `## Title {#id .more}`.
MORE = "more"
UNNAMED = "section-without-an-id"
ALL_HEADINGS = ("h1", *HEADINGS, "h5", "h6")


def sections_of(tree: Element, name: str, text: str, problems: list[Problem]) -> Iterator[Section]:
    """Give the sections of a page's HTML; note headings that cannot be named, with their lines."""
    seen: dict[str, int] = {}
    _check_all_read(tree, name, text, problems)
    for heading in tree.iter(*ALL_HEADINGS):
        title = " ".join(heading.text_content().split())
        identity = heading.get("id", "")
        place = Place(name, _line_of_heading(text, identity, title, seen))
        if heading.tag not in HEADINGS:
            fact = f'the heading "{title}" is of a level that pages do not have.'
            hint = "Start headings with ##, ### or ####; the title is the page's only #."
        elif identity.startswith(UNNAMED):
            fact = f'the heading "{title}" has no id.'
            hint = f"Give it one: `## {title} {{#short-name}}`, the same in each language."
        elif not SLUG.fullmatch(identity):
            fact, hint = f'the id "{identity}" cannot stand in a web address.', ADDRESS
        elif MORE in (heading.get("class") or "").split() and _card(heading):
            fact = f'the box "{title}" is marked `.{MORE}`, to be folded.'
            hint = "Take that mark away: what stands in a box must be seen at once."
        elif identity in seen:
            fact = f'the id "{identity}" is given twice, first on line {seen[identity]}.'
            hint = "Give each heading an id of its own."
        else:
            seen[identity] = place.line
            yield Section(identity, title, _html(heading), _card(heading), place)
            continue
        problems.append(Problem(place, fact, hint))


def _check_all_read(tree: Element, name: str, text: str, problems: list[Problem]) -> None:
    """Refuse a heading that Markdown takes for something else: its section would be lost."""
    seen = {heading.get("id") for heading in tree.iter(*ALL_HEADINGS)}
    for number, line in enumerate(text.split("\n"), start=1):
        words, brace, rest = line.partition("{#")
        title = words.strip(" >#")
        identity = rest.partition("}")[0].partition(" ")[0]
        if words.lstrip(" >").startswith("#") and title and brace and identity not in seen:
            fact = f'the heading "{title}" is not read as a heading.'
            hint = "Start it with no spaces, after an empty line; close any HTML tag above it."
            problems.append(Problem(Place(name, number), fact, hint))


def _line_of_heading(text: str, identity: str, title: str, seen: Mapping[str, int]) -> int:
    """Find a heading's line: by its id, or by its words where it has none or shares it."""
    for number, line in enumerate(text.split("\n"), start=1):
        if number in seen.values():
            continue
        if f"{{#{identity}}}" in line or f"{{#{identity} " in line or f'id="{identity}"' in line:
            return number
        if identity.startswith(UNNAMED) and line.lstrip(" >").startswith("#") and title in line:
            return number
    return line_of(text, title)


def _card(heading: Element) -> str:
    parent = heading.getparent()
    kinds = (parent.get("class") or "").split() if parent is not None else []
    return next((kind for kind in CARDS if kind in kinds), "") if "admonition" in kinds else ""


def _html(heading: Element) -> str:
    """Give a heading and what follows it, up to the next heading of its level or above."""
    section: list[Element] = [heading]
    for sibling in heading.itersiblings():
        # A card that follows may hold the next heading: its words are not this section's.
        if any(str(inner.tag) <= str(heading.tag) for inner in sibling.iter(*HEADINGS)):
            break
        section.append(sibling)
    return "".join(lxml.html.tostring(element, encoding="unicode") for element in section)
