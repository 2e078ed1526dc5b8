"""What tests share: copies of projects, sites built once, a browser, and the command line."""

from __future__ import annotations

import gc
import os
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, ClassVar

import mkdocs.utils
import pytest
from filelock import FileLock
from playwright.sync_api import Browser, sync_playwright

import build
from plainleaf.arguments import Options
from plainleaf.commands import translate
from plainleaf.commands.issue import VersionDetails, next_edition
from plainleaf.compose.compose import Composed, compose
from plainleaf.compose.content import contents
from plainleaf.files.fonts import web_fonts
from plainleaf.html import templates
from plainleaf.journey import recorded
from plainleaf.load.load import load
from plainleaf.machine.engine import Engine, _Here, _Process
from plainleaf.machine.needs import browser as browser_path
from plainleaf.machine.report import Report
from plainleaf.machine.store import Store
from plainleaf.model import Checked, Docs, Edition, Picture, Printed, Project, Sheet
from plainleaf.plan import plan
from plainleaf.problems import Problem
from plainleaf.publish import website
from plainleaf.publish.publish import publish
from plainleaf.read.read import read
from plainleaf.records.codes import edition_mark
from plainleaf.records.ledger import add, read_ledger, sealed_fields
from plainleaf.records.status import statuses_of
from plainleaf.typeset.press import _cache_pdfs, cached_pdfs, pdfs_and_problems
from plainleaf.typeset.typeset import typeset
from tests.host import hosted

# Where Ctrl-C is ignored, as in a shell's background, what the tests start would ignore it too.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# What the tests keep to share is much: to look through it for lost objects as often as Python
# does takes a tenth of their time.
gc.set_threshold(100_000, 50, 50)
# Processes that they start need not compile the code anew each time.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

HERE = Path(__file__).parent
# What stands for the picture of a sheet that nobody sets.
UNSEEN = Picture(b"", 1, 1)
ROOT = HERE.parent


# The day of all tests: no page that ships was changed later.
TODAY = date(2026, 11, 29)


# A pack of all that the tiny project prints, with one page of its own.
A_PACK = """\
page: slip
template: leaflet
id: T-4
parts:
  - section: slip#key-points
handouts: [slip, note]
"""


# The smallest build that goes through every stage.
ONE = ("--clinic", "anyone", "--language", "en", "--handout", "note")


# Where the tiny project is hosted when it is, and what its pages then say of themselves as well.
HOST = "https://cuts.example/leaflets/"
REVIEWER = 'Dr <Jane> "Doe", </script> & nurse'
HOSTED = {
    "docs/en/slip.md": f"formerly: [cuts, old/slip]\nreviewer: '{REVIEWER}'\nreviewed: 2026-11-20",
    "docs/en/index.md": "reader: clinic",
    "docs/ar/slip.md": "formerly: [cuts]",
}
# One of them should have been looked at again on the day before.
LATE = "docs/ar/index.md"
LATE_DATES = {"updated: 2026": "updated: 2024", "review_by: 2028": "review_by: 2026"}


# Fixtures for which a test is slow, since a whole project is built or a browser opened.
SLOW = {"chromium", "shipped_project", "tiny_project", "hosted_project", "each_site"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark each test by the fixtures that it uses, however far down."""
    for item in items:
        used = getattr(item, "fixturenames", ())
        if "chromium" in used:
            item.add_marker("browser")
        if not SLOW.isdisjoint(used):
            item.add_marker("slow")


class Lasting(_Here):
    """Processes for an engine that are left to the next one: each takes seconds to load its code.

    As ever, one that is at work when an engine is left by an error is stopped, and one that did
    its jobs makes way for a new one.
    """

    left: ClassVar[list[_Process]] = []

    def _process(self) -> _Process:
        with self._door:
            if self._is_open and not self._idle and self.left:
                process = self.left.pop()
                self._all.add(process)
                return process
        return super()._process()

    def close(self, *, at_once: bool) -> None:
        """Leave the processes that are at nothing, and end the others."""
        if not at_once:
            self._threads.shutdown(cancel_futures=True)
        with self._door:
            while self._idle:
                process = self._idle.pop()
                self._all.discard(process)
                self.left.append(process)
        super().close(at_once=at_once)


@pytest.fixture(scope="session", autouse=True)
def lasting_processes() -> Iterator[None]:
    """Let all engines of this process of the tests share what they start; test_engine.py not."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{Engine.__module__}._Here", Lasting)
        yield
    while Lasting.left:
        Lasting.left.pop().end()


@pytest.fixture(scope="session", autouse=True)
def themes_that_are_looked_up_once() -> Iterator[None]:
    """MkDocs asks all packages for themes each time it reads settings, and no test adds one."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(mkdocs.utils, "get_themes", cache(mkdocs.utils.get_themes))
        yield


@pytest.fixture(scope="session", autouse=True)
def templates_that_are_read_once() -> Iterator[None]:
    """Those of this checkout, for projects without any of their own: no test changes them."""
    read_anew = templates._templates
    shared = cache(lambda kind: read_anew(project_in(ROOT), kind))

    def cached(project: Project, kind: str) -> Any:
        own = [ROOT / "templates" / kind]
        return shared(kind) if project.template_folders(kind) == own else read_anew(project, kind)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(templates, "_templates", cached)
        yield


@pytest.fixture(scope="session", autouse=True)
def fonts_that_are_cut_down_once() -> Iterator[None]:
    """A website in a new folder has no store yet, and many are written in the same letters."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(f"{website.__name__}.web_fonts", cache(web_fonts))
        yield


@pytest.fixture(autouse=True)
def today(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be the same day whenever the tests run: review dates pass."""
    monkeypatch.setattr(build, "today", lambda: TODAY)


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """Give a copy of tests/tiny that a test may change."""
    return copy_of(HERE / "tiny", tmp_path / "tiny")


@pytest.fixture
def warm(tiny: Path, tiny_store: Path) -> Path:
    """Give the same copy with the store of one that was built: only what is changed is made."""
    warmed(tiny, tiny_store)
    return tiny


def warmed(folder: Path, store: Path) -> Path:
    """Give a project what was made of another before, and give the project."""
    shutil.copytree(store, folder / "build/store")
    return folder


@pytest.fixture
def project(tiny: Path) -> Project:
    """Give the copy of tests/tiny as the stages take it."""
    return project_in(tiny)


@pytest.fixture
def docs(project: Project) -> Docs:
    """Give what the copy of tests/tiny holds in docs/, before a test changes anything."""
    problems: list[Problem] = []
    docs = read(project, problems)
    assert problems == []
    return docs


@pytest.fixture
def run(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., tuple[int, str]]:
    """Give a function that runs the command line and gives its exit status and error output."""
    monkeypatch.setenv("COLUMNS", "100")

    def run(*words: str) -> tuple[int, str]:
        try:
            status = build.main(list(words))
        except SystemExit as stop:  # argparse stops by itself
            status = int(str(stop.code))
        return status, capsys.readouterr().err

    return run


def on_one_paper(folder: Path, *clinics: str) -> None:
    """Let clinics of a project print on A4 alone, for who does not ask about papers."""
    for clinic in clinics:
        with (folder / f"clinics/{clinic}/clinic.yml").open("a", encoding="utf-8") as file:
            file.write("papers: [a4]\n")


def project_in(folder: Path) -> Project:
    """Give a folder as a project, with the templates of this checkout."""
    return Project(folder, HERE.parent / "templates")


def known_of(project: Project, day: date = TODAY) -> tuple[Checked, list[Sheet]]:
    """Give what is known on a day of a project that no gate has looked at, and its sheets.

    Its files are read anew, as they are now.
    """
    project, problems = project.anew(), list[Problem]()
    docs, library = read(project, problems), load(project, problems)
    sheets = plan(docs, library, problems)
    assert problems == []
    content = contents(docs, library, sheets)
    statuses = statuses_of(library, content, day)
    return Checked(docs, library, day, content, statuses), sheets


def composed_of(project: Project, path: str = "") -> list[Composed]:
    """Compose the sheets of a project, or those whose address holds a path."""
    known, sheets = known_of(project)
    wanted = [sheet for sheet in sheets if path in sheet.path]
    return compose(known.docs, known.library, wanted, known.statuses)


def reissue(folder: Path, handout: str = "note", language: str = "en", **changes: Any) -> None:
    """Change the newest entry of a ledger, as if it had been issued so."""
    project = project_in(folder)
    editions = read_ledger(project, [])
    *_, newest = editions[handout, language]
    changed = replace(newest, **changes)
    (folder / f"ledger/{handout}.yml").unlink()
    for (name, _), found in editions.items():
        for edition in found if name == handout else ():
            is_it = edition is newest
            mark = edition_mark(sealed_fields(changed), ())
            add(project, replace(changed, mark=mark) if is_it else edition)


# Where set_once looks: the store of this run of the tests, and that of tests/tiny once it is built.
_SET: list[Store] = []


def set_once(sheet: Composed) -> list[Printed]:
    """Set a sheet that must be sound; give it, and its form.

    What another test of this run has set is not set again: it would be the same, byte for byte.
    """
    for store in _SET:
        if same := cached_pdfs(store, sheet):
            return same
    made, wrong = pdfs_and_problems(sheet, typeset(sheet))
    assert [str(each) for each in wrong] == []
    _cache_pdfs(_SET[0], sheet, made)
    return made


def issue(folder: Path, handout: str, language: str = "en", **said: Any) -> Edition:
    """Issue the words of a handout as they are, without printing them first; give the version."""
    known, _ = known_of(project_in(folder))
    of = handout, language
    edition = next_edition(known, of, VersionDetails(**{"note": "This is what changed.", **said}))
    add(known.project, edition)
    return edition


def mark(folder: Path, how: str = "reviewed", *files: str) -> None:
    """Record that files of the Arabic of a project, or all, translate the English as both are."""
    reviewer = "Dr Two, translator" if how == "reviewed" else None
    said = Options(files=files or ["docs/ar"], translation=how, reviewer=reviewer)
    translate.mark(recorded(project_in(folder), TODAY), said, Report())


def published(known: Checked, printed: Sequence[Printed], review: str) -> None:
    """Publish sheets and all pages of a project."""
    with Engine() as engine:
        publish(known, printed, review, engine, known.project.site)


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """Let no file that this process writes grow larger than so many bytes."""
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, limits[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)


def snapshot(folder: Path, without: str = "-") -> dict[str, bytes | str]:
    """Give everything below a folder: the bytes of files, the target of links, "" for folders.

    without names a folder in it that does not count.
    """
    found: dict[str, bytes | str] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if name.partition("/")[0] == without:
            continue
        if path.is_symlink():
            found[name] = str(path.readlink())
        else:
            found[name] = path.read_bytes() if path.is_file() else ""
    return found


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder that all processes of this run of the tests share."""
    own = tmp_path_factory.getbasetemp()
    return own.parent if "PYTEST_XDIST_WORKER" in os.environ else own


@pytest.fixture(scope="session", autouse=True)
def store_of_this_run(shared: Path) -> None:
    """Let all processes of this run of the tests share the sheets that are set once."""
    _SET.extend((Store(shared / "sheets"), Store(shared / "tiny/build/store")))


@pytest.fixture(scope="session")
def made(shared: Path) -> tuple[Path, str]:
    """Run `make` in a copy of this checkout, once; give its folder and what make said."""
    folder, said = shared / "clone", shared / "make.txt"
    with FileLock(shared / "clone.lock"):
        if not said.exists():
            clone_of_checkout(folder)
            command = ["make", "--no-print-directory", "--old-file=setup"]
            # `make test` runs this very process, and would hand its own options down.
            plain = {name: value for name, value in os.environ.items() if "MAKE" not in name}
            done = subprocess.run(
                command, cwd=folder, env=plain, capture_output=True, text=True, check=True
            )
            said.write_text(done.stdout, "utf-8")
    return folder, said.read_text("utf-8")


@pytest.fixture(scope="session")
def shipped_project(made: tuple[Path, str]) -> Path:
    """Give a copy of what this checkout ships, built once; not to be changed."""
    return made[0]


@pytest.fixture(scope="session")
def tiny_project(shared: Path) -> Path:
    """Give a copy of tests/tiny, built once; not to be changed."""
    folder = shared / "tiny"
    with FileLock(shared / "tiny.lock"):
        if not (folder / "site").exists():
            build_in(copy_of(HERE / "tiny", folder))
    return folder


@pytest.fixture(scope="session")
def tiny_store(tiny_project: Path, shared: Path) -> Path:
    """Give the store of tests/tiny after its whole build and that of one handout; a copy."""
    folder = shared / "warm"
    with FileLock(shared / "warm.lock"):
        if not (folder / "site").exists():
            build_in(warmed(copy_of(HERE / "tiny", folder), tiny_project / "build/store"), *ONE)
    return folder / "build/store"


@pytest.fixture(scope="session")
def hosted_project(shared: Path) -> Path:
    """Give tests/tiny with addresses, a reviewer and a late page, built once; few sheets."""
    folder = shared / "hosted"
    with FileLock(shared / "hosted.lock"):
        if not (folder / "site").exists():
            copy_of(HERE / "tiny", folder)
            edits = {
                "mkdocs.yml": {"site_name:": f"site_url: {HOST}\nsite_name:"},
                LATE: LATE_DATES,
                "docs/en/words.yml": {"\nwords:\n": "\nwords:\n  reader_clinic: Staff\n"},
            }
            for name, added in HOSTED.items():
                edits.setdefault(name, {})["\nupdated:"] = f"\n{added}\nupdated:"
            for name, changes in edits.items():
                text = (folder / name).read_text("utf-8")
                for old, new in changes.items():
                    assert old in text
                    text = text.replace(old, new, 1)
                (folder / name).write_text(text, "utf-8")
            build_in(folder, *ONE)
    return folder


@pytest.fixture(scope="session")
def hosted_site(hosted_project: Path) -> Path:
    """Give the site of the tiny project that has an address."""
    return hosted_project / "site"


@pytest.fixture(scope="session")
def shipped_site(shipped_project: Path) -> Path:
    """Give the site of what this checkout ships."""
    return shipped_project / "site"


@pytest.fixture(scope="session")
def tiny_site(tiny_project: Path) -> Path:
    """Give the site of tests/tiny."""
    return tiny_project / "site"


@pytest.fixture(params=["shipped", "tiny"])
def each_site(request: pytest.FixtureRequest) -> Path:
    """Give one site after the other, for what holds for all."""
    site: Path = request.getfixturevalue(f"{request.param}_site")
    return site


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Give a browser that all tests share; each visits in a profile of its own."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=browser_path(), args=["--disable-gpu"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def shipped(shipped_site: Path) -> Iterator[str]:
    """Give the address of the site of what this checkout ships, hosted with all its headers."""
    with hosted(shipped_site) as address:
        yield address


@pytest.fixture(scope="session")
def tiny_address(tiny_site: Path) -> Iterator[str]:
    """Give the address at which the site of tests/tiny is hosted with all its headers."""
    with hosted(tiny_site) as address:
        yield address


def clone_of_checkout(folder: Path) -> Path:
    """Copy this checkout, with the packages that are set up already, and give the copy."""
    folder.mkdir()
    for name in ("docs", "handouts", "clinics", "ledger", "templates", "plainleaf"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in (
        "mkdocs.yml",
        "build.py",
        "Makefile",
        "requirements.lock",
        "requirements-test.lock",
    ):
        shutil.copy(ROOT / name, folder / name)
    (folder / ".venv").symlink_to(ROOT / ".venv")
    return folder


def copy_of(project: Path, folder: Path) -> Path:
    """Copy a project, without what was built of it; give the copy."""
    return Path(shutil.copytree(project, folder, ignore=shutil.ignore_patterns("site", "build")))


def build_in(folder: Path, *choice: str) -> None:
    """Build a project, or what is chosen of it, on the day of all tests."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "today", lambda: TODAY)
        assert build.main(["--project", str(folder), *choice]) == 0, f"{folder} cannot be built"
