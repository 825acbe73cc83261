"""When a helpline is open, by the local clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.edition.content import Helpline

MINUTES_PER_HOUR = 60
MINUTES_PER_DAY = 24 * MINUTES_PER_HOUR


def is_open(helpline: Helpline, now: datetime, timezone: str) -> bool:
    """Whether it takes calls at `now` (aware, any zone).

    Its hours are those of a clock on the wall. So the hour that an autumn night has twice
    counts twice, and the hour that a spring night lacks never comes.
    """
    local = now.astimezone(ZoneInfo(timezone))
    midnight = local.weekday() * MINUTES_PER_DAY
    minute = midnight + local.hour * MINUTES_PER_HOUR + local.minute
    return any(start <= minute < end for start, end in helpline.hours)
