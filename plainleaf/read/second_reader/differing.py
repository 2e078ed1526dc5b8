"""Where two readings of a page differ, and what to write so that they do not."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby, pairwise

from plainleaf.read.second_reader.outline import END, TAG, Block, Finding

# SequenceMatcher is quadratic: beyond this many pairs of blocks, a page counts as one difference.
_MOST_PAIRS = 4_000_000
_WAYS = "the website and paper"
_ITEM = re.compile(r"\s*(?:[-*+]|\d{1,9}[.)])(?:\s|$)")
_ESCAPED = re.compile(r"\\(?:[!-/:-@\[-`{-~]|\s|$)")
_NAMES = {
    "ul": "list",
    "ol": "numbered list",
    "li": "item",
    "tr": "row",
    "td": "cell",
    "th": "cell",
    "pre": "piece of code",
    "hr": "line across the page",
    "table": "table",
    "p": "paragraph",
    "blockquote": "quotation",
    "div": "box",
    **{f"h{level}": "heading" for level in range(1, 7)},
}


@dataclass(frozen=True, slots=True)
class _Hunk:
    """Where the readings differ: the blocks of each, and the lines of what they read.

    line is where it starts, end the line at which both agree again.
    """

    ours: Sequence[Block]
    theirs: Sequence[Block]
    lines: Sequence[str]
    line: int
    end: int

    def find(self, pattern: str) -> int:
        """Give the first line that starts with a pattern, or 0."""
        sought = re.compile(pattern)
        around = range(self.line, max(self.end, self.line + 1))
        return next((at for at in around if sought.match(self.lines[at - 1])), 0)

    def more(self, *kinds: str) -> list[Block]:
        """Give the blocks of these kinds that the second reader sees and ours does not."""
        keys = {block.key for block in self.ours}
        return [block for block in self.theirs if block.kind in kinds and block.key not in keys]


def differences(
    ours: Sequence[Block], theirs: Sequence[Block], lines: Sequence[str], faulty: set[int]
) -> list[Finding]:
    """Give where the second reader sees other blocks than Python-Markdown does, ours.

    lines are those of what was read. faulty are the lines on which something was found already: it
    may be why the readings differ, and one fault is named once.
    """
    plain = [*_glued(ours, theirs), *_indented(ours, theirs, lines)]
    faulty = faulty | {finding.line for finding in plain}
    return plain + [
        finding
        for hunk in _hunks(ours, theirs, lines)
        if faulty.isdisjoint(range(hunk.line, hunk.end + 2))
        for finding in _of_hunk(hunk)
    ]


def _glued(ours: Sequence[Block], theirs: Sequence[Block]) -> Iterator[Finding]:
    """Find the lists and tables that run on from the paragraph above, as no empty line parts them.

    A list within an item needs none: there we see the same paragraph.
    """
    keys = {block.key for block in ours}
    for above, block in pairwise(theirs):
        is_next = above.kind == "p" and above.end == block.line and above.within == block.within
        if is_next and block.kind in ("ul", "ol", "table") and above.key not in keys:
            name = "table" if block.kind == "table" else "list"
            fact = f"the {name} that starts here would run on from the line above, in one sentence."
            yield Finding(block.line, fact, f"Leave an empty line above the {name}.")


def _indented(
    ours: Sequence[Block], theirs: Sequence[Block], lines: Sequence[str]
) -> Iterator[Finding]:
    """Find what stands within an item for others, and is not indented enough for us."""
    keys = {block.key for block in ours}
    for block in theirs:
        if "li" not in block.within or block.kind == "li" or block.key in keys:
            continue
        line = lines[block.line - 1].expandtabs(4)
        is_first = block.kind == "p" and _ITEM.match(line)
        if not is_first and (len(line) - len(line.lstrip(" "))) % 4:
            name = _NAMES.get(block.kind, "piece of HTML")
            fact = f"this {name} belongs to the item above in most editors, and not on {_WAYS}."
            hint = "Indent it by four spaces for each list that it stands in."
            yield Finding(block.line, fact, hint)


def _hunks(ours: Sequence[Block], theirs: Sequence[Block], lines: Sequence[str]) -> Iterator[_Hunk]:
    keys = [block.key for block in ours], [block.key for block in theirs]
    if keys[0] == keys[1]:
        return
    pieces: Iterable[tuple[str, int, int, int, int]]
    if len(ours) * len(theirs) > _MOST_PAIRS:
        pieces = [("replace", 0, len(ours), 0, len(theirs))]
    else:
        pieces = SequenceMatcher(None, *keys, autojunk=False).get_opcodes()
    for kind, our_start, our_end, start, end in pieces:
        if kind != "equal":
            at = theirs[min(start, len(theirs) - 1)].line if theirs else 1
            last = theirs[end].line if end < len(theirs) else len(lines) + 1
            yield _Hunk(ours[our_start:our_end], theirs[start:end], lines, max(at, 1), last)


def _of_hunk(hunk: _Hunk) -> list[Finding]:
    """Say where two readings differ and why, by the first rule that knows it."""
    pairs = list(zip(hunk.ours, hunk.theirs, strict=False))
    if len(hunk.ours) == len(hunk.theirs) and all(_are_alike(*pair) for pair in pairs):
        return [_of_text(*pair) for pair in pairs if pair[0].text != pair[1].text]
    for rule in _RULES:
        if findings := list(rule(hunk)):
            return findings
    return [_in_two_ways(hunk, hunk.line, "Write one thing a line, with empty lines between them.")]


def _in_two_ways(hunk: _Hunk, line: int, hint: str) -> Finding:
    fact = (
        f"this is read in two ways: {_WAYS} would show {_described(hunk.ours)}, "
        f"most editors {_described(hunk.theirs)}."
    )
    return Finding(line, fact, hint)


def _of_numbers(hunk: _Hunk) -> Iterator[Finding]:
    for block in hunk.more("ol"):
        if block.text != "1":
            fact = f"this list starts with {block.text}, and would be printed from 1."
            hint = (
                "Indent by four spaces what stands between two of its items, or start with 1. "
                f"A number that starts a sentence: write `{block.text}\\.`, or a word before it."
            )
            yield Finding(block.line, fact, hint)
    if line := hunk.find(r"\s*(?![0-9])\d+\."):
        yield _in_two_ways(hunk, line, "Write the numbers of a list as `1.` and `2.`.")


def _of_headings(hunk: _Hunk) -> Iterator[Finding]:
    if line := hunk.find(r" {0,3}#{1,6}[^#\s]"):
        hint = "Put a space after the `#` of a heading; write a number sign as `\\#`."
        yield _in_two_ways(hunk, line, hint)
    elif line := hunk.find(r" +#{1,6}\s"):
        yield _in_two_ways(hunk, line, "Start a heading with no spaces before it.")
    elif line := hunk.find(r"\s*(?:-+|=+)\s*$"):
        yield _in_two_ways(hunk, line, "Take this line away, or write an empty one above it.")


def _of_html(hunk: _Hunk) -> Iterator[Finding]:
    above = next((line for line in reversed(hunk.lines[: hunk.line - 1]) if line.strip()), "")
    if above.lstrip().startswith("<") or hunk.find(r".*</?[A-Za-z]"):
        hint = "Close the tag, or write it without tags: they are read in many ways."
        yield _in_two_ways(hunk, hunk.line, hint)


def _of_signs(hunk: _Hunk) -> Iterator[Finding]:
    for block in hunk.more("ul", "ol"):
        fact = f"{_WAYS} would go on with the list above, and most editors start another."
        hint = "Start each item of a list with the same sign; between two lists write a sentence."
        yield Finding(block.line, fact, hint)


def _of_tables_and_code(hunk: _Hunk) -> Iterator[Finding]:
    kinds = {block.kind for block in (*hunk.ours, *hunk.theirs)}
    if not kinds.isdisjoint(("table", "tr", "td", "th")):
        hint = "Give each row as many cells, between `|`, and leave empty lines around the table."
        yield _in_two_ways(hunk, hunk.line, hint)
    elif "pre" in kinds:
        hint = "Take the spaces at its start away; in a list, indent by four for each level."
        yield _in_two_ways(hunk, hunk.line, hint)


def _of_addresses(hunk: _Hunk) -> Iterator[Finding]:
    if line := hunk.find(r"\s*\[[^\]]+\]:"):
        hint = "Write each address beside its words: `[words](address)`."
        yield _in_two_ways(hunk, line, hint)


_RULES: tuple[Callable[[_Hunk], Iterator[Finding]], ...] = (
    _of_numbers,
    _of_headings,
    _of_html,
    _of_signs,
    _of_tables_and_code,
    _of_addresses,
)


def _described(blocks: Sequence[Block]) -> str:
    """Say in words what blocks are, the outermost of them."""
    if not blocks:
        return "nothing more"
    least = min(len(block.within) for block in blocks)
    outer = [block for block in blocks if len(block.within) == least]
    counted = []
    for name, group in groupby(outer, key=lambda block: _NAMES.get(block.kind, "piece of HTML")):
        count = len([*group])
        article = "an" if name[0] in "aeiou" else "a"
        counted.append(f"{article} {name}" if count == 1 else f"{count} {name}s")
    listed = f"{', '.join(counted[:-1])} and {counted[-1]}" if counted[1:] else counted[0]
    is_within = "li" in outer[0].within and outer[0].kind != "li"
    return f"{listed} within an item" if is_within else listed


def _are_alike(one: Block, other: Block) -> bool:
    """Tell whether two blocks can only differ in their words."""
    return (one.kind, one.within) == (other.kind, other.within) and one.kind != "ol"


def _of_text(one: Block, other: Block) -> Finding:
    """Say what differs within a block."""
    ours, theirs = _around_difference(one, other)
    fact = f'this is read in two ways: {_WAYS} would show "{ours}", most editors "{theirs}".'
    if one.words == other.words:
        fact = f'the signs around "{theirs}" are read in two ways.'
    hint = "Write it another way: signs of Markdown stand right beside the words they are for."
    if _ESCAPED.search(ours):
        hint = "Take the backslash away; a new line needs an empty line above it."
    elif "~~" in ours:
        hint = "Take away the words that no longer hold: on paper nothing is struck out."
    elif "*" in ours + theirs or "_" in ours + theirs:
        hint = "Put stars right beside the words that they make bold; a star itself is `\\*`."
    return Finding(max(other.line, 1), fact, hint)


def _around_difference(one: Block, other: Block) -> tuple[str, str]:
    """Give the words of two blocks around their first difference, that of their tags if need be."""
    texts = [one.words.split(), other.words.split()]
    if texts[0] == texts[1]:
        texts = [one.text.split(), other.text.split()]
    shared = zip(*texts, strict=False)
    first = next((at for at, (a, b) in enumerate(shared) if a != b), min(map(len, texts)))
    pieces = [" ".join(words[max(first - 2, 0) : first + 5]) for words in texts]
    return _without_tags(pieces[0]), _without_tags(pieces[1])


def _without_tags(text: str) -> str:
    return re.sub(f"{TAG}[^{END}]*(?:{END}|$)|^[^{TAG}]*{END}", "", text)
