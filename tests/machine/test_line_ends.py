"""A clone on Windows, where lines may end with CR and LF, prints the same words and pictures."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from tests.conftest import ROOT, composed_of, known_of, project_in

TEXTS = {".md", ".yml", ".svg", ".css", ".jinja"}


def as_on_windows(folder: Path) -> None:
    for path in folder.rglob("*"):
        if path.suffix in TEXTS:
            path.write_bytes(path.read_bytes().replace(b"\n", b"\r\n"))


def test_the_words_and_how_it_stands_with_them_are_the_same(tiny: Path) -> None:
    project = project_in(tiny)
    before, sheets = known_of(project)[0], [item.html for item in composed_of(project)]
    as_on_windows(tiny)
    after = known_of(project)[0]
    assert {of: words.hash for of, words in after.content.items()} == {
        of: words.hash for of, words in before.content.items()
    }
    assert {of: sheet_status.status for of, sheet_status in after.statuses.items()} == {
        of: sheet_status.status for of, sheet_status in before.statuses.items()
    }
    assert "draft" not in {sheet_status.status for sheet_status in after.statuses.values()}
    assert [item.html for item in composed_of(project)] == sheets


def test_records_can_be_written_there(tiny: Path, run: Callable[..., tuple[int, str]]) -> None:
    as_on_windows(tiny)
    words = ("approve", "slip", "--clinic", "corner", "--language", "ar", "--project", str(tiny))
    assert run(*words, "--by", "Dr A", "--role", "doctor") == (0, "")
    text = (tiny / "clinics/corner/approvals.yml").read_bytes()
    assert text.count(b"\n") == text.count(b"\r\n")
    assert run("check", "--project", str(tiny)) == (0, "")


def test_git_gives_every_system_the_same_lines() -> None:
    """And leaves alone what is no text."""
    attributes = (ROOT / ".gitattributes").read_text("utf-8").splitlines()
    assert "* text=auto eol=lf" in attributes
    binary = {line.partition(" ")[0] for line in attributes if line.endswith(" binary")}
    assert {"*.png", "*.jpg", "*.jpeg", "*.webp", "*.gif", "*.pdf"} <= binary
