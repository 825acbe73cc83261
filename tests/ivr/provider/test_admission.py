"""Who is let in: barred callers, and those who ring too often, hear why and are turned away."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask

from ivr.callers.barring import bar, lift
from ivr.callers.caller import caller_hash, short
from ivr.callers.callers import Callers
from ivr.callers.database import database_url, opened, prepare
from ivr.provider.admission import MOST_CALLERS, RecentCalls
from tests.support.acting import KEY, until
from tests.support.caller import Caller, Clock
from tests.support.line import line
from tests.support.small import NOON, edition, publish

NUMBER = "+447700900123"
OTHER = "+447700900456"


@dataclass
class Place:
    """A line with its database."""

    app: Flask
    callers: Callers
    clock: Clock
    calls: int = 0

    def rings(self, number: str, call: int = 0) -> Caller:
        """Somebody rings; the provider tells it under a new name, or a known one."""
        self.calls += 1
        name = f"CA{call or self.calls:032x}"
        caller = Caller(self.app, self.clock, number, name)
        caller.rings()
        return caller


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A line that lets a caller ring three times an hour, and looks often for who is barred."""
    monkeypatch.setattr("ivr.callers.writer.LOOK_S", 0.01)
    publish(tmp_path / "store", edition())
    clock = Clock()
    url = database_url("sqlite:///callers.db", tmp_path)
    prepare(url, KEY, clock())
    callers = Callers(url, KEY, clock)
    callers.start()
    app = line(
        tmp_path / "store",
        clock,
        callers,
        calls_per_hour=3,
        longest_call_minutes=30,
        longest_withheld_minutes=10,
        transfers_per_call=1,
    )
    yield Place(app, callers, clock)
    callers.stop()


def known_as(number: str) -> str:
    """What the log calls a caller."""
    caller = caller_hash(number, KEY)
    assert caller
    return short(caller)


def hangs_up_after(caller: Caller, *words: str) -> None:
    """The line says this, listens for no key, and ends the call."""
    caller.hears(*words, "<other_help>")
    assert "<Gather" not in caller.phone.document
    while not caller.phone.ended:
        caller.waits()


def test_a_barred_caller_is_spoken_to_and_the_others_come_in(
    place: Place, tmp_path: Path
) -> None:
    place.rings(NUMBER).hears("<welcome>")
    url = database_url("sqlite:///callers.db", tmp_path)
    caller = caller_hash(NUMBER, KEY) or ""
    with opened(url) as connection:
        bar(connection, known_as(NUMBER), NOON.date())
    until(lambda: place.callers.is_barred(caller))
    hangs_up_after(place.rings(NUMBER), "<barred>")
    place.rings(OTHER).hears("<welcome>")
    place.rings("anonymous").hears("<welcome>")
    with opened(url) as connection:
        lift(connection, known_as(NUMBER))
    until(lambda: not place.callers.is_barred(caller))
    place.rings(NUMBER).hears("<welcome>")


def test_who_rings_too_often_is_told_so_until_an_hour_is_over(place: Place) -> None:
    for _ in range(3):
        place.rings(NUMBER).hears("<welcome>")
    hangs_up_after(place.rings(NUMBER), "<rings_too_often>")
    place.rings(NUMBER, call=2).hears("<welcome>")  # the same call, told again
    place.rings(OTHER).hears("<welcome>")
    place.clock.passes(3_600_000)
    place.rings(NUMBER).hears("<welcome>")


def test_nobody_is_turned_away_who_withholds_the_number(place: Place) -> None:
    """They cannot be told apart: one of them must not keep out another."""
    for _ in range(9):
        place.rings("Restricted").hears("<welcome>")


def test_the_log_has_eight_digits_of_a_hash_and_no_number(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "ivr.provider.admission")
    for number in (*[NUMBER] * 4, "anonymous"):
        place.rings(number)
    known = known_as(NUMBER)
    assert caplog.messages == [
        *[f"A call begins: caller {known} is let in"] * 3,
        f"A call begins: caller {known} is turned away: too many calls within an hour",
        "A call begins: caller withheld is let in",
    ]


@pytest.mark.parametrize(("number", "minutes"), [(NUMBER, 30), ("anonymous", 10)])
def test_a_call_is_as_long_as_the_settings_let_it_be(
    place: Place, number: str, minutes: int
) -> None:
    caller = place.rings(number)
    place.clock.passes((minutes - 1.5) * 60_000)
    caller.presses("4")
    caller.does_not_hear("<ends_soon>")
    place.clock.passes(60_000)
    caller.presses("*")
    caller.hears("<ends_soon>", "<menu_intro>")
    place.clock.passes(60_000)
    caller.presses("4")
    hangs_up_after(caller, "<time_is_over>")


def test_a_call_puts_through_as_often_as_the_settings_let_it(place: Place) -> None:
    caller = place.rings(NUMBER)
    caller.presses("011")
    caller.hears("<last_transfer>")
    caller.is_put_through_and("busy")
    caller.does_not_hear("<try_again>")
    caller.presses("1")
    caller.hears("<no_more_transfers>", "0800 1111")


def test_the_handset_is_not_limited(place: Place) -> None:
    for _ in range(9):
        answer = place.app.test_client().post("/handset/voice", data={"From": NUMBER})
        assert "until" not in answer.get_data(as_text=True)
        assert "<Gather" in answer.get_data(as_text=True)


# How often somebody rang


def test_a_call_that_was_refused_does_not_count_against_the_caller() -> None:
    recent = RecentCalls(2)
    minutes = [recent.is_too_many("a", f"{n}", after(n)) for n in range(0, 130, 10)]
    assert minutes == [False, False, *[True] * 4, False, False, *[True] * 4, False]


def test_no_more_is_held_in_memory_than_so_many_callers(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert MOST_CALLERS >= 1000
    monkeypatch.setattr("ivr.provider.admission.MOST_CALLERS", 2)
    recent = RecentCalls(1)
    for who in "abc":
        recent.is_too_many(who, f"CA of {who}", after(0))
    again = [recent.is_too_many(who, f"CA of {who}, again", after(1)) for who in "cba"]
    assert again == [True, True, False]


def after(minutes: float) -> datetime:
    """So many minutes after noon."""
    return NOON + timedelta(minutes=minutes)
