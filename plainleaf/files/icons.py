"""Icon arrays: so many of so many, as dots that a reader can count, in black and white."""

from __future__ import annotations

from itertools import groupby

from plainleaf.files.pictures import Finished

# Drawn in units of a tenth of the pitch of the dots; a filled dot differs by tone alone.
_PITCH = 10
_INK = "#1a1a1a"


def icon_array(count: int, people: int) -> str:
    """Give a picture of `people` dots, `count` of them filled, as a data address.

    Up to 100 people stand in rows of 10, up to 1,000 in rows of 50. Each dot is as large as all
    others: a larger one would look like more people than it stands for.
    """
    per_row = 10 if people <= 100 else 50
    rows = -(-people // per_row)
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="-2 -2 {per_row * _PITCH + 4} {rows * _PITCH + 4}">'
        f"{_dots(count, people, per_row)}</svg>"
    )
    return Finished(svg.encode(), "image/svg+xml").address


def _dots(count: int, people: int, per_row: int) -> str:
    """Draw rows of dots as dashed lines: each dash is a round end and no length."""
    filled = _rows(range(count), per_row)
    empty = _rows(range(count, people), per_row)
    return "".join(
        f'<path d="{path}" stroke="{ink}" stroke-width="{width}" stroke-linecap="round" '
        f'stroke-dasharray="0 {_PITCH}" fill="none"/>'
        for path, ink, width in ((filled, _INK, 8.2), (empty, _INK, 7.9), (empty, "#fff", 6.5))
        if path
    )


def _rows(numbers: range, per_row: int) -> str:
    """Give the lines on which dots stand, from the first number to the last."""
    path = ""
    for row, dots in groupby(numbers, lambda number: number // per_row):
        first, *others = (number % per_row for number in dots)
        centre = f"{first * _PITCH + 5} {row * _PITCH + 5}"
        path += f"M{centre}h{len(others) * _PITCH + 0.1:g}"
    return path
