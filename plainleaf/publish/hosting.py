"""What a host must know: which headers to send with every file, and where old addresses lead."""

from __future__ import annotations

import posixpath

from plainleaf.addresses import address, public_address
from plainleaf.html.templates import rendered, speech
from plainleaf.model import Docs

# What the policy forbids: all that a page may ask of a device (W3C, Permissions Policy).
_SENSES = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "clipboard-write",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "storage-access",
    "sync-xhr",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)


def headers(policy: str) -> str:
    """Give `_headers`: what static hosts send with every file, a header a line.

    policy is the Content-Security-Policy that fits every page.
    """
    lines = {
        "Content-Security-Policy": policy,
        "Permissions-Policy": ", ".join(f"{sense}=()" for sense in _SENSES),
        # Other sites are not told from which page a reader came (W3C, Referrer Policy).
        "Referrer-Policy": "no-referrer",
        # A page that opens ours gets no handle on its window (HTML Standard, cross-origin openers).
        "Cross-Origin-Opener-Policy": "same-origin",
        # Browsers must not guess the type of a file (Fetch Standard).
        "X-Content-Type-Options": "nosniff",
        # Keep it, but ask each time: an old consent form must not outlive its successor (RFC 9111).
        "Cache-Control": "no-cache",
    }
    return "/*\n" + "".join(f"  {name}: {value}\n" for name, value in lines.items())


def redirects(docs: Docs) -> str:
    """Give `_redirects`: for each old address of a page where it leads now, a line each."""
    moves = sorted(
        (f"{folder}{old}.html", f"{folder}{page.slug}.html")
        for page in docs.pages.values()
        for folder in [address(docs, page.language)]
        for old in page.formerly
    )
    return "".join(f"/{old} /{new} 301\n" for old, new in moves)


def moved_pages(docs: Docs) -> dict[str, str]:
    """Give a small page (HTML by path) for each old address, for hosts that know no redirects.

    Raises ContentError for what is wrong in the template.
    """
    pages = {}
    for page in docs.pages.values():
        for old in page.formerly:
            values = {
                **speech(docs.languages[page.language]),
                "page": page,
                "target": posixpath.relpath(f"{page.slug}.html", posixpath.dirname(old) or "."),
                "address": public_address(docs, page.language, page.slug),
            }
            path = f"{address(docs, page.language)}{old}.html"
            pages[path] = rendered(docs.project, "website", "moved.html.jinja", values)
    return pages
