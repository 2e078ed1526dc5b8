"""Tests of what hosts are told: headers, old addresses, lost readers, workflows."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import lxml.html
import pytest
import yaml
from playwright.sync_api import Browser, expect

from plainleaf.model import Docs
from plainleaf.publish.hosting import headers
from tests.browser import FIELD, visit
from tests.conftest import ROOT
from tests.host import headers_of, hosted, redirects_of

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))


# Headers


def test_every_file_is_sent_with_headers_that_keep_the_reader_private(tmp_path: Path) -> None:
    (tmp_path / "_headers").write_text(headers("default-src 'none'"), "utf-8")
    sent = headers_of(tmp_path)
    permissions = sent.pop("Permissions-Policy").split(", ")
    assert {"camera=()", "microphone=()", "geolocation=()", "payment=()"} <= set(permissions)
    assert all(each.endswith("=()") for each in permissions)
    assert sent == {
        "Content-Security-Policy": "default-src 'none'",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-cache",
    }


def test_no_line_of_the_headers_is_too_long_for_a_host(hosted_site: Path) -> None:
    """Cloudflare Pages passes over a line of more than 2,000 letters, and over rules past 100."""
    lines = (hosted_site / "_headers").read_text("utf-8").splitlines()
    assert max(map(len, lines)) < 2000


# Old addresses


def test_an_old_address_leads_to_the_page_with_and_without_redirects(hosted_site: Path) -> None:
    assert redirects_of(hosted_site) == {
        "/ar/cuts.html": "/ar/slip.html",
        "/cuts.html": "/slip.html",
        "/old/slip.html": "/slip.html",
    }
    for old, up in (("cuts.html", ""), ("old/slip.html", "../"), ("ar/cuts.html", "")):
        tree = lxml.html.parse(hosted_site / old).getroot()
        (refresh,) = tree.xpath("//meta[@http-equiv='refresh']/@content")
        assert refresh == f"0; url={up}slip.html"
        assert tree.xpath("//main//a/@href") == [f"{up}slip.html"]
        assert tree.xpath("//meta[@name='robots']/@content") == ["noindex"]
        folder = "ar/" if old.startswith("ar/") else ""
        canonical = f"https://cuts.example/leaflets/{folder}slip.html"
        assert tree.xpath("//link[@rel='canonical']/@href") == [canonical]
        assert tree.get("lang") == ("ar" if folder else "en")


def test_a_browser_goes_on_from_an_old_address(
    chromium: Browser,
    hosted_site: Path,
) -> None:
    with hosted(hosted_site, "/leaflets/") as address, visit(chromium) as seen:
        for old, new in (("old/slip.html", "slip.html"), ("ar/cuts.html", "ar/slip.html")):
            seen.page.goto(f"{address}{old}")  # by the host
            seen.page.wait_for_url(f"{address}{new}")
            seen.page.goto((hosted_site / old).as_uri())  # by the page
            seen.page.wait_for_url((hosted_site / new).as_uri())
        assert seen.complaints == []


# Lost readers


def test_who_is_lost_finds_help_handouts_search_and_the_front_page_at_any_depth(
    chromium: Browser,
    hosted_site: Path,
) -> None:
    ways = {
        "Go to the front page": "index.html",
        "When to get help": "index.html#emergency",
        "Staff": "handouts.html",
        "Handouts to print": "handouts.html",
        "Search these pages": "index.html?q=",
    }
    with hosted(hosted_site, "/leaflets/") as address, visit(chromium) as seen:
        for lost in ("gone.html", "a/b/c/gone.html"):
            page = seen.go(f"{address}{lost}")
            assert page.locator("h1").inner_text() == "This page is not here"
            assert "This page is not here" in page.title()
            links = page.locator("article ul a")
            found = {link.inner_text(): link.evaluate("a => a.href") for link in links.all()}
            assert found == {name: address + way for name, way in ways.items()}
            page.get_by_role("link", name="Search these pages").click()
            page.wait_for_url(f"{address}index.html?q=**")
            expect(page.locator(FIELD)).to_be_focused()
        # The host says that the page is not there; the browser complains of nothing else.
        assert [said for said in seen.complaints if "404" not in said] == []


@pytest.mark.slow
@pytest.mark.parametrize(("project", "root"), [("hosted", "/leaflets"), ("tiny", "")])
def test_the_lost_page_of_a_language_leads_to_pages_of_that_language(
    project: str, root: str, request: pytest.FixtureRequest
) -> None:
    site: Path = request.getfixturevalue(f"{project}_site")
    for folder in ("", "/ar"):
        tree = lxml.html.parse(f"{site}{folder}/404.html").getroot()
        ways = tree.xpath("//article//ul//a/@href")
        # Its ways in, here those for staff, then what everybody may look for.
        staff = ["handouts.html"] if project == "hosted" and not folder else []
        pages = ("index.html", "index.html#emergency", *staff, "handouts.html", "index.html?q=")
        assert ways == [f"{root}{folder}/{page}" for page in pages]
        assert tree.xpath("//meta[@name='robots']/@content") == ["noindex"]
        sources = tree.xpath("//script/@src | //link[@rel='stylesheet']/@href")
        assert all(source.startswith(f"{root}{folder}/") for source in sources)


# Workflows; the container is tried in test_container.py


def uses_of(value: Any) -> list[str]:
    """Give what a workflow takes from others, at any depth."""
    if isinstance(value, dict):
        inner = [each for item in value.values() for each in uses_of(item)]
        return [*([value["uses"]] if "uses" in value else []), *inner]
    return [each for item in value for each in uses_of(item)] if isinstance(value, list) else []


@pytest.mark.parametrize("path", WORKFLOWS, ids=lambda path: path.stem)
def test_a_workflow_takes_from_others_only_what_can_never_change(path: Path) -> None:
    workflow = yaml.safe_load(path.read_text("utf-8"))
    assert workflow["permissions"] in ({}, {"contents": "read"})
    for used in uses_of(workflow):
        assert re.fullmatch(r"actions/[a-z-]+@[0-9a-f]{40}", used), used


def test_only_the_job_that_publishes_may_publish() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/publish.yml").read_text("utf-8"))["jobs"]
    given = {name: job.get("permissions") for name, job in jobs.items()}
    assert given == {
        "build": {"contents": "read", "pages": "read"},
        "publish": {"pages": "write", "id-token": "write"},
        "attest": {"id-token": "write", "attestations": "write"},
    }


def test_docs_know_where_they_are_hosted(docs: Docs) -> None:
    assert (docs.site_name, docs.site_url) == ("A small cut", "")
