"""Stage 6, typeset: HTML becomes PDF. Only this folder knows WeasyPrint."""

from __future__ import annotations

import gc
import io
import logging
import os
import re
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any
from warnings import catch_warnings, filterwarnings

import lxml.html
import pikepdf

from plainleaf.compose.compose import Composed
from plainleaf.files.fonts import SCHEME, families, sheet_font, space_of
from plainleaf.model import Handout, Printed, Sheet
from plainleaf.problems import MachineError, Place, Problem, stop_at
from plainleaf.proof import proof
from plainleaf.proof.fonts import Font
from plainleaf.records.identity import identity_of, sealed
from plainleaf.typeset.binding import Placed, bind, glyphs_of, numbers_only, places_of
from plainleaf.typeset.picture import first_page
from plainleaf.typeset.wide_words import wide_words, written_at

# No such host exists (RFC 6761); a picture or link without an address of its own goes nowhere.
NOWHERE = "https://plainleaf.invalid/"
# Settings of FontConfig without a folder of fonts.
NO_FONTS = Path(__file__).with_name("fonts.conf")
# A picture in a template or in CSS, as messages would tell it: in thousands of letters.
_CARRIED = re.compile("data:image/[^\\s\"')]+")
_WHOLE = lxml.html.HTMLParser(huge_tree=True)
# How a page is painted: on a stream, at a scale.
_Paint = Callable[[Any, float], None]


def ready() -> None:
    """Load WeasyPrint; raise MachineError if the libraries it draws with are missing."""
    try:
        with _only_fonts_of_sheets(), catch_warnings():
            filterwarnings("ignore", "No fonts configured in FontConfig")  # it is meant so
            import weasyprint  # noqa: F401, PLC0415 only machines that print need Pango
    except OSError as error:
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
    libraries, and on nothing else.
    """
    with _tidied_up_once():
        return _typeset(composed)


def _typeset(composed: Composed) -> list[Printed | Problem]:
    ready()
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 see ready()

    # fontTools writes the time into a font that it cuts down, unless it is told another.
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    sheet = composed.sheet
    done = [[each] if isinstance(each, Printed) else _typeset(each) for each in composed.held]
    if wrong := [item for items in done for item in items if isinstance(item, Problem)]:
        return [*wrong]
    held = [items[0] for items in done if isinstance(items[0], Printed)]  # those to print
    html = numbers_only(composed.html, [item.pages for item in held]) if held else composed.html
    if not html:
        return [_no_number(sheet)]
    with _warnings() as warnings:
        try:
            document = _laid_out(html, sheet.language.fonts, warnings)
            printed = _printed(composed, document, held)
        except FatalURLFetchingError as error:
            return [_problem(sheet, f"{error}.")]
        if warnings:
            return [_of_warning(composed, warning) for warning in dict.fromkeys(warnings)]
    problems = [*_wide_words(composed, document.pages)]
    if not problems:  # what is laid out wrong is told once, by what it is
        for item in printed:
            problems += proof(composed, item.pdf, is_form=item.is_form)
    beyond = tuple(_beyond_limits(composed, document.pages))
    printed = [replace(item, warnings=beyond) for item in printed]
    return [*problems] or [*printed]


@dataclass(frozen=True, slots=True)
class Length:
    """How many pages a sheet has, and the names of the places on its first one."""

    pages: int
    first: tuple[str, ...]


@lru_cache(64)
def length_of(of: tuple[str, tuple[str, ...]]) -> Length | None:
    """Give how long HTML with some fonts gets; None if it cannot be laid out, which typeset says.

    Nothing is written, so it takes a third of the time that it takes to print it.
    """
    ready()
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415 see ready()

    html, fonts = of
    with _tidied_up_once(), _warnings() as warnings:
        try:
            pages = _laid_out(html, fonts, warnings).pages
        except FatalURLFetchingError:
            return None
    return None if warnings else Length(len(pages), tuple(sorted(pages[0].anchors)))


@contextmanager
def _tidied_up_once() -> Iterator[None]:
    """Look for memory to free when a sheet is finished, and not again and again while it is set."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.collect(0)  # what was made meanwhile is the youngest generation, all of it
            gc.enable()


def _laid_out(text: str, fonts: tuple[str, ...], warnings: list[str]) -> Any:
    """Lay out the HTML of a sheet, with what an earlier one with the same styles had to read."""
    import weasyprint  # noqa: PLC0415 see ready()

    html = weasyprint.HTML(string=text, base_url=NOWHERE, url_fetcher=offline(fonts))
    elements = [*html.etree_element.iter("style")]
    with _only_fonts_of_sheets():
        look = _look(fonts, tuple(element.text or "" for element in elements))
        warnings += look.warnings
        for element in elements:
            element.text = ""  # it is read already
        return html.render(look.font_map, stylesheets=look.styles, presentational_hints=False)


class _Look:
    """What sheets with the same styles share: the styles, and the fonts that these declare.

    What Pango learns of a font takes as long as to lay out a page. Warnings are kept, for each
    sheet has to tell them.
    """

    def __init__(self, fonts: tuple[str, ...], texts: tuple[str, ...]) -> None:
        import weasyprint  # noqa: PLC0415 see ready()
        from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

        self.font_map = FontConfiguration()
        with _warnings() as self.warnings:
            self.styles = [
                weasyprint.CSS(
                    string=text,
                    base_url=NOWHERE,
                    url_fetcher=offline(fonts),
                    font_config=self.font_map,
                )
                for text in texts
            ]
        # A process keeps no folder of fonts when it ends; atexit is not called in all of a pool.
        Finalize(None, _look.cache_clear, exitpriority=0)


# One for each size of paper and of print, in two languages; each takes a few megabytes.
_look = lru_cache(maxsize=8)(_Look)


def set_page(html: str, fonts: tuple[str, ...], template: str) -> bytes:
    """Give HTML that is no sheet as a PDF: a card to be drawn as a picture, a page for editors.

    Raises ContentError, at the template, for what cannot be fetched and for every warning.
    """
    ready()
    import weasyprint  # noqa: PLC0415 see ready()
    from weasyprint.urls import FatalURLFetchingError  # noqa: PLC0415

    with _warnings() as warnings, _only_fonts_of_sheets():
        try:
            page = weasyprint.HTML(string=html, base_url=NOWHERE, url_fetcher=offline(fonts))
            pdf = bytes(page.write_pdf())
        except FatalURLFetchingError as error:
            warnings.append(str(error))
        stop_at(
            Problem(Place(template), f"{warning}.", "Look at its CSS and its pictures.")
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


def _printed(composed: Composed, document: Any, held: Sequence[Printed]) -> list[Printed]:
    """Write a document that is laid out: without its fields, and with them if they are wanted.

    held are the handouts that belong into it, if it is a pack.
    """
    from plainleaf.typeset import repair  # noqa: PLC0415 see ready()

    repair.small_profile(document)
    fields = [page.forms for page in document.pages]
    for page in document.pages:
        page.paint = _PaintedOnce(page.paint)
    last = document.pages[-1]
    last.paint = _with_glyphs(last.paint, document, glyphs_of(item.pdf for item in held))
    places = places_of([page.anchors for page in document.pages])
    finished = [
        Placed(item.sheet.handout.name, item.pdf, place)
        for item, place in zip(held, places, strict=True)
    ]
    pdfs = []
    sheet = composed.sheet
    for is_form in (False, True) if sheet.handout.is_filled_in else (False,):
        for page, forms in zip(document.pages, fields, strict=True):
            page.forms = forms if is_form else {}
        identity = identity_of(sheet, composed.standing, is_form=is_form)
        with repair.better_tags() as numbers:
            pdf = document.write_pdf(
                pdf_variant="pdf/a-2a",
                output_intent=repair.COLOURS,
                finisher=partial(repair.finish, identity=identity, numbers=numbers),
                # _packed packs, and gives the file its identifier.
                uncompressed_pdf=True,
                pdf_identifier=False,
            )
        pdfs.append(sealed(_packed(pdf, finished)))
    picture = first_page(pdfs[0])
    return [
        Printed(sheet, composed.standing, is_form, pdf, len(document.pages), picture)
        for is_form, pdf in zip((False, True), pdfs, strict=False)
    ]


class _PaintedOnce:
    """Paints a page as WeasyPrint does; for the twin of a sheet, it gives the same lines again.

    Fields are not painted. But a picture, a pattern or a shade becomes an object of one file, so a
    page that names any is painted for each: its states name how opaque a colour is, and no more.
    """

    def __init__(self, paint: _Paint) -> None:
        self._paint = paint
        self._lines: list[Any] = []
        self._marks: dict[Any, Any] = {}
        self._states: dict[str, Any] | None = None  # until the page is known to need no more

    def __call__(self, stream: Any, scale: float) -> None:
        states = stream._resources["ExtGState"]
        if self._states is not None:
            stream.stream += self._lines
            stream._tags.update(self._marks)
            states.update(self._states)
            return
        before = len(stream.stream)
        self._paint(stream, scale)
        self._lines, self._marks = stream.stream[before:], dict(stream._tags)
        named = set(_named(self._lines))
        if all(name.startswith(("a", "A")) and operator == "gs" for name, operator in named):
            self._states = {name: states[name] for name, _ in named}


def _named(lines: Iterable[Any]) -> Iterator[tuple[str, str]]:
    """Give each name of something outside a page that its lines use, but fonts, and what for."""
    for line in lines:
        if isinstance(line, bytes) and line.startswith(b"/") and b" " in line:
            name, *_, operator = line.decode("ascii").split()
            if operator != "Tf":
                yield name[1:], operator


def _with_glyphs(paint: _Paint, document: Any, glyphs: Mapping[str, Font]) -> _Paint:
    """Let the page that is painted last make the file hold more glyphs than its pages print.

    These are glyphs that others need, and a space in each font: page_streams.py ends lines with it.
    """

    def painted(stream: Any, scale: float) -> None:
        paint(stream, scale)
        for font in document.fonts.values():
            if font.hash in glyphs:
                more = glyphs[font.hash]
                font.to_unicode.update(more.text | font.to_unicode)
                font.widths.update(more.widths | font.widths)
            is_ours = font.family in families() and not font.used_in_forms
            if is_ours and " " not in font.to_unicode.values():
                glyph, width = space_of(font.family, font.weight)
                font.to_unicode[glyph], font.widths[glyph] = " ", width

    return painted


def _packed(pdf: bytes, held: Sequence[Placed]) -> bytes:
    """Bind a pack; leave out what nothing refers to, and pack the rest but for the metadata.

    There the seal will be.
    """
    packed = io.BytesIO()
    pikepdf.settings.set_flate_compression_level(9)
    with pikepdf.open(io.BytesIO(pdf)) as document:
        if held:
            bind(document, held)
        document.save(
            packed, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate
        )
    return packed.getvalue()


def _no_number(sheet: Sheet) -> Problem:
    place = Place(f"templates/handout/{sheet.handout.template}.html.jinja")
    fact = f"{sheet.path} cannot be numbered through: the foot of a handout has no number."
    hint = (
        "Print it as document.html.jinja does: in a span of the class number, in a paragraph of "
        "the class page-number."
    )
    return Problem(place, fact, hint)


def _problem(sheet: Sheet, fact: str) -> Problem:
    place = Place(sheet.handout.source.path)
    hint = "Seen while setting this handout: look at its template, its CSS and its pictures."
    return Problem(place, fact, hint)


def _of_warning(composed: Composed, warning: str) -> Problem:
    """Say a warning of WeasyPrint; that of a picture, at the file that names the picture."""
    sheet = composed.sheet
    if "data:image/" not in warning:
        return _problem(sheet, f"{warning}.")
    tree: Any = lxml.html.document_fromstring(composed.html, _WHOLE)
    for image in tree.iter("img"):
        if image.get("alt") and image.get("src", "-") in warning:
            of = next(iter(image.xpath("ancestor::*/@data-section")), "")
            home = sheet.clinic if image.get("class") == "logo" else sheet.handout
            fact = f'the picture "{image.get("alt")}" cannot be printed on {sheet.path}.'
            hint = "Save it again as a PNG or JPEG."
            return Problem(composed.places.get(of, home.source), fact, hint)
    return _problem(sheet, f"{_CARRIED.sub('a picture in a template or CSS', warning)}.")


def help_elsewhere(handout: Handout, on_first_page: Container[str]) -> Iterator[str]:
    """Give the sections of an aftercare sheet that say when to get help, and are not on page 1."""
    for part in handout.parts if handout.kind == "aftercare" else ():
        is_help = {"emergency", "today", "routine"} & set(part.elements)
        if is_help and f"{part.page.replace('/', '-')}-{part.section}" not in on_first_page:
            yield f"{part.page}#{part.section}"


def _beyond_limits(composed: Composed, pages: Sequence[Any]) -> Iterator[Problem]:
    """Warn of a sheet in standard print that its clinic's own name and address make too long.

    The words fit: they were held against the widest furniture (limits.py). A warning on each page
    takes room that the sheet has as soon as it may be handed out.
    """
    sheet, handout = composed.sheet, composed.sheet.handout
    if sheet.text != "standard" or composed.standing.is_marked:
        return
    place = Place(sheet.clinic.source.path)
    hint = "It is made all the same. A shorter name or address takes less room."
    for part in help_elsewhere(handout, pages[0].anchors):
        fact = f"what this clinic prints above it keeps {part} off page 1 of {sheet.path}."
        yield Problem(place, fact, hint, is_warning=True)
    if len(pages) > handout.most_pages:
        fact = (
            f"what this clinic prints beside the words makes {sheet.path} {len(pages)} pages long; "
            f"{handout.limit.path} allows {handout.most_pages}."
        )
        yield Problem(place, fact, hint, is_warning=True)


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


@contextmanager
def _warnings() -> Iterator[list[str]]:
    """Collect what WeasyPrint only warns about: to us, a sheet with a warning is not a sheet."""
    seen: list[str] = []

    class Collect(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            seen.append(record.getMessage().rstrip("."))

    loggers = [logging.getLogger(name) for name in ("weasyprint", "fontTools")]
    handler = Collect(logging.WARNING)
    for logger in loggers:
        logger.addHandler(handler)
    try:
        yield seen
    finally:
        for logger in loggers:
            logger.removeHandler(handler)
