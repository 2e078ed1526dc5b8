"""Every file of a project is read once: what is printed is what was checked."""

from __future__ import annotations

import os
import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from plainleaf.compose.compose import compose
from plainleaf.journey import settle
from plainleaf.machine.last_build import READ
from plainleaf.machine.report import Report
from plainleaf.model import Project
from plainleaf.plan import Choice
from plainleaf.problems import ContentError, Place
from plainleaf.publish.review import review_page
from plainleaf.read.assets import published
from plainleaf.text import MOST_BYTES
from tests.conftest import ROOT, TODAY


@contextmanager
def openings(folder: Path) -> Iterator[Counter[str]]:
    """Count how often each file below a folder is opened, by its name from there."""
    opened: Counter[str] = Counter()
    is_over = False

    def note(event: str, given: tuple[Any, ...]) -> None:
        if event == "open" and not is_over and isinstance(given[0], str | bytes | os.PathLike):
            path = Path(os.fsdecode(given[0]))
            if path.is_relative_to(folder):
                opened[path.relative_to(folder).as_posix()] += 1

    sys.addaudithook(note)  # for ever: Python knows no way to take one away
    try:
        yield opened
    finally:
        is_over = True


def files_of(folder: Path) -> list[Path]:
    """Give all that the stages read of a project."""
    found = [path for name in READ for path in (folder / name, *(folder / name).rglob("*"))]
    return [path for path in found if path.is_file()]


def test_a_check_opens_each_file_once(tiny: Path, run: Callable[..., tuple[int, str]]) -> None:
    shutil.copytree(ROOT / "templates", tiny / "templates")
    with openings(tiny) as opened:
        status, said = run("--project", str(tiny), "check")
    assert (status, said) == (0, "")
    often = {name: count for name, count in opened.items() if name.startswith(READ)}
    assert {name: count for name, count in often.items() if count > 1} == {}
    words = {path.relative_to(tiny).as_posix() for path in files_of(tiny / "docs")}
    assert words <= often.keys()


def made_of(project: Project, meanwhile: Callable[[], None]) -> Any:
    """Check a project, let something happen, and give the sheets and what the website shows."""
    known, sheets, verdict = settle(project, Choice(), Report("quiet"), TODAY, holds_limits=False)
    meanwhile()
    composed = compose(known.docs, known.library, sheets, known.statuses)
    pictures = [published(known.docs, each) for each in known.docs.languages.values()]
    return [item.html for item in composed], pictures, review_page(known, verdict)


def test_what_is_printed_is_what_was_checked(project: Project) -> None:
    folder = project.folder
    shutil.copytree(ROOT / "templates", folder / "templates")

    def change_all() -> None:
        for path in files_of(folder):
            path.write_bytes(b"changed meanwhile")

    first = made_of(project, lambda: None)
    assert made_of(project.anew(), change_all) == first
    with pytest.raises(ContentError, match=r"docs/en/words\.yml:1: the words of a language must"):
        settle(project.anew(), Choice(), Report("quiet"), TODAY)


def test_a_fault_is_told_to_each_who_reads_the_file(project: Project) -> None:
    missing, large = project.folder / "docs/en/none.md", project.folder / "docs/en/large.md"
    large.write_bytes(b"a" * (MOST_BYTES + 1))
    for path, fact in ((missing, "is missing."), (large, "is larger than 2 MB, and nobody reads")):
        for _ in range(2):
            problems: list[Any] = []
            assert project.read(path, problems) is None
            (problem,) = problems
            assert problem.source == Place(f"docs/en/{path.name}")
            assert problem.message.startswith(f"this file {fact}")
        assert project.text(path) == project.text(f"docs/en/{path.name}") == ""
