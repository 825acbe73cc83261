"""`gtts:LANGUAGE.TLD`, such as `gtts:en.co.uk`: the voice of Google Translate, over the network.

Google does not offer this officially. It is slow, it may refuse anyone, and it reads every
word that it is sent. So we ask for as little as we can: once for each piece of text, for ever,
one process at a time, and nothing for a while after a refusal.

The package gTTS knows the languages and words the request. We send it, because gTTS does
not check Google's certificate, takes an empty answer for sound, and forgets how long
Google asked us to wait.
"""

import base64
import binascii
import fcntl
import importlib.metadata
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from hashlib import blake2b
from pathlib import Path

from audio.voices.folders import GOOGLE_SOUNDS
from audio.voices.pieces import pieces
from audio.voices.voice import Engine, Sound, heard
from ivr.edition.storage import Folder
from ivr.errors import VoiceError, VoiceUnavailable

MOST_CHARACTERS = 100
"""Google takes so many at a time (gTTS's `GOOGLE_TTS_MAX_CHARS`), and drops what is beyond."""

CONNECT_S = 10
ANSWER_S = 30
WAITS_S = (2, 4, 8, 16, 32)
"""Before each further attempt, where Google does not say how long."""

LONGEST_WAIT_S = 60
"""If Google asks us to wait longer, we give up and say so."""

REST_S = 30
"""After giving up, Google is asked for nothing: what remains of a render fails at once."""

FASTEST_S = 0.025
"""Seconds a character. People speak a language of letters at 0.06 to 0.07; whatever takes
less than this is not the whole text, and must not be kept for ever."""

ANOTHER = "or render with another voice, such as --voice flite:rms"

TOO_MANY_REQUESTS = 429
NOT_FOUND = 404
SERVER_ERROR = 500
"""The lowest status that says that Google itself is out of order."""

TLD = re.compile(r"[a-z]{2,3}(\.[a-z]{2,3})?")

CALL = "jQ1olc"
"""The name of the call, in the request and in the answer."""

SOUND = re.compile(CALL + r'","\[\\"(.*?)\\"\]')
"""In the answer: the name of the call, then the MP3 in base64."""

GOOGLE = Engine(
    name="gtts",
    licence="Google's terms of service; the package gTTS is under MIT",
    install="it needs the network whenever something new is rendered",
    voices={"en.co.uk": "British English", "en.com": "American English"},
    most_s=sum(WAITS_S) + (CONNECT_S + ANSWER_S) * (len(WAITS_S) + 1),  # for each piece
    is_anywhere=False,  # one machine asks, as all have one address to be refused by
    is_online=True,
)


@dataclass(frozen=True)
class Answer:
    """What Google sent back."""

    status: int
    """The HTTP status."""
    reason: str
    """The status in words."""
    wait_s: float | None
    """How long Google asks us to wait; None where it does not say."""
    text: str


@dataclass(frozen=True)
class Google:
    """A voice of Google Translate, 24 kHz."""

    name: str
    fingerprint: str
    language: str
    tld: str
    """Of which `translate.google.` it is: it decides the accent."""
    folder: Path = GOOGLE_SOUNDS
    engine: Engine = GOOGLE

    def say(self, text: str) -> Sound:
        """Say it, in as many pieces as needed.

        Raises `VoiceUnavailable` where Google would refuse any other text, too.
        """
        from audio.voices.sound_files import joined  # here: 250 ms, with numpy

        sounds = [self._piece(piece) for piece in pieces(text, MOST_CHARACTERS)]
        if not sounds:
            raise VoiceError("there is nothing to say")
        whole = joined(sounds)
        return heard(whole.samples, whole.rate)

    def _piece(self, text: str) -> Sound:
        """A kept sound, else Google's, which is then kept."""
        from audio.voices.sound_files import read_sound  # here: 250 ms, with numpy

        recipe = "\0".join((self.language, self.tld, text))
        digest = blake2b(recipe.encode(), digest_size=16).hexdigest()
        kept = self.folder / f"{digest}.mp3"
        with suppress(OSError, VoiceError):
            return read_sound(kept.read_bytes())
        with _alone(self.folder):
            mp3 = _sound_in(self._answer(text), text)
        sound = read_sound(mp3)
        shortest = len(text) * FASTEST_S * sound.rate
        if len(sound.samples) < shortest:
            raise VoiceError(f"Google's sound for {text!r} is cut short; render again")
        Folder(self.folder).write(kept.name, mp3)
        return sound

    def _answer(self, text: str) -> str:
        """Ask until there is an answer, or no use in asking."""
        for wait in (*WAITS_S, None):
            answer = self._ask(text)
            if answer.status < 400:
                return answer.text
            seconds = answer.wait_s or wait or 0
            busy = answer.status == TOO_MANY_REQUESTS or answer.status >= SERVER_ERROR
            if not busy or wait is None or seconds > LONGEST_WAIT_S:
                break
            time.sleep(seconds)
        raise VoiceUnavailable(_why(answer, self.tld))

    def _ask(self, text: str) -> Answer:
        """One request. Raises `VoiceUnavailable` where there is no answer."""
        import requests  # here: 120 ms, and gtts 50 ms more, which only asking needs
        from gtts import gTTS

        wording = gTTS(
            text, self.tld, self.language, lang_check=False, pre_processor_funcs=[]
        )
        [body] = wording.get_bodies()
        host = f"translate.google.{self.tld}"
        try:
            answer = requests.post(
                f"https://{host}/_/TranslateWebserverUi/data/batchexecute",
                body,
                headers=gTTS.GOOGLE_TTS_HEADERS,
                timeout=(CONNECT_S, ANSWER_S),
            )
        except requests.Timeout as error:
            raise VoiceUnavailable(_no_network(f"{host} does not answer")) from error
        except requests.RequestException as error:
            raise VoiceUnavailable(_no_network(f"{host} cannot be reached")) from error
        wait_s = _retry_after(answer.headers.get("Retry-After", ""))
        return Answer(answer.status_code, answer.reason, wait_s, answer.text)


def google(voice: str) -> Google:
    """Check the language; whether Google answers shows when it is asked to speak."""
    from gtts.lang import tts_langs  # here: 170 ms, with requests

    language, _, accent = voice.partition(".")
    tld = accent or "com"
    if language not in tts_langs() or not TLD.fullmatch(tld):
        raise VoiceError(
            f"gtts:{voice} is not a voice; write the language, then a full stop and whose accent:"
            " gtts:en.co.uk (British), gtts:en.com.au, gtts:fr; `.venv/bin/gtts-cli --all`"
            " lists the languages"
        )
    version = importlib.metadata.version("gtts")
    return Google(f"gtts:{voice}", f"gtts:{voice} {version}", language, tld)


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process of this machine at a time; none while Google rests from a refusal.

    The lock file holds the words of the last refusal; its age says how long ago that was.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "lock"
    with path.open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        refusal = lock.read()
        age = time.time() - path.stat().st_mtime
        if refusal and age < REST_S:
            raise VoiceUnavailable(f"{refusal} (not asked again within {REST_S} s)")
        lock.truncate(0)
        try:
            yield
        except VoiceUnavailable as error:
            lock.write(str(error))
            raise


def _sound_in(answer: str, text: str) -> bytes:
    """The MP3 in an answer."""
    found = SOUND.search(answer)
    if found:
        try:
            return base64.b64decode(found[1], validate=True)
        except binascii.Error as error:
            raise VoiceError(
                f"Google's sound for {text!r} is damaged; render again"
            ) from error
    if CALL in answer:
        raise VoiceError(
            f"Google has no sound for {text!r}; write it in other words, {ANOTHER}"
        )
    raise VoiceUnavailable(
        "blocked: Google sent a page instead of sound, as it wants to see a person, or has"
        f" changed its service; try another network, {ANOTHER}"
    )


def _retry_after(header: str) -> float | None:
    """How many seconds to wait, by the header of this name: a number, or a date."""
    if header.isdecimal():
        return float(header)
    with suppress(ValueError, TypeError):
        until = parsedate_to_datetime(header)
        return max(1.0, (until - datetime.now(UTC)).total_seconds())
    return None


def _no_network(what: str) -> str:
    return f"no network: {what}; check the connection, {ANOTHER}"


def _why(answer: Answer, tld: str) -> str:
    """A refusal in words, and what to do about it."""
    status = f"{answer.status} {answer.reason}"
    if answer.status == TOO_MANY_REQUESTS:
        when = "in an hour"
        if answer.wait_s:
            when = f"in {answer.wait_s:.0f} s"
        return f"throttled: Google wants fewer requests ({status}); render again {when}, {ANOTHER}"
    if answer.status >= SERVER_ERROR:
        return f"Google is out of order ({status}); try later, {ANOTHER}"
    if answer.status == NOT_FOUND:
        return f"there is no Google at .{tld} ({status}); use gtts:en or gtts:en.co.uk"
    return f"blocked: Google refuses this computer ({status}); try another network, {ANOTHER}"
