"""The README tells the truth: its commands give the output that it shows."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from plainleaf.arguments import _parsers
from tests.conftest import clone_of_checkout, warmed
from tests.repository import change

ROOT = Path(__file__).resolve().parent.parent
# The pages that name commands.
NAMING = ("README.md", "CONTRIBUTING.md", "guide/speed.md", "guide/hosting.md")
README = (ROOT / "README.md").read_text("utf-8")


def shown(command: str) -> str:
    """Give the output that the README shows for a command."""
    blocks = re.findall(r"```console\n\$ (.*?)\n(.*?)```", README, re.DOTALL)
    return str(dict(blocks)[command])


def typed(words: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a command as somebody types it in a folder, in a shell that knows nothing of .venv.

    Its `python3` is a bare one, without the packages of this one.
    """
    shell = folder.parent / "shell"
    shell.mkdir(exist_ok=True)
    python = shell / "python3"
    bare = sys._base_executable  # type: ignore[attr-defined] # typeshed leaves it out
    python.write_text(f'#!/bin/sh\nexec "{bare}" -S "$@"\n', "utf-8")
    python.chmod(0o755)
    surroundings = {"PATH": f"{shell}:/usr/bin:/bin", "HOME": os.environ.get("HOME", "/")}
    return subprocess.run(
        shlex.split(words),
        cwd=folder,
        env=surroundings,
        capture_output=True,
        text=True,
        check=False,
    )


def without_times(output: str) -> str:
    """Blank out the seconds, which differ from run to run."""
    return re.sub(r" *\d+\.\d s", " … s", output)


@pytest.mark.slow
def test_make_builds_the_site_and_says_what_the_readme_shows(made: tuple[Path, str]) -> None:
    folder, said = made
    assert without_times(said) == without_times(shown("make"))
    assert (folder / "site" / "index.html").is_file()
    assert len(list((folder / "site" / "handouts").rglob("*.pdf"))) == 252


@pytest.mark.slow
def test_the_broken_handout_is_refused_as_the_readme_shows(
    made: tuple[Path, str], tmp_path: Path
) -> None:
    clone = warmed(clone_of_checkout(tmp_path / "clone"), made[0] / "build/store")
    change(clone, "expectations#stop\n", "expectations#stops\n", "handouts/expect.yml")
    page = "docs/en/expectations.md"
    change(clone, "Some people have less pain", "You will feel better", page)
    done = typed("python3 build.py check", clone)
    assert done.returncode == 1
    # Warnings stand above, problems last.
    assert done.stderr.endswith(f"\n{shown('python3 build.py check')}")


def test_a_code_is_verified_as_the_readme_shows(tmp_path: Path) -> None:
    clone = clone_of_checkout(tmp_path / "clone")
    (words,) = re.findall(r"\$ (python3 build\.py verify .*)\n", README)
    done = typed(words, clone)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == shown(words)


def test_a_project_is_begun_as_the_readme_shows(tmp_path: Path) -> None:
    clone = clone_of_checkout(tmp_path / "clone")
    (words,) = re.findall(r"\$ (python3 build\.py new .*)\n", README)
    done = typed(words, clone)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == shown(words)
    assert (tmp_path / "leaflets/mkdocs.yml").is_file()


def test_without_a_venv_a_bare_python_says_what_to_run(tmp_path: Path) -> None:
    clone = clone_of_checkout(tmp_path / "clone")
    (clone / ".venv").unlink()
    done = typed("python3 build.py check", clone)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "The Python package rich is not set up. Run `make setup`.\n"


@pytest.mark.parametrize("file", NAMING)
def test_every_command_that_is_named_can_be_typed(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    named = re.findall(r"build\.py ([a-z-][^`\n]*)[`\n]", text)
    assert named
    for words in map(shlex.split, named):
        if len(words) > 1 or words[0].startswith("--"):
            _parsers()[0].parse_args(words)
        else:  # a name alone
            with pytest.raises(SystemExit, match=r"^0$"):
                _parsers()[0].parse_args([*words, "--help"])


def test_help_has_words_for_each_command_and_each_option() -> None:
    def parsers(of: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
        yield of
        for action in of._actions:
            if isinstance(action, argparse._SubParsersAction):
                yield from action.choices.values()
                helped = {choice.dest for choice in action._choices_actions if choice.help}
                assert helped == set(action.choices)

    for each in parsers(_parsers()[0]):
        assert each.description, each.prog
        for action in each._actions:
            is_list = isinstance(action, argparse._SubParsersAction)
            assert is_list or action.help, (each.prog, action.option_strings or action.dest)


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
