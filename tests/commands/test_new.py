"""A new project: it passes, names each gap, overwrites nothing, and is whole or not there."""

from __future__ import annotations

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from io import StringIO
from pathlib import Path

import pytest
import yaml

import build
from plainleaf.commands.new import STARTER, _slug, _yaml
from plainleaf.load.load import load
from plainleaf.machine.program import TEMPLATES
from plainleaf.model import Project
from plainleaf.problems import Problem
from plainleaf.read.settings import meaning_of
from tests.conftest import ROOT, TODAY

Run = Callable[..., tuple[int, str]]

NAME = "O'Brien & Müller's: \"Öhr\" #1"
ABOUT = ("--name", NAME, "--procedure", "ear-wax removal")
CLINIC = ("--address", "1 Quay Street, Galway", "--country", "ie", "--emergency-phone", "112")
PHONES = ("--daytime-phone", "091 234 567", "--out-of-hours-phone", "none")
BEGINS = "Not written yet: "


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a new project of an Irish clinic with a name that no file takes as it stands."""
    folder = tmp_path_factory.mktemp("new") / "our ears"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build, "today", lambda: TODAY)
        assert build.main(["new", str(folder), *ABOUT, *CLINIC, *PHONES]) == 0
    assert not (folder / "build").exists()
    return folder


@pytest.fixture
def refused(tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Give a function that asks for a project in vain: nothing may be there afterwards."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.stdin", StringIO())

    def refused(*words: str) -> tuple[int, str]:
        before = sorted(tmp_path.rglob("*"))
        said = run("new", *words)
        assert sorted(tmp_path.rglob("*")) == before
        return said

    return refused


def test_it_passes_and_each_gap_is_named_with_its_file_and_line(made: Path, run: Run) -> None:
    status, said = run("check", "--project", str(made))
    assert status == 0
    gaps = {
        f"{path.relative_to(made).as_posix()}:{number}: warning: still to be written: "
        for path in (made / "docs").rglob("*")
        if path.is_file()
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        # Where a source was published is printed, and is no sentence that gates read.
        if BEGINS in line and not line.lstrip().startswith("where:")
    }
    assert len(gaps) > 30
    assert sorted(gap for gap in gaps if gap not in said) == []
    assert said.count("still to be written") >= len(gaps)


def test_no_release_takes_it(made: Path, run: Run) -> None:
    status, said = run("check", "--release", "--project", str(made), "--handout", "before")
    assert status == 1
    assert "docs/en/before.md:30: still to be written: who should wait" in said


def test_it_says_what_was_given(made: Path) -> None:
    problems: list[Problem] = []
    library = load(Project(made, TEMPLATES), problems)
    assert problems == []
    (clinic,) = library.clinics.values()
    assert (clinic.slug, clinic.name) == ("obrien-mullers-ohr-1", NAME)
    assert clinic.address == ("1 Quay Street", "Galway")
    assert (clinic.emergency_phone.number, clinic.daytime_phone.number) == ("112", "(091) 234 567")
    assert clinic.out_of_hours_phone is None
    settings = yaml.safe_load((made / "mkdocs.yml").read_text("utf-8"))
    assert (settings["site_name"], settings["site_author"]) == (NAME, NAME)
    files = [path for path in made.rglob("*") if path.is_file() and "build" not in path.parts]
    said = "".join(path.read_text("utf-8") for path in files)
    assert "«" not in said
    for page in ("consent", "before", "aftercare"):  # who finds a sheet knows what it is about
        title = (made / f"docs/en/{page}.md").read_text("utf-8").split("\n")[1]
        assert title.startswith("title: ")
        assert "ear-wax removal" in title
    assert 'IE:\n  number: "112"' in said


def test_it_holds_what_it_is_kept_and_built_with(made: Path) -> None:
    ignored = (made / ".gitignore").read_text("utf-8").splitlines()
    assert {"/site/", "/build/"} <= set(ignored)
    workflow = yaml.safe_load((made / ".github/workflows/leaflets.yml").read_text("utf-8"))
    steps = [step.get("run", "") for step in workflow["jobs"]["build"]["steps"]]
    assert any("pip install --requirement requirements.txt" in step for step in steps)
    (version,) = [
        line
        for line in (made / "requirements.txt").read_text("utf-8").splitlines()
        if not line.startswith("#")
    ]
    assert version.partition("==")[0] == "plainleaf"


def test_without_a_clinic_the_sheets_have_lines(
    tmp_path: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", StringIO())
    folder = tmp_path / "ears"
    folder.mkdir()  # an empty one may be there
    words = ("--name", "Ears", "--procedure", "oesophagogastroduodenoscopy")
    status, said = run("new", str(folder), *words)
    assert (status, said) == (0, "")
    (clinic,) = load(Project(folder, TEMPLATES), []).clinics
    assert clinic == "any-clinic"
    assert not (folder / "docs/facts/emergency-numbers.yml").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["ears"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("x",),
            "--name is missing: the name of your practice or project.\n"
            '    Add --name "…".\n'
            "--procedure is missing: the procedure, as within a sentence (ear-wax removal).\n"
            '    Add --procedure "…".\n',
        ),
        (
            ("x", "--name", "…", "--procedure", "**the** best"),
            "--name: it needs a letter. Write it as people say it.\n"
            "--procedure: the sign * means more than itself in a page. Leave it out.\n",
        ),
        (
            ("x", *ABOUT, "--language", "de"),
            'nothing is there to begin with in "de". The languages are: en.\n'
            "    Begin in one of them, and translate it: CONTRIBUTING.md, A language.\n",
        ),
        (
            ("x", *ABOUT, *PHONES, "--address", "1 Quay", "--country", "Ireland"),
            '--country: "Ireland" is no country. Did you mean IE? '
            "Write its two letters (ISO 3166-1), such as GB or IE.\n",
        ),
        (
            ("x", *ABOUT, *CLINIC[:4], "--emergency-phone", "911", *PHONES),
            '--emergency-phone: "911" calls no ambulance in IE. Known there: 112, 999.\n',
        ),
        (
            ("x", *ABOUT, *CLINIC, "--daytime-phone", "12", "--out-of-hours-phone", "later"),
            '--daytime-phone: "12" is no telephone number in IE. '
            "Write it as people there dial it, or from + on.\n"
            '--out-of-hours-phone: "later" is no telephone number in IE. '
            "Write it as people there dial it, or from + on.\n",
        ),
        (
            ("x", *ABOUT, "--country", "IE"),
            "--address is missing: the address of the clinic, with commas.\n"
            '    Add --address "…".\n'
            "--emergency-phone is missing: the number that calls an ambulance (112, 999).\n"
            '    Add --emergency-phone "…".\n'
            "--daytime-phone is missing: the telephone of the clinic in office hours.\n"
            '    Add --daytime-phone "…".\n'
            "--out-of-hours-phone is missing: the telephone at other times, or none.\n"
            '    Add --out-of-hours-phone "…".\n',
        ),
        (
            ("there/x", *ABOUT),
            'there is no folder "there" to put "x" into.\n    Make it first.\n',
        ),
    ],
)
def test_what_cannot_be_meant_is_told_all_at_once(
    words: tuple[str, ...], said: str, refused: Run
) -> None:
    assert refused(*words) == (2, said)


@pytest.mark.parametrize("is_file", [True, False], ids=["a file", "a folder"])
def test_nothing_is_overwritten(tmp_path: Path, refused: Run, *, is_file: bool) -> None:
    taken = tmp_path / "taken"
    if not is_file:
        taken.mkdir()
    (taken if is_file else taken / "notes.txt").write_text("mine", "utf-8")
    fact = '"taken" is a file' if is_file else '"taken" is not empty'
    expected = f"{fact}, and nothing is overwritten.\n    Name another.\n"
    assert refused("taken", *ABOUT) == (2, expected)


def test_what_the_gates_refuse_is_named_once_where_it_was_said(refused: Run) -> None:
    said = ("--name", "The Best Ears 🦻", "--procedure", "a guaranteed wash")
    status, errors = refused("x", *said, *CLINIC, *PHONES)
    assert status == 1
    places = [line.partition(": ")[0] for line in errors.splitlines() if not line.startswith(" ")]
    assert places == ["--name", "--name", "--procedure", "", "3 problems. Nothing was written."]
    assert '--name: "Best": this ranks or praises' in errors
    assert '--name: no font of English has the letter "🦻"' in errors
    assert '--procedure: "guaranteed": nobody can promise a result.' in errors


def test_where_nothing_can_be_written_nothing_is_left(refused: Run) -> None:
    assert refused("/proc/ears", *ABOUT) == (
        2,
        '"/proc/ears" cannot be made (no such file or directory).\n'
        "    Choose a folder in which you may write.\n",
    )


def at_a_terminal(
    folder: Path, asked: str, answer: Callable[[int, subprocess.Popen[bytes]], object], *words: str
) -> tuple[int, str]:
    """Run `new` where somebody answers as soon as something is asked.

    Gives its exit status, and all that the terminal shows.
    """
    here, there = pty.openpty()
    command = [sys.executable, str(ROOT / "build.py"), "new", "ears", *words]
    shown = b""
    with subprocess.Popen(command, cwd=folder, stdin=there, stdout=there, stderr=there) as process:
        os.close(there)
        while True:
            try:
                shown += os.read(here, 10_000)
            except OSError:  # nobody is at the other end any more
                break
            if asked and asked.encode() in shown:
                asked = ""
                answer(here, process)
    os.close(here)
    return process.returncode, shown.decode("utf-8").replace("\r\n", "\n")


@pytest.mark.slow
def test_at_a_terminal_it_asks_for_what_is_not_given_and_again_for_what_is_wrong(
    tmp_path: Path,
) -> None:
    typed = "Ear Practice|maybe|yes|1 Quay Street, Galway|Eire|IE|911|112|091 234 567|none|"
    status, shown = at_a_terminal(
        tmp_path,
        "The name of your practice or project: ",
        lambda here, _: os.write(here, typed.replace("|", "\n").encode()),
        *("--procedure", "ear-wax removal"),
    )
    assert status == 0, shown
    assert "Type yes or no." in shown
    assert '"Eire" is no country.' in shown
    assert "The number that calls an ambulance (112, 999): " in shown
    assert '"911" calls no ambulance in IE. Known there: 112, 999.' in shown
    assert "The procedure" not in shown
    assert "Wrote ears: 5 pages, 3 handouts." in shown
    assert (tmp_path / "ears/clinics/ear-practice/clinic.yml").is_file()


@pytest.mark.slow
@pytest.mark.parametrize("how", ["Ctrl-C", "Ctrl-D"])
def test_who_stops_in_the_middle_leaves_nothing(tmp_path: Path, how: str) -> None:
    def stop(here: int, process: subprocess.Popen[bytes]) -> None:
        if how == "Ctrl-D":
            os.write(here, b"\x04")
            return
        # What comes between the question and the waiting for an answer is lost, as for anybody.
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                process.wait(10)

    status, shown = at_a_terminal(tmp_path, "Print yours (yes, no)? ", stop, *ABOUT)
    assert status == 2
    assert shown.endswith("\nStopped. Nothing was written.\n")
    assert "Traceback" not in shown
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "said",
    [
        "yes",
        "NO",
        "null",
        "123",
        "2026-11-29",
        "#1",
        "a # b",
        "a: b",
        "a:",
        "- a",
        "~",
        "'a",
        '"',
        "É: ü",
    ],
)
def test_what_is_said_is_a_text_for_all_that_read_yaml(said: str) -> None:
    assert yaml.safe_load(f"- {_yaml(said)}") == [said]
    assert meaning_of(f"site_name: {_yaml(said)}") == {"site_name": said}


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("Müller's Praxis", "mullers-praxis"),
        ("Straße 5", "strasse-5"),
        ("عيادة", "our-clinic"),
        ("x" * 100, "x" * 40),
    ],
)
def test_a_clinic_gets_a_folder_that_may_be_an_address(name: str, slug: str) -> None:
    assert _slug(name) == slug


def test_the_starter_names_no_value_that_nobody_gives() -> None:
    texts = [path.read_text("utf-8") for path in STARTER.rglob("*") if path.is_file()]
    assert len(texts) > 15
    assert all(text.count("«") == text.count("»") for text in texts)
