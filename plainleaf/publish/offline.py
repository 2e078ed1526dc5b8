"""What people keep: the whole site in one file, which opens from a folder, and its sums."""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Mapping

OFFLINE = "offline.zip"
# The usual name of such a list.
SUMS = "SHA256SUMS"
# Files that are compressed already.
_COMPRESSED = (".pdf", ".png", ".jpg", ".jpeg", ".woff2")
# The first day that a zip can hold: with the day of today, tomorrow's bytes would be others.
_DAY = (1980, 1, 1, 0, 0, 0)


def folder_name(site_name: str) -> str:
    """Give the name of the folder that somebody finds when the copy is unpacked."""
    letters = "".join(letter if letter.isalnum() else " " for letter in site_name)
    return "-".join(letters.split()) or "site"


def zipped(files: Mapping[str, bytes], folder: str, comment: bytes = b"") -> bytes:
    """Give a ZIP with a folder of files, by path; the same files give the same bytes.

    comment stands at its very end.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as copy:
        for path in sorted(files):
            entry = zipfile.ZipInfo(f"{folder}/{path}", _DAY)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # the same on Windows
            is_compressed = path.lower().endswith(_COMPRESSED)
            entry.compress_type = zipfile.ZIP_STORED if is_compressed else zipfile.ZIP_DEFLATED
            copy.writestr(entry, files[path])
        copy.comment = comment
    return out.getvalue()


def sums(files: Mapping[str, bytes]) -> bytes:
    """Give the list of SHA-256 sums of files, by path, as `sha256sum --check` reads it.

    Two spaces stand before each path: coreutils, "cksum output modes".
    """
    lines = (f"{hashlib.sha256(files[path]).hexdigest()}  {path}\n" for path in sorted(files))
    return "".join(lines).encode("utf-8")
