"""The card: a picture of a page's title, shown where people share the page's address."""

from __future__ import annotations

import io
from collections.abc import Sequence

from PIL import Image

from plainleaf.files.fonts import css_family, font_faces, with_fallback
from plainleaf.html.templates import rendered
from plainleaf.machine.keys import key_of, tools
from plainleaf.machine.store import store_of
from plainleaf.model import Language, Project
from plainleaf.typeset.picture import drawn
from plainleaf.typeset.typeset import set_page

# The size that those who show such cards ask for (The Open Graph protocol names none), in pixels.
WIDTH, HEIGHT = 1200, 630
_POINTS = 72 / 96  # of a CSS pixel
_TEMPLATE = "card.html.jinja"


def card(project: Project, language: Language, site: str, title: str, description: str) -> bytes:
    """Give the card of a page as PNG. The bytes depend on its words, the template and the fonts.

    Raises ContentError for what is wrong in the template.
    """
    values = {
        "language": language,
        "faces": font_faces(with_fallback(language.fonts)),
        "family": css_family(language.fonts),
        "site": site,
        "title": title,
        "width": WIDTH,
        "height": HEIGHT,
    }
    # A description that is too long for the card is left out: half a sentence misleads.
    pages = []
    for said in (description, ""):
        html = rendered(project, "website", _TEMPLATE, {**values, "description": said})
        pages.append(html)
    key = key_of(tools(), str(language.fonts), *pages)
    store = store_of(project)
    return store.once(key, lambda: {"card.png": _drawn(pages, language)})["card.png"]


def _drawn(pages: Sequence[str], language: Language) -> bytes:
    """Give the first of two pages that fits on one card."""
    for html in pages:
        pdf = set_page(html, language.fonts, f"templates/website/{_TEMPLATE}")
        picture, count = drawn(pdf, 1 / _POINTS)
        if count == 1:
            break
    # A card of few colours needs few bytes.
    packed = io.BytesIO()
    few = picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=64)
    few.save(packed, "PNG", optimize=True)
    return packed.getvalue()
