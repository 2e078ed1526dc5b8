"""What is wrong in the content, said to the person who edits it: where, what, and the way out."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

# Letters of somebody's text in a message: about a line.
MOST_QUOTED = 80


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A file of the project, named from its folder, and a line in it (0: the file as a whole)."""

    path: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.path}:{self.line}" if self.line else self.path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing that is wrong: its place, the fact in one sentence, and what to do about it.

    What a gate finds also bears the gate's name, such as `reading.sentence`, and the standard
    behind it; a warning does not stop the build. subject tells findings of one gate apart: the
    element that is missing, the words that claim too much. Several have a comma between them.
    """

    source: Place
    message: str
    hint: str
    gate: str = ""
    standard: str = ""
    is_warning: bool = False
    subject: str = ""

    @property
    def name(self) -> str:
        """What a waiver of it names: the gate and the subject; "" for what is no gate's."""
        return f"{self.gate} {self.subject}".strip()

    def __str__(self) -> str:
        level = "warning: " if self.is_warning else ""
        reason = f"\n    [{self.name}] {self.standard}." if self.gate else ""
        return f"{self.source}: {level}{self.message}\n    {self.hint}{reason}"


def problem_of(fields: Mapping[str, Any]) -> Problem:
    """Give the problem that was kept as a mapping (dataclasses.asdict)."""
    return Problem(**{**fields, "source": Place(**fields["source"])})


class ContentError(Exception):
    """The content has problems: all that were found, sorted by file and line, each once."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = sorted(set(problems))
        super().__init__("\n".join(map(str, self.problems)))


class MachineError(Exception):
    """This machine stands in the way, not the content: a missing library, a full disk."""


def stop_at(problems: Iterable[Problem]) -> None:
    """Raise ContentError with all of them if any is more than a warning."""
    problems = list(problems)
    if not all(problem.is_warning for problem in problems):
        raise ContentError(problems)


def choices(names: Iterable[str], meant: str = "", kind: str = "choices") -> str:
    """Give the names to choose from as a hint, led by the one that was probably meant."""
    names = sorted(names)
    return f"{guess(meant, names)}The {kind} are: {', '.join(names) or 'none yet'}."


def guess(meant: str, names: Iterable[str]) -> str:
    """Ask for the one of the names that was probably meant; "" if none is like it."""
    near = difflib.get_close_matches(meant, list(names), n=1)
    return f'Did you mean "{near[0]}"? ' if near else ""


def short(text: str) -> str:
    """Give a text as a message may quote it: cut off where nobody reads on."""
    return text if len(text) <= MOST_QUOTED else f"{text[:MOST_QUOTED]}…"


def line_of(text: str, *needles: str) -> int:
    """Give the line, counted from 1, of the first needle that stands in a text; 1 if none does."""
    needle = next((needle for needle in needles if needle and needle in text), "")
    return text.partition(needle)[0].count("\n") + 1 if needle else 1


@dataclass(frozen=True, slots=True, order=True)
class Waiver:
    """What is let through: which findings of a gate, on which lines (source.line to last), and why.

    subjects are what it names beside the gate; none, where the findings of the gate have none.
    """

    source: Place
    last: int
    gate: str
    subjects: tuple[str, ...]
    reason: str

    def __str__(self) -> str:
        return f"{self.source}: waived [{self.name}]: {self.reason}"

    @property
    def name(self) -> str:
        """What it names: the gate and the subjects, as the brackets of a finding do."""
        return f"{self.gate} {', '.join(self.subjects)}".strip()

    def covers(self, finding: Problem) -> bool:
        """Tell whether a finding is of the gate and on the lines of this waiver."""
        place = finding.source
        in_lines = self.source.line <= place.line <= self.last
        return finding.gate == self.gate and place.path == self.source.path and in_lines
