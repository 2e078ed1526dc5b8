"""What is measured while something else runs: an edit beside `serve`, a build on a Dask cluster."""

from __future__ import annotations

import hashlib
import json
import queue
import signal
import statistics
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from bench.copies import edits
from bench.measure import AROUND, PYTHON, ROOT, BrokenError

PATIENCE = 180.0  # seconds to wait for anything


def edited(project: Path, serve: Sequence[str]) -> tuple[float, int]:
    """Tell how many seconds an edit takes to all files that follow from it, and how many they are.

    The project is built, and serve serves it. Each sentence is edited once: the median.
    """
    sentences = edits(project, 3)
    shown = project / "build" / "preview"
    seconds = []
    with _running(serve) as process:
        lines = queue.SimpleQueue[str]()
        threading.Thread(target=_listen, args=(process, lines), daemon=True).start()
        _wait(lambda: "http" in _taken(lines), process, "the address of serve")
        for edit in sentences:
            for text, is_timed in ((edit.new, True), (edit.old, False)):
                before = {name: _digest(shown / name) for name in edit.files}
                _taken(lines)
                started = time.perf_counter()
                aside = project / "build" / edit.path.name
                aside.write_text(text, "utf-8")
                aside.replace(edit.path)
                for name in sorted(edit.files):
                    _wait(partial(_is_new, shown / name, before[name]), process, name)
                _wait(lambda: bool(_taken(lines)), process, "the line that a rebuild prints")
                if is_timed:
                    seconds.append(time.perf_counter() - started)
    if not seconds:
        raise BrokenError("no handout prints a sentence that bears a word less")
    return statistics.median(seconds), max(len(edit.files) for edit in sentences)


@contextmanager
def dask(file: Path) -> Iterator[str]:
    """Run a scheduler and two workers of one thread each on this machine; give its address."""
    from distributed import Client  # noqa: PLC0415 it may be absent

    file.unlink(missing_ok=True)
    shared = ["--scheduler-file", str(file)]
    here = ["--host", "127.0.0.1", "--port", "0", "--no-dashboard"]
    with ExitStack() as stack:
        command = [PYTHON, "-m", "dask", "scheduler", *here, *shared]
        scheduler = stack.enter_context(_running(command))
        _wait(lambda: file.exists() and bool(file.read_text()), scheduler, "the scheduler of Dask")
        command = [PYTHON, "-m", "dask", "worker", *shared, "--nworkers", "2", "--nthreads", "1"]
        stack.enter_context(_running([*command, "--no-dashboard"]))
        address = str(json.loads(file.read_text())["address"])
        with Client(address) as client:
            client.wait_for_workers(2, timeout=PATIENCE)
        yield address


@contextmanager
def _running(command: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """Run a command until it is stopped as by Ctrl-C."""
    process = subprocess.Popen(
        command,
        cwd=ROOT,
        env={**AROUND, "PYTHONUNBUFFERED": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.communicate(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()


def _listen(process: subprocess.Popen[str], lines: queue.SimpleQueue[str]) -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)


def _taken(lines: queue.SimpleQueue[str]) -> str:
    """Give the lines that have come and were not taken yet."""
    taken = []
    while not lines.empty():
        taken.append(lines.get())
    return "".join(taken)


def _wait(is_there: Callable[[], bool], process: subprocess.Popen[str], what: str) -> None:
    """Look every 5 ms whether something is there; raise BrokenError if it does not come."""
    until = time.monotonic() + PATIENCE
    while not is_there():
        if time.monotonic() > until or process.poll() is not None:
            raise BrokenError(f"{what} did not come")
        time.sleep(0.005)


def _is_new(path: Path, old: str) -> bool:
    """Tell whether a file is there, and is another than the one with this hash."""
    return _digest(path) not in ("", old)


def _digest(path: Path) -> str:
    """Give the hash of a file; "" while it is not there."""
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""
