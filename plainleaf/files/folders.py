"""What may lie in the folders of a project: files and folders with names that everybody can read.

A link that leads out of the project would publish what nobody meant to, and a pipe never ends.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from plainleaf.machine.disk import is_within
from plainleaf.machine.last_build import READ
from plainleaf.model import Project
from plainleaf.problems import Place, Problem, stop_at


def check_files(project: Project) -> None:
    """Refuse what may not lie in the folders that are read, before anything in them is.

    Raises ContentError.
    """
    stop_at(
        Problem(Place(project.name(path)), fact, hint)
        for folder in (project.folder / name for name in READ)
        for path in (folder, *folder.rglob("*"))  # links to folders are not followed
        for fact, hint in _faults_of(path, project.folder)
    )


def _faults_of(path: Path, project: Path) -> Iterator[tuple[str, str]]:
    """Give what is wrong with a file or folder as such, and the way out."""
    if path.is_symlink() and not is_within(path, project):
        yield "this link leads out of the project.", "Put the file itself here instead."
    elif path.exists() and not path.is_file() and not path.is_dir():
        yield "this is neither a file nor a folder.", "Take it away."
    if os.fsencode(path.name).decode("utf-8", "replace") != path.name:
        hint = "Rename it, best with the letters a to z."
        yield "the name of this file is not stored as UTF-8.", hint
