"""`espeak:VOICE`, such as `espeak:en-us+klatt6`: eSpeak NG, which comes as a wheel."""

import importlib.metadata
import sys
from dataclasses import dataclass
from pathlib import Path

import espeakng_loader

from audio.voices.programs import run, sound_of
from audio.voices.voice import Cost, Engine, Sound
from ivr.errors import VoiceError

ESPEAK = Engine(
    name="espeak",
    licence="GPL-3.0-or-later",
    install="reinstall the package espeakng-loader",
    voices={
        "en-us+klatt6": "American English",
        "en": "British English",
        "en-gb-scotland": "Scottish English",
    },
    cost=Cost(ms_an_utterance=40, ms_a_character=0.45),
)

PROGRAM = Path(__file__).with_name("espeak_program.py")


@dataclass(frozen=True)
class Espeak:
    """A voice of eSpeak NG, from the package espeakng-loader, 22,050 Hz."""

    name: str
    fingerprint: str
    engine: Engine = ESPEAK

    def say(self, text: str) -> Sound:
        """Say it in a process of its own, which `espeak_program` describes."""
        output = _espeak(self.name.removeprefix("espeak:"), text)
        rate = int.from_bytes(output[:4], "little")
        return sound_of(output[4:], rate)


def espeak(voice: str) -> Espeak:
    """Check that eSpeak takes the voice, and that its variant (after a `+`) is there."""
    version = importlib.metadata.version("espeakng-loader")
    _, plus, variant = voice.partition("+")
    folder = Path(espeakng_loader.get_data_path()) / "voices" / "!v"
    variants = {path.name for path in folder.iterdir()}
    if plus and variant not in variants:
        raise VoiceError(f"eSpeak NG has no variant {variant!r}; see {folder}")
    try:
        _espeak(voice, "")
    except VoiceError as error:
        raise VoiceError(
            f"eSpeak NG refuses the voice {voice!r}; name one that it has, such as en-us+klatt6"
            f" (British English is `en`); if it refuses them all, {ESPEAK.install}"
        ) from error
    return Espeak(f"espeak:{voice}", f"espeak:{voice} {version}")


def _espeak(voice: str, text: str) -> bytes:
    """Run the program within the data's folder: eSpeak cuts paths at 160 characters."""
    data = Path(espeakng_loader.get_data_path()).absolute()
    library = Path(espeakng_loader.get_library_path()).absolute()
    python = [sys.executable, "-I", "-S"]
    command = [*python, str(PROGRAM), str(library), data.name, voice]
    return run(command, ESPEAK.most_s, text, data.parent)
