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
    """What only one voice (`hibari:heart`) or one engine (`flite`) gets wrong: words, or symbols
    such as `am`."""

    def for_voice(self, name: str) -> "Pronunciations":
        """These, with what this voice needs: its own comes before that of its engine."""
        engine, _, _ = name.partition(":")
        of_engine = self.voices.get(engine, {})
        of_voice = self.voices.get(name, {})
        own = of_engine | of_voice
        words = dict(self.words)
        symbols = dict(self.symbols)
        for written, said in own.items():
            if written in symbols:
                symbols[written] = said
            else:
                words[written] = said
        return replace(self, words=words, symbols=symbols)
