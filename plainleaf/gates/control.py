"""Control: which paper is this, who wrote and checked it, and is it due to be looked at again?"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from plainleaf.gates.family import Family
from plainleaf.grade import words_of
from plainleaf.model import NOBODY, Handout, Page
from plainleaf.problems import Place, Problem

MOST_YEARS = 3
NOTICE = timedelta(days=90)
_VERSION = re.compile(r"\d+(\.\d+)+")
_IDENTITY = re.compile(r"[A-Z0-9]+(-[A-Z0-9]+)*")

FAMILY = Family(
    "control",
    {
        "identity": "document control in NHS trusts: a reference number of its own",
        "version": "document control in NHS trusts: version on every page",
        "overdue": "NHS trusts review leaflets every 2 to 3 years",
        "due-soon": "NHS trusts: submit 3 months before the review date",
        "review": "NHS trusts review leaflets every 2 to 3 years",
        "future": "document control: what is issued was issued",
        "reviewer": "PIF TICK: checked by a person who is named",
        "change": "document control: changes recorded",
    },
)


Where = Callable[[Place, str], Place]


def of_page(page: Page, where: Where, today: date) -> Iterator[Problem]:
    """Give what is wrong with the dates of a page; where tells the place of a key of its file."""
    places = where(page.source, "updated"), where(page.source, "review_by")
    yield from _dates((page.updated, page.review_by), places, "page", today)
    if page.reviewer and page.reviewer[1] > today:
        fact = f"the day on which this page was checked, {page.reviewer[1]}, is still to come."
        hint = "Write the day on which the reviewer signed it off."
        yield FAMILY.error("future", where(page.source, "reviewed"), fact, hint)


def of_handouts(handouts: Iterable[Handout], where: Where, today: date) -> Iterator[Problem]:
    """Give what is wrong with the identity, the dates and the people of all handouts."""
    handouts = list(handouts)
    seen: dict[str, str] = {}
    for handout in handouts:
        place = where(handout.source, "id")
        if not _IDENTITY.fullmatch(handout.id):
            fact = f'the id "{handout.id}" is not one that people can read out.'
            hint = "Use capital letters, digits and dashes, such as NP-C1."
            yield FAMILY.error("identity", place, fact, hint)
        elif handout.id in seen:
            fact = f'the id "{handout.id}" is that of handouts/{seen[handout.id]}.yml too.'
            yield FAMILY.error("identity", place, fact, "Give each handout an id of its own.")
        seen[handout.id] = handout.name
        if not _VERSION.fullmatch(handout.version):
            fact = f'the version "{handout.version}" is no version.'
            yield FAMILY.error(
                "version",
                where(handout.source, "version"),
                fact,
                "Write numbers with dots, such as 1.2.",
            )
        if len(words_of(handout.change)) < 3:
            fact = f'the change note "{handout.change}" says too little.'
            hint = "Say in a sentence what changed since the last version, for people who have it."
            yield FAMILY.error("change", where(handout.source, "change"), fact, hint)
        places = where(handout.source, "issued"), where(handout.source, "review_by")
        yield from _dates((handout.issued, handout.review_by), places, "handout", today)
    if unread := [handout for handout in handouts if handout.reviewer == NOBODY]:
        names = ", ".join(handout.name for handout in unread)
        fact = f"no clinician has signed off: {names}."
        hint = "Give it to one, and write the name and role after `reviewer:`; sheets say so too."
        yield FAMILY.warning("reviewer", where(unread[0].source, "reviewer"), fact, hint)


def _dates(
    days: tuple[date, date], places: tuple[Place, Place], what: str, today: date
) -> Iterator[Problem]:
    (issued, review_by), (issued_place, review_place) = days, places
    if issued > today:
        fact = f"the date of this {what}, {issued}, is still to come."
        hint = "Write the day on which its words were settled."
        yield FAMILY.error("future", issued_place, fact, hint)
    if not issued < review_by <= _later(issued, MOST_YEARS):
        fact = f"this {what} of {issued} is to be looked at again by {review_by}."
        hint = f"Choose a day after that, and at most {MOST_YEARS} years later."
        yield FAMILY.error("review", review_place, fact, hint)
    elif review_by < today:
        fact = f"this {what} should have been looked at again by {review_by}."
        hint = "Hold it against the newest evidence, then set `review_by:` anew."
        yield FAMILY.error("overdue", review_place, fact, hint)
    elif review_by - today <= NOTICE:
        fact = f"this {what} must be looked at again by {review_by}, in {NOTICE.days} days or less."
        yield FAMILY.warning("due-soon", review_place, fact, "Start now: sign-off takes weeks.")


def _later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
