"""Tests of what the shipped pages say: nothing promised, nothing missing, numbers as measured."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

import lxml.html
import markdown
import pytest
from phonenumbers import shortnumberinfo

from plainleaf.compose import compose
from plainleaf.load import load
from plainleaf.model import Docs, Handout, Library, Page, Risk
from plainleaf.plan import plan
from plainleaf.problems import Problem
from plainleaf.read import read
from tests.conftest import HERE, project_in

SHIPPED = project_in(HERE.parent)
BLOCKS = ("p", "li", "th", "td", "h2", "h3", "h4")


@cache
def shipped() -> tuple[Docs, Library]:
    problems: list[Problem] = []
    docs, library = read(SHIPPED, problems), load(SHIPPED, problems)
    assert problems == []
    return docs, library


def pages() -> dict[str, Page]:
    docs, _ = shipped()
    return {slug: page for (code, slug), page in docs.pages.items() if code == "en"}


def blocks(page: Page) -> list[str]:
    """Give the paragraphs, items, cells and headings of a page as text, title and lead first."""
    html = markdown.markdown(page.markdown, extensions=["tables", "attr_list", "admonition"])
    return [page.title, page.description, *blocks_of(html)]


def blocks_of(html: str) -> list[str]:
    tree: Any = lxml.html.fragment_fromstring(html, create_parent="div")
    pictures = [image.get("alt", "") for image in tree.iter("img")]
    texts = [
        " ".join(element.text_content().split())
        for element in tree.iter(*BLOCKS)
        if not any(child.tag in BLOCKS for child in element.iterdescendants())
    ]
    return [text for text in [*texts, *pictures] if text]


def everything_said() -> dict[str, list[str]]:
    """Give all that readers are told, by file: pages, fixed words and the list of sources."""
    docs, _ = shipped()
    english = docs.languages["en"]
    said = {page.source.path: blocks(page) for page in pages().values()}
    said["words.yml"] = [*english.words.values(), *english.labels.values()]
    said["words.yml"] += [words for risk in english.risks.values() for words in risk.values()]
    said["sources.yml"] = [reference.title for reference in docs.facts.references.values()]
    return said


# Claims that must not be made: clinical.md, "must not be repeated" and "never reuse"
OVERCLAIMS = (
    r"guarant\w+",
    r"\bcur(e|es|ed|ing)\b",
    r"(completely|totally|perfectly|entirely) safe",
    r"\bsafest\b",
    r"\bone of the (safest|best)\b",
    r"\bpainless(ly)?\b",
    r"\b(risk[- ]free|without (any )?risk|no risks?|zero risk)\b",
    r"\b(clinically |scientifically )?proven\b",
    r"\bregenerat\w+",
    r"\bnatural(ly)?\b",
    r"\b80\s?(-|–|to)\s?100\b",
    r"\b10\s?(-|–|to)\s?20 ?(%|per ?cent)",
    r"\bcomplete (pain )?relief\b",
    r"\bnot an issue\b",
    r"\bmost (patients|people) (will )?(improve|get better|are cured)\b",
    r"\bwill notice\b",
    r"\bresolves? (the|your) (problem|pain)\b",
    r"\bmiracle\b",
    r"\btestimonials?\b",
)


def overclaims(text: str) -> list[str]:
    """Find promises and rankings; addresses on the web are names, not claims."""
    words = re.sub(r"\S+\.(com|org|in|au)\b\S*", "", text)
    found = [re.search(claim, words, re.IGNORECASE) for claim in OVERCLAIMS]
    return [match.group() for match in found if match]


def percentages(text: str) -> list[str]:
    """Find shares in per cent; 5% is the name of the solution and no share."""
    return [share for share in re.findall(r"[\d.]+ ?(?:%|per ?cent)", text) if share != "5%"]


def contractions(text: str) -> list[str]:
    """Find words that people who read slowly, or in a second language, stumble over."""
    found = re.findall(
        r"\b\w+n['’]t\b|\b(?:it|that|there|here|what|who|he|she|you|we|they|i|let)"
        r"['’](?:s|re|ve|ll|d|m)\b",
        text,
        re.IGNORECASE,
    )
    return [str(word) for word in found]


def long_sentences(text: str) -> list[str]:
    """Find sentences of more than 25 words."""
    sentences = re.split(r"(?<=[.?!:])\s+", text)
    return [sentence for sentence in sentences if len(sentence.split()) > 25]


def shouting(text: str) -> list[str]:
    """Find words in capitals that are no name: they are read letter by letter."""
    return [word for word in re.findall(r"\b[A-Z]{4,}\b", text) if word not in ("NICE",)]


Check = Callable[[str], list[str]]


@pytest.mark.parametrize(
    "check",
    [overclaims, percentages, contractions, long_sentences, shouting],
    ids=lambda check: check.__name__,
)
def test_no_page_word_or_source_holds(check: Check) -> None:
    found = {
        name: [fault for text in texts for fault in check(text)]
        for name, texts in everything_said().items()
    }
    assert {name: faults for name, faults in found.items() if faults} == {}


@pytest.mark.parametrize(
    ("check", "text", "found"),
    [
        (overclaims, "We guarantee that it helps.", ["guarantee"]),
        (overclaims, "It can cure pain.", ["cure"]),
        (overclaims, "Sugar water is completely safe.", ["completely safe"]),
        (overclaims, "One of the safest treatments.", ["safest", "One of the safest"]),
        (overclaims, "Painless bruises.", ["Painless"]),
        (overclaims, "It is risk-free.", ["risk-free"]),
        (overclaims, "A proven method.", ["proven"]),
        (overclaims, "It regenerates nerves.", ["regenerates"]),
        (overclaims, "Natural, so safe.", ["Natural"]),
        (overclaims, "It works for 80-100 in 100.", ["80-100"]),
        (overclaims, "Complete relief in most patients.", ["Complete relief"]),
        (overclaims, "Allergy is not an issue.", ["not an issue"]),
        (overclaims, "You will notice a change at once.", ["will notice"]),
        (percentages, "It helps 40% or 2.5 per cent; the 5% mix.", ["40%", "2.5 per cent"]),
        (contractions, "Don't drive. It’s early. The clinic's door.", ["Don't", "It’s"]),
        (long_sentences, " ".join(["word"] * 26) + ". Short.", [" ".join(["word"] * 26) + "."]),
        (long_sentences, " ".join(["word"] * 25) + ".", []),
        (shouting, "NEVER do this, says NICE of the US.", ["NEVER"]),
    ],
)
def test_a_bad_sentence_is_found(check: Check, text: str, found: list[str]) -> None:
    assert check(text) == found


def italics(html: str) -> list[str]:
    """Find slanted words, which people with low vision read badly."""
    tree: Any = lxml.html.fragment_fromstring(html, create_parent="div")
    return [element.text_content() for element in tree.iter("em", "i")]


def test_no_page_slants_a_word() -> None:
    docs, _ = shipped()
    assert [italics(markdown.markdown(page.markdown)) for page in docs.pages.values()] == [
        [] for _ in docs.pages
    ]
    assert italics(markdown.markdown("Never *ever*, _really_, **bold**.")) == ["ever", "really"]


# Front matter


def test_each_page_has_a_title_and_an_order_of_its_own_and_says_what_it_holds() -> None:
    found = list(pages().values())
    assert len({page.title for page in found}) == len(found)
    assert sorted(page.order for page in found) == list(range(1, len(found) + 1))
    for page in found:
        assert 30 <= len(page.description) <= 160, page.source
        assert page.description.endswith("."), page.source
        assert not page.title.endswith("."), page.source


def test_a_reader_meets_the_key_points_of_a_topic_first() -> None:
    for slug in ("index", "process", "expectations", "risks", "options", "evidence"):
        first = next(iter(pages()[slug].sections.values()))
        assert (first.id, first.card) == ("key-points", "key"), slug


# Aftercare


def test_aftercare_holds_three_levels_of_help_in_order_of_urgency() -> None:
    cards = [(section.id, section.card) for section in pages()["aftercare"].sections.values()]
    assert cards[:3] == [("emergency", "emergency"), ("today", "today"), ("routine", "routine")]
    assert all(card == "" for _, card in cards[3:])


EMERGENCIES = {
    "a punctured lung": "chest pain, or trouble with breathing",
    "its delay": "even hours later",
    "a swollen throat": "swollen face, tongue or throat",
    "a severe allergy": "wheezing",
    "collapse": "collapse",
    "a fit": "fit",
    "too much local anaesthetic": "ringing ears",
    "weakness": "sudden weakness",
    "a squeezed spinal cord": "bladder or bowel control",
    "what to tell the ambulance": "you had injections",
}
SAME_DAY = {
    "infection": "redness that spreads",
    "fever": "38 °C",
    "swelling": "swelling that grows",
    "bleeding": "10 minutes",
    "a hurt nerve": "numb or burning skin",
    "severe pain": "pain that is severe",
}


@pytest.mark.parametrize(("section", "signs"), [("emergency", EMERGENCIES), ("today", SAME_DAY)])
def test_a_card_names_every_sign_that_the_facts_give(section: str, signs: dict[str, str]) -> None:
    text = " ".join(blocks_of(pages()["aftercare"].sections[section].html))
    assert {sign: words for sign, words in signs.items() if words not in text} == {}


EU = re.findall("..", "ATBEBGCYCZDEDKEEESFIFRGRHRHUITLTLULVMTNLPLPTROSESISK")
COUNTRIES = {
    "Australia": ["AU"],
    "Canada": ["CA"],
    "the United States": ["US"],
    "Ireland": ["IE"],
    "the rest of the European Union": EU,
    "New Zealand": ["NZ"],
    "United Kingdom": ["GB"],
}


def wrong_numbers(lines: Iterable[str]) -> list[str]:
    """Find lines `country and country: number` whose number calls no help in that country."""
    wrong = []
    for line in lines:
        names, _, number = line.partition(": ")
        codes = [code for name in names.split(" and ") for code in COUNTRIES.get(name, ["?"])]
        if not all(shortnumberinfo.is_emergency_number(number, code) for code in codes):
            wrong.append(line)
    return wrong


def test_the_emergency_numbers_call_help_in_their_countries() -> None:
    section = pages()["aftercare"].sections["emergency-numbers"]
    tree: Any = lxml.html.fragment_fromstring(section.html, create_parent="div")
    lines = [item.text_content() for item in tree.iter("li")]
    assert {name for line in lines for name in line.partition(":")[0].split(" and ")} == set(
        COUNTRIES
    )
    assert wrong_numbers(lines) == []
    assert wrong_numbers(["New Zealand: 999"]) == ["New Zealand: 999"]
    assert wrong_numbers(["Atlantis: 112"]) == ["Atlantis: 112"]


# Numbers, as clinical.md gives them. All of them are of other treatments.

BENCHMARKS = {
    "bruise": (6, 100, False, "witt-2009"),  # R3: 6.1%
    "faint": (2, 100, False, "guided-injection-faints"),  # R6: 2.3% of 2,462
    "infection": (9, 10_000, False, "joint-injection-infections"),  # R4: 14 of 15,021
    "lung": (1, 10_000, True, "witt-2009"),  # R3: 2 in 229,230
}


def benchmarks(risks: Iterable[Risk]) -> dict[str, tuple[int, int, bool, str]]:
    return {
        risk.id: (seen.rate.count, seen.rate.people, seen.rate.is_under, seen.reference.id)
        for risk in risks
        if (seen := risk.benchmark)
    }


def test_each_benchmark_is_the_measured_one() -> None:
    docs, _ = shipped()
    assert benchmarks(docs.facts.risks.values()) == BENCHMARKS


def test_no_risk_of_this_treatment_bears_a_number_for_none_was_counted() -> None:
    docs, _ = shipped()
    assert [risk.id for risk in docs.facts.risks.values() if risk.rate is not None] == []


MEASURED = {
    "6 in 100": "R3",
    "2 in 100": "R6; G9: 1 in 50",
    "9 in 10,000": "R4",
    "1 in 10,000": "R3, R14",
    "23 in 100": "R8",
    "33 in 100": "G4: up to one third",
    "73 in 100": "E5",
    "79 in 100": "E5",
    "90 in 100": "G4: 80 to 90",
    "22 in 100": "G3: one in 4.6 to 8.9",
    "7 in 100": "G3: one in 14 to 26",
    "14 in 15,021": "R4",
}
RATE = r"\b(?:About |about )?(\d[\d,]*)(?: (?:more )?people)? in (\d[\d,]*(?:,\d{3})*)\b"


def rates(text: str) -> set[str]:
    """Find all `so many in so many`; years are no people."""
    found = {f"{count} in {people.rstrip(',')}" for count, people in re.findall(RATE, text)}
    return {rate for rate in found if not re.search(r"in (19|20)\d\d$", rate)}


def test_each_rate_on_a_page_was_measured() -> None:
    said = {rate for texts in everything_said().values() for text in texts for rate in rates(text)}
    assert said - MEASURED.keys() == set()
    assert MEASURED["33 in 100"]
    assert rates("About 11 to 22 more people in 100 got relief. In 2024, 5 in 1,000.") == {
        "22 in 100",
        "5 in 1,000",
    }


@pytest.mark.parametrize(("section", "people"), [("common", "100"), ("serious", "10,000")])
def test_a_table_of_risks_compares_by_the_same_number_of_people(section: str, people: str) -> None:
    tree: Any = lxml.html.fragment_fromstring(pages()["risks"].sections[section].html, "div")
    cells = " ".join(cell.text_content() for cell in tree.iter("td"))
    assert {rate.split(" in ")[1] for rate in rates(cells)} == {people}


# The consent form: what each element of standards.md, section 2, is printed as

ELEMENTS: dict[int, list[tuple[str, str]]] = {
    1: [("header", "Clinic"), ("header", "Address and telephone")],
    2: [("head", "Name"), ("head", "Date of birth"), ("head", "Patient number")],
    3: [
        ("consent#purpose", "small injections of weak sugar water just under your skin"),
        ("consent#sites", "Outline of a body"),
        ("consent#sites", "Left side"),
        ("consent#sites", "Right side"),
        ("consent#sites", "Both sides"),
    ],
    4: [("consent#condition", "Most likely cause"), ("consent#condition", "How sure")],
    5: [("expectations#benefit", "Some people have less pain for a time, and some have no relief")],
    6: [
        ("risks#how-sure", "come from other needle treatments"),
        ("risks#common", "A bruise or a spot of blood"),
        ("risks#common", "About 6 in 100"),
        ("risks#serious", "A punctured lung"),
        ("risks#serious", "Fewer than 1 in 10,000"),
    ],
    7: [("options#compare", "Medicines"), ("options#compare", "Surgery")],
    8: [("options#compare", "No treatment"), ("options#compare", "Pain may stay or get worse")],
    9: [("consent#matters", "What worries you?"), ("consent#matters", "LINES")],
    10: [
        ("evidence#off-label", "this use is off-label"),
        ("process#syringe", "Dextrose"),
        ("process#syringe", "Strength"),
        ("process#syringe", "Amount"),
    ],
    11: [("evidence#summary", "We are very unsure how well this treatment works")],
    12: [
        ("consent#who", "Clinician"),
        ("consent#who", "Role"),
        ("consent#who", "Training for this treatment"),
        ("consent#who", "Explained by"),
    ],
    13: [("consent#observers", "A trainee may watch"), ("consent#observers", "No trainees")],
    14: [("consent#anaesthetic", "No numbing"), ("consent#anaesthetic", "sedation")],
    15: [("consent#extra", "I do not want")],
    16: [
        ("process#course", "No study has set the right number of visits"),
        ("consent#cost", "Number of visits planned"),
        ("consent#cost", "Price of each visit"),
        ("consent#cost", "Who pays"),
    ],
    17: [("consent#leaflets", "Aftercare"), ("consent#leaflets", "Version")],
    18: [
        ("consent#needs", "An interpreter"),
        ("consent#interpreter", "Signature"),
        ("consent#interpreter", "Printed name"),
    ],
    19: [
        ("consent#understanding", "What is one thing that may go wrong?"),
        ("consent#understanding", "Your initials"),
        ("consent#statements", "I could ask questions"),
        ("consent#statements", "time"),
    ],
    20: [
        ("consent#voluntary", "You can say no, or stop at any time"),
        ("consent#refusal", "Signature"),
        ("consent#withdraw", "Signature"),
    ],
    21: [
        ("consent#representative", "only where the law allows it"),
        ("consent#representative", "Relation to the patient, or authority"),
    ],
    22: [("consent#signature-patient", label) for label in ("Signature", "Printed name")]
    + [("consent#signature-patient", label) for label in ("Date", "Time")],
    23: [("consent#signature-clinician", label) for label in ("Signature", "Printed name", "Role")]
    + [("consent#signature-clinician", "Date")],
    24: [("consent#sessions", "we ask you again"), ("consent#sessions", "Clinician's initials")],
    25: [("consent#purpose", "a copy"), ("consent#statements", "offered a copy")],
    26: [("consent#voluntary", "We will not take photos unless you sign another form")],
    27: [
        ("risks#tell", "Allergy"),
        ("risks#tell", "Blood thinner"),
        ("risks#tell", "Pregnant"),
        ("risks#tell", "Infection"),
    ],
    28: [("foot", "Version"), ("foot", "Consent form")],
}


def lacking(handout: Handout) -> list[str]:
    """Name the elements that a consent form does not print where they belong."""
    docs, library = shipped()
    made = Library({**library.handouts, "consent": handout}, library.clinics)
    (sheet,) = [
        sheet
        for sheet in plan(docs, made, [])
        if sheet.path == "handouts/any-clinic/en/consent-a4.pdf"
    ]
    tree: Any = lxml.html.document_fromstring(compose(SHIPPED, docs, made, [sheet])[0].html)
    printed = {
        "header": tree.xpath("string(//header)"),
        "head": tree.xpath("string(//*[@class='page-head'])"),
        "foot": tree.xpath("string(//*[@class='page-foot'])"),
    }
    for words in tree.xpath("//*[@data-section]"):
        part = words.getparent()
        lines = "LINES " * len(part.xpath(".//*[@class='line']"))
        pictures = " ".join(part.xpath(".//img/@alt"))
        printed[words.get("data-section")] = f"{part.text_content()} {pictures} {lines}"
    said = {where: " ".join(text.split()) for where, text in printed.items()}
    return [
        f"{number}: {where} {phrase}"
        for number, places in ELEMENTS.items()
        for where, phrase in places
        if phrase not in said.get(where, "")
    ]


def test_the_consent_form_holds_all_28_elements() -> None:
    _, library = shipped()
    assert list(ELEMENTS) == list(range(1, 29))
    assert lacking(library.handouts["consent"]) == []


def test_a_consent_form_without_a_section_or_a_field_would_be_found() -> None:
    _, library = shipped()
    handout = library.handouts["consent"]
    parts = [
        dataclasses.replace(part, fields=()) if part.section == "signature-patient" else part
        for part in handout.parts
        if part.section != "matters"
    ]
    assert lacking(dataclasses.replace(handout, parts=tuple(parts))) == [
        "9: consent#matters What worries you?",
        "9: consent#matters LINES",
        "22: consent#signature-patient Signature",
        "22: consent#signature-patient Printed name",
        "22: consent#signature-patient Date",
        "22: consent#signature-patient Time",
    ]


# Sources


def test_each_source_is_cited_somewhere() -> None:
    """A source that no page needs misleads about what was read."""
    docs, _ = shipped()
    cited = {
        name
        for page in pages().values()
        for name in re.findall(r'href="#source-([a-z0-9-]+)"', page.markdown)
    }
    assert docs.facts.references.keys() - cited == set()
