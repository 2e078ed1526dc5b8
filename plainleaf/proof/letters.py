"""Compares what was written with what was printed, letter by letter."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

# White space, the soft hyphen and the signs that steer the direction of writing are not printed;
# where a line ends at a soft hyphen, a hyphen is, so that hyphens do not count.
_UNPRINTED = re.compile(r"[\s\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u2010-]+")
_FROM_THE_RIGHT = re.compile(r"[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefe]")


def squeezed(text: str) -> str:
    """Give the printed letters of a text, however its lines are broken.

    A letter with a mark is the same whether it is written as one sign or as two (UAX 15).
    """
    return unicodedata.normalize("NFC", _UNPRINTED.sub("", text))


def is_from_the_right(text: str) -> bool:
    """Tell whether a text has letters that are written from right to left."""
    return _FROM_THE_RIGHT.search(text) is not None


def bag(text: str) -> Counter[str]:
    """Count the letters of a text: the same whichever way a line of mixed scripts is painted.

    Brackets are left out, since from the right the mirrored one is painted; numerals count alike
    in whatever script.
    """
    return Counter(_plain(letter) for letter in squeezed(text) if not unicodedata.mirrored(letter))


def _plain(letter: str) -> str:
    return str(unicodedata.digit(letter)) if letter.isdigit() else letter


def alike(one: str, two: str, *, rtl: bool) -> bool:
    """Tell whether two squeezed texts say the same; from the right, in any order of letters."""
    return one == two or ((rtl or is_from_the_right(one)) and bag(one) == bag(two))
