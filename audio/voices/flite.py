"""`flite:VOICE`, such as `flite:rms`: a voice of the program flite."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from audio.voices.programs import read_wav, run
from audio.voices.voice import Sound
from ivr.errors import VoiceError


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
            run([self.program, "-voice", voice, "-t", text, "-o", str(path)])
            return read_wav(path)


def flite(voice: str) -> Flite:
    """Find the program and one of the voices that are built into it."""
    program = shutil.which("flite")
    if program is None:
        raise VoiceError(
            f"the voice flite:{voice} is not installed; install flite, for example with"
            " `apt-get install flite` or `brew install flite`"
        )
    voices = run([program, "-lv"]).decode().partition(":")[2].split()
    if voice not in voices:
        raise VoiceError(f"flite has no voice {voice!r}; it has {', '.join(voices)}")
    about = run([program, "--version"], fine=(0, 1))  # flite 2.2 tells it, and exits with 1
    version = about.decode().partition("version:")[2].split("(")[0].strip()
    return Flite(f"flite:{voice}", f"flite:{voice} {version}", program)
