"""Tests of the handouts desk: what reception staff choose there, and which sheet they then open."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import lxml.html
import pytest
from PIL import Image, ImageChops, ImageStat
from playwright.sync_api import Browser, Page, Route, expect

from plainleaf.load.load import load
from plainleaf.model import DRAFT, PAPERS, SIZES, Docs, Printed, Project
from plainleaf.plan import plan
from plainleaf.publish.desk import cards
from plainleaf.publish.website import _desks
from tests.browser import PHONE, box_of, visit
from tests.conftest import UNSEEN

LONDON, BOSTON = "en-GB", "en-US"


def printed(project: Project, docs: Docs) -> list[Printed]:
    """Give all sheets of a project without setting them."""
    sheets = plan(docs, load(project, []), [])
    return [
        Printed(sheet, DRAFT, is_form, b"", 1, UNSEEN)
        for sheet in sheets
        for is_form in ((False, True) if sheet.is_filled_in else (False,))
    ]


def sheets_of(site: Path) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((site / "handouts/handouts.json").read_text("utf-8"))[
        "sheets"
    ]
    return found


def offered(page: Page) -> list[str]:
    """Give the addresses that the buttons of the cards that are shown lead to."""
    found: list[str] = page.locator(".open a:visible").evaluate_all(
        "buttons => buttons.map(button => button.getAttribute('href'))"
    )
    return found


def query(page: Page) -> dict[str, list[str]]:
    return parse_qs(urlsplit(page.url).query)


# The cards


def test_cards_stand_clinic_by_clinic_in_the_order_in_which_patients_need_them(
    project: Project, docs: Docs
) -> None:
    found = cards(docs, printed(project, docs), "en")
    assert [(card.clinic.slug, card.language.code, card.handout.name) for card in found] == [
        (clinic, language, handout)
        for clinic in ("anyone", "corner")
        for language in ("en", "ar")
        for handout in ("note", "slip")
    ]
    languages = [card.language.code for card in cards(docs, printed(project, docs), "ar")]
    assert languages == ["ar", "ar", "en", "en"] * 2
    # The order is that of the pages, not of the names of files.
    index = docs.pages["en", "index"]
    late = replace(docs, pages={**docs.pages, ("en", "index"): replace(index, order=99)})
    names = [card.handout.name for card in cards(late, printed(project, docs), "en")]
    assert names[:2] == ["slip", "note"]


def test_a_pack_comes_first_and_what_it_holds_in_its_own_order(
    project: Project, docs: Docs
) -> None:
    items = printed(project, docs)
    pack = replace(items[0].sheet.handout, name="pack", handouts=("slip", "note"))
    sheets = [replace(item.sheet, handout=pack) for item in items if item.sheet.size == "large"]
    packs = [replace(item, sheet=sheet) for item, sheet in zip(items, sheets, strict=False)]
    names = [card.handout.name for card in cards(docs, [*items, *packs], "en")]
    assert names[:3] == ["pack", "slip", "note"]


def test_a_card_holds_each_version_once_those_to_print_first(project: Project, docs: Docs) -> None:
    found = cards(docs, printed(project, docs), "en")
    to_print = ["a4", "letter", "a4-large", "letter-large"]
    for clinic, handout, forms in (
        # Only a clinic that writes its own details has anything to type into the note.
        ("anyone", "note", ("", "-form")),
        ("corner", "note", ("",)),
        ("corner", "slip", ("", "-form")),
    ):
        (card,) = [
            card
            for card in found
            if (card.clinic.slug, card.handout.name, card.language.code) == (clinic, handout, "en")
        ]
        assert [item.path for item in card.versions] == [
            f"handouts/{clinic}/en/{handout}-{version}{form}.pdf"
            for form in forms
            for version in to_print
        ]


def test_giant_print_can_be_chosen_where_a_clinic_offers_it(project: Project, docs: Docs) -> None:
    """A clinic's own desk offers its sizes; that of all clinics, what any of them offers."""
    first, *others = printed(project, docs)
    english = docs.languages["en"]
    chosen = 'name="print" value="giant"'
    assert not any(chosen in desk for desk in _desks(docs, english, [first, *others]).values())
    slug = first.sheet.clinic.slug
    clinic = replace(first.sheet.clinic, sizes=SIZES)
    offers = [
        replace(item, sheet=replace(item.sheet, clinic=clinic))
        if item.sheet.clinic.slug == slug
        else item
        for item in (first, *others)
    ]
    giant = replace(first, sheet=replace(first.sheet, clinic=clinic, size="giant"))
    desks = _desks(docs, english, [*offers, giant])
    assert [name for name, desk in desks.items() if chosen in desk] == [
        "handouts",
        f"handouts/{slug}/index",
    ]
    assert "<bdi>giant print</bdi>" in desks["handouts"]


def test_a_card_has_one_text_beside_all_its_versions(project: Project, docs: Docs) -> None:
    items = printed(project, docs)
    found = cards(docs, items, "en")
    assert [card.text_path for card in found[:2]] == [
        f"handouts/anyone/en/{name}.txt" for name in ("note", "slip")
    ]
    # Where the sheets in standard print had to be left out, there is none.
    large = [item for item in items if item.sheet.size == "large"]
    assert {card.text_path for card in cards(docs, large, "en")} == {""}
    desks = _desks(docs, docs.languages["en"], large)
    assert not any("as-text" in desk for desk in desks.values())


def test_the_desk_begins_with_what_to_do_and_what_the_sheets_are(tiny_site: Path) -> None:
    (box,) = lxml.html.parse(tiny_site / "handouts.html").xpath(
        "//article//*[contains(@class, 'admonition key')]"
    )
    first, second = box.findall("p")[:2]
    assert first.findtext("strong") == "Choose a sheet, open it and print it."
    assert second.text == "These sheets are made from the same words as these pages."


def test_each_desk_leads_to_the_text_of_each_sheet(tiny_site: Path) -> None:
    told = json.loads((tiny_site / "handouts/handouts.json").read_text("utf-8"))["texts"]
    texts = {each["path"]: each for each in told}
    assert len(texts) == len(told) == len(list(tiny_site.glob("handouts/*/*/*.txt"))) == 8
    for path, each in texts.items():
        content = (tiny_site / path).read_bytes()
        assert (each["bytes"], each["sha256"]) == (
            len(content),
            hashlib.sha256(content).hexdigest(),
        )
        assert content.decode("utf-8").startswith(each["title"])
    pages = [tiny_site / folder / "handouts.html" for folder in ("", "ar")]
    for page in pages:
        links = lxml.html.parse(page).xpath("//*[@class='as-text']/a")
        led = [(page.parent / link.get("href")).resolve() for link in links]
        assert sorted(led) == sorted((tiny_site / path).resolve() for path in texts)
        # Each is told apart by the title of its sheet, for who hears links alone.
        assert len({link.get("aria-labelledby") for link in links}) == 8
    own = lxml.html.parse(tiny_site / "handouts/corner/index.html")
    hrefs = own.xpath("//*[@class='as-text']/a/@href")
    assert sorted(f"handouts/corner/{href.partition('corner/')[2]}" for href in hrefs) == sorted(
        path for path in texts if "/corner/" in path
    )


# The pictures


def test_each_sheet_to_print_has_a_small_picture_in_the_proportions_of_its_paper(
    each_site: Path,
) -> None:
    papers = {paper.name: paper for paper in PAPERS}
    seen = set()
    for sheet in sheets_of(each_site):
        if sheet["form"]:
            continue
        file = (each_site / sheet["path"]).with_suffix(".webp")
        assert file.stat().st_size < 15_000, sheet["path"]
        seen.add(file.read_bytes())
        paper = papers[sheet["paper"]]
        with Image.open(file) as picture:
            width, height = picture.size
        assert width / height == pytest.approx(paper.width / paper.height, rel=0.005)
    # No two sheets look alike, and no picture is without a sheet.
    assert len(seen) == len(list(each_site.rglob("handouts/*/*/*.webp")))
    assert len(seen) == sum(not sheet["form"] for sheet in sheets_of(each_site))


@pytest.mark.parametrize("name", ["consent-a4", "consent-letter-large", "before-letter-large"])
def test_the_picture_shows_the_first_page(shipped_site: Path, name: str) -> None:
    """As another program draws it; the second page is far from it."""
    sheet = shipped_site / f"handouts/any-clinic/en/{name}.pdf"
    shown = Image.open(sheet.with_suffix(".webp"))

    def distance(number: int) -> float:
        size = ["-scale-to-x", str(shown.width), "-scale-to-y", str(shown.height)]
        command = ["pdftoppm", "-gray", *size, "-f", str(number), "-l", str(number), str(sheet)]
        done = subprocess.run(command, capture_output=True, check=True)
        # Letters differ by a hair; what stands where does not.
        small = [
            each.convert("L").reduce(8) for each in (shown, Image.open(io.BytesIO(done.stdout)))
        ]
        return float(ImageStat.Stat(ImageChops.difference(*small)).rms[0])

    assert 2 * distance(1) < distance(2)


def test_a_card_shows_the_picture_of_the_paper_and_print_that_are_chosen_and_it_opens_the_sheet(
    chromium: Browser, shipped: str
) -> None:
    with visit(chromium, locale=LONDON) as seen:
        page = seen.go(f"{shipped}handouts.html?handout=consent&clinic=any-clinic")
        picture = page.locator(".handout img:visible")
        assert picture.get_attribute("alt") == (
            "The first page of the sheet “Consent form for neural prolotherapy”"
        )
        for paper, size, end in (
            ("A4", "standard print", "-a4.webp"),
            ("US Letter", "large print", "-letter-large.webp"),
        ):
            page.get_by_role("radio", name=paper).check()
            page.get_by_role("radio", name=size).check()
            assert picture.get_attribute("src") == f"handouts/any-clinic/en/consent{end}"
            page.wait_for_function(
                "end => [...document.images].some(one => one.complete"
                " && one.currentSrc.endsWith(end) && one.naturalWidth)",
                arg=f"any-clinic/en/consent{end}",
            )
            stated = [int(picture.get_attribute(side) or 0) for side in ("width", "height")]
            assert stated == picture.evaluate("one => [one.naturalWidth, one.naturalHeight]")
        assert seen.complaints == []
        page.set_viewport_size(PHONE)  # type: ignore[arg-type]
        picture.scroll_into_view_if_needed()
        place = box_of(picture)
        page.mouse.click(place["x"] + place["width"] / 2, place["y"] + place["height"] * 0.9)
        page.wait_for_url("**/handouts/any-clinic/en/consent-letter-large.pdf")


# The choices


def test_what_is_chosen_decides_which_sheet_opens_and_is_kept_in_the_address(
    chromium: Browser, shipped: str
) -> None:
    with visit(chromium, locale=LONDON) as seen:
        page = seen.go(f"{shipped}handouts.html")
        status = page.get_by_role("status")
        assert status.inner_text() == "Showing 9 of 32 handouts."
        assert len(offered(page)) == 9
        assert all("/any-clinic/" in path for path in offered(page))
        assert {path.rpartition("-")[2] for path in offered(page)} == {"a4.pdf"}
        assert query(page) == {}

        page.get_by_label("What for").select_option(label="Consent form for neural prolotherapy")
        page.get_by_role("radio", name="US Letter").check()
        page.get_by_role("radio", name="large print").check()
        assert offered(page) == ["handouts/any-clinic/en/consent-letter-large.pdf"]
        assert status.inner_text() == "Showing 1 of 32 handouts."
        assert query(page) == {"handout": ["consent"], "paper": ["letter"], "print": ["large"]}

        page.get_by_label("Clinic", exact=True).select_option(label="Harbour Street Clinic")
        assert page.get_by_role("heading", name="Any clinic", exact=True).count() == 0
        page.get_by_role("radio", name="to type into").check()
        wanted = ["handouts/example-clinic/en/consent-letter-large-form.pdf"]
        assert offered(page) == wanted
        (name,) = page.locator(".open a:visible").all_inner_texts()
        assert name.split("\n") == ["Open the sheet", "US Letter large print, to type into"]

        assert page.evaluate("Object.keys({...localStorage, ...sessionStorage})") == []
        bookmark = page.url
        seen.go("about:blank")
        page = seen.go(bookmark)
        assert offered(page) == wanted
        assert page.get_by_role("radio", name="US Letter").is_checked()
        assert page.get_by_label("What for").input_value() == "consent"
        page.get_by_label("What for").select_option(label="Everything")
        assert "handout" not in query(page)
        assert page.get_by_role("status").inner_text() == "Showing 8 of 32 handouts."
        page.get_by_label("What for").select_option(label="Your pack for neural prolotherapy")
        assert offered(page) == []
        assert page.get_by_role("status").inner_text() == (
            "No handout fits all of this. Change one of your choices."
        )
        assert seen.complaints == []


def test_a_clinic_that_prints_on_one_paper_offers_that_one_whatever_is_chosen(
    chromium: Browser, tiny_address: str
) -> None:
    with visit(chromium, is_first=True, locale=BOSTON) as seen:
        page = seen.page

        def without_letter_at_corner(route: Route) -> None:
            html: Any = lxml.html.fromstring(route.fetch().body())
            for item in html.xpath('//li[@data-clinic="corner"][@data-paper="letter"]'):
                item.drop_tree()
            route.fulfill(body=lxml.html.tostring(html), content_type="text/html")

        page.route("**/handouts.html*", without_letter_at_corner)
        seen.go(f"{tiny_address}handouts.html?clinic=")
        papers = {path.split("/")[1]: path.rpartition("-")[2] for path in offered(page)}
        assert papers == {"anyone": "letter.pdf", "corner": "a4.pdf"}
        page.get_by_role("radio", name="A4").check()
        assert all(path.endswith("-a4.pdf") for path in offered(page))


@pytest.mark.parametrize(
    ("locale", "paper"),
    [("en-US", "letter"), ("es-MX", "letter"), ("en-GB", "a4"), ("sv", "a4"), ("zh-Hant-TW", "a4")],
)
def test_the_paper_is_first_that_of_the_country(
    chromium: Browser, tiny_address: str, locale: str, paper: str
) -> None:
    """SV is El Salvador, which prints on Letter, and sv Swedish, which does not."""
    with visit(chromium, locale=locale) as seen:
        page = seen.go(f"{tiny_address}handouts.html")
        assert page.locator("[name=paper]:checked").input_value() == paper
        assert all(path.endswith(f"-{paper}.pdf") for path in offered(page))
        assert query(page) == {}


def test_one_language_can_be_chosen_where_there_are_several(
    chromium: Browser, shipped: str, tiny_address: str
) -> None:
    with visit(chromium, locale=LONDON) as seen:
        page = seen.go(f"{tiny_address}ar/handouts.html")
        language = page.locator(".choices").get_by_label("اللغة")
        assert len(offered(page)) == 2
        assert all("/ar/" in path for path in offered(page)), "the language of the page comes first"
        language.select_option("en")
        assert len(offered(page)) == 2
        assert all("/en/" in path for path in offered(page))
        assert page.get_by_role("status").inner_text() == "المعروض 2 من 8."
        language.select_option("")
        assert len(offered(page)) == 4
        page.locator("[name=clinic]").select_option("")
        assert len(offered(page)) == 8
        assert len(offered(seen.go(page.url))) == 8, "the address forgot that all were chosen"
        page = seen.go(f"{shipped}handouts.html")
        assert page.locator("[name=language] option").all_inner_texts() == [
            *("All languages", "العربية", "English", "Español"),
        ]


def test_choices_work_from_a_folder_and_what_nobody_can_choose_is_ignored(
    chromium: Browser, shipped_site: Path
) -> None:
    with visit(chromium, locale=LONDON) as seen:
        desk = (shipped_site / "handouts.html").as_uri()
        strange = "handout=no-such&paper=a5&text=%3Cb%3E&fill=hand&colour=red&paper=letter"
        page = seen.go(f"{desk}?{strange}#any-clinic")
        assert len(offered(page)) == 9
        assert {path.rpartition("-")[2] for path in offered(page)} == {"letter.pdf"}
        page.get_by_role("radio", name="large print").check()
        assert query(page) == {"fill": ["hand"], "paper": ["letter"], "print": ["large"]}
        assert page.url.endswith("#any-clinic")
        page.get_by_label("What for").select_option("diary")
        assert all(path.endswith("/diary-letter-large.pdf") for path in offered(page))
        assert query(page)["handout"] == ["diary"]
        assert seen.complaints == []


# Ways to a sheet


def test_a_large_print_consent_form_on_letter_is_three_clicks_from_the_front_page(
    chromium: Browser, shipped: str
) -> None:
    """Even where the browser is set to a country that prints on A4."""
    with visit(chromium, locale=LONDON) as seen:
        page = seen.go(f"{shipped}index.html")
        page.get_by_role("link", name="Handouts to print").first.click()
        page.wait_for_url("**/handouts.html")
        card = page.locator(".handout").filter(has_text="Consent form for neural prolotherapy")
        card.first.get_by_text("Every paper and size of print").click()
        card.first.get_by_role("link", name="US Letter large print", exact=True).click()
        page.wait_for_url("**/handouts/any-clinic/en/consent-letter-large.pdf")


def test_the_desk_can_be_used_by_keyboard_alone(chromium: Browser, shipped: str) -> None:
    with visit(chromium, locale=LONDON) as seen:
        page = seen.go(f"{shipped}handouts.html")

        def tab_to(selector: str) -> None:
            """Go on until something is focused, and see that the focus shows."""
            for _ in range(60):
                page.keyboard.press("Tab")
                focused = page.evaluate_handle("document.activeElement").as_element()
                assert focused is not None
                if focused.evaluate("(one, selector) => one.matches(selector)", selector):
                    width = focused.evaluate(
                        "one => parseFloat(getComputedStyle(one).outlineWidth)"
                    )
                    assert width >= 2, selector
                    return
            pytest.fail(f"{selector} is not reached")

        tab_to("[name=handout]")
        page.keyboard.type("Consent")
        tab_to("[name=clinic]")
        tab_to("[name=paper]")
        page.keyboard.press("ArrowRight")
        tab_to("[name=print]")
        page.keyboard.press("ArrowRight")
        tab_to("[name=fill]")
        assert query(page) == {"handout": ["consent"], "paper": ["letter"], "print": ["large"]}
        tab_to(".open a")
        tab_to(".desk summary")
        page.keyboard.press("Enter")
        tab_to("li a")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Shift+Tab")
        page.keyboard.press("Enter")
        page.wait_for_url("**/handouts/any-clinic/en/consent-letter-large.pdf")


def test_without_scripts_every_sheet_is_listed_and_nothing_is_to_be_chosen(
    chromium: Browser, shipped: str, shipped_site: Path
) -> None:
    with visit(chromium, PHONE, has_scripts=False) as seen:
        page = seen.go(f"{shipped}handouts.html")
        assert page.locator(".desk li a").count() == 252
        links = page.locator(".desk li a:visible").evaluate_all(
            "links => links.map(link => link.getAttribute('href'))"
        )
        assert len(links) == 252
        assert set(links) == {sheet["path"] for sheet in sheets_of(shipped_site)}
        assert page.locator(".desk :is(.choices, .open, summary)").filter(visible=True).count() == 0


# A clinic's own desk


@pytest.mark.slow
@pytest.mark.parametrize("project", ["shipped", "tiny"])
def test_the_desk_of_a_clinic_holds_its_own_sheets_and_no_others(
    project: str, request: pytest.FixtureRequest
) -> None:
    site: Path = request.getfixturevalue(f"{project}_site")
    sheets = sheets_of(site)
    for main in (site, site / "ar")[: 2 if project == "tiny" else 1]:
        for clinic in sorted({sheet["clinic"] for sheet in sheets}):
            path = main / "handouts" / clinic / "index.html"
            tree = lxml.html.parse(path).getroot()
            linked = [
                (path.parent / href).resolve().relative_to(site.resolve()).as_posix()
                for href in tree.xpath("//*[@class='desk']//li/a/@href")
            ]
            assert sorted(linked) == [each["path"] for each in sheets if each["clinic"] == clinic]
            assert tree.xpath("//*[@name='clinic']") == []
            desk = lxml.html.parse(main / "handouts.html").getroot()
            assert f"handouts/{clinic}/index.html" in desk.xpath("//*[@class='desk']//p/a/@href")
            # It is for who has its address: pages lead to the desk of all clinics.
            index = lxml.html.parse(main / "index.html").getroot()
            desks = [href for href in index.xpath("//a/@href") if not href.endswith(".pdf")]
            assert not [href for href in desks if clinic in href]


def test_a_clinic_can_bookmark_its_choice_on_its_own_desk(chromium: Browser, shipped: str) -> None:
    with visit(chromium, locale=LONDON) as seen:
        page = seen.go(f"{shipped}handouts/example-clinic/index.html?handout=consent&print=large")
        assert page.locator("h1").inner_text() == "Harbour Street Clinic: handouts to print"
        assert offered(page) == ["../../handouts/example-clinic/en/consent-a4-large.pdf"]
        page.get_by_role("radio", name="US Letter").check()
        # Before the sheet: beside a PDF browsers may ask for an icon that no site has to have.
        assert seen.complaints == []
        page.get_by_role("link", name="Open the sheet").click()
        page.wait_for_url("**/handouts/example-clinic/en/consent-letter-large.pdf")


# How it stands: without barriers that axe finds, as test_axe.py sees


def test_what_is_pressed_on_the_desk_is_large_enough_for_a_shaking_hand(
    chromium: Browser, shipped: str
) -> None:
    """24 CSS pixels each way: WCAG 2.2, 2.5.8."""
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{shipped}handouts.html")
        for folded in (".how > summary", ".handout:visible summary"):
            page.locator(folded).first.click()
        sizes = page.evaluate(
            "() => [...document.querySelectorAll("
            "'.desk :is(select, fieldset label, summary, .open a, li a, .as-text a, section > p a)'"
            ")]"
            ".map(one => one.getBoundingClientRect()).filter(box => box.width)"
            ".map(box => Math.min(box.width, box.height))"
        )
        assert len(sizes) > 25
        assert min(sizes) >= 24


@pytest.mark.parametrize("chosen", ["", "?handout=consent&print=large"])
def test_nothing_on_the_desk_jumps_when_the_script_comes_late(
    chromium: Browser, shipped: str, chosen: str
) -> None:
    """The script comes only when the page has been painted, as on a slow line."""
    with visit(chromium, is_first=True, locale=BOSTON) as seen:
        page = seen.page

        def once_painted(route: Route) -> None:
            page.wait_for_function("performance.getEntriesByType('paint').length > 0")
            route.continue_()

        page.route("**/website.js", once_painted)
        page.add_init_script(
            "window.shifts = []; new PerformanceObserver(list => shifts.push(...list.getEntries()"
            ".flatMap(entry => entry.sources.map(source => source.node?.closest?.('.desk')?.id))))"
            ".observe({type: 'layout-shift', buffered: true})"
        )
        seen.go(f"{shipped}handouts.html{chosen}")
        page.locator(".desk.ready").wait_for()
        assert all("-letter" in path for path in offered(page))
        page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done)))")
        assert page.evaluate("shifts.filter(one => one !== undefined)") == []


def test_the_desk_opens_its_sheets_even_if_the_script_never_comes(
    chromium: Browser, shipped: str
) -> None:
    with visit(chromium, is_first=True) as seen:
        seen.page.route("**/website.js", lambda route: route.abort())
        page = seen.go(f"{shipped}handouts.html")
        expect(page.locator(".open a:visible")).to_have_count(32)  # each comes by its own animation
        page.locator(".handout summary").first.click()
        assert page.get_by_role("link", name="US Letter large print", exact=True).is_visible()
        assert not page.locator(".choices").is_visible()


def test_pages_opened_from_a_clinics_desk_have_its_numbers_as_links(
    chromium: Browser, shipped: str
) -> None:
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{shipped}handouts/example-clinic/index.html")
        page.get_by_role("link", name="When to get help").click()
        page.wait_for_url("**/aftercare.html?clinic=example-clinic#emergency")
        card = page.locator(".today address")
        card.wait_for()
        assert card.locator("a").evaluate_all("links => links.map((link) => link.href)") == [
            *("tel:999", "tel:+44-20-7946-0123", "tel:+44-20-7946-0456"),
        ]
        # It is the same on the next page, and after the visit nothing is left of it.
        page.locator(".md-content a[href*='diary.html']").first.click()
        page.wait_for_url("**/diary.html?clinic=example-clinic")
        # What an address asks for besides stays.
        ways = page.locator(".get-sheet a[href*='handouts.html']")
        assert str(ways.get_attribute("href")).endswith("?handout=diary&clinic=example-clinic")
        assert page.evaluate("localStorage.length + sessionStorage.length") == 0
        page = seen.go(f"{shipped}aftercare.html?clinic=nobody")
        assert page.locator(".today address").count() == 0
        assert "stands on the sheet" in page.locator(".today").inner_text()
