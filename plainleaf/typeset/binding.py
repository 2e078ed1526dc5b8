"""A pack is bound from finished handouts: their very pages, under numbers that run through.

What a pack has of its own is set as any sheet is: its cover, and for each page of a handout one
that bears a number and nothing else. Then the pages of the handouts take the place of these.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Any

import deflate
import lxml.html
import pikepdf
from lxml.html import builder
from pikepdf import Array, Dictionary, Name, String

from plainleaf.compose.compose import in_pack
from plainleaf.proof.fonts import Font, read_font
from plainleaf.typeset.page_streams import END_OF_MARK, NUMBER, PAGE_NUMBER

# The articles that stand for handouts. No other name has a colon.
_PLACE = "held:{}"
_PLACES = re.compile(r"held:[0-9]+")


@dataclass(frozen=True, slots=True)
class Placed:
    """A finished handout: its name, which starts all its names in a pack, and its PDF.

    place is the number of the page of the pack on which it starts, from 0.
    """

    name: str
    pdf: bytes
    place: int


# Before the pack is set


def numbers_only(html: str, lengths: Sequence[int]) -> str:
    """Give the HTML of a pack with empty pages for its handouts, which bear only their numbers.

    lengths are the pages of each handout. Gives "" if a handout has no number in the foot of its
    pages.
    """
    tree: Any = lxml.html.document_fromstring(html)
    _, *articles = tree.body.findall("article")
    for place, (article, length) in enumerate(zip(articles, lengths, strict=True)):
        feet = article.find_class("page-foot")
        lines = [line for foot in feet for line in foot.find_class("page-number")]
        if len(lines) != 1 or not lines[0].find_class(NUMBER):
            return ""
        foot = builder.DIV(*lines, style="display: block; border-color: transparent")
        foot.set("class", "page-foot")
        pages = [builder.DIV(style="break-before: page") for _ in range(length - 1)]
        article[:] = [builder.DIV(builder.CLASS("page-head")), foot, builder.DIV(), *pages]
        article.set("id", _PLACE.format(place))
    return str(lxml.html.tostring(tree, encoding="unicode", doctype="<!DOCTYPE html>"))


def places_of(anchors: Iterable[Iterable[str]]) -> list[int]:
    """Give the number of the page on which each handout starts; anchors are those of each page."""
    found: dict[str, int] = {}  # an article runs over many pages
    for page, names in enumerate(anchors):
        for name in names:
            if _PLACES.fullmatch(name):
                found.setdefault(name, page)
    return [*found.values()]


def glyphs_of(pdfs: Iterable[bytes]) -> dict[str, Font]:
    """Give the glyphs that handouts print, of each font by its name on pages."""
    found: dict[str, Font] = {}
    for each in pdfs:
        with pikepdf.open(io.BytesIO(each)) as pdf:
            for name, font in _resources(pdf).Font.items():
                read = read_font(font)
                known = found.setdefault(name.lstrip("/"), read)
                known.text.update(read.text | known.text)
                known.widths.update(read.widths | known.widths)
    return found


# When it is set


def bind(pack: pikepdf.Pdf, held: Iterable[Placed]) -> None:
    """Lay the pages of handouts in their places in a pack that has only numbers there."""
    binder = _Binder(pack)
    with ExitStack() as stack:
        for each in held:
            source = stack.enter_context(pikepdf.open(io.BytesIO(each.pdf)))
            binder.add(source, each.name, each.place)
        binder.finish()


@dataclass(slots=True)
class _Binder:
    """Binds one pack.

    arts are the elements below that of the whole file; parents tell for each page by which element
    its marks and notes are held; goals are the places to which links lead, by name.
    """

    pack: pikepdf.Pdf
    arts: list[Any] = field(init=False)
    parents: list[dict[int, Any]] = field(init=False)
    goals: dict[str, Any] = field(init=False)
    fonts: dict[tuple[str, bytes], Any] = field(default_factory=dict)
    pictures: dict[bytes, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        tree = self.pack.Root.StructTreeRoot
        self.arts = _kids(tree.K)
        self.parents = [_parents(tree)] * len(self.pack.pages)
        self.goals = dict(_goals(self.pack.Root.get(Name.Names)))
        self._share_pictures(_resources(self.pack))

    def add(self, source: pikepdf.Pdf, name: str, place: int) -> None:
        """Lay the pages of a handout from a place on, and take over all that leads to them."""
        pages = range(place, place + len(source.pages))
        for number, page in zip(pages, source.pages, strict=True):
            line = _around_number(self.pack.pages[number])[1]
            before, _, after = _around_number(page)
            content = bytes(deflate.zlib_compress(before + line + after, 12))
            self.pack.pages[number] = page
            self.pack.pages[number].Contents = pikepdf.Stream(
                self.pack, content, Filter=Name.FlateDecode
            )
            for note in _notes(self.pack.pages[number]):
                if Name.Dest in note:
                    note.Dest = String(in_pack(name, str(note.Dest)))
        self._share(self.pack.pages[place].Resources)
        self._share_pictures(self.pack.pages[place].Resources)
        tree = self._copy(source, "StructTreeRoot")
        for art in _kids(tree.K):
            art.P = self.pack.Root.StructTreeRoot.K
            self.arts.append(art)
        self.parents[pages.start : pages.stop] = [_parents(tree)] * len(pages)
        self._outline(self._copy(source, "Outlines"))
        names = self._copy(source, "Names")
        self.goals |= {in_pack(name, goal): where for goal, where in _goals(names)}

    def _copy(self, source: pikepdf.Pdf, name: str) -> Any:
        """Give what the root of a handout has of a name, to which its pages must be known."""
        found = source.Root.get(f"/{name}")
        return None if found is None else self.pack.copy_foreign(source.make_indirect(found))

    def _share(self, resources: Any) -> None:
        """Let a handout print with the colours and fonts of the pack, which know its letters."""
        ours = _resources(self.pack)
        for name, colours in ours.ColorSpace.items():
            resources.ColorSpace[name] = colours
        for drawing in resources.XObject.values():
            if Name.Group in drawing:
                drawing.Group.CS = ours.ColorSpace["/sheet"]
        for name, font in resources.Font.items():
            about = font.DescendantFonts[0].FontDescriptor
            file = about.get(Name.FontFile2, about.get(Name.FontFile3)).read_raw_bytes()
            # What the cover does not print comes from the handouts, each file of it once.
            resources.Font[name] = ours.Font.get(name) or self.fonts.setdefault((name, file), font)

    def _share_pictures(self, resources: Any) -> None:
        """Hold each picture of dots once, such as the logo, which every handout brings along."""
        drawings = resources.get(Name.XObject, Dictionary())
        for name, drawing in drawings.items():
            if drawing.get(Name.Subtype) == Name.Image:
                drawings[name] = self.pictures.setdefault(_looks_of(drawing), drawing)
            elif Name.Resources in drawing:
                self._share_pictures(drawing.Resources)

    def _outline(self, outline: Any) -> None:
        """Let the bookmarks of a handout, which a template may lack, follow those before it."""
        ours = self.pack.Root.get(Name.Outlines)
        if outline is None:
            return
        if ours is None:
            self.pack.Root.Outlines = outline
            return
        item = outline.First
        item.Prev, ours.Last.Next = ours.Last, item
        ours.Last, ours.Count = outline.Last, int(ours.Count) + int(outline.Count)
        while item is not None:
            item.Parent = ours
            item = item.get(Name.Next)

    def finish(self) -> None:
        """Number anew what the tree holds, and write down where names lead."""
        tree = self.pack.Root.StructTreeRoot
        tree.K.K = Array(self.arts)
        pages = [*zip(self.pack.pages, self.parents, strict=True)]
        held = [(page.obj, Name.StructParents, parents) for page, parents in pages]
        held += [
            (note, Name.StructParent, parents) for page, parents in pages for note in _notes(page)
        ]
        numbers = Array()
        for number, (item, key, parents) in enumerate(held):
            numbers.append(number)
            numbers.append(parents[int(item[key])])
            item[key] = number
        tree.ParentTree = self.pack.make_indirect(Dictionary(Nums=numbers))
        tree.ParentTreeNextKey = len(held)
        if self.goals:
            # In order, for readers look for a name by halves (ISO 32000-1, 7.9.6).
            told = (
                each for name in sorted(self.goals) for each in (String(name), self.goals[name])
            )
            self.pack.Root.Names = Dictionary(Dests=Dictionary(Names=Array(told)))


def _looks_of(picture: Any) -> bytes:
    """Give what two pictures of dots share only if they look the same: dots, size, transparency."""
    through = picture.get(Name.SMask)
    told = picture.Width, picture.Height, str(picture.get(Name.ColorSpace)), through is not None
    dots = (each.read_raw_bytes() for each in (picture, through) if each is not None)
    return b"".join([repr(told).encode(), *dots])


def _resources(pdf: pikepdf.Pdf) -> Any:
    """Give what the pages of a sheet share: fonts, colours, drawings."""
    return pdf.pages[0].obj.Resources


def _notes(page: pikepdf.Page) -> Iterable[Any]:
    """Give the links of a page."""
    return page.obj.get(Name.Annots, ())


def _kids(element: Any) -> list[Any]:
    kids = element.K
    return list(kids) if isinstance(kids, Array) else [kids]


def _parents(tree: Any) -> dict[int, Any]:
    return dict(_pairs(tree.ParentTree.Nums, int))


def _goals(names: Any) -> Iterator[tuple[str, Any]]:
    yield from () if names is None else _pairs(names.Dests.Names, str)


def _pairs(told: Any, of: Any) -> Iterator[tuple[Any, Any]]:
    yield from ((of(key), value) for key, value in zip(told[::2], told[1::2], strict=True))


def _around_number(page: pikepdf.Page) -> tuple[bytes, bytes, bytes]:
    """Give the operators of a page before its number, those that print it, and those after it."""
    content = page.Contents.read_bytes()
    before, mark, rest = content.rpartition(PAGE_NUMBER)
    if not mark:  # a template hides it; the proof says that it is missing
        return content, b"", b""
    number, end, after = rest.partition(END_OF_MARK)
    return before, mark + number + end, after
