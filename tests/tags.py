"""Finds elements of the tree of tags, and annotations, in a PDF that is open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary


def kids(element: Any) -> list[Any]:
    """Give what an element holds, whether that is one thing or several."""
    held = element.get("/K", Array())
    return list(held) if isinstance(held, Array) else [held]


def elements(element: Any) -> Iterator[Any]:
    """Give all elements below one, in reading order."""
    for kid in kids(element):
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid
            yield from elements(kid)


def tagged(pdf: pikepdf.Pdf, *roles: str) -> list[Any]:
    """Give the elements of these roles, in reading order."""
    return [each for each in elements(pdf.Root.StructTreeRoot) if str(each.S)[1:] in roles]


def notes_of(pdf: pikepdf.Pdf, kind: str) -> list[Any]:
    """Give the annotations of a kind, such as Link or Widget, page by page."""
    notes = [note for page in pdf.pages for note in page.obj.get("/Annots", Array())]
    return [note for note in notes if note.Subtype == f"/{kind}"]
