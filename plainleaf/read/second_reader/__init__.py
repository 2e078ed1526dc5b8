"""The second reader: a page must mean what it looks like in everybody's editor.

Python-Markdown makes the website and the sheets, and reads lists, indents and numbers in its own
way; editors and their previews read CommonMark. Where the two see other blocks, or where both see
what nobody means who writes for patients, the page is refused, by line and with the way out.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import markdown

from plainleaf.html.templates import unfilled
from plainleaf.problems import Place, Problem
from plainleaf.read.second_reader.commonmark import (
    HAS_BOXES,
    read_as_commonmark,
    without_attributes,
)
from plainleaf.read.second_reader.differing import differences
from plainleaf.read.second_reader.misleading import addresses, misleading
from plainleaf.read.second_reader.outline import outline

# Those of Python-Markdown's extensions whose signs the second reader knows too. Pages are compared
# as if there were no others: both take the signs of those, such as of footnotes, for text.
_SHARED = ("admonition", "fenced_code", "md_in_html", "sane_lists", "tables")
# What the extension `extra` brings.
_EXTRA = ("fenced_code", "footnotes", "md_in_html", "tables")


def second_reading(
    text: str, name: str, extensions: Iterable[str], published: Iterable[str]
) -> Iterator[Problem]:
    """Give what in a page's Markdown, not yet filled in, is not what it looks like.

    name is that of its file; published are the texts that the page sets as code.
    """
    names = {extension.removeprefix("markdown.extensions.") for extension in extensions}
    names |= set(_EXTRA) if "extra" in names else set()
    plain, numbers = without_attributes(*unfilled(text))
    env: dict[str, Any] = {HAS_BOXES: "admonition" in names}
    try:
        theirs = outline(read_as_commonmark(plain, env))
        ours = outline(markdown.markdown(plain, extensions=[e for e in _SHARED if e in names]))
    except RecursionError:
        fact = "the lists or the HTML of this page go too deep."
        yield Problem(Place(name), fact, "Write them with fewer levels.")
        return
    lines = plain.split("\n")
    findings = [
        *addresses(env, has_notes="footnotes" in names),
        *misleading(theirs, lines, frozenset(published)),
    ]
    findings += differences(ours, theirs, lines, {finding.line for finding in findings})
    first_by_line = {finding.line: finding for finding in reversed(findings)}
    for line, finding in sorted(first_by_line.items()):
        yield Problem(Place(name, numbers[line - 1]), finding.message, finding.hint)
