"""A Markdown extension for what only a screen needs: terms, columns of cells, and what is folded.

The first time that a term of the glossary stands in a page it becomes a link to its meaning, which
stands at the end of the same page: so it is found without a script, and whatever builds the site.
Meanings, sources and sections with the class `more` are folded: a browser opens them for whoever
follows a link into them. On a phone the cells of a row stand below one another, each with its
column's name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.postprocessors import Postprocessor
from markdown.treeprocessors import Treeprocessor
from markdown.util import AtomicString

from plainleaf.html.harmless import as_browsers_read
from plainleaf.html.sections import HEADINGS, MORE
from plainleaf.read.glossary import Term, terms_in

# How an address begins that leads to a page in another language; the code of that language follows.
# MkDocs would look for the page among those of this one.
ELSEWHERE = "page-in-"
# The class of the paragraph that the meanings replace; its words become their title.
PLACE = "meanings"
# No term is linked in these, nor in a box of this class: nothing may draw the eye away from the
# signs of an emergency.
_UNLINKED = ("a", "code", "h1", "h2", "h3", "h4", "h5", "h6")
_UNLINKED_BOX = "emergency"
# As templates/page/source-list.html.jinja writes it.
_LIST = re.compile(r'<p class="fold">(.*?)</p>\s*(<ul class="sources">.*?</ul>)', re.DOTALL)

# As templates/page/risk-table.html.jinja writes the last cell of a row: signs, and what to do.
_SIGNS = re.compile(r"(<td[^>]*>)((?:– .*?<br ?/?>)+)(.*?)(?=</td>)")
_SIGN = re.compile(r"– (.*?)<br ?/?>")


def options(terms: Sequence[Term], elsewhere: str = "") -> dict[str, Any]:
    """Give the extension's options as mkdocs.yml holds them.

    elsewhere names the language of pages that this one lacks: links to them say so.
    """
    known = [[term.name, term.pattern.pattern, term.meaning] for term in terms]
    return {"terms": known, "elsewhere": elsewhere}


def makeExtension(**given: Any) -> Extension:  # noqa: N802 the name that Python-Markdown calls
    """Give the extension, made by the options of options()."""
    return _Screen(**given)


class _Screen(Extension):
    def __init__(self, **given: Any) -> None:
        self.config = {
            "terms": [[], "name, pattern, meaning"],
            "elsewhere": ["", "the name of the language of pages that this one lacks"],
        }
        super().__init__(**given)

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 as above
        terms = [
            Term(name, meaning, re.compile(pattern, re.IGNORECASE))
            for name, pattern, meaning in self.getConfig("terms")
        ]
        # Below `inline` (20), when links are links; above `toc` (5), which would list our title.
        md.treeprocessors.register(_Marker(md, terms), "terms", 3)
        md.treeprocessors.register(_Labeller(md), "labels", 2)
        # Below `relpath` (0), with which MkDocs looks for the page of each link.
        md.treeprocessors.register(_Leader(md, self.getConfig("elsewhere")), "elsewhere", -1)
        md.treeprocessors.register(_Folder(md), "folds", 1)
        # Below all others, which put raw HTML back into the page.
        md.postprocessors.register(_Rewriter(md), "rewritten", -1)


class _Marker(Treeprocessor):
    def __init__(self, md: Markdown, terms: Sequence[Term]) -> None:
        super().__init__(md)
        self.terms = terms

    def run(self, root: Element) -> None:
        place = next((child for child in root if child.get("class") == PLACE), None)
        if place is None:
            return
        root.remove(place)
        ids: dict[str, str] = {}  # of the meanings, by the terms that are linked
        for element in list(root):
            self._mark(element, ids)
        if ids:
            self._explain(root, place, ids)

    def _mark(self, element: Element, ids: dict[str, str]) -> None:
        if element.tag in _UNLINKED or _UNLINKED_BOX in (element.get("class") or "").split():
            return
        pieces = [(None, element.text or ""), *((child, child.tail or "") for child in element)]
        for child, text in pieces:
            if child is not None:
                self._mark(child, ids)
            place = 0 if child is None else list(element).index(child) + 1
            for link, before, after in self._links(text, ids):
                if place == 0:
                    element.text = before
                else:
                    element[place - 1].tail = before
                link.tail = after
                element.insert(place, link)
                place += 1

    def _links(self, text: str, ids: dict[str, str]) -> Iterator[tuple[Element, str, str]]:
        """Give each link that a text needs, with the text before it and after it.

        A term that was linked before is passed over whole: what is left of "neural prolotherapy"
        means something else, and would tell a patient of another treatment.
        """
        done = 0
        for term, match in terms_in(text, self.terms):
            if term.name in ids:
                continue
            ids[term.name] = f"meaning-{len(ids) + 1}"
            link = Element("a", {"class": "term", "href": f"#{ids[term.name]}"})
            link.text = AtomicString(match.group())
            yield link, AtomicString(text[done : match.start()]), AtomicString(text[match.end() :])
            done = match.end()

    def _explain(self, root: Element, title: Element, ids: Mapping[str, str]) -> None:
        box = SubElement(root, "details", {"class": f"{PLACE} folded", "data-search-exclude": ""})
        SubElement(box, "summary").text = title.text
        meanings = {term.name: term.meaning for term in self.terms}
        for name in sorted(ids, key=str.casefold):
            meaning = SubElement(box, "p", {"id": ids[name]})
            term = SubElement(meaning, "strong")
            term.text, term.tail = name, f": {meanings[name]}"


class _Labeller(Treeprocessor):
    def run(self, root: Element) -> None:
        for table in root.iter("table"):
            names = ["".join(cell.itertext()) for cell in table.iterfind("thead/tr/th")]
            if len(names) < 3:
                continue  # two columns fit beside one another on a phone
            table.set("class", "wide")
            for row in table.iterfind("tbody/tr"):
                for name, cell in list(zip(names, row, strict=False))[1:]:
                    cell.set("data-label", name)


class _Leader(Treeprocessor):
    def __init__(self, md: Markdown, name: str) -> None:
        super().__init__(md)
        self.name = name

    def run(self, root: Element) -> None:
        for link in root.iter("a"):
            language, colon, path = link.get("href", "").partition(":")
            if colon and language.startswith(ELSEWHERE):
                link.set("href", path)
                code = language.removeprefix(ELSEWHERE)
                link.set("hreflang", code)
                # For eye and ear: nobody is led into a language unawares.
                # The space stands outside: it belongs to the words of this language.
                if len(link):
                    link[-1].tail = f"{link[-1].tail or ''} "
                else:
                    link.text = AtomicString(f"{link.text or ''} ")
                SubElement(link, "bdi", {"lang": code}).text = AtomicString(f"({self.name})")


class _Folder(Treeprocessor):
    """Folds each section whose heading has the class `more`, with the headings in it."""

    def run(self, root: Element) -> None:
        # From the end, so that sections within another are folded before it.
        for heading in reversed(root.findall("*")):
            if heading.tag in HEADINGS and MORE in (heading.get("class") or "").split():
                self._fold(root, heading)

    def _fold(self, root: Element, heading: Element) -> None:
        start = list(root).index(heading)
        box = Element("details", {"class": f"{MORE} folded"})
        SubElement(box, "summary").append(heading)
        # The id stands inside: a browser opens what is folded only for a link into it.
        inside = SubElement(box, "div", {"id": heading.attrib.pop("id")})
        inside.extend(takewhile(lambda element: not _ends(heading, element), root[start + 1 :]))
        root[start : start + 1 + len(inside)] = [box]


def _ends(heading: Element, element: Element) -> bool:
    """Tell whether a section ends before an element: a heading in it, or the meanings of terms."""
    is_next = any(inner.tag in HEADINGS and inner.tag <= heading.tag for inner in element.iter())
    return is_next or PLACE in (element.get("class") or "").split()


class _Rewriter(Postprocessor):
    """Writes the finished HTML anew, so that every browser makes of it what was judged."""

    def run(self, text: str) -> str:
        return _SIGNS.sub(_listed, _LIST.sub(_folded, as_browsers_read(text)))


def _listed(match: re.Match[str]) -> str:
    """Make a list of signs, which can be heard as one, and of what to do a line of its own."""
    start, signs, deed = match.groups()
    items = "".join(f"<li>{sign}</li>" for sign in _SIGN.findall(signs))
    return f"{start}<ul>{items}</ul><p><strong>{deed}</strong></p>"


def _folded(match: re.Match[str]) -> str:
    """Fold a list below its title, and say there how long it is."""
    title, items = match.groups()
    return (
        '<details class="folded" data-search-exclude="">'
        f"<summary>{title} ({items.count('<li')})</summary>{items}</details>"
    )
