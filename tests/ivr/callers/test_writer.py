"""Whatever the database does, nobody waits for it, and what is lost is counted."""

import logging
import sqlite3
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from ivr.callers import reader, writer
from ivr.callers.callers import Callers
from ivr.callers.database import database_url, prepare, shown
from ivr.callers.events import Event, Happened, Kind
from tests.support.acting import (
    KEY,
    PLACE,
    SOMEBODY,
    Clock,
    counted,
    remember,
    rows,
    until,
    written,
)
from tests.support.postgresql import Server

CALL = Event(Kind.CALL)


@pytest.fixture
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator's time is not a test's."""
    monkeypatch.setattr(writer, "MOST_WAITING", 100)
    monkeypatch.setattr(writer, "RETRY_S", 0.02)
    monkeypatch.setattr(writer, "SLOW_S", 0.1)
    monkeypatch.setattr(writer, "STOP_S", 2)
    monkeypatch.setattr(reader, "REST_S", 0.1)


def in_time(work: Callable[[], object]) -> None:
    """Does something that must not wait for a database; would it, this would not end."""
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()


def is_settled(callers: Callers) -> bool:
    """Whether the trouble has been noticed, or there was none."""
    return callers.status().trouble is not None or callers.status().waiting == 0


def test_a_locked_file_costs_nothing_but_what_does_not_fit(
    quick: None, tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    url = database_url("sqlite:///callers.db", tmp_path)
    prepare(url, KEY, clock())
    callers = Callers(url, KEY, clock)
    callers.count("CA0", Happened(CALL, clock()))
    written(callers)
    other = sqlite3.connect(tmp_path / "callers.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    for number in range(1, 300):
        in_time(partial(callers.count, f"CA{number}", Happened(CALL, clock())))
    callers.forget(SOMEBODY, "CA1")  # there is always room for this
    until(lambda: callers.status().trouble is not None)
    status = callers.status()
    assert status.since == clock()
    assert status.lost + status.waiting + status.written == 301
    assert 100 <= status.waiting <= 202
    assert callers.bookmark(SOMEBODY) is None
    other.close()
    written(callers)
    status = callers.status()
    assert (status.trouble, status.since) == (None, None)
    assert counted(url).total() == 300 - status.lost
    callers.stop()
    outages = [r for r in caplog.records if r.levelno >= logging.WARNING]
    levels = [r.levelname for r in outages]
    assert levels == ["ERROR", "WARNING"] * (
        len(outages) // 2
    )  # a slow machine has more
    assert (
        outages[-1].getMessage()
        == f"The database is back; {status.lost} entries were lost so far."
    )


def test_postgresql_may_be_stopped_paused_and_started_again_while_calls_go_on(
    quick: None, postgresql: Server, tmp_path: Path, clock: Clock
) -> None:
    """What was put in is written once or counted as lost, whatever happened in between."""
    url = database_url(postgresql.new(), tmp_path)
    prepare(url, KEY, clock())
    servers = [Callers(url, KEY, clock) for _ in range(2)]
    put = 0

    def calls(number: int) -> None:
        nonlocal put
        for each in range(put, put + number):
            for callers in servers:  # each webhook comes to both
                callers.count(f"CA{each}", Happened(CALL, clock()))
                callers.bookmark(SOMEBODY)
        put += number

    for disturb, mend in (
        (postgresql.pause, postgresql.go_on),
        (postgresql.stop, postgresql.start),
        (postgresql.stop, postgresql.start),
    ):
        calls(30)
        disturb()
        in_time(lambda: calls(80))
        for callers in servers:
            until(partial(is_settled, callers))
        in_time(lambda: calls(90))
        mend()
        written(*servers)
    lost = [callers.status().lost for callers in servers]
    assert [callers.status().written for callers in servers] == [
        put - each for each in lost
    ]
    assert max(lost) > 0
    assert put - min(lost) <= counted(url).total() <= put
    assert [callers.status().trouble for callers in servers] == [None, None]
    for callers in servers:
        callers.stop()


def test_what_one_server_lost_alone_is_exactly_what_is_missing(
    quick: None, postgresql: Server, tmp_path: Path, clock: Clock
) -> None:
    url = database_url(postgresql.new(), tmp_path)
    prepare(url, KEY, clock())
    callers = Callers(url, KEY, clock)
    put = 0
    for disturb, mend in (
        (postgresql.pause, postgresql.go_on),
        (postgresql.stop, postgresql.start),
    ):
        disturb()
        for _ in range(250):
            callers.count(f"CA{put}", Happened(CALL, clock()))
            put += 1
        until(lambda: callers.status().trouble is not None)
        mend()
        written(callers)
    callers.stop()
    assert callers.status().lost > 0
    assert counted(url).total() == put - callers.status().lost


def test_a_hanging_database_holds_nobody_up_and_gathers_no_threads(
    quick: None, postgresql: Server, tmp_path: Path, clock: Clock
) -> None:
    url = database_url(postgresql.new(), tmp_path)
    prepare(url, KEY, clock())
    callers = Callers(url, KEY, clock)
    remember(callers, SOMEBODY, PLACE, "CA1", clock.ms)
    written(callers)
    until(lambda: callers.bookmark(SOMEBODY) == PLACE)
    before = threading.active_count()
    postgresql.pause()
    try:
        for _ in range(40):
            in_time(lambda: callers.bookmark(SOMEBODY))
            assert callers.bookmark(SOMEBODY) is None
        assert threading.active_count() <= before + 5
        assert callers.status().unread >= 80
    finally:
        postgresql.go_on()
    until(lambda: callers.bookmark(SOMEBODY) == PLACE)
    until(lambda: threading.active_count() <= before)
    callers.stop()


def test_a_hanging_database_is_seen_by_whoever_looks(
    quick: None, postgresql: Server, tmp_path: Path, clock: Clock
) -> None:
    url = database_url(postgresql.new(), tmp_path)
    prepare(url, KEY, clock())
    callers = Callers(url, KEY, clock)
    callers.count("CA1", Happened(CALL, clock()))
    written(callers)
    postgresql.pause()
    try:
        callers.count("CA2", Happened(CALL, clock()))
        until(lambda: callers.status().trouble is not None)
        assert callers.status().trouble == f"The database {shown(url)} does not answer"
    finally:
        postgresql.go_on()
    written(callers)
    assert (callers.status().trouble, callers.status().lost) == (None, 0)
    callers.stop()


def test_an_entry_that_the_database_refuses_takes_no_other_with_it(
    callers: Callers, url: URL, clock: Clock
) -> None:
    for number in range(20):
        callers.count(f"CA{number}", Happened(CALL, clock()))
        event = Event(Kind.BEGUN, "en", "\0", number)
        callers.count(f"CA{number} begun", Happened(event, clock()))
        callers.count(f"CA{number} \ud800", Happened(CALL, clock()))
    written(callers)
    status = callers.status()
    assert counted(url)["call", "", "", 0] == 40
    assert status.lost == 60 - counted(url).total()
    assert (status.trouble, status.written + status.lost) == (None, 60)


def test_a_process_that_ends_waits_for_a_dead_database_for_so_long_and_no_longer(
    quick: None, tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    url = database_url("postgresql://nobody@127.0.0.1:1/none", tmp_path)
    callers = Callers(url, KEY, clock)
    for number in range(7):
        callers.count(f"CA{number}", Happened(CALL, clock()))
    until(lambda: callers.status().trouble is not None)
    in_time(callers.stop)
    assert caplog.records[-1].getMessage() == (
        "The database did not answer: at the end, 7 entries were lost."
    )


def test_what_comes_soon_after_a_transaction_waits_for_the_next_but_not_for_ever(
    url: URL, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that ends does not wait so long."""
    monkeypatch.setattr(writer, "PAUSE_S", 3600)
    callers = Callers(url, KEY, clock)
    callers.count("CA1", Happened(CALL, clock()))
    written(callers)
    for number in range(2, 9):
        callers.count(f"CA{number}", Happened(CALL, clock()))
    assert (callers.status().waiting, counted(url).total()) == (7, 1)
    in_time(callers.stop)
    assert (callers.status().lost, counted(url).total()) == (0, 8)


def test_a_forgotten_caller_is_forgotten_when_the_database_is_back(
    quick: None, postgresql: Server, tmp_path: Path, clock: Clock
) -> None:
    url = database_url(postgresql.new(), tmp_path)
    prepare(url, KEY, clock())
    callers = Callers(url, KEY, clock)
    remember(callers, SOMEBODY, PLACE, "CA1", clock.ms)
    written(callers)
    postgresql.stop()
    for number in range(300):
        callers.count(f"CA{number}", Happened(CALL, clock()))
    callers.forget(SOMEBODY, "CA1")
    postgresql.start()
    written(callers)
    assert rows(url, "bookmarks") == []
    callers.stop()
