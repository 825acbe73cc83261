"""Which public holidays an edition knows, and until when."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.words.public_holidays import last_day, public_holidays
from audio.words.source import load
from tests.support.small_content import LINE, changed, faults, write

WITH_HOLIDAYS = changed(LINE, "timezone", 'holidays = "GB-SCT"\ntimezone')


def test_the_content_has_scotlands_holidays_by_date(tmp_path: Path) -> None:
    content = load(write(tmp_path, line=WITH_HOLIDAYS), date(2026, 11, 23)).content
    assert content.holidays["2026-06-15"].startswith("Scotland's participation")
    assert content.holidays["2027-01-04"] == "New Year Holiday (observed)"
    assert "2027-01-05" not in content.holidays
    assert (min(content.holidays), content.holidays_until) == (
        "2026-01-01",
        "2028-12-31",
    )


def test_a_line_without_a_calendar_knows_none(tmp_path: Path) -> None:
    content = load(write(tmp_path)).content
    assert (content.holidays, content.holidays_until) == ({}, "")


@given(st.dates(date(2020, 1, 1), date(2040, 1, 1)))
def test_whole_years_are_known_for_18_months_at_least(today: date) -> None:
    known = public_holidays("GB-SCT", today)
    assert date.fromisoformat(last_day(known)) >= today + timedelta(days=548)
    assert min(known) == f"{today.year}-01-01"


def test_the_dates_change_by_themselves_twice_a_year_only() -> None:
    days = [date(2026, 1, 1) + timedelta(n) for n in range(730)]
    changes = [
        day
        for day in days[1:]
        if public_holidays("GB-SCT", day)
        != public_holidays("GB-SCT", day - timedelta(days=1))
    ]
    assert changes == [date(2026, 7, 1), date(2027, 1, 1), date(2027, 7, 1)]


def test_without_a_calendar_the_lines_own_dates_are_its_holidays(
    tmp_path: Path,
) -> None:
    own = '[more_holidays]\n2027-06-15 = "A gala"\n2026-12-28 = "A day off"\n'
    content = load(write(tmp_path, line=LINE + own)).content
    assert content.holidays == {"2026-12-28": "A day off", "2027-06-15": "A gala"}
    assert content.holidays_until == "2027-12-31"


def test_a_date_of_the_lines_own_that_is_none_is_refused(tmp_path: Path) -> None:
    own = '[more_holidays]\nsoon = "A gala"\n2026-12-28 = ""\n'
    first = LINE.count("\n") + 2
    assert faults(write(tmp_path, line=LINE + own)) == [
        f"line.toml:{first}: 'soon' is not a date; write one such as 2026-11-30",
        f"line.toml:{first + 1}: '2026-12-28' has no words; write them",
    ]


@pytest.mark.parametrize(
    ("calendar", "what"),
    [
        ("GB-SCO", "the calendar 'GB-SCO' is not known; write one such as GB-SCT, "),
        ("Scotland", "the calendar 'Scotland' is not known; write one such as "),
        ("registry", "the calendar 'registry' is not known; write one such as "),
        ("GB-", "the calendar 'GB-' is not known; write one such as GB"),
    ],
)
def test_an_unknown_calendar_is_refused_with_those_near_it(
    tmp_path: Path, calendar: str, what: str
) -> None:
    line = changed(WITH_HOLIDAYS, "GB-SCT", calendar)
    [fault] = faults(write(tmp_path, line=line))
    assert fault.startswith(f"line.toml:4: {what}")
