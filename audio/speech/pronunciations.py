"""How a language's short forms and marks are said, as staff wrote it."""

from dataclasses import dataclass


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
