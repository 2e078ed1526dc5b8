"""Limits: handouts are held against their `most_pages:` with the widest furniture there may be.

It needs type to be set, though nothing be written; the store keeps how long each handout was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace

from plainleaf.compose.compose import Composed, Composer
from plainleaf.compose.furniture import WIDEST, standings_at
from plainleaf.machine.engine import Died, Engine
from plainleaf.machine.keys import key_of, toolchain_key
from plainleaf.machine.store import store_of
from plainleaf.model import PAPERS, Docs, Handout, Language, Library, Project, Sheet
from plainleaf.problems import Problem
from plainleaf.typeset.binding import pages_of_pack
from plainleaf.typeset.typeset import Length, help_elsewhere, length_of, ready

# Of fewer, none takes as long as to start the processes for them.
FEW = 4
# What sets a sheet apart from others that are as long: its HTML, and the fonts of its language.
_Set = tuple[str, tuple[str, ...]]


def over_limits(
    docs: Docs,
    library: Library,
    sheets: Iterable[Sheet],
    waits: Callable[[], None] = lambda: None,
) -> list[Problem]:
    """Give each handout of the sheets that is too long for its limit, whatever a clinic is called.

    Aftercare must also have its levels of help on page 1. A handout that cannot be set is passed
    over: the press says why. waits is called before type is set, which takes seconds.

    Raises MachineError if this machine cannot set type.
    """
    wanted = {
        (sheet.handout.name, sheet.language.code): (sheet.handout, sheet.language, sheet.title)
        for sheet in sheets
    }
    composed = {
        sheet: item
        for handout, language, title in wanted.values()
        for sheet in _widest(handout, language, title)
        if isinstance(item := _composed(docs, library, sheet), Composed)
    }
    parts = {sheet: (item, *item.handouts) for sheet, item in composed.items()}
    needed = [_set(each) for items in parts.values() for each in items]
    lengths = _lengths(docs.project, needed, waits)
    problems: list[Problem] = []
    for sheet, items in parts.items():
        found = [length for each in items if (length := lengths[_set(each)])]
        if len(found) == len(items):
            pages = pages_of_pack(length.pages for length in found)
            problems += _findings(sheet, Length(pages, found[0].first))
    return problems


def _widest(handout: Handout, language: Language, title: str) -> Iterator[Sheet]:
    """Give the sheets by which a handout is judged, none if it has no limits.

    It is judged as it is handed out: the mark of a draft, or of what a machine translated, takes
    room that is free again afterwards.
    """
    if handout.has_limit or handout.kind == "aftercare":
        for paper in PAPERS:
            yield Sheet(handout, WIDEST, language, paper, "standard", title)


def _composed(docs: Docs, library: Library, sheet: Sheet) -> Composed | Problem:
    handouts = library.handouts.values()
    standings = standings_at(WIDEST, handouts, sheet.language.code, "approved")
    unmarked = replace(docs, translations={})  # their marks take room that is free again, too
    return Composer(unmarked, library, standings).compose(sheet)


def _findings(sheet: Sheet, length: Length) -> Iterator[Problem]:
    handout = sheet.handout
    name = f"{handout.name} ({sheet.language.code})"
    said = "with a clinic's name and address as long as they may be"
    for part in help_elsewhere(handout, length.first):
        fact = f"{name} does not show {part} on page 1 of {sheet.paper.label}, {said}."
        hint = "Shorten the cards above it: page 1 is what people keep at hand."
        yield Problem(handout.source, fact, hint)
    most = handout.most_pages_of(sheet.language.code)
    if length.pages > most:
        fact = (
            f"{name} takes {length.pages} pages of {sheet.paper.label}, {said}; "
            f"the most allowed is {most}."
        )
        hint = "Print fewer sections, shorten them, or allow more with `most_pages:`."
        yield Problem(handout.limit, fact, hint)


def _set(item: Composed) -> _Set:
    return item.html, item.sheet.language.fonts


def _lengths(
    project: Project, wanted: Sequence[_Set], waits: Callable[[], None]
) -> dict[_Set, Length | None]:
    """Give how long each is, None for what cannot be set; the store keeps it."""
    store = store_of(project)
    found: dict[_Set, Length | None] = {}
    new = []
    for each in dict.fromkeys(wanted):
        kept = store.get(_key(each))
        if kept:
            pages, first = json.loads(kept["length.json"])
            found[each] = Length(pages, tuple(first))
        else:
            new.append(each)
    if new:
        ready()
        waits()
    for each, length in _set_now(new):
        found[each] = length
        if length:
            told = json.dumps([length.pages, length.first]).encode()
            store.put(_key(each), {"length.json": told})
    return found


def _set_now(new: Sequence[_Set]) -> Iterator[tuple[_Set, Length | None]]:
    if len(new) <= FEW:
        yield from ((each, length_of(each)) for each in new)
        return
    with Engine() as engine:
        # At the end no process waits for another's last one.
        longest_first = sorted(new, key=lambda each: len(each[0]), reverse=True)
        for each, length in engine.run(length_of, longest_first):
            yield each, None if isinstance(length, Died) else length


def _key(each: _Set) -> str:
    html, fonts = each
    return key_of(toolchain_key(), "length", html, str(fonts))
