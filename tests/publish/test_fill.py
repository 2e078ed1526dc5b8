"""Tests of a clinic's own details: typed once on its desk, and on each sheet opened there."""

from __future__ import annotations

import hashlib
import io
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import page as page_validation
import pikepdf
import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, Route, expect

import build
from plainleaf.commands.verify import verify
from plainleaf.journey import recorded
from plainleaf.model import CLINIC_FIELDS
from plainleaf.proof.form import own, widgets_on
from plainleaf.records.identity import sealed
from tests.browser import DESK, PHONE, UNASKED, barriers, visit
from tests.conftest import ROOT, project_in
from tests.publish.test_axe import look

LONDON = "en-GB"
OWN = "handouts/anyone/index.html"
NOTE, SLIP = "Washing a small cut", "Slip for a small cut"
# Letters with accents, of Vietnamese too, Greek and Cyrillic.
DETAILS = {
    "name": "Łódź & Trường Clinic",
    "address": "12 Ξένια Street, Кири 4",
    "emergency_phone": "999",
    "daytime_phone": "+44 (0)20 7946 0123 x4",
}
LONG = "The Musculoskeletal and Sports Medicine Clinic of Harbour Street"
FAILED = (
    "This browser could not fill in the sheet. In a copy from a folder, none can. "
    "Open the sheet with lines"
)


def type_in(page: Page, **details: str) -> None:
    for name, text in details.items():
        page.locator(f".own [name={CLINIC_FIELDS[name]}]").fill(text)
        page.keyboard.press("Tab")


def card(page: Page, title: str) -> Any:
    return page.locator(".handout", has=page.get_by_role("heading", name=title, exact=True))


def answer_to(page: Page, title: str) -> str:
    """Open a sheet, and give what the card says to it when all is done."""
    card(page, title).locator(".open a").click()
    answer = card(page, title).locator(".answer")
    expect(answer.locator("a").first).to_be_visible(timeout=20_000)
    return " ".join(answer.inner_text().split())


def filled(page: Page, title: str) -> bytes:
    """Open a sheet in a tab of its own, and give the file that can be saved."""
    with page.expect_popup() as tab:
        said = answer_to(page, title)
    tab.value.close()
    assert said == "The sheet with your details: Open the sheet Save it"
    with page.expect_download() as saved:
        card(page, title).locator(".answer a[download]").click()
    assert saved.value.suggested_filename.endswith(".pdf")
    return saved.value.path().read_bytes()


def fields_of(pdf: bytes) -> dict[str, Any]:
    """Give what each field that holds something holds, and whether it is locked."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fields: Any = document.Root.AcroForm.Fields
        return {
            str(field.T): (str(field.V), bool(int(field.Ff) & 1))
            for field in fields
            if "/V" in field
        }


def letters_in(pdf: bytes) -> dict[str, list[str]]:
    """Give what is seen in each place of a detail: its letters, all of which stand within it."""
    found: dict[str, list[str]] = {}
    with pikepdf.open(io.BytesIO(pdf)) as document:
        shown = pypdfium2.PdfDocument(pdf)
        shown.init_forms()
        for number, page in enumerate(document.pages):
            leaf = shown[number]
            leaf.flatten()
            text = shown[number].get_textpage()
            for widget in widgets_on(page):
                name = str(own(widget, "/T") or "")
                if name in CLINIC_FIELDS.values():
                    box = [float(side) for side in widget.Rect]
                    found.setdefault(name, []).append(
                        text.get_text_bounded(*box).replace("\ufffe", "").strip()
                    )
    return found


@pytest.fixture(scope="module")
def note(chromium: Browser, tiny_address: str) -> bytes:
    """Give the note as the desk fills it in with DETAILS."""
    with visit(chromium, locale=LONDON) as seen:
        page = seen.go(f"{tiny_address}{OWN}")
        type_in(page, **DETAILS)
        return filled(page, NOTE)


def as_made(site: Path, sheet: str) -> bytes:
    return (site / f"handouts/anyone/en/{sheet}-form.pdf").read_bytes()


# What comes out


def test_details_stand_on_the_sheet_and_are_locked_and_all_else_is_as_it_was(
    note: bytes, tiny_site: Path
) -> None:
    made = as_made(tiny_site, "note-a4")
    assert note.startswith(made)
    assert fields_of(note) == {CLINIC_FIELDS[name]: (DETAILS[name], True) for name in DETAILS}
    with pikepdf.open(io.BytesIO(made)) as before, pikepdf.open(io.BytesIO(note)) as after:
        for name in ("/StructTreeRoot", "/Metadata", "/MarkInfo", "/Lang", "/OutputIntents"):
            assert name in after.Root
            one, two = (pdf.Root[name] for pdf in (before, after))
            assert one.unparse(resolved=True) == two.unparse(resolved=True)
        assert after.Root.Metadata.read_bytes() == before.Root.Metadata.read_bytes()
    for profile in (
        page_validation.ValidationProfile.PDF_UA_1,
        page_validation.ValidationProfile.PDF_A_2A,
    ):
        assert not page_validation.validate_pdf_bytes(note, profile=profile).failures


def test_a_detail_is_seen_in_each_of_its_places_whole(note: bytes) -> None:
    # The number for office hours stands where to call, and once more below.
    assert letters_in(note) == {
        "clinic-name": [DETAILS["name"]],
        "clinic-address": [DETAILS["address"]],
        "clinic-emergency": [DETAILS["emergency_phone"]],
        "clinic-daytime": [DETAILS["daytime_phone"]] * 2,
        "clinic-out-of-hours": [""],
    }


def test_a_form_in_large_print_keeps_its_other_fields_to_be_typed_into(
    chromium: Browser, tiny_address: str, tiny_site: Path
) -> None:
    with visit(chromium, locale=LONDON) as seen:
        page = seen.go(f"{tiny_address}{OWN}?handout=slip&paper=letter&text=large&fill=type")
        assert page.get_by_role("radio", name="large print").is_checked()  # an address of old
        type_in(page, **DETAILS)
        pdf = filled(page, SLIP)
        assert pdf.startswith(as_made(tiny_site, "slip-letter-large"))
        assert set(fields_of(pdf)) == {CLINIC_FIELDS[name] for name in DETAILS}
        assert letters_in(pdf)["clinic-name"] == [DETAILS["name"]]
        # Each version in the list comes out so, too.
        card(page, SLIP).locator("summary").click()
        with page.expect_popup() as tab:
            card(page, SLIP).get_by_role("link", name="A4 standard print", exact=True).click()
        tab.value.close()
        expect(card(page, SLIP).locator(".answer a[download]")).to_have_attribute(
            "download", "slip-a4.pdf"
        )
        assert seen.complaints == []


def test_a_sheet_in_arabic_takes_latin_details(chromium: Browser, tiny_address: str) -> None:
    with visit(chromium, locale=LONDON) as seen:
        page = seen.go(f"{tiny_address}{OWN}?language=ar&handout=note")
        type_in(page, **{**DETAILS, "daytime_phone": "0117 496 0123 x4"})
        pdf = filled(page, page.locator(".handout h2:visible").inner_text())
        assert letters_in(pdf)["clinic-name"] == [DETAILS["name"]]
        # Where a line of Arabic starts, beside its label.
        with pikepdf.open(io.BytesIO(pdf)) as document:
            fields: Any = document.Root.AcroForm.Fields
            (field,) = [each for each in fields if each.T == "clinic-name"]
            start = re.search(rb"([\d.]+) [\d.]+ Td", field.AP.N.read_bytes())
            assert start is not None
            assert float(start[1]) > float(field.Rect[2] - field.Rect[0]) / 4


# What does not fit


UNFIT = [
    ({"name": LONG}, "Clinic: this is too long for its line on this sheet."),
    ({"name": "عيادة"}, "Clinic: this sheet has no letters for ع ي ا د ة."),
    ({"name": "A 診所 🙂"}, "Clinic: this sheet has no letters for 診 所 🙂."),
    (
        {"name": "A", "daytime_phone": "020 7946 0123, and after lunch 020 7946 0124"},
        "Telephone: In office hours: this is too long for its line on this sheet.",
    ),
]


def test_what_does_not_fit_is_told_and_the_sheet_with_lines_is_offered(
    chromium: Browser, tiny_address: str
) -> None:
    with visit(chromium, locale=LONDON) as seen:
        page = seen.go(f"{tiny_address}{OWN}?handout=note&language=en")
        lines = card(page, NOTE).get_by_role("link", name="Open the sheet with lines")
        for details, said in UNFIT:
            type_in(page, **details)
            card(page, NOTE).locator(".open a").click()
            expect(card(page, NOTE).locator(".answer")).to_have_text(
                f"{said} Open the sheet with lines", timeout=20_000
            )
            assert len(page.context.pages) == 1
            assert lines.get_attribute("href") == "../../handouts/anyone/en/note-a4.pdf"
        lines.click()
        page.wait_for_url("**/handouts/anyone/en/note-a4.pdf")


# What somebody types for a number, and what is said of it.
NUMBERS = [
    ("call 999", "A telephone number starts with a digit, + or (."),
    ("112", ""),
    ("7", "This has too few digits for a telephone number, or too many."),
    ("٠٢٠ ٧٩٤٦", ""),
    ("020 7946 0123 020 7946 0124 5", "This has too few digits for a telephone number, "),
    ("+49 30 23125-0, Durchwahl 12", ""),
    ("(02) 5550 1234 ext 5", ""),
]


def test_a_number_is_looked_at_gently_and_its_fault_stands_beside_it(
    chromium: Browser, tiny_address: str
) -> None:
    with visit(chromium, locale=LONDON) as seen:
        page = seen.go(f"{tiny_address}{OWN}")
        field = page.get_by_label("Telephone: At other times")
        fault = page.locator("#clinic-out-of-hours-fault")
        for number, said in NUMBERS:
            type_in(page, out_of_hours_phone=number)
            assert fault.inner_text().startswith(said), number
            assert bool(fault.inner_text()) == bool(said), number
            assert field.get_attribute("aria-invalid") == str(bool(said)).lower(), number
            assert field.get_attribute("aria-describedby") == fault.get_attribute("id")
            assert fault.get_attribute("role") == "alert"
            if said:
                card(page, NOTE).locator(".open a").click()
                assert field.evaluate("one => one === document.activeElement")
                assert card(page, NOTE).locator(".answer").inner_text() == ""


# What is kept, and what is asked for


def kept(page: Page) -> dict[str, Any]:
    text = page.evaluate("localStorage.getItem('plainleaf.clinic')")
    return json.loads(text) if text else {}


def test_details_are_kept_only_if_somebody_ticks_so(chromium: Browser, tiny_address: str) -> None:
    with visit(chromium, locale=LONDON) as seen:
        page = seen.go(f"{tiny_address}{OWN}")
        type_in(page, **DETAILS)
        assert kept(page) == {}
        page.reload()
        assert page.locator("#clinic-name").input_value() == ""
        type_in(page, **DETAILS)
        keep = page.get_by_role("checkbox", name="Keep them on this device")
        keep.check()
        page.get_by_role("radio", name="large print").check()
        page.get_by_role("radio", name="US Letter").check()
        page.reload()
        assert kept(page) == {
            "details": {CLINIC_FIELDS[name]: DETAILS[name] for name in DETAILS},
            "choices": {"paper": "letter", "print": "large", "fill": "hand"},
        }
        summary = page.locator(".own summary")
        assert summary.inner_text() == f"Your clinic's name and numbers {DETAILS['name']}"
        assert not page.locator("#clinic-name").is_visible()
        # A large sheet on Letter with our numbers is three clicks from a page.
        page = seen.go(f"{tiny_address}slip.html")
        page.get_by_role("link", name="Handouts to print").first.click()
        page.wait_for_url("**/handouts.html")
        page.get_by_role("link", name="Any clinic: these sheets on a page of their own").click()
        page.wait_for_url(f"**/{OWN}")
        pdf = filled(page, SLIP)
        assert fields_of(pdf)["clinic-name"] == (DETAILS["name"], True)
        with pikepdf.open(io.BytesIO(pdf)) as document:
            assert [round(float(side)) for side in document.pages[0].mediabox] == [0, 0, 612, 792]
        # The address counts before what is kept, and a saved link opens with the numbers.
        seen.go(f"{tiny_address}{OWN}?handout=note&language=en&paper=a4")
        assert page.get_by_role("radio", name="A4").is_checked()
        pdf = filled(page, NOTE)
        assert fields_of(pdf)["clinic-emergency"] == ("999", True)
        summary.click()
        keep.uncheck()
        assert kept(page) == {}


def test_a_browser_that_keeps_nothing_fills_in_all_the_same(
    chromium: Browser, tiny_address: str
) -> None:
    with visit(chromium, is_first=True, locale=LONDON) as seen:
        seen.page.add_init_script(
            "Object.defineProperty(window, 'localStorage', { get() {"
            " throw new DOMException('refused', 'SecurityError'); } });"
        )
        page = seen.go(f"{tiny_address}{OWN}")
        type_in(page, name="A")
        keep = page.get_by_role("checkbox", name="Keep them on this device")
        keep.click()
        assert page.locator(".own .note").inner_text() == (
            "This browser keeps nothing. Type them again when you come back."
        )
        assert not keep.is_checked()
        assert fields_of(filled(page, NOTE)) == {"clinic-name": ("A", True)}
        # The theme's own script does not expect it.
        assert [each for each in seen.complaints if each != "refused"] == []


def test_nothing_is_sent_and_what_fills_in_is_loaded_only_then(
    chromium: Browser, tiny_address: str
) -> None:
    with visit(chromium, is_first=True, locale=LONDON) as seen:
        sent: list[str] = []
        seen.page.on("request", lambda one: sent.append(f"{one.method} {one.post_data or ''}"))
        page = seen.go(f"{tiny_address}{OWN}", patiently=True)
        before = set(seen.requests)
        type_in(page, **DETAILS)
        assert set(seen.requests) == before
        filled(page, NOTE)
        new = set(seen.requests) - before
        # The pictures of sheets come when they come.
        asked = {url for url in new if not url.startswith("blob:") and not url.endswith(".webp")}
        assert {url.removeprefix(tiny_address) for url in asked} == {
            "fill.js",
            "pdf-lib/pdf-lib.esm.min.js",
            "handouts/anyone/en/note-a4-form.pdf",
        }
        assert set(sent) == {"GET "}
        assert seen.complaints == []


def test_the_library_is_the_one_that_is_named_beside_it() -> None:
    folder = ROOT / "templates/website/theme/pdf-lib"
    named = re.search(r"SHA-256: ([0-9a-f]{64})", (folder / "LICENSE.txt").read_text("utf-8"))
    assert named is not None
    library = (folder / "pdf-lib.esm.min.js").read_bytes()
    assert hashlib.sha256(library).hexdigest() == named[1]
    # No page may make code of words: its security policy would stop that.
    assert not re.search(rb"\beval\(|\bnew Function\b", library)


# Where it cannot be


# What does not come, and what the host says instead, if anything.
SPOILT: dict[str, Callable[[Route], None]] = {
    "**/*-form.pdf": lambda route: route.fulfill(status=404, body="gone"),
    "**/*-a4-form.pdf": lambda route: route.abort(),
    "**/pdf-lib.esm.min.js": lambda route: route.abort(),
}


def test_a_sheet_that_cannot_be_fetched_is_offered_with_lines(
    chromium: Browser, tiny_address: str
) -> None:
    with visit(chromium, is_first=True, locale=LONDON) as seen:
        for what, spoil in SPOILT.items():
            seen.page.route(what, spoil)
            page = seen.go(f"{tiny_address}{OWN}")
            type_in(page, name="A")
            assert answer_to(page, NOTE) == FAILED, what
            seen.page.unroute(what)


def test_a_copy_in_a_folder_says_that_it_cannot_and_opens_the_sheet_with_lines(
    chromium: Browser, tiny_site: Path
) -> None:
    with visit(chromium, locale=LONDON) as seen:
        page = seen.go((tiny_site / OWN).as_uri())
        type_in(page, name="A")
        assert answer_to(page, NOTE) == FAILED
        lines = card(page, NOTE).get_by_role("link", name="Open the sheet with lines")
        assert lines.get_attribute("href") == "../../handouts/anyone/en/note-a4.pdf"


def test_nobody_is_asked_where_no_script_runs_or_a_clinic_has_its_details(
    chromium: Browser, tiny_address: str
) -> None:
    with visit(chromium, has_scripts=False) as seen:
        seen.page.goto(f"{tiny_address}{OWN}")
        assert not seen.page.locator(".own").is_visible()
        assert seen.page.get_by_role("link", name="A4 standard print").first.is_visible()
    with visit(chromium) as seen:
        page = seen.go(f"{tiny_address}handouts/corner/index.html")
        assert page.locator(".own, .answer").count() == 0


def test_what_is_typed_into_has_no_barriers(chromium: Browser, tiny_address: str) -> None:
    with visit(chromium, PHONE, reduced_motion="reduce", locale=LONDON) as seen:
        page = seen.go(f"{tiny_address}{OWN}")
        type_in(page, name=LONG, daytime_phone="no")
        page.get_by_label("Telephone: In office hours").fill("12")
        answer_to(page, NOTE)
        type_in(page, daytime_phone="no")
        for size, colours in ((PHONE, "light"), (PHONE, "dark"), (DESK, "dark")):
            look(page, size, (colours, "none"))
            assert barriers(page, UNASKED, ".desk") == []
            assert page.evaluate("document.documentElement.scrollWidth") <= size["width"]
            heights = page.evaluate(
                "() => [...document.querySelectorAll('.own summary, .own .detail input, .own .keep"
                " label, .answer a')].map(one => one.getBoundingClientRect().height)"
            )
            assert min(heights) >= 44


# What verify says of it


def said_of(project: Path, pdf: bytes, folder: Path) -> str:
    file = folder / "sheet.pdf"
    file.write_bytes(pdf)
    known = recorded(project_in(project), build.today())
    return str(verify(known, str(file))).replace(f"{folder}/", "")


def appended(pdf: bytes, change: Callable[[pikepdf.Pdf], Any]) -> bytes:
    """Change a PDF, and append the object that changed as an update, as a forger would."""
    with pikepdf.open(io.BytesIO(pdf)) as document:
        item = change(document)
        if isinstance(item, pikepdf.Stream):
            data = item.read_bytes()
            head = pikepdf.Dictionary({"/Length": len(data)})
            body = head.unparse() + b"\nstream\n" + data + b"\nendstream"
        else:
            body = item.unparse(resolved=True)
        number = item.objgen[0]
        root = document.trailer.Root.objgen[0]
        info = document.trailer.Info.objgen[0]
        size = int(document.trailer.Size)
        identifier = document.trailer.ID.unparse()
    last = re.findall(rb"startxref\s+(\d+)", pdf)[-1].decode()
    start = len(pdf) + 1
    new = b"\n%d 0 obj\n" % number + body + b"\nendobj\n"
    place = start + len(new) - 1
    entries = (
        b"\x01" + start.to_bytes(4, "big") + b"\0" + b"\x01" + place.to_bytes(4, "big") + b"\0"
    )
    table = (
        f"{size} 0 obj\n<< /Type /XRef /Size {size + 1} /Root {root} 0 R /Info {info} 0 R "
        f"/Prev {last} /W [1 4 1] /Index [{number} 1 {size} 1] /Length {len(entries)} /ID "
    ).encode()
    return (
        pdf
        + new
        + table
        + identifier
        + b" >>\nstream\n"
        + entries
        + b"\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % place
    )


def another_page_text(pdf: pikepdf.Pdf) -> Any:
    contents = pdf.pages[0].obj.Contents
    contents.write(contents.read_bytes().replace(b" Tj", b" Tj ", 1) + b"\n0 0 m 9 9 l S\n")
    return contents


def a_field_elsewhere(pdf: pikepdf.Pdf) -> Any:
    field: Any = pdf.Root.AcroForm.Fields[0]
    field.Rect = [100, 100, 300, 124]
    return field


def a_number_that_is_not_shown(pdf: pikepdf.Pdf) -> Any:
    fields: Any = pdf.Root.AcroForm.Fields
    (field,) = [each for each in fields if each.T == "clinic-emergency"]
    field.V = pikepdf.String("112")
    return field


SEAL = "  ! Bytes     changed since it was made: its seal does not hold"


def test_verify_names_what_was_filled_in_and_that_all_else_is_as_it_was(
    note: bytes, tiny_project: Path, tmp_path: Path
) -> None:
    assert said_of(tiny_project, note, tmp_path) == (
        "sheet.pdf: all is well.\n"
        "    Handout   T-1 (note), Washing a small cut\n"
        "    Language  en, English\n"
        "    Clinic    anyone, which is written in by hand\n"
        "    Version   1.10 of 2026-11-23\n"
        "    Paper     A4, standard print, a form to type into\n"
        "    Code      V7RN-YTJ3\n"
        "    Bytes     as they were made, but for what was filled in: those of "
        "site/handouts/anyone/en/note-a4-form.pdf\n"
        f'    Filled in Clinic: "{DETAILS["name"]}", locked\n'
        f'    Filled in Address and telephone: "{DETAILS["address"]}", locked\n'
        f'    Filled in Ambulance: "{DETAILS["emergency_phone"]}", locked\n'
        f'    Filled in In office hours: "{DETAILS["daytime_phone"]}", locked\n'
        "    Words     those of version 1.10 in ledger/note.yml\n"
        "    Current   yes: the newest version, to be approved by hand"
    )


@pytest.mark.parametrize("spoil", [another_page_text, a_field_elsewhere])
def test_verify_tells_a_page_that_was_changed_from_a_field_that_was_filled_in(
    note: bytes,
    tiny_project: Path,
    tmp_path: Path,
    spoil: Callable[[pikepdf.Pdf], Any],
) -> None:
    said = said_of(tiny_project, appended(note, spoil), tmp_path)
    assert said.startswith("sheet.pdf: not all is well: look at bytes.")
    assert SEAL in said
    assert "Filled in" not in said


def test_verify_tells_a_number_that_a_sheet_holds_but_does_not_show(
    note: bytes, tiny_project: Path, tmp_path: Path
) -> None:
    said = said_of(tiny_project, appended(note, a_number_that_is_not_shown), tmp_path)
    assert said.startswith("sheet.pdf: not all is well: look at filled in.")
    assert (
        '  ! Filled in Ambulance: "112", locked, drawn by another program: '
        "see that the sheet shows this"
    ) in said


def test_verify_tells_a_form_that_was_forged_before_it_was_filled_in(
    note: bytes, tiny_site: Path, tiny_project: Path, tmp_path: Path
) -> None:
    """The start of the file is sealed anew, but it is not that of the site."""
    made = as_made(tiny_site, "note-a4")
    title = b"Washing a small cut"
    assert title in made
    forged = sealed(made.replace(title, b"Burning a small cut")) + note[len(made) :]
    said = said_of(tiny_project, forged, tmp_path)
    assert "  ! Bytes     not those of site/handouts/anyone/en/note-a4-form.pdf" in said
