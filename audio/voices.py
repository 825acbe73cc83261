"""Voices: what says an utterance. Each is named `engine:voice`, such as `flite:rms`.

Every utterance is said by a fresh process, because eSpeak's sound, and that of flite's
`slt`, depends on what the same process said before; so a crash stays outside, too.
A new engine is a function from the part after the colon to a `Voice`, in `ENGINES`.
"""

import importlib.metadata
import shutil
import subprocess
import sys
import tempfile
import wave
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import espeakng_loader

from ivr.exceptions import LineError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SECONDS_TO_SAY = 30
"""How long an engine may take for one utterance; the slowest needs 0.2 s for 10 s of sound."""

NOTHING = 0.01
"""A sound whose peak stays below this (−40 dBFS) is silence: the voice said nothing.
The noise of a silent flite peaks at 0.005, the quietest voice at 0.2 (measured)."""


class VoiceError(LineError):
    """A voice is unknown, not installed, or failed. Install it, or name another."""


@dataclass(frozen=True)
class Sound:
    """What a voice said, mono."""

    samples: "NDArray[np.float32]"
    """Within -1 to 1."""
    rate: int
    """In Hz."""


class Voice(Protocol):
    """Something that says utterances."""

    @property
    def name(self) -> str:
        """As in `line.toml`: `flite:rms`."""

    @property
    def fingerprint(self) -> str:
        """The name and the engine's version: clips made by another one are made again."""

    def say(self, text: str) -> Sound:
        """Say speakable text. Raises `VoiceError` where nothing is heard."""


@dataclass(frozen=True)
class Flite:
    """A voice of the program `flite` (BSD-like licence), 16 kHz or 8 kHz."""

    name: str
    fingerprint: str
    program: str
    """Its full path."""

    def say(self, text: str) -> Sound:
        """Say it into a file: flite cannot write to a pipe."""
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "sound.wav"
            voice = self.name.removeprefix("flite:")
            _run([self.program, "-voice", voice, "-t", text, "-o", str(path)])
            return _read(path)


def flite(voice: str) -> Flite:
    """Find the program and one of the voices that are built into it."""
    program = shutil.which("flite")
    if program is None:
        raise VoiceError(
            f"the voice flite:{voice} is not installed; install flite, for example with"
            " `apt-get install flite` or `brew install flite`"
        )
    voices = _run([program, "-lv"]).decode().partition(":")[2].split()
    if voice not in voices:
        raise VoiceError(f"flite has no voice {voice!r}; it has {', '.join(voices)}")
    about = _run([program, "--version"], fine=(0, 1))  # flite 2.2 tells it, and exits with 1
    version = about.decode().partition("version:")[2].split("(")[0].strip()
    return Flite(f"flite:{voice}", f"flite:{voice} {version}", program)


@dataclass(frozen=True)
class Espeak:
    """A voice of eSpeak NG (GPL 3), from the package espeakng-loader, 22,050 Hz."""

    name: str
    fingerprint: str

    def say(self, text: str) -> Sound:
        """Say it in a process of its own, which `espeak_program` describes."""
        output = _espeak(self.name.removeprefix("espeak:"), text)
        return _sound(output[4:], int.from_bytes(output[:4], "little"))


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
    return _run(command, text, data.parent)


@dataclass(frozen=True)
class Silent:
    """Says silence of a length that is known, for tests: 16 kHz, so many ms a character."""

    ms: int

    @property
    def name(self) -> str:
        """Such as `silent:60`."""
        return f"silent:{self.ms}"

    fingerprint = name

    def say(self, text: str) -> Sound:
        """Exactly `len(text) * ms` milliseconds of silence."""
        return _sound(bytes(2 * 16 * len(text) * self.ms), 16_000, quiet=True)


def silent(ms: str) -> Silent:
    """Check the number."""
    if not (ms.isascii() and ms.isdigit() and 1 <= int(ms) <= 1000):
        raise VoiceError(f"silent:{ms} is no voice; write how many ms a character, silent:60")
    return Silent(int(ms))


def gtts(voice: str) -> Voice:
    """Google's voice, over the network: see `google`."""
    from audio.google import google  # here, as it needs this module and takes long to load

    return google(voice)


def piper(voice: str) -> Voice:
    """A neural voice, for whom it is installed: see `piper`."""
    from audio.piper import piper  # here, as above

    return piper(voice)


ENGINES: dict[str, Callable[[str], Voice]] = {
    "flite": flite,
    "espeak": espeak,
    "silent": silent,
    "gtts": gtts,
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


def _run(
    command: list[str], text: str = "", folder: Path | None = None, fine: tuple[int, ...] = (0,)
) -> bytes:
    """What the program writes. Its arguments are a list, so no shell reads them."""
    try:
        done = subprocess.run(  # noqa: S603 (see above)
            command, input=text.encode(), capture_output=True, timeout=SECONDS_TO_SAY, cwd=folder
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise VoiceError(f"{command[0]} failed: {error}") from error
    if done.returncode not in fine:
        said = done.stderr.decode(errors="replace").strip()
        raise VoiceError(f"{command[0]} failed with {done.returncode}: {said}")
    return done.stdout


def _read(path: Path) -> Sound:
    try:
        with wave.open(str(path)) as file:
            return _sound(file.readframes(file.getnframes()), file.getframerate())
    except (OSError, EOFError, wave.Error) as error:
        raise VoiceError(f"the voice left no sound behind: {error}") from error


def _sound(samples: bytes, rate: int, quiet: bool = False) -> Sound:
    """From 16-bit samples, little end first; silence only where it is meant."""
    import numpy as np  # here, because finding that nothing is to be said must be quick

    sound = np.frombuffer(samples, "<i2").astype(np.float32) / np.float32(32768)
    return Sound(sound, rate) if quiet else heard(sound, rate)


def heard(samples: "NDArray[np.float32]", rate: int) -> Sound:
    """The sound. Raises `VoiceError` where there is nothing to be heard."""
    if max(samples.max(initial=0), -samples.min(initial=0)) < NOTHING:
        raise VoiceError("the voice said nothing")
    return Sound(samples, rate)
