"""A pack is bound from its cover and finished handouts: their very pages, one after the other.

Each handout of two sides or more starts on the front of a sheet of paper, and all keep their own
page numbers, so that the pack can be taken apart where it is handed out.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name

from plainleaf.compose.compose import Composed
from plainleaf.model import Printed
from plainleaf.problems import Problem
from plainleaf.proof import proof_of_pack
from plainleaf.records.identity import sealed
from plainleaf.typeset.typeset import packed, too_long


@dataclass(frozen=True, slots=True)
class Parts:
    """What a pack is bound of: its cover, and the handouts to print, in order."""

    composed: Composed
    cover: Printed
    handouts: tuple[Printed, ...]


def bind(parts: Parts) -> list[Printed | Problem]:
    """Give a pack as one PDF/UA-1 and PDF/A-2a; or all that is wrong with it."""
    each = [parts.cover.pdf, *(handout.pdf for handout in parts.handouts)]
    with pikepdf.open(io.BytesIO(each[0])) as pack:
        for pdf in each[1:]:
            with pikepdf.open(io.BytesIO(pdf)) as handout:
                _append(pack, handout)
        _share_pictures(pack)
        pack.Root.ViewerPreferences.Duplex = Name.DuplexFlipLongEdge
        whole, pages = sealed(packed(pack)), len(pack.pages)
    problems = proof_of_pack(parts.composed, whole, each)
    warnings = tuple(too_long(parts.composed, pages))
    return [*problems] or [replace(parts.cover, pdf=whole, pages=pages, warnings=warnings)]


def pages_of_pack(lengths: Iterable[int]) -> int:
    """Give how many pages a pack has, from those of its cover and of each handout."""
    pages = 0
    for length in lengths:
        pages += _blanks_before(pages, length) + length
    return pages


def _blanks_before(pages: int, length: int) -> int:
    """Give how many blank sides follow the pages of a pack, so that a handout starts on a front."""
    return pages % 2 if length > 1 else 0


def _append(pack: pikepdf.Pdf, handout: pikepdf.Pdf) -> None:
    """Lay the pages of a handout behind those of a pack, and take over all that leads to them."""
    if _blanks_before(len(pack.pages), len(handout.pages)):
        box = pack.pages[0].mediabox
        pack.add_blank_page(page_size=(float(box[2]), float(box[3]))).obj.Tabs = Name.S
    start, tree = len(pack.pages), pack.Root.StructTreeRoot
    first = int(tree.ParentTreeNextKey)
    pack.add_pages_from(handout)  # with the names of places to which its links lead
    for page in list(pack.pages)[start:]:
        page.obj.StructParents += first
        for annotation in page.obj.get(Name.Annots, ()):
            annotation.StructParent += first
    theirs = _copied(pack, handout, "StructTreeRoot")
    for element in _list(theirs.K.K):
        element.P = tree.K
        tree.K.K = Array([*_list(tree.K.K), element])
    numbers = theirs.ParentTree.Nums
    for number, owner in zip(numbers[::2], numbers[1::2], strict=True):
        tree.ParentTree.Nums.append(int(number) + first)
        tree.ParentTree.Nums.append(owner)
    tree.ParentTreeNextKey = first + int(theirs.ParentTreeNextKey)
    _append_bookmarks(pack, _copied(pack, handout, "Outlines"))


def _copied(pack: pikepdf.Pdf, handout: pikepdf.Pdf, name: str) -> Any:
    """Give what the root of a handout has of a name, as the pack's own; None if it has none.

    Its pages must be in the pack already.
    """
    found = handout.Root.get(f"/{name}")
    return None if found is None else pack.copy_foreign(handout.make_indirect(found))


def _append_bookmarks(pack: pikepdf.Pdf, outline: Any) -> None:
    """Let the bookmarks of a handout, which a template may lack, follow those before it."""
    ours = pack.Root.get(Name.Outlines)
    if outline is None:
        return
    if ours is None:
        pack.Root.Outlines = outline
        return
    item = outline.First
    item.Prev, ours.Last.Next = ours.Last, item
    ours.Last, ours.Count = outline.Last, int(ours.Count) + int(outline.Count)
    while item is not None:
        item.Parent = ours
        item = item.get(Name.Next)


def _share_pictures(pack: pikepdf.Pdf) -> None:
    """Hold each picture once, such as the logo, which every handout brings along."""
    found: dict[bytes, Any] = {}
    for page in pack.pages:
        for drawings in _drawings(page.obj.get(Name.Resources, Dictionary())):
            for name, drawing in drawings.items():
                if drawing.get(Name.Subtype) == Name.Image:
                    drawings[name] = found.setdefault(_looks_of(drawing), drawing)


def _drawings(resources: Any) -> Iterator[Any]:
    """Give the drawings by name that some resources have, and those that the drawings have."""
    drawings = resources.get(Name.XObject, Dictionary())
    yield drawings
    for drawing in drawings.values():
        yield from _drawings(drawing.get(Name.Resources, Dictionary()))


def _looks_of(picture: Any) -> bytes:
    """Give what two pictures share only if they look the same: dots, size, transparency."""
    through = picture.get(Name.SMask)
    told = picture.Width, picture.Height, str(picture.get(Name.ColorSpace)), through is not None
    dots = (each.read_raw_bytes() for each in (picture, through) if each is not None)
    return b"".join([repr(told).encode(), *dots])


def _list(kids: Any) -> Sequence[Any]:
    return list(kids) if isinstance(kids, Array) else [kids]
