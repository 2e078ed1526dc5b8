"""The table of clinics: rows become clinics, and each bad one is named with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from plainleaf.commands.clinic_table import Row, Table, row_of, table_at
from plainleaf.model import PAPERS, Docs
from plainleaf.problems import ContentError, MachineError, Place

HEAD = "slug,name,address,country,emergency_phone,daytime_phone,out_of_hours_phone"
NUMBERS = "GB,999,0117 496 0123,0117 496 0456"
GOOD = f"mill,Mill Clinic,1 Mill Road; Leeds,{NUMBERS}"
QUOTE = (
    "a quote is opened here and never closed, or stands within a cell.\n"
    '    Put the whole cell into quotes, and write each quote in it twice: "The ""Mill""".'
)
HOLDS = "Put a cell into quotes if it holds a comma or a new line."


def table_of(folder: Path, *lines: str, head: str = HEAD, more: str = "") -> Table:
    path = folder / "clinics.csv"
    path.write_text("\n".join([f"{head}{more}", *lines]), "utf-8")
    return table_at(path)


def told(table: Table, docs: Docs) -> list[str]:
    """Give the slug of each good row, and all that is said of each bad one."""
    found = []
    for written in table.rows():
        row = row_of(written, table, docs)
        if isinstance(row, Row):
            found.append(f"{written.place.line} {row.clinic.slug}")
        else:
            found += [str(each).replace(str(table.path), "clinics.csv") for each in row]
    return found


@pytest.mark.parametrize("sign", [";", ",", "\t"])
@pytest.mark.parametrize("above", ["", "{0}{0}{0}", "  {0} {0}", "\n\n{0}{0}"])
def test_empty_rows_above_the_columns_are_passed_over(
    tmp_path: Path, docs: Docs, sign: str, above: str
) -> None:
    def parted(line: str) -> str:
        return line.replace(";", ":").replace(",", sign).replace(":", "/")

    lines = [parted(HEAD), above.format(sign), parted(GOOD)]
    table = table_of(tmp_path, *lines, head=above.format(sign))
    at = 2 + above.count("\n")
    assert told(table, docs) == [f"{2 * at} mill"]


def test_a_row_becomes_a_clinic(tmp_path: Path, docs: Docs) -> None:
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"/>'
    (tmp_path / "mill.svg").write_text(svg, "utf-8")
    more = ",accent,website,languages,papers,logo,is_example"
    row = f"{GOOD},#0B5C73,https://mill.example/,en; ar,A4,mill.svg,yes"
    table = table_of(tmp_path, row, more=more)
    found = row_of(next(table.rows()), table, docs)
    assert isinstance(found, Row)
    clinic = found.clinic
    assert (clinic.slug, clinic.name, clinic.address) == (
        "mill",
        "Mill Clinic",
        ("1 Mill Road", "Leeds"),
    )
    numbers = clinic.emergency_phone, clinic.daytime_phone, clinic.out_of_hours_phone
    assert tuple(map(str, numbers)) == ("999", "0117 496 0123", "0117 496 0456")
    assert (clinic.accent, clinic.website) == ("#0b5c73", "https://mill.example/")
    assert (clinic.languages, clinic.papers) == (("en", "ar"), (PAPERS[0],))
    assert (clinic.logo, clinic.is_example) == (tmp_path / "mill.svg", True)
    assert clinic.source == Place(str(table.path), 2)


def test_what_is_left_out_is_all_that_there_is(tmp_path: Path, docs: Docs) -> None:
    table = table_of(tmp_path, GOOD)
    found = row_of(next(table.rows()), table, docs)
    assert isinstance(found, Row)
    assert (found.clinic.languages, found.clinic.papers) == ((), PAPERS)
    assert found.clinic.sizes == ("standard", "large")


def test_lines_are_right_below_cells_with_more_than_one(tmp_path: Path, docs: Docs) -> None:
    table = table_of(
        tmp_path,
        f'mill,Mill Clinic,"1 Mill Road\nLeeds",{NUMBERS}',
        "",
        f'hill,Hill Clinic,"1 Hill Road\r\nLeeds\r\n",{NUMBERS}',
        ",,,,,,",
        GOOD.replace("mill", "lake"),
    )
    assert told(table, docs) == ["2 mill", "5 hill", "9 lake"]
    hill = row_of([*table.rows()][1], table, docs)
    assert isinstance(hill, Row)
    assert hill.clinic.address == ("1 Hill Road", "Leeds")


@pytest.mark.parametrize("sign", [";", "\t"])
def test_spreadsheets_part_cells_with_other_signs_too(
    tmp_path: Path, docs: Docs, sign: str
) -> None:
    row = f'mill,Mill Clinic,"1 Mill Road{sign} Leeds",{NUMBERS}'
    row = row.replace(",", sign)
    path = tmp_path / "clinics.csv"
    path.write_bytes(f"\ufeff{HEAD.replace(',', sign)}{sign}{sign}\r\n{row}{sign}\r\n".encode())
    assert told(table_at(path), docs) == ["2 mill"]


BAD = {
    "mill,,1 Mill Road,GB,999,12,0117 496 0456": [
        'clinics.csv:2: "name" is missing in a clinic.\n    Write it into the column `name`.',
        'clinics.csv:2: "12" is no telephone number in GB.\n'
        "    Write one number, and nothing else, as people in GB dial it, or with + and the "
        "country's code; an extension as `… ext. 12` in the column `daytime_phone`.",
    ],
    GOOD.replace("mill", "The Mill", 1): [
        'clinics.csv:2: the slug "The Mill" cannot stand in a web address.\n'
        "    Use small letters a to z, digits, and a dash between words. "
        "It has 100 letters at most."
    ],
    GOOD.replace("mill", "../mill", 1): [
        'clinics.csv:2: the slug "../mill" cannot stand in a web address.\n'
        "    Use small letters a to z, digits, and a dash between words. "
        "It has 100 letters at most."
    ],
    GOOD.replace("999", "111"): [
        'clinics.csv:2: "111" is no emergency number in GB.\n'
        "    Look up which number calls an ambulance in GB. Known: 112, 999."
    ],
    GOOD.replace("Mill Clinic", '"Mill\nClinic"'): [
        'clinics.csv:2: "name" has more than one line.\n    Write it on one.'
    ],
    GOOD.replace("Mill Clinic", "Mill ☺ Clinic"): [
        f'clinics.csv:2: no font of {name} has the letter "☺" (U+263A).\n'
        f"    Write it another way, or add a font that has it to docs/{code}/words.yml."
        for code, name in (("ar", "العربية"), ("en", "English"))
    ],
    GOOD.replace("Mill Clinic", "Mill \a Clinic"): [
        "clinics.csv:2: this row holds a sign that cannot be seen (U+0007).\n"
        "    Write the row again; such signs come in when text is copied."
    ],
    GOOD.replace("Mill Clinic", "The best Clinic"): [
        'clinics.csv:2: "best": this ranks or praises, and a reader cannot check it.\n'
    ],
    GOOD.replace(", ", " ").replace("Leeds", "Leeds, again"): [
        f"clinics.csv:2: the cells of this row are 8, and the columns 7.\n    {HOLDS}"
    ],
    "mill,Mill Clinic": [
        f"clinics.csv:2: the cells of this row are 2, and the columns 7.\n    {HOLDS}"
    ],
    GOOD.replace("Mill Clinic", '"The "Mill" Clinic"'): [f"clinics.csv:2: {QUOTE}"],
}


@pytest.mark.parametrize("row", BAD, ids=range(len(BAD)))
def test_a_bad_row_is_named_and_the_next_one_is_read(tmp_path: Path, docs: Docs, row: str) -> None:
    *found, last = told(table_of(tmp_path, row, GOOD.replace("mill", "lake")), docs)
    assert last.endswith(" lake")
    assert len(found) == len(BAD[row])
    for said, begins in zip(found, BAD[row], strict=True):
        assert said.startswith(begins)


MORE = {
    ("accent", "blue"): (
        '"blue" is no colour.\n    Write it with six digits: `#0b5c73` in the column `accent`.'
    ),
    ("languages", "fr"): (
        'mill prints in "fr", but there is no folder docs/fr.\n    The languages are: ar, en.'
    ),
    (
        "papers",
        "a4; a5",
    ): 'there is no paper "a5".\n    The papers are: a4, letter.',
    ("logo", "mill.svg"): (
        'the logo "mill.svg" is not there.\n    Put the picture beside clinics.csv, or name none.'
    ),
    ("logo", "../mill.svg"): (
        'the logo "../mill.svg" lies outside the folder of its clinic.\n'
        "    Put the logo beside clinics.csv and give its name alone."
    ),
    ("website", "mill.example"): (
        '"mill.example" is no address of a website.\n'
        "    Write it with https:// and nothing after the folder that holds index.html: "
        "`https://mill.example/` in the column `website`."
    ),
    ("fill_in_by_hand", "maybe"): (
        '"fill_in_by_hand" cannot be "maybe".\n    The choices are: no, yes.'
    ),
}


@pytest.mark.parametrize(("column", "cell"), MORE)
def test_what_may_be_left_out_is_checked_too(
    tmp_path: Path, docs: Docs, column: str, cell: str
) -> None:
    table = table_of(tmp_path, f"{GOOD},{cell}", more=f",{column}")
    assert told(table, docs) == [f"clinics.csv:2: {MORE[column, cell]}"]


def test_a_quote_that_is_never_closed_costs_one_row(tmp_path: Path, docs: Docs) -> None:
    lost = f'hill,"Hill Clinic,1 Hill Road,{NUMBERS}'
    rows = [GOOD.replace("mill", f"mill-{number}", 1) for number in range(30)]
    table = table_of(tmp_path, rows[0], lost, *rows[1:])
    *_, hill = [written for written in table.rows() if written.fault]
    assert (hill.place.line, hill.slug) == (3, "hill")
    lines = [number + (number > 2) for number in range(2, 32)]
    expected = [f"{line} mill-{number}" for number, line in enumerate(lines)]
    expected.insert(1, f"clinics.csv:3: {QUOTE}")
    assert told(table, docs) == expected


def test_a_row_that_is_not_utf_8_does_not_stop_the_others(tmp_path: Path, docs: Docs) -> None:
    path = tmp_path / "clinics.csv"
    cafe = GOOD.replace("Mill Clinic", "Café").encode("cp1252")
    path.write_bytes(b"\n".join([HEAD.encode(), cafe, GOOD.encode()]))
    assert told(table_at(path), docs) == [
        "clinics.csv:2: this row has letters that are not stored as UTF-8.\n"
        '    Save the table again as "CSV UTF-8".',
        "3 mill",
    ]


def test_clinics_may_be_written_in_by_hand(tmp_path: Path, docs: Docs) -> None:
    head = "slug,fill_in_by_hand,name"
    table = table_of(tmp_path, "any,yes,", "hill,yes,Hill", head=head)
    row, *problems = told(table, docs)
    assert row == "2 any"
    assert problems[0].startswith('clinics.csv:3: "name" is not a key of a clinic.')


KEYS = "accent, address, country, daytime_phone, emergency_phone, fill_in_by_hand, is_example, "
KEYS += "languages, logo, name, out_of_hours_phone, papers, sizes, slug, website"
HEADS = {
    f"{HEAD},color": [
        f'"color" is not a column of a table of clinics.\n    The columns are: {KEYS}.'
    ],
    f"{HEAD},language": [
        '"language" is not a column of a table of clinics.\n'
        f'    Did you mean "languages"? The columns are: {KEYS}.'
    ],
    f"{HEAD},name": ['the column "name" is given twice.\n    Keep one of the two.'],
    HEAD.replace(",country", ""): [
        'the column "country" is missing.\n'
        "    Write `country` on this line, and what it says below."
    ],
    "": [
        "this line does not name the columns of a table.\n"
        '    Name them, and save the table as "CSV UTF-8".'
    ],
}


@pytest.mark.parametrize("head", HEADS, ids=range(len(HEADS)))
def test_columns_that_nobody_knows_or_that_are_missing_are_refused(
    tmp_path: Path, head: str
) -> None:
    with pytest.raises(ContentError) as stopped:
        table_of(tmp_path, head=head)
    found = [str(each).partition("clinics.csv:1: ")[2] for each in stopped.value.problems]
    assert found == HEADS[head]


@pytest.mark.parametrize(
    ("begins", "what"),
    [
        (b"PK\x03\x04\x14\x00", "a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "a workbook"),
        (b"%PDF-1.7\n", "a PDF"),
    ],
)
def test_what_is_no_table_is_named(tmp_path: Path, begins: bytes, what: str) -> None:
    path = tmp_path / "clinics.csv"
    path.write_bytes(begins)
    with pytest.raises(ContentError) as stopped:
        table_at(path)
    assert str(stopped.value) == (
        f"{path}: this is {what}, and no table of plain text.\n"
        '    Open it in your spreadsheet, and save it as "CSV UTF-8".'
    )


def test_a_table_without_a_clinic_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match="there is no clinic below this line"):
        table_of(tmp_path, "", ",,,,,,")


@pytest.mark.parametrize(
    "head",
    [
        HEAD.upper(),
        HEAD.replace("_", " ").title(),
        HEAD.replace("_", "-"),
        f"sep=,\n{HEAD}",
        f'"sep=,"\r\n{HEAD}',
    ],
)
def test_columns_may_be_named_as_spreadsheets_name_them(
    tmp_path: Path, docs: Docs, head: str
) -> None:
    *_, row = told(table_of(tmp_path, GOOD, head=head), docs)
    assert row == f"{2 + head.count('sep=')} mill"


@pytest.mark.parametrize("sign", [";", "\t", "|"])
def test_a_first_line_may_say_what_parts_the_cells(tmp_path: Path, docs: Docs, sign: str) -> None:
    path = tmp_path / "clinics.csv"
    plain = GOOD.replace(", ", " ").replace(";", " ")
    lines = (line.replace(",", sign) for line in (HEAD, "", plain))
    path.write_text("\n".join([f"sep={sign}", *lines]), "utf-8")
    assert told(table_at(path), docs) == ["4 mill"]


def test_a_table_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MachineError) as stopped:
        table_at(tmp_path / "no.csv")
    assert str(stopped.value) == (
        f'there is no table "{tmp_path / "no.csv"}".\n'
        "    Give a file of comma-separated values (CSV), with a row for each clinic."
    )
