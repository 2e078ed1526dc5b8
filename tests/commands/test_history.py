"""History: git gives the very words of an edition, whatever became of them, or says why not."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from plainleaf.commands import history
from plainleaf.commands.history import past
from plainleaf.problems import MachineError
from tests.conftest import snapshot
from tests.repository import (
    COOL,
    PAGE,
    WATER,
    change,
    commit,
    cool,
    git,
    known_in,
    note,
    repository_in,
)

pytestmark = pytest.mark.slow

Run = Callable[..., tuple[int, str]]
LEDGER = "ledger/note.yml"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give the tiny project in a folder of a git repository, committed once."""
    return repository_in(tmp_path)


def lines_of(folder: Path, version: str) -> tuple[str, ...]:
    """Give the words of a version of the note."""
    known = known_in(folder)
    with past(known, note(known, version)) as then:
        content = then.content["note", "en"]
    assert content.hash == note(known, version).content
    return content.lines


def test_old_words_come_back_and_the_new_ones_stay(repository: Path) -> None:
    cool(repository)
    second = commit(repository)
    change(repository, COOL, "Wait.")
    before = snapshot(repository)
    known = known_in(repository)

    with past(known, note(known, "1.10")) as first:
        assert f"- {WATER}" in first.content["note", "en"].lines
        copy = first.docs.project.folder
        assert copy != repository
        assert sorted(path.name for path in copy.iterdir()) == [
            "clinics", "docs", "handouts", "ledger", "mkdocs.yml",
        ]  # fmt: skip
    assert not copy.exists()
    with past(known, note(known, "1.11")) as later:
        assert f"- {COOL}" in later.content["note", "en"].lines
        assert later.commit == second
    assert snapshot(repository) == before


def test_the_copy_is_gone_though_something_fails(repository: Path) -> None:
    cool(repository)
    known = known_in(repository)

    def fails() -> None:
        with past(known, note(known)) as then:
            copies.append(then.docs.project.folder)
            raise MachineError("stop")

    copies: list[Path] = []
    with pytest.raises(MachineError, match="stop"):
        fails()
    assert not copies[0].exists()


def test_words_as_they_are_need_no_git(tiny: Path) -> None:
    assert f"- {WATER}" in lines_of(tiny, "1.10")


def test_words_may_be_committed_after_their_ledger(repository: Path) -> None:
    cool(repository)
    commit(repository, LEDGER)
    commit(repository)
    change(repository, COOL, "Wait.")
    commit(repository)

    assert f"- {COOL}" in lines_of(repository, "1.11")


def test_words_may_be_committed_before_their_ledger(repository: Path) -> None:
    cool(repository)
    commit(repository, PAGE)
    change(repository, COOL, "Wait.")
    commit(repository)

    assert f"- {COOL}" in lines_of(repository, "1.11")


def test_what_a_machine_tells_git_changes_no_word(
    repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    # Whoever exports, compares or checks out would get less than was committed, or something else.
    rules = "* export-ignore export-subst ident diff=shout filter=shout text eol=crlf\n"
    (repository / ".gitattributes").write_text(rules)
    cool(repository)
    commit(repository)
    change(repository, COOL, "Wait.")
    for name in ("filter.shout.smudge", "diff.shout.textconv", "diff.external", "core.pager"):
        git(repository, "config", name, "tr a-z A-Z")
    git(repository, "config", "core.autocrlf", "true")
    git(repository, "config", "core.quotePath", "true")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_CONFIG_GLOBAL"):
        monkeypatch.setenv(name, str(tmp_path / "nowhere"))
    for name in ("GIT_NAMESPACE", "GIT_GLOB_PATHSPECS", "GIT_TRACE"):
        monkeypatch.setenv(name, "1")

    assert f"- {COOL}" in lines_of(repository, "1.11")


def refused(repository: Path) -> str:
    """Give why the first version of the note cannot be had."""
    known = known_in(repository)
    with pytest.raises(MachineError) as stopped, past(known, note(known)):
        pass
    return str(stopped.value)


def test_a_copy_of_files_has_no_history(tiny: Path) -> None:
    change(tiny, WATER, COOL)

    assert refused(tiny) == (
        "the project's folder is not under git, which would keep the words of old versions.\n"
        "    Work in a clone of the project, not in a copy of its files."
    )


def test_git_is_missing(repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    change(repository, WATER, COOL)
    monkeypatch.setenv("PATH", str(tmp_path))

    assert refused(repository) == (
        "git is not installed, and only git has the words of old versions.\n"
        "    Install it: https://git-scm.com/downloads."
    )


NEVER = (
    "the entry of note (en) 1.10 was never committed, so git has not kept its words.\n"
    "    Commit ledger/note.yml together with the words whenever you issue a version."
)


def test_nothing_was_ever_committed(tiny: Path) -> None:
    git(tiny, "init", "--quiet")
    change(tiny, WATER, COOL)

    assert refused(tiny) == NEVER


def test_the_ledger_was_never_committed(tiny: Path) -> None:
    git(tiny, "init", "--quiet")
    commit(tiny, "docs", "handouts", "clinics", "mkdocs.yml")
    change(tiny, WATER, COOL)

    assert refused(tiny) == NEVER


def test_the_words_were_never_committed(tiny: Path) -> None:
    git(tiny, "init", "--quiet")
    change(tiny, WATER, COOL)
    only = commit(tiny)

    assert refused(tiny) == (
        "no commit holds the words of note (en) 1.10. Were they committed when it was issued?\n"
        "    If so, today's code or templates print them otherwise: build them with the code of "
        f"then, which commit {only[:12]} has."
    )


def test_a_shallow_clone_says_so(repository: Path, tmp_path: Path) -> None:
    cool(repository)
    commit(repository)
    address = f"file://{repository.parent}"
    git(tmp_path, "clone", "--quiet", "--depth", "1", address, "shallow clone")

    assert refused(tmp_path / "shallow clone/a project") == (
        "this copy of the project lacks its older history, and with it the words of "
        "note (en) 1.10.\n    Get the whole history: `git fetch --unshallow`."
    )


def test_git_that_never_answers_is_not_waited_for(
    repository: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    change(repository, WATER, COOL)
    monkeypatch.setattr(history, "MOST_SECONDS", 0.5)
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/git").write_text("#!/bin/sh\nexec sleep 60\n", "utf-8")
    (tmp_path / "bin/git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    assert refused(repository) == (
        "git has not answered within 0.5 seconds.\n"
        "    Try `git log` in the project's folder: it may wait for a disk or a password."
    )


def test_a_repository_that_is_broken_says_what_git_says(repository: Path) -> None:
    change(repository, WATER, COOL)
    tree = git(repository, "rev-parse", "HEAD:./docs/en")
    (repository.parent / ".git/objects" / tree[:2] / tree[2:]).unlink()

    said = refused(repository)
    assert said.startswith("git cannot read the history of this project: ")
    assert said.endswith("\n    Run `git fsck` in its folder: it says what is broken.")
    assert tree in said
