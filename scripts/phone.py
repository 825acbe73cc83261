"""A telephone with no network behind it: does with TwiML what a provider would.

It knows the portable verbs and attributes alone, and refuses any other; so
what it can run, every compatible provider can. `scripts/dial.py` puts it in a
terminal; the tests' caller uses the same one.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from twilio.request_validator import RequestValidator

from ivr.errors import PhoneError

PORTABLE = {
    "Response": set(),
    "Gather": {"action", "numDigits", "timeout", "finishOnKey", "input", "hints"},
    "Play": set(),
    "Say": set(),
    "Redirect": set(),
    "Dial": {"action", "timeout", "callerId", "hangupOnStar"},
    "Number": set(),
    "Hangup": set(),
    "Reject": set(),
}
"""The verbs and attributes that all compatible engines run."""

SAID_MS_PER_WORD = 350
"""How long this phone takes over a word of `<Say>`."""


@dataclass(frozen=True)
class Answer:
    """An HTTP response."""

    status: int
    content_type: str
    body: bytes


Ask = Callable[[str, str, Mapping[str, str], Mapping[str, str]], Answer]
"""(method, absolute URL, form, headers) to an answer."""


@dataclass(frozen=True)
class Heard:
    """Something that is said: words, from one moment to another."""

    text: str
    start_ms: float
    end_ms: float


@dataclass(frozen=True)
class Sound:
    """A `<Play>`, or a `<Say>` where there is no URL."""

    url: str | None
    heard: tuple[Heard, ...]
    length_ms: float


class Phone:
    """One call. After each reply it listens, dials, or has hung up."""

    def __init__(self, ask: Ask, public_url: str, token: str, caller: str = "+447700900123"):
        """`ask` carries requests; `token` signs them. The number is one nobody has (Ofcom)."""
        self._ask, self._validator = ask, RequestValidator(token)
        self.public_url, self._caller = public_url, caller
        self._verbs: Iterator[ET.Element] = iter(())
        self._action = ""
        self.document = ""
        """The TwiML of the last reply."""
        self.url = ""
        """Where it came from."""
        self.sounds: list[Sound] = []
        """What is being said since the last key, outcome or silence."""
        self.timeout_ms = 0
        """How long the line then listens."""
        self.dialling: str | None = None
        """The number being dialled; `outcome` says what came of it."""
        self._comes_back = False
        self.caller_id: str | None = None
        """Whom the dialled number sees."""
        self.ended = False

    def ring(self) -> None:
        """The line answers."""
        self._fetch(f"{self.public_url}/voice", {"CallStatus": "ringing"})

    def press(self, key: str) -> None:
        """A key is pressed while the line speaks or listens, or star while it dials."""
        if not self.dialling:
            self._fetch(self._action, {"Digits": key})
        elif key == "*" and self._comes_back:
            self.outcome("canceled")

    def let_pass(self) -> None:
        """No key is pressed; the document goes on."""
        self._run()

    def outcome(self, status: str) -> None:
        """What came of the dialling: `busy`, `no-answer`, `failed`, `completed`…"""
        self.dialling = None
        self._fetch(self._action, {"DialCallStatus": status, "DialCallDuration": "5"})

    def _fetch(self, url: str, event: Mapping[str, str]) -> None:
        form = {
            "AccountSid": "AC" + "0" * 32,
            "ApiVersion": "2010-04-01",
            "CallSid": "CA" + "0" * 32,
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "From": self._caller,
            "To": "+441632960000",
            **event,
        }
        signature = self._validator.compute_signature(url, form)
        answer = self._ask("POST", url, form, {"X-Twilio-Signature": signature})
        if answer.status != 200 or not answer.content_type.startswith("text/xml"):
            raise PhoneError(f"{url}: {answer.status} {answer.content_type}, not TwiML")
        self.url, self.document = url, answer.body.decode()
        self._verbs = iter(verbs_of(self.document))
        self._run()

    def _run(self) -> None:
        """Goes on with the document until something is needed from the outside."""
        self.sounds, self.timeout_ms = [], 0
        verb = next(self._verbs, ET.Element("end"))
        match verb.tag:
            case "end":
                raise PhoneError(f"{self.url}: the document ends, and the call with it")
            case "Gather":
                self._action = self._absolute(verb.get("action", ""))
                self.sounds = [self._sound(said) for said in verb]
                self.timeout_ms = int(verb.get("timeout", "5")) * 1000
            case "Dial":
                self._action = self._absolute(verb.get("action", ""))
                self.dialling, self.caller_id = verb[0].text, verb.get("callerId")
                self._comes_back = verb.get("hangupOnStar") == "true"
            case "Redirect":
                self._fetch(self._absolute(verb.text or ""), {})
            case "Hangup" | "Reject":
                self.ended = True
            case _:
                self.sounds = [self._sound(verb)]

    def _absolute(self, url: str) -> str:
        if not urlsplit(url).scheme:
            raise PhoneError(f"{self.url}: {url!r} is not absolute, so not portable")
        return url

    def _sound(self, said: ET.Element) -> Sound:
        text = said.text or ""
        if said.tag == "Say":
            length = len(text.split()) * SAID_MS_PER_WORD
            return Sound(None, (Heard(text, 0, length),), length)
        captions = re.sub(r"\.wav$", ".vtt", self._absolute(text))
        answer = self._ask("GET", captions, {}, {})
        if answer.status != 200:
            raise PhoneError(f"{captions}: {answer.status}")
        heard = tuple(captions_of(answer.body.decode()))
        return Sound(text, heard, heard[-1].end_ms if heard else 0)

    def words(self) -> str:
        """What is being said, as text."""
        return " ".join(heard.text for sound in self.sounds for heard in sound.heard)

    def length_ms(self) -> float:
        """How long it takes to say it."""
        return sum(sound.length_ms for sound in self.sounds)


def verbs_of(document: str) -> list[ET.Element]:
    """The verbs of a TwiML document. Raises `PhoneError` for what is not portable."""
    if len(document.encode()) > 64 * 1024:
        raise PhoneError("a document of more than 64 KB")
    root = ET.fromstring(document)  # noqa: S314 - our own server's
    for element in root.iter():
        unknown = set(element.attrib) - PORTABLE.get(element.tag, set())
        if element.tag not in PORTABLE or unknown:
            raise PhoneError(f"<{element.tag}> with {sorted(unknown)} is not portable")
        one_key = (element.get("numDigits"), element.get("finishOnKey")) == ("1", "")
        if element.tag == "Gather" and not one_key:
            raise PhoneError("a Gather that would wait for more keys, or swallow the hash")
        if element.tag == "Gather" and {child.tag for child in element} - {"Play", "Say"}:
            raise PhoneError("a Gather nests only Play and Say")
        if element.tag == "Say" and len(element.text or "") > 3000:
            raise PhoneError("a Say of more than 3,000 characters")
    return list(root)


def captions_of(vtt: str) -> Iterator[Heard]:
    """The cues of a WebVTT file."""
    for cue in vtt.strip().split("\n\n")[1:]:
        times, _, text = cue.partition("\n")
        start, end = (_ms(time) for time in times.split(" --> "))
        said = text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        yield Heard(said, start, end)


def _ms(time: str) -> float:
    hours, minutes, seconds = time.split(":")
    return (int(hours) * 60 + int(minutes)) * 60_000 + float(seconds) * 1000
