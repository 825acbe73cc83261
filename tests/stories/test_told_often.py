"""Each webhook of some calls may come once, twice, late and out of order, to either of two servers:
what is counted and remembered is the same as if each had come once and in order."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from flask import Flask
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    rule,
    run_state_machine_as_test,
)

from ivr.callers.callers import Callers
from ivr.callers.database import database_url, prepare
from ivr.edition.content import KEYS
from ivr.handset.phone import Answer, Phone, over_app
from tests.support.acting import KEY, PATIENT_S, counted, emptied, rows, written
from tests.support.caller import PUBLIC_URL, TOKEN, Caller, Clock
from tests.support.line import line
from tests.support.small import AT_ANY_HOUR, NOON, article, edition, publish

NUMBERS = ("+447700900123", "+447700900124", "anonymous")
"""The last one withholds it."""

BEGINNINGS = ("", "1", "1##", "2#", "23#3", "4#1", "01", "011", "41")
"""What callers press first, each to another place; the fifth to be forgotten."""

PLACE = ("caller", "language", "speed", "article", "section", "heading")
"""What is known of a place. Its sentence may be the better known, the sooner it is told."""


class Server:
    """A server with its database."""

    def __init__(self, address: str, folder: Path, clock: Clock) -> None:
        self.url = database_url(address, folder)
        prepare(self.url, KEY, clock())
        self.callers = [Callers(self.url, KEY, clock, PATIENT_S) for _ in range(2)]
        # One server would turn callers away before two do, and it rings all day long.
        often = {"calls_per_hour": 10**6}
        self.apps = [
            line(folder / "store", clock, each, **often) for each in self.callers
        ]

    def is_written(self) -> None:
        """All that was told."""
        written(*self.callers)

    def places(self) -> set[tuple[object, ...]]:
        """Where callers are."""
        found = rows(self.url, "bookmarks")
        return {tuple(row[name] for name in PLACE) for row in found}


@dataclass(frozen=True)
class Webhook:
    """A request of the provider's, and when it was made."""

    at: datetime
    url: str
    form: Mapping[str, str]
    headers: Mapping[str, str]

    def comes_to(self, app: Flask) -> Answer:
        """The server answers."""
        ask = over_app(app.test_client(), PUBLIC_URL)
        return ask("POST", self.url, self.form, self.headers)


class Line(RuleBasedStateMachine):
    """Two servers with one database hear everything; another one hears each webhook once."""

    clock: Clock
    two: Server
    other: Server
    calls = Bundle("calls")
    servers = st.integers(0, 1)

    def __init__(self) -> None:
        super().__init__()
        self.clock.now = NOON
        for each in (self.two, self.other):
            each.is_written()
            emptied(each.url)
        self.begun = 0
        self.server = 0
        self.webhooks: list[Webhook] = []
        """In the order in which things happened."""

    def ask(
        self, method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        """A request to the server of the moment; webhooks are noted."""
        webhook = Webhook(self.clock(), url, form, headers)
        if method == "POST":
            self.webhooks.append(webhook)
            return webhook.comes_to(self.two.apps[self.server])
        client = self.two.apps[self.server].test_client()
        return over_app(client, PUBLIC_URL)(method, url, form, headers)

    @rule(
        target=calls,
        number=st.sampled_from(NUMBERS),
        keys=st.sampled_from(BEGINNINGS),
        server=servers,
    )
    def somebody_rings(self, number: str, keys: str, server: int) -> Caller:
        """And goes somewhere."""
        self.server = server
        self.begun += 1
        self.clock.passes(10_000)
        self.two.is_written()
        app = self.two.apps[server]
        caller = Caller(app, self.clock)
        call = f"CA{self.begun:032x}"
        caller.phone = Phone(self.ask, PUBLIC_URL, TOKEN, caller=number, call=call)
        caller.rings()
        caller.presses(keys)
        return caller

    @rule(
        caller=calls,
        key=st.sampled_from(KEYS),
        after_ms=st.integers(0, 9000),
        server=servers,
    )
    def a_key_is_pressed(
        self, caller: Caller, key: str, after_ms: int, server: int
    ) -> None:
        """Wherever the caller is."""
        self.server = server
        if not caller.phone.ended and not caller.phone.dialling:
            caller.presses(key, after_ms)

    @rule(
        caller=calls,
        outcome=st.sampled_from(("completed", "busy", "failed", "canceled")),
        server=servers,
    )
    def nothing_is_pressed(self, caller: Caller, outcome: str, server: int) -> None:
        """All is heard to its end; or somebody was called, and this came of it."""
        self.server = server
        if caller.phone.dialling:
            self.clock.passes(5000)
            caller.phone.outcome(outcome, seconds=5)
        elif not caller.phone.ended:
            caller.waits()

    @rule(caller=consumes(calls), after_ms=st.integers(0, 9000))
    def a_caller_hangs_up(self, caller: Caller, after_ms: int) -> None:
        """And the provider reports it."""
        self.two.is_written()
        caller.hangs_up(after_ms)

    @rule(caller=consumes(calls), key=st.sampled_from(KEYS), server=servers)
    def a_caller_presses_a_key_and_hangs_up_and_that_comes_first(
        self, caller: Caller, key: str, server: int
    ) -> None:
        """The provider reports that the call is over, and then that the key was pressed."""
        if caller.phone.ended or caller.phone.dialling:
            return
        caller.hangs_up(after_ms=1000)
        self.server = server
        caller.phone.press(key)
        self.webhooks[-2:] = reversed(self.webhooks[-2:])

    @rule(caller=consumes(calls))
    def a_caller_hangs_up_and_the_line_is_never_told(self, caller: Caller) -> None:
        """Nothing more is heard of the call."""

    @rule(data=st.data(), late_ms=st.integers(0, 600_000), server=servers)
    def a_webhook_comes_again(
        self, data: st.DataObject, late_ms: int, server: int
    ) -> None:
        """Any of them, at once or much later, to either server, once the first is written.

        By then its answer may be another; the provider has taken the first.
        """
        if self.webhooks:
            self.two.is_written()
            self.clock.passes(late_ms)
            again = data.draw(st.sampled_from(self.webhooks))
            again.comes_to(self.two.apps[server])

    def teardown(self) -> None:
        """The same things happen once more, each once and in order, on the other server."""
        [app, _] = self.other.apps
        for webhook in self.webhooks:
            self.clock.now = webhook.at
            self.other.is_written()
            webhook.comes_to(app)
        for each in (self.two, self.other):
            each.is_written()
        assert counted(self.two.url) == counted(self.other.url)
        assert min(counted(self.two.url).values(), default=1) > 0
        assert self.two.places() == self.other.places()


def test_whatever_is_told_twice_late_or_out_of_order_counts_once(
    address: str, tmp_path: Path
) -> None:
    clock = Clock()
    publish(tmp_path / "store", edition(article("one", 3, 2), helplines=AT_ANY_HOUR))
    (tmp_path / "other").mkdir()
    (tmp_path / "other/store").symlink_to(tmp_path / "store")
    Line.clock = clock
    Line.two = Server(address, tmp_path, clock)
    Line.other = Server("sqlite:///callers.db", tmp_path / "other", clock)
    run_state_machine_as_test(
        Line, settings=settings(max_examples=15, stateful_step_count=25)
    )
    for each in (Line.two, Line.other):
        for callers in each.callers:
            callers.stop()
            assert (callers.status().lost, callers.status().trouble) == (0, None)
