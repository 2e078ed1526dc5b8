"""Pictures of every kind become what is published and printed, or it is said why not."""

from __future__ import annotations

import base64
import io
import os
import struct
import unicodedata
import zlib
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image, ImageChops, ImageCms, ImageDraw, ImageStat

from plainleaf.files.drawings import MOST_DEEP, SVG
from plainleaf.files.pictures import (
    MOST_BYTES,
    OF_LOGO,
    OF_PAGE,
    Finished,
    fault_of,
    finished,
    named,
    nearest,
)
from plainleaf.model import Printed, Project
from plainleaf.proof.painted import painted
from plainleaf.typeset.typeset import typeset
from tests.conftest import composed_of
from tests.repository import change

DRAWING = f'<svg xmlns="{SVG}" xmlns:xlink="http://www.w3.org/1999/xlink" {{}}>{{}}</svg>'
# What a camera writes beside the dots, and nobody may publish.
SECRET = b"51.5007 N"
ORIENTATION = 0x0112


def a_scene(width: int = 64, height: int = 40) -> Image.Image:
    """Give a picture whose upper left corner is red and whose lower right one is blue."""
    scene = Image.new("RGB", (width, height), "white")
    draw = ImageDraw.Draw(scene)
    draw.rectangle((0, 0, width // 4, height // 4), fill="red")
    draw.rectangle((width * 3 // 4, height * 3 // 4, width, height), fill="blue")
    return scene


def exif(orientation: int = 1) -> Image.Exif:
    """Give what a telephone writes: how it was held, and where."""
    told = Image.Exif()
    told[ORIENTATION] = orientation
    told[0x010E] = SECRET.decode()  # a description of the picture
    told.get_ifd(0x8825)[1] = "N"  # GPS
    return told


def saved(folder: Path, name: str, picture: Image.Image, **how: Any) -> Path:
    picture.save(folder / name, **how)
    return folder / name


def drawn(folder: Path, inner: str = "", root: str = 'viewBox="0 0 9 9"') -> Path:
    path = folder / "a.svg"
    path.write_text(DRAWING.format(root, inner), "utf-8")
    return path


def opened(picture: Finished) -> Image.Image:
    return Image.open(io.BytesIO(picture.content))


def corner(picture: Image.Image) -> str:
    """Tell which corner of a scene is red."""
    width, height = picture.size
    rgb = picture.convert("RGB")
    for name, place in {
        "top left": (2, 2),
        "top right": (width - 3, 2),
        "bottom left": (2, height - 3),
        "bottom right": (width - 3, height - 3),
    }.items():
        red, green, blue = rgb.getpixel(place)  # type: ignore[misc]
        if red > 200 and green < 80 and blue < 80:
            return name
    return ""


def made_of(path: Path, size: tuple[int, int] = OF_PAGE) -> Finished:
    return finished(Project(path.parent, path.parent), path, size)


def fault(path: Path) -> str:
    found = fault_of(Project(path.parent, path.parent), path, OF_PAGE)
    return "" if found is None else f"{found.fact} | {found.hint}"


# Pictures of dots

SCENE = a_scene()
DEEP = Image.new("I;16", (8, 8), 32768)
SEE_THROUGH = SCENE.convert("RGBA")
SEE_THROUGH.putalpha(Image.linear_gradient("L").resize(SEE_THROUGH.size))

KINDS: dict[str, tuple[Image.Image, dict[str, Any], str, str]] = {
    # name: the picture, how it is saved, the kind and mode that it is made
    "16 bits.png": (DEEP, {}, "PNG", "L"),
    "palette.png": (SCENE.quantize(8), {}, "PNG", "RGB"),
    "palette see-through.png": (SCENE.quantize(8), {"transparency": 0}, "PNG", "RGBA"),
    "alpha.png": (SEE_THROUGH, {}, "PNG", "RGBA"),
    "opaque alpha.png": (SCENE.convert("RGBA"), {}, "PNG", "RGB"),
    "grey.png": (SCENE.convert("L"), {}, "PNG", "L"),
    "grey alpha.png": (SEE_THROUGH.convert("LA"), {}, "PNG", "RGBA"),
    "one bit.PNG": (SCENE.convert("1"), {}, "PNG", "L"),
    "plain.JPG": (SCENE, {"comment": SECRET}, "JPEG", "RGB"),
    "grey.jpeg": (SCENE.convert("L"), {}, "JPEG", "L"),
    "cmyk.jpg": (SCENE.convert("CMYK"), {}, "JPEG", "RGB"),
    "progressive.jpg": (SCENE, {"progressive": True, "exif": exif()}, "JPEG", "RGB"),
    "lossy.webp": (SCENE, {"quality": 90, "exif": exif(), "xmp": SECRET}, "JPEG", "RGB"),
    "lossless.webp": (SCENE, {"lossless": True}, "PNG", "RGB"),
    "film.gif": (
        SCENE.quantize(8),
        {"save_all": True, "append_images": [SCENE.rotate(180).quantize(8)], "comment": SECRET},
        "PNG",
        "RGB",
    ),
    "photo.avif": (SCENE, {"quality": 95}, "JPEG", "RGB"),
    "no end of its own": (SCENE, {"format": "PNG"}, "PNG", "RGB"),
    "a jpeg.png": (SCENE, {"format": "JPEG"}, "JPEG", "RGB"),
}


@pytest.mark.parametrize("name", KINDS)
def test_each_kind_becomes_a_plain_png_or_jpeg(tmp_path: Path, name: str) -> None:
    picture, how, kind, mode = KINDS[name]
    made = made_of(saved(tmp_path, name, picture, **how))
    assert made.kind == f"image/{kind.lower()}"
    assert SECRET not in made.content
    found = opened(made)
    assert (found.format, found.mode, found.size) == (kind, mode, picture.size)
    assert not {"exif", "xmp", "icc_profile", "comment"} & set(found.info)
    if mode != "L" and "grey" not in name and "transparency" not in how:
        assert corner(found) == "top left"


def test_sixteen_bits_keep_their_shade(tmp_path: Path) -> None:
    """Else all that is not black would be white."""
    made = made_of(saved(tmp_path, "a.png", DEEP))
    assert opened(made).getpixel((3, 3)) == 127


@pytest.mark.parametrize(
    ("orientation", "red", "size"),
    [
        (1, "top left", (64, 40)),
        (3, "bottom right", (64, 40)),
        (6, "top right", (40, 64)),
        (8, "bottom left", (40, 64)),
    ],
)
@pytest.mark.parametrize("name", ["a.jpg", "a.png", "a.webp"])
def test_what_a_camera_held_on_its_side_stands_upright(
    tmp_path: Path, name: str, orientation: int, red: str, size: tuple[int, int]
) -> None:
    made = made_of(saved(tmp_path, name, SCENE, exif=exif(orientation)))
    assert (corner(opened(made)), opened(made).size) == (red, size)
    assert SECRET not in made.content


def test_colours_are_brought_to_srgb(tmp_path: Path) -> None:
    """A profile says what the numbers mean: in this one, the first is blue and the last is red."""
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    turned = srgb.replace(b"rXYZ", b"?XYZ").replace(b"bXYZ", b"rXYZ").replace(b"?XYZ", b"bXYZ")
    turned = turned.replace("sRGB".encode("utf-16-be"), "mine".encode("utf-16-be"))
    red = Image.new("RGB", (4, 4), (200, 0, 0))

    def shade(profile: bytes) -> Any:
        path = saved(tmp_path, "a.png", red, icc_profile=profile)
        return opened(made_of(path)).getpixel((1, 1))

    assert shade(turned) == (0, 0, 200)
    # One of another kind of picture, or none at all, is passed over.
    assert shade(srgb) == shade(lab) == shade(b"no profile") == (200, 0, 0)


def test_a_large_picture_is_scaled_to_what_paper_can_show(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.jpg", a_scene(6000, 3000))
    assert opened(made_of(path)).size == (2200, 1100)
    assert opened(made_of(path, OF_LOGO)).size == (946, 473)


def test_a_jpeg_that_needs_nothing_loses_next_to_nothing(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.jpg", a_scene(99, 99), quality=60, comment=SECRET)
    made = made_of(path)
    before: Any = Image.open(path)
    after: Any = opened(made)
    assert after.quantization == before.quantization
    lost = ImageStat.Stat(ImageChops.difference(after, before))
    assert max(lost.mean) < 2
    assert len(made.content) <= path.stat().st_size


def test_a_photograph_that_was_saved_as_a_png_is_light(tmp_path: Path) -> None:
    path = saved(tmp_path, "a.png", Image.effect_noise((900, 900), 80).convert("RGB"))
    assert path.stat().st_size > 1_000_000
    made = made_of(path)
    assert made.kind == "image/jpeg"
    assert len(made.content) < 1_000_000


def test_a_picture_is_made_once_and_always_the_same(tmp_path: Path) -> None:
    store = tmp_path / "build/store"
    path = saved(tmp_path, "a.png", Image.effect_noise((300, 300), 80))
    first = made_of(path)
    (kept,) = store.iterdir()
    kept_at = kept.stat().st_ino
    assert made_of(path) == first
    assert [each.stat().st_ino for each in store.iterdir()] == [kept_at]
    path.write_bytes(path.read_bytes() + b"\n")
    assert made_of(path) == first
    assert len([*store.iterdir()]) == 2


def test_the_mark_of_a_picture_is_that_of_its_file(tmp_path: Path) -> None:
    """It stands in ledgers: another version of Pillow must not make drafts of all sheets."""
    path = drawn(tmp_path, "<!-- a remark -->")
    first = made_of(path)
    plain = made_of(drawn(tmp_path))
    again = made_of(drawn(tmp_path, "<!-- a remark -->"))
    assert first == plain == again
    assert first.mark != plain.mark
    assert first.mark == again.mark


# What cannot be

AGAIN = "Save it again as a PNG or JPEG, or a drawing as a plain SVG."
OTHERS = {
    "is a HEIC photograph": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
    "is a film": b"\0\0\0\x18ftypisom",
    "is a TIFF": b"II*\0\x08\0\0\0",
    "is a BMP": b"BM\x36\0\0\0",
    "is a PDF or an Illustrator file": b"%PDF-1.6\n",
    "is an EPS": b"%!PS-Adobe-3.0 EPSF-3.0\n",
    "is a Photoshop file": b"8BPS\0\1",
    "is a packed SVG (.svgz)": b"\x1f\x8b\x08\0",
    "is an archive, or a file of an office program": b"PK\3\4\x14\0",
    "is a web page": b"\n<!DOCTYPE html><html></html>",
    "is no picture": b"hello",
}


@pytest.mark.parametrize("said", OTHERS)
def test_another_kind_of_file_is_named(tmp_path: Path, said: str) -> None:
    path = tmp_path / "logo.png"
    path.write_bytes(OTHERS[said])
    assert fault(path) == f"{said} | {AGAIN}"


def test_what_is_broken_is_refused(tmp_path: Path) -> None:
    whole = saved(tmp_path, "a.png", Image.effect_noise((64, 64), 50)).read_bytes()
    (tmp_path / "a.png").write_bytes(whole[:-500])
    assert fault(tmp_path / "a.png") == "is broken | Save or copy it again."
    (tmp_path / "a.png").write_bytes(whole[:100] + bytes(400) + whole[500:])
    assert fault(tmp_path / "a.png") == "is broken | Save or copy it again."
    (tmp_path / "a.png").write_bytes(b"")
    assert fault(tmp_path / "a.png") == "is empty | Save or copy it again."


def test_no_picture_fills_the_memory(tmp_path: Path) -> None:
    smaller = "Save it smaller: 2,200 dots from side to side are enough."
    bomb = saved(tmp_path, "a.png", Image.new("1", (1, 1)))
    content = bomb.read_bytes()
    # Its first chunk (PNG 3, 11.2.1) tells width and height, and ends with their sum to check.
    head = content[12:16] + struct.pack(">II", 20_000, 20_000) + content[24:29]
    summed = struct.pack(">I", zlib.crc32(head))
    bomb.write_bytes(content[:12] + head + summed + content[33:])
    assert fault(bomb) == f"has 20,000 × 20,000 dots, and 100 million are the most | {smaller}"
    with bomb.open("wb") as file:
        file.truncate(MOST_BYTES + 1)
    assert fault(bomb) == f"takes more than 50 MB | {smaller}"


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "folder.png").mkdir()
    (tmp_path / "loop.png").symlink_to("loop.png")
    for name in ("pipe.png", "folder.png", "loop.png", "missing.png"):
        assert fault(tmp_path / name) == "is no file | Put the picture itself there."


# Drawings


@pytest.mark.parametrize(
    "inner",
    [
        "",
        '<path d="M0 0h1" fill="url(#shade)" style="stroke:red"/>',
        '<a href="#part"><path d="M0 0h1"/></a>',
        "<style>path { fill: url('#shade') }</style>",
        "<title>One</title>",
    ],
)
def test_a_plain_drawing_is_fine(tmp_path: Path, inner: str) -> None:
    assert inner.partition(">")[0] in made_of(drawn(tmp_path, inner)).content.decode()


@pytest.mark.parametrize(
    ("inner", "said"),
    [
        ("<script/>", "holds a <script>, and a picture must not act"),
        ("<foreignObject/>", "holds a <foreignObject>, and a picture must not act"),
        ("<animateMotion/>", "holds a <animateMotion>, and a picture must not act"),
        ('<path onclick="a()"/>', 'holds "onclick", and a picture must not act'),
        ('<image href="b.png"/>', 'fetches "b.png", and a picture must be whole in itself'),
        (
            '<use xlink:href="https://x.example/#a"/>',
            'fetches "https://x.example/#a", and a picture must be whole in itself',
        ),
        (
            '<path fill="url( https://x.example/a )"/>',
            'fetches "url( https://x.example/a )", and a picture must be whole in itself',
        ),
        (
            "<style>@IMPORT 'a.css'</style>",
            "fetches something in its <style>, and a picture must be whole in itself",
        ),
        ("<path", "is broken on its line 1"),
        ("<text> 5 mm → </text>", "holds letters, for which each machine takes another font"),
        ('<g style="filter: url(#f)"/>', "has a shadow or blur (<filter>) that paper cannot show"),
        (
            '<image href="data:image/png;base64,AAAA"/>',
            "holds a picture that is no picture",
        ),
        ('<image href="data:image/png;base64,A"/>', "holds a picture that is broken"),
    ],
)
def test_a_drawing_that_acts_fetches_or_differs_is_refused(
    tmp_path: Path, inner: str, said: str
) -> None:
    assert fault(drawn(tmp_path, inner)).partition(" | ")[0] == said


def test_only_what_is_drawn_goes_on(tmp_path: Path) -> None:
    inner = (
        f"<!-- {SECRET.decode()} --><metadata>{SECRET.decode()}</metadata>"
        '<i:view xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:at="51.5007 N"/>'
        '<g xmlns:i="http://www.inkscape.org/namespaces/inkscape" i:path="51.5007 N">'
        '<path d="M0 0h1"/></g>'
    )
    path = drawn(tmp_path, inner)
    path.write_text(f"<?xml-stylesheet href='51.5007 N'?>{path.read_text()}")
    made = made_of(path).content
    assert SECRET not in made
    assert b'<g><path d="M0 0h1"/></g>' in made


def test_a_photograph_in_a_drawing_is_made_anew_too(tmp_path: Path) -> None:
    photo = saved(tmp_path, "a.jpg", a_scene(4000, 2500), exif=exif(6), quality=99).read_bytes()
    held = base64.b64encode(photo + bytes(9_000_000)).decode()  # more than libxml2 reads by itself
    inner = f'<image width="9" height="9" xlink:href="data:image/jpeg;base64,{held}"/>'
    made = made_of(drawn(tmp_path, inner)).content.decode()
    address = made.partition('xlink:href="data:image/jpeg;base64,')[2].partition('"')[0]
    content = base64.b64decode(address)
    assert SECRET not in content
    assert corner(opened(Finished(content, ""))) == "top right"
    assert len(made) < 1_000_000


@pytest.mark.parametrize(
    ("root", "said"),
    [
        ('viewBox="0 0 5 7"', 'viewBox="0 0 5 7"'),
        ('width="100%" height="auto" viewBox="0 0 5 7"', 'viewBox="0 0 5 7"'),
        (
            'width="44mm" height="1in"',
            'width="44mm" height="1in" viewBox="0 0 166.299 96"',
        ),
        ('width="44" height="17"', 'width="44" height="17" viewBox="0 0 44 17"'),
    ],
)
def test_a_drawing_says_how_large_it_is(tmp_path: Path, root: str, said: str) -> None:
    made = made_of(drawn(tmp_path, "<g/>", root)).content.decode()
    assert said in made
    assert made.count("width") == said.count("width")


@pytest.mark.parametrize(
    "root", ["", 'width="100%" height="100%"', 'width="9"', 'viewBox="0 0 0 9"', 'viewBox="a b"']
)
def test_a_drawing_without_a_size_is_refused(tmp_path: Path, root: str) -> None:
    assert fault(drawn(tmp_path, "<g/>", root)).startswith("does not say how large it is | ")


DOUBLED = "".join(
    f'<g id="a{n}"><use href="#a{n - 1}"/><use href="#a{n - 1}"/></g>' for n in range(1, 31)
)


@pytest.mark.parametrize(
    "inner",
    [
        f'<g id="a0"><path d="M0 0h1"/></g>{DOUBLED}',
        '<g id="a"><use href="#a"/></g>',
        '<g id="a"><use href="#b"/></g><g id="b"><use xlink:href="#a"/></g>',
        '<pattern id="p"><path fill="url(#p)"/></pattern>',
        "<g>" * (MOST_DEEP + 1) + "</g>" * (MOST_DEEP + 1),
        '<marker id="m"><path/><path/></marker><path marker-mid="url(#m)" d="{}"/>'.format(
            "M0 0L9 9" * 3000
        ),
        "<path/>" * 10_001,
    ],
)
def test_a_drawing_without_an_end_is_refused(tmp_path: Path, inner: str) -> None:
    assert fault(drawn(tmp_path, inner)) == (
        "draws more than 10,000 things, or things in things without an end | "
        "Simplify it, or save it as a PNG."
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html/>", "is a web page"),
        ("<rss/>", "is no SVG"),
        ("<svg/>", "is no SVG that browsers show"),
        (
            '<!DOCTYPE svg [<!ENTITY a "ha">]><svg/>',
            "holds an <!ENTITY>, and a picture must be plain",
        ),
    ],
)
def test_another_kind_of_xml_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "a.svg").write_text(text)
    assert fault(tmp_path / "a.svg").partition(" | ")[0] == said


# Names


def test_a_name_counts_as_it_is_written_whatever_the_system(tmp_path: Path) -> None:
    part = tmp_path / "Car Park"
    part.mkdir()
    on_disk = unicodedata.normalize("NFD", "schéma.png")
    for name in ("Photo.PNG", on_disk):
        (part / name).touch()
    assert named(tmp_path, "Car Park/Photo.PNG") == part / "Photo.PNG"
    assert named(tmp_path, "./Car Park//schéma.png") == part / on_disk
    assert named(tmp_path, "car park/Photo.PNG") is named(tmp_path, "Car Park/photo.png") is None
    assert nearest(tmp_path, "car park/photo.png") == (
        'There is "Car Park/Photo.PNG": names of files mind capitals.'
    )
    assert nearest(tmp_path, "Car Park/Foto.PNG") == 'Did you mean "Car Park/Photo.PNG"?'
    assert nearest(tmp_path, "x/y.png") == ""


# On a sheet

NUMBERS = "abcdefghijklmnopqrstuvwxyz"
A4, LETTER = "corner/en/note-a4.pdf", "corner/ar/note-letter-large.pdf"


def with_pictures(project: Project, pictures: list[str], path: str) -> Printed:
    """Print a sheet with pictures, by what Markdown calls each."""
    shown = [f"![Scene {NUMBERS[at]}]({each}" for at, each in enumerate(pictures)]
    change(project.folder, "![A drop of water](assets/drop.svg)", "\n\n".join(["Look:", *shown]))
    return printed_of(project, path)


def printed_of(project: Project, path: str) -> Printed:
    """Set a sheet; the proof looks at it then, by both standards."""
    (composed,) = composed_of(project, path)
    printed, *_ = typeset(composed)
    assert isinstance(printed, Printed), str(printed)
    return printed


def test_every_kind_prints_by_both_standards(project: Project) -> None:
    assets = project.folder / "docs/assets"
    for name, (picture, how, _, _) in KINDS.items():
        saved(assets, name, picture, **how)
    held = base64.b64encode((assets / "alpha.png").read_bytes()).decode()
    image = f'<image width="9" height="5" href="data:image/png;base64,{held}"/>'
    drawn(assets, image).rename(assets / "held.svg")
    names = [f"assets/{name.replace(' ', '%20')})" for name in (*KINDS, "held.svg")]
    printed = with_pictures(project, names, A4)
    assert SECRET not in printed.pdf
    dots, masks = 0, 0
    with pikepdf.open(io.BytesIO(printed.pdf)) as pdf:
        for item in pdf.objects:
            if isinstance(item, pikepdf.Stream) and item.get("/Subtype") == "/Image":
                assert not item.Interpolate
                assert item.ColorSpace in ("/DeviceRGB", "/DeviceGray")
                masks += "/SMask" in item
                dots += 1
    # Pictures that look alike are one, whatever their files.
    assert masks >= 3
    assert dots - masks >= 9


@pytest.mark.parametrize("path", [A4, "corner/en/note-letter-large.pdf"])
def test_pictures_keep_their_proportion_within_the_page(project: Project, path: str) -> None:
    assets = project.folder / "docs/assets"
    saved(assets, "portrait.jpg", a_scene(1500, 2000))
    saved(assets, "tall.png", a_scene(60, 600))
    saved(assets, "wide.jpg", a_scene(3000, 500))
    saved(assets, "small.png", a_scene(40, 40))
    pictures = [
        "assets/portrait.jpg)",
        "assets/tall.png)",
        "assets/wide.jpg)",
        "assets/small.png)",
        "assets/wide.jpg){ width=50% }",
    ]
    printed = with_pictures(project, pictures, path)
    boxes = []
    with pikepdf.open(io.BytesIO(printed.pdf)) as pdf:
        for page in painted(pdf):
            for left, bottom, right, top in page.drawn_by_mark.values():
                assert page.box[0] < left < right < page.box[2]
                assert page.box[1] < bottom < top < page.box[3]
                boxes.append((right - left, top - bottom))
    *_, portrait, tall, wide, small, half = [
        (round(width), round(height)) for width, height in boxes if min(width, height) > 20
    ][-6:]
    assert portrait[1] == tall[1] == 425  # 150 mm
    ratios = [width / height for width, height in (portrait, tall, wide, small, half)]
    assert ratios == pytest.approx([0.75, 0.1, 6, 1, 6], rel=0.05)
    assert half[0] == pytest.approx(wide[0] / 2, abs=1)


@pytest.mark.parametrize(
    ("size", "printed", "path"),
    [
        ((1500, 300), (60, 12), A4),
        ((1500, 300), (60, 12), LETTER),
        ((3000, 90), (60, 1.8), A4),
        ((200, 1000), (3, 15), A4),
        ((40, 40), (20, 20), LETTER),
    ],
)
def test_a_logo_is_whole_and_in_its_own_proportion(
    project: Project, size: tuple[int, int], printed: tuple[float, float], path: str
) -> None:
    saved(project.folder / "clinics/corner", "LOGO.png", a_scene(*size))
    change(project.folder, "logo.svg", "LOGO.png", "clinics/corner/clinic.yml")
    with pikepdf.open(io.BytesIO(printed_of(project, path).pdf)) as pdf:
        (page,) = painted(pdf)[:1]
        left, bottom, right, top = min(page.drawn_by_mark.values(), key=lambda box: -box[3])
        others = [run.box for run in page.runs if run.text.strip() and not run.mark.artifact]
    width, height = (25.4 / 72 * side for side in (right - left, top - bottom))
    assert (width, height) == pytest.approx(printed, abs=0.3)
    for box in others:
        assert box[0] >= right or box[2] <= left or box[1] >= top or box[3] <= bottom
