"""The proof of a sheet: a last look at the finished PDF, by itself, before it is published."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterable
from functools import cache
from importlib.metadata import version
from pathlib import Path

import page as page_validation
import pikepdf

from plainleaf.compose import Composed
from plainleaf.control.identity import identity_of
from plainleaf.model import Printed, Project
from plainleaf.problems import Problem
from plainleaf.proof import about, fields, look, parts, tree, typefaces, words
from plainleaf.proof.findings import REPAIR, Findings
from plainleaf.proof.ink import painted
from plainleaf.proof.wanted import wanted
from plainleaf.proof.weight import check_weight

PROFILES = {
    "PDF/UA-1": page_validation.ValidationProfile.PDF_UA_1,
    "PDF/A-2a": page_validation.ValidationProfile.PDF_A_2A,
}
# A false alarm: it goes off whenever compressed data happens to end like a line.
FALSE_ALARMS = ("STREAM-LENGTH",)
LOOKED_WITH = ("pikepdf", "page-validation")
PASSED = "passed.txt"


def proof(composed: Composed, pdf: bytes, *, is_form: bool) -> list[Problem]:
    """Find what is wrong with a finished PDF, looking only at it and at the HTML it is made from.

    is_form: it is the twin of a sheet that is filled in on screen.
    """
    findings = Findings.of(composed, is_form=is_form)
    try:
        _validate(pdf, findings)
        with pikepdf.open(io.BytesIO(pdf)) as document:
            _look_at(composed, document, findings, is_form=is_form)
            about.check_seal(pdf, findings)
            check_weight(pdf, len(document.pages), findings, is_form=is_form)
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
    want = wanted(composed)
    leaves = painted(pdf)
    reader = tree.Reader(pdf)
    root = reader.root
    listener = tree.Listener(leaves)
    listener.listen(root)
    reading = words.Comparison(want, listener.blocks, findings).compare()
    words.check_strays(leaves, listener, findings)
    words.check_headings(listener.blocks, findings)
    words.check_glue(leaves, want, findings)
    tree.check_owners(pdf, root, listener, findings)
    words.check_languages(reading, findings)
    words.check_lists(reading, findings)
    words.check_running(reading, leaves, want, findings)
    parts.check_tables(root, want, findings)
    parts.check_pictures(reading, leaves, root, findings)
    parts.Links(pdf, leaves, reader.pages).check(root, reading, want, findings)
    about.check_catalog(pdf, want, findings)
    about.check_information(pdf, want, findings)
    identity = identity_of(sheet, composed.standing, is_form=is_form)
    about.check_metadata(pdf, want, identity, findings)
    about.check_bookmarks(pdf, reading, want, reader.pages, findings)
    about.check_pages(pdf, sheet.paper, findings)
    typefaces.check_fonts(pdf, sheet, findings)
    look.check_look(leaves, sheet.text, reading, findings)
    if is_form:
        articles = words.articles(reading, len(leaves))
        fields.Form(pdf, root, findings).check(want, leaves, articles)
    else:
        fields.check_no_fields(pdf, findings)


def key(composed: Composed, pdf: bytes, *, is_form: bool) -> str:
    """Give a hash of all that the verdict depends on: a sheet that passed need not be read again.

    The verdict depends on the code of this package as well, and on what it looks with.
    """
    sheet = composed.sheet
    said = hashlib.sha256()
    told = [_own_hash(), *(f"{name} {version(name)}" for name in LOOKED_WITH)]
    told += [f"{name} {place}" for name, place in sorted(composed.places.items())]
    told += [sheet.path, sheet.text, f"{sheet.paper}", f"{sheet.language.fonts}"]
    told += [f"{sheet.handout.source}", composed.html]
    told += [f"{identity_of(sheet, composed.standing, is_form=is_form)}"]
    for part in told:
        said.update(hashlib.sha256(part.encode("utf-8")).digest())
    said.update(hashlib.sha256(pdf).digest())
    return said.hexdigest()


@cache
def _own_hash() -> str:
    """Give the hash of the code of this package, and of the modules beside it that it uses."""
    here = Path(__file__).parent
    folders = (here, here.parent, here.parent / "control")
    files = [file for folder in folders for file in sorted(folder.glob("*.py"))]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()


def passed_before(project: Project) -> frozenset[str]:
    """Give the keys of the PDFs that the last build found sound."""
    try:
        return frozenset((project.build / PASSED).read_text("utf-8").split())
    except (FileNotFoundError, NotADirectoryError, UnicodeDecodeError):
        return frozenset()


def remember(project: Project, printed: Iterable[Printed]) -> None:
    """Write down the keys of sound PDFs for the next build."""
    project.build.mkdir(exist_ok=True)
    lines = sorted(item.proof for item in printed)
    (project.build / PASSED).write_text("\n".join(lines) + "\n", "utf-8")
