"""Stage 7, publish: the website and the sheets become site/, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from plainleaf.addresses import MANIFEST, address
from plainleaf.control.standing import code_of
from plainleaf.model import Docs, Handout, Known, Printed, Project
from plainleaf.web.card import card
from plainleaf.web.codes import code_pages, issued
from plainleaf.web.firstpage import first_page
from plainleaf.web.found import DESKS, HANDOUTS, card_path, robots, sitemap
from plainleaf.web.hosting import headers, moved_pages, redirects
from plainleaf.web.offline import NO_SIZE, OFFLINE, folder_name, pack, search_script, with_size
from plainleaf.web.policy import with_policies
from plainleaf.website import build_websites

REVIEW = "review.html"


def publish(known: Known, printed: Sequence[Printed], review: str) -> None:
    """Build the new site aside, then put it in the place of the old one.

    review is the page for editors, which no other page links to.

    Raises ContentError for a warning of MkDocs, for what the security policy of a page would
    block, and OSError for a disk that is full or closed;
    the old site is untouched by either.
    """
    project, docs = known.project, known.docs
    new = project.build / "site"
    shutil.rmtree(new, ignore_errors=True)
    # A form looks like the sheet to print, and shares its picture.
    pictures = {item.path: first_page(item.pdf) for item in printed if not item.is_form}
    editions = issued(docs, known.library, known.today)
    websites = build_websites(known, printed, pictures, editions)
    new.mkdir(parents=True)
    for code, folder in websites.items():
        shutil.copytree(folder, new / address(docs, code), dirs_exist_ok=True)
    for item in printed:
        path = new / item.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(item.pdf)
        if not item.is_form:
            (new / item.sheet.picture_path).write_bytes(pictures[item.path].webp)
    manifest = {"sheets": [_entry(known, item) for item in sorted(printed, key=lambda i: i.path)]}
    path = new / MANIFEST
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    (new / REVIEW).write_text(review, "utf-8")
    styles = (folder / "review.css" for folder in project.template_folders("review"))
    shutil.copy(next(path for path in styles if path.is_file()), new)
    _write_for_search(new, project, docs)
    _write_for_hosts(
        new, docs, {**moved_pages(project, docs), **code_pages(known, editions, printed)}
    )
    _write_copy(new, docs)
    _swap(new, project.site, project.build / "old-site")


def _write_for_search(new: Path, project: Project, docs: Docs) -> None:
    """Write what search engines take, and what the search of the site itself takes in a folder."""
    (new / "robots.txt").write_text(robots(docs), "utf-8")
    if listed := sitemap(docs):
        (new / "sitemap.xml").write_bytes(listed)
    for index in new.rglob("search/search_index.json"):
        script = search_script(index.read_text("utf-8"))
        index.with_suffix(".js").write_text(script, "utf-8")
    for code, language in docs.languages.items() if docs.site_url else ():
        words = language.words
        cards = [(slug, words[title], words[lead]) for slug, (title, lead) in DESKS.items()]
        pages = [page for page in docs.pages.values() if page.language == code]
        cards += [(page.slug, page.title, page.description) for page in pages]
        for slug, title, description in cards:
            path = new / card_path(docs, code, slug)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(card(project, language, docs.site_name, title, description))


def _write_for_hosts(new: Path, docs: Docs, pages: Mapping[str, str]) -> None:
    """Write the pages that stand alone, all pages' policies, and what a host must know of them."""
    for name, html in pages.items():
        path = new / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(html, "utf-8")
    every = {
        path.relative_to(new).as_posix(): path.read_text("utf-8")
        for path in sorted(new.rglob("*.html"))
    }
    finished, policy = with_policies(every)
    for name, html in finished.items():
        (new / name).write_text(html, "utf-8")
    (new / "_headers").write_text(headers(policy), "utf-8")
    (new / "_redirects").write_text(redirects(docs), "utf-8")


def _write_copy(new: Path, docs: Docs) -> None:
    """Write the offline copy; the pages that name its size come last, when it is known."""
    files = {path for path in new.rglob("*") if path.is_file()}
    desks = {
        path: language
        for code, language in docs.languages.items()
        for path in [new / address(docs, code) / f"{HANDOUTS}.html"]
        if NO_SIZE in path.read_text("utf-8")
    }
    folder = folder_name(docs.site_name)
    with (new / OFFLINE).open("wb") as out, zipfile.ZipFile(out, "w", compresslevel=9) as copy:
        pack(copy, files - desks.keys(), new, folder)
        for path, language in desks.items():
            html = with_size(path.read_text("utf-8"), out.tell(), language)
            path.write_text(html, "utf-8")
        pack(copy, desks, new, folder)


def recover(project: Project) -> None:
    """Put the old site back if a build was killed in the instant between taking it and giving."""
    old = project.build / "old-site"
    if old.exists() and not project.site.exists():
        old.rename(project.site)


def _swap(new: Path, site: Path, old: Path) -> None:
    shutil.rmtree(old, ignore_errors=True)
    if site.exists():
        site.rename(old)
    try:
        new.rename(site)
    except OSError:
        if old.exists():
            old.rename(site)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _entry(known: Known, item: Printed) -> Mapping[str, Any]:
    """Describe a sheet to other programs: see the README, "Fixed places"."""
    sheet, standing, edition = item.sheet, item.standing, item.standing.issued
    return {
        "path": item.path,
        "handout": sheet.handout.name,
        "id": sheet.handout.id,
        "clinic": sheet.clinic.slug,
        "language": sheet.language.code,
        "paper": sheet.paper.name,
        "text": sheet.text,
        "form": item.is_form,
        "title": sheet.title,
        "status": standing.status,
        "version": edition.version if edition else None,
        "issued": str(edition.issued) if edition else None,
        "review_by": str(edition.review_by) if edition else None,
        "code": code_of(sheet, standing) or None,
        "content": standing.content,
        "sources": sources(known, sheet.handout, sheet.language.code),
        "pages": item.pages,
        "bytes": len(item.pdf),
        "sha256": hashlib.sha256(item.pdf).hexdigest(),
    }


def sources(known: Known, handout: Handout, language: str) -> list[str]:
    """Give the sources (docs/facts/sources.yml) on which the pages rest that a handout prints."""
    held = [handout, *(known.library.handouts[name] for name in handout.handouts)]
    pages = [known.docs.pages[language, part.page] for each in held for part in each.parts]
    return sorted({source for page in pages for source in (*page.sources, *page.cited)})
