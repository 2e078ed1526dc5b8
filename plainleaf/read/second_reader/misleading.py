"""What every reader of Markdown reads otherwise than an author for patients means it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise, takewhile
from typing import Any

from plainleaf.read.second_reader.commonmark import BOX
from plainleaf.read.second_reader.outline import Block, Finding

# Signs that Word and others put before an item: those of their bullets, and letters of the fonts
# Courier New, Symbol and Wingdings that stand for some.
_BULLET = re.compile(
    "\\s*([\u2022\u00b7\u2219\u25aa\u25ab\u25cf\u25cb\u25e6\u25a0\u25a1\u25b6\u25ba\u25c6\u25c7"
    "\u2023\u2043\u27a2\u2713\u2714\u2610\u2611\ue000-\uf8ff]"
    "|[o\u00a7\u00fc\u00d8](?=\t|\u00a0| {2}))\\s*\\S"
)
_PRIVATE = "\ue000"  # the first letter that only one font means (Unicode, private use)
_EN_DASH = re.compile("\\s*(\u2013)\\s")
# Starts of items that Markdown does not know as such: a), (ii), A., -fever, 1.fever
_LETTERED = re.compile(
    "\\s*(\\(?(?:\\d{1,3}|[A-Za-z]|[ivx]{1,4})\\)\\s|[A-Za-z]\\.\\s|[o\u2013\u2014\u2212]\\s"
    "|(?:[-*+]|\\d{1,3}[.)])(?=[^\\W\\d_]))\\s*\\S"
)
# One that is ticked already is refused by a gate, consent.ticked.
_TO_TICK = re.compile(r"\[ \](?:\s|$)")
# Content tabs, which only an extension knows.
_TAB = re.compile(r'\s*===[!+]? "')
# The line below the heads of a table.
_RULE = re.compile(r"[\s|:-]+$")
_LISTS = "Start each item with `- ` or `1. `, and leave an empty line above the first."


def addresses(env: Mapping[str, Any], *, has_notes: bool) -> Iterator[Finding]:
    """Refuse `[name]: address`: if nothing asks for it, the line is not printed at all.

    env is what the second reader found on the way; has_notes: footnotes are written like this.
    """
    for label, reference in env.get("references", {}).items():
        if not (has_notes and label.startswith("^")):
            fact = "this line is not printed: it is taken for the address of a link."
            hint = "Write each address beside its words: `[words](address)`."
            if label.startswith("^"):
                hint = "Write the note into the sentence that it belongs to."
            yield Finding(reference["map"][0] + 1, fact, hint)


def misleading(
    blocks: Sequence[Block], lines: Sequence[str], published: frozenset[str]
) -> Iterator[Finding]:
    """Give what is misleading in a page: its blocks, its lines, and what it sets as code."""
    for at, block in enumerate(blocks):
        inside = _inside(block, blocks[at + 1 :])
        fact = hint = ""
        if block.kind == "blockquote":
            fact = "`>` at the start of this line makes a quotation, and is not printed."
            hint = 'Write it in words, such as "more than 38 °C"; no page needs a quotation.'
        elif block.sign in ("=", "-") and block.kind in ("h1", "h2"):
            fact = f"the line of `{block.sign * 3}` below makes a heading of this."
            hint = "Start a heading with `##`; above a line across the page leave an empty line."
        elif block.kind == "pre" and not block.sign and _is_among(block.text, published):
            fact, hint = _of_code(block, lines)
        elif block.sign == BOX and not inside:
            fact = "this box is empty."
            hint = "Write what belongs into it right below, indented by four spaces."
        elif block.kind == "li" and block.line and not inside:
            fact = "this item is empty."
            hint = "Write what belongs there, or take the line away."
        elif block.kind == "li" and inside and _TO_TICK.match(inside[0].words):
            fact = f'"{inside[0].words[:3]}" is a box to tick in some editors, and is printed.'
            hint = "Take it away; `show: ticks` in the handout prints boxes."
        elif block.kind == "ul":
            yield from _of_bullets(block, inside)
        elif block.kind == "ol":
            yield from _of_numbers(block, inside)
        elif block.kind == "p" and "table" not in block.within:
            yield from _pasted(block, lines)
        if fact:
            yield Finding(block.line, fact, hint)


def _inside(block: Block, following: Sequence[Block]) -> list[Block]:
    """Give the blocks within a block."""
    return list(takewhile(lambda inner: len(inner.within) > len(block.within), following))


def _is_among(code: str, published: frozenset[str]) -> bool:
    """Tell whether a piece of code is published as code: no extension gives it a meaning."""
    return any("".join(code.split()) in "".join(piece.split()) for piece in published)


def _of_code(block: Block, lines: Sequence[str]) -> tuple[str, str]:
    above = next((line for line in reversed(lines[: block.line - 1]) if line.strip()), "")
    if _TAB.match(above):
        fact = "this is no content tab: mkdocs.yml lists no extension that knows them."
        return fact, "Write one after the other, each under a heading of its own."
    fact = "the spaces at the start of this line make it a piece of code."
    return fact, "Take them away; within an item of a list, indent by four spaces for each level."


def _of_bullets(block: Block, inside: Sequence[Block]) -> Iterator[Finding]:
    items = [inner for inner in inside if len(inner.within) == len(block.within) + 1]
    if block.sign == "+":
        fact = "`+` at the start of this line makes an item of a list, and is not printed."
        hint = "Start an item with `-`; write a plus as a word, or as `\\+`."
        yield Finding(block.line, fact, hint)
    elif len(items) == 1 and len(inside) > 1 and re.match(r"\d", inside[1].words):
        fact = f"`{block.sign}` at the start of this line makes a list of it, and is no minus."
        hint = "A minus is a word (`minus 5 °C`) or `−`; a single item needs no list."
        yield Finding(block.line, fact, hint)


def _of_numbers(block: Block, inside: Sequence[Block]) -> Iterator[Finding]:
    """Refuse numbers that are printed as others: lists count on, whatever number is typed."""
    if block.sign == ")":
        fact = f"`{block.text})` starts a list in most editors, and none on the website and paper."
        yield Finding(block.line, fact, _LISTS)
        return
    items = [item for item in inside if item.kind == "li" and item.sign.isdecimal()]
    typed = [int(item.sign) for item in items if len(item.within) == len(block.within) + 1]
    for place, (item, number) in enumerate(zip(items, typed, strict=False)):
        if set(typed) != {typed[0]} and number != typed[0] + place:
            fact = f"this item is typed as {number}, and would be printed as {1 + place}."
            hint = "Count on from the item before; between two lists write a sentence."
            yield Finding(item.line, fact, hint)
            return


def _pasted(block: Block, lines: Sequence[str]) -> Iterator[Finding]:
    """Refuse lines that were items in another program, and would run into one sentence."""
    own = range(block.line, block.end)
    rows = [lines[line - 1].strip() for line in own]
    if rows and all(row.startswith("|") for row in rows) and not any(map(_RULE.match, rows)):
        hint = "Write `|---|---|` below the heads, with a piece for each column."
        yield Finding(block.line, "this is no table: the line below its heads is missing.", hint)
    for line in own:
        match = _BULLET.match(lines[line - 1])
        # A sentence may go on with a dash; it does not start with one.
        if match or (line == block.line and (match := _EN_DASH.match(lines[line - 1]))):
            sign = match[1]
            named = f'"{sign}"' if sign < _PRIVATE else f"a sign of Word (U+{ord(sign):04X})"
            yield Finding(line, f"{named} at the start of this line makes no list.", _LISTS)
            return
    for line, after in pairwise(own):
        match, other = (_LETTERED.match(lines[number - 1]) for number in (line, after))
        if match and other:
            fact = (
                f'"{match[1].strip()}" and "{other[1].strip()}" at the start of these lines make '
                "no list: they run on as one."
            )
            yield Finding(line, fact, _LISTS)
            return
