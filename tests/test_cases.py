"""Bad input, a YAML file for each in tests/cases/; the file's name says what happens.

files:      what is changed in a copy of tests/tiny, by path: a new text, or one of
            {replace: {old: new}}, {delete: yes}, {hex: bytes}, {link: target}, {folder: yes}
arguments:  the command line; `check` if not given
status:     the exit status; 1 if not given
stderr:     the whole error output
put_right:  by a gate that finds something, and by the file, what is to be replaced in it so that
            the gate finds nothing more, nor any other
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.conftest import HERE, snapshot

# Which messages say that a handout is too long. For all other cases no type is set: that takes half
# of their time.
LIMITS = ("the most allowed is", "on page 1 of")
# What stands in each message about translations. In all other cases nobody asks: each that changes
# a page would also have to say that its translation is too old.
TRANSLATION = ("[translation.", "translated.yml")
CASES = sorted((HERE / "cases").glob("*.yml"))
PUT_RIGHT = [path for path in CASES if "\nput_right:\n" in path.read_text("utf-8")]
# How an error output names a gate, below what it found.
GATES_IN = re.compile(r"^ +\[([a-z-]+\.[a-z-]+)[] ]", re.MULTILINE)
# Words that were changed, even for the better, are a draft until they are issued, and translated by
# nobody yet.
OF_CHANGES = {"control.draft", "control.lapsed", "translation.stale", "translation.changed"}
PRISTINE = snapshot(HERE / "tiny")


@pytest.fixture(scope="module")
def same_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder for all cases: what none of them changes is read once, as in a preview."""
    return tmp_path_factory.mktemp("cases") / "tiny"


@pytest.fixture
def case_folder(same_folder: Path) -> Path:
    """Give tests/tiny in that folder, whatever a case before has left there."""
    _restore(same_folder)
    return same_folder


@pytest.mark.parametrize(
    "path",
    [
        # `make quick` tries one in ten.
        pytest.param(path, id=path.stem, marks=[pytest.mark.slow] if number % 10 else [])
        for number, path in enumerate(CASES)
    ],
)
def test_bad_input_is_named_and_nothing_is_written(
    path: Path,
    case_folder: Path,
    run: Callable[..., tuple[int, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    tiny = case_folder
    case = case_of(path)
    assert set(case) <= {"files", "arguments", "status", "stderr", "put_right"}, "unknown key"
    for name, change in case.get("files", {}).items():
        _change(tiny / name, change)
    if not any(words in case["stderr"] for words in LIMITS):
        monkeypatch.setattr("plainleaf.journey.over_limits", lambda *_: [])
    if not any(words in case["stderr"] for words in TRANSLATION):
        monkeypatch.setattr("plainleaf.read.read.read_translations", lambda *_: {})
    (tiny / "site").mkdir()
    (tiny / "site/index.html").write_text("the site of yesterday")
    before = snapshot(tiny, without="build")
    monkeypatch.chdir(tiny)

    status, errors = run("--project", str(tiny), *case.get("arguments", "check").split())

    assert errors == case["stderr"]
    assert status == int(case.get("status", 1))
    assert snapshot(tiny, without="build") == before


@pytest.mark.parametrize("path", PUT_RIGHT, ids=lambda path: path.stem)
def test_what_a_gate_refuses_passes_once_it_is_put_right(
    path: Path,
    case_folder: Path,
    run: Callable[..., tuple[int, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("plainleaf.journey.over_limits", lambda *_: [])
    case = case_of(path)
    for name, change in case["files"].items():
        _change(case_folder / name, change)
    ((gate, edits),) = case["put_right"].items()
    assert gate in GATES_IN.findall(case["stderr"])
    for name, replaced in edits.items():
        _change(case_folder / name, {"replace": replaced})

    status, said = run("check", "--project", str(case_folder))
    assert (status, set(GATES_IN.findall(said)) - (OF_CHANGES - {gate})) == (0, set())


def case_of(path: Path) -> dict[str, Any]:
    """Give what the file of a case says."""
    case: dict[str, Any] = yaml.load(path.read_text("utf-8"), yaml.CBaseLoader)
    return case


def _restore(folder: Path) -> None:
    """Let a folder hold what tests/tiny does, and in build/ what was asked about limits."""
    folder.mkdir(exist_ok=True)
    found = {
        name: held
        for name, held in snapshot(folder).items()
        if name != "build" and not name.startswith("build/store")
    }
    other = {name for name in found.keys() | PRISTINE if found.get(name) != PRISTINE.get(name)}
    for name in sorted(other & found.keys(), reverse=True):  # a folder after what it holds
        path = folder / name
        path.rmdir() if found[name] == "" else path.unlink()
    for name in sorted(other & PRISTINE.keys()):
        match PRISTINE[name]:
            case bytes() as raw:
                (folder / name).write_bytes(raw)
            case _:
                (folder / name).mkdir()


def _change(path: Path, change: str | Mapping[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    match change:
        case str():
            path.write_text(change, "utf-8")
        case {"hex": digits}:
            path.write_bytes(bytes.fromhex(digits))
        case {"link": target}:
            path.symlink_to(target)
        case {"folder": _}:
            path.mkdir()
        case {"delete": _}:
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        case {"replace": changes}:
            text = path.read_text("utf-8")
            for old, new in changes.items():
                assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {path}"
                text = text.replace(old, new)
            path.write_text(text, "utf-8")
        case _:
            raise AssertionError(f"no such change: {change}")
