"""The proof of a pack: it is its cover and its handouts, each of which was proved, and no more."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from typing import Any

import pikepdf

from plainleaf.proof.findings import Findings
from plainleaf.proof.form import own, widgets_on
from plainleaf.proof.metadata import bookmarks
from plainleaf.proof.painted import box_of
from plainleaf.proof.tables_pictures_links import names_of, page_of
from plainleaf.proof.tree import Reader, check_owners

# What a file tells, in order, as if its first page had a number other than 0.
_Told = Iterator[Any]


def check_parts(pack: pikepdf.Pdf, parts: Sequence[bytes], findings: Findings) -> None:
    """Find what a pack does not have from its parts, or not as they have it.

    parts are the finished PDFs of the cover and of each handout, which starts on a right page.
    """
    with ExitStack() as stack:
        opened = [stack.enter_context(pikepdf.open(io.BytesIO(part))) for part in parts]
        reader = Reader(pack)
        _compare(pack, reader, opened, findings)
    owners = {mark: [item] for item in reader.root.within() for mark in item.own_marks()}
    check_owners(pack, reader.root, owners, findings)


def _compare(
    pack: pikepdf.Pdf, reader: Reader, parts: Iterable[pikepdf.Pdf], findings: Findings
) -> None:
    told: dict[str, list[Any]] = {what: [] for what in _TOLD}
    start = 0
    for part in parts:
        if start % 2 and len(part.pages) > 1:
            told["what is printed"].append(b"")  # the back of the last page, which stays empty
            start += 1
        tree = Reader(part)
        for what, of in _TOLD.items():
            told[what] += of(part, tree, start)
        start += len(part.pages)
    for what, of in _TOLD.items():
        if [*of(pack, reader, 0)] != told[what]:
            findings.say(f"{what} is not that of its cover and its handouts, in order.")


def _printed(pdf: pikepdf.Pdf, _: Reader, __: int) -> _Told:
    yield from (page.Contents.read_bytes() for page in pdf.pages)


def _read_aloud(_: pikepdf.Pdf, tree: Reader, start: int) -> _Told:
    """Give each element: what it is, what is said in its place, and the marks that it holds."""
    elements = [*tree.root.within()]
    for item in elements[2:]:  # not the root and the document, which are those of the whole
        marks = [(page + start, mark) for page, mark in item.own_marks()]
        yield item.role, item.language, item.alt, item.actual, marks


def _bookmarked(pdf: pikepdf.Pdf, tree: Reader, start: int) -> _Told:
    for title, destination in bookmarks(pdf):
        yield title, start + (page_of(destination, tree.pages) or 0)


def _linked(pdf: pikepdf.Pdf, tree: Reader, start: int) -> _Told:
    """Give the pages of each link within the file: where it stands, and where it leads."""
    names = names_of(pdf)
    for number, page in enumerate(pdf.pages):
        annotations: Any = page.obj.get("/Annots", [])
        for destination in (annotation.Dest for annotation in annotations if "/Dest" in annotation):
            place = (
                names.get(str(destination))
                if isinstance(destination, pikepdf.String)
                else destination
            )
            yield number + start, start + (page_of(place, tree.pages) or 0)


def _filled_in(pdf: pikepdf.Pdf, _: Reader, start: int) -> _Told:
    """Give each place of a field: its page, its box, and what its field is called and takes."""
    for number, page in enumerate(pdf.pages):
        for widget in widgets_on(page):
            named = [str(own(widget, key) or "") for key in ("/T", "/TU", "/FT", "/DA", "/Ff")]
            yield number + start, box_of(widget.Rect), named


_TOLD = {
    "what is printed": _printed,
    "what is read aloud": _read_aloud,
    "what its bookmarks lead to": _bookmarked,
    "what its links lead to": _linked,
    "what is filled in": _filled_in,
}
