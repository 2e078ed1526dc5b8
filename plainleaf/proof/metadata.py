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
from plainleaf.records.identity import SHEET, Identity
from plainleaf.records.xmp import properties_in

MM = 72 / 25.4
# Paper is given in whole millimetres and points; half a point is seen by no printer.
SLACK = 0.5
DC = "{http://purl.org/dc/elements/1.1/}"
XMP = "{http://ns.adobe.com/xap/1.0/}"
# Of each thing that the head of the HTML says: its entry in the document information, its property
# in the metadata, and its name in a message.
DESCRIBED = {
    "author": ("/Author", f"{DC}creator", "author"),
    "description": ("/Subject", f"{DC}description", "subject"),
    "dcterms.created": ("/CreationDate", f"{XMP}CreateDate", "date of creation"),
    "dcterms.modified": ("/ModDate", f"{XMP}ModifyDate", "date of change"),
}
UA = "{http://www.aiim.org/pdfua/ns/id/}"
PDFA = "{http://www.aiim.org/pdfa/ns/id/}"


def check_catalog(pdf: pikepdf.Pdf, expected: Expected, findings: Findings) -> None:
    """Find a wrong language or title, and tags that a reader would not look at."""
    root = pdf.Root
    language = str(root.get("/Lang", ""))
    if language != expected.language:  # PDF/UA-1, 7.2; WCAG 3.1.1
        named = quoted(language) if language else "no language"
        findings.say(f"the file says {named}, but it is written in {quoted(expected.language)}.")
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
    for name, (entry, _, what) in DESCRIBED.items():
        value, expected_value = str(info.get(entry, "")), expected.meta.get(name, "")
        if entry.endswith("Date"):
            expected_value = "".join(filter(str.isdigit, expected_value))
            value = _digits(value, len(expected_value))
        if value != expected_value:
            findings.say(f"its {what} is {quoted(value)}, not {quoted(expected_value)}.", hint)


def _digits(value: str, length: int) -> str:
    """Give a date's digits, as many as are asked for: a day may be followed by its midnight."""
    digits = "".join(filter(str.isdigit, value.partition("+")[0].partition("Z")[0]))
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
    properties = {
        f"{UA}part": ("1", "the standard PDF/UA-1"),
        f"{PDFA}part": ("2", "the standard PDF/A-2"),
        f"{PDFA}conformance": ("A", "the level A of PDF/A"),
        f"{DC}title": (expected.title, "its title"),
    }
    for name, (_, key, what) in DESCRIBED.items():
        properties[key] = expected.meta.get(name, ""), f"its {what}"
    for name, value in asdict(identity).items():
        properties[f"{{{SHEET.uri}}}{name}"] = value, f"its {name}"
    for key, (expected_value, what) in properties.items():
        value = values.get(key, "")
        if key.endswith("Date"):
            value = value[: len(expected_value)]
        if value != expected_value:
            named = quoted(value) if value else "nothing"
            findings.say(f"its metadata (XMP) tells {named} where {what} belongs.")


def check_bookmarks(
    pdf: pikepdf.Pdf,
    reading: Reading,
    expected: Expected,
    pages: Mapping[Key, int],
    findings: Findings,
) -> None:
    """Find bookmarks that are not the headings, in order, each leading to its own page."""
    headings = [block for block in expected.blocks if block.role in HEADINGS and block.text]
    marked = [*bookmarks(pdf)]
    titles = [squeezed(title) for title, _ in marked]
    for block in headings:
        if block.text not in titles:
            fact = f"the heading {quoted(block.words)} has no bookmark."
            findings.say(fact, place=block.place)
    if titles != [block.text for block in headings]:
        findings.say("the bookmarks are not the headings of the sheet in their order.")
        return
    printed = {id(block): item for block, item in reading.pairs}
    for block, (_, destination) in zip(headings, marked, strict=True):
        item = printed.get(id(block))
        if item is not None and page_of(destination, pages) != item.page:
            fact = f"the bookmark {quoted(block.words)} leads elsewhere."
            findings.say(fact, page=item.page, place=block.place)


def bookmarks(pdf: pikepdf.Pdf) -> Iterator[tuple[str, Any]]:
    """Give title and destination of each bookmark, in order (ISO 32000-1, 12.3.3)."""

    def below(outline: Any) -> Iterator[tuple[str, Any]]:
        item = outline.get("/First")
        while item is not None:
            yield str(item.get("/Title", "")), item.get("/Dest")
            yield from below(item)
            item = item.get("/Next")

    return below(pdf.Root.get("/Outlines", pikepdf.Dictionary()))


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
        kinds = {str(annotation.get("/Subtype", "")) for annotation in annotations}
        if kinds - {"/Link", "/Widget"}:
            findings.say("something lies on it that is neither a link nor a field.", page=number)
