"""What a computer must have before `make` can set up .venv, and how to get what it lacks.

`python3 -m plainleaf.machine.needs` looks for what a build needs, with `--tests` for what the tests
need too. It stands on Python alone, and runs on one older than 3.11 far enough to say so.
"""

from __future__ import annotations

import ctypes
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

# Seconds that apt-get may take: a browser is 100 MB, and some lines are slow.
MOST_SECONDS = 1800
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
# Debian has servers where only root looks for programs.
SERVERS = ("nginx", "/usr/sbin/nginx")


def _names(library: str, number: int = 0, mac: str = "") -> tuple[str, ...]:
    """Give the names of a library on Linux, macOS and Windows, and the one to ask the system for.

    WeasyPrint's text/ffi.py tries these.
    """
    file = f"lib{library}"
    return f"{file}.so.{number}", f"{file}{mac}.dylib", f"{file}-{number}.dll", library


PANGO, PANGOFT2 = _names("pango-1.0"), _names("pangoft2-1.0")
GOBJECT, HARFBUZZ = _names("gobject-2.0", mac=".0"), _names("harfbuzz", mac=".0")
SUBSET, FONTCONFIG = _names("harfbuzz-subset", mac=".0"), _names("fontconfig", 1, ".1")
ATOMIC = _names("atomic", 1)


@dataclass(frozen=True)
class Need:
    """Something the system must have: what for, how to tell, and what each system calls it.

    winget and pacman are both for Windows: the second runs in what the first installs.
    """

    what: str
    is_met: Callable[[], bool]
    apt: str
    dnf: str
    brew: str = ""
    winget: str = ""
    pacman: str = ""


def browser() -> str | None:
    """Give the path of the first Chromium or Chrome on this computer, or None."""
    return _first(BROWSERS)


def nginx() -> str | None:
    """Give the path of nginx on this computer, or None."""
    return _first(SERVERS)


def _first(programs: Sequence[str]) -> str | None:
    return next(filter(None, map(shutil.which, programs)), None)


def loads(*libraries: tuple[str, ...]) -> bool:
    """Tell whether each library loads under one of its names, tried as WeasyPrint tries them."""
    return all(any(map(_opens, names)) or _opens(find_library(names[-1])) for names in libraries)


def runs(*programs: str) -> bool:
    """Tell whether each program is on the path."""
    return all(map(shutil.which, programs))


def _opens(library: str | None) -> bool:
    with suppress(OSError):
        # On Windows WeasyPrint loads from the default folders and those added below only.
        return library is not None and bool(ctypes.CDLL(library, winmode=0x1000))
    return False


_MSYS, _MINGW = "MSYS2.MSYS2", "mingw-w64-ucrt-x86_64"
_PANGO = "libpango-1.0-0 libpangoft2-1.0-0"
# What no Python package brings, and a build needs however Plainleaf was set up.
TYPE_NEEDS = (
    Need(
        "Pango and PangoFT2, which lay out the text of the handouts",
        partial(loads, GOBJECT, PANGO, HARFBUZZ, FONTCONFIG, PANGOFT2),
        *(_PANGO, "pango", "pango", _MSYS, f"{_MINGW}-pango"),
    ),
    Need(
        "HarfBuzz Subset, which puts into a PDF only the letters it uses",
        partial(loads, SUBSET),
        *("libharfbuzz-subset0", "harfbuzz", "harfbuzz", _MSYS, f"{_MINGW}-harfbuzz"),
    ),
)
BUILD_NEEDS = (
    Need(
        "Python 3.11 or newer, such as that of Debian 12 or Ubuntu 24.04",
        lambda: sys.version_info >= (3, 11),
        *("python3", "python3", "python", "Python.Python.3.13"),
    ),
    *TYPE_NEEDS,
    Need(
        "Python's venv and ensurepip, which keep Plainleaf's packages in a folder of their own",
        lambda: all(map(find_spec, ("venv", "ensurepip"))),
        *("python3-venv", "python3", "python", "Python.Python.3.13"),
    ),
)
TEST_NEEDS = (
    Need(
        "Chromium or Chrome, the browser of the tests",
        lambda: browser() is not None,
        *("chromium", "chromium", "google-chrome", "Google.Chrome"),
    ),
    Need(
        "libatomic, without which Playwright cannot drive the browser on Linux",
        lambda: sys.platform != "linux" or loads(ATOMIC),
        *("libatomic1", "libatomic"),
    ),
    Need(
        "pdftotext and pdftoppm, with which the tests look at the PDFs",
        partial(runs, "pdftotext", "pdftoppm"),
        *("poppler-utils", "poppler-utils", "poppler", "oschwartz10612.Poppler"),
    ),
    Need(
        "nginx, with which the tests serve the site as the container does",
        lambda: nginx() is not None,
        *("nginx", "nginx", "nginx", "nginxinc.nginx"),
    ),
)


def missing(needs: Sequence[Need]) -> list[Need]:
    """Give the needs that this computer does not meet, in their order."""
    importlib.invalidate_caches()
    if sys.platform == "win32":
        for folder in os.getenv("WEASYPRINT_DLL_DIRECTORIES", WINDOWS_FOLDERS).split(";"):
            with suppress(OSError):
                os.add_dll_directory(folder)
    return [need for need in needs if not need.is_met()]


def advice(needs: Sequence[Need]) -> str:
    """Give the message that names the needs and, for each system, the commands that meet them."""
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
        if system == "apt" and "nginx" in packages:
            lines += [
                "    It starts nginx, too, which no test needs: sudo systemctl disable --now nginx"
            ]
    return "\n".join(lines)


def _installed(packages: Sequence[str]) -> bool:
    """Install packages of Debian; tell whether that went well. apt-get itself says why not."""
    install = ["install", "--yes", "--no-install-recommends", *packages]
    try:
        for words in (["update"], install):
            subprocess.run(
                ["apt-get", *words],
                env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                timeout=MOST_SECONDS,
                check=True,
            )
    except subprocess.TimeoutExpired:
        print("apt-get was stopped: it took more than half an hour.", file=sys.stderr)
        return False
    except subprocess.CalledProcessError:
        return False
    return True


def main(words: Sequence[str]) -> int:
    """Look for what is needed, and install it where we may; give 0, or 2 after a message."""
    needs = BUILD_NEEDS + TEST_NEEDS if "--tests" in words else BUILD_NEEDS
    lacking = missing(needs)
    if lacking and shutil.which("apt-get") and os.geteuid() == 0:
        packages = " ".join(need.apt for need in lacking)
        print(f"Setting up: {packages} (apt-get)", flush=True)
        if _installed(packages.split()):
            lacking = missing(needs)
    if lacking:
        print(advice(lacking), file=sys.stderr)
    return 2 if lacking else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
