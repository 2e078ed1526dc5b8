"""Every PDF says which sheet it is, in a way that PDF/A allows, and its seal shows any change."""

from __future__ import annotations

import dataclasses
import io
from functools import cache
from pathlib import Path

import page as page_validation
import pikepdf
import pytest
from lxml import etree

from plainleaf.compose.compose import Composed
from plainleaf.load.load import load
from plainleaf.model import DRAFT, Printed
from plainleaf.problems import Problem
from plainleaf.proof import proof
from plainleaf.records.identity import (
    SHEET,
    Identity,
    identity_of,
    is_whole,
    read_identity,
    sealed,
)
from plainleaf.records.status import known_codes
from plainleaf.records.xmp import Schema, properties_in, with_properties
from plainleaf.typeset.typeset import typeset
from tests.conftest import HERE, composed_of, project_in, set_once

NOTE = Identity(
    "note",
    "T-1",
    "en",
    "corner",
    "1.10",
    "approved",
    "V7RN-6RF3",
    "a4",
    "standard",
    "False",
    "530c91499e2415d2ad4494d109b5881261c3244f79cfbdaad12d51f8b8a953fe",
)


@cache
def issued_pdfs(path: str = "corner/en/note-a4") -> tuple[Composed, list[Printed]]:
    """Give a sheet of tests/tiny, and what is printed of it."""
    (sheet,) = composed_of(project_in(HERE / "tiny"), f"{path}.pdf")
    return sheet, set_once(sheet)


def note() -> bytes:
    """Give the note of the corner clinic as it is printed."""
    return issued_pdfs()[1][0].pdf


def metadata(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        return document.Root.Metadata.read_bytes()


def with_metadata(pdf: bytes, old: str, new: str) -> bytes:
    """Change what a PDF says of itself with another program, which saves it anew."""
    done = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf)) as document:
        said = document.Root.Metadata.read_bytes()
        assert old.encode() in said
        document.Root.Metadata.write(said.replace(old.encode(), new.encode()))
        document.save(done, fix_metadata_version=False)
    return done.getvalue()


# Identity


def test_a_pdf_says_which_sheet_it_is() -> None:
    assert read_identity(note()) == (NOTE, "Washing a small cut")


def test_a_form_says_that_it_is_one() -> None:
    sheet, (printed, form) = issued_pdfs("corner/en/slip-a4")
    expected = identity_of(sheet.sheet, sheet.sheet_status, is_form=True)
    assert read_identity(form.pdf) == (expected, "Slip for a small cut")
    assert expected.form == "True"
    of_print = dataclasses.replace(expected, form="False")
    assert read_identity(printed.pdf) == (of_print, "Slip for a small cut")


def test_a_draft_has_neither_version_nor_code() -> None:
    said = identity_of(issued_pdfs()[0].sheet, DRAFT, is_form=False)
    assert (said.status, said.version, said.code) == ("draft", "", "")


def test_what_is_none_of_ours_has_no_identity() -> None:
    for other in (b"", b"no PDF", b"<x:xmpmeta </x:xmpmeta>", note()[:100]):
        assert read_identity(other) is None


def test_a_damaged_pdf_still_says_which_sheet_it_was() -> None:
    middle = note().index(b"</x:xmpmeta>") + 20
    assert read_identity(b"\n" * 50 + note()[50:middle]) == (NOTE, "Washing a small cut")


def test_a_code_leads_to_its_sheet() -> None:
    problems: list[Problem] = []
    library = load(project_in(HERE / "tiny"), problems)
    codes = known_codes(library)
    (coded,) = codes[NOTE.code]
    assert str(coded.edition) == "note (en) 1.10"
    assert (coded.clinic.slug, coded.paper.name, coded.size) == ("corner", "a4", "standard")
    # Four editions, two clinics, two papers, three sizes of print: who stopped offering one has
    # handed out sheets in it.
    assert sum(map(len, codes.values())) == 4 * 2 * 2 * 3


# XMP


def test_what_is_said_is_described_as_pdf_a_asks() -> None:
    tree = etree.fromstring(metadata(note()))
    names = {"x": "http://www.aiim.org/pdfa/ns/extension/"}
    (bag,) = [found[0] for found in tree.iterfind(".//x:schemas", names)]
    names = {"s": "http://www.aiim.org/pdfa/ns/schema#"}
    assert bag.xpath("//s:namespaceURI/text()", namespaces=names) == [
        "http://www.aiim.org/pdfua/ns/id/",
        SHEET.uri,
    ]
    # ISO 19005-2, 6.6.2.3, and ISO 14289-1, 5.
    for profile in ("PDF_A_2A", "PDF_UA_1"):
        checked = getattr(page_validation.ValidationProfile, profile)
        report = page_validation.validate_pdf_bytes(note(), profile=checked)
        assert [failure.message for failure in report.failures] == []


def test_a_property_that_nobody_describes_breaks_pdf_a() -> None:
    bad = with_metadata(note(), 'pdfaProperty:name="clinic"', 'pdfaProperty:name="clinics"')
    assert "it breaks PDF/A-2a (" in found_in(sealed(bad))


def test_values_may_hold_any_sign() -> None:
    schema = Schema("p", "urn:p#", "Of a test", {"one": ("Text", "One"), "two": ("Text", "Two")})
    values = {"one": "Cuts & \"grazes\" <b>, '&amp;'", "two": "جرح صغير"}
    told = properties_in(with_properties(metadata(note()), schema, values))
    assert {name: told[f"{{urn:p#}}{name}"] for name in values} == values
    assert told[f"{{{SHEET.uri}}}code"] == NOTE.code


def test_an_xml_entity_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", "utf-8")
    given = (
        f'<!DOCTYPE d [<!ENTITY e SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
        '<r:RDF xmlns:r="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:p="urn:p#">'
        "<r:Description><p:one>&e;</p:one></r:Description></r:RDF>"
    )
    assert "secret" not in str(properties_in(given.encode()))


# The seal


def test_a_finished_pdf_is_whole_and_sealing_it_again_changes_nothing() -> None:
    assert is_whole(note())
    assert sealed(note()) == note()
    assert typeset(issued_pdfs()[0])[0] == issued_pdfs()[1][0]


@pytest.mark.parametrize("part", [0.0, 0.1, 0.5, 0.9, 1.0])
def test_one_byte_that_is_changed_breaks_the_seal(part: float) -> None:
    at = int(part * (len(note()) - 1))
    changed = note()[:at] + bytes([note()[at] ^ 1]) + note()[at + 1 :]
    assert not is_whole(changed)
    assert is_whole(sealed(changed))


def test_bytes_more_or_less_break_the_seal() -> None:
    assert not is_whole(note() + b"\n")
    assert not is_whole(note()[:-1])


def test_a_file_without_a_seal_is_not_whole_and_is_left_as_it_is() -> None:
    assert not is_whole(b"%PDF-1.7")
    assert sealed(b"%PDF-1.7") == b"%PDF-1.7"


# The proof


def found_in(pdf: bytes) -> str:
    """Give all that the proof says of a PDF of the note."""
    return "\n".join(map(str, proof(issued_pdfs()[0], pdf, is_form=False)))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('clinic="corner"', 'clinic="anyone"', 'tells "anyone" where its clinic belongs.'),
        ('version="1.10"', 'version="1.9"', 'tells "1.9" where its version belongs.'),
        ('code="V7RN-6RF3"', 'code=""', "tells nothing where its code belongs."),
        ('form="False"', 'form="True"', 'tells "True" where its form belongs.'),
        ('content="530c', 'content="530d', "where its content belongs."),
    ],
)
def test_a_pdf_that_says_another_sheet_is_refused(old: str, new: str, said: str) -> None:
    findings = found_in(sealed(with_metadata(note(), old, new)))
    assert said in findings
    assert "seal" not in findings


def test_a_pdf_that_was_saved_after_it_was_sealed_is_refused() -> None:
    assert found_in(note()) == ""
    saved = with_metadata(note(), "Washing a small cut", "Washing a small cut")
    (finding,) = found_in(saved).splitlines()[::2]
    assert finding == (
        "handouts/note.yml:2: handouts/corner/en/note-a4.pdf: "
        "its seal is missing, or is not that of its bytes."
    )
