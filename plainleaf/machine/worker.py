"""A process of the engine: it does one job after the other, until its input ends.

Jobs come in at its standard input and answers go out at its standard output, each as the bytes of
a pickle. Nothing is shared with other processes, no lock and no pipe: whatever becomes of one, the
others go on.
"""

from __future__ import annotations

import os
import pickle
import shutil
import sys
import traceback
from contextlib import suppress
from pathlib import Path
from queue import SimpleQueue
from threading import Thread


def do_jobs(folder: str) -> None:
    """Do jobs until the standard input ends; folder is for temporary files, and goes with it."""
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a library prints is no answer
    jobs: SimpleQueue[bytes] = SimpleQueue()
    Thread(target=_listen, args=(jobs, Path(folder)), daemon=True).start()
    while True:
        answer = _answer(jobs.get())
        with suppress(BrokenPipeError):  # the parent is gone; _listen then ends this process
            pickle.dump(answer, answers)
            answers.flush()


def _listen(jobs: SimpleQueue[bytes], folder: Path) -> None:
    """Hand on each job as it comes; end this process, whatever it is at, when no more can come.

    The parent may have been killed, and would not end this process any more.
    """
    with suppress(EOFError, OSError, pickle.UnpicklingError):
        while True:
            jobs.put(pickle.load(sys.stdin.buffer))
    while folder.exists():  # a file may be written into it meanwhile
        shutil.rmtree(folder, ignore_errors=True)
    os._exit(0)


def _answer(task: bytes) -> bytes:
    """Give the pickle of a result and None, or of None and the error that came instead.

    Without memory the process ends: nothing that it did from there on could be relied on.
    """
    try:
        work, job = pickle.loads(task)
        return pickle.dumps((work(job), None))
    except MemoryError:
        os._exit(1)
    except Exception as error:
        trace = traceback.format_exc()
        return pickle.dumps((None, _sendable(error, trace)))


def _sendable(error: Exception, trace: str) -> Exception:
    """Give an error that can be sent, with the lines at which it came up as a note."""
    error.add_note(trace)
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        error = RuntimeError(f"{type(error).__name__}: {error}")
        error.add_note(trace)
    return error
