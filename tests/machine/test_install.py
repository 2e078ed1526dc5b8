"""Tests of install.py: what is missing, what is said about it, and what the locks hold."""

import itertools
import re
import shutil
import subprocess
import sys
from functools import partial
from importlib.util import find_spec
from pathlib import Path

import pytest

from plainleaf.machine import install
from plainleaf.machine.install import BUILD_NEEDS, LOCKS, TEST_NEEDS, Need

PANGO_ONLY = BUILD_NEEDS[:1]
CHROMIUM_ONLY = TEST_NEEDS[:1]


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
            " libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 python3-venv\n",
        ),
        ("Fedora", "    sudo dnf install pango harfbuzz python3\n"),
        ("macOS, with Homebrew", "    brew install pango harfbuzz python\n"),
        (
            "Windows",
            "    winget install MSYS2.MSYS2 Python.Python.3.13\n"
            "    C:\\msys64\\usr\\bin\\pacman -S"
            " mingw-w64-ucrt-x86_64-pango mingw-w64-ucrt-x86_64-harfbuzz\n",
        ),
    ],
)
def test_every_system_gets_its_own_commands(system: str, commands: str) -> None:
    assert f"  {system}:\n{commands}" in install.advice(BUILD_NEEDS) + "\n"


def test_advice_names_one_thing_whole() -> None:
    assert install.advice(PANGO_ONLY) == (
        "Plainleaf cannot start yet. This computer lacks:\n"
        "  - Pango, which lays out the text of the handouts\n"
        "Install what is missing, then give the same command again.\n"
        "  Debian, Ubuntu:\n"
        "    sudo apt-get update\n"
        "    sudo apt-get install --yes --no-install-recommends libpango-1.0-0\n"
        "  Fedora:\n"
        "    sudo dnf install pango\n"
        "  macOS, with Homebrew:\n"
        "    brew install pango\n"
        "  Windows:\n"
        "    winget install MSYS2.MSYS2\n"
        "    C:\\msys64\\usr\\bin\\pacman -S mingw-w64-ucrt-x86_64-pango"
    )


def test_advice_about_the_browser_knows_ubuntu() -> None:
    assert install.advice(CHROMIUM_ONLY) == (
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


def test_advice_leaves_out_systems_that_lack_nothing() -> None:
    libatomic = next(need for need in TEST_NEEDS if need.apt == "libatomic1")
    assert install.advice([libatomic]) == (
        "Plainleaf cannot start yet. This computer lacks:\n"
        "  - libatomic, without which Playwright cannot drive the browser on Linux\n"
        "Install what is missing, then give the same command again.\n"
        "  Debian, Ubuntu:\n"
        "    sudo apt-get update\n"
        "    sudo apt-get install --yes --no-install-recommends libatomic1\n"
        "  Fedora:\n"
        "    sudo dnf install libatomic"
    )


def test_old_python() -> None:
    assert install.too_old((3, 9)) == (
        "Plainleaf needs Python 3.11 or newer; this is Python 3.9.\n"
        "Install a newer one, then give the same command again.\n"
        "  Debian 12, Ubuntu 24.04 or newer: sudo apt-get install python3\n"
        "  Fedora: sudo dnf install python3\n"
        "  macOS, with Homebrew: brew install python\n"
        "  Windows: winget install Python.Python.3.13"
    )
    assert install.too_old((3, 11)) is None


def test_apt_get_fails() -> None:
    output = "Reading package lists...\nE: Unable to locate package chromium\n"
    assert install.apt_failure(CHROMIUM_ONLY, output) == (
        "apt-get could not install all of it.\n"
        "  E: Unable to locate package chromium\n"
        "If the internet connection is down, put that right and give the same command again.\n"
        "\n" + install.advice(CHROMIUM_ONLY)
    )


def test_no_network() -> None:
    output = (
        "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError'\n"
        "ERROR: No matching distribution found for babel==2.18.0\n"
    )
    assert install.pip_failure("requirements.lock", output) == (
        "The Python packages of requirements.lock could not be fetched.\n"
        "Check the internet connection, then give the same command again."
    )


def test_package_with_another_hash() -> None:
    output = (
        "WARNING: Retrying (Retry(total=4)) after connection broken by 'ReadTimeoutError'\n"
        "ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.\n"
    )
    assert install.pip_failure("requirements.lock", output) == (
        "A Python package that arrived is not the one that requirements.lock names,"
        " so it was refused.\n"
        "It may have been damaged on the way: give the same command again.\n"
        "If this comes back, someone may have altered it: tell whoever looks after Plainleaf."
    )


def test_other_trouble_with_packages() -> None:
    output = "ERROR: No matching distribution found for lxml==6.1.3\n"
    assert install.pip_failure("requirements.lock", output) == (
        "The Python packages of requirements.lock could not be installed;"
        " .venv/install.log tells why.\n"
        "Often the disk is full, or this Python is too new for one of the packages.\n"
        "Make room or use Python 3.11, then give the same command again.\n"
        "If this comes back, send that file to whoever looks after Plainleaf."
    )


def test_folder_that_cannot_be_written() -> None:
    assert install.venv_failure(Path("leaflets")) == (
        "The folder .venv could not be made in leaflets.\n"
        "Check that you may write there and that the disk has room,\n"
        "then give the same command again."
    )


def test_only_unmet_needs_are_missing() -> None:
    met = Need("something", lambda: True, apt="a", dnf="d")
    unmet = Need("something else", partial(install.loads, ("libnowhere.so.0", "nowhere")), "a", "d")
    assert install.missing([met, unmet]) == [unmet]


def test_libraries_have_the_names_that_weasyprint_tries() -> None:
    package = find_spec("weasyprint")
    assert package is not None
    assert package.origin is not None
    source = (Path(package.origin).parent / "text/ffi.py").read_text()
    libraries = (
        *(install.GOBJECT, install.PANGO, install.HARFBUZZ),
        *(install.SUBSET, install.FONTCONFIG, install.PANGOFT2),
    )
    assert [name for names in libraries for name in names if f"'{name}'" not in source] == []


def copied_tree(folder: Path) -> Path:
    """Copy what set-up needs into the folder, with a .venv that looks whole."""
    shutil.copytree(install.ROOT / "plainleaf", folder / "plainleaf")
    for lock in LOCKS:
        shutil.copy(lock, folder)
    for file in (install.PYTHON, install.STAMP):
        (folder / file.relative_to(install.ROOT)).parent.mkdir(parents=True, exist_ok=True)
        (folder / file.relative_to(install.ROOT)).touch()
    (folder / install.STAMP.relative_to(install.ROOT)).write_text(install.stamp(install.BENCH_LOCK))
    return folder


@pytest.mark.parametrize("options", [[], ["--cluster"], ["--tests"], ["--bench"]])
def test_nothing_is_said_where_nothing_is_missing(tmp_path: Path, options: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "plainleaf.machine.install", *options],
        cwd=copied_tree(tmp_path),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_lock_that_is_not_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(install, "BUILD_NEEDS", ())
    monkeypatch.setattr(install, "LOCK", Path("lost.lock"))
    assert install.main([]) == 2
    assert capsys.readouterr().err == (
        "lost.lock: No such file or directory.\nPut that right, then give the same command again.\n"
    )


def test_what_is_missing_is_said_without_traceback(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lacking = Need("something", lambda: False, apt="a", dnf="d")
    monkeypatch.setattr(install, "BUILD_NEEDS", (lacking,))
    monkeypatch.setattr(shutil, "which", lambda _: None)
    assert install.main([]) == 2
    assert capsys.readouterr().err == install.advice([lacking]) + "\n"


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
    locked = requirements(install.LOCK)
    lxml = next(requirement for requirement in locked if requirement.startswith("lxml=="))
    assert len([line for line in locked[lxml] if line.startswith("--hash")]) > 10


@pytest.mark.parametrize(("smaller", "larger"), [*itertools.pairwise(LOCKS)])
def test_each_lock_contains_the_one_before_it(smaller: Path, larger: Path) -> None:
    everything = requirements(larger)
    for requirement, lines in requirements(smaller).items():
        hashes = {line for line in lines if line.startswith("--hash")}
        assert hashes <= set(everything[requirement]), requirement
