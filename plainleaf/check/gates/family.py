"""A family of gates: the name of each, the standard behind it, and how its findings are made."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from plainleaf.problems import Place, Problem

# Signs that mean something in a waiver, or end the comment that it stands in.
_NOT_IN_A_NAME = re.compile(r"[,:<>()\[\]{}`\s]+")
_EDGES = " .;!?\"'“”‘’"


@dataclass(frozen=True, slots=True)
class Family:
    """Gates that belong together. standards gives by a gate's name the standard and clause."""

    name: str
    standards: Mapping[str, str]

    def error(self, gate: str, place: Place, message: str, hint: str, *subjects: str) -> Problem:
        """Give a finding that stops the build.

        subjects say what it is about wherever one place may have several findings of the gate,
        now or after an edit: a waiver then names them, and lets nothing else through.
        """
        name, standard = f"{self.name}.{gate}", self.standards[gate]
        return Problem(place, message, hint, name, standard, subject=_named(subjects))

    def warning(self, gate: str, place: Place, message: str, hint: str, *subjects: str) -> Problem:
        """Give a finding that is counted and shown, and stops nothing; subjects as above."""
        return replace(self.error(gate, place, message, hint, *subjects), is_warning=True)


def in_context(text: str, found: re.Match[str]) -> str:
    """Give the words found in a text with those beside them, which tell them from a later find."""
    start, end = found.span()
    before, after = text[:start].split(" ")[-2:], text[end:].split(" ")[:2]
    return " ".join(before) + text[start:end] + " ".join(after)


def start_of(text: str) -> str:
    """Give the first words of a text."""
    return " ".join(text.split()[:6]).rstrip(".,:;")


def _named(subjects: Iterable[str]) -> str:
    names = (_NOT_IN_A_NAME.sub(" ", each).strip(_EDGES) for each in subjects)
    return ", ".join(name for name in names if name)
