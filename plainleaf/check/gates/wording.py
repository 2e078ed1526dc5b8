"""Wording: plainer words, people before their illness, who speaks, and what is said too often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from plainleaf.check.gates.family import Family, in_context
from plainleaf.check.gates.grade import words_of
from plainleaf.check.gates.lexicon import Lexicon
from plainleaf.check.gates.passages import PageText, Passage
from plainleaf.problems import Problem

FAMILY = Family(
    "wording",
    {
        "plainer": "NHS service manual, A to Z of health writing; PEMAT-P item 3, everyday words",
        "person": "NHS service manual, inclusive content: people first",
        "not-known": "CDC Clear Communication Index: say once, with care, what is not known",
        "voice": "house rule: pages say your clinic, and sheets come from the clinic and say we",
    },
)

MOST_NOT_KNOWN = 3
# What the review page shows: so many words in a row, at least so many times, the most of them.
PHRASE, LEAST_TIMES, MOST_PHRASES = 4, 8, 25


def of_passage(passage: Passage, lexicon: Lexicon) -> Iterator[Problem]:
    """Refuse words that name people by an illness; name words for which there is a plainer one."""
    for gate, make in (("person", FAMILY.error), ("plainer", FAMILY.warning)):
        for pattern, better in lexicon.instead[gate]:
            if found := pattern.search(passage.text):
                fact = f'"{found.group()}" has a plainer word.'
                if gate == "person":
                    fact = f'"{found.group()}" names people by what they have.'
                words = in_context(passage.text, found)
                yield make(gate, passage.place, fact, f"Write “{better}”.", words)


def of_page(page_text: PageText, lexicon: Lexicon) -> Iterator[Problem]:
    """Name a page that says too often that something is not known: nobody reads it any more."""
    saying = [
        passage.place
        for passage in page_text.passages
        if not passage.is_data
        for sentence in passage.sentences
        if lexicon.patterns["says-not-known"].search(sentence)
    ]
    if len(saying) > MOST_NOT_KNOWN:
        fact = f"this page says {len(saying)} times that something is not known."
        lines = ", ".join(str(place.line) for place in dict.fromkeys(saying))
        hint = f"Say it once, where it matters most; it stands on these lines: {lines}."
        yield FAMILY.warning("not-known", page_text.passages[0].place, fact, hint)


def of_handout(name: str, passages: Sequence[Passage], lexicon: Lexicon) -> Iterator[Problem]:
    """Refuse a sheet with two voices: of the clinic that hands it out, and of who wrote it."""
    speaks = any(lexicon.patterns["voice-we"].search(passage.text) for passage in passages)
    for passage in passages:
        author = lexicon.patterns["voice-author"].search(passage.text)
        clinic = lexicon.patterns["voice-your-clinic"].search(passage.text) if speaks else None
        if found := author or clinic:
            words = in_context(passage.text, found)
            fact = f'the sheet "{name}" comes from a clinic and says "{words}".'
            hint = 'Write both ways: `{{ clinic("your clinic gives", "we give") }}`.'
            yield FAMILY.error("voice", passage.place, fact, hint, name, words)


def of_own(passage: Passage, lexicon: Lexicon) -> Iterator[Problem]:
    """Refuse that a clinic speaks of itself as others do."""
    if found := lexicon.patterns["voice-your-clinic"].search(passage.text):
        words = in_context(passage.text, found)
        fact = f'the clinic says this itself, and says "{words}".'
        yield FAMILY.error("voice", passage.place, fact, "Say “we”.", words)


def phrases(texts: Iterable[PageText]) -> Sequence[tuple[str, int, int]]:
    """Give phrases that are said over and over: the words, how many times, on how many pages."""
    slugs: dict[str, list[str]] = {}
    for page_text in texts:
        for passage in page_text.passages:
            if not passage.is_prose or passage.is_data:
                continue
            for sentence in passage.sentences:
                words = [word.lower() for word in words_of(sentence)]
                for at in range(len(words) - PHRASE + 1):
                    phrase = " ".join(words[at : at + PHRASE])
                    slugs.setdefault(phrase, []).append(page_text.page.slug)
    counted = ((phrase, len(saying), len(set(saying))) for phrase, saying in slugs.items())
    often = [each for each in counted if each[1] >= LEAST_TIMES and each[2] > 1]
    return sorted(often, key=lambda each: -each[1])[:MOST_PHRASES]
