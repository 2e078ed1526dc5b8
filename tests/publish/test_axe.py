"""axe finds no barrier: on any page, in any colours, at any width, whatever is open.

The aim is WCAG 2.2 AA. axe finds only part of what can be wrong; test_barriers.py tries the rest.
"""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page

from tests.browser import (
    ASKED,
    EVERYTHING,
    FIELD,
    FOUND,
    MENU,
    NARROW,
    PHONE,
    SEARCH,
    UNASKED,
    UNFRAMED,
    WAYS,
    barriers,
    letters_of,
    visit,
)
from tests.conftest import HERE, ROOT
from tests.publish.test_website import WORDS, is_read_on_a_phone

NO_COLOURS = {**EVERYTHING, "rules": {**EVERYTHING["rules"], "color-contrast": {"enabled": False}}}
ITS_COLOURS = {**UNASKED, "runOnly": ["color-contrast", "link-in-text-block"]}
# What another width may break in the words of a page.
ITS_LAYOUT = {**UNASKED, "runOnly": ["target-size", "scrollable-region-focusable"]}
SIZES = [{"width": 1400, "height": 900}, PHONE, NARROW]
COLOURS = [("light", "none"), ("dark", "none"), ("light", "active")]
# Each page in English; other languages have the same templates.
OPENED = [
    *sorted(path.stem for path in HERE.parent.glob("docs/en/*.md")),
    *("handouts", "codes", "404", "handouts/any-clinic/index", "handouts/example-clinic/index"),
]
# Colours come from the tokens of the theme, never from a page: one of each kind shows them all.
# The first page, text, cards of help, tables, words explained, the desk, no page; and forms:
# test_code_pages.py.
OF_EACH_KIND = {
    *("index", "faq", "aftercare", "risks", "glossary", "handouts", "404"),
    "handouts/any-clinic/index",
}
# The bar, the menu and the foot are alike on all: so they are looked at twice, and while open.
WITH_FRAME = {"index", "aftercare"}


def look(page: Page, size: dict[str, int], colours: tuple[str, str]) -> str:
    """Show a page at a size and in colours; give their names."""
    page.set_viewport_size(size)  # type: ignore[arg-type]
    page.emulate_media(color_scheme=colours[0], forced_colors=colours[1])  # type: ignore[arg-type]
    return f"{size['width']} {colours[0] if colours[1] == 'none' else 'forced'}"


@pytest.mark.parametrize("name", OPENED)
def test_a_page_has_no_barrier_and_can_be_read_on_a_phone(
    chromium: Browser, shipped: str, name: str
) -> None:
    """axe looks on a desk and on the narrowest phone: one layout follows the other between them.

    Nor does it ask any other place for anything, keep anything, or do what its policy forbids.
    """
    with visit(chromium, reduced_motion="reduce") as seen:
        page = seen.go(f"{shipped}{name}.html", patiently=name == "index")
        page.evaluate("document.querySelectorAll('.handout summary')[0]?.click()")
        is_kind = name in OF_EACH_KIND
        within = ":root" if name in WITH_FRAME else UNFRAMED
        found = {look(page, SIZES[0], COLOURS[0]): barriers(page, EVERYTHING, within)}
        look_again = EVERYTHING if is_kind else ITS_LAYOUT
        found[look(page, NARROW, COLOURS[0])] = barriers(page, look_again, within)
        if is_kind:
            found[look(page, PHONE, COLOURS[0])] = barriers(page, NO_COLOURS, within)
            for colours in COLOURS[1:]:
                found[look(page, SIZES[0], colours)] = barriers(page, ITS_COLOURS, within)
        seen.is_quiet(shipped)
        look(page, PHONE, COLOURS[0])
        # In the font of the site itself, not merely its name.
        assert set(letters_of(page, WORDS)) == {"Atkinson Hyperlegible"}
        is_read_on_a_phone(page)
    assert {where: what for where, what in found.items() if what} == {}
    assert len(found) == (5 if is_kind else 2)


def test_axe_finds_nothing_on_a_page_from_right_to_left(
    chromium: Browser, tiny_address: str
) -> None:
    with visit(chromium, reduced_motion="reduce") as seen:
        for name in ("ar/index", "ar/handouts"):
            page = seen.go(f"{tiny_address}{name}.html")
            for size, rules in zip(SIZES, (EVERYTHING, NO_COLOURS, EVERYTHING), strict=True):
                look(page, size, COLOURS[0])
                assert barriers(page, rules) == [], name


def barriers_with(
    page: Page, size: dict[str, int], opened: str, within: str = ":root"
) -> list[str]:
    """Give what axe finds at a size while something is open, and in that in all colours."""
    found = barriers(page, NO_COLOURS, within)
    for colours in COLOURS:
        where = look(page, size, colours)
        found += [f"{where}: {barrier}" for barrier in barriers(page, ITS_COLOURS, opened)]
    look(page, size, COLOURS[0])
    return found


@pytest.mark.parametrize("size", SIZES, ids=lambda size: str(size["width"]))
def test_axe_finds_nothing_while_something_is_open(
    chromium: Browser, shipped: str, size: dict[str, int]
) -> None:
    """The menu, all that the search shows, the choices of display, the meaning of a term."""
    with visit(chromium, size, reduced_motion="reduce") as seen:
        page = seen.go(f"{shipped}index.html")
        page.locator(".display:has(input) summary").click()
        assert barriers_with(page, size, ".display:has(input)") == []
        page.keyboard.press("Escape")
        page.locator("a.term").first.click()
        assert barriers_with(page, size, ".meaning") == []
        page.keyboard.press("Escape")
        if page.locator(MENU).is_visible():
            page.locator(MENU).click()
            assert page.locator(".menu a").first.is_visible()
            assert barriers_with(page, size, ".menu") == []
            page.keyboard.press("Escape")
        page.locator(SEARCH).click()
        page.locator(ASKED).first.wait_for()
        assert barriers_with(page, size, ".search") == []
        # What is typed changes nothing but the search.
        for typed, shown in (("nerve", FOUND), ("lidocane", FOUND), ("qqqq", WAYS)):
            page.locator(FIELD).fill(typed)
            page.locator(shown).first.wait_for()
            assert barriers_with(page, size, ".search", ".search") == [], typed


# Any colour that CSS can name by itself: digits, a function, or a word that is no keyword of ours.
_A_COLOUR = re.compile(
    r"#[0-9a-f]{3,8}\b|\b(?:rgb|hsl|hwb|lab|lch|oklab|oklch|color)a?\("
    r"|:[^;{]*\b(?:white|black|red|green|blue|gr[ae]y|yellow|orange|navy|silver)\b",
    re.IGNORECASE,
)


def test_no_style_names_a_colour_but_the_tokens() -> None:
    """So the pages that are looked at in every colour stand for the others."""
    css = sorted((ROOT / "templates/website/theme/css").glob("*.css"))
    assert css
    assert [path.name for path in css if _A_COLOUR.search(path.read_text("utf-8"))] == []


@pytest.mark.parametrize("said", ["a { color: #123 }", "a { fill: RGB(1 2 3) }", "a{color:red}"])
def test_a_colour_in_a_style_would_be_found(said: str) -> None:
    assert _A_COLOUR.search(said)


# What to do to a page, one after the other, and the rule that it breaks.
BROKEN = [
    (
        "const search = document.querySelector('.search');"
        " search.querySelector('label').remove(); search.show()",
        "label",
    ),
    (
        "document.querySelector('.search').close();"
        " document.querySelector('h2').outerHTML = '<h4>a</h4>'",
        "heading-order",
    ),
    ("document.querySelector('.help').style.color = '#a44'", "color-contrast"),
    ("document.querySelector('article p').innerHTML = '<img src=a>'", "image-alt"),
    ("document.documentElement.lang = ''", "html-has-lang"),
    (
        "document.querySelector('.display:has(input)').open = true;"
        "document.querySelectorAll('.display input').forEach(one => {"
        " one.style.width = one.style.height = '9px'; one.parentNode.style.minHeight = 0;"
        " one.after(one.nextSibling.data); one.parentNode.replaceWith(one) })",
        "target-size",
    ),
    (
        "const box = document.querySelector('article ol, article ul');"
        " box.textContent = 'word '.repeat(99);"
        " Object.assign(box.style, { height: '40px', overflow: 'auto' })",
        "scrollable-region-focusable",
    ),
]


def test_axe_finds_each_barrier_that_is_put_there(chromium: Browser, shipped: str) -> None:
    with visit(chromium) as seen:
        page = seen.go(f"{shipped}index.html")
        found: set[str] = set()
        for change, rule in BROKEN:
            assert rule not in found
            page.evaluate(change)
            found = {line.partition(":")[0] for line in barriers(page)}
            assert rule in found
        found = {line.partition(":")[0] for line in barriers(page, EVERYTHING, UNFRAMED)}
        assert {"heading-order", "image-alt", "html-has-lang"} <= found
        found = {line.partition(":")[0] for line in barriers(page, ITS_LAYOUT)}
        assert found == set(ITS_LAYOUT["runOnly"])


def test_axe_finds_nothing_in_chosen_colours(chromium: Browser, shipped: str) -> None:
    """A light page on a dark device, a dark one on a light device, and strong contrast."""
    with visit(chromium, PHONE, reduced_motion="reduce") as seen:
        for name in ("aftercare", "handouts/any-clinic/index"):
            page = seen.go(f"{shipped}{name}.html")
            page.locator(".display:has(input) summary").click()
            for choice, scheme in (("dark", "light"), ("light", "dark"), ("contrast", "light")):
                look(page, PHONE, (scheme, "none"))
                page.locator(f".display [value={choice}]").check()
                within = ":root" if name in WITH_FRAME else UNFRAMED
                assert barriers(page, ITS_COLOURS, within) == [], (name, choice)
