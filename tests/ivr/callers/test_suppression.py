"""Numbers below 5 are not shown, and an opponent who knows all that is shown cannot find them."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.callers.suppression import LEAST, Group, Series, Span, year

TODAY = date(2027, 6, 1)
MARCH = date(2026, 3, 1), date(2026, 3, 31)


def told(group: Group, first: date, last: date, today: date = TODAY) -> list[str]:
    return [str(figure) for figure in group.figures(first, last, today)]


def only(series: Series, first: date, last: date, today: date = TODAY) -> str:
    return told(Group([series]), first, last, today)[0]


def day(number: int) -> date:
    """A day of March 2026; the 2nd is a Monday."""
    return date(2026, 3, number)


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "fewer than 5"), (1, "fewer than 5"), (4, "fewer than 5"), (5, "5")],
)
def test_a_number_below_five_is_not_told(number: int, said: str) -> None:
    assert only({day(3): number}, day(3), day(3)) == said
    assert only({day(3): number}, *MARCH) == said


def test_many_small_days_make_a_month_that_is_told() -> None:
    assert only({day(n): 2 for n in range(1, 32)}, *MARCH) == "62"


def test_a_sum_that_would_tell_the_one_day_that_is_missing_is_not_told() -> None:
    week = {day(n): 10 for n in range(2, 9)}
    assert only(week, day(2), day(8)) == "70"
    assert only(week | {day(4): 3}, day(2), day(8)) == "60 or more"
    assert only(week | {day(4): 3}, *MARCH) == "60 or more"
    assert only(week | {day(4): 3, day(6): 3}, day(2), day(8)) == "56"
    assert only(week | {day(4): 3, day(16): 3}, *MARCH) == "66"
    assert only(week | {day(4): 0, day(6): 3}, day(2), day(8)) == "50 or more"
    assert only(week | {day(4): 4, day(6): 4}, day(2), day(8)) == "50 or more"


def test_a_month_does_not_tell_a_week_by_the_other_weeks() -> None:
    days = {day(2): 30, day(9): 30, day(16): 30, day(23): 3}
    assert only(days, day(23), day(29)) == "fewer than 5"
    assert only(days, *MARCH) == "90 or more"


def test_of_what_is_not_over_only_the_parts_that_are_count() -> None:
    days = {day(n): 10 for n in range(1, 32)}
    assert only(days, *MARCH, today=day(4)) == "30"
    assert only(days, day(4), day(4), today=day(4)) == "fewer than 5"
    small = {day(n): 3 for n in range(1, 32)}
    assert only(small, *MARCH, today=day(4)) == "5 or more"
    assert only(small, *MARCH, today=day(9)) == "21 or more"
    assert only(small, *MARCH, today=date(2026, 4, 1)) == "93"


def test_a_week_in_two_months_is_told_by_its_days() -> None:
    days = {date(2026, 3, 30) + timedelta(n): 10 for n in range(7)}
    week = date(2026, 3, 30), date(2026, 4, 5)
    assert only(days, *week) == "70"
    assert only(days | {date(2026, 4, 1): 3}, *week) == "60 or more"


def test_languages_are_told_together_as_the_calls_would_tell_the_last() -> None:
    calls, english, welsh = {day(3): 40}, {day(3): 37}, {day(3): 3}
    group = Group([english, welsh], total=calls)
    assert told(group, day(3), day(3)) == ["5 or more", "fewer than 5", "40"]
    group = Group([{day(3): 30}, {day(3): 10}], total=calls)
    assert told(group, day(3), day(3)) == ["30", "10", "40"]
    group = Group([{day(3): 4}, {day(3): 4}], total={day(3): 8})
    assert told(group, day(3), day(3)) == ["fewer than 5", "fewer than 5", "5 or more"]


def test_a_group_without_a_total_is_told_as_a_whole_or_not_at_all() -> None:
    short, medium, long = {day(3): 7}, {day(3): 12}, {day(3): 5}
    assert told(Group([short, medium, long]), day(3), day(3)) == ["7", "12", "5"]
    few = Group([short, medium, {day(3): 2}])
    assert told(few, day(3), day(3)) == ["5 or more", "5 or more", "fewer than 5"]


def test_a_year_has_each_day_once() -> None:
    for number in (2024, 2026):
        whole = year(number)
        assert _days(whole.parts) == list(whole.days)
        for month in whole.parts:
            assert sorted(_days(month.parts)) == list(month.days)
            for part in month.parts:
                assert _days(part.parts) == list(part.days)


def _days(spans: Sequence[Span]) -> list[date]:
    return [day for span in spans for day in span.days]


def tree(shape: Sequence[Sequence[int]]) -> Span:
    """Months of parts of so many days each, in March 2026."""
    days = iter(day(n) for n in range(1, 32))
    months = []
    for lengths in shape:
        parts = [
            tuple(Span((next(days),)) for _ in range(length)) for length in lengths
        ]
        weeks = tuple(Span(tuple(_days(part)), part) for part in parts)
        months.append(Span(tuple(_days(weeks)), weeks))
    return Span(tuple(_days(months)), tuple(months))


def spans(span: Span) -> Iterator[Span]:
    """It, and all its parts."""
    yield span
    for part in span.parts:
        yield from spans(part)


def nothing_small_can_be_found(
    group: Group, span: Span, every: Sequence[np.ndarray]
) -> None:
    """Of all that might have been (each series' days in columns), keeps what fits every figure
    that is told; then each number from 1 to 4 can still be another one."""
    where = {day: n for n, day in enumerate(span.days)}
    columns = [[where[day] for day in each.days] for each in spans(span)]
    told = [group.of(each) for each in spans(span)]
    sums = [[series[:, own].sum(axis=1) for series in every] for own in columns]
    fits = np.ones(len(every[0]), dtype=bool)
    for figures, totals in zip(told, sums, strict=True):
        for figure, total in zip(figures, totals, strict=True):
            fits &= (figure.low <= total) & (total <= figure.high)
    assert fits.any()
    true = [*group.series, *([] if group.total is None else [group.total])]
    for each, totals in zip(spans(span), sums, strict=True):
        for series, total in zip(true, totals, strict=True):
            number = sum(series[day] for day in each.days)
            left = set(total[fits].tolist())
            assert number in left
            assert not 0 < number < LEAST or len(left) > 1, each.days


SHAPES = st.sampled_from(
    [((3, 2), (1,)), ((2, 2), (2,)), ((1, 1), (1, 2)), ((3, 3),), ((2,), (4,))]
)


@given(
    SHAPES,
    st.lists(st.sampled_from([0, 1, 2, 3, 4, 4, 4, 6, 9]), min_size=6, max_size=6),
)
def test_no_small_number_can_be_worked_out_from_all_that_is_told(
    shape: Sequence[Sequence[int]], numbers: list[int]
) -> None:
    span = tree(shape)
    days = dict(zip(span.days, numbers, strict=False))
    choices = [range(LEAST) if days[day] < LEAST else (days[day],) for day in span.days]
    nothing_small_can_be_found(Group([days]), span, [np.array(list(product(*choices)))])


@given(st.lists(st.integers(0, 12), min_size=3, max_size=3))
def test_in_no_period_a_small_language_can_be_worked_out_from_calls_and_the_others(
    numbers: list[int],
) -> None:
    span = tree(((1,),))
    series = [dict.fromkeys(span.days, number) for number in numbers]
    calls = dict.fromkeys(span.days, sum(numbers))
    might = np.array(list(product(range(40), repeat=3)))
    every = [
        might[:, :1],
        might[:, 1:2],
        might[:, 2:],
        might.sum(axis=1, keepdims=True),
    ]
    nothing_small_can_be_found(Group(series, total=calls), span, every)
