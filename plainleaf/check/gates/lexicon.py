"""What the gates know of a language: its claims, its words for how often, its short forms.

A language without a file in lexicon/ is not held against these gates, and the build says so.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import yaml

FOLDER = Path(__file__).parent / "lexicon"


@dataclass(frozen=True, slots=True)
class Claim:
    """A thing that must not be said: patterns that say it, contexts that make it harmless.

    needs names what makes it sound when it stands in the same sentence: a `source`, or "" for
    nothing. ignores_denial: it is made by a "not", as in "agree not to sue".
    """

    id: str
    says: re.Pattern[str]
    allowed: re.Pattern[str] | None
    needs: str
    ignores_denial: bool
    reason: str
    hint: str
    standard: str


@dataclass(frozen=True, slots=True, eq=False)
class Lexicon:
    """A language as the gates know it; there is one for each.

    instead gives what to write for words that are hard (`plainer`) or that name people by an
    illness (`person`).
    """

    claims: tuple[Claim, ...]
    patterns: dict[str, re.Pattern[str]]
    words: dict[str, tuple[str, ...]]
    said: dict[tuple[str, str], dict[str, re.Pattern[str]]]
    instead: dict[str, tuple[tuple[re.Pattern[str], str], ...]]

    def elements(self, kind: str, name: str) -> dict[str, re.Pattern[str]]:
        """Give what an element of a kind of handout must say: by what it is, how it is found."""
        return self.said.get((kind, name), {})


def has_lexicon(language: str) -> bool:
    """Tell whether the words of a language can be checked."""
    return _file(language).is_file()


def _file(language: str) -> Path:
    """Give the file of a language, or of what it is a kind of: en for en-GB."""
    while "-" in language and not (FOLDER / f"{language}.yml").is_file():
        language = language.rpartition("-")[0]
    return FOLDER / f"{language}.yml"


@cache
def lexicon(language: str) -> Lexicon:
    """Give what is known of a language; it must have a file."""
    known: dict[str, Any] = yaml.load(_file(language).read_text("utf-8"), yaml.CBaseLoader)
    claims = tuple(_claim(name, given) for name, given in known["claims"].items())
    patterns = {name: _pattern(given) for name, given in known["patterns"].items()}
    words = {name: tuple(given) for name, given in known["words"].items()}
    said = {
        (kind, name): {what: _pattern(given) for what, given in needs.items()}
        for kind in ("consent", "aftercare")
        for name, needs in known[kind].items()
    }
    instead = {
        name: tuple((_pattern(rf"\b(?:{old})\b"), better) for old, better in given.items())
        for name, given in known["instead"].items()
    }
    return Lexicon(claims, patterns, words, said, instead)


def _claim(name: str, given: dict[str, Any]) -> Claim:
    allowed = _pattern(given["allowed"]) if "allowed" in given else None
    return Claim(
        name,
        _pattern(given["says"]),
        allowed,
        given.get("needs", ""),
        "ignores-denial" in given,
        given["reason"],
        given["hint"],
        given["standard"],
    )


def _pattern(given: str | list[str]) -> re.Pattern[str]:
    """Join patterns; a space in one stands for any gap, so that they stay readable."""
    pieces = [given] if isinstance(given, str) else given
    return re.compile("|".join(f"(?:{piece})" for piece in pieces), re.IGNORECASE)
