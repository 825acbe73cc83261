"""Callers are remembered, forgotten and barred, and what happens is counted once."""

import multiprocessing
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy.engine import URL

from ivr.callers.callers import Callers
from ivr.callers.database import engine_of
from ivr.callers.events import Event, Happened, Kind
from ivr.callers.tables import barred
from ivr.callers.writing import Remember
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

CALL = Event(Kind.CALL)


def test_a_caller_is_found_again_where_they_left_off(
    callers: Callers, clock: Clock
) -> None:
    assert callers.bookmark(SOMEBODY) is None
    remember(callers, SOMEBODY, PLACE, "CA1", clock.ms)
    written(callers)
    until(lambda: callers.bookmark(SOMEBODY) == PLACE)
    assert callers.bookmark("b" * 64) is None


def test_another_server_and_a_later_start_find_them_too(
    server: Callable[[], Callers], clock: Clock
) -> None:
    first = server()
    remember(first, SOMEBODY, PLACE, "CA1", clock.ms)
    first.stop()
    later = server()
    until(lambda: later.bookmark(SOMEBODY) == PLACE)


def test_a_webhook_is_noted_once_for_all_that_it_tells(
    callers: Callers, url: URL, clock: Clock
) -> None:
    """Under two salts; so a copy of it, even with another place, changes nothing."""
    for place in (PLACE, replace(PLACE, start=9)):
        known = Remember(SOMEBODY, place, "CA1", clock.ms)
        callers.count("CA1 begins", Happened(CALL, clock()), remember=known)
        written(callers)
        until(lambda: callers.bookmark(SOMEBODY) == PLACE)
    assert counted(url) == {("call", "", "", 0): 1}
    assert len(rows(url, "seen")) == 2


def test_of_a_copy_with_another_answer_nothing_counts_nor_is_noted(
    callers: Callers, url: URL, clock: Clock
) -> None:
    """So what it said, and what counts once a call, still counts when it really happens."""
    callers.count("CA1 begins", Happened(CALL, clock()))
    written(callers)
    callers.count("CA1 begins", Happened(CALL, clock(), once="CA1 hears the article"))
    written(callers)
    callers.count("CA1 reads", Happened(CALL, clock(), once="CA1 hears the article"))
    written(callers)
    assert counted(url) == {("call", "", "", 0): 2}


def test_a_late_webhook_moves_nobody_back(
    server: Callable[[], Callers], clock: Clock
) -> None:
    further = replace(PLACE, start=9)
    one, other = server(), server()
    remember(one, SOMEBODY, further, "CA1", clock.ms + 9000)
    written(one)
    remember(other, SOMEBODY, PLACE, "CA1", clock.ms)
    written(other)
    until(lambda: one.bookmark(SOMEBODY) == further)


def test_whoever_asks_for_it_is_forgotten_and_a_late_webhook_does_not_bring_them_back(
    callers: Callers, url: URL, clock: Clock
) -> None:
    remember(callers, SOMEBODY, PLACE, "CA1", clock.ms)
    callers.forget(SOMEBODY, "CA1")
    remember(callers, SOMEBODY, PLACE, "CA1", clock.ms + 1)
    written(callers)
    remember(callers, SOMEBODY, PLACE, "CA1", clock.ms + 2)
    written(callers)
    assert callers.bookmark(SOMEBODY) is None
    assert rows(url, "bookmarks") == []


def test_in_their_next_call_a_forgotten_caller_begins_anew(
    callers: Callers, clock: Clock
) -> None:
    callers.forget(SOMEBODY, "CA1")
    remember(callers, SOMEBODY, PLACE, "CA2", clock.ms)
    written(callers)
    callers.forget(SOMEBODY, "CA1")  # once more, and too late
    written(callers)
    until(lambda: callers.bookmark(SOMEBODY) == PLACE)


def test_after_90_days_a_caller_is_forgotten_by_itself(
    server: Callable[[], Callers], url: URL, clock: Clock
) -> None:
    callers = server()
    remember(callers, SOMEBODY, PLACE, "CA1", clock.ms)
    written(callers)
    clock.passes(days=90)
    until(lambda: callers.bookmark(SOMEBODY) == PLACE)
    clock.passes(days=1)
    assert callers.bookmark(SOMEBODY) is None
    server().start()
    until(lambda: rows(url, "bookmarks") == [])


def test_when_the_call_is_over_only_the_day_of_a_bookmark_is_kept(
    server: Callable[[], Callers], url: URL, clock: Clock
) -> None:
    callers = server()
    remember(callers, SOMEBODY, PLACE, "CA1", clock.ms)
    callers.count("CA1", Happened(CALL, clock()))
    written(callers)
    assert [row["moment"] for row in rows(url, "bookmarks")] == [clock.ms]
    assert len(rows(url, "seen")) == 4
    clock.passes(hours=10)
    server().start()
    until(lambda: rows(url, "seen") == [])
    assert [row["moment"] for row in rows(url, "bookmarks")] == [None]
    assert not {row["period"] for row in rows(url, "salts")} & {0}
    until(lambda: callers.bookmark(SOMEBODY) == PLACE)


def test_what_comes_again_counts_once_whichever_server_it_comes_to(
    server: Callable[[], Callers], url: URL, clock: Clock
) -> None:
    one, other = server(), server()
    for _ in range(3):
        one.count("CA1 begins", Happened(CALL, clock()))
        other.count("CA1 begins", Happened(CALL, clock()))
    other.count("CA2 begins", Happened(CALL, clock()))
    written(one, other)
    for _ in range(10):  # the four hours that a call can last, and more
        clock.passes(minutes=29)
        one.count("CA1 begins", Happened(CALL, clock()))
        other.count("CA2 begins", Happened(CALL, clock()))
        written(one, other)
    assert counted(url) == {("call", "", "", 0): 2}


def test_no_row_tells_which_call_an_event_was_of(
    callers: Callers, url: URL, clock: Clock
) -> None:
    for number in range(3):
        event = Event(Kind.BEGUN, "en", "a", number % 2)
        callers.count(f"CA1 {number}", Happened(event, clock()))
    written(callers)
    assert [tuple(row.values()) for row in rows(url, "events")] == [
        (clock().date(), "begun", "en", "a", 0, 12, 2, 0),
        (clock().date(), "begun", "en", "a", 1, 12, 1, 0),
    ]


def test_events_older_than_90_days_become_the_counts_of_days(
    server: Callable[[], Callers], url: URL, clock: Clock
) -> None:
    callers = server()
    for hour in range(3):
        callers.count(f"CA{hour}", Happened(Event(Kind.ENDED, minutes=7), clock()))
        clock.passes(hours=1)
    written(callers)
    clock.passes(days=90)
    callers.count("CA9", Happened(CALL, clock()))
    written(callers)
    assert len(rows(url, "events")) == 4
    clock.passes(days=1)
    for _ in range(
        3
    ):  # several servers do it at the same time, and one again the next day
        server().start()
    until(lambda: len(rows(url, "events")) == 1)
    clock.passes(days=1)
    server().start()
    tidied = {"name": "tidied", "value": clock().date().isoformat()}
    until(lambda: tidied in rows(url, "meta"))
    (row,) = rows(url, "day_counts")
    assert (row["kind"], row["times"], row["minutes"]) == ("ended", 3, 21)
    assert counted(url) == {("ended", "", "", 0): 3, ("call", "", "", 0): 1}


def test_whoever_is_barred_is_known_beforehand(
    server: Callable[[], Callers], url: URL, clock: Clock
) -> None:
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(
            barred.insert().values(caller=SOMEBODY[:8], since=clock().date())
        )
    engine.dispose()
    callers = server()
    callers.start()
    until(lambda: callers.is_barred(SOMEBODY))
    assert not callers.is_barred("b" * 64)


def test_a_process_that_ends_writes_what_it_has_queued(
    callers: Callers, url: URL, clock: Clock
) -> None:
    for number in range(2000):
        callers.count(f"CA{number}", Happened(CALL, clock()))
    callers.stop()
    assert counted(url).total() == callers.status().written == 2000
    callers.count("too late", Happened(CALL, clock()))
    assert callers.status().lost == 1


def _count(callers: Callers, name: str) -> None:
    callers.count(name, Happened(CALL, Clock()()))
    until(lambda: callers.bookmark(SOMEBODY) == PLACE)
    callers.stop()


@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_forked_process_has_a_queue_and_connections_of_its_own(
    callers: Callers, url: URL, clock: Clock
) -> None:
    remember(callers, SOMEBODY, PLACE, "CA1", clock.ms)
    written(callers)
    fork = multiprocessing.get_context("fork")
    children = [fork.Process(target=_count, args=(callers, f"CA{n}")) for n in range(3)]
    for child in children:
        child.start()
    for child in children:
        child.join(60)
    assert [child.exitcode for child in children] == [0, 0, 0]
    callers.count("CA9", Happened(CALL, clock()))
    written(callers)
    assert counted(url).total() == 4
    assert callers.hash_of("anonymous") is None
    assert callers.hash_of("+441632960123") == Callers(url, KEY, clock).hash_of(
        "441632960123"
    )
