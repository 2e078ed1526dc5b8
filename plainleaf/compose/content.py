"""The content of a handout: its words and pictures as lines, whoever hands it out on what paper."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from functools import lru_cache

import lxml.html
from lxml.html import HtmlElement as Element

from plainleaf.compose.compose import Composer
from plainleaf.compose.furniture import USUAL
from plainleaf.model import PAPERS, WRITTEN_BY_HAND, Content, Docs, Library, Sheet
from plainleaf.problems import Problem

# A clinic whose details are all written by hand: none of them is part of the content.
NOBODYS = replace(
    USUAL,
    slug="",
    name="",
    address=(),
    daytime_phone=WRITTEN_BY_HAND,
    out_of_hours_phone=WRITTEN_BY_HAND,
    emergency_phone=WRITTEN_BY_HAND,
)
# Classes of the blocks that say who hands a sheet out, its edition and its status: no content.
_NOT_CONTENT = ("clinic", "notice", "page-foot", "control", "edition")
_SIGNS = {**{f"h{level}": "#" * level + " " for level in range(1, 7)}, "li": "- ", "th": "| "}
_SIGNS |= {"td": "| ", "p": "", "div": "", "caption": "", "figcaption": "", "br": "", "tr": ""}


def contents(
    docs: Docs, library: Library, sheets: Iterable[Sheet]
) -> dict[tuple[str, str], Content]:
    """Give the content of each handout in each language of the sheets.

    One whose template is broken is left out: compose names what is wrong with it.
    """
    composer = Composer(docs, library, {})
    by_handout = {(sheet.handout.name, sheet.language.code): sheet for sheet in sheets}
    contents = {}
    for key, sheet in by_handout.items():
        documents = composer.documents_of(
            replace(sheet, clinic=NOBODYS, paper=PAPERS[0], size="standard")
        )
        if not isinstance(documents, Problem):
            contents[key] = Content(tuple(line for html in documents for line in lines_of(html)))
    return contents


@lru_cache(512)
def lines_of(html: str) -> tuple[str, ...]:
    """Give the words of a document as lines: `## ` a heading, `- ` an item, `[ ]` to tick."""
    tree = lxml.html.fragment_fromstring(html, create_parent="div")
    for kind in _NOT_CONTENT:
        for element in tree.find_class(kind):
            element.drop_tree()
    # The numbers to call are printed below the heading of a section, and count as what follows it.
    for phones in reversed(tree.find_class("phones")):
        for words in phones.xpath("following-sibling::*[contains(@class, 'words')][1]"):
            words.addnext(phones)
    lines = [""]
    _walk(tree, lines)
    plain = (" ".join(line.split()) for line in lines)
    return tuple(line for line in plain if line.strip("#-| "))


def _mark(picture: bytes) -> str:
    return hashlib.sha256(picture).hexdigest()[:16]


def _walk(element: Element, lines: list[str]) -> None:
    if not isinstance(element.tag, str):
        return
    if element.tag in _SIGNS:
        lines.append(_SIGNS[element.tag])
    match element.tag:
        case "img":
            # The mark of the picture's file, since Pillow's versions may compress it differently.
            mark = element.get("data-file") or _mark(str(element.get("src", "")).encode("utf-8"))
            lines += [f"[picture {mark}: {element.get('alt', '')}]", ""]
        case "input" if element.get("type") == "checkbox":
            lines[-1] += "[ ] "
        case "input" | "textarea":
            lines[-1] += f" [{element.get('title', '')}]"
        case "svg":
            mark = _mark(lxml.html.tostring(element, with_tail=False))
            lines += [f"[picture {mark}: {' '.join(element.itertext())}]", ""]
        case _:
            lines[-1] += element.text or ""
            for child in element:
                _walk(child, lines)
                lines[-1] += child.tail or ""
            # The target of a link counts too: in the PDF people can follow or dial it.
            if element.tag == "a" and not element.get("href", "").startswith("#"):
                lines[-1] += f" <{element.get('href')}>"
    if element.tag in _SIGNS and element.tag != "br":
        lines.append("")
