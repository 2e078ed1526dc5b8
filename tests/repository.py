"""A copy of tests/tiny under git, whose words change and are issued again: an archive."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import build
from plainleaf.journey import settle
from plainleaf.machine.report import Report
from plainleaf.model import Checked, Edition
from plainleaf.plan import Choice
from tests.conftest import HERE, copy_of, issue, project_in

PAGE = "docs/en/index.md"
WATER = "Hold the cut under clean, running water."
COOL = "Hold the cut under cool water."


def repository_in(folder: Path) -> Path:
    """Put tests/tiny into a folder of a new git repository, as its first commit; give it."""
    project = folder / "our repository/a project"
    copy_of(HERE / "tiny", project)
    git(project.parent, "init", "--quiet")
    commit(project)
    return project


def git(folder: Path, *words: str) -> str:
    """Run git as nobody in particular, whatever this machine's git is set up to do."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    nobody = ("-c", "user.name=Nobody", "-c", "user.email=nobody@cuts.example")
    done = subprocess.run(
        ["git", *nobody, *words],
        cwd=folder,
        env={**plain, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def commit(folder: Path, *names: str) -> str:
    """Commit some files of a folder, or all of them; give the commit."""
    git(folder, "add", "--", *(names or (".",)))
    git(folder, "commit", "--quiet", "--message", "Words")
    return git(folder, "rev-parse", "HEAD")


def cool(folder: Path) -> None:
    """Issue the tiny note again with other words, and commit nothing."""
    change(folder, WATER, COOL)
    issue(folder, "note", note="It now says to use cool water.")


def change(folder: Path, old: str, new: str, name: str = PAGE) -> None:
    """Change words of a file that stand in it once."""
    text = (folder / name).read_text("utf-8")
    assert text.count(old) == 1
    (folder / name).write_text(text.replace(old, new), "utf-8")


def known_in(folder: Path) -> Checked:
    """Give what is known of the project as it is."""
    return settle(project_in(folder), Choice(), Report("quiet"), build.today())[0]


def note(known: Checked, version: str = "1.10") -> Edition:
    """Give a version of the tiny note."""
    return next(each for each in known.library.editions["note", "en"] if each.version == version)
