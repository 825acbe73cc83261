"""Small numbers are not shown, and cannot be worked out from those that are.

A number below 5 is shown as "fewer than 5", nought as well. But staff may ask for a day, a week, a
month and a year: a month less its other days would tell a day that is not shown. So:

- Periods are fixed, and each is a sum of smaller ones: a year of months, a month of the weeks that
  are wholly in it and of its other days together, a week of days. Nothing of a period is shown as
  a sum before the period is over, and nothing of today; or two looks at a sum would tell what
  happened in between.
- A sum is shown only where what is left of it, after all that is known of its parts, is nothing, or
  at least 5 and less than the most that the others can be, of which there are then two or more.
  Otherwise "31 or more" is shown: the sum of the parts that are.
- Any other period, such as a week that is in two months, is the sum of what is shown of its days.

Why that is enough: the periods are a tree, and each sum that is shown is one equation about the
parts that are not. As it lies strictly between the least and the most that these can be, and there
are two or more, each of them can still have several values; and so can the parts of those.

Some numbers belong together in a second way: languages may add up to calls, and the three classes
of length to the transfers that were answered. Of each period, such a group is shown as a whole or
not at all, so that the last of them cannot be had from the others.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import groupby

LEAST = 5
"""The least number that is shown."""

MOST = 10**12
"""More than anything is counted: no bound."""

Series = Mapping[date, int]
"""How often something was counted on each day; a day that is missing has nought."""


@dataclass(frozen=True)
class Figure:
    """What is told of a number: that it lies within these bounds."""

    low: int
    high: int

    @property
    def is_exact(self) -> bool:
        """Whether the number itself is told."""
        return self.low == self.high

    def __str__(self) -> str:
        if self.is_exact:
            return str(self.low)
        if self.high < LEAST:
            return f"fewer than {LEAST}"
        return f"{self.low} or more"


FEW = Figure(0, LEAST - 1)


@dataclass(frozen=True)
class Span:
    """A period of the tree: a year, a month, a week, a month's other days, or a day."""

    days: tuple[date, ...]
    parts: tuple["Span", ...] = ()


@cache
def year(number: int) -> Span:
    """A year of the calendar, with its parts."""
    days = []
    day = date(number, 1, 1)
    while day.year == number:
        days.append(day)
        day += timedelta(1)
    months = []
    for _, own in groupby(days, key=lambda day: day.month):
        months.append(_month(tuple(own)))
    return Span(tuple(days), tuple(months))


def _month(days: tuple[date, ...]) -> Span:
    weeks = []
    others: list[date] = []
    for _, own in groupby(days, key=lambda day: day.isocalendar().week):
        of_week = tuple(own)
        if len(of_week) == 7:
            weeks.append(_week(of_week))
        else:
            others += of_week
    if others:
        weeks.append(_week(tuple(others)))
    return Span(days, tuple(weeks))


def _week(days: tuple[date, ...]) -> Span:
    single = [Span((day,)) for day in days]
    return Span(days, tuple(single))


@dataclass(frozen=True)
class Group:
    """Numbers that are told together: all of them, or none."""

    series: Sequence[Series]
    total: Series | None = None
    """What they may add up to, which is told by itself."""

    def figures(self, first: date, last: date, today: date) -> list[Figure]:
        """What is told of each, then of the total, of the days that are over by `today`."""
        yesterday = today - timedelta(1)
        last = min(last, yesterday)
        spans: list[Span] = []
        for number in range(first.year, last.year + 1):
            spans += _covering(year(number), first, last)
        told = [self.of(span) for span in spans]
        figures: list[Figure] = []
        for number, series in enumerate(self._every):
            value = sum(_value(series, span) for span in spans)
            parts = [each[number] for each in told]
            figures.append(_sum(value, parts))
        return figures

    @property
    def _every(self) -> list[Series]:
        if self.total is None:
            return [*self.series]
        return [*self.series, self.total]

    def of(self, span: Span) -> list[Figure]:
        """What is told of each, then of the total, in a period of the tree that is over."""
        values = [_value(series, span) for series in self._every]
        if max(values) < LEAST:
            return [FEW] * len(values)
        parts = [self.of(part) for part in span.parts]
        told: list[Figure] = []
        bounds: list[Figure] = []
        for number, value in enumerate(values):
            own = [figures[number] for figures in parts]
            told.append(_total(value, own))
            bounds.append(_bounds(value, own))
        if all(figure.is_exact for figure in told):
            return told
        if self.total is None:
            return bounds
        *those_added, _ = bounds
        nothing_to_subtract = len(self.series) == 1
        if nothing_to_subtract or _is_open(values[-1], those_added):
            return [*those_added, told[-1]]
        return bounds


def _value(series: Series, span: Span) -> int:
    return sum(series.get(day, 0) for day in span.days)


def _covering(span: Span, first: date, last: date) -> list[Span]:
    """The largest periods that make up the days from first to last."""
    begins, ends = span.days[0], span.days[-1]
    if begins > last or ends < first:
        return []
    if first <= begins and ends <= last:
        return [span]
    covering: list[Span] = []
    for part in span.parts:
        covering += _covering(part, first, last)
    return covering


def _total(value: int, parts: Sequence[Figure]) -> Figure:
    """What may be told of a sum, beside what is told of its parts; of a day, without parts."""
    if value < LEAST:
        return FEW
    whole = Figure(value, value)
    if not parts:
        return whole
    hidden = []
    rest = value
    for part in parts:
        if part.is_exact:
            rest -= part.low
        else:
            hidden.append(part)
    if rest == 0 or _is_open(rest, hidden):
        return whole
    return _bounds(value, parts)


def _is_open(total: int, hidden: Sequence[Figure]) -> bool:
    """Whether somebody who knows the total, too, can work out none of the figures."""
    low = sum(figure.low for figure in hidden)
    high = sum(figure.high for figure in hidden)
    return low + LEAST <= total < high


def _bounds(value: int, parts: Sequence[Figure]) -> Figure:
    """A number that is not shown, as far as its parts tell."""
    if value < LEAST:
        return FEW
    if not parts:
        return Figure(LEAST, MOST)
    low = sum(part.low for part in parts)
    high = sum(part.high for part in parts)
    return Figure(max(LEAST, low), high)


def _sum(value: int, figures: Sequence[Figure]) -> Figure:
    """What is told of a period outside of the tree: the sum of what is told of its parts."""
    if not figures:
        return _bounds(value, figures)
    if all(figure.is_exact for figure in figures):
        return Figure(value, value)
    return _bounds(value, figures)
