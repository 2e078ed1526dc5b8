"""Checks what a PDF tells of itself: language, title, dates, standards, bookmarks, pages."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

import pikepdf
from lxml import etree

from plainleaf.model import Paper
from plainleaf.proof.expected import Expected
from plainleaf.proof.findings import Findings, quoted
from plainleaf.proof.letters import squeezed
from plainleaf.proof.painted import box_of
from plainleaf.proof.tables_pictures_links import page_of
from plainleaf.proof.tree import HEADINGS, Key
from plainleaf.proof.words import Reading
from plainleaf.records.identity import SHEET, Identity, is_whole
from plainleaf.records.xmp import properties_in

MM = 72 / 25.4
# Paper is given in whole millimetres and points; half a point is seen by no printer.
SLACK = 0.5
# What the entries of the document information are called in the head of the HTML.
INFO = {
    "/Author": "author",
    "/Subject": "description",
    "/CreationDate": "dcterms.created",
    "/ModDate": "dcterms.modified",
}
SPOKEN = {
    "/Author": "author",
    "/Subject": "subject",
    "/CreationDate": "date of creation",
    "/ModDate": "date of change",
}
DC = "{http://purl.org/dc/elements/1.1/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
UA = "{http://www.aiim.org/pdfua/ns/id/}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"


def check_catalog(pdf: pikepdf.Pdf, expected: Expected, findings: Findings) -> None:
    """Find a wrong language or title, and tags that a reader would not look at."""
    root = pdf.Root
    language = str(root.get("/Lang", ""))
    if language != expected.language:  # PDF/UA-1, 7.2; WCAG 3.1.1
        said = quoted(language) if language else "no language"
        findings.say(f"the file says {said}, but it is written in {quoted(expected.language)}.")
    if root.get("/MarkInfo", pikepdf.Dictionary()).get("/Marked", False) is not True:
        findings.say("the file does not say that it is tagged.")  # PDF/UA-1, 7.1
    viewer = root.get("/ViewerPreferences", pikepdf.Dictionary())
    if viewer.get("/DisplayDocTitle", False) is not True:  # PDF/UA-1, 7.1; WCAG 2.4.2
        findings.say("a reader would show the name of the file and not its title.")


def check_information(pdf: pikepdf.Pdf, expected: Expected, findings: Findings) -> None:
    """Find a title, an author or a date that is not the one of the HTML."""
    info = pdf.trailer.get("/Info", pikepdf.Dictionary())
    hint = "It is taken from the head of the sheet's HTML (templates/handout/sheet.html.jinja)."
    title = str(info.get("/Title", ""))
    if title != expected.title:
        findings.say(f"its title is {quoted(title)}, not {quoted(expected.title)}.", hint)
    for entry, name in INFO.items():
        told, wished = str(info.get(entry, "")), expected.meta.get(name, "")
        if entry.endswith("Date"):
            told, wished = _digits(told, wished), "".join(filter(str.isdigit, wished))
        if told != wished:
            fact = f"its {SPOKEN[entry]} is {quoted(told)}, not {quoted(wished)}."
            findings.say(fact, hint)


def _digits(told: str, wished: str) -> str:
    """Give a date's digits, as many as were asked for: a day may be followed by its midnight."""
    digits = "".join(filter(str.isdigit, told.partition("+")[0].partition("Z")[0]))
    length = len("".join(filter(str.isdigit, wished)))
    return digits[:length] if set(digits[length:]) <= {"0"} else digits


def check_metadata(
    pdf: pikepdf.Pdf, expected: Expected, identity: Identity, findings: Findings
) -> None:
    """Find metadata (XMP) that does not name the standards, or another title, author or sheet."""
    if "/Metadata" not in pdf.Root:
        findings.say("it has no metadata (XMP), so no reader knows that it is accessible.")
        return
    try:
        values = properties_in(pdf.Root.Metadata.read_bytes())
    except etree.XMLSyntaxError:
        findings.say("its metadata (XMP) cannot be read.")
        return
    wished = {
        f"{UA}part": ("1", "the standard PDF/UA-1"),
        f"{PDFA}part": ("2", "the standard PDF/A-2"),
        f"{PDFA}conformance": ("A", "the level A of PDF/A"),
        f"{DC}title": (expected.title, "its title"),
        f"{DC}creator": (expected.meta.get("author", ""), "its author"),
        f"{DC}description": (expected.meta.get("description", ""), "its subject"),
        f"{XMP}CreateDate": (expected.meta.get("dcterms.created", ""), "its date of creation"),
        f"{XMP}ModifyDate": (expected.meta.get("dcterms.modified", ""), "its date of change"),
    }
    wished |= {
        f"{{{SHEET.uri}}}{name}": (value, f"its {name}") for name, value in asdict(identity).items()
    }
    for name, (value, what) in wished.items():
        told = values.get(name, "")
        if name.endswith("Date"):
            told = told[: len(value)]
        if told != value:
            said = quoted(told) if told else "nothing"
            findings.say(f"its metadata (XMP) tells {said} where {what} belongs.")


def check_seal(pdf: bytes, findings: Findings) -> None:
    """Find a file that nobody could tell from one that was changed later."""
    if not is_whole(pdf):
        findings.say("its seal is missing, or is not that of its bytes.")


def check_bookmarks(
    pdf: pikepdf.Pdf,
    reading: Reading,
    expected: Expected,
    pages: Mapping[Key, int],
    findings: Findings,
) -> None:
    """Find bookmarks that are not the headings, in order, each leading to its own page."""
    headings = [block for block in expected.blocks if block.role in HEADINGS and block.text]
    marks = [*bookmarks(pdf)]
    titles = [squeezed(title) for title, _ in marks]
    for block in headings:
        if squeezed(block.said) not in titles:
            fact = f"the heading {quoted(block.said)} has no bookmark."
            findings.say(fact, place=block.place)
    if len(titles) != len(headings) or titles != [squeezed(block.said) for block in headings]:
        findings.say("the bookmarks are not the headings of the sheet in their order.")
        return
    printed = {id(block): item for block, item in reading.pairs}
    for block, (_, destination) in zip(headings, marks, strict=True):
        item = printed.get(id(block))
        if item is not None and page_of(destination, pages) != item.page:
            fact = f"the bookmark {quoted(block.said)} leads elsewhere."
            findings.say(fact, page=item.page, place=block.place)


def bookmarks(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    """Give title and goal of each bookmark, in order (ISO 32000-1, 12.3.3)."""
    yield from _bookmarks(pdf.Root.get("/Outlines", pikepdf.Dictionary()).get("/First"))


def _bookmarks(item: Any) -> Iterator[tuple[str, Any]]:
    while item is not None:
        action = item.get("/A", pikepdf.Dictionary())
        yield str(item.get("/Title", "")), item.get("/Dest", action.get("/D"))
        yield from _bookmarks(item.get("/First"))
        item = item.get("/Next")


def check_pages(pdf: pikepdf.Pdf, paper: Paper, findings: Findings) -> None:
    """Find pages of another size than the paper, turned round, not tagged in order, or covered."""
    for number, page in enumerate(pdf.pages):
        left, low, right, high = box_of(page.cropbox)
        wide, tall = (right - left) / MM, (high - low) / MM
        slack = SLACK / MM
        is_media = box_of(page.mediabox) == (left, low, right, high)
        if abs(wide - paper.width) > slack or abs(tall - paper.height) > slack or not is_media:
            fact = f"the page is {wide:.0f} × {tall:.0f} mm, "
            fact += f"but {paper.label} is {paper.width:g} × {paper.height:g} mm."
            findings.say(fact, page=number)
        if int(page.obj.get("/Rotate", 0)) % 360:
            findings.say("the page is turned round.", page=number)
        if page.obj.get("/Tabs") != "/S":  # PDF/UA-1, 7.18.3
            findings.say("the tab key would not follow the order of reading.", page=number)
        annotations: Any = page.obj.get("/Annots", [])
        if {str(annotation.get("/Subtype", "")) for annotation in annotations} - {
            "/Link",
            "/Widget",
        }:
            findings.say("something lies on it that is neither a link nor a field.", page=number)
