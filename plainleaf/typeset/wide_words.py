"""Words wider than where they stand: WeasyPrint lets them run into the next column or off paper.

Used by typeset alone: it reads the boxes that WeasyPrint lays out, which its version may change.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from plainleaf.problems import Place, line_of

_BEARABLE = 0.5  # CSS pixels, an eighth of a millimetre
_EDGES = "\N{SOFT HYPHEN}\N{HYPHEN}\N{ZERO WIDTH SPACE}.,;:!?()“”\"'"


@dataclass(frozen=True, slots=True)
class WideWord:
    """A word that does not fit, the section of a page that it belongs to or "", and its page."""

    word: str
    section: str
    page: int


def wide_words(pages: Iterable[Any]) -> list[WideWord]:
    """Give the words of a laid out document that are wider than their place, each once a page."""
    from plainleaf.typeset.upstream import box_of_page  # noqa: PLC0415 see typeset.ready()

    words = (
        WideWord(word, section, number)
        for number, page in enumerate(pages, start=1)
        for word, section in _in_box(box_of_page(page), (), "")
    )
    return list(dict.fromkeys(words))


def written_at(
    wide: WideWord, places: Mapping[str, Place], texts: Mapping[str, str], handout: Place
) -> Place:
    """Give where a word was written: in its section if it stands there, or in any of the texts.

    texts are the files that a sheet is made of. A word that came from none of them gets the place
    of its section, or that of the handout.
    """
    section = places.get(wide.section)
    if section is not None:
        lines = texts[section.path].split("\n")[section.line - 1 :]
        if line := _line_of("\n".join(lines), wide.word):
            return Place(section.path, section.line + line - 1)
    # A page may take words from words.yml and from the list of sources.
    for path, text in texts.items():
        is_other = section is None or not path.endswith(".md")
        if is_other and (line := _line_of(text, wide.word)):
            return Place(path, line)
    return section or handout


def _line_of(text: str, word: str) -> int:
    """Give the line of a word, or of its longest piece if it is written in another way; 0: none."""
    plain = _plain(html.unescape(text))
    longest = max(re.findall(r"\w+", _plain(word)), key=len, default=word)
    return next((line_of(plain, each) for each in (_plain(word), longest) if each in plain), 0)


def _plain(text: str) -> str:
    """Take away what may part a word where it is written, and what makes it bold."""
    return text.replace("\N{SOFT HYPHEN}", "").replace("*", "")


def _in_box(
    box: Any, frames: tuple[tuple[float, float], ...], section: str
) -> Iterator[tuple[str, str]]:
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415 see typeset.ready()

    if (box.element_tag or "").endswith("::marker"):
        return  # it hangs beside its list by design
    if box.element is not None:
        section = box.element.get("data-section") or section
    if isinstance(box, boxes.BlockContainerBox | boxes.BlockLevelBox):
        # A box that is placed by hand need not stay within those around it.
        around = () if box.style["position"] in ("absolute", "fixed") else frames
        frames = (*around, _frame_of(box))
    if isinstance(box, boxes.LineBox):
        texts = list(_texts(box))
        if not all(_holds(frame, text) for text in texts for frame in frames):
            words = "".join(text.text for text in texts).split()
            yield max(words, key=len, default="").strip(_EDGES), section
    for child in box.children if isinstance(box, boxes.ParentBox) else ():
        yield from _in_box(child, frames, section)


def _frame_of(box: Any) -> tuple[float, float]:
    """Give both edges of a box; a word may fill the room that a cell keeps to the next one."""
    left, right = box.content_box_x(), box.content_box_x() + box.width
    if box.element_tag in ("td", "th"):
        return left - box.padding_left, right + box.padding_right
    return left, right


def _holds(frame: tuple[float, float], text: Any) -> bool:
    left, right = text.position_x, text.position_x + text.width
    return bool(left >= frame[0] - _BEARABLE and right <= frame[1] + _BEARABLE)


def _texts(box: Any) -> Iterator[Any]:
    """Give the texts of a line, those within inner blocks left to the lines of these."""
    from weasyprint.formatting_structure import boxes  # noqa: PLC0415 see typeset.ready()

    for child in box.children:
        if isinstance(child, boxes.TextBox):
            if child.text.strip(_EDGES + " "):
                yield child
        elif isinstance(child, boxes.InlineBox) and not str(child.element_tag).endswith("::marker"):
            yield from _texts(child)
