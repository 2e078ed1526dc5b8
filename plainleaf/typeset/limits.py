"""Limits: handouts are held against their `most_pages:` with the widest furniture there may be.

It needs type to be set, though nothing be written; the store keeps how long each handout was.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import chain

from plainleaf.compose.compose import Composed, Composer
from plainleaf.compose.furniture import WIDEST, statuses_at
from plainleaf.machine.engine import Died, Engine
from plainleaf.machine.keys import key_of, toolchain_key
from plainleaf.machine.store import store_of
from plainleaf.model import PAPERS, Docs, Library, Project, Sheet
from plainleaf.problems import Problem
from plainleaf.typeset.binding import pages_of_pack
from plainleaf.typeset.typeset import Length, help_not_on_page_1, length_of, ready

# Up to so many sheets are set in this process: to start others would take longer.
FEW = 4
# What decides how long a sheet is: its HTML, and the fonts of its language.
_Layout = tuple[str, tuple[str, ...]]


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
    composed = list(_widest(docs, library, sheets))
    layouts = {item.sheet: [*map(_layout_of, (item, *item.handouts))] for item in composed}
    lengths = _lengths(docs.project, chain.from_iterable(layouts.values()), waits)
    problems: list[Problem] = []
    for sheet, parts in layouts.items():
        whole = [length for part in parts if (length := lengths[part])]
        if len(whole) == len(parts):
            pages = pages_of_pack(length.pages for length in whole)
            problems += _findings(sheet, Length(pages, whole[0].first))
    return problems


def _widest(docs: Docs, library: Library, sheets: Iterable[Sheet]) -> Iterator[Composed]:
    """Give the sheets by which handouts are judged, none for one without limits.

    They are judged as they are handed out: the mark of a draft, or of what a machine translated,
    takes room that is free again afterwards.
    """
    unmarked = replace(docs, translations={})
    handouts = library.handouts.values()
    for sheet in {(sheet.handout.name, sheet.language.code): sheet for sheet in sheets}.values():
        if sheet.handout.has_limit or sheet.handout.kind == "aftercare":
            statuses = statuses_at(WIDEST, handouts, sheet.language.code, "approved")
            composer = Composer(unmarked, library, statuses)
            for paper in PAPERS:
                widest = replace(sheet, clinic=WIDEST, paper=paper, size="standard")
                if isinstance(item := composer.compose(widest), Composed):
                    yield item


def _findings(sheet: Sheet, length: Length) -> Iterator[Problem]:
    handout = sheet.handout
    name = f"{handout.name} ({sheet.language.code})"
    clinic = "with a clinic's name and address as long as they may be"
    for part in help_not_on_page_1(handout, length.first):
        fact = f"{name} does not show {part} on page 1 of {sheet.paper.label}, {clinic}."
        hint = "Shorten the cards above it: page 1 is what people keep at hand."
        yield Problem(handout.source, fact, hint)
    most = handout.most_pages_of(sheet.language.code)
    if length.pages > most:
        fact = (
            f"{name} takes {length.pages} pages of {sheet.paper.label}, {clinic}; "
            f"the most allowed is {most}."
        )
        hint = "Print fewer sections, shorten them, or allow more with `most_pages:`."
        yield Problem(handout.limit, fact, hint)


def _layout_of(item: Composed) -> _Layout:
    return item.html, item.sheet.language.fonts


def _lengths(
    project: Project, layouts: Iterable[_Layout], waits: Callable[[], None]
) -> dict[_Layout, Length | None]:
    """Give how long each is, None for what cannot be set; the store keeps it."""
    store = store_of(project)
    lengths: dict[_Layout, Length | None] = {}
    new = []
    for layout in dict.fromkeys(layouts):
        if files := store.get(_key(layout)):
            pages, first = json.loads(files["length.json"])
            lengths[layout] = Length(pages, tuple(first))
        else:
            new.append(layout)
    if new:
        ready()
        waits()
    for layout, length in _measured(new):
        lengths[layout] = length
        if length:
            content = json.dumps([length.pages, length.first]).encode()
            store.put(_key(layout), {"length.json": content})
    return lengths


def _measured(layouts: Sequence[_Layout]) -> Iterator[tuple[_Layout, Length | None]]:
    if len(layouts) <= FEW:
        yield from ((layout, length_of(layout)) for layout in layouts)
        return
    with Engine() as engine:
        # The longest come first, so that at the end no process waits for another's last one.
        longest_first = sorted(layouts, key=lambda layout: len(layout[0]), reverse=True)
        for layout, length in engine.run(length_of, longest_first):
            yield layout, None if isinstance(length, Died) else length


def _key(layout: _Layout) -> str:
    html, fonts = layout
    return key_of(toolchain_key(), "length", html, str(fonts))
