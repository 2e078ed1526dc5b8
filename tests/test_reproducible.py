"""Tests that a sheet depends on what it says, and not on where, when or by whom it is made."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.conftest import HERE

pytestmark = pytest.mark.slow

# As unlike the machine of the tests as environments can be.
ELSEWHERE = {
    "TZ": "Pacific/Kiritimati",
    "PYTHONHASHSEED": "4711",
    "LC_ALL": "C",
    "LANG": "tr_TR.UTF-8",
    "SOURCE_DATE_EPOCH": "86400",
    "COLUMNS": "40",
}


@pytest.mark.parametrize(
    ("source", "choice"),
    [
        ("shipped", ("--clinic", "example-clinic", "--handout", "decision")),
        ("tiny", ("--clinic", "corner", "--handout", "slip", "--language", "ar")),
    ],
    ids=["shipped", "tiny"],
)
def test_another_folder_clock_language_and_user_give_the_same_bytes(
    source: str, choice: tuple[str, ...], request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    """Compares sheets, and what the manifest says of them, with a build of the same texts.

    These hold all that a sheet can hold: tables, fields, codes, English, Arabic.
    """
    here: Path = request.getfixturevalue(f"{source}_project")
    folder = tmp_path / "a folder" / "much" / "deeper" / "söl ü"
    home = tmp_path / "home"
    home.mkdir()
    for name in ("docs", "handouts", "clinics", "ledger"):
        shutil.copytree(here / name, folder / name)
    shutil.copy(here / "mkdocs.yml", folder)
    (folder / "build/store").mkdir(parents=True)
    for piece in (here / "build/store").iterdir():
        # Sheets are set anew; how long handouts may be, and the rest of the website, was asked.
        with zipfile.ZipFile(piece) as pack:
            if "sheet.pdf" not in pack.namelist():
                shutil.copy(piece, folder / "build/store")
    done = subprocess.run(
        [sys.executable, HERE.parent / "build.py", "--project", folder, *choice],
        env=os.environ | ELSEWHERE | {"HOME": str(home)},
        cwd=home,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    made, wanted = sheets_of(folder), sheets_of(here)
    assert len(made) == 8  # two papers, two sizes of print, each with its form
    assert [name for name, raw in made.items() if raw != wanted[name]] == []
    assert manifest_of(folder).items() <= manifest_of(here).items()
    for picture in (folder / "site").rglob("*.webp"):
        assert picture.read_bytes() == (here / picture.relative_to(folder)).read_bytes()


def sheets_of(project: Path) -> dict[str, bytes]:
    site = project / "site"
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*.pdf")}


def manifest_of(project: Path) -> dict[str, str]:
    """Give by path all else that the manifest says of a sheet."""
    manifest = json.loads((project / "site" / "handouts" / "handouts.json").read_text("utf-8"))
    return {entry["path"]: json.dumps(entry) for entry in manifest["sheets"]}


def test_no_name_of_this_machine_gets_into_a_sheet(shipped_project: Path) -> None:
    """Neither the folder nor the user: nothing that tells one clinic's computer from another's."""
    names = [str(shipped_project).encode(), str(HERE.parent).encode(), str(Path.home()).encode()]
    for name, raw in sheets_of(shipped_project).items():
        assert [found for found in [*names, b"file:"] if found in raw] == [], name
