"""The proof of a sheet: a last look at the finished PDF, by itself, before it is published."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence

import page as page_validation
import pikepdf

from plainleaf.compose.compose import Composed
from plainleaf.problems import Problem
from plainleaf.proof import fonts as typefaces
from plainleaf.proof import form, legible, metadata, tree, words
from plainleaf.proof import tables_pictures_links as parts
from plainleaf.proof.expected import expected_of
from plainleaf.proof.findings import REPAIR, Findings
from plainleaf.proof.pack import check_parts
from plainleaf.proof.painted import painted
from plainleaf.records.identity import identity_of

PROFILES = {
    "PDF/UA-1": page_validation.ValidationProfile.PDF_UA_1,
    "PDF/A-2a": page_validation.ValidationProfile.PDF_A_2A,
}
# A false alarm: it goes off whenever compressed data happens to end like a line.
FALSE_ALARMS = ("STREAM-LENGTH",)


def proof(composed: Composed, pdf: bytes, *, is_form: bool) -> list[Problem]:
    """Find what is wrong with a finished PDF, looking only at it and at the HTML it is made from.

    is_form: it is the twin of a sheet that is filled in on screen.
    """
    findings = Findings.of(composed, is_form=is_form)
    return _found(pdf, findings, lambda it: _look_at(composed, it, findings, is_form=is_form))


def proof_of_pack(
    composed: Composed, pdf: bytes, parts: Sequence[bytes], *, is_form: bool
) -> list[Problem]:
    """Find what is wrong with a bound pack; parts are its cover and handouts, each proved.

    is_form: they are forms, and so is the pack.
    """
    findings = Findings.of(composed, is_form=is_form)
    return _found(pdf, findings, lambda it: check_parts(it, parts, findings))


def _found(pdf: bytes, findings: Findings, look: Callable[[pikepdf.Pdf], None]) -> list[Problem]:
    """Give what the validator finds, what a look at the file finds, and whether it is sealed."""
    try:
        _validate(pdf, findings)
        with pikepdf.open(io.BytesIO(pdf)) as document:
            look(document)
            metadata.check_seal(pdf, findings)
    except (pikepdf.PdfError, page_validation.PageError) as error:
        findings.say(f"the file cannot be read ({error}).")
    return sorted(set(findings.problems))


def _validate(pdf: bytes, findings: Findings) -> None:
    """Ask the validator: the clauses of both standards that a machine can check."""
    for name, profile in PROFILES.items():
        report = page_validation.validate_pdf_bytes(pdf, profile=profile)
        for failure in report.failures:
            if not any(alarm in failure.rule_id for alarm in FALSE_ALARMS):
                findings.say(f"it breaks {name} ({failure.rule_id}): {failure.message}", REPAIR)


def _look_at(composed: Composed, pdf: pikepdf.Pdf, findings: Findings, *, is_form: bool) -> None:
    sheet = composed.sheet
    expected = expected_of(composed)
    leaves = painted(pdf)
    reader = tree.Reader(pdf)
    root = reader.root
    listener = tree.Listener(leaves)
    listener.listen(root)
    reading = words.Comparison(expected, listener.blocks, findings).compare()
    words.check_strays(leaves, listener, findings)
    words.check_headings(listener.blocks, findings)
    words.check_glue(leaves, expected, findings)
    tree.check_owners(pdf, root, listener.heard, findings)
    words.check_languages(reading, findings)
    words.check_lists(reading, findings)
    words.check_running(leaves, expected, findings)
    parts.check_tables(root, expected, findings)
    parts.check_pictures(reading, leaves, root, findings)
    parts.Links(pdf, leaves, reader.pages).check(root, reading, expected, findings)
    metadata.check_catalog(pdf, expected, findings)
    metadata.check_information(pdf, expected, findings)
    identity = identity_of(sheet, composed.standing, is_form=is_form)
    metadata.check_metadata(pdf, expected, identity, findings)
    metadata.check_bookmarks(pdf, reading, expected, reader.pages, findings)
    metadata.check_pages(pdf, sheet.paper, findings)
    typefaces.check_fonts(pdf, sheet, findings)
    legible.check_legible(leaves, sheet.text, reading, findings)
    legible.check_numbers(leaves, expected, findings)
    legible.check_pictures_on_words(leaves, root, reading, findings)
    if is_form:
        form.Form(pdf, root, sheet.language.fonts, findings).check(expected, leaves)
    else:
        form.check_no_fields(pdf, findings)
