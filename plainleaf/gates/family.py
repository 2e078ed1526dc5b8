"""A family of gates: the name of each, the standard behind it, and how its findings are made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from plainleaf.problems import Place, Problem


@dataclass(frozen=True, slots=True)
class Family:
    """Gates that belong together. standards gives by a gate's name the standard and clause."""

    name: str
    standards: Mapping[str, str]

    @property
    def gates(self) -> list[str]:
        """The full names of its gates, such as `reading.sentence`."""
        return [f"{self.name}.{gate}" for gate in self.standards]

    def error(self, gate: str, place: Place, message: str, hint: str) -> Problem:
        """Give a finding that stops the build."""
        return Problem(place, message, hint, f"{self.name}.{gate}", self.standards[gate])

    def warning(self, gate: str, place: Place, message: str, hint: str) -> Problem:
        """Give a finding that is counted and shown, and stops nothing."""
        standard = self.standards[gate]
        return Problem(place, message, hint, f"{self.name}.{gate}", standard, is_warning=True)
