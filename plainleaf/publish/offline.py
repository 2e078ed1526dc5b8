"""The offline copy: the whole site in one file, which opens from a folder, search included."""

from __future__ import annotations

import math
import zipfile
from collections.abc import Mapping

from plainleaf.html.templates import speech
from plainleaf.model import Language

OFFLINE = "offline.zip"
# What stands in templates/website/offline.md.jinja until the size is known.
NO_SIZE = '<bdi class="offline-size"></bdi>'

# These are packed already.
_PACKED = (".pdf", ".png", ".jpg", ".jpeg", ".woff2")
# The first day that a zip file knows: the time of today would make other bytes tomorrow.
_DAY = (1980, 1, 1, 0, 0, 0)


def search_script(index: str) -> str:
    """Give a search index (JSON) as the script that the theme asks for in a folder."""
    return f"var __index = {index};\n"


def folder_name(site_name: str) -> str:
    """Give the name of the folder that somebody finds when the copy is unpacked."""
    letters = "".join(letter if letter.isalnum() else " " for letter in site_name)
    return "-".join(letters.split()) or "site"


def pack(copy: zipfile.ZipFile, files: Mapping[str, bytes], folder: str) -> None:
    """Add files, by path, to the copy of a site, inside a folder. The same give the same bytes."""
    for path in sorted(files):
        entry = zipfile.ZipInfo(f"{folder}/{path}", _DAY)
        entry.create_system, entry.external_attr = 3, 0o644 << 16  # the same on Windows
        is_packed = path.lower().endswith(_PACKED)
        entry.compress_type = zipfile.ZIP_STORED if is_packed else zipfile.ZIP_DEFLATED
        copy.writestr(entry, files[path])


def with_size(html: str, size: int, language: Language) -> str:
    """Say in a page how large the copy is: size, in bytes, is rounded up to whole megabytes."""
    megabytes = speech(language)["number"](math.ceil(size / 1_000_000))
    return html.replace(NO_SIZE, NO_SIZE.replace("><", f">{megabytes} MB<"))
