"""A page's HTML as browsers read it: what may stand in it, and the one tree that is published.

Parsers differ: what one takes for the text of an attribute runs as a script in another. So a page
is read as the standard of HTML says (tinyhtml5, which also reads the sheets for WeasyPrint), every
element and attribute is held against what patients' pages need, and site and paper get that tree.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from itertools import zip_longest
from typing import Any
from urllib.parse import unquote

import lxml.html
from lxml.html import HtmlElement as Element
from tinyhtml5.parser import HTMLParser

from plainleaf.problems import short


@dataclass(frozen=True, slots=True)
class Harm:
    """What may not stand in a page: the fact, the way out, and by what to find its line.

    needles are what it may look like in the file, and number counts those alike before it.
    """

    fact: str
    hint: str
    needles: tuple[str, ...]
    number: int = 0

    def line_in(self, text: str) -> int:
        """Give its line in the page's file, from 1; 0 if it does not stand there as such."""
        for needle in filter(None, self.needles):
            if matches := list(re.finditer(re.escape(needle), text, re.IGNORECASE)):
                start = matches[min(self.number, len(matches) - 1)].start()
                return text.count("\n", 0, start) + 1
        return 0


def names_in(words: str) -> frozenset[str]:
    """Give the names in a text that has spaces between them."""
    return frozenset(words.split())


# Elements by what may stand on each of them, beside EVERYWHERE. Extensions of Markdown make the
# fields; faults.py refuses those that stand in the page's file.
HTML = {
    **dict.fromkeys(
        names_in(
            "a abbr address article b bdi bdo blockquote br cite code dd del dfn div dl dt em "
            "figcaption figure h1 h2 h3 h4 h5 h6 hr i img input ins kbd label li mark ol p pre q "
            "rp rt ruby s samp section small span strong sub sup table tbody td th thead time tr "
            "u ul var wbr"
        ),
        frozenset[str](),
    ),
    "a": frozenset({"href", "rel", "target"}),
    "img": frozenset({"alt", "height", "loading", "src", "width"}),
    "input": frozenset({"checked", "disabled", "name", "type"}),
    "label": frozenset({"for"}),
    "li": frozenset({"value"}),
    "ol": frozenset({"reversed", "start", "type"}),
    "th": frozenset({"abbr", "scope"}),
    "time": frozenset({"datetime"}),
}
# pages.py says what is wrong with `style`. `role` and `aria-…` tell who listens what is shown;
# `data-…` does nothing by itself, and extensions of Markdown write some.
EVERYWHERE = frozenset({"class", "dir", "id", "lang", "role", "style", "title"})
# Of drawings, in small letters as everything here; none of these fetches, repeats or acts.
SVG = names_in(
    "circle clippath defs desc ellipse g line lineargradient path polygon polyline radialgradient "
    "rect stop svg text title tspan"
)
ON_SVG = names_in(
    "clip-path clip-rule color cx cy d dominant-baseline dx dy fill fill-opacity fill-rule "
    "focusable font-family font-size font-style "
    "font-weight gradienttransform gradientunits height id "
    "letter-spacing offset opacity pathlength points preserveaspectratio r rotate rx ry "
    "shape-rendering spreadmethod stop-color stop-opacity stroke stroke-dasharray "
    "stroke-dashoffset stroke-linecap stroke-linejoin stroke-miterlimit stroke-opacity "
    "stroke-width text-anchor textlength transform vector-effect version viewbox width "
    "x x1 x2 xml:lang xml:space xmlns xmlns:xlink y y1 y2"
)
_ACTIVE = names_in(
    "animate animatemotion animatetransform applet audio base body embed form frame frameset head "
    "html iframe link math meta noembed noframes noscript object plaintext portal script set style "
    "template title use video xmp"
)
_FIELDS = names_in("button datalist fieldset meter option output progress select textarea")
# What to do about what pages could hold elsewhere, but neither large print nor paper can show.
_INSTEAD = {
    "caption": "Write it as a line of its own above the table.",
    "col": "Take it away; columns are as wide as their words.",
    "colgroup": "Take it away; columns are as wide as their words.",
    "colspan": "Write the words into each cell: large print shows each row by itself.",
    "details": "Write what it holds as ordinary text: on paper nobody can open it.",
    "headers": "Take it away: the head of a column or row is said with each cell.",
    "rowspan": "Write the words into each cell: large print shows each row by itself.",
    "summary": "Write what it holds as ordinary text: on paper nobody can open it.",
    "tfoot": "Write it as the last row of the table, or as a line below it.",
}
# Addresses that a page may lead to: other pages, the web, a letter, a telephone.
SCHEMES = ("http", "https", "mailto", "sms", "tel")
IN_HANDOUTS = "Fields belong into handouts/, under `fields:`; write words here."
SCHEME = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
# Browsers pass over these within an address (URL Standard, 4.4).
_PASSED_OVER = re.compile(r"[\x00-\x20\x7f-\xa0\u2028\u2029\ufeff]")
# Lists within lists, on cards: 12 levels. Beyond some hundred, libraries fail.
MOST_LEVELS = 40
TOO_DEEP = Harm(
    "lists, quotations or boxes of this page stand in one another too deep.",
    "Write them one after another.",
    (),
)
_NUMBER = re.compile(r"-?[0-9]{1,4}")
_NAME = re.compile(r"[a-z][a-z0-9]*")
# Characters that no XML may hold, and so no tree of lxml (XML 1.0, 2.2).
_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_SVG_NAMES = "{http://www.w3.org/2000/svg}"
_HTML_NAMES = "{http://www.w3.org/1999/xhtml}"
_FOREIGN = {
    "{http://www.w3.org/1999/xlink}": "xlink:",
    "{http://www.w3.org/XML/1998/namespace}": "xml:",
    "{http://www.w3.org/2000/xmlns/}": "xmlns:",
}
_VOID = ("br", "hr", "img", "input", "wbr")
_EMPTY = "<!DOCTYPE html><html><head><title></title></head><body><div>{}</div></body></html>"


def judged(html: str) -> tuple[Element, Sequence[Harm]]:
    """Give the HTML of a page as the tree that browsers make of it, and what may not be in it.

    The tree is a <div> that holds the page. It is whole only if there is no harm.
    """
    parser, root = _parsed(html)
    body = root[-1]
    if _levels(body) > MOST_LEVELS:
        return lxml.html.Element("div"), [TOO_DEEP]
    harm = list(_harm(root, body))
    tree = _tree(body[0])
    if not harm:
        harm = list(_broken(parser, html)) or list(_read_otherwise(tree))
    return tree, harm


def as_browsers_read(html: str) -> str:
    """Give the HTML of a page written anew from the tree that browsers make of it."""
    return written(_tree(_parsed(html)[1][-1][0]))


def written(tree: Element) -> str:
    """Give what a tree holds as HTML that every parser reads as that tree."""
    start = escape(tree.text or "", quote=False)
    return start + "".join(lxml.html.tostring(child, encoding="unicode") for child in tree)


def _parsed(html: str) -> tuple[HTMLParser, Any]:
    """Read HTML as the inside of a page; give the parser with its errors, and the <html>."""
    parser = HTMLParser()
    return parser, parser.parse(_EMPTY.format(html))


def _levels(root: Any) -> int:
    """Count how deep elements stand in one another; no recursion, which would fail first."""
    level, row = 0, [root]
    while row:
        level += 1
        row = [child for element in row for child in element]
    return level


def _names(element: Any) -> tuple[bool, str]:
    """Tell whether an element is of a drawing, and give its plain name; "!--" for a comment."""
    tag = element.tag
    if not isinstance(tag, str):
        return False, "!--"
    if tag.startswith(_HTML_NAMES):
        return False, tag.removeprefix(_HTML_NAMES)
    return tag.startswith(_SVG_NAMES), tag.rpartition("}")[2].lower()


def _attributes(element: Any) -> Iterator[tuple[str, str]]:
    """Give the attributes of an element by the names that stand in HTML, in small letters."""
    for name, value in element.attrib.items():
        space, _, local = name.rpartition("}")
        prefix = _FOREIGN.get(f"{space}}}", "") if space else ""
        yield (local if f"{prefix}{local}" == "xmlns:xmlns" else f"{prefix}{local}").lower(), value


def _tree(element: Any) -> Element:
    """Give an element of the parser's tree as one of lxml, all names in small letters."""
    # lxml knows no colon in a name that it is given, but keeps one that its parser read.
    attributes = {
        name: _UNFIT.sub("", value)
        for name, value in _attributes(element)
        if re.fullmatch(r"[a-z][\w.-]*", name)
    }
    new: Element = lxml.html.Element(_names(element)[1], attributes)
    new.text = _UNFIT.sub("", element.text or "") or None
    for child in element:
        if isinstance(child.tag, str) and _NAME.fullmatch(_names(child)[1]):
            inner = _tree(child)
            new.append(inner)
            inner.tail = _UNFIT.sub("", child.tail or "") or None
    return new


def _harm(root: Any, body: Any) -> Iterator[Harm]:
    """Give each element and attribute that is not among those that pages need."""
    # A page must not close our <div>, or set attributes of <html> and <body>.
    for name, value in (*_attributes(root), *_attributes(body)):
        what = name if name.startswith("on") else "body"
        yield Harm(*_refusal(what), (f"{name}={value}", f"{name}=", "<body", "<html"))
    if len(body) > 1 or (body[0].tail or "").strip():
        fact = 'this page closes a "</div>" that it does not open.'
        yield Harm(fact, "Take it away.", ("</div",))
    counts: dict[str, int] = {}
    for element, parent in _below(body):
        is_drawn, name = _names(element)
        needle = "<!" if name == "!--" else f"<{name}"
        number = counts[needle] = counts.get(needle, -1) + 1
        if not _may_stand(element, parent):
            yield Harm(*_refusal(name), (needle,), number)
            continue
        for key, value in _attributes(element):
            if fault := _fault_of(name, key, value, is_drawn=is_drawn):
                quoted = (value,) if f'"{value}"' in fault[0] else ()
                yield Harm(*fault, (*quoted, f"{key}=", key))
        texts = [element.text or "", element.tail or "", *element.attrib.values()]
        if any(map(_UNFIT.search, texts)):
            fact = "this page holds a sign that cannot be seen, written as a number."
            yield Harm(fact, "Take it away, from `&#` to `;`.", ("&#",))


def _below(body: Any) -> Iterator[tuple[Any, Any]]:
    """Give elements with their parents in the order of the page; of what acts only the first."""
    stack = [(child, body) for child in reversed(list(body))]
    while stack:
        element, parent = stack.pop()
        yield element, parent
        if _may_stand(element, parent) or _names(element)[1] in HTML:
            stack += [(child, element) for child in reversed(list(element))]


def _may_stand(element: Any, parent: Any) -> bool:
    """Tell whether a page may hold an element where it stands."""
    is_drawn, name = _names(element)
    in_drawing = _names(parent)[0]
    if is_drawn:
        # <title> and <desc> of a drawing are words: HTML within them is HTML again.
        return name in SVG and _names(parent)[1] not in ("title", "desc")
    is_html = isinstance(element.tag, str) and element.tag.startswith(_HTML_NAMES)
    return is_html and not in_drawing and name in HTML


def _refusal(name: str) -> tuple[str, str]:
    """Say that an element or what acts on one may not stand in a page, and what to do."""
    if name.startswith("on") or name in _ACTIVE:
        written = name if name.startswith("on") else f"<{name}>"
        fact = f'this page holds "{written}", and a page must not act.'
        return fact, "Take it away; write words instead."
    if name == "!--":
        fact = "a note to editors would be published."
        return fact, "Write it on a line of its own, from `<!--` to `-->`."
    if name in _INSTEAD:
        return f'this page holds "<{name}>", which paper cannot show.', _INSTEAD[name]
    if name in _FIELDS:
        return f'this page holds "<{name}>", and nobody can fill in a page.', IN_HANDOUTS
    fact = f'this page holds "<{name}>", which pages do not know.'
    return fact, "Write it in Markdown, without this tag."


def _fault_of(name: str, key: str, value: str, *, is_drawn: bool) -> tuple[str, str] | None:
    """Say what is wrong with an attribute and what to do, or give None."""
    if key.startswith("on"):
        return _refusal(key)
    allowed = ON_SVG if is_drawn else HTML[name]
    # The theme's scripts look for `data-md-…`.
    is_told = key.startswith(("aria-", "data-")) and not key.startswith("data-md-")
    if key in EVERYWHERE or key in allowed or is_told:
        return _fault_of_drawn(value) if is_drawn else _fault_of_value(name, key, value)
    if key in _INSTEAD:
        return f'this page holds "{key}", which paper cannot show.', _INSTEAD[key]
    return f'this page holds "{key}" on <{name}>, which pages do not know.', "Take it away."


def _fault_of_value(name: str, key: str, value: str) -> tuple[str, str] | None:
    """Say what is wrong with what an attribute of HTML holds, or give None."""
    scheme = SCHEME.match(_plain(value)) if key == "href" else None
    if scheme and scheme[1].lower() not in SCHEMES:
        fact = f'this page holds "{short(_plain(value))}", and a page must not act.'
        return fact, "Take it away; write words instead."
    if name == "input" and key == "type" and value.lower() not in ("checkbox", "radio"):
        fact = f'this page holds "<input type={value}>", and nobody can fill in a page.'
        return fact, IN_HANDOUTS
    if key in ("start", "value") and not _NUMBER.fullmatch(value):
        fact = f'this page numbers a list from "{short(value)}".'
        return fact, "Write a number of at most four digits."
    if key == "target" and value != "_blank":
        return f'this page holds "target={value}", and a page must not act.', "Take it away."
    return None


def _fault_of_drawn(value: str) -> tuple[str, str] | None:
    """Say what is wrong with what an attribute of a drawing holds, or give None."""
    if "url(" not in _plain(value).lower().replace("url(#", ""):
        return None
    fact = f'this page holds "{short(value)}", and a page must not fetch anything.'
    return fact, "Take it away; write words instead."


def _plain(address: str) -> str:
    """Give an address as browsers read it: without spaces, line ends and control characters."""
    return _PASSED_OVER.sub("", address)


def _broken(parser: HTMLParser, html: str) -> Iterator[Harm]:
    """Give the first place where HTML is broken: parsers differ in how they mend it."""
    start = _EMPTY.index("{}")
    lines = _EMPTY.format(html).split("\n")
    for (line, column), code, _ in parser.errors:
        if "entity" in code or "character-reference" in code:
            continue  # `&` alone is a letter for every parser
        offset = sum(len(text) + 1 for text in lines[: line - 1]) + column - start
        tags = re.findall(r"</?[A-Za-z][\w-]*", html[: max(0, offset)])[-4:]
        name = next(_left_open(html), "") if offset > len(html) else ""
        if name:
            fact = f'this page opens "<{name}>" and never closes it.'
            yield Harm(fact, f"Write `</{name}>` where it ends, or take it away.", (f"<{name}",))
            return
        fact = "the HTML of this page is broken here."
        hint = (
            "Close each tag that is opened, and start a block such as <div> on a line of its own."
        )
        yield Harm(fact, hint, tuple(reversed(tags)))
        return


def _left_open(html: str) -> Iterator[str]:
    """Give the tags that are opened more often than closed."""
    tags = Counter(re.findall(r"<(/?)([a-z][a-z0-9]*)(?=[\s/>])", html.lower()))
    for name in (*HTML, *sorted(SVG)):
        if name not in _VOID and tags["", name] > tags["/", name]:
            yield name


def _read_otherwise(tree: Element) -> Iterator[Harm]:
    """Give the first element that the parser behind gates and paper would read otherwise."""
    again = lxml.html.fragment_fromstring(written(tree), create_parent="div")
    for one, other in zip_longest(tree.iter(), again.iter()):
        if one is None or other is None or _compared(one) != _compared(other):
            name = str((tree if one is None else one).tag)
            fact = f'programs differ in how they read "<{name}>" here.'
            hint = "Write it in Markdown, or with each tag where HTML allows it."
            yield Harm(fact, hint, (f"<{name}",))
            return


def _compared(element: Any) -> tuple[Any, ...]:
    # Spaces and letters of an address may be written as %20 and the like: it leads to the same.
    attributes = {
        name: unquote(value) if name in ("href", "src") else value
        for name, value in element.attrib.items()
    }
    return element.tag, attributes, element.text or "", element.tail or ""
