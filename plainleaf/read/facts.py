"""What does not depend on a language: how often things go wrong (risks.yml), and who says so."""

from __future__ import annotations

from collections.abc import Mapping

from phonenumbers.shortnumberinfo import is_emergency_number

from plainleaf.files.yaml_file import Record, read_yaml, whole_number
from plainleaf.html.locales import is_place
from plainleaf.model import Benchmark, EmergencyNumber, Facts, Project, Rate, Reference, Risk
from plainleaf.problems import Place, Problem, choices, short

SEVERITIES = ("expected", "minor", "serious")
ACTS = ("none", "routine", "today", "emergency")
SEEN = ("abstract", "whole work", "leaflet", "label", "web page", "guideline summary")
KINDS = (
    "trial",
    "review",
    "cohort",
    "case reports",
    "survey",
    "laboratory study",
    "label",
    "leaflet",
    "guidance",
    "web page",
    "register entry",
)
NOT_KNOWN = "not known"
COUNTED = ("people", "injections")


def read_facts(project: Project, problems: list[Problem]) -> Facts:
    """Read docs/facts/, any file of which may be absent.

    These are sources.yml, risks.yml, figures.yml and emergency-numbers.yml.
    """
    before = len(problems)

    def table(name: str) -> Record:
        path = project.folder / "docs" / "facts" / f"{name}.yml"
        what = f"the list of {name}"
        record = read_yaml(project, path, what, problems) if path.exists() else None
        return record or Record(what, Place(project.name(path)), problems)

    references = {
        name: reference
        for name, record in table("sources").tables("a source")
        if (reference := _reference(name, record))
    }
    sound_references = references if len(problems) == before else None
    risks = {
        name: risk
        for name, record in table("risks").tables("a risk")
        if (risk := _risk(name, record, sound_references))
    }
    numbers = tuple(
        number
        for place, record in table("emergency-numbers").tables("an emergency number")
        if (number := _emergency_number(place, record))
    )
    figures = table("figures").texts_by_key()
    return Facts(risks, references, figures, numbers, len(problems) == before)


def _emergency_number(place: str, record: Record) -> EmergencyNumber | None:
    number = record.text("number")
    if number and not (number.isascii() and number.isdecimal()):
        hint = 'Write the digits alone, in quotes: `number: "112"`.'
        record.note(f'"number" must be digits, not "{short(number)}".', hint, "number")
    countries = record.texts("countries", default=(place,))
    for code in dict.fromkeys((place, *countries)):
        if not is_place(code):
            hint = "Write its two capital letters (ISO 3166-1), or EU: `NZ:`."
            record.note(f'no country has the code "{short(code)}".', hint)
    wrong = [code for code in countries if number and not is_emergency_number(number, code)]
    if wrong and record.is_good:
        hint = "Try it, or look it up, before anybody is told to call it."
        fact = f"as far as is known, {number} calls no help in {', '.join(wrong)}."
        record.warn(fact, hint, "number")
    return EmergencyNumber(place, number, countries) if record.finish() else None


def _reference(name: str, record: Record) -> Reference | None:
    year = record.text("year")
    if year and year != NOT_KNOWN and not (year.isdecimal() and len(year) == 4):
        hint = f"Write `year: 2017`, or `{NOT_KNOWN}`."
        record.note(f'"year" must be a year, not "{year}".', hint, "year")
    link = record.text("link", "")
    if link and not (link.startswith("https://") and not set(link) & set(' "<>')):
        hint = "Write it whole, from https:// on: `link: https://doi.org/10.1000/182`."
        record.note(f'"link" must be a web address, not "{short(link)}".', hint, "link")
    reference = Reference(
        name,
        record.text("label"),
        record.text("title"),
        record.text("where"),
        link,
        record.one_of("seen", SEEN),
        year,
        record.one_of("kind", KINDS),
        record.text("size"),
        record.text("limits"),
        record.texts("figures", default=()),
        record.source,
    )
    return reference if record.finish() else None


def _risk(name: str, record: Record, references: Mapping[str, Reference] | None) -> Risk | None:
    written = record.text("rate")
    rate = None if written == NOT_KNOWN else _rate(record, "rate")
    severity = record.one_of("severity", SEVERITIES)
    act = record.one_of("act", ACTS)
    record.read.add("source")
    reference = _source(record, references) if record.has("source") else None
    if reference and rate is None:
        hint = "Take it away, or give the rate that it counted."
        record.note("a source is named, and no rate.", hint, "source")
    benchmark = None
    if inner := record.record("benchmark", "a benchmark"):
        benchmark = _benchmark(inner, references)
        inner.finish()
    return Risk(name, rate, severity, act, benchmark, reference) if record.finish() else None


def _benchmark(record: Record, references: Mapping[str, Reference] | None) -> Benchmark | None:
    """Read a benchmark; references is None where some are broken, and any may be meant."""
    rate = _rate(record, "rate")
    counted = record.one_of("of", COUNTED, "people")
    procedure = record.text("procedure")
    reference = _source(record, references)
    return Benchmark(rate, counted, procedure, reference) if rate and reference else None


def _source(record: Record, references: Mapping[str, Reference] | None) -> Reference | None:
    """Give the source of a rate; None where none is named, or sources.yml has problems."""
    source = record.text("source")
    if references is None:
        return None
    if source and source not in references:
        hint = choices(references, source, "sources in docs/facts/sources.yml")
        record.note(f'there is no source "{source}".', hint, "source")
    return references.get(source) if record.is_good else None


def _rate(record: Record, key: str) -> Rate | None:
    """Read `2 in 100` or `under 1 in 10,000`; more than there were is a slip of the pen."""
    written = record.text(key)
    rate = rate_of(written)
    if written and rate is None:
        fact = f'"{key}" must be so many in so many, not "{short(written)}".'
        record.note(fact, f"Write `{key}: 2 in 100`, or `not known` where nobody has counted.", key)
    return rate


def rate_of(written: str) -> Rate | None:
    """Give the rate that a text such as `2 in 100` stands for, or None where it is none."""
    plain = written.removeprefix("under ").replace(",", "")
    count, people = (whole_number(part) for part in (*plain.split(" in "), "", "")[:2])
    if count is not None and people is not None and count <= people > 0:
        return Rate(count, people, written.startswith("under "))
    return None
