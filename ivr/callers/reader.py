"""Questions to the database that somebody waits for: answered in time, or not at all.

Each is asked by a thread of its own, because only a thread can be left alone when it hangs. Only a
few are asked at once; and after several failures, none is asked for a while.
"""

import os
import threading
import time
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

from sqlalchemy import Connection
from sqlalchemy.engine import URL

from ivr.callers.database import engine_of

Answer = TypeVar("Answer")

FAILURES = 3
"""In a row; then nothing is asked for `REST_S`."""

REST_S = 5.0


class NoAnswer(Exception):
    """The database did not answer in time, or not at all; `__cause__` tells more."""


class Reader:
    """Asks at most `at_once` questions at a time, and waits `seconds` for each answer."""

    def __init__(self, url: URL, at_once: int, seconds: float) -> None:
        # Each question is one statement: so no transaction need be ended.
        self._engine = engine_of(url, at_once).execution_options(
            isolation_level="AUTOCOMMIT"
        )
        self._at_once = at_once
        self._seconds = seconds
        self._fresh()
        os.register_at_fork(after_in_child=self._fresh)

    def _fresh(self) -> None:
        """Begins anew, as in a forked process."""
        self._engine.dispose(close=False)
        self._free = threading.BoundedSemaphore(self._at_once)
        self._failures = 0
        self._rests_until = 0.0
        self.unanswered = 0

    def ask(self, question: Callable[[Connection], Answer]) -> Answer:
        """The answer. Raises `NoAnswer`."""
        if time.monotonic() < self._rests_until or not self._free.acquire(
            blocking=False
        ):
            self.unanswered += 1
            raise NoAnswer
        answer: Future[Answer] = Future()
        threading.Thread(
            target=self._find, args=(question, answer), daemon=True
        ).start()
        try:
            found = answer.result(self._seconds)
        except Exception as error:  # whatever it is, the call goes on without
            self._failed()
            raise NoAnswer from error
        self._failures = 0
        return found

    def warm_up(self) -> None:
        """Connects beforehand, as the first connection takes the longest."""
        if self._free.acquire(blocking=False):
            ready: Future[None] = Future()
            threading.Thread(
                target=self._find, args=(_nothing, ready), daemon=True
            ).start()

    def _find(
        self, question: Callable[[Connection], Answer], answer: Future[Answer]
    ) -> None:
        try:
            with self._engine.connect() as connection:
                found = question(connection)
        except Exception as error:  # whatever it is, somebody waits to be told
            self._free.release()
            answer.set_exception(error)
        else:
            self._free.release()
            answer.set_result(found)

    def _failed(self) -> None:
        self.unanswered += 1
        self._failures += 1
        if self._failures >= FAILURES:
            self._failures = 0
            self._rests_until = time.monotonic() + REST_S


def _nothing(_connection: Connection) -> None:
    """What is asked only in order to be connected."""
