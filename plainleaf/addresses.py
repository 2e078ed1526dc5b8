"""Where pages stand: under the site, and online."""

from __future__ import annotations

from collections.abc import Iterable

from plainleaf.model import Docs, Page

# Where people look up the code of a sheet, and the folder with a page for each code.
CODES = "codes"
# What tells other programs of every sheet.
MANIFEST = "handouts/handouts.json"


def address(docs: Docs, language: str) -> str:
    """Give where a language's website stands under the site: "" for the main one, else `ar/`."""
    return "" if language == docs.main_language else f"{language}/"


def page_address(docs: Docs, language: str, slug: str, website: str) -> str:
    """Give where a page can be read online, if the site is hosted at the address website."""
    return f"{website.rstrip('/')}/{address(docs, language)}{slug}.html"


def emergency_address(pages: Iterable[Page]) -> str:
    """Give where it says when to call an ambulance: each page leads there. "" if nowhere.

    Best on a page for those who were just treated: it says the rest that they need. pages are
    those of a language, and the address is one inside its website.
    """
    for page in sorted(pages, key=lambda page: (page.reader != "treated", page.order)):
        for section in page.sections.values():
            if section.card == "emergency":
                return f"{page.slug}.html#{section.id}"
    return ""


def code_path(code: str) -> str:
    """Give where the page of a code lies under the site."""
    return f"{CODES}/{code}.html"


def code_address(code: str, website: str) -> str:
    """Give where the page of a code stands online, if the site is hosted at the address website."""
    return f"{website.rstrip('/')}/{code_path(code)}"


def public_address(docs: Docs, language: str, slug: str) -> str:
    """Give the one address under which a page is to be known, or "" if the host is not known.

    An index page is known by its folder: hosts serve it there, and people type it so.
    """
    if not docs.site_url:
        return ""
    folder, _, name = slug.rpartition("/")
    if name != "index":
        return page_address(docs, language, slug, docs.site_url)
    inside = f"{folder}/" if folder else ""
    return f"{docs.site_url.rstrip('/')}/{address(docs, language)}{inside}"
