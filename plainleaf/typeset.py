"""Stage 6, typeset: HTML becomes PDF. Only it and overflow know WeasyPrint."""

from __future__ import annotations

import io
import logging
import os
from collections.abc import Container, Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import pikepdf

from plainleaf.compose import Composed
from plainleaf.fonts import SCHEME, font_files, printed_names
from plainleaf.model import Printed, Sheet
from plainleaf.overflow import wide_words, written_at
from plainleaf.problems import MachineError, Place, Problem

# No such host exists (RFC 6761); a picture or link without an address of its own goes nowhere.
NOWHERE = "https://plainleaf.invalid/"


def ready() -> None:
    """Load WeasyPrint; raise MachineError if the libraries it draws with are missing."""
    try:
        import weasyprint  # noqa: F401, PLC0415 only machines that print need Pango
    except OSError as error:
        raise MachineError(
            "the library that sets type (Pango) is missing on this machine.\n"
            "    Run `make`: it installs Pango, or says how you can."
        ) from error


def typeset(composed: Composed) -> Printed | list[Problem]:
    """Give a sheet's PDF (PDF/UA-1), or every warning and fault as a problem.

    The bytes depend on the HTML, the fonts and the versions of the libraries, and on nothing else.
    """
    import weasyprint  # noqa: PLC0415 see ready()
    from weasyprint.urls import FatalURLFetchingError, URLFetcher, URLFetcherResponse  # noqa: PLC0415

    # fontTools writes the time into a font that it cuts down, unless it is told another.
    os.environ["SOURCE_DATE_EPOCH"] = "0"
    sheet = composed.sheet
    files = font_files(sheet.language.fonts)

    class Offline(URLFetcher):  # type: ignore[misc] # WeasyPrint has no types
        """Fetches fonts and what the HTML itself carries, and nothing else."""

        def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
            if url.startswith(SCHEME) and url.removeprefix(SCHEME) in files:
                return URLFetcherResponse(url, files[url.removeprefix(SCHEME)].read_bytes())
            if url.startswith("data:"):
                return super().fetch(url, headers)
            raise FatalURLFetchingError(f'the sheet asks for "{url}", which it does not carry')

    with _warnings() as warnings:
        try:
            html = weasyprint.HTML(
                string=composed.html, base_url=NOWHERE, url_fetcher=Offline(fail_on_errors=True)
            )
            document = html.render(presentational_hints=False)
            pdf = document.write_pdf(pdf_variant="pdf/ua-1")
        except FatalURLFetchingError as error:
            return [_problem(sheet, f"{error}.")]
        if warnings:
            return [_problem(sheet, f"{warning}.") for warning in dict.fromkeys(warnings)]
    pages = len(document.pages)
    problems = [_problem(sheet, fact) for fact in _strange_fonts(pdf, sheet)]
    problems += _help_elsewhere(sheet, document.pages[0].anchors)
    problems += _wide_words(composed, document.pages)
    most = sheet.handout.most_pages
    if sheet.text == "standard" and pages > most:
        fact = f"{sheet.path} has {pages} pages; the most allowed is {most}."
        hint = "Print fewer sections, shorten them, or allow more with `most_pages:`."
        problems.append(Problem(sheet.handout.limit, fact, hint))
    return problems or Printed(sheet, pdf, pages)


def _problem(sheet: Sheet, fact: str) -> Problem:
    place = Place(sheet.handout.source.path)
    hint = "Seen while setting this handout: look at its template, its CSS and its pictures."
    return Problem(place, fact, hint)


def _help_elsewhere(sheet: Sheet, on_first_page: Container[str]) -> Iterator[Problem]:
    """Refuse aftercare in standard print whose levels of help do not all stand on page 1."""
    if sheet.handout.kind != "aftercare" or sheet.text != "standard":
        return
    for part in sheet.handout.parts:
        is_help = {"emergency", "today", "routine"} & set(part.elements)
        if is_help and f"{part.page.replace('/', '-')}-{part.section}" not in on_first_page:
            fact = f"{sheet.path} does not show {part.page}#{part.section} on page 1."
            hint = "Shorten the cards above it: page 1 is what people keep at hand."
            yield Problem(sheet.handout.source, fact, hint)


def _wide_words(composed: Composed, pages: Iterable[Any]) -> Iterator[Problem]:
    """Refuse words that would run into the next column or off the paper."""
    sheet = composed.sheet
    for wide in wide_words(pages):
        place = written_at(wide, composed.places, composed.texts, sheet.handout.source)
        fact = f'"{wide.word}" is too wide for its place on page {wide.page} of {sheet.path}.'
        hint = "Write a shorter word."
        if wide.section and place.path.endswith(".md"):
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


def _strange_fonts(pdf: bytes, sheet: Sheet) -> Iterator[str]:
    """Name fonts that the language does not have: the machine's own, slipped in for ours."""
    expected = frozenset().union(*(printed_names(font) for font in sheet.language.fonts))
    with pikepdf.open(io.BytesIO(pdf)) as document:
        for item in document.objects:
            if not isinstance(item, pikepdf.Dictionary) or item.get("/Type") != "/FontDescriptor":
                continue
            name = str(item.FontName).lstrip("/").partition("+")[2]
            if name not in expected:
                yield f'the font "{name}" was printed, which is not among {sheet.language.fonts}.'
