"""Writing files, so that a full disk is told with the name of the file that it has no room for."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def lies_in(path: Path, folder: Path) -> bool:
    """Tell whether a file lies in a folder when every link has been followed."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a link that leads to itself
        return True


def write(path: Path, content: bytes) -> None:
    """Write a file, and the folders above it. Raises OSError, which names the file."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        path.write_bytes(content)
    except OSError as error:
        error.filename = str(path)
        raise


def write_below(folder: Path, files: Mapping[str, bytes]) -> None:
    """Write files below a folder, by their paths in it. Raises OSError, which names the file."""
    for name, content in files.items():
        write(folder / name, content)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or as it was, whoever else writes it.

    Raises OSError, which names the file.
    """
    new = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        write(new, content)
        new.replace(path)
    except OSError as error:
        error.filename, error.filename2 = str(path), None  # the file that people know
        raise
    finally:
        with suppress(OSError):
            new.unlink()
