"""A telephone with no network behind it: it does with TwiML what a provider would.

It knows the portable verbs and attributes only, and refuses any other, and what
its provider's dialect does not have; so what it can run, that provider can.
`scripts/dial.py` puts it in a terminal; the tests' caller uses the same one.
"""

import html
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from urllib.parse import urljoin, urlsplit

import requests
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from ivr.errors import PhoneError
from ivr.provider.dialects import TWILIO, Dialect

FOR_SPEECH = {"language", "speechTimeout"}
"""Attributes of `<Gather>` that every engine with speech runs; without speech, they mean
nothing."""

PORTABLE = {
    "Response": set(),
    "Gather": {"action", "numDigits", "timeout", "finishOnKey", "input", "hints"}
    | FOR_SPEECH,
    "Play": set(),
    "Say": {"language"},
    "Redirect": set(),
    "Dial": {"action", "timeout", "callerId", "hangupOnStar"},
    "Number": set(),
    "Hangup": set(),
    "Reject": set(),
}
"""The verbs and attributes that all compatible engines run."""

MOST_HINTS = 500
HINT_CHARACTERS = 100
"""What engines take of `hints`, and of one of them."""

SAID_MS_PER_WORD = 350
"""How long this phone takes over a word of `<Say>`."""

A_CONVERSATION_S = 300
"""How long they speak who answer here, in seconds."""

A_MACHINE_S = 5
"""How long a machine speaks here, in seconds."""

PATIENCE_S = 15
"""How long it waits for an answer, as a provider does."""


@dataclass(frozen=True)
class Answer:
    """An HTTP response."""

    status: int
    content_type: str
    body: bytes


Fields = Mapping[str, str]
"""Of a form, or an HTTP message's headers: values by name."""

Ask = Callable[[str, str, Fields, Fields], Answer]
"""(method, absolute URL, form, headers) to an answer."""


@dataclass(frozen=True)
class Cue:
    """Words, and from when to when in a sound they are said."""

    text: str
    start_ms: float
    end_ms: float


@dataclass(frozen=True)
class Sound:
    """A `<Play>`, or a `<Say>` where there is no URL."""

    url: str | None
    cues: tuple[Cue, ...]
    length_ms: float


class Phone:
    """One call. After each reply it listens, dials, or has hung up."""

    def __init__(
        self,
        ask: Ask,
        public_url: str,
        key: str,
        dialect: Dialect = TWILIO,
        caller: str = "+447700900123",
        call: str = "CA" + "0" * 32,
    ):
        """`ask` carries requests; `key` signs them, as the dialect's provider does. The caller's
        number is one that nobody has (Ofcom). `call` is the provider's name for the call."""
        self._ask = ask
        self._validator = RequestValidator(key)
        self._dialect = dialect
        self._caller = caller
        self._call = call
        self.public_url = public_url
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
        self.listens = False
        """Whether it listens to words as well as keys."""
        self.dialling: str | None = None
        """The number being dialled; `outcome` says what came of it."""
        self.caller_id: str | None = None
        """The number that whoever is dialled sees."""
        self._star_comes_back = False
        self.ended = False

    def ring(self) -> None:
        """The line answers."""
        self._fetch(f"{self.public_url}/voice", {"CallStatus": "ringing"})

    def press(self, key: str) -> None:
        """A key is pressed while the line speaks or listens, or star while it dials."""
        if not self.dialling:
            self._fetch(self._action, {"Digits": key})
        elif key == "*" and self._star_comes_back:
            self.outcome("canceled")

    def say(self, words: str) -> None:
        """The caller says something; nobody hears it if the line listens only for keys."""
        if self.listens:
            self._fetch(self._action, {"SpeechResult": words, "Confidence": "0.9"})

    def let_pass(self) -> None:
        """No key is pressed; the document goes on."""
        self._run()

    def outcome(
        self, status: str, seconds: int = A_CONVERSATION_S, bridged: bool = True
    ) -> None:
        """What came of the dialling: `busy`, `no-answer`, `failed`, `completed`… Where somebody
        answered, for how long, and whether the caller was joined with them."""
        self.dialling = None
        told = {"DialCallStatus": status}
        if status == "completed":
            told["DialCallDuration"] = str(seconds)
            told["DialBridged"] = str(bridged).lower()
        self._fetch(self._action, told)

    def hang_up(self, seconds: int = A_CONVERSATION_S) -> None:
        """The caller hangs up, and the provider reports it, with how long the call lasted."""
        over = {"CallStatus": "completed", "CallDuration": str(seconds)}
        self.tell(f"{self.public_url}/voice/ended", over)
        self.ended = True

    def _fetch(self, url: str, event: Fields) -> None:
        """Asks what to do, and does it."""
        self.document = self.tell(url, event)
        self.url = url
        self._verbs = iter(verbs_of(self.document, self._dialect))
        self._run()

    def tell(self, url: str, event: Fields) -> str:
        """A signed webhook; the TwiML that answers it."""
        form = {
            "AccountSid": "AC" + "0" * 32,
            "ApiVersion": "2010-04-01",
            "CallSid": self._call,
            "CallStatus": "in-progress",
            "Direction": "inbound",
            "From": self._caller,
            "To": "+441632960000",
            **event,
        }
        signature = self._validator.compute_signature(url, form)
        headers = {self._dialect.signature_header: signature}
        answer = self._ask("POST", url, form, headers)
        if answer.status != 200 or not answer.content_type.startswith("text/xml"):
            raise PhoneError(f"{url}: {answer.status} {answer.content_type}, not TwiML")
        return answer.body.decode()

    def _run(self) -> None:
        """Goes on with the document until something is needed from the outside."""
        self.sounds = []
        self.timeout_ms = 0
        self.listens = False
        verb = next(self._verbs, None)
        if verb is None:
            raise PhoneError(f"{self.url}: the document ends, and the call with it")
        match verb.tag:
            case "Gather":
                self._gather(verb)
            case "Dial":
                self._dial(verb)
            case "Redirect":
                url = self._absolute(verb.text or "")
                self._fetch(url, {})
            case "Hangup" | "Reject":
                self.ended = True
            case _:
                self.sounds = [self._sound(verb)]

    def _gather(self, verb: ET.Element) -> None:
        self._action = self._absolute(verb.get("action", ""))
        self.sounds = [self._sound(said) for said in verb]
        self.timeout_ms = int(verb.get("timeout", "5")) * 1000
        self.listens = "speech" in verb.get("input", "")

    def _dial(self, verb: ET.Element) -> None:
        self._action = self._absolute(verb.get("action", ""))
        self.dialling = verb[0].text
        self.caller_id = verb.get("callerId")
        self._star_comes_back = verb.get("hangupOnStar") == "true"

    def _absolute(self, url: str) -> str:
        return urljoin(self.url, url)

    def _sound(self, said: ET.Element) -> Sound:
        if said.tag == "Say":
            return _spoken(said.text or "")
        return self._played(said.text or "")

    def _played(self, url: str) -> Sound:
        """A `<Play>`, with its captions."""
        sound = self._absolute(url)
        captions = re.sub(r"\.wav$", ".vtt", sound)
        answer = self._ask("GET", captions, {}, {})
        if answer.status != 200:
            raise PhoneError(f"{captions}: {answer.status}")
        cues = tuple(captions_of(answer.body.decode()))
        length_ms = max((cue.end_ms for cue in cues), default=0.0)
        return Sound(url, cues, length_ms)

    def words(self) -> str:
        """What is being said, as text."""
        cues = chain.from_iterable(sound.cues for sound in self.sounds)
        return " ".join(cue.text for cue in cues)

    def length_ms(self) -> float:
        """How long it takes to say it."""
        return sum(sound.length_ms for sound in self.sounds)


def _spoken(text: str) -> Sound:
    """A `<Say>`."""
    length_ms = len(text.split()) * SAID_MS_PER_WORD
    cue = Cue(text, 0, length_ms)
    return Sound(None, (cue,), length_ms)


def verbs_of(document: str, dialect: Dialect = TWILIO) -> list[ET.Element]:
    """The verbs of a TwiML document. Raises `PhoneError` for what is not portable, and for what
    the dialect does not have."""
    if len(document.encode()) > dialect.most_bytes:
        raise PhoneError(f"a document of more than {dialect.most_bytes} bytes")
    root = ET.fromstring(document)  # noqa: S314 - our own server's
    for element in root.iter():
        _must_be_portable(element)
        _must_be_spoken(element, dialect)
    return list(root)


def _must_be_portable(element: ET.Element) -> None:
    if element.tag not in PORTABLE:
        raise PhoneError(f"<{element.tag}> is not portable")
    unknown = set(element.attrib) - PORTABLE[element.tag]
    if unknown:
        names = ", ".join(sorted(unknown))
        raise PhoneError(f"<{element.tag}> with {names} is not portable")
    match element.tag:
        case "Gather":
            takes_one_key = element.get("numDigits") == "1"
            if not takes_one_key or element.get("finishOnKey") != "":
                raise PhoneError(
                    "a Gather that would wait for more keys, or swallow the hash"
                )
            if {child.tag for child in element} - {"Play", "Say"}:
                raise PhoneError("a Gather nests only Play and Say")
            _must_listen(element)


def _must_listen(gather: ET.Element) -> None:
    """To keys at least; to words only if the document says which ones, and in which language."""
    hints = gather.get("hints", "").split(",")
    match gather.get("input", "dtmf"):
        case "dtmf":
            if FOR_SPEECH & set(gather.attrib) or any(hints):
                raise PhoneError("a Gather for keys with attributes for words")
        case "dtmf speech":
            if not all(hints) or FOR_SPEECH - set(gather.attrib):
                raise PhoneError("a Gather for words without hints or a language")
            longest = max(map(len, hints))
            if len(hints) > MOST_HINTS or longest > HINT_CHARACTERS:
                raise PhoneError("more hints, or longer ones, than engines take")
        case other:
            raise PhoneError(f"a Gather does not listen to {other!r}")


def _must_be_spoken(element: ET.Element, dialect: Dialect) -> None:
    """Whether this provider runs it as it is meant."""
    text = element.text or ""
    match element.tag:
        case "Gather":
            _must_be_an_address(element.get("action", ""), dialect)
            if "speech" in element.get("input", "") and not dialect.speech:
                raise PhoneError(f"{dialect.name} has no speech in a Gather")
        case "Play" | "Redirect":
            _must_be_an_address(text, dialect)
        case "Dial":
            _must_be_an_address(element.get("action", ""), dialect)
            _must_ring(element, dialect)
        case "Say":
            if len(text) > dialect.most_said:
                raise PhoneError(f"a Say of more than {dialect.most_said} characters")


def _must_be_an_address(url: str, dialect: Dialect) -> None:
    parts = urlsplit(url)
    may_stand = bool(parts.scheme) or dialect.relative_urls
    if not url or not may_stand:
        raise PhoneError(f"{dialect.name} needs an absolute address, not {url!r}")
    if parts.fragment and not dialect.fragments:
        raise PhoneError(f"{dialect.name} knows no fragment, as in {url!r}")


def _must_ring(dial: ET.Element, dialect: Dialect) -> None:
    least, most = dialect.ring_s
    ring_s = int(dial.get("timeout", "30"))
    if not least <= ring_s <= most:
        raise PhoneError(f"{dialect.name} rings for {least} to {most} seconds")
    if "hangupOnStar" in dial.attrib and not dialect.star_ends_dial:
        raise PhoneError(f"{dialect.name} ends no dial at star")


def captions_of(vtt: str) -> Iterator[Cue]:
    """The cues of a WebVTT file."""
    _, *cues = vtt.strip().split("\n\n")
    for cue in cues:
        times, _, text = cue.partition("\n")
        start, _, end = times.partition(" --> ")
        yield Cue(_unescaped(text), _ms(start), _ms(end))


def _unescaped(text: str) -> str:
    """A cue's text, without its language; WebVTT escapes these three, and nothing else here."""
    text = re.sub(r"^<lang [^>]*>|</lang>$", "", text)
    return html.unescape(text)


def _ms(time: str) -> float:
    hours, minutes, seconds = time.split(":")
    whole_minutes = int(hours) * 60 + int(minutes)
    ms = float(seconds) * 1000
    return whole_minutes * 60_000 + ms


def over_app(client: FlaskClient, public_url: str) -> Ask:
    """Carries a phone's requests to an app in this process."""

    def ask(method: str, url: str, form: Fields, headers: Fields) -> Answer:
        response = client.open(
            url.removeprefix(public_url),
            method=method,
            data=dict(form) or None,
            headers=dict(headers),
        )
        return Answer(response.status_code, response.content_type, response.data)

    return ask


def over_http(server: str, public_url: str) -> Ask:
    """Carries a phone's requests to a running server."""

    def ask(method: str, url: str, form: Fields, headers: Fields) -> Answer:
        response = requests.request(
            method,
            server.rstrip("/") + url.removeprefix(public_url),
            data=dict(form) or None,
            headers=dict(headers),
            timeout=PATIENCE_S,
        )
        kind = response.headers.get("Content-Type", "")
        return Answer(response.status_code, kind, response.content)

    return ask
