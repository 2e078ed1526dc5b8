"""Pictures: are they whole and harmless, and how do they travel inside a page."""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

from lxml import etree

KINDS = {".svg": "image/svg+xml", ".png": "image/png", ".jpg": "image/jpeg", ".jpeg": "image/jpeg"}
_ACTIVE = ("script", "foreignObject", "iframe", "animate", "set")


def fault_of(path: Path) -> str:
    """Say what is wrong with a picture's file, as the end of a sentence; "" if nothing is."""
    if path.suffix.lower() not in KINDS:
        return "is no SVG, PNG or JPEG"
    try:
        content = path.read_bytes()
    except OSError as error:
        return f"cannot be read ({(error.strerror or 'it is broken').lower()})"
    return _fault_of_svg(content) if path.suffix.lower() == ".svg" else _fault_of_raster(content)


def is_there(path: Path) -> bool:
    """Tell whether a file stands at a path, however odd the path."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def data_uri(path: Path) -> str:
    """Give a picture as a data address, so that a page carries it wherever the page goes."""
    kind = KINDS[path.suffix.lower()]
    content = path.read_bytes()
    if path.suffix.lower() == ".svg":  # a text: in a clone on Windows its lines may end otherwise
        content = content.replace(b"\r\n", b"\n")
    return f"data:{kind};base64,{base64.b64encode(content).decode('ascii')}"


@lru_cache(128)
def _fault_of_svg(content: bytes) -> str:
    try:
        root = etree.fromstring(content, etree.XMLParser(resolve_entities=False))
    except etree.XMLSyntaxError as error:
        return f"is broken on its line {error.lineno}"
    return next(_faults(root), "")


def _faults(root: etree._Element) -> Iterator[str]:
    if etree.QName(root).localname != "svg":
        yield "is no SVG"
    inner = root.getroottree().docinfo.internalDTD
    if inner is not None and any(inner.iterentities()):  # type: ignore[attr-defined] # stubs
        yield "holds an <!ENTITY>, and a picture must be plain"
    for element in root.iter(etree.Element):
        kind = etree.QName(element).localname
        if kind in _ACTIVE:
            yield f"holds a <{kind}>, and a picture must not act"
        if kind == "style" and _fetches(element.text or ""):
            yield "fetches something in its <style>, and a picture must be whole in itself"
        for name, value in element.items():
            plain, target = str(etree.QName(name).localname), str(value)
            if plain.startswith("on"):
                yield f'holds "{plain}", and a picture must not act'
            leads_out = plain == "href" and not target.startswith(("#", "data:image/"))
            if leads_out or _fetches(target):
                yield f'fetches "{target}", and a picture must be whole in itself'


def _fetches(css: str) -> bool:
    """Tell whether CSS asks for anything beside its own picture."""
    asked = [piece.lstrip("\"' ") for piece in css.lower().split("url(")[1:]]
    return "@import" in css.lower() or not all(
        piece.startswith(("#", "data:image/", "data:font/")) for piece in asked
    )


@lru_cache(128)
def _fault_of_raster(content: bytes) -> str:
    from PIL import Image, ImageFile  # noqa: PLC0415 most projects have only drawings

    # WeasyPrint, once loaded, makes Pillow accept half a picture.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    try:
        with Image.open(io.BytesIO(content)) as picture:
            picture.load()
    except (OSError, SyntaxError, ValueError):
        return "is broken"
    return ""
