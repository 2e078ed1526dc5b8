"""A story played through: a clinic approves a sheet, a word changes, and the paper is followed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path

import lxml.html
import pypdfium2
import pytest

import build
from plainleaf.records.codes import sheet_code
from tests.conftest import on_one_paper, snapshot
from tests.paper import MM, Paper, joined, read_pdf, squeezed
from tests.repository import change, commit, known_in, note, repository_in

pytestmark = pytest.mark.slow

# An item of a list that both handouts print.
OLD, NEW = "Our number", "Our telephone"
FILE = "corner/en/note-a4.pdf"
SCALE = 2  # pixels a point
DRAFT = "Draft. Do not hand it out. Its words may still change."


@dataclass(frozen=True, slots=True)
class Clinic:
    """A clinic's copy of the tiny project under git, and what its people type."""

    folder: Path
    capsys: pytest.CaptureFixture[str]

    def types(self, *words: str) -> tuple[int, str]:
        """Run the command line; give its exit status and all that it said."""
        status = build.main(["--project", str(self.folder), *words])
        return status, "".join(self.capsys.readouterr())

    def builds(self) -> dict[str, str]:
        """Build the note of the clinic; give its sheet on A4 as the manifest lists it."""
        choice = ("--clinic", "corner", "--language", "en", "--handout", "note")
        status, said = self.types(*choice)
        assert status == 0, said
        manifest = json.loads((self.folder / "site/handouts/handouts.json").read_text("utf-8"))
        (listed,) = (each for each in manifest["sheets"] if each["path"] == f"handouts/{FILE}")
        return dict(listed)

    @property
    def sheet(self) -> Path:
        """Give the sheet on A4."""
        return self.folder / "site/handouts" / FILE

    def page_of(self, version: str) -> str:
        """Give what the site says of the code of a version of the sheet."""
        mark = note(known_in(self.folder), version).mark
        page = self.folder / f"site/codes/{sheet_code(mark, 'corner', 'a4', 'standard')}.html"
        return " ".join(lxml.html.parse(page).getroot().find("body").text_content().split())


@pytest.fixture
def clinic(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Clinic:
    """Give the tiny project under git; its corner clinic has approved the note."""
    folder = repository_in(tmp_path)
    on_one_paper(folder, "anyone", "corner")
    commit(folder)
    return Clinic(folder, capsys)


def paper(pdf: Path) -> Paper:
    """Read a PDF that another may replace: what is read once is kept by its name."""
    raw = pdf.read_bytes()
    kept = pdf.with_name(f"{hashlib.sha256(raw).hexdigest()}.pdf")
    kept.write_bytes(raw)
    read = read_pdf(kept)
    kept.unlink()
    return read


def words_of(pdf: Path) -> str:
    return joined(list(paper(pdf).painted))


def black_blocks(pdf: Path) -> list[float]:
    """Give for each page how high (mm) the black block beside the warning is on a grey printer."""
    found = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page in document:
            grey = page.render(scale=SCALE).to_pil().convert("L")
            left, right, foot = (round(mm * MM * SCALE) for mm in (15, 21, 40))
            rows = (grey.crop((left, y, right, y + 1)).getextrema()[1] for y in range(foot))
            found.append(sum(lightest < 64 for lightest in rows) / MM / SCALE)
    return found


def test_the_life_of_a_sheet(clinic: Clinic) -> None:  # noqa: PLR0915 each step needs the last
    first = clinic.builds()
    assert (first["status"], first["version"]) == ("approved", "1.10")
    approval = "Approved for Corner Clinic by Dr Also Invented, nurse in charge, on 24 November"
    assert squeezed(approval) in words_of(clinic.sheet)
    assert clinic.types("verify", str(clinic.sheet))[0] == 0
    assert max(black_blocks(clinic.sheet)) < 1  # the frame of the example clinic's notice

    # One word of a section that both handouts print.
    change(clinic.folder, OLD, NEW)
    statuses = known_in(clinic.folder).statuses
    drafts = {of for of, sheet_status in statuses.items() if sheet_status.status == "draft"}
    clinics = ("corner", "anyone")
    assert drafts == {(name, "en", each) for name in ("note", "slip") for each in clinics}

    # The draft is built, and nobody can overlook what it is.
    assert clinic.builds()["status"] == "draft"
    pages = paper(clinic.sheet)
    for number in range(len(pages.sizes)):
        assert squeezed(DRAFT) in joined(pages.head_and_foot(number))
    assert min(black_blocks(clinic.sheet)) > 4
    status, said = clinic.types("verify", str(clinic.sheet))
    assert status == 1
    assert "a draft, which is not to be handed out" in said
    before = snapshot(clinic.folder / "site")
    status, said = clinic.types("--release", "--clinic", "corner", "--handout", "note")
    assert (status, "note (en) is a draft" in said) == (1, True)
    assert snapshot(clinic.folder / "site") == before

    # It is issued, and approved anew.
    told = ("--language", "en", "--note", "You must keep our telephone number ready.")
    assert clinic.types("issue", "note", *told)[0] == 0
    signed = ("--language", "en", "--by", "Dr Also Invented", "--role", "nurse in charge")
    assert clinic.types("approve", "note", "--clinic", "corner", *signed)[0] == 0
    commit(clinic.folder)
    second = clinic.builds()
    assert (second["status"], second["version"]) == ("approved", "1.11")
    assert second["content"] != first["content"]
    assert max(black_blocks(clinic.sheet)) < 1
    assert clinic.types("verify", str(clinic.sheet), str(second["code"]))[0] == 0
    choice = ("--clinic", "corner", "--language", "en", "--handout", "note")
    assert clinic.types("check", "--release", *choice)[0] == 0

    # Who still has the old paper learns of the new one.
    old = clinic.page_of("1.10")
    assert "There is a newer version." in old
    assert "Version 1.11, 29 November 2026. You must keep our telephone number ready." in old
    status, said = clinic.types("verify", first["code"])
    assert (status, "replaced by version 1.11" in said) == (1, True)

    # A file that somebody changed says so.
    raw = clinic.sheet.read_bytes()
    forged = clinic.folder / "forged.pdf"
    at = raw.index(b"stream", len(raw) // 2) + 20
    forged.write_bytes(raw[:at] + bytes([raw[at] ^ 1]) + raw[at + 1 :])
    status, said = clinic.types("verify", str(forged))
    assert status == 1
    assert "changed since it was made" in said or "damaged" in said

    # The first version comes back with its own words.
    assert clinic.types("rebuild", "note", "--version", "1.10", "--clinic", "corner")[0] == 0
    again = clinic.folder / "build/rebuilt/note-1.10-en/corner/note-a4.pdf"
    assert squeezed(OLD) in words_of(again)
    assert squeezed(NEW) not in words_of(again)
    assert squeezed("Old version. Do not hand it out.") in words_of(again)

    # The new one is taken back.
    why = ("--why", "It does not say which number.", "--instead", "Ask us for our number.")
    assert clinic.types("withdraw", "note", "--language", "en", *why)[0] == 0
    assert clinic.builds()["status"] == "withdrawn"
    said = clinic.page_of("1.11")
    assert "Withdrawn." in said
    assert "It does not say which number." in said
    assert "Ask us for our number." in said
