"""Waivers: what a gate would refuse, let through by a note with a reason, next to the text.

In a page `<!-- waive reading.grade: the names of these medicines are long -->`, in a YAML file
`# waive control.reviewer: …`. A note covers its own line and the first block of lines below it.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from plainleaf.problems import Place, Problem

_NOTE = re.compile(r"^\s*<!--(.*)-->\s*$")
_WAIVER = re.compile(r"(?:^|\s)#\s*waive\b(.*)$|^\s*<!--\s*waive\b(.*)-->\s*$")


@dataclass(frozen=True, slots=True, order=True)
class Waiver:
    """A finding that is let through: which gate, on which lines (source.line to last), and why."""

    source: Place
    last: int
    gate: str
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: waived [{self.gate}]: {self.reason}"

    def covers(self, finding: Problem) -> bool:
        """Tell whether a finding is the one that this waiver lets through."""
        place = finding.source
        in_lines = self.source.line <= place.line <= self.last
        return finding.gate == self.gate and place.path == self.source.path and in_lines


def without_notes(text: str) -> str:
    """Give a page's Markdown with each note to editors, a comment on one line, left empty."""
    return "\n".join("" if _NOTE.match(line) else line for line in text.split("\n"))


def waivers_in(text: str, path: str) -> Iterator[Waiver]:
    """Give the waivers of a file, whose text this is."""
    lines = text.split("\n")
    for number, line in enumerate(lines, start=1):
        if found := _WAIVER.search(line):
            said = (found.group(1) or found.group(2) or "").strip()
            gate, _, reason = said.partition(":")
            last = _end_of_block(lines, number)
            yield Waiver(Place(path, number), last, gate.strip(), reason.strip())


def _end_of_block(lines: Sequence[str], number: int) -> int:
    """Give the last line of the block below a line; that of a note beside a value is its own."""
    if not lines[number - 1].lstrip().startswith(("#", "<!--")):
        return number
    last = number
    while last < len(lines) and (not lines[last].strip() or _WAIVER.search(lines[last])):
        last += 1
    is_yaml = lines[number - 1].lstrip().startswith("#")
    while last < len(lines) and lines[last].strip():
        last += 1
        if is_yaml:
            break
    return last


def apply(
    waivers: Iterable[Waiver], findings: Iterable[Problem], gates: Iterable[str]
) -> tuple[list[Problem], list[Waiver]]:
    """Give the findings that are left, with those about the waivers themselves; and the waivers."""
    waivers, gates = sorted(waivers), list(gates)
    left, used = [], set()
    for finding in findings:
        covering = [waiver for waiver in waivers if waiver.reason and waiver.covers(finding)]
        used.update(covering)
        if not covering:
            left.append(finding)
    for waiver in waivers:
        if waiver.gate not in gates:
            fact = f'this waives "{waiver.gate}", which is no gate.'
            near = difflib.get_close_matches(waiver.gate, gates, n=1)
            guess = f'Did you mean "{near[0]}"? ' if near else ""
            hint = f"{guess}Each finding names its gate in square brackets."
            left.append(Problem(waiver.source, fact, hint))
        elif not waiver.reason:
            hint = f"Write it after a colon: `waive {waiver.gate}: the reason`."
            left.append(Problem(waiver.source, "this waiver gives no reason.", hint))
        elif waiver not in used:
            fact = f'this waives "{waiver.gate}", but there is nothing to waive.'
            left.append(Problem(waiver.source, fact, "Take it away."))
    return left, sorted(used)
