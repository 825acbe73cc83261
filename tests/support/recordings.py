"""Sound files as a person would send them."""

import io

import numpy as np
import soundfile

WELCOME = "The words of welcome."


SECTION = "First words. Second words."


def sound(*ms: int, rate: int = 16_000, format: str = "WAV", pitch: int = 200) -> bytes:
    """So many ms of speech, then of silence, and so on, in both ears."""
    parts = []
    for number, length in enumerate(ms):
        time = np.arange(length * rate // 1000) / rate
        parts.append(0.3 * np.sin(2 * np.pi * pitch * time) * (number % 2 == 0))
    mono = np.concatenate(parts)
    made = io.BytesIO()
    soundfile.write(made, np.stack([mono, mono], axis=1), rate, format=format)
    return made.getvalue()
