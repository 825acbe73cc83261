"""Whatever callers, providers, staff and clocks do, step after step: a state machine that draws it
at random, and looks at every document."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import ClassVar

from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from audio.air.studio_store import StudioStore
from ivr.edition.content import KEYS
from ivr.edition.edition import Edition
from ivr.handset.phone import Phone, over_app, verbs_of
from ivr.provider.twiml import at_silence
from tests.proofs.hostile import LISTED, faults_of, is_help
from tests.proofs.record import Budget, Figure
from tests.support.caller import PUBLIC_URL, TOKEN, Clock
from tests.support.line import line
from tests.support.small import NOON, article, edition, publish

STEPS = 100_000

AT_ONCE = 20
"""Examples between two looks at the time."""

LONGEST = 50
"""Steps of an example."""

WORDS = ("yes", "heading", "always", "put me through", "go back", "mumble", "")

OUTCOMES = ("completed", "busy", "no-answer", "failed", "canceled", "nonsense")

HOUR_MS = 3_600_000


def editions() -> tuple[Edition, Edition]:
    """One with speech, one without; neither has an article of the other's."""
    one = edition(article("one", 3, 2), article("two", 1), speech=True)
    other = edition(article("three", 2))
    return one, replace(other, id="1" * 12)


class Anything(RuleBasedStateMachine):
    """One call after another, in which anything may happen next."""

    store: ClassVar[StudioStore]
    app: ClassVar[Flask]
    clock: ClassVar[Clock]
    done: ClassVar[int] = 0
    """Steps, over all examples."""

    def __init__(self) -> None:
        super().__init__()
        self.clock.now = NOON
        self.staff_publish(
            editions()[0]
        )  # as in each example, so that one can be tried again
        self.rings()

    def is_talking(self) -> bool:
        """Whether the call goes on, and nobody is being dialled."""
        return not self.phone.ended and not self.phone.dialling

    @rule()
    def rings(self) -> None:
        """A new call."""
        self.phone = Phone(
            over_app(self.app.test_client(), PUBLIC_URL), PUBLIC_URL, TOKEN
        )
        self.phone.ring()

    @precondition(is_talking)
    @rule(key=st.sampled_from(KEYS))
    def presses(self, key: str) -> None:
        """A key."""
        self.phone.press(key)

    @precondition(is_talking)
    @rule(key=st.sampled_from(KEYS))
    def presses_again(self, key: str) -> None:
        """A key: what happens most often."""
        self.phone.press(key)

    @precondition(is_talking)
    @rule(words=st.sampled_from(WORDS))
    def says(self, words: str) -> None:
        """Something, understood or not; nobody hears it where the line does not listen."""
        self.phone.say(words)

    @precondition(is_talking)
    @rule()
    def waits(self) -> None:
        """Until the line goes on by itself."""
        self.phone.let_pass()

    @precondition(lambda self: self.phone.dialling)
    @rule(
        outcome=st.sampled_from(OUTCOMES),
        seconds=st.integers(0, 500),
        bridged=st.booleans(),
    )
    def was_put_through(self, outcome: str, seconds: int, bridged: bool) -> None:
        """Or was not."""
        self.phone.outcome(outcome, seconds, bridged)

    @precondition(is_talking)
    @rule(
        field=st.sampled_from(("Digits", "DialCallStatus", "SpeechResult", "CallSid"))
    )
    def loses_a_field(self, field: str) -> None:
        """The provider's request comes without, or with an empty one."""
        self._looked_at(self.phone.tell(self.phone.url, {field: ""}))

    @rule(key=st.sampled_from(KEYS))
    def is_told_again(self, key: str) -> None:
        """The last request comes again, late, with a key or as silence."""
        if not self.phone.url.endswith("/voice"):
            self._looked_at(self.phone.tell(self.phone.url, {"Digits": key}))
            self._looked_at(self.phone.tell(at_silence(self.phone.url), {}))

    @rule(ms=st.integers(-HOUR_MS, HOUR_MS))
    def time_passes(self, ms: int) -> None:
        """Or the clock is set."""
        self.clock.passes(ms)

    @rule(made=st.sampled_from(editions()))
    def another_goes_live(self, made: Edition) -> None:
        """Or the same one again."""
        self.staff_publish(made)

    def staff_publish(self, made: Edition) -> None:
        """An edition goes live."""
        (self.store.folder / "live").write_text(f"{made.id}\n")

    @invariant()
    def leads_on(self) -> None:
        """Whatever the line last said; and zero leads to the helplines."""
        Anything.done += 1
        self._looked_at(self.phone.document)
        address = verbs_of(self.phone.document)[0].get("action")
        if address and self.is_talking():
            document = self.phone.tell(address, {"Digits": "0"})
            assert is_help(document), document

    def _looked_at(self, document: str) -> None:
        assert list(faults_of(document, LISTED)) == []


def walk(steps: int, budget: Budget | None = None) -> int:
    """At least so many steps, unless time runs out; how many there were."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        for made in editions():
            publish(folder, made)
        Anything.store = StudioStore(folder)
        Anything.clock = Clock()
        Anything.app = line(folder, Anything.clock)
        Anything.done = 0
        how = settings(
            max_examples=min(AT_ONCE, steps // LONGEST),
            stateful_step_count=LONGEST,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        while Anything.done < steps and (budget is None or budget.is_left):
            run_state_machine_as_test(Anything, settings=how)
        return Anything.done


def prove(budget: Budget) -> Iterator[Figure]:
    """100,000 steps. A failure is shrunk to the shortest way there."""
    yield Figure("random steps of the state machine", f"{walk(STEPS, budget):,}")
    yield Figure("steps from which a caller could not go on", "0")
