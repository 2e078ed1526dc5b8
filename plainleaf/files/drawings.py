"""Drawings (SVG): the one form in which all are shown and printed, or what stands against it.

A drawing comes from whoever made it: a program adds where it was saved, a person what they meant.
Only what is drawn goes on. It must look the same in a browser and on paper.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Any
from urllib.request import DataHandler, Request

from lxml import etree

from plainleaf.problems import short

SVG = "http://www.w3.org/2000/svg"
_XLINK = "http://www.w3.org/1999/xlink"
_DRAWN = (SVG, _XLINK, "http://www.w3.org/XML/1998/namespace")
# A detailed map has some thousand. WeasyPrint draws about a thousand in a second, on each sheet.
MOST_ELEMENTS = 10_000
# Programs nest ten groups or so; WeasyPrint draws some 200 deep before Python stops it.
MOST_DEEP = 100

_ACTIVE = ("script", "foreignObject", "iframe", "audio", "video", "handler", "set")
_UNSEEN = ("metadata", "desc")
_REFERENCE = re.compile(r"url\(\s*[\"']?#([^)\"']+)")
_COORDINATE = re.compile(r"[-+.\d]+")
_LENGTH = re.compile(r"\s*([0-9.]+)(px|mm|cm|in|pt|pc|Q)?\s*")
# A unit of CSS in pixels (CSS Values and Units 3, 6.2).
_PIXELS = {
    "px": 1,
    "mm": 96 / 25.4,
    "cm": 96 / 2.54,
    "in": 96,
    "pt": 4 / 3,
    "pc": 16,
    "Q": 24 / 25.4,
}

SHAPES = (
    "Turn its letters into shapes, then save it again: in Inkscape by Path, Object to Path; in "
    "Illustrator by Type, Create Outlines."
)
_AGAIN = 'Save it again as "plain SVG", or as a PNG.'


class UnfitError(Exception):
    """A file that cannot be shown: why, as the end of a sentence, and the way out."""

    def __init__(self, fact: str, hint: str) -> None:
        super().__init__(fact)
        self.fact, self.hint = fact, hint


def drawing(content: bytes, raster: Callable[[bytes], str]) -> bytes:
    """Give a drawing with what is drawn, and nothing else; raster gives a picture in it anew.

    raster takes the bytes of a picture of dots, and gives a data address. Raises UnfitError.
    """
    root = _read(content)
    _check_harmless(root)
    _strip(root)
    _check_count(root)
    _check_looks(root)
    _size(root)
    for image in root.iter(f"{{{SVG}}}image"):
        for name in ("href", f"{{{_XLINK}}}href"):
            if name in image.attrib:
                image.set(name, _anew(str(image.get(name)), raster))
    return etree.tostring(root, encoding="utf-8", xml_declaration=False)


def _read(content: bytes) -> Any:
    if b"<!ENTITY" in content:
        raise UnfitError("holds an <!ENTITY>, and a picture must be plain", _AGAIN)
    try:
        # A photograph in a drawing is one long text: the size of the file is bounded already.
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        root: Any = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise UnfitError(f"is broken on its line {error.lineno}", _AGAIN) from None
    inner = root.getroottree().docinfo.internalDTD
    if inner is not None and any(inner.iterentities()):
        raise UnfitError("holds an <!ENTITY>, and a picture must be plain", _AGAIN)
    name = etree.QName(root)
    if name.localname != "svg":
        raise UnfitError("is no SVG", _AGAIN)
    if name.namespace != SVG:
        raise UnfitError("is no SVG that browsers show", f'Write `<svg xmlns="{SVG}" …`.')
    return root


def _check_harmless(root: Any) -> None:
    """Refuse what acts or fetches."""
    act, whole = "and a picture must not act", "and a picture must be whole in itself"
    for element in root.iter(etree.Element):
        kind = etree.QName(element).localname
        if kind in _ACTIVE or kind.startswith("animate"):
            raise UnfitError(f"holds a <{kind}>, {act}", _AGAIN)
        if kind == "style" and _fetches("".join(element.itertext())):
            raise UnfitError(f"fetches something in its <style>, {whole}", _AGAIN)
        for name, value in element.items():
            plain, target = str(etree.QName(name).localname), str(value)
            if plain.startswith("on"):
                raise UnfitError(f'holds "{plain}", {act}', _AGAIN)
            is_own = target.startswith("#") or (kind == "image" and target.startswith("data:"))
            if (plain == "href" and not is_own) or _fetches(target):
                raise UnfitError(f'fetches "{short(target)}", {whole}', _AGAIN)


def _fetches(css: str) -> bool:
    """Tell whether CSS asks for anything beside its own picture."""
    asked = [piece.lstrip("\"' ") for piece in css.lower().split("url(")[1:]]
    return "@import" in css.lower() or not all(piece.startswith("#") for piece in asked)


def _strip(root: Any) -> None:
    """Take away what is not drawn: remarks, who made it and with what, other programs' notes."""
    undrawn = {
        element.tag
        for element in root.iterdescendants(etree.Element)
        if etree.QName(element).namespace != SVG or etree.QName(element).localname in _UNSEEN
    }
    remarks = (etree.Comment, etree.ProcessingInstruction, etree.Entity)
    etree.strip_elements(root, *remarks, *undrawn, with_tail=False)
    for element in root.iter():
        for name in list(element.attrib):
            space = etree.QName(name).namespace
            if space is not None and space not in _DRAWN:
                del element.attrib[name]
    etree.cleanup_namespaces(root, keep_ns_prefixes=["xlink"])


def _check_count(root: Any) -> None:
    """Refuse what is drawn without end, or nearly, as parts that are named draw each other."""
    fact = f"draws more than {MOST_ELEMENTS:,} things, or things in things without an end"
    too_much = UnfitError(fact, "Simplify it, or save it as a PNG.")
    elements = list(root.iter(etree.Element))
    if len(elements) > MOST_ELEMENTS:
        raise too_much
    named = {name: element for element in reversed(elements) if (name := element.get("id"))}
    inner = {element: list(_drawn_in(element, named)) for element in elements}
    drawn_for: dict[Any, tuple[int, int]] = {}  # how many things, and how deep they are nested
    try:
        graph = {element: [other for other, _ in others] for element, others in inner.items()}
        for element in TopologicalSorter(graph).static_order():
            count = 1 + sum(times * drawn_for[other][0] for other, times in inner[element])
            deep = max((drawn_for[other][1] for other, _ in inner[element]), default=0)
            if count > MOST_ELEMENTS or deep > MOST_DEEP:
                raise too_much
            drawn_for[element] = count, deep + 1
    except CycleError:
        raise too_much from None
    count, _ = drawn_for[root]
    for style in root.iter(f"{{{SVG}}}style"):
        for name in _REFERENCE.findall("".join(style.itertext())):
            if name in named:
                count += len(elements) * drawn_for[named[name]][0]
    if count > MOST_ELEMENTS:
        raise too_much


def _drawn_in(element: Any, named: Mapping[str, Any]) -> Iterator[tuple[Any, int]]:
    """Give what is drawn within an element, and how often: a marker at each corner."""
    for child in element.iterchildren(etree.Element):
        yield child, 1
    corners = _COORDINATE.findall(element.get("d", "") + element.get("points", ""))
    for name, value in element.items():
        asked = _REFERENCE.findall(value)
        if etree.QName(name).localname == "href" and etree.QName(element).localname != "a":
            asked.append(value.removeprefix("#"))
        times = max(len(corners), 1) if "marker" in name + value else 1
        for target in asked:
            if target in named:
                yield named[target], times


def _check_looks(root: Any) -> None:
    """Refuse what paper or another machine would show otherwise than the machine it is from."""
    for element in root.iter(f"{{{SVG}}}text"):
        if "".join(element.itertext()).strip():
            raise UnfitError("holds letters, for which each machine takes another font", SHAPES)
    for element in root.iter():
        style = f"{element.get('style', '')};{element.get('filter', '')}"
        if "filter:" in style.replace(" ", "") or "url(" in (element.get("filter") or ""):
            hint = "Take the shadow or blur away, or save it as a PNG."
            raise UnfitError("has a shadow or blur (<filter>) that paper cannot show", hint)


def _size(root: Any) -> None:
    """Let a drawing say how large it is, and grow and shrink as a whole.

    Without a viewBox a browser takes that of its size (SVG 2, 8.2), and WeasyPrint cuts it off.
    """
    sides = {name: _pixels(str(root.get(name, ""))) for name in ("width", "height")}
    for name, pixels in sides.items():
        if not pixels:
            root.attrib.pop(name, None)
    try:
        _, _, wide, high = map(float, str(root.get("viewBox", "")).replace(",", " ").split())
    except ValueError:
        wide = high = 0
    if wide > 0 and high > 0:
        return
    if not all(sides.values()):
        hint = 'Let it: `<svg viewBox="0 0 400 100" …`, with its own width and height.'
        raise UnfitError("does not say how large it is", hint)
    root.set("viewBox", f"0 0 {sides['width']:g} {sides['height']:g}")


def _pixels(length: str) -> float:
    """Give a length in pixels of CSS; 0 if it is none, or follows from something else."""
    match = _LENGTH.fullmatch(length)
    try:
        return float(match[1]) * _PIXELS[match[2] or "px"] if match else 0
    except ValueError:
        return 0


def _anew(address: str, raster: Callable[[bytes], str]) -> str:
    if address.startswith("#"):
        return address
    try:
        return raster(DataHandler().data_open(Request(address)).read())
    except UnfitError as fault:
        raise UnfitError(f"holds a picture that {fault.fact}", fault.hint) from None
    except ValueError:
        raise UnfitError("holds a picture that is broken", _AGAIN) from None
