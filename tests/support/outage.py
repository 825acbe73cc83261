"""Calls while PostgreSQL is stopped, paused and started again: what fails, who waits, what is lost.

`python -m tests.support.outage` prints it for 500 calls; a test drives a few (test_outage.py).
"""

import tempfile
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from statistics import median

from flask import Flask
from sqlalchemy.engine import URL

from ivr.callers import writer
from ivr.callers.callers import Callers
from ivr.callers.database import database_url, prepare
from ivr.handset.phone import Answer, Ask, Phone, over_app
from tests.support.acting import KEY, counted
from tests.support.caller import PUBLIC_URL, TOKEN
from tests.support.line import line
from tests.support.postgresql import Server, binaries
from tests.support.small import AT_ANY_HOUR, edition, publish

KEYS = "1##9012*3"
"""What each caller presses: reading, a faster speed, a helpline's number, and away."""

AT_ONCE = 8
"""Calls at the same time: as many as a server process has threads."""


def now() -> datetime:
    """The time: the outage is real, so the calls are, too."""
    return datetime.now(UTC)


@dataclass
class Line:
    """A line with its database, whose replies are timed."""

    server: Server
    url: URL
    app: Flask
    callers: Callers
    rung: int = 0
    """How many calls there were."""
    waits: dict[str, list[float]] = field(default_factory=dict)
    """How long each reply took, in seconds, by what was the matter with the database."""

    def ring(self, calls: int, matter: str, keys: str = KEYS) -> None:
        """So many callers ring and press their keys, while something is the matter. Who presses
        none withholds the number, so that of each call one entry is to be written.

        Raises what any call raises: an error, or an answer that is not TwiML.
        """
        numbers = range(self.rung, self.rung + calls)
        self.rung += calls
        waits = self.waits.setdefault(matter, [])
        with ThreadPoolExecutor(AT_ONCE) as callers:
            for own in callers.map(partial(self._call, keys), numbers):
                waits += own

    def _call(self, keys: str, number: int) -> list[float]:
        """A whole call from a number that nobody else has; how long its replies took."""
        waits: list[float] = []
        ask = _timed(over_app(self.app.test_client(), PUBLIC_URL), waits)
        caller = f"+4479{number:08}" if keys else "anonymous"
        phone = Phone(ask, PUBLIC_URL, TOKEN, caller=caller, call=f"CA{number:032}")
        phone.ring()
        for key in keys:
            phone.press(key)
        return waits


def _timed(ask: Ask, waits: list[float]) -> Ask:
    """Times each reply of the line."""

    def timed(
        method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        begun = time.perf_counter()
        answer = ask(method, url, form, headers)
        if method == "POST":
            waits.append(time.perf_counter() - begun)
        return answer

    return timed


def line_with(server: Server, folder: Path) -> Line:
    """A line with an empty database on this server."""
    publish(folder / "store", edition(helplines=AT_ANY_HOUR))
    url = database_url(server.new(), folder)
    prepare(url, KEY, now())
    callers = Callers(url, KEY, now)
    callers.start()
    app = line(folder / "store", now, callers, calls_per_hour=100_000)
    return Line(server, url, app, callers)


OUTAGES: tuple[tuple[str, Callable[[Server], None]], ...] = (
    ("as usual", lambda server: None),
    ("stopped", Server.stop),
    ("started again", Server.start),
    ("paused", Server.pause),
    ("going on", Server.go_on),
)
"""What happens to the server, one after the other."""


def drive(line: Line, calls: int, keys: str = KEYS) -> None:
    """So many calls, in equal parts, each after something happened to the server."""
    for matter, happens in OUTAGES:
        happens(line.server)
        line.ring(calls // len(OUTAGES), matter, keys)


def is_written(line: Line) -> bool:
    """Whether the database is well again, and nothing waits to be written."""
    status = line.callers.status()
    return status.trouble is None and status.waiting == 0


def calls_counted(line: Line) -> int:
    """How many calls the database knows of."""
    return counted(line.url)["call", "", "", 0]


def main() -> None:
    """Prints what 500 calls waited and lost: whole calls, and rings alone with a small queue."""
    programs = binaries()
    assert programs, "PostgreSQL is not installed"
    for room, keys in ((writer.MOST_WAITING, KEYS), (50, "")):
        writer.MOST_WAITING = room
        server = Server(programs)
        with tempfile.TemporaryDirectory() as folder:
            line = line_with(server, Path(folder))
            drive(line, 500, keys)
            while not is_written(line):
                time.sleep(0.1)
            status = line.callers.status()
            print(f"\na queue of {room}: {line.rung} calls, none failed")
            for matter, waits in line.waits.items():
                slow = sorted(waits)[len(waits) * 99 // 100]
                print(
                    f"  {matter:15}{len(waits):6} replies: median {median(waits) * 1000:4.0f} ms,"
                    f" 99 of 100 {slow * 1000:4.0f} ms, longest {max(waits) * 1000:4.0f} ms"
                )
            print(
                f"  entries: written {status.written}, lost {status.lost}, waiting"
                f" {status.waiting}; calls in the database: {calls_counted(line)}"
            )
            line.callers.stop()
        server.end()


if __name__ == "__main__":
    main()
