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
from plainleaf.model import Checked, Handout, Printed, Project, Sheet
from plainleaf.plan import plan
from plainleaf.problems import MachineError
from plainleaf.publish.code_pages import FRAME, code_pages, issued
from plainleaf.publish.fhir import bundle
from plainleaf.publish.hosting import headers, moved_pages, redirects
from plainleaf.publish.offline import OFFLINE, SUMS, folder_name, sums, zipped
from plainleaf.publish.search_engines import SOCIAL_CARD, robots, sitemap
from plainleaf.publish.security_policy import with_policies
from plainleaf.publish.social_card import social_card
from plainleaf.publish.website import build_websites
from plainleaf.records.status import code_of

REVIEW = "review.html"
Files = dict[str, bytes]


def publish(
    checked: Checked, printed: Sequence[Printed], review: str, engine: Engine, to: Path
) -> None:
    """Build the new site aside, then put it in the place of the old one, the folder `to`.

    review is the page for editors, which no other page links to. A folder other than site/ holds a
    preview, and no copy to keep nor its sums.

    Raises ContentError for a warning of MkDocs, and for what the security policy of a page would
    block; OSError for a disk that is full or closed. The old site is untouched by either.
    """
    site = _site(checked, printed, review, engine)
    if to == checked.project.site:
        site[OFFLINE] = zipped(site, folder_name(checked.docs.site_name))
        texts = site.keys() & {item.sheet.text_path for item in printed}
        listed = (OFFLINE, *(item.path for item in printed), *texts)
        site[SUMS] = sums({path: site[path] for path in listed})
    aside = checked.project.build
    new, old = aside / f"new-{to.name}", aside / f"old-{to.name}"
    shutil.rmtree(new, ignore_errors=True)
    _write(site, new, to)
    _open_to_all(new)
    _swap(new, to, old)


def _site(checked: Checked, printed: Sequence[Printed], review: str, engine: Engine) -> Files:
    """Give all files of the site by path."""
    project, docs = checked.project, checked.docs
    editions = issued(docs, checked.library, checked.today)
    websites = build_websites(checked, printed, editions, engine)
    frame = f"{FRAME}.html"
    frames = {code: website[frame].decode("utf-8") for code, website in websites.items()}
    site = {
        address(docs, code) + path: content
        for code, website in websites.items()
        for path, content in website.items()
        if path != frame
    }
    for item in printed:
        site[item.path] = item.pdf
        site[item.sheet.picture_path] = item.picture.webp
    composed = _composed(checked, printed)
    texts = {item.sheet.text_path: text_of(item).encode("utf-8") for item in composed}
    site |= texts
    sheets = [manifest_entry(checked, item) for item in sorted(printed, key=lambda item: item.path)]
    listed = [_entry_of_text(item, texts[item.sheet.text_path]) for item in composed]
    site[MANIFEST] = json_file({"sheets": sheets, "texts": listed})
    site[FHIR] = json_file(bundle(checked, editions, printed, composed, texts))
    site[REVIEW] = review.encode("utf-8")
    styles = (folder / "review.css" for folder in project.template_folders("review"))
    site["review.css"] = project.content(next(path for path in styles if path.is_file()))
    site["robots.txt"] = robots(docs).encode("utf-8")
    if listed_pages := sitemap(docs):
        site["sitemap.xml"] = listed_pages
        site[SOCIAL_CARD] = social_card(docs)
    pages = {path: html.decode("utf-8") for path, html in site.items() if path.endswith(".html")}
    pages |= {**moved_pages(docs), **code_pages(checked, editions, printed, frames)}
    finished, policy = with_policies(dict(sorted(pages.items())))
    finished |= {"_headers": headers(policy), "_redirects": redirects(docs)}
    return site | {path: text.encode("utf-8") for path, text in finished.items()}


def _composed(checked: Checked, printed: Sequence[Printed]) -> list[Composed]:
    """Give a sheet for each handout that was made for a clinic in a language, in standard print.

    Its words are the same on every paper; those of large print too, but its tables are taken apart.
    """
    made = {item.sheet.path for item in printed if item.sheet.size == "standard"}
    first: dict[str, Sheet] = {}
    for sheet in plan(checked.docs, checked.library, []):
        if sheet.path in made:
            first.setdefault(sheet.text_path, sheet)
    return compose(checked.docs, checked.library, [*first.values()], checked.statuses)


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


def json_file(value: Mapping[str, Any]) -> bytes:
    """Give a value as a JSON file that people can read, too."""
    return (json.dumps(value, indent=2, ensure_ascii=False) + "\n").encode("utf-8")


def _write(site: Files, new: Path, old: Path) -> None:
    """Write a site; what is the same in the old one is shared with it, and keeps its time.

    So a host is sent only what changed, and a full disk is not needed twice.
    """
    for path, content in site.items():
        file, before = new / path, old / path
        if before.is_file() and before.read_bytes() == content:
            file.parent.mkdir(parents=True, exist_ok=True)
            with suppress(OSError):  # a disk without hard links
                file.hardlink_to(before)
                continue
        write(file, content)


def _open_to_all(site: Path) -> None:
    """Let everybody read a site: the server is another user, whatever the mask of this one."""
    for path in (site, *site.rglob("*")):
        mode = path.stat().st_mode
        readable = mode | (0o755 if path.is_dir() else 0o644)
        if mode != readable:
            path.chmod(readable)


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
    except BaseException:  # Ctrl-C too, of which we say "the last site is as it was"
        if old.exists():
            if site.exists():
                site.rename(new)
            old.rename(site)
        raise
    with suppress(KeyboardInterrupt):  # too late: the new site stands, and the next build tidies up
        shutil.rmtree(old, ignore_errors=True)


def manifest_entry(checked: Checked, item: Printed) -> Mapping[str, Any]:
    """Describe a sheet to other programs: see guide/places.md."""
    sheet, sheet_status, edition = item.sheet, item.sheet_status, item.sheet_status.issued
    return {
        "path": item.path,
        "handout": sheet.handout.name,
        "id": sheet.handout.id,
        "clinic": sheet.clinic.slug,
        "language": sheet.language.code,
        "paper": sheet.paper.name,
        "text": sheet.size,
        "form": item.is_form,
        "title": sheet.title,
        "status": sheet_status.status,
        "version": edition.version if edition else None,
        "issued": str(edition.issued) if edition else None,
        "review_by": str(edition.review_by) if edition else None,
        "code": code_of(sheet, sheet_status) or None,
        "content": sheet_status.content,
        "own": sheet_status.own or None,
        "sources": _sources(checked, sheet.handout, sheet.language.code),
        "pages": item.pages,
        "bytes": len(item.pdf),
        "sha256": hashlib.sha256(item.pdf).hexdigest(),
    }


def _sources(checked: Checked, handout: Handout, language: str) -> list[str]:
    """Give the sources (docs/facts/sources.yml) on which the pages rest that a handout prints."""
    handouts = [handout, *(checked.library.handouts[name] for name in handout.handouts)]
    pages = [checked.docs.pages[language, part.page] for item in handouts for part in item.parts]
    return sorted({source for page in pages for source in (*page.sources, *page.cited)})
