"""The site is whole or not at all: what stands in the way leaves the old one byte for byte."""

from __future__ import annotations

import errno
import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import lxml.html
import pytest
from filelock import FileLock
from PIL import Image

from plainleaf.machine.disk import disk_reason
from plainleaf.model import Project
from plainleaf.problems import MachineError
from plainleaf.publish.publish import _open_to_all, _swap, _write, recover
from tests.conftest import HERE, ONE, on_one_paper, snapshot, warmed
from tests.repository import change

ROOT = HERE.parent
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def old_site(tiny: Path) -> dict[str, bytes | str]:
    """Give the project a site of yesterday, and what that site holds."""
    (tiny / "site/handouts").mkdir(parents=True)
    (tiny / "site/index.html").write_text("the site of yesterday")
    (tiny / "site/handouts/note.pdf").write_bytes(b"%PDF")
    return snapshot(tiny / "site")


# Builds as build.py does, by one process beside it: each takes a second to load its code.
START = f"""
import os, signal, sys
from pathlib import Path
sys.path.insert(0, {str(ROOT)!r})
os.cpu_count = lambda: 1
import build
"""


def build(folder: Path, choice: Sequence[str] = ONE, before: str = "") -> tuple[int, str]:
    """Build a project in a process of its own, after some code; give the status and the errors."""
    code = f"{START}{before}\nsys.exit(build.main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "--project", folder, *choice],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    return done.returncode, done.stderr


def pages_of(folder: Path) -> tuple[str, ...]:
    """Give what builds a project's pages alone: one that prints no Arabic is asked for it."""
    with (folder / "clinics/anyone/clinic.yml").open("a", encoding="utf-8") as clinic:
        clinic.write("languages: [en]\n")
    return ("--clinic", "anyone", "--language", "ar")


# Keeps a process from writing files larger than the fonts that it copies.
SMALL_FILES_ONLY = """
import resource
resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000))
"""
# Kills a process as it writes so many files.
KILLED = """
write, left = Path.write_bytes, [{number}]
def count(self, content):
    left[0] -= 1
    if not left[0]:
        os.kill(os.getpid(), signal.SIGKILL)
    return write(self, content)
Path.write_bytes = count
"""


def test_a_server_may_read_the_site_however_strict_the_mask_of_who_builds(
    tmp_path: Path,
) -> None:
    old, new = tmp_path / "old", tmp_path / "new"
    strict = os.umask(0o077)
    try:
        for folder in (old, new):
            _write({"index.html": b"same", "handouts/note.pdf": b"%PDF"}, folder, old)
    finally:
        os.umask(strict)
    assert (new / "handouts").stat().st_mode & 0o777 == 0o700
    _open_to_all(new)
    modes = {path.name: path.stat().st_mode & 0o777 for path in (new, *new.rglob("*"))}
    assert modes == {"new": 0o755, "index.html": 0o644, "handouts": 0o755, "note.pdf": 0o644}


def test_recover_brings_back_the_site_of_a_build_killed_between_the_two_renames(
    project: Project, old_site: dict[str, bytes | str]
) -> None:
    new, old = project.build / "site", project.build / "old-site"
    new.mkdir(parents=True)
    (new / "index.html").write_text("the site of today")
    # The first rename is real; in the place of the second the process is killed for good.
    code = f"""
import os, signal
from pathlib import Path
from plainleaf.publish.publish import _swap
rename, done = Path.rename, []
def once(self, target):
    if done:
        os.kill(os.getpid(), signal.SIGKILL)
    done.append(rename(self, target))
Path.rename = once
_swap(Path({str(new)!r}), Path({str(project.site)!r}), Path({str(old)!r}))
"""
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert not project.site.exists()

    recover(project)

    assert snapshot(project.site) == old_site
    assert not old.exists()


def test_recover_leaves_a_site_alone(project: Project, old_site: dict[str, bytes | str]) -> None:
    (project.build / "old-site").mkdir(parents=True)
    recover(project)
    assert snapshot(project.site) == old_site


def test_a_site_that_is_a_link_is_refused_before_anything_is_made(
    project: Project, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere").mkdir()
    project.site.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(MachineError, match=r"^site/ is a symbolic link, .*\n    Remove the link, "):
        recover(project)
    project.site.unlink()
    project.site.symlink_to("nowhere")
    with pytest.raises(MachineError, match="symbolic link"):
        recover(project)


@pytest.mark.skipif(not Path("/dev/shm").is_dir(), reason="a second disk")
def test_a_build_folder_on_another_disk_is_refused_before_anything_is_made(
    project: Project,
) -> None:
    with TemporaryDirectory(dir="/dev/shm") as elsewhere:
        project.build.symlink_to(elsewhere)
        with pytest.raises(MachineError, match=r"^site/ or build/ lies on another disk, "):
            recover(project)


def test_recover_has_nothing_to_do_where_nothing_was_built(project: Project) -> None:
    recover(project)
    assert not project.site.exists()


def test_the_old_site_comes_back_when_the_new_one_cannot_be_put_in_its_place(
    project: Project, old_site: dict[str, bytes | str]
) -> None:
    with pytest.raises(FileNotFoundError):
        _swap(project.folder / "absent", project.site, project.folder / "old")
    assert snapshot(project.site) == old_site


@pytest.mark.parametrize("done", [0, 1, 2])
def test_the_old_site_comes_back_when_somebody_stops_the_build_between_the_renames(
    project: Project, old_site: dict[str, bytes | str], monkeypatch: pytest.MonkeyPatch, done: int
) -> None:
    """Ctrl-C comes before the first rename, between the two, or the instant after the second."""
    new, old = project.build / "new-site", project.build / "old-site"
    new.mkdir(parents=True)
    (new / "index.html").write_text("the site of today")
    rename, numbers = Path.rename, count()

    def stopped(self: Path, target: Path) -> Path:
        number = next(numbers)
        if number == done < 2:
            raise KeyboardInterrupt
        renamed = rename(self, target)
        if number == 1 and done == 2:
            raise KeyboardInterrupt
        return renamed

    monkeypatch.setattr(Path, "rename", stopped)
    with pytest.raises(KeyboardInterrupt):
        _swap(new, project.site, old)
    assert snapshot(project.site) == old_site
    assert not old.exists()


def test_who_stops_a_build_that_is_done_keeps_its_site(
    project: Project, old_site: dict[str, bytes | str], monkeypatch: pytest.MonkeyPatch
) -> None:
    new, old = project.build / "new-site", project.build / "old-site"
    new.mkdir(parents=True)
    (new / "index.html").write_text("the site of today")
    rmtree = shutil.rmtree

    def stopped(folder: Path, **how: Any) -> None:
        rmtree(folder, **how)
        if folder == old and not new.exists():
            raise KeyboardInterrupt

    monkeypatch.setattr(shutil, "rmtree", stopped)
    _swap(new, project.site, old)
    assert snapshot(project.site) == {"index.html": b"the site of today"} != old_site


def test_the_new_site_takes_the_place_of_the_old_one(
    project: Project, old_site: dict[str, bytes | str]
) -> None:
    new, old = project.folder / "new", project.folder / "old"
    new.mkdir()
    (new / "index.html").write_text("the site of today")
    _swap(new, project.site, old)
    assert snapshot(project.site) == {"index.html": b"the site of today"} != old_site
    assert not new.exists()
    assert not old.exists()


def test_what_a_killed_build_left_behind_is_no_obstacle(
    project: Project, old_site: dict[str, bytes | str]
) -> None:
    new, old = project.folder / "new", project.folder / "old"
    for folder in (new, old):
        folder.mkdir()
        (folder / "left.html").write_text(folder.name)
    _swap(new, project.site, old)
    assert snapshot(project.site) == {"left.html": b"new"} != old_site


DISK_FULL = "The disk is full. Make room, then build again."
SHARE_FULL = "Your share of the disk is full. Make room, then build again."
TOO_LARGE = "Files may not grow so large here. Raise the limit, then build again."
READ_ONLY = "The disk can only be read. Build in a folder that you may write to."
FORBIDDEN = "You may not write there. Build in a folder that you may write to."
UNKNOWN = "Check the folder and the disk, then build again."


@pytest.mark.parametrize(
    ("number", "what", "way_out"),
    [
        (errno.ENOSPC, "no space left on device", DISK_FULL),
        (errno.EDQUOT, "disk quota exceeded", SHARE_FULL),
        (errno.EFBIG, "file too large", TOO_LARGE),
        (errno.EROFS, "read-only file system", READ_ONLY),
        (errno.EACCES, "permission denied", FORBIDDEN),
        (errno.EPERM, "operation not permitted", FORBIDDEN),
        (errno.EIO, "input/output error", UNKNOWN),
    ],
)
def test_a_disk_that_cannot_be_written_is_told_in_words(
    number: int, what: str, way_out: str
) -> None:
    said = disk_reason(OSError(number, os.strerror(number), "a.pdf"))
    assert said == (f"a.pdf cannot be written ({what}).\n    {way_out} The last site is as it was.")


def test_a_fault_without_number_or_name_is_told_in_words() -> None:
    assert disk_reason(OSError("gone")) == (
        "a file cannot be written (unknown).\n"
        "    Check the folder and the disk, then build again. The last site is as it was."
    )


def test_a_whole_build_puts_the_new_site_in_the_place_of_the_old_one(
    warm: Path, old_site: dict[str, bytes | str], run: Run
) -> None:
    path = warm / "clinics/anyone/clinic.yml"
    name = "<script>alert(1)</script> & {{ a }}"
    corner = (warm / "clinics/corner/clinic.yml").read_text("utf-8")
    path.write_text(corner.replace("Corner Clinic", f"'{name}'").replace("logo:", "#"), "utf-8")

    on_one_paper(warm, "anyone")
    assert run("--project", str(warm), *ONE) == (0, "")

    assert not set(old_site) - {"index.html", "handouts"} & set(snapshot(warm / "site"))
    desk = lxml.html.parse(warm / "site/handouts.html").getroot()
    assert desk.findall(".//h2")[0].text_content() == name
    assert "alert(1)" not in "".join(script.text or "" for script in desk.iter("script"))
    assert "Version 1.10, 23 November 2026" in desk.text_content()
    page = lxml.html.parse(warm / "site/ar/index.html").getroot()
    assert (page.get("lang"), page.get("dir")) == ("ar", None)
    assert page.find("body").get("dir") == "rtl"


def test_a_note_to_editors_is_not_published(warm: Path, run: Run) -> None:
    """Neither on the site nor in what it is searched by; on a sheet: test_compose.py."""
    for place in ("1. Wash your hands.", "## Sources {#sources}"):
        change(warm, place, f"<!-- Ask Ludmilla about this. -->\n\n{place}")

    assert run("--project", str(warm), *pages_of(warm)) == (0, "")

    held = {name: raw for name, raw in snapshot(warm / "site").items() if isinstance(raw, bytes)}
    assert b"Hold the cut under clean, running water" in held["index.html"]
    assert [name for name, raw in held.items() if b"Ludmilla" in raw] == []


@pytest.mark.slow
def test_a_problem_in_the_content_leaves_the_old_site(
    tiny: Path, old_site: dict[str, bytes | str], run: Run
) -> None:
    (tiny / "docs/en/slip.md").write_text("Text.\n")
    assert run("--project", str(tiny), *ONE) == (
        1,
        "docs/en/slip.md:1: this page does not start with its title and date.\n"
        "    Start it with `---`, the lines title, description, order and updated, and `---`.\n"
        "\n1 problem. Nothing was written; the last site is as it was.\n",
    )
    assert snapshot(tiny / "site") == old_site
    assert not (tiny / "build").exists()


def test_a_warning_of_the_website_leaves_the_old_site(
    warm: Path, old_site: dict[str, bytes | str], run: Run
) -> None:
    change(warm, "theme:\n", "theme:\n  static_templates: [nope.html]\n", "mkdocs.yml")
    assert run("--project", str(warm), *pages_of(warm)) == (
        1,
        "mkdocs.yml: Template skipped: 'nope.html' not found in theme directories.\n"
        "    Correct mkdocs.yml; the website is built only without warnings.\n"
        "\n1 problem. Nothing was written; the last site is as it was.\n",
    )
    assert snapshot(warm / "site") == old_site


def test_a_warning_about_the_css_of_a_sheet_leaves_the_old_site(
    warm: Path, old_site: dict[str, bytes | str], run: Run
) -> None:
    css = (ROOT / "templates/css/sheet.css").read_text("utf-8")
    (warm / "templates/css").mkdir(parents=True)
    (warm / "templates/css/sheet.css").write_text(css + "p { colour: red; }\n")
    on_one_paper(warm, "anyone")
    status, errors = run("--project", str(warm), *ONE)
    fact, *rest = errors.splitlines()
    assert status == 1
    assert fact.startswith("handouts/note.yml: Ignored `colour: red` at ")
    assert fact.endswith(", unknown property.")
    assert rest == [
        "    Seen while setting this handout: look at its template, its CSS and its pictures.",
        "",
        "1 problem. Nothing was written; the last site is as it was.",
    ]
    assert snapshot(warm / "site") == old_site


@pytest.mark.parametrize("name", ["ar/large.png", "assets/large.png"])
def test_a_file_that_may_not_grow_leaves_the_old_site(
    warm: Path, old_site: dict[str, bytes | str], name: str
) -> None:
    """A photograph with see-through edges, which cannot be made small."""
    dots = random.Random(1).randbytes(1000 * 700 * 4)
    Image.frombytes("RGBA", (1000, 700), dots).save(warm / "docs" / name)
    change(warm, "assets/drop.svg", name.removeprefix("ar/"), "docs/ar/index.md")
    status, errors = build(warm, pages_of(warm), SMALL_FILES_ONLY)
    *_, fact, way_out = errors.splitlines()  # below what is told of the changed translation
    assert status == 2
    place = name.removeprefix("ar/")
    assert fact.endswith(f"/docs/{place} cannot be written (file too large).")
    assert way_out == (
        "    Files may not grow so large here. Raise the limit, then build again. "
        "The last site is as it was."
    )
    assert snapshot(warm / "site") == old_site


@pytest.mark.slow
def test_a_file_in_the_place_of_the_build_folder_leaves_the_old_site(
    tiny: Path, old_site: dict[str, bytes | str], run: Run
) -> None:
    (tiny / "build").write_text("mine")
    assert run("--project", str(tiny), *pages_of(tiny)) == (
        2,
        f"{tiny}/build cannot be written (file exists).\n"
        "    Check the folder and the disk, then build again. The last site is as it was.\n",
    )
    assert snapshot(tiny / "site") == old_site
    assert (tiny / "build").read_text() == "mine"


@pytest.mark.slow
@pytest.mark.parametrize("library", ["pango", "gobject"])
def test_without_pango_nothing_is_written(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, library: str
) -> None:
    # As on a machine that lacks the library: the dynamic loader does not find it.
    start = tmp_path / "start"
    start.mkdir()
    (start / "sitecustomize.py").write_text(f"""
import cffi
find = cffi.FFI.dlopen
def dlopen(self, name, *rest):
    if {library!r} in str(name).lower():
        raise OSError(f"cannot load library {{name!r}}")
    return find(self, name, *rest)
cffi.FFI.dlopen = dlopen
""")
    monkeypatch.setenv("PYTHONPATH", str(start))
    before = snapshot(tiny, without="build")
    assert build(tiny) == (
        2,
        "the library that sets type (Pango) is missing on this machine.\n"
        "    Run `make`: it installs Pango, or says how you can.\n",
    )
    assert snapshot(tiny, without="build") == before


def test_a_build_that_is_killed_leaves_the_old_site_and_the_next_one_goes_on(
    tiny: Path, old_site: dict[str, bytes | str], tiny_store: Path, run: Run
) -> None:
    """Killed as it keeps its second sheet, and as it writes the tenth and the fiftieth file."""
    on_one_paper(tiny, "anyone")
    for number in (2, 10, 50):
        assert build(tiny, before=KILLED.format(number=number))[0] == -signal.SIGKILL
        assert snapshot(tiny / "site") == old_site
    assert run("--project", str(tiny), *ONE) == (0, "")
    after = snapshot(tiny / "site")
    shutil.rmtree(tiny / "site")
    shutil.rmtree(tiny / "build")
    # The same as from the store of builds that nobody killed.
    assert run("--project", str(warmed(tiny, tiny_store)), *ONE) == (0, "")
    assert snapshot(tiny / "site") == after


def test_a_second_build_of_a_folder_waits_for_the_first(warm: Path) -> None:
    command = [sys.executable, "-u", str(ROOT / "build.py"), "--project", str(warm), *ONE]
    with FileLock(warm / "build/lock"):
        second = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        assert second.stdout
        said = next(line for line in second.stdout if "Another build" in line)
        assert said == "Another build is at work in this folder; this one goes on after it.\n"
        assert not (warm / "site").exists()
    second.communicate(timeout=300)
    assert second.returncode == 0
    assert (warm / "site/index.html").is_file()
