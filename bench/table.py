"""What was measured as a table in Markdown, with what was to be reached."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bench.measure import Measured

Row = Mapping[str, Any]
MEMORY = ("MB, itself", "MB, a worker")


@dataclass(frozen=True, slots=True)
class Target:
    """What was measured, with what it must be: at most, or at least, so much; 0 asks nothing.

    unit: x (times as long as what it is beside), x faster, s, MB. value is None where it was not
    measured; note then says why, and else what it is made of. cpu is the same of processor seconds:
    both must hold, since other work on the machine may have slowed only one of the two.
    """

    work: str
    value: float | None
    unit: str
    limit: float = 0.0
    is_least: bool = False
    cpu: float | None = None
    note: str = ""

    @property
    def verdict(self) -> str:
        """Say whether the target was reached; "" where nothing was asked."""
        if self.value is None:
            return "not measured"
        if not self.limit:
            return ""
        values = [self.value] if self.cpu is None else [self.value, self.cpu]
        limit = self.limit
        is_reached = min(values) >= limit if self.is_least else max(values) <= limit
        return "reached" if is_reached else "**missed**"


def ratio(work: str, ours: Measured, beside: Measured, limit: float, more: str = "") -> Target:
    """Tell how many times as long ours took as something beside it."""
    cpu = ours.cpu / beside.cpu
    note = f"{ours.seconds:.1f} s beside {beside.seconds:.1f} s{more}"
    return Target(work, ours.seconds / beside.seconds, "x", limit, cpu=cpu, note=note)


def table(results: Row) -> str:
    """Give all that was measured as Markdown: targets, builds, the same sheets by each, growth."""
    parts = [
        "# Plainleaf beside its peers\n",
        f"{results['machine']}. Content: {results['content']}.\n",
        "## Targets\n",
        *_lines(
            ("work", "measured", "must be", "", "processors", "made of"),
            (_target(Target(**row)) for row in results["targets"]),
        ),
        "\n## Builds\n",
        *_lines(
            ("", "seconds", "processor seconds", *MEMORY),
            (_cells(row, 5, _build) for row in results["builds"]),
        ),
        "\n## The same sheets by each\n",
        *_lines(
            ("", "ms a page", "ms 1,000 words", "pages", "words", "bytes a sheet", "MB"),
            (_cells(row, 7, _setter) for row in results["setters"]),
        ),
        "\n## From ten sheets on\n",
        *_lines(
            ("sheets", "", "ms a sheet", "processors", "bytes a sheet", *MEMORY),
            (_cells(row, 7, _growth) for row in results["growth"]),
        ),
    ]
    return "\n".join(parts) + "\n"


def lacking(row: Row) -> str:
    """Say why nothing was measured of a peer, and how to get it; "" if it was."""
    if "absent" in row:
        return f"absent; to get it: `{row['absent']}`"
    return f"broken: {row['broken']}" if "broken" in row else ""


def _target(target: Target) -> Sequence[str]:
    value, limit = (_number(each, target.unit) for each in (target.value, target.limit or None))
    must = f"{'at least' if target.is_least else 'at most'} {limit}" if limit else ""
    return target.work, value, must, target.verdict, _number(target.cpu, "x"), target.note


def _number(value: float | None, unit: str) -> str:
    if value is None:
        return ""
    return f"{value:.0f} {unit}" if unit == "MB" else f"{value:.3g} {unit}"


def _build(row: Row) -> Sequence[str]:
    return *(f"{row[time]:.1f}" for time in ("seconds", "cpu")), f"{row['own']:.0f}", _worker(row)


def _setter(row: Row) -> Sequence[str]:
    page = f"{1000 * row['seconds'] / row['pages']:.0f}"
    words = f"{1_000_000 * row['seconds'] / row['words']:.0f}"
    size = f"{row['bytes'] / row['sheets']:,.0f}"
    largest = f"{max(row['own'], row['worker']):.0f}"
    return page, words, f"{row['pages']:,}", f"{row['words']:,}", size, largest


def _growth(row: Row) -> Sequence[str]:
    times = (f"{1000 * row[time] / row['sheets']:.0f}" for time in ("seconds", "cpu"))
    size = f"{row['bytes'] / row['sheets']:,.0f}"
    return row["by"], *times, size, f"{row['own']:.0f}", _worker(row)


def _worker(row: Row) -> str:
    return f"{row['worker']:.0f}" if row["worker"] else ""


def _cells(row: Row, width: int, tell: Any) -> Sequence[str]:
    if why := lacking(row):
        return row["name"], why, *[""] * (width - 2)
    return row["name"], *tell(row)


def _lines(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    lines = [heads, ["---"] * len(heads), *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines]
