"""The ledger's files: what is written reads back the same, and leaves all else as it was."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import yaml
from filelock import FileLock

from plainleaf.model import Approval, Edition, Project, Withdrawal
from plainleaf.problems import MachineError, Place, Problem
from plainleaf.records.approvals import add_approval, read_approvals
from plainleaf.records.ledger import add, parsed, read_ledger, withdraw
from tests.conftest import ROOT, files_of_at_most, issue, reissue, snapshot
from tests.repository import commit, git, repository_in

Run = Callable[..., tuple[int, str]]
NOWHERE = Place("")
NOTE = "ledger/note.yml"
APPROVALS = "clinics/corner/approvals.yml"
HEADER = (
    "# Every version of this handout that was issued. build.py writes this file; edit nothing.\n"
)
WITHDRAWAL = Withdrawal(date(2026, 11, 25), "It is wrong: see #2.", "Ask us.")
SECOND = """\
  - version: 1.11
    title: Washing a small cut
    issued: 2026-11-23
    review_by: 2028-11-24
    author: Plainleaf's tests
    reviewer: Dr Invented, nurse
    change: The first version of this.
    mark: H8YS
    content: 530c91499e2415d2ad4494d109b5881261c3244f79cfbdaad12d51f8b8a953fe
"""
WITHDRAWN = """\
    withdrawn:
      on: 2026-11-25
      why: 'It is wrong: see #2.'
      instead: Ask us.
"""
APPROVED = f"""\
  - handout: slip
    language: en
    version: 2.0
    by: Dr Invented
    role: Dr Invented
    on: 2026-11-25
    content: {"f" * 64}
"""
# What people may write, and what YAML may take for something else.
TEXTS = [
    'She said "no": it\'s wrong, 5 % # not a comment',
    "- a list? {no}, [no], *no, &no, !no, |no, >no, @no, `no`",
    "yes",
    "null",
    "~",
    "1.10",
    "2026-11-25",
    "12:30",
    "...",
    "---",
    "# only a comment",
    "ends in a colon:",
    "back\\slash \\n and tab\\t",
    "🩹 and 👩‍⚕️",
    "غسل جرح صغير: الإصدار 2",
    "\u200fسطر من اليمين\u200f",
    "long " * 200 + "end",
    "a\u00a0b",
    "%",
    "'",
    '"',
    "? why",
    "<<",
    "=",
]


def editions_of(project: Project, handout: str = "note", language: str = "en") -> list[Edition]:
    """Give the versions in a ledger, wherever they stand in it."""
    problems: list[Problem] = []
    found = read_ledger(project.anew(), problems)
    assert problems == []
    return [replace(each, source=NOWHERE) for each in found.get((handout, language), ())]


def approvals_of(project: Project) -> list[Approval]:
    """Give what the clinic at the corner has approved."""
    problems: list[Problem] = []
    found = read_approvals(project.anew(), project.folder / "clinics/corner", problems)
    assert problems == []
    return found


def first(project: Project) -> Edition:
    return read_ledger(project.anew(), [])["note", "en"][0]


def second(project: Project) -> Edition:
    return replace(first(project), version="1.11", mark="H8YS")


def test_a_version_is_written_below_the_last_and_all_else_stays(project: Project) -> None:
    path = project.folder / NOTE
    old = path.read_text("utf-8")

    assert add(project, second(project)) == path

    head, ar, rest = old.partition("ar:\n")
    assert path.read_text("utf-8") == head + SECOND + ar + rest
    assert [each.version for each in editions_of(project)] == ["1.10", "1.11"]


def test_the_first_version_of_a_language_stands_below_all_others(project: Project) -> None:
    path = project.folder / NOTE
    old = path.read_text("utf-8")
    add(project, replace(second(project), language="fr"))
    assert path.read_text("utf-8") == old + "fr:\n" + SECOND


def test_the_first_version_of_a_handout_gets_a_file_and_a_folder(project: Project) -> None:
    edition = second(project)
    for path in (project.folder / "ledger").iterdir():
        path.unlink()
    (project.folder / "ledger").rmdir()

    assert add(project, edition).read_text("utf-8") == HEADER + "en:\n" + SECOND


def test_a_withdrawal_is_written_below_its_version_and_all_else_stays(project: Project) -> None:
    path = project.folder / NOTE
    add(project, second(project))
    old = path.read_text("utf-8")

    withdraw(project, first(project), WITHDRAWAL)

    before, _, after = old.partition(SECOND)
    assert path.read_text("utf-8") == before + WITHDRAWN + SECOND + after
    assert [each.withdrawal for each in editions_of(project)] == [WITHDRAWAL, None]


def test_of_two_versions_with_one_number_the_one_that_was_meant_is_withdrawn(
    project: Project,
) -> None:
    add(project, replace(first(project), mark="H8YS"))
    newest = read_ledger(project.anew(), [])["note", "en"][-1]

    withdraw(project, newest, WITHDRAWAL)

    assert [each.withdrawal for each in editions_of(project)] == [None, WITHDRAWAL]


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_reads_back_the_same(project: Project, text: str) -> None:
    edition = replace(second(project), change=text, author=text, reviewer=text, title=text)
    add(project, edition)
    withdrawal = Withdrawal(WITHDRAWAL.on, text, text)
    withdraw(project, read_ledger(project.anew(), [])["note", "en"][-1], withdrawal)
    wanted = replace(edition, withdrawal=withdrawal, source=NOWHERE)
    assert editions_of(project)[-1] == wanted

    approval = approval_of(text)
    add_approval(project, approval)
    assert replace(approvals_of(project)[-1], source=NOWHERE) == approval
    for path in (NOTE, APPROVALS):
        written = (project.folder / path).read_text("utf-8")
        assert written.endswith("\n") and not written.endswith("\n\n")


def approval_of(text: str = "Dr Invented") -> Approval:
    day = date(2026, 11, 25)
    return Approval("corner", "slip", "en", "2.0", "f" * 64, text, text, day, NOWHERE)


def test_an_approval_is_written_at_the_end_and_all_else_stays(project: Project) -> None:
    path = project.folder / APPROVALS
    old = path.read_text("utf-8")

    assert add_approval(project, approval_of()) == path

    assert path.read_text("utf-8") == old + APPROVED
    path.unlink()
    add_approval(project, approval_of())
    header = "# Who at this clinic approved which sheet. build.py approve writes this file; edit "
    assert path.read_text("utf-8") == f"{header}nothing.\napprovals:\n{APPROVED}"


def test_comments_blank_lines_and_quotes_stay(project: Project) -> None:
    path = project.folder / NOTE
    text = path.read_text("utf-8")
    text = text.replace("\nar:", "\n  # the last of English\n\n# Arabic\nar:")
    text = text.replace("title: Washing", "title:   'Washing").replace("cut\n", "cut'  # a title\n")
    path.write_text(text, "utf-8")

    add(project, second(project))
    withdraw(project, first(project), WITHDRAWAL)

    written = path.read_text("utf-8")
    assert written.replace(WITHDRAWN, "").replace(SECOND, "") == text
    assert editions_of(project)[-1].version == "1.11"


@pytest.mark.parametrize("end", ["\n", "\r\n"], ids=["plain", "windows"])
def test_line_ends_stay_and_a_last_one_that_is_missing_is_written(
    project: Project, end: str
) -> None:
    note, approvals = (project.folder / name for name in (NOTE, APPROVALS))
    texts = {path: path.read_text("utf-8") for path in (note, approvals)}
    for path, text in texts.items():
        path.write_bytes(text.rstrip("\n").replace("\n", end).encode("utf-8"))

    withdraw(project, first(project), WITHDRAWAL)
    add(project, replace(second(project), language="fr"))
    add_approval(project, approval_of())

    wanted = texts[note].replace("ar:\n", f"{WITHDRAWN}ar:\n") + f"fr:\n{SECOND}"
    assert note.read_bytes().decode("utf-8") == wanted.replace("\n", end)
    wanted = texts[approvals] + APPROVED
    assert approvals.read_bytes().decode("utf-8") == wanted.replace("\n", end)


def test_a_mark_of_the_byte_order_stays(project: Project) -> None:
    path = project.folder / NOTE
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    add(project, second(project))
    assert path.read_bytes().startswith(b"\xef\xbb\xbf# Every")
    assert len(editions_of(project)) == 2


def test_the_only_entry_can_be_taken_out_and_written_again(project: Project) -> None:
    path = project.folder / NOTE
    edition = first(project)
    text = path.read_text("utf-8")
    path.write_text(f"{HEADER}en:\n{text[text.index('ar:') :]}", "utf-8")
    assert editions_of(project) == []
    add(project, edition)
    assert path.read_text("utf-8") == text

    approvals = project.folder / APPROVALS
    text = approvals.read_text("utf-8")
    approvals.write_text("approvals:\n", "utf-8")
    assert approvals_of(project) == []
    add_approval(project, approval_of())
    assert approvals.read_text("utf-8").startswith("approvals:\n  - handout: slip\n")


@pytest.mark.parametrize("layout", ["no spaces before a dash", "brackets"])
def test_a_file_in_another_layout_is_left_as_it_is(
    tiny: Path, project: Project, layout: str
) -> None:
    for name in (NOTE, APPROVALS):
        text = (tiny / name).read_text("utf-8")
        if layout == "brackets":
            text = yaml.dump(parsed(text), default_flow_style=True, allow_unicode=True, width=10**6)
        else:
            text = "\n".join(line.removeprefix("  ") for line in text.split("\n"))
        (tiny / name).write_text(text, "utf-8")
    assert len(editions_of(project)) == 1
    before = snapshot(tiny)

    writes: list[tuple[str, Callable[[], object]]] = [
        (NOTE, lambda: add(project, second(project))),
        (NOTE, lambda: withdraw(project, first(project), WITHDRAWAL)),
        (APPROVALS, lambda: add_approval(project, approval_of())),
    ]
    for name, write in writes:
        with pytest.raises(MachineError) as stopped:
            write()
        assert str(stopped.value) == (
            f"{name} is laid out in another way than build.py writes it.\n"
            "    Take it back as git has it, then run this again."
        )
    assert snapshot(tiny) == before


def test_two_that_withdraw_at_once_do_it_one_after_the_other(tiny: Path) -> None:
    words = ("--language", "en", "--why", "It is wrong.", "--instead", "Ask us.")
    command = [sys.executable, "-u", str(ROOT / "build.py"), "--project", str(tiny)]
    lock = FileLock(tiny / ".records.lock")
    lock.acquire(timeout=60)
    with subprocess.Popen(
        [*command, "withdraw", "note", *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as second:
        try:
            assert second.stdout
            waits = "Another build is at work in this folder; this one goes on after it.\n"
            assert second.stdout.readline() == waits
            reissue(tiny, "note", version="9.0")  # as the first does, meanwhile
        finally:
            lock.release()
        said, wrong = second.communicate(timeout=120)
    assert (said.partition("\n")[0], wrong) == ("Withdrew note (en) 9.0.", "")
    assert not (tiny / ".records.lock").exists()


def test_a_full_disk_leaves_the_file_as_it_was_and_says_so(tiny: Path, run: Run) -> None:
    before = snapshot(tiny)
    withdraw = ("withdraw", "note", "--language", "en", "--why", "It is wrong.")
    with files_of_at_most(500):
        said = run("--project", str(tiny), *withdraw, "--instead", "Ask us.")
    assert said == (
        2,
        f"{tiny}/ledger/note.yml cannot be written (file too large).\n"
        "    Files may not grow so large here. Raise the limit, then build again. The last site is "
        "as it was.\n",
    )
    assert snapshot(tiny) == before


def test_a_folder_that_cannot_be_written_leaves_all_as_it_was_and_says_so(
    tiny: Path, run: Run
) -> None:
    """The new file's name is that of a folder: a super-user may write into any other one."""
    (tiny / f"clinics/corner/.approvals.yml.{os.getpid()}").mkdir()
    before = snapshot(tiny)
    approve = ("approve", "slip", "--clinic", "corner", "--language", "en")
    assert run("--project", str(tiny), *approve, "--by", "Dr Invented", "--role", "nurse") == (
        2,
        f"{tiny}/clinics/corner/approvals.yml cannot be written (is a directory).\n"
        "    Check the folder and the disk, then build again. The last site is as it was.\n",
    )
    assert snapshot(tiny) == before


# Two people at once


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give the tiny project in a git repository, committed once."""
    return repository_in(tmp_path)


def on_two_branches(folder: Path, ours: Callable[[], object], theirs: Callable[[], object]) -> bool:
    """Let two people do something, each on a branch of their own; tell whether git merges both."""
    git(folder, "branch", "theirs")
    ours()
    commit(folder)
    git(folder, "checkout", "--quiet", "theirs")
    theirs()
    commit(folder)
    git(folder, "checkout", "--quiet", "-")
    try:
        git(folder, "merge", "--quiet", "--no-edit", "theirs")
    except subprocess.CalledProcessError:
        return False
    return True


def sign_off(folder: Path, handout: str, language: str = "en", **said: str) -> Edition:
    """Issue the same words anew, since somebody has read them."""
    translation = {"translation": "reviewed"} if language == "ar" else {}
    return issue(folder, handout, language, reviewer="Dr New, nurse", **translation, **said)


@pytest.mark.parametrize(
    "others", [("slip", "en"), ("note", "ar")], ids=["two handouts", "two languages of one"]
)
def test_two_issues_merge(repository: Path, run: Run, others: tuple[str, str]) -> None:
    assert on_two_branches(
        repository,
        lambda: sign_off(repository, "note"),
        lambda: sign_off(repository, *others),
    )
    project = Project(repository, repository)
    for handout, language in (("note", "en"), others):
        newest = editions_of(project, handout, language)[-1]
        assert newest.reviewer == "Dr New, nurse"
    assert run("--project", str(repository), "check") == (0, "")


def test_two_issues_of_one_handout_are_a_conflict_and_to_keep_both_is_none_of_its_ends(
    repository: Path, run: Run
) -> None:
    assert not on_two_branches(
        repository,
        lambda: sign_off(repository, "note", note="I have read it again."),
        lambda: sign_off(repository, "note", note="A second nurse has read it."),
    )
    status, said = run("--project", str(repository), "check")
    assert status == 1
    assert said.startswith("ledger/note.yml:")
    path = repository / NOTE
    lines = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text(
        "".join(line for line in lines if not line.startswith(("<<<", "===", ">>>"))), "utf-8"
    )
    status, said = run("--project", str(repository), "check")
    assert status == 1
    assert said == (
        'ledger/note.yml:20: "change" is given twice, first on line 18.\n'
        "    Keep one of the two.\n"
        'ledger/note.yml:21: "mark" is given twice, first on line 19.\n'
        "    Keep one of the two.\n"
        "\n2 problems. Nothing was written; the last site is as it was.\n"
    )


def test_an_issue_and_a_withdrawal_of_one_handout_are_a_conflict(repository: Path) -> None:
    def take_back() -> None:
        project = Project(repository, repository)
        withdraw(project, first(project), WITHDRAWAL)

    assert not on_two_branches(repository, lambda: sign_off(repository, "note"), take_back)
