"""Claims: what may not be said of a treatment whose gains and harms nobody has counted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import zip_longest

from plainleaf.check.gates.family import Family, in_context
from plainleaf.check.gates.lexicon import OWN, Lexicon, standards_of_claims
from plainleaf.check.gates.passages import Passage
from plainleaf.problems import Problem

_RISK = "PIF TICK, communicating risk"
FAMILY = Family(
    "claims",
    {
        **standards_of_claims(),
        OWN: "the project's own rules",
        "relative": f"{_RISK}: absolute, not relative; PLoS Med 2008, e1000134",
        "frequency": "European Commission SmPC guideline 2009, 4.8",
        "percent": f"{_RISK}: 10 in 100, not 10%",
        "rate-in-words": "PEMAT-P item 6, clear numbers",
    },
)


def findings(passage: Passage, lexicon: Lexicon) -> Iterator[Problem]:
    """Give what a passage claims and must not, each once."""
    sentences = passage.sentences
    for sentence, after in zip_longest(sentences, sentences[1:], fillvalue=""):
        yield from _claims(_ours(sentence, after, lexicon), passage, lexicon)
        yield from _numbers(sentence, passage, lexicon)


def _ours(sentence: str, after: str, lexicon: Lexicon) -> str:
    """Give what a sentence says itself, in full: without what others claim, where it is answered.

    after is the sentence that follows, or "".
    """
    sentence = lexicon.in_full(sentence)
    whole = f"{sentence} {lexicon.in_full(after)}"
    reported = lexicon.patterns["reports"].search(sentence)
    answer = lexicon.patterns["answers"].search(whole, reported.end()) if reported else None
    return sentence[answer.start() :] if answer else sentence


def _claims(sentence: str, passage: Passage, lexicon: Lexicon) -> Iterator[Problem]:
    if lexicon.patterns["question"].search(sentence) or lexicon.patterns["warns"].search(sentence):
        return
    # The names of sources are no claims of ours.
    sentence = lexicon.patterns["citation"].sub("", sentence)
    small = sentence.lower()
    for claim in lexicon.claims:
        saying = [
            found
            for found in claim.says.finditer(sentence if claim.minds_capitals else small)
            if claim.ignores_denial
            or not lexicon.patterns["denial"].search(sentence[: found.start()])
        ]
        if not saying or (claim.needs == "source" and passage.sources):
            continue
        if claim.allowed and claim.allowed.search(sentence):
            continue
        said = sentence[slice(*saying[0].span())].strip()
        fact = f'"{said}": {claim.reason}'
        words = (in_context(sentence, found) for found in saying)
        problem = FAMILY.error(claim.gate, passage.place, fact, claim.hint, *words)
        yield replace(problem, standard=claim.standard)


def _numbers(sentence: str, passage: Passage, lexicon: Lexicon) -> Iterator[Problem]:
    """Refuse a word for how often without a number, and numbers in forms that mislead."""
    has_number = bool(lexicon.patterns["number"].search(sentence))
    if (found := lexicon.patterns["relative"].search(sentence)) and not has_number:
        fact = f'"{found.group()}" compares, but does not say how often it happens at all.'
        hint = "Give both rates, each as so many in so many."
        yield FAMILY.error("relative", passage.place, fact, hint, in_context(sentence, found))
    plain = lexicon.patterns["percent-allowed"].sub("", sentence)
    for found in lexicon.patterns["percent"].finditer(plain) if not passage.is_data else ():
        fact = f'"{found.group()}" is harder to grasp than a number of people.'
        hint = "Write it as so many in 100."
        yield FAMILY.error("percent", passage.place, fact, hint, in_context(plain, found))
    for found in lexicon.patterns["rate-in-words"].finditer(sentence):
        fact = f'"{found.group()}" is a rate that readers cannot compare.'
        hint = "Write it in digits as so many in 100, as docs/facts/ holds it."
        yield FAMILY.error("rate-in-words", passage.place, fact, hint, in_context(sentence, found))
    plain = lexicon.patterns["frequency-allowed"].sub("", sentence)
    found = lexicon.patterns["frequency"].search(plain)
    if not found or found.group() == plain:  # the word by itself, for the risk table
        return
    if not has_number and not lexicon.patterns["not-known"].search(sentence):
        fact = f'"{found.group()}" is a word for how often, and no number stands beside it.'
        hint = 'Give the number beside it, say "not known", or leave the word to the risk table.'
        if not passage.is_data:
            yield FAMILY.error("frequency", passage.place, fact, hint, in_context(plain, found))
