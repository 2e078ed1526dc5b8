"""What makes sheets and websites, this code and its libraries, as part of the key of a piece."""

from __future__ import annotations

import ctypes
import hashlib
import sys
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from plainleaf.machine.needs import FONTCONFIG, HARFBUZZ, PANGO
from plainleaf.machine.program import CODE, LOCK


def key_of(*parts: str | bytes) -> str:
    """Give a hash of parts, each with its borders: 64 digits (SHA-256)."""
    digest = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogateescape") if isinstance(part, str) else part
        digest.update(hashlib.sha256(raw).digest())
    return digest.hexdigest()


@cache
def toolchain_key() -> str:
    """Give the key of what makes sheets and websites: this code, and the libraries it uses.

    Those that the lock pins, fonts among them, count in the versions that are really installed:
    beside an installed Plainleaf these may be others.
    """
    parts: list[str | bytes] = [sys.version.split()[0], *_packages(), *_libraries()]
    for path in code_files():
        # The lines of a clone on Windows may end otherwise, and mean the same.
        parts += [path.relative_to(CODE).as_posix(), path.read_bytes().replace(b"\r\n", b"\n")]
    return key_of(*parts)


def code_files() -> list[Path]:
    """Give every file of this code: modules, and what they read, such as the lexicon of claims.

    Left out is what Python and editors keep beside them.
    """
    return sorted(
        path
        for path in CODE.rglob("*")
        if path.is_file() and path.parent.name != "__pycache__" and not path.name.startswith(".")
    )


def _packages() -> Iterable[str]:
    for line in LOCK.read_text("utf-8").splitlines():
        name, pinned, _ = line.partition("==")
        if pinned and not line.startswith((" ", "#")):
            with suppress(PackageNotFoundError):  # a package for other systems only
                yield f"{name} {version(name)}"


def _libraries() -> Iterable[str]:
    """Give the versions of the libraries of the system that place letters."""
    for names, ask, answer in (
        (PANGO, "pango_version_string", ctypes.c_char_p),
        (HARFBUZZ, "hb_version_string", ctypes.c_char_p),
        (FONTCONFIG, "FcGetVersion", ctypes.c_int),
    ):
        for name in names:
            with suppress(OSError, AttributeError):  # the name is that of another system
                call = getattr(ctypes.CDLL(name), ask)
                call.restype = answer
                yield f"{name} {call()}"
                break
