"""Every repair does what it says, and without it the sheet falls short of just that."""

from __future__ import annotations

import io
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pypdfium2
import pytest
from pikepdf import Dictionary, Name
from PIL import Image, ImageChops
from pypdfium2 import raw

from plainleaf.compose.compose import Composed
from plainleaf.model import Printed
from plainleaf.problems import Problem
from plainleaf.typeset import repair
from plainleaf.typeset.typeset import typeset
from tests.tags import elements, kids, notes_of, tagged
from tests.typeset.test_typeset import of_handout, printed, tiny_pdfs, tiny_sheet, with_article

pytestmark = pytest.mark.slow

NOTE, SLIP = "corner/en/note-a4", "corner/en/slip-a4"
PICTURE = (
    "data:image/svg+xml,<svg xmlns='http://www.w3.org/2000/svg' width='40' height='20'>"
    "<path d='M0 0h40v20H0z'/></svg>"
)
ROWS = "".join(f"<tr><th scope=row>Row {n}</th><td>Cell {n}</td></tr>" for n in range(80))
TABLE = (
    "<table><thead><tr><th scope=col>What</th><th scope=col>How much</th></tr></thead>"
    f"<tbody>{ROWS}</tbody></table>"
)
LONG = f"<p>{'Many short words that fill more than one line of a page. ' * 90}</p>"


def pdf_of(sheet: Composed, *, is_form: bool = False) -> pikepdf.Pdf:
    """Set a sheet, as long as it wants to be, and open its PDF or its form."""
    made = typeset(of_handout(sheet, most_pages=99))
    (pdf,) = [item.pdf for item in made if isinstance(item, Printed) and item.is_form == is_form]
    return pikepdf.open(io.BytesIO(pdf))


def sound(path: str = NOTE, *, is_form: bool = False) -> pikepdf.Pdf:
    """Open a PDF of a sheet of tests/tiny as it stands, or its form."""
    (pdf,) = [item.pdf for item in tiny_pdfs(path) if item.is_form == is_form]
    return pikepdf.open(io.BytesIO(pdf))


def content(pdf: pikepdf.Pdf) -> bytes:
    """Give the streams of all pages."""
    return b"\n".join(page.obj.Contents.read_bytes() for page in pdf.pages)


def own(element: Any) -> Any:
    """Give what is said of an element beside its type and kids."""
    return element.get("/A", Dictionary())


def figure_stands_where_it_is_drawn(pdf: pikepdf.Pdf) -> bool:
    """Compare a picture's box with the matrix that draws it: on the last page, 40 by 20 pixels."""
    figure = tagged(pdf, "Figure")[-1]
    left, bottom, right, top = (float(side) for side in own(figure).BBox)
    height = float(figure.Pg.MediaBox[3])
    is_on_page = 0 <= left < right and 0 <= bottom < top <= height
    return is_on_page and abs(right - left - 30) < 0.1 and abs(top - bottom - 15) < 0.1


def heads_come_before_their_pages(pdf: pikepdf.Pdf) -> bool:
    """Tell whether nothing that begins on a page is read before the fields in the page's head."""
    reached = set()
    for element in elements(pdf.Root.StructTreeRoot):
        for kid in kids(element)[:1]:
            if isinstance(kid, Dictionary) and kid.get("/Type") == Name.OBJR:
                reached |= {kid.Pg.objgen} if str(kid.Obj.get("/TU", "")) == "Name" else set()
            elif not isinstance(kid, Dictionary) and element.Pg.objgen not in reached:
                return False
    return len(reached) == len(pdf.pages)


def letters_of_fonts(pdf: pikepdf.Pdf) -> set[bytes]:
    """Give what the glyphs of all fonts stand for, in hexadecimal."""
    return {
        letter
        for each in pdf.objects
        if isinstance(each, Dictionary) and "/ToUnicode" in each
        for letter in re.findall(rb"^<\w+> <(\w*)>$", each.ToUnicode.read_bytes(), re.MULTILINE)
    }


def appearances(pdf: pikepdf.Pdf) -> bool:
    """Tell whether each field has an appearance, and no reader is asked to make one."""
    widgets = notes_of(pdf, "Widget")
    return "/NeedAppearances" not in pdf.Root.AcroForm and all("/AP" in each for each in widgets)


def nothing(*_: object, **__: object) -> None:
    """Stand in for a repair that is left out."""


def unread(*_: object, **__: object) -> list[Problem]:
    """Stand in for the proof, which would refuse a sheet without a repair."""
    return []


# For each repair: the sheet, or the form of the slip, what is put into it, and what must be true.
Case = tuple[str, str, Callable[[pikepdf.Pdf], bool]]
CASES: dict[str, Case] = {
    "words_of_link": (
        NOTE,
        '<p><a href="https://a.example/">Our page</a></p>',
        lambda pdf: str(notes_of(pdf, "Link")[-1].Contents) == "Our page",
    ),
    "language_of_part": (
        NOTE,
        '<p lang="fr">Bonjour</p>',
        lambda pdf: [str(each.Lang) for each in tagged(pdf, "P") if "/Lang" in each] == ["fr"],
    ),
    "scope_of_header": (
        NOTE,
        TABLE,
        lambda pdf: (
            {str(own(each).get("/Scope")) for each in tagged(pdf, "TH")} == {"/Column", "/Row"}
        ),
    ),
    "numbering_of_list": (
        NOTE,
        "<ol><li>One</li></ol><ul><li>Two</li></ul><ul class=boxes><li>Three</li></ul>",
        lambda pdf: (
            [str(own(each).get("/ListNumbering")) for each in tagged(pdf, "L")[-3:]]
            == ["/Decimal", "/Disc", "/None"]
        ),
    ),
    "one_element": (
        NOTE,
        LONG,
        lambda pdf: len(kids(tagged(pdf, "P")[-1])) > 1 and len(tagged(pdf, "Art")) == 1,
    ),
    "headers_once": (
        NOTE,
        TABLE,
        lambda pdf: (
            [str(each.S) for each in kids(tagged(pdf, "Table")[-1])] == ["/THead", "/TBody"]
        ),
    ),
    "headers_by_scope": (
        NOTE,
        TABLE,
        lambda pdf: not any("/Headers" in own(each) for each in tagged(pdf, "TD")),
    ),
    "bodies_of_items": (
        SLIP,
        "",
        lambda pdf: (
            {str(kid.S) for item in tagged(pdf, "LI") for kid in kids(item)} == {"/Lbl", "/LBody"}
        ),
    ),
    "no_empty_wrappers": (
        NOTE,
        "<div><p>Some <strong>bold</strong> words</p></div>",
        lambda pdf: not tagged(pdf, "Div", "NonStruct", "Span") and not empty(pdf),
    ),
    "boxes_of_figures": (
        NOTE,
        f'<p><img src="{PICTURE}" alt="A block"></p>',
        figure_stands_where_it_is_drawn,
    ),
    "fields_before_page": (SLIP, "", heads_come_before_their_pages),
    "add_spaces": (
        NOTE,
        LONG,
        lambda pdf: (
            "page. Many" in text_of(pdf, tagged(pdf, "P")[-1])
            and not re.search(r"[a-z.][A-Z]|ofa|thatfill", text_of(pdf, tagged(pdf, "P")[-1]))
        ),
    ),
    "fields": (SLIP, "", appearances),
    "letters_of_glyphs": (
        "corner/ar/note-a4",
        "<p><b>أولًا</b></p>",
        lambda pdf: not letters_of_fonts(pdf) & {b"", b"0000", b"feff"},
    ),
    "names_that_links_use": (
        NOTE,
        "",
        lambda pdf: (
            [str(name) for name in pdf.Root.Names.Dests.Names[::2]]
            == sorted({str(each.Dest) for each in notes_of(pdf, "Link") if "/Dest" in each})
        ),
    ),
    "small_profile": (
        NOTE,
        "",
        lambda pdf: (
            "/OutputIntents" in pdf.Root
            and len(pdf.Root.OutputIntents[0].DestOutputProfile.read_bytes()) < 1000
        ),
    ),
    "both_standards": (
        NOTE,
        "",
        lambda pdf: b'pdfuaid:part="1"' in pdf.Root.Metadata.read_bytes(),
    ),
    "which_sheet": (
        NOTE,
        "",
        lambda pdf: b'plainleaf:handout="note"' in pdf.Root.Metadata.read_bytes(),
    ),
    "at_real_size": (
        NOTE,
        "",
        lambda pdf: pdf.Root.ViewerPreferences.get("/PrintScaling") == Name("/None"),
    ),
}


def empty(pdf: pikepdf.Pdf) -> list[Any]:
    """Give the elements that hold nothing; the cells of a table may."""
    return [
        each
        for each in elements(pdf.Root.StructTreeRoot)
        if not kids(each) and str(each.S) not in ("/TD", "/TH")
    ]


def text_of(pdf: pikepdf.Pdf, element: Any) -> str:
    """Give the words of an element as its marks hold them, letter by letter."""
    made = io.BytesIO()
    pdf.save(made)
    number = [page.obj.objgen for page in pdf.pages].index(element.Pg.objgen)
    with pypdfium2.PdfDocument(made.getvalue()) as document:
        page = document[number]
        texts = page.get_objects([raw.FPDF_PAGEOBJ_TEXT], textpage=page.get_textpage())
        marks = kids(element)
        return "".join(
            text.extract() for text in texts if raw.FPDFPageObj_GetMarkedContentID(text) in marks
        )


@pytest.fixture(scope="module")
def with_all() -> pikepdf.Pdf:
    """Give a note that holds all that is put into notes."""
    html = "".join(sorted({body for path, body, _ in CASES.values() if path == NOTE}, key=len))
    return pdf_of(with_article(tiny_sheet(NOTE), html))


@pytest.mark.parametrize("name", CASES)
def test_a_repair_is_made_and_without_it_the_sheet_falls_short(
    monkeypatch: pytest.MonkeyPatch, name: str, with_all: pikepdf.Pdf
) -> None:
    path, body, is_right = CASES[name]
    sheet, is_form = with_article(tiny_sheet(path), body), path == SLIP
    as_it_stands = with_all if path == NOTE else None if body else sound(path, is_form=is_form)
    assert is_right(as_it_stands or pdf_of(sheet))
    monkeypatch.setattr(repair, name, nothing)
    monkeypatch.setattr("plainleaf.typeset.typeset.proof", unread)
    assert not is_right(pdf_of(sheet, is_form=is_form))


def test_without_the_wrap_around_weasyprint_no_head_has_its_fields_in_the_tree(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def names(pdf: pikepdf.Pdf) -> list[str]:
        held = [kid.Obj for form in tagged(pdf, "Form") for kid in kids(form)]
        return [str(each.TU) for each in held if str(each.TU) == "Name"]

    pdf = sound(SLIP, is_form=True)
    assert names(pdf) == ["Name"] * len(pdf.pages)
    monkeypatch.setattr("plainleaf.typeset.typeset.proof", unread)
    monkeypatch.setattr(repair, "_fields_of_head", lambda made, *_: list(made())[:0])
    assert names(pdf_of(tiny_sheet(SLIP), is_form=True)) == []


# Head and foot


def test_head_and_foot_are_no_part_of_the_text() -> None:
    pdf = sound(SLIP)
    for page in pdf.pages:
        stream = page.obj.Contents.read_bytes()
        for kind in (b"Header", b"Footer"):
            assert stream.count(b"/Artifact<</Type/Pagination/Subtype/%s>>BDC" % kind) >= 1


def test_a_header_that_a_table_repeats_is_no_part_of_the_text() -> None:
    once = content(sound()).count(b"Pagination")
    pdf = pdf_of(with_article(tiny_sheet(), TABLE))
    assert len(pdf.pages) > 3
    more = len(pdf.pages) - 2
    assert content(pdf).count(b"Pagination") > once + more


# Fields


def test_fields_are_typed_ticked_and_signed() -> None:
    pdf = sound(SLIP, is_form=True)
    kinds = {str(each.T): (str(each.FT), int(each.get("/Ff", 0))) for each in field_list(pdf)}
    assert kinds["slip-purpose-date"] == ("/Tx", 1 << 23)
    assert kinds["slip-place-lines"] == ("/Tx", 1 << 12 | 1 << 23)
    assert kinds["slip-agree-1"] == ("/Btn", 0)
    assert kinds["slip-signature-signature"] == ("/Sig", 0)
    assert pdf.Root.AcroForm.SigFlags == 1
    tick = next(each for each in field_list(pdf) if str(each.T) == "slip-agree-1")
    assert str(tick.TU) == "I could ask questions."
    assert set(tick.AP.N.keys()) == {"/on", "/Off"}
    assert Name.Off == tick.AS


def field_list(pdf: pikepdf.Pdf) -> list[Any]:
    return list(pdf.Root.AcroForm.Fields)


# The whole


@pytest.mark.parametrize("path", [SLIP, "corner/ar/note-letter-large"])
def test_a_sheet_looks_as_weasyprint_drew_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    """With other marks, a page is the same to the eye."""
    sheet = tiny_sheet(path)
    repaired = pictures(tiny_pdfs(path)[0].pdf, tmp_path / "repaired")
    monkeypatch.setattr("plainleaf.typeset.typeset.proof", unread)
    monkeypatch.setattr(repair, "joined_marks", nothing)
    monkeypatch.setattr(repair, "write_tree", nothing)
    plain = pictures(printed(sheet).pdf, tmp_path / "plain")
    assert len(plain) == len(repaired)
    for one, two in zip(plain, repaired, strict=True):
        assert ImageChops.difference(one, two).getbbox() is None


def pictures(pdf: bytes, folder: Path) -> list[Image.Image]:
    """Draw each page in grey, at 60 dots an inch; PDFium does not draw the two alike."""
    folder.mkdir()
    (folder / "sheet.pdf").write_bytes(pdf)
    command = ["pdftoppm", "-r", "60", "-gray", "sheet.pdf", "page"]
    subprocess.run(command, cwd=folder, check=True)
    return [Image.open(path) for path in sorted(folder.glob("page*.pgm"))]
