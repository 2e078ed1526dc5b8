"""The blocks of a page, or of a file of words: what is translated one by one, and what is not.

A block is a paragraph, an item of a list, a cell, a heading, a line of the front matter or a word.
All else (boxes, ids, bullets, pictures' places, risk tables) is the frame, which is the same in
every language: a translation is poured into the frame of its original.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import yaml

from plainleaf.files.yaml_file import Loader

# What stands before the first heading, its title too: no id of a heading has a space.
TOP = "top of the page"
# Keys of the front matter that are translated; the others are the same in every language.
SPOKEN = ("title", "menu", "description", "search_words")
# Keys of words.yml that are not translated: each language has its own.
_UNSPOKEN = ("fonts", "name")

# A note to editors: a comment on one line.
NOTE = re.compile(r"^\s*<!--(.*)-->\s*$")
_HEADING = re.compile(r"^(\s*#{1,6}\s+)(.*?)(\s*\{[^{}]*#([\w-]+)[^{}]*\}\s*)$")
_ITEM = re.compile(r"^(\s*(?:[-*+]|\d+[.)])\s+)(.*)$")
# A box, or signs about the block above: `{ .small }`.
_BARE = re.compile(r"^\s*(?:!!!.*|\{:?[^{}]*\})\s*$")
_UNDER_HEADS = re.compile(r"^\s*\|?\s*:?-{3,}[\s:|-]*$")
_CELLS = re.compile(r"(\s*(?<!\\)\|\s*)")
CALL = re.compile(r"\{\{-?\s*(\w+)\((.*?)\)\s*-?\}\}", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Block:
    """Words that are translated as one: their Markdown, each line without its indent.

    section is the id of the heading under which they stand, or TOP; of a file of words it is the
    key. within holds the ids of all headings around them, "" for the title of a page. notes are
    the notes to editors that stand right above. kind is heading, item, cell or text, or the key of
    the front matter.
    """

    section: str
    within: tuple[str, ...]
    kind: str
    text: str
    line: int
    notes: tuple[str, ...] = ()

    @property
    def hash(self) -> str:
        """Eight hexadecimal digits of its words, the same however their lines are broken."""
        words = " ".join(self.text.split())
        return hashlib.sha256(words.encode("utf-8")).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Slot:
    """Where a block stands in the frame: what its first line starts with, and what all others."""

    block: Block
    before: str
    indent: str


Piece = str | Slot


def blocks_of(text: str, name: str) -> tuple[Block, ...]:
    """Give the blocks of a file, in their order; name tells what kind of a file it is."""
    return tuple(piece.block for piece in pieces_of(text, name) if isinstance(piece, Slot))


def pieces_of(text: str, name: str) -> tuple[Piece, ...]:
    """Give a file in pieces: its frame, and its blocks at their places."""
    if name.endswith(".md"):
        return tuple(_page(text))
    return tuple(_words(text, _UNSPOKEN if name.endswith("words.yml") else ()))


def poured(
    pieces: Iterable[Piece],
    words_of: Callable[[Block], str],
    notes: Callable[[Block], Iterable[str]],
) -> str:
    """Give the text of a page with other words at the place of each block, and notes above it."""
    written = []
    for piece in pieces:
        if isinstance(piece, str):
            written.append(piece)
            continue
        margin = piece.before[: len(piece.before) - len(piece.before.lstrip())]
        written += [f"{margin}<!-- {note} -->\n" for note in notes(piece.block)]
        written.append(piece.before + words_of(piece.block).replace("\n", "\n" + piece.indent))
    return "".join(written)


def is_spoken(text: str) -> bool:
    """Tell whether a block says anything itself: one that only asks for a list does not."""
    rest = CALL.sub(lambda call: "word" if _has_words(call) else "", text)
    return any(letter.isalnum() for letter in rest)


def _has_words(call: re.Match[str]) -> bool:
    """Tell whether a call holds words of its own: `clinic("you", "we")`, `shared("x", "or")`."""
    return call[1] == "clinic" or (call[1] == "shared" and "," in call[2])


def _page(text: str) -> Iterator[Piece]:
    lines = text.split("\n")
    start = 0
    if lines[0] == "---" and "---" in lines[1:]:
        start = lines.index("---", 1)
        yield "---\n"
        yield from _front_matter("\n".join(lines[1:start]))
    yield from _Body(lines, start).pieces()


def _front_matter(head: str) -> Iterator[Piece]:
    """Give the front matter; its keys start a line each, and what follows one may be a list."""
    lines = head.split("\n")
    node = yaml.compose(head, Loader=Loader)
    entries = node.value if isinstance(node, yaml.MappingNode) else []
    starts = [key.start_mark.line for key, _ in entries] + [len(lines)]
    yield "".join(f"{line}\n" for line in lines[: starts[0]])
    for (key, value), at, end in zip(entries, starts, starts[1:], strict=False):
        whole = "".join(f"{line}\n" for line in lines[at:end])
        words = _value_in_words(value)
        within = ("",) if key.value == "title" else ()  # sheets print it, and none of the others
        if key.value in SPOKEN and words:
            yield Slot(Block(TOP, within, key.value, words, at + 2), f"{key.value}: ", "")
            yield "\n"
        else:
            yield whole


def _value_in_words(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return " ".join(str(node.value).split())
    return ", ".join(str(item.value) for item in node.value if isinstance(item, yaml.ScalarNode))


@dataclass(slots=True)
class _Body:
    """Takes the body of a page apart, line by line."""

    lines: list[str]
    at: int
    section: str = TOP
    around: tuple[tuple[int, str], ...] = ()

    def pieces(self) -> Iterator[Piece]:
        notes: list[str] = []
        while self.at < len(self.lines):
            line = self.lines[self.at]
            end = "\n" if self.at < len(self.lines) - 1 else ""
            if note := NOTE.match(line):
                notes.append(note[1].strip())
                self.at += 1
                continue
            if heading := _HEADING.match(line):
                level, self.section = heading[1].count("#"), heading[4]
                outer = (around for around in self.around if around[0] < level)
                self.around = (*outer, (level, self.section))
                yield self._slot("heading", heading[2], self.at, notes, heading[1])
                yield heading[3] + end
                self.at += 1
            elif self._is_table():
                yield from self._table(notes)
            elif not line.strip() or _BARE.match(line) or line == "---":
                yield line + end
                self.at += 1
                continue  # notes stay with the block that follows
            else:
                yield from self._text(notes)
            notes = []

    def _slot(
        self, kind: str, text: str, at: int, notes: list[str], before: str, indent: str = ""
    ) -> Piece:
        if not is_spoken(text):
            return before + text.replace("\n", "\n" + indent)
        within = tuple(name for _, name in self.around)
        block = Block(self.section, within, kind, text, at + 1, tuple(notes))
        return Slot(block, before, indent)

    def _is_table(self) -> bool:
        below = self.lines[self.at + 1] if self.at + 1 < len(self.lines) else ""
        return "|" in self.lines[self.at] and "|" in below and bool(_UNDER_HEADS.match(below))

    def _table(self, notes: list[str]) -> Iterator[Piece]:
        first = self.at
        while self.at < len(self.lines) and self.lines[self.at].strip():
            line, before = self.lines[self.at], ""
            for cell in _CELLS.split(line) if self.at != first + 1 else [line]:
                if not cell.strip() or _CELLS.fullmatch(cell) or self.at == first + 1:
                    before += cell
                    continue
                yield self._slot("cell", cell, self.at, notes, before)
                notes, before = [], ""
            yield before + ("\n" if self.at < len(self.lines) - 1 else "")
            self.at += 1

    def _text(self, notes: list[str]) -> Iterator[Piece]:
        first = self.at
        line = self.lines[first]
        item = _ITEM.match(line)
        before = item[1] if item else line[: len(line) - len(line.lstrip())]
        lines = [item[2] if item else line.strip()]
        self.at += 1
        while self.at < len(self.lines) and not self._starts_anew(self.lines[self.at]):
            lines.append(self.lines[self.at].strip())
            self.at += 1
        follows = self.lines[first + 1] if len(lines) > 1 else ""
        indent = follows[: len(follows) - len(follows.lstrip())] or " " * len(before)
        kind = "item" if item else "text"
        yield self._slot(kind, "\n".join(lines).rstrip(), first, notes, before, indent)
        yield "\n" if self.at < len(self.lines) else ""

    def _starts_anew(self, line: str) -> bool:
        ways = (NOTE, _HEADING, _ITEM, _BARE)
        return not line.strip() or any(way.match(line) for way in ways) or self._is_table()


def _words(text: str, unspoken: Sequence[str]) -> Iterator[Piece]:
    """Give a file of words as blocks: each key that holds a text."""
    try:
        node = yaml.compose(text, Loader=Loader)
    except yaml.YAMLError:  # languages.py names the fault
        return
    for keys, key, value in leaves(node):
        if keys[0] not in unspoken and isinstance(value, yaml.ScalarNode):
            line = key.start_mark.line + 1
            yield Slot(Block(".".join(keys), keys, "word", str(value.value).strip(), line), "", "")


def leaves(
    node: yaml.Node | None, keys: tuple[str, ...] = ()
) -> Iterator[tuple[tuple[str, ...], yaml.Node, yaml.Node]]:
    """Give what a file of words holds in the end: each text or list, its key and all keys to it."""
    for key, value in node.value if isinstance(node, yaml.MappingNode) else ():
        inner = (*keys, str(key.value))
        if isinstance(value, yaml.MappingNode):
            yield from leaves(value, inner)
        else:
            yield inner, key, value
