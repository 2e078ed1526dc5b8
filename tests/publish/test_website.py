"""Tests of the website in a real browser: what patients and reception staff meet there."""

from __future__ import annotations

import gzip
import io
import json
from functools import partial
from itertools import pairwise
from pathlib import Path
from urllib.parse import SplitResult, unquote, urljoin, urlsplit

import lxml.html
import pikepdf
import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, Response

import build
from plainleaf.addresses import CODES
from plainleaf.publish.publish import REVIEW
from tests.browser import NARROW, PHONE, box_of, letters_of, served, visit
from tests.conftest import HERE, ROOT, on_one_paper
from tests.paper import read_pdf
from tests.repository import change

SHIPPED = [
    *sorted(path.stem for path in HERE.parent.glob("docs/en/*.md")),
    *("handouts", "codes"),
]
# What is drawn: not what lies within a list that is shut.
WORDS = "article :is(h1, h2, p, li, td):not(details:not([open]) *), .menu a"
# How a reader may ask for larger text, one way after the other.
LARGER = {
    "as it comes": "null",
    "the largest of the site": "document.documentElement.dataset.text = 'largest'",
    "twice as large (WCAG 1.4.4, 1.4.10)": "document.documentElement.style.fontSize = '275%'",
    "spaced (WCAG 1.4.12)": "document.documentElement.style.fontSize = '';"
    " document.documentElement.dataset.text = '';"
    " for (const one of document.querySelectorAll('body *')) Object.assign(one.style,"
    " { lineHeight: 1.5, letterSpacing: '0.12em', wordSpacing: '0.16em' })",
}
TINY = ["index", "slip", "handouts", "codes", "ar/index", "ar/slip", "ar/handouts", "ar/codes"]


def pages_of(folder: Path) -> list[Path]:
    return sorted(folder.rglob("*.html"))


# Reading


def is_read_on_a_phone(page: Page) -> None:
    """See that nobody scrolls sideways, help stays one tap away, and the letters are large.

    18 pixels or more, none below 16. The page also fits in larger text.
    """
    size = "parseFloat(getComputedStyle(document.querySelector('article p:not([class])')).fontSize)"
    small = (
        "() => [...document.querySelectorAll('article *')]"
        ".filter(one => [...one.childNodes].some(n => n.nodeType == 3 && n.data.trim()))"
        ".filter(one => parseFloat(getComputedStyle(one).fontSize) < 16)"
        ".map(one => one.textContent)"
    )
    over = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(size) >= 18, page.url
    assert page.evaluate(small) == [], page.url
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    help_link = box_of(page.locator(".help"))
    assert 0 <= help_link["y"] < 60, page.url
    wide = {"on a phone": page.evaluate(over)}
    page.set_viewport_size(NARROW)  # type: ignore[arg-type]
    for way, script in LARGER.items():
        page.evaluate(script)
        wide[way] = page.evaluate(over)
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    assert {way: more for way, more in wide.items() if more > 0} == {}, page.url


def test_every_page_can_be_read_from_a_folder_without_a_server(
    chromium: Browser, shipped_site: Path
) -> None:
    """The font is asked of one page of each kind."""
    with visit(chromium, PHONE) as seen:
        page = seen.go((shipped_site / "index.html").as_uri())
        page.get_by_role("link", name="What may go wrong").first.click()
        page.wait_for_url("**/risks.html")
        assert page.locator("h1").inner_text() == "What may go wrong"
        for name in SHIPPED:
            seen.go((shipped_site / f"{name}.html").as_uri())
            if name in ("aftercare", "glossary", "consent", "handouts", "codes"):
                assert set(letters_of(page, WORDS)) == {"Atkinson Hyperlegible"}, name
        assert {urlsplit(url).scheme for url in seen.requests} <= {"file", "data", "blob"}
        assert seen.complaints == []


def is_arabic(page: Page) -> None:
    """See that a page runs from the right, in letters that have Arabic, but for English titles."""
    root = page.locator("html")
    assert root.get_attribute("lang") == "ar"
    assert page.locator("body[dir=rtl], html[dir=rtl]").count() == 1
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).direction") == "rtl"
    # The letters that Atkinson Hyperlegible lacks; none is borrowed from the machine.
    fonts = letters_of(page, WORDS)
    assert set(fonts) <= {"Almarai", "Almarai Bold", "Atkinson Hyperlegible"}
    assert fonts["Almarai"] > 20
    english = page.locator(".desk h3 [lang=en]").all()
    assert bool(english) == page.url.endswith("handouts.html")
    assert {title.get_attribute("dir") for title in english} <= {"ltr"}


def test_every_page_of_another_site_can_be_read_on_a_phone_and_asks_no_other_place_for_anything(
    chromium: Browser, tiny_address: str
) -> None:
    """Nor does it keep anything. Those that are shipped: test_axe.py, which opens each of them."""
    with visit(chromium, PHONE) as seen:
        for name in TINY:
            page = seen.go(f"{tiny_address}{name}.html", patiently=name.endswith("index"))
            if name.startswith("ar/"):
                is_arabic(page)
            is_read_on_a_phone(page)
            seen.is_quiet(tiny_address)


@pytest.mark.parametrize(
    ("piece", "change"),
    [
        ("article li", "fontSize = '15px'"),
        ("article p:not([class])", "fontSize = '17px'"),
        ("article", "minWidth = '400px'"),
        (".md-header", "position = 'static'"),
    ],
)
def test_a_page_that_cannot_be_read_on_a_phone_would_be_found(
    chromium: Browser, tiny_address: str, piece: str, change: str
) -> None:
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{tiny_address}slip.html")
        page.locator(piece).first.evaluate(f"one => {{ one.style.{change} }}")
        with pytest.raises(AssertionError):
            is_read_on_a_phone(page)


def test_the_emergency_card_stands_whole_on_the_first_screen_of_a_phone(
    chromium: Browser, shipped: str
) -> None:
    """The card begins with what to do; nobody has to scroll to find it."""
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{shipped}aftercare.html")
        heading = box_of(page.locator("#emergency"))
        first = box_of(page.locator(".emergency li").first)
        assert heading["y"] >= 0
        assert first["y"] + first["height"] <= PHONE["height"]


def test_the_front_page_first_says_what_it_is_about_and_leads_each_reader_on(
    chromium: Browser, shipped: str
) -> None:
    """On a phone the first way in stands on the first screen, and all four within two more.

    What to do about a red arm is two taps away.
    """
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{shipped}index.html")
        lead = page.locator("article p:not([class])").first.inner_text()
        assert lead.startswith("Neural prolotherapy is ")
        ways = [box_of(way) for way in page.locator(".way").all()]
        assert len(ways) == 4
        first, last = ways[0], ways[-1]
        assert first["y"] < PHONE["height"]
        assert last["y"] < PHONE["height"] * 2.5
        answers = box_of(page.locator(".answers"))
        assert answers["y"] > last["y"]
        page.get_by_role("link", name="When to call your clinic the same day").click()
        page.wait_for_url("**/aftercare.html#today")
        sign = box_of(page.locator(".today li", has_text="redness that spreads"))
        assert 0 < sign["y"] < PHONE["height"]


def numbers_of(page: Page) -> list[str]:
    """Give the emergency numbers that can be seen, in their order."""
    return [
        " ".join(link.inner_text().split())
        for link in page.locator("a[href^='tel:']:visible").all()
    ]


@pytest.mark.parametrize(
    ("language", "zone", "first"),
    [
        ("en-GB", "Europe/London", "999 United Kingdom"),
        ("de-AT", "Europe/Berlin", "112 European Union"),
        ("mi-NZ", "Pacific/Auckland", "111 New Zealand"),
    ],
)
def test_help_leads_to_the_number_of_the_readers_country(
    chromium: Browser, shipped: str, language: str, zone: str, first: str
) -> None:
    """One tap from any page, and on the screen that opens: a button of 44 px or more."""
    with visit(chromium, PHONE, locale=language, zone=zone) as seen:
        page = seen.go(f"{shipped}evidence.html")
        page.locator(".help").click()
        page.wait_for_url("**/aftercare.html#emergency")
        heading = box_of(page.locator("#emergency"))
        assert 40 < heading["y"] < PHONE["height"] / 2
        assert numbers_of(page) == [first]
        button = box_of(page.locator("a[href^='tel:']:visible"))
        assert button["height"] >= 44
        assert 0 < button["y"] < PHONE["height"] - button["height"]
        page.get_by_text("In another country").click()
        assert len(numbers_of(page)) == 6


def test_a_number_stands_alone_only_if_language_and_time_zone_agree(
    chromium: Browser, tmp_path: Path
) -> None:
    """Each list of a page. Many browsers in Britain speak the English of the United States."""
    numbers = "".join(
        f"<li><a href='tel:{number}' data-countries='{countries}'>{number} {countries}</a></li>"
        for number, countries in [("911", "US"), ("112", "DE AT"), ("999", "GB")]
    )
    script = (ROOT / "templates/website/theme/scripts/3-region.js").read_text("utf-8")
    menu = "<nav class='menu' data-other='Other' data-first='First' data-keep='Keep'></nav>"
    (tmp_path / "page.html").write_text(
        f"<!doctype html>{menu}<ul>{numbers}</ul><ul>{numbers}</ul><script>{script}</script>",
        "utf-8",
    )
    us, eu, gb = "911 US", "112 DE AT", "999 GB"
    for language, zone, shown in [
        ("en-GB", "Europe/London", [gb]),
        ("de-AT", "Europe/Berlin", [eu]),
        ("en-US", "Europe/London", [gb, us, eu]),
        ("en-GB", "Asia/Tokyo", [gb, us, eu]),
        ("ar-EG", "Africa/Cairo", [us, eu, gb]),
        ("en", "America/Chicago", [us, eu, gb]),
    ]:
        with visit(chromium, locale=language, zone=zone) as seen:
            page = seen.go((tmp_path / "page.html").as_uri())
            assert numbers_of(page) == [*shown, *shown], (language, zone)
            assert page.get_by_text("Other").first.is_visible() == (len(shown) == 1)
    with visit(chromium, locale="en-US", zone="Asia/Tokyo") as seen:
        page = seen.go((tmp_path / "page.html").as_uri())
        page.get_by_label("First").last.select_option("DE AT")
        assert numbers_of(page) == [eu, eu]
        assert page.evaluate("document.activeElement.checkVisibility()")
        page.reload()
        assert numbers_of(page) == [us, eu, gb] * 2  # nobody asked to remember it


def test_no_country_is_guessed_from_the_further_languages_of_a_browser(
    chromium: Browser, shipped: str
) -> None:
    """A German Firefox lists German, then English of the United States: 911 calls no help there."""
    with visit(chromium, PHONE, is_first=True, locale="de") as seen:
        seen.page.add_init_script(
            "Object.defineProperty(navigator, 'languages', {get: () => ['de', 'en-US', 'en']})"
        )
        page = seen.go(f"{shipped}aftercare.html")
        assert len(numbers_of(page)) == 6
        page = seen.go(f"{shipped}consent.html")
        href = page.locator(".get-sheet .button").get_attribute("href")
        assert str(href).endswith("any-clinic/en/consent-a4.pdf")


def test_a_country_is_remembered_only_if_the_reader_says_so(
    chromium: Browser, shipped: str
) -> None:
    with visit(chromium, PHONE, is_first=True, locale="eo") as seen:
        page = seen.go(f"{shipped}aftercare.html")
        assert len(numbers_of(page)) == 6  # nothing is guessed
        page.get_by_label("Show first").select_option("Australia")
        assert numbers_of(page) == ["000 Australia"]
        page.reload()
        assert len(numbers_of(page)) == 6
        page.get_by_label("Show first").select_option("Australia")
        page.get_by_text("In another country").click()
        page.get_by_label("Remember this country on this device").check()
        page.reload()
        assert numbers_of(page) == ["000 Australia"]


def test_the_list_of_a_page_names_each_box_of_help(tiny_site: Path) -> None:
    page = lxml.html.parse(tiny_site / "index.html").getroot()
    boxes = page.xpath("//article//*[contains(@class, 'admonition')]")
    ids = {box.get("class").split()[-1]: box.find("h2").get("id") for box in boxes}
    listed = {link.get("href") for link in page.xpath("//nav[contains(@class, '--secondary')]//a")}
    assert f"#{ids['emergency']}" in listed
    assert f"#{ids['key']}" not in listed


def test_without_scripts_every_number_can_be_tapped(chromium: Browser, shipped: str) -> None:
    with visit(chromium, PHONE, has_scripts=False) as seen:
        page = seen.go(f"{shipped}aftercare.html")
        assert len(numbers_of(page)) == 6


def test_a_page_offers_its_sheet_below_its_title(chromium: Browser, shipped: str) -> None:
    """On the paper of the reader's country, with the other paper and large print one tap away."""
    with visit(chromium, PHONE, locale="en-CA") as seen:
        page = seen.go(f"{shipped}consent.html")
        button = page.locator(".get-sheet .button")
        assert " ".join(button.inner_text().split()) == "Get this sheet US Letter. Pages: 4"
        assert str(button.get_attribute("href")).endswith("any-clinic/en/consent-letter.pdf")
        page.get_by_text("Other papers and sizes").click()
        others = page.locator(".get-sheet li a").all()
        assert [other.inner_text().partition(".")[0] for other in others] == [
            *("A4", "A4, large print", "US Letter, large print", "For clinics, and to type into"),
        ]
    with visit(chromium, PHONE, locale="en-GB") as seen:
        page = seen.go(f"{shipped}consent.html")
        href = page.locator(".get-sheet .button").get_attribute("href")
        assert str(href).endswith("any-clinic/en/consent-a4.pdf")
        assert not seen.go(f"{shipped}risks.html").locator(".get-sheet").count()


def test_text_at_twice_its_size_leaves_the_bar_small_and_the_title_whole(
    chromium: Browser, shipped: str
) -> None:
    """The bar takes 12 % of a phone at most; no word of the title is broken."""
    with visit(chromium, PHONE, letters=32) as seen:
        for name in ("index", "consent", "aftercare"):
            page = seen.go(f"{shipped}{name}.html")
            bar = box_of(page.locator(".md-header"))
            assert bar["height"] <= PHONE["height"] * 0.12
            assert page.locator("h1").evaluate("one => one.scrollWidth <= one.clientWidth"), name


def test_every_page_says_when_it_was_written_and_who_has_checked_it(
    shipped_site: Path, tiny_site: Path
) -> None:
    for path in [
        shipped_site / f"{name}.html" for name in SHIPPED if name not in ("handouts", "codes")
    ]:
        facts = lxml.html.parse(path).getroot().xpath("//p[@class='page-facts']/span/text()")
        assert facts[0].startswith("Last updated "), path.name
        assert facts[1].startswith("Review by "), path.name
        assert facts[2] == "No clinician has signed it off yet.", path.name
    (facts,) = lxml.html.parse(tiny_site / "slip.html").getroot().xpath("//*[@class='page-facts']")
    assert [line.text for line in facts.iter("span")] == [
        "Last updated 24 November 2026.",
        "Review by 24 November 2028.",
        "No clinician has signed off this sheet yet.",
    ]


def test_a_page_past_its_review_says_so_instead_and_no_other_does(hosted_site: Path) -> None:
    said, late = {}, {}
    for name in ("ar/index", "ar/slip", "index", "slip"):
        article = lxml.html.parse(hosted_site / f"{name}.html").find(".//article")
        (facts,) = article.find_class("page-facts")
        said[name] = [fact.text_content() for fact in facts.iter("span")]
        late[name] = article.xpath("./p/strong/text()")
    assert late.pop("ar/index") == [
        "كان يجب أن تراجع هذه الصفحة قبل 24 نوفمبر 2026. اسأل عيادتك هل ما زالت صحيحة."
    ]
    assert list(late.values()) == [[], [], []]
    assert not any(fact.startswith("تراجع قبل") for fact in said.pop("ar/index"))
    assert [facts[1] for facts in said.values()] == [
        "تراجع قبل 24 نوفمبر 2028.",
        "Review by 24 November 2028.",
        "Review by 24 November 2028.",
    ]


def test_a_page_prints_its_words_and_nothing_to_press(chromium: Browser, shipped: str) -> None:
    with visit(chromium) as seen:
        page = seen.go(f"{shipped}risks.html#numbing")
        numbing = page.locator("#numbing p").first
        assert numbing.is_visible(), "a link into a folded section does not open it"
        heading = box_of(page.locator("details:has(> #numbing) summary"))
        bar = box_of(page.locator(".md-header"))
        assert heading["y"] >= bar["height"], "the heading lies behind the bar"
        page = seen.go(f"{shipped}risks.html")
        assert not numbing.is_visible()
        page.evaluate("dispatchEvent(new Event('beforeprint'))")
        assert numbing.is_visible()
        page.evaluate("dispatchEvent(new Event('afterprint'))")
        assert not numbing.is_visible()
        page.evaluate("window.print = () => { window.printed = true }")
        page.get_by_role("button", name="Print this page").click()
        assert page.evaluate("window.printed")
        page.emulate_media(media="print", color_scheme="dark")
        gone = (".md-header", ".menu", ".contents", "[data-print]", ".folded:not(.more)", ".foot")
        for each in gone:
            assert not page.locator(each).first.is_visible(), each
        # What is folded on a screen stands on paper in full: here as the style sheet asks for it.
        for kept in ("h1", "#serious", ".risks", ".page-facts", "#numbing p"):
            assert page.locator(kept).first.is_visible(), kept
        colours = (
            "() => [getComputedStyle(document.body).backgroundColor,"
            " getComputedStyle(document.querySelector('article p:not([class])')).color]"
        )
        assert page.evaluate(colours) == ["rgb(255, 255, 255)", "rgb(26, 32, 35)"]


def test_a_page_is_printed_in_its_own_fonts(chromium: Browser, tiny_address: str) -> None:
    with visit(chromium) as seen:
        page = seen.go(f"{tiny_address}slip.html")
        page.emulate_media(media="null")
        with pikepdf.open(io.BytesIO(page.pdf(format="A4"))) as pdf:
            named = {str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()}
    assert named
    assert {name for name in named if "AtkinsonHyperlegible" not in name} == set()


ITEMS = "".join(f"<li>Item {number}.</li>" for number in range(6))
# How a page may end, with what only a screen shows after it.
ENDS = {
    "a paragraph": "<p>The last.</p>",
    "a list and a line": f"<ol>{ITEMS}</ol><p>The last.</p>",
    "sources and ways on": f"<ul>{ITEMS}</ul><h2>Sources</h2><details class=folded><summary>Six"
    "</summary></details><p class=rest>More</p><nav class=onward>On</nav>",
    "a section that is folded on a screen": "<details class='more folded' open><summary><h2>More"
    f"</h2></summary><div><ul>{ITEMS}</ul></div></details>",
}
# Undoes what keeps the end of a page together.
APART = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync("article.md-content__inner * { break-before: auto !important; }");
  document.adoptedStyleSheets = [sheet];
}"""


def last_pages(page: Page, end: str) -> list[int]:
    """Print an article with more and more lines before its end; count those on its last page.

    What fits on one page does not count.
    """
    found = []
    for count in range(26, 32):
        page.evaluate(
            "html => { document.querySelector('article').innerHTML = html }",
            f"<h1>Title</h1>{'<p>A line.</p>' * count}{end}",
        )
        with pypdfium2.PdfDocument(page.pdf(format="A4")) as pdf:
            last = pdf[len(pdf) - 1].get_textpage().get_text_bounded()
            found += [len(last.split("\n")) if last.strip() else 0] if len(pdf) > 1 else []
    return found


def test_no_last_page_of_paper_has_a_line_or_two(chromium: Browser, tiny_address: str) -> None:
    """Wherever the page before it ends, and whatever the last words are."""
    with visit(chromium, media="print") as seen:
        page = seen.go(f"{tiny_address}slip.html")
        lines = {name: last_pages(page, end) for name, end in ENDS.items()}
        assert all(lines.values())
        assert {name: found for name, found in lines.items() if min(found) < 4} == {}
        page.evaluate(APART)
        assert min(last_pages(page, ENDS["a paragraph"])) < 4


# Slow lines


def weigh(weights: list[int], response: Response) -> None:
    """Note how many bytes come over the line for a response, packed."""
    weights.append(len(gzip.compress(response.body())))


def test_a_first_visit_is_light_and_nothing_moves(chromium: Browser, shipped: str) -> None:
    """250 KB, packed as hosts send it; layout shift 0 (Core Web Vitals)."""
    heavy, moved = {}, {}
    # The longest, the one with pictures, and those that people come to first.
    for name in ("evidence", "handouts", "index", "risks", "aftercare"):
        with visit(chromium, PHONE, is_first=True) as seen:
            weights: list[int] = []
            seen.page.on("response", partial(weigh, weights))
            seen.page.add_init_script(
                "window.moved = 0; new PerformanceObserver(list => {"
                " for (const one of list.getEntries()) window.moved += one.value })"
                ".observe({ type: 'layout-shift', buffered: true })"
            )
            page = seen.go(f"{shipped}{name}.html", patiently=True)
            heavy[name] = sum(weights)
            moved[name] = page.evaluate("window.moved")
    assert max(heavy.values()) <= 250 * 1024, heavy
    assert min(heavy.values()) > 50 * 1024, heavy
    assert {name: much for name, much in moved.items() if much > 0.0005} == {}


# Every page


def test_each_page_has_one_heading_a_title_a_language_and_a_description(each_site: Path) -> None:
    titles = set()
    for path in pages_of(each_site):
        if path.name == "404.html":
            continue
        tree = lxml.html.parse(path).getroot()
        name = path.relative_to(each_site).as_posix()
        assert len(tree.xpath("//h1")) == 1, name
        if path.parent.name != CODES:  # the page of a code speaks the language of its sheet
            folder = name.partition("/")[0]
            assert tree.get("lang") == (folder if folder in ("ar", "es") else "en"), name
        title = " ".join(tree.xpath("string(//title)").split())
        heading = " ".join(tree.xpath("string(//h1)").split())
        assert heading in title, name
        titles.add((tree.get("lang"), title))
        described = tree.xpath("//meta[@name='description']/@content")
        # Nobody searches for the page for editors.
        assert [bool(text.strip()) for text in described] == ([] if name == REVIEW else [True]), (
            name
        )
        headings = tree.xpath("//article//*[self::h1 or self::h2 or self::h3]")
        levels = [int(heading.tag[1]) for heading in headings]
        assert all(two - one <= 1 for one, two in pairwise(levels)), name
    assert len(titles) == len([path for path in pages_of(each_site) if path.name != "404.html"])


def test_nothing_leads_readers_to_the_page_for_editors(each_site: Path) -> None:
    assert (each_site / REVIEW).is_file()
    naming = [
        path for path in each_site.rglob("*") if path.suffix in (".html", ".json", ".xml", ".js")
    ]
    assert [
        path for path in naming if path.name != REVIEW and REVIEW in path.read_text("utf-8")
    ] == []
    tree = lxml.html.parse(each_site / REVIEW).getroot()
    assert "noindex" in tree.xpath("string(//meta[@name='robots']/@content)")


def test_every_link_leads_somewhere(each_site: Path) -> None:
    """Pages, sections of pages, sheets, pictures, styles and scripts alike."""
    ids: dict[Path, set[str]] = {}
    asked: set[SplitResult] = set()
    lost = []
    for path in pages_of(each_site):
        if path.name == "404.html":  # served at any address, it names all from the site's root
            continue
        tree = lxml.html.parse(path).getroot()
        for _, attribute, link, _ in tree.iterlinks():
            target = urlsplit(urljoin(path.as_uri(), link))
            is_ours = attribute in ("href", "src") and target.scheme == "file"
            if not is_ours or target in asked:
                continue
            asked.add(target)
            file = Path(unquote(target.path))
            if not file.is_file():
                lost.append(f"{path.name}: {link}")
            elif target.fragment and file.suffix == ".html":
                if file not in ids:
                    ids[file] = set(lxml.html.parse(file).getroot().xpath("//@id | //@name"))
                if unquote(target.fragment) not in ids[file]:
                    lost.append(f"{path.name}: {link}")
    assert sorted(set(lost)) == []


# Finding one's way


def navigation(site: Path) -> list[tuple[str, list[str]]]:
    """Give the entries of the navigation: a group with its pages, or a page by itself."""
    tree = lxml.html.parse(site / "index.html").getroot()
    entries = []
    for item in tree.xpath("//nav[@class='menu']/ul/li"):
        title = " ".join(item.xpath("string(./p | ./a)").split())
        inside = item.xpath("./ul//a/@href")
        entries.append((title, inside))
    return entries


def test_the_navigation_groups_the_pages_by_their_readers(shipped_site: Path) -> None:
    pages = [
        ("I am thinking about it", "treatment who risks evidence studies options questions decide"),
        ("I have a visit booked", "before process expectations leaflet consent pack"),
        ("I have just been treated", "aftercare diary"),
        ("More to read", "faq glossary"),
        ("I work at a clinic", "handouts codes clinics visit"),
    ]
    front, *groups = navigation(shipped_site)
    assert front[0] == "Neural prolotherapy"
    assert groups == [(title, [f"{name}.html" for name in names.split()]) for title, names in pages]
    # Next leads along the way of the same readers, and no further.
    for _, inside in groups:
        first, *others = [page for page in inside if page not in ("handouts.html", "codes.html")]
        walked = [first]
        while following := lxml.html.parse(shipped_site / walked[-1]).xpath(
            "//nav[@class='onward']/a[@rel='next']/@href"
        ):
            walked += following
        assert walked == [first, *others]
    # What the site is stands at the foot of each page, and says who publishes it.
    foot = lxml.html.parse(shipped_site / "risks.html").find(".//footer")
    assert foot.xpath(".//a/@href") == [
        *("about.html", "privacy.html", "accessibility.html"),
        *("handouts.html", "about.html#feedback"),
    ]
    assert "Published by: the Plainleaf project" in foot.text_content()


def test_there_is_a_way_home_at_every_width_and_the_menu_fits_a_screen(
    chromium: Browser, shipped: str
) -> None:
    with visit(chromium) as seen:
        page = seen.go(f"{shipped}risks.html")
        name = page.locator(".home span")
        home = page.locator("header").get_by_role("link", name="Plainleaf")
        for width in (320, 390, 768, 1400):
            page.set_viewport_size({"width": width, "height": 900})
            assert name.evaluate("one => one.scrollWidth <= one.clientWidth"), "it is cut short"
            home.click(trial=True)
        menu = box_of(page.locator(".menu"))
        assert menu["y"] + menu["height"] <= 900
        home.click()
        page.wait_for_url("**/index.html")


def test_the_list_of_a_page_is_short(shipped_site: Path) -> None:
    for name in SHIPPED:
        tree = lxml.html.parse(shipped_site / f"{name}.html")
        assert len(tree.xpath("//details[contains(@class, 'contents')]//li")) <= 10, name


def test_pages_for_no_reader_stand_by_themselves_and_the_handouts_last(tiny_site: Path) -> None:
    titles = [title for title, _ in navigation(tiny_site)]
    assert titles == [
        *("Washing a small cut", "Slip for a small cut"),
        *("Handouts to print", "Is my sheet still the newest?"),
    ]


# The handouts page


def test_the_handouts_page_lists_every_sheet_with_its_paper_print_and_pages(
    each_site: Path,
) -> None:
    sheets = json.loads((each_site / "handouts" / "handouts.json").read_text("utf-8"))["sheets"]
    tree = lxml.html.parse(each_site / "handouts.html").getroot()
    shown = {}
    for item in tree.xpath("//*[@class='desk']//li"):
        (link,) = item.xpath(".//a")
        shown[link.get("href")] = " ".join(item.text_content().replace(",", "").split())
    papers = {"a4": "A4", "letter": "US Letter"}
    prints = {"standard": "standard print", "large": "large print"}
    assert shown == {
        sheet["path"]: f"{papers[sheet['paper']]} {prints[sheet['text']]} "
        f"{'to type into ' * sheet['form']}"
        f"Pages: {sheet['pages']} {round(sheet['bytes'] / 1000)} kB PDF"
        for sheet in sheets
    }
    for sheet in sheets:
        raw = (each_site / sheet["path"]).read_bytes()
        assert (raw[:5], len(raw)) == (b"%PDF-", sheet["bytes"])


def test_the_sheets_of_the_example_clinic_are_labelled_as_such(shipped_site: Path) -> None:
    (desk,) = lxml.html.parse(shipped_site / "handouts.html").getroot().find_class("desk")
    ours, example = (" ".join(each.text_content().split()) for each in desk.iterfind("section"))
    notice = "Example only. This clinic does not exist."
    assert example.startswith(f"Harbour Street Clinic {notice}")
    assert notice not in ours
    assert ours.startswith("Any clinic")


# Languages


def test_the_language_picker_leads_there_and_back(chromium: Browser, tiny_address: str) -> None:
    with visit(chromium) as seen:
        page = seen.go(f"{tiny_address}index.html")
        page.locator("summary", has_text="Languages").click()
        page.get_by_role("link", name="العربية").click()
        page.wait_for_url("**/ar/index.html")
        assert page.locator("html").get_attribute("lang") == "ar"
        page.locator("summary", has_text="اللغات").click()
        page.get_by_role("link", name="English").click()
        page.wait_for_url(f"{tiny_address}index.html")
        assert page.locator("html").get_attribute("lang") == "en"
        assert seen.complaints == []


# What people type is shown as they typed it

TYPED = "<b>Bold</b> & Sons *x* {{ 1 }} <script>alert(1)</script>"


def test_markup_in_the_name_of_a_clinic_is_shown_as_it_was_typed(
    chromium: Browser, warm: Path
) -> None:
    change(warm, "Corner Clinic", f"'{TYPED}'", "clinics/corner/clinic.yml")
    on_one_paper(warm, "corner")
    choice = ["--handout", "note", "--clinic", "corner", "--language", "en"]
    assert build.main(["--project", str(warm), *choice]) == 0
    header = [run.text for run in read_pdf(warm / "site/handouts/corner/en/note-a4.pdf").spoken]
    assert TYPED in "".join(header[: header.index("Washing a small cut")])
    with served(warm / "site") as address, visit(chromium) as seen:
        page = seen.go(f"{address}handouts.html")
        assert page.locator(".desk h2#corner").inner_text() == TYPED
        assert page.locator(".desk h2#corner :is(b, em, script)").count() == 0
        page = seen.go(f"{address}handouts/corner/index.html")
        assert page.locator("h1").inner_text() == f"{TYPED}: handouts to print"
        assert page.title() == f"{TYPED}: handouts to print - A small cut"
        assert seen.complaints == []
