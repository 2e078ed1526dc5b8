"""Current: which editions held on a day, for whoever must show later what patients were given."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

from plainleaf.model import Edition, Library


def manifest_at(library: Library, day: date) -> str:
    """Give as JSON what was current on a day, sorted by handout and language.

    That is the newest edition issued by then, unless it was withdrawn by then.
    """
    newest = (
        next((edition for edition in reversed(editions) if edition.issued <= day), None)
        for editions in library.editions.values()
    )
    current = [
        edition
        for edition in newest
        if edition and not (edition.withdrawal and edition.withdrawal.on <= day)
    ]
    current.sort(key=lambda edition: (edition.handout, edition.language))
    listed = [_entry(library, edition, day) for edition in current]
    manifest = {"at": day, "editions": listed}
    return json.dumps(manifest, indent=2, ensure_ascii=False, default=str)  # days are no JSON


def _entry(library: Library, edition: Edition, day: date) -> dict[str, Any]:
    words = edition.handout, edition.language, edition.content
    approvals = [
        {name: getattr(approval, name) for name in ("clinic", "by", "role", "on")}
        for approval in library.approvals
        if (approval.handout, approval.language, approval.content) == words and approval.on <= day
    ]
    return {
        "handout": edition.handout,
        "language": edition.language,
        "version": edition.version,
        "title": edition.title,
        "issued": edition.issued,
        "review_by": edition.review_by,
        "overdue": edition.review_by < day,
        "content": edition.content,
        "mark": edition.mark,
        "author": edition.author,
        "reviewer": edition.reviewer,
        "translation": edition.translation,
        "approvals": approvals,
    }
