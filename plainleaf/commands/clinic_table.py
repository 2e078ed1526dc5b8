"""The table of clinics: a row of a CSV file becomes a clinic, by the checks of a clinic.yml."""

from __future__ import annotations

import csv
import hashlib
import re
from array import array
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TextIO

from plainleaf.addresses import ADDRESS, fits_an_address
from plainleaf.check.check import empty_boxes
from plainleaf.check.gates import of_name
from plainleaf.files.yaml_file import Record, node_of
from plainleaf.load.load import clinic_of
from plainleaf.model import Clinic, Docs
from plainleaf.plan import languages_of
from plainleaf.problems import ContentError, MachineError, Place, Problem, choices
from plainleaf.text import conflict_in, unseen, with_known_spaces

# What is needed, unless some clinics are written in by hand.
NEEDED = ("name", "address", "country", "emergency_phone", "daytime_phone", "out_of_hours_phone")
MORE = ("papers", "fill_in_by_hand", "is_example", "accent", "logo", "website", "languages")
COLUMNS = ("slug", *NEEDED, *MORE)
# Cells that hold more than one text, parted by a semicolon or a new line.
_LISTS = ("address", "languages", "papers")
# A hundred thousand clinics have a table of 20 MB.
MOST_BYTES = 100_000_000
_PARTS = re.compile(r"[;\n]")
# Excel writes and reads such a first line, which says what parts the cells of the lines below.
_SIGN = re.compile(r'"?sep=(.)"?[\r\n]*')
# How files begin that are no table, though somebody saved one in them.
_OTHERS = {
    b"PK\x03\x04": "this is a workbook, and no table of plain text.",
    b"\xd0\xcf\x11\xe0": "this is a workbook, and no table of plain text.",
    b"%PDF": "this is a PDF, and no table of plain text.",
}
_SAVE = 'Open it in your spreadsheet, and save it as "CSV UTF-8".'
# An address has no more lines: a cell that goes on for longer has lost its last quote.
_MOST_LINES = 20
# File systems take names of 255 bytes; a zip that is being written has a longer one.
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
    """A CSV file with a row a clinic; it may be long, and is read row by row each time.

    sign is what parts its cells.
    """

    path: Path
    sign: str
    columns: tuple[str, ...]

    def rows(self) -> Iterator[Cells]:
        """Give each row below the names of the columns; empty ones are passed over."""
        width, at = len(self.columns), self.columns.index("slug")
        for line, cells, text in islice(_read(self.path, self.sign, width), 1, None):
            place = Place(str(self.path), line)
            if fault := _fault(place, cells, text, width):
                seems = [*text.split(self.sign, at + 1), *[""] * at][at].strip(' "')
                yield Cells(place, text, seems, {}, fault)
            else:
                held = {name: cell for name, cell in zip(self.columns, cells, strict=True) if cell}
                yield Cells(place, text, held.get("slug", ""), held, None)


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
    with path.open("rb") as raw:
        begins = raw.read(4)
    if begins in _OTHERS:
        raise ContentError([Problem(Place(str(path)), _OTHERS[begins], _SAVE)])
    if path.stat().st_size > MOST_BYTES:
        raise MachineError(
            f'the table "{path}" is larger than {MOST_BYTES // 1_000_000} MB.\n'
            "    Give a table of clinics, with a row for each, and no other columns."
        )
    sign = _sign(path)
    line, cells, text = next(_read(path, sign, 0), (1, [], ""))
    while cells and not cells[-1]:
        cells.pop()
    columns = [_column(cell) for cell in cells]
    problems = [*_of_head(Place(str(path), line), columns, text)]
    if not problems and not any(islice(_read(path, sign, 0), 1, 2)):
        fact = "there is no clinic below this line."
        problems = [Problem(Place(str(path), line), fact, "Write a row for each clinic.")]
    if problems:
        raise ContentError(problems)
    return Table(path, sign, tuple(columns))


def _sign(path: Path) -> str:
    """Give what parts the cells of a table."""
    with _opened(path) as file:
        # Spreadsheets leave empty rows, of signs alone, above the names of the columns.
        first = next((line for line in file if line.strip(",;\t\r\n ")), "")
    if said := _SIGN.fullmatch(first):
        return said.group(1)
    # Where numbers have a decimal comma, spreadsheets part the cells with semicolons.
    return max(",;\t", key=first.count)


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


class Slugs:
    """The names of all clinics of a table, in eight bytes each: asked for, and never given back."""

    def __init__(self, slugs: Iterable[str]) -> None:
        """Take them all, each as often as it stands in the table."""
        self._marks = array("Q", sorted(map(_mark, slugs)))

    def __contains__(self, slug: str) -> bool:
        return self.count(slug) > 0

    def count(self, slug: str) -> int:
        """Tell how often a name was given."""
        mark = _mark(slug)
        return bisect_right(self._marks, mark) - bisect_left(self._marks, mark)


def _mark(slug: str) -> int:
    """Give a number that no two names of a table share, unless by a chance of one in a billion."""
    return int.from_bytes(hashlib.sha256(slug.encode("utf-8")).digest()[:8])


def row_of(written: Cells, table: Table, docs: Docs) -> Row | list[Problem]:
    """Give the clinic of a row, or all that is wrong with it."""
    if written.fault:
        return [written.fault]
    problems: list[Problem] = []
    record = _Record("a clinic", written.place, problems)
    for name, cell in written.cells.items():
        record.entries[name] = node_of(_parts(cell) if name in _LISTS else cell)
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


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in _PARTS.split(cell) if part.strip()]


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
    problems += (each for each in of_name(docs, clinic.name, place) if not each.is_warning)
    return list(dict.fromkeys(problems))


def _opened(path: Path) -> TextIO:
    # What is no UTF-8 is named with its line, and the other rows are read.
    return path.open(encoding="utf-8-sig", errors="surrogateescape", newline="")


def _read(path: Path, sign: str, width: int) -> Iterator[tuple[int, list[str], str]]:
    """Give each row that is not empty: its first line, its cells (none: it is broken), its text.

    width is how many cells it should have, or 0. A row that has not is given as its first line
    alone: where a quote was never closed, the lines below are rows that somebody waits for.
    """
    with _opened(path) as file:
        lines = _Lines(file)
        while number := lines.begin():
            try:
                cells = [
                    _plain(cell) for cell in next(csv.reader(lines, strict=True, delimiter=sign))
                ]
            except csv.Error:
                cells = []
            while width and len(cells) > width and not cells[-1]:
                cells.pop()
            is_empty = not lines.text.strip(f"{sign}\r\n ")
            if width and len(cells) != width:
                lines.give_back()
            if not is_empty:
                yield number, cells, _plain(lines.text)


def _plain(text: str) -> str:
    return with_known_spaces(text.replace("\r\n", "\n").replace("\r", "\n").strip())


class _Lines(Iterator[str]):
    """The lines of a file, of which those of the last row can be given back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        first = file.readline()
        says_sign = bool(_SIGN.fullmatch(first))
        self._again = [first] if first and not says_sign else []
        self._number = int(says_sign)
        self._taken: list[str] = []

    def __next__(self) -> str:
        if len(self._taken) == _MOST_LINES:
            raise csv.Error
        self._taken.append(self._again.pop() if self._again else next(self._file))
        self._number += 1
        return self._taken[-1]

    @property
    def text(self) -> str:
        """The lines of the row."""
        return "".join(self._taken)

    def begin(self) -> int:
        """Begin with a row; give the number of its first line, or 0 if there is none."""
        self._taken = []
        if not self._again:
            self._again = [*islice(self._file, 1)]
        return self._number + 1 if self._again else 0

    def give_back(self) -> None:
        """Give all lines of the row back but the first."""
        again = self._taken[1:]
        self._taken = self._taken[:1]
        self._number -= len(again)
        self._again += reversed(again)


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
