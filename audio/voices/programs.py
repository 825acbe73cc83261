"""Voices that are programs: one is run for each utterance, and what it leaves is read."""

import subprocess
import wave
from pathlib import Path

from audio.voices.voice import Sound, heard
from ivr.errors import VoiceError

SECONDS_TO_SAY = 30
"""How long an engine may take for one utterance; the slowest needs 0.2 s for 10 s of sound."""


def run(
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


def read_wav(path: Path) -> Sound:
    try:
        with wave.open(str(path)) as file:
            return sound_of(file.readframes(file.getnframes()), file.getframerate())
    except (OSError, EOFError, wave.Error) as error:
        raise VoiceError(f"the voice left no sound behind: {error}") from error


def sound_of(samples: bytes, rate: int, quiet: bool = False) -> Sound:
    """From 16-bit samples, little end first; silence only where it is meant."""
    import numpy as np  # here, because finding that nothing is to be said must be quick

    sound = np.frombuffer(samples, "<i2").astype(np.float32) / np.float32(32768)
    return Sound(sound, rate) if quiet else heard(sound, rate)
