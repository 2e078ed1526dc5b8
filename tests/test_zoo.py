"""Sheets fit clinics that do not ship; the whole zoo is tests/zoo/whole.py."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from unicodedata import normalize

import pytest
import weasyprint
from PIL import Image

from plainleaf.compose.compose import Composed, compose
from plainleaf.model import Printed
from plainleaf.typeset.typeset import typeset
from tests.conftest import known_of, project_in
from tests.zoo.clinics import FEW, let_in
from tests.zoo.looking import Leaf, faults_of, faults_of_pictures, has_picture, leaves_of
from tests.zoo.whole import faults_of_sheet, zoo_in

# A sheet with cards in standard print, and one with letterhead and cards in large print.
SHEETS = ("en/aftercare-a4.pdf", "en/before-letter-large.pdf")


@pytest.fixture(scope="module")
def few(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Composed]:
    """Compose the sheets that are looked at, of a project with these clinics and no others."""
    folder = zoo_in(tmp_path_factory.mktemp("few"), "https://leaflets.example/pain/")
    let_in(folder, FEW)
    known, sheets = known_of(project_in(folder))
    wanted = [sheet for sheet in sheets if sheet.path.endswith(SHEETS)]
    composed = compose(known.docs, known.library, wanted, known.statuses)
    return {item.sheet.path: item for item in composed}


@pytest.mark.slow
@pytest.mark.parametrize("slug", FEW)
@pytest.mark.parametrize("name", SHEETS)
def test_a_sheet_of_a_clinic_that_does_not_ship_can_be_read(
    slug: str, name: str, few: dict[str, Composed], tmp_path: Path
) -> None:
    composed = few[f"handouts/{slug}/{name}"]
    clinic = composed.sheet.clinic

    printed = [item for item in typeset(composed) if isinstance(item, Printed)]
    (tmp_path / "sheet.pdf").write_bytes(printed[0].pdf)

    assert faults_of_sheet(tmp_path / "sheet.pdf", clinic, composed.sheet.handout.name) == []
    # A letter may be drawn with its mark apart, as poppler tells them: both are compared apart.
    words = leaves_of(tmp_path / "sheet.pdf")[0].words
    said = normalize("NFD", "".join(word.text for word in words))
    assert [word for word in clinic.name.split() if normalize("NFD", word) not in said] == []


BAD = {
    "words on words": (
        '<p style="position: absolute">bleeding</p><p style="position: absolute">021</p>',
        ['page 1: "021" and "bleeding" lie on each other.'],
    ),
    "a word at the edge": (
        '<p style="position: absolute; left: -45pt">edge</p>',
        ['page 1: "edge" stands too near to the edge of the paper.'],
    ),
    "a word out of its box": (
        '<div style="border: 2pt solid; width: 100pt; height: 60pt; white-space: nowrap">'
        "one two three Musculoskeletal</div>",
        ['page 1: "Musculoskeletal" runs out of its box.'],
    ),
    "a word on a code": (
        "<style>div { width: 50pt; height: 50pt; background: no-repeat left top / 50pt 50pt "
        "url('data:image/svg+xml,"
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9h-9z"/></svg>'
        "') }</style><div>scan</div>",
        ['page 1: "scan" stands on a picture.'],
    ),
    "a parted number": (
        '<p style="width: 60pt">021 427 0123</p>',
        ["page 1: the number 021 427 0123 is parted."],
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_a_page_that_cannot_be_read_is_seen(name: str, tmp_path: Path) -> None:
    html, faults = BAD[name]
    (leaf,) = _leaves(html, tmp_path)
    assert [*faults_of(leaf, ["021 427 0123"])] == faults


def test_a_squashed_picture_is_seen(tmp_path: Path) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (50, 10), "teal").save(picture, "PNG")
    address = "data:image/png;base64," + base64.b64encode(picture.getvalue()).decode()
    (squashed,) = _leaves(f'<img src="{address}" style="width: 50pt; height: 50pt">', tmp_path)
    (sound,) = _leaves(f'<img src="{address}" style="width: 50pt">', tmp_path)

    assert [*faults_of_pictures(squashed)] == [
        "page 1: a picture of 5.00 to 1 is squashed to 1.00 to 1."
    ]
    assert [*faults_of_pictures(sound)] == []
    assert has_picture(sound, 5) and not has_picture(sound, 3)


def _leaves(html: str, folder: Path) -> list[Leaf]:
    """Print HTML as it is, with margins of 50 points, and read it."""
    styled = f"<style>@page {{ size: a5; margin: 50pt }}</style>{html}"
    weasyprint.HTML(string=styled).write_pdf(folder / "bad.pdf")
    return leaves_of(folder / "bad.pdf")
