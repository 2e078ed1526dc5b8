"""Checks what a reader sees: letters large, dark and whole, and nothing past the paper's edge."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import Literal

from plainleaf.contrast import LEAST_CONTRAST, contrast
from plainleaf.proof.about import MM
from plainleaf.proof.findings import Findings, quoted
from plainleaf.proof.ink import Box, Leaf, Run, common, holds
from plainleaf.proof.letters import squeezed
from plainleaf.proof.typefaces import UNKNOWN
from plainleaf.proof.words import Reading

# UKAAF G003: 12 pt is the least for everybody, 16 pt for large print.
LEAST: dict[str, float] = {"standard": 12.0, "large": 16.0}
# Letters are set at three quarters of CSS pixels, which fonts round.
ROUNDING = 0.05
# Printers do not reach the paper's edge.
MARGIN = 5 * MM
# A letter may stand out over a clip by a hair.
HAIR = 1.0
# How wide a space is at most, beside the size of its letters.
BLANK = 0.35


def check_look(
    leaves: list[Leaf],
    text: Literal["standard", "large"],
    reading: Reading,
    findings: Findings,
) -> None:
    """Find letters that are too small, too pale, cut off, unseen or printed twice."""
    for leaf in leaves:
        told: dict[str, Run] = {}
        for run in leaf.runs:
            if squeezed(run.text):
                for fault in _faults(run, leaf, LEAST[text]):
                    told.setdefault(fault, run)
        for run in _twice(leaf.runs):
            told.setdefault("is printed twice in the same place.", run)
        for run in _over_others(leaf.runs):
            told.setdefault("is printed over other words of the head or foot.", run)
        for fault, run in told.items():
            place = reading.places.get((leaf.number, run.mark.number))
            hint = "Look at the sheet's CSS: what it does to these words cannot be read on paper."
            findings.say(f"{quoted(run.text)} {fault}", hint, page=leaf.number, place=place)


def _faults(run: Run, leaf: Leaf, least: float) -> Iterator[str]:
    if UNKNOWN in run.text:  # PDF/UA-1, 7.21.7
        yield "has a letter that cannot be read aloud."
    if run.size < least - ROUNDING:
        yield f"is set in {run.size:.1f} pt; the least is {least:g} pt."
    if not run.is_visible:
        yield "is set in ink that cannot be seen."
    elif (reached := contrast(run.luminance)) < LEAST_CONTRAST:
        least_said = f"the least is {LEAST_CONTRAST}:1"
        yield f"is too pale: its contrast with paper is {reached:.1f}:1; {least_said}."
    left, low, right, high = leaf.box
    if not holds(leaf.box, run.box):
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


def _over_others(runs: list[Run]) -> Iterator[Run]:
    """Give words of a head or foot that stand on others: a number in a pack may be too long."""
    words = [run for run in runs if run.mark.artifact == "Pagination" and squeezed(run.text)]
    for one, two in combinations(words, 2):
        left, low, right, high = common(_core(one), _core(two))
        if right - left > HAIR + _blank(one) + _blank(two) and high - low > HAIR:
            yield two


def _blank(run: Run) -> float:
    """Give the most that the spaces at both ends of a run take, in points."""
    return BLANK * run.size * (len(run.text) - len(run.text.strip()))


def _twice(runs: list[Run]) -> Iterator[Run]:
    """Give runs that stand where the same letters stand already."""
    seen: dict[str, list[Run]] = {}
    for run in runs:
        if not squeezed(run.text):
            continue
        others = seen.setdefault(run.text, [])
        if any(
            abs(run.box[0] - other.box[0]) < 1 and abs(run.base - other.base) < 1
            for other in others
        ):
            yield run
        others.append(run)
