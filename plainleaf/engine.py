"""Where work runs: in processes side by side, here or on a cluster, behind concurrent.futures."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import shutil
import signal
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    wait,
)
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from functools import partial
from itertools import islice
from pathlib import Path
from threading import Lock, Thread
from typing import Any, TypeVar

from plainleaf.problems import MachineError
from plainleaf.tools import tools

Job = TypeVar("Job")
Result = TypeVar("Result")

# Libraries in C keep a little of all they ever did: a process makes way for a new one after so
# many jobs. (The executor's own max_tasks_per_child stands still in Python 3.11 to 3.14.)
JOBS_OF_A_PROCESS = 200
# As long as a person waits for a scheduler that does not answer, in seconds.
PATIENCE = 10


@dataclass(frozen=True, slots=True)
class Died:
    """In the place of a result: two processes that took this job died or had no memory left."""


class Engine:
    """Processes that are kept for many runs: on the cores of this machine, or on a Dask cluster.

    Leave it by `with`: after an error the processes of this machine are stopped at once.
    """

    def __init__(self, scheduler: str = "") -> None:
        """Take the address of a Dask scheduler, such as tcp://10.0.0.5:8786, or "" for here."""
        self._crew: _Here | _Cluster = _Cluster(scheduler) if scheduler else _Here()

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        self._crew.close(at_once=kind is not None)

    def run(
        self, work: Callable[[Job], Result], jobs: Iterable[Job | None]
    ) -> Iterator[tuple[Job, Result | Died]]:
        """Give each job with its result as it is finished, in no order.

        Jobs are asked for as they are needed, so that they may be many; None stands for one that
        has to wait for what is under way. What was under way when a process died is tried once
        more, each job by itself: so the one that kills is found.

        Raises MachineError for a cluster that is not there, goes away, or has other versions.
        """
        coming = iter(jobs)
        under_way: dict[Future[Any], Job] = {}
        suspects: list[Job] = []
        try:
            while True:
                # Suspects are tried before more is begun: who waits for one holds on to the rest.
                room = 0 if suspects else self._crew.width - len(under_way)
                for job in islice(coming, room):
                    if job is None:
                        break
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
                    yield job, self._crew.alone(work, job)
        finally:
            for future in under_way:
                future.cancel()


class _Here:
    """A process for each core of this machine, started when there is work."""

    def __init__(self) -> None:
        self._cores = os.cpu_count() or 1
        self.width = 2 * self._cores
        self._executor: Executor | None = None
        self._given = 0
        self._folder = ""

    def submit(self, work: Callable[[Job], Result], job: Job) -> Future[Path]:
        if self._given >= JOBS_OF_A_PROCESS * self._cores:
            self._retire()
        self._executor = self._executor or self._processes(self._cores)
        self._given += 1
        try:
            return self._executor.submit(_by_file, work, job)
        except BrokenProcessPool:
            self._retire()
            return self.submit(work, job)

    def result(self, future: Future[Path]) -> Any:
        """Give the result of a job that is done, or Died."""
        try:
            path = future.result()
        except (BrokenProcessPool, MemoryError):
            return Died()
        result = pickle.loads(path.read_bytes())
        path.unlink()
        return result

    def alone(self, work: Callable[[Job], Result], job: Job) -> Result | Died:
        with self._processes(1) as executor:
            done: Result | Died = self.result(executor.submit(_by_file, work, job))
            return done

    def _processes(self, count: int) -> Executor:
        self._folder = self._folder or tempfile.mkdtemp(prefix="plainleaf-")
        return _processes(count, self._folder)

    def _retire(self) -> None:
        """Let processes go when they have done what they were given."""
        if self._executor:
            self._executor.shutdown(wait=False)
        self._executor, self._given = None, 0

    def close(self, *, at_once: bool) -> None:
        for child in multiprocessing.active_children() if at_once else ():
            child.kill()
        if self._executor:
            self._executor.shutdown(cancel_futures=True)
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)


def _processes(count: int, folder: str) -> ProcessPoolExecutor:
    # A new interpreter in each process: a copy of this one could hold the locks of its threads.
    fresh = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(count, mp_context=fresh, initializer=_begin, initargs=(folder,))


def _by_file(work: Callable[[Job], Result], job: Job) -> Path:
    """Leave the result of a job in a file.

    Through the pipe goes no more than its name, which goes at once: of a process that dies while
    it sends more, the parent would wait for the rest for ever.
    """
    number, path = tempfile.mkstemp()
    with os.fdopen(number, "wb") as file:
        pickle.dump(work(job), file)
    return Path(path)


def _begin(folder: str) -> None:
    """Keep Ctrl-C from printing a traceback for each process, and end when the parent is gone.

    folder is for temporary files, such as the fonts of WeasyPrint.
    """
    tempfile.tempdir = folder
    # SIGTERM stays what it is: a process that waits for a lock would never come to heed it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, args=(folder,), daemon=True).start()


def _end_with_parent(folder: str) -> None:
    """End a process whose parent was killed: it would wait for work for ever, and hold memory."""
    if parent := multiprocessing.parent_process():
        parent.join()
    shutil.rmtree(folder, ignore_errors=True)
    os._exit(1)


class _Cluster:
    """The workers of a Dask cluster, which finds new ones for the work of those that are lost."""

    def __init__(self, scheduler: str) -> None:
        try:
            import dask  # noqa: PLC0415 an extra, which few need
            import distributed  # noqa: PLC0415
        except ModuleNotFoundError:
            raise MachineError(
                "the package that speaks to a cluster (distributed) is not set up.\n"
                "    Run `make setup-cluster`, or build without --scheduler."
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
        return self._executor.submit(partial(_with_same_tools, tools(), work), job)

    def result(self, future: Future[Result]) -> Result | Died:
        try:
            return future.result()
        except (self._killed, MemoryError):
            return Died()
        except (ModuleNotFoundError, RuntimeError) as error:
            # The scheduler says it in its own way: it only looks at what it hands on.
            if isinstance(error, RuntimeError) and "deserialization" not in str(error):
                raise
            raise MachineError(
                "the cluster does not know Plainleaf.\n"
                "    Start its scheduler and workers in folders of Plainleaf: `python -m dask …`."
            ) from None
        except (CancelledError, self._closed) as error:
            raise self._gone("went away") from error

    def alone(self, work: Callable[[Job], Result], job: Job) -> Result | Died:
        return self.result(self.submit(work, job))

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
    if tools() != key:
        raise MachineError(
            "a worker of the cluster has another version of Plainleaf or of a library.\n"
            "    Bring it up to this one: `git pull` and `make setup-cluster` there, then start it."
        )
    # A worker of Dask has a thread for each core unless it is told otherwise; our setting has one.
    with _one_at_a_time:
        return work(job)
