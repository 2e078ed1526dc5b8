"""Metadata for search engines, and for whoever shows a link to a page."""

from __future__ import annotations

from typing import Any

from lxml import etree

from plainleaf.addresses import CODES, public_address
from plainleaf.model import Docs, Page

HANDOUTS = "handouts"
# Where the picture lies that is shown beside a link to any page.
SOCIAL_CARD = "card.png"
# Pages of every language without a file in docs/.
DESKS = (HANDOUTS, CODES)
_SITEMAP = "http://www.sitemaps.org/schemas/sitemap/0.9"
_XHTML = "http://www.w3.org/1999/xhtml"


def translations(docs: Docs, slug: str) -> list[dict[str, str]]:
    """Give the languages that have a page, with its address in each; the main one also for others.

    Empty where the host is not known or the page is in one language only. Google Search Central,
    "Localized versions": each version lists all, itself too, by full addresses; `x-default` is
    for readers of any other language.
    """
    codes = [code for code in docs.languages if slug in DESKS or (code, slug) in docs.pages]
    if not docs.site_url or len(codes) < 2:
        return []
    links = [{"lang": code, "address": public_address(docs, code, slug)} for code in codes]
    if docs.main_language in codes:
        main = public_address(docs, docs.main_language, slug)
        links.append({"lang": "x-default", "address": main})
    return links


def head_metadata(docs: Docs, language: str, slug: str, procedure: str = "") -> dict[str, Any]:
    """Give the metadata in the head of a page, as partials/found.html takes it.

    procedure is what pages of the kind `treatment` are about.
    """
    page = docs.pages.get((language, slug))
    host = docs.site_url.rstrip("/")
    return {
        "address": public_address(docs, language, slug),
        "card": host and f"{host}/{SOCIAL_CARD}",
        "translations": translations(docs, slug),
        "structured": structured(docs, page, procedure) if page else {},
    }


def structured(docs: Docs, page: Page, procedure: str) -> dict[str, Any]:
    """Describe a page in the words of schema.org, and claim nothing that its file does not say.

    A page of the kind `plain` gives no medical information, so it is no MedicalWebPage; only a
    page of the kind `treatment` is about the procedure; only one that was reviewed says by whom.
    """
    is_medical = page.kind != "plain"
    description: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage" if is_medical else "WebPage",
        "name": page.title,
        "description": page.description,
        "inLanguage": page.language,
        "dateModified": page.updated.isoformat(),
        "isAccessibleForFree": True,
        "isPartOf": {"@type": "WebSite", "name": docs.site_name},
    }
    if page.reader == "clinic":
        description["audience"] = {"@type": "MedicalAudience", "audienceType": "Clinician"}
    elif is_medical:
        description["audience"] = {"@type": "Patient"}
    # Pages of a folder are about another procedure than the site's own.
    if page.kind == "treatment" and "/" not in page.slug:
        description["about"] = {"@type": "MedicalProcedure", "name": procedure}
    if page.reviewer:
        description["reviewedBy"] = {"@type": "Person", "name": page.reviewer[0]}
        description["lastReviewed"] = page.reviewer[1].isoformat()
    if docs.site_url:
        description["url"] = public_address(docs, page.language, page.slug)
        description["isPartOf"]["url"] = public_address(docs, docs.main_language, "index")
    return description


def sitemap(docs: Docs) -> bytes | None:
    """Give the site's map for search engines in every language; None if the host is not known.

    Sitemaps 0.9 (sitemaps.org): an address without its host is none.
    """
    if not docs.site_url:
        return None
    spaces: dict[Any, str] = {None: _SITEMAP, "xhtml": _XHTML}
    root = etree.Element(f"{{{_SITEMAP}}}urlset", nsmap=spaces)
    for code in docs.languages:
        pages = [page for page in docs.pages.values() if page.language == code]
        for slug in (*(page.slug for page in sorted(pages, key=lambda page: page.order)), *DESKS):
            url = etree.SubElement(root, f"{{{_SITEMAP}}}url")
            etree.SubElement(url, f"{{{_SITEMAP}}}loc").text = public_address(docs, code, slug)
            if page := docs.pages.get((code, slug)):
                etree.SubElement(url, f"{{{_SITEMAP}}}lastmod").text = page.updated.isoformat()
            for other in translations(docs, slug):
                link = etree.SubElement(url, f"{{{_XHTML}}}link", rel="alternate")
                link.set("hreflang", other["lang"])
                link.set("href", other["address"])
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def robots(docs: Docs) -> str:
    """Give robots.txt (RFC 9309): search engines may read everything, and where the map lies."""
    text = "User-agent: *\nDisallow:\n"
    if docs.site_url:
        text += f"\nSitemap: {docs.site_url.rstrip('/')}/sitemap.xml\n"
    return text
