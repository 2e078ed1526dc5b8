"""Sets up what is missing: libraries and programs of the system, and Python packages in .venv.

`python3 -m plainleaf.machine.install` serves a build; with `--cluster` one on many machines, with
`--tests` the tests too, with `--bench` also the comparison with other programs. It needs nothing
but Python itself, and must run on Python older than 3.11 far enough to say that it is too old.
"""

from __future__ import annotations

import argparse
import ctypes
import hashlib
import importlib
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from ctypes.util import find_library
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STAMP = VENV / "plainleaf-stamp"
PIP_LOG = VENV / "install.log"
LOCK = ROOT / "requirements.lock"
CLUSTER_LOCK = ROOT / "requirements-cluster.lock"
TEST_LOCK = ROOT / "requirements-test.lock"
BENCH_LOCK = ROOT / "requirements-bench.lock"
# Each contains those before it.
LOCKS = (LOCK, CLUSTER_LOCK, TEST_LOCK, BENCH_LOCK)

# The names under which WeasyPrint's text/ffi.py looks for each library: on Linux, macOS and
# Windows, and last the name to ask the system about.
GOBJECT = ("libgobject-2.0.so.0", "libgobject-2.0.0.dylib", "libgobject-2.0-0.dll", "gobject-2.0")
PANGO = ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll", "pango-1.0")
HARFBUZZ = ("libharfbuzz.so.0", "libharfbuzz.0.dylib", "libharfbuzz-0.dll", "harfbuzz")
FONTCONFIG = ("libfontconfig.so.1", "libfontconfig.1.dylib", "libfontconfig-1.dll", "fontconfig")
PANGOFT2 = (
    "libpangoft2-1.0.so.0",
    "libpangoft2-1.0.dylib",
    "libpangoft2-1.0-0.dll",
    "pangoft2-1.0",
)
SUBSET = (
    "libharfbuzz-subset.so.0",
    "libharfbuzz-subset.0.dylib",
    "libharfbuzz-subset-0.dll",
    "harfbuzz-subset",
)
ATOMIC = ("libatomic.so.1", "atomic")
WINDOWS_FOLDERS = (
    r"C:\msys64\ucrt64\bin;C:\msys64\mingw64\bin;C:\Program Files\GTK3-Runtime Win64\bin"
)
BROWSERS = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Google/Chrome/Application/chrome.exe",
)


class SetupError(Exception):
    """Set-up cannot go on; the text says what is missing and the way out."""


@dataclass(frozen=True)
class Need:
    """Something the system must have: what for, how to tell, and what each system calls it."""

    what: str
    found: Callable[[], bool]
    apt: str
    dnf: str
    brew: str = ""
    winget: str = ""
    pacman: str = ""


def in_venv(script: str) -> None:
    """Run a script with the Python of .venv, in place of this one, if it has not begun so.

    Gives back where there is no .venv, or this Python is its own.
    """
    is_venv = PYTHON.is_file() and (VENV / "pyvenv.cfg").is_file()
    if not is_venv or Path(sys.prefix).resolve() == VENV.resolve():
        return
    words = [str(PYTHON), script, *sys.argv[1:]]
    if os.name == "nt":  # there a program that takes another's place leaves the terminal too soon
        sys.exit(subprocess.run(words, check=False).returncode)
    with suppress(OSError):  # a .venv that came from another machine: what is missing is named
        os.execv(words[0], words)


def browser() -> str | None:
    """Return the path of the first Chromium or Chrome on this computer, or None."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


def loads(*libraries: tuple[str, ...]) -> bool:
    """Return whether each library loads under one of its names, tried as WeasyPrint tries them."""
    return all(any(map(_opens, names)) or _opens(find_library(names[-1])) for names in libraries)


def runs(*programs: str) -> bool:
    """Return whether each program is on the path."""
    return all(map(shutil.which, programs))


def _opens(library: str | None) -> bool:
    with suppress(OSError):
        # On Windows WeasyPrint loads from the default folders and those added below only.
        return library is not None and bool(ctypes.CDLL(library, winmode=0x1000))
    return False


BUILD_NEEDS = (
    Need(
        "Pango, which lays out the text of the handouts",
        partial(loads, GOBJECT, PANGO, HARFBUZZ),
        apt="libpango-1.0-0",
        dnf="pango",
        brew="pango",
        winget="MSYS2.MSYS2",
        pacman="mingw-w64-ucrt-x86_64-pango",
    ),
    Need(
        "PangoFT2, which gives Pango the fonts that come with Plainleaf",
        partial(loads, FONTCONFIG, PANGOFT2),
        apt="libpangoft2-1.0-0",
        dnf="pango",
        brew="pango",
        winget="MSYS2.MSYS2",
        pacman="mingw-w64-ucrt-x86_64-pango",
    ),
    Need(
        "HarfBuzz Subset, which puts into a PDF only the letters it uses",
        partial(loads, SUBSET),
        apt="libharfbuzz-subset0",
        dnf="harfbuzz",
        brew="harfbuzz",
        winget="MSYS2.MSYS2",
        pacman="mingw-w64-ucrt-x86_64-harfbuzz",
    ),
    Need(
        "Python's venv and ensurepip, which keep Plainleaf's packages in a folder of their own",
        lambda: all(map(find_spec, ("venv", "ensurepip"))),
        apt="python3-venv",
        dnf="python3",
        brew="python",
        winget="Python.Python.3.13",
    ),
)
TEST_NEEDS = (
    Need(
        "Chromium or Chrome, the browser of the tests",
        lambda: browser() is not None,
        apt="chromium",
        dnf="chromium",
        brew="google-chrome",
        winget="Google.Chrome",
    ),
    Need(
        "libatomic, without which Playwright cannot drive the browser on Linux",
        lambda: sys.platform != "linux" or loads(ATOMIC),
        apt="libatomic1",
        dnf="libatomic",
    ),
    Need(
        "pdftotext and pdftoppm, with which the tests look at the PDFs",
        partial(runs, "pdftotext", "pdftoppm"),
        apt="poppler-utils",
        dnf="poppler-utils",
        brew="poppler",
        winget="oschwartz10612.Poppler",
    ),
    Need(
        "qpdf, with which the tests check that the PDFs are sound",
        partial(runs, "qpdf"),
        apt="qpdf",
        dnf="qpdf",
        brew="qpdf",
        winget="QPDF.QPDF",
    ),
)


def missing(needs: Sequence[Need]) -> list[Need]:
    """Return the needs that this computer does not meet, in their order."""
    importlib.invalidate_caches()
    if sys.platform == "win32":
        for folder in os.getenv("WEASYPRINT_DLL_DIRECTORIES", WINDOWS_FOLDERS).split(";"):
            with suppress(OSError):
                os.add_dll_directory(folder)
    return [need for need in needs if not need.found()]


def advice(needs: Sequence[Need]) -> str:
    """Return the message that names the needs and, for each system, the commands that meet them."""
    commands = {
        "apt": "  Debian, Ubuntu:\n    sudo apt-get update\n"
        "    sudo apt-get install --yes --no-install-recommends",
        "dnf": "  Fedora:\n    sudo dnf install",
        "brew": "  macOS, with Homebrew:\n    brew install",
        "winget": "  Windows:\n    winget install",
        "pacman": "    C:\\msys64\\usr\\bin\\pacman -S",
    }
    lines = ["Plainleaf cannot start yet. This computer lacks:"]
    lines += [f"  - {need.what}" for need in needs]
    lines += ["Install what is missing, then give the same command again."]
    for system, command in commands.items():
        packages = dict.fromkeys(filter(None, (getattr(need, system) for need in needs)))
        if packages:
            lines += [" ".join([command, *packages])]
        if system == "apt" and "chromium" in packages:
            lines += ["    On Ubuntu, chromium is a snap: sudo snap install chromium"]
    return "\n".join(lines)


def too_old(version: tuple[int, int]) -> str | None:
    """Return the message for a Python that is too old, or None for one that will do."""
    if version >= (3, 11):
        return None
    return (
        f"Plainleaf needs Python 3.11 or newer; this is Python {version[0]}.{version[1]}.\n"
        "Install a newer one, then give the same command again.\n"
        "  Debian 12, Ubuntu 24.04 or newer: sudo apt-get install python3\n"
        "  Fedora: sudo dnf install python3\n"
        "  macOS, with Homebrew: brew install python\n"
        "  Windows: winget install Python.Python.3.13"
    )


def apt_failure(needs: Sequence[Need], output: str) -> str:
    """Return the message for needs that apt-get could not meet, given all that it printed."""
    reasons = [f"  {line}" for line in output.splitlines() if line.startswith("E: ")]
    way_out = "If the internet connection is down, put that right and give the same command again."
    return "\n".join(["apt-get could not install all of it.", *reasons, way_out, "", advice(needs)])


def pip_failure(lock: str, output: str) -> str:
    """Return the message for a lock that pip could not install, given all that it printed."""
    if "DO NOT MATCH THE HASHES" in output:
        return (
            f"A Python package that arrived is not the one that {lock} names, so it was refused.\n"
            "It may have been damaged on the way: give the same command again.\n"
            "If this comes back, someone may have altered it: tell whoever looks after Plainleaf."
        )
    if "connection broken by" in output or "Could not fetch URL" in output:
        return (
            f"The Python packages of {lock} could not be fetched.\n"
            "Check the internet connection, then give the same command again."
        )
    return (
        f"The Python packages of {lock} could not be installed; .venv/{PIP_LOG.name} tells why.\n"
        "Often the disk is full, or this Python is too new for one of the packages.\n"
        "Make room or use Python 3.11, then give the same command again.\n"
        "If this comes back, send that file to whoever looks after Plainleaf."
    )


def venv_failure(folder: Path) -> str:
    """Return the message for a .venv that could not be made in the folder."""
    return (
        f"The folder .venv could not be made in {folder}.\n"
        "Check that you may write there and that the disk has room,\n"
        "then give the same command again."
    )


def stamp(lock: Path) -> str:
    """Return the mark of a .venv with this lock and this Python; raise OSError if unreadable."""
    return f"{sys.implementation.cache_tag} {hashlib.sha256(lock.read_bytes()).hexdigest()}"


def provide_system(needs: Sequence[Need]) -> None:
    """Install what the system lacks, where we may; raise SetupError while something is missing."""
    lacking = missing(needs)
    if lacking and shutil.which("apt-get") and os.geteuid() == 0:
        packages = [need.apt for need in lacking]
        _say(f"{' '.join(packages)} (apt-get)")
        install = ["apt-get", "install", "--yes", "--no-install-recommends", *packages]
        for command in (["apt-get", "update"], install):
            done, output = _run(command, DEBIAN_FRONTEND="noninteractive")
            if not done:
                raise SetupError(apt_failure(lacking, output))
        lacking = missing(needs)
    if lacking:
        raise SetupError(advice(lacking))


def provide_packages(lock: Path) -> None:
    """Make .venv hold the packages of the lock, if it does not yet; raise SetupError or OSError."""
    held = STAMP.read_text() if STAMP.exists() and PYTHON.exists() else None
    stamps = [stamp(each) for each in LOCKS]
    place = stamps.index(stamp(lock))
    if held in stamps[place:]:
        return
    # A .venv with one that this one contains is only added to; any other is made anew.
    if held not in stamps[:place]:
        _say(".venv")
        done, _ = _run([sys.executable, "-m", "venv", "--clear", VENV])
        if not done:
            raise SetupError(venv_failure(ROOT))
    _say(f"Python packages of {lock.name} (about a minute)")
    # --no-deps: the lock is complete. --only-binary: building a package would fetch unlocked ones.
    options = ["--require-hashes", "--no-deps", "--only-binary=:all:", "--no-input", "--no-color"]
    done, output = _run([PYTHON, "-m", "pip", "install", *options, "--requirement", lock])
    PIP_LOG.write_text(output, encoding="utf-8")
    if not done:
        raise SetupError(pip_failure(lock.name, output))
    STAMP.write_text(stamp(lock))


def main(arguments: Sequence[str] | None = None) -> int:
    """Set up what is missing and return the exit status: 0, or 2 after a message on stderr."""
    parser = argparse.ArgumentParser("python3 -m plainleaf.machine.install", description=__doc__)
    for number, what in enumerate(("cluster", "tests", "bench"), start=1):
        parser.add_argument(
            f"--{what}", action="store_const", const=LOCKS[number], dest="lock", default=LOCK
        )
    lock = parser.parse_args(arguments).lock
    try:
        if message := too_old(sys.version_info[:2]):
            raise SetupError(message)
        has_tests = lock in (TEST_LOCK, BENCH_LOCK)
        provide_system(BUILD_NEEDS + TEST_NEEDS if has_tests else BUILD_NEEDS)
        provide_packages(lock)
    except SetupError as error:
        print(error, file=sys.stderr)
    except OSError as error:
        print(f"{error.filename or ROOT}: {error.strerror}.", file=sys.stderr)
        print("Put that right, then give the same command again.", file=sys.stderr)
    except KeyboardInterrupt:
        print("Stopped. Give the same command again to go on.", file=sys.stderr)
    else:
        return 0
    return 2


def _say(step: str) -> None:
    print(f"Setting up: {step}", flush=True)


def _run(command: Sequence[str | Path], **environment: str) -> tuple[bool, str]:
    """Run quietly; return whether it went well, and all that it printed."""
    done = subprocess.run(
        command,
        env=os.environ | environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    return done.returncode == 0, done.stdout


if __name__ == "__main__":
    sys.exit(main())
