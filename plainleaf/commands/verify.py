"""Verify: which sheet a PDF or a code is, whether it is as it was made, and whether it still holds.

A form that was filled in since is as it was made, and what was filled in is named.

It asks the records (ledger/ and clinics/) and the site here, not the words as they are now.
"""

from __future__ import annotations

import difflib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pikepdf

from plainleaf.addresses import MANIFEST
from plainleaf.commands.filled_in import Entry, as_made, filled_in
from plainleaf.machine.today import has_passed, is_to_come
from plainleaf.model import PAPERS, Edition, Records
from plainleaf.records.codes import (
    HALF,
    LENGTH,
    fits,
    foreign,
    is_sound,
    near_misses,
    sheet_code,
    typed,
    with_dash,
)
from plainleaf.records.identity import SHEET, Identity, can_be_opened, is_whole, read_identity
from plainleaf.records.ledger import ledger_path, sealed_fields
from plainleaf.records.status import CodedSheet, approval_of, known_codes, withdrawal_of

# In letters. Our longest property is shorter; a foreign file's is cut there.
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that was looked at, and how it is; or only said, where nothing can be wrong."""

    label: str
    text: str
    is_wrong: bool = False


@dataclass(frozen=True, slots=True)
class Answer:
    """What verify says of a PDF or a code.

    verdict is a sentence, with what to do about it on lines below. status 0: all is well,
    1: something is not, 2: there is no such file.
    """

    what: str
    verdict: str
    status: int
    lines: tuple[Line, ...] = ()

    def __str__(self) -> str:
        marked = [("! " if line.is_wrong else "  ", line) for line in self.lines]
        block = [f"  {mark}{line.label:<9} {line.text}" for mark, line in marked]
        what = _printable(self.what) or '""'
        return "\n".join([f"{what}: {self.verdict}", *block])


def verify(records: Records, what: str) -> Answer:
    """Say what is known of a PDF (the name of a file) or of a code as it is read off paper."""
    if _is_file_name(what):
        return _answer_for_file(records, Path(what))
    return _answer_for_code(records, what)


def _is_file_name(what: str) -> bool:
    """Tell a file from a code, which has neither dots nor slashes but maybe a full stop behind."""
    return os.path.exists(what) or any(sign in what.strip(" .") for sign in "./\\")  # noqa: PTH110 Path raises for long names


# A PDF


def _answer_for_file(records: Records, path: Path) -> Answer:
    what = str(path)
    if path.is_dir():
        return Answer(what, "this is a folder.\n    Name the PDFs in it.", 2)
    if not path.is_file():
        return Answer(what, "there is no such file.", 2)
    try:
        pdf = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or "unknown reason").lower()
        return Answer(what, f"this file cannot be read ({reason}).", 2)
    try:
        lines = [*_lines_of_pdf(records, pdf)]
    except pikepdf.PasswordError:
        fact = "this PDF is locked with a password, which no sheet of ours is."
        return Answer(what, f"{fact}\n    Ask for it as it was made.", 1)
    return _answer(what, lines) if lines else Answer(what, _not_ours(pdf), 1)


def _not_ours(pdf: bytes) -> str:
    """Say what a file is that does not say which sheet it is."""
    if b"%PDF-" not in pdf[:1024]:  # ISO 32000-1, annex H.3: readers look no further
        return "this is no PDF."
    if SHEET.uri.encode() in pdf:
        return "this PDF is damaged: it was one of ours, but which one cannot be read."
    if not can_be_opened(pdf):
        return "this PDF is damaged, and does not say which sheet it is."
    return "this PDF is none of ours: it does not say which sheet it is."


def _lines_of_pdf(records: Records, pdf: bytes) -> Iterator[Line]:
    """Say all that is known of a PDF; nothing of one that does not say which sheet it is."""
    read = read_identity(pdf)
    if read is None:
        return
    identity, title = read
    editions = records.library.editions.get((identity.handout, identity.language), ())
    edition = next((other for other in editions if other.version == identity.version), None)
    yield Line("Handout", _printable(f"{identity.id} ({identity.handout}), {title}"))
    yield _language(records, identity.language)
    yield _clinic(records, identity.clinic)
    if identity.version and edition is None:
        missing = f"{identity.version}, of which {ledger_path(identity.handout)} knows nothing"
        yield Line("Version", _printable(missing), is_wrong=True)
    elif edition is None:
        yield Line("Version", "none", is_wrong=True)
    else:
        yield Line("Version", f"{edition.version} of {edition.issued}")
    form = ", a form to type into" if identity.form == "True" else ""
    labels = {paper.name: paper.label for paper in PAPERS}
    paper = labels.get(identity.paper, identity.paper)
    yield Line("Paper", _printable(f"{paper}, {identity.text} print{form}"))
    yield from _code(identity, edition)
    made = as_made(pdf)
    entries = filled_in(made, pdf) if made not in (b"", pdf) else []
    yield _bytes(records, made if entries else pdf, identity, is_filled_in=bool(entries))
    yield from map(_entry, entries)
    yield _words(identity, edition, editions)
    if edition:
        yield _current(records, edition, identity.clinic)
    elif not identity.version:
        yield Line("Current", "no: a draft, which is not to be handed out", is_wrong=True)


def _code(identity: Identity, edition: Edition | None) -> Iterator[Line]:
    right = identity.code
    if edition:
        right = sheet_code(edition.mark, identity.clinic, identity.paper, identity.text)
    if identity.code != right:
        text = f"{identity.code or 'none'}, but that of this sheet is {right}"
        yield Line("Code", _printable(text), is_wrong=True)
    elif right:
        yield Line("Code", _printable(right))


def _entry(entry: Entry) -> Line:
    """Say what a field was filled in with."""
    locked = ", locked" if entry.is_locked else ""
    text = f'"{entry.text}"' if entry.text else "ticked" if entry.is_shown else "not to be read"
    if entry.is_shown:
        return Line("Filled in", _printable(f"{entry.title}: {text}{locked}"))
    seen = "drawn by another program: see that the sheet shows this"
    return Line("Filled in", _printable(f"{entry.title}: {text}{locked}, {seen}"), is_wrong=True)


def _bytes(records: Records, pdf: bytes, identity: Identity, *, is_filled_in: bool) -> Line:
    """Hold the bytes against the seal, and against the site that was built here.

    is_filled_in: pdf is the form as it was made, and more was filled in behind it.
    """
    as_they_were = f"as they were made{', but for what was filled in' if is_filled_in else ''}"
    if not can_be_opened(pdf):
        return Line("Bytes", "damaged since it was made: no reader can open it", is_wrong=True)
    if not is_whole(pdf):
        return Line("Bytes", "changed since it was made: its seal does not hold", is_wrong=True)
    try:
        manifest = json.loads((records.project.site / MANIFEST).read_text("utf-8"))
        sheets = [{"path": sheet["path"], **sheet} for sheet in manifest["sheets"]]
    except FileNotFoundError:
        return Line("Bytes", f"{as_they_were}; there is no site here to hold them against")
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        cannot = f"site/{MANIFEST} cannot be read: build the site again"
        return Line("Bytes", f"{as_they_were}; {cannot}")
    return _against_site(hashlib.sha256(pdf).hexdigest(), identity, sheets, as_they_were)


def _against_site(
    own: str, identity: Identity, sheets: Sequence[Mapping[str, Any]], as_they_were: str
) -> Line:
    """Hold a file (own is its SHA-256) against what the site has in its place."""
    listed = next((sheet for sheet in sheets if _is_entry_of(sheet, identity)), None)
    if listed is None:
        return Line("Bytes", "not known: the site here has no such sheet", is_wrong=True)
    there = f"site/{listed['path']}"
    if listed.get("sha256") == own:
        return Line("Bytes", f"{as_they_were}: those of {there}")
    if listed.get("version") != (identity.version or None):
        is_now = f"version {listed['version']} now" if listed.get("version") else "a draft now"
    elif listed.get("content") != identity.content:
        is_now = "of other words"
    elif listed.get("status") != identity.status:
        is_now = f"{listed.get('status')} now"
    else:
        same = "words, made at another time"
        if listed.get("own"):
            same = "version, made at another time or with other words of the clinic's own"
        is_now = f"of the same {same}; or this one was changed and sealed anew"
    return Line("Bytes", f"not those of {there}, which is {is_now}", is_wrong=True)


def _is_entry_of(listed: Mapping[str, Any], identity: Identity) -> bool:
    """Tell whether an entry of the manifest is of the sheet that a PDF says it is."""
    names = ("handout", "language", "clinic", "paper", "text")
    is_form = str(listed.get("form")) == identity.form
    return is_form and all(listed.get(name) == getattr(identity, name) for name in names)


def _words(identity: Identity, edition: Edition | None, editions: tuple[Edition, ...]) -> Line:
    """Hold the words, of which a PDF tells the hash, against the ledger."""
    ledger = ledger_path(identity.handout)
    if edition:
        is_wrong = edition.content != identity.content
        text = f"{'not ' if is_wrong else ''}those of version {edition.version} in {ledger}"
        return _fault_of_entry(edition) or Line("Words", text, is_wrong)
    later = next((other for other in editions if other.content == identity.content), None)
    text = f"issued since as version {later.version}" if later else f"not in {ledger}"
    return Line("Words", _printable(text), is_wrong=True)


# A code


def _answer_for_code(records: Records, what: str) -> Answer:
    codes = known_codes(records.library)
    code = typed(what)
    if coded_sheets := codes.get(with_dash(code)):
        return _answer(what, [*_lines_of_code(records, with_dash(code), coded_sheets)])
    return Answer(what, "\n    ".join(_explanations(code, codes)), 1)


def _lines_of_code(records: Records, code: str, coded_sheets: list[CodedSheet]) -> Iterator[Line]:
    edition = coded_sheets[0].edition
    handout = records.library.handouts.get(edition.handout)
    name = f"{handout.id} ({handout.name})" if handout else edition.handout
    yield Line("Handout", f"{name}, {edition.title}")
    yield _language(records, edition.language)
    for coded in coded_sheets:
        yield _clinic(records, coded.clinic.slug)
        yield Line("Paper", f"{coded.paper.label}, {coded.size} print")
    yield Line("Version", f"{edition.version} of {edition.issued}")
    yield Line("Code", code)
    if fault := _fault_of_entry(edition):
        yield fault
    for coded in coded_sheets:
        yield _current(records, edition, coded.clinic.slug)


def _explanations(code: str, codes: Mapping[str, list[CodedSheet]]) -> Iterator[str]:
    """Say what is wrong with a code that no sheet bears, and which was likely meant."""
    strange = foreign(code)
    if len(code) != LENGTH:
        yield f"a code has {LENGTH} characters, and this has {len(code)}."
    elif strange:
        yield f"no code has the character {' or '.join(map(_printable, strange))}."
    elif is_sound(code):
        yield "no sheet of ours was issued with this code."
    else:
        yield "there is a typing error in this code."
    yield from _guesses(code, codes) or ["Read it again from the paper, all eight characters."]


def _guesses(code: str, codes: Mapping[str, list[CodedSheet]]) -> list[str]:
    """Give what was likely meant; a sound code is what it is, since an error would show."""
    editions = {right: sheets[0].edition for right, sheets in codes.items()}
    if not is_sound(code):
        if near := near_misses(code, codes):
            slip = "Character {} is likely wrong"
            return [
                f"{slip.format(miss.position) if miss.position else 'Two are likely swapped'}: "
                f"{miss.code}, {editions[miss.code]}, was probably meant."
                for miss in near
            ]
        others = map(typed, codes) if len(code) != LENGTH else ()
        for typed_code in difflib.get_close_matches(code, others, n=1, cutoff=0.85):
            meant = with_dash(typed_code)
            return [f"{meant}, {editions[meant]}, was probably meant."]
    for edition in editions.values():
        if edition.mark == code[:HALF]:
            return [f"Its first half is that of {edition}: look at the second half again."]
    return ["It may be of another site."] if is_sound(code) else []


# For both


def _answer(what: str, lines: list[Line]) -> Answer:
    wrong = dict.fromkeys(line.label.lower() for line in lines if line.is_wrong)
    verdict = f"not all is well: look at {', '.join(wrong)}." if wrong else "all is well."
    return Answer(what, verdict, int(bool(wrong)), tuple(lines))


def _fault_of_entry(edition: Edition) -> Line | None:
    """Say that the entry of an edition is not as it was issued; None if it is."""
    if fits(edition.mark, sealed_fields(edition)):
        return None
    changed = f"cannot be told: {edition.source} was changed after it was issued"
    return Line("Words", changed, is_wrong=True)


def _language(records: Records, code: str) -> Line:
    language = records.docs.languages.get(code)
    return Line("Language", _printable(f"{code}, {language.name}" if language else code))


def _clinic(records: Records, slug: str) -> Line:
    clinic = records.library.clinics.get(slug)
    if clinic is None:
        return Line("Clinic", _printable(f"{slug}, which is not in clinics/"), is_wrong=True)
    return Line("Clinic", f"{slug}, {clinic.name or 'which is written in by hand'}")


def _current(records: Records, edition: Edition, clinic: str) -> Line:
    """Tell whether a version still holds; words that were withdrawn later are withdrawn too."""
    editions = records.library.editions[edition.handout, edition.language]
    later = editions[editions.index(edition) + 1 :]
    gone = withdrawal_of(records.library, edition)
    no = ""
    if gone:
        no = f"withdrawn on {gone.on}: {gone.why} What to do: {gone.instead}"
    elif later:
        notes = " ".join(f"{newer.version}: {newer.change}" for newer in later)
        newest = later[-1]
        is_gone = ", which is withdrawn" if newest.withdrawal else ""
        no = f"replaced by version {newest.version} of {newest.issued}{is_gone}. {notes}"
    elif is_to_come(edition.issued, records.today):
        no = f"the clock of this machine says {records.today}, which is before it was issued"
    elif has_passed(edition.review_by, records.today):
        no = f"overdue: it should have been looked at again by {edition.review_by}"
    if no:
        return Line("Current", f"no: {no}", is_wrong=True)
    if approval := approval_of(records.library, edition, clinic):
        by = f"{approval.by}, {approval.role}, on {approval.on}"
        return Line("Current", f"yes: the newest version, approved by {by}")
    here = records.library.clinics.get(clinic)
    by_hand = "the clinic has not approved it" if here and here.name else "to be approved by hand"
    return Line("Current", f"yes: the newest version, {by_hand}")


def _printable(text: str) -> str:
    """Give what a stranger's file says so that it is safe to print, on one line."""
    line = " ".join(text.split())[:_LONGEST]
    return "".join(sign if sign.isprintable() else "?" for sign in line)
