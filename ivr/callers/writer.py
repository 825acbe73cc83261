"""The writer: a thread in each process that writes what is queued, so that no reply waits for it.

Whatever the database does, `put` takes some microseconds. A database that is dead or locked is
tried again every second until it is back, and one that hangs is waited for; meanwhile the queue
fills, and what no longer fits is lost and counted.
"""

import atexit
import logging
import math
import os
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from queue import Empty, Queue

from sqlalchemy import Connection, select
from sqlalchemy.engine import URL
from sqlalchemy.exc import DataError, IntegrityError

from ivr.callers import writing
from ivr.callers.database import check_version, engine_of, reason, shown
from ivr.callers.tables import barred
from ivr.callers.writing import Forget, Work

log = logging.getLogger(__name__)

MOST_WAITING = 10_000
"""What the queue holds: some 1,000 calls' worth, 10 MB. Requests to be forgotten may go over it
by as many again, as nothing else may crowd them out."""

BATCH = 500
"""At most in one transaction."""

PAUSE_S = 0.2
"""The rest between two transactions: what comes meanwhile is written together. A transaction
takes 2 ms of a processor, and with ten times as many entries only 3 ms. So this is how much is lost
where a process is killed."""

LOOK_S = 10
"""How often the database is asked who is barred, and so whether it is there."""

RETRY_S = 1.0
"""Between two tries to write, while the database is away."""

SLOW_S = 5.0
"""A transaction that takes longer is an outage, too."""

STOP_S = 5.0
"""How long a process that ends waits for what is queued to be written."""

UNFIT = (DataError, IntegrityError, UnicodeError)
"""What is wrong with the data and not with the database: trying again is of no use."""


@dataclass(frozen=True)
class Status:
    """How the database is doing, as this process sees it."""

    trouble: str | None
    """What is wrong, in a line for operators; None where all is well."""
    since: datetime | None
    """When the trouble was noticed."""
    waiting: int
    """What has not been written yet."""
    written: int
    """Since the process began; so are the next two."""
    lost: int
    """What could not be kept."""
    unread: int = 0
    """Calls that began without being asked for a bookmark, as the answer did not come in time."""


class Writer:
    """The queue and its thread; begins by itself in each process that puts something in."""

    def __init__(self, url: URL, clock: Callable[[], datetime]) -> None:
        self._url = url
        self._clock = clock
        self._engine = engine_of(url)
        self._fresh()
        os.register_at_fork(after_in_child=self._fresh)

    def _fresh(self) -> None:
        """Begins anew, as in a forked process: what is queued, and connected, is its parent's."""
        self._engine.dispose(close=False)
        self._queue: Queue[Work | None] = Queue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._stopping = False
        self._hurry = threading.Event()
        self._given_up = False
        self._busy_since = math.inf
        self._next_look = 0.0
        self._tidied = ""
        self._trouble: str | None = None
        self._since: datetime | None = None
        self._written = 0
        self._lost = 0
        self.barred: frozenset[str] = frozenset()

    def start(self) -> None:
        """Begins the thread, unless this process has one."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(
                    target=self._run, name="callers", daemon=True
                )
                self._thread.start()
                atexit.register(self.stop)

    def put(self, work: Work) -> None:
        """Queues something to be written, or counts it as lost. Never waits for the database."""
        self.start()
        room = MOST_WAITING * 2 if isinstance(work, Forget) else MOST_WAITING
        with self._lock:
            if self._stopping or self._queue.qsize() >= room:
                self._lost += 1
                return
            self._queue.put(work)
        self._notice_hang()

    def stop(self) -> None:
        """Writes what is queued, for `STOP_S` at most; what is left then is lost."""
        with self._lock:
            thread = None if self._stopping else self._thread
            self._stopping = True
        self._hurry.set()
        atexit.unregister(self.stop)
        if thread is None:
            return
        self._queue.put(None)
        thread.join(STOP_S)
        if thread.is_alive():
            self._given_up = True
            lost = self._queue.unfinished_tasks - 1
            log.error(
                "The database did not answer: at the end, %d entries were lost.", lost
            )
        else:
            self._engine.dispose()

    def status(self) -> Status:
        """How it is doing now."""
        self._notice_hang()
        waiting = self._queue.unfinished_tasks
        return Status(self._trouble, self._since, waiting, self._written, self._lost)

    def _run(self) -> None:
        while not self._given_up:
            batch = self._gather()
            if batch or not self._stopping:
                self._write(batch)
            if batch:
                self._hurry.wait(PAUSE_S)
            if self._stopping and self._queue.empty():
                return

    def _gather(self) -> list[Work]:
        """What has been queued, as soon as there is something; nothing, when it is time to look."""
        try:
            found = [
                self._queue.get(timeout=max(0.0, self._next_look - time.monotonic()))
            ]
        except Empty:
            return []
        while len(found) < BATCH and not self._queue.empty():
            found.append(self._queue.get_nowait())
        batch = [work for work in found if work is not None]
        self._done(len(found) - len(batch))
        return batch

    def _write(self, batch: Sequence[Work]) -> None:
        """Writes a batch, however long the database is away."""
        while not self._given_up:
            try:
                self._busy_since = time.monotonic()
                with self._engine.begin() as connection:
                    self._look(connection)
                    if batch:
                        writing.write(connection, batch, self._clock())
            except UNFIT as error:
                self._refuse(batch, error)
                return
            except (
                Exception
            ) as error:  # whatever it is, calls go on without the database
                self._bad(f"The database {shown(self._url)} is away: {reason(error)}")
                self._next_look = 0.0
                self._tidied = ""
                time.sleep(RETRY_S)
            else:
                self._well()
                self._written += len(batch)
                self._done(len(batch))
                return
            finally:
                self._busy_since = math.inf

    def _look(self, connection: Connection) -> None:
        """Now and then: is it this program's database, who is barred, what has had its time?"""
        if time.monotonic() < self._next_look:
            return
        check_version(connection, self._url)
        self.barred = frozenset(connection.scalars(select(barred.c.caller)))
        now = self._clock()
        hour = f"{now:%Y-%m-%d %H}"
        if hour != self._tidied:
            writing.tidy(connection, now)
            self._tidied = hour
        self._next_look = time.monotonic() + LOOK_S

    def _refuse(self, batch: Sequence[Work], error: Exception) -> None:
        """Of a batch that the database refuses for what is in it, only that is lost."""
        if len(batch) > 1:
            for work in batch:
                self._write([work])
            return
        log.error("The database refuses an entry, which is lost: %s", reason(error))
        with self._lock:
            self._lost += 1
        self._done(1)

    def _done(self, number: int) -> None:
        for _ in range(number):
            self._queue.task_done()

    def _bad(self, trouble: str) -> None:
        with self._lock:
            if self._trouble is None:
                log.error(
                    "%s. Calls go on; bookmarks and counts wait, or are lost.", trouble
                )
                self._since = self._clock()
            self._trouble = trouble

    def _well(self) -> None:
        with self._lock:
            if self._trouble is not None:
                log.warning(
                    "The database is back; %d entries were lost so far.", self._lost
                )
            self._trouble = self._since = None

    def _notice_hang(self) -> None:
        """The thread cannot tell that it waits; so whoever comes by looks at it."""
        if self._trouble is None and time.monotonic() - self._busy_since > SLOW_S:
            self._bad(f"The database {shown(self._url)} does not answer")
