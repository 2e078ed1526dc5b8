"""Links: where those of a page lead, and what looks like one and leads nowhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit

from lxml.html import HtmlElement as Element

from plainleaf.html.harmless import SCHEME, SCHEMES
from plainleaf.model import Link
from plainleaf.problems import Place, Problem, line_of

# Pages that stand beside those of docs/ on each website.
_MADE = ("handouts.md", "codes.md")
# The classes of what is filled in from docs/facts/, whose addresses are names.
FILLED = {"risks", "icon-arrays", "sources"}
_WEB = "Write `https://` before it: `[words](https://www.example.org)`."
_PAGE = "Name a page as `risks.md`, a section as `risks.md#common`, and the web with `https://`."
_HOST = re.compile(
    r"(?:www\.|[\w-]+(?:\.[\w-]+)*\.(?:[a-z]{2}|com|org|net|edu|gov|info|int)\b)", re.I
)
_MAIL = re.compile(r"[^\s@]+@[^\s@]+\.[^\s@.]+(?:\?\S*)?")
_TELEPHONE = re.compile(r"\+?[0-9][0-9().-]*(?:;\S+)?|[0-9*#]+")
# What stands in the words of a page and was to be a link.
_BARE = re.compile(r"\bhttps?://[^\s<>\"]+|\bwww\.[\w-]+\.[^\s<>\"]+", re.I)
_PARTED = re.compile(r"\[[^\[\]]+\]\s+\((?:[^\s()]*(?:://|www\.|\.md\b|mailto:|tel:|#)[^()]*)\)")
_NAMED = re.compile(r"\[[^\[\]\n]+\]\[[^\[\]\n]*\]")
_UNREAD = (
    (_PARTED, "is no link: a space stands in it.", "Write `[words](address)`."),
    (_NAMED, "is no link: nothing has that name.", "Write `[words](address)`."),
    (_BARE, "is no link, and nobody can tap on it.", "Write `[words](https://…)`."),
)


def links_of(tree: Element, slug: str, name: str, text: str) -> Iterator[Link]:
    """Give the links that lead to pages of docs/; those that lead elsewhere are left out."""
    for link in tree.iter("a"):
        target, _, section = str(link.get("href", "")).partition("#")
        place = Place(name, line_of(text, f"({link.get('href')}"))
        if not target and section and not section.startswith(("source-", "fn:", "fnref:")):
            yield Link(slug, section, place)
        elif target.endswith(".md") and ":" not in target:
            page = posixpath.normpath(posixpath.join(posixpath.dirname(slug), target))
            if page not in _MADE:
                yield Link(page.removesuffix(".md"), section, place)


def odd_links(tree: Element, name: str, text: str) -> Iterator[Problem]:
    """Give the links of a page that lead nowhere, or where no reader can follow."""
    for link in tree.iter("a"):
        target = link.get("href")
        if target is None or f"]: {target}" in text:
            continue  # a line of its own gives the address, which the second reader refuses
        if odd := _odd(str(target)):
            ways = (f"]({target})", f"]({target} ", f"](<{target}>", f'"{target}"', target)
            yield Problem(Place(name, line_of(text, *ways)), *odd)


def _odd(target: str) -> tuple[str, str] | None:
    """Say what is wrong with where a link leads, and the way out; None if nothing is."""
    # As browsers read it, which pass over line ends and tabs; harmless.py refuses other schemes.
    plain = re.sub(r"[\t\n\r]", "", target.strip())
    scheme = SCHEME.match(plain)
    if not plain or plain == "#":
        return "this link leads nowhere.", _PAGE
    if scheme:
        name = scheme[1].lower()
        return _odd_address(name, plain) if name in SCHEMES else None
    path = plain.partition("#")[0].partition("?")[0]
    if plain.startswith("//") or (_HOST.match(plain) and not path.lower().endswith(".md")):
        return f'this links to "{plain}", which is taken for a page of this website.', _WEB
    is_page = path.endswith(".md") and "?" not in plain and path[0] not in "/\\"
    if plain.startswith("#") or is_page:
        return None  # check holds it against the pages that are there
    return f'this links to "{plain}", which is no page of this website.', _meant(path)


def _odd_address(scheme: str, plain: str) -> tuple[str, str] | None:
    rest = unquote(plain[len(scheme) + 1 :])
    fact = f'this links to "{plain}", which cannot be one.'
    if scheme == "mailto":
        hint = "Write it as `mailto:name@clinic.example`."
        return None if _MAIL.fullmatch(rest) else (fact, hint)
    if scheme in ("sms", "tel"):
        hint = "Write digits and no spaces, such as `tel:+442079460123`."
        return None if _TELEPHONE.fullmatch(rest) else (fact, hint)
    try:
        host = urlsplit(plain).hostname or ""
    except ValueError:
        host = ""
    is_whole = rest.startswith("//") and re.fullmatch(
        r"[\w-]+(\.[\w-]+)+|[0-9a-f:]+:[0-9a-f:]*", host
    )
    return None if is_whole and " " not in plain else (fact, _WEB)


def _meant(path: str) -> str:
    """Give the way out for a link that names no page: the name of the page that was meant."""
    file = posixpath.basename(path.rstrip("/"))
    stem, ending = posixpath.splitext(file)
    folder = posixpath.dirname(path.rstrip("/")).lstrip("/")
    if file and ending.lower() in ("", ".html", ".htm", ".md", ".markdown") and "\\" not in path:
        meant = posixpath.join(folder, f"{stem}.md")
        return f"Write `{meant}`: links name the files of pages, as they stand in docs/."
    return _PAGE


def unread_links(tree: Element, name: str, text: str) -> Iterator[Problem]:
    """Give what was to be a link and stands among the words of a page, filled in or not."""
    for words in tree.xpath(
        ".//text()[not(ancestor::a or ancestor::code or ancestor::pre or ancestor::script)]"
    ):
        around = [words.getparent(), *words.getparent().iterancestors()]
        if any(FILLED & set((element.get("class") or "").split()) for element in around):
            continue
        taken: list[range] = []
        for pattern, fact, hint in _UNREAD:
            for match in pattern.finditer(words):
                if any(match.start() in span for span in taken):
                    continue
                taken.append(range(*match.span()))
                written = match.group().rstrip(".,;:!?)") if pattern is _BARE else match.group()
                place = Place(name, _line_in(text, written))
                yield Problem(place, f'"{" ".join(written.split())}" {fact}', hint)


def _line_in(text: str, written: str) -> int:
    """Find the line of what stands among the words of a page, and not as the address of a link."""
    match = re.search(rf"(?<![\w(<\"'/.]){re.escape(written)}", text)
    return line_of(text, written) if match is None else text.count("\n", 0, match.start()) + 1
