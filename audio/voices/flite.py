"""`flite:VOICE`, such as `flite:rms`: a voice of the program flite."""

import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from audio.voices.programs import read_wav, run
from audio.voices.voice import Cost, Engine, Sound
from ivr.errors import VoiceError

FLITE = Engine(
    name="flite",
    licence="BSD-like",
    install="install flite, for example with `apt-get install flite` or `brew install flite`",
    voices={
        "rms": "American English",
        "slt": "American English",
        "awb": "Scottish English",
    },
    cost=Cost(ms_an_utterance=20, ms_a_character=0.7),
)


@dataclass(frozen=True)
class Flite:
    """A voice of flite, 16 kHz or 8 kHz."""

    name: str
    fingerprint: str
    program: str
    """Its full path."""
    engine: Engine = FLITE

    def say(self, text: str) -> Sound:
        """Say it into a file: flite cannot write to a pipe."""
        voice = self.name.removeprefix("flite:")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "sound.wav"
            command = [self.program, "-voice", voice, "-t", text, "-o", str(path)]
            run(command, FLITE.most_s)
            return read_wav(path)


def flite(voice: str) -> Flite:
    """Find the program and one of the voices that are built into it."""
    program = shutil.which("flite")
    if program is None:
        raise VoiceError(f"the voice flite:{voice} is not installed; {FLITE.install}")
    listed = run([program, "-lv"], FLITE.most_s).decode()
    voices = listed.partition(":")[2].split()
    if voice not in voices:
        raise VoiceError(f"flite has no voice {voice!r}; it has {', '.join(voices)}")
    # flite 2.2 prints its version, and exits with 1.
    about = run([program, "--version"], FLITE.most_s, fine=(0, 1))
    _, _, after = about.decode().partition("version:")
    version, _, _ = after.partition("(")
    version = version.strip()
    return Flite(f"flite:{voice}", f"flite:{voice} {version}", program)
