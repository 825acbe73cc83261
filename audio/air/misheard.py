"""What was said against what was heard: one alignment of all words, then each utterance's part.

Whisper writes as people do ("£4.50", "0800 58 58"), so what it heard becomes words by the rules by
which the text did. Words that sound alike are no error ("there" for "their").
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from rapidfuzz.distance import Levenshtein

from audio.speech.pronunciations import Pronunciations
from audio.speech.speakable import speakable
from audio.voices.phonemes import sound_of


@dataclass(frozen=True)
class Misheard:
    """Words in a row that were heard differently."""

    said: str
    """Empty where something was heard that nobody said."""
    heard: str
    """Empty where nothing was heard."""


@dataclass
class Comparison:
    """What became of an utterance's words."""

    words: int
    """How many were said."""
    errors: int = 0
    """How many of them were not heard, or heard differently; and how many were heard in excess."""
    cut: int = 0
    """How many at its beginning or end were not heard, nor anything in their place."""
    misheard: tuple[Misheard, ...] = ()

    @property
    def error_rate(self) -> float:
        """Errors a word, 0 and more."""
        return self.errors / max(self.words, 1)


@dataclass(frozen=True)
class _Stretch:
    """Neighbouring words of what was said, and those that were heard in their place."""

    said: slice
    heard: slice


def words_of(spoken: str) -> list[str]:
    """The words of a speakable text: lower case, no apostrophes, hyphens apart."""
    letters = spoken.lower().replace("'", "")
    return re.findall("[a-z]+", letters)


def words_heard(text: str, language: str, words: Pronunciations) -> list[str]:
    """The words of what was heard, as the rules of speech say it: `£5` is `five pounds`."""
    return words_of(speakable(text, language, words))


def figure_by_figure(text: str) -> str:
    """What was heard with its figures apart: `116,123` is `1 1 6 1 2 3`."""
    return re.sub(r"[-–,. ]*(\d)", r" \1 ", text)


def compare(
    said: Sequence[Sequence[str]], heard: Sequence[str]
) -> tuple[Comparison, ...]:
    """Each utterance's part, where these were said one after the other and heard as one."""
    every = list(chain.from_iterable(said))
    found = tuple(Comparison(len(words)) for words in said)
    owners: list[int] = []
    for number, words in enumerate(said):
        owners.extend([number] * len(words))
    if not owners:
        return found
    for stretch in _different(every, heard):
        said_here = every[stretch.said]
        heard_here = heard[stretch.heard]
        if not _sounds_alike(said_here, heard_here):
            _note(stretch, every, heard, owners, found)
    return found


def _different(said: Sequence[str], heard: Sequence[str]) -> Iterator[_Stretch]:
    """The stretches between what was heard as it was said."""
    at_said = at_heard = 0
    codes = Levenshtein.opcodes(said, heard)
    for same in codes.as_matching_blocks():
        said_between = slice(at_said, same.a)
        heard_between = slice(at_heard, same.b)
        if same.a > at_said or same.b > at_heard:
            yield _Stretch(said_between, heard_between)
        at_said = same.a + same.size
        at_heard = same.b + same.size


def _sounds_alike(said: Sequence[str], heard: Sequence[str]) -> bool:
    """Whether these sound the same, or are the same letters in other words, as `fairy tale`."""
    same_letters = "".join(said) == "".join(heard)
    return same_letters or _sound(said) == _sound(heard)


def _sound(words: Sequence[str]) -> str:
    """Word by word: within a sentence, eSpeak says some of them weakly."""
    return "".join(map(sound_of, words))


def _note(
    stretch: _Stretch,
    said: Sequence[str],
    heard: Sequence[str],
    owners: Sequence[int],
    found: Sequence[Comparison],
) -> None:
    """Count it for each utterance that has words in it. What was heard in excess counts for the
    first one; between two, for both, as either may have it."""
    instead = heard[stretch.heard]
    start = stretch.said.start
    shares = Counter(owners[stretch.said])
    if not shares:
        before = max(0, start - 1)
        for near in owners[before : start + 1]:
            shares[near] = 0
    too_many = len(instead) - shares.total()
    excess = max(0, too_many)
    for owner, words in shares.items():
        comparison = found[owner]
        comparison.errors += words + excess
        if words:
            excess = 0
        end = start + words
        is_first = owner not in owners[:start]
        is_last = owner not in owners[end:]
        if is_first or is_last:
            unheard = words - len(instead)
            comparison.cut = max(comparison.cut, unheard)
        otherwise = Misheard(
            said=" ".join(said[start:end]),
            heard=" ".join(instead),
        )
        comparison.misheard += (otherwise,)
        start = end
