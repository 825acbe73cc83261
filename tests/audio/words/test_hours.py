"""Opening hours by London's clocks: across midnight, weekends and clock changes."""

from datetime import datetime

import pytest

from ivr.call.opening import is_open
from tests.support.small import helpline

DAY = 24 * 60
# Breathing Space: Mon-Thu 18:00-02:00, Fri 18:00-Mon 06:00.
EVENINGS = tuple((day * DAY + 18 * 60, (day + 1) * DAY + 2 * 60) for day in range(4))
BREATHING_SPACE = helpline(
    "breathing", hours=((0, 6 * 60), *EVENINGS, (4 * DAY + 18 * 60, 7 * DAY))
)


@pytest.mark.parametrize(
    ("utc", "expected"),
    [
        ("2026-11-23T05:59", True),  # Monday morning: still the weekend's
        ("2026-11-23T06:00", False),
        ("2026-11-23T17:59", False),
        ("2026-11-23T18:00", True),
        ("2026-11-24T01:59", True),  # past midnight
        ("2026-11-24T02:00", False),
        ("2026-11-27T02:00", False),  # Friday
        ("2026-11-27T18:00", True),
        ("2026-11-29T12:00", True),  # Sunday noon
        ("2026-06-22T16:59", False),  # in summer, London's 18:00 is 17:00 UTC
        ("2026-06-22T17:00", True),
        ("2026-10-26T00:59", True),  # the Monday after the clocks went back
        ("2026-10-26T05:59", True),
        ("2026-10-26T06:00", False),
    ],
)
def test_a_helpline_is_open_by_the_clock_on_the_wall(utc: str, expected: bool) -> None:
    now = datetime.fromisoformat(utc + "+00:00")
    assert is_open(BREATHING_SPACE, now, "Europe/London") is expected


def test_the_hour_that_comes_twice_counts_twice_and_the_missing_one_not() -> None:
    """Sunday 01:30 to 01:45 local: twice on 25 October 2026, never on 29 March."""
    brief = helpline("brief", hours=((6 * DAY + 90, 6 * DAY + 105),))
    minutes = [
        f"{day}T{hour:02}:35+00:00"
        for day in ("2026-10-25", "2026-03-29")
        for hour in range(3)
    ]
    times = [
        is_open(brief, datetime.fromisoformat(minute), "Europe/London")
        for minute in minutes
    ]
    assert times == [True, True, False, False, False, False]
