"""Writing files so that an error names the file; and whether a path stays in a folder."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path


def is_within(path: Path, folder: Path) -> bool:
    """Tell whether a path leads to something in a folder, through whatever links."""
    try:
        return path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError, ValueError):  # a link to itself leads nowhere, so not outside
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
        error.filename, error.filename2 = str(path), None  # not the temporary name
        raise
    finally:
        with suppress(OSError):
            new.unlink()


def disk_reason(error: OSError, kept: str = "The last site is as it was.") -> str:
    """Say in words why a file could not be written, and what is kept all the same."""
    ways_out = {
        errno.ENOSPC: "The disk is full. Make room, then build again.",
        errno.EDQUOT: "Your share of the disk is full. Make room, then build again.",
        errno.EFBIG: "Files may not grow so large here. Raise the limit, then build again.",
        errno.EROFS: "The disk can only be read. Build in a folder that you may write to.",
        errno.EACCES: "You may not write there. Build in a folder that you may write to.",
        errno.EPERM: "You may not write there. Build in a folder that you may write to.",
    }
    way_out = ways_out.get(error.errno or 0, "Check the folder and the disk, then build again.")
    # Where a file is renamed, the second name is the one that was to be written.
    name = error.filename2 or error.filename or "a file"
    fact = f"{name} cannot be written ({(error.strerror or 'unknown').lower()})."
    return f"{fact}\n    {way_out} {kept}"
