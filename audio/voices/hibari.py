"""`hibari:VOICE`, such as `hibari:heart`: a small neural voice, off the network.

`heart` is inside the package. Each other voice is a file of 8 MB, which staff fetch once. The
package would fetch it whenever it is missing, so it is always told which file to load: to
render, no network is opened.

The model stays loaded: loading takes half a second, a sentence a twentieth of one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audio.voices.folders import VOICE_FILES
from audio.voices.models import say_pieces
from audio.voices.pieces import pieces
from audio.voices.voice import Cost, Engine, Sound
from audio.voices.voice_files import VoiceFile
from ivr.errors import VoiceError

if TYPE_CHECKING:
    from audio.voices.models import Samples

RATE = 24_000

MOST_PHONEMES = 400
"""Of a piece. 1,100 words without a comma take 3 s and 400 MB so; at once, 65 s and 2 GB."""

SEED = 0
"""Of the noise in the sound, so that a text has the same sound each time."""

THREADS = 1
"""Of onnxruntime. Two give other bytes than one (23 of 80 sounds, measured)."""

PACKAGES = ("hibari-tts", "onnxruntime", "numpy")
"""Those that make the sound: another version may make another one."""

HIBARI = Engine(
    name="hibari",
    licence="Apache-2.0",
    install="install its packages with `.venv/bin/python -m pip install -r requirements.txt`;"
    " where that brings no onnxruntime (Intel Macs from Python 3.14 on), another voice must read",
    voices={
        "heart": "American English",
        "emma": "British English",
        "fable": "British English",
    },
    cost=Cost(ms_an_utterance=25, ms_a_character=0.55),
)


@dataclass(frozen=True)
class Hibari:
    """A voice of hibari, 24 kHz."""

    name: str
    fingerprint: str
    model: Path
    engine: Engine = HIBARI

    def say(self, text: str) -> Sound:
        """Say it, in as many pieces as needed."""
        return say_pieces(text, self._sounds, RATE, HIBARI.most_s)

    def _sounds(self, text: str) -> "Iterator[Samples]":
        """A sentence after the other, long ones in pieces."""
        model = _loaded(self.name.removeprefix("hibari:"), self.model)
        for sentence in model.phonemize(text):
            for piece in pieces(sentence, MOST_PHONEMES):
                yield model.from_phonemes(piece, seed=SEED)


def hibari(voice: str, folder: Path = VOICE_FILES) -> Hibari:
    """Check that the packages are there, and the voice's file, as it was published."""
    versions = [f"{package} {_version(package, voice)}" for package in PACKAGES]
    file = hibari_file(voice, folder)
    made_by = (*versions, file.sha256[:16], f"pieces of {MOST_PHONEMES}")
    fingerprint = f"{file.voice} {', '.join(made_by)}"
    return Hibari(file.voice, fingerprint, file.check())


def hibari_file(voice: str, folder: Path = VOICE_FILES) -> VoiceFile:
    """A voice's file: `heart` has it inside the package. Raises `VoiceError`."""
    _version("hibari-tts", voice)
    from hibari.voices import ASSETS, BASE_URL, VOICES  # here: 110 ms, with numpy

    if voice not in VOICES:
        raise VoiceError(f"hibari has no voice {voice!r}; it has {', '.join(VOICES)}")
    name = VOICES[voice]["file"]
    path = folder / f"hibari-{name}"
    if VOICES[voice].get("bundled"):
        path = Path(ASSETS) / name
    digest = VOICES[voice]["sha256"]
    return VoiceFile(f"hibari:{voice}", f"{BASE_URL}{name}", digest, path)


def _version(package: str, voice: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError as error:
        raise VoiceError(
            f"the voice hibari:{voice} is not installed, as {package} is missing;"
            f" {HIBARI.install}"
        ) from error


@cache
def _loaded(voice: str, model: Path) -> Any:
    """The package's own object, once a process."""
    from hibari import Hibari as Model  # here: 250 ms, with onnxruntime

    _count_with_numpy()
    return Model(voice, str(model), THREADS)


def _count_with_numpy() -> None:
    """The package takes scipy where there is one, which gives other bytes than numpy: so it
    gets numpy's functions, as it has them itself where there is no scipy."""
    import numpy as np
    from hibari import dsp

    def rfft(x: "Samples", axis: int) -> Any:
        return np.fft.rfft(x, axis=axis).astype(np.complex64)

    def irfft(x: Any, n: int, axis: int) -> "Samples":
        return np.fft.irfft(x, n=n, axis=axis).astype(np.float32)

    dsp.rfft = rfft
    dsp.irfft = irfft
