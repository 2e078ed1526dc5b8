"""Where work runs: processes that die, that are stopped, that make way for new ones."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from plainleaf.machine import engine
from plainleaf.machine.engine import Died, Engine
from tests.conftest import ROOT
from tests.jobs import (
    dies_at_3,
    dies_once,
    fails_at_3,
    has_no_memory_at_3,
    leaves_a_file,
    never_ends,
    raises_what_cannot_be_sent,
    square,
    turned,
    whose,
)

pytestmark = pytest.mark.slow
# Before conftest lets engines share what they start.
HERE = engine._Here


@pytest.fixture(autouse=True)
def own_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let each engine start and end its own, as it does when nobody tests."""
    monkeypatch.setattr(engine, "_Here", HERE)


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_each_job_comes_back_with_its_result() -> None:
    with Engine() as crew:
        assert dict(crew.run(square, range(20))) == {
            number: number * number for number in range(20)
        }
        assert dict(crew.run(square, [])) == {}


def test_jobs_are_asked_for_as_they_are_needed() -> None:
    """A table of clinics may be longer than the memory."""
    asked = 0

    def jobs() -> Iterator[int]:
        nonlocal asked
        while asked < 100:
            asked += 1
            yield asked

    with Engine() as crew:
        for done, _ in enumerate(crew.run(square, jobs()), start=1):
            assert asked <= done + 2 * (os.cpu_count() or 1)
    assert asked == 100


def test_a_process_that_dies_is_replaced_and_loses_nothing(tmp_path: Path) -> None:
    jobs = [(number, tmp_path / "died") for number in range(9)]
    with Engine() as crew:
        found = dict(crew.run(dies_once, jobs))
    assert {number: result for (number, _), result in found.items()} == {n: n for n in range(9)}
    assert (tmp_path / "died").exists()


@pytest.mark.parametrize("work", [dies_at_3, has_no_memory_at_3])
def test_the_job_at_which_processes_die_is_found_and_the_others_are_done(work: object) -> None:
    with Engine() as crew:
        found = dict(crew.run(work, range(9)))  # type: ignore[arg-type]
        assert found == {n: Died() if n == 3 else n for n in range(9)}
        assert dict(crew.run(square, [4])) == {4: 16}


def test_an_error_is_told_and_stops_the_processes_whatever_they_are_sending() -> None:
    """More than a pipe holds goes to them and comes back."""
    jobs = [(number, bytes(400_000)) for number in range(9)]
    for _ in range(5):
        with pytest.raises(OSError, match=r"a\.pdf"), Engine() as crew:
            found = [result for _, result in crew.run(whose, range(9))]
            served = [process for process in found if isinstance(process, int)]
            dict(crew.run(fails_at_3, jobs))
        assert not any(map(is_alive, served))


def test_whatever_is_under_way_a_process_that_is_killed_stops_nobody() -> None:
    """Jobs and results of megabytes are in its pipes, and it may be killed at any moment of them.

    It is killed as often as not while it sends, reads, works or begins.
    """
    large = os.urandom(3_000_000)
    chance = random.Random(5)
    with Engine() as crew:
        came = 0
        for _, result in crew.run(turned, ((number, large) for number in range(24))):
            came += 1
            if isinstance(result, Died):
                continue
            process, back = result
            assert back == large[::-1]
            if came < 16 and chance.random() < 0.5:
                with suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
        assert came == 24
        assert dict(crew.run(square, [4])) == {4: 16}


def test_a_job_without_an_end_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "MOST_SECONDS", 1)
    with Engine() as crew:
        assert dict(crew.run(never_ends, [3])) == {3: Died()}


def test_what_nobody_foresaw_is_told_with_its_lines() -> None:
    with Engine() as crew, pytest.raises(RuntimeError, match="odd: 7") as error:
        dict(crew.run(raises_what_cannot_be_sent, [7]))
    assert "raise OddError" in "".join(error.value.__notes__)


def test_nothing_is_left_of_processes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    with Engine() as crew:
        dict(crew.run(leaves_a_file, range(9)))
    with Engine() as crew, suppress(KeyboardInterrupt):
        for _ in crew.run(leaves_a_file, range(9)):
            raise KeyboardInterrupt
    assert [*tmp_path.iterdir()] == []


def test_processes_that_their_threads_end_meanwhile_are_no_fault() -> None:
    """Ctrl-C while a thread starts leaves it unknown to what waits for the others."""

    class Ended(engine._Process):
        def end(self) -> None:
            super().end()
            crew._all.discard(self)

    crew = HERE()
    crew._all |= {Ended(), Ended()}
    crew.close(at_once=True)
    assert crew._all == set()


def test_processes_make_way_for_new_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "JOBS_OF_A_PROCESS", 2)
    cores = os.cpu_count() or 1
    with Engine() as crew:
        served = [result for _, result in crew.run(whose, range(8 * cores))]
    # All jobs of a pool may be done by one of its processes.
    assert len(set(served)) >= 4


def test_processes_end_with_a_parent_that_is_killed() -> None:
    """A hundred builds that were killed must not leave two hundred processes in memory."""
    code = """
import sys
from plainleaf.machine.engine import Engine
from tests.jobs import whose
if __name__ == "__main__":
    with Engine() as crew:
        for _, process in crew.run(whose, range(1)):
            print(process, flush=True)
        sys.stdin.read()
"""
    parent = subprocess.Popen(
        [sys.executable, "-c", code],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with parent:
        assert parent.stdout
        assert parent.stdout.readline()
        parent.kill()
        # Those that it started hold its output open until they end.
        parent.communicate(timeout=60)
