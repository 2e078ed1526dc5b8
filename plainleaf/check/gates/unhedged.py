"""What is said outright: praise and comfort with no "may", no "some" and no number to limit them.

Lists of claims never hold the next metaphor. Honest pages about treatment are plain, though: they
need few words, and what they say of people, bodies and results they hedge, count or deny. So this
gate asks what a sentence lacks. It passes over questions, orders and whatever is hedged; of the
rest, it names a set phrase of comfort, a good outcome, and a word from outside the trade.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from plainleaf.check.gates.lexicon import Lexicon, any_of

_WORD = re.compile(r"[^\W\d_]{3,}")
_DIGIT = re.compile(r"\d")
_ENDS = re.compile(r"[.!][\"”’)]*$")
# What is left of a word without its ending; shorter, and it would be that of too many others.
_LEAST_ROOT = 3

Says = Callable[[str], re.Match[str] | None]


@dataclass(frozen=True, slots=True)
class _Signs:
    """The lists of a language as they are looked for; everyday are roots of words."""

    figures: Says
    outcomes: Says
    hedges: Says
    limits: Says
    order: Says
    endings: tuple[str, ...]
    everyday: frozenset[str]


@lru_cache(16384)
def said_outright(sentence: str, known: Lexicon) -> tuple[str, str] | None:
    """Give what a sentence says outright as its words and what they are, or None.

    They are a `figure`, an `outcome` or a `word` from outside the trade.
    """
    signs = _signs(known)
    passes = known.patterns["question"], known.patterns["warns"]
    if not signs or not _ENDS.search(sentence) or any(each.search(sentence) for each in passes):
        return None
    sentence = known.patterns["citation"].sub("", sentence)
    if signs.hedges(sentence):
        return None
    found, kind = signs.figures(sentence), "figure"
    if not found and not signs.order(sentence) and not _DIGIT.search(sentence):
        found, kind = _foreign(sentence, signs), "word"
        if not found and not signs.limits(sentence):
            found, kind = signs.outcomes(sentence), "outcome"
    return (found.group(), kind) if found else None


def _foreign(sentence: str, signs: _Signs) -> re.Match[str] | None:
    """Give the first word of a sentence that is none of the trade; a name is no such word."""
    for found in _WORD.finditer(sentence):
        is_name = found.start() > 0 and found.group()[0].isupper()
        if not is_name and _root(found.group(), signs.endings) not in signs.everyday:
            return found
    return None


@lru_cache(64)
def _signs(known: Lexicon) -> _Signs | None:
    lists = known.unhedged
    if not lists:
        return None
    endings = lists["endings"]
    opening = any_of(lists["before-orders"])
    order = rf"^(?:[\w ]+, )?(?:(?:{opening}) )*(?:{any_of(lists['orders'])})"
    return _Signs(
        _finder(lists["figures"]),
        _finder(lists["outcomes"]),
        _finder(lists["hedges"]),
        _finder(lists["limits"]),
        re.compile(order, re.IGNORECASE).search,
        endings,
        frozenset(_root(word, endings) for word in lists["everyday"]),
    )


def _finder(phrases: Sequence[str]) -> Says:
    # That they stand at the start of a word is tried first, and not for each of them.
    return re.compile(rf"\b(?:{any_of(phrases)})", re.IGNORECASE).search


def _root(word: str, endings: Sequence[str]) -> str:
    """Give a word without its ending, the same for all forms of most words."""
    word = word.lower()
    is_plural = word[-1] == "s" and word[-2] not in "isu" and len(word) > _LEAST_ROOT
    word = word[:-1] if is_plural else word
    roots = (word.removesuffix(ending) for ending in endings if word.endswith(ending))
    root = next((root for root in roots if len(root) >= _LEAST_ROOT), word)
    is_doubled = len(root) > _LEAST_ROOT and root[-1] == root[-2] and root[-1] not in "sl"
    return root[:-1] if is_doubled else root
