"""Forms to type into: beside which sheets they stand, and that other software can fill them in."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path

import lxml.html
import page as page_validation
import pikepdf
import pytest
from pypdf import PdfReader, PdfWriter

from plainleaf.model import Printed
from tests.conftest import ROOT
from tests.paper import MM
from tests.sheet_text import cases
from tests.tags import notes_of
from tests.typeset.test_typeset import tiny_pdfs, tiny_sheet

pytestmark = pytest.mark.slow

SLIP, ARABIC = "corner/en/slip-a4", "corner/ar/slip-letter-large"
KB = 1024


def form_of(path: str) -> Printed:
    """Give the form of a sheet of tests/tiny."""
    (form,) = [item for item in tiny_pdfs(path) if item.is_form]
    return form


def filled_in(pdf: bytes, words: str) -> bytes:
    """Type words into each field and tick each box, as another program does."""
    logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of a second line of words
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf)))
    values = {}
    for name, found in (writer.get_fields() or {}).items():
        if found.get("/FT") == "/Tx":
            values[name] = words
        elif found.get("/FT") == "/Btn":
            values[name] = "/on"
    for page in writer.pages:
        if "/Annots" in page:
            writer.update_page_form_field_values(page, values, auto_regenerate=False)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()


def failures(pdf: bytes) -> set[str]:
    """Give the rules of both standards that a PDF breaks."""
    profiles = page_validation.ValidationProfile
    found = {
        failure.rule_id
        for profile in (profiles.PDF_UA_1, profiles.PDF_A_2A)
        for failure in page_validation.validate_pdf_bytes(pdf, profile=profile).failures
    }
    # A false alarm: it goes off whenever packed data happens to end like a line.
    return {rule for rule in found if "STREAM-LENGTH" not in rule}


@pytest.mark.parametrize("path", [SLIP, ARABIC])
def test_a_form_that_another_program_filled_in_still_passes_both_standards(
    path: str,
) -> None:
    filled = filled_in(form_of(path).pdf, "Zoë Ñandú, 12.3")
    assert failures(filled) == set()
    with pikepdf.open(io.BytesIO(filled)) as pdf:
        typed = [field for field in pdf.Root.AcroForm.Fields if field.FT == "/Tx"]
        assert {str(field.V) for field in typed} == {"Zoë Ñandú, 12.3"}
        ticked = [field for field in pdf.Root.AcroForm.Fields if field.FT == "/Btn"]
        assert {str(field.AS) for field in ticked} == {"/on"}


def test_the_name_of_a_patient_is_typed_once_and_stands_on_each_page() -> None:
    filled = filled_in(form_of(SLIP).pdf, "Zoë Ñandú")
    with pikepdf.open(io.BytesIO(filled)) as pdf:
        (name,) = [each for each in pdf.Root.AcroForm.Fields if str(each.T) == "patient-name"]
        assert len(name.Kids) == len(pdf.pages) > 1
        assert {str(kid.TU) for kid in name.Kids} == {"Name"}
        assert all(kid.Parent.objgen == name.objgen and "/T" not in kid for kid in name.Kids)
        drawn = {kid.AP.N.read_bytes() for kid in name.Kids}
        assert len(drawn) == 1  # the same words in each place
        assert b"Tj" in drawn.pop()


def test_fields_come_in_the_order_of_the_page_and_are_named_by_what_is_asked() -> None:
    tree = lxml.html.document_fromstring(tiny_sheet(SLIP).html)
    asked = [(each.get("name"), each.get("title")) for each in tree.iter("input", "textarea")]
    with pikepdf.open(io.BytesIO(form_of(SLIP).pdf)) as pdf:
        found = [(str(each.T), str(each.TU)) for each in pdf.Root.AcroForm.Fields]
    assert sorted(found) == sorted(asked)
    assert ("slip-agree-1", "I could ask questions.") in found
    assert ("slip-signature-date", "Your signature: Date") in found
    assert ("slip-used-what-2", "What we used: What we used, 2") in found


@pytest.mark.parametrize("path", [SLIP, ARABIC])
def test_fields_leave_a_hand_the_room_it_needs(path: str) -> None:
    """A line needs 8.5 mm, a tick box 5 mm, a signature 70 by 12 mm."""
    least = {"/Tx": (15, 8.5), "/Btn": (5, 5), "/Sig": (70, 12)}
    with pikepdf.open(io.BytesIO(form_of(path).pdf)) as pdf:
        for widget in notes_of(pdf, "Widget"):
            kind = str(widget.get("/FT") or widget.Parent.FT)
            left, bottom, right, top = (float(side) for side in widget.Rect)
            width, height = least[kind]
            assert right - left >= width * MM - 0.1, str(widget.TU)
            assert top - bottom >= height * MM - 0.1, str(widget.TU)


def test_a_sheet_with_nothing_to_fill_in_has_no_form() -> None:
    (only,) = tiny_pdfs()
    assert not only.is_form


def test_each_form_stands_beside_its_sheet_and_in_the_manifest(shipped_site: Path) -> None:
    manifest = json.loads((shipped_site / "handouts/handouts.json").read_text("utf-8"))
    entries = {entry["path"]: entry for entry in manifest["sheets"]}
    forms = {path for path, entry in entries.items() if entry["form"]}
    assert {path for path in entries if path.endswith("-form.pdf")} == forms
    for path in forms:
        printed = entries[path.replace("-form.pdf", ".pdf")]
        same = ("handout", "clinic", "language", "paper", "text", "version", "pages")
        assert [printed[key] for key in same] == [entries[path][key] for key in same]
        assert printed["form"] is False
    of = {tuple(entries[path][key] for key in ("clinic", "language", "handout")) for path in forms}
    # A clinic that writes its own details has a form of each sheet. Of the others, only the pack
    # has nothing to type into that its handouts do not have.
    offered = {(case.clinic, case.language, case.handout) for case in cases("shipped", ROOT)}
    assert {language for _, language, _ in offered} == {"ar", "en", "es"}
    assert of == offered - {("example-clinic", "en", "pack")}
    desk = (shipped_site / "handouts.html").read_text("utf-8")
    assert all(f'href="{path}"' in desk for path in forms)


def test_sheets_are_light_enough_to_be_sent(shipped_site: Path) -> None:
    """To print 80 KB, to type into 250 KB, 80 of them for the letters of all names that may be
    typed; beyond 16 sides 12 KB a side, for a pack brings the fonts of each of its handouts, and
    100 KB more to type into.
    """
    manifest = json.loads((shipped_site / "handouts/handouts.json").read_text("utf-8"))
    for entry in manifest["sheets"]:
        most = 250 * KB if entry["form"] else 80 * KB
        if entry["pages"] > 16:
            most = max(most + 100 * KB * entry["form"], 12 * KB * entry["pages"])
        assert entry["bytes"] <= most, entry["path"]
