"""The short code of a sheet: four characters for the edition, three for the sheet, one to check.

People read it off paper and type it, so none of its characters looks like another one.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import count

# Of those that look alike (0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V) one at most, so that nobody reads
# the other; no vowels, which would make words. As many as a prime number: then one character to
# check finds every wrong one and every two swapped. The website's script has the same rules
# (templates/website/theme/scripts/6-codes.js).
ALPHABET = "2346789CDFHJKMNPQRTVWXY"
HALF = 4
LENGTH = 2 * HALF
# How often a mark may have been drawn anew because another edition had it.
DRAWS = 10
_DIGITS = str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2)


def edition_mark(fields: Sequence[str], taken: Collection[str]) -> str:
    """Give the first half of an edition's codes: drawn from all fields of its entry.

    taken are the marks of other editions. Nobody can change the entry afterwards and keep it.
    """
    return next(mark for draw in count() if (mark := _drawn(fields, draw)) not in taken)


def fits(mark: str, fields: Sequence[str]) -> bool:
    """Tell whether a mark was drawn from the fields of an entry (ledger.sealed_fields)."""
    return any(mark == _drawn(fields, draw) for draw in range(DRAWS))


def sheet_code(mark: str, clinic: str, paper: str, size: str) -> str:
    """Give the code of a sheet, such as `7KQM-X3PD`.

    mark is that of its edition (edition_mark), clinic its slug, size that of print.
    """
    body = mark + _letters(_number((clinic, paper, size)), HALF - 1)
    return with_dash(next(code for sign in ALPHABET if is_sound(code := body + sign)))


def is_sound(code: str) -> bool:
    """Tell whether a code (eight characters, no dash) was typed without an error."""
    if len(code) != LENGTH or foreign(code):
        return False
    # Each character counts as often as its place says. Modulo a prime, so that no single error and
    # no swap keeps the sum (ISO/IEC 7064 uses the same).
    total = sum(place * ALPHABET.index(sign) for place, sign in enumerate(code, start=1))
    return total % len(ALPHABET) == 0


def typed(text: str) -> str:
    """Give what somebody typed as a code is kept: capitals, no dash, no spaces, digits as ours.

    Telephones set to Japanese type wide letters, those set to Arabic or Persian their own digits.
    """
    plain = unicodedata.normalize("NFKC", text).upper().translate(_DIGITS)
    return "".join(sign for sign in plain if sign.isalnum())


def foreign(code: str) -> str:
    """Give the characters (each once) of what was typed that no code has."""
    return "".join(sign for sign in dict.fromkeys(code) if sign not in ALPHABET)


def with_dash(code: str) -> str:
    """Give a code as it is printed."""
    return f"{code[:HALF]}-{code[HALF:]}"


@dataclass(frozen=True, slots=True)
class NearMiss:
    """A typing error: which character is likely wrong (from 1; 0: two are swapped), and the code.

    code is the one that was probably meant, with its dash.
    """

    position: int
    code: str


def near_misses(text: str, codes: Iterable[str]) -> list[NearMiss]:
    """Give the known codes from which a typed one differs by one character, or by two swapped."""
    wrong = typed(text)
    if len(wrong) != LENGTH:
        return []
    misses = []
    for code in sorted(set(codes)):
        right = typed(code)
        match [at for at in range(LENGTH) if right[at] != wrong[at]]:
            case [one]:
                misses.append(NearMiss(one + 1, code))
            case [one, two] if (wrong[one], wrong[two]) == (right[two], right[one]):
                misses.append(NearMiss(0, code))
    return misses


def _number(texts: Sequence[str]) -> int:
    return int.from_bytes(hashlib.sha256("\n".join(texts).encode("utf-8")).digest(), "big")


def _drawn(entry_texts: Sequence[str], draw: int) -> str:
    return _letters(_number((*entry_texts, str(draw))), HALF)


def _letters(number: int, length: int) -> str:
    letters = ""
    for _ in range(length):
        number, rest = divmod(number, len(ALPHABET))
        letters = ALPHABET[rest] + letters
    return letters
