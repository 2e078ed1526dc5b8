"""Pictures: what a file becomes before it is published or printed, or why it cannot be.

Whatever a clinic brings is made upright, brought to sRGB, scaled down to what paper and screens
can show, and freed of all that a camera or a program wrote into it: a telephone's photograph says
where it was taken. The website, the offline copy and each PDF carry the same bytes.
"""

from __future__ import annotations

import base64
import difflib
import hashlib
import io
import os
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from plainleaf.files.drawings import UnfitError, drawing
from plainleaf.machine.keys import key_of, toolchain_key
from plainleaf.machine.store import Store, store_of
from plainleaf.model import Project

if TYPE_CHECKING:
    from PIL import Image

# A photograph of a telephone takes 3 to 25 MB. One file may not fill the memory of the machine.
MOST_BYTES = 50_000_000
# What a camera of 100 megapixels takes: decoded, some 300 MB.
MOST_DOTS = 100_000_000
# As large as sheet.css prints a picture at most (184 mm: Letter, large print; 150 mm high), with
# 300 dots an inch, beyond which an office printer shows no more of a photograph. On a screen the
# column of words takes 1,100 pixels of CSS at most, of two dots each.
OF_PAGE = (2200, 1772)
# A logo is printed 60 by 20 mm at most; its edges are sharp, and printers set 600 dots an inch.
OF_LOGO = (1418, 473)
# A file of fewer bytes is made as fast as it is found in the store.
SMALL = 20_000
# Where the pictures of a project lie.
_KEPT = ("docs", "clinics")
# A larger picture is slow on a telephone and heavy in an e-mail: a warning names it.
HEAVY = 1_000_000
# As a data address this is the longest text that libxml2 reads in one piece, of 10 MB.
MOST_FINISHED = 7_000_000

# How a file starts tells what it is, whatever its name.
_KINDS = {
    "PNG": rb"\x89PNG\r\n\x1a\n",
    "JPEG": rb"\xff\xd8\xff",
    "GIF": rb"GIF8[79]a",
    "WebP": rb"RIFF....WEBP",
    "icon": rb"\x00\x00\x01\x00",
    "AVIF": rb"....ftyp(avif|avis)",
}
_OTHERS = {
    "a HEIC photograph": rb"....ftyp(hei[cmsx]|hev[cmsx]|mif1|msf1)",
    "a film": rb"....ftyp|\x1aE\xdf\xa3",
    "a TIFF": rb"II[*+]\x00|MM\x00[*+]",
    "a BMP": rb"BM",
    "a PDF or an Illustrator file": rb"%PDF",
    "an EPS": rb"%!PS|\xc5\xd0\xd3\xc6",
    "a Photoshop file": rb"8BPS",
    "a packed SVG (.svgz)": rb"\x1f\x8b",
    "an archive, or a file of an office program": rb"PK\x03\x04|\xd0\xcf\x11\xe0",
    "a web page": rb"\s*<(!doctype html|html)",
    "a pointer of Git LFS": rb"version https://git-lfs",
}
_XML = re.compile(rb"(\xef\xbb\xbf)?\s*<|\xff\xfe|\xfe\xff", re.DOTALL)
AGAIN = "Save it again as a PNG or JPEG, or a drawing as a plain SVG."
_LFS = "Get the file itself: `git lfs pull`."
_ORIENTATION = 0x0112  # in EXIF 3.0, 4.6.5: how the camera was held; 1 is upright


@dataclass(frozen=True, slots=True)
class Finished:
    """A picture as it is published and printed: its bytes, and their media type.

    mark is a hash of the file that it was made from: it is the same whatever version of Pillow
    reads it.
    """

    content: bytes
    kind: str
    mark: str = field(default="", compare=False)

    @property
    def address(self) -> str:
        """The picture as a data address, so that a page carries it wherever the page goes."""
        return f"data:{self.kind};base64,{base64.b64encode(self.content).decode('ascii')}"


def finished(project: Project, path: Path, size: tuple[int, int]) -> Finished:
    """Give the picture in a file, of so many dots wide and high at most.

    It is made once, and comes from the project's store if it was made before. Raises UnfitError
    for a file that cannot be shown, whatever it holds.
    """
    made = _tried(project, path, size)
    if isinstance(made, UnfitError):
        raise UnfitError(made.fact, made.hint)
    return made


def fault_of(project: Project, path: Path, size: tuple[int, int]) -> UnfitError | None:
    """Give what is wrong with the picture in a file, or None."""
    made = _tried(project, path, size)
    return made if isinstance(made, UnfitError) else None


def _tried(project: Project, path: Path, size: tuple[int, int]) -> Finished | UnfitError:
    if any(path.is_relative_to(project.folder / name) for name in _KEPT):
        return project.once(("picture", path, size), lambda: _made_now(project, path, size))
    return _of_table(project, path, size)


def _made_now(project: Project, path: Path, size: tuple[int, int]) -> Finished | UnfitError:
    try:
        content = content_of(path)
        if len(content) < SMALL:
            made = _finished(content, size)
        else:
            made = _stored(content, size, store_of(project))
        # The hash is of a data address, as in the first versions: it stands in ledgers.
        address = Finished(content, "image/svg+xml").address
        return replace(made, mark=hashlib.sha256(address.encode("ascii")).hexdigest()[:16])
    except UnfitError as fault:
        return fault


# A table of clinics may have too many logos to keep: the last 16 are.
_of_table = lru_cache(16)(_made_now)


def _stored(content: bytes, size: tuple[int, int], store: Store) -> Finished:
    key = key_of(toolchain_key(), "picture", str(size), content)
    if stored := store.get(key):
        ((kind, made),) = stored.items()
        return Finished(made, kind.replace("-", "/", 1))
    picture = _finished(content, size)
    with suppress(OSError):  # on a disk that is full or closed it is made again
        store.put(key, {picture.kind.replace("/", "-", 1): picture.content})
    return picture


def content_of(path: Path) -> bytes:
    """Give what a file holds. Raises UnfitError if it cannot be read, or not without an end."""
    try:
        if not path.is_file():  # a folder, or a pipe that nobody may ever write to
            raise UnfitError("is no file", "Put the picture itself there.")
        with path.open("rb") as file:
            content = file.read(MOST_BYTES + 1)
    except OSError as error:
        fact = f"cannot be read ({(error.strerror or 'it is broken').lower()})"
        raise UnfitError(fact, "Check that you may open it.") from None
    if not content:
        raise UnfitError("is empty", "Save or copy it again.")
    if len(content) > MOST_BYTES:
        fact = f"takes more than {MOST_BYTES // 1_000_000} MB"
        raise UnfitError(fact, "Save it smaller: 2,200 dots from side to side are enough.")
    # A drawing is a text: in a clone on Windows its lines may end otherwise.
    return content.replace(b"\r\n", b"\n") if _XML.match(content) else content


def named(folder: Path, written: str) -> Path | None:
    """Give the file of a name below a folder; None if none has just this name.

    Names are held against what the folders say, so that a capital counts on every system. An
    accent counts however it is stored: Macs part it from its letter.
    """
    path = folder
    for part in (part for part in written.split("/") if part not in ("", ".")):
        names = _names(path)
        same = [name for name in names if _composed(name) == _composed(part)]
        if not same:
            return None
        path /= part if part in names else same[0]
    return path


def nearest(folder: Path, written: str) -> str:
    """Say which name was probably meant, as a sentence; "" if nobody can tell.

    No name that cannot be printed, since on some disks it may be of any bytes.
    """
    folded = _composed(written).casefold()
    for path, _, files in os.walk(folder):
        inside = Path(path).relative_to(folder)
        for name in sorted(files):
            other = (inside / name).as_posix()
            if _composed(other).casefold() == folded and other.isprintable():
                return f'There is "{other}": names of files mind capitals.'
    head, _, name = written.rpartition("/")
    names = [file for file in _names(folder / head) if file.isprintable()]
    near = difflib.get_close_matches(name, names, n=1)
    return f'Did you mean "{f"{head}/" if head else ""}{near[0]}"?' if near else ""


def _composed(name: str) -> str:
    return unicodedata.normalize("NFC", name)


def _names(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir())
    except (OSError, ValueError):
        return []


def _kind_of(content: bytes) -> str:
    """Give the kind of a picture, told by what it holds. Raises UnfitError for any other file."""
    for kind, start in _KINDS.items():
        if re.match(start, content, re.DOTALL):
            return kind
    for other, start in _OTHERS.items():
        if re.match(start, content, re.DOTALL | re.IGNORECASE):
            raise UnfitError(f"is {other}", _LFS if "Git" in other else AGAIN)
    if _XML.match(content):
        return "SVG"
    raise UnfitError("is no picture", AGAIN)


@lru_cache(64)
def _finished(content: bytes, size: tuple[int, int]) -> Finished:
    if _kind_of(content) == "SVG":
        drawn = drawing(content, lambda inner: _dots(inner, size).address)
        made = Finished(drawn, "image/svg+xml")
    else:
        made = _dots(content, size)
    if len(made.content) > MOST_FINISHED:
        fact = f"takes {len(made.content) / 1_000_000:.0f} MB even when all is made smaller"
        raise UnfitError(fact, "Save it as a JPEG, or simplify it.")
    return made


def _dots(content: bytes, size: tuple[int, int]) -> Finished:
    """Give a picture of dots. Raises UnfitError."""
    kind = _kind_of(content)
    if kind == "SVG":
        raise UnfitError("holds another drawing", 'Save it again as "plain SVG", or as a PNG.')
    try:
        # What was saved with loss, as photographs are, may be so again.
        is_lossy = kind in ("JPEG", "AVIF") or (kind == "WebP" and b"VP8L" not in content)
        with _opened(content, kind) as picture:
            return _made(picture, size, is_lossy=is_lossy)
    except UnfitError:
        raise
    except Exception:  # whatever Pillow's readers meet in a file that is not what it says
        raise UnfitError("is broken", "Save or copy it again.") from None


@contextmanager
def _opened(content: bytes, kind: str) -> Iterator[Any]:
    from PIL import Image, ImageFile, features  # noqa: PLC0415 most projects have only drawings

    if kind == "AVIF" and not features.check("avif"):
        raise UnfitError("is an AVIF, which this machine cannot read", AGAIN)
    # WeasyPrint, once loaded, makes Pillow accept half a picture.
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    bound, Image.MAX_IMAGE_PIXELS = Image.MAX_IMAGE_PIXELS, None  # MOST_DOTS holds instead
    try:
        with Image.open(io.BytesIO(content), formats=[kind.upper().replace("ICON", "ICO")]) as it:
            wide, high = it.size
            if wide * high > MOST_DOTS:
                fact = f"has {wide:,} × {high:,} dots, and {MOST_DOTS // 1_000_000} million"
                hint = "Save it smaller: 2,200 dots from side to side are enough."
                raise UnfitError(f"{fact} are the most", hint)
            yield it
    finally:
        Image.MAX_IMAGE_PIXELS = bound


def _made(picture: Any, size: tuple[int, int], *, is_lossy: bool) -> Finished:
    from PIL import ImageOps  # noqa: PLC0415 as above

    picture.draft(None, (2 * max(size), 2 * max(size)))  # a JPEG may be read smaller at once
    picture.load()
    try:
        is_upright = picture.getexif().get(_ORIENTATION, 1) == 1
        made = picture if is_upright else ImageOps.exif_transpose(picture)
    except Exception:  # broken EXIF: the picture is taken as upright
        made = picture
    made = _in_srgb(made)
    if made.width > size[0] or made.height > size[1]:
        made.thumbnail(size, reducing_gap=3)
    # A JPEG that needs no change keeps its quality; else no subsampling, which would blur letters.
    is_as_it_was = made is picture and made.format == "JPEG"
    how = {"quality": "keep"} if is_as_it_was else {"quality": 85, "subsampling": 0}
    made.info = {}
    if not is_lossy or made.mode == "RGBA":
        png = _saved(made, "PNG")
        # A larger one is a photograph, which takes a tenth of the bytes as a JPEG.
        if made.mode == "RGBA" or len(png) <= HEAVY:
            return Finished(png, "image/png")
    return Finished(_saved(made, "JPEG", **how), "image/jpeg")


def _saved(picture: Any, kind: str, **how: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, optimize=True, **how)
    return out.getvalue()


def _in_srgb(picture: Any) -> Any:
    """Give a picture in shades of grey, or in the colours of sRGB, see-through or not."""
    alpha = None
    if picture.has_transparency_data:
        alpha = picture.convert("RGBA").getchannel("A")
        if alpha.getextrema()[0] == 255:
            alpha = None
    colours = _plain(picture)
    if profile := picture.info.get("icc_profile"):
        colours = _converted(colours, profile)
    if colours.mode == "CMYK":
        colours = colours.convert("RGB")
    if alpha is not None:
        colours = colours.convert("RGB")
        colours.putalpha(alpha)
    return colours


def _plain(picture: Any) -> Any:
    """Give the colours of a picture in 8 bits: grey, RGB or CMYK."""
    mode = picture.mode
    if mode in ("L", "RGB", "CMYK"):
        return picture
    if mode.startswith("I"):  # of 16 bits: 65,535 is white
        return picture.convert("I").point(lambda shade: shade * (1 / 257)).convert("L")
    return picture.convert("L" if mode in ("1", "LA", "La") else "RGB")


def _converted(colours: Any, profile: bytes) -> Any:
    """Bring colours to sRGB by the profile that a picture carries."""
    from PIL import ImageCms  # noqa: PLC0415 as above

    try:
        given = ImageCms.getOpenProfile(io.BytesIO(profile))
        if "srgb" in ImageCms.getProfileDescription(given).lower():
            return colours
        srgb = ImageCms.createProfile("sRGB")
        made: Image.Image | None = ImageCms.profileToProfile(colours, given, srgb, outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):  # a profile of another kind of picture
        return colours
    return colours if made is None else made
