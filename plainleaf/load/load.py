"""Stage 2, load: handouts/, clinics/ and ledger/ become checked definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from plainleaf.addresses import fault_of_website, is_address, meant_website
from plainleaf.files.contrast import dark_enough
from plainleaf.files.pictures import OF_LOGO, fault_of, named, nearest
from plainleaf.files.yaml_file import Record, read_yaml, yaml_files
from plainleaf.load.phones import (
    emergency_phone_of,
    is_country,
    is_given_out,
    known_emergency_numbers,
    phone_of,
)
from plainleaf.machine.disk import is_within
from plainleaf.model import (
    NO_LIMIT,
    PAPERS,
    SIZES,
    USUAL_SIZES,
    WRITTEN_BY_HAND,
    Approval,
    Clinic,
    ClinicPlace,
    Field,
    Handout,
    Library,
    Paper,
    Part,
    Phone,
    Project,
    Size,
)
from plainleaf.problems import Place, Problem, choices
from plainleaf.read.read import read_own
from plainleaf.records.approvals import read_approvals
from plainleaf.records.ledger import read_ledger

SHOWS = ("text", "columns", "ticks", "tick-columns", "yes-no", "answers", "fill")
# Who fills in what follows a part, up to the next one that says so.
FILLED_IN_BY = ("patient", "clinician", "both", "others")
# A sheet is twelve twelfths wide; fewer than three hold no line of words.
TWELFTHS, LEAST_WIDTH = 12, 3
# What a consent form and an aftercare sheet must hold is in read/elements.py.
KINDS = ("consent", "leaflet", "aftercare", "record", "information")
DEFAULT_ACCENT = "#0b5c73"
# The value of `out_of_hours_phone:` where no number answers when the clinic is closed.
NO_PHONE = "none"


@dataclass(frozen=True, slots=True)
class FieldKind:
    """What a field of this kind takes. Its look is templates/handout/fields/<kind>.html.jinja."""

    labels: bool = False
    rows: bool = False
    across: bool = False
    is_phone: bool = False


# More blanks beside each other leave a hand no room to write.
MOST_ACROSS = 4

# A new kind of field is a line here and a template of the same name.
FIELD_KINDS = {
    "lines": FieldKind(rows=True),
    "blanks": FieldKind(labels=True, across=True),
    "choices": FieldKind(labels=True),
    "table": FieldKind(labels=True, rows=True),
    "signature": FieldKind(labels=True),
    "leaflets": FieldKind(),
    "emergency-number": FieldKind(is_phone=True),
    "clinic-numbers": FieldKind(is_phone=True),
    "daytime-number": FieldKind(is_phone=True),
}


def load(project: Project, problems: list[Problem]) -> Library:
    """Read handouts/, clinics/ and ledger/; note every problem and leave out what has one."""
    before = len(problems)
    handouts = {}
    for path in yaml_files(project, "handouts", "handout", problems):
        record = read_yaml(project, path, "a handout", problems)
        fits = is_address(project, path, path.stem, problems)
        if record and fits and (handout := _handout(path.stem, record)):
            handouts[handout.name] = handout
    editions = read_ledger(project, problems)
    is_whole = bool(handouts) and len(problems) == before
    clinics = {}
    broken = []
    approvals: list[Approval] = []
    for folder in project.entries("clinics"):
        path = folder / "clinic.yml"
        record = read_yaml(project, path, "a clinic", problems)
        fits = is_address(project, folder, folder.name, problems)
        if record and fits and (clinic := _clinic(project, folder.name, folder, record)):
            own = [
                words
                for words in read_own(project, folder, problems)
                if not clinic.languages or words.language in clinic.languages
            ]
            if own and not clinic.name:
                fact = "this clinic is nobody's, and has nothing to say itself."
                hint = "Take the file away. A clinic with a name can have words of its own."
                problems += [Problem(words.source, fact, hint) for words in own]
                own = []
            clinic = replace(clinic, own=tuple(own))
            if record.finish():
                clinics[clinic.slug] = clinic
                approvals += read_approvals(project, folder, problems)
            else:
                broken.append(clinic)
    if not problems:
        _expect_some(handouts, Place("handouts"), "handout", "handouts/consent.yml", problems)
        _expect_some(clinics, Place("clinics"), "clinic", "clinics/my-clinic/clinic.yml", problems)
    return Library(handouts, clinics, editions, tuple(approvals), is_whole, tuple(broken))


def _expect_some(
    entries: object, place: Place, what: str, example: str, problems: list[Problem]
) -> None:
    if not entries:
        problems.append(Problem(place, f"there is no {what}.", f"Write one, such as {example}."))


def _handout(name: str, record: Record) -> Handout | None:
    most_pages = record.number("most_pages", 1, NO_LIMIT, default=NO_LIMIT)
    most_pages_in: list[tuple[str, int]] = []
    if longer := record.record("most_pages_in", "the most pages of a language"):
        for language in longer.names():
            most_pages_in.append((language, longer.number(language, most_pages, NO_LIMIT)))
    parts: list[Part] = []
    clinic_places: list[ClinicPlace] = []
    for item in record.records("parts", "a part"):
        if item.has("clinic_section"):
            section, place = item.text("clinic_section"), item.place("clinic_section")
            clinic_places.append(ClinicPlace(section, len(parts), place))
            item.finish()
        elif part := _part(item, parts[-1] if parts else None):
            parts.append(part)
    _refuse_wide_rows(parts, record)
    handout = Handout(
        name,
        record.text("page"),
        record.one_of("kind", KINDS, default="information"),
        record.text("template"),
        record.text("id"),
        most_pages,
        tuple(most_pages_in),
        tuple(parts),
        record.texts("handouts", default=()),
        record.texts("goes_with", default=()),
        record.place("page"),
        record.place("most_pages"),
        tuple(clinic_places),
    )
    return handout if record.finish() else None


def _part(record: Record, before: Part | None) -> Part | None:
    """Give a part that follows another, or None with its problems noted."""
    written = record.text("section")
    page, _, section = written.partition("#")
    if written and not (page and section):
        hint = "Name the page and the id of its heading, such as `risks#common`."
        record.note(f'"{written}" names no section.', hint, "section")
    column = record.number("column", 0, TWELFTHS // LEAST_WIDTH, default=0)
    if column > 1 and (before is None or before.column not in (column - 1, column)):
        hint = f"Put a part with `column: {column - 1}` before it, or leave out `column:`."
        record.note(f"column {column} has no column {column - 1} beside it.", hint, "column")
    items = record.records("fields", "a field") if record.has("fields") else []
    _refuse_same_names(items, record)
    part = Part(
        page,
        section,
        record.one_of("show", SHOWS, default="text"),
        record.texts("elements", default=()),
        tuple(map(_field, items)),
        record.place("section"),
        record.one_of("filled_in_by", FILLED_IN_BY, default=""),
        column,
        record.number("width", LEAST_WIDTH, TWELFTHS, default=TWELFTHS // 2),
        record.one_of("on_new_side", ("yes", "no"), default="no") == "yes",
    )
    return part if record.finish() else None


def _refuse_wide_rows(parts: Sequence[Part], record: Record) -> None:
    """Refuse columns that are wider together than the sheet: the last would not stand beside."""
    wide = before = 0
    for part in parts:
        if part.column > 1 and part.column == before + 1:
            wide += part.width
        elif part.column != before:
            wide = part.width
        if part.column and part.column != before and wide > TWELFTHS:
            fact = f"these columns are {wide} twelfths of the sheet wide together."
            hint = f"Give them a `width:` each, {TWELFTHS} in all."
            record.note(fact, hint, line=part.source.line)
        before = part.column


def _field(record: Record) -> Field:
    """Give a field. Its keys are judged only where its kind is known."""
    name = record.one_of("kind", FIELD_KINDS)
    kind = FIELD_KINDS.get(name, FieldKind())
    labels = record.texts("labels") if kind.labels else ()
    rows = record.number("rows", 1, 30) if kind.rows else 0
    if kind.across:
        rows = record.number("across", 1, MOST_ACROSS, default=2)
    if name:
        record.finish()
    return Field(name, labels, rows, record.source, kind.is_phone)


def _refuse_same_names(items: list[Record], part: Record) -> None:
    """Refuse two fields of one name in a part: in the PDF, what is typed into one fills both.

    A field is named after page, section and label, and one without labels after its kind; the
    place to sign is `signature`. Fields of one name are one field (ISO 32000-1, 12.7.3.2).
    """
    seen: dict[str, int] = {}
    for item in items:
        for name, line, hint in _names(item):
            if name in seen:
                fact = f'the field "{name}" stands twice in this part, first on line {seen[name]}.'
                part.note(fact, hint, line=line)
            seen.setdefault(name, line)


def _names(item: Record) -> Iterator[tuple[str, int, str]]:
    """Give the names that a field takes, each with its line and what to do if it is taken."""
    kind = item.peek("kind")
    takes = FIELD_KINDS.get(kind, FieldKind(labels=True))
    if not takes.labels or kind == "signature":
        more = "Ask for more `rows:`" if takes.rows else "Keep one of the two"
        yield kind, item.source.line, f"{more}, or print the other under a section of its own."
    for label, line in item.items("labels") if takes.labels else ():
        yield label, line, "Give each a label of its own, with words of its own in words.yml."


def clinic_of(project: Project, slug: str, folder: Path, record: Record) -> Clinic | None:
    """Give a clinic, or None with its problems noted; its logo lies in the folder."""
    clinic = _clinic(project, slug, folder, record)
    return clinic if clinic and record.finish() else None


def _clinic(project: Project, slug: str, folder: Path, record: Record) -> Clinic | None:
    """Give a clinic as far as it can be read; record.is_good tells whether it is sound."""
    answer = record.one_of("fill_in_by_hand", ("yes", "no"), default="no")
    if not answer:
        return None  # which other lines are needed depends on it
    by_hand = answer == "yes"
    country = "" if by_hand else _country(record)
    return Clinic(
        slug,
        "" if by_hand else record.text("name"),
        () if by_hand else record.texts("address"),
        WRITTEN_BY_HAND if by_hand else _phone(record, "daytime_phone", country),
        WRITTEN_BY_HAND if by_hand else _out_of_hours(record, country),
        WRITTEN_BY_HAND if by_hand else _emergency(record, country),
        _accent(record),
        _logo(project, folder, record),
        _website(record),
        record.texts("languages", default=()),
        _papers(record),
        _sizes(record),
        record.one_of("is_example", ("yes", "no"), default="no") == "yes",
        record.place("languages"),
        _handouts(record),
        by_hand or _has_letterhead(record),
    )


def _has_letterhead(record: Record) -> bool:
    """Tell whether sheets bear a letterhead: a clinic with paper that has one says `none`."""
    if record.one_of("letterhead", ("none",), default="") == "":
        return True
    if record.has("logo"):
        hint = "Take the line away: the clinic's own paper has it."
        record.note("no sheet shows the logo where there is `letterhead: none`.", hint, "logo")
    return False


def _handouts(record: Record) -> tuple[str, ...]:
    """Read the handouts that a clinic offers, or none for all that there are."""
    handouts = record.texts("handouts", default=())
    for name in sorted({name for name in handouts if handouts.count(name) > 1}):
        record.note(f'"handouts" names "{name}" twice.', "Name each once.", "handouts")
    return handouts


def _papers(record: Record) -> tuple[Paper, ...]:
    """Read the papers that a clinic prints on: those that it names, or all that there are."""
    names = [paper.name for paper in PAPERS]
    wished = [name.lower() for name in record.texts("papers", default=names)]
    for name in wished:
        if name not in names:
            record.note(f'there is no paper "{name}".', choices(names, name, "papers"), "papers")
    return tuple(paper for paper in PAPERS if paper.name in wished)


# England: the Accessible Information Standard (DAPB1605). United States: 28 CFR 36.303 (ADA).
_KEEP_BOTH = (
    "Write `sizes: [standard, large]`, and giant if you like: by law, many countries have clinics "
    "offer large print to whoever needs it."
)


def _sizes(record: Record) -> tuple[Size, ...]:
    """Read the sizes of print that a clinic offers: standard and large, and maybe giant."""
    sizes = [name.lower() for name in record.texts("sizes", default=USUAL_SIZES)]
    for name in sizes:
        if name not in SIZES:
            record.note(f'there is no size "{name}".', choices(SIZES, name, "sizes"), "sizes")
    for name in USUAL_SIZES if sizes else ():
        if name not in sizes:
            record.note(f'"sizes" leaves out {name} print.', _KEEP_BOTH, "sizes")
    return tuple(size for size in SIZES if size in sizes)


def _website(record: Record) -> str:
    """Read where the clinic hosts the website, which its sheets then name in print."""
    written = record.text("website", "")
    if record.has("website") and (fault := fault_of_website(written)):
        record.note(
            fault if written else '"website" is empty.',
            "Write it with https:// and nothing after the folder that holds index.html: "
            f"{record.example('website', meant_website(written))}.",
            "website",
        )
    return written


def _country(record: Record) -> str:
    written = record.text("country")
    if written and not is_country(written):
        hint = "Write its code of two letters, such as GB for the United Kingdom or AE."
        record.note(f'"{written}" is the code of no country.', hint, "country")
        return ""
    return written


def _phone(record: Record, key: str, country: str, way_out: str = "") -> Phone:
    """Read a telephone number of the clinic; way_out is added to what to do if it is none."""
    written = record.text(key)
    if not written or not country:
        return WRITTEN_BY_HAND
    if phone := phone_of(written, country):
        if not is_given_out(phone):
            fact = f'"{written}" is of no range that numbers are known to be given out of.'
            record.warn(fact, "Ring it, and correct it if it is not yours.", key)
        return phone
    fact = f'"{written}" is no telephone number in {country}.'
    hint = (
        f"Write one number, and nothing else, as people in {country} dial it, or with + and the "
        f"country's code; an extension as {record.example(key, '… ext. 12')}."
    )
    record.note(fact, hint + way_out, key)
    return WRITTEN_BY_HAND


def _out_of_hours(record: Record, country: str) -> Phone | None:
    """Read the number to call when the clinic is closed; None if there is none."""
    key = "out_of_hours_phone"
    if record.peek(key).lower() == NO_PHONE:
        record.text(key)
        return None
    return _phone(record, key, country, f" Without such a number: {record.example(key, NO_PHONE)}.")


def _emergency(record: Record, country: str) -> Phone:
    """Read the number that calls an ambulance, and hold it against the country's own."""
    written = record.text("emergency_phone")
    if not written or not country:
        return WRITTEN_BY_HAND
    if phone := emergency_phone_of(written, country):
        return phone
    numbers = known_emergency_numbers(country)
    fact = f'"{written}" is no emergency number in {country}.'
    hint = f"Look up which number calls an ambulance in {country}."
    if numbers:
        hint += f" Known: {', '.join(numbers)}."
    record.note(fact, hint, "emergency_phone")
    return WRITTEN_BY_HAND


def _accent(record: Record) -> str:
    """Read the clinic's colour; a pale one is printed darker, for people read headings in it."""
    colour = record.text("accent", DEFAULT_ACCENT).lower()
    if record.has("accent") and not colour:
        hint = f'Write the colour in quotes, or # starts a comment: `accent: "{DEFAULT_ACCENT}"`.'
        record.note('"accent" is empty.', hint, "accent")
    elif not re.fullmatch(r"#[0-9a-f]{6}", colour):
        hint = f"Write it with six digits: {record.example('accent', DEFAULT_ACCENT)}."
        record.note(f'"{colour}" is no colour.', hint, "accent")
    else:
        return dark_enough(colour)
    return colour


def _logo(project: Project, folder: Path, record: Record) -> Path | None:
    written = record.text("logo", "")
    if not written:
        return None
    logo, beside = f'the logo "{written}"', Path(record.source.path).name
    path = named(folder, written)
    if not is_within(folder / written, folder):
        hint = f"Put the logo beside {beside} and give its name alone."
        record.note(f"{logo} lies outside the folder of its clinic.", hint, "logo")
    elif path is None:
        hint = nearest(folder, written) or f"Put the picture beside {beside}, or name none."
        record.note(f"{logo} is not there.", hint, "logo")
    elif fault := fault_of(project, path, OF_LOGO):
        record.note(f"{logo} {fault.fact}.", fault.hint, "logo")
    return path
