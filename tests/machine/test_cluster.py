"""A cluster makes the same bytes, outlives lost workers, and is missed in plain words."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from distributed import Client

from plainleaf.machine import engine
from plainleaf.machine.engine import Engine
from plainleaf.machine.keys import toolchain_key
from plainleaf.problems import MachineError
from tests.conftest import ONE, ROOT, on_one_paper, snapshot
from tests.jobs import dies_once, square

pytestmark = pytest.mark.slow
Run = Callable[..., tuple[int, str]]
HERE = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")


@contextmanager
def running(words: Sequence[str], folder: Path) -> Iterator[subprocess.Popen[bytes]]:
    """Run a part of a cluster in a folder until it is no longer needed."""
    command = [sys.executable, "-m", "dask", *words]
    with subprocess.Popen(
        command,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as process:
        try:
            yield process
        finally:
            os.killpg(process.pid, signal.SIGKILL)


@contextmanager
def cluster(told: Path, folder: Path = ROOT) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Run a scheduler and two workers; give the address, and the scheduler's process."""
    where = ("--scheduler-file", str(told))
    # Eight threads each, as on a large machine: nobody has to tell Dask otherwise.
    worker = ("worker", *where, "--nworkers", "2", "--nthreads", "8", "--no-dashboard")
    with ExitStack() as stack:
        scheduler = stack.enter_context(running(("scheduler", *HERE, *where), folder))
        stack.enter_context(running(worker, folder))
        with Client(scheduler_file=str(told), timeout=60, set_as_default=False) as client:
            client.wait_for_workers(2, timeout=60)
        yield json.loads(told.read_text())["address"], scheduler


def test_a_cluster_makes_the_same_bytes_and_outlives_its_workers_but_not_its_scheduler(
    warm: Path, tmp_path: Path, run: Run
) -> None:
    on_one_paper(warm, "anyone")
    assert run("--project", str(warm), *ONE)[0] == 0
    here = snapshot(warm / "site")
    for name in ("site", "build"):
        (warm / name).rename(tmp_path / f"old-{name}")
    jobs = [(number, tmp_path / "died") for number in range(9)]
    with cluster(tmp_path / "scheduler.json") as (address, scheduler):
        assert run("--project", str(warm), "--scheduler", address, *ONE) == (0, "")
        assert snapshot(warm / "site") == here
        with Engine(address) as crew:
            found = dict(crew.run(dies_once, jobs))
        assert {number: result for (number, _), result in found.items()} == {
            number: number for number in range(9)
        }
        assert (tmp_path / "died").exists()
        with pytest.raises(MachineError) as error, Engine(address) as crew:
            for done, _ in enumerate(crew.run(square, range(1000))):
                if done == 3:
                    scheduler.kill()
    assert str(error.value) == (
        f"the cluster at {address} went away.\n"
        "    Start it again, or build without --scheduler. The last site is as it was."
    )


def test_a_scheduler_that_is_not_there_is_told(
    tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(engine, "PATIENCE", 1)
    assert run("--project", str(tiny), "--scheduler", "tcp://127.0.0.1:9") == (
        2,
        "the cluster at tcp://127.0.0.1:9 does not answer, or has no workers.\n"
        "    Start it again, or build without --scheduler. The last site is as it was.\n",
    )
    assert not (tiny / "site").exists()


def test_a_cluster_that_was_started_elsewhere_is_told(tmp_path: Path) -> None:
    with (
        cluster(tmp_path / "scheduler.json", tmp_path) as (address, _),
        pytest.raises(MachineError) as error,
        Engine(address) as crew,
    ):
        dict(crew.run(square, [1]))
    assert str(error.value) == (
        "the cluster does not know Plainleaf.\n"
        "    Start its scheduler and workers in folders of Plainleaf: `python -m dask …`."
    )


def test_a_worker_with_another_version_is_refused() -> None:
    here = toolchain_key()
    assert engine._with_same_tools(here, square, 3) == 9
    with pytest.raises(MachineError) as error:
        engine._with_same_tools("those of last year", square, 3)
    assert str(error.value) == (
        "a worker of the cluster has another version of Plainleaf or of a library.\n"
        "    Bring it up to this one: `git pull` and `make setup-cluster` there, then start it."
    )


def test_without_the_package_a_cluster_is_told_how_to_get_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(MachineError) as error:
        Engine("tcp://127.0.0.1:9")
    assert str(error.value) == (
        "the package that speaks to a cluster (distributed) is not set up.\n"
        "    Run `make setup-cluster`, or build without --scheduler."
    )
