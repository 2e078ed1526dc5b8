"""Reading: school grades, sentences too long or too short, passive voice, unexplained terms.

Formulas only screen: they know nothing of meaning. A person still reads every page.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import mean

from plainleaf.check.gates.family import Family, start_of
from plainleaf.check.gates.grade import Grade, Measure, grade, measure_of, words_of
from plainleaf.check.gates.lexicon import Lexicon
from plainleaf.check.gates.passages import PageText, Passage
from plainleaf.model import Section
from plainleaf.problems import Place, Problem
from plainleaf.read.glossary import Term, terms_in

FAMILY = Family(
    "reading",
    {
        "grade": "NHS service manual: reading age 9 to 11; AMA and NIH: sixth to eighth grade",
        "choppy": "Plain language, ISO 24495-1: connected sentences",
        "sentence": "Plain language, ISO 24495-1",
        "paragraph": "PEMAT-P item 8, short chunks",
        "passive": "PEMAT-P item 5, active voice",
        "contraction": "NHS service manual, formatting: do not, never don't",
        "abbreviation": "NHS service manual, abbreviations at first use",
        "term": "PEMAT-P item 4, medical terms explained in place",
    },
)

AIM_WORDS, MOST_WORDS = 25, 35
# Sentences of so few words, so many of them in a row, read like a telegram; so does one more, if
# they have so few words on average.
SHORT_WORDS, SHORT_SENTENCES = 5, 3
MOST_PARAGRAPH = 60
MOST_PASSIVE = 0.1
# Below this the formulas measure chance: a title or two items.
LEAST_WORDS = 30
LEAST_SENTENCES = 10


@dataclass(frozen=True, slots=True)
class SectionGrade:
    """How hard a section is to read, as it stands and with the terms of the glossary masked.

    prose is the grade of its paragraphs alone, as they stand; None where they are short.
    """

    title: str
    place: Place
    words: int
    measure: Measure
    raw: Grade
    masked: Grade
    prose: Grade | None

    @property
    def grade(self) -> float:
        """The grade that counts, terms masked."""
        return self.measure.mean(self.masked, self.words)

    @property
    def is_hard(self) -> bool:
        """Whether it is harder than texts should be."""
        return self.measure.is_harder(self.grade, self.measure.aim)


def findings(page_text: PageText, terms: Sequence[Term], lexicon: Lexicon) -> Iterator[Problem]:
    """Give what is wrong with the reading of a page."""
    for graded in section_grades(page_text, terms, lexicon):
        yield from _grade(graded)
    for passage in page_text.passages:
        if not passage.is_data:
            yield from of_passage(passage, lexicon)
    yield from _passive(page_text, lexicon)
    if page_text.page.kind != "glossary":
        yield from _abbreviations(page_text, lexicon)
        yield from unexplained(page_text.passages, terms, lexicon)


def of_passage(passage: Passage, lexicon: Lexicon) -> Iterator[Problem]:
    """Give what is wrong within one passage: its sentences, its length, contractions."""
    yield from _choppy(passage, lexicon)
    for sentence in plain(passage, lexicon):
        for found in lexicon.patterns["contraction"].finditer(sentence):
            fact = f'"{found.group()}" is a short form, which some readers stumble over.'
            hint = "Write both words in full."
            yield FAMILY.error("contraction", passage.place, fact, hint, found.group())
        count = len(sentence.split())
        if count > AIM_WORDS:
            start = " ".join(sentence.split()[:5]).rstrip(".,:;")
            fact = f'the sentence "{start} …" has {count} words.'
            hint = f"Split it: aim for {AIM_WORDS} at most."
            make = FAMILY.error if count > MOST_WORDS else FAMILY.warning
            yield make("sentence", passage.place, fact, hint, start)
    count = len(" ".join(plain(passage, lexicon)).split())
    if passage.kind == "p" and count > MOST_PARAGRAPH:
        fact = f"this paragraph has {count} words."
        hint = f"Split it, or make a list: aim for {MOST_PARAGRAPH} at most."
        yield FAMILY.warning("paragraph", passage.place, fact, hint)


def section_grades(
    page_text: PageText, terms: Sequence[Term], lexicon: Lexicon
) -> Iterator[SectionGrade]:
    """Give the grades of each section that is long enough to have one, and of what leads in.

    There are none in a language whose reading nobody measures.
    """
    measure = measure_of(page_text.page.language)
    if measure is None:
        return
    lead = Section("", page_text.page.title, "", "", page_text.passages[0].place)
    masks = [term.pattern for term in terms]
    for section in (lead, *page_text.page.sections.values()):
        under = [p for p in page_text.passages if p.section == section.id and not p.is_data]
        sentences = [s for p in under if p.kind in ("p", "li") for s in plain(p, lexicon)]
        prose = [s for p in under if p.kind == "p" for s in plain(p, lexicon)]
        raw, masked = grade(sentences, measure), grade(sentences, measure, masks)
        if raw and masked and _count(sentences) >= LEAST_WORDS:
            yield SectionGrade(
                section.title,
                section.source,
                _count(sentences),
                measure,
                raw,
                masked,
                grade(prose, measure) if _count(prose) >= LEAST_WORDS else None,
            )


def _count(sentences: Iterable[str]) -> int:
    return sum(len(words_of(sentence)) for sentence in sentences)


def plain(passage: Passage, lexicon: Lexicon) -> list[str]:
    """Give the sentences of a passage without the names of sources in brackets."""
    text = lexicon.patterns["citation"].sub("", passage.text)
    return passage.sentences if text == passage.text else replace(passage, text=text).sentences


def _grade(graded: SectionGrade) -> Iterator[Problem]:
    measure = graded.measure
    first, second = measure.names
    if graded.is_hard:
        said, refused = "needs reading grade", f"more than {measure.last} is refused"
        if measure.is_ease:
            said, refused = "has a reading ease of", f"less than {measure.last} is refused"
        fact = (
            f'the section "{graded.title}" {said} {graded.grade:.1f}: '
            f"{graded.masked.first:.1f} by {first}, {graded.masked.second:.1f} by {second}."
        )
        hint = f"Use shorter words and sentences: aim for {measure.aim}; {refused}."
        is_refused = measure.is_harder(graded.grade, measure.last)
        make = FAMILY.error if is_refused else FAMILY.warning
        yield make("grade", graded.place, fact, hint)
    if graded.prose and measure.is_harder(measure.telegram, graded.prose.first):
        fact = (
            f'the paragraphs of "{graded.title}" read like a telegram: {measure.what} '
            f"{graded.prose.first:.1f} ({first})."
        )
        hint = (
            f"Join short sentences and give reasons: aim for {measure.telegram} to {measure.aim}."
        )
        yield FAMILY.warning("choppy", graded.place, fact, hint)


def _choppy(passage: Passage, lexicon: Lexicon) -> Iterator[Problem]:
    """Name a paragraph that runs in short sentences; items of a list are short by nature."""
    last: deque[int] = deque(maxlen=SHORT_SENTENCES + 1)
    for sentence in plain(passage, lexicon) if passage.kind == "p" else ():
        last.append(len(sentence.split()))
        row = list(last)[-SHORT_SENTENCES:]
        is_run = len(row) == SHORT_SENTENCES and max(row) <= SHORT_WORDS
        if is_run or (len(last) > SHORT_SENTENCES and mean(last) <= SHORT_WORDS):
            fact = f'"{sentence}" ends a row of short sentences.'
            hint = "Join them, with the word that says how they belong together, such as “because”."
            yield FAMILY.warning("choppy", passage.place, fact, hint, start_of(sentence))
            return


def _passive(page_text: PageText, lexicon: Lexicon) -> Iterator[Problem]:
    sentences = [
        (sentence, passage.place)
        for passage in page_text.passages
        if passage.is_prose and not passage.is_data
        for sentence in plain(passage, lexicon)
    ]
    passive = [(sentence, place) for sentence, place in sentences if is_passive(sentence, lexicon)]
    if len(sentences) < LEAST_SENTENCES or len(passive) <= MOST_PASSIVE * len(sentences):
        return
    fact = f"{len(passive)} of {len(sentences)} sentences of this page do not say who acts."
    lines = ", ".join(str(line) for line in sorted({place.line for _, place in passive}))
    hint = f"Say who does it, on some of these lines: {lines}."
    yield FAMILY.warning("passive", page_text.passages[0].place, fact, hint)


def is_passive(sentence: str, lexicon: Lexicon) -> bool:
    """Tell whether a sentence has a verb in the passive voice, as far as its words show."""
    found = lexicon.patterns["passive"].finditer(sentence)
    return any(
        (match.group(1) or match.group().split()[-1]).lower() not in lexicon.words["not-passive"]
        for match in found
    )


def _abbreviations(page_text: PageText, lexicon: Lexicon) -> Iterator[Problem]:
    seen = set(lexicon.words["known-abbreviations"])
    spelled_out = lexicon.patterns["abbreviation-spelled-out"]
    for passage in page_text.passages:
        for sentence in plain(passage, lexicon) if not passage.is_data else ():
            for found in lexicon.patterns["abbreviation"].finditer(sentence):
                short = found.group().removesuffix("s") if len(found.group()) > 2 else found.group()
                after = sentence[found.end() :].lstrip()
                is_spelled_out = after.startswith("(") or spelled_out.search(
                    sentence[: found.start()]
                )
                if short not in seen and not is_spelled_out:
                    fact = f'"{short}" is not spelled out where it first stands.'
                    hint = f"Write its full name first, and {short} in brackets after it."
                    yield FAMILY.error("abbreviation", passage.place, fact, hint, short)
                seen.add(short)


def unexplained(
    passages: Sequence[Passage],
    terms: Sequence[Term],
    lexicon: Lexicon,
    where: str = "on this page",
) -> Iterator[Problem]:
    """Give the terms of the glossary that are not explained where they first stand.

    Titles and headings name what the text below them explains.
    """
    seen: set[str] = set()
    for passage in passages:
        if passage.is_data or passage.kind not in ("p", "li", "td", "th"):
            continue
        for sentence, following in pairwise((*plain(passage, lexicon), "")):
            for term, found in terms_in(sentence, terms):
                if term.name not in seen and not _is_explained(sentence, found, following, lexicon):
                    fact = f'"{found.group()}" is not explained where it first stands {where}.'
                    hint = f"Say what it is in plain words, such as `{found.group()} (…)`."
                    yield FAMILY.error("term", passage.place, fact, hint, found.group())
                seen.add(term.name)


def _is_explained(sentence: str, found: re.Match[str], following: str, lexicon: Lexicon) -> bool:
    """Tell whether a term is explained beside it, or by the sentence that follows."""
    explains, before = lexicon.patterns["explains"], lexicon.patterns["explained-before"]
    if explains.search(sentence[found.end() :]) or before.search(sentence[: found.start()]):
        return True
    again = found.re.search(following)
    if again and explains.search(following[again.end() :]):
        return True
    return bool(lexicon.patterns["explained-after"].search(following))
