"""Pictures: are they whole and harmless, and how do they travel inside a page."""

from __future__ import annotations

import base64
from pathlib import Path

from lxml import etree
from PIL import Image

KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_ACTIVE = ("script", "foreignObject", "iframe", "animate", "set")


def fault_of(path: Path) -> str:
    """Say what is wrong with a picture's file, as the end of a sentence; "" if nothing is."""
    if path.suffix.lower() not in KINDS:
        return "is no SVG, PNG or JPEG"
    try:
        return _fault_of_svg(path) if path.suffix.lower() == ".svg" else _fault_of_raster(path)
    except OSError as error:
        return f"cannot be read ({(error.strerror or 'it is broken').lower()})"


def data_uri(path: Path) -> str:
    """Give a picture as a data address, so that a page carries it wherever the page goes."""
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:{KINDS[path.suffix.lower()]};base64,{content}"


def _fault_of_svg(path: Path) -> str:
    try:
        root = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError as error:
        return f"is broken on its line {error.lineno}"
    if etree.QName(root).localname != "svg":
        return "is no SVG"
    for element in root.iter(etree.Element):
        if etree.QName(element).localname in _ACTIVE:
            return f"holds a <{etree.QName(element).localname}>, and a picture must not act"
        for name, value in element.items():
            plain, target = str(etree.QName(name).localname), str(value)
            if plain.startswith("on"):
                return f'holds "{plain}", and a picture must not act'
            if plain == "href" and not target.startswith(("#", "data:image/")):
                return f'fetches "{target}", and a picture must be whole in itself'
    return ""


def _fault_of_raster(path: Path) -> str:
    try:
        with Image.open(path) as picture:
            picture.load()
    except (OSError, SyntaxError, ValueError):
        return "is broken"
    return ""
