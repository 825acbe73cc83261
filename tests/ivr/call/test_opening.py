"""When a helpline is open by London's clocks, held against tables that were written by hand."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from audio.words.source import load
from ivr.call.opening import EXCEPTION, HOLIDAY, USUAL, opening
from ivr.edition.content import Content, DatedHours, Helpline
from ivr.settings import ROOT
from tests.support.small import edition, helpline

DAY = 24 * 60
LONDON = ZoneInfo("Europe/London")
# Breathing Space, as editions had it before public holidays were known: not a day in a piece.
EVENINGS = tuple((day * DAY + 18 * 60, (day + 1) * DAY + 2 * 60) for day in range(4))
BREATHING_SPACE = helpline(
    "breathing", hours=((0, 6 * 60), *EVENINGS, (4 * DAY + 18 * 60, 7 * DAY))
)
PLAIN = edition().content

SCOTLAND = [
    # From mygov.scot and the royal proclamations, by hand; with the day that a holiday at a
    # weekend is, and the weekday that stands in for it.
    *("2026-01-01", "2026-01-02", "2026-04-03", "2026-05-04", "2026-05-25"),
    "2026-06-15",  # for the World Cup, this year only
    *("2026-08-03", "2026-11-30", "2026-12-25", "2026-12-26", "2026-12-28"),
    *("2027-01-01", "2027-01-02", "2027-01-04", "2027-03-26", "2027-05-03"),
    *("2027-05-31", "2027-08-02", "2027-11-30"),
    *("2027-12-25", "2027-12-26", "2027-12-27", "2027-12-28"),
    *("2028-01-01", "2028-01-02", "2028-01-03", "2028-01-04", "2028-04-14"),
    *("2028-05-01", "2028-05-29", "2028-08-07", "2028-11-30"),
    *("2028-12-25", "2028-12-26"),
]
CLOCK_CHANGES = [
    *("2026-03-29", "2026-10-25", "2027-03-28"),
    *("2027-10-31", "2028-03-26", "2028-10-29"),
]
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


def on_time(first: int, last: int, now: datetime) -> bool:
    """From one full hour to another of the same day."""
    return first <= now.hour < last


def always(now: datetime) -> bool:
    return True


def parentline(now: datetime) -> bool:
    if f"{now:%F}" in SCOTLAND:
        return False
    if now.weekday() in (SAT, SUN):
        return on_time(9, 12, now)
    return on_time(9, 21, now)


def breathing_space(now: datetime) -> bool:
    """Monday to Thursday 18:00 to 02:00, Friday 18:00 to Monday 06:00; no holiday begins."""
    yesterday = now - timedelta(days=1)
    if now.hour < 2 and yesterday.weekday() in (MON, TUE, WED, THU):
        return f"{yesterday:%F}" not in SCOTLAND
    if f"{now:%F}" in SCOTLAND:
        return False
    if now.weekday() in (SAT, SUN):
        return True
    if now.weekday() == MON and now.hour < 6:
        return True
    return now.hour >= 18


def gamblers_anonymous(now: datetime) -> bool:
    return f"{now:%F}" not in SCOTLAND and on_time(9, 21, now)


def narcotics_anonymous(now: datetime) -> bool:
    return now.hour >= 10


def calm(now: datetime) -> bool:
    return now.hour >= 17


def office(now: datetime) -> bool:
    if f"{now:%F}" in SCOTLAND or now.weekday() in (SAT, SUN):
        return False
    return on_time(9, 17, now)


BY_HAND: dict[str, Callable[[datetime], bool]] = {
    "silverline": always,
    "childline": always,
    "parentline": parentline,
    "samaritans": always,
    "breathing-space": breathing_space,
    "nhs-111": always,
    "gamblers-anonymous": gamblers_anonymous,
    "narcotics-anonymous": narcotics_anonymous,
    "alcoholics-anonymous": always,
    "calm": calm,
    "cope-scotland": office,
}
"""Whether each is open when a clock in London shows a time."""


@pytest.fixture(scope="module")
def content() -> Content:
    """The real words, as they are read in the summer of 2026: three years of holidays."""
    return load(ROOT / "content", date(2026, 7, 1)).content


def quarters(day: str) -> Iterator[datetime]:
    """Every quarter of an hour (UTC) of a local day, of 23, 24 or 25 hours."""
    midnight = datetime.combine(date.fromisoformat(day), time(), LONDON)
    after = midnight + timedelta(days=1)
    now = midnight.astimezone(UTC)
    while now < after.astimezone(UTC):
        yield now
        now += timedelta(minutes=15)


def around(days: list[str]) -> list[str]:
    """These days, and those before and after each."""
    found: set[str] = set()
    for day in days:
        for shift in (-1, 0, 1):
            found.add((date.fromisoformat(day) + timedelta(shift)).isoformat())
    return sorted(found)


def differences(each: Helpline, content: Content, days: list[str]) -> list[str]:
    """The local times at which the table by hand has it otherwise."""
    by_hand = BY_HAND[each.slug]
    found: list[str] = []
    for day in days:
        for now in quarters(day):
            if opening(each, now, content).is_open != by_hand(now.astimezone(LONDON)):
                found.append(f"{now.astimezone(LONDON):%F %a %H:%M}")
    return found


def test_the_calendar_has_scotlands_holidays_of_three_years(content: Content) -> None:
    assert sorted(content.holidays) == SCOTLAND
    assert content.holidays_until == "2028-12-31"


@pytest.mark.slow
def test_every_quarter_of_an_hour_around_holidays_and_clock_changes_is_as_by_hand(
    content: Content,
) -> None:
    helplines = content.languages["en"].helplines
    assert [each.slug for each in helplines] == list(BY_HAND)
    days = around([*SCOTLAND, *CLOCK_CHANGES, "2026-12-31", "2027-12-31"])
    assert len(list(quarters("2026-10-25"))) == 100
    assert len(list(quarters("2026-03-29"))) == 92
    for each in helplines:
        assert differences(each, content, days) == []


def test_ordinary_weeks_are_as_by_hand(content: Content) -> None:
    week = [(date(2026, 7, 6) + timedelta(n)).isoformat() for n in range(14)]
    for each in content.languages["en"].helplines:
        assert differences(each, content, week) == []


HOLIDAYS = replace(PLAIN, holidays={"2026-12-25": "Christmas", "2026-12-31": "A day"})
NIGHTS = helpline(
    "nights",
    hours=tuple((day * DAY + 18 * 60, (day + 1) * DAY + 2 * 60) for day in range(7)),
    on_holidays=((20 * 60, 22 * 60),),
    exceptions=(
        DatedHours("2026-12-24", "2026-12-24", ((9 * 60, 12 * 60),)),
        DatedHours("2026-12-28", "2026-12-30", ()),
        DatedHours("2026-12-31", "2026-12-31", ((23 * 60, 25 * 60),)),
    ),
)
"""Every night from 18:00 to 02:00, and what the holidays make of it."""


@pytest.mark.parametrize(
    ("local", "is_open", "source", "is_closed_all_day"),
    [
        ("2026-12-23 23:00", True, USUAL, False),
        ("2026-12-24 01:59", True, EXCEPTION, False),  # what began the evening before
        ("2026-12-24 02:00", False, EXCEPTION, False),
        ("2026-12-24 09:00", True, EXCEPTION, False),
        ("2026-12-24 12:00", False, EXCEPTION, False),
        ("2026-12-24 19:00", False, EXCEPTION, False),
        ("2026-12-25 00:30", False, HOLIDAY, False),  # nothing began the evening before
        ("2026-12-25 19:59", False, HOLIDAY, False),
        ("2026-12-25 20:00", True, HOLIDAY, False),
        ("2026-12-25 22:00", False, HOLIDAY, False),
        ("2026-12-26 01:00", False, USUAL, False),
        ("2026-12-26 18:00", True, USUAL, False),
        ("2026-12-28 01:59", True, EXCEPTION, True),
        ("2026-12-28 02:00", False, EXCEPTION, True),
        ("2026-12-30 18:00", False, EXCEPTION, True),
        ("2026-12-31 20:00", False, EXCEPTION, False),  # before the holiday's hours
        ("2026-12-31 23:30", True, EXCEPTION, False),
        ("2027-01-01 00:59", True, USUAL, False),
        ("2027-01-01 01:00", False, USUAL, False),
    ],
)
def test_a_dates_own_hours_replace_what_begins_on_it(
    local: str, is_open: bool, source: str, is_closed_all_day: bool
) -> None:
    now = datetime.fromisoformat(local).replace(tzinfo=LONDON)
    found = opening(NIGHTS, now, HOLIDAYS)
    assert (found.is_open, found.day.source) == (is_open, source)
    assert (found.day.stretches == ()) is is_closed_all_day


def test_the_date_is_that_of_the_local_clock() -> None:
    """In summer London's midnight is 23:00 UTC."""
    cup = replace(PLAIN, holidays={"2026-06-15": "The World Cup"})
    closed = helpline("closed", on_holidays=())
    sources = [
        opening(closed, datetime(2026, 6, day, hour, tzinfo=UTC), cup).day.source
        for day, hour in ((14, 22), (14, 23), (15, 22), (15, 23))
    ]
    assert sources == [USUAL, HOLIDAY, HOLIDAY, USUAL]


def test_holidays_as_usual_make_no_difference() -> None:
    as_usual = replace(NIGHTS, on_holidays=None, exceptions=())
    for now in quarters("2026-12-25"):
        found = opening(as_usual, now, HOLIDAYS)
        assert found == opening(as_usual, now, PLAIN)
        assert found.day.source == USUAL


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
def test_hours_in_one_piece_as_older_editions_have_them(
    utc: str, expected: bool
) -> None:
    now = datetime.fromisoformat(utc + "+00:00")
    assert opening(BREATHING_SPACE, now, PLAIN).is_open is expected


def test_always_in_one_piece_is_open_on_every_day() -> None:
    for day in range(14):
        now = datetime(2026, 11, 23, 3, tzinfo=UTC) + timedelta(day)
        assert opening(helpline("always"), now, PLAIN).is_open


def test_the_hour_that_comes_twice_counts_twice_and_the_missing_one_not() -> None:
    """Sunday 01:30 to 01:45 local: twice on 25 October 2026, never on 29 March."""
    brief = helpline("brief", hours=((6 * DAY + 90, 6 * DAY + 105),))
    minutes = [
        f"{day}T{hour:02}:35+00:00"
        for day in ("2026-10-25", "2026-03-29")
        for hour in range(3)
    ]
    times = [
        opening(brief, datetime.fromisoformat(minute), PLAIN).is_open
        for minute in minutes
    ]
    assert times == [True, True, False, False, False, False]
