"""Measure the callers' database: 100,000 bookmarks, and 1,000,000 rows of a year's events.

Without an address, an SQLite file that is removed afterwards. With one, an EMPTY database, such as
postgresql://user:password@host/name, which is left full. Nothing is asserted.
"""

import argparse
import hashlib
import random
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from itertools import islice, product
from statistics import median

from sqlalchemy import Connection, Table, func, select, update
from sqlalchemy.engine import URL

from ivr.callers import writing
from ivr.callers.callers import Callers
from ivr.callers.database import database_url, engine_of, prepare, shown
from ivr.callers.events import Kind
from ivr.callers.report import Names, Period
from ivr.callers.tables import bookmarks, day_counts, events, meta
from ivr.errors import LineError
from ivr.settings import ROOT

BOOKMARKS = 100_000
EVENTS = 1_000_000
QUESTIONS = 1000
NOW = datetime(2026, 12, 31, 12, tzinfo=UTC)
Row = dict[str, object]


def main(argv: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "url", nargs="?", help="an empty database (default: an SQLite file)"
    )
    given = parser.parse_args(argv).url
    try:
        with tempfile.TemporaryDirectory() as folder:
            ours = f"sqlite:///{folder}/callers.db"
            url = database_url(given or ours, ROOT)
            prepare(url, None, NOW)
            measure(url)
    except LineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def measure(url: URL) -> None:
    """Fill the database, and use it."""
    engine = engine_of(url)
    print(shown(url))
    with engine.begin() as connection:
        fill(connection, bookmarks, _bookmarks())
        fill(connection, events, _events())
    callers = Callers(url, None, lambda: NOW)
    callers.start()
    time.sleep(1)
    draw = random.Random(1)  # noqa: S311 - the same callers every time
    offers_ms = []
    for _ in range(QUESTIONS):
        caller = _caller(draw.randrange(BOOKMARKS))
        seconds = timed(partial(callers.bookmark, caller))
        offers_ms.append(seconds * 1000)
    offers_ms.sort()
    row("where a caller left off", median(offers_ms), "ms")
    row("99 of 100 of these", offers_ms[QUESTIONS * 99 // 100], "ms")
    row("without an answer in time", callers.status().unread, "")
    today = NOW.date()
    year = Period.named("2026", today)
    make_report = partial(callers.report, year, today, Names())
    row("a year's report", timed(make_report))
    much_later = NOW + writing.KEPT * 9
    never_tidied = update(meta).values(value="").where(meta.c.name == "tidied")
    with engine.begin() as connection:
        connection.execute(never_tidied)
        row(
            "the roll-up of all of it",
            timed(partial(writing.tidy, connection, much_later)),
        )
        counts = connection.scalar(select(func.count()).select_from(day_counts))
    row("rows left of 1,000,000", counts or 0, "")
    row("the report, once rolled up", timed(make_report))
    engine.dispose()


def fill(connection: Connection, table: Table, rows: Iterator[Row]) -> None:
    """Put rows into a table."""
    while chunk := list(islice(rows, 20_000)):
        connection.execute(table.insert(), chunk)


def _caller(number: int) -> str:
    return hashlib.sha256(str(number).encode()).hexdigest()


def _bookmarks() -> Iterator[Row]:
    place = {
        "edition_id": "0" * 12,
        "language": "en",
        "speed": 1.0,
        "article": "an-article",
        "section": 3,
        "start": 2,
        "sentence": "0" * 16,
        "day": NOW.date(),
    }
    for number in range(BOOKMARKS):
        yield {"caller": _caller(number), **place}


def _events() -> Iterator[Row]:
    """Of a busy line: in each hour, each of 115 things happens, so that nothing adds up."""
    places = product((Kind.BEGUN, Kind.HEARD, Kind.STOPPED), range(39))
    hours = product(range(365), range(24), islice(places, 115))
    for day, hour, (kind, number) in islice(hours, EVENTS):
        yield {
            "day": date(2026, 1, 1) + timedelta(day),
            "kind": kind.value,
            "language": "en",
            "subject": f"article-{number}",
            "section": number % 7 + 1,
            "hour": hour,
            "times": 1 + (day + hour) % 3,
            "minutes": 0,
        }


def timed(work: Callable[[], object]) -> float:
    """How many seconds something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def row(what: str, value: float, unit: str = "s") -> None:
    """Print one figure: a whole one where it has no unit."""
    figure = f"{value:.2f}"
    if not unit:
        figure = f"{value:.0f}"
    print(f"  {what:30}{figure:>12} {unit}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
