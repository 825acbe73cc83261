"""What a voice is: something that says speakable text, and the sound that comes of it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from ivr.errors import VoiceError

if TYPE_CHECKING:  # numpy takes 110 ms to load, and a voice can be found without it
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


SENTENCE = 100
"""Characters of a sentence: as many as the article's have on average, roughly."""


@dataclass(frozen=True)
class Cost:
    """How long one worker needs for an utterance: said, mastered at five speeds and checked.

    Measured with `rms` and `klatt6` on a machine of 2023.
    """

    ms_an_utterance: float
    ms_a_character: float

    def seconds(self, characters: int) -> float:
        """For an utterance of this many characters."""
        return (self.ms_an_utterance + self.ms_a_character * characters) / 1000


@dataclass(frozen=True)
class Engine:
    """What is known of an engine, whichever of its voices speaks."""

    name: str
    """What stands before the colon in a voice's name: `flite`."""
    licence: str
    install: str
    """How to get it, or a voice of it, as an error tells staff."""
    voices: Mapping[str, str] = field(default_factory=dict, hash=False)
    """Those that staff may choose, as they stand after the colon, and what each speaks."""
    most_s: float = 30
    """Seconds that one utterance may take; an engine that is a program is stopped then."""
    is_anywhere: bool = True
    """Whether a worker on another machine can find the voice there, by its name."""
    is_online: bool = False
    """Whether it sends the words to somebody else's computer."""
    by_a_person: bool = False
    """Whether somebody spoke: people vary more than programs."""
    says_nothing: bool = False
    """Whether it is silent on purpose."""
    cost: Cost | None = None
    """None where it has not been measured."""

    @property
    def time(self) -> str:
        """How long one worker needs for a sentence, in words."""
        if self.cost is None:
            return "not measured"
        return f"{self.cost.seconds(SENTENCE):.2g} s"


class Voice(Protocol):
    """Something that says utterances."""

    @property
    def name(self) -> str:
        """As in `line.toml`: `flite:rms`."""

    @property
    def fingerprint(self) -> str:
        """The name and the engine's version: clips made by another one are made again."""

    @property
    def engine(self) -> Engine:
        """What speaks with this voice."""

    def say(self, text: str) -> Sound:
        """Say speakable text. Raises `VoiceError` where nothing is heard."""


MOST_S = 900
"""The longest sound file that is taken, in seconds: packed silence of hours would fill the
memory."""


def heard(samples: "NDArray[np.float32]", rate: int) -> Sound:
    """The sound. Raises `VoiceError` where there is nothing to be heard."""
    highest = samples.max(initial=0)
    lowest = samples.min(initial=0)
    if max(highest, -lowest) < NOTHING:
        raise VoiceError("the voice said nothing")
    return Sound(samples, rate)
