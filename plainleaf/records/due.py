"""Due: what must be looked at again within three months, and what should have been already."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from plainleaf.machine.today import has_passed
from plainleaf.model import NOBODY, Docs, Edition, Library, Page
from plainleaf.records.status import NOTICE, is_due

_MARKS = re.compile(r"([\\`*_\[<&])")


@dataclass(frozen=True, slots=True)
class Review:
    """That something must be looked at again by a day.

    name is what people call it, path its file, reviewer who checked it last or NOBODY; todo is
    the way out, as a sentence of Markdown.
    """

    by: date
    name: str
    path: str
    reviewer: str
    todo: str


def reviews(docs: Docs, library: Library) -> list[Review]:
    """Give all that must be looked at again some day, the first day first.

    That is each page, and the newest edition of each handout and language unless it is withdrawn.
    """
    newest = [editions[-1] for editions in library.editions.values() if editions]
    all_reviews = [_of_edition(edition) for edition in newest if not edition.withdrawal]
    all_reviews += [_of_page(page) for page in docs.pages.values()]
    return sorted(all_reviews, key=lambda review: (review.by, review.path, review.name))


def due(docs: Docs, library: Library, today: date) -> list[Review]:
    """Give what is overdue, or must be looked at again within the time of notice."""
    return [review for review in reviews(docs, library) if is_due(review.by, today)]


def _of_edition(edition: Edition) -> Review:
    todo = (
        "Hold it against the newest evidence, then issue it again: "
        f"`build.py issue {edition.handout} --language {edition.language} --note …`."
    )
    path = edition.source.path
    return Review(edition.review_by, str(edition), path, edition.reviewer, todo)


def _of_page(page: Page) -> Review:
    name = f"page {page.slug} ({page.language})"
    reviewer = f"{page.reviewer[0]}, on {page.reviewer[1]}" if page.reviewer else NOBODY
    todo = "Hold it against the newest evidence, then set `review_by:` in it anew."
    return Review(page.review_by, name, page.source.path, reviewer, todo)


def as_markdown(reviews: Iterable[Review], today: date) -> str:
    """Give what is due as a list, the overdue first under a heading of their own; "" for none."""
    late: list[str] = []
    soon: list[str] = []
    for review in reviews:
        (late if has_passed(review.by, today) else soon).append(_item(review))
    headings = {"Overdue": late, f"Due within {NOTICE.days} days": soon}
    return "\n\n".join(
        "\n".join([f"## {name}\n", *items]) for name, items in headings.items() if items
    )


def _item(review: Review) -> str:
    is_read = review.reviewer != NOBODY
    checked = (
        f"Last checked by {_plain(review.reviewer)}." if is_read else "Nobody has checked it yet."
    )
    first = f"- {review.by}: **{_plain(review.name)}**, in `{review.path}`. {checked}"
    return f"{first}\n  {review.todo}"


def _plain(text: str) -> str:
    """Give a text so that Markdown shows every sign of it: names of people hold any."""
    return _MARKS.sub(r"\\\1", text)
