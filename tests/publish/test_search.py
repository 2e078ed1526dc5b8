"""Tests of the search: what it finds first, how it answers, and what it costs."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, expect

from plainleaf.publish.search import INDEX, parts_of
from tests.browser import ASKED, FIELD, FOUND, PHONE, SEARCH, WAYS, box_of, visit
from tests.conftest import ROOT

STATUS = ".search__said"
# For each of some words, the name of the page that is found first.
FIRST = """all => Object.fromEntries(all.map((typed) => {
  const field = document.querySelector(".search input");
  field.value = typed;
  field.dispatchEvent(new Event("input"));
  const first = document.querySelector(".search__found > li > a");
  return [typed, first?.href.split("/").pop().replace(".html", "")];
}))"""
# Which page is about what people type: it must come first. Slips of the finger stand last.
RIGHT = {
    "evidence": "evidence, proof, research, is there any proof that it works",
    "process": "xylocaine, Lignocaine, novocaine, sugar, D5W, lidocane, anesthetic, novocane",
    "faq": "insurance, price, how much does it cost, does it hurt, bee sting, insurence",
    "risks": "faint, pass out, lung, infection, side effects, infecton",
    "aftercare": "red arm, my arm is red, swollen, fever, itching, hives, headache, tylenol, "
    "Panadol, acetaminophen, help, parasetamol",
    "who": "diabetes",
    "index": "prolotherapy, prolotherpy",
    "handouts": "handouts",
    "glossary": "glossary",
}


def look_for(page: Page, typed: str) -> list[str]:
    """Type into the search, which is open, and give the pages that it finds by their names."""
    page.locator(FIELD).fill("")
    expect(page.locator(STATUS)).to_have_text("")
    page.locator(FIELD).fill(typed)
    page.wait_for_function(
        f"() => document.querySelector('{STATUS}').textContent"
        f" && document.querySelector('.search__found, .search__ways').checkVisibility()"
    )
    links = page.locator(FOUND).all()
    return [
        str(link.get_attribute("href")).rpartition("/")[2].removesuffix(".html") for link in links
    ]


# What is looked through


def test_a_part_is_what_the_page_shows_line_by_line() -> None:
    html = (
        "<p>It <a href='x.html'>may</a>\n hurt.</p><h2 id='a'>One <em>way</em></h2>"
        "<div class='admonition'><h3 id='b'>In a box</h3>"
        "<ul><li>first <ul><li>inside</li></ul></li>"
        "<li><p>second</p></li></ul></div>"
        "<table><thead><tr><th>When</th><th>What</th><th>Do</th></tr></thead>"
        "<tbody><tr><td>At once</td><td>A sting.</td><td>Wait</td></tr>"
        "<tr><td>Later</td><td></td><td>Rest</td></tr></tbody></table>"
        "<h2 id='s'>Sources</h2><p>All:</p><ul class='sources'><li>Lungs. A study.</li></ul>"
        "<h2 id='c'>After</h2><p>The end</p>"
    )
    assert [(part.id, part.title, part.lines) for part in parts_of(html)] == [
        ("", "", ["It may hurt."]),
        ("a", "One way", []),
        (
            "b",
            "In a box",
            [
                *("first", "inside", "second"),
                *("At once. What: A sting. Do: Wait", "Later. Do: Rest"),
            ],
        ),
        ("c", "After", ["The end"]),
    ]


def test_the_index_knows_every_page_and_section_but_no_sources(tiny_site: Path) -> None:
    for folder in (tiny_site, tiny_site / "ar"):
        script = (folder / INDEX).read_text("utf-8")
        start, end = "var searchIndex = ", ";\n"
        assert script.startswith(start)
        entries: list[Any] = json.loads(script[len(start) : -len(end)])
        assert {entry["at"] for entry in entries} == {
            f"{name}.html" for name in ("index", "slip", "handouts", "codes")
        }
        assert all(entry["title"] and entry["parts"] for entry in entries)
        sections = {part[0] for entry in entries for part in entry["parts"]}
        assert {"purpose", "place"} <= sections
        assert {"sources", "meanings"}.isdisjoint(sections)


def test_the_library_is_the_one_whose_licence_stands_beside_it() -> None:
    folder = ROOT / "templates/website/theme/search"
    digest = hashlib.sha256((folder / "minisearch.js").read_bytes()).hexdigest()
    told = (folder / "minisearch.txt").read_text("utf-8")
    assert f"SHA-256: {digest}\n" in told
    assert "Permission is hereby granted, free of charge" in told


# What is found


def test_the_page_about_it_comes_first(chromium: Browser, shipped: str) -> None:
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{shipped}options.html")
        page.locator(SEARCH).click()
        look_for(page, "call")
        right = {typed: name for name, words in RIGHT.items() for typed in words.split(", ")}
        first = page.evaluate(FIRST, list(right))
        seen.is_quiet(shipped)
    assert first == right


def test_a_sentence_is_looked_for_word_by_word(chromium: Browser, shipped: str) -> None:
    """Whole sentences are typed, too, by those who are afraid."""
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{shipped}index.html")
        page.locator(SEARCH).click()
        # Words that stand everywhere count only alone.
        assert look_for(page, "my arm is red two days later")[0] == "aftercare"
        marked = {word.lower() for word in page.locator(".search mark").all_inner_texts()}
        assert {"my", "is", "days", "later"} & marked == set()
        assert look_for(page, "is the price of it") == look_for(page, "price")
        assert look_for(page, "is it")
        # A word that stands nowhere is named.
        count = len(look_for(page, "lidocane"))
        said = f"We looked for words like this: lidocane. Pages found: {count}"
        expect(page.locator(STATUS)).to_have_text(said)
        # What is pasted with the mouse presses no key: the browser only tells of another text.
        page.locator(FIELD).fill("")
        page.evaluate("document.execCommand('insertText', false, 'insurance')")
        page.locator(f"{FOUND}[href*='faq.html']").wait_for(timeout=9000)


def test_words_for_the_search_are_nowhere_on_the_page(shipped_site: Path) -> None:
    assert "Xylocaine" not in (shipped_site / "process.html").read_text("utf-8")


def test_a_result_tells_what_the_page_says_and_where(chromium: Browser, shipped: str) -> None:
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{shipped}index.html")
        page.locator(SEARCH).click()
        names = look_for(page, "bruise")
        expect(page.locator(STATUS)).to_have_text(f"Pages found: {len(names)}")
        assert page.locator(STATUS).get_attribute("role") == "status"
        row = page.locator(".search__found > li").nth(names.index("expectations"))
        # A row of a table, each cell with the head of its column.
        assert "The rest of the day. What you may notice: " in row.inner_text()
        assert row.locator("mark").first.inner_text() == "bruise"
        sizes = page.eval_on_selector_all(
            ".search p, .search a",
            "all => all.map(one => parseFloat(getComputedStyle(one).fontSize))",
        )
        assert min(sizes) >= 18
        places = ".search :is(a, button, input), .search-button"
        for place in page.locator(places).all():
            if place.is_visible():
                box = box_of(place)
                assert box["height"] >= 44, place.inner_text()
        row.get_by_role("link", name="What you may feel, and when").click()
        page.wait_for_url("**/expectations.html#hours")


# Before something is typed, and where nothing is found


def test_the_empty_search_offers_what_people_ask(chromium: Browser, shipped: str) -> None:
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{shipped}risks.html")
        page.locator(SEARCH).click()
        assert page.locator(ASKED).all_inner_texts() == [
            "Does it work?",
            "Does it hurt?",
            "Can it harm me?",
            "When should I call for help?",
            "What will it cost me?",
        ]
        assert not page.locator(WAYS).first.is_visible()
        page.locator(ASKED).nth(1).click()
        page.wait_for_url("**/faq.html#hurt")


def test_who_finds_nothing_can_go_on(chromium: Browser, shipped: str) -> None:
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{shipped}risks.html")
        page.locator(SEARCH).click()
        for typed in ("𝌆𝌇", "?!", "  ", "qqqqzzzz"):
            assert look_for(page, "needle")
            page.locator(FIELD).fill(typed)
            expect(page.locator(FOUND)).to_have_count(0)
            expect(page.locator(ASKED).first).to_be_visible()
        expect(page.locator(STATUS)).to_contain_text("Nothing was found.")
        assert page.locator(WAYS).all_inner_texts() == [
            "Questions to ask your clinic",
            "Questions people ask",
            "What the words mean",
        ]
        assert seen.complaints == []


# What it costs, and how it works


def test_nothing_of_the_search_is_fetched_before_it_is_opened(
    chromium: Browser, shipped: str
) -> None:
    with visit(chromium, PHONE, is_first=True) as seen:
        page = seen.go(f"{shipped}index.html", patiently=True)
        assert [url for url in seen.requests if "search" in url or "worker" in url] == []
        page.locator(SEARCH).click()
        look_for(page, "call")
        asked = [url.removeprefix(shipped) for url in seen.requests if "search" in url]
        assert sorted(asked) == ["search/index.js", "search/minisearch.js"]
        page.keyboard.press("Escape")
        page.locator(SEARCH).click()
        look_for(page, "needle")
        assert len([url for url in seen.requests if "search" in url]) == 2


def test_an_address_may_ask_for_a_search(chromium: Browser, shipped: str) -> None:
    with visit(chromium) as seen:
        page = seen.go(f"{shipped}about.html?q=tylenol")
        page.locator(f"{FOUND}[href*='aftercare.html']").wait_for(timeout=9000)
        assert page.locator(FIELD).input_value() == "tylenol"


def test_a_search_that_does_not_load_says_so(chromium: Browser, shipped: str) -> None:
    """And is fetched again when it is opened again: a line may have been down."""
    with visit(chromium, is_first=True) as seen:
        page = seen.go(f"{shipped}index.html")
        page.route("**/search/index.js", lambda route: route.abort())
        page.locator(SEARCH).click()
        page.locator(FIELD).fill("needle")
        expect(page.locator(STATUS)).to_contain_text("could not be loaded", timeout=9000)
        assert page.locator(WAYS).first.is_visible()
        page.unroute("**/search/index.js")
        page.keyboard.press("Escape")
        page.locator(SEARCH).click()
        page.locator(FOUND).first.wait_for(timeout=9000)


def test_without_scripts_no_search_is_shown(chromium: Browser, shipped: str) -> None:
    with visit(chromium, PHONE, has_scripts=False) as seen:
        seen.page.goto(f"{shipped}index.html")
        assert seen.page.locator("h1").is_visible()
        assert not seen.page.locator(SEARCH).is_visible()
        assert not seen.page.locator(FIELD).is_visible()


WORDS = {
    # what stands in a page: what is typed
    "Der Bluterguß am Arm": "bluterguss",
    "Wir nehmen Schmerzmittel": "mittel",
    "La piqûre fait mal": "piqure",
    "İğne acıtır": "igne",
    "Vết bầm tím": "vet bam",
    "เข็มเล็กมาก": "เล็ก",
    "注射器和针头": "针头",
    "注射は痛い": "痛い",
    "주사 바늘이 가늘다": "바늘",
    "المحاقن النظيفة": "محاقن",
    "הַמַּחַט דקה": "מחט",
    "सुई पतली है": "सुई",
    "sindano nyembamba": "sindno",
}


def test_words_of_any_language_are_found(chromium: Browser, shipped: str) -> None:
    """Without accents or capitals, by the beginning of a word, within one, or nearly."""
    page_of = [
        {"at": f"{at}.html", "title": str(at), "words": [], "parts": [["", "", said]]}
        for at, said in enumerate(WORDS)
    ]
    with visit(chromium) as seen:
        index = f"var searchIndex = {json.dumps(page_of)};"
        seen.page.route(
            "**/search/index.js",
            lambda route: route.fulfill(body=index, content_type="text/javascript"),
        )
        page = seen.go(f"{shipped}index.html")
        page.locator(SEARCH).click()
        found = {said: look_for(page, typed) for said, typed in WORDS.items()}
        page.unroute("**/search/index.js")
    assert {said: names[:1] for said, names in found.items()} == {
        said: [str(at)] for at, said in enumerate(WORDS)
    }
