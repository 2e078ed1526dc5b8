"""Looks at a printed sheet as a person does: words on words, out of their box, parted numbers.

It takes nothing from Plainleaf: words come from pdftotext, boxes and pictures from PDFium. All
lengths are points from the top left corner of the page.
"""

from __future__ import annotations

import ctypes
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pypdfium2
from lxml import etree
from pypdfium2 import raw

MM = 72 / 25.4
# Words may share so much: pdftotext gives a word the height of its whole font.
ACROSS, DOWN = 2.0, 0.45
# Printers do not reach the edge of the paper.
EDGE = 5 * MM
# A frame is at least so wide and high; what is smaller is a box to tick or a line.
FRAME = (30 * MM, 8 * MM)
# A square drawing of this size, in points, is a QR code or a logo: no word stands on it. Others,
# such as an outline of the body, may hold words.
SQUARE = (40, 75)
# How far the sides of a printed logo may differ from the picture's own, as a part of one.
SQUASHED = 0.03


@dataclass(frozen=True, slots=True)
class Box:
    """Where something stands on a page."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """How high it is."""
        return self.bottom - self.top

    def common(self, other: Box) -> Box | None:
        """Give what it shares with another, or None."""
        both = Box(
            max(self.left, other.left),
            max(self.top, other.top),
            min(self.right, other.right),
            min(self.bottom, other.bottom),
        )
        return both if both.width > 0 and both.height > 0 else None

    def holds(self, other: Box, by: float = 0.0) -> bool:
        """Tell whether another lies within it, or reaches over by no more than so much."""
        return (
            self.left - by <= other.left
            and self.top - by <= other.top
            and self.right + by >= other.right
            and self.bottom + by >= other.bottom
        )


@dataclass(frozen=True, slots=True)
class Word:
    """A printed word."""

    text: str
    box: Box


@dataclass(frozen=True, slots=True)
class Image:
    """A picture made of dots, and how many these are."""

    box: Box
    across: int
    down: int


@dataclass(frozen=True, slots=True)
class Leaf:
    """A page: its size, its words in the order of reading, frames, square drawings and pictures."""

    number: int
    paper: Box
    words: tuple[Word, ...]
    frames: tuple[Box, ...]
    squares: tuple[Box, ...]
    images: tuple[Image, ...]


def leaves_of(path: Path) -> list[Leaf]:
    """Read the pages of a PDF."""
    command = ["pdftotext", "-bbox", str(path), "-"]
    said = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout
    tree = etree.fromstring(said, etree.XMLParser(recover=True))
    pages = tree.findall(".//{*}page")
    document = pypdfium2.PdfDocument(path)
    try:
        return [
            _leaf(number, words, document[number - 1])
            for number, words in enumerate(pages, start=1)
        ]
    finally:
        document.close()


def _leaf(number: int, said: etree._Element, page: pypdfium2.PdfPage) -> Leaf:
    width, height = page.get_size()
    words = tuple(
        Word(
            word.text or "",
            Box(*(float(word.get(side, "0")) for side in ("xMin", "yMin", "xMax", "yMax"))),
        )
        for word in said.findall("{*}word")
    )
    frames, squares, images = [], [], []
    for item in page.get_objects(max_depth=1):
        left, low, right, high = item.get_bounds()
        box = Box(left, height - high, right, height - low)
        if item.type == raw.FPDF_PAGEOBJ_IMAGE:
            across, down = ctypes.c_uint(), ctypes.c_uint()
            raw.FPDFImageObj_GetImagePixelSize(item, across, down)
            images.append(Image(box, across.value, down.value))
        elif item.type == raw.FPDF_PAGEOBJ_FORM:
            if abs(box.width - box.height) < 3 and SQUARE[0] < box.width < SQUARE[1]:
                squares.append(box)
        elif item.type == raw.FPDF_PAGEOBJ_PATH and all(
            side > least for side, least in zip((box.width, box.height), FRAME, strict=True)
        ):
            frames.append(box)
    return Leaf(
        number, Box(0, 0, width, height), words, tuple(frames), tuple(squares), tuple(images)
    )


def faults_of(leaf: Leaf, numbers: Sequence[str] = ()) -> Iterator[str]:
    """Give what is wrong with the words of a page; numbers are of telephones, as printed."""
    where = f"page {leaf.number}"
    for one, two in _neighbours(leaf.words):
        if _covers(one.box, two.box):
            yield f'{where}: "{one.text}" and "{two.text}" lie on each other.'
    inside = Box(EDGE, EDGE, leaf.paper.right - EDGE, leaf.paper.bottom - EDGE)
    for word in leaf.words:
        if not inside.holds(word.box, by=1):
            yield f'{where}: "{word.text}" stands too near to the edge of the paper.'
        if any(
            _covers(word.box, frame) and not frame.holds(word.box, by=1.5) for frame in leaf.frames
        ):
            yield f'{where}: "{word.text}" runs out of its box.'
        if any(
            _covers(word.box, box) for box in (*leaf.squares, *(image.box for image in leaf.images))
        ):
            yield f'{where}: "{word.text}" stands on a picture.'
    for number in numbers:
        for found in _places(leaf.words, number.split()):
            if max(word.box.bottom for word in found) - min(word.box.bottom for word in found) > 2:
                yield f"{where}: the number {number} is parted."


def faults_of_pictures(leaf: Leaf) -> Iterator[str]:
    """Give what is wrong with the pictures of a page: each keeps its proportion."""
    for image in leaf.images:
        own = image.across / image.down
        printed = image.box.width / image.box.height
        if abs(printed / own - 1) > SQUASHED:
            said = f"a picture of {own:.2f} to 1 is squashed to {printed:.2f} to 1."
            yield f"page {leaf.number}: {said}"


def has_picture(leaf: Leaf, shape: float) -> bool:
    """Tell whether a picture of this shape, width to height, stands on a page."""
    return any(abs(image.across / image.down / shape - 1) < SQUASHED for image in leaf.images)


def _covers(one: Box, two: Box) -> bool:
    """Tell whether two boxes share more than the room that fonts keep around their letters."""
    both = one.common(two)
    lower = min(one.height, two.height)
    return both is not None and both.width > ACROSS and both.height > DOWN * lower


def _neighbours(words: Sequence[Word]) -> Iterator[tuple[Word, Word]]:
    """Give each pair of words of which one begins at a height where the other still stands."""
    ordered = sorted(words, key=lambda word: word.box.top)
    for number, one in enumerate(ordered):
        for two in ordered[number + 1 :]:
            if two.box.top >= one.box.bottom:
                break
            yield one, two


def _places(words: Sequence[Word], wanted: Sequence[str]) -> Iterator[Sequence[Word]]:
    """Give each place where these words follow each other."""
    said = [word.text.strip(".,;:") for word in words]
    asked = [text.strip(".,;:") for text in wanted]
    for start in range(len(said) - len(asked) + 1):
        if said[start : start + len(asked)] == asked:
            yield words[start : start + len(asked)]


def shows(leaves: Sequence[Leaf], number: str) -> bool:
    """Tell whether a number stands somewhere, its digits in one row."""
    said = ("".join(word.text for word in leaf.words) for leaf in leaves)
    return any("".join(number.split()) in text for text in said)
