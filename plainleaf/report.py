"""What the person at the terminal sees: progress, the summary, and what stands in the way."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TypeVar

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from plainleaf.problems import Problem

Piece = TypeVar("Piece")


@dataclass(slots=True)
class Stage:
    """A stage under way."""

    name: str
    result: str = ""
    bar: Progress | None = None

    def step(self, piece: Piece) -> Piece:
        """Show that one more piece of the work is done, and hand it on."""
        if self.bar:
            self.bar.advance(self.bar.task_ids[0])
        return piece


@dataclass(slots=True)
class Report:
    """Writes to the terminal: a moving bar where there is one, plain lines elsewhere."""

    out: Console = field(default_factory=lambda: Console(highlight=False, soft_wrap=True))
    errors: Console = field(
        default_factory=lambda: Console(stderr=True, highlight=False, soft_wrap=True)
    )
    seconds: float = 0.0

    @contextmanager
    def stage(self, name: str, pieces: int = 0) -> Iterator[Stage]:
        """Time a stage of the journey and write one line when it is done."""
        started = time.perf_counter()
        stage = Stage(name)
        if pieces and self.out.is_terminal:
            columns = (TextColumn(f"{name:<8}"), BarColumn(), MofNCompleteColumn())
            with Progress(*columns, console=self.out, transient=True) as stage.bar:
                stage.bar.add_task(name, total=pieces)
                yield stage
        else:
            yield stage
        taken = time.perf_counter() - started
        self.seconds += taken
        self.line(f"{name:<8} {taken:6.1f} s  {stage.result}")

    def line(self, text: str) -> None:
        """Write a plain line; brackets in it are text, not markup."""
        self.out.print(text, markup=False)

    def problems(self, problems: list[Problem]) -> None:
        """Write every problem and how many there are, to the error output."""
        for problem in problems:
            self.errors.print(str(problem), markup=False)
        count = "1 problem" if len(problems) == 1 else f"{len(problems)} problems"
        self.errors.print(f"\n{count}. Nothing was written; the last site is as it was.")

    def stopped(self, reason: str) -> None:
        """Write why this machine cannot do the work, to the error output."""
        self.errors.print(reason, markup=False)
