"""CommonMark: how everybody's editor and preview read Markdown, with the admonitions that we add.

What is written for us alone is taken away before, and the lines keep their numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

# Attributes of each block's tag: the first line in its source and the line below the last, counted
# from 1; and the sign that makes it, such as `-` for a list, `=` for a heading with a line below.
LINES, SIGN = "data-source-lines", "data-source-sign"
# Set in env where the page's boxes, `!!! kind "title"`, are to be read.
HAS_BOXES = "has_boxes"
BOX = "!!!"  # their sign

_ADMONITION = re.compile(r'!!! ?([\w-]+(?: +[\w-]+)*)(?: +"(.*?)")? *$')
# Of Python-Markdown's attr_list: `{#id}`, `{ .class }`, `{: width=50% }`.
_ATTRIBUTE = r"""(?:[#.][^\s{}"'=]+|[\w:-]+=(?:"[^"\n]*"|'[^'\n]*'|[^\s{}"']+))"""
_ATTRIBUTES = re.compile(rf"[ \t]*\{{:?[ ]*{_ATTRIBUTE}(?:[ ]+{_ATTRIBUTE})*[ ]*\}}")
_INDENT = 4


def without_attributes(text: str, numbers: Sequence[int]) -> tuple[str, list[int]]:
    """Give Markdown without its lists of attributes, and the number of each line in the source.

    numbers are those of the lines of text. A line that holds nothing else goes.
    """
    left = []
    for number, line in zip(numbers, text.split("\n"), strict=True):
        plain = _ATTRIBUTES.sub("", line)
        if plain.strip() or not line.strip():
            left.append((plain, number))
    return "\n".join(line for line, _ in left), [number for _, number in left]


def read_as_commonmark(text: str, env: dict[str, Any]) -> str:
    """Give the HTML that Markdown makes by CommonMark, each block with its lines and its sign.

    Tables and struck-out words are read too, as every editor does though CommonMark has none.
    env takes what was found on the way: `references` are the lines `[name]: address`.
    """
    reader = _reader()
    tokens = reader.parse(text, env)
    for token in list(tokens):
        if token.type == "html_block" and token.map:
            # Raw HTML has no tag of its own for the attribute.
            lines = f"<!--{LINES} {_lines(token.map)}-->"
            token.content = f"{lines}{token.content}"
        if token.type.startswith("paragraph_"):
            token.hidden = False  # a paragraph in an item has lines of its own
        if token.map and token.nesting >= 0 and token.type not in ("inline", "html_block"):
            token.attrSet(LINES, _lines(token.map))
            token.attrSet(SIGN, token.info if token.type == "list_item_open" else token.markup)
    html: str = reader.renderer.render(tokens, reader.options, env)
    return html


def _lines(span: Sequence[int]) -> str:
    return f"{span[0] + 1}-{span[1] + 1}"


@cache
def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    # links.py judges where links lead, by the addresses as they are written.
    reader.validateLink = lambda url: True  # type: ignore[method-assign]  # noqa: ARG005 the name is its own
    reader.normalizeLink = lambda url: url  # type: ignore[method-assign]
    reader.block.ruler.before(
        "fence", "admonition", _admonition, {"alt": ["paragraph", "reference", "blockquote"]}
    )
    return reader


def _admonition(state: StateBlock, first: int, end: int, silent: bool) -> bool:
    """Read `!!! kind "title"` and what stands below it, four spaces further in: a block rule."""
    start = state.bMarks[first] + state.tShift[first]
    match = _ADMONITION.match(state.src[start : state.eMarks[first]])
    if not match or not state.env.get(HAS_BOXES) or state.is_code_block(first):
        return False
    if silent:
        return True
    last = first + 1
    within = state.blkIndent + _INDENT
    while last < end and (state.isEmpty(last) or state.sCount[last] >= within):
        last += 1
    while state.isEmpty(last - 1) and last - 1 > first:
        last -= 1
    box = state.push("admonition_open", "div", 1)
    box.map, box.markup = [first, last], BOX
    # Without a title, the kind is the title; an empty title prints none.
    title = match[1].split()[0].capitalize() if match[2] is None else match[2]
    state.tokens += _title(title, first)
    before = state.parentType, state.lineMax, state.blkIndent
    state.parentType, state.lineMax, state.blkIndent = "admonition", last, within
    state.md.block.tokenize(state, first + 1, last)
    state.parentType, state.lineMax, state.blkIndent = before
    state.push("admonition_close", "div", -1)
    state.line = last
    return True


def _title(title: str, line: int) -> Iterator[Token]:
    if title:
        words = Token("inline", "", 0, content=title, map=[line, line + 1], children=[])
        yield Token("paragraph_open", "p", 1, map=[line, line + 1])
        yield words
        yield Token("paragraph_close", "p", -1)
