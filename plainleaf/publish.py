"""Stage 7, publish: the website and the sheets become site/, whole or not at all."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from plainleaf.firstpage import first_page
from plainleaf.model import Docs, Printed, Project
from plainleaf.website import address, build_websites

MANIFEST = "handouts/handouts.json"
REVIEW = "review.html"


def publish(project: Project, docs: Docs, printed: Sequence[Printed], review: str) -> None:
    """Build the new site aside, then put it in the place of the old one.

    review is the page for editors, which no other page links to.

    Raises ContentError for a warning of MkDocs and OSError for a disk that is full or closed;
    the old site is untouched by either.
    """
    new = project.build / "site"
    shutil.rmtree(new, ignore_errors=True)
    # A form looks like the sheet to print, and shares its picture.
    pictures = {item.path: first_page(item.pdf) for item in printed if not item.is_form}
    websites = build_websites(project, docs, printed, pictures)
    new.mkdir(parents=True)
    for code, folder in websites.items():
        shutil.copytree(folder, new / address(docs, code), dirs_exist_ok=True)
    for item in printed:
        path = new / item.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(item.pdf)
        if not item.is_form:
            (new / item.sheet.picture_path).write_bytes(pictures[item.path].webp)
    manifest = {"sheets": [_entry(item) for item in sorted(printed, key=lambda i: i.path)]}
    path = new / MANIFEST
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(manifest, indent=2, ensure_ascii=False) + "\n", "utf-8")
    (new / REVIEW).write_text(review, "utf-8")
    _swap(new, project.site, project.build / "old-site")


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


def _entry(item: Printed) -> Mapping[str, Any]:
    """Describe a sheet to other programs: see the README, "Fixed places"."""
    sheet = item.sheet
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
        "version": sheet.handout.version,
        "pages": item.pages,
        "bytes": len(item.pdf),
        "sha256": hashlib.sha256(item.pdf).hexdigest(),
    }
