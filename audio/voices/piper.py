"""`piper:VOICE`, such as `piper:en_GB-alba-medium`: a neural voice, off the network.

The package piper-tts is not among the requirements, as it is large (205 MB); a voice is
two files, which staff download. Unlike the other engines it stays loaded, because loading
takes about a second a voice: longer than saying most sentences. Its sound varies a little
each time by design (a clip is named by what went into it, not by what came out).
"""

import importlib.metadata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audio.voices.folders import VOICE_FILES
from audio.voices.models import say_pieces
from audio.voices.pieces import pieces
from audio.voices.voice import Cost, Engine, Sound
from ivr.errors import VoiceError

if TYPE_CHECKING:
    from audio.voices.models import Samples

MOST_CHARACTERS = 400
"""Of a piece: 1,100 words without a comma took 229 s and 10 GB at once."""

PIPER = Engine(
    name="piper",
    licence="GPL-3.0-or-later; each voice has one of its own",
    install="install the package piper-tts with"
    " `.venv/bin/python -m pip install -r requirements-piper.txt`",
    voices={"en_GB-alba-medium": "Scottish English"},
    cost=Cost(ms_an_utterance=50, ms_a_character=3),
)


@dataclass(frozen=True)
class Piper:
    """A voice of Piper, at the rate of its model."""

    name: str
    fingerprint: str
    model: Path
    engine: Engine = PIPER

    def say(self, text: str) -> Sound:
        """Say it, in as many pieces as needed."""
        rate = _loaded(self.model).config.sample_rate
        return say_pieces(text, self._sounds, rate, PIPER.most_s)

    def _sounds(self, text: str) -> "Iterator[Samples]":
        """A piece after the other, of each its sentences."""
        for piece in pieces(text, MOST_CHARACTERS):
            for sentence in _loaded(self.model).synthesize(piece):
                yield sentence.audio_float_array


def piper(voice: str, folder: Path = VOICE_FILES) -> Piper:
    """Check that the package and the voice's files are there, and that they load."""
    try:
        version = importlib.metadata.version("piper-tts")
    except importlib.metadata.PackageNotFoundError as error:
        raise VoiceError(
            f"the voice piper:{voice} is not installed; {PIPER.install}"
        ) from error
    model = folder / f"{voice}.onnx"
    fetch = f"`.venv/bin/python -m piper.download_voices {voice} --data-dir {folder}`"
    digest = blake2b(digest_size=8)
    for path in (model, Path(f"{model}.json")):
        if not path.is_file():
            raise VoiceError(f"there is no {path}; download it with {fetch}")
        digest.update(path.read_bytes())
    try:
        _loaded(model)
    except Exception as error:  # whatever its engine raises
        raise VoiceError(
            f"{model} is not a voice that Piper can use ({error}); remove it, then download it"
            f" again with {fetch}"
        ) from error
    return Piper(
        f"piper:{voice}", f"piper:{voice} {version} {digest.hexdigest()}", model
    )


def downloaded(folder: Path = VOICE_FILES) -> list[str]:
    """The voices whose files are there."""
    files = sorted(folder.glob("*.onnx.json"))
    return [file.name.removesuffix(".onnx.json") for file in files]


@cache
def _loaded(model: Path) -> Any:
    """Piper's own voice object, once a process."""
    from piper import PiperVoice  # here: 230 ms, and it may not be installed

    return PiperVoice.load(model)
