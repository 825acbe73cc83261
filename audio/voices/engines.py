"""Voices: what says an utterance. Each is named `engine:voice`, such as `flite:rms`.

Every utterance is said by a fresh process, because eSpeak's sound, and that of flite's
`slt`, depends on what the same process said before; so a crash stays outside, too.
A new engine is a function from the part after the colon to a `Voice`, in `ENGINES`.
"""

from collections.abc import Callable

from audio.voices.espeak import espeak
from audio.voices.flite import flite
from audio.voices.google import google
from audio.voices.piper import piper
from audio.voices.silent import silent
from audio.voices.voice import Voice
from ivr.errors import VoiceError

ENGINES: dict[str, Callable[[str], Voice]] = {
    "flite": flite,
    "espeak": espeak,
    "silent": silent,
    "gtts": google,
    "piper": piper,
}
"""Each raises `VoiceError` for a voice that it does not have."""


def voice(name: str) -> Voice:
    """The voice of this name. Raises `VoiceError` where there is none that can speak."""
    engine, _, of_engine = name.partition(":")
    if engine not in ENGINES or not of_engine:
        raise VoiceError(
            f"{name!r} is no voice; write engine:voice, such as flite:rms, with an engine"
            f" of {', '.join(ENGINES)}"
        )
    return ENGINES[engine](of_engine)


def choose(preferences: tuple[str, ...], kept: str | None, asked: str | None) -> Voice:
    """Who reads: whoever is asked for, else who read before, else the first installed.

    Who read before (`kept`) must still be among the preferences. Google's voice stands in
    for nobody: it sends the words away and needs the network, so it must be meant.
    """
    if asked:
        return voice(asked)
    refusals = []
    meant = (kept, *preferences[:1])
    for name in dict.fromkeys((kept, *preferences) if kept in preferences else preferences):
        if name and name.startswith("gtts:") and name not in meant:
            refusals.append(f"{name} must come first, or be asked for with --voice {name}")
            continue
        try:
            return voice(name or "")
        except VoiceError as error:
            refusals.append(str(error))
    raise VoiceError("\n".join(("none of the voices of line.toml can speak:", *refusals)))
