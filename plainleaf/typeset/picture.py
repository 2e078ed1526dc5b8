"""A picture of the first page of a finished sheet, so that staff know it when they see it."""

from __future__ import annotations

import io

import pypdfium2
from PIL import Image

from plainleaf.model import Picture

# Shown at about 60 mm and at less on a phone, where each of its points then has one of the screen.
PIXELS_PER_MM = 8 / 7


def drawn(pdf: bytes, pixels_per_point: float) -> Image.Image:
    """Draw the first page of a PDF."""
    with pypdfium2.PdfDocument(pdf) as document:
        picture: Image.Image = document[0].render(scale=pixels_per_point).to_pil()
        return picture


def first_page(pdf: bytes) -> Picture:
    """Give the first page of a sheet, small.

    Half the quality that WebP knows still tells the headings, and makes about 8 kB: a desk with
    many handouts must also open on a slow line.
    """
    page = drawn(pdf, PIXELS_PER_MM * 25.4 / 72)
    webp = io.BytesIO()
    page.save(webp, "WEBP", quality=50)
    return Picture(webp.getvalue(), page.width, page.height)
