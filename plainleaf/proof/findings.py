"""What is wrong with a finished sheet, said to the person who edits its words or its template."""

from __future__ import annotations

from dataclasses import dataclass, field

from plainleaf.problems import Place, Problem

REPAIR = "Look at what is new in the sheet's template or CSS; else it is a fault of Plainleaf."

# At most so many blocks that are lost or moved are named: more would bury the first.
MOST = 5


@dataclass(slots=True)
class Findings:
    """Collects what is found in one sheet; each message names the sheet, and the page if known."""

    path: str
    home: Place
    problems: list[Problem] = field(default_factory=list)

    def say(
        self, fact: str, hint: str = REPAIR, *, page: int | None = None, place: Place | None = None
    ) -> None:
        """Add one finding. Pages are counted from 0, and told from 1."""
        where = self.path if page is None else f"{self.path}, page {page + 1}"
        self.problems.append(Problem(place or self.home, f"{where}: {fact}", hint))


def quoted(text: str, most: int = 60) -> str:
    """Give words in quotation marks, cut short where they are many."""
    text = " ".join(text.split())
    return f'"{text}"' if len(text) <= most else f'"{text[:most].rstrip()}…"'
