"""How the line is used in a day, a week, a month or a year: what staff may see of the counts."""

import csv
import io
import json
import re
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from typing import Any, ClassVar

from sqlalchemy import CompoundSelect, Connection, func, select

from ivr.callers.events import LENGTHS, Kind
from ivr.callers.suppression import LEAST, Figure, Group, Series
from ivr.callers.tables import day_counts, events
from ivr.callers.writing import KEY
from ivr.edition.content import Content
from ivr.errors import PeriodError

Key = tuple[str, str, str, int]
"""What was counted: kind, language, subject and section."""

OUTCOMES = (
    Kind.CHOSEN,
    Kind.ANSWERED,
    Kind.DOUBTFUL,
    Kind.BUSY,
    Kind.NO_ANSWER,
    Kind.FAILED,
    Kind.NUMBER,
)
A_DAY = timedelta(1)
A_WEEK = timedelta(7)

PLACES = (Kind.BEGUN, Kind.HEARD, Kind.STOPPED)

FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet takes for a formula's beginning."""

HIDDEN = (
    f"A number below {LEAST} is shown as “fewer than {LEAST}”. Where it could be worked out by"
    " subtraction, a sum is shown as “or more”. Today is not counted yet."
)

SECTIONS = (
    "Begun, To the end: once per call, however often it was heard. Stopped here: how often"
    " callers hung up in it, or left the article from it. Callers who went on to another section"
    " by key count only as Begun."
)

HELPLINES = (
    "What happened when callers asked to be put through, and how often they heard the number. A"
    " caller may try several times. In doubt: something answered, but for so short a time that it"
    " may have been a machine."
)


@dataclass(frozen=True)
class Period:
    """A day, a week from Monday on, a month or a year of this century."""

    kind: str
    """One of `FORMS`."""
    first: date
    last: date
    when: str
    """Such as `in March 2026`."""

    @property
    def name(self) -> str:
        """How it is asked for, such as `2026-03`."""
        return self.first.strftime(WRITTEN[self.kind])

    @property
    def before(self) -> str:
        """The name of the one before it."""
        return self.around(self.kind, self.first - A_DAY).name

    @property
    def after(self) -> str:
        """The name of the one after it."""
        return self.around(self.kind, self.last + A_DAY).name

    @classmethod
    def named(cls, name: str, today: date) -> "Period":
        """The period of a name; `day`, `week`, `month` and `year` are the last that is over.

        Raises `PeriodError`.
        """
        first_of_month = today.replace(day=1)
        first_of_year = today.replace(month=1, day=1)
        before = {
            "day": today - A_DAY,
            "week": today - A_WEEK,
            "month": first_of_month - A_DAY,
            "year": first_of_year - A_DAY,
        }
        if name in before:
            return cls.around(name, before[name])
        for kind, form in FORMS.items():
            if re.fullmatch(form, name):
                try:
                    return cls.around(kind, _first_day(kind, name))
                except ValueError:
                    break
        raise PeriodError(
            f"{name!r} is not a period: name one as 2026-03-31, 2026-W14, 2026-03 or 2026; or day,"
            " week, month or year for the last that is over"
        )

    @classmethod
    def around(cls, kind: str, day: date) -> "Period":
        """The period of a kind in which a day is."""
        match kind:
            case "day":
                return cls(kind, day, day, f"on {_in_words(day)}")
            case "week":
                monday = day - timedelta(day.weekday())
                sunday = monday + timedelta(6)
                when = f"in the week from Monday, {_in_words(monday)}"
                return cls(kind, monday, sunday, when)
            case "month":
                _, length = monthrange(day.year, day.month)
                first = day.replace(day=1)
                last = day.replace(day=length)
                return cls(kind, first, last, f"in {day:%B %Y}")
            case _:
                first = date(day.year, 1, 1)
                last = date(day.year, 12, 31)
                return cls(kind, first, last, f"in {day.year}")


FORMS = {
    "day": "20[0-9]{2}-[0-9]{2}-[0-9]{2}",
    "week": "20[0-9]{2}-W[0-9]{2}",
    "month": "20[0-9]{2}-[0-9]{2}",
    "year": "20[0-9]{2}",
}
"""What a period's name looks like, by its kind."""

WRITTEN = {"day": "%Y-%m-%d", "week": "%G-W%V", "month": "%Y-%m", "year": "%Y"}
"""How that name is written, as `strftime` has it."""

ENDINGS = {"day": "", "week": "-1", "month": "-01", "year": "-01-01"}
"""What makes a name the ISO date of its first day."""


def _first_day(kind: str, name: str) -> date:
    return date.fromisoformat(name + ENDINGS[kind])


def _in_words(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


@dataclass(frozen=True)
class Names:
    """What staff call the things that were counted."""

    sections: Mapping[tuple[str, str, int], tuple[str, str]] = field(
        default_factory=dict
    )
    """Language, slug and number to the article's title and the section's heading."""
    helplines: Mapping[str, str] = field(default_factory=dict)
    """By slug."""

    @classmethod
    def of(cls, content: Content) -> "Names":
        """Those of some content; what is no longer in it is called by its slug."""
        sections: dict[tuple[str, str, int], tuple[str, str]] = {}
        helplines: dict[str, str] = {}
        for code, language in content.languages.items():
            for article in language.articles:
                for number, section in enumerate(article.sections, 1):
                    named = (article.title, section.heading)
                    sections[code, article.slug, number] = named
            for helpline in language.helplines:
                helplines.setdefault(helpline.slug, helpline.name)
        return cls(sections, helplines)


Cell = str | Figure


@dataclass(frozen=True)
class Table:
    """One thing to know about how the line is used."""

    name: str
    """Names it in files and addresses: letters alone."""
    title: str
    head: tuple[str, ...]
    """The columns' names."""
    rows: tuple[tuple[Cell, ...], ...]
    """Words, then figures."""
    note: str = ""
    """What its figures mean, if that is not obvious."""


@dataclass(frozen=True)
class Report:
    """How the line was used in a period."""

    period: Period
    tables: tuple[Table, ...]
    """None, where nothing was counted."""
    note: ClassVar[str] = HIDDEN
    """What is not shown."""

    @property
    def headline(self) -> str:
        """What it tells, or that there is nothing to tell."""
        if not self.tables:
            return f"Nothing was counted {self.period.when}."
        return f"How the line was used {self.period.when}"

    def printed(self, form: str) -> str:
        """All of it in one of the forms of `PRINTED`."""
        return PRINTED[form](self)


def report(connection: Connection, period: Period, today: date, names: Names) -> Report:
    """How the line was used in a period, without today and what is to come."""
    counted = tally(connection, period)
    last = min(period.last, today - A_DAY)
    if not counted.has_any(period.first, last):
        return Report(period, ())
    tables = _Maker(counted, period, today, names).tables()
    return Report(period, tuple(tables))


@dataclass(frozen=True)
class Tally:
    """What was counted, as it is: nobody may see that."""

    times: Mapping[Key, Series]
    minutes: Series
    """Of calls."""

    def has_any(self, first: date, last: date) -> bool:
        """Whether anything was counted from the first to the last day."""
        days = chain.from_iterable(self.times.values())
        return any(first <= day <= last for day in days)


def tally(connection: Connection, period: Period) -> Tally:
    """What was counted in every year that a period touches.

    If a server lost an entry, more may have been taken back than was counted.
    """
    times: dict[Key, dict[date, int]] = defaultdict(lambda: defaultdict(int))
    minutes: dict[date, int] = defaultdict(int)
    for day, *key, number, length in connection.execute(_statement(period)):
        kind, language, subject, section = key
        times[kind, language, subject, section][day] += number
        minutes[day] += length
    for days in times.values():
        for day, number in days.items():
            days[day] = max(number, 0)
    return Tally(times, minutes)


def _statement(period: Period) -> CompoundSelect[Any]:
    """One for both tables, so that a roll-up between two can hide nothing."""
    first = date(period.first.year, 1, 1)
    last = date(period.last.year, 12, 31)
    key = [events.c[name] for name in KEY]
    times = func.sum(events.c.times)
    minutes = func.sum(events.c.minutes)
    in_period = events.c.day.between(first, last)
    recent = select(*key, times, minutes).where(in_period).group_by(*key)
    before = select(day_counts).where(day_counts.c.day.between(first, last))
    return recent.union_all(before)


@dataclass(frozen=True)
class _Maker:
    """Makes the tables of a report."""

    counted: Tally
    period: Period
    today: date
    names: Names

    def tables(self) -> Iterator[Table]:
        yield self._calls()
        yield self._parts()
        yield self._sections()
        yield self._helplines()
        yield self._lengths()
        yield self._languages()
        yield self._speeds()

    def _figures(self, group: Group) -> list[Figure]:
        return group.figures(self.period.first, self.period.last, self.today)

    def _figure(
        self, kind: Kind, language: str = "", subject: str = "", section: int = 0
    ) -> Figure:
        series = self._series(kind, language, subject, section)
        [figure] = self._figures(Group([series]))
        return figure

    def _series(
        self, kind: Kind, language: str = "", subject: str = "", section: int = 0
    ) -> Series:
        key = (kind.value, language, subject, section)
        return self.counted.times.get(key, {})

    def _known(self, *kinds: Kind) -> Iterable[Key]:
        """Whatever was counted in these years, so that its being listed tells nothing."""
        return sorted(key for key in self.counted.times if key[0] in kinds)

    @property
    def _spoken(self) -> Group:
        """The languages of `_codes`, then the calls, which they may add up to."""
        series = [self._series(Kind.LANGUAGE, code) for code in self._codes]
        return Group(series, total=self._series(Kind.CALL))

    @property
    def _codes(self) -> list[str]:
        return [language for _, language, _, _ in self._known(Kind.LANGUAGE)]

    def _calls(self) -> Table:
        *_, calls = self._figures(self._spoken)
        [minutes] = self._figures(Group([self.counted.minutes]))
        rows = (
            ("Calls", calls),
            ("Minutes", minutes),
            ("Silent calls", self._figure(Kind.SILENT)),
        )
        return Table("calls", "Calls", ("", "Number"), rows)

    def _parts(self) -> Table:
        """Of a year, its months; otherwise the days; as far as they are over."""
        kind = "day"
        if self.period.kind == "year":
            kind = "month"
        rows: list[tuple[Cell, ...]] = []
        of_minutes = Group([self.counted.minutes])
        part = Period.around(kind, self.period.first)
        while part.first <= self.period.last and part.first < self.today:
            *_, calls = self._spoken.figures(part.first, part.last, self.today)
            [minutes] = of_minutes.figures(part.first, part.last, self.today)
            rows.append((part.name, calls, minutes))
            part = Period.around(kind, part.last + A_DAY)
        head = (kind.capitalize(), "Calls", "Minutes")
        return Table(f"{kind}s", f"Calls each {kind}", head, tuple(rows))

    def _sections(self) -> Table:
        places = [key[1:] for key in self._known(*PLACES)]
        rows: list[tuple[Cell, ...]] = []
        for place in dict.fromkeys(places):
            language, article, number = place
            title, heading = self.names.sections.get(place, (article, ""))
            figures = (self._figure(kind, *place) for kind in PLACES)
            rows.append((language, title, str(number), heading, *figures))
        head = (
            "Language",
            "Article",
            "Section",
            "Heading",
            "Begun",
            "To the end",
            "Stopped here",
        )
        title = "Sections heard to the end, and where people stop"
        return Table("sections", title, head, tuple(rows), SECTIONS)

    def _helplines(self) -> Table:
        slugs = [slug for _, _, slug, _ in self._known(*OUTCOMES)]
        rows: list[tuple[Cell, ...]] = []
        for slug in dict.fromkeys(slugs):
            name = self.names.helplines.get(slug, slug)
            figures = (self._figure(kind, subject=slug) for kind in OUTCOMES)
            rows.append((name, *figures))
        ends = ("Answered", "In doubt", "Busy", "No answer", "Failed")
        head = ("Helpline", "Chosen", *ends, "Number heard")
        title = "Helplines chosen, and how transfers ended"
        return Table("helplines", title, head, tuple(rows), HELPLINES)

    def _lengths(self) -> Table:
        series = [self._series(Kind.LASTED, subject=each) for each in LENGTHS]
        figures = self._figures(Group(series))
        rows = tuple(zip(LENGTHS, figures, strict=True))
        head = ("Length", "Transfers")
        return Table("lengths", "How long answered transfers lasted", head, rows)

    def _languages(self) -> Table:
        *figures, _ = self._figures(self._spoken)
        rows = tuple(zip(self._codes, figures, strict=True))
        return Table("languages", "Languages listened to", ("Language", "Calls"), rows)

    def _speeds(self) -> Table:
        speeds = [subject for _, _, subject, _ in self._known(Kind.SPEED)]
        rows = []
        for speed in speeds:
            chosen = self._figure(Kind.SPEED, subject=speed)
            rows.append((speed, chosen))
        head = ("Speed", "Times chosen")
        return Table("speeds", "Speeds chosen", head, tuple(rows))


def as_text(told: Report) -> str:
    """To be read in a terminal."""
    lines = [told.headline]
    if told.tables:
        lines.append(told.note)
    for table in told.tables:
        lines += ["", table.title]
        if table.note:
            lines.append(table.note)
        lines += _in_columns(table)
        if not table.rows:
            lines.append("Nothing.")
    return "\n".join(lines) + "\n"


def _in_columns(table: Table) -> Iterator[str]:
    """Its head and its rows, each column as wide as its widest cell."""
    rows = [table.head]
    for row in table.rows:
        rows.append(tuple(str(cell) for cell in row))
    widths = []
    for column in zip(*rows, strict=True):
        widths.append(max(len(cell) for cell in column))
    for cells in rows:
        padded = map(str.ljust, cells, widths)
        yield "  ".join(padded).rstrip()


def as_csv(told: Report) -> str:
    """The tables one after the other, each under its title and head.

    A title may have come with anybody's page, so a cell that a spreadsheet would run as a formula
    gets an apostrophe in front.
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow([told.headline])
    for table in told.tables:
        writer.writerows([[], [table.title], table.head])
        for row in table.rows:
            writer.writerow([_cell(str(cell)) for cell in row])
    return file.getvalue()


def _cell(words: str) -> str:
    if words.startswith(FORMULAS):
        return f"'{words}"
    return words


def as_json(told: Report) -> str:
    """For programs: a figure that is told is a number, any other is words."""
    tables: dict[str, list[dict[str, str | int]]] = {}
    for table in told.tables:
        tables[table.name] = []
        for row in table.rows:
            values = [_value(cell) for cell in row]
            named = dict(zip(table.head, values, strict=True))
            tables[table.name].append(named)
    whole = {
        "first": told.period.first.isoformat(),
        "last": told.period.last.isoformat(),
        "tables": tables,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def _value(cell: Cell) -> str | int:
    if isinstance(cell, Figure) and cell.is_exact:
        return cell.low
    return str(cell)


PRINTED: Mapping[str, Callable[[Report], str]] = {
    "text": as_text,
    "csv": as_csv,
    "json": as_json,
}
"""How a report can be had."""
