"""Tests of what the shipped pages say: nothing promised, nothing missing, numbers as measured.

What the gates hold pages against is tested here on what is shipped: they find nothing in it, and
they find each fault that is put into a copy. tests/cases/ has the message of each gate.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import cache
from itertools import pairwise
from typing import Any

import lxml.html
import markdown
import pytest
from phonenumbers import shortnumberinfo

from plainleaf.check.check import check
from plainleaf.check.gates import aftercare, consent
from plainleaf.check.gates.lexicon import Lexicon, for_procedure, shipped_lexicon
from plainleaf.check.gates.passages import PageText, page_texts
from plainleaf.check.gates.speech import Speech, Speeches
from plainleaf.compose.compose import compose
from plainleaf.load.load import load
from plainleaf.model import Docs, Handout, Library, Page, Part, Rate, Risk, SheetStatus
from plainleaf.plan import plan
from plainleaf.problems import Problem
from plainleaf.read.elements import ELEMENTS, Element
from plainleaf.read.read import read
from plainleaf.read.rules import read_rules
from tests.conftest import HERE, TODAY, project_in

SHIPPED = project_in(HERE.parent)
BLOCKS = ("p", "li", "th", "td", "h2", "h3", "h4")


@cache
def shipped() -> tuple[Docs, Library]:
    problems: list[Problem] = []
    docs, library = read(SHIPPED, problems), load(SHIPPED, problems)
    assert problems == []
    return docs, library


@cache
def english() -> Speech:
    """Give what is known of English and of the procedure that ships."""
    return Speeches(shipped()[0]).of("en")


@cache
def known() -> Lexicon:
    """Give the same lexicon, for which no page has to be read."""
    ((_, rules),) = read_rules(SHIPPED, SHIPPED.folder / "docs/en", [])
    return for_procedure(shipped_lexicon("en"), rules)


def pages() -> dict[str, Page]:
    docs, _ = shipped()
    return {slug: page for (code, slug), page in docs.pages.items() if code == "en"}


@cache
def told(language: str = "en") -> dict[str, PageText]:
    texts = page_texts(shipped()[0])
    return {slug: page_text for (code, slug), page_text in texts.items() if code == language}


def page_text_of(slug: str) -> PageText:
    """Give an English page as the gates read it."""
    return told()[slug]


def blocks(page: Page) -> list[str]:
    """Give the paragraphs, items, cells and headings of a page as text, title and lead first."""
    html = markdown.markdown(page.markdown, extensions=["tables", "attr_list", "admonition"])
    return [page.title, page.description, *blocks_of(html)]


def blocks_of(html: str) -> list[str]:
    tree: Any = lxml.html.fragment_fromstring(html, create_parent="div")
    pictures = [image.get("alt", "") for image in tree.iter("img")]
    for line in tree.iter("br"):
        line.tail = ". " + (line.tail or "").removeprefix("– ")
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
    said["words.yml"] += [
        line
        for risk in english.risks.values()
        for words in risk.values()
        for line in words.split("\n")
    ]
    said["sources.yml"] = [reference.title for reference in docs.facts.references.values()]
    return said


def long_sentences(text: str) -> list[str]:
    """Find sentences of more than 32 words: a list of signs takes as many."""
    sentences = re.split(r"(?<=[.?!:])\s+", text)
    return [sentence for sentence in sentences if len(sentence.split()) > 32]


# HEXI is part of a name in Oxford; NSAID is a short name that the glossary explains.
NAMES = ("HEXI", "NICE", "NSAID")


def shouting(text: str) -> list[str]:
    """Find words in capitals that are no name: they are read letter by letter."""
    return [word for word in re.findall(r"\b[A-Z]{4,}\b", text) if word not in NAMES]


Check = Callable[[str], list[str]]


@pytest.mark.parametrize(
    "check",
    [long_sentences, shouting],
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
        (long_sentences, " ".join(["word"] * 33) + ". Short.", [" ".join(["word"] * 33) + "."]),
        (long_sentences, " ".join(["word"] * 32) + ".", []),
        (shouting, "NEVER do this, says NICE of the US.", ["NEVER"]),
    ],
)
def test_a_bad_sentence_is_found(check: Check, text: str, found: list[str]) -> None:
    assert check(text) == found


# The gates: claims, words for how often, short forms, italics, sources and figures


def told_of(docs: Docs, library: Library) -> list[Problem]:
    """Give what the check finds that stops the build."""
    sheets = plan(docs, library, [])
    problems = check(docs, library, sheets, TODAY).problems
    return [problem for problem in problems if not problem.is_warning]


@pytest.mark.parametrize("code", ["en", "es"])
def test_before_a_visit_the_signs_mean_what_their_boxes_say(code: str) -> None:
    """The triangle, clock and calendar of the picture stand on the boxes that it means."""
    html = shipped()[0].pages[code, "before"].html
    boxes = re.findall(r'<div class="admonition (\w+)">\s*<h2 id="([\w-]+)"', html)
    assert boxes == [
        ("key", "key-points"),
        ("emergency", "cannot-wait"),
        ("today", "doctor"),
        ("routine", "rebook"),
    ]


def test_the_gates_find_nothing_in_what_is_shipped() -> None:
    docs, library = shipped()
    assert list(map(str, told_of(docs, library))) == []


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
    for slug in ("treatment", "process", "expectations", "risks", "options", "evidence"):
        first = next(iter(pages()[slug].sections.values()))
        assert (first.id, first.card) == ("key-points", "key"), slug


# Ways through the pages


def tree_of(slug: str) -> Any:
    return lxml.html.fragment_fromstring(pages()[slug].html, create_parent="div")


def links_in(tree: Any) -> list[tuple[str, str]]:
    return [(link.text_content(), link.get("href")) for link in tree.iter("a")]


def test_the_front_page_answers_five_questions_and_says_where_to_read_more() -> None:
    (answers,) = tree_of("index").find_class("answers")
    assert links_in(answers) == [
        ("What it is", "treatment.md#what"),
        ("Does it work?", "evidence.md"),
        ("What may go wrong", "risks.md"),
        ("Is it allowed?", "evidence.md#off-label"),
        ("What to do next", "#next"),
    ]


def test_the_front_page_has_a_way_in_for_each_reader() -> None:
    """By the words that stand above the same pages in the navigation, who may need help first."""
    words = shipped()[0].languages["en"].words
    ways = {way.findtext("h3"): links_in(way) for way in tree_of("index").find_class("way")}
    readers = ("treated", "thinking", "booked", "clinic")
    assert list(ways) == [words[f"reader_{reader}"] for reader in readers]
    for reader in readers[:3]:
        for _, target in ways[words[f"reader_{reader}"]]:
            assert pages()[target.partition(".md")[0]].reader == reader, target
    # Whose arm turns red two days later finds what to do in two taps.
    treated = [target for _, target in ways[words["reader_treated"]]]
    assert treated[:2] == ["aftercare.md#emergency", "aftercare.md#today"]
    assert ways[words["reader_clinic"]][0][1] == "handouts.md"


def without_way_to_help(pages: Iterable[Page]) -> list[str]:
    """Name the pages that do not lead to the signs that need an ambulance."""
    help_at = ("aftercare", "emergency")
    return [
        page.slug
        for page in pages
        if page.slug != "aftercare"
        and help_at not in {(link.page, link.section) for link in page.links}
    ]


def test_every_page_leads_to_when_to_get_help() -> None:
    found = pages()
    assert without_way_to_help(found.values()) == []
    lost = dataclasses.replace(found["diary"], links=())
    assert without_way_to_help([lost, found["aftercare"], found["risks"]]) == ["diary"]


def test_who_has_a_visit_booked_is_led_from_step_to_step() -> None:
    steps = [page for page in pages().values() if page.reader in ("booked", "treated")]
    steps.sort(key=lambda page: page.order)
    assert [page.slug for page in steps] == [
        *("before", "process", "expectations", "leaflet", "consent", "pack"),
        *("aftercare", "diary"),
    ]
    for step, following in pairwise(steps):
        assert following.slug in {link.page for link in step.links}, step.slug


def test_each_page_but_the_front_page_names_its_reader() -> None:
    assert [page.slug for page in pages().values() if not page.reader] == ["index"]


# Aftercare


def test_aftercare_holds_three_levels_of_help_in_order_of_urgency() -> None:
    cards = [(section.id, section.card) for section in pages()["aftercare"].sections.values()]
    assert cards[:3] == [("emergency", "emergency"), ("today", "today"), ("routine", "routine")]
    assert all(card in ("", "key") for _, card in cards[3:])


def without(page_text: PageText, section: str, sign: str) -> PageText:
    """Take the passages that give a sign out of a section."""
    sought = known().elements("aftercare", section)[sign]
    left = [p for p in page_text.printed if p.section != section or not sought.search(p.text)]
    assert len(left) < len(page_text.printed), f"nothing in {section} gives {sign}"
    return PageText(page_text.page, tuple(left), tuple(left))


def aftercare_lacks(page_text: PageText) -> list[tuple[str, str]]:
    """Give what the gate finds missing on the aftercare sheet: the gate, and what it says."""
    _, library = shipped()
    told = {"aftercare": page_text}
    found = aftercare.findings(library.handouts["aftercare"], told, english())
    return [(problem.gate, problem.message) for problem in found]


def test_nothing_is_found_missing_on_the_aftercare_sheet() -> None:
    assert aftercare_lacks(page_text_of("aftercare")) == []


@pytest.mark.parametrize(
    ("section", "sign"),
    [
        (section, sign)
        for section in ("emergency", "today")
        for sign in known().elements("aftercare", section)
    ],
)
def test_a_sign_that_is_taken_off_a_card_is_found(section: str, sign: str) -> None:
    """test_rules.py tells which they are."""
    found = aftercare_lacks(without(page_text_of("aftercare"), section, sign))
    assert ("aftercare.sign", f'one thing is missing in the part "{section}": {sign}.') in found


EU = re.findall("..", "ATBEBGCYCZDEDKEEESFIFRGRHRHUIEITLTLULVMTNLPLPTROSESISK")
COUNTRIES = {
    "Australia": ["AU"],
    "Canada": ["CA"],
    "United States": ["US"],
    "European Union": EU,
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


def numbers() -> list[str]:
    """Give the emergency numbers of the aftercare page, each with its country."""
    tree = tree_of("aftercare")
    links = [link for link in tree.iter("a") if link.get("href").startswith("tel:")]
    assert all(link.get("href") == f"tel:{link.text_content().split()[0]}" for link in links)
    return [link.text_content() for link in links]


def test_the_emergency_numbers_call_help_in_their_countries() -> None:
    lines = [": ".join(reversed(line.split(" ", 1))) for line in numbers()]
    assert {line.partition(":")[0] for line in lines} == set(COUNTRIES)
    assert wrong_numbers(lines) == []
    assert wrong_numbers(["New Zealand: 999"]) == ["New Zealand: 999"]
    assert wrong_numbers(["Atlantis: 112"]) == ["Atlantis: 112"]


def boxes_without_numbers(html: str) -> list[str]:
    """Name the boxes that tell a reader to call an ambulance and have no number to tap."""
    tree: Any = lxml.html.fragment_fromstring(html, create_parent="div")
    return [
        box.xpath("string(*[1])")
        for box in tree.find_class("emergency")
        if not box.xpath(".//a[starts-with(@href, 'tel:')]")
    ]


def test_each_box_that_asks_for_an_ambulance_has_the_numbers() -> None:
    docs, _ = shipped()
    found = {page.source.path: page.html for page in docs.pages.values()}
    assert [path for path, html in found.items() if boxes_without_numbers(html)] == []
    bare = found["docs/en/risks.md"].replace("tel:", "")
    assert boxes_without_numbers(bare) == ["Call an ambulance now"]


def test_a_sheet_has_its_clinics_number_and_no_others() -> None:
    printed = pages()["aftercare"].sections["emergency"].html
    assert "tel:" not in printed
    assert "999" not in printed


def test_a_place_is_called_the_same_by_the_front_page_and_the_menu() -> None:
    for way in tree_of("index").find_class("way"):
        for words, target in links_in(way):
            page, _, section = target.partition("#")
            if not section and page != "handouts.md":
                assert words == pages()[page.removesuffix(".md")].menu


# Numbers, as the sources give them. All of them are of other treatments.

BENCHMARKS = {
    "faint": (Rate(2, 100, False), "guided-injection", "guided-injection-faints"),  # R6: 2.3%
    "infection": (
        Rate(9, 10_000, False),
        "joint-steroid",
        "joint-injection-infections",  # R4: 14 of 15,021
    ),
    "lung": (Rate(1, 10_000, True), "acupuncture", "witt-2009"),  # R3: 2 in 229,230
}


def benchmarks(risks: Iterable[Risk]) -> dict[str, tuple[Rate, str, str]]:
    return {
        risk.id: (seen.rate, seen.procedure, seen.reference.id)
        for risk in risks
        if (seen := risk.benchmark)
    }


def test_each_benchmark_is_the_measured_one() -> None:
    docs, _ = shipped()
    assert benchmarks(docs.facts.risks.values()) == BENCHMARKS


def test_no_risk_of_this_treatment_bears_a_number_for_none_was_counted() -> None:
    docs, _ = shipped()
    assert [risk.id for risk in docs.facts.risks.values() if risk.rate is not None] == []


RATE = r"\b(?:About |about )?(\d[\d,]*)(?: (?:more )?people)? in (\d[\d,]*(?:,\d{3})*)\b"


def rates(text: str) -> set[str]:
    """Find all `so many in so many`; years are no people."""
    found = {f"{count} in {people.rstrip(',')}" for count, people in re.findall(RATE, text)}
    return {rate for rate in found if not re.search(r"in (19|20)\d\d$", rate)}


def test_no_fixed_word_and_no_title_of_a_source_states_a_rate_that_was_not_measured() -> None:
    """Those of pages are held against docs/facts/ (figures.unknown); these stand by themselves."""
    said = everything_said()
    assert {rate for text in said["words.yml"] for rate in rates(text)} == set()
    assert {rate for text in said["sources.yml"] for rate in rates(text)} == {"14 in 15,021"}  # R4
    assert rates("About 11 to 22 more people in 100 got relief. In 2024, 5 in 1,000.") == {
        "22 in 100",
        "5 in 1,000",
    }


@pytest.mark.parametrize(("section", "people"), [("common", "100"), ("serious", "10,000")])
def test_a_table_of_risks_compares_by_the_same_number_of_people(section: str, people: str) -> None:
    tree: Any = lxml.html.fragment_fromstring(pages()["risks"].sections[section].html, "div")
    cells = " ".join(cell.text_content() for cell in tree.iter("td"))
    assert {rate.split(" in ")[1] for rate in rates(cells)} == {people}


# The consent form: what is printed or to be filled in beyond what the gate asks for


def consent_lacks(handout: Handout) -> list[tuple[str, str]]:
    """Give what the gate finds missing on a consent form: the gate, and what it says."""
    return [(problem.gate, problem.message) for problem in consent_findings(handout, told())]


def consent_findings(
    handout: Handout, pages: Mapping[str, PageText], **labels: str
) -> list[Problem]:
    """Hold a consent form and what goes with it against the gate; labels replace those of it."""
    docs, library = shipped()
    others = [library.handouts[name] for name in handout.goes_with]
    words = {**docs.languages["en"].labels, **labels}
    return list(consent.findings(handout, others, words, pages, english()))


def with_parts(change: Callable[[Part], Part]) -> Handout:
    """Give the consent form with its parts changed."""
    form = shipped()[1].handouts["consent"]
    return dataclasses.replace(form, parts=tuple(change(part) for part in form.parts))


def parts_of(name: str) -> tuple[Part, ...]:
    return shipped()[1].handouts[name].parts


def test_the_consent_form_holds_all_28_elements() -> None:
    """Those of the gate, and 1, 2 and 28, which come with the template."""
    numbers = {element.number for element in ELEMENTS} | FORM.keys()
    assert sorted(numbers) == list(range(1, 29))
    assert consent_lacks(with_parts(lambda part: part)) == []


@pytest.mark.parametrize("element", ELEMENTS, ids=lambda element: element.name)
def test_a_consent_form_without_the_section_of_an_element_is_found(
    element: Element,
) -> None:
    """The section is there no more, or nobody says that it carries the element."""
    changed = with_parts(
        lambda part: dataclasses.replace(
            part, elements=tuple(name for name in part.elements if name != element.name)
        )
    )
    if element.name in consent.AT_VISITS:  # which the record of a visit carries as well
        changed = dataclasses.replace(changed, goes_with=("leaflet", "aftercare"))
    found = [said for gate, said in consent_lacks(changed) if gate == "consent.element"]
    assert [said.endswith(f"{element.what} (element {element.number}).") for said in found] == [
        True
    ]
    parts = tuple(part for part in changed.parts if part.elements)
    assert found[0] in [said for _, said in consent_lacks(replace(changed, parts=parts))]


@pytest.mark.parametrize(
    ("element", "need"),
    [
        pytest.param(element, need, id=f"{element.name}: {need}")
        for element in ELEMENTS
        for need in element.needs
    ],
)
def test_a_consent_form_with_nothing_to_fill_in_for_an_element_is_found(
    element: Element, need: str
) -> None:
    handout = with_parts(
        lambda part: dataclasses.replace(part, fields=()) if element.name in part.elements else part
    )
    said = f'element {element.number} ({element.what}) has no "{need}" to fill in.'
    assert ("consent.element", said) in consent_lacks(handout)


@pytest.mark.parametrize(
    ("name", "lacking"),
    [
        (element.name, lacking)
        for element in ELEMENTS
        for lacking in known().elements("consent", element.name)
    ],
)
def test_a_section_of_the_consent_form_that_leaves_out_what_it_must_say_is_found(
    name: str, lacking: str
) -> None:
    pattern = known().elements("consent", name)[lacking]
    docs, library = shipped()
    form = library.handouts["consent"]
    pages = dict(told())
    for part in [part for each in ("consent", "leaflet", "visit") for part in parts_of(each)]:
        page_text = pages[part.page]
        if name in part.elements:
            under = page_text.under(part.section)
            left = [p for p in page_text.printed if p not in under]
            texts = [pattern.sub("…", p.text) for p in under]
            if texts == [p.text for p in under]:  # what is wanted runs over several passages
                texts = [text.replace("?", "…") for text in texts]
            kept = [dataclasses.replace(p, text=t) for p, t in zip(under, texts, strict=True)]
            pages[part.page] = PageText(page_text.page, (*left, *kept), (*left, *kept))
    labels = {key: pattern.sub("…", said) for key, said in docs.languages["en"].labels.items()}
    found = consent_findings(form, pages, **labels)
    assert [p.message for p in found if p.message.endswith(f"one thing is missing: {lacking}.")]


# What the template prints, and what is to be filled in beyond what the gate asks for.
FORM: dict[int, list[tuple[str, str]]] = {
    1: [("header", "Clinic"), ("header", "Address and telephone")],
    2: [("head", "Name"), ("head", "Date of birth"), ("head", "Patient number")],
    28: [("foot", word) for word in ("NP-C1", "Version", "Review by", "Code")],
}
FILLED_IN: dict[int, list[tuple[str, str]]] = {
    3: [
        ("consent#sites", "Outline of a body"),
        ("consent#sites", "L (your left) or R (your right)"),
    ],
    4: [("consent#condition", "Most likely cause"), ("consent#condition", "How sure")],
    6: [("consent#harm", "a punctured lung"), ("consent#harm", "LINES LINES")],
    7: [("consent#options", "No treatment for now"), ("consent#options", "Surgery")],
    9: [("consent#matters", "LINES")],
    10: [("consent#mix", "Strength"), ("consent#mix", "Maximum in total")],
    11: [
        ("consent#hope", "It is experimental (being tested)"),
        ("consent#hope", "Why we offer it to you"),
    ],
    12: [("consent#who", "Training, registration"), ("consent#who", "Explained by")],
    13: [("consent#choice", "No trainees"), ("consent#choice", "A chaperone (staff) stays")],
    16: [
        ("consent#cost", "Visits planned"),
        ("consent#cost", "Price per visit, total"),
        ("consent#cost", "Who pays"),
    ],
    17: [("consent#leaflets", "Information leaflet"), ("consent#leaflets", "Version")],
    18: [("consent#needs", "An interpreter"), ("consent#interpreter", "Printed name")],
    19: [("consent#understanding", "Your initials")],
    21: [("consent#representative", "Relation, or right to decide")],
    22: [
        ("consent#statements", "I agree to neural prolotherapy"),
        ("consent#statements", "Places, each with left or right"),
        ("consent#statements", "Signature"),
        ("consent#statements", "Printed name"),
    ],
    23: [
        ("consent#signature-clinician", "Signature"),
        ("consent#signature-clinician", "Printed name"),
    ],
    25: [("consent#choice", "We offer you a copy")],
}


def unprinted(handout: Handout, elements: dict[int, list[tuple[str, str]]]) -> list[str]:
    """Name the elements that a consent form does not print where they belong."""
    docs, library = shipped()
    made = replace(library, handouts={**library.handouts, "consent": handout})
    (sheet,) = [
        sheet
        for sheet in plan(docs, made, [])
        if sheet.path == "handouts/any-clinic/en/consent-a4.pdf"
    ]
    issued = {
        (*of, sheet.clinic.slug): SheetStatus("issued", editions[-1], None, "")
        for of, editions in library.editions.items()
    }
    tree: Any = lxml.html.document_fromstring(compose(docs, made, [sheet], issued)[0].html)
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
        for number, places in elements.items()
        for where, phrase in places
        if phrase not in said.get(where, "")
    ]


def test_the_consent_form_prints_the_elements_that_come_with_its_template() -> None:
    form = shipped()[1].handouts["consent"]
    assert unprinted(form, FORM) == []
    leaflet = dataclasses.replace(form, template="leaflet")
    assert unprinted(leaflet, FORM) == [
        "2: head Name",
        "2: head Date of birth",
        "2: head Patient number",
    ]
    assert [gate for gate, _ in consent_lacks(leaflet)] == ["consent.form"]


def test_the_consent_form_prints_what_is_to_be_read_and_filled_in_for_an_element() -> None:
    assert unprinted(with_parts(lambda part: part), FILLED_IN) == []


def test_a_consent_form_without_a_section_or_a_field_would_be_found() -> None:
    form = shipped()[1].handouts["consent"]
    parts = [
        dataclasses.replace(part, fields=()) if part.section == "statements" else part
        for part in form.parts
        if part.section != "matters"
    ]
    assert unprinted(dataclasses.replace(form, parts=tuple(parts)), FILLED_IN) == [
        "9: consent#matters LINES",
        "22: consent#statements Places, each with left or right",
        "22: consent#statements Signature",
        "22: consent#statements Printed name",
    ]
