"""Hours by day: what is typed in the line's own form, as fields and a picture show it."""

import pytest
from hypothesis import assume, given

from audio.desk.by_day import ALL_DAY, AT_TIMES, CHOICES, by_day, rows
from audio.words.faults import InvalidValue
from audio.words.hours import DAY, WEEK, stretches, week
from tests.support.drawn_hours import WEEKS


def shown(name: str, typed: str) -> dict[str, list[str]]:
    """What each day's fields have: a choice, or its times."""
    found = {}
    for day in by_day(name, typed).days:
        times = [f"{each.start}-{each.end}" for each in day.times]
        found[day.name] = times if day.choice == AT_TIMES else [day.choice]
    return found


def test_a_week_is_shown_a_day_at_a_time() -> None:
    """A night belongs to the evening; a stretch over days is cut at midnight."""
    assert shown("hours", "Mon-Thu 18:00-02:00\nFri 18:00-Mon 06:00") == {
        "Monday": ["00:00-06:00", "18:00-02:00"],
        "Tuesday": ["18:00-02:00"],
        "Wednesday": ["18:00-02:00"],
        "Thursday": ["18:00-02:00"],
        "Friday": ["18:00-00:00"],
        "Saturday": [ALL_DAY],
        "Sunday": [ALL_DAY],
    }


@pytest.mark.parametrize(
    ("name", "typed", "fields"),
    [
        ("holidays", "", {"On public holidays": [""]}),
        ("holidays", "as usual", {"On public holidays": ["as usual"]}),
        ("holidays", "closed", {"On public holidays": ["closed"]}),
        (
            "holidays",
            "10:00-12:00\n14:00-24:00",
            {"On public holidays": ["10:00-12:00", "14:00-00:00"]},
        ),
        ("dates", "", {}),
        (
            "dates",
            "2026-12-25 closed\n2026-12-28/2027-01-04 10:00-12:00, 22:00-02:00",
            {
                "25 December 2026": ["closed"],
                "28 December 2026 to 4 January 2027": ["10:00-12:00", "22:00-02:00"],
            },
        ),
    ],
)
def test_holidays_and_dates_are_shown_by_fields(
    name: str, typed: str, fields: dict[str, list[str]]
) -> None:
    found = shown(name, typed)
    assert found == fields
    for day in by_day(name, typed).days:
        assert day.choice in CHOICES[name]


@pytest.mark.parametrize(
    ("name", "typed", "remark"),
    [
        ("hours", "sometimes", "This needs a change: hours “sometimes” cannot be"),
        ("holidays", "never", "This needs a change: hours “never” of a day cannot"),
        ("dates", "2026-12-25", "This needs a change: “2026-12-25” has no hours"),
        ("dates", "25/12 closed", "This needs a change: “25” is not a date"),
        ("hours", "Sun 00:00-Mon 06:00", "These hours go on for more than a day"),
    ],
)
def test_what_fields_cannot_show_is_told(name: str, typed: str, remark: str) -> None:
    found = by_day(name, typed)
    assert found.days == ()
    assert found.remark.startswith(remark)


def test_hours_that_overlap_are_shown_with_what_is_wrong() -> None:
    """So they can be mended where they were set."""
    found = by_day("hours", "Mon 18:00-02:00\nTue 01:00-03:00")
    assert found.days[1].times[0].start == "01:00"
    assert "overlap on Tue 01:00" in found.remark
    assert found.week == ()


@given(WEEKS)
def test_the_picture_shows_the_hours_to_the_quarter(entries: list[str]) -> None:
    try:
        hours = week([(entry, stretches(entry)) for entry in entries])
    except InvalidValue:
        assume(False)
    drawn = rows(hours)
    for minute in range(0, WEEK, 15):
        is_open = any(
            start <= minute + shift < end
            for start, end in hours
            for shift in (0, WEEK)  # the last night goes on in the first
        )
        of_the_day = minute % DAY
        row = drawn[minute // DAY]
        assert is_open == any(start <= of_the_day < end for start, end in row)
