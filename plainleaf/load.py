"""Stage 2, load: handouts/, clinics/ and ledger/ become checked definitions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from plainleaf.contrast import LEAST_CONTRAST, contrast, luminance
from plainleaf.control.approvals import read_approvals
from plainleaf.control.ledger import read_ledger
from plainleaf.model import (
    WRITTEN_BY_HAND,
    Approval,
    Clinic,
    Field,
    Handout,
    Library,
    Part,
    Phone,
    Project,
)
from plainleaf.phones import (
    emergency_phone_of,
    is_country,
    known_emergency_numbers,
    phone_of,
)
from plainleaf.pictures import fault_of, is_there
from plainleaf.problems import Place, Problem
from plainleaf.read import is_address
from plainleaf.yaml_file import Record, read_yaml

SHOWS = ("text", "columns", "ticks", "tick-columns", "answers", "fill")
# What a consent form and an aftercare sheet must hold is in gates/consent.py and aftercare.py.
KINDS = ("consent", "aftercare", "information")
# Where a website is hosted: a host, maybe a port and folders; no page, no question, no mark.
_WEBSITE = re.compile(
    r"(?!.*\.html?/?$)https://([a-z0-9-]+\.)+[a-z0-9-]*[a-z](:[0-9]+)?(/[A-Za-z0-9._~-]+)*/?"
)
DEFAULT_ACCENT = "#0b5c73"
# What a clinic.yml says of a clinic that nobody can call when it is closed.
NO_PHONE = "none"


@dataclass(frozen=True, slots=True)
class FieldKind:
    """What a field of this kind takes. Its look is templates/handout/fields/<kind>.html.jinja."""

    labels: bool = False
    rows: bool = False


# A new kind of field is a line here and a template of the same name.
FIELD_KINDS = {
    "lines": FieldKind(rows=True),
    "blanks": FieldKind(labels=True),
    "choices": FieldKind(labels=True),
    "table": FieldKind(labels=True, rows=True),
    "signature": FieldKind(labels=True),
    "leaflets": FieldKind(),
    "emergency-number": FieldKind(),
    "clinic-numbers": FieldKind(),
    "daytime-number": FieldKind(),
}


def load(project: Project, problems: list[Problem]) -> Library:
    """Read handouts/, clinics/ and ledger/; note every problem and leave out what has one."""
    before = len(problems)
    handouts = {}
    for path in _entries(project, "handouts"):
        if path.suffix != ".yml":
            fact = "this is no handout: its name does not end in .yml."
            problems.append(Problem(Place(project.name(path)), fact, "Rename the file."))
            continue
        record = read_yaml(path, project.name(path), "a handout", problems)
        fits = is_address(project, path, path.stem, problems)
        if record and fits and (handout := _handout(path.stem, record)):
            handouts[handout.name] = handout
    clinics = {}
    approvals: list[Approval] = []
    for folder in _entries(project, "clinics"):
        path = folder / "clinic.yml"
        record = read_yaml(path, project.name(path), "a clinic", problems)
        fits = is_address(project, folder, folder.name, problems)
        if record and fits and (clinic := clinic_of(folder.name, folder, record)):
            clinics[clinic.slug] = clinic
            approvals += read_approvals(project, folder, problems)
    if not problems:
        _expect_some(handouts, Place("handouts"), "handout", "handouts/consent.yml", problems)
        _expect_some(clinics, Place("clinics"), "clinic", "clinics/my-clinic/clinic.yml", problems)
    editions = read_ledger(project, problems)
    return Library(handouts, clinics, editions, tuple(approvals), is_whole=len(problems) == before)


def _entries(project: Project, name: str) -> list[Path]:
    """Give what a folder of the project holds, hidden files apart."""
    folder = project.folder / name
    entries = folder.iterdir() if folder.is_dir() else ()
    return sorted(path for path in entries if not path.name.startswith("."))


def _expect_some(
    found: object, place: Place, what: str, example: str, problems: list[Problem]
) -> None:
    if not found:
        problems.append(Problem(place, f"there is no {what}.", f"Write one, such as {example}."))


def _handout(name: str, record: Record) -> Handout | None:
    page = record.text("page")
    kind = record.one_of("kind", KINDS, default="information")
    template = record.text("template")
    identity = record.text("id")
    most_pages = record.number("most_pages", 1, 99, default=99)
    handouts = record.texts("handouts", default=())
    parts = []
    for item in record.records("parts", "a part"):
        part = _part(item)
        if part:
            parts.append(part)
        else:
            record.is_good = False
    if not record.finish():
        return None
    place = record.place("page")
    return Handout(
        name,
        page,
        kind,
        template,
        identity,
        most_pages,
        tuple(parts),
        handouts,
        place,
        record.place("most_pages"),
    )


def _part(record: Record) -> Part | None:
    written = record.text("section")
    page, _, section = written.partition("#")
    if written and not (page and section):
        hint = "Name the page and the id of its heading, such as `risks#common`."
        record.note(f'"{written}" names no section.', hint, "section")
    show = record.one_of("show", SHOWS, default="text")
    elements = record.texts("elements", default=())
    items = record.optional_records("fields", "a field")
    fields = [_field(item) for item in items]
    _refuse_same_names(items, record)
    good = record.finish()
    if not good or None in fields:
        return None
    place = record.place("section")
    return Part(page, section, show, elements, tuple(filter(None, fields)), place)


def _field(record: Record) -> Field | None:
    name = record.one_of("kind", FIELD_KINDS)
    kind = FIELD_KINDS.get(name, FieldKind())
    labels = record.texts("labels") if kind.labels else ()
    rows = record.number("rows", 1, 30) if kind.rows else 0
    if name not in FIELD_KINDS:
        return None
    return Field(name, labels, rows, record.source) if record.finish() else None


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
                part.is_good = False
                part.problems.append(Problem(Place(item.source.path, line), fact, hint))
            seen.setdefault(name, line)


def _names(item: Record) -> Iterator[tuple[str, int, str]]:
    """Give the names that a field takes, each with its line and what to do if it is taken."""
    kind = item.peek("kind")
    known = FIELD_KINDS.get(kind, FieldKind(labels=True))
    if not known.labels or kind == "signature":
        more = "Ask for more `rows:`" if known.rows else "Keep one of the two"
        yield kind, item.source.line, f"{more}, or print the other under a section of its own."
    for label, line in item.items("labels") if known.labels else ():
        yield label, line, "Give each a label of its own, with words of its own in words.yml."


def clinic_of(slug: str, folder: Path, record: Record) -> Clinic | None:
    """Give a clinic, or None with its problems noted; its logo lies in the folder."""
    answer = record.one_of("fill_in_by_hand", ("yes", "no"), default="no")
    if not answer:
        return None  # which other lines are needed depends on it
    by_hand = answer == "yes"
    is_example = record.one_of("is_example", ("yes", "no"), default="no") == "yes"
    accent = _accent(record)
    logo = _logo(folder, record)
    website = _website(record)
    languages = record.texts("languages", default=())
    name = ""
    emergency = daytime = WRITTEN_BY_HAND
    out_of_hours: Phone | None = WRITTEN_BY_HAND
    address: tuple[str, ...] = ()
    if not by_hand:
        name = record.text("name")
        address = record.texts("address")
        country = _country(record)
        daytime = _phone(record, "daytime_phone", country)
        out_of_hours = _out_of_hours(record, country)
        emergency = _emergency(record, country)
    if not record.finish():
        return None
    return Clinic(
        slug,
        name,
        address,
        daytime,
        out_of_hours,
        emergency,
        accent,
        logo,
        website,
        languages,
        is_example,
        record.place("languages"),
    )


def _website(record: Record) -> str:
    """Read where the clinic hosts the website, which its sheets then name in print."""
    written = record.text("website", "")
    if record.has("website") and not _WEBSITE.fullmatch(written):
        record.note(
            f'"{written}" is no address of a website.' if written else '"website" is empty.',
            "Write it with https:// and nothing after the folder that holds index.html: "
            f"{record.example('website', 'https://leaflets.example/')}.",
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
    known = known_emergency_numbers(country)
    fact = f'"{written}" is no emergency number in {country}.'
    hint = f"Look up which number calls an ambulance in {country}."
    record.note(fact, f"{hint} Known: {', '.join(known)}." if known else hint, "emergency_phone")
    return WRITTEN_BY_HAND


def _accent(record: Record) -> str:
    """Read the clinic's colour, dark enough for the eyes of people who read headings in it."""
    colour = record.text("accent", DEFAULT_ACCENT).lower()
    if record.has("accent") and not colour:
        hint = f'Write the colour in quotes, or # starts a comment: `accent: "{DEFAULT_ACCENT}"`.'
        record.note('"accent" is empty.', hint, "accent")
    elif not re.fullmatch(r"#[0-9a-f]{6}", colour):
        hint = f"Write it with six digits: {record.example('accent', DEFAULT_ACCENT)}."
        record.note(f'"{colour}" is no colour.', hint, "accent")
    elif (reached := contrast_with_white(colour)) < LEAST_CONTRAST:
        record.note(
            f'the colour "{colour}" is too pale to read on white ({reached:.1f} to 1).',
            f"Choose a darker one: text needs {LEAST_CONTRAST} to 1 (WCAG 2.2, 1.4.6).",
            "accent",
        )
    return colour


def contrast_with_white(colour: str) -> float:
    """Give the contrast of a colour `#rrggbb` with white, 1 to 21 (WCAG 2.2, contrast ratio)."""
    red, green, blue = (int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5))
    return contrast(luminance(red, green, blue))


def _logo(folder: Path, record: Record) -> Path | None:
    written = record.text("logo", "")
    if not written:
        return None
    path, beside = folder / written, Path(record.source.path).name
    try:
        is_inside = path.resolve().is_relative_to(folder.resolve())
    except (OSError, RuntimeError):  # a link that leads to itself
        is_inside = True
    if not is_inside:
        hint = f"Put the logo beside {beside} and give its name alone."
        record.note(f'the logo "{written}" lies outside the folder of its clinic.', hint, "logo")
    elif not is_there(path):
        hint = f"Put the picture beside {beside}, or name none."
        record.note(f'the logo "{written}" is not there.', hint, "logo")
    elif fault := fault_of(path):
        hint = "Save the picture again as a plain SVG, PNG or JPEG."
        record.note(f'the logo "{written}" {fault}.', hint, "logo")
    return path
