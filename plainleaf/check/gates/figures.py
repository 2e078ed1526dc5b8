"""Figures: no page states a number that docs/facts/ does not hold."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache

from plainleaf.check.gates.family import Family
from plainleaf.check.gates.lexicon import Lexicon
from plainleaf.check.gates.passages import Passage
from plainleaf.model import Facts, Language, Rate, Rules
from plainleaf.problems import Place, Problem, choices

FAMILY = Family(
    "figures",
    {
        "unknown": "house rule: each number has a source, and is the same everywhere",
        "unsourced": "PIF TICK, current evidence; DISCERN item 4",
        "often": "European Commission SmPC guideline 2009, 4.8; CIOMS III",
        "act": "AHRQ RED toolkit, what to do if a problem arises",
    },
)

RISKS = Place("docs/facts/risks.yml")
TOO_LATE = {"expected": (), "minor": ("none",), "serious": ("none", "routine")}
# Gives the place of a key of a file, by the file and the keys above it.
Where = Callable[..., Place]

_NUMBER = re.compile(r"(?<![\w.,])\d[\d,.]*\d(?![\w])|(?<![\w.,])\d(?![\w])")
# Days of the calendar and years by themselves: when something was written, or first done.
_DATE = re.compile(
    r"\b\d{1,2} (?:January|February|March|April|May|June|July|August|September|October|November"
    r"|December) \d{4}\b|\b(?:19|20)\d\ds?\b|\b\d{1,2} de [a-z]+ de \d{4}\b"
)
# What parts the thousands of a number in one language or another.
_PARTED = re.compile(r"(?<=\d)[,. ](?=\d{3}(?!\d))")


def of_own(passage: Passage, facts: Facts, lexicon: Lexicon) -> Iterator[Problem]:
    """Give the rates that a clinic states itself and nothing holds.

    Its other numbers are its own to know: fees, times, how many places there are to park.
    """
    text = " ".join(passage.text.split())
    for rate in lexicon.patterns["number"].finditer(text):
        if not any(_pattern(figure).match(text, rate.start()) for figure in facts.figures):
            fact = f'a clinic says "{rate.group()}" itself, and no fact holds it.'
            hint = "Say on a page how often something happens, with its source, and link to that."
            yield FAMILY.error("unknown", passage.place, fact, hint, rate.group())


def of_passage(passage: Passage, facts: Facts, is_translation: bool) -> Iterator[Problem]:
    """Give the numbers of a passage that neither figures.yml nor the sources in it hold.

    The figures stand in the words of the main language. A translation has others, so that only its
    numbers are held against them: those of one figure, in its order. That they are those of the
    very sentence that it translates is held by translation.kept.
    """
    cited = [facts.references[name] for name in passage.sources if name in facts.references]
    held = [
        *facts.figures,
        *(each.number for each in facts.emergency_numbers),
        *(figure for each in cited for figure in each.figures),
    ]
    for figure in unknown_figures(passage, held, is_translation=is_translation):
        fact = f'no fact holds the number in "{figure}".'
        hint = (
            "Correct it, or cite the source that gives it. A number that is good sense or a "
            "definition belongs into docs/facts/figures.yml, with where it comes from."
        )
        yield FAMILY.error("unknown", passage.place, fact, hint, figure)


def of_risks(facts: Facts, where: Where, procedure: str, *, is_counted: bool) -> Iterator[Problem]:
    """Hold each rate of risks.yml against its source, and each weight against what to do.

    is_counted: the rules of a procedure say from which rate on each word for how often holds.
    """
    for risk in facts.risks.values():
        sourced = [(risk.benchmark.rate, risk.benchmark.reference)] if risk.benchmark else []
        if risk.rate and risk.reference:
            sourced.append((risk.rate, risk.reference))
        for rate, reference in sourced:
            if (figure := figure_of(rate)) not in reference.figures:
                fact = f'{reference.id} does not hold the rate "{figure}" of {risk.id}.'
                hint = "Correct the rate or its source, or add it to the `figures:` of the source."
                subject = f"{reference.id} {figure}"
                yield FAMILY.error("unsourced", where(RISKS, risk.id), fact, hint, subject)
        if risk.rate and not (is_counted and risk.reference):
            fact = f"a rate of {procedure} is given for {risk.id}, and no source can be named yet."
            hint = "Write `rate: not known`; a rate from another procedure is a benchmark."
            if is_counted:
                fact = f"a rate of {procedure} is given for {risk.id}, and nobody who counted it."
                hint = "Add a line `source: …`, or write `rate: not known`."
            figure = figure_of(risk.rate)
            yield FAMILY.error("unsourced", where(RISKS, risk.id), fact, hint, figure)
        if risk.act in TOO_LATE[risk.severity]:
            fact = f'{risk.id} is {risk.severity}, and the act for it is "{risk.act}".'
            hint = "Say who helps, and how soon: a serious harm needs help the same day."
            subject = f"{risk.severity} {risk.act}"
            yield FAMILY.error("act", where(RISKS, risk.id), fact, hint, subject)


def of_often(
    language: Language, rules: Rules, facts: Facts, lexicon: Lexicon, where: Where
) -> Iterator[Problem]:
    """Hold the words for how often of each risk against those of the rules, and its rate."""
    words = {word.lower(): rate.count / rate.people for word, rate in rules.how_often}
    # The longest first: "very common" is no "common".
    longest = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    for name, spoken in language.risks.items() if words else ():
        said = spoken["often"]
        found = re.findall(rf"(?<!\w)(?:{longest})(?!\w)", said.lower())
        rate = facts.risks[name].rate if name in facts.risks else None
        place = where(language.source, "risks", name, "often")
        if said and not found and not lexicon.patterns["says-not-known"].search(said):
            fact = f'"often" of {name} holds no word for how often.'
            hint = choices(words, kind=f"words of {rules.source.path}")
            yield FAMILY.error("often", place, fact, hint, name)
        right = rate and next((word for word in words if _holds(words[word], rate)), None)
        if rate and found and found != [right]:
            fact = f'{name} came to {figure_of(rate)}, and "often" says "{found[0]}".'
            hint = f'Write "{right}", or look at both again.' if right else "Take the word away."
            yield FAMILY.error("often", place, fact, hint, f"{name} {found[0]}")


def _holds(least: float, rate: Rate) -> bool:
    """Tell whether a word that holds from a rate on holds for a rate."""
    share = rate.count / rate.people
    return least < share if rate.is_under else least <= share


def figure_of(rate: Rate) -> str:
    """Give a rate as a source holds it: `9 in 10,000`, `fewer than 1 in 10,000`."""
    under = "fewer than " if rate.is_under else ""
    return f"{under}{rate.count:,} in {rate.people:,}"


def unknown_figures(
    passage: Passage, held: Iterable[str], *, is_translation: bool = False
) -> list[str]:
    """Give the numbers of a passage that do not start any of the figures held, each with a word.

    A figure such as `10 to 30 minutes` covers the text from its first number to its last letter; in
    a translation, to its last number, with any few words between.
    """
    text = " ".join(passage.text.split())
    if is_translation:
        text = _PARTED.sub("", text)
    numbers = list(_NUMBER.finditer(text))
    if not numbers:
        return []
    covered = [found.span() for found in _DATE.finditer(text)]
    pattern = _numbers_of if is_translation else _pattern
    covered += [found.span() for figure in held for found in pattern(figure).finditer(text)]
    return [
        _around(text, found.start())
        for found in numbers
        if not any(start <= found.start() < end for start, end in covered)
    ]


@lru_cache(1024)
def _pattern(figure: str) -> re.Pattern[str]:
    """Give how a figure is found in a text, in small letters or capitals."""
    edge = r"(?!\w)" if figure[-1].isalnum() else ""
    plain = re.escape(" ".join(figure.split())).replace(r"\ ", " ")
    return re.compile(rf"(?<![\w.,]){plain}{edge}", re.IGNORECASE)


@lru_cache(1024)
def _numbers_of(figure: str) -> re.Pattern[str]:
    """Give how the numbers of a figure are found in another language."""
    numbers = [re.escape(each) for each in _NUMBER.findall(_PARTED.sub("", figure))]
    between = r"\D{1,40}?".join(numbers)
    return re.compile(rf"(?<![\w.,]){between}(?!\d)" if numbers else r"(?!)")


def _around(text: str, start: int) -> str:
    """Give the word before a number, the number, and two words after it."""
    before, after = text[:start].split()[-1:], text[start:].split()[:3]
    return " ".join([*before, *after]).strip(".,;:()")
