"""What `build.py verify` says of PDFs and codes: ours or not, whole or not, current or not."""

from __future__ import annotations

import dataclasses
import hashlib
import io
import json
import random
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pikepdf
import pytest

import build
from plainleaf.commands.verify import verify
from plainleaf.journey import recorded
from plainleaf.model import Edition, Project, Withdrawal
from plainleaf.records import ledger
from plainleaf.records.codes import edition_mark, sheet_code
from plainleaf.records.identity import sealed
from tests.records.test_identity import NOTE, issued_pdfs, note, with_metadata

pytestmark = pytest.mark.slow

Verify = Callable[..., tuple[int, str, str]]
LIST = "site/handouts/handouts.json"
SEAL = "changed since it was made: its seal does not hold"
APPROVED = "yes: the newest version, approved by Dr Also Invented, nurse in charge, on 2026-11-24"


def answer(project: Project, what: Path | str) -> str:
    """Give what verify says, without the folder of a file."""
    said = str(verify(recorded(project.anew(), build.today()), str(what)))
    return said.replace(f"{project.folder}/", "")


def file(project: Project, pdf: bytes, name: str = "sheet.pdf") -> Path:
    path = project.folder / name
    path.write_bytes(pdf)
    return path


def lines(said: str) -> dict[str, str]:
    """Give the lines of an answer by their labels, with the mark of those that are wrong."""
    rows = [line for line in said.splitlines() if line.startswith("  ")]
    return {row[4:].split()[0]: row[2] + row[14:].strip() for row in rows}


def wrong(said: str) -> dict[str, str]:
    """Give the lines that are wrong."""
    return {label: text[1:] for label, text in lines(said).items() if text[0] == "!"}


def issue(project: Project, **changed: object) -> Edition:
    """Issue the note anew, whatever its words."""
    last = recorded(project.anew(), build.today()).library.editions["note", "en"][-1]
    new = dataclasses.replace(last, **changed, withdrawal=None)  # type: ignore[arg-type]
    new = dataclasses.replace(new, mark=edition_mark(ledger.sealed_fields(new), {last.mark}))
    ledger.add(project, new)
    return new


def withdraw(project: Project) -> None:
    last = recorded(project.anew(), build.today()).library.editions["note", "en"][-1]
    why, instead = "The dose was wrong.", "Call your clinic today."
    ledger.withdraw(project, last, Withdrawal(date(2026, 11, 25), why, instead))


def publish(project: Project, pdf: bytes, **changed: object) -> None:
    """Write the list of a site that holds the note alone."""
    entry = {**dataclasses.asdict(NOTE), "form": False, "path": "handouts/corner/en/note-a4.pdf"}
    entry |= {"sha256": hashlib.sha256(pdf).hexdigest(), **changed}
    path = project.folder / LIST
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps({"sheets": [entry]}), "utf-8")


# PDFs of ours


def test_a_sheet_as_it_was_made(project: Project) -> None:
    publish(project, note())
    assert answer(project, file(project, note())) == (
        "sheet.pdf: all is well.\n"
        "    Handout   T-1 (note), Washing a small cut\n"
        "    Language  en, English\n"
        "    Clinic    corner, Corner Clinic\n"
        "    Version   1.10 of 2026-11-23\n"
        "    Paper     A4, standard print\n"
        "    Code      V7RN-6RF3\n"
        "    Bytes     as they were made: those of site/handouts/corner/en/note-a4.pdf\n"
        "    Words     those of version 1.10 in ledger/note.yml\n"
        f"    Current   {APPROVED}"
    )


def test_a_form_that_its_clinic_has_not_approved(project: Project) -> None:
    form = issued_pdfs("corner/en/slip-a4")[1][1].pdf
    said = lines(answer(project, file(project, form)))
    assert said["Paper"].strip() == "A4, standard print, a form to type into"
    assert said["Current"].strip() == "yes: the newest version, the clinic has not approved it"
    assert said["Bytes"].strip() == "as they were made; there is no site here to hold them against"


def test_a_sheet_that_is_not_current_for_several_reasons(project: Project) -> None:
    path = file(project, note())
    issue(project, version="1.11", content="0" * 64, change="We say how long to press.")
    issue(project, version="1.12", content="1" * 64, change="We say what to cover it with.")
    said = answer(project, path)
    assert said.splitlines()[0] == "sheet.pdf: not all is well: look at current."
    assert wrong(said) == {
        "Current": "no: replaced by version 1.12 of 2026-11-23. "
        "1.11: We say how long to press. 1.12: We say what to cover it with."
    }
    withdraw(project)
    assert "of 2026-11-23, which is withdrawn. 1.11:" in wrong(answer(project, path))["Current"]


def test_a_sheet_that_is_withdrawn(project: Project) -> None:
    withdraw(project)
    gone = "no: withdrawn on 2026-11-25: The dose was wrong. What to do: Call your clinic today."
    assert wrong(answer(project, file(project, note()))) == {"Current": gone}
    # The same words with a later number, which is withdrawn: nobody should use the first either.
    issue(project, version="1.11")
    assert wrong(answer(project, file(project, note()))) == {"Current": gone}


def test_words_that_were_withdrawn_under_a_later_number(project: Project) -> None:
    issue(project, version="1.11")
    withdraw(project)
    said = wrong(answer(project, file(project, note())))
    assert said["Current"].startswith("no: withdrawn on 2026-11-25: The dose was wrong.")


def test_a_sheet_that_should_have_been_looked_at_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(build, "today", lambda: date(2028, 11, 25))
    assert wrong(answer(project, file(project, note()))) == {
        "Current": "no: overdue: it should have been looked at again by 2028-11-24"
    }


def test_a_clock_before_the_issue(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "today", lambda: date(2026, 1, 1))
    assert wrong(answer(project, file(project, note()))) == {
        "Current": "no: the clock of this machine says 2026-01-01, which is before it was issued"
    }


def test_a_draft_and_one_whose_words_were_issued_later(project: Project) -> None:
    draft = sealed(with_metadata(note(), 'version="1.10"', 'version=""'))
    draft = sealed(with_metadata(draft, f'code="{NOTE.code}"', 'code=""'))
    said = answer(project, file(project, draft))
    assert said.splitlines()[0] == "sheet.pdf: not all is well: look at version, words, current."
    assert wrong(said) == {
        "Version": "none",
        "Words": "issued since as version 1.10",
        "Current": "no: a draft, which is not to be handed out",
    }
    never = sealed(with_metadata(draft, NOTE.content, "0" * 64))
    assert wrong(answer(project, file(project, never)))["Words"] == "not in ledger/note.yml"


def test_a_ledger_that_does_not_know_the_sheet(project: Project) -> None:
    other = sealed(with_metadata(note(), 'version="1.10"', 'version="7.0"'))
    assert wrong(answer(project, file(project, other))) == {
        "Version": "7.0, of which ledger/note.yml knows nothing",
        "Words": "issued since as version 1.10",
    }
    other = sealed(with_metadata(note(), 'clinic="corner"', 'clinic="gone"'))
    right = sheet_code("V7RN", "gone", "a4", "standard")
    assert wrong(answer(project, file(project, other))) == {
        "Clinic": "gone, which is not in clinics/",
        "Code": f"V7RN-6RF3, but that of this sheet is {right}",
    }
    other = sealed(with_metadata(note(), NOTE.content, "0" * 64))
    said = wrong(answer(project, file(project, other)))
    assert said == {"Words": "not those of version 1.10 in ledger/note.yml"}


def test_a_ledger_that_was_changed_by_hand(project: Project) -> None:
    path = project.folder / "ledger/note.yml"
    path.write_text(path.read_text("utf-8").replace("2028-11-24", "2029-11-22", 1), "utf-8")
    changed = "cannot be told: ledger/note.yml:3 was changed after it was issued"
    assert wrong(answer(project, file(project, note()))) == {"Words": changed}
    assert wrong(answer(project, NOTE.code)) == {"Words": changed}


# PDFs that were changed


def test_a_byte_that_was_flipped(project: Project) -> None:
    middle = len(note()) // 2
    changed = note()[:middle] + bytes([note()[middle] ^ 1]) + note()[middle + 1 :]
    publish(project, note())
    said = answer(project, file(project, changed))
    assert said.splitlines()[0] == "sheet.pdf: not all is well: look at bytes."
    assert wrong(said) == {"Bytes": SEAL}


def test_bytes_that_were_added(project: Project) -> None:
    assert wrong(answer(project, file(project, note() + b"%more\n"))) == {"Bytes": SEAL}


def test_metadata_that_was_edited(project: Project) -> None:
    edited = with_metadata(note(), 'version="1.10"', 'version="1.11"')
    assert wrong(answer(project, file(project, edited))) == {
        "Version": "1.11, of which ledger/note.yml knows nothing",
        "Bytes": SEAL,
        "Words": "issued since as version 1.10",
    }


def test_what_a_stranger_writes_into_a_file_is_safe_to_print(project: Project) -> None:
    edited = with_metadata(note(), 'handout="note"', 'handout="no\u202ete&#x9b;31m"')
    assert lines(answer(project, file(project, edited)))["Handout"].strip() == (
        "T-1 (no?te?31m), Washing a small cut"
    )


def test_a_seal_that_was_made_anew(project: Project) -> None:
    publish(project, note())
    forged = sealed(with_metadata(note(), "Washing a small cut", "Burning a small cut"))
    assert wrong(answer(project, file(project, forged))) == {
        "Bytes": "not those of site/handouts/corner/en/note-a4.pdf, which is of the same words, "
        "made at another time; or this one was changed and sealed anew"
    }


@pytest.mark.parametrize(
    ("listed", "said"),
    [
        ({"version": "1.11"}, "not those of site/{}, which is version 1.11 now"),
        ({"version": None}, "not those of site/{}, which is a draft now"),
        ({"status": "overdue"}, "not those of site/{}, which is overdue now"),
        ({"content": "0"}, "not those of site/{}, which is of other words"),
        ({"clinic": "anyone"}, "not known: the site here has no such sheet"),
        ({"form": True}, "not known: the site here has no such sheet"),
    ],
)
def test_a_site_that_has_something_else(
    project: Project, listed: dict[str, object], said: str
) -> None:
    publish(project, b"another", **listed)
    expected = said.format("handouts/corner/en/note-a4.pdf")
    assert wrong(answer(project, file(project, note()))) == {"Bytes": expected}


@pytest.mark.parametrize("text", ["", "[]", '{"sheets": [1]}', '{"sheets": [{}]}', "{"])
def test_a_list_of_the_site_that_is_broken(project: Project, text: str) -> None:
    publish(project, note())
    (project.folder / LIST).write_text(text, "utf-8")
    said = lines(answer(project, file(project, note())))["Bytes"]
    assert said.strip() == f"as they were made; {LIST} cannot be read: build the site again"


# What is none of ours


def test_what_is_no_pdf(project: Project) -> None:
    for content in (b"", b"Hello", bytes(2000) + b"%PDF-1.7"):
        assert answer(project, file(project, content, "a.txt")) == "a.txt: this is no PDF."


def test_a_pdf_of_others(project: Project) -> None:
    done = io.BytesIO()
    with pikepdf.new() as other:
        other.add_blank_page()
        other.save(done)
    assert answer(project, file(project, done.getvalue())) == (
        "sheet.pdf: this PDF is none of ours: it does not say which sheet it is."
    )


def test_a_pdf_that_is_locked(project: Project) -> None:
    done = io.BytesIO()
    with pikepdf.open(io.BytesIO(note())) as ours:
        ours.save(done, encryption=pikepdf.Encryption(owner="a", user="b"))
    assert answer(project, file(project, done.getvalue())) == (
        "sheet.pdf: this PDF is locked with a password, which no sheet of ours is.\n"
        "    Ask for it as it was made."
    )


def test_a_pdf_that_is_damaged(project: Project) -> None:
    assert answer(project, file(project, b"%PDF-1.7\nnothing")) == (
        "sheet.pdf: this PDF is damaged, and does not say which sheet it is."
    )
    torn = note().replace(b"</rdf:RDF>", b"<</rdf:RDF")
    assert answer(project, file(project, torn)) == (
        "sheet.pdf: this PDF is damaged: it was one of ours, but which one cannot be read."
    )
    start = note().index(b"<x:xmpmeta")
    rest = b"%PDF-1.7\n" + note()[start : note().index(b"</x:xmpmeta>") + 20]
    assert wrong(answer(project, file(project, rest))) == {
        "Bytes": "damaged since it was made: no reader can open it"
    }


def test_no_damage_ends_in_a_traceback(project: Project, capfd: pytest.CaptureFixture[str]) -> None:
    known, chance = recorded(project.anew(), build.today()), random.Random(6)
    for _ in range(60):
        pdf = bytearray(note()[: chance.choice((len(note()), chance.randrange(len(note()))))])
        for _ in range(chance.choice((1, 20, 400))):
            if pdf:
                pdf[chance.randrange(len(pdf))] ^= 1 + chance.randrange(255)
        assert verify(known, str(file(project, bytes(pdf)))).status == 1
    assert capfd.readouterr() == ("", "")


# Codes


def test_a_code_as_somebody_reads_it_off_paper(project: Project) -> None:
    for typed in ("V7RN-6RF3", "v7rn 6rf3", "v7rn6rf3", " V7RN–6RF3. "):
        assert answer(project, typed) == (
            f"{typed.strip()}: all is well.\n"
            "    Handout   T-1 (note), Washing a small cut\n"
            "    Language  en, English\n"
            "    Clinic    corner, Corner Clinic\n"
            "    Paper     A4, standard print\n"
            "    Version   1.10 of 2026-11-23\n"
            "    Code      V7RN-6RF3\n"
            f"    Current   {APPROVED}"
        )


def test_the_code_of_a_sheet_that_is_signed_by_hand(project: Project) -> None:
    said = lines(answer(project, sheet_code("V7RN", "anyone", "letter", "large")))
    assert said["Clinic"].strip() == "anyone, which is written in by hand"
    assert said["Paper"].strip() == "US Letter, large print"
    assert said["Current"].strip() == "yes: the newest version, to be approved by hand"


def test_the_code_of_a_sheet_that_was_replaced(project: Project) -> None:
    issue(project, version="1.11", content="0" * 64, change="We say how long to press.")
    said = answer(project, NOTE.code)
    assert said.splitlines()[0] == "V7RN-6RF3: not all is well: look at current."
    assert wrong(said) == {
        "Current": "no: replaced by version 1.11 of 2026-11-23. 1.11: We say how long to press."
    }


MEANT = "V7RN-6RF3, note (en) 1.10, was probably meant."


@pytest.mark.parametrize(
    ("typed", "fact", "way_out"),
    [
        (
            "V7RN-6RFJ",
            "there is a typing error in this code.",
            f"Character 8 is likely wrong: {MEANT}",
        ),
        (
            "V7XN-6RF3",
            "there is a typing error in this code.",
            f"Character 3 is likely wrong: {MEANT}",
        ),
        ("V7RN-GRF3", "no code has the character G.", f"Character 5 is likely wrong: {MEANT}"),
        ("7VRN-6RF3", "there is a typing error in this code.", f"Two are likely swapped: {MEANT}"),
        ("V7RN-6RF", "a code has 8 characters, and this has 7.", MEANT),
        ("V7RN-6RF33", "a code has 8 characters, and this has 9.", MEANT),
        (
            "V7RN",
            "a code has 8 characters, and this has 4.",
            "Its first half is that of note (en) 1.10: look at the second half again.",
        ),
        (
            "V7RN-OOOO",
            "no code has the character O.",
            "Its first half is that of note (en) 1.10: look at the second half again.",
        ),
        (
            sheet_code("V7RN", "gone", "a4", "standard"),
            "no sheet of ours was issued with this code.",
            "Its first half is that of note (en) 1.10: look at the second half again.",
        ),
        (
            sheet_code("2222", "corner", "a4", "standard"),
            "no sheet of ours was issued with this code.",
            "It may be of another site.",
        ),
        (
            "OI00-SB5Z",
            "no code has the character O or I or 0 or S or B or 5 or Z.",
            "Read it again from the paper, all eight characters.",
        ),
        (
            "",
            "a code has 8 characters, and this has 0.",
            "Read it again from the paper, all eight characters.",
        ),
        (
            "جرح",
            "a code has 8 characters, and this has 3.",
            "Read it again from the paper, all eight characters.",
        ),
    ],
)
def test_a_code_that_no_sheet_bears(project: Project, typed: str, fact: str, way_out: str) -> None:
    typed_back = typed or '""'
    assert answer(project, typed) == f"{typed_back}: {fact}\n    {way_out}"


# The command


@pytest.fixture
def said(project: Project, capsys: pytest.CaptureFixture[str]) -> Verify:
    """Give a function that runs the command and gives exit status, output and error output."""

    def said(*words: str) -> tuple[int, str, str]:
        status = build.main(["verify", "--project", str(project.folder), *words])
        return status, *capsys.readouterr()

    return said


def test_the_exit_status_is_that_of_the_worst(project: Project, said: Verify) -> None:
    good = str(file(project, note()))
    bad = str(file(project, note() + b"\n", "bad.pdf"))
    assert said(good, NOTE.code)[0] == 0
    assert said(good, bad)[0] == 1
    status, out, errors = said("gone.pdf", bad, str(project.folder), good)
    assert status == 2
    assert out.count("all is well") == 2
    assert errors == (
        "gone.pdf: there is no such file.\n"
        f"{project.folder}: this is a folder.\n    Name the PDFs in it.\n"
    )


def test_words_that_are_broken_do_not_stand_in_the_way(project: Project, said: Verify) -> None:
    for path in project.folder.glob("docs/*/*.md"):
        path.write_text("no head at all", "utf-8")
    (project.folder / "handouts/slip.yml").write_text("kind: [", "utf-8")
    (project.folder / "mkdocs.yml").write_text("site_name: [", "utf-8")
    status, out, _ = said(str(file(project, note())), NOTE.code, "V7RN")
    assert status == 1
    assert out.count(": all is well.") == 2


def test_a_ledger_that_cannot_be_read_does(project: Project, said: Verify) -> None:
    (project.folder / "ledger/note.yml").write_text("en: [", "utf-8")
    status, out, errors = said(str(file(project, note())))
    assert (status, out) == (1, "")
    assert errors.startswith("ledger/note.yml:")
