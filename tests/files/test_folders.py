"""What is read has an end, lies in the project, and has a name that everybody can read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from plainleaf.machine.disk import is_within
from plainleaf.text import MOST_BYTES, read

ENDING = "\n1 problem. Nothing was written; the last site is as it was.\n"
NEITHER = "this is neither a file nor a folder.\n    Take it away.\n"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="only some systems have named pipes")
@pytest.mark.parametrize(
    "name",
    [
        "docs/en/more.md",
        "docs/en/words.yml",
        "handouts/note.yml",
        "clinics/corner/clinic.yml",
        "ledger/note.yml",
        "mkdocs.yml",
        "templates/handout/a.jinja",
        "docs/assets/a.svg",
    ],
)
def test_a_pipe_is_named_and_never_waited_for(
    tiny: Path, run: Callable[..., tuple[int, str]], name: str
) -> None:
    path = tiny / name
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    os.mkfifo(path)
    assert run("--project", str(tiny), "check") == (1, f"{name}: {NEITHER}{ENDING}")
    with pytest.raises(OSError, match="it is no file"):
        read(path)


@pytest.mark.parametrize(
    "folder", ["docs", "docs/en", "docs/assets", "handouts", "clinics/corner", "ledger"]
)
def test_no_link_is_followed_out_of_the_project(
    tiny: Path, run: Callable[..., tuple[int, str]], folder: str
) -> None:
    moved = tiny.parent / "elsewhere"
    (tiny / folder).rename(moved)
    (tiny / folder).symlink_to(moved, target_is_directory=True)
    assert run("--project", str(tiny), "check") == (
        1,
        f"{folder}: this link leads out of the project.\n"
        f"    Put the file itself here instead.\n{ENDING}",
    )


def test_a_link_within_the_project_is_fine(tiny: Path, run: Callable[..., tuple[int, str]]) -> None:
    page = tiny / "docs/en/slip.md"
    page.rename(tiny / "slip.txt")
    page.symlink_to("../../slip.txt")
    assert run("--project", str(tiny), "check") == (0, "")
    assert is_within(page, tiny)
    assert not is_within(page, tiny / "docs")


@pytest.mark.skipif(os.name != "posix", reason="elsewhere every name is Unicode")
def test_a_name_that_is_no_utf_8_is_told_so_that_it_can_be_read(
    tiny: Path, run: Callable[..., tuple[int, str]]
) -> None:
    for folder in ("docs/en", "handouts", "clinics"):
        Path(os.fsdecode(os.fsencode(tiny / folder) + b"/a\xff.md")).write_text("a")
    hint = "the name of this file is not stored as UTF-8."
    hint += "\n    Rename it, best with the letters a to z."
    assert run("--project", str(tiny)) == (
        1,
        f"clinics/a\\xff.md: {hint}\ndocs/en/a\\xff.md: {hint}\nhandouts/a\\xff.md: {hint}\n\n"
        "3 problems. Nothing was written; the last site is as it was.\n",
    )


def test_a_file_that_nobody_reads_to_its_end_is_refused(
    tiny: Path, run: Callable[..., tuple[int, str]]
) -> None:
    with (tiny / "docs/en/slip.md").open("ab") as file:
        file.truncate(MOST_BYTES + 1)
    status, errors = run("--project", str(tiny), "check")
    assert (status, errors.split("\n")[0]) == (
        1,
        "docs/en/slip.md: this file is larger than 2 MB, and nobody reads so many words.",
    )


def test_a_project_may_lie_in_a_folder_of_any_name(
    tiny: Path, run: Callable[..., tuple[int, str]]
) -> None:
    folder = tiny.parent / "Clinic #1 (50%)" / "Zoë & 'co'"
    folder.parent.mkdir()
    tiny.rename(folder)
    assert run("--project", str(folder), "check") == (0, "")
