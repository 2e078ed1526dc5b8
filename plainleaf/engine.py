"""Where work runs: in processes side by side, behind concurrent.futures."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from plainleaf.problems import MachineError

Job = TypeVar("Job")
Result = TypeVar("Result")


def run(work: Callable[[Job], Result], jobs: Sequence[Job]) -> Iterator[Result]:
    """Give the results of jobs as they are finished, in no order."""
    if not jobs:
        return
    with _executor(len(jobs)) as executor:
        waiting = [executor.submit(work, job) for job in jobs]
        try:
            for done in as_completed(waiting):
                yield done.result()
        except BrokenProcessPool as error:
            raise MachineError(
                "a process that sets type was killed, perhaps because memory ran out.\n"
                "    Close other programs, then build again. The last site is as it was."
            ) from error
        finally:
            for future in waiting:
                future.cancel()


def _executor(jobs: int) -> Executor:
    # A new interpreter in each process: a copy of this one could hold the locks of its threads.
    fresh = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(
        min(jobs, os.cpu_count() or 1), mp_context=fresh, initializer=_leave_stopping_to_the_parent
    )


def _leave_stopping_to_the_parent() -> None:
    """Keep Ctrl-C from printing a traceback for each process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
