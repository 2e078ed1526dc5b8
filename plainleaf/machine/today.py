"""Today: the day here, and whether a day is to come or has passed, which is not so everywhere.

A page that was written this morning in Auckland must not be "still to come" for a computer in
London, and a computer in Hawaii must not age a review. So a day is to come only when that is so
everywhere on earth, and has passed only when it has passed everywhere.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

# The clocks that are furthest ahead (Kiribati) and furthest behind (ships west of there).
AHEAD = timezone(timedelta(hours=14))
BEHIND = timezone(timedelta(hours=-12))


class Today(date):
    """The day by the clock of this machine, with the first and the last day that it is on earth.

    Where only a plain date is known, it is taken to be that day everywhere.
    """

    first: date
    last: date

    @classmethod
    def at(cls, now: datetime) -> Today:
        """Give the day of a moment; now bears the time zone of this machine."""
        here = cls(now.year, now.month, now.day)
        try:
            here.first, here.last = (now.astimezone(zone).date() for zone in (BEHIND, AHEAD))
        except OverflowError:  # a clock at the first or the last day that there is
            here.first = here.last = date(now.year, now.month, now.day)
        return here


def days_on_earth(today: date) -> tuple[date, date]:
    """Give the first and the last day that it is on earth."""
    return (today.first, today.last) if isinstance(today, Today) else (today, today)


def is_to_come(day: date, today: date) -> bool:
    """Tell whether a day is still to come, wherever one is."""
    return day > days_on_earth(today)[1]


def has_passed(day: date, today: date) -> bool:
    """Tell whether a day is over, wherever one is."""
    return day < days_on_earth(today)[0]
