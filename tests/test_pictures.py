"""Pictures are whole and harmless, or it is said why not."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from PIL import Image

from plainleaf.pictures import data_uri, fault_of

SVG = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">{}</svg>'


def svg(folder: Path, inner: str) -> Path:
    path = folder / "a.svg"
    path.write_text(SVG.format(inner), "utf-8")
    return path


@pytest.mark.parametrize(
    "inner",
    [
        "",
        '<path d="M0 0h1" fill="url(#shade)" style="stroke:red"/>',
        '<a href="#part"><path d="M0 0h1"/></a>',
        '<image href="data:image/png;base64,AAAA"/>',
        "<style>path { fill: url('#shade') }</style>",
        "<!-- a remark --><title>One</title>",
    ],
)
def test_a_plain_svg_is_fine(tmp_path: Path, inner: str) -> None:
    assert fault_of(svg(tmp_path, inner)) == ""


@pytest.mark.parametrize(
    ("inner", "fault"),
    [
        ("<script/>", "holds a <script>, and a picture must not act"),
        ("<foreignObject/>", "holds a <foreignObject>, and a picture must not act"),
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
    ],
)
def test_a_svg_that_acts_or_fetches_is_refused(tmp_path: Path, inner: str, fault: str) -> None:
    assert fault_of(svg(tmp_path, inner)) == fault


def test_a_svg_that_is_another_kind_of_xml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    path.write_text("<html/>")
    assert fault_of(path) == "is no SVG"


def test_a_svg_that_grows_without_end_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    rows = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10))
    path.write_text(f'<!DOCTYPE svg [<!ENTITY a0 "ha">{rows}]>\n' + SVG.format("<text>&a9;</text>"))
    assert fault_of(path) == "is broken on its line 1"


@pytest.mark.parametrize("name", ["a.png", "a.jpg", "a.JPEG"])
def test_a_whole_raster_picture_is_fine(tmp_path: Path, name: str) -> None:
    Image.new("RGB", (2, 2)).save(tmp_path / name)
    assert fault_of(tmp_path / name) == ""


def test_a_raster_picture_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    Image.effect_noise((64, 64), 50).save(path)
    path.write_bytes(path.read_bytes()[:-500])
    assert fault_of(path) == "is broken"


@pytest.mark.parametrize("name", ["a.gif", "a.webp", "a.pdf", "a"])
def test_another_kind_of_file_is_refused(tmp_path: Path, name: str) -> None:
    assert fault_of(tmp_path / name) == "is no SVG, PNG or JPEG"


def test_a_picture_that_cannot_be_read_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.svg").mkdir()
    assert fault_of(tmp_path / "a.svg") == "cannot be read (is a directory)"


def test_a_data_address_carries_the_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.SVG"
    path.write_text("<svg/>")
    kind, _, content = data_uri(path).partition(",")
    assert kind == "data:image/svg+xml;base64"
    assert base64.b64decode(content) == b"<svg/>"
