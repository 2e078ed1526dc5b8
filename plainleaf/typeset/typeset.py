"""Stage 6, typeset: HTML becomes PDF. Only this folder knows WeasyPrint."""

from __future__ import annotations

import gc
import io
import os
import re
from collections.abc import Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any
from warnings import catch_warnings, filterwarnings

import lxml.html
import pikepdf

from plainleaf.compose.compose import Composed
from plainleaf.files.fonts import SCHEME, sheet_font
from plainleaf.machine.logs import warnings_of
from plainleaf.machine.needs import TYPE_NEEDS, advice, missing
from plainleaf.machine.program import IS_INSTALLED
from plainleaf.model import Handout, Printed, Sheet
from plainleaf.problems import MachineError, Place, Problem, stop_at
from plainleaf.proof import proof
from plainleaf.records.identity import identity_of, sealed
from plainleaf.typeset.page_fill import hardly_filled, rows_beyond
from plainleaf.typeset.picture import first_page
from plainleaf.typeset.wide_words import wide_words, written_at

# No such host exists (RFC 6761); a picture or link without an address of its own goes nowhere.
NOWHERE = "https://plainleaf.invalid/"
# To us a sheet of which one of these warns is not a sheet.
_WARNING = ("weasyprint", "fontTools")
# Settings of FontConfig without a folder of fonts.
NO_FONTS = Path(__file__).with_name("fonts.conf")
# A picture in a template or in CSS, which would fill a message with thousands of letters.
_CARRIED = re.compile("data:image/[^\\s\"')]+")
_SHORTER = "It is made all the same. A shorter name or address takes less room."
_OWN_SHORTER = "It is made all the same. What the clinic itself says on it takes room, too."
_ROOM = "It is made all the same. `letterhead: none` leaves room on page 1."
_WHOLE = lxml.html.HTMLParser(huge_tree=True)


def ready() -> None:
    """Load WeasyPrint; raise MachineError if the libraries it draws with are missing."""
    # fontTools writes the time into a font that it cuts down, unless it is told another.
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    try:
        with _only_fonts_of_sheets(), catch_warnings():
            filterwarnings("ignore", "No fonts configured in FontConfig")  # it is meant so
            import weasyprint  # noqa: F401, PLC0415 only machines that print need Pango
    except OSError as error:
        if IS_INSTALLED:  # there is no Makefile that would see to it
            raise MachineError(advice(missing(TYPE_NEEDS) or TYPE_NEEDS)) from error
        raise MachineError(
            "the library that sets type (Pango) is missing on this machine.\n"
            "    Run `make`: it installs Pango, or says how you can."
        ) from error


@contextmanager
def _only_fonts_of_sheets() -> Iterator[None]:
    """Let FontConfig find no font of this machine, only those that the CSS of a sheet brings.

    WeasyPrint asks it anew for each sheet. Afterwards it is as before: a browser that this process
    starts needs the fonts of the machine.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(NO_FONTS)
    try:
        yield
    finally:
        if before is None:
            del os.environ["FONTCONFIG_FILE"]
        else:
            os.environ["FONTCONFIG_FILE"] = before


def typeset(composed: Composed) -> list[Printed | Problem]:
    """Give a sheet's PDF, and a second one to type into if it has fields; or all that is wrong.

    Both are PDF/UA-1 and PDF/A-2a. The bytes depend on the HTML, the fonts and the versions of the
    libraries, and on nothing else. Of a pack it is the cover (binding.py).
    """
    ready()
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 see ready()

    sheet = composed.sheet
    with _tidied_up_once(), warnings_of(*_WARNING) as warnings:
        try:
            document = _laid_out(composed.html, sheet.language.fonts)
            printed = _printed(composed, document)
        except FatalURLFetchingError as error:
            return [_problem(sheet, f"{error}.")]
        if warnings:
            return [_of_warning(composed, warning) for warning in dict.fromkeys(warnings)]
        problems = [*_wide_words(composed, document.pages)]
        if not problems:  # the proof would find a wide word too, and call it something else
            for item in printed:
                problems += proof(composed, item.pdf, is_form=item.is_form)
        notes = *_beyond_limits(composed, document.pages), *hardly_filled(composed, document.pages)
    return [*problems] or [replace(item, warnings=notes) for item in printed]


@dataclass(frozen=True, slots=True)
class Length:
    """How many pages a sheet has, and the names of the places on its first one."""

    pages: int
    first: tuple[str, ...]


def length_of(layout: tuple[str, tuple[str, ...]]) -> Length | None:
    """Give how long HTML with some fonts gets; None if it cannot be laid out: typeset says why.

    Nothing is written, so it takes a third of the time that it takes to print it.
    """
    ready()
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 see ready()

    html, fonts = layout
    with _tidied_up_once(), warnings_of(*_WARNING) as warnings:
        try:
            pages = _laid_out(html, fonts).pages
        except FatalURLFetchingError:
            return None
    return None if warnings else Length(len(pages), tuple(sorted(pages[0].anchors)))


@contextmanager
def _tidied_up_once() -> Iterator[None]:
    """Collect garbage once, when a sheet is finished: meanwhile it takes 5 % of the time."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.collect(0)  # all objects made meanwhile are of the youngest generation
            gc.enable()


def _laid_out(text: str, fonts: tuple[str, ...]) -> Any:
    """Lay out the HTML of a sheet. Raises FatalURLFetchingError for what cannot be fetched.

    No page ends within a row of columns. A row that no page has room for, as another language may
    take more words, is laid out once more with its columns one below the other.
    """
    import weasyprint  # noqa: PLC0415 see ready()

    html = weasyprint.HTML(string=text, base_url=NOWHERE, url_fetcher=offline(fonts))
    with _only_fonts_of_sheets():
        document = html.render()
        tall = list(rows_beyond(document.pages))
        for row in tall:
            row.set("class", f"{row.get('class')} below")
        return html.render() if tall else document


def set_page(html: str, fonts: tuple[str, ...], template: str) -> bytes:
    """Give HTML that is no sheet as a PDF: a card to be drawn as a picture, a page for editors.

    Raises ContentError, at the template, for what cannot be fetched and for every warning.
    """
    ready()
    import weasyprint  # noqa: PLC0415 see ready()
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415

    with warnings_of(*_WARNING) as warnings, _only_fonts_of_sheets():
        try:
            page = weasyprint.HTML(string=html, base_url=NOWHERE, url_fetcher=offline(fonts))
            pdf = bytes(page.write_pdf())
        except FatalURLFetchingError as error:
            warnings.append(str(error))
        stop_at(
            Problem(Place(template), f"{warning.rstrip('.')}.", "Look at its CSS and its pictures.")
            for warning in dict.fromkeys(warnings)
        )
    return pdf


def offline(fonts: tuple[str, ...]) -> Any:
    """Give what fetches fonts and what the HTML itself carries, and nothing else."""
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415

    class Offline(URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if url.startswith(SCHEME) and (font := sheet_font(url.removeprefix(SCHEME), fonts)):
                return URLFetcherResponse(url, font)
            if url.startswith("data:"):
                return super().fetch(url, headers)
            raise FatalURLFetchingError(f'the sheet asks for "{url}", which it does not carry')

    return Offline(fail_on_errors=True)


def _printed(composed: Composed, document: Any) -> list[Printed]:
    """Write a document that is laid out: without its fields, and with them if they are wanted."""
    from plainleaf.typeset import repair  # noqa: PLC0415 see ready()

    repair.small_profile(document)
    repair.spaces_in_fonts(document)
    fields = [page.forms for page in document.pages]
    pdfs = []
    sheet = composed.sheet
    is_rtl = sheet.language.direction == "rtl"
    for is_form in (False, True) if sheet.is_filled_in else (False,):
        for page, forms in zip(document.pages, fields, strict=True):
            page.forms = forms if is_form else {}
        identity = identity_of(sheet, composed.sheet_status, is_form=is_form)
        with repair.better_tags():
            pdf = document.write_pdf(
                pdf_variant="pdf/a-2a",
                output_intent=repair.COLOURS,
                finisher=partial(repair.finish, identity=identity, is_rtl=is_rtl),
                # packed() compresses, and gives the file its identifier.
                uncompressed_pdf=True,
                pdf_identifier=False,
            )
        with pikepdf.open(io.BytesIO(pdf)) as written:
            pdfs.append(sealed(packed(written)))
    picture = first_page(pdfs[0])
    return [
        Printed(sheet, composed.sheet_status, is_form, pdf, len(document.pages), picture)
        for is_form, pdf in zip((False, True), pdfs, strict=False)
    ]


def packed(pdf: pikepdf.Pdf) -> bytes:
    """Give a file without what nothing refers to, and compressed but for the metadata.

    These stay plain, since the seal will be written into them.
    """
    out = io.BytesIO()
    pikepdf.settings.set_flate_compression_level(9)
    pdf.save(out, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return out.getvalue()


def _problem(sheet: Sheet, fact: str) -> Problem:
    place = Place(sheet.handout.source.path)
    hint = "Seen while setting this handout: look at its template, its CSS and its pictures."
    return Problem(place, fact, hint)


def _of_warning(composed: Composed, warning: str) -> Problem:
    """Say a warning of WeasyPrint; that of a picture, at the file that names the picture."""
    sheet = composed.sheet
    if "data:image/" not in warning:
        return _problem(sheet, f"{warning.rstrip('.')}.")
    tree: Any = lxml.html.document_fromstring(composed.html, _WHOLE)
    for image in tree.iter("img"):
        if image.get("alt") and image.get("src", "-") in warning:
            section = next(iter(image.xpath("ancestor::*/@data-section")), "")
            home = sheet.clinic if image.get("class") == "logo" else sheet.handout
            fact = f'the picture "{image.get("alt")}" cannot be printed on {sheet.path}.'
            hint = "Save it again as a PNG or JPEG."
            return Problem(composed.places.get(section, home.source), fact, hint)
    warning = _CARRIED.sub("a picture in a template or CSS", warning).rstrip(".")
    return _problem(sheet, f"{warning}.")


def help_not_on_page_1(handout: Handout, on_first_page: Container[str]) -> Iterator[str]:
    """Give the sections of an aftercare sheet that say when to get help, and are not on page 1."""
    for part in handout.parts if handout.kind == "aftercare" else ():
        is_help = {"emergency", "today", "routine"} & set(part.elements)
        if is_help and f"{part.page.replace('/', '-')}-{part.section}" not in on_first_page:
            yield f"{part.page}#{part.section}"


def _beyond_limits(composed: Composed, pages: Sequence[Any]) -> Iterator[Problem]:
    """Warn of a sheet in standard print that its clinic's own name and address make too long."""
    sheet = composed.sheet
    place = Place(sheet.clinic.source.path)
    if _is_limited(composed):
        for part in help_not_on_page_1(sheet.handout, pages[0].anchors):
            fact = f"what this clinic prints above it keeps {part} off page 1 of {sheet.path}."
            yield Problem(place, fact, _shorter(composed), is_warning=True)
    if not composed.handouts:
        yield from too_long(composed, len(pages))


def too_long(composed: Composed, pages: int) -> Iterator[Problem]:
    """Warn of a sheet with more pages than its handout allows."""
    sheet, handout = composed.sheet, composed.sheet.handout
    most = handout.most_pages_of(sheet.language.code)
    if _is_limited(composed) and pages > most:
        fact = (
            f"what this clinic prints beside the words makes {sheet.path} {pages} pages long; "
            f"{handout.limit.path} allows {most}."
        )
        place = Place(sheet.clinic.source.path)
        yield Problem(place, fact, _shorter(composed), is_warning=True)


def _shorter(composed: Composed) -> str:
    """Say what takes room on a sheet beside its words, and would be shorter."""
    if not composed.sheet.clinic.has_letterhead:
        return _ROOM
    return _OWN_SHORTER if composed.sheet_status.own else _SHORTER


def _is_limited(composed: Composed) -> bool:
    """Tell whether a sheet is held against its limits again, which its words keep (limits.py).

    A warning on each page takes room that the sheet has as soon as it may be handed out.
    """
    return composed.sheet.size == "standard" and not composed.is_marked


def _wide_words(composed: Composed, pages: Iterable[Any]) -> Iterator[Problem]:
    """Refuse words that would run into the next column or off the paper."""
    sheet = composed.sheet
    for wide in wide_words(pages):
        place = written_at(wide, composed.places, composed.texts, sheet.handout.source)
        fact = f'"{wide.word}" is too wide for its place on page {wide.page} of {sheet.path}.'
        hint = "Write a shorter word."
        if place.path == sheet.clinic.source.path:
            hint = "Look at the sheet's CSS: what a clinic is called must find room."
        elif wide.section and place.path.endswith(".md"):
            hint = (
                "Write a shorter word, or `&shy;` within it where it may be parted; "
                "a table may need fewer columns."
            )
        yield Problem(place, fact, hint)
