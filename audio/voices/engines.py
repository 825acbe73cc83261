"""Which engines there are, and finding a voice by its name: `engine:voice`, such as `flite:rms`.

To add an engine, write a module with an `Engine` (what is known of it), a function that finds
one of its voices, and a class that speaks; then list it in `FIND`. Nothing slow may be loaded
until a voice is found or speaks: whoever publishes unchanged words needs no voice.

Most engines run as a new process for every utterance: what eSpeak and flite's `slt` say
depends on what the same process said before, and a crash stays outside.
"""

from collections.abc import Callable

from audio.voices.espeak import ESPEAK, espeak
from audio.voices.flite import FLITE, flite
from audio.voices.google import GOOGLE, google
from audio.voices.hibari import HIBARI, hibari
from audio.voices.piper import PIPER, downloaded, piper
from audio.voices.silent import SILENT, silent
from audio.voices.voice import Engine, Voice
from ivr.errors import VoiceError

FIND: dict[Engine, Callable[[str], Voice]] = {
    HIBARI: hibari,
    FLITE: flite,
    ESPEAK: espeak,
    SILENT: silent,
    GOOGLE: google,
    PIPER: piper,
}
"""Each takes the part after the colon, and raises `VoiceError` for a voice that it lacks."""

ENGINES = {engine.name: engine for engine in FIND}


def voice(name: str) -> Voice:
    """The voice of this name. Raises `VoiceError` where there is none that can speak."""
    engine, _, of_engine = name.partition(":")
    if engine not in ENGINES or not of_engine:
        raise VoiceError(
            f"{name!r} is not a voice; write engine:voice, such as flite:rms, where the engine"
            f" is one of {', '.join(ENGINES)}"
        )
    return FIND[ENGINES[engine]](of_engine)


def refusal(name: str) -> str:
    """Why the voice of this name cannot speak, and what to do; empty if it can."""
    try:
        voice(name)
    except VoiceError as error:
        return str(error)
    return ""


def offered() -> tuple[str, ...]:
    """The names of all voices that staff may choose, installed or not, as far as we know them."""
    names = []
    for engine in FIND:
        names += [f"{engine.name}:{each}" for each in engine.voices]
    names += [f"{PIPER.name}:{each}" for each in downloaded()]
    return tuple(dict.fromkeys(names))


def language(name: str) -> str:
    """What a voice speaks, as its engine says; empty where that does not know."""
    engine, _, of_engine = name.partition(":")
    return ENGINES[engine].voices.get(of_engine, "")


def choose(
    preferences: tuple[str, ...],
    kept: str | None,
    asked: str | None,
    chosen: str | None = None,
) -> Voice:
    """Who reads: whoever is asked for, else who was chosen, else who read before, else the first
    that is installed.

    Who read before (`kept`) must still be among the preferences. An engine that sends the
    words away never stands in for another: it must come first, be chosen, or have read before.
    Raises `VoiceError` where nobody can speak.
    """
    if asked:
        return voice(asked)
    order = list(preferences)
    if kept in order:
        order.insert(0, kept)
    if chosen:
        order.insert(0, chosen)
    intended = (chosen, kept, *preferences[:1])
    refusals = []
    for name in dict.fromkeys(order):
        if _is_online(name) and name not in intended:
            refusals.append(
                f"{name} must come first, or be asked for with --voice {name}"
            )
            continue
        try:
            return voice(name)
        except VoiceError as error:
            refusals.append(str(error))
    raise VoiceError(
        "\n".join(("none of the voices in line.toml can speak:", *refusals))
    )


def _is_online(name: str) -> bool:
    engine = ENGINES.get(name.partition(":")[0])
    return engine is not None and engine.is_online
