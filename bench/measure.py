"""Runs a command and tells what it took: seconds, seconds of processors, and memory at its peak."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PYTHON = sys.executable
# So that our Markdown extension is found, and Material's long notice about MkDocs 2 not printed.
AROUND = {**os.environ, "PYTHONPATH": str(ROOT), "NO_MKDOCS_2_WARNING": "1", "COLUMNS": "100"}


class BrokenError(Exception):
    """A command did not end well; the text is the last that it said."""


@dataclass(frozen=True, slots=True)
class Measured:
    """What a command took.

    seconds on the clock; cpu: seconds of all processors; own and worker: MB (1,000,000 bytes) that
    its own process and the largest of those it started held at their peak; output: what it printed.
    """

    seconds: float
    cpu: float
    own: float
    worker: float
    output: str = ""

    @property
    def result(self) -> dict[str, Any]:
        """Give what a job (bench/job.py) measured itself: its last line, which is JSON."""
        return dict(json.loads(self.output.splitlines()[-1]))


def run(command: Sequence[str | Path], folder: Path = ROOT) -> Measured:
    """Run a command to its end, in a folder; raise BrokenError if it fails."""
    started = time.perf_counter()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=AROUND,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    peaks: dict[int, float] = {}
    ended = threading.Event()
    watch = threading.Thread(target=_watch, args=(process.pid, peaks, ended))
    watch.start()
    assert process.stdout is not None
    with process.stdout:
        output = process.stdout.read()
    _, status, used = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - started
    process.returncode = os.waitstatus_to_exitcode(status)
    ended.set()
    watch.join()
    if process.returncode:
        raise BrokenError(output.strip()[-600:] or f"{command[0]} ended with {process.returncode}")
    own = peaks.pop(process.pid, 0.0)
    worker = max(peaks.values(), default=0.0)
    return Measured(seconds, used.ru_utime + used.ru_stime, own, worker, output)


def rounds(
    works: Mapping[str, Callable[[], Measured]], seconds: float, most: int = 5
) -> dict[str, Measured]:
    """Run all works in turn, so that a busy machine hurts them alike; give each one's median.

    Begins no further round when it would go beyond so many seconds.
    """
    started = time.perf_counter()
    seen: dict[str, list[Measured]] = {name: [] for name in works}
    for number in range(1, most + 1):
        for name, work in works.items():
            seen[name].append(work())
        spent = time.perf_counter() - started
        if spent * (number + 1) / number > seconds:
            break
    return {name: median(runs) for name, runs in seen.items()}


def median(runs: Sequence[Measured]) -> Measured:
    """Give the median of each time, the largest of each memory, and the output of the last run."""
    return Measured(
        statistics.median(one.seconds for one in runs),
        statistics.median(one.cpu for one in runs),
        max(one.own for one in runs),
        max(one.worker for one in runs),
        runs[-1].output,
    )


def _watch(root: int, peaks: dict[int, float], ended: threading.Event) -> None:
    """Note the peaks of a process and of all below it, as Linux counts them; elsewhere nothing.

    What the system tells a parent of its children (ru_maxrss) will not do: a process that was just
    started counts the memory of the one that started it.
    """
    while not ended.wait(0.05):
        for process in _tree(root):
            with suppress(OSError, IndexError):
                status = Path(f"/proc/{process}/status").read_text()
                peaks[process] = int(status.partition("VmHWM:")[2].split()[0]) * 1024 / 1e6


def _tree(process: int) -> Iterator[int]:
    yield process
    with suppress(OSError):
        for thread in Path(f"/proc/{process}/task").iterdir():
            for child in (thread / "children").read_text().split():
                yield from _tree(int(child))
