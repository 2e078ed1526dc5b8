"""The proof of a sheet: a last look at the finished PDF, by itself, before it is published."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from functools import partial

import page as page_validation
import pikepdf

from plainleaf.compose.compose import Composed
from plainleaf.problems import Problem
from plainleaf.proof import fonts as typefaces
from plainleaf.proof import form, legible, metadata, tree, words
from plainleaf.proof import tables_pictures_links as parts
from plainleaf.proof.expected import expected_of
from plainleaf.proof.findings import Findings
from plainleaf.proof.pack import check_parts
from plainleaf.proof.painted import painted
from plainleaf.records.identity import identity_of, is_whole

PROFILES = {
    "PDF/UA-1": page_validation.ValidationProfile.PDF_UA_1,
    "PDF/A-2a": page_validation.ValidationProfile.PDF_A_2A,
}
# A false alarm: it goes off whenever compressed data happens to end like a line.
FALSE_ALARM = "STREAM-LENGTH"


def proof(composed: Composed, pdf: bytes, *, is_form: bool) -> list[Problem]:
    """Find what is wrong with a finished PDF, looking only at it and at the HTML it is made from.

    is_form: it is the twin of a sheet that is filled in on screen.
    """
    check = partial(_check_sheet, composed, is_form=is_form)
    return _problems(composed, pdf, check, is_form=is_form)


def proof_of_pack(
    composed: Composed, pdf: bytes, parts: Sequence[bytes], *, is_form: bool
) -> list[Problem]:
    """Find what is wrong with a bound pack; parts are its cover and handouts, each proved.

    is_form: they are forms, and so is the pack.
    """
    return _problems(composed, pdf, partial(check_parts, parts), is_form=is_form)


def _problems(
    composed: Composed, pdf: bytes, check: Callable[[pikepdf.Pdf, Findings], None], *, is_form: bool
) -> list[Problem]:
    """Give what the validator finds, what a check of the file finds, and whether it is sealed.

    The validator knows the clauses of both standards that a machine can check.
    """
    sheet = composed.sheet
    findings = Findings(sheet.form_path if is_form else sheet.path, sheet.handout.source)
    try:
        for name, profile in PROFILES.items():
            for failure in page_validation.validate_pdf_bytes(pdf, profile=profile).failures:
                if FALSE_ALARM not in failure.rule_id:
                    findings.say(f"it breaks {name} ({failure.rule_id}): {failure.message}")
        with pikepdf.open(io.BytesIO(pdf)) as document:
            check(document, findings)
            if not is_whole(pdf):  # nobody could tell it from one that was changed later
                findings.say("its seal is missing, or is not that of its bytes.")
    except (pikepdf.PdfError, page_validation.PageError) as error:
        findings.say(f"the file cannot be read ({error}).")
    return sorted(set(findings.problems))


def _check_sheet(
    composed: Composed, pdf: pikepdf.Pdf, findings: Findings, *, is_form: bool
) -> None:
    sheet = composed.sheet
    expected = expected_of(composed)
    pages = painted(pdf)
    reader = tree.Reader(pdf)
    root = reader.root
    listener = tree.Listener(root, pages)
    reading = words.Comparison(expected, listener.blocks, findings).compare()
    words.check_strays(pages, listener, findings)
    words.check_headings(listener.blocks, findings)
    words.check_glue(pages, expected, findings)
    tree.check_owners(pdf, root, listener.heard, findings)
    words.check_languages(reading, findings)
    words.check_lists(reading, findings)
    words.check_running(pages, expected, findings)
    parts.check_tables(root, expected, findings)
    parts.check_pictures(reading, pages, root, findings)
    destinations = parts.destinations_of(pdf, reader.pages)
    parts.check_links(listener, reading, expected, destinations, findings)
    metadata.check_catalog(pdf, expected, findings)
    metadata.check_information(pdf, expected, findings)
    identity = identity_of(sheet, composed.sheet_status, is_form=is_form)
    metadata.check_metadata(pdf, expected, identity, findings)
    metadata.check_bookmarks(pdf, reading, expected, reader.pages, findings)
    metadata.check_pages(pdf, sheet.paper, findings)
    typefaces.check_fonts(pdf, sheet, findings)
    legible.check_legible(pages, sheet.size, reading, findings)
    legible.check_numbers(pages, expected, findings)
    legible.check_pictures_on_words(pages, root, reading, findings)
    if is_form:
        form.Form(pdf, root, sheet.language.fonts, findings).check(expected, pages)
    else:
        form.check_no_fields(pdf, findings)
