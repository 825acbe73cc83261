"""The telephone in a terminal: it plays the sounds, shows the words, and takes the keys."""

import contextlib
import os
import select
import shutil
import subprocess
import sys
import tempfile
import termios
import time
import tty
from collections.abc import Iterator

from ivr.call.position import START_UP_MS
from ivr.edition.content import KEYS
from ivr.handset.phone import A_CONVERSATION_S, A_MACHINE_S, Ask, Phone, Sound

PLAYERS = (
    ("aplay", "-q"),
    ("paplay",),
    ("afplay",),
    ("play", "-q"),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet"),
)
"""Programs that play a WAV file; the first that is installed is used."""

OUTCOMES = {
    "busy": ("busy", 0),
    "no-answer": ("no-answer", 0),
    "answered": ("completed", A_CONVERSATION_S),
    "machine": ("completed", A_MACHINE_S),
    "failed": ("failed", 0),
}
"""How a transfer may end, by the word that is typed for it: in the provider's word, and after how
many seconds."""

HANG_UP = ("q", "", "\x03", "\x04")
"""What hangs up: the key, the end of what is piped in, Ctrl-C and Ctrl-D."""

LISTEN = "."
"""What listens for a second, where keys are piped in."""

SPEAK = "/"
"""Begins words, which the caller says instead of pressing a key; Return ends them."""

RINGING_MS = 2000
"""How long a helpline rings here."""


class HungUp(Exception):
    """The caller has put the phone down."""


class Terminal:
    """Plays a phone's sounds in real time, and takes its keys."""

    def __init__(self, phone: Phone, ask: Ask, transfer: str, mute: bool) -> None:
        """`ask` fetches the sounds; `transfer` is one of `OUTCOMES`."""
        self.phone = phone
        self.ask = ask
        self.transfer = transfer
        self.player: tuple[str, ...] | None = None
        if not mute:
            self.player = installed_player()

    def call(self) -> None:
        """A whole call, until one side hangs up. Raises `HungUp` if that is the caller."""
        self.phone.ring()
        while not self.phone.ended:
            if self.phone.dialling:
                self._dial(self.phone.dialling)
            elif typed := self._listen():
                self._answer(typed)
            else:
                self.phone.let_pass()
        print("(the line has hung up)")

    def _answer(self, typed: str) -> None:
        """Says the words that were typed, or presses the key."""
        if typed.startswith(SPEAK):
            words = typed.removeprefix(SPEAK)
            print(f"  “{words}”", flush=True)
            self.phone.say(words)
        else:
            print(f"  [{typed}]", flush=True)
            self.phone.press(typed)

    def _dial(self, number: str) -> None:
        print(
            f"(dialling {number}, showing {self.phone.caller_id}: {self.transfer})",
            flush=True,
        )
        if self._wait(RINGING_MS) == "*":
            print("  [*]", flush=True)
            self.phone.press("*")
        else:
            self.phone.outcome(*OUTCOMES[self.transfer])

    def _listen(self) -> str | None:
        """Plays what is said; a key or words cut it short. None if neither came in time."""
        if key := self._wait(START_UP_MS):
            return key
        for sound in self.phone.sounds:
            with self._playing(sound):
                if key := self._show(sound):
                    return key
        return self._wait(self.phone.timeout_ms)

    def _show(self, sound: Sound) -> str | None:
        """Prints each cue when it is said."""
        for cue in sound.cues:
            print(cue.text, flush=True)
            if key := self._wait(cue.end_ms - cue.start_ms):
                return key
        return None

    @contextlib.contextmanager
    def _playing(self, sound: Sound) -> Iterator[None]:
        if not self.player or not sound.url:
            yield
            return
        with tempfile.NamedTemporaryFile(suffix=".wav") as file:
            fetched = self.ask("GET", sound.url, {}, {})
            file.write(fetched.body)
            file.flush()
            command = [*self.player, file.name]
            player = subprocess.Popen(command, stderr=subprocess.DEVNULL)  # noqa: S603 - our file
            try:
                yield
            finally:
                player.terminate()
                player.wait()

    def _wait(self, ms: float) -> str | None:
        """A key, or words after `SPEAK`, if they come within so long."""
        until = time.monotonic() + ms / 1000
        while (left_s := until - time.monotonic()) > 0:
            ready, _, _ = select.select([sys.stdin], [], [], left_s)
            if not ready:
                return None
            key = os.read(sys.stdin.fileno(), 1).decode(errors="replace")
            if key in HANG_UP:
                raise HungUp
            if key == LISTEN:
                time.sleep(min(1, left_s))
            elif key == SPEAK:
                words = _line()
                if self.phone.listens:
                    return SPEAK + words
                print("(the line only listens for keys here)", flush=True)
            elif key in KEYS:
                return key
        return None


def _line() -> str:
    """What is typed up to Return, or to the end of what is piped in."""
    typed = b""
    while True:
        character = os.read(sys.stdin.fileno(), 1)
        if character in (b"", b"\n", b"\r"):
            return typed.decode(errors="replace")
        typed += character
        if sys.stdin.isatty():
            print(character.decode(errors="ignore"), end="", flush=True)


def installed_player() -> tuple[str, ...] | None:
    """The command of the first player that is installed, without the file."""
    for player in PLAYERS:
        if shutil.which(player[0]):
            return player
    return None


@contextlib.contextmanager
def single_keys() -> Iterator[None]:
    """Takes each key as it is pressed, without Return and without showing it."""
    if not sys.stdin.isatty():
        yield
        return
    before = termios.tcgetattr(sys.stdin)
    tty.setcbreak(sys.stdin)
    try:
        yield
    finally:
        termios.tcsetattr(sys.stdin, termios.TCSADRAIN, before)
