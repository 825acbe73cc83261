"""A line that is used, on one day or another: events as webhooks count them."""

import random
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from ivr.callers.callers import Callers
from ivr.callers.database import database_url, prepare
from ivr.callers.events import LENGTHS, Event, Happened, Kind
from ivr.callers.report import OUTCOMES, PLACES, Names, Period, Report
from tests.support.acting import KEY, Clock, until, written

TODAY = date(2026, 11, 24)

ARTICLE = "what-is-co-production"

NAMES = Names(
    {("en", ARTICLE, 1): ("What is co-production?", "Introduction")},
    {"samaritans": "Samaritans"},
)

HELPLINES = ("samaritans", "childline", "breathing-space")


class Use:
    """The line is used."""

    def __init__(self, callers: Callers) -> None:
        self.callers = callers
        self.number = 0

    def happens(self, times: int, day: date, kind: Kind, **more: object) -> None:
        """So many times, on that day."""
        for _ in range(times):
            self.number += 1
            at = datetime(day.year, day.month, day.day, self.number % 24, tzinfo=UTC)
            event = Event(kind, **more)  # type: ignore[arg-type]
            self.callers.count(f"CA{self.number}", Happened(event, at))

    def report(self, period: str) -> Report:
        """Once all that happened is written."""
        written(self.callers)
        return self.callers.report(Period.named(period, TODAY), TODAY, NAMES)

    def table(self, period: str, name: str) -> list[tuple[str, ...]]:
        """The rows of a table."""
        (table,) = (each for each in self.report(period).tables if each.name == name)
        return [tuple(map(str, row)) for row in table.rows]

    def for_a_year(self) -> None:
        """Until yesterday, by some twenty callers a day; fewer at weekends, none at times."""
        chance = random.Random(1)
        for ago in range(365, 0, -1):
            day = TODAY - timedelta(ago)
            callers = chance.randrange(18 if day.weekday() < 5 else 6)
            self._happens_to(callers, day, chance)
            # A queue holds so much, and what does not fit is lost.
            until(lambda: self.callers.status().waiting < 5000)
        written(self.callers)

    def _happens_to(self, callers: int, day: date, chance: random.Random) -> None:
        self.happens(callers, day, Kind.CALL)
        self.happens(callers, day, Kind.ENDED, minutes=chance.randrange(1, 12))
        self.happens(callers // 6, day, Kind.SILENT)
        self.happens(callers // 2, day, Kind.LANGUAGE, language="en")
        for speed, part in (("0.75", 9), ("1.25", 4), ("1.5", 12)):
            self.happens(callers // part, day, Kind.SPEED, subject=speed)
        for section in (1, 2, 3):
            for fewer, kind in enumerate(PLACES, section):
                place = {"language": "en", "subject": ARTICLE, "section": section}
                self.happens(callers // fewer, day, kind, **place)
        for fewer, kind in enumerate(OUTCOMES, 2):
            for helpline in HELPLINES:
                times = callers // fewer // 2
                self.happens(chance.randrange(times + 1), day, kind, subject=helpline)
        for length in LENGTHS:
            self.happens(
                chance.randrange(callers // 4 + 1), day, Kind.LASTED, subject=length
            )


def counting(folder: Path) -> Callers:
    """What a server knows that counts in a database in this folder, at noon of today."""
    clock = Clock()
    clock.now = datetime(TODAY.year, TODAY.month, TODAY.day, 12, tzinfo=UTC)
    url = database_url("sqlite:///callers.db", folder)
    prepare(url, KEY, clock())
    return Callers(url, KEY, clock)
