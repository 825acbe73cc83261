"""A voice that hums, so that it can be heard, for as long as a person would speak."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from audio.sound.checks import least_ms
from audio.voices.voice import Engine, Sound

RATE = 16_000

HUM = Engine("hum", licence="", install="", is_anywhere=False)


def hummed(text: str) -> NDArray[np.float32]:
    """Tones that swell and fade, a fifth of a second each."""
    seconds = round(6 * (1.2 * least_ms(text) + 100) / 1000) / 6
    time = np.arange(int(seconds * RATE)) / RATE
    swell = 0.2 + np.sin(6 * np.pi * time) ** 2
    tone = np.sin(2 * np.pi * 150 * time) + 0.6 * np.sin(2 * np.pi * 450 * time + 1)
    fade = np.minimum(1, (seconds - time) / 0.02)
    return (0.2 * swell * tone * fade).astype(np.float32)


@dataclass(frozen=True)
class Hum:
    """Says nothing wrong, but for what its children do."""

    name: str = "hum:one"
    fingerprint: str = "hum:one 1"

    @property
    def engine(self) -> Engine:
        return HUM

    def say(self, text: str) -> Sound:
        return Sound(self.damaged(hummed(text), text), RATE)

    def damaged(self, samples: NDArray[np.float32], text: str) -> NDArray[np.float32]:
        return samples
