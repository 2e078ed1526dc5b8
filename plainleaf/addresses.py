"""Where pages stand, under the site and online, and what an address may be made of."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable
from pathlib import Path
from urllib.parse import urlsplit

from plainleaf.model import Docs, Page, Project
from plainleaf.problems import Place, Problem

# Addresses of the site that are not pages of ours.
_TAKEN = ("404", "assets", "cards", "codes", "fonts", "handouts", "review", "search")
# The name of a page without its folders, or the id of a heading.
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
ADDRESS = "Use small letters a to z, digits, and a dash between words."

# Where people look up the code of a sheet, and the folder with a page for each code.
CODES = "codes"
# What tells other programs of every sheet.
MANIFEST = "handouts/handouts.json"
# The same as systems of clinics read it.
FHIR = "handouts/fhir.json"

# Where a website is hosted: a host, maybe a port and folders; no page, no question, nobody.
_WEBSITE = re.compile(
    r"(?!.*\.html?/?$)https://([a-z0-9-]+\.)+[a-z0-9-]*[a-z](:[0-9]+)?(/(?!\.+(/|$))[\w.~-]+)*/?",
    re.ASCII,
)
# With the name of a page after it, its code takes 57 squares a side, which are 0.35 mm in the 20 mm
# that a sheet has for it. DENSO WAVE, who made QR codes, ask for 4 dots of the printer a square:
# 0.34 mm where it prints 300 dots an inch (qrcode.com, "Point for setting the module size").
LONGEST_WEBSITE = 150


def fault_of_website(written: str) -> str:
    """Say what is wrong with where a website is said to be hosted; "" if sheets can name it."""
    shown = f"{written[:60]}…" if len(written) > 60 else written
    if len(written) > LONGEST_WEBSITE:
        return f'"{shown}" is too long to be read by a camera ({len(written):,} letters).'
    host = urlsplit(written).netloc if _WEBSITE.fullmatch(written) else ""
    if not host or host.partition(":")[0].endswith(".localhost"):
        return f'"{shown}" is no address of a website.'
    return ""


def meant_website(written: str) -> str:
    """Give the address of a website that was probably meant, or an example of one."""
    bare = re.split(r"[?#]", re.sub(r"^[a-z]*:?//", "", written.strip(), flags=re.IGNORECASE))[0]
    host, _, path = bare.rpartition("@")[2].partition("/")
    folders = [part for part in path.split("/") if part and not re.search(r"\.html?$", part)]
    meant = "/".join(["https:/", host.lower(), *folders, ""])
    return "https://leaflets.example/" if fault_of_website(meant) else meant


def address(docs: Docs, language: str) -> str:
    """Give where a language's website stands under the site: "" for the main one, else `ar/`."""
    return "" if language == docs.main_language else f"{language}/"


def page_address(docs: Docs, language: str, slug: str, website: str) -> str:
    """Give where a page can be read online, if the site is hosted at the address website."""
    return f"{website.rstrip('/')}/{address(docs, language)}{slug}.html"


def emergency_address(pages: Iterable[Page]) -> str:
    """Give where it says when to call an ambulance: each page leads there. "" if nowhere.

    Best on a page for those who were just treated: it says the rest that they need. pages are
    those of a language, and the address is one inside its website.
    """
    for page in sorted(pages, key=lambda page: (page.reader != "treated", page.order)):
        for section in page.sections.values():
            if section.card == "emergency":
                return f"{page.slug}.html#{section.id}"
    return ""


def feedback_address(pages: Iterable[Page]) -> str:
    """Give where a page about the site says how to tell of a mistake: its section `feedback`.

    "" if none does. pages are those of a language, and the address is one inside its website.
    """
    for page in sorted(pages, key=lambda page: page.order):
        if page.reader == "site" and "feedback" in page.sections:
            return f"{page.slug}.html#feedback"
    return ""


def code_path(code: str) -> str:
    """Give where the page of a code lies under the site."""
    return f"{CODES}/{code}.html"


def code_address(code: str, website: str) -> str:
    """Give where the page of a code stands online, if the site is hosted at the address website."""
    return f"{website.rstrip('/')}/{code_path(code)}"


def public_address(docs: Docs, language: str, slug: str) -> str:
    """Give the one address under which a page is to be known, or "" if the host is not known.

    An index page is known by its folder: hosts serve it there, and people type it so.
    """
    if not docs.site_url:
        return ""
    folder, _, name = slug.rpartition("/")
    if name != "index":
        return page_address(docs, language, slug, docs.site_url)
    inside = f"{folder}/" if folder else ""
    return f"{docs.site_url.rstrip('/')}/{address(docs, language)}{inside}"


def is_address(project: Project, path: Path, slug: str, problems: list[Problem]) -> bool:
    """Tell whether a name can stand in a web address; note a problem if it cannot."""
    if fits_an_address(slug):
        return True
    fact = f'the name "{slug}" cannot stand in a web address.'
    problems.append(Problem(Place(project.name(path)), fact, ADDRESS))
    return False


def fits_an_address(slug: str) -> bool:
    """Tell whether a name, folders included, can stand in a web address as it is."""
    return all(SLUG.fullmatch(part) for part in slug.split("/"))


def is_taken(slug: str, languages: Container[str]) -> bool:
    """Tell whether the website keeps something else than pages where this one would stand."""
    first = slug.partition("/")[0]
    return first in _TAKEN or first in languages
