"""The proof of a pack: it is its cover and its handouts, each of which was proved, and no more."""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from typing import Any

import pikepdf

from plainleaf.proof.findings import Findings
from plainleaf.proof.form import own, widgets_on
from plainleaf.proof.metadata import bookmarks
from plainleaf.proof.painted import box_of
from plainleaf.proof.tables_pictures_links import destinations_of, page_of
from plainleaf.proof.tree import Reader, check_owners

# One aspect of a file, item by item, as if its first page had a number other than 0.
_Aspect = Iterator[Any]


def check_parts(parts: Sequence[bytes], pack: pikepdf.Pdf, findings: Findings) -> None:
    """Find what a pack does not have from its parts, or not as they have it.

    parts are the finished PDFs of the cover and of each handout, which starts on a right page.
    """
    expected: dict[str, list[Any]] = {name: [] for name in _ASPECTS}
    start = 0
    for finished in parts:
        with pikepdf.open(io.BytesIO(finished)) as part:
            if start % 2 and len(part.pages) > 1:
                # The back of the last page, which stays empty.
                expected["what is printed"].append(b"")
                start += 1
            tree = Reader(part)
            for name, aspect_of in _ASPECTS.items():
                expected[name] += aspect_of(part, tree, start)
            start += len(part.pages)
    reader = Reader(pack)
    for name, aspect_of in _ASPECTS.items():
        if [*aspect_of(pack, reader, 0)] != expected[name]:
            findings.say(f"{name} is not that of its cover and its handouts, in order.")
    owners = {mark: [item] for item in reader.root.within() for mark in item.own_marks()}
    check_owners(pack, reader.root, owners, findings)


def _printed(pdf: pikepdf.Pdf, _: Reader, __: int) -> _Aspect:
    yield from (page.Contents.read_bytes() for page in pdf.pages)


def _read_aloud(_: pikepdf.Pdf, tree: Reader, start: int) -> _Aspect:
    """Give each element: what it is, what is said in its place, and the marks that it holds."""
    elements = [*tree.root.within()]
    for item in elements[2:]:  # not the root and the document, which are those of the whole
        marks = [(page + start, mark) for page, mark in item.own_marks()]
        yield item.role, item.language, item.alt, item.actual, marks


def _bookmarked(pdf: pikepdf.Pdf, tree: Reader, start: int) -> _Aspect:
    for title, destination in bookmarks(pdf):
        yield title, start + (page_of(destination, tree.pages) or 0)


def _linked(pdf: pikepdf.Pdf, tree: Reader, start: int) -> _Aspect:
    """Give the pages of each link within the file: where it stands, and where it leads."""
    destinations = destinations_of(pdf, tree.pages)
    for number, page in enumerate(pdf.pages):
        annotations: Any = page.obj.get("/Annots", [])
        for name in (str(link.Dest) for link in annotations if "/Dest" in link):
            yield number + start, start + (destinations.get(name) or 0)


def _filled_in(pdf: pikepdf.Pdf, _: Reader, start: int) -> _Aspect:
    """Give each place of a field: its page, its box, and what its field is called and takes."""
    for number, page in enumerate(pdf.pages):
        for widget in widgets_on(page):
            named = [str(own(widget, key) or "") for key in ("/T", "/TU", "/FT", "/DA", "/Ff")]
            yield number + start, box_of(widget.Rect), named


_ASPECTS = {
    "what is printed": _printed,
    "what is read aloud": _read_aloud,
    "what its bookmarks lead to": _bookmarked,
    "what its links lead to": _linked,
    "what is filled in": _filled_in,
}
