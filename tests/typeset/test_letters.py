"""Tests of letters: names in every Latin script, Greek and Cyrillic, printed and typed."""

from __future__ import annotations

import io
import re
import unicodedata
from pathlib import Path

import pikepdf
import pytest

from plainleaf.files.fonts import missing_letters, typed_letters, web_fonts, whole_words
from plainleaf.model import Printed
from plainleaf.proof.fonts import unicode_map
from plainleaf.typeset.typeset import typeset
from tests.conftest import composed_of, project_in, set_once
from tests.typeset.test_typeset import with_article

pytestmark = pytest.mark.slow

LATIN = ("Atkinson Hyperlegible",)
NAMES = [
    "Kōwhai Clinic",
    "Llŷn Surgery",
    "Przychodnia Żółć Łódź",
    "İstanbul Ağrı Kliniği",
    "Phòng khám Nguyễn Thị Hạnh",
    "Κλινική Πόνου Αθηνών",
    "Клиника боли «Здоровье»",
    "Ilé Ìwòsàn Ẹ̀kọ́ Ṣọlá",  # letters that Unicode has only with a mark of its own
]


def test_names_of_every_latin_script_greek_and_cyrillic_have_all_their_letters() -> None:
    for name in NAMES:
        assert missing_letters(name, LATIN) == [], name
        assert missing_letters(unicodedata.normalize("NFD", name), LATIN) == [], name
    assert missing_letters("☺ عيادة", LATIN) == ["☺", "ع", "ي", "ا", "د", "ة"]


def test_a_name_is_set_whole_in_the_font_that_has_all_its_letters() -> None:
    html = '<title>Kōwhai Clinic</title><p title="ō">Kōwhai Clinic, by Nguyễn Thị Lan → Ōtaki</p>'
    assert whole_words(html, LATIN, ["Kōwhai Clinic"]) == (
        '<title>Kōwhai Clinic</title><p title="ō"><span class="whole">Kōwhai Clinic</span>, by '
        '<span class="whole">Nguyễn Thị</span> Lan → <span class="whole">Ōtaki</span></p>'
    )
    assert whole_words("<p>Żółć & co</p>", LATIN, []) == "<p>Żółć & co</p>"


def test_a_clinic_of_any_such_name_prints_and_is_read_aloud_as_it_is_written(tiny: Path) -> None:
    """Nor is a word that ends a line with a letter of two glyphs part of the next."""
    clinic = tiny / "clinics/corner/clinic.yml"
    text = clinic.read_text("utf-8").replace("Corner Clinic", f'"{", ".join(NAMES)}"')
    clinic.write_text(text.replace("1 Corner Street", "1 Đường Trần Phú"), "utf-8")
    (sheet,) = composed_of(project_in(tiny), "corner/en/note-a4.pdf")
    lines = "<p>" + " ".join(["Thị Ẹ̀kọ́"] * 60) + "</p>"
    (printed,) = typeset(with_article(sheet, whole_words(lines, LATIN, [])))
    assert isinstance(printed, Printed), printed
    with pikepdf.open(io.BytesIO(printed.pdf)) as pdf:
        fonts = {str(font.BaseFont)[8:] for font in pdf.pages[0].obj.Resources.Font.values()}
    assert {"Noto-Sans-Bold", "Atkinson-Hyperlegible"} <= fonts


def test_the_font_of_fields_has_every_letter_that_may_be_typed(tiny: Path) -> None:
    for path, fonts in (
        ("anyone/en/slip-a4.pdf", LATIN),
        ("anyone/ar/slip-a4.pdf", (*LATIN, "Almarai")),
    ):
        (sheet,) = composed_of(project_in(tiny), path)
        form = next(item for item in set_once(sheet) if item.is_form)
        with pikepdf.open(io.BytesIO(form.pdf)) as pdf:
            (font,) = pdf.Root.AcroForm.DR.Font.values()
            letters = set("".join(unicode_map(font).values()))
        typed = "Nguyễn Thị Hạnh İbrahim Ağrı Ольга Ελένη Ɓalaɗe ʻŌlelo Ŵyn éßñŁ€ōŵİğơễΩЖʻ"
        typed += "أحمد" if "Almarai" in fonts else ""
        assert set(typed) <= letters
        assert set(map(chr, typed_letters(fonts))) <= letters


def test_a_website_gets_the_second_font_only_for_letters_that_the_first_lacks() -> None:
    assert [*web_fonts(LATIN, "Clinic")] == [
        "AtkinsonHyperlegible-Regular.woff2",
        "AtkinsonHyperlegible-Bold.woff2",
    ]
    files = web_fonts(LATIN, "Kōwhai Clinic")
    assert [name for name in files if re.match("Noto", name)] == ["NotoSans.woff2"]
    assert len(files["NotoSans.woff2"]) < 5000
