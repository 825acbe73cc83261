"""`silent:MS`: silence of a known length, for tests."""

from dataclasses import dataclass

from audio.voices.programs import sound_of
from audio.voices.voice import Sound
from ivr.errors import VoiceError


@dataclass(frozen=True)
class Silent:
    """Says silence of a length that is known, for tests: 16 kHz, so many ms a character."""

    ms: int

    @property
    def name(self) -> str:
        """Such as `silent:60`."""
        return f"silent:{self.ms}"

    fingerprint = name

    def say(self, text: str) -> Sound:
        """Exactly `len(text) * ms` milliseconds of silence."""
        return sound_of(bytes(2 * 16 * len(text) * self.ms), 16_000, quiet=True)


def silent(ms: str) -> Silent:
    """Check the number."""
    if not (ms.isascii() and ms.isdigit() and 1 <= int(ms) <= 1000):
        raise VoiceError(f"silent:{ms} is no voice; write how many ms a character, silent:60")
    return Silent(int(ms))
