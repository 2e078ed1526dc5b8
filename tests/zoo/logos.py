"""Logos of every common kind, drawn here: a name in two colours beside a mark, as many are."""

from __future__ import annotations

import base64
import io
import struct
import zlib
from collections.abc import Callable

from PIL import Image, ImageCms, ImageDraw, ImageOps

TEAL, SAND = (11, 92, 115), (244, 226, 189)
# Left, top, and the steps across and down of each pass (PNG, third edition, 8.1).
ADAM7 = (
    *((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4)),
    *((0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2)),
)
# Where a phone stood when it took a photo: what must never be published (EXIF, GPS).
SECRET = "51 deg 30 min, taken at home"


def drawn(width: int, height: int, mode: str = "RGB") -> Image.Image:
    """Draw a logo of so many dots: a disc at the left, and bars for a name."""
    picture = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    draw = ImageDraw.Draw(picture)
    side = min(width, height)
    draw.ellipse((0, 0, side - 1, side - 1), fill=(*TEAL, 255))
    draw.ellipse((side // 4, side // 4, 3 * side // 4, 3 * side // 4), fill=(*SAND, 255))
    for row in range(3) if width > height else ():
        top = height * (2 * row + 1) // 7
        draw.rectangle((side * 6 // 5, top, width - 1, top + height // 9), fill=(*TEAL, 255))
    if mode in ("RGBA", "LA"):
        return picture.convert(mode)
    white = Image.new("RGB", picture.size, "white")
    white.paste(picture, mask=picture.getchannel("A"))
    return white.convert(mode)


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    """Give a picture as a file of a kind."""
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def png_by_hand(picture: Image.Image, *, bits: int = 8, is_interlaced: bool = False) -> bytes:
    """Give a PNG as Pillow cannot write it: 16 bits a channel, or interlaced."""
    rgba = picture.convert("RGBA")
    width, height = rgba.size
    rows = []
    for left, top, across, down in ADAM7 if is_interlaced else ((0, 0, 1, 1),):
        for y in range(top, height, down):
            row = [rgba.getpixel((x, y)) for x in range(left, width, across)]
            parts = b"".join(bytes(dot) for dot in row)  # type: ignore[arg-type] # RGBA
            if bits == 16:
                parts = b"".join(bytes((part, part)) for part in parts)
            if row:
                rows.append(b"\0" + parts)
    head = struct.pack(">IIBBBBB", width, height, bits, 6, 0, 0, int(is_interlaced))

    def chunk(name: bytes, content: bytes) -> bytes:
        check = struct.pack(">I", zlib.crc32(name + content))
        return struct.pack(">I", len(content)) + name + content + check

    body = chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"".join(rows)))
    return b"\x89PNG\r\n\x1a\n" + body + chunk(b"IEND", b"")


def _turned_photo() -> bytes:
    """Give a JPEG that lies on its side, 4,000 dots wide once upright, and tells where it was."""
    exif = Image.Exif()
    exif[0x0112] = 6  # to be turned by 90 degrees clockwise
    exif[0x010E] = SECRET
    return saved(drawn(4000, 800).rotate(90, expand=True), "JPEG", quality=70, exif=exif)


def _of_a_print_shop() -> bytes:
    """Give a JPEG in CMYK, as print shops send it, tall."""
    return saved(drawn(600, 1800).convert("CMYK"), "JPEG", quality=80)


def _with_profile() -> bytes:
    """Give a JPEG with a profile of its colours."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return saved(drawn(900, 900), "JPEG", icc_profile=profile, progressive=True)


def _svg() -> bytes:
    return (
        b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 100 100">'
        b'<circle cx="50" cy="50" r="48" fill="#0b5c73"/><path d="M30 50h40M50 30v40" '
        b'stroke="#f4e2bd" stroke-width="10"/></svg>'
    )


def _svg_with_photo() -> bytes:
    photo = base64.b64encode(saved(drawn(500, 100), "PNG")).decode("ascii")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="50mm" height="10mm" viewBox="0 0 500 100">'
        f'<image width="500" height="100" href="data:image/png;base64,{photo}"/></svg>'
    ).encode()


# By file name; each is drawn when it is asked for.
LOGOS: dict[str, Callable[[], bytes]] = {
    "wide-alpha.png": lambda: saved(drawn(1500, 300, "RGBA"), "PNG"),
    "wide-palette.png": lambda: saved(drawn(1000, 200, "P"), "PNG"),
    "sixteen-bit.png": lambda: png_by_hand(drawn(250, 250, "RGBA"), bits=16),
    "interlaced.png": lambda: png_by_hand(drawn(300, 100, "RGBA"), is_interlaced=True),
    "grey-alpha.png": lambda: saved(drawn(400, 400, "LA"), "PNG"),
    "one bit.PNG": lambda: saved(drawn(320, 160, "1"), "PNG"),
    "tall-cmyk.jpg": _of_a_print_shop,
    "turned.JPG": _turned_photo,
    "profile.jpeg": _with_profile,
    "moving.gif": lambda: saved(
        drawn(300, 150, "P"), "GIF", save_all=True, append_images=[drawn(300, 150, "P")]
    ),
    "wide.webp": lambda: saved(drawn(1200, 240), "WEBP", quality=80),
    "square.svg": _svg,
    "logó.svg": _svg_with_photo,
}


def shape_of(name: str) -> float:
    """Give width to height of a logo of dots, as it is seen once it is upright."""
    upright = ImageOps.exif_transpose(Image.open(io.BytesIO(LOGOS[name]())))
    return upright.width / upright.height
