"""A real browser for tests: folders served on this machine, and tabs that note what happens."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import SimpleHTTPRequestHandler
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

import axe_playwright_python
from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    FloatRect,
    Locator,
    Page,
    Request,
)

from plainleaf.addresses import CODES
from tests.host import serving

PHONE = {"width": 390, "height": 844}
NARROW = {"width": 320, "height": 640}
DESK = {"width": 1280, "height": 900}
# The buttons that open the menu on a phone, and the search.
MENU = "label.md-header__button[for=__drawer] button"
SEARCH = ".search-button"
# Where people type what they look for, and the pages that were found.
FIELD, FOUND = ".search input", ".search__found > li > a"
# What people ask often, and where they can go if nothing was found.
ASKED, WAYS = ".search__asked a", ".search__ways a"

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
# What axe does unasked, but for selectors: to find them takes it long, and nobody reads them.
UNASKED: dict[str, Any] = {"resultTypes": ["violations"], "selectors": False}
# Every rule of WCAG 2.0 to 2.2 and of good practice: axe runs target-size (2.5.8) only if asked.
EVERYTHING = {**UNASKED, "rules": {"target-size": {"enabled": True}}}
# A page without what stands around its words: that is alike on all.
UNFRAMED = {"include": [[":root"]], "exclude": [[".menu"], [".md-header"], [".foot"], [".search"]]}


class Quiet(SimpleHTTPRequestHandler):
    """Serves files, which the browser asks for anew each time, and keeps silent about it."""

    def end_headers(self) -> None:
        self.send_header("Cache-Control", "no-cache")
        super().end_headers()

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder on this machine; give its address."""
    with serving(partial(Quiet, directory=str(folder))) as host:
        yield f"{host}/"


@dataclass
class Visit:
    """A tab, with all that the browser asked for and all that it complained about."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def note_failure(self, request: Request) -> None:
        """Keep what could not be fetched; the browser itself stops what a next page replaces."""
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url}")

    def go(self, address: str, *, patiently: bool = False) -> Page:
        """Open an address; patiently: wait until nothing more has been asked for, for a while."""
        self.page.goto(address, wait_until="networkidle" if patiently else "load")
        self.page.evaluate("document.fonts.ready.then(() => true)")
        return self.page

    def is_quiet(self, site: str) -> None:
        """See that nothing was asked of another place than a site, and that nothing is kept.

        Who reads about a treatment is nobody's business: no fonts, counters or scripts from afar.
        """
        self.page.emulate_media(color_scheme="dark")
        sent = self.page.locator("form[action], form:not(.lookup)")
        assert sent.count() == 0
        assert [url for url in self.requests if not url.startswith((site, "data:"))] == []
        assert self.complaints == []
        assert self.page.context.cookies() == []
        kept = "() => [...Object.keys(localStorage), ...Object.keys(sessionStorage)]"
        assert self.page.evaluate(kept) == []


# What visits leave: a new profile takes a second of work, so a browser has one, with one tab.
_LEFT: WeakKeyDictionary[Browser, Visit] = WeakKeyDictionary()
# What a tab is shown in if a visit asks for nothing else.
_LOOK = {
    "media": "screen",
    "color_scheme": "light",
    "reduced_motion": "no-preference",
    "forced_colors": "none",
}


@contextmanager
def visit(
    browser: Browser, size: dict[str, int] = DESK, *, is_first: bool = False, **options: Any
) -> Iterator[Visit]:
    """Open a tab in a profile that has kept nothing but files of visits.

    options are those of Playwright's emulate_media, and what _set takes; is_first: without files,
    too, and what the visit puts into the tab goes with it.
    """
    main = _LEFT.pop(browser, None) or _opened(browser.new_context())
    seen = _opened(main.page.context) if is_first else main
    look = {name: options.pop(name, usual) for name, usual in _LOOK.items()}
    seen.page.set_viewport_size(size)  # type: ignore[arg-type]
    seen.page.emulate_media(**look)
    # What is set through this ends with it.
    inside = seen.page.context.new_cdp_session(seen.page)
    _set(inside, **options)
    if is_first:
        inside.send("Network.clearBrowserCache")
    is_sound = False
    try:
        yield seen
        is_sound = browser not in _LEFT
    finally:
        if is_sound:
            _tidy(main, inside)
            _LEFT[browser] = main
        else:
            main.page.context.close()


def _set(
    inside: CDPSession,
    *,
    has_scripts: bool = True,
    locale: str = "",
    zone: str = "",
    letters: int = 0,
) -> None:
    """Set whether scripts run, and a reader's language, time zone and usual size of letters."""
    if not has_scripts:
        inside.send("Emulation.setScriptExecutionDisabled", {"value": True})
    if locale:
        inside.send("Emulation.setLocaleOverride", {"locale": locale})
        inside.send("Emulation.setUserAgentOverride", {"userAgent": "", "acceptLanguage": locale})
    if zone:
        inside.send("Emulation.setTimezoneOverride", {"timezoneId": zone})
    if letters:
        inside.send("Page.enable")
        inside.send("Page.setFontSizes", {"fontSizes": {"standard": letters}})


def _tidy(main: Visit, inside: CDPSession) -> None:
    """Take away all that a visit kept, and the tabs that it opened."""
    # What the last page still asked for, or complained of, is none of the next visit's.
    main.page.goto("about:blank")
    inside.send("Storage.clearDataForOrigin", {"origin": "*", "storageTypes": "all"})
    inside.detach()
    for page in main.page.context.pages:
        if page is not main.page:
            page.close()
    main.requests.clear()
    main.complaints.clear()


def _opened(context: BrowserContext) -> Visit:
    seen = Visit(context.new_page())
    seen.page.on("request", lambda request: seen.requests.append(request.url))
    seen.page.on("requestfailed", seen.note_failure)
    seen.page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    seen.page.on(
        "console",
        lambda message: (
            seen.complaints.append(f"{message.text} {message.location['url']}")
            if message.type in ("error", "warning")
            else None
        ),
    )
    return seen


def pages_to_visit(site: Path) -> list[Path]:
    """Give the pages of a site, but only the first of those of codes: they are many, and alike."""
    pages = sorted(site.rglob("*.html"))
    of_codes = [path for path in pages if path.parent == site / CODES]
    return [path for path in pages if path not in of_codes[1:]]


def barriers(
    page: Page, rules: Mapping[str, Any] = EVERYTHING, within: str | Mapping[str, Any] = ":root"
) -> list[str]:
    """Give what axe finds on a page as it stands, or within a piece of it, each with its HTML."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found: list[dict[str, Any]] = page.evaluate(
        "([within, rules]) => axe.run(within, rules).then(found => found.violations)",
        [within, rules],
    )
    return [f"{rule['id']}: {node['html'][:120]}" for rule in found for node in rule["nodes"]]


def box_of(place: Locator) -> FloatRect:
    """Give where something that is seen lies on the screen."""
    box = place.bounding_box()
    assert box is not None, place
    return box


def letters_of(page: Page, selector: str) -> dict[str, int]:
    """Give the fonts in which a piece of a page is really drawn: so many letters by family.

    A font of the machine bears the sign * after its name: the site did not bring it.
    """
    inside = page.context.new_cdp_session(page)
    inside.send("DOM.enable")
    inside.send("CSS.enable")
    root = inside.send("DOM.getDocument")["root"]["nodeId"]
    found: dict[str, int] = {}
    nodes = inside.send("DOM.querySelectorAll", {"nodeId": root, "selector": selector})["nodeIds"]
    for node in nodes:
        for font in inside.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]:
            name = font["familyName"] + ("" if font["isCustomFont"] else "*")
            found[name] = found.get(name, 0) + int(font["glyphCount"])
    inside.detach()
    return found
