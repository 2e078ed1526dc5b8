"""Draws what was measured: each peer's time for the same sheets, and how time and memory grow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

# Dark enough on white to tell apart, also by those who do not tell red from green (Okabe and Ito).
OURS, OTHER, THIRD = "#0b5c73", "#a84300", "#555555"
Row = Mapping[str, Any]


def plot(results: Row, path: Path) -> str:
    """Draw results as an SVG; say where it is, or why it could not be drawn."""
    try:
        import matplotlib as mpl  # noqa: PLC0415 a build needs no plot
    except ModuleNotFoundError:
        return "No plot: matplotlib is absent; to get it: `make setup-bench`."
    mpl.use("svg")
    from matplotlib import pyplot as plt  # noqa: PLC0415

    # The same results give the same file.
    mpl.rcParams.update({"font.size": 11, "svg.hashsalt": "bench", "svg.fonttype": "none"})
    figure, (dots, times, memory) = plt.subplots(1, 3, figsize=(17, 5), layout="constrained")
    figure.get_layout_engine().set(w_pad=0.2)
    _dots(dots, [row for row in results["setters"] if "seconds" in row])
    _lines(times, results["growth"], "cpu", "processor ms a sheet")
    _lines(memory, results["growth"], "worker", "MB of a worker")
    memory.axhline(250, color=THIRD, linestyle=":", label="at most 250 MB")
    for axes, title in (
        (dots, "The same words, by each"),
        (times, "Time for each sheet"),
        (memory, "Memory"),
    ):
        axes.set_title(title)
        axes.grid(visible=True, which="major", color="#dddddd")
        axes.set_axisbelow(True)
        axes.xaxis.set_major_formatter("{x:,.0f}")
        axes.spines[["top", "right"]].set_visible(False)
    for axes in (times, memory):
        axes.set_ylim(0, 1.1 * axes.get_ylim()[1])
        axes.legend(frameon=False, loc="lower right")
    figure.savefig(path, metadata={"Date": None})
    plt.close(figure)
    return f"Drawn: {path}"


def _dots(axes: Any, rows: Sequence[Row]) -> None:
    """Draw milliseconds for 1,000 words on a log axis, the fastest on top.

    As dots: the length of a bar would say nothing on such an axis.
    """
    ordered = sorted(rows, key=lambda row: -row["seconds"] / row["words"])
    values = [1_000_000 * row["seconds"] / row["words"] for row in ordered]
    names = [row["name"] for row in ordered]
    colours = [OURS if name == "Plainleaf" else THIRD for name in names]
    axes.scatter(values, names, color=colours, s=90)
    for value, name in zip(values, names, strict=True):
        beside = {"xytext": (10, 0), "textcoords": "offset points", "va": "center"}
        axes.annotate(f"{value:,.0f}", (value, name), **beside)
    axes.set_xscale("log")
    axes.margins(x=0.25, y=0.15)
    axes.set_xlabel("ms for 1,000 words (log)")


def _lines(axes: Any, rows: Sequence[Row], key: str, label: str) -> None:
    """Draw a figure by the number of sheets, which is on a log axis."""
    for by, colour, style in (("Plainleaf", OURS, "o-"), ("WeasyPrint alone", OTHER, "s--")):
        of = [row for row in rows if row["by"] == by]
        scale = [1000 / row["sheets"] if key == "cpu" else 1 for row in of]
        values = [row[key] * factor for row, factor in zip(of, scale, strict=True)]
        axes.plot([row["sheets"] for row in of], values, style, color=colour, label=by)
    axes.set_xscale("log")
    axes.set_xlabel("sheets (log)")
    axes.set_ylabel(label)
