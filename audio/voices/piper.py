"""`piper:VOICE`, such as `piper:en_GB-alba-medium`: a neural voice (GPL 3), off the network.

The package piper-tts is not among the requirements, as it is large (205 MB); a voice is
two files, which staff download. Unlike the other engines it stays loaded, because loading
takes about a second a voice: longer than saying most sentences. Its sound varies a little
each time by design (a clip is named by what went into it, not by what came out).
"""

import importlib.metadata
from dataclasses import dataclass
from functools import cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

import numpy as np

from audio.voices.voice import Sound, heard
from ivr.errors import VoiceError

FOLDER = Path(__file__).resolve().parents[2] / "instance" / "voices"
"""Where voices are: `en_GB-alba-medium.onnx` and `en_GB-alba-medium.onnx.json`."""


@dataclass(frozen=True)
class Piper:
    """A voice of Piper."""

    name: str
    fingerprint: str
    model: Path

    def say(self, text: str) -> Sound:
        """Say it; Piper gives its sentences one by one."""
        voice = _loaded(self.model)
        try:
            chunks = list(voice.synthesize(text))
        except Exception as error:  # whatever its engine raises
            raise VoiceError(f"Piper cannot say it: {error}") from error
        samples = [np.asarray(chunk.audio_float_array, np.float32) for chunk in chunks]
        return heard(np.concatenate([np.zeros(0, np.float32), *samples]), voice.config.sample_rate)


def piper(voice: str, folder: Path = FOLDER) -> Piper:
    """Check that the package and the voice's files are there, and that they load."""
    try:
        version = importlib.metadata.version("piper-tts")
    except importlib.metadata.PackageNotFoundError as error:
        raise VoiceError(
            f"the voice piper:{voice} needs the package piper-tts; install it with"
            " `.venv/bin/python -m pip install -r requirements-piper.txt`"
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
            f"{model} is no voice that Piper can use ({error}); remove it, and download it with"
            f" {fetch}"
        ) from error
    return Piper(f"piper:{voice}", f"piper:{voice} {version} {digest.hexdigest()}", model)


@cache
def _loaded(model: Path) -> Any:
    """Piper's own voice object, once a process."""
    from piper import PiperVoice

    return PiperVoice.load(model)
