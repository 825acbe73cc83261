"""A caller, for stories of calls: `caller.presses("1")`, `caller.hears("contents")`."""

from datetime import datetime, timedelta

from flask import Flask

from ivr.call.position import START_UP_MS
from ivr.handset.phone import Phone, over_app
from tests.support.small import NOON

PUBLIC_URL = "https://line.example.org"
TOKEN = "a token for tests"
LINE_NUMBER = "+441632960000"


class Clock:
    """A clock that moves only when a test moves it."""

    def __init__(self, now: datetime = NOON) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def passes(self, ms: float) -> None:
        """Lets so much time pass."""
        self.now += timedelta(milliseconds=ms)


class Caller:
    """Somebody with a telephone and a controlled clock, whose line is an app."""

    def __init__(
        self,
        app: Flask,
        clock: Clock,
        number: str = "+447700900123",
        call: str = "CA" + "0" * 32,
    ) -> None:
        self.app = app
        ask = over_app(app.test_client(), PUBLIC_URL)
        self.phone = Phone(ask, PUBLIC_URL, TOKEN, caller=number, call=call)
        self.clock = clock

    def rings(self) -> None:
        """The call begins."""
        self.phone.ring()

    def presses(self, keys: str, after_ms: float = 0) -> None:
        """Presses keys one after the other, each after listening for `after_ms`."""
        for key in keys:
            self.clock.passes(START_UP_MS + after_ms)
            self.phone.press(key)

    def says(self, words: str, after_ms: float = 0) -> None:
        """Says something, after listening for `after_ms`; the line must be listening to words."""
        assert self.phone.listens, f"nobody listens to {words!r}"
        self.clock.passes(START_UP_MS + after_ms)
        self.phone.say(words)

    def waits(self) -> None:
        """Listens to the end, and lets the line's patience run out."""
        self.clock.passes(START_UP_MS + self.phone.length_ms() + self.phone.timeout_ms)
        self.phone.let_pass()

    def hangs_up(self, after_ms: float = 0) -> None:
        """Hangs up, after listening for `after_ms`."""
        self.clock.passes(START_UP_MS + after_ms)
        self.phone.hang_up()

    def is_put_through_and(self, outcome: str) -> None:
        """The announcement ends, the helpline is dialled, and this comes of it."""
        if self.phone.dialling is None:
            self.waits()
        assert self.phone.dialling
        self.phone.outcome(outcome)

    def hears(self, *words: str) -> None:
        """Each of these is being said."""
        said = self.phone.words()
        for text in words:
            assert text.casefold() in said.casefold(), f"{text!r} is not in {said!r}"

    def does_not_hear(self, words: str) -> None:
        """This is not being said."""
        assert words.casefold() not in self.phone.words().casefold()
