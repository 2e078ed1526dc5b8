"""A picture of the first page of a finished sheet, so that staff know it when they see it."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pypdfium2

# Shown at about 60 mm and at less on a phone, where each of its points then has one of the screen.
PIXELS_PER_MM = 8 / 7


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawn page: a WebP file, and its size in pixels."""

    webp: bytes
    width: int
    height: int


def first_page(pdf: bytes) -> Picture:
    """Draw the first page of a PDF.

    Half the quality that WebP knows still tells the headings, and makes about 8 kB: a desk with
    many handouts must also open on a slow line.
    """
    with pypdfium2.PdfDocument(pdf) as document:
        page = document[0].render(scale=PIXELS_PER_MM * 25.4 / 72).to_pil()
    webp = io.BytesIO()
    page.save(webp, "WEBP", quality=50)
    return Picture(webp.getvalue(), page.width, page.height)
