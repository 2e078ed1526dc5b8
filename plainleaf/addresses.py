"""Where pages stand: under the site, and online."""

from __future__ import annotations

from plainleaf.model import Docs


def address(docs: Docs, language: str) -> str:
    """Give where a language's website stands under the site: "" for the main one, else `ar/`."""
    return "" if language == docs.main_language else f"{language}/"


def page_address(docs: Docs, language: str, slug: str, website: str) -> str:
    """Give where a page can be read online, if the site is hosted at the address website."""
    return f"{website.rstrip('/')}/{address(docs, language)}{slug}.html"


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
