"""Checks what a reader sees: letters large, dark and whole, on paper, and none on another."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from plainleaf.files.contrast import LEAST_CONTRAST, contrast
from plainleaf.model import Size
from plainleaf.proof.expected import Expected
from plainleaf.proof.findings import Findings, quoted
from plainleaf.proof.fonts import UNKNOWN
from plainleaf.proof.letters import squeezed
from plainleaf.proof.metadata import MM
from plainleaf.proof.painted import Box, PaintedPage, Run, common, holds
from plainleaf.proof.tree import Element
from plainleaf.proof.words import Reading

# UKAAF G003: 12 pt is the least for everybody, 16 pt for large print, 24 pt for giant print.
LEAST: dict[Size, float] = {"standard": 12.0, "large": 16.0, "giant": 24.0}
# Letters are set at three quarters of CSS pixels, which fonts round.
ROUNDING = 0.05
# Printers do not reach the paper's edge.
MARGIN = 5 * MM
# How far, in points, a letter may reach over a clip or touch its neighbour.
HAIR = 1.0
# Words lie on each other where they share more than a hair across, and so much of the lower ones'
# height: letters of a line may touch, and of two lines set close, some reach into each other.
SHARED_DOWN = 0.3
# The greatest width of a space, as a share of the size of its letters.
BLANK = 0.35


def check_legible(
    pages: list[PaintedPage], size: Size, reading: Reading, findings: Findings
) -> None:
    """Find letters that are too small, too pale, cut off, unseen or printed twice.

    Each fault is named once on a page, at the first words that have it.
    """
    for page in pages:
        faults: dict[str, Run] = {}
        words = [run for run in page.runs if squeezed(run.text)]
        for run in words:
            for fault in _faults(run, page, LEAST[size]):
                faults.setdefault(fault, run)
        for run in _twice(words):
            faults.setdefault("is printed twice in the same place.", run)
        for run, other in _over_others(words):
            faults.setdefault(_lies_on(run, other), run)
        for fault, run in faults.items():
            place = reading.places.get((page.number, run.mark.number))
            hint = "Look at the sheet's CSS: what it does to these words cannot be read on paper."
            findings.say(f"{quoted(run.text)} {fault}", hint, page=page.number, place=place)


def check_numbers(pages: list[PaintedPage], expected: Expected, findings: Findings) -> None:
    """Find telephone numbers that go on in the next line: nobody dials such a one without a slip.

    A number and its extension may stand on two lines.
    """
    lines = "\n".join(line for page in pages for line in _lines(page.runs))
    for number, places in expected.unbroken.items():
        if lines.count(squeezed(number)) < len(places):
            hint = "Look at the sheet's CSS: it must leave the number a line of its own."
            findings.say(f"the number {quoted(number)} is parted.", hint, place=places[0])


def check_pictures_on_words(
    pages: list[PaintedPage], root: Element, reading: Reading, findings: Findings
) -> None:
    """Find words on which a picture lies; those within a drawing are its own."""
    hint = "Look at the sheet's CSS: it must leave the picture room of its own."
    for figure in (item for item in root.within() if item.role == "Figure"):
        marks = set(figure.marks())
        for number, mark in marks:
            box = pages[number].drawn_by_mark.get(mark)
            for run in pages[number].runs if box else ():
                is_own = (number, run.mark.number) in marks and not run.mark.artifact
                if box and squeezed(run.text) and not is_own and _meet(run.box, box, run):
                    place = reading.places.get((number, run.mark.number))
                    fact = f"a picture lies on {quoted(run.text)}."
                    findings.say(fact, hint, page=number, place=place)
                    break


def _faults(run: Run, page: PaintedPage, least: float) -> Iterator[str]:
    if UNKNOWN in run.text:  # PDF/UA-1, 7.21.7
        yield "has a letter that cannot be read aloud."
    if run.size < least - ROUNDING:
        yield f"is set in {run.size:.1f} pt; the least is {least:g} pt."
    if not run.is_visible:
        yield "is set in ink that cannot be seen."
    elif (reached := contrast(run.luminance)) < LEAST_CONTRAST:
        least_said = f"the least is {LEAST_CONTRAST}:1"
        yield f"is too pale: its contrast with paper is {reached:.1f}:1; {least_said}."
    left, low, right, high = page.box
    if not holds(page.box, run.box):
        yield "runs off the page."
    elif not holds((left + MARGIN, low + MARGIN, right - MARGIN, high - MARGIN), run.box):
        yield "stands less than 5 mm from the edge of the paper, where printers cannot print."
    if not holds(run.clip, _core(run), HAIR):
        whole = common(run.clip, run.box)
        gone = whole[0] >= whole[2] or whole[1] >= whole[3]
        yield "is cut away and cannot be seen." if gone else "is cut off at a side."


def _core(run: Run) -> Box:
    """Give the box of small letters, which every word has: from its line to half its size."""
    left, _, right, _ = run.box
    return left, run.base, right, run.base + run.size / 2


def _over_others(runs: list[Run]) -> Iterator[tuple[Run, Run]]:
    """Give each two runs that lie on each other, going up the page."""
    reached: list[Run] = []
    for run in sorted(runs, key=lambda run: run.base):
        reached = [other for other in reached if other.box[3] > run.box[1]]
        for other in reached:
            if _meet(run.box, other.box, run, other) and not _is_same(run, other):
                yield run, other
        reached.append(run)


def _meet(one: Box, two: Box, *runs: Run) -> bool:
    """Tell whether two boxes share more than neighbours may; the spaces of runs do not count."""
    left, low, right, high = common(one, two)
    lower = min(one[3] - one[1], two[3] - two[1])
    across = right - left - sum(map(_blank, runs))
    return across > HAIR and high - low > SHARED_DOWN * lower


def _is_same(run: Run, other: Run) -> bool:
    """Tell whether the same letters are printed twice in a place, which is a fault of its own."""
    return (
        run.text == other.text
        and abs(run.box[0] - other.box[0]) < 1
        and abs(run.base - other.base) < 1
    )


def _lies_on(run: Run, other: Run) -> str:
    if run.mark.artifact == other.mark.artifact == "Pagination":
        return "is printed over other words of the head or foot."
    return f"is printed over {quoted(other.text)}."


def _lines(runs: list[Run]) -> Iterator[str]:
    """Give the words of each line of a page from left to right, squeezed."""
    ordered = sorted(runs, key=lambda run: (round(run.base), run.box[0]))
    for _, line in groupby(ordered, key=lambda run: round(run.base)):
        yield squeezed("".join(run.text for run in line))


def _blank(run: Run) -> float:
    """Give the most that the spaces at both ends of a run take, in points."""
    return BLANK * run.size * (len(run.text) - len(run.text.strip()))


def _twice(runs: list[Run]) -> Iterator[Run]:
    """Give runs that stand where the same letters stand already."""
    seen: dict[str, list[Run]] = {}
    for run in runs:
        others = seen.setdefault(run.text, [])
        if any(_is_same(run, other) for other in others):
            yield run
        others.append(run)
