"""Calls are counted: what callers did, once, and never in their way."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL
from twilio.request_validator import RequestValidator

from ivr.callers.callers import Callers
from ivr.callers.database import database_url, prepare
from ivr.handset.phone import over_app
from ivr.provider.keeping import Keeper
from ivr.provider.webhooks import Line
from tests.support.acting import KEY, PATIENT_S, counted, rows, until, written
from tests.support.caller import PUBLIC_URL, TOKEN, Caller, Clock
from tests.support.line import line
from tests.support.small import bilingual, edition, publish


@pytest.fixture
def clock() -> Clock:
    """A clock that stands until a caller listens."""
    return Clock()


@pytest.fixture
def url(tmp_path: Path, clock: Clock) -> URL:
    """A database that is set up, as when a server starts."""
    url = database_url("sqlite:///callers.db", tmp_path)
    prepare(url, KEY, clock())
    return url


@pytest.fixture
def callers(url: URL, clock: Clock) -> Iterator[Callers]:
    """What a server knows of its callers."""
    callers = Callers(url, KEY, clock, PATIENT_S)
    yield callers
    callers.stop()


@pytest.fixture
def caller(tmp_path: Path, clock: Clock, callers: Callers) -> Caller:
    """Somebody who rings a line that counts."""
    publish(tmp_path / "store", edition())
    caller = Caller(line(tmp_path / "store", clock, callers), clock)
    caller.rings()
    return caller


def told(url: URL, callers: Callers) -> dict[str, int]:
    """What was counted, as `kind language subject section`; what does not matter is left out."""
    written(callers)
    named = {}
    for key, times in counted(url).items():
        named[" ".join(str(part) for part in key if part)] = times
    return named


def test_what_is_read_is_counted_with_its_language_and_speed(
    caller: Caller, callers: Callers, url: URL
) -> None:
    caller.presses("1")
    caller.waits()  # section 1 to its end
    caller.presses("9")  # faster, in section 2
    caller.presses("4")  # back to section 1, which has been begun before
    caller.presses("*")
    assert told(url, callers) == {
        "call": 1,
        "language en": 1,
        "begun en one 1": 1,
        "heard en one 1": 1,
        "begun en one 2": 1,
        "speed 1.25": 1,
        "stopped en one 1": 1,
    }


def test_helplines_are_counted_with_what_came_of_them(
    caller: Caller, callers: Callers, url: URL
) -> None:
    caller.presses("01")
    caller.presses("2")
    caller.presses("1")
    caller.is_put_through_and("busy")
    caller.presses("1")
    caller.is_put_through_and("completed")
    found = told(url, callers)
    slug = next(key for key in found if key.startswith("chosen")).split()[1]
    assert found == {
        "call": 1,
        f"chosen {slug}": 1,
        f"number {slug}": 1,
        f"busy {slug}": 1,
        f"answered {slug}": 1,
        "lasted 1 to 10 minutes": 1,
    }


def test_each_language_that_is_listened_to_counts_once_a_call(
    tmp_path: Path, clock: Clock, callers: Callers, url: URL
) -> None:
    """Not the one that was only passed through on the way to another."""
    publish(tmp_path / "store", bilingual())
    caller = Caller(line(tmp_path / "store", clock, callers), clock)
    caller.rings()
    caller.presses("15")  # English, then Welsh from the main menu
    caller.presses("1##6")
    found = told(url, callers)
    assert (found["call"], found["language cy"]) == (1, 1)
    assert "language en" not in found
    assert found["begun cy un 1"] == 1
    caller.presses("451")
    assert told(url, callers)["language en"] == 1
    assert told(url, callers)["language cy"] == 1


def test_where_a_caller_hangs_up_is_counted_whether_or_not_it_is_told(
    caller: Caller, callers: Callers, url: URL
) -> None:
    """In the section that they came to last; also while they are with a helpline."""
    caller.presses("1##66")
    assert told(url, callers)["stopped en one 3"] == 1
    caller.presses("4")
    for keys in ("5", "0", "1"):
        caller.presses(keys)
        found = told(url, callers)
        stops = [key for key in found if key.startswith("stopped")]
        assert stops == ["stopped en one 2"]
    caller.hangs_up()
    assert told(url, callers)["stopped en one 2"] == 1


def test_who_hears_the_article_to_its_end_has_stopped_nowhere(
    caller: Caller, callers: Callers, url: URL
) -> None:
    caller.presses("1##66")
    caller.waits()
    caller.hangs_up()
    found = told(url, callers)
    assert found["heard en one 3"] == 1
    assert not [key for key in found if key.startswith("stopped")]


def test_a_call_without_a_key_is_silent_and_one_with_a_key_is_not(
    caller: Caller, callers: Callers, url: URL
) -> None:
    caller.waits()
    caller.waits()
    assert told(url, callers)["silent"] == 1
    other = Caller(caller.app, caller.clock, call="CA" + "2" * 32)
    other.rings()
    assert told(url, callers)["silent"] == 2
    other.waits()
    other.presses("9")
    assert told(url, callers) == {"call": 2, "silent": 1}


def test_a_transfer_in_doubt_is_counted_as_one(
    caller: Caller, callers: Callers, url: URL
) -> None:
    caller.presses("011")
    caller.waits()
    caller.phone.outcome("completed", seconds=5)
    assert told(url, callers)["doubtful always"] == 1


def test_a_stop_counts_on_the_day_on_which_it_was_even_where_the_line_ended_the_call(
    caller: Caller, callers: Callers, url: URL
) -> None:
    caller.presses("1##")
    caller.presses("3", after_ms=4 * 3600 * 1000)
    caller.hears("<ends_soon>")
    caller.presses("2", after_ms=3600 * 1000)
    caller.hears("<time_is_over>")
    assert told(url, callers)["stopped en one 2"] == 1
    days = {row["day"] for row in rows(url, "events")}
    assert days == {caller.clock().date()}


def test_a_call_that_ends_is_counted_with_its_minutes(
    caller: Caller, callers: Callers, url: URL
) -> None:
    for _ in range(2):  # the provider tells it twice
        ended(caller, "61")
    ended(caller, "not a number")
    assert told(url, callers) == {"call": 1, "silent": 1, "ended": 1}
    with_minutes = [row["minutes"] for row in rows(url, "events") if row["minutes"]]
    assert with_minutes == [2]


def test_a_webhook_that_comes_again_counts_once(
    caller: Caller, callers: Callers, url: URL
) -> None:
    for _ in range(3):
        caller.rings()
    assert told(url, callers) == {"call": 1, "silent": 1}


def test_the_handset_is_not_counted(caller: Caller, callers: Callers, url: URL) -> None:
    answer = caller.app.test_client().post(
        "/handset/voice", data={"CallSid": "CA" + "1" * 32}
    )
    assert answer.status_code == 200
    assert told(url, callers) == {"call": 1, "silent": 1}


def test_a_database_that_is_not_there_costs_counts_and_no_call(
    tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ivr.callers.writer.STOP_S", 0.1)
    nowhere = database_url("postgresql://nobody@127.0.0.1:1/none", tmp_path)
    callers = Callers(nowhere, KEY, clock)
    publish(tmp_path / "store", edition())
    app = line(tmp_path / "store", clock, callers)
    caller = Caller(app, clock)
    caller.rings()
    caller.presses("1")
    caller.hears("section")
    until(lambda: callers.status().trouble is not None)
    client = app.test_client()
    assert "127.0.0.1" in client.get("/healthz").get_json()["database"]
    outside = client.get("/healthz", headers={"X-Forwarded-For": "198.51.100.7"})
    assert outside.get_json()["database"] == "away"
    callers.stop()


def test_whatever_fails_in_counting_the_caller_has_a_reply(
    tmp_path: Path, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    publish(tmp_path / "store", edition())
    app = line(tmp_path / "store", clock)
    line_of_callers: Line = app.extensions["lines"]["voice"]
    line_of_callers.keeper = Keeper(Failing())  # type: ignore[arg-type]
    caller = Caller(app, clock)
    caller.rings()
    caller.presses("1")
    caller.hears("section")
    assert caplog.messages == ["part of a call was not kept"] * 3


class Failing:
    """Knows who rings, and can keep nothing."""

    def hash_of(self, number: str) -> str:
        """Everybody is the same."""
        return "a" * 64


def ended(caller: Caller, seconds: str) -> None:
    """The provider says that the call is over."""
    form = {"CallSid": "CA" + "0" * 32, "CallDuration": seconds}
    ask = over_app(caller.app.test_client(), PUBLIC_URL)
    address = f"{PUBLIC_URL}/voice/ended"
    signature = RequestValidator(TOKEN).compute_signature(address, form)
    answer = ask("POST", address, form, {"X-Twilio-Signature": signature})
    assert answer.status == 200
