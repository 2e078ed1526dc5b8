"""No barrier where axe cannot look: keyboard, size and spaces of text, colours, movement.

WCAG 2.2 AA, tried out: each key press, each focus, each width.
"""

from __future__ import annotations

from io import BytesIO
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect

from tests.browser import FIELD, FOUND, MENU, NARROW, PHONE, SEARCH, box_of, visit

WIDE = {"width": 1400, "height": 900}
# Where the keyboard is, as a person sees it: its words, whether it is marked, what lies over it.
FOCUSED = """() => {
  const one = document.activeElement, box = one.getClientRects()[0];
  const style = getComputedStyle(one);
  const x = Math.min(Math.max(box.left + box.width / 2, 1), innerWidth - 1);
  const y = Math.min(Math.max(box.top + Math.min(box.height, 40) / 2, 1), innerHeight - 1);
  const top = document.elementFromPoint(x, y);
  return {
    name: (one.textContent.trim() || one.ariaLabel || one.tagName).slice(0, 60),
    tag: one.tagName,
    isSeen: box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth,
    isOnTop: one.contains(top) || (top !== null && top.contains(one)),
    isMarked: style.boxShadow !== "none" || style.outlineStyle !== "none",
  };
}"""


# By keyboard alone


@pytest.mark.parametrize(
    ("name", "size"),
    [
        ("index", WIDE),
        ("index", NARROW),
        ("aftercare", PHONE),
        ("evidence", NARROW),
        ("handouts", PHONE),
    ],
)
def test_the_keyboard_is_always_seen_and_never_under_the_bar(
    chromium: Browser, shipped: str, name: str, size: dict[str, int]
) -> None:
    """WCAG 2.1.1, 2.4.3, 2.4.7, 2.4.11: forwards through the page, and back up again."""
    with visit(chromium, size, reduced_motion="reduce") as seen:
        page = seen.go(f"{shipped}{name}.html")
        reached, lost = [], []
        for key in ("Tab", "Shift+Tab"):
            for _ in range(400):
                page.keyboard.press(key)
                at = page.evaluate(FOCUSED)
                if at["tag"] in ("BODY", "HTML"):
                    break
                reached.append(at["name"])
                if not (at["isSeen"] and at["isOnTop"] and at["isMarked"]):
                    lost.append((key, at))
        assert lost == []
        wanted = page.evaluate(
            "() => [...document.querySelectorAll('article a[href], article summary')]"
            ".filter(one => one.checkVisibility()).map(one => one.textContent.trim().slice(0, 60))"
        )
        assert set(wanted) <= set(reached)
        assert {"Get help", "Menu"} - {"Menu" if size["width"] > 1300 else ""} <= set(reached)


def test_the_menu_opens_and_shuts_by_keyboard_and_the_first_key_skips_what_stands_around(
    chromium: Browser, shipped: str
) -> None:
    with visit(chromium, PHONE, reduced_motion="reduce") as seen:
        page = seen.go(f"{shipped}risks.html")
        assert not page.locator(".menu a").first.is_visible()
        page.locator(MENU).focus()
        page.keyboard.press("Enter")
        expect(page.locator(".menu a").first).to_be_focused()
        assert page.locator(MENU).get_attribute("aria-expanded") == "true"
        page.keyboard.press("Escape")
        assert page.locator(MENU).get_attribute("aria-expanded") == "false"
        assert page.evaluate(FOCUSED)["name"] == "Menu"
        assert not page.locator(".menu a").first.is_visible()
        page.keyboard.press("Space")
        expect(page.locator(".menu a").first).to_be_focused()
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.wait_for_url(lambda address: "risks" not in address)
        # Last: a moment after a link within a page was followed, the theme shuts the menu.
        page = seen.go(f"{shipped}risks.html")
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED)["name"] == "Skip to content"
        page.keyboard.press("Enter")
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('article').contains(document.activeElement)")


def test_the_drawer_has_a_way_out_and_help(chromium: Browser, shipped: str) -> None:
    """A finger has no Escape, and a screen reader cannot touch beside the drawer."""
    with visit(chromium, PHONE, reduced_motion="reduce") as seen:
        page = seen.go(f"{shipped}aftercare.html")
        page.locator(MENU).click()
        way_out = page.get_by_role("button", name="Close", exact=True).locator("visible=true")
        box = box_of(way_out)
        assert min(box["width"], box["height"]) >= 44
        way_out.click()
        expect(page.locator(MENU)).to_be_focused()
        assert not page.locator(".menu a").first.is_visible()
        page.locator(MENU).click()
        page.locator(".menu__help").click()
        page.wait_for_url("**/aftercare.html#emergency")
        assert not page.locator(".menu a").first.is_visible()
        page.set_viewport_size(WIDE)  # type: ignore[arg-type]
        assert page.locator(".menu a").nth(1).is_visible()
        assert not page.locator(".menu__close").is_visible()


def test_in_large_letters_help_stays_in_sight_and_titles_grow(
    chromium: Browser, shipped: str
) -> None:
    sizes = (
        "() => ['h1', '.emergency h2', '.md-typeset > h2'].map(one =>"
        " parseFloat(getComputedStyle(document.querySelector(one)).fontSize))"
    )
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{shipped}risks.html")
        smaller = page.evaluate(sizes)
        for size in ("large", "largest"):
            page.evaluate("size => { document.documentElement.dataset.text = size }", size)
            grown = page.evaluate(sizes)
            assert grown == sorted(grown, reverse=True)
            assert all(one > other for one, other in zip(grown, smaller, strict=True)), size
            smaller = grown
            page.evaluate("scrollTo({top: 2000, behavior: 'instant'})")
            assert page.evaluate("scrollY") > 1000
            box = box_of(page.locator(".md-header .help"))
            assert 0 <= box["y"] < 40, size


def test_the_search_is_used_by_keyboard(chromium: Browser, shipped: str) -> None:
    with visit(chromium, PHONE, reduced_motion="reduce") as seen:
        page = seen.go(f"{shipped}index.html")
        page.locator(SEARCH).focus()
        page.keyboard.press("Enter")
        expect(page.locator(FIELD)).to_be_focused()
        for key in ("Escape", "Enter"):  # shut, the keyboard is where it was
            page.keyboard.press(key)
        page.keyboard.type("paracetamol")
        first, section = page.locator(FOUND).first, page.locator(".search__found ul a").first
        first.wait_for()
        for key, reached in (
            ("Enter", first),
            ("ArrowDown", section),
            ("ArrowUp", first),
            ("Tab", section),
        ):
            page.keyboard.press(key)
            expect(reached).to_be_focused()
            assert page.evaluate(FOCUSED)["isMarked"]
        page.keyboard.press("Enter")
        page.wait_for_url("**/aftercare.html#medicines", wait_until="commit")


def test_a_term_is_explained_where_it_stands(chromium: Browser, shipped: str) -> None:
    """By keyboard and on tap; one at a time; Escape gives the keyboard back."""
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{shipped}risks.html")
        seen_terms = page.locator("a.term:visible")
        first, second = seen_terms.first, seen_terms.nth(1)
        first.focus()
        page.keyboard.press("Enter")
        meaning = page.locator(".meaning")
        assert first.inner_text().lower() in meaning.inner_text().lower()
        assert first.get_attribute("aria-expanded") == "true"
        box = box_of(meaning)
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= PHONE["width"]
        page.keyboard.press("Tab")
        assert page.evaluate(FOCUSED)["name"] == "×"
        page.keyboard.press("Escape")
        assert meaning.count() == 0
        assert page.evaluate("document.activeElement.matches('a.term')")
        second.click()
        assert meaning.count() == 1
        page.locator("h1").click()
        assert meaning.count() == 0
        assert page.url.endswith("risks.html")


def test_without_a_script_a_term_leads_to_its_meaning_and_a_dark_device_gets_dark_pages(
    chromium: Browser, shipped: str
) -> None:
    with visit(chromium, PHONE, color_scheme="dark", has_scripts=False) as seen:
        page = seen.go(f"{shipped}risks.html")
        assert not page.locator(".display:has(input)").is_visible()
        assert page.locator("h1").is_visible()
        assert max(pixel(page)) < 60
        term = page.locator("a.term").first
        place = term.get_attribute("href")
        term.click()
        assert page.url.endswith(f"risks.html{place}")
        assert page.locator(f"{place}").is_visible()


# Size, colours, movement


def test_the_choices_of_display_hold_on_the_next_page_and_nothing_else_is_kept(
    chromium: Browser, shipped: str
) -> None:
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{shipped}index.html")

        def shown() -> list[Any]:
            found: list[Any] = page.evaluate(
                "() => [parseFloat(getComputedStyle("
                "document.querySelector('article p:not([class])')).fontSize),"
                " getComputedStyle(document.body).backgroundColor]"
            )
            return found

        size, ground = shown()
        assert (size >= 18, ground) == (True, "rgb(255, 255, 255)")
        page.locator(".display:has(input) summary").click()
        page.get_by_label("Largest").check()
        page.get_by_label("Strong contrast").check()
        seen.go(f"{shipped}risks.html")
        assert shown()[0] > 1.4 * size
        assert shown()[1] == "rgb(0, 0, 0)"
        kept = "() => [Object.keys(localStorage).sort(), Object.keys(sessionStorage)]"
        assert page.evaluate(kept) == [["plainleaf.colours", "plainleaf.text"], []]
        page.locator(".display:has(input) summary").click()
        page.get_by_label("Normal").check()
        page.get_by_label("As on my device").check()
        assert shown() == [size, ground]
        assert page.evaluate(kept) == [[], []]


def pixel(page: Page) -> tuple[int, int, int]:
    """Give the colour of the ground at the left edge of a page, below the bar on top."""
    picture = Image.open(BytesIO(page.screenshot())).convert("RGB")
    red, green, blue = picture.getpixel((3, 400))  # type: ignore[misc]
    return int(red), int(green), int(blue)


def test_nothing_moves_for_those_whom_movement_makes_ill(chromium: Browser, shipped: str) -> None:
    still = (
        "() => [...document.querySelectorAll('*')].filter(one => {"
        " const style = getComputedStyle(one);"
        " return parseFloat(style.transitionDuration) || style.animationName !== 'none'"
        "   || style.scrollBehavior === 'smooth' }).length"
    )
    with visit(chromium, PHONE) as seen:
        page = seen.go(f"{shipped}risks.html")
        assert page.evaluate(still) > 0
        page.emulate_media(reduced_motion="reduce")
        assert page.evaluate(still) == 0
