"""Opening hours by day: what is typed in the line's own form, as fields show it.

The fields write that form again, by a script (`audio/web/static/by_day.js`). What they cannot
show stays as it is typed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from audio.desk.fields import HELPLINE_KEYS
from audio.desk.staff_words import in_staff_words
from audio.words import hours
from audio.words.faults import InvalidValue
from audio.words.helpline_entries import AS_USUAL, first_and_last
from audio.words.hours import CLOSED, DAY, DAYS
from ivr.edition.content import Stretch

ALL_DAY = "00:00-24:00"
"""The hours of a whole day, in the line's form."""

AT_TIMES = "times"
"""The choice of a day whose hours its fields of time have."""

DAY_NAMES = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)

OPEN = {ALL_DAY: "Open all day", AT_TIMES: "Open at these times"}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "hours": {"": "Closed", **OPEN},
    "holidays": {
        "": "Not needed: always open",
        AS_USUAL: "As usual",
        CLOSED: "Closed",
        **OPEN,
    },
    "dates": {CLOSED: "Closed", **OPEN},
}
"""What may be chosen for a day of each field: what is typed for it, and what is shown."""

WRONG = "This needs a change: "
TOO_LONG = (
    "These hours go on for more than a day, which the fields cannot show. They stay as they are"
    " typed."
)

LEGENDS = {
    "hours": "Opening hours",
    "holidays": "Public holidays",
    "dates": "Dates with hours of their own",
}


@dataclass(frozen=True)
class Times:
    """From when to when, as fields of time have it: `00:00` is also midnight at the end."""

    start: str = ""
    end: str = ""


NO_TIMES = (Times(),)
"""Empty fields."""


@dataclass(frozen=True)
class DayFields:
    """The fields of one day, or of a stretch of dates."""

    name: str
    """What it is called."""
    choice: str
    """One of the field's `CHOICES`."""
    times: tuple[Times, ...] = NO_TIMES
    short: str = ""
    """A day of the week, as the line's form has it: `Mon`."""
    first: str = ""
    """ISO date."""
    last: str = ""
    """ISO date; empty where it is the first."""


NEW_DATE = DayFields("A new date", CLOSED)


@dataclass(frozen=True)
class ByDay:
    """A field's days, as far as they can be shown."""

    days: tuple[DayFields, ...] = ()
    remark: str = ""
    """Why they cannot be shown, or what is wrong with them: sentences; or nothing."""
    week: tuple[Stretch, ...] = ()
    """The hours of the week, of the field that has them."""


def by_day(name: str, typed: str) -> ByDay:
    """What is typed into a field that has one of the `CHOICES`."""
    [field] = [each for each in HELPLINE_KEYS if each.name == name]
    text = field.tidied(typed)
    refusal = field.refusal(text)
    if refusal:
        return ByDay(remark=_told(refusal))
    try:
        return READ[name](field.to_toml(text))
    except InvalidValue as error:
        return ByDay(remark=_told(f"{error.what}; {error.mend}"))


def rows(week: Sequence[Stretch]) -> list[list[Stretch]]:
    """When it is open on each day by the clock, in minutes of that day: a night is on two."""
    found: list[list[Stretch]] = [[] for _ in DAYS]
    for start, end in week:
        while start < end:
            day = start // DAY
            midnight = day * DAY
            until = min(end, midnight + DAY)
            found[day % 7].append((start - midnight, until - midnight))
            start = until
    return [sorted(row) for row in found]


def _week(typed: list[str]) -> ByDay:
    entries = [(entry, hours.stretches(entry)) for entry in typed]
    begun: list[list[Stretch]] = [[] for _ in DAYS]
    for start, end in hours.by_day(entries):
        is_whole_day = (start % DAY, end - start) == (0, DAY)
        if end - start >= DAY and not is_whole_day:
            return ByDay(remark=TOO_LONG, week=hours.week(entries))
        midnight = start // DAY * DAY
        begun[start // DAY].append((start - midnight, end - midnight))
    days: list[DayFields] = []
    for short, name, stretches in zip(DAYS, DAY_NAMES, begun, strict=True):
        choice = _choice(stretches, closed="")
        days.append(DayFields(name, choice, _times(stretches), short))
    try:
        return ByDay(tuple(days), week=hours.week(entries))
    except InvalidValue as error:
        return ByDay(tuple(days), _told(f"{error.what}; {error.mend}"))


def _holidays(typed: str | list[str]) -> ByDay:
    name = "On public holidays"
    entries = _listed(typed)
    if not entries:
        return ByDay((DayFields(name, ""),))
    if entries == [AS_USUAL]:
        return ByDay((DayFields(name, AS_USUAL),))
    stretches = hours.of_a_day(entries)
    choice = _choice(stretches, CLOSED)
    day = DayFields(name, choice, _times(stretches))
    return ByDay((day,))


def _dates(typed: Mapping[str, str | list[str]]) -> ByDay:
    return ByDay(tuple(_dated(typed)))


def _dated(typed: Mapping[str, str | list[str]]) -> Iterator[DayFields]:
    for key, entries in typed.items():
        first, last = first_and_last(key)
        stretches = hours.of_a_day(_listed(entries))
        name = _in_words(first)
        if last == first:
            last = ""
        else:
            name += f" to {_in_words(last)}"
        yield DayFields(
            name,
            choice=_choice(stretches, CLOSED),
            times=_times(stretches),
            first=first,
            last=last,
        )


READ: dict[str, Callable[[Any], ByDay]] = {
    "hours": _week,
    "holidays": _holidays,
    "dates": _dates,
}
"""By the field's name: from what a file gets."""


def _listed(typed: str | list[str]) -> list[str]:
    if isinstance(typed, str):
        return [typed]
    return typed


def _in_words(day: str) -> str:
    """Such as `4 January 2027`."""
    return f"{date.fromisoformat(day):%-d %B %Y}"


def _choice(stretches: Sequence[Stretch], closed: str) -> str:
    if not stretches:
        return closed
    if list(stretches) == [(0, DAY)]:
        return ALL_DAY
    return AT_TIMES


def _times(stretches: Sequence[Stretch]) -> tuple[Times, ...]:
    if _choice(stretches, CLOSED) != AT_TIMES:
        return NO_TIMES
    found: list[Times] = []
    for start, end in stretches:
        times = Times(hours.clock(start), hours.clock(end))
        found.append(times)
    return tuple(found)


def _told(wrong: str) -> str:
    return f"{WRONG}{in_staff_words(wrong)}."
