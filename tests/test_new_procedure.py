"""Tests that another procedure is files alone: pages in a folder, and a handout that names them."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import lxml.html
import pytest
from filelock import FileLock

import build
from tests.conftest import (
    HERE,
    ROOT,
    TODAY,
    build_in,
    copy_of,
    issue,
    mark,
    on_one_paper,
    project_in,
)
from tests.paper import joined, read_pdf, squeezed
from tests.sheet_text import Case, Sheet
from tests.typeset.test_typeset import composed, printed

pytestmark = pytest.mark.slow

# A second procedure in two languages, to be laid over a copy of tests/tiny.
SPLINTER = HERE / "splinter"
PAGES = {
    path.relative_to(SPLINTER / "docs").as_posix(): path.read_text("utf-8")
    for path in SPLINTER.rglob("*.md")
}


@pytest.fixture(scope="session")
def grown(shared: Path) -> Path:
    """Give a copy of tests/tiny with a second procedure, and a site of all its sheets."""
    folder = shared / "grown"
    with FileLock(shared / "grown.lock"):
        if not (folder / "site").exists():
            grow(folder)
    return folder


def grow(folder: Path) -> None:
    shutil.copytree(SPLINTER, copy_of(HERE / "tiny", folder), dirs_exist_ok=True)
    on_one_paper(folder, "corner", "anyone")
    with pytest.MonkeyPatch.context() as patch:  # conftest's `today` comes after this fixture
        patch.setattr(build, "today", lambda: TODAY)
        said = {"version": "0.9", "author": "Plainleaf's tests"}
        issue(folder, "other", "en", **said)
        mark(folder)
        issue(folder, "other", "ar", translation="person", **said)
    build_in(folder, "--handout", "other")


def test_its_pages_stand_in_the_navigation_under_the_title_of_their_first_page(
    grown: Path,
) -> None:
    for site, title, care in (
        (grown / "site", "Taking out a splinter", "After a splinter"),
        (grown / "site" / "ar", "إخراج شظية", "بعد الشظية"),
    ):
        assert (site / "other" / "index.html").is_file()
        assert (site / "other" / "care.html").is_file()
        tree = lxml.html.parse(site / "index.html").getroot()
        links = {
            " ".join(link.text_content().split()): link.get("href")
            for link in tree.xpath("//nav[@class='menu']//a")
        }
        assert links[care] == "other/care.html"
        assert links[title] == "other/index.html"


def test_its_pages_find_each_other_their_pictures_and_the_way_back(grown: Path) -> None:
    site = grown / "site"
    tree = lxml.html.parse(site / "other" / "index.html").getroot()
    article = tree.xpath("//article")[0]
    assert "care.html#after" in article.xpath(".//a/@href")
    (picture,) = article.xpath(".//img/@src")
    assert (site / "other" / picture).resolve() == (site / "assets" / "drop.svg").resolve()
    assert (site / "assets" / "drop.svg").is_file()
    for page in (site / "other").glob("*.html"):
        for link in lxml.html.parse(page).getroot().xpath("//a/@href | //link/@href"):
            if ":" not in link and not link.startswith("#"):
                assert (page.parent / urlsplit(link).path).is_file(), f"{page.name}: {link}"


@pytest.mark.parametrize("clinic", ["corner", "anyone"])
def test_its_sheets_say_the_words_of_its_pages(grown: Path, clinic: str) -> None:
    sheet = Sheet(Case("grown", clinic, "en", "other", "a4", "standard"), grown)
    said = [joined(part) for part in sheet.said]
    assert [section.heading for section in sheet.sections] == [
        "Key points",
        "Call us today",
        "What to do",
        "What you need",
    ]
    for part, section in zip(said, sheet.sections, strict=True):
        assert part.startswith(squeezed(section.text))
    assert sheet.title == "After a splinter"
    assert squeezed("T-3, Version 0.9, 29 Nov 2026") in joined(sheet.paper.head_and_foot(0))


def test_its_sheets_are_in_the_manifest_and_on_the_handouts_page(grown: Path) -> None:
    sheets = json.loads((grown / "site" / "handouts" / "handouts.json").read_text("utf-8"))
    of_other = [entry for entry in sheets["sheets"] if entry["handout"] == "other"]
    ours = [entry["path"] for entry in of_other]
    assert len([entry for entry in of_other if not entry["form"]]) == 2 * 2 * 2
    # Nothing is filled in but the details of a clinic that writes its own.
    assert {entry["clinic"] for entry in of_other if entry["form"]} == {"anyone"}
    tree = lxml.html.parse(grown / "site" / "handouts.html").getroot()
    assert set(ours) <= set(tree.xpath("//a/@href"))


def test_a_form_offers_to_tick_the_new_leaflet(grown: Path, tmp_path: Path) -> None:
    file = tmp_path / "slip.pdf"
    file.write_bytes(printed(composed(project_in(grown), "corner/en/slip-a4")).pdf)
    assert squeezed("After a splinter, Version 0.9") in joined(list(read_pdf(file).spoken))


def test_it_may_be_in_fewer_languages(tiny: Path, run: Callable[..., tuple[int, str]]) -> None:
    shutil.copytree(SPLINTER, tiny, dirs_exist_ok=True)
    shutil.rmtree(tiny / "docs/ar/other")
    status, errors = run("check", "--project", str(tiny))
    assert (status, errors.count("["), errors.count("[control.draft]")) == (0, 1, 1), errors


FRONT = """\
---
title: Two procedures
description: Where to read about each of the two procedures of this site.
order: 1
kind: plain
updated: 2026-11-25
review_by: 2028-11-24
---

This page leads you to what you want to read.

!!! key ""

    ## Key points {#key-points}

    - Read about [ear wax](ear/index.md).
"""


def test_a_folder_passes_with_a_consent_form_and_aftercare_of_its_own(
    tmp_path: Path, run: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second procedure that ships, moved below one whose rules it could never keep."""
    # test_examples.py sees how long its sheets get.
    monkeypatch.setattr("plainleaf.journey.over_limits", lambda *_: [])
    folder = copy_of(ROOT / "examples/ear-wax", tmp_path / "both")
    docs = folder / "docs/en"
    (docs / "ear").mkdir()
    for file in (*docs.glob("*.md"), docs / "rules.yml"):
        file.rename(docs / "ear" / file.name)
    (docs / "index.md").write_text(FRONT, "utf-8")
    shutil.copy(ROOT / "docs/en/rules.yml", docs)
    for file in (folder / "handouts").iterdir():
        text = file.read_text("utf-8")
        file.write_text(re.sub(r"^(page: |  - section: )", r"\1ear/", text, flags=re.M), "utf-8")
    status, said = run("check", "--project", str(folder))
    assert status == 0, said
    (docs / "ear/rules.yml").unlink()
    status, said = run("check", "--project", str(folder))
    assert status == 1
    assert "a punctured lung" in said
    assert "lacks what is given, how strong and how much (element 10)" in said
