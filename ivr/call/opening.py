"""When a helpline is open, by the local clock."""

from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.edition.content import Helpline

MINUTES_PER_DAY = 24 * 60


def is_open(helpline: Helpline, now: datetime, timezone: str) -> bool:
    """Whether it takes calls at `now` (aware, any zone).

    Hours are what a clock on the wall says. So in the hour that an autumn
    night has twice they count twice, and a spring night's missing hour is
    never asked for.
    """
    local = now.astimezone(ZoneInfo(timezone))
    minute = local.weekday() * MINUTES_PER_DAY + local.hour * 60 + local.minute
    return any(start <= minute < end for start, end in helpline.hours)
