"""Which sheet a PDF is: it rides in the file's metadata, under a seal that shows any change."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass

import pikepdf
from lxml import etree

from plainleaf.machine.logs import warnings_of
from plainleaf.model import Sheet, SheetStatus
from plainleaf.records.status import code_of
from plainleaf.records.xmp import Schema, properties_in

# The seal is the last, 64 zeros until the file is finished; then it is the hash of the file as it
# was with those zeros. If these properties change, so does the number in the address.
SHEET = Schema(
    "plainleaf",
    "urn:plainleaf:sheet:1#",
    "Which sheet of Plainleaf this is",
    {
        "handout": ("Text", "Name"),
        "id": ("Text", "Document number"),
        "language": ("Text", "Language"),
        "clinic": ("Text", "Who hands it out"),
        "version": ("Text", "None for a draft"),
        "status": ("Text", "When it was made"),
        "code": ("Text", "To look it up"),
        "paper": ("Text", "Size"),
        "text": ("Text", "Size of print"),
        "form": ("Boolean", "To type into"),
        "content": ("Text", "SHA-256 of its words"),
        "seal": ("Text", "SHA-256 of the file, with 64 zeros here"),
    },
)
_UNSEALED = "0" * 64
# Words of the sheet that look like it stand after it.
_SEAL = f'{SHEET.prefix}:seal="'.encode()
_START, _END = b"<x:xmpmeta", b"</x:xmpmeta>"
# What pikepdf may raise for a file that is damaged.
DAMAGE = (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError)
_TITLE = "{http://purl.org/dc/elements/1.1/}title"


@dataclass(frozen=True, slots=True)
class Identity:
    """What a PDF says that it is; each value as it stands there, "" where nothing is said.

    form is True for a form to type into; content is the hash of the words (compose/content.py).
    """

    handout: str
    id: str
    language: str
    clinic: str
    version: str
    status: str
    code: str
    paper: str
    text: str
    form: str
    content: str


def identity_of(sheet: Sheet, status: SheetStatus, *, is_form: bool) -> Identity:
    """Give what the PDF of a sheet must say that it is."""
    edition = status.issued
    return Identity(
        sheet.handout.name,
        sheet.handout.id,
        sheet.language.code,
        sheet.clinic.slug,
        edition.version if edition else "",
        status.status,
        code_of(sheet, status),
        sheet.paper.name,
        sheet.size,
        str(is_form),
        status.content,
    )


def properties_of(identity: Identity) -> dict[str, str]:
    """Give an identity as the properties of a file that is not sealed yet."""
    return {**asdict(identity), "seal": _UNSEALED}


def read_identity(pdf: bytes) -> tuple[Identity, str] | None:
    """Give what a PDF says that it is, and its title; None if it is none of ours.

    Of a file that is damaged, what can still be read counts. Raises pikepdf.PasswordError if it
    is locked.
    """
    try:
        properties = properties_in(_metadata(pdf))
    except etree.XMLSyntaxError:
        return None
    ours = [properties.get(f"{{{SHEET.uri}}}{name}", "") for name in SHEET.properties]
    return (Identity(*ours[:-1]), properties.get(_TITLE, "")) if any(ours) else None


def can_be_opened(pdf: bytes) -> bool:
    """Tell whether a PDF is whole enough for a reader; raise pikepdf.PasswordError if locked."""
    try:
        with opened(pdf) as document:
            return int(document.Root.Pages.Count) > 0
    except pikepdf.PasswordError:
        raise
    except DAMAGE:
        return False


@contextmanager
def opened(pdf: bytes) -> Iterator[pikepdf.Pdf]:
    """Open a PDF that may be damaged, without a word of what pikepdf's log says to that."""
    with warnings_of("pikepdf._core"), pikepdf.open(io.BytesIO(pdf)) as document:
        yield document


def _metadata(pdf: bytes) -> bytes:
    """Give the metadata of a PDF; of a broken one, whatever there is that looks like it."""
    try:
        with opened(pdf) as document:
            return bytes(document.Root.Metadata.read_bytes())
    except pikepdf.PasswordError:
        raise
    except DAMAGE:
        start, end = pdf.rfind(_START), pdf.rfind(_END)
        return pdf[start : end + len(_END)] if 0 <= start < end else b""


def sealed(pdf: bytes) -> bytes:
    """Give a finished PDF with its seal, in place of any that it had; as it is if it has no room.

    The seal is as long as its zeros: everything stays where it is.
    """
    before, sign, after = pdf.partition(_SEAL)
    if not sign:
        return pdf
    after = after[len(_UNSEALED) :]
    seal = hashlib.sha256(before + sign + _UNSEALED.encode() + after).hexdigest()
    return before + sign + seal.encode() + after


def is_whole(pdf: bytes) -> bool:
    """Tell whether a PDF has a seal, and not a byte of it was changed since."""
    return _SEAL in pdf and sealed(pdf) == pdf
