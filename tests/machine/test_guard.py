"""The last guard: whatever nobody foresaw ends in a line that names a file, never a traceback."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import pytest

from plainleaf.check import check
from plainleaf.commands.serve import Preview
from plainleaf.machine.engine import Engine
from plainleaf.machine.guard import NO_MEMORY, at_work_on, explained
from plainleaf.machine.report import Report
from plainleaf.problems import Place
from tests.conftest import ROOT, TODAY, composed_of, project_in
from tests.jobs import fails_at_anything

Run = Callable[..., tuple[int, str]]
SLIP = "docs/en/slip.md"
FOLDERS = "plainleaf-*"  # of the processes that set sheets, for their temporary files


def raising(error: Exception) -> Callable[..., None]:
    """Give a gate that meets something it is not made for, at a line of a page."""

    def gate(*_: object) -> None:
        place = Place(SLIP, 3)
        raise error if place.line else AssertionError

    return gate


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("0"), RecursionError("depth"), OSError("of a library")]
)
@pytest.mark.parametrize("words", [[], ["check"], ["check", "--json"], ["diff", "slip", "1.0"]])
def test_a_line_says_at_which_file_it_came_up(
    tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception, words: list[str]
) -> None:
    monkeypatch.setattr(check, "findings", raising(error))
    monkeypatch.setattr("plainleaf.journey.check", raising(error))
    assert run("--project", str(tiny), *words) == (
        2,
        f"something that Plainleaf is not made for stopped it at {SLIP}.\n"
        "    Look at what was last changed there, or take it back. Report it where you got "
        "Plainleaf, with build/fault.txt. site/ is whole.\n",
    )
    written = (tiny / "build/fault.txt").read_text("utf-8")
    assert written.startswith(f"at {SLIP}, Python {sys.version}")
    assert "Traceback" in written
    assert type(error).__name__ in written


@pytest.mark.parametrize(
    "error",
    [
        MemoryError(),
        RuntimeError("can't start new thread"),
        ImportError("lib.so: failed to map segment from shared object"),
        OSError(12, "Cannot allocate memory"),
    ],
)
def test_a_machine_without_memory_is_told_in_one_line(
    tiny: Path, run: Run, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    monkeypatch.setattr("plainleaf.journey.check", raising(error))
    assert run("check", "--project", str(tiny)) == (2, f"{NO_MEMORY}\n")
    assert not (tiny / "build").exists()


def test_where_build_cannot_be_written_the_file_lies_elsewhere(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    (tiny / "build").write_text("no folder")
    assert f"with {tmp_path}/fault.txt." in explained(ValueError("odd"), project_in(tiny))


def test_a_sheet_is_named_whose_process_met_it(tiny: Path) -> None:
    sheet, *_ = composed_of(project_in(tiny), "corner/en/note-a4")
    with pytest.raises(ZeroDivisionError) as error, Engine() as crew:
        dict.fromkeys(crew.run(fails_at_anything, [sheet]))
    assert at_work_on(error.value, project_in(tiny)) == sheet.sheet.path
    assert "fails_at_anything" in "".join(error.value.__notes__)


def test_a_preview_goes_on(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("plainleaf.journey.check", raising(ZeroDivisionError("0")))
    with Engine() as engine:
        preview = Preview(project_in(tiny), Report("quiet"), engine, lambda: TODAY)
        preview.rebuild()
    assert preview.stopped.startswith(
        f"something that Plainleaf is not made for stopped it at {SLIP}."
    )


def command(*words: str, **environment: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, str(ROOT / "build.py"), *words],
        env={**os.environ, **environment},
        capture_output=True,
        timeout=120,
        check=False,
    )


def test_signs_that_the_terminal_lacks_and_those_that_steer_it_are_spelt(tiny: Path) -> None:
    page = tiny / SLIP
    (tiny / "docs/en/Zażółć\u202e\x1b[31m.md").write_bytes(page.read_bytes())
    done = command("check", "--project", str(tiny), PYTHONIOENCODING="cp1252", COLUMNS="0")
    assert done.returncode == 1
    assert rb"docs/en/Za\u017c\xf3\u0142\u0107\u202e\x1b[31m.md" in (
        done.stderr.replace("ó".encode("cp1252"), rb"\xf3")
    )
    assert b"Traceback" not in done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a disk that is always full")
def test_an_output_that_is_full_is_told(tiny: Path) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, str(ROOT / "build.py"), "check", "--project", str(tiny)],
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=120,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith(b"a file cannot be written (no space left on device).\n")
    assert done.stderr.count(b"\n") == 2


# Runs build.py with one process beside it: each takes a second to load its code.
ON_ONE_CORE = f"""
import os, runpy
os.cpu_count = lambda: 1
runpy.run_path({str(ROOT / "build.py")!r}, run_name="__main__")
"""


@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT", "SIGHUP"])
@pytest.mark.slow
def test_a_build_that_is_told_to_end_leaves_nothing_behind(
    tiny: Path, tmp_path: Path, name: str
) -> None:
    left = tmp_path / "left"
    left.mkdir()
    # What is ignored here, as under nohup, would be ignored by what is started, too.
    before = signal.signal(getattr(signal, name), signal.SIG_DFL)
    with subprocess.Popen(
        [sys.executable, "-OO", "-c", ON_ONE_CORE, "--project", str(tiny)],
        env={**os.environ, "TMPDIR": str(left)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        signal.signal(getattr(signal, name), before)
        try:
            while not [*left.glob(FOLDERS)]:
                with pytest.raises(subprocess.TimeoutExpired):
                    process.wait(timeout=0.05)
            process.send_signal(getattr(signal, name))
            # The processes that it started hold its error output open until they end.
            _, said = process.communicate(timeout=60)
        finally:
            process.kill()
    assert (process.returncode, said) == (
        2,
        "Stopped. Nothing was written; the last site is as it was.\n",
    )
    assert [*left.glob(FOLDERS)] == []
    assert not (tiny / "site").exists()
