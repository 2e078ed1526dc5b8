"""Waivers: what a gate would refuse, let through by a note with a reason, next to the text.

In a page `<!-- waive reading.grade: the names of these medicines are long -->`, in a YAML file
`# waive consent.element cost, observers: …`. It names the gate and what it lets through, as the
brackets of the finding do, and lets nothing else through, now or later. A note covers its own line
and the first block of lines below it; in YAML, the first line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from plainleaf.problems import Place, Problem, Waiver, guess

_WAIVER = re.compile(r"(?:^|\s)#\s*waive\b(.*)$|^\s*<!--\s*waive\b(.*)-->\s*$")


def waivers_in(text: str, path: str) -> Iterator[Waiver]:
    """Give the waivers of a file, whose text this is."""
    lines = text.split("\n") if "waive" in text else []
    for number, line in enumerate(lines, start=1):
        if match := _WAIVER.search(line):
            named, _, reason = (match[1] or match[2] or "").strip().partition(":")
            gate, _, subjects = named.strip().partition(" ")
            place, last = Place(path, number), _end_of_block(lines, number)
            yield Waiver(place, last, gate, _pieces(subjects), reason.strip())


def _end_of_block(lines: Sequence[str], number: int) -> int:
    """Give the last line of the block below a line; that of a note beside a value is its own."""
    note = lines[number - 1].lstrip()
    if not note.startswith(("#", "<!--")):
        return number
    last = number
    while last < len(lines) and (not lines[last].strip() or _WAIVER.search(lines[last])):
        last += 1
    while last < len(lines) and lines[last].strip():
        last += 1
        if note.startswith("#"):
            break
    return last


def apply(
    waivers: Iterable[Waiver], findings: Iterable[Problem], gates: Iterable[str]
) -> tuple[list[Problem], list[Waiver]]:
    """Give the findings that are left, with those about the waivers themselves; and the waivers.

    Each subject that is named lets a finding on one line through, and so does a waiver that names
    none: what is found on another line of the block is new.
    """
    gates, left = list(gates), []
    permits = [
        _Permit(waiver, subject)
        for waiver in sorted(waivers)
        for subject in waiver.subjects or ("",)
    ]
    for finding in sorted(set(findings)):
        subjects = _pieces(finding.subject) or ("",)
        fitting = [permit for name in subjects if (permit := _fitting(permits, finding, name))]
        if len(fitting) < len(subjects):
            left.append(finding)
            continue
        for permit in fitting:
            permit.line = finding.source.line
    wrong = dict.fromkeys(fault for permit in permits for fault in _faults(permit, gates, left))
    used = {permit.waiver for permit in permits if permit.line}
    return [*left, *wrong], sorted(used)


@dataclass(slots=True)
class _Permit:
    """One subject of a waiver ("": it names none), and the line on which it was found (0: none)."""

    waiver: Waiver
    subject: str
    line: int = 0


def _pieces(subjects: str) -> tuple[str, ...]:
    """Give what stands between commas, each gap in it as one space."""
    pieces = (" ".join(piece.split()) for piece in subjects.split(","))
    return tuple(piece for piece in pieces if piece)


def _fitting(permits: Iterable[_Permit], finding: Problem, subject: str) -> _Permit | None:
    """Give what lets a finding through as far as one of its subjects goes."""
    for permit in permits:
        fits = permit.waiver.covers(finding) and permit.subject.casefold() == subject.casefold()
        if fits and permit.waiver.reason and permit.line in (0, finding.source.line):
            return permit
    return None


def _faults(permit: _Permit, gates: Sequence[str], left: Sequence[Problem]) -> Iterator[Problem]:
    """Say what is wrong with a waiver, as far as one of its subjects goes."""
    waiver = permit.waiver
    if waiver.gate not in gates:
        fact = f'this waives "{waiver.gate}", which is no gate.'
        hint = f"{guess(waiver.gate, gates)}Each finding names its gate in square brackets."
        yield Problem(waiver.source, fact, hint)
    elif not waiver.reason:
        hint = f"Write it after a colon: `waive {waiver.name}: the reason`."
        yield Problem(waiver.source, "this waiver gives no reason.", hint)
    elif not permit.line:
        yield _without_use(permit, left)


def _without_use(permit: _Permit, left: Sequence[Problem]) -> Problem:
    """Say why a waiver lets nothing through, and what it should name or where it should stand."""
    waiver = permit.waiver
    name = f"{waiver.gate} {permit.subject}".strip()
    of_gate = [finding for finding in left if finding.gate == waiver.gate]
    if here := [finding for finding in of_gate if waiver.covers(finding)]:
        named = [subject for finding in here for subject in _pieces(finding.subject)]
        if permit.subject and not named:
            fact = f'this waives "{name}", and findings of this gate have no more names.'
            return Problem(waiver.source, fact, f"Write `waive {waiver.gate}: …`.")
        if named:
            fact = f'this waives "{name}", and there is no such finding.'
            if not permit.subject:
                fact = f'this waives "{name}", and does not say which finding of it.'
            hint = f"{guess(permit.subject, named)}What is found here: {', '.join(named)}. "
            hint += "Name what you mean."
            return Problem(waiver.source, fact, hint)
    subject = permit.subject.casefold()
    elsewhere = [
        finding
        for finding in of_gate
        if subject and subject in map(str.casefold, _pieces(finding.subject))
    ] or [finding for finding in of_gate if finding.source.path == waiver.source.path]
    if elsewhere:
        fact = f'this waives "{name}", and it does not stand where there is something to waive.'
        hint = _where_to_write(elsewhere[0].source, waiver.source.path)
        return Problem(waiver.source, fact, hint)
    fact = f'this waives "{name}", but there is nothing to waive.'
    return Problem(waiver.source, fact, "Take it away.")


def _where_to_write(finding: Place, path: str) -> str:
    """Say where a waiver of a finding must stand."""
    where = f"line {finding.line}" + ("" if finding.path == path else f" of {finding.path}")
    if finding.path.endswith(".md"):
        return (
            f"Write it above the paragraph, list or heading on {where}, "
            "with no empty line between them, and indented as that is."
        )
    return f"Write it on a line of its own, directly above {where}."
