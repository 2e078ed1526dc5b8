"""What the person at the terminal sees: progress, the summary, and what stands in the way.

Programs read the findings as JSON, and pull requests show them as annotations, beside the lines.
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import TextIOWrapper
from pathlib import Path
from typing import Literal

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from plainleaf.machine.program import as_typed
from plainleaf.problems import Problem, Waiver

NOTHING_WRITTEN = "Nothing was written; the last site is as it was."
# The control characters but for line ends and tabs, and what steers the direction of writing
# (Unicode, UAX 9).
_STEERS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
# Where no bar moves, a line for so many pieces says how a long stage goes on.
PIECES_OF_A_LINE = 100


@dataclass(slots=True)
class Stage:
    """A stage under way; pace is what it says of itself beside the count of its pieces."""

    name: str
    pieces: int
    out: Console
    result: str = ""
    pace: str = ""
    bar: Progress | None = None
    done: int = 0

    def step(self) -> None:
        """Show that one more piece of the work is done."""
        self.done += 1
        if self.bar:
            self.bar.update(self.bar.task_ids[0], advance=1, pace=self.pace)
        elif self.pace and self.done % PIECES_OF_A_LINE == 0:
            self.out.print(f"{self.name:<8} {self.done:,} of {self.pieces:,}, {self.pace}")


@dataclass(slots=True)
class Report:
    """Writes to the terminal: a moving bar where there is one, plain lines elsewhere.

    form tells for whom: people (text), programs (json), pull requests (github), or people who
    want something else than the journey (quiet: only what stands in the way). Who asked for
    warnings has each of them named; else they are counted, so that a new problem stands out.
    """

    form: Literal["text", "json", "github", "quiet"] = "text"
    names_warnings: bool = False
    out: Console = field(default_factory=lambda: _console(stderr=False))
    errors: Console = field(default_factory=lambda: _console(stderr=True))
    seconds: float = 0.0
    waivers: Sequence[Waiver] = ()

    @contextmanager
    def stage(self, name: str, pieces: int = 0) -> Iterator[Stage]:
        """Time a stage of the journey and write one line when it is done."""
        started = time.perf_counter()
        stage = Stage(name, pieces, self.out)
        if pieces and self.out.is_terminal:
            pace = TextColumn("{task.fields[pace]}")
            columns = (TextColumn(f"{name:<8}"), BarColumn(), MofNCompleteColumn(), pace)
            with Progress(*columns, console=self.out, transient=True) as stage.bar:
                stage.bar.add_task(name, total=pieces, pace="")
                yield stage
        else:
            yield stage
        taken = time.perf_counter() - started
        self.seconds += taken
        if self.form == "text":
            self.line(f"{name:<8} {taken:6.1f} s  {stage.result}")

    def line(self, text: str) -> None:
        """Write a plain line; brackets in it are text, not markup."""
        self.out.print(visible(as_typed(text)), markup=False)

    def problems(self, problems: Sequence[Problem], kept: str = NOTHING_WRITTEN) -> None:
        """Write everything that was found, and what was made all the same."""
        self.findings([problem for problem in problems if self._is_named(problem)])
        if self.form in ("text", "quiet"):
            self.errors.print(f"\n{count_of(problems)}. {kept}", markup=False)

    def warnings(self, warnings: Sequence[Problem]) -> None:
        """Write what was found and stops nothing, and what was let through.

        What gates found is only counted unless it was asked for: a text may always have it.
        """
        counted = [warning for warning in warnings if not self._is_named(warning)]
        self.findings([warning for warning in warnings if self._is_named(warning)])
        if self.names_warnings:
            for waiver in self.waivers if self.form == "text" else ():
                self.errors.print(visible(str(waiver)), markup=False)
        elif counted:
            names = f"`build.py check` names {'it' if len(counted) == 1 else 'them'}"
            self.stopped(f"{_warnings(len(counted))}: {names}.")

    def stopped(self, reason: str) -> None:
        """Write why this machine cannot do the work, to the error output."""
        self.errors.print(visible(as_typed(reason)), markup=False)

    def _is_named(self, problem: Problem) -> bool:
        return self.names_warnings or not (problem.is_warning and problem.gate)

    def findings(self, problems: Sequence[Problem]) -> None:
        """Write each finding, warnings included, in the form of this report."""
        match self.form:
            case "json":
                self.line(_json(problems, self.waivers))
            case "github":
                for problem in problems:
                    self.line(annotation(problem))
            case "text" | "quiet":
                # What stops the build stands last, where the eye is.
                for problem in sorted(problems, key=lambda problem: not problem.is_warning):
                    self.errors.print(visible(as_typed(str(problem))), markup=False)


def _console(*, stderr: bool) -> Console:
    """Give what writes to the terminal, whatever letters and width that has."""
    for out in (sys.stdout, sys.stderr):
        if isinstance(out, TextIOWrapper):  # terminals of Windows may lack letters
            out.reconfigure(errors="backslashreplace")
    console = Console(stderr=stderr, highlight=False, soft_wrap=True, emoji=False)
    console.width = console.width or 80  # COLUMNS=0
    return console


def visible(text: str) -> str:
    """Give a text whose signs that steer a terminal, or turn its lines round, can be seen.

    They come from files and from what is said on the command line: `\\x1b` is then no command.
    """
    return _STEERS.sub(lambda match: match.group().encode("unicode_escape").decode(), text)


def spell(seconds: float) -> str:
    """Say how long something takes: `12 s`, `41 min`, `3 h 5 min`."""
    if seconds < 60:
        return f"{seconds:.0f} s"
    minutes = round(seconds / 60)
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if hours else f"{minutes} min"


def opens(site: Path) -> str:
    """Say where to begin reading a site: from the folder one stands in, where it is below it."""
    index = site / "index.html"
    return f"Open {index.relative_to(Path.cwd()) if Path.cwd() in index.parents else index}"


def count_of(problems: Sequence[Problem]) -> str:
    """Say how many problems there are, and how many warnings: `2 problems, 1 warning`."""
    warnings = sum(problem.is_warning for problem in problems)
    errors = len(problems) - warnings
    counts = ["1 problem" if errors == 1 else f"{errors or 'no'} problems"]
    if warnings:
        counts.append(_warnings(warnings))
    return ", ".join(counts)


def _warnings(count: int) -> str:
    return "1 warning" if count == 1 else f"{count} warnings"


def annotation(problem: Problem) -> str:
    """Give a problem as a workflow command that GitHub shows beside the line."""
    level = "warning" if problem.is_warning else "error"
    title = problem.name or "content"
    text = f"{problem.message}\n{problem.hint}"
    if problem.standard:
        text += f"\n{problem.standard}"
    for sign, code in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(sign, code)
    path = problem.source.path
    for sign, code in (("%", "%25"), (":", "%3A"), (",", "%2C")):
        path, title = path.replace(sign, code), title.replace(sign, code)
    return f"::{level} file={path},line={max(problem.source.line, 1)},title={title}::{text}"


def _json(problems: Sequence[Problem], waivers: Sequence[Waiver]) -> str:
    findings = [
        {
            "file": problem.source.path,
            "line": problem.source.line,
            "level": "warning" if problem.is_warning else "error",
            "gate": problem.gate,
            "subject": problem.subject,
            "message": problem.message,
            "hint": problem.hint,
            "standard": problem.standard,
        }
        for problem in problems
    ]
    waived = [
        {
            "file": waiver.source.path,
            "line": waiver.source.line,
            "gate": waiver.gate,
            "subjects": waiver.subjects,
            "reason": waiver.reason,
        }
        for waiver in waivers
    ]
    warnings = sum(problem.is_warning for problem in problems)
    return json.dumps(
        {
            "errors": len(problems) - warnings,
            "warnings": warnings,
            "findings": findings,
            "waivers": waived,
        },
        indent=2,
    )
