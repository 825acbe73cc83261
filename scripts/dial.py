"""Rings the line from the terminal, without a telephone provider.

Keys: 0-9 * # as on a telephone; q hangs up. Piped in, each character is pressed
in turn and a full stop listens for a second: printf '...3..q' | .venv/bin/python scripts/dial.py
"""

import argparse
import contextlib
import os
import secrets
import select
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace

import requests
from flask.testing import FlaskClient

from app import create_app
from ivr.call.position import START_UP_MS
from ivr.edition.content import KEYS
from ivr.errors import LineError
from ivr.settings import Settings, environment
from scripts.phone import Answer, Ask, Phone, Sound

PLAYERS = (
    ("aplay", "-q"),
    ("paplay",),
    ("afplay",),
    ("play", "-q"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
)
"""Programs that play a WAV file; the first that is installed is used."""

OUTCOMES = {
    "busy": "busy",
    "no-answer": "no-answer",
    "answered": "completed",
    "failed": "failed",
}
"""What `--transfer` takes, in the provider's words."""


def over_app(client: FlaskClient, public_url: str) -> Ask:
    """Carries a phone's requests to an app in this process."""

    def ask(method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        path = url.removeprefix(public_url)
        response = client.open(path, method=method, data=dict(form) or None, headers=dict(headers))
        return Answer(response.status_code, response.content_type, response.data)

    return ask


def over_http(server: str, public_url: str) -> Ask:
    """Carries a phone's requests to a running server."""

    def ask(method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str]) -> Answer:
        url = server.rstrip("/") + url.removeprefix(public_url)
        response = requests.request(
            method, url, data=dict(form) or None, headers=dict(headers), timeout=15
        )
        kind = response.headers.get("Content-Type", "")
        return Answer(response.status_code, kind, response.content)

    return ask


class HungUp(Exception):
    """The caller has put the phone down."""


class Terminal:
    """Plays a phone's sounds in real time, and takes its keys."""

    def __init__(self, phone: Phone, ask: Ask, transfer: str, mute: bool) -> None:
        self.phone, self.ask, self.transfer = phone, ask, transfer
        self.player = None if mute else next((p for p in PLAYERS if shutil.which(p[0])), None)

    def call(self) -> None:
        """A whole call, until one side hangs up."""
        self.phone.ring()
        while not self.phone.ended:
            if self.phone.dialling:
                self._dial(self.phone.dialling)
            elif key := self._listen():
                print(f"  [{key}]", flush=True)
                self.phone.press(key)
            else:
                self.phone.let_pass()
        print("(the line has hung up)")

    def _dial(self, number: str) -> None:
        print(f"(dialling {number}, showing {self.phone.caller_id}: {self.transfer})", flush=True)
        if self._wait(2000) == "*":
            print("  [*]", flush=True)
            self.phone.press("*")
        else:
            self.phone.outcome(OUTCOMES[self.transfer])

    def _listen(self) -> str | None:
        """Plays what is said; a key cuts it short. None when none came in time."""
        if key := self._wait(START_UP_MS):
            return key
        for sound in self.phone.sounds:
            with self._playing(sound):
                if key := self._show(sound):
                    return key
        return self._wait(self.phone.timeout_ms)

    def _show(self, sound: Sound) -> str | None:
        for heard in sound.heard:
            print(heard.text, flush=True)
            if key := self._wait(heard.end_ms - heard.start_ms):
                return key
        return None

    @contextlib.contextmanager
    def _playing(self, sound: Sound) -> Iterator[None]:
        if not self.player or not sound.url:
            yield
            return
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            file.write(self.ask("GET", sound.url, {}, {}).body)
            file.flush()
            player = subprocess.Popen(  # noqa: S603 - a fixed program and our own file
                [*self.player, file.name], stderr=subprocess.DEVNULL
            )
            try:
                yield
            finally:
                player.terminate()
                player.wait()

    def _wait(self, ms: float) -> str | None:
        """A key, if one comes within so long."""
        until = time.monotonic() + ms / 1000
        while (left := until - time.monotonic()) > 0:
            if not select.select([sys.stdin], [], [], left)[0]:
                return None
            key = os.read(sys.stdin.fileno(), 1).decode(errors="replace")
            if key in ("q", "", "\x03", "\x04"):
                raise HungUp
            if key == ".":
                time.sleep(min(1, left))
            elif key in KEYS:
                return key
        return None


@contextlib.contextmanager
def single_keys() -> Iterator[None]:
    """Takes each key as it is pressed, without Return and without showing it."""
    if not sys.stdin.isatty():
        yield
        return
    import termios
    import tty

    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)


def main(argv: list[str] | None = None) -> int:
    """Exits with 0 after a call, 1 if the line cannot be rung."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--url", help="ring a running server instead, such as http://localhost:8000"
    )
    parser.add_argument(
        "--transfer", choices=OUTCOMES, default="answered", help="how a helpline will take the call"
    )
    parser.add_argument("--mute", action="store_true", help="show the words, play nothing")
    options = parser.parse_args(argv)
    try:
        phone, ask = dial(options.url)
        terminal = Terminal(phone, ask, options.transfer, options.mute)
        if not terminal.player and not options.mute:
            print(f"(no sound: none of {', '.join(p[0] for p in PLAYERS)} is installed)")
        with single_keys():
            terminal.call()
    except (HungUp, KeyboardInterrupt):
        print("(you have hung up)")
    except (LineError, requests.RequestException) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def dial(server: str | None) -> tuple[Phone, Ask]:
    """A phone for a running server (with its settings), or for an app of its own."""
    settings = Settings.from_mapping(environment())
    if server:
        if not settings.twilio_auth_token:
            raise LineError("TWILIO_AUTH_TOKEN is not set; it takes the token of that server")
        ask = over_http(server, settings.public_url)
        return Phone(ask, settings.public_url, settings.twilio_auth_token), ask
    own = replace(
        settings,
        twilio_auth_token=secrets.token_hex(16),
        line_number=settings.line_number or "+441632960000",  # a number nobody has (Ofcom)
    )
    ask = over_app(create_app(own).test_client(), own.public_url)
    return Phone(ask, own.public_url, own.twilio_auth_token or ""), ask


if __name__ == "__main__":
    sys.exit(main())
