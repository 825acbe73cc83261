"""Each webhook may come once, twice, late and out of order, to either of two servers: what is
counted and remembered is the same as if all had come once and in order."""

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.engine import URL

from ivr.callers.callers import Callers
from ivr.callers.events import Bookmark, Event, Happened, Kind
from tests.support.acting import (
    KEY,
    PLACE,
    Clock,
    Counted,
    counted,
    emptied,
    remember,
    until,
    written,
)

CALLERS = ("a" * 64, "b" * 64)
EVENTS = st.sampled_from(
    (
        Event(Kind.CALL),
        Event(Kind.BEGUN, "en", "an-article", 1),
        Event(Kind.BEGUN, "en", "an-article", 2),
        Event(Kind.CHOSEN, subject="samaritans"),
    )
)
Webhook = Callable[[Callers], None]


class Line(RuleBasedStateMachine):
    """Two servers on one database."""

    url: URL
    webhooks = Bundle("webhooks")
    servers = st.integers(0, 1)

    def __init__(self) -> None:
        super().__init__()
        self.clock = Clock()
        emptied(self.url)
        self.both = [Callers(self.url, KEY, self.clock) for _ in range(2)]
        self.happened = 0
        self.sent: set[int] = set()
        self.events: Counted = Counter()
        self.places: dict[str, tuple[int, Bookmark | None]] = {}

    def send(self, number: int, server: int, webhook: Webhook) -> bool:
        """Whether it comes for the first time."""
        webhook(self.both[server])
        first = number not in self.sent
        self.sent.add(number)
        return first

    @rule(target=webhooks, event=EVENTS)
    def something_happens(
        self, event: Event
    ) -> tuple[int, Webhook, Callable[[], None]]:
        """Something to be counted; whether and when its webhook comes is another matter."""
        self.happened += 1
        once, at = f"CA{self.happened}", self.clock()
        key = (event.kind.value, event.language, event.subject, event.section)
        return (
            self.happened,
            lambda callers: callers.count(once, Happened(event, at)),
            lambda: self.events.update([key]),
        )

    @rule(target=webhooks, caller=st.sampled_from(CALLERS), start=st.integers(0, 9))
    def somebody_reads_on(
        self, caller: str, start: int
    ) -> tuple[int, Webhook, Callable[[], None]]:
        """A caller is at a later moment than before."""
        self.happened += 1
        self.clock.passes(seconds=1)
        moment, place = self.clock.ms, replace(PLACE, start=start)

        def holds() -> None:
            if self.places.get(caller, (0, None))[0] <= moment:
                self.places[caller] = (moment, place)

        return (
            self.happened,
            lambda callers: remember(
                callers, caller, place, f"call of {caller}", moment
            ),
            holds,
        )

    @rule(webhook=webhooks, server=servers, times=st.integers(1, 2))
    def a_webhook_comes(
        self, webhook: tuple[int, Webhook, Callable[[], None]], server: int, times: int
    ) -> None:
        """Perhaps for the second time, perhaps long after others, and perhaps twice at once."""
        number, send, holds = webhook
        for each in range(times):
            if self.send(number, (server + each) % 2, send):
                holds()

    @rule(minutes=st.integers(1, 20))
    def time_passes(self, minutes: int) -> None:
        """Less than a call may last, over all; from one period of salts into the next."""
        start = Clock()()
        if (self.clock() - start).total_seconds() < 4 * 3600:
            self.clock.passes(minutes=minutes)

    @invariant()
    def nothing_is_lost(self) -> None:
        """And there is no trouble."""
        for callers in self.both:
            assert (callers.status().lost, callers.status().trouble) == (0, None)

    def is_at(self, caller: str, place: Bookmark | None) -> bool:
        """Whether a caller is offered this place."""
        return self.both[0].bookmark(caller) == place

    def teardown(self) -> None:
        """At the end, the database tells what happened."""
        written(*self.both)
        try:
            assert counted(self.url) == +self.events
            for caller, (_, place) in self.places.items():
                until(partial(self.is_at, caller, place))
        finally:
            for callers in self.both:
                callers.stop()


def test_whatever_comes_twice_late_or_out_of_order_counts_once(url: URL) -> None:
    Line.url = url
    run_state_machine_as_test(
        Line, settings=settings(max_examples=20, stateful_step_count=30)
    )
