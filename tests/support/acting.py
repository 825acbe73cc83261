"""What tests of this room share: a clock, somebody's bookmark, and looking into the database."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.engine import URL

from ivr.callers.callers import Callers
from ivr.callers.database import engine_of
from ivr.callers.events import Bookmark
from ivr.callers.tables import day_counts, events, metadata
from ivr.callers.writing import Remember

KEY = "a key that nobody else can guess, of these tests"
NUMBER = "+441632960123"
SOMEBODY = "a" * 64
PLACE = Bookmark("0123456789ab", "en", 1.5, "what-is-co-production", 3, 4, "5e17e9ce")

PATIENT_S = 60
"""How long a call of a story waits for a bookmark: a busy machine is not what stories are about."""

Counted = Counter[tuple[str, str, str, int]]


class Clock:
    """Noon on a Monday, until it is set."""

    def __init__(self) -> None:
        self.now = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.now

    def passes(self, **time: float) -> None:
        """Time passes."""
        self.now += timedelta(**time)

    @property
    def ms(self) -> int:
        """Milliseconds since 1970."""
        return round(self.now.timestamp() * 1000)


def until(happens: Callable[[], bool]) -> None:
    """Waits, as long as a busy machine may take; then what should happen does not."""
    for _ in range(6000):
        if happens():
            return
        time.sleep(0.01)
    raise AssertionError


def remember(
    callers: Callers, caller: str, place: Bookmark, call: str, moment: int
) -> None:
    """A webhook of a call tells where the caller is, and nothing that is counted."""
    known = Remember(caller, place, call, moment)
    callers.count(f"{call} at {moment}", remember=known)


def written(*servers: Callers) -> None:
    """Waits until all that was put in is in the database."""
    until(lambda: not any(callers.status().waiting for callers in servers))


def rows(url: URL, table: str) -> list[dict[str, object]]:
    """All that is in a table."""
    engine = engine_of(url)
    with engine.connect() as connection:
        found = connection.execute(select(metadata.tables[table])).mappings().all()
    engine.dispose()
    return [dict(row) for row in found]


def emptied(url: URL) -> None:
    """Nothing is left of what was counted and kept."""
    engine = engine_of(url)
    with engine.begin() as connection:
        for table in metadata.tables.values():
            if table.name != "meta":
                connection.execute(table.delete())
    engine.dispose()


def counted(url: URL) -> Counted:
    """How often what was counted, over all days."""
    total: Counted = Counter()
    for table in (events, day_counts):
        for row in rows(url, table.name):
            key = (row["kind"], row["language"], row["subject"], row["section"])
            total[key] += row["times"]  # type: ignore[index,operator]
    # What was counted and taken back is not there.
    return Counter({key: times for key, times in total.items() if times})
