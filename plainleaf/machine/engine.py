"""Where work runs: in processes side by side, here or on a cluster, behind concurrent.futures."""

from __future__ import annotations

import os
import pickle
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ThreadPoolExecutor,
    wait,
)
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import islice
from threading import Lock, Timer
from typing import Any, Self, TypeVar

from plainleaf.machine.keys import toolchain_key
from plainleaf.machine.program import RENEW, SET_UP_CLUSTER
from plainleaf.problems import MachineError

Job = TypeVar("Job")
Result = TypeVar("Result")

# Pango and libxml2 leak a little in each job, so a process is replaced after so many.
JOBS_OF_A_PROCESS = 200
# In seconds: far longer than any job takes on a slow machine, so what takes more hangs.
MOST_SECONDS = 600
# In seconds: for a scheduler that does not answer, and for a process that is to end.
PATIENCE = 10
# What a process runs: with nothing of the program that started it but the places of its modules.
# Where not even that can be loaded (no memory), it dies, and its job counts as Died.
_START = """
import os, sys
folder, *sys.path = sys.argv[1:]
try:
    from plainleaf.machine.worker import do_jobs
except BaseException:
    os._exit(1)
do_jobs(folder)
"""


@dataclass(frozen=True, slots=True)
class Died:
    """In the place of a result: two processes that took this job died, or did not end."""


class Engine:
    """Processes that are kept for many runs: on the cores of this machine, or on a Dask cluster.

    Leave it by `with`: after an error the processes of this machine are stopped at once.
    """

    def __init__(self, scheduler: str = "") -> None:
        """Take the address of a Dask scheduler, such as tcp://10.0.0.5:8786, or "" for here."""
        self._crew: _Here | _Cluster = _Cluster(scheduler) if scheduler else _Here()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._crew.close(at_once=kind is not None)

    def run(
        self, work: Callable[[Job], Result], jobs: Iterable[Job]
    ) -> Iterator[tuple[Job, Result | Died]]:
        """Give each job with its result as it is finished, in no order.

        Jobs are asked for as they are needed, so that they may be many. What was under way when a
        process died is tried once more, each job by itself: so the one that kills is found.

        Raises MachineError for a cluster that is not there, goes away, or has other versions.
        """
        coming = iter(jobs)
        under_way: dict[Future[Any], Job] = {}
        suspects: list[Job] = []
        try:
            while True:
                # Suspects are tried first: each runs alone, so no other job may be under way.
                room = 0 if suspects else self._crew.width - len(under_way)
                for job in islice(coming, room):
                    under_way[self._crew.submit(work, job)] = job
                if not under_way:
                    break
                for done in wait(under_way, return_when=FIRST_COMPLETED).done:
                    job = under_way.pop(done)
                    result = self._crew.result(done)
                    if isinstance(result, Died):
                        suspects.append(job)
                    else:
                        yield job, result
                while suspects and not under_way:
                    job = suspects.pop()
                    yield job, self._crew.result(self._crew.submit(work, job))
        finally:
            for future in under_way:
                future.cancel()


class _Here:
    """A process for each core of this machine, started when there is work; a thread asks each.

    A process has pipes of its own, and shares nothing with the others: an executor of the standard
    library, like those of loky and pebble, shares a pipe and a lock among all, and waits for ever
    when a process dies that held them (CPython gh-94777).
    """

    def __init__(self) -> None:
        cores = os.cpu_count() or 1
        self.width = 2 * cores
        self._threads = ThreadPoolExecutor(cores)
        self._all: set[_Process] = set()
        self._idle: list[_Process] = []
        self._door = Lock()
        self._is_open = True

    def submit(self, work: Callable[[Job], Result], job: Job) -> Future[Result | Died]:
        return self._threads.submit(self._done, work, job)

    def result(self, future: Future[Result | Died]) -> Result | Died:
        return future.result()

    def _done(self, work: Callable[[Job], Result], job: Job) -> Result | Died:
        task = pickle.dumps((work, job))
        process = self._process()
        answer = process.answer(task)
        if answer is None or process.jobs == JOBS_OF_A_PROCESS:
            process.end()
            self._all.discard(process)
        else:
            self._idle.append(process)
        if answer is None:
            return Died()
        result, error = pickle.loads(answer)
        if error:
            raise error
        finished: Result = result
        return finished

    def _process(self) -> _Process:
        """Give a process that is free, or a new one. Raises MachineError if none can be started."""
        with self._door:
            if not self._is_open:
                raise CancelledError
            if self._idle:
                return self._idle.pop()
            process = _Process()
            self._all.add(process)
            return process

    def close(self, *, at_once: bool) -> None:
        with self._door:
            self._is_open = not at_once
        for process in [*self._all] if at_once else ():
            process.kill()
        self._threads.shutdown(cancel_futures=True)
        # Ctrl-C while a thread starts leaves it unknown to shutdown, and it may end a process now.
        for process in [*self._all]:
            process.end()


class _Process:
    """A process that does one job after the other; jobs is how many it did."""

    def __init__(self) -> None:
        self._folder = tempfile.mkdtemp(prefix="plainleaf-")
        self.jobs = 0
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-c", _START, self._folder, *sys.path],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env={**os.environ, "TMPDIR": self._folder},
                process_group=0,  # Ctrl-C in the terminal is for the parent, which ends the rest
            )
        except OSError as error:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise MachineError(
                f"no process can be started ({(error.strerror or 'unknown').lower()}).\n"
                "    Close other programs, then build again. The last site is as it was."
            ) from error

    def answer(self, task: bytes) -> bytes | None:
        """Give the answer to a task, or None if the process died, or had to, before it came."""
        assert self._process.stdin and self._process.stdout
        limit = Timer(MOST_SECONDS, self.kill)
        limit.daemon = True
        limit.start()
        try:
            pickle.dump(task, self._process.stdin)
            self._process.stdin.flush()
            answer: bytes = pickle.load(self._process.stdout)
        except (OSError, EOFError, pickle.UnpicklingError):
            return None
        finally:
            limit.cancel()
        self.jobs += 1
        return answer

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        """End the process, which is at nothing, and take its temporary files away."""
        self.kill()
        with suppress(subprocess.TimeoutExpired):  # stuck in the kernel, where no signal reaches it
            self._process.wait(PATIENCE)
        for pipe in filter(None, (self._process.stdin, self._process.stdout)):
            with suppress(OSError):  # flushes what was not sent, and nobody reads
                pipe.close()
        shutil.rmtree(self._folder, ignore_errors=True)


class _Cluster:
    """The workers of a Dask cluster, which finds new ones for the work of those that are lost."""

    def __init__(self, scheduler: str) -> None:
        try:
            import dask  # noqa: PLC0415 an extra, which few need
            import distributed  # noqa: PLC0415
        except ModuleNotFoundError:
            raise MachineError(
                "the package that speaks to a cluster (distributed) is not set up.\n"
                f"    {SET_UP_CLUSTER}, or build without --scheduler."
            ) from None
        self._scheduler = scheduler
        self._killed: type[Exception] = distributed.KilledWorker
        self._closed: type[Exception] = distributed.comm.CommClosedError
        dask.config.set({"distributed.comm.timeouts.connect": f"{PATIENCE}s"})
        try:
            client: Any = distributed.Client  # it has no types
            self._client = client(scheduler, timeout=PATIENCE, set_as_default=False)
            self._client.wait_for_workers(1, timeout=PATIENCE)
        except (OSError, ValueError, TimeoutError) as error:
            raise self._gone("does not answer, or has no workers") from error
        self.width = 2 * sum(self._client.nthreads().values())
        self._executor: Executor = self._client.get_executor(pure=False)

    def submit(self, work: Callable[[Job], Result], job: Job) -> Future[Result]:
        return self._executor.submit(partial(_with_same_tools, toolchain_key(), work), job)

    def result(self, future: Future[Result]) -> Result | Died:
        try:
            return future.result()
        except (self._killed, MemoryError):
            return Died()
        except (ModuleNotFoundError, RuntimeError) as error:
            # The scheduler raises a RuntimeError of its own where it cannot read a job.
            if isinstance(error, RuntimeError) and "deserialization" not in str(error):
                raise
            raise MachineError(
                "the cluster does not know Plainleaf.\n"
                "    Start its scheduler and workers in folders of Plainleaf: `python -m dask …`."
            ) from None
        except (CancelledError, self._closed) as error:
            raise self._gone("went away") from error

    def close(self, *, at_once: bool) -> None:
        self._executor.shutdown(wait=not at_once)
        self._client.close(timeout=PATIENCE)

    def _gone(self, fact: str) -> MachineError:
        return MachineError(
            f"the cluster at {self._scheduler} {fact}.\n"
            "    Start it again, or build without --scheduler. The last site is as it was."
        )


_one_at_a_time = Lock()


def _with_same_tools(key: str, work: Callable[[Job], Result], job: Job) -> Result:
    """Do work where the same bytes come out; raise MachineError where they would not."""
    if toolchain_key() != key:
        raise MachineError(
            "a worker of the cluster has another version of Plainleaf or of a library.\n"
            f"    Bring it up to this one: {RENEW} there, then start it."
        )
    # A worker of Dask has a thread for each core unless it is told otherwise; our setting has one.
    with _one_at_a_time:
        return work(job)
