"""Voices that are programs: one is run for each utterance, and what it leaves is read."""

import subprocess
import wave
from pathlib import Path

from audio.voices.voice import Sound, heard
from ivr.errors import VoiceError


def run(
    command: list[str],
    most_s: float,
    text: str = "",
    folder: Path | None = None,
    fine: tuple[int, ...] = (0,),
) -> bytes:
    """What the program writes to standard output. No shell reads its arguments.

    Raises `VoiceError` where it takes longer than `most_s` seconds, or exits with a status
    that is not among `fine`.
    """
    try:
        done = subprocess.run(  # noqa: S603 (see above)
            command,
            input=text.encode(),
            capture_output=True,
            timeout=most_s,
            cwd=folder,
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise VoiceError(f"{command[0]} failed: {error}") from error
    if done.returncode not in fine:
        said = done.stderr.decode(errors="replace").strip()
        raise VoiceError(f"{command[0]} failed with {done.returncode}: {said}")
    return done.stdout


def read_wav(path: Path) -> Sound:
    """A file that a program wrote. Raises `VoiceError` where it wrote none."""
    try:
        with wave.open(str(path)) as file:
            samples = file.readframes(file.getnframes())
            return sound_of(samples, file.getframerate())
    except (OSError, EOFError, wave.Error) as error:
        raise VoiceError(f"the voice left no sound behind: {error}") from error


def sound_of(samples: bytes, rate: int) -> Sound:
    """From 16-bit samples, low byte first. Raises `VoiceError` for silence."""
    import numpy as np  # here: 110 ms, which finding a voice need not take

    whole = np.frombuffer(samples, "<i2").astype(np.float32)
    return heard(whole / np.float32(32768), rate)
