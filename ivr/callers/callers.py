"""Callers: who left off where, and how the line is used. The one door to the database.

Nothing here may keep a caller waiting: what is written is queued (`writer.py`), the one question
on the path of a call has 150 ms (`reader.py`), and who is barred is known beforehand.
"""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from zoneinfo import ZoneInfo

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from ivr.callers import writing
from ivr.callers.caller import caller_hash, short
from ivr.callers.database import check_version, reason
from ivr.callers.events import Bookmark, Happened
from ivr.callers.reader import NoAnswer, Reader
from ivr.callers.report import Names, Period, Report, report
from ivr.callers.writer import Status, Writer
from ivr.callers.writing import HungUp, Remember
from ivr.edition.content import Content
from ivr.errors import DatabaseError

BOOKMARK_S = 0.15
"""A call goes on without, after that."""

NOTE_S = 2.0
"""The one who asks is not a call, but a call may ask for the result."""

REPORT_S = 20.0
"""Staff wait for a report, but not for ever."""


class Callers:
    """What the line knows of its callers, in one process and in those that are forked from it.

    `clock` tells the time, aware; `bookmark_s` is how many seconds a call waits for its bookmark.
    Nothing is connected before it is needed.
    """

    def __init__(
        self,
        url: URL,
        secret_key: str | None,
        clock: Callable[[], datetime],
        bookmark_s: float = BOOKMARK_S,
    ) -> None:
        self._secret_key = secret_key
        self._clock = clock
        self._url = url
        self._writer = Writer(url, clock)
        self._calls = Reader(url, at_once=4, seconds=bookmark_s)
        self._staff = Reader(url, at_once=1, seconds=REPORT_S)
        self._notes = Reader(url, at_once=4, seconds=NOTE_S)

    def hash_of(self, number: str | None) -> str | None:
        """How a caller is known from here on; None for nobody."""
        return caller_hash(number, self._secret_key)

    def bookmark(self, caller: str) -> Bookmark | None:
        """Where a caller left off; None as well where the database does not say so in 150 ms."""
        question = partial(writing.find, caller=caller, now=self._clock())
        try:
            return self._calls.ask(question)
        except NoAnswer:
            return None

    def is_barred(self, caller: str) -> bool:
        """Whether a caller may not come in, as of some ten seconds ago."""
        return short(caller) in self._writer.barred

    def count(
        self,
        once: str,
        *happened: Happened,
        hung_up: HungUp | None = None,
        remember: Remember | None = None,
    ) -> None:
        """Counts what happened, once, however often it is reported.

        `once` names the webhook that reports it: the same for a repeated one, and for no other,
        such as the call's id and the step's URL. `hung_up` moves the bookmark from which it was
        worked out, if there is no later one. `remember` is kept for 90 days, unless a later place
        is known.
        """
        self._writer.put(writing.Count(once, happened, hung_up, remember))

    def forget(self, caller: str, call: str) -> None:
        """Deletes all that is known of a caller; nothing more of this call is kept."""
        self._writer.put(writing.Forget(caller, call))

    def is_first(self, once: str) -> bool:
        """Whether this is the first question about this name, in any process: for what must not be
        done twice. Takes two seconds at most; after that, or without the database, it counts as the
        first.

        Only for threads that nobody waits for.
        """
        question = partial(writing.note, once=once, now=self._clock())
        try:
            return self._notes.ask(question)
        except NoAnswer:
            return True

    def status(self) -> Status:
        """How the database is doing, for operators and the studio."""
        return replace(self._writer.status(), unread=self._calls.unanswered)

    def report(self, period: Period, today: date, names: Names) -> Report:
        """How the line was used; `today` is in the line's time zone. For staff, who can wait.

        Raises `DatabaseError`.
        """

        def question(connection: Connection) -> Report:
            check_version(connection, self._url)
            return report(connection, period, today, names)

        try:
            return self._staff.ask(question)
        except NoAnswer as error:
            why = "the database is busy"
            if isinstance(error.__cause__, DatabaseError):
                raise error.__cause__ from None
            if isinstance(error.__cause__, Exception):
                why = reason(error.__cause__)
            raise DatabaseError(
                f"The counts cannot be read now ({why}): try again soon"
            ) from None

    def report_named(self, period: str, content: Content | None) -> Report:
        """How the line was used in a period of that name, by the words and clocks of `content`.

        For staff, who can wait. Raises `PeriodError` and `DatabaseError`.
        """
        zone = ZoneInfo("UTC")
        names = Names()
        if content:
            zone = ZoneInfo(content.timezone)
            names = Names.of(content)
        today = self._clock().astimezone(zone).date()
        named = Period.named(period, today)
        return self.report(named, today, names)

    def start(self) -> None:
        """Connects and begins to watch the database: once a process, best before its first call.

        Without it, what is put in or asked first does so, and may find the database too slow.
        """
        self._writer.start()
        self._calls.warm_up()

    def stop(self) -> None:
        """Writes what is queued, for five seconds at most. A process that ends does it itself."""
        self._writer.stop()
