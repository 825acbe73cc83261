"""`helplines.toml`: whom a caller may be put through to, checked before anybody is dialled."""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from audio.words import hours
from audio.words.faults import InvalidValue
from audio.words.hours import Entries
from audio.words.phone_numbers import dialled
from audio.words.tables import Table, read_table
from audio.words.when_open import HoursWords
from ivr.edition.content import DatedHours, Helpline, Stretch
from ivr.errors import Fault

KEYS = (
    "id",
    "name",
    "number",
    "transfer",
    "whom",
    "when",
    "cost",
    "hours",
    "holidays",
    "source",
    "checked",
    "dates",
)

AS_USUAL = "as usual"
"""What `holidays` says where they make no difference."""


@dataclass(frozen=True)
class Rules:
    """What helplines are held against, and what is noted of them that is no fault."""

    country: str
    """Whose numbers they are, such as `GB`; empty where its own fault was noted, and then
    numbers are not checked."""
    has_calendar: bool
    """Whether the line knows public holidays."""
    words: HoursWords | None
    """How hours are said; None where that has faults."""
    today: date
    oldest_check: date
    """Who was last checked before it is to be checked again."""
    past: list[Fault] = field(default_factory=list)
    """Dates in the past. Only those that are newly typed may be refused for that."""
    unchecked: list[Fault] = field(default_factory=list)
    """Helplines to check again."""


def load_helplines(
    path: Path, rules: Rules, faults: list[Fault]
) -> tuple[Helpline, ...]:
    """The helplines in the file's order."""
    file = read_table(path, faults)
    file.only(["helpline"])
    tables = file.tables("helpline")
    for key in ("id", "name"):
        _refuse_twice(tables, key)
    return tuple(_helpline(table, rules) for table in tables)


def _helpline(table: Table, rules: Rules) -> Helpline:
    table.only(KEYS)
    number = table.text("number")
    transfer = table.flag("transfer")
    e164 = None
    if number and rules.country:
        with table.at("number"):
            e164 = dialled(number, transfer, rules.country)
    week = _hours(table)
    on_holidays = _on_holidays(table, week, rules)
    exceptions = _exceptions(table, rules)
    other = list(on_holidays or ())
    for exception in exceptions:
        other += exception.hours
    helpline = Helpline(
        slug=_slug(table),
        name=table.text("name"),
        number=number,
        e164=e164,
        whom=table.text("whom"),
        when=_when(table, week, other, rules),
        cost=table.text("cost"),
        hours=week,
        source=table.text("source"),
        checked=table.day("checked"),
        on_holidays=on_holidays,
        exceptions=exceptions,
    )
    if helpline.checked < rules.oldest_check.isoformat():
        _note_unchecked(table, helpline, rules)
    return helpline


def _note_unchecked(table: Table, helpline: Helpline, rules: Rules) -> None:
    what = f"{helpline.name} was last checked on {helpline.checked}"
    mend = (
        f"look it up ({helpline.source}) or ring {helpline.number}; if all is still right,"
        " set checked to that day (in the studio, press its button on the first page)"
    )
    fault = Fault(table.file, table.place("checked"), what, mend)
    rules.unchecked.append(fault)


def _slug(table: Table) -> str:
    slug = table.text("id")
    if slug and not re.fullmatch(r"[a-z0-9-]+", slug):
        table.fault("id", f"id {slug!r} cannot be part of a URL", "use a-z, 0-9 and -")
    return slug


def _when(
    table: Table, week: tuple[Stretch, ...], other: list[Stretch], rules: Rules
) -> str:
    """The sentence on the hours: as it is written, if it claims no others; else the line's."""
    when = ""
    if "when" in table.data:
        when = table.text("when")
    if rules.words is None or not week:
        return when
    if "when" not in table.data:
        return rules.words.sentence(week)
    with table.at("when"):
        rules.words.refuse_other_hours(when, week, other)
    return when


def _on_holidays(
    table: Table, week: tuple[Stretch, ...], rules: Rules
) -> tuple[Stretch, ...] | None:
    """Its hours on public holidays; None where they are as usual."""
    if "holidays" not in table.data:
        is_always_open = hours.joined(week) == ((0, hours.WEEK),)
        if rules.has_calendar and week and not is_always_open:
            mend = f'add it: "{AS_USUAL}", "{hours.CLOSED}", or hours such as ["10:00-14:00"]'
            what = "'holidays' is missing, which says what public holidays mean to it"
            table.fault("holidays", what, mend)
        return None
    entries = table.text_or_texts("holidays")
    if entries == (AS_USUAL,):
        return None
    if not rules.has_calendar:
        mend = 'name one in line.toml, such as holidays = "GB-SCT", or take this out'
        table.fault("holidays", "there is no calendar of public holidays", mend)
    with table.at("holidays"):
        return hours.of_a_day(entries)
    return None


def _exceptions(table: Table, rules: Rules) -> tuple[DatedHours, ...]:
    """The dates that have hours of their own, sorted."""
    if "dates" not in table.data:
        return ()
    dates = table.table("dates")
    by_key: dict[str, DatedHours] = {}
    for key in dates.data:
        entries = dates.text_or_texts(key)
        with dates.at(key):
            first, last = first_and_last(key)
            by_key[key] = DatedHours(first, last, hours.of_a_day(entries))
            if last < rules.today.isoformat():
                _note_past(table, dates, key, rules)
    in_order = sorted(by_key, key=lambda key: by_key[key].first)
    until = ""
    its_key = ""
    for key in in_order:
        each = by_key[key]
        if each.first <= until:
            what = f"the dates {its_key} and {key} overlap on {each.first}"
            dates.fault(key, what, "give each date its hours only once")
        if each.last > until:
            until = each.last
            its_key = key
    return tuple(by_key[key] for key in in_order)


def _note_past(table: Table, dates: Table, key: str, rules: Rules) -> None:
    what = f"{table.data.get('name')}: the date {key} lies in the past"
    mend = "take it out, or write the date that is meant"
    fault = Fault(table.file, dates.place(key), what, mend)
    rules.past.append(fault)


def first_and_last(key: str) -> tuple[str, str]:
    """The ISO dates that `2026-12-24` or `2026-12-24/2027-01-02` names."""
    first, slash, last = key.partition("/")
    if not slash:
        last = first
    for day in (first, last):
        _refuse_other_than_dates(day)
    if last < first:
        raise InvalidValue(f"the dates {key} end before they begin", "swap the two")
    return first, last


def _refuse_other_than_dates(day: str) -> None:
    """`date.fromisoformat` also knows `20261224` and weeks, which do not sort as dates do."""
    try:
        if date.fromisoformat(day).isoformat() == day:
            return
    except ValueError:
        pass
    mend = "write it such as 2026-12-24, or a stretch such as 2026-12-24/2027-01-02"
    raise InvalidValue(f"{day!r} is not a date", mend)


def _hours(table: Table) -> tuple[Stretch, ...]:
    entries: Entries = []
    for entry in table.texts("hours"):
        with table.at("hours"):
            stretches = hours.stretches(entry)
            entries.append((entry, stretches))
    with table.at("hours"):
        return hours.week(entries)
    return ()


def _refuse_twice(tables: list[Table], key: str) -> None:
    """A caller cannot tell two helplines of one name apart, nor a URL two of one id."""
    seen: set[str] = set()
    for table in tables:
        written = str(table.data.get(key, ""))
        value = written.strip().casefold()
        if value and value in seen:
            table.fault(
                key,
                f"another helpline has the {key} {value!r}",
                f"give each its own {key}",
            )
        seen.add(value)
