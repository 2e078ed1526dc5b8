"""The security policy: what a finished page may run and load, and nothing beyond that.

Who reads about a treatment is nobody else's business, and a page that somebody tampers with must
not run. Only the scripts that stand in the page when it is built may run, known by their hashes.
Content Security Policy Level 3 (W3C).
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urlsplit

import lxml.html
from lxml import etree
from lxml.html import HtmlElement as Element

from plainleaf.problems import Place, Problem, stop_at

# Stands first in the head of every page's template: a policy counts for what comes after it.
UNFILLED = '<meta http-equiv="Content-Security-Policy" content="">'
FILLED = '<meta http-equiv="Content-Security-Policy" content="{policy}">'

_FRAMING = "frame-ancestors 'none'"  # browsers take this from a header only, and warn elsewhere
_NEVER = ("applet", "audio", "base", "embed", "frame", "iframe", "object", "portal", "video")
# Links of these kinds only say where something stands; the browser fetches nothing.
_NOT_FETCHED = {"alternate", "canonical"}
_PLACE = Place("templates/website")


def with_policies(pages: Mapping[str, str]) -> tuple[dict[str, str], str]:
    """Give finished pages (HTML by path) each with its own policy, and one that fits them all.

    The second is for the header that a host sends with every file.

    Raises ContentError for what stands in a page and its policy would block.
    """
    finished, hashes = {}, set[str]()
    problems: dict[str, Problem] = {}
    for path, html in pages.items():
        tree = lxml.html.document_fromstring(html)
        for fact, hint in _blocked(tree, html):
            # Most pages share a template: one of them is enough to find the place.
            problems.setdefault(fact, Problem(_PLACE, f"{path} holds {fact}", hint))
        own = {_hash(script.text or "") for script in tree.iter("script") if _is_run(script)}
        hashes |= own
        finished[path] = html.replace(UNFILLED, FILLED.format(policy=_policy(own)))
    stop_at(problems.values())
    return finished, f"{_policy(hashes)}; {_FRAMING}"


def _policy(hashes: Iterable[str]) -> str:
    scripts = " ".join(["'self'", *sorted(hashes)])
    return (
        f"default-src 'none'; script-src {scripts}; style-src 'self'; img-src 'self' data:; "
        "font-src 'self'; connect-src 'self'; form-action 'none'; base-uri 'none'"
    )


def _hash(script: str) -> str:
    digest = hashlib.sha256(script.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


def _is_run(script: Element) -> bool:
    """Tell whether a script stands in the page itself, and is no data."""
    return script.get("src") is None and not script.get("type", "").endswith("json")


def _blocked(tree: Element, html: str) -> Iterator[tuple[str, str]]:
    """Give each thing that the policy would block, and the way out."""
    first = next(tree.iterfind("head/*"), None)
    if html.count(UNFILLED) != 1 or first is None or first.get("http-equiv") is None:
        hint = f"Write `{UNFILLED}` first in the head of its template, once."
        yield "no place for its security policy.", hint
    for element in tree.iter(etree.Element):
        tag = str(element.tag)
        if tag in _NEVER:
            yield f"<{tag}>, which its security policy blocks.", "Take it away."
        if tag == "style" or "style" in element.attrib:
            what = "<style>" if tag == "style" else f'<{tag} style="{element.get("style")}">'
            hint = "Write a rule in templates/website/theme/css/ instead."
            yield f"{what}, which its security policy blocks.", hint
        if tag == "form" and element.get("action") is not None:
            hint = "Take `action` away: this site takes nothing that people type."
            yield "a form that is sent, which its security policy blocks.", hint
        for name in element.attrib:
            if str(name).startswith("on"):
                hint = "Write a script in templates/website/theme/scripts/ instead."
                yield f'<{tag} {name}="…">, which its security policy blocks.', hint
    for element, _, link, _ in tree.iterlinks():
        if not _is_allowed(element, link):
            hint = "Keep the file with the site; look at mkdocs.yml, too."
            yield f'<{element.tag}> with "{link}", which its security policy blocks.', hint


def _is_allowed(element: Element, link: str) -> bool:
    """Tell whether an address is one to follow, or one to fetch from where the page stands."""
    target = urlsplit(link.strip())
    if element.tag in ("a", "area", "blockquote", "q", "meta"):
        return target.scheme.lower() not in ("javascript", "data")
    if element.tag == "link" and set(element.get("rel", "").split()) <= _NOT_FETCHED:
        return True
    if target.scheme == "data" and (element.tag == "img" or element.get("rel") == "icon"):
        return True
    return not target.scheme and not target.netloc
