"""The social card: a picture of what the site is about, shown where people share its address."""

from __future__ import annotations

import io

from PIL import Image

from plainleaf.files.fonts import css_family, font_faces, with_fallback
from plainleaf.html.templates import rendered
from plainleaf.machine.keys import key_of, toolchain_key
from plainleaf.machine.store import store_of
from plainleaf.model import Docs
from plainleaf.typeset.picture import drawn
from plainleaf.typeset.typeset import set_page

# In pixels: the size that social networks ask for (The Open Graph protocol names none).
WIDTH, HEIGHT = 1200, 630
_PIXELS_PER_POINT = 96 / 72  # CSS pixels
_TEMPLATE = "card.html.jinja"


def social_card(docs: Docs) -> bytes:
    """Give the card of a site as PNG: its name, and the title of its front page.

    Raises ContentError for what is wrong in the template.
    """
    language = docs.languages[docs.main_language]
    html = rendered(
        docs.project,
        "website",
        _TEMPLATE,
        {
            "language": language,
            "faces": font_faces(with_fallback(language.fonts)),
            "family": css_family(language.fonts),
            "site": docs.site_name,
            "title": docs.pages[language.code, "index"].title,
            "width": WIDTH,
            "height": HEIGHT,
        },
    )

    def draw() -> dict[str, bytes]:
        pdf = set_page(html, language.fonts, f"templates/website/{_TEMPLATE}")
        picture = drawn(pdf, _PIXELS_PER_POINT)
        png = io.BytesIO()
        # A card has few colours: 64 are enough, and make the file a third as large.
        picture.convert("P", palette=Image.Palette.ADAPTIVE, colors=64).save(
            png, "PNG", optimize=True
        )
        return {"card.png": png.getvalue()}

    key = key_of(toolchain_key(), str(language.fonts), html)
    return store_of(docs.project).once(key, draw)["card.png"]
