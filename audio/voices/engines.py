"""Which engines there are, and finding a voice by its name: `engine:voice`, such as `flite:rms`.

To add an engine, write a module with an `Engine` (what is known of it), a function that finds
one of its voices, and a class that speaks; then list it in `FIND`. Nothing slow may be loaded
until a voice is found or speaks: whoever publishes unchanged words needs no voice.

Most engines run as a new process for every utterance: what eSpeak and flite's `slt` say
depends on what the same process said before, and a crash stays outside.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from audio.voices.espeak import ESPEAK, espeak
from audio.voices.flite import FLITE, flite
from audio.voices.google import GOOGLE, google
from audio.voices.hibari import HIBARI, hibari, hibari_file
from audio.voices.kokoro import KOKORO, kokoro, kokoro_file
from audio.voices.piper import PIPER, downloaded, piper
from audio.voices.silent import SILENT, silent
from audio.voices.voice import Engine, Voice
from audio.voices.voice_files import VoiceFile
from ivr.errors import VoiceError

FIND: dict[Engine, Callable[[str], Voice]] = {
    HIBARI: hibari,
    FLITE: flite,
    ESPEAK: espeak,
    SILENT: silent,
    GOOGLE: google,
    PIPER: piper,
    KOKORO: kokoro,
}
"""Each takes the part after the colon, and raises `VoiceError` for a voice that it lacks."""

PUBLISHED: dict[Engine, Callable[[str], VoiceFile]] = {
    HIBARI: hibari_file,
    KOKORO: kokoro_file,
}
"""Engines whose voices are files that we can fetch. Each takes the part after the colon."""

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


@dataclass(frozen=True)
class Offer:
    """A voice that there is, or could be."""

    name: str
    speaks: str
    """Its language, as its engine says; empty where that does not know."""
    engine: Engine
    refusal: str
    """Why it cannot speak now, and how to get it; empty if it can."""


def offers(also: Iterable[str] = ()) -> tuple[Offer, ...]:
    """Every voice that staff may choose: those that engines name, Piper's that were downloaded,
    and others that somebody uses."""
    names = []
    for engine in FIND:
        names += [f"{engine.name}:{each}" for each in engine.voices]
    names += [f"{PIPER.name}:{each}" for each in downloaded()]
    known = [name for name in also if name.partition(":")[0] in ENGINES]
    each_once = dict.fromkeys((*names, *known))
    return tuple(_offer(name) for name in each_once)


def _offer(name: str) -> Offer:
    engine_name, _, of_engine = name.partition(":")
    engine = ENGINES[engine_name]
    return Offer(
        name,
        speaks=engine.voices.get(of_engine, ""),
        engine=engine,
        refusal=refusal(name),
    )


def fetch(name: str) -> Path:
    """Bring the file of this voice here, unless it is; its path. Raises `VoiceError`."""
    engine_name, _, of_engine = name.partition(":")
    engine = ENGINES.get(engine_name)
    if engine not in PUBLISHED:
        those = ", ".join(f"{each.name}:" for each in PUBLISHED)
        raise VoiceError(
            f"{name!r} cannot be fetched in this way; only voices that begin with {those} can"
        )
    file = PUBLISHED[engine](of_engine)
    if not file.is_here():
        file.fetch()
    return file.path


def refusal(name: str) -> str:
    """Why the voice of this name cannot speak, and what to do; empty if it can."""
    try:
        voice(name)
    except VoiceError as error:
        return str(error)
    return ""


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
