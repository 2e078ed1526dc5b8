"""The text of a sheet, in the order in which it is read: for braille displays and speech."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import lxml.html
from lxml.html import HtmlElement as Element

from plainleaf.compose.compose import Composed
from plainleaf.html.sections import ALL_HEADINGS
from plainleaf.model import Language

# The word that stands where a reader is to write: ruled lines would be read out sign by sign.
TO_WRITE = "to_fill_in"
_SOFT_HYPHEN, _HARD_SPACE = "\u00ad", "\u00a0"
_SPACES = re.compile(r"[ \t\r\n\f]+")
_ENDS = tuple(".!?:;؟。")
_ASKS = (":", "?", "؟")
_SILENT = ("style", "script", "template")
_INLINE = {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "del", "dfn", "em", "i", "ins"}
_INLINE |= {"input", "kbd", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "textarea"}
_INLINE |= {"time", "u", "var", "wbr"}
# Which sheet it is comes first, in this order; all else follows as it stands on the sheet.
_FIRST = ("notice", "clinic", "identity")
# Left out: the logo, whose words are the clinic's name; the code, which the foot has too; page
# numbers; and the words above boxes, which stand at each box.
_UNSAID = ("img", "logo"), ("p", "code"), ("p", "page-number"), ("p", "answers")


def text_of(composed: Composed) -> str:
    """Give the words of a sheet, or of all that a pack holds, as plain text.

    A heading has two empty lines before it and one behind it, a paragraph is one line however long
    (each display breaks it as it must), `- ` stands before an item and `[ ]` before what is ticked.
    A row of a table is a line that names each column.
    """
    return "\n\n\n".join(map(_document, (composed, *composed.handouts))) + "\n"


def _document(composed: Composed) -> str:
    parser = lxml.html.HTMLParser(huge_tree=True)
    body: Any = lxml.html.document_fromstring(composed.html, parser=parser).find("body")
    for tag, kind in _UNSAID:
        for element in body.find_class(kind):
            if element.tag == tag:
                element.drop_tree()
    first = [*body.iter("h1"), *(block for kind in _FIRST for block in body.find_class(kind))]
    text = _Text(composed.sheet.language)
    for element in first:
        element.drop_tree()
        element.tail = None
        text.walk(element)
    text.walk(body)
    return text.joined()


class _Text:
    """Takes an element after the other; what stands in one line is a block of a kind."""

    def __init__(self, language: Language) -> None:
        self._language = language
        self._to_write = f"({language.words[TO_WRITE]})"
        self._blocks: list[tuple[str, str]] = []
        self._line = ""
        self._kind, self._sign = "paragraph", ""
        self._depth = 0

    def joined(self) -> str:
        """Give all blocks: those of a list stand in lines below each other, others apart."""
        text, before = "", ""
        for kind, line in self._blocks:
            close = kind == before and kind in ("item", "blank")
            gap = "\n" if close else "\n\n\n" if kind == "heading" else "\n\n"
            text += (gap if text else "") + line
            before = kind
        return text

    def walk(self, element: Element) -> None:
        """Take an element and all that it holds, but not what follows it."""
        if not isinstance(element.tag, str) or element.tag in _SILENT:
            return
        kinds = set(element.get("class", "").split())
        if element.tag in ALL_HEADINGS:
            self._block("heading", element)
        elif element.tag == "li":
            self._item(element)
        elif element.tag == "table":
            self._flush()
            for row in _rows(element):
                self._say("paragraph", " ".join(self._cells(row)))
        elif element.tag in ("img", "svg"):
            self._flush()
            self._say("paragraph", words_of_picture(element))
        elif "blank" in kinds or "lines" in kinds:
            self._flush()
            self._say("blank", _named(_words(element.text_content()), self._to_write))
        elif element.tag in ("ul", "ol"):
            self._flush()
            self._depth += 1
            self._inner(element)
            self._depth -= 1
        elif element.tag == "br":
            self._flush()
        elif element.tag in _INLINE:
            self._line += self._field(element)
            self._inner(element)
        else:
            self._block(self._kind, element)

    def _inner(self, element: Element) -> None:
        before = len(self._line)
        self._line += element.text or ""
        for child in element:
            self.walk(child)
            self._line += child.tail or ""
        if self._language.direction == "rtl" and "tel" in element.get("class", "").split():
            # A space would turn the groups of a number round; a hard one does not (UAX #9, W4).
            self._line = self._line[:before] + _HARD_SPACE.join(self._line[before:].split())

    def _block(self, kind: str, element: Element) -> None:
        self._flush()
        outer, self._kind = self._kind, kind
        self._inner(element)
        self._flush()
        self._kind = outer

    def _item(self, item: Element) -> None:
        self._flush()
        outer = self._kind, self._sign
        self._kind, self._sign = "item", _sign(item)
        boxes = [box for box in item.iter("input") if box.get("type") == "checkbox"]
        if len(boxes) > 1:
            question = _words(item.text_content())
            answers = (box.get("title", "").removeprefix(f"{question}: ") for box in boxes)
            self._line = " ".join([question, *(f"[ ] {answer}" for answer in answers)])
        else:
            self._inner(item)
        self._flush()
        self._kind, self._sign = outer

    def _field(self, element: Element) -> str:
        """Give what stands for a field."""
        if element.get("type") == "checkbox":
            return "[ ] "
        return f" {self._to_write} " if element.tag in ("input", "textarea") else ""

    def _cells(self, row: list[tuple[str, Element]]) -> Iterator[str]:
        """Give the cells of a row that say anything, each as a sentence that names its column."""
        for head, cell in row:
            inner = _Text(self._language)
            inner.walk(cell)
            lines = [line.removeprefix("– ") for _, line in inner.blocks()]
            if lines:
                *others, last = lines
                ended = [*(_ended(line, ";") for line in others), _ended(last, ".")]
                yield _named(head, " ".join(ended))

    def blocks(self) -> list[tuple[str, str]]:
        """Give each block with its kind."""
        self._flush()
        return self._blocks

    def _flush(self) -> None:
        line, self._line = self._line, ""
        self._say(self._kind, line)

    def _say(self, kind: str, text: str) -> None:
        if not (words := _words(text)):
            return
        if self._kind == "item" and kind == "item":
            words = "  " * (self._depth - 1) + self._sign + words
            self._sign = ""
        self._blocks.append((kind, words))


def _words(text: str) -> str:
    """Give a text with one space between its words, and hard ones as they are."""
    return " ".join(_SPACES.split(text.replace(_SOFT_HYPHEN, ""))).strip()


def _ended(text: str, sign: str) -> str:
    return text if text.endswith(_ENDS) else f"{text}{sign}"


def _named(name: str, words: str) -> str:
    """Give words behind the name of their column or line, if that has one."""
    if not name:
        return words
    return f"{name} {words}" if name.endswith(_ASKS) else f"{name}: {words}"


def _sign(item: Element) -> str:
    """Give what stands before an item: its number, or a dash; a box that is ticked has its own."""
    if any(box.get("type") == "checkbox" for box in item.iter("input")):
        return ""
    number = number_of(item)
    return "- " if number is None else f"{number}. "


def number_of(item: Element) -> int | None:
    """Give the number of an item of an `<ol>`; None for one of another list."""
    outer = item.getparent()
    if outer is None or outer.tag != "ol":
        return None
    return int(outer.get("start", "1")) + len(list(item.itersiblings("li", preceding=True)))


def words_of_picture(element: Element) -> str:
    """Give the words that stand for an `<img>` or `<svg>`."""
    if element.tag == "img":
        return str(element.get("alt", ""))
    return next((str(item.text_content()) for item in element if item.tag == "title"), "")


def _rows(table: Element) -> Iterator[list[tuple[str, Element]]]:
    """Give each row of a table as its cells, each with the name of its column."""
    heads = [_words(cell.text_content()) for cell in table.iterfind("thead/tr/th")]
    for row in table.iterfind("tbody/tr"):
        cells = [cell for cell in row if cell.tag in ("th", "td")]
        names = heads if len(heads) == len(cells) else [""] * len(cells)
        yield list(zip(names, cells, strict=True))
