"""How a language's short forms and marks are said, as staff wrote it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class Pronunciations:
    """How a language's short forms and marks are said: as written -> as said."""

    words: dict[str, str]
    """Whole words, capitals mattering: "NHS" -> "N H S"."""
    abbreviations: dict[str, str]
    """"e.g." -> "for example", "Dr" -> "Doctor"; a full stop after one ends no sentence."""
    symbols: dict[str, str]
    """"&" -> "and", "*" -> "star", "#" -> "hash"."""
    digits: dict[str, str]
    """"0" -> "zero", and so to "9"."""
    voices: Mapping[str, dict[str, str]] = field(default_factory=dict)
    """Words that only one voice (`hibari:heart`) or one engine (`flite`) gets wrong."""

    def for_voice(self, name: str) -> "Pronunciations":
        """These, with the words of this voice: its own come before those of its engine."""
        engine = name.partition(":")[0]
        own = self.voices.get(engine, {}) | self.voices.get(name, {})
        return replace(self, words=self.words | own)
