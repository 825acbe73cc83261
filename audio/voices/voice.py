"""What a voice is: something that says speakable text, and the sound that comes of it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from ivr.errors import VoiceError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NOTHING = 0.01
"""A sound whose peak stays below this (−40 dBFS) is silence: the voice said nothing.
The noise of a silent flite peaks at 0.005, the quietest voice at 0.2 (measured)."""


@dataclass(frozen=True)
class Sound:
    """What a voice said, mono."""

    samples: "NDArray[np.float32]"
    """Within -1 to 1."""
    rate: int
    """In Hz."""


class Voice(Protocol):
    """Something that says utterances."""

    @property
    def name(self) -> str:
        """As in `line.toml`: `flite:rms`."""

    @property
    def fingerprint(self) -> str:
        """The name and the engine's version: clips made by another one are made again."""

    def say(self, text: str) -> Sound:
        """Say speakable text. Raises `VoiceError` where nothing is heard."""


def heard(samples: "NDArray[np.float32]", rate: int) -> Sound:
    """The sound. Raises `VoiceError` where there is nothing to be heard."""
    if max(samples.max(initial=0), -samples.min(initial=0)) < NOTHING:
        raise VoiceError("the voice said nothing")
    return Sound(samples, rate)
