"""The store of what was made before: nothing is made twice, and nothing damaged is taken."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

import build
from plainleaf.commands import packs
from plainleaf.machine import keys as tools_module
from plainleaf.machine import last_build
from plainleaf.machine.keys import key_of, toolchain_key
from plainleaf.machine.store import Store, store_of
from plainleaf.model import Project
from plainleaf.typeset.press import sheet_key
from tests.conftest import ONE, ROOT, TODAY, composed_of, on_one_paper, snapshot
from tests.repository import PAGE, change

Run = Callable[..., tuple[int, str]]
FILES = {"a.pdf": b"%PDF-" + bytes(range(256)), "about.json": b"[1]"}


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "store")


# A piece


def test_what_was_put_is_got(store: Store) -> None:
    assert store.get("key") is None
    store.put("key", FILES)
    assert store.get("key") == FILES
    assert store.get("other") is None


@pytest.mark.parametrize("place", [0, 31, 32, 200, -1])
def test_damage_is_noticed_wherever_it_is(store: Store, place: int) -> None:
    store.put("key", FILES)
    raw = bytearray((store.folder / "key").read_bytes())
    raw[place] ^= 1
    (store.folder / "key").write_bytes(raw)
    assert store.get("key") is None


@pytest.mark.parametrize("length", [0, 10, 32, 100])
def test_a_piece_that_was_cut_short_is_noticed(store: Store, length: int) -> None:
    store.put("key", FILES)
    raw = (store.folder / "key").read_bytes()
    (store.folder / "key").write_bytes(raw[:length])
    assert store.get("key") is None


def test_a_folder_in_the_place_of_a_piece_is_no_piece(store: Store) -> None:
    (store.folder / "key").mkdir(parents=True)
    assert store.get("key") is None


def test_something_is_made_once(store: Store) -> None:
    made = []

    def make() -> dict[str, bytes]:
        made.append(1)
        return FILES

    assert store.once("key", make) == store.once("key", make) == FILES
    assert made == [1]


def test_what_was_not_used_for_longest_makes_room(store: Store) -> None:
    for number, key in enumerate("abc"):
        store.put(key, FILES)
        os.utime(store.folder / key, (number, number))
    size = (store.folder / "a").stat().st_size
    assert store.get("a")  # now the newest
    store.trim(2 * size)
    assert sorted(path.name for path in store.folder.iterdir()) == ["a", "c"]
    store.trim(size - 1)
    assert list(store.folder.iterdir()) == []


def test_what_a_killed_build_left_behind_makes_room_too(store: Store) -> None:
    store.put("key", FILES)
    (store.folder / ".key.123").write_bytes(b"half")
    store.trim(0)
    assert list(store.folder.iterdir()) == []


@pytest.mark.parametrize("at", ["once", "later"])
def test_what_another_process_has_written_meanwhile_is_no_obstacle(store: Store, at: str) -> None:
    """A file under its name of the moment is gone as soon as it is whole."""

    class Vanishing(type(Path())):  # type: ignore[misc] # the class of paths here
        def stat(self, **how: bool) -> os.stat_result:
            if at == "once":
                self.unlink()
            about: os.stat_result = super().stat(**how)
            self.unlink(missing_ok=True)
            return about

    class Folder(type(Path())):  # type: ignore[misc]
        def glob(self, _: str) -> list[Path]:
            return [Vanishing(path) if path.name[0] == "." else path for path in found]

    store.put("key", FILES)
    (store.folder / ".other.123").write_bytes(b"half")
    found = sorted(store.folder.iterdir())
    Store(Folder(store.folder)).trim()
    assert [path.name for path in store.folder.iterdir()] == ["key"]


# What a key depends on


def test_the_key_of_parts_keeps_their_borders() -> None:
    assert key_of("ab", "c") != key_of("a", "bc") != key_of("abc")
    assert key_of("a") == key_of(b"a")


def test_the_key_of_a_sheet_changes_with_all_that_it_is_printed_from(project: Project) -> None:
    def key(path: str) -> str:
        (sheet,) = composed_of(project, path)
        return sheet_key(sheet)

    note, large = "anyone/en/note-a4.pdf", "anyone/en/note-a4-large.pdf"
    before = key(note)
    assert before == key(note) != key(large)
    for file, old, new in (
        (PAGE, "under clean", "under very clean"),
        ("clinics/anyone/clinic.yml", "by_hand: yes", "by_hand: yes\naccent: '#0b4f5c'"),
        ("handouts/note.yml", "most_pages: 99", "most_pages: 1"),
    ):
        change(project.folder, old, new, file)
        assert key(note) != before, file
        change(project.folder, new, old, file)
    assert key(note) == before


def test_the_key_of_a_sheet_does_not_change_with_a_line_that_moves(project: Project) -> None:
    def keys() -> list[str]:
        return list(map(sheet_key, composed_of(project)))

    before = keys()
    path = project.folder / "handouts/note.yml"
    path.write_text(f"# A note to editors.\n{path.read_text('utf-8')}", "utf-8")
    assert keys() == before


def test_the_key_changes_with_the_code_and_with_each_library(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    now = toolchain_key()
    fresh = tools_module.toolchain_key.__wrapped__
    assert fresh() == now
    for name, other in (
        ("CODE", tmp_path),
        ("_packages", lambda: ["weasyprint 71.0"]),
        ("_libraries", lambda: ["pango 2.0"]),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(tools_module, name, other)
            assert fresh() != now, name
    assert any(name.startswith("weasyprint ") for name in tools_module._packages())
    assert len(list(tools_module._libraries())) == 3


def test_the_key_changes_with_every_file_of_the_code(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A claim that is forbidden now must be looked for in a site that stands already."""
    monkeypatch.setattr(tools_module, "CODE", tmp_path)
    fresh = tools_module.toolchain_key.__wrapped__
    seen = {fresh()}
    for number, name in enumerate(
        ("a.py", "gates/lexicon/en.yml", "gates/lexicon/so.yml", "proof/table", "b.py"), start=1
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"same")
        seen.add(fresh())
        (tmp_path / name).write_bytes(b"one\nmore")
        seen.add(fresh())
        assert len(seen) == 1 + 2 * number, name
    (tmp_path / "b.py").rename(tmp_path / "c.py")
    assert fresh() not in seen
    now = fresh()
    (tmp_path / "a.py").write_bytes(b"one\r\nmore")
    (tmp_path / "__pycache__").mkdir()
    (tmp_path / "__pycache__/a.pyc").write_bytes(b"what Python keeps")
    (tmp_path / ".a.py.swp").write_bytes(b"what an editor keeps")
    assert fresh() == now


@pytest.mark.parametrize("form", ["", "released", "packs"])
@pytest.mark.parametrize("what", ["code", "shared template", "own template"])
def test_a_build_and_a_pack_are_made_of_every_file_of_code_and_templates(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: str, what: str
) -> None:
    folders = {
        "code": tmp_path / "code/gates/lexicon",
        "shared template": tmp_path / "templates/website/partials",
        "own template": project.folder / "templates/handout",
    }
    for folder in folders.values():
        folder.mkdir(parents=True)
    monkeypatch.setattr(tools_module, "CODE", tmp_path / "code")
    project = replace(project, shared_templates=tmp_path / "templates")

    def key() -> str:
        with monkeypatch.context() as patch:
            for module in (last_build, packs):
                patch.setattr(module, "toolchain_key", tools_module.toolchain_key.__wrapped__)
            source = packs.Source.of(project)
            assert source.is_same()
            if form == "packs":
                return source.key
            return last_build.build_key(project, ("", "", "", form == "released"), TODAY)

    keys = {key()}
    for text in ("words: [cure]", "words: [heal]"):
        (folders[what] / "any.yml").write_text(text, "utf-8")
        keys.add(key())
    assert len(keys) == 3


# A build


def test_an_edit_makes_anew_only_what_it_touches(warm: Path, run: Run) -> None:
    """Others are neither set nor proved nor written; a damaged piece is made anew."""
    on_one_paper(warm, "anyone")
    words = ("--project", str(warm), "--clinic", "anyone", "--language", "en")
    assert run(*words)[0] == 0
    store = store_of(Project(warm, ROOT / "templates"))
    first, kept = snapshot(warm / "site"), times(store.folder)
    files = times(warm / "site")

    change(warm, "Show us the place", "Show the place", "docs/en/slip.md")
    assert run(*words)[0] == 0
    second, now = snapshot(warm / "site"), times(warm / "site")
    changed = {name for name, raw in second.items() if first.get(name) != raw}
    assert {name for name in changed if name.endswith(".pdf")} == {
        name for name in first if "/slip-" in name and name.endswith(".pdf")
    }
    assert {name for name in changed if name.endswith(".html")} >= {"slip.html", "handouts.html"}
    assert "ar/index.html" not in changed
    # What did not change is the very file that it was.
    assert {name for name in files if now[name] != files[name]} <= changed
    new = times(store.folder).keys() - kept.keys()
    sheets = composed_of(Project(warm, ROOT / "templates"), "anyone/en/slip-")
    assert {sheet_key(item) for item in sheets} <= new
    assert len(new) == len(sheets) + 2  # and the website of each language, whose desk names it

    for path in store.folder.iterdir():
        path.write_bytes(b"from another machine")
    (warm / "site/index.html").unlink()
    assert run(*words)[0] == 0
    assert snapshot(warm / "site") == second


def times(folder: Path) -> dict[str, tuple[int, int]]:
    """Give when each file below a folder was written, and which file it is."""
    return {
        path.relative_to(folder).as_posix(): (path.stat().st_mtime_ns, path.stat().st_ino)
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_with_nothing_to_do_nothing_is_done(
    warm: Path, run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """And what was warned of is warned of again."""
    change(warm, "review_by: 2028", "review_by: 2026")
    words = ("--project", str(warm), *ONE)
    status, warned = run(*words)
    assert (status, warned) == (0, "1 warning: `build.py check` names it.\n")
    site, record = times(warm / "site"), times(warm / "build")
    assert run(*words) == (0, warned)
    assert (times(warm / "site"), times(warm / "build")) == (site, record)
    assert build.main(list(words)) == 0
    assert capsys.readouterr().out == (
        f"\nNothing has changed since the last build.\nOpen {warm}/site/index.html\n"
    )

    # Each of these is something to do.
    def is_anew(*words: str) -> bool:
        assert build.main(list(words)) == 0
        return "Nothing has changed" not in capsys.readouterr().out

    assert is_anew("--project", str(warm), *ONE[:4], "--handout", "slip")
    assert is_anew(*words)
    (warm / "site/robots.txt").write_text("changed by hand", "utf-8")
    assert is_anew(*words)
    monkeypatch.setattr(build, "today", lambda: TODAY + timedelta(days=1))
    assert is_anew(*words)
    (warm / "build/last-build.json").write_text("{}")
    assert is_anew(*words)
    (warm / "docs/assets/new.txt").write_text("a file more")
    assert is_anew(*words)
    assert not is_anew(*words)


def test_with_nothing_to_do_no_library_is_loaded(hosted_project: Path) -> None:
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import build
from datetime import date
build.today = lambda: date.fromisoformat("{TODAY}")
words = ["--project", {str(hosted_project)!r}, *{ONE!r}]
assert build.main(words) == 0
heavy = {{"weasyprint", "mkdocs", "jinja2", "lxml", "pikepdf", "markdown", "multiprocessing"}}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "Nothing has changed" in done.stdout
    assert done.stdout.splitlines()[-1] == "[]"


def test_where_no_sheet_changed_weasyprint_is_not_loaded(warm: Path, run: Run) -> None:
    words = ("--project", str(warm), *ONE)
    assert run(*words)[0] == 0
    change(warm, "We fill in", "We will fill in", "docs/en/slip.md")
    code = f"""
import sys
sys.path.insert(0, {str(ROOT)!r})
import build
assert build.main({list(words)!r}) == 0
print("weasyprint" in sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "False"
