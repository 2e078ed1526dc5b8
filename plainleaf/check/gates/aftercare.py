"""Aftercare: help in three levels, first of all; every advice with how long; numbers to call."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from plainleaf.check.gates.family import Family, in_context, start_of
from plainleaf.check.gates.lexicon import Lexicon
from plainleaf.check.gates.passages import PageText, Passage, printed
from plainleaf.check.gates.speech import Speech
from plainleaf.model import Handout
from plainleaf.problems import Problem, choices
from plainleaf.read.elements import ADVICE, LEVELS, NAMES, NEEDED

NUMBERS = {"emergency": "emergency-number", "today": "clinic-numbers"}

FAMILY = Family(
    "aftercare",
    {
        "levels": "NHS service manual, care cards",
        "element": "AHRQ RED toolkit, after hospital care plan",
        "sign": "AHRQ RED toolkit, what to do if a problem arises",
        "until": "house rule: to do and to avoid, each with its duration",
        "number": "AHRQ RED toolkit, whom to call by day and by night",
    },
)


def findings(handout: Handout, texts: Mapping[str, PageText], speech: Speech) -> Iterator[Problem]:
    """Give what an aftercare sheet lacks; texts are those of its pages, by slug."""
    lexicon, left_out = speech.lexicon, speech.without("aftercare")
    parts = {name: part for part in handout.parts for name in part.elements}
    names = NAMES["aftercare"]
    for name, part in parts.items():
        if name not in names:
            fact = f'"{name}" is no element of an aftercare sheet.'
            yield FAMILY.error("element", part.source, fact, choices(names, name, "elements"), name)
    for name in NEEDED:
        if name not in parts and name not in left_out:
            fact = f'this aftercare sheet does not carry "{name}".'
            hint = f"Print the section that does, and give its part `elements: [{name}]`."
            yield FAMILY.error("element", handout.source, fact, hint, name)
    if [name for part in handout.parts[:3] for name in part.elements] != list(LEVELS):
        fact = "the three levels of help are not the first three parts: " + ", ".join(LEVELS) + "."
        hint = (
            "Put them first, in this order, each with its `elements:`: page 1 is what people keep."
        )
        yield FAMILY.error("levels", handout.source, fact, hint)
    for name, kind in NUMBERS.items():
        if name in parts and kind not in [field.kind for field in parts[name].fields]:
            fact = f'"{name}" gives no number to call.'
            hint = f"Add the field `- kind: {kind}`."
            yield FAMILY.error("number", parts[name].source, fact, hint, name)
    passages = dict(printed(handout, texts))
    for name, part in parts.items() if lexicon else ():
        below = passages.get(f"{part.page}#{part.section}", [])
        if lexicon and below:
            yield from _signs(name, below, lexicon)
            yield from _durations(below if name in ADVICE else (), lexicon)
            yield from _red_flags(below if name == "routine" else (), lexicon)


def _signs(name: str, below: Sequence[Passage], lexicon: Lexicon) -> Iterator[Problem]:
    text = " ".join(passage.text for passage in below)
    for sign, pattern in lexicon.elements("aftercare", name).items():
        if not pattern.search(text):
            fact = f'one thing is missing in the part "{name}": {sign}.'
            hint = lexicon.way_in("aftercare", name, sign)
            yield FAMILY.error("sign", below[0].place, fact, hint, f"{name} {sign}")


def _red_flags(below: Sequence[Passage], lexicon: Lexicon) -> Iterator[Problem]:
    for passage in below:
        for found in lexicon.patterns["red-flag"].finditer(passage.text):
            fact = f'"{found.group()}" stands among what can wait for the next visit.'
            hint = "Put it on the card for an ambulance or for the same day."
            words = in_context(passage.text, found)
            yield FAMILY.error("levels", passage.place, fact, hint, words)


def _durations(below: Sequence[Passage], lexicon: Lexicon) -> Iterator[Problem]:
    for passage in below:
        if passage.kind == "li" and not lexicon.patterns["until"].search(passage.text):
            start = start_of(passage.text)
            fact = f'"{start} …" does not say for how long.'
            hint = "Say until when, for how long, or when."
            yield FAMILY.error("until", passage.place, fact, hint, start)
