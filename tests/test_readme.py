"""The README tells the truth: its commands give the output that it shows."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text("utf-8")
SHIPPED = ("docs", "handouts", "clinics", "templates", "plainleaf")
FILES = ("mkdocs.yml", "build.py", "Makefile", "requirements.lock", "requirements-test.lock")


def shown(command: str) -> str:
    """Give the output that the README shows for a command."""
    blocks = re.findall(r"```console\n\$ (.*?)\n(.*?)```", README, re.DOTALL)
    return str(dict(blocks)[command])


def without_times(output: str) -> str:
    """Blank out the seconds, which differ from run to run."""
    return re.sub(r" *\d+\.\d s", " … s", output)


@pytest.fixture(name="clone")
def fixture_clone(tmp_path: Path) -> Path:
    """Give a copy of the project, with the packages that are set up already."""
    for name in SHIPPED:
        shutil.copytree(ROOT / name, tmp_path / name)
    for name in FILES:
        shutil.copy(ROOT / name, tmp_path / name)
    (tmp_path / ".venv").symlink_to(ROOT / ".venv")
    return tmp_path


@pytest.mark.slow
def test_make_builds_the_site_and_says_what_the_readme_shows(clone: Path) -> None:
    command = ["make", "--no-print-directory", "--old-file=setup"]
    # `make test` runs this very test, and would hand its own options down.
    plain = {name: value for name, value in os.environ.items() if "MAKE" not in name}
    done = subprocess.run(command, cwd=clone, env=plain, capture_output=True, text=True, check=True)
    assert without_times(done.stdout) == without_times(shown("make"))
    assert (clone / "site" / "index.html").is_file()
    assert len(list((clone / "site" / "handouts").rglob("*.pdf"))) == 16


def test_the_broken_handout_is_refused_as_the_readme_shows(clone: Path) -> None:
    consent = clone / "handouts" / "consent.yml"
    text = consent.read_text("utf-8").replace("expectations#benefit ", "expectations#benefits ")
    consent.write_text(text, "utf-8")
    command = [sys.executable, "build.py", "check"]
    done = subprocess.run(command, cwd=clone, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stderr == shown("python build.py check")


def test_make_test_runs_the_whole_suite() -> None:
    plan = subprocess.run(
        ["make", "--dry-run", "test"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert "-m pytest" in plan.stdout
    assert "make test" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_every_file_that_the_tree_names_is_there() -> None:
    tree = README.partition("## What lies where\n\n```\n")[2].partition("```")[0]
    folder = ""
    for line in tree.splitlines():
        name = line.split()[0]
        folder = "" if not line.startswith(" ") else folder
        assert (ROOT / folder / name).exists(), line
        folder = folder or (name if name.endswith("/") else "")
