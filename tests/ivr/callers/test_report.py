"""Reports: real events, as staff see them."""

import csv
import io
import json
import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.engine import URL

from ivr.callers.callers import Callers
from ivr.callers.database import database_url
from ivr.callers.events import LENGTHS, Kind, length
from ivr.callers.report import (
    Names,
    Period,
    as_csv,
    as_json,
    as_text,
)
from ivr.errors import DatabaseError, PeriodError
from tests.support.acting import KEY, Clock, rows, until, written
from tests.support.small import edition
from tests.support.used import ARTICLE, NAMES, TODAY, Use


@pytest.fixture
def use(callers: Callers, clock: Clock) -> Use:
    """Nothing has happened yet; it is 24 November."""
    clock.now = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
    return Use(callers)


@pytest.fixture
def used(use: Use) -> Use:
    """A day in October, and the next."""
    day = date(2026, 10, 6)
    use.happens(40, day, Kind.CALL)
    use.happens(30, day, Kind.ENDED, minutes=7)
    use.happens(6, day, Kind.SILENT)
    use.happens(30, day, Kind.LANGUAGE, language="en")
    use.happens(3, day, Kind.LANGUAGE, language="cy")
    use.happens(9, day, Kind.SPEED, subject="1.5")
    use.happens(2, day, Kind.SPEED, subject="0.75")
    for number, kind in ((33, Kind.BEGUN), (21, Kind.HEARD), (12, Kind.STOPPED)):
        use.happens(number, day, kind, language="en", subject=ARTICLE, section=1)
    use.happens(5, day, Kind.BEGUN, language="en", subject=ARTICLE, section=2)
    for number, kind in (
        (20, Kind.CHOSEN),
        (15, Kind.ANSWERED),
        (6, Kind.DOUBTFUL),
        (4, Kind.BUSY),
        (8, Kind.NUMBER),
    ):
        use.happens(number, day, kind, subject="samaritans")
    for number, each in zip((5, 6, 7), LENGTHS, strict=True):
        use.happens(number, day, Kind.LASTED, subject=each)
    use.happens(3, day + timedelta(1), Kind.CALL)
    use.happens(5, day + timedelta(2), Kind.CALL)
    return use


def test_each_figure_stands_under_its_own_name(used: Use) -> None:
    few = "fewer than 5"
    assert used.table("2026-10-06", "calls") == [
        ("Calls", "40"),
        ("Minutes", "210"),
        ("Silent calls", "6"),
    ]
    assert used.table("2026-10-06", "days") == [("2026-10-06", "40", "210")]
    assert used.table("2026-10-06", "sections") == [
        ("en", "What is co-production?", "1", "Introduction", "33", "21", "12"),
        ("en", ARTICLE, "2", "", "5", few, few),
    ]
    assert used.table("2026-10-06", "helplines") == [
        ("Samaritans", "20", "15", "6", few, few, few, "8")
    ]
    assert used.table("2026-10-06", "lengths") == list(zip(LENGTHS, "567", strict=True))
    assert used.table("2026-10-06", "languages") == [("cy", few), ("en", "5 or more")]
    assert used.table("2026-10-06", "speeds") == [("0.75", few), ("1.5", "9")]


def test_the_week_and_the_month_do_not_tell_the_day_that_is_not_told(used: Use) -> None:
    days = used.table("2026-W41", "days")
    assert [row[1] for row in days] == [
        *("fewer than 5", "40", "fewer than 5", "5", "fewer than 5"),
        *("fewer than 5", "fewer than 5"),
    ]
    for period in ("2026-W41", "2026-10"):
        assert used.table(period, "calls")[0] == ("Calls", "45 or more")
    used.happens(2, date(2026, 10, 20), Kind.CALL)
    assert used.table("2026-10", "calls")[0] == ("Calls", "50")


def test_the_counts_of_days_are_reported_as_the_events_were(
    used: Use, server: Callable[[], Callers], url: URL, clock: Clock
) -> None:
    before = used.report("2026-10")
    clock.passes(days=120)
    server().start()
    until(lambda: rows(url, "events") == [])
    assert len(rows(url, "day_counts")) > 0
    assert used.report("2026-10") == before


def test_today_is_not_counted_and_the_month_is_not_told_before_it_is_over(
    use: Use,
) -> None:
    use.happens(30, TODAY, Kind.CALL)
    assert use.report("2026-11").tables == ()
    use.happens(30, TODAY - timedelta(1), Kind.CALL)
    assert use.table("2026-11", "calls")[0] == ("Calls", "30 or more")
    assert use.table("2026-11", "days")[-1][:2] == ("2026-11-23", "30")


def test_a_month_without_data_says_so(used: Use) -> None:
    report = used.report("2026-09")
    assert as_text(report) == "Nothing was counted in September 2026.\n"
    assert as_csv(report) == "Nothing was counted in September 2026.\r\n"
    assert json.loads(as_json(report)) == {
        **{"first": "2026-09-01", "last": "2026-09-30", "tables": {}},
    }


FEW = "fewer than 5"

ENDS = ("Busy", "No answer", "Failed")


def test_the_text_is_a_table_to_read(used: Use) -> None:
    lines = as_text(used.report("2026-10-06")).splitlines()
    assert lines[0] == "How the line was used on 6 October 2026"
    helplines = lines.index("Helplines chosen, and how transfers ended") + 1
    assert lines[helplines].startswith("What happened when callers asked")
    few = "fewer than 5"
    assert [re.split("  +", line) for line in lines[helplines + 1 : helplines + 3]] == [
        ["Helpline", "Chosen", "Answered", "In doubt", *ENDS, "Number heard"],
        ["Samaritans", "20", "15", "6", few, few, few, "8"],
    ]
    assert lines[helplines + 2].startswith("Samaritans  20      15        6         ")


def test_the_files_have_the_same_figures_and_hide_the_same(used: Use) -> None:
    report = used.report("2026-10")
    told = {
        table.name: [[*map(str, row)] for row in table.rows] for table in report.tables
    }
    read = list(csv.reader(io.StringIO(as_csv(report), newline="")))
    for table in report.tables:
        start = read.index([table.title]) + 1
        assert read[start] == list(table.head)
        assert read[start + 1 : start + 1 + len(table.rows)] == told[table.name]
    loaded = json.loads(as_json(report))["tables"]
    assert {
        n: [[*map(str, r.values())] for r in rows] for n, rows in loaded.items()
    } == told
    assert loaded["helplines"][0]["Chosen"] == 20


@pytest.mark.parametrize("begin", ["=", "+", "-", "@"])
def test_no_words_are_a_formula_to_a_spreadsheet(use: Use, begin: str) -> None:
    words = f"{begin}HYPERLINK(1)"
    use.happens(5, date(2026, 10, 6), Kind.CHOSEN, subject=words)
    assert f"\r\n'{words}," in as_csv(use.report("2026-10"))


@pytest.mark.parametrize(
    ("name", "first", "last", "when"),
    [
        ("2026-02-28", "2026-02-28", "2026-02-28", "on 28 February 2026"),
        (
            "2026-W53",
            "2026-12-28",
            "2027-01-03",
            "in the week from Monday, 28 December 2026",
        ),
        ("2024-02", "2024-02-01", "2024-02-29", "in February 2024"),
        ("2026", "2026-01-01", "2026-12-31", "in 2026"),
        ("day", "2026-11-23", "2026-11-23", "on 23 November 2026"),
        (
            "week",
            "2026-11-16",
            "2026-11-22",
            "in the week from Monday, 16 November 2026",
        ),
        ("month", "2026-10-01", "2026-10-31", "in October 2026"),
        ("year", "2025-01-01", "2025-12-31", "in 2025"),
    ],
)
def test_a_period_has_a_name(name: str, first: str, last: str, when: str) -> None:
    period = Period.named(name, TODAY)
    assert (period.first.isoformat(), period.last.isoformat(), period.when) == (
        first,
        last,
        when,
    )


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("2026-03-01", "2026-02-28", "2026-03-02"),
        ("2026-W53", "2026-W52", "2027-W01"),
        ("2026-12", "2026-11", "2027-01"),
        ("2026", "2025", "2027"),
    ],
)
def test_a_period_knows_its_neighbours(name: str, before: str, after: str) -> None:
    period = Period.named(name, TODAY)
    assert (period.name, period.before, period.after) == (name, before, after)


@pytest.mark.parametrize(
    "name",
    ["", "2026-13", "2026-02-30", "2026-W60", "0000", "1999", "July", "２０２６"],
)
def test_a_period_that_is_none_is_named(name: str) -> None:
    with pytest.raises(
        PeriodError, match="is not a period: name one as 2026-03-31, 2026-W14"
    ):
        Period.named(name, TODAY)


def test_a_week_in_two_years_is_counted_in_both(use: Use) -> None:
    week = [date(2025, 12, 29) + timedelta(n) for n in range(7)]
    for day in week:
        use.happens(6, day, Kind.CALL)
    assert use.table("2026-W01", "calls")[0] == ("Calls", "42")


def test_names_are_those_of_the_content_and_what_is_gone_keeps_its_slug() -> None:
    content = edition().content
    names = Names.of(content)
    (code, language), *_ = content.languages.items()
    article = language.articles[0]
    heading = article.sections[0].heading
    assert names.sections[code, article.slug, 1] == (article.title, heading)
    assert names.helplines[language.helplines[0].slug] == language.helplines[0].name


def test_each_length_has_a_class() -> None:
    classes = [length(seconds) for seconds in (0, 59.9, 60, 600, 601)]
    assert classes == [LENGTHS[0], LENGTHS[0], LENGTHS[1], LENGTHS[1], LENGTHS[2]]


def test_without_a_database_staff_are_told_so(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    url: URL = database_url(
        "postgresql://somebody:hidden@127.0.0.1:1/none", tmp_path_factory.getbasetemp()
    )
    callers = Callers(url, KEY, Clock())
    with pytest.raises(
        DatabaseError, match=r"The counts cannot be read now \(.*refused"
    ) as refused:
        callers.report(Period.named("2026", TODAY), TODAY, NAMES)
    assert "hidden" not in str(refused.value)


def test_a_year_of_a_busy_line_can_be_read(use: Use) -> None:
    """Every month is told, and the year is their sum."""
    expected = 0
    for month in range(1, 11):
        for day in (3, 12, 24):
            use.happens(5 + month, date(2026, month, day), Kind.CALL)
            expected += 5 + month
    months = [use.table(f"2026-{month:02}", "calls")[0][1] for month in range(1, 11)]
    assert months == [str(3 * (5 + month)) for month in range(1, 11)]
    assert use.table("2026", "months") == [
        *((f"2026-{n:02}", told, FEW) for n, told in enumerate(months, 1)),
        ("2026-11", FEW, FEW),
    ]
    assert use.table("2026", "calls")[0] == ("Calls", f"{expected} or more")


def test_a_period_is_told_by_its_name_in_the_words_and_days_of_the_content(
    used: Use, clock: Clock
) -> None:
    content = edition().content
    written(used.callers)
    assert used.callers.report_named("2026-10", content) == used.callers.report(
        Period.named("2026-10", TODAY), TODAY, Names.of(content)
    )
    clock.now = datetime(2026, 10, 31, 23, 30, tzinfo=UTC)
    east = replace(content, timezone="Asia/Tokyo")  # where it is November already
    assert used.callers.report_named("month", content).period.name == "2026-09"
    assert used.callers.report_named("month", east).period.name == "2026-10"
    assert used.callers.report_named("month", None).period.name == "2026-09"
