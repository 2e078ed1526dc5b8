"""Packs: a zip of sheets for each clinic of a table, whole whenever the work is stopped."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import signal
import subprocess
import sys
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from rich.console import Console

import build
from plainleaf.commands.clinic_table import Cells, table_at
from plainleaf.commands.packs import (
    CLINICS_AT_A_TIME,
    Order,
    Run,
    Source,
    at_clinic,
    at_row,
    in_row,
    without_repeats,
)
from plainleaf.compose.compose import Composed, Composer
from plainleaf.files.qr import qr_code
from plainleaf.journey import prepare
from plainleaf.machine.engine import Died, Engine
from plainleaf.machine.report import Report, Stage, spell
from plainleaf.model import Project, Sheet
from plainleaf.plan import Choice, plan
from plainleaf.problems import MachineError, Place, Problem
from plainleaf.records.identity import is_whole, read_identity
from plainleaf.records.status import code_of
from plainleaf.typeset.press import set_sheets
from tests.conftest import (
    A_PACK,
    HERE,
    ROOT,
    TODAY,
    copy_of,
    files_of_at_most,
    known_of,
    project_in,
)
from tests.repository import COOL, WATER, change

COLUMNS = (
    "slug name address country emergency_phone daytime_phone out_of_hours_phone languages papers"
)
NUMBERS = ("GB", "999", "0117 496 0123", "0117 496 0456", "en", "a4")
ROWS = [
    ("corner", "Corner Clinic", "1 Corner Street\nBristol", *NUMBERS),
    ("hill", "Hill Clinic", "1 Hill Road; Bristol", *NUMBERS[:2], "12", *NUMBERS[3:]),
    ("mill", "Mill Clinic", "1 Mill Lane; Bristol", *NUMBERS),
    ("mill", "Mill Clinic again", "1 Mill Lane; Bristol", *NUMBERS),
    ("wide", "W" * 200, "1 Wide Lane; Bristol", *NUMBERS),
    ("lake", "Lake Clinic", "1 Lake Road; Bristol", *NUMBERS),
]
GOOD = ["corner", "lake", "mill", "wide"]
BAD = """\
TABLE:4: "12" is no telephone number in GB.
    Write one number, and nothing else, as people in GB dial it, or with + and the country's code; \
an extension as `… ext. 12` in the column `daytime_phone`.
TABLE:6: the slug "mill" stands twice, first on line 5.
    Give each clinic one row, and a slug of its own.
"""
# Another process has the day of the tests, too.
CODE = """
import sys
from datetime import date
import build
if __name__ == "__main__":
    build.today = lambda: date(2026, 11, 25)
    sys.exit(build.main(sys.argv[1:]))
"""


def write_table(folder: Path, rows: Sequence[tuple[str, ...]]) -> Path:
    path = folder / "clinics.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([COLUMNS.split(), *rows])
    return path


def words_of(folder: Path) -> list[str]:
    """Give the command that makes the packs of a folder, of one handout."""
    where = ["--clinics", str(folder / "clinics.csv"), "--to", str(folder / "packs")]
    return ["packs", "--project", str(folder / "tiny"), *where, "--handout", "note"]


def started(folder: Path) -> subprocess.Popen[str]:
    """Start to make packs in a process."""
    return subprocess.Popen(
        [sys.executable, "-c", CODE, *words_of(folder)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def zips(folder: Path) -> dict[str, bytes]:
    return {path.stem: path.read_bytes() for path in sorted((folder / "packs").glob("*.zip"))}


def files(folder: Path) -> dict[str, tuple[int, int]]:
    """Give the packs with what changes when one is written again."""
    found = {path.name: path.stat() for path in (folder / "packs").glob("*.zip")}
    return {name: (about.st_ino, about.st_mtime_ns) for name, about in found.items()}


@pytest.fixture(scope="session")
def finished(shared: Path) -> tuple[Path, str, str]:
    """Give a folder with packs made once, what was said, and what went wrong; not to be changed."""
    folder, told = shared / "packs", shared / "packs.json"
    with FileLock(shared / "packs.lock"):
        if not told.exists():
            told.write_text(json.dumps(pack_into(folder)), "utf-8")
    said, wrong = json.loads(told.read_text("utf-8"))
    return folder, said, wrong


def pack_into(folder: Path) -> tuple[str, str]:
    """Make packs in a new folder; give what was said, and what went wrong."""
    folder.mkdir()
    copy_of(HERE / "tiny", folder / "tiny")
    write_table(folder, ROWS)
    with (
        redirect_stdout(io.StringIO()) as said,
        redirect_stderr(io.StringIO()) as wrong,
        pytest.MonkeyPatch.context() as patch,
    ):
        patch.setattr(build, "today", lambda: TODAY)
        assert build.main(words_of(folder)) == 1
    return said.getvalue(), wrong.getvalue().replace(str(folder / "clinics.csv"), "TABLE")


@pytest.fixture
def folder(finished: tuple[Path, str, str], tmp_path: Path) -> Path:
    """Give a copy of the folder with its packs."""
    shutil.copytree(finished[0], tmp_path / "copy")
    return tmp_path / "copy"


def begun(folder: Path, day: date = TODAY, *, releases: bool = False, handout: str = "note") -> Run:
    """Give a run that has made nothing yet."""
    project = project_in(folder / "tiny")
    source = Source.of(project)
    choice = Choice("", "", handout)
    known, _, _ = prepare(project, choice, Report("quiet"), day, releases=False)
    table = table_at(folder / "clinics.csv")
    (folder / "packs").mkdir(exist_ok=True)
    slugs = Counter(row.slug for row in table.rows() if not row.fault)
    order = Order(known, choice, table, folder / "packs", source, releases)
    return Run(order, slugs, Stage("packs", 0, Console()))


def jobs(run: Run) -> Iterator[Composed]:
    """Give the sheets of all clinics, one after the other, as they are asked for."""
    return (item for sheets in run.groups() for item in sheets)


def to_do(folder: Path, day: date = TODAY) -> set[str]:
    """Give the clinics whose sheets would be set."""
    return {item.sheet.clinic.slug for item in jobs(begun(folder, day))}


def told(run: Run) -> list[str]:
    return [str(each).replace(str(run.order.table.path), "TABLE") for each in sorted(run.bad)]


# What is made


@pytest.mark.slow
def test_good_rows_get_a_pack_and_bad_ones_are_named(finished: tuple[Path, str, str]) -> None:
    folder, said, wrong = finished
    assert [*zips(folder)] == GOOD
    assert wrong == BAD
    summary = said.splitlines()[-1]
    expected = r"Made 4 packs \(8 sheets\) in \d+ s; 2 rows are bad, and have no pack\."
    assert re.fullmatch(expected, summary), summary


@pytest.mark.slow
def test_a_pack_holds_the_sheets_of_its_clinic_and_what_tells_of_them(
    finished: tuple[Path, str, str],
) -> None:
    content = zips(finished[0])
    with zipfile.ZipFile(io.BytesIO(content["corner"])) as pack:
        names = ["note-a4-large.pdf", "note-a4.pdf"]
        pdfs = [f"corner/en/{name}" for name in names]
        assert pack.namelist() == [*pdfs, "corner/handouts.json"]
        entries = json.loads(pack.read("corner/handouts.json"))["sheets"]
        for entry, name in zip(entries, pdfs, strict=True):
            pdf = pack.read(name)
            read = read_identity(pdf)
            assert read
            assert is_whole(pdf)
            assert (entry["path"], entry["bytes"]) == (name.removeprefix("corner/"), len(pdf))
            assert (read[0].clinic, read[0].code) == ("corner", entry["code"])
            assert entry["status"] == "approved"
    with zipfile.ZipFile(io.BytesIO(content["mill"])) as pack:
        entries = json.loads(pack.read("mill/handouts.json"))["sheets"]
    assert {entry["status"] for entry in entries} == {"issued"}


# What is done again


@pytest.mark.slow
def test_what_is_there_is_not_made_again(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "packs/.mill.zip.123").write_bytes(b"left by a run that was killed")
    (folder / "packs/gone.zip").write_bytes(b"of a clinic that left")
    before = files(folder)
    assert build.main(words_of(folder)) == 1
    said, wrong = capsys.readouterr()
    assert wrong.replace(str(folder / "clinics.csv"), "TABLE") == BAD
    made, left = said.splitlines()[-2:]
    assert made.startswith("Made 0 packs (0 sheets) in ")
    assert made.endswith(" s; 4 were there already; 2 rows are bad, and have no pack.")
    assert left == "Not in the table, and left as they were: gone.zip."
    assert files(folder) == before
    assert not (folder / "packs/.mill.zip.123").exists()


@pytest.mark.slow
def test_only_what_has_changed_is_made_again(folder: Path) -> None:
    assert to_do(folder) == set()
    write_table(folder, [ROWS[2], ("mill-2", *ROWS[2][1:]), ROWS[0]])
    assert to_do(folder) == {"mill-2"}  # rows may move
    write_table(folder, [ROWS[0], (*ROWS[2][:2], "2 Mill Lane", *ROWS[2][3:]), ROWS[5]])
    assert to_do(folder) == {"mill"}
    write_table(folder, [*ROWS[:1], *ROWS[2:3], *ROWS[4:]])
    with (folder / "tiny/clinics/anyone/clinic.yml").open("a") as file:
        file.write("# No clinic of the table\n")
    assert to_do(folder) == set()
    (folder / "tiny/clinics/corner/approvals.yml").unlink()
    assert to_do(folder) == {"corner"}
    change(folder / "tiny", WATER, COOL)
    assert to_do(folder) == set(GOOD)


@pytest.mark.slow
def test_a_day_makes_all_again_only_if_it_changes_how_it_stands(folder: Path) -> None:
    assert to_do(folder, date(2027, 11, 25)) == set()
    assert to_do(folder, date(2028, 11, 24)) == set()
    assert to_do(folder, date(2028, 11, 25)) == set(GOOD)


@pytest.mark.slow
@pytest.mark.parametrize("at", [0, 5000, -1])
def test_a_pack_that_is_damaged_is_made_again(folder: Path, at: int) -> None:
    path = folder / "packs/mill.zip"
    content = bytearray(path.read_bytes())
    content[at] ^= 1
    path.write_bytes(content)
    (folder / "packs/lake.zip").write_bytes(b"")
    (folder / "packs/corner.zip").write_bytes((folder / "packs/corner.zip").read_bytes()[:-1])
    assert to_do(folder) == {"corner", "lake", "mill"}


@pytest.mark.slow
def test_a_pack_whose_row_is_bad_now_is_taken_away(folder: Path) -> None:
    """One from an older table would look current."""
    corner, _, mill, _, wide, lake = ROWS
    bad = [(corner[0], "", *corner[2:]), (mill[0], "", *mill[2:]), (lake[0], "Lake")]
    write_table(folder, [bad[0], mill, *bad[1:], wide])
    run = begun(folder)
    assert [*jobs(run)] == []
    assert [*zips(folder)] == ["mill", "wide"]
    assert run.bad_rows == 3


# What stands in the way


def test_a_fault_of_a_sheet_is_one_of_its_row() -> None:
    written = Cells(Place("t.csv", 7), "", "mill", {}, None)
    wide = Problem(Place("t.csv", 2), "It is wide.", "Hint.")
    assert in_row(wide, written).source == Place("t.csv", 8)
    long = Problem(Place("handouts/note.yml", 4), "It has 3 pages.", "Hint.")
    assert str(at_row(long, written)) == (
        "t.csv:7: It has 3 pages (see handouts/note.yml:4).\n    Hint."
    )


def test_the_same_fault_of_many_sheets_is_named_once(project: Project) -> None:
    known, _ = known_of(project)
    sheets = plan(known.docs, known.library, [])[:3]
    found = [
        Problem(Place("t.csv", 2), f'"W" is too wide on page {number} of {sheet.path}.', "Hint.")
        for number, sheet in enumerate(sheets, start=1)
    ]
    other = Problem(Place("t.csv", 2), f'"X" is too wide on page 1 of {sheets[0].path}.', "Hint.")
    assert without_repeats([*found, other], sheets) == [found[0], other]


@pytest.fixture
def fresh(tmp_path: Path) -> Callable[..., Path]:
    """Give a function that writes a table beside a copy of tests/tiny, and gives their folder."""

    def fresh(*rows: tuple[str, ...]) -> Path:
        copy_of(HERE / "tiny", tmp_path / "new/tiny")
        write_table(tmp_path / "new", [*rows])
        return tmp_path / "new"

    return fresh


def test_clinics_are_in_memory_one_after_the_other(fresh: Callable[..., Path]) -> None:
    """The sheets of a clinic are composed when they are asked for, and none is kept."""
    rows = [(f"clinic-{number}", *ROWS[0][1:]) for number in range(60)]
    run = begun(fresh(*rows))
    for number, item in enumerate(jobs(run), start=1):
        assert len(run.under_way) == 1
        run.take(item, [Problem(Place("x"), "It is wrong.", "Hint.")])
        assert run.bad_rows == number // 2
    assert run.under_way == {}
    assert number == 120


class _Dying(Engine):
    """Gives each sheet as one that died, and keeps how many clinics were under way with it."""

    def __init__(self, run: Run) -> None:
        self._packs, self.under_way = run, list[int]()

    def run(self, _: Any, jobs: Iterable[Any]) -> Iterator[tuple[Any, Any]]:
        for job in jobs:
            self.under_way.append(len(self._packs.under_way))
            yield job, Died()


@pytest.mark.parametrize("clinics", [1, 4, 5, 9])
def test_few_clinics_are_under_way_at_a_time_and_none_is_forgotten(
    fresh: Callable[..., Path], clinics: int
) -> None:
    run = begun(fresh(*((f"clinic-{number}", *ROWS[0][1:]) for number in range(clinics))))
    engine = _Dying(run)
    run.make(engine)
    assert (run.bad_rows, run.under_way) == (clinics, {})
    assert max(engine.under_way) == min(clinics, CLINICS_AT_A_TIME)


@pytest.mark.slow
def test_a_pack_of_handouts_may_be_all_that_is_wanted(fresh: Callable[..., Path]) -> None:
    folder = fresh(ROWS[0])
    (folder / "tiny/handouts/pack.yml").write_text(A_PACK, "utf-8")
    run = begun(folder, handout="pack")
    with Engine() as engine:
        came = set()
        for item, result in set_sheets(engine, [*jobs(run)]):
            came.add(item.sheet.handout.name)
            run.take(item, result)
    assert came == {"note", "slip", "pack"}
    assert run.bad == []
    assert run.under_way == {}
    (content,) = zips(folder).values()
    with zipfile.ZipFile(io.BytesIO(content)) as pack:
        assert {name.partition("/pack-")[0] for name in pack.namelist() if ".pdf" in name} == {
            "corner/en"
        }


def test_a_sheet_at_which_processes_die_costs_its_clinic_its_pack(
    fresh: Callable[..., Path],
) -> None:
    run = begun(fresh(ROWS[0]))
    for item in jobs(run):
        run.take(item, Died())
    assert told(run) == [
        "TABLE:2: two processes that set handouts/corner/en/note-a4-large.pdf were killed, "
        "perhaps because memory ran out.\n    Close other programs, then run again."
    ]


def test_what_is_saved_meanwhile_stops_the_run(fresh: Callable[..., Path]) -> None:
    folder = fresh(ROWS[0])
    run = begun(folder)
    one, two = jobs(run)
    change(folder / "tiny", WATER, COOL)
    run.take(one, [])
    with pytest.raises(MachineError) as stopped:
        run.take(two, [])
    assert str(stopped.value) == (
        "files were saved from which packs are being made.\n"
        "    Leave project and logos as they are meanwhile: no pack may mix old and new."
    )
    assert zips(folder) == {}


def test_a_logo_that_is_saved_meanwhile_stops_the_run(fresh: Callable[..., Path]) -> None:
    folder = fresh()
    logo = Path(shutil.copy(folder / "tiny/clinics/corner/logo.svg", folder / "logo.svg"))
    rows = [",".join([*COLUMNS.split(), "logo"]), ",".join([*ROWS[2], "logo.svg"])]
    (folder / "clinics.csv").write_text("\n".join(rows), "utf-8")
    run = begun(folder)
    one, two = jobs(run)
    run.take(one, [])
    logo.write_bytes(logo.read_bytes() + b"\n")
    with pytest.raises(MachineError, match="files were saved from which packs are being made"):
        run.take(two, [])


def test_an_editor_may_have_a_page_open(fresh: Callable[..., Path]) -> None:
    folder = fresh(ROWS[0])
    before = Source.of(project_in(folder / "tiny"))
    (folder / "tiny/docs/en/.index.md.swp").write_bytes(b"")
    assert before.is_same()
    assert before == Source.of(project_in(folder / "tiny"))


def test_a_clinic_that_prints_nothing_that_is_wanted_is_named(
    fresh: Callable[..., Path],
) -> None:
    run = begun(fresh(ROWS[0]))
    run = replace(run, order=replace(run.order, choice=Choice("", "ar", "")))
    assert [*jobs(run)] == []
    assert told(run) == [
        "TABLE:2: corner prints none of the sheets that are wanted.\n"
        "    Look at its languages, or ask for more."
    ]


def test_what_no_clinic_of_the_project_prints_is_not_checked_and_refused(
    fresh: Callable[..., Path],
) -> None:
    folder = fresh((*ROWS[0][:-2], "ar", "a4"))
    shutil.rmtree(folder / "tiny/clinics/anyone")
    change(folder / "tiny", "languages: [en, ar]", "languages: [en]", "clinics/corner/clinic.yml")
    run = begun(folder)
    assert [*jobs(run)] == []
    assert told(run)[0] == (
        "TABLE:2: no clinic in clinics/ prints note in العربية.\n"
        "    What none of them prints is not checked: let one print in this language too."
    )


def test_the_code_of_a_sheet_leads_to_its_edition(fresh: Callable[..., Path]) -> None:
    """The website has no page for each sheet of a clinic that it does not know."""
    known = begun(fresh(ROWS[0])).order.checked
    for slug, place in (("corner", "codes/{code}.html"), ("mill", "codes.html#{mark}")):
        clinic = replace(known.library.clinics["corner"], slug=slug)
        there = at_clinic(known, clinic)
        sheet: Sheet = plan(there.docs, there.library, [])[-1]
        composer = Composer(known.docs, known.library, there.statuses)
        code = code_of(sheet, composer.sheet_status_of(sheet.handout, sheet))
        where = place.format(code=code, mark=code[:4])
        documents = composer.documents_of(sheet)
        assert not isinstance(documents, Problem)
        assert qr_code(f"https://cuts.example/corner/{where}") in documents[0]


# Release


def test_a_release_of_drafts_is_refused_once_before_any_work(
    fresh: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fresh(*ROWS[:3])
    change(folder / "tiny", WATER, COOL)
    assert build.main([*words_of(folder), "--language", "en", "--release"]) == 1
    wrong = capsys.readouterr().err
    assert wrong.count("note (en) is a draft: its words were changed since version 1.10.") == 1
    assert wrong.endswith("Nothing was written; the last site is as it was.\n")
    assert not (folder / "packs").exists()


def test_a_release_refuses_clinics_that_have_not_approved(fresh: Callable[..., Path]) -> None:
    run = begun(fresh(ROWS[0], ROWS[2], ("anyone", *ROWS[0][1:])), releases=True)
    assert {item.sheet.clinic.slug for item in jobs(run)} == {"corner"}
    assert told(run) == [
        "TABLE:4: mill has not approved note (en).\n"
        "    Approvals lie in clinics/: describe it in clinics/mill/ too, then let it.",
        "TABLE:5: anyone has not approved note (en).\n"
        "    Let it: `build.py approve note --language en --clinic anyone …`.",
    ]


# Usage


def test_packs_are_not_for_one_clinic(
    fresh: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fresh(ROWS[0])
    with pytest.raises(SystemExit, match="2"):
        build.main(["--clinic", "corner", *words_of(folder)])
    assert capsys.readouterr().err.endswith("packs does not take --clinic. Leave it out.\n")


def test_a_table_with_a_column_that_nobody_knows_is_refused(
    fresh: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fresh(ROWS[0])
    change(folder, "papers", "paper", "clinics.csv")
    assert build.main(words_of(folder)) == 1
    assert '"paper" is not a column of a table of clinics.' in capsys.readouterr().err
    assert not (folder / "packs").exists()


# Stopped


def first_pack(process: subprocess.Popen[str], folder: Path) -> None:
    """Wait until a pack more is there than was, or the process has ended."""
    before = [*zips(folder)]
    while [*zips(folder)] == before:
        try:
            process.wait(timeout=0.01)
        except subprocess.TimeoutExpired:
            continue
        return


@pytest.mark.slow
def test_a_run_that_is_killed_or_stopped_is_gone_on_with(
    finished: tuple[Path, str, str],
    fresh: Callable[..., Path],
    capsys: pytest.CaptureFixture[str],
) -> None:
    folder = fresh(*ROWS)
    (folder / "packs").mkdir()
    with started(folder) as process:
        first_pack(process, folder)
        process.kill()
        process.communicate(timeout=60)
    killed = zips(folder)
    assert killed
    with started(folder) as process:
        first_pack(process, folder)
        process.send_signal(signal.SIGINT)
        _, wrong = process.communicate(timeout=60)
    there = zips(folder)
    if process.returncode == 2:  # else it was through before the signal came
        counted = re.fullmatch(
            r"Stopped\. Made and whole: (\d) packs? of this table\. "
            r"Run it again to go on from there\.\n",
            wrong,
        )
        assert counted, wrong
        # The signal may come between the moment when a pack is there and that when it is counted.
        assert int(counted[1]) in (len(there), len(there) - 1)
    assert build.main(words_of(folder)) == 1
    said = capsys.readouterr().out
    assert f"{len(there)} were there already" in said or len(there) == 1
    assert killed.items() <= there.items() <= zips(folder).items()
    assert zips(folder) == zips(finished[0])
    assert sorted(path.name for path in (folder / "packs").iterdir()) == [
        ".lock",
        *(f"{slug}.zip" for slug in GOOD),
    ]


def test_a_full_disk_leaves_nothing_half_written(fresh: Callable[..., Path]) -> None:
    folder = fresh(ROWS[0])
    run = begun(folder)
    one, two = jobs(run)
    run.take(one, [])
    with pytest.raises(OSError, match="File too large") as stopped, files_of_at_most(10):
        run.take(two, [])
    assert stopped.value.filename == str(folder / "packs/corner.zip")
    assert [*(folder / "packs").iterdir()] == []


def test_a_disk_that_takes_no_more_is_named(
    fresh: Callable[..., Path], capsys: pytest.CaptureFixture[str]
) -> None:
    folder = fresh(ROWS[0])
    (folder / "packs/corner.zip").mkdir(parents=True)
    assert build.main(words_of(folder)) == 2
    assert capsys.readouterr().err == (
        f"{folder}/packs/corner.zip cannot be written (is a directory).\n"
        "    Check the folder and the disk, then build again. "
        "Made and whole: 0 packs of this table. Run it again to go on from there.\n"
    )


@pytest.mark.slow
def test_a_second_run_waits_for_the_first(folder: Path) -> None:
    lock = FileLock(folder / "packs/.lock")
    with lock, started(folder) as process:
        assert process.stdout
        lines = iter(process.stdout.readline, "")
        waits = "Another build is at work in this folder; this one goes on after it.\n"
        assert waits in lines
        lock.release()
        said, _ = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "4 were there already" in said


# How it goes on


def test_a_long_stage_says_how_it_goes_on_where_no_bar_moves() -> None:
    out = Console(file=io.StringIO(), highlight=False)
    report = Report(out=out)
    with report.stage("packs", 250) as stage:
        stage.pace = "3.1 sheets a second, 41 min left"
        for _ in range(250):
            stage.step()
    assert isinstance(out.file, io.StringIO)
    assert out.file.getvalue().splitlines()[:2] == [
        "packs    100 of 250, 3.1 sheets a second, 41 min left",
        "packs    200 of 250, 3.1 sheets a second, 41 min left",
    ]


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0.4, "0 s"), (59, "59 s"), (61, "1 min"), (3599, "1 h 0 min"), (11_100, "3 h 5 min")],
)
def test_a_time_is_spelt_as_people_say_it(seconds: float, said: str) -> None:
    assert spell(seconds) == said
