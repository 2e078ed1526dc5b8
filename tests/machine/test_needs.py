"""What a computer must have, what is said where it lacks it, and how make sets up the rest."""

from __future__ import annotations

import itertools
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest

from plainleaf.machine import needs
from plainleaf.machine.needs import BUILD_NEEDS, TEST_NEEDS, Need
from tests.conftest import ROOT

CHROMIUM_ONLY = TEST_NEEDS[:1]
LOCK, *MORE = ("requirements.lock", "requirements-cluster.lock", "requirements-test.lock")
# Each contains those before it.
LOCKS = [ROOT / name for name in (LOCK, *MORE, "requirements-bench.lock")]
Make = Callable[[str], tuple[list[str], str]]


def requirements(lock: Path) -> dict[str, list[str]]:
    """Return each requirement of a lock with the lines below it."""
    found: dict[str, list[str]] = {}
    for line in lock.read_text().splitlines():
        if line[:1].isalnum():
            found[line.removesuffix(" \\")] = []
        elif not line.startswith("#"):
            found[list(found)[-1]].append(line.strip().removesuffix(" \\"))
    return found


@pytest.mark.parametrize(
    ("system", "commands"),
    [
        (
            "Debian, Ubuntu",
            "    sudo apt-get update\n"
            "    sudo apt-get install --yes --no-install-recommends"
            " python3 libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 python3-venv\n",
        ),
        ("Fedora", "    sudo dnf install python3 pango harfbuzz\n"),
        ("macOS, with Homebrew", "    brew install python pango harfbuzz\n"),
        (
            "Windows",
            "    winget install Python.Python.3.13 MSYS2.MSYS2\n"
            "    C:\\msys64\\usr\\bin\\pacman -S"
            " mingw-w64-ucrt-x86_64-pango mingw-w64-ucrt-x86_64-harfbuzz\n",
        ),
    ],
)
def test_every_system_gets_its_own_commands(system: str, commands: str) -> None:
    assert f"  {system}:\n{commands}" in needs.advice(BUILD_NEEDS) + "\n"


def test_advice_names_one_thing_whole_and_knows_ubuntu() -> None:
    assert needs.advice(CHROMIUM_ONLY) == (
        "Plainleaf cannot start yet. This computer lacks:\n"
        "  - Chromium or Chrome, the browser of the tests\n"
        "Install what is missing, then give the same command again.\n"
        "  Debian, Ubuntu:\n"
        "    sudo apt-get update\n"
        "    sudo apt-get install --yes --no-install-recommends chromium\n"
        "    On Ubuntu, chromium is a snap: sudo snap install chromium\n"
        "  Fedora:\n"
        "    sudo dnf install chromium\n"
        "  macOS, with Homebrew:\n"
        "    brew install google-chrome\n"
        "  Windows:\n"
        "    winget install Google.Chrome"
    )


def test_only_unmet_needs_are_missing() -> None:
    met = Need("something", lambda: True, apt="a", dnf="d")
    unmet = Need("something else", partial(needs.loads, ("libnowhere.so.0", "nowhere")), "a", "d")
    assert needs.missing([met, unmet]) == [unmet]


def test_libraries_have_the_names_that_weasyprint_tries() -> None:
    package = find_spec("weasyprint")
    assert package is not None
    assert package.origin is not None
    source = (Path(package.origin).parent / "text/ffi.py").read_text()
    libraries = (
        *(needs.GOBJECT, needs.PANGO, needs.HARFBUZZ),
        *(needs.SUBSET, needs.FONTCONFIG, needs.PANGOFT2),
    )
    assert [name for names in libraries for name in names if f"'{name}'" not in source] == []


def test_nothing_is_said_where_nothing_is_missing(capfd: pytest.CaptureFixture[str]) -> None:
    assert needs.main(["--tests"]) == 0
    assert capfd.readouterr() == ("", "")


def test_python_of_long_ago_is_missing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 12))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert needs.main([]) == 2
    assert capsys.readouterr().err == needs.advice(BUILD_NEEDS[:1]) + "\n"


def program(folder: Path, name: str, script: str) -> None:
    """Write a program of the shell into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n", "utf-8")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ('touch "$0-$1"', ""),
        (
            '[ "$1" = update ] || { echo "E: no such package" >&2; exit 100; }',
            "E: no such package\n",
        ),
        ("exec sleep 60", "apt-get was stopped: it took more than half an hour.\n"),
    ],
    ids=["it is installed", "it cannot be", "it never ends"],
)
def test_what_debian_lacks_is_installed_by_root(
    script: str,
    said: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
) -> None:
    program(tmp_path, "apt-get", script)
    lacking = Need("something", (tmp_path / "apt-get-install").exists, apt="one two", dnf="d")
    monkeypatch.setattr(needs, "BUILD_NEEDS", (lacking,))
    monkeypatch.setattr(needs, "MOST_SECONDS", 0.5 if "sleep" in script else 60)
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    assert needs.main([]) == (2 if said else 0)
    out, err = capfd.readouterr()
    assert out == "Setting up: one two (apt-get)\n"
    assert err == (f"{said}{needs.advice([lacking])}\n" if said else "")


# Stands for Python: says what it was asked, and makes what is asked for.
PYTHON = """
case "$*" in
  -c*) echo cpython-311 ;;
  "-m venv"*) echo venv >> asked; rm -rf .venv; mkdir -p .venv/bin
    cp "$0" .venv/bin/python ;;
  *pip*) for last in "$@"; do :; done
    if [ -e no-net ]; then echo "ERROR: no net" >&2; exit 1; fi
    echo "pip $last" >> asked ;;
esac
"""


@pytest.fixture
def make(tmp_path: Path) -> Make:
    """Give what runs make in a folder: it gives what was asked of Python, and the errors."""
    for path in (ROOT / "Makefile", *LOCKS):
        shutil.copy(path, tmp_path)
    program(tmp_path / "shell", "python3", PYTHON)
    asked = tmp_path / "asked"

    def run(target: str) -> tuple[list[str], str]:
        asked.write_text("", "utf-8")
        path = f"{tmp_path / 'shell'}:{os.environ['PATH']}"
        plain = {name: value for name, value in os.environ.items() if "MAKE" not in name}
        command = ["make", "--no-print-directory", target]
        done = subprocess.run(
            command,
            cwd=tmp_path,
            env={**plain, "PATH": path},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
        assert bool(done.returncode) == bool(done.stderr)
        return asked.read_text("utf-8").splitlines(), done.stderr

    return run


def test_packages_are_set_up_once_and_anew_when_a_lock_changes(make: Make, tmp_path: Path) -> None:
    base, tests = f"pip {LOCK}", f"pip {MORE[1]}"
    assert make("setup") == (["venv", base], "")
    assert make("setup") == ([], "")
    assert make("setup-tests") == ([tests], "")
    assert make("setup") == ([], "")
    assert make("setup-cluster") == ([f"pip {MORE[0]}"], "")
    # What a checkout of git leaves as it is has another time, and the same content.
    for path in tmp_path.glob("*.lock"):
        path.touch()
    assert make("setup-tests") == ([], "")
    # What an archive holds may have an older time, and other content.
    for name, asked in ((MORE[1], [tests]), (LOCK, ["venv", base, tests])):
        path = tmp_path / name
        path.write_text(f"{path.read_text('utf-8')}# changed\n", "utf-8")
        os.utime(path, (0, 0))
        assert make("setup-tests") == (asked, "")
    (tmp_path / ".venv/bin/python").unlink()
    assert make("setup") == (["venv", base], "")


def test_packages_that_do_not_come_are_told_and_asked_for_again(make: Make, tmp_path: Path) -> None:
    (tmp_path / "no-net").touch()
    asked, said = make("setup")
    assert asked == ["venv"]
    assert said.startswith("ERROR: no net\n")
    (tmp_path / "no-net").unlink()
    assert make("setup") == (["venv", f"pip {LOCK}"], "")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_lock_names_no_host_and_no_path(lock: Path) -> None:
    text = lock.read_text()
    assert text.startswith(
        "# This file was autogenerated by uv via the following command:\n#    make lock\n"
    )
    assert not re.findall(r"\S*(?:://|index|find-links|\.org|\.com|/opt/|/tmp/|/root/)\S*", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_locked_package_has_one_version_and_hashes(lock: Path) -> None:
    locked = requirements(lock)
    assert len({requirement.partition("==")[0] for requirement in locked}) == len(locked)
    for requirement, lines in locked.items():
        assert re.match(r"[a-z0-9-]+==[\w.]+( ; .+)?$", requirement)
        assert re.match(r"--hash=sha256:[0-9a-f]{64}$", lines[0]), requirement


def test_locks_serve_other_systems_than_this() -> None:
    # lxml comes compiled: a file for each system and each Python.
    locked = requirements(LOCKS[0])
    lxml = next(requirement for requirement in locked if requirement.startswith("lxml=="))
    assert len([line for line in locked[lxml] if line.startswith("--hash")]) > 10


@pytest.mark.parametrize(("smaller", "larger"), [*itertools.pairwise(LOCKS)])
def test_each_lock_contains_the_one_before_it(smaller: Path, larger: Path) -> None:
    everything = requirements(larger)
    for requirement, lines in requirements(smaller).items():
        hashes = {line for line in lines if line.startswith("--hash")}
        assert hashes <= set(everything[requirement]), requirement
