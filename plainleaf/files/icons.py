"""Icon arrays: so many of so many, as dots that a reader can count, in black and white."""

from __future__ import annotations

import base64

# Drawn in units of a tenth of the pitch of the dots; a filled dot differs by shape and by tone.
_PITCH = 10
_INK = "#1a1a1a"
# More are not drawn larger: large dots would cover much more of the field than their share.
_MOST_LARGE = 10


def icon_array(count: int, people: int) -> str:
    """Give a picture of `people` dots, `count` of them filled, as a data address.

    Up to 100 people stand in rows of 10. Larger crowds stand in rows of 100 as a fine field of
    dots. Up to 10 that are meant are drawn larger, or nobody would find them; more than that are
    the first dots of the field, in black.
    """
    per_row = 10 if people <= 100 else 100
    rows = -(-people // per_row)
    draw = _circles if people <= 100 else _field
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="-2 -2 {per_row * _PITCH + 4} {rows * _PITCH + 4}">'
        f"{draw(count, people, per_row)}</svg>"
    )
    return "data:image/svg+xml;base64," + base64.b64encode(svg.encode()).decode("ascii")


def _circles(count: int, people: int, per_row: int) -> str:
    """Draw rows of dots as dashed lines: each dash is a round end and no length."""
    meant = _rows(range(count), per_row)
    rest = _rows(range(count, people), per_row)
    return "".join(
        _line_of_dots(path, ink, width)
        for path, ink, width in ((meant, _INK, 8.2), (rest, _INK, 7.9), (rest, "#fff", 6.5))
        if path
    )


def _line_of_dots(path: str, ink: str, width: float) -> str:
    return (
        f'<path d="{path}" stroke="{ink}" stroke-width="{width}" stroke-linecap="round" '
        f'stroke-dasharray="0 {_PITCH}" fill="none"/>'
    )


def _rows(numbers: range, per_row: int) -> str:
    """Give the lines on which dots stand, from the first number to the last."""
    path = ""
    number = numbers.start
    while number < numbers.stop:
        x, y = _centre(number, per_row)
        row = min(numbers.stop - number, per_row - number % per_row)
        path += f"M{x} {y}h{(row - 1) * _PITCH + 0.1:g}"
        number += row
    return path


def _field(count: int, people: int, per_row: int) -> str:
    """Draw each row as one dashed line; a crowd of thousands would swell a sheet otherwise."""
    rows, left = divmod(people, per_row)
    lengths = [per_row] * rows + ([left] if left else [])
    path = "".join(
        f"M3 {row * _PITCH + 5}h{length * _PITCH - 4}" for row, length in enumerate(lengths)
    )
    field = f'<path d="{path}" stroke="#888" stroke-width="4" stroke-dasharray="4 6" fill="none"/>'
    if count > _MOST_LARGE:
        return field + _line_of_dots(_rows(range(count), per_row), _INK, 8.2)
    # In one line, apart from each other and well inside the field, so that one can count them.
    height = len(lengths) * _PITCH
    y, radius = min(105, height // 2), min(14, height // 2 - 2)
    return field + "".join(
        f'<circle cx="{number * 100 + 45}" cy="{y}" r="{radius}" fill="{_INK}" stroke="#fff" '
        f'stroke-width="4"/>'
        for number in range(count)
    )


def _centre(number: int, per_row: int) -> tuple[int, int]:
    row, column = divmod(number, per_row)
    return column * _PITCH + 5, row * _PITCH + 5
