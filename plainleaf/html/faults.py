"""What may not stand in the HTML of a page or a template, since it would leave somebody out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import jinja2
import lxml.html
import tinycss2
from lxml import etree
from lxml.html import HtmlElement as Element

from plainleaf.html.harmless import IN_HANDOUTS
from plainleaf.html.origins import Origins
from plainleaf.html.sections import ALL_HEADINGS
from plainleaf.model import CLINIC_FIELDS
from plainleaf.problems import Place, Problem, line_of

_FIELDS = ("input", "textarea", "select")
_NOT_FROM_PAGES = "not(ancestor::*[@data-section])"
# Values of `font-family` and `font` that take what is there already (CSS Cascading 4, 7).
_INSTEAD = ("inherit", "initial", "unset", "revert", "revert-layer")
PALE = '"opacity" makes this see-through, and it would lose its tag in the PDF.'
LIGHTER = "Write a lighter colour instead."


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an element: the fact, and the way out. first: the one it repeats."""

    element: Element
    message: str
    hint: str
    first: Element | None = None


def in_templates(
    templates: jinja2.Environment, sheets: Iterable[tuple[str, str]]
) -> Iterator[Problem]:
    """Give what is wrong with what templates write: sheets are names of templates, and HTML.

    What stands in a sheet because a page says it is judged where the page is read.
    """
    origins = Origins(templates)
    for template, html in sheets:
        for fault in _faults(lxml.html.document_fromstring(html)):
            place, message = origins.origin_of(fault.element, template), fault.message
            if fault.first is not None:
                first = origins.of_another(fault.first, place)
                if first.path == place.path:
                    first, place = sorted([first, place])
                message += f", first in {first}." if first != place else ", all from here."
            yield Problem(place, message, fault.hint)


def _faults(tree: Any) -> Iterator[Fault]:
    own = [e for e in tree.xpath(f"//*[{_NOT_FROM_PAGES}]") if isinstance(e.tag, str)]
    for element in own:
        if element.tag == "img" and not element.get("alt", "").strip():
            hint = 'Say what it shows: `alt="{{ words.… }}"`; a decoration belongs into the CSS.'
            yield Fault(element, "a picture has no text for people who cannot see it.", hint)
        if element.tag == "style" and next(see_through(element.text or ""), None):
            yield Fault(element, PALE, LIGHTER)
        if element.tag == "table" and lacks_heads(element):
            hint = 'Name each column in a `<th scope="col">`: people hear it with each cell.'
            yield Fault(element, "a table has a column without a heading.", hint)
    yield from faults_anywhere(own)
    yield from _of_headings(tree)
    yield from _of_fields(tree)


def faults_anywhere(elements: Iterable[Any]) -> Iterator[Fault]:
    """Give the faults that pages and templates can have alike."""
    for element in elements:
        is_drawing = element.tag == "svg" and not _is_drawn(element)
        if is_drawing and not element.xpath("string(title)").strip():
            hint = "Say what it shows in a `<title>`, its first element."
            yield Fault(element, "a drawing has no text for people who cannot see it.", hint)
        if element.tag == "a" and element.xpath(".//img | .//svg"):
            # PDF/UA-1, 7.18.5: the picture would fall out of the tag of the link.
            hint = "Put the picture beside the link, and words into the link."
            yield Fault(element, "a picture stands in a link, and no tag would hold it.", hint)
        if next(see_through(element.get("style", "")), None) and not _is_drawn(element):
            yield Fault(element, PALE, LIGHTER)


def in_page(tree: Any, name: str, text: str) -> Iterator[Problem]:
    """Give what is wrong with the HTML of a page, whose file is name and holds this text."""
    for fault in faults_anywhere(tree.iter(etree.Element)):
        yield Problem(Place(name, _line_in(text, fault.element)), fault.message, fault.hint)
    for field in tree.iter("input", "label"):
        if f"<{field.tag}" in text:  # else an extension made it, such as that for content tabs
            fact = f'this page holds "<{field.tag}>", and nobody can fill in a page.'
            yield Problem(Place(name, line_of(text, f"<{field.tag}")), fact, IN_HANDOUTS)


def _line_in(text: str, element: Any) -> int:
    """Find the line of an element in Markdown, by its address or style."""
    if element.tag == "a":
        target = str(element.get("href", ""))
        return line_of(text, f")]({target}", f'"{target}"', target)
    if element.tag == "svg" and not element.get("style"):
        number = [*element.getroottree().iter("svg")].index(element)
        return len("<svg".join(text.split("<svg")[: number + 1]).split("\n"))
    return line_of(text, str(element.get("style", "")))


def lacks_heads(table: Any) -> bool:
    """Tell whether a column of a table has no heading, or an empty one (PDF/UA-1, 7.5)."""
    heads = table.findall(".//th")
    if not heads or not all(head.text_content().strip() for head in heads):
        return True
    rows = list(table.iter("tr"))
    return not (
        all(cell.tag == "th" for cell in rows[0]) or all(row.find("th") is not None for row in rows)
    )


def see_through(css: str) -> Iterator[int]:
    """Give the lines, from 1, of CSS that make something see-through by `opacity`.

    WeasyPrint then draws it in a group that bears no tag (PDF/UA-1, 7.1; ISO 14289-1).
    """
    if "opacity" in css.lower():
        rules = (*tinycss2.parse_stylesheet(css), *tinycss2.parse_blocks_contents(css))
        for rule in _declarations(rules):
            if rule.lower_name == "opacity" and not _is_whole(rule):
                yield rule.source_line


@lru_cache(64)  # the CSS of templates is the same in each round of the preview
def strings(css: str) -> tuple[tuple[str, int], ...]:
    """Give the texts that CSS prints by `content`, with their lines."""
    return tuple(_strings(tinycss2.parse_component_value_list(css, skip_comments=True)))


def _strings(tokens: Iterable[Any]) -> Iterator[tuple[str, int]]:
    for token in tokens:
        if token.type == "string":
            yield token.value, token.source_line
        inner = getattr(token, "content", None) or getattr(token, "arguments", None)
        yield from _strings(inner or ())


@lru_cache(64)  # the CSS of templates is the same in each round of the preview
def absent_fonts(css: str, brought: tuple[str, ...]) -> tuple[tuple[str, int], ...]:
    """Give the fonts that CSS names where a sheet brings none of those named, with their line.

    brought are the families that sheets bring; those that the CSS declares are there too.
    """
    faces: list[Any] = []
    rules: list[Any] = []
    for rule in tinycss2.parse_stylesheet(css):
        is_face = getattr(rule, "lower_at_keyword", "") == "font-face"
        (faces if is_face else rules).append(rule)
    declared = (name for face in _declarations(faces) for name in _families(face))
    # Names of fonts are the same in capitals and small letters (CSS Fonts 4, 5.1).
    there = {name.lower() for name in (*brought, *declared, *_INSTEAD)}
    return tuple(
        (", ".join(families), declaration.source_line)
        for declaration in _declarations(rules)
        if (families := _families(declaration)) and there.isdisjoint(map(str.lower, families))
    )


def _families(declaration: Any) -> list[str]:
    """Give the families that `font-family` or `font` names, in their order."""
    if declaration.lower_name not in ("font-family", "font"):
        return []
    families = [list[str]()]
    for token in declaration.value:
        if token == ",":
            families.append([])
        elif token.type in ("string", "ident"):
            families[-1].append(token.value)
        elif token.type in ("dimension", "percentage"):
            families[-1] = []  # in `font`, the families follow the size
    return [" ".join(words) for words in families if words]


def _declarations(rules: Iterable[Any]) -> Iterator[Any]:
    """Give the declarations of CSS, those within rules included."""
    for rule in rules:
        if rule.type == "declaration":
            yield rule
        elif rule.type in ("qualified-rule", "at-rule") and rule.content:
            yield from _declarations(tinycss2.parse_blocks_contents(rule.content))


def _is_whole(rule: Any) -> bool:
    values = [token for token in rule.value if token.type not in ("whitespace", "comment")]
    whole = {"number": 1, "percentage": 100}.get(values[0].type) if len(values) == 1 else None
    return whole is not None and values[0].value >= whole


def _is_drawn(element: Any) -> bool:
    """Tell whether an element is part of a drawing, which has one tag as a whole."""
    return bool(element.xpath("ancestor::svg"))


def _of_headings(tree: Any) -> Iterator[Fault]:
    """Refuse a heading that skips a level (PDF/UA-1, 7.4.2), unless a page writes both."""
    headings = list(tree.iter(*ALL_HEADINGS))
    for above, heading in pairwise([None, *headings]):
        level = 0 if above is None else int(above.tag[1])
        if int(heading.tag[1]) > level + 1 and (above is None or not _same_section(above, heading)):
            hint = f"Make it <h{level + 1}>: people jump from heading to heading."
            yield Fault(heading, f"this heading, <{heading.tag}>, skips a level.", hint)


def _same_section(heading: Any, other: Any) -> bool:
    """Tell whether the words of one section of a page hold both headings."""
    one, two = (element.xpath("string(ancestor::*/@data-section)") for element in (heading, other))
    return bool(one) and one == two


def _of_fields(tree: Any) -> Iterator[Fault]:
    """Refuse fields that nobody can name (PDF/UA-1, 7.18.4), and two that would be one.

    The details of a clinic are one wherever they stand.
    """
    seen: dict[str, Any] = {}
    for field in tree.iter(*_FIELDS):
        name, kind = field.get("name", "").strip(), field.get("type", "text")
        if kind == "hidden":
            continue
        if not name:
            hint = 'Give it one of its own: `name="…"`.'
            yield Fault(field, f"this <{field.tag}> has no name.", hint)
        if not field.get("title", "").strip():
            hint = 'Say what belongs into it: `title="{{ words.… }}"` or `title="{{ labels[…] }}"`.'
            yield Fault(field, f"this <{field.tag}> has no title for people who hear it.", hint)
        is_one = name in CLINIC_FIELDS.values()
        if name in seen and not is_one and not (kind == "radio" == seen[name].get("type")):
            hint = "Give each a name of its own: what is typed into one would fill both."
            fact = f'the field "{name}" stands more than once on a sheet'
            yield Fault(field, fact, hint, seen[name])
        if name:
            seen.setdefault(name, field)
