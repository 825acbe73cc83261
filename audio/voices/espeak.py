"""`espeak:VOICE`, such as `espeak:en-us+klatt6`: eSpeak NG, which comes as a wheel."""

import importlib.metadata
import sys
from dataclasses import dataclass
from pathlib import Path

import espeakng_loader

from audio.voices.programs import run, sound_of
from audio.voices.voice import Sound
from ivr.errors import VoiceError


@dataclass(frozen=True)
class Espeak:
    """A voice of eSpeak NG (GPL 3), from the package espeakng-loader, 22,050 Hz."""

    name: str
    fingerprint: str

    def say(self, text: str) -> Sound:
        """Say it in a process of its own, which `espeak_program` describes."""
        output = _espeak(self.name.removeprefix("espeak:"), text)
        return sound_of(output[4:], int.from_bytes(output[:4], "little"))


def espeak(voice: str) -> Espeak:
    """Check that eSpeak takes the voice, and that its variant (after a `+`) is there."""
    version = importlib.metadata.version("espeakng-loader")
    variant = voice.partition("+")[2]
    variants = Path(espeakng_loader.get_data_path()) / "voices" / "!v"
    if "+" in voice and variant not in {path.name for path in variants.iterdir()}:
        raise VoiceError(f"eSpeak NG has no variant {variant!r}; see {variants}")
    try:
        _espeak(voice, "")
    except VoiceError as error:
        raise VoiceError(
            f"eSpeak NG refuses the voice {voice!r}; name one that it has, such as en-us+klatt6"
            " (British English is `en`); if it refuses all, reinstall espeakng-loader"
        ) from error
    return Espeak(f"espeak:{voice}", f"espeak:{voice} {version}")


def _espeak(voice: str, text: str) -> bytes:
    """Run the program within the data's folder: eSpeak cuts paths at 160 characters."""
    program = str(Path(__file__).with_name("espeak_program.py"))
    data = Path(espeakng_loader.get_data_path()).absolute()
    library = str(Path(espeakng_loader.get_library_path()).absolute())
    command = [sys.executable, "-I", "-S", program, library, data.name, voice]
    return run(command, text, data.parent)
