"""`gtts:LANGUAGE.TLD`, such as `gtts:en.co.uk`: the voice of Google Translate, over the network.

Google offers this to nobody officially: it is slow, refuses whom it likes, and reads every
word that it is sent. So it is asked for as little as can be: once for each piece of text,
for ever, by one process at a time, and no more for a while when it has refused.

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

import numpy as np
import requests
from gtts import gTTS
from gtts.lang import tts_langs

from audio.voices.sound_files import decoded
from audio.voices.voice import Sound, heard
from ivr.edition.storage import Folder
from ivr.errors import VoiceError, VoiceUnavailable

FOLDER = Path(__file__).resolve().parents[2] / "instance" / "gtts"
"""Keeps every sound that Google gave, as MP3, for ever. Remove it to have all made anew."""

MOST = gTTS.GOOGLE_TTS_MAX_CHARS
"""Characters that Google takes at a time: 100. It drops what is beyond."""

PIECE = re.compile(rf".{{1,{MOST}}}$|.{{1,{MOST - 1}}}[,;:.!?](?= )|.{{1,{MOST}}}(?= )|.{{{MOST}}}")
"""The rest; else up to a punctuation mark; else up to a space; else what fits."""

CONNECT_S, ANSWER_S = 10, 30
WAITS_S = (2, 4, 8, 16, 32)
"""Before each further attempt, where Google does not say how long."""
LONGEST_WAIT_S = 60
"""Whoever is asked to wait longer gives up, and says so."""
REST_S = 30
"""After giving up, Google is asked for nothing: what remains of a render fails at once."""

FASTEST_S = 0.025
"""Seconds a character. People speak a language of letters at 0.06 to 0.07; whatever takes
less than this is not the whole text, and must not be kept for ever."""

ANOTHER = "or render with another voice, such as --voice flite:rms"

TLD = re.compile(r"[a-z]{2,3}(\.[a-z]{2,3})?")
SOUND = re.compile(r'jQ1olc","\[\\"(.*?)\\"\]')
"""In the answer: the name of the call, then the MP3 in base64."""


@dataclass(frozen=True)
class Google:
    """A voice of Google Translate, 24 kHz."""

    name: str
    fingerprint: str
    language: str
    tld: str
    """Of which `translate.google.` it is: it decides the accent."""
    folder: Path = FOLDER

    def say(self, text: str) -> Sound:
        """Say it, in as many pieces as needed. Raises `VoiceUnavailable` where others fail, too."""
        sounds = [self._piece(piece) for piece in pieces(text)]
        if not sounds:
            raise VoiceError("there is nothing to say")
        return heard(np.concatenate([sound.samples for sound in sounds]), sounds[0].rate)

    def _piece(self, text: str) -> Sound:
        recipe = "\0".join((self.language, self.tld, text))
        kept = self.folder / f"{blake2b(recipe.encode(), digest_size=16).hexdigest()}.mp3"
        with suppress(OSError, VoiceError):
            return decoded(kept.read_bytes())
        with _alone(self.folder):
            mp3 = _sound_in(self._answer(text), text)
        sound = decoded(mp3)
        if len(sound.samples) < len(text) * FASTEST_S * sound.rate:
            raise VoiceError(f"Google's sound for {text!r} is cut short; render again")
        Folder(self.folder).write(kept.name, mp3)
        return sound

    def _answer(self, text: str) -> str:
        """Ask until there is an answer, or no use in asking."""
        for wait in (*WAITS_S, None):
            answer = self._ask(text)
            if answer.ok:
                return answer.text
            seconds = _retry_after(answer) or wait or 0
            busy = answer.status_code == 429 or answer.status_code >= 500
            if not busy or wait is None or seconds > LONGEST_WAIT_S:
                break
            time.sleep(seconds)
        raise VoiceUnavailable(_why(answer, self.tld))

    def _ask(self, text: str) -> requests.Response:
        asked = gTTS(text, self.tld, self.language, lang_check=False, pre_processor_funcs=[])
        [body] = asked.get_bodies()
        host = f"translate.google.{self.tld}"
        try:
            return requests.post(
                f"https://{host}/_/TranslateWebserverUi/data/batchexecute",
                body,
                headers=gTTS.GOOGLE_TTS_HEADERS,
                timeout=(CONNECT_S, ANSWER_S),
            )
        except requests.RequestException as error:
            how = "does not answer" if isinstance(error, requests.Timeout) else "cannot be reached"
            raise VoiceUnavailable(
                f"no network: {host} {how}; check the connection, {ANOTHER}"
            ) from error


def google(voice: str) -> Google:
    """Check the language; whether Google answers shows when it is asked to speak."""
    language, _, tld = voice.partition(".")
    if language not in tts_langs() or not TLD.fullmatch(tld or "com"):
        raise VoiceError(
            f"gtts:{voice} is no voice; write the language, and whose accent after a full stop:"
            " gtts:en.co.uk (British), gtts:en.com.au, gtts:fr; `.venv/bin/gtts-cli --all`"
            " lists the languages"
        )
    version = importlib.metadata.version("gtts")
    return Google(f"gtts:{voice}", f"gtts:{voice} {version}", language, tld or "com")


def pieces(text: str) -> list[str]:
    """The text in order, cut where a reader would pause if that can be, none too long."""
    cut = (piece.strip() for piece in PIECE.findall(" ".join(text.split())))
    return [piece for piece in cut if any(character.isalnum() for character in piece)]


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One process of this machine at a time; none while Google rests from a refusal."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("a+") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock.seek(0)
        why = lock.read()
        age = time.time() - (folder / "lock").stat().st_mtime
        if why and age < REST_S:
            raise VoiceUnavailable(f"{why} (not asked again within {REST_S} s)")
        lock.truncate(0)
        try:
            yield
        except VoiceUnavailable as refused:
            lock.write(str(refused))
            raise


def _sound_in(answer: str, text: str) -> bytes:
    found = SOUND.search(answer)
    if found is None and "jQ1olc" not in answer:
        raise VoiceUnavailable(
            "blocked: Google sent a page instead of sound, as it wants a person, or has changed"
            f" its service; try another network, {ANOTHER}"
        )
    if found is None:
        raise VoiceError(f"Google has no sound for {text!r}; write it in other words, {ANOTHER}")
    try:
        return base64.b64decode(found[1], validate=True)
    except binascii.Error as error:
        raise VoiceError(f"Google's sound for {text!r} is damaged; render again") from error


def _retry_after(answer: requests.Response) -> float | None:
    """How many seconds Google wants us to wait, if it says: a number, or a date."""
    said = answer.headers.get("Retry-After", "")
    if said.isdecimal():
        return float(said)
    with suppress(ValueError, TypeError):
        return max(1.0, (parsedate_to_datetime(said) - datetime.now(UTC)).total_seconds())
    return None


def _why(answer: requests.Response, tld: str) -> str:
    status = f"{answer.status_code} {answer.reason}"
    if answer.status_code == 429:
        wait = _retry_after(answer)
        when = f"in {wait:.0f} s" if wait else "in an hour"
        return f"throttled: Google wants fewer requests ({status}); render again {when}, {ANOTHER}"
    if answer.status_code >= 500:
        return f"Google is out of order ({status}); try later, {ANOTHER}"
    if answer.status_code == 404:
        return f"there is no Google at .{tld} ({status}); take gtts:en or gtts:en.co.uk"
    return f"blocked: Google refuses this computer ({status}); try another network, {ANOTHER}"
