"""Changes: word by word what is different between two versions of a handout."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher
from typing import Literal

from plainleaf.model import Content, Language

# Two blocks count as one that was changed if they share half of their words.
LEAST_LIKENESS = 0.5
# Words shown of an unchanged block, which only says where a change stands.
FEW = 12
_SIGNS = ("###### ", "##### ", "#### ", "### ", "## ", "# ", "- ", "| ")
_KINDS = {"- ": "list item", "| ": "table cell", "": "text"}
# U+200F tells a terminal that a line runs from right to left, whatever its first letter is.
_FROM_THE_RIGHT = "\u200f"


@dataclass(frozen=True, slots=True)
class Piece:
    """Words that stand in both versions, only in the old one (del), or only in the new one (ins).

    The last two are the names of HTML for it.
    """

    kind: Literal["same", "del", "ins"]
    text: str


@dataclass(frozen=True, slots=True)
class Block:
    """A block of a handout in both versions: a heading, an item, a cell, a paragraph.

    sign is how its line starts (compose/content.py), heading the one above it, and was_under the
    one that was above a block that has moved.
    """

    how: Literal["same", "changed", "added", "removed", "moved"]
    sign: str
    pieces: tuple[Piece, ...]
    heading: str
    was_under: str = ""

    @property
    def kind(self) -> str:
        """What an editor calls it."""
        if self.pieces[0].text.startswith("[picture "):
            return "picture"
        return _KINDS.get(self.sign, "heading")

    @property
    def start(self) -> str:
        """The first words of a block that is no different: enough to see which one it is."""
        words = self.pieces[0].text.split(" ")
        return " ".join(words[:FEW]) + (" …" if len(words) > FEW else "")


def changes(old: Content, new: Content) -> list[list[Block]]:
    """Give what changed: stretches of blocks under one heading, with one unchanged around."""
    blocks = _moved(_under_headings(_aligned(old.lines, new.lines)))
    stretches: list[list[Block]] = []
    last = None
    for at, block in enumerate(blocks):
        near = [block, *(blocks[at - 1 : at] if at else []), *blocks[at + 1 : at + 2]]
        if any(other.how != "same" and other.heading == block.heading for other in near) and (
            block.how != "same" or block.kind != "heading"
        ):
            if last != at - 1 or stretches[-1][0].heading != block.heading:
                stretches.append([])
            stretches[-1].append(block)
            last = at
    return stretches


def _aligned(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Give each block of both versions beside itself, or beside None where it has no like."""
    for same, i1, i2, j1, j2 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if same == "equal":
            yield from zip(old[i1:i2], new[j1:j2], strict=True)
        else:
            yield from _paired(old[i1:i2], new[j1:j2])


def _paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[str | None, str | None]]:
    """Pair the blocks so that the pairs are as alike as can be (Needleman and Wunsch, 1970)."""
    likeness = [[_likeness(one, other) for other in new] for one in old]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    for i in reversed(range(len(old))):
        for j in reversed(range(len(new))):
            pair = likeness[i][j] + best[i + 1][j + 1] if likeness[i][j] else 0.0
            best[i][j] = max(pair, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(old) or j < len(new):
        pair = likeness[i][j] if i < len(old) and j < len(new) else 0.0
        if pair and best[i][j] == pair + best[i + 1][j + 1]:
            yield old[i], new[j]
            i, j = i + 1, j + 1
        elif i < len(old) and best[i][j] == best[i + 1][j]:
            yield old[i], None
            i += 1
        else:
            yield None, new[j]
            j += 1


def _likeness(one: str, other: str) -> float:
    """Tell how many of their words two blocks share, from 0 to 1; 0 if they are two blocks."""
    (sign, text), (other_sign, other_text) = _parted(one), _parted(other)
    words, other_words = Counter(text.split()), Counter(other_text.split())
    shared = 2 * (words & other_words).total() / (words.total() + other_words.total())
    return shared if sign == other_sign and shared >= LEAST_LIKENESS else 0.0


def _parted(line: str) -> tuple[str, str]:
    sign = next((sign for sign in _SIGNS if line.startswith(sign)), "")
    return sign, line.removeprefix(sign)


def _under_headings(aligned: Iterator[tuple[str | None, str | None]]) -> Iterator[Block]:
    """Give each block under the heading that it has, or had where it is gone."""
    was_above = above = ""
    for old, new in aligned:
        how: Literal["same", "changed", "added", "removed"]
        if new is None:
            how = "removed"
        else:
            how = "added" if old is None else "same" if old == new else "changed"
        sign, _ = _parted(new or old or "")
        (_, was), (_, now) = _parted(old or ""), _parted(new or "")
        if sign.startswith("#"):
            was_above, above = was or was_above, now or above
        yield Block(how, sign, tuple(_words(was, now)), was_above if new is None else above)


def _words(old: str, new: str) -> Iterator[Piece]:
    """Give what is the same in two blocks, gone from the old one, and new in the other."""
    was, now = old.split(), new.split()
    for how, i1, i2, j1, j2 in SequenceMatcher(None, was, now, autojunk=False).get_opcodes():
        if how == "equal":
            yield Piece("same", " ".join(now[j1:j2]))
            continue
        if i1 < i2:
            yield Piece("del", " ".join(was[i1:i2]))
        if j1 < j2:
            yield Piece("ins", " ".join(now[j1:j2]))


def _moved(blocks: Iterator[Block]) -> list[Block]:
    """Join what was removed here and added there, word for word, to one block: where it is now."""
    marked = list(blocks)
    removed: dict[tuple[str, str], list[int]] = {}
    for at, block in enumerate(marked):
        if block.how == "removed":
            removed.setdefault((block.sign, block.pieces[0].text), []).append(at)
    for at, block in enumerate(marked):
        key = block.sign, block.pieces[0].text
        if block.how == "added" and removed.get(key):
            was_under = marked[removed[key].pop(0)].heading
            same = (Piece("same", key[1]),)
            marked[at] = replace(block, how="moved", pieces=same, was_under=was_under)
    not_moved = {at for places in removed.values() for at in places}
    return [block for at, block in enumerate(marked) if block.how != "removed" or at in not_moved]


def as_text(stretches: Sequence[Sequence[Block]], language: Language) -> str:
    """Give changes for a terminal, as `git diff --word-diff` does: [-gone-] and {+new+}."""
    start = _FROM_THE_RIGHT if language.direction == "rtl" else ""
    texts = []
    for stretch in stretches:
        first = stretch[0]
        lines = [f"## {first.heading}"] if first.heading and first.kind != "heading" else []
        lines += map(_line, stretch)
        texts.append("\n".join(start + line for line in lines))
    return "\n\n".join(texts)


def _line(block: Block) -> str:
    marks = {"same": "{}", "del": "[-{}-]", "ins": "{{+{}+}}"}
    if block.how == "same":
        return block.sign + block.start
    if block.how == "moved":
        where = "" if block.was_under == block.heading else f" from “{block.was_under}”"
        return f"[moved{where}] {block.sign}{block.start}"
    words = " ".join(marks[piece.kind].format(piece.text) for piece in block.pieces)
    return block.sign + words.replace("-] {+", "-]{+")
