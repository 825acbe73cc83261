"""A reply, said in TwiML: only verbs and attributes that every compatible provider runs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from twilio.twiml.voice_response import Dial, Gather, VoiceResponse

from ivr.call.scene import Reply
from ivr.call.steps import url_of
from ivr.edition.edition import SAMPLES_PER_MS, Edition, Spoken, clip_name
from ivr.edition.library import Library
from ivr.provider.clips import MOST_CLIPS

PIECE_MS = 60_000
"""About how long one sound may be: a longer reply is cut, so that its first sound comes at once."""

RING_S = 30
"""How long a helpline may ring, in seconds."""


@dataclass(frozen=True)
class Addresses:
    """The absolute addresses a reply needs; some engines refuse relative ones."""

    public_url: str
    prefix: str = "/voice"
    """Under which the steps are served."""

    def step(self, edition: Edition, reply: Reply) -> str:
        """Where the reply's keys and silence are sent."""
        return f"{self.public_url}{self.prefix}/{url_of(edition.id, reply.step)}"

    def sound(self, speed: float, names: list[str]) -> str:
        """The clips of these names (`Spoken.name`), joined."""
        return f"{self.public_url}/clips/{speed:g}-{'-'.join(names)}.wav"


def twiml(
    reply: Reply, edition: Edition, library: Library, addresses: Addresses, caller_id: str | None
) -> str:
    """The document for a reply: listen while it is said; then ask again, put through or hang up.

    No key pressed makes no request, so what follows the `<Gather>` takes the silence.
    """
    here = addresses.step(edition, reply)
    document = VoiceResponse()
    if reply.says:
        gather = Gather(action=here, num_digits=1, timeout=reply.wait_s, finish_on_key="")
        for text, names in _pieces(reply, edition, library):
            if names:
                gather.play(addresses.sound(reply.step.said_at, names))
            else:
                gather.say(sayable(text))
        document.append(gather)
    if reply.dial and reply.dial.e164:
        dial = Dial(action=here, timeout=RING_S, caller_id=caller_id, hangup_on_star=True)
        dial.number(reply.dial.e164)
        document.append(dial)
    elif reply.last:
        document.hangup()
    else:
        document.redirect(here)
    return str(document)


def _pieces(reply: Reply, edition: Edition, library: Library) -> Iterator[tuple[str, list[str]]]:
    """What is said, in order: sounds of about a minute, and the texts that have no sound."""
    speed = edition.content.speeds.index(reply.step.said_at)
    names: list[str] = []
    piece_ms = 0.0
    for text in reply.says:
        spoken = edition.clips[reply.step.language].get(text)
        found = spoken and _is_sound(library, spoken, reply.step.said_at, speed)
        ms = spoken.lengths[speed] / SAMPLES_PER_MS if spoken else 0
        if names and (not found or piece_ms + ms > PIECE_MS or len(names) == MOST_CLIPS):
            yield "", names
            names, piece_ms = [], 0.0
        if spoken and found:
            names.append(spoken.name)
            piece_ms += ms
        else:
            yield text, []
    if names:
        yield "", names


def _is_sound(library: Library, spoken: Spoken, speed: float, index: int) -> bool:
    return library.is_sound(clip_name(spoken.name, speed), spoken.lengths[index])


def sayable(text: str) -> str:
    """A text for `<Say>`: a number is spelled in its groups, and nothing is a control character.

    `0800 1111` becomes `0 8 0 0, 1 1 1 1`; twilio lets control characters through.
    """
    if re.fullmatch(r"[0-9 ]+", text):
        return ", ".join(" ".join(group) for group in text.split())
    return "".join(c if c.isprintable() else " " for c in text)
