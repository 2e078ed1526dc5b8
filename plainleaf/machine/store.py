"""The store of what was made before: each piece under its key, noticed if it is damaged."""

from __future__ import annotations

import hashlib
import io
import os
import stat
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from plainleaf.machine.disk import write_whole
from plainleaf.model import Project

# Ten times what the shipped content needs, and little enough never to be cleared by hand.
MOST_BYTES = 500_000_000
_DIGEST = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class Store:
    """Files by key, in a folder that may be deleted at any time or come from another machine."""

    folder: Path

    def get(self, key: str) -> dict[str, bytes] | None:
        """Give the files kept under a key; None if there are none, or not as they were put."""
        path = self.folder / key
        try:
            raw = path.read_bytes()
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, PermissionError):
            return None
        digest, packed = raw[:_DIGEST], raw[_DIGEST:]
        if hashlib.sha256(packed).digest() != digest:
            return None
        with suppress(OSError):  # read only, on a disk that is shared
            os.utime(path)
        with zipfile.ZipFile(io.BytesIO(packed)) as pack:
            return {name: pack.read(name) for name in pack.namelist()}

    def put(self, key: str, files: Mapping[str, bytes]) -> None:
        """Keep files under a key. Raises OSError for a disk that is full or closed."""
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as pack:
            for name, content in files.items():
                pack.writestr(name, content)
        raw = packed.getvalue()
        write_whole(self.folder / key, hashlib.sha256(raw).digest() + raw)

    def once(self, key: str, make: Callable[[], Mapping[str, bytes]]) -> Mapping[str, bytes]:
        """Give the files kept under a key, which are made and put there if they are not."""
        kept = self.get(key)
        if kept is None:
            kept = dict(make())
            self.put(key, kept)
        return kept

    def trim(self, most: int = MOST_BYTES) -> None:
        """Delete what was not used for longest until at most so many bytes are kept."""
        kept = 0
        entries = []
        for path in self.folder.glob("*"):
            with suppress(FileNotFoundError):  # another process renamed its temporary file
                entries.append((path, path.stat()))
        files = [(path, status) for path, status in entries if stat.S_ISREG(status.st_mode)]
        for path, status in sorted(files, key=lambda entry: entry[1].st_mtime_ns, reverse=True):
            kept += status.st_size
            if kept > most:
                path.unlink(missing_ok=True)


def store_of(project: Project) -> Store:
    """Give the store of a project."""
    return Store(project.build / "store")
