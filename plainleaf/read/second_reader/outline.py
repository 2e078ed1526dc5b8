"""The outline of HTML: its blocks one after the other, in a form that two readings share.

And what is found in it, before the lines of what was read are those of the file.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import lxml.html
from lxml.html import HtmlElement as Element

from plainleaf.html.harmless import names_in
from plainleaf.read.second_reader.commonmark import LINES, SIGN

# Elements that stand by themselves (HTML, 15.3.3 and on); all others stand in a line of text.
BLOCKS = names_in(
    "address article aside blockquote body caption dd details dialog div dl dt fieldset figcaption "
    "figure footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol p pre "
    "section summary table tbody td tfoot th thead tr ul"
)
# Wrappers, which only one of the two readings may write.
_CLEAR = ("tbody", "thead", "tfoot", "html", "body")
_LEAVES = ("p", "h1", "h2", "h3", "h4", "h5", "h6")
# Start and end of a tag within the text of a block: text.unseen refuses them in every file.
TAG, END = "\x01", "\x02"
_COMPARED_ATTRIBUTES = {
    "a": ("href", "title"),
    "img": ("src", "alt", "title"),
    "abbr": ("title",),
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at a line of what was read, counted from 1: the fact, and the way out."""

    line: int
    message: str
    hint: str


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, heading, list, item and so on, as HTML has it.

    kind is the HTML tag; the text of an item or cell is a block `p` within it, loose list or not.
    text holds what stands in a line, with its tags between TAG and END; of an `ol` it is the first
    number. within are the kinds around it. line and end, the line below it, are 0 where not known;
    sign is the one that made it.
    """

    kind: str
    text: str
    within: tuple[str, ...]
    line: int = 0
    end: int = 0
    sign: str = ""

    @property
    def key(self) -> tuple[str, str, tuple[str, ...]]:
        """What must be the same in two readings."""
        return self.kind, self.text, self.within

    @property
    def words(self) -> str:
        """Its text without tags."""
        pieces = self.text.split(TAG)
        return pieces[0] + "".join(piece.partition(END)[2] for piece in pieces[1:])


def outline(html: str) -> list[Block]:
    """Give the blocks of HTML in order of reading."""
    tree = lxml.html.fragment_fromstring(html, create_parent="div")
    return list(_Outliner().inside(tree, ()))


class _Outliner:
    """Walks through a tree; a block without lines of its own has those of the one before."""

    def __init__(self) -> None:
        self._lines = (0, 0)

    def inside(self, element: Element, within: tuple[str, ...]) -> Iterator[Block]:
        """Give the blocks in an element, the text that stands beside them too."""
        lines = self._lines
        pieces = [element.text or ""]
        for child in element:
            if not isinstance(child.tag, str):
                self._move_to((child.text or "").removeprefix(f"{LINES} "))
                lines = self._lines
            if child.tag in BLOCKS:
                yield from _paragraph(pieces, within, lines)
                yield from self._block(child, within)
                pieces = [child.tail or ""]
            else:
                pieces += [_inline(child), child.tail or ""]
        yield from _paragraph(pieces, within, lines)

    def _block(self, element: Element, within: tuple[str, ...]) -> Iterator[Block]:
        kind = str(element.tag)
        marked = element
        if kind == "pre":  # the lines stand on the <code> within
            marked = next((inner for inner in element.iter() if LINES in inner.attrib), element)
        sign = marked.get(SIGN, "")
        self._move_to(marked.get(LINES, ""))
        if kind in _CLEAR:
            yield from self.inside(element, within)
            return
        text = ""
        if kind in _LEAVES:
            text = _plain([element.text or "", *_inlines(element)])
        elif kind == "pre":
            text = element.text_content().strip("\n")
        elif kind == "ol":
            text = element.get("start", "1")
        if text or kind != "p":
            yield Block(kind, text, within, *self._lines, sign)
        if kind not in (*_LEAVES, "pre"):
            yield from self.inside(element, (*within, kind))

    def _move_to(self, lines: str) -> None:
        first, _, last = lines.partition("-")
        if first.isdecimal() and last.isdecimal():
            self._lines = int(first), int(last)


def _paragraph(
    pieces: list[str], within: tuple[str, ...], lines: tuple[int, int]
) -> Iterator[Block]:
    if text := _plain(pieces):
        yield Block("p", text, within, *lines)


def _plain(pieces: list[str]) -> str:
    text = " ".join("".join(pieces).split())
    line_break = f"{TAG}br{END}"
    return line_break.join(piece.strip() for piece in text.split(line_break))


def _inlines(element: Element) -> Iterator[str]:
    for child in element:
        yield _inline(child)
        yield child.tail or ""


def _inline(element: Element) -> str:
    """Give an element in a line of text, its tags marked."""
    if not isinstance(element.tag, str):
        return ""  # a comment
    values = (element.get(name) for name in _COMPARED_ATTRIBUTES.get(element.tag, ()))
    opened = " ".join([element.tag, *filter(None, values)])
    inner = "".join([element.text or "", *_inlines(element)])
    closed = "" if element.tag in ("br", "img") else f"{TAG}/{element.tag}{END}"
    return f"{TAG}{opened}{END}{inner}{closed}"
