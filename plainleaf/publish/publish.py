"""Stage 7, publish: the website and the sheets become site/, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from plainleaf.addresses import FHIR, MANIFEST, address
from plainleaf.compose.compose import Composed, compose
from plainleaf.compose.plain_text import text_of
from plainleaf.machine.disk import write
from plainleaf.machine.engine import Engine
from plainleaf.model import Checked, Docs, Handout, Printed, Project, Sheet
from plainleaf.plan import plan
from plainleaf.problems import MachineError
from plainleaf.publish.card import card
from plainleaf.publish.code_pages import code_pages, issued
from plainleaf.publish.fhir import bundle
from plainleaf.publish.hosting import headers, moved_pages, redirects
from plainleaf.publish.offline import OFFLINE, SUMS, offline_copy, sums
from plainleaf.publish.search_engines import CARD, robots, sitemap
from plainleaf.publish.security_policy import with_policies
from plainleaf.publish.website import build_websites
from plainleaf.records.status import code_of

REVIEW = "review.html"


Files = dict[str, bytes]


def publish(
    known: Checked, printed: Sequence[Printed], review: str, engine: Engine, to: Path
) -> None:
    """Build the new site aside, then put it in the place of the old one, the folder `to`.

    review is the page for editors, which no other page links to. A folder other than site/ holds a
    preview, and no copy to keep nor its sums.

    Raises ContentError for a warning of MkDocs, for what the security policy of a page would
    block, and OSError for a disk that is full or closed;
    the old site is untouched by either.
    """
    site = _site(known, printed, review, engine)
    if to == known.project.site:
        site[OFFLINE] = offline_copy(site, known.docs.site_name)
        texts = (path for path in site if path in {item.sheet.text_path for item in printed})
        listed = (OFFLINE, *(item.path for item in printed), *texts)
        site[SUMS] = sums({path: site[path] for path in listed})
    aside = known.project.build
    new, old = aside / f"new-{to.name}", aside / f"old-{to.name}"
    shutil.rmtree(new, ignore_errors=True)
    _write(site, new, to)
    _open_to_all(new)
    _swap(new, to, old)


def _site(known: Checked, printed: Sequence[Printed], review: str, engine: Engine) -> Files:
    """Give all files of the site by path."""
    project, docs = known.project, known.docs
    editions = issued(docs, known.library, known.today)
    websites = build_websites(known, printed, editions, engine)
    site = {
        address(docs, code) + path: content
        for code, website in websites.items()
        for path, content in website.items()
    }
    for item in printed:
        site[item.path] = item.pdf
        site[item.sheet.picture_path] = item.picture.webp
    composed = _composed(known, printed)
    texts = {item.sheet.text_path: text_of(item).encode("utf-8") for item in composed}
    site |= texts
    sheets = [entry(known, item) for item in sorted(printed, key=lambda i: i.path)]
    listed = [_entry_of_text(item, texts[item.sheet.text_path]) for item in composed]
    site[MANIFEST] = _json({"sheets": sheets, "texts": listed})
    site[FHIR] = _json(bundle(known, editions, printed, composed, texts))
    site[REVIEW] = review.encode("utf-8")
    styles = (folder / "review.css" for folder in project.template_folders("review"))
    site["review.css"] = project.content(next(path for path in styles if path.is_file()))
    site |= _for_search_engines(docs)
    site |= _for_hosts(site, docs, {**moved_pages(docs), **code_pages(known, editions, printed)})
    return site


def _composed(known: Checked, printed: Sequence[Printed]) -> list[Composed]:
    """Give a sheet for each handout that was made for a clinic in a language, in standard print.

    Its words are the same on every paper; those of large print too, but its tables are taken apart.
    """
    made = {item.sheet.path for item in printed if item.sheet.text == "standard"}
    first: dict[str, Sheet] = {}
    for sheet in plan(known.docs, known.library, []):
        if sheet.path in made:
            first.setdefault(sheet.text_path, sheet)
    return compose(known.docs, known.library, [*first.values()], known.statuses)


def _entry_of_text(composed: Composed, text: bytes) -> Mapping[str, Any]:
    sheet = composed.sheet
    return {
        "path": sheet.text_path,
        "handout": sheet.handout.name,
        "clinic": sheet.clinic.slug,
        "language": sheet.language.code,
        "title": sheet.title,
        "bytes": len(text),
        "sha256": hashlib.sha256(text).hexdigest(),
    }


def _json(told: Mapping[str, Any]) -> bytes:
    return (json.dumps(told, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _for_search_engines(docs: Docs) -> Files:
    """Give what search engines take, and the card of the site."""
    found = {"robots.txt": robots(docs).encode("utf-8")}
    if listed := sitemap(docs):
        found["sitemap.xml"] = listed
    if docs.site_url:
        found[CARD] = card(docs)
    return found


def _for_hosts(site: Files, docs: Docs, pages: Mapping[str, str]) -> Files:
    """Give the pages that stand alone, all pages' policies, and what a host must know of them."""
    every = {path: raw.decode("utf-8") for path, raw in site.items() if path.endswith(".html")}
    finished, policy = with_policies(dict(sorted({**every, **pages}.items())))
    finished |= {"_headers": headers(policy), "_redirects": redirects(docs)}
    return {path: text.encode("utf-8") for path, text in finished.items()}


def _write(site: Files, new: Path, old: Path) -> None:
    """Write a site; what is the same in the old one is shared with it, and keeps its time.

    So a host is sent only what changed, and a full disk is not needed twice.
    """
    for path, content in site.items():
        file, before = new / path, old / path
        if before.is_file() and before.read_bytes() == content:
            file.parent.mkdir(parents=True, exist_ok=True)
            try:
                file.hardlink_to(before)
                continue
            except OSError:  # on a disk that knows no second name for a file
                pass
        write(file, content)


def _open_to_all(site: Path) -> None:
    """Let everybody read a site: the server is another user, whatever the mask of this one."""
    for path in (site, *site.rglob("*")):
        mode = path.stat().st_mode
        wanted = mode | (0o755 if path.is_dir() else 0o644)
        if mode != wanted:
            path.chmod(wanted)


def recover(project: Project) -> None:
    """Put the old site back if a build was killed in the instant between taking it and giving.

    Raises MachineError where site/ cannot be put in its place whole, before anything is made.
    """
    if project.site.is_symlink():
        raise MachineError(
            "site/ is a symbolic link, and a build puts a new folder in its place.\n"
            "    Remove the link, and let the place to which it leads be a link to site/ instead."
        )
    folders = [path for path in (project.folder, project.site, project.build) if path.exists()]
    if len({path.stat().st_dev for path in folders}) > 1 or any(map(os.path.ismount, folders[1:])):
        raise MachineError(
            "site/ or build/ lies on another disk, and a build moves one into the other.\n"
            "    Keep both in the project's folder, and copy site/ from there."
        )
    old = project.build / "old-site"
    if old.exists() and not project.site.exists():
        old.rename(project.site)


def _swap(new: Path, site: Path, old: Path) -> None:
    """Put the new site in the place of the old one, or leave that there if this is interrupted."""
    shutil.rmtree(old, ignore_errors=True)
    try:
        if site.exists():
            site.rename(old)
        new.rename(site)
    except BaseException:  # Ctrl-C too, which is told as "the last site is as it was"
        if old.exists():
            if site.exists():
                site.rename(new)
            old.rename(site)
        raise
    with suppress(KeyboardInterrupt):  # too late: the new site stands, and the next build tidies up
        shutil.rmtree(old, ignore_errors=True)


def entry(known: Checked, item: Printed) -> Mapping[str, Any]:
    """Describe a sheet to other programs: see guide/places.md."""
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
        "own": standing.own or None,
        "sources": sources(known, sheet.handout, sheet.language.code),
        "pages": item.pages,
        "bytes": len(item.pdf),
        "sha256": hashlib.sha256(item.pdf).hexdigest(),
    }


def sources(known: Checked, handout: Handout, language: str) -> list[str]:
    """Give the sources (docs/facts/sources.yml) on which the pages rest that a handout prints."""
    held = [handout, *(known.library.handouts[name] for name in handout.handouts)]
    pages = [known.docs.pages[language, part.page] for each in held for part in each.parts]
    return sorted({source for page in pages for source in (*page.sources, *page.cited)})
