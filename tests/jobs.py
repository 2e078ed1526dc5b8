"""Jobs for processes, in a module that loads nothing: each process that is tested loads it."""

from __future__ import annotations

import os
import signal
import tempfile
from pathlib import Path


def square(number: int) -> int:
    return number * number


def whose(_: int) -> int:
    """Give which process this is."""
    return os.getpid()


def dies_once(job: tuple[int, Path]) -> int:
    """Die at the first number 3, as a process does that the system takes for too large."""
    number, mark = job
    if number == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def dies_at_3(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def has_no_memory_at_3(number: int) -> int:
    if number == 3:
        raise MemoryError
    return number


def fails_at_3(job: tuple[int, bytes]) -> bytes:
    number, large = job
    if number == 3:
        raise OSError(28, "No space left on device", "a.pdf")
    return large


def turned(job: tuple[int, bytes]) -> tuple[int, bytes]:
    """Give which process this is, and what came the other way round."""
    return os.getpid(), job[1][::-1]


def never_ends(_: int) -> None:
    while True:
        signal.pause()


class OddError(Exception):
    """Cannot be made again from what it says, as many errors of libraries."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"odd: {one + two}")


def raises_what_cannot_be_sent(number: int) -> None:
    raise OddError(number, 0)


def leaves_a_file(_: int) -> None:
    tempfile.mkstemp()


def fails_at_anything(_: object) -> float:
    return 1 / 0
