#!/usr/bin/env python3
"""Plainleaf: Markdown pages become a website that patients read and handouts that clinics print.

read → load → plan → check → compose → typeset → publish
"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

HERE = Path(__file__).resolve().parent
VENV = HERE / ".venv"
NO_MEMORY = (
    "There is not enough memory. Close other programs, or allow this one more, then run it again."
)


def in_venv() -> None:
    """Run this with the Python of .venv, in place of the one that was typed.

    Gives back where there is no .venv, or this Python is its own.
    """
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    is_venv = python.is_file() and (VENV / "pyvenv.cfg").is_file()
    if not is_venv or Path(sys.prefix).resolve() == VENV.resolve():
        return
    words = [str(python), __file__, *sys.argv[1:]]
    if os.name == "nt":  # there a program that takes another's place leaves the terminal too soon
        sys.exit(subprocess.run(words, check=False).returncode)
    with suppress(OSError):  # a .venv that came from another machine: what is missing is named
        os.execv(words[0], words)


if __name__ == "__main__":
    in_venv()  # before what only .venv holds, or an older Python cannot read

try:
    from plainleaf.commands import command_line
except ModuleNotFoundError as missing:
    print(f"The Python package {missing.name} is not set up. Run `make setup`.", file=sys.stderr)
    sys.exit(2)
except (ImportError, MemoryError):  # a library that has no room is "no library" to Python
    print(NO_MEMORY, file=sys.stderr)
    sys.exit(2)


today = command_line.today


def main(words: list[str] | None = None) -> int:
    """Run the command line; give its exit status (0 fine, 1 content, 2 usage or machine)."""
    return command_line.run(words, HERE, today)


if __name__ == "__main__":
    sys.exit(command_line.status_of(main))
