"""Tests of languages: any tag of BCP 47, its direction, dates, theme and search."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from playwright.sync_api import Browser

from plainleaf.check.gates.lexicon import has_lexicon
from plainleaf.html.locales import date_of, direction_of, name_of, number_of, right_tag
from plainleaf.machine.disk import write_below
from plainleaf.problems import Problem
from plainleaf.publish.theme import words_of_theme
from plainleaf.publish.website import lay_out, run_mkdocs
from plainleaf.read.languages import read_languages
from tests.browser import FIELD, FOUND, SEARCH, served, visit
from tests.conftest import known_of, project_in

DAY = date(2026, 11, 28)


@pytest.mark.parametrize(
    ("tag", "right"),
    [
        *((tag, tag) for tag in ("so", "mi", "ht", "sm", "hmn", "prs", "ps", "tl")),
        *((tag, tag) for tag in ("zh-Hans", "en-GB", "pt-BR", "sr-RS")),
        ("zh-CN", "zh-Hans"),
        ("zh-TW", "zh-Hant"),
        ("zh-HK", "zh-Hant-HK"),
        ("pa-PK", "pa-Arab"),
        ("en_gb", "en-GB"),
        ("PT-br", "pt-BR"),
        *((name, "") for name in ("english", "xx", "und", "zxx", "docs", "a", "en-", "1")),
    ],
)
def test_every_tag_of_a_language_is_taken_in_its_one_form(tag: str, right: str) -> None:
    assert right_tag(tag) == right


def test_dates_are_written_as_in_the_language() -> None:
    said = {
        "en": "28 November 2026",
        "en-GB": "28 November 2026",
        "en-US": "November 28, 2026",
        "es": "28 de noviembre de 2026",
        "de": "28. November 2026",
        "ar": "28 نوفمبر 2026",
        "zh-Hans": "2026年11月28日",
        "prs": "28 نومبر 2026",  # as Persian is written in Afghanistan
        "tl": "Nobyembre 28, 2026",
        "sm": "2026-11-28",  # nobody knows the names of its months
        "dv": "2026-11-28",
    }
    assert {tag: date_of(DAY, tag) for tag in said} == said
    assert date_of(DAY, "es", is_short=True) == "28 nov 2026"
    assert (number_of(12345.5, "de"), number_of(12345.5, "sm")) == ("12.345,5", "12,345.5")


def test_the_direction_is_that_of_the_script_or_of_the_words() -> None:
    for tag in ("ar", "prs", "ps", "ckb", "dv", "yi", "aii", "az-Arab", "ff-Adlm"):
        assert direction_of(tag, []) == "rtl", tag
    for tag in ("en", "so", "hmn", "az", "ff", "zh-Hans"):
        assert direction_of(tag, ["ا"]) == "ltr", tag
    assert direction_of("x-ours", ["كلمة", "abc", "وأخرى"]) == "rtl"


def test_a_kind_of_english_is_held_against_the_words_of_english() -> None:
    assert has_lexicon("en-GB")
    assert has_lexicon("en-x-easy")
    assert not has_lexicon("ar-EG")


@contextmanager
def site_of(tiny: Path, tag: str, *, name: str = "", said: str = "cloths") -> Iterator[str]:
    """Build the website of a language with English words and one of its own; give its address."""
    folder = shutil.copytree(tiny / "docs/en", tiny / "docs" / tag)
    for path in folder.glob("*.md"):
        path.write_text(path.read_text("utf-8").replace("cloths", said), "utf-8")
    if name:
        words = folder / "words.yml"
        words.write_text(f"name: {name}\n{words.read_text('utf-8')}", "utf-8")
    known, _ = known_of(project_in(tiny))
    finished, warnings = run_mkdocs(lay_out(known, known.docs.languages[tag], [], []))
    assert warnings == []
    write_below(tiny / "out", finished)
    with served(tiny / "out") as address:
        yield address


@pytest.mark.slow
def test_a_language_that_the_theme_lacks_has_our_words_and_its_own_tag(tiny: Path) -> None:
    with site_of(tiny, "sm", name="Gagana Samoa"):
        page: Any = lxml.html.document_fromstring((tiny / "out/index.html").read_bytes())
    assert page.get("lang") == "sm"
    assert page.body.get("dir") == "ltr"
    (search,), (menu,) = page.find_class("search"), page.find_class("menu")
    assert (search.get("aria-label"), menu.get("aria-label")) == ("Search", "Menu")


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("pt-BR", "Português (Brasil)"),
        ("en-GB", "English (United Kingdom)"),
        ("de-CH", "Deutsch (Schweiz)"),
        ("es-MX", "Español (México)"),
        ("zh-Hans", "中文 (简体)"),
        ("ar", "العربية"),
        ("ht", "Kreyòl Ayisyen"),
        ("es", "Español"),
        ("sm", ""),
    ],
)
def test_a_language_is_called_as_those_who_speak_it_write_its_name(tag: str, name: str) -> None:
    assert name_of(tag) == name


@pytest.mark.parametrize(("tag", "lang"), [("pt-BR", "own"), ("en", "en"), ("ar", "ar")])
def test_the_file_of_the_theme_is_taken_where_it_says_the_same_language(
    tiny: Path, tag: str, lang: str
) -> None:
    if tag == "pt-BR":
        shutil.copytree(tiny / "docs/en", tiny / "docs/pt-BR")
    problems: list[Problem] = []
    found = read_languages(project_in(tiny), problems)
    assert problems == []
    name, files = words_of_theme(found[tag])
    assert name == lang
    assert bool(files) == (lang == "own")


@pytest.mark.slow
@pytest.mark.browser
@pytest.mark.parametrize(
    ("tag", "said", "typed"),
    [
        ("el", "επίδεσμοι", "επίδεσμοι"),
        ("pl", "bandaże", "bandaże"),
        ("fa", "پارچه‌های", "پارچه"),
        ("zh-Hans", "请准备干净的纱布。", "纱布"),
    ],
)
def test_a_search_finds_a_word_of_a_page_in_any_language(
    tiny: Path, chromium: Browser, tag: str, said: str, typed: str
) -> None:
    with site_of(tiny, tag, said=said) as address, visit(chromium) as seen:
        page = seen.go(f"{address}slip.html")
        page.locator(SEARCH).click()
        page.locator(FIELD).fill(typed)
        page.locator(f"{FOUND}[href*='index.html']").wait_for(timeout=9000)
