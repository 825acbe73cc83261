"""A reply as TwiML, with only the verbs and attributes that every compatible provider runs."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby
from xml.sax.saxutils import escape

from ivr.call.scene import Reply
from ivr.call.steps import url_of
from ivr.edition.clip_urls import cut, sound_path
from ivr.edition.edition import SAMPLES_PER_MS, Edition, clip_name
from ivr.edition.library import Library
from ivr.provider.dialects import TWILIO, Dialect

SILENCE = "silence"
"""In the query of the address that follows when no key came. A key goes to the address without it,
so a request that lost its key on the way is not taken for silence."""

PIECE_MS = 60_000
"""About how long one sound may be. A longer reply is cut, so that its first sound comes at once."""

SAID = {
    "ca": "ca-ES",
    "cy": "cy-GB",
    "da": "da-DK",
    "de": "de-DE",
    "en": "en-GB",
    "es": "es-ES",
    "fi": "fi-FI",
    "fr": "fr-FR",
    "it": "it-IT",
    "ja": "ja-JP",
    "ko": "ko-KR",
    "nb": "nb-NO",
    "nl": "nl-NL",
    "pl": "pl-PL",
    "pt": "pt-PT",
    "ru": "ru-RU",
    "sv": "sv-SE",
}
"""What `<Say>` calls the languages that Twilio and SignalWire document. Somleng uses its usual
voice if it has none for a language. Twilio may fail at a language that it lacks, so no other is
named."""

XML = '<?xml version="1.0" encoding="UTF-8"?>'

NONE: Mapping[str, str] = {}

IN_AN_ATTRIBUTE = {'"': "&quot;", "\n": "&#10;", "\r": "&#13;", "\t": "&#09;"}
"""What has another meaning there, or would become a space; besides what has one everywhere."""

RING_S = 30
"""How long a helpline may ring, in seconds."""

SPEECH_PAUSE_S = 2
"""The pause that ends what somebody says, in seconds: people who search for words need more than a
recogniser gives by itself. Without it, `timeout` counts, which is longer."""


@dataclass(frozen=True)
class Addresses:
    """The absolute addresses that a reply needs; some engines refuse relative ones."""

    public_url: str
    prefix: str = "/voice"
    """Under which the steps are served."""

    def step(self, edition: Edition, reply: Reply) -> str:
        """Where the reply's keys are sent, and what came of a transfer."""
        return f"{self.public_url}{self.prefix}/{url_of(edition.id, reply.step)}"

    def sound(self, speed: float, names: list[str]) -> str:
        """The sound of these clips, each a `Spoken.name`."""
        return self.public_url + sound_path(speed, names)


def at_silence(url: str) -> str:
    """Where the call goes on when no key comes at the step that has this address."""
    separator = "&" if "?" in url else "?"
    return f"{url}{separator}{SILENCE}=1"


def twiml(
    reply: Reply,
    edition: Edition,
    library: Library,
    addresses: Addresses,
    caller_id: str | None,
    dialect: Dialect = TWILIO,
) -> str:
    """The document for a reply: listen while it is said; then ask again, put through or hang up.

    A key that is not pressed sends no request, so what follows the `<Gather>` is for silence.
    """
    here = addresses.step(edition, reply)
    lengths = _lengths(reply, edition, library)
    said = "".join(_said(reply, edition, lengths, addresses))
    if reply.wait_s and said:
        said = element("Gather", _listening(reply, edition, here), said)
    if reply.dial and reply.dial.e164:
        number = element("Number", NONE, escape(reply.dial.e164))
        then = element("Dial", _dialling(caller_id, dialect, here), number)
    elif reply.last:
        then = element("Hangup")
    else:
        then = element("Redirect", NONE, escape(at_silence(here)))
    return XML + element("Response", NONE, said + then)


def element(tag: str, attributes: Mapping[str, str] = NONE, inside: str = "") -> str:
    """An element with its attributes, and with what is inside it: XML already, or nothing.

    A document has ten. ElementTree, which can do more, takes four times as long.
    """
    start = tag
    for name, value in attributes.items():
        start += f' {name}="{escape(value, IN_AN_ATTRIBUTE)}"'
    if not inside:
        return f"<{start} />"
    return f"<{start}>{inside}</{tag}>"


def _listening(reply: Reply, edition: Edition, here: str) -> dict[str, str]:
    """How `<Gather>` listens: for one key, and for words if the caller may also speak."""
    keys = {
        "action": here,
        "finishOnKey": "",
        "numDigits": "1",
        "timeout": str(reply.wait_s),
    }
    vocabulary = edition.content.languages[reply.step.language].vocabulary
    if not reply.hints or vocabulary is None:
        return keys
    words = {
        "hints": ",".join(reply.hints),
        "input": "dtmf speech",
        "language": vocabulary.recogniser,
        "speechTimeout": str(SPEECH_PAUSE_S),
    }
    return dict(sorted((keys | words).items()))


def _dialling(caller_id: str | None, dialect: Dialect, here: str) -> dict[str, str]:
    """How `<Dial>` puts a caller through."""
    how = {"action": here}
    if caller_id:
        how["callerId"] = caller_id
    if dialect.star_ends_dial:
        how["hangupOnStar"] = "true"
    return how | {"timeout": str(RING_S)}


def _said(
    reply: Reply,
    edition: Edition,
    lengths: dict[str, tuple[str, int]],
    addresses: Addresses,
) -> Iterator[str]:
    """Everything that is said, in order: in sounds, and by the provider where there is no clip."""
    for has_sound, texts in groupby(reply.says, lengths.__contains__):
        if not has_sound:
            for text in texts:
                language = edition.language_of(text, reply.step.language)
                named = locale(edition, language)
                voice = {"language": named} if named else {}
                yield element("Say", voice, escape(sayable(text)))
            continue
        clips = [lengths[text] for text in texts]
        for names in cut(clips, PIECE_MS * SAMPLES_PER_MS):
            sound = addresses.sound(reply.step.said_at, names)
            yield element("Play", NONE, escape(sound))


def _lengths(
    reply: Reply, edition: Edition, library: Library
) -> dict[str, tuple[str, int]]:
    """The clips that the reply needs and that are whole, by text: each one's `Spoken.name` and
    its length in samples."""
    speed = reply.step.said_at
    index = edition.content.speeds.index(speed)
    found = {}
    for text in dict.fromkeys(reply.says):
        spoken = edition.spoken(text, reply.step.language)
        if spoken is None:
            continue
        samples = spoken.lengths[index]
        if library.is_sound(clip_name(spoken.name, speed), samples):
            found[text] = (spoken.name, samples)
    return found


def locale(edition: Edition, language: str) -> str | None:
    """A language as `<Say>` names it; None if English is the only one, or `<Say>` has no name for
    it."""
    if edition.is_in_english_alone:
        return None
    return SAID.get(language.partition("-")[0])


def sayable(text: str) -> str:
    """A text for `<Say>`: a number is spelled in its groups, and control characters become spaces.

    `0800 1111` becomes `0 8 0 0, 1 1 1 1`. The twilio library lets control characters through.
    """
    if re.fullmatch(r"[0-9 ]+", text):
        return ", ".join(" ".join(group) for group in text.split())
    printable = [letter if letter.isprintable() else " " for letter in text]
    return "".join(printable)
