"""The last build: what it was made from and what it wrote, so that nothing is done twice.

It loads no more than it needs: with nothing to do, a build is over before others have started.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from plainleaf.machine.disk import write_whole
from plainleaf.machine.keys import key_of, toolchain_key
from plainleaf.machine.today import days_on_earth
from plainleaf.model import Project
from plainleaf.problems import Problem, problem_of
from plainleaf.text import read

# A picture as a camera saves it. Larger files are not read, and their changes not noticed.
MOST_PICTURE = 200_000_000
RECORD = "last-build.json"
# All that the stages read of a project.
READ = ("docs", "handouts", "clinics", "ledger", "templates", "mkdocs.yml")


def build_key(project: Project, choice: object, today: date) -> str:
    """Give the key of a build: of every file that it reads, by content, and of what is chosen.

    Ask before the first file is read: what is saved meanwhile then counts for the next build.
    """
    days = ",".join(day.isoformat() for day in (today, *days_on_earth(today)))
    return key_of(toolchain_key(), repr(choice), days, key_of_files(read_of(project)))


def read_of(project: Project, names: Sequence[str] = READ) -> list[Path]:
    """Give the files and folders that the stages read, those of the project by these names."""
    return [*(project.folder / name for name in names), project.shared_templates]


def key_of_files(folders: Iterable[Path]) -> str:
    """Give the key of all files of some folders, wherever these lie: of names and contents."""
    parts: list[str | bytes] = []
    for folder in folders:
        for path in sorted(_files(folder)):
            parts += [path.relative_to(folder.parent).as_posix(), _content(path)]
    return key_of(*parts)


def stat_fingerprint(folders: Iterable[Path]) -> str:
    """Give a hash of the names, sizes and times of all files of some folders: fast to ask again."""
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(_files(folder)):
            with suppress(FileNotFoundError):  # it vanished meanwhile
                status = path.stat()
                digest.update(os.fsencode(f"{path} {status.st_size} {status.st_mtime_ns}\n"))
    return digest.hexdigest()


def warnings_of(project: Project, key: str) -> list[Problem] | None:
    """Give the warnings of the last build if it was the same, and the site is as it left it."""
    try:
        record = json.loads((project.build / RECORD).read_text("utf-8"))
        if record["key"] != key or record["site"] != stat_fingerprint([project.site]):
            return None
        return [problem_of(fields) for fields in record["warnings"]]
    # There is none yet, or it is not as we wrote it.
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None


def remember(project: Project, key: str, warnings: Sequence[Problem]) -> None:
    """Write down what was built, and how the site looks. Raises OSError for a full disk."""
    record: dict[str, Any] = {"key": key, "warnings": [asdict(warning) for warning in warnings]}
    record["site"] = stat_fingerprint([project.site])
    write_whole(project.build / RECORD, json.dumps(record).encode("utf-8"))


def _content(path: Path) -> bytes:
    try:
        return read(path, MOST_PICTURE)
    except OSError:  # read and load name the fault
        return b"unread"


def _files(path: Path) -> Iterator[Path]:
    """Give a file, or all files of a folder; those that vanish meanwhile are passed over.

    So are those that an editor hides beside a page that it has open.
    """
    if path.is_file():
        yield path
    with suppress(OSError):
        for file in path.rglob("*"):
            is_read = file.suffix == ".md" or not file.name.startswith(".")
            if is_read and file.is_file():
                yield file
