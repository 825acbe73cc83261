"""What is said in a sound? An independent recogniser hears a clip as callers do.

faster-whisper runs Whisper, which writes down whatever it hears: it knows no text beforehand.
It heard the article as the phone has it with 0.3 % of the words wrong in hibari's `heart`, 4 % in
flite's `rms`, 12 % in eSpeak's `klatt6` (model `base`). Hearing costs 1.0 to 1.4 s of a processor,
for a second of sound as for 28, and 0.4 GB of memory.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from audio.voices.voice import Voice
from ivr.errors import ListenError

RATE = 16_000
"""What the recogniser takes, in Hz."""

MODEL = "base"
"""The library's name of the model that it downloads where no folder is named: 145 MB."""

NEEDED = ("model.bin", "config.json", "tokenizer.json")
"""What must be in a model's folder; without its tokenizer, one would be downloaded."""

MOST_S = 28
"""This much sound is heard at once: Whisper listens to 30 s, and there is a pause around it."""

AROUND_S = 0.5
"""The pause before and after: a word at the very edge is missed otherwise."""


def can_hear(language: str, voice: Voice) -> bool:
    """Whether it can be relied on: it was measured in English."""
    is_english = language.partition("-")[0] == "en"
    return is_english and not voice.engine.says_nothing


def ear_model(folder: Path | None) -> Path:
    """The model's folder: this one, else the library's own, which is downloaded once.

    Raises `ListenError` where the package or the model is missing.
    """
    if not find_spec("faster_whisper"):
        raise ListenError(
            "listening needs the package faster-whisper; install it with"
            " `.venv/bin/python -m pip install -r requirements-listen.txt`"
        )
    if folder is None:
        return _downloaded()
    for name in NEEDED:
        if not (folder / name).is_file():
            raise ListenError(
                f"EAR_MODEL: {folder} has no file {name}; name the folder of a Whisper model"
                " in faster-whisper's format"
            )
    return folder


def _downloaded() -> Path:
    from faster_whisper import download_model  # here: 1 s, and it may not be installed

    try:
        return Path(download_model(MODEL))
    except OSError as error:
        raise ListenError(
            f"the recogniser's model cannot be downloaded ({error}); put one into a folder,"
            " and name it with EAR_MODEL"
        ) from error


def hear(clip: bytes, model: Path) -> str:
    """What is heard in a clip (8 kHz μ-law, `MOST_S` at most) in English; empty for silence."""
    import numpy as np  # here: these three take 400 ms, and only who listens needs them
    import soxr  # type: ignore[import-untyped]

    from audio.sound.mu_law import PHONE_HZ, from_mu_law

    samples = soxr.resample(from_mu_law(clip), PHONE_HZ, RATE)
    around = np.zeros(round(AROUND_S * RATE), np.float32)
    segments, _ = _recogniser(model).transcribe(
        np.concatenate((around, samples, around)),
        language="en",
        temperature=0,
        condition_on_previous_text=False,
        without_timestamps=True,
    )
    return " ".join(segment.text.strip() for segment in segments)


@cache
def _recogniser(model: Path) -> Any:
    """It stays loaded; loading takes half a second. Nothing but the folder is read."""
    from faster_whisper import WhisperModel  # here: 1 s, and it may not be installed

    return WhisperModel(
        str(model),
        device="cpu",
        compute_type="int8",
        cpu_threads=1,
        local_files_only=True,
    )
