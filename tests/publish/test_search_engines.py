"""Tests of what search engines, and those who share a page, are told of it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import lxml.etree
import lxml.html
import pytest
from PIL import Image
from playwright.sync_api import Browser

from plainleaf.model import Docs
from plainleaf.publish.search_engines import robots, sitemap, structured
from plainleaf.publish.social_card import social_card
from tests.browser import PHONE, visit
from tests.conftest import HOST, REVIEWER
from tests.host import hosted

PAGES = {"index": "", "slip": "slip.html", "handouts": "handouts.html", "codes": "codes.html"}
FOLDERS = {"en": "", "ar": "ar/"}

# The part of schema.org's vocabulary that pages use: what each type is a kind of, and for each
# property which types may have it and what may stand in it.
TYPES = {
    "Thing": (),
    "CreativeWork": ("Thing",),
    "WebSite": ("CreativeWork",),
    "WebPage": ("CreativeWork",),
    "MedicalWebPage": ("WebPage",),
    "Intangible": ("Thing",),
    "Audience": ("Intangible",),
    "PeopleAudience": ("Audience",),
    "MedicalAudience": ("Audience", "PeopleAudience"),
    "Person": ("Thing",),
    "Organization": ("Thing",),
    "Patient": ("MedicalAudience", "Person"),
    "MedicalEntity": ("Thing",),
    "MedicalProcedure": ("MedicalEntity",),
}
PROPERTIES = {
    "name": ("Thing", ("Text",)),
    "description": ("Thing", ("Text",)),
    "url": ("Thing", ("URL",)),
    "inLanguage": ("CreativeWork", ("Text", "Language")),
    "dateModified": ("CreativeWork", ("Date", "DateTime")),
    "isAccessibleForFree": ("CreativeWork", ("Boolean",)),
    "isPartOf": ("CreativeWork", ("CreativeWork", "URL")),
    "audience": ("CreativeWork", ("Audience",)),
    "about": ("CreativeWork", ("Thing",)),
    "audienceType": ("Audience", ("Text",)),
    "lastReviewed": ("WebPage", ("Date",)),
    "reviewedBy": ("WebPage", ("Organization", "Person")),
}


def is_a(kind: str, wanted: str) -> bool:
    return kind == wanted or any(is_a(parent, wanted) for parent in TYPES.get(kind, ()))


def faults(said: dict[str, Any], path: str = "") -> list[str]:
    """Give what schema.org does not allow in a description."""
    kind = said.get("@type", "")
    if kind not in TYPES:
        return [f"{path}: no type {kind!r}"]
    found = []
    for name, value in said.items():
        if name in ("@type", "@context"):
            continue
        domain, kinds = PROPERTIES.get(name, ("", ()))
        if not domain or not is_a(kind, domain):
            found.append(f"{path}{name}: not of {kind}")
        elif isinstance(value, dict):
            found += faults(value, f"{path}{name}.")
            if not any(one in TYPES and is_a(value["@type"], one) for one in kinds):
                found.append(f"{path}{name}: {value['@type']}")
        elif not any(fits(value, one) for one in kinds):
            found.append(f"{path}{name}: {value!r}")
    return found


def fits(value: Any, kind: str) -> bool:
    if kind == "Date":
        return isinstance(value, str) and date.fromisoformat(value).isoformat() == value
    if kind == "URL":
        return isinstance(value, str) and value.startswith("https://")
    return isinstance(value, {"Text": str, "Boolean": bool}.get(kind, ()))


def test_the_table_of_the_vocabulary_finds_what_is_not_in_it() -> None:
    page = {"@type": "MedicalWebPage", "name": "A"}
    assert faults(page) == []
    for name, value in {
        "reviewer": "A",
        "audienceType": "A",
        "about": "A",
        "url": "slip.html",
        "isAccessibleForFree": "yes",
        "reviewedBy": {"@type": "Patients"},
        "audience": {"@type": "Person", "name": "A"},
        "isPartOf": {"@type": "WebSite", "lastReviewed": "2026-11-24"},
    }.items():
        assert faults({**page, name: value}) != [], name


# Structured data


def data_of(path: Path) -> Any:
    (script,) = lxml.html.parse(path).getroot().xpath("//script[@type='application/ld+json']")
    return json.loads(script.text)


@pytest.mark.slow
@pytest.mark.parametrize("project", ["hosted", "shipped"])
def test_what_pages_say_of_themselves_is_in_the_words_of_schema_org(
    project: str, request: pytest.FixtureRequest
) -> None:
    site: Path = request.getfixturevalue(f"{project}_site")
    described = 0
    for path in sorted(site.rglob("*.html")):
        tree = lxml.html.parse(path).getroot()
        if tree.xpath("//script[@type='application/ld+json']"):
            said = data_of(path)
            assert faults(said) == [], path
            assert said["@context"] == "https://schema.org"
            assert said["name"] in tree.xpath("string(//title)")
            assert said["inLanguage"] == tree.get("lang")
            described += 1
    assert described >= 4


def test_a_page_says_what_its_file_says_and_no_more(hosted_site: Path) -> None:
    site = {"@type": "WebSite", "name": "A small cut", "url": HOST}
    assert data_of(hosted_site / "index.html") == {
        "@context": "https://schema.org",
        "@type": "MedicalWebPage",
        "name": "Washing a small cut",
        "description": "How to wash a small cut at home, and when to get help.",
        "inLanguage": "en",
        "url": HOST,
        "dateModified": "2026-11-23",
        "isAccessibleForFree": True,
        "isPartOf": site,
        "audience": {"@type": "MedicalAudience", "audienceType": "Clinician"},
    }
    # A form gives no medical information; what a reviewer is called cannot end the script.
    assert data_of(hosted_site / "slip.html") == {
        "@context": "https://schema.org",
        "@type": "WebPage",
        "name": "Slip for a small cut",
        "description": "What we ask and write down when we wash a small cut.",
        "inLanguage": "en",
        "url": f"{HOST}slip.html",
        "dateModified": "2026-11-24",
        "isAccessibleForFree": True,
        "isPartOf": site,
        "reviewedBy": {"@type": "Person", "name": REVIEWER},
        "lastReviewed": "2026-11-20",
    }
    assert data_of(hosted_site / "ar/index.html")["audience"] == {"@type": "Patient"}


def test_only_a_page_about_the_treatment_names_it(docs: Docs) -> None:
    page = replace(docs.pages["en", "index"], kind="treatment")
    about = {"@type": "MedicalProcedure", "name": "washing a small cut"}
    assert structured(docs, page, "washing a small cut")["about"] == about
    for other in (replace(page, kind="clinical"), replace(page, slug="other/index")):
        assert "about" not in structured(docs, other, "washing a small cut")
    said = structured(docs, page, "washing a small cut")
    assert "url" not in said
    assert said["isPartOf"] == {"@type": "WebSite", "name": "A small cut"}


# Addresses


def test_each_page_tells_its_one_address_and_its_translations(hosted_site: Path) -> None:
    for slug, address in PAGES.items():
        for folder in FOLDERS.values():
            tree = lxml.html.parse(hosted_site / f"{folder}{slug}.html").getroot()
            assert tree.xpath("//link[@rel='canonical']/@href") == [f"{HOST}{folder}{address}"]
            others = tree.xpath("//link[contains(@rel, 'alternate')]")
            assert {each.get("hreflang"): each.get("href") for each in others} == {
                "en": f"{HOST}{address}",
                "ar": f"{HOST}ar/{address}",
                "x-default": f"{HOST}{address}",
            }


def test_a_site_that_does_not_know_its_address_tells_none(tiny_site: Path) -> None:
    """A made-up address would send readers nowhere."""
    for path in tiny_site.rglob("*.html"):
        head = lxml.html.parse(path).getroot().find("head")
        assert head.xpath("link[@rel='canonical'] | link[contains(@rel, 'alternate')]") == []
        assert head.xpath("meta[@property='og:url' or @property='og:image']") == []
        assert ".invalid" not in path.read_text("utf-8")
    assert [*tiny_site.rglob("sitemap*"), *tiny_site.rglob("cards")] == []
    assert (tiny_site / "robots.txt").read_text("utf-8") == "User-agent: *\nDisallow:\n"


def test_the_map_of_the_site_holds_every_page_in_every_language(docs: Docs) -> None:
    assert sitemap(docs) is None
    there = replace(docs, site_url=HOST.rstrip("/"))
    spaces = {"s": "http://www.sitemaps.org/schemas/sitemap/0.9"}
    text = sitemap(there)
    assert text is not None
    found = {}
    for place in lxml.etree.fromstring(text).iterfind("s:url", spaces):
        loc, *rest = [child.text or dict(child.attrib) for child in place]
        found[loc] = rest
    assert set(found) == {
        f"{HOST}{folder}{page}" for folder in FOLDERS.values() for page in PAGES.values()
    }
    links = [
        {"rel": "alternate", "hreflang": code, "href": f"{HOST}{folder}slip.html"}
        for code, folder in (("ar", "ar/"), ("en", ""), ("x-default", ""))
    ]
    assert found[f"{HOST}slip.html"] == ["2026-11-24", *links]
    assert robots(there) == f"User-agent: *\nDisallow:\n\nSitemap: {HOST}sitemap.xml\n"


# Sharing


def test_who_shares_a_page_shows_its_title_its_words_and_the_card_of_the_site(
    hosted_site: Path,
) -> None:
    for slug, address in PAGES.items():
        for folder in FOLDERS.values():
            tree = lxml.html.parse(hosted_site / f"{folder}{slug}.html").getroot()
            metas = tree.xpath("//meta[@property or @name]")
            said = {each.get("property") or each.get("name"): each.get("content") for each in metas}
            assert said["og:title"] == tree.xpath("string(//h1)").strip()
            assert said["og:description"] == said["description"]
            assert said["og:site_name"] == said["og:image:alt"] == "A small cut"
            assert said["og:url"] == f"{HOST}{folder}{address}"
            assert said["og:image"] == f"{HOST}card.png"
            assert said["twitter:card"] == "summary_large_image"
            assert (said["og:image:width"], said["og:image:height"]) == ("1200", "630")
    with Image.open(hosted_site / "card.png") as picture:
        assert (picture.format, picture.size) == ("PNG", (1200, 630))
        above_the_band = picture.convert("L").crop((0, 0, 1200, 600))
    ink = above_the_band.point(lambda level: 255 * (level < 128)).getbbox()
    assert ink is not None
    assert min(ink[0], ink[1], 1200 - ink[2], 600 - ink[3]) > 50  # no word touches an edge


def test_a_card_has_the_same_bytes_each_time_and_others_for_another_site(docs: Docs) -> None:
    first = social_card(docs)
    assert social_card(docs) == first
    assert social_card(replace(docs, site_name="Another site")) != first


def test_a_site_with_an_address_asks_nothing_of_it_while_it_stands_elsewhere(
    chromium: Browser,
    hosted_site: Path,
) -> None:
    """The theme would fetch a map from each translation's address; a copy must not call home."""
    with hosted(hosted_site) as address, visit(chromium, PHONE) as seen:
        for folder in FOLDERS.values():
            seen.go(urljoin(address, f"{folder}index.html"), patiently=True)
        assert [url for url in seen.requests if not url.startswith((address, "data:"))] == []
        assert [url for url in seen.requests if "sitemap" in url] == []
