"""`silent:MS`: silence of a known length, for tests."""

from dataclasses import dataclass

from audio.voices.voice import Cost, Engine, Sound
from ivr.errors import VoiceError

RATE = 16_000

SILENT = Engine(
    name="silent",
    licence="Apache-2.0, as part of this project",
    install="it is always there",
    says_nothing=True,
    cost=Cost(ms_an_utterance=3, ms_a_character=0.1),
)


@dataclass(frozen=True)
class Silent:
    """Says silence at 16 kHz, this many ms for each character."""

    ms: int
    engine: Engine = SILENT

    @property
    def name(self) -> str:
        """Such as `silent:60`."""
        return f"silent:{self.ms}"

    fingerprint = name

    def say(self, text: str) -> Sound:
        """Exactly `len(text) * ms` milliseconds of silence."""
        import numpy as np  # here: 110 ms, which finding a voice need not take

        length = len(text) * self.ms * RATE // 1000
        return Sound(np.zeros(length, np.float32), RATE)


def silent(ms: str) -> Silent:
    """Check the number."""
    is_number = ms.isascii() and ms.isdigit()
    if not is_number or not 1 <= int(ms) <= 1000:
        raise VoiceError(
            f"silent:{ms} is not a voice; write how many ms a character takes, 1 to 1000,"
            " such as silent:60"
        )
    return Silent(int(ms))
