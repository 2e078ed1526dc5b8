"""What the second reader finds, before the lines of what was read are those of the file."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong at a line of what was read, counted from 1: the fact, and the way out."""

    line: int
    message: str
    hint: str
