"""Consent: all 28 elements of a consent form, fair options, and nothing that takes rights away."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence

import lxml.html

from plainleaf.check.gates.family import Family, in_context
from plainleaf.check.gates.grade import words_of
from plainleaf.check.gates.lexicon import Lexicon
from plainleaf.check.gates.passages import PageText, Passage, printed
from plainleaf.check.gates.speech import Speech
from plainleaf.model import TO_FILL_IN, Field, Handout, Part
from plainleaf.problems import Place, Problem, choices
from plainleaf.read.elements import ELEMENTS, NAMES, Element

# What a record of each visit may carry in place of the form.
AT_VISITS = ("sessions",)
# What a leaflet that goes with the form explains in full.
EXPLAINED = (
    "procedure",
    "benefit",
    "risks",
    "alternatives",
    "no-treatment",
    "off-label",
    "evidence",
)
MOST_RATIO = 2  # IPDAS: options in equal detail; here, word counts within a factor of two
# Table cells of a few words differ by chance.
LEAST_OPTION_WORDS = 6

FAMILY = Family(
    "consent",
    {
        "element": "GMC Decision making and consent (2020); NZ HDC Code, rights 6 and 7",
        "options": "GMC Decision making and consent (2020); Montgomery [2015] UKSC 11",
        "balance": "IPDAS minimum criteria: options in equal detail",
        "ticked": "GDPR, recital 32: a ticked box is no consent",
        "one-procedure": "GMC Decision making and consent (2020): consent to what is named",
        "form": "NHS consent form 3: patient and form named on every page",
        "leaflet": "NHS consent forms 1 and 3: the leaflet that was given is named on the form",
        "signed": "house rule: nobody signs on one side what stands on another",
        "filled-in-by": "NHS consent form 1: a part for the patient, one for the professional",
        "refers": "house rule: each element is looked for where the handout says it is",
    },
)


def findings(
    handout: Handout,
    others: Sequence[Handout],
    labels: Mapping[str, str],
    texts: Mapping[str, PageText],
    speech: Speech,
) -> Iterator[Problem]:
    """Give what a consent form lacks, in one language; without a lexicon only its parts count.

    others are the handouts that go with it: what a leaflet explains, the form may name in a few
    words, and a record of each visit may carry what is asked there. labels are the words of fields.
    """
    lexicon, left_out = speech.lexicon, speech.without("consent")
    leaflets = [other for other in others if other.kind == "leaflet"]
    records = [other for other in others if other.kind == "record"]
    sheets = (handout, *leaflets, *records)
    passages = {name: below for each in sheets for name, below in printed(each, texts)}
    carried, explained = _carried([handout]), _carried(leaflets)
    at_visits = _carried(records)
    for name in AT_VISITS:
        carried.setdefault(name, []).extend(at_visits.get(name, []))
    yield from _unknown(sheets)
    for element in ELEMENTS:
        if parts := carried.get(element.name):
            saying = [*parts, *explained.get(element.name, [])]
            said = [p.text for part in saying for p in passages.get(_name(part), [])]
            fields = [field for part in parts for field in part.fields]
            said += [labels.get(label, "") for field in fields for label in field.labels]
            yield from _fields(element, parts[0], fields)
            if lexicon:
                place = _place(parts[0], texts)
                yield from _words(element, parts[0], " ".join(said), place, lexicon)
        elif element.name not in left_out:
            fact = f"this consent form lacks {element.what} (element {element.number})."
            hint = f"Print a section that does, and give its part `elements: [{element.name}]`."
            yield FAMILY.error("element", handout.source, fact, hint, element.name)
    yield from _unexplained(leaflets, explained, left_out)
    yield from _about_form(handout)
    yield from _signed(carried)
    yield from _filled_in(handout)
    for part in explained.get("alternatives", []) or carried.get("alternatives", []):
        yield from _table_balance(part, texts, lexicon)


def _unknown(sheets: Iterable[Handout]) -> Iterator[Problem]:
    names = NAMES["consent"]
    for part in (part for sheet in sheets for part in sheet.parts):
        for name in part.elements:
            if name not in names:
                fact = f'"{name}" is no element of a consent form.'
                yield FAMILY.error(
                    "refers", part.source, fact, choices(names, name, "elements"), name
                )


def _unexplained(
    leaflets: Sequence[Handout], explained: Mapping[str, Sequence[Part]], left_out: Container[str]
) -> Iterator[Problem]:
    """Give what the leaflet of a form must explain and does not."""
    for element in ELEMENTS if leaflets else ():
        is_asked = element.name in EXPLAINED and element.name not in left_out
        if is_asked and element.name not in explained:
            fact = f"this leaflet of a consent form does not explain {element.what}."
            hint = f"Print a section that does, and give its part `elements: [{element.name}]`."
            yield FAMILY.error("leaflet", leaflets[0].source, fact, hint, element.name)


def _about_form(handout: Handout) -> Iterator[Problem]:
    if handout.template != "form":
        fact = "a consent form must bear the clinic, the patient and its version on every page."
        yield FAMILY.error("form", handout.source, fact, "Write `template: form`.")
    folders = {part.page.rpartition("/")[0] for part in handout.parts}
    if len(folders) > 1:
        fact = f"this form takes sections from the pages of {len(folders)} procedures."
        hint = "Write a form for each: a person agrees to one procedure at a time."
        yield FAMILY.error("one-procedure", handout.source, fact, hint)


def _carried(handouts: Iterable[Handout]) -> dict[str, list[Part]]:
    """Give the parts that carry each element."""
    carried: dict[str, list[Part]] = {}
    for handout in handouts:
        for part in handout.parts:
            for name in part.elements:
                carried.setdefault(name, []).append(part)
    return carried


def _signed(carried: Mapping[str, Sequence[Part]]) -> Iterator[Problem]:
    """Refuse a signature that stands apart from what is signed: a page may end between them."""
    for part in carried.get("patient-signature", []):
        if part not in carried.get("questions", [part]):
            fact = f"{_name(part)} is signed, and what is agreed to stands in another part."
            hint = "Put the signature into the part with the statements: no page ends within it."
            yield FAMILY.error("signed", part.source, fact, hint)


def _filled_in(handout: Handout) -> Iterator[Problem]:
    """Refuse what is to be filled in where the form does not say by whom."""
    for part in handout.parts:
        if part.filled_in_by:
            return
        if part.fields or part.show in TO_FILL_IN:
            fact = f"nothing tells who fills in {_name(part)}."
            hint = "Give it, or a part above it, a line such as `filled_in_by: patient`."
            yield FAMILY.error("filled-in-by", part.source, fact, hint)
            return


def _fields(element: Element, part: Part, fields: Sequence[Field]) -> Iterator[Problem]:
    given = {name for field in fields for name in (field.kind, *field.labels)}
    for need in element.needs:
        if need not in given:
            fact = f'element {element.number} ({element.what}) has no "{need}" to fill in.'
            hint = f"Add a field of that kind, or with that label, below {_name(part)}."
            subject = f"{element.name} {need}"
            yield FAMILY.error("element", part.source, fact, hint, subject)


def _words(
    element: Element, part: Part, text: str, place: Place, lexicon: Lexicon
) -> Iterator[Problem]:
    for lacking, pattern in lexicon.elements("consent", element.name).items():
        if text and not pattern.search(text):
            fact = (
                f"{_name(part)} must tell {element.what} (element {element.number}), "
                f"and one thing is missing: {lacking}."
            )
            hint = lexicon.way_in("consent", element.name, lacking)
            yield FAMILY.error("element", place, fact, hint, f"{element.name} {lacking}")


def of_options(page_text: PageText, compared: Sequence[str]) -> Iterator[Problem]:
    """Hold the sections that describe an option each against one another: equal detail."""
    counts = {name: _count(page_text.under(name)) for name in compared}
    yield from _balance(
        counts, {name: page_text.page.sections[name].source for name in compared}, "section"
    )


def ticked(passage: Passage, lexicon: Lexicon) -> Iterator[Problem]:
    """Refuse a box that is ticked before the reader has chosen."""
    ticked = lexicon.patterns["ticked"].finditer(passage.text)
    for found in ticked if passage.kind != "alt" else ():
        fact = f'"{found.group()}" is a box that is ticked already.'
        hint = "Write a plain list item; the sheet draws an empty box before it."
        yield FAMILY.error("ticked", passage.place, fact, hint, in_context(passage.text, found))


def _table_balance(
    part: Part, texts: Mapping[str, PageText], lexicon: Lexicon | None
) -> Iterator[Problem]:
    page_text = texts.get(part.page)
    section = page_text.page.sections.get(part.section) if page_text else None
    if page_text is None or section is None:
        return
    tree = lxml.html.fragment_fromstring(section.html, create_parent="div")
    rows = [
        (" ".join(row[0].text_content().split()), " ".join(row.text_content().split()))
        for row in tree.iter("tr")
        if row.find("td") is not None
    ]
    if len(rows) < 3:
        fact = "the options are not side by side: a table of three rows at least is needed."
        name = lexicon.procedure if lexicon else "the treatment"
        hint = f"Give {name}, no treatment and each other option a row of its own."
        yield FAMILY.error("options", section.source, fact, hint)
        return
    places = {name: section.source for name, _ in rows}
    places |= {p.text: p.place for p in reversed(page_text.under(part.section))}
    counts = {name: len(words_of(text.removeprefix(name))) for name, text in rows}
    yield from _balance(counts, places, "row")


def _balance(
    counts: Mapping[str, int], places: Mapping[str, Place], what: str
) -> Iterator[Problem]:
    shortest, longest = min(counts, key=lambda n: counts[n]), max(counts, key=lambda n: counts[n])
    if counts[longest] > MOST_RATIO * max(counts[shortest], LEAST_OPTION_WORDS):
        fact = (
            f'the {what} "{longest}" has {counts[longest]} words, "{shortest}" only '
            f"{counts[shortest]}: an option told at length looks like the better one."
        )
        hint = f"Bring them within a factor of {MOST_RATIO}."
        yield FAMILY.error("balance", places[shortest], fact, hint, f"{longest} {shortest}")


def _count(passages: Sequence[Passage]) -> int:
    return sum(len(words_of(passage.text)) for passage in passages if passage.is_prose)


def _name(part: Part) -> str:
    return f"{part.page}#{part.section}"


def _place(part: Part, texts: Mapping[str, PageText]) -> Place:
    page_text = texts.get(part.page)
    section = page_text.page.sections.get(part.section) if page_text else None
    return section.source if section else part.source
