"""When a helpline is open, by the local clock, and why not where a calendar has a part in it.

The rule: a date has hours of its own. They are those of an exception that names it; else those
of public holidays, if it is one and the helpline keeps them; else those of its day of the week.
They replace whatever would begin on that date. What began the evening before goes on to its end.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from ivr.edition.content import Content, Helpline, Stretch

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR
DAYS_PER_WEEK = 7

USUAL, HOLIDAY, EXCEPTION = "usual", "holiday", "exception"
"""Where a date has its hours from: the day of the week, a public holiday, an exception."""


@dataclass(frozen=True)
class DayHours:
    """The hours that begin on one date."""

    stretches: tuple[Stretch, ...]
    """In minutes of that day."""
    source: str = USUAL


@dataclass(frozen=True)
class Opening:
    """Whether a helpline is open at some moment, and what the date has to do with it."""

    is_open: bool
    day: DayHours


def opening(helpline: Helpline, now: datetime, content: Content) -> Opening:
    """Whether it takes calls at `now` (aware, any zone).

    Its hours are those of a clock on the wall. So the hour that an autumn night has twice
    counts twice, and the hour that a spring night lacks never comes.
    """
    local = now.astimezone(ZoneInfo(content.timezone))
    minute = local.hour * MINUTES_PER_HOUR + local.minute
    is_open = False
    for days_ago in range(DAYS_PER_WEEK):
        day = local.date() - timedelta(days_ago)
        since_midnight = minute + days_ago * MINUTES_PER_DAY
        for start, end in hours_of(helpline, day, content).stretches:
            is_open = is_open or start <= since_midnight < end
    return Opening(is_open, hours_of(helpline, local.date(), content))


def hours_of(helpline: Helpline, day: date, content: Content) -> DayHours:
    """The hours of a helpline that begin on a day."""
    written = day.isoformat()
    for exception in helpline.exceptions:
        if exception.first <= written <= exception.last:
            return DayHours(exception.hours, EXCEPTION)
    if helpline.on_holidays is not None and written in content.holidays:
        return DayHours(helpline.on_holidays, HOLIDAY)
    midnight = day.weekday() * MINUTES_PER_DAY
    usual: list[Stretch] = []
    for start, end in helpline.hours:
        if midnight <= start < midnight + MINUTES_PER_DAY:
            usual.append((start - midnight, end - midnight))
    return DayHours(tuple(usual))
