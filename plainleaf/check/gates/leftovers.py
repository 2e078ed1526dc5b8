"""Leftovers: what is still to be written, notes to oneself, text of templates, words twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from plainleaf.check.gates.family import Family, in_context
from plainleaf.check.gates.lexicon import Lexicon
from plainleaf.check.gates.passages import PageText, Passage, sections_within
from plainleaf.files.spelling import plainly_spelled
from plainleaf.problems import Problem, short

FAMILY = Family(
    "leftovers",
    {
        "unwritten": "house rule: no release of what is not written",
        "note": "house rule: no placeholder in what is published",
        "empty": "house rule: no placeholder in what is published",
        "doubled": "plain language, ISO 24495-1; proof-reading",
    },
)

# Those that mean the same in every language.
_NOTE = re.compile(r"\*\*|\{\{|\}\}|\{%|%\}|<!--|-->|\bTODO\b|\bFIXME\b|\bXXX\b|\blorem ipsum\b")


def of_passage(passage: Passage, lexicon: Lexicon | None) -> Iterator[Problem]:
    """Give what was left over in a passage.

    What says itself that it is to be written, as in a new project, is warned of; no release has it.
    """
    text = passage.text
    if lexicon and (unwritten := lexicon.patterns.get("unwritten")):
        # What is filled in from facts is told where it stands.
        for waits in unwritten.finditer(text) if not passage.is_data else ():
            what = short(waits.group().partition(":")[2].strip())
            hint = "Write it. Nothing is issued or released while this stands there."
            yield FAMILY.warning(
                "unwritten", passage.place, f"still to be written: {what}.", hint, what
            )
        text = unwritten.sub("", text)
    notes = [*_NOTE.finditer(text)]
    if not notes and lexicon:
        notes = [*lexicon.patterns["leftover"].finditer(text)]
    if notes:
        fact = f'"{notes[0].group()}" looks like something that was left to be done.'
        hint = "Write what belongs there, or take it away."
        contexts = (in_context(text, note) for note in notes)
        yield FAMILY.error("note", passage.place, fact, hint, *contexts)
    if lexicon:
        plain = lexicon.patterns["doubled-allowed"].sub("", passage.text)
        for found in lexicon.patterns["doubled"].finditer(plain):
            fact = f'"{found.group()}" stands here twice.'
            hint = "Take one of the two away."
            yield FAMILY.error("doubled", passage.place, fact, hint, in_context(plain, found))


def of_page(page_text: PageText, lexicon: Lexicon | None) -> Iterator[Problem]:
    """Give what was left over in the passages of a page, and headings with nothing below them."""
    for passage in page_text.passages:
        yield from of_passage(passage, lexicon)
    for name, section in page_text.page.sections.items():
        title = plainly_spelled(section.title)
        within = sections_within(page_text.page, name)
        said = [passage for passage in page_text.passages if passage.section in within]
        if all(passage.text == title and passage.kind != "alt" for passage in said):
            fact = f'the section "{section.title}" is empty.'
            hint = "Write what it has to say, or take the heading away."
            yield FAMILY.error("empty", section.source, fact, hint)
