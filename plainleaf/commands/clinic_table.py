"""The table of clinics: a row of a CSV file becomes a clinic, by the checks of a clinic.yml."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from plainleaf.addresses import ADDRESS, fits_an_address
from plainleaf.check.check import empty_boxes
from plainleaf.check.gates import of_name
from plainleaf.files.yaml_file import Record, node_of
from plainleaf.load.load import clinic_of
from plainleaf.model import Clinic, Docs
from plainleaf.plan import languages_of
from plainleaf.problems import ContentError, MachineError, Place, Problem, choices
from plainleaf.text import conflict_in, unseen, with_known_spaces

# Columns that are needed, unless some clinics are written in by hand.
NEEDED = ("name", "address", "country", "emergency_phone", "daytime_phone", "out_of_hours_phone")
MORE = ("fill_in_by_hand", "is_example", "accent", "logo", "website", "languages")
COLUMNS = ("slug", *NEEDED, "papers", "sizes", *MORE)
# Cells that hold more than one text, parted by a semicolon or a new line.
_LISTS = ("address", "languages", "papers", "sizes")
# Five times the table of a hundred thousand clinics.
MOST_BYTES = 100_000_000
_PARTS = re.compile(r"[;\n]")
# A first line as Excel writes it, which names the sign between the cells of the lines below.
_SIGN = re.compile(r'"?sep=([^"\r\n])"?[\r\n]*')
# How files of spreadsheets and printers begin, which people take for a table of plain text.
_NO_TABLES = {
    b"PK\x03\x04": "this is a workbook, and no table of plain text.",
    b"\xd0\xcf\x11\xe0": "this is a workbook, and no table of plain text.",
    b"%PDF": "this is a PDF, and no table of plain text.",
}
_SAVE = 'Open it in your spreadsheet, and save it as "CSV UTF-8".'
# No address has more lines: a longer cell has lost its last quote.
_MOST_LINES = 20
# File systems take names of 255 bytes, and an unfinished zip has a longer name than its slug.
_LONGEST_SLUG = 100


@dataclass(frozen=True, slots=True)
class Cells:
    """A row as it is written: what its cells hold by column, or the fault that keeps it from us.

    text is the whole row, and slug what it seems to call its clinic; empty cells are left out.
    """

    place: Place
    text: str
    slug: str
    cells: Mapping[str, str]
    fault: Problem | None


@dataclass(frozen=True, slots=True)
class Row:
    """A clinic of the table, how it is written there, and what may be wrong with it (warnings)."""

    clinic: Clinic
    written: Cells
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Table:
    """A CSV file with a row a clinic: all its lines, and what parts their cells (sign)."""

    path: Path
    sign: str
    columns: tuple[str, ...]
    lines: Sequence[str]

    def rows(self) -> Iterator[Cells]:
        """Give each row below the names of the columns; empty ones are passed over."""
        width, at = len(self.columns), self.columns.index("slug")
        for line, cells, text in islice(_rows(self.lines, self.sign, width), 1, None):
            place = Place(str(self.path), line)
            if fault := _fault(place, cells, text, width):
                seems = [*text.split(self.sign, at + 1), *[""] * at][at].strip(' "')
                yield Cells(place, text, seems, {}, fault)
            else:
                named = zip(self.columns, cells, strict=True)
                filled = {name: cell for name, cell in named if cell}
                yield Cells(place, text, filled.get("slug", ""), filled, None)


def table_at(path: Path) -> Table:
    """Give the table in a file.

    Raises MachineError if there is no such file, and ContentError if it is no table, names no
    clinic, or for what is wrong with the names of its columns.
    """
    if not path.is_file():
        raise MachineError(
            f'there is no table "{path}".\n'
            "    Give a file of comma-separated values (CSV), with a row for each clinic."
        )
    if path.stat().st_size > MOST_BYTES:
        raise MachineError(
            f'the table "{path}" is larger than {MOST_BYTES // 1_000_000} MB.\n'
            "    Give a table of clinics, with a row for each, and no other columns."
        )
    with path.open("rb") as raw:
        begins = raw.read(4)
    if begins in _NO_TABLES:
        raise ContentError([Problem(Place(str(path)), _NO_TABLES[begins], _SAVE)])
    # A row that is no UTF-8 is refused with its line, and the other rows are read.
    with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as file:
        lines = file.readlines()
    sign = _sign(lines)
    (line, cells, text), *more = [*islice(_rows(lines, sign), 2)] or [(1, [], "")]
    while cells and not cells[-1]:
        cells.pop()
    columns = [_column(cell) for cell in cells]
    problems = [*_of_head(Place(str(path), line), columns, text)]
    if not problems and not more:
        fact = "there is no clinic below this line."
        problems = [Problem(Place(str(path), line), fact, "Write a row for each clinic.")]
    if problems:
        raise ContentError(problems)
    return Table(path, sign, tuple(columns), lines)


def _sign(lines: Sequence[str]) -> str:
    """Give what parts the cells of a table."""
    # Spreadsheets leave rows of commas alone above the names of the columns.
    first = next((line for line in lines if line.strip(",;\t\r\n ")), "")
    if named := _SIGN.fullmatch(first):
        return named.group(1)
    # Where numbers have a decimal comma, spreadsheets part the cells with semicolons.
    return max(",;\t", key=first.count)


def _rows(lines: Sequence[str], sign: str, width: int = 0) -> Iterator[tuple[int, list[str], str]]:
    """Give each row that is not empty: the number of its first line, its cells, its text.

    width is how many cells it should have, or 0 for any number. A row that has not, or in which a
    quote is never closed (no cells), is its first line alone: somebody waits for the rows below.
    """
    at = 1 if lines and _SIGN.fullmatch(lines[0]) else 0
    while at < len(lines):
        reader = csv.reader(lines[at : at + _MOST_LINES], delimiter=sign, strict=True)
        try:
            cells = [_plain(cell) for cell in next(reader)]
        except csv.Error:
            cells = []
        while width and len(cells) > width and not cells[-1]:
            cells.pop()
        is_whole = cells and len(cells) == (width or len(cells))
        end = at + (reader.line_num if is_whole else 1)
        text = "".join(lines[at:end])
        if text.strip(f"{sign}\r\n "):
            yield at + 1, cells, _plain(text)
        at = end


def _plain(text: str) -> str:
    return with_known_spaces(text.replace("\r\n", "\n").replace("\r", "\n").strip())


def _column(written: str) -> str:
    """Give the column that is meant: `Emergency phone` and `NAME` are the names of columns too."""
    plain = re.sub(r"[\s_-]+", "_", written).lower()
    return plain if plain in COLUMNS else written


def _of_head(place: Place, columns: Sequence[str], text: str) -> Iterator[Problem]:
    if not columns or _hidden(text):
        fact = "this line does not name the columns of a table."
        yield Problem(place, fact, 'Name them, and save the table as "CSV UTF-8".')
        return
    for name in dict.fromkeys(columns):
        if name not in COLUMNS:
            fact = f'"{name}" is not a column of a table of clinics.'
            yield Problem(place, fact, choices(COLUMNS, name.lower(), "columns"))
        if columns.count(name) > 1:
            yield Problem(place, f'the column "{name}" is given twice.', "Keep one of the two.")
    for name in ("slug", *(() if "fill_in_by_hand" in columns else NEEDED)):
        if name not in columns:
            fact = f'the column "{name}" is missing.'
            yield Problem(place, fact, f"Write `{name}` on this line, and what it says below.")


def is_slug(text: str) -> bool:
    """Tell whether a text can name a clinic in addresses, and its pack on a disk."""
    return fits_an_address(text) and "/" not in text and len(text) <= _LONGEST_SLUG


def row_of(written: Cells, table: Table, docs: Docs) -> Row | list[Problem]:
    """Give the clinic of a row, or all that is wrong with it."""
    if written.fault:
        return [written.fault]
    problems: list[Problem] = []
    record = _Record("a clinic", written.place, problems)
    for name, cell in written.cells.items():
        parts = [part.strip() for part in _PARTS.split(cell) if part.strip()]
        record.entries[name] = node_of(parts if name in _LISTS else cell)
        if name not in _LISTS and "\n" in cell:
            record.note(f'"{name}" has more than one line.', "Write it on one.")
    slug = _slug(record)
    clinic = clinic_of(docs.project, slug, table.path.parent, record)
    if clinic:
        problems += _of_words(clinic, written, docs)
    if clinic and all(problem.is_warning for problem in problems):
        return Row(clinic, written, tuple(problems))
    return problems


class _Record(Record):
    """A row, read as a clinic.yml is; what is to be done is done in a cell."""

    def example(self, key: str, value: str) -> str:
        return f"`{value}` in the column `{key}`"

    def way_in(self, key: str) -> str:
        return f"Write it into the column `{key}`."


def _slug(record: Record) -> str:
    slug = record.text("slug")
    if slug and not is_slug(slug):
        hint = f"{ADDRESS} It has {_LONGEST_SLUG} letters at most."
        record.note(f'the slug "{slug}" cannot stand in a web address.', hint)
    return slug


def _of_words(clinic: Clinic, written: Cells, docs: Docs) -> list[Problem]:
    """Give what is wrong with the languages of a clinic, and with what it says in them."""
    problems: list[Problem] = []
    place = written.place
    for language in languages_of(clinic, docs, problems):
        problems += empty_boxes(language, place.path, [(written.text, place.line)])
    problems += (problem for problem in of_name(docs, clinic.name, place) if not problem.is_warning)
    return list(dict.fromkeys(problems))


def _fault(place: Place, cells: Sequence[str], text: str, width: int) -> Problem | None:
    """Say why nobody can tell what a row holds, if so."""
    if hidden := _hidden(text):
        return Problem(place, *hidden)
    if not cells:
        fact = "a quote is opened here and never closed, or stands within a cell."
        hint = 'Put the whole cell into quotes, and write each quote in it twice: "The ""Mill""".'
        return Problem(place, fact, hint)
    if len(cells) != width:
        fact = f"the cells of this row are {len(cells)}, and the columns {width}."
        return Problem(place, fact, "Put a cell into quotes if it holds a comma or a new line.")
    return None


def _hidden(text: str) -> tuple[str, str] | None:
    """Say what in a text is no letter, and the way out."""
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        fact = "this row has letters that are not stored as UTF-8."
        return fact, 'Save the table again as "CSV UTF-8".'
    if sign := unseen(text):
        fact = f"this row holds a sign that cannot be seen (U+{ord(sign):04X})."
        return fact, "Write the row again; such signs come in when text is copied."
    if conflict_in(text):
        fact = "two people changed this table, and git left the rows of both."
        return fact, "Choose one of the two, and take git's own lines away."
    return None
