"""The public holidays of a country or a part of it, and the line's own, which an edition has by
date."""

from datetime import date
from difflib import get_close_matches
from functools import lru_cache

from audio.words.faults import InvalidValue
from audio.words.tables import Table

MONTHS_AHEAD = 18
"""How far holidays are known at least."""

OWN = "more_holidays"
"""The table of `line.toml` with dates that the line adds to its calendar."""

Holidays = dict[str, str]
"""ISO dates with the days' names."""


def public_holidays(calendar: str, today: date) -> Holidays:
    """Those of whole years, from this one to that which is 18 months ahead: so they change by
    themselves only on 1 January and 1 July.

    `calendar` is a country, or a part of one: `GB-SCT`. Raises `InvalidValue` where the library
    does not know it.
    """
    months = today.month - 1 + MONTHS_AHEAD
    last = today.year + months // 12
    return dict(_of_years(calendar, today.year, last))


def last_day(holidays: Holidays) -> str:
    """The last date (ISO) of which they tell whether it is one: the end of their last year."""
    if not holidays:
        return ""
    year = max(holidays)[:4]
    return f"{year}-12-31"


def own_holidays(line: Table) -> Holidays:
    """The dates that `line.toml` adds, each with what it is; there may be none."""
    if OWN not in line.data:
        return {}
    table = line.table(OWN)
    found: Holidays = {}
    for day in table.data:
        with table.at(day):
            found[_checked(day)] = table.text(day)
    return found


def _checked(day: str) -> str:
    """A date as ISO has it. Raises `InvalidValue` for anything else."""
    try:
        return date.fromisoformat(day).isoformat()
    except ValueError as error:
        what = f"{day!r} is not a date"
        raise InvalidValue(what, "write one such as 2026-11-30") from error


@lru_cache(8)
def _of_years(calendar: str, first: int, last: int) -> Holidays:
    import holidays  # 85 ms

    known: list[str] = []
    for country, parts in holidays.list_supported_countries().items():
        known.append(country)
        known += [f"{country}-{part}" for part in parts]
    if calendar not in known:
        near = get_close_matches(calendar, known, 4, cutoff=0.5)
        examples = ", ".join(near or ["GB", "GB-SCT"])
        what = f"the calendar {calendar!r} is not known"
        raise InvalidValue(what, f"write one such as {examples}")
    country, _, part = calendar.partition("-")
    years = range(first, last + 1)
    days = holidays.country_holidays(country, subdiv=part or None, years=years)
    return {day.isoformat(): days[day] for day in sorted(days)}
