"""Finds the keys that a caller meant: compares their words with what they may say, by likeness.

A recogniser writes what it hears: "won" for one, "samaritan's" for Samaritans, with or without
capitals and full stops. So the comparison ignores these, and what people say around what they mean,
and goes by likeness.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product

from rapidfuzz import fuzz

from ivr.call.steps import REPEAT
from ivr.edition.vocabulary import Vocabulary

MaySay = Mapping[str, Iterable[str]]
"""By key: the wordings that choose it."""

EXACT = 100.0
"""The likeness of words that differ only in order and spaces. With less, the line dials nobody:
"no" before a long wording hardly changes its likeness."""

LIKE = 80.0
"""The least likeness at which a wording may be meant: "sam ritans" has 95, "narcotics" for
Alcoholics Anonymous has 55 (measured)."""

A_PART = 0.9
"""The score if everything that was said is part of a wording, or the other way round."""

NEAR = 10.0
"""If the likenesses of two wordings differ by less, either may be meant."""

MOST_HINTS = 500
HINT_CHARACTERS = 100
"""What a provider takes of hints, and of one of them
(https://www.twilio.com/docs/voice/twiml/gather#hints)."""

SPELLED = re.compile(r"(?<=\b[^\W\d]) (?=[^\W\d]\b)|(?<=\b\d) (?=\d\b)")
"""The spaces between letters, or between figures, that are said one by one."""


@dataclass(frozen=True)
class Understood:
    """Which keys somebody may have meant."""

    keys: tuple[str, ...] = ()
    """One if that is clear, two if it may be either, none if it was not understood."""
    is_sure: bool = False
    """Whether it is certain, so that the line may dial somebody."""


NOTHING = Understood()


def understand(words: str, may_say: MaySay, vocabulary: Vocabulary) -> Understood:
    """Which keys `words` mean, if these wordings may be said besides the keys' own names."""
    named = _key_named(words, vocabulary)
    if named:
        return Understood((named,), is_sure=True)
    tries = _tries(words, vocabulary.filler, vocabulary)
    alike = sorted(_likenesses(tries, may_say, vocabulary), reverse=True)
    likely = [each for each in alike if each.score >= LIKE]
    if not likely:
        return NOTHING
    best, *others = likely
    near = _near(best, others)
    if not near:
        is_sure = best.whole == EXACT
        return Understood((best.key,), is_sure)
    nearest = (best.key, near[0].key)
    if REPEAT in nearest:  # which harms nobody
        return Understood((REPEAT,))
    return Understood(nearest)


def is_one_of(words: str, wordings: Iterable[str], vocabulary: Vocabulary) -> bool:
    """Whether this is what was said, and nothing else."""
    tries = _tries(words, vocabulary.filler, vocabulary)
    return _is_among(tries, wordings, vocabulary)


def _is_among(tries: set[str], wordings: Iterable[str], vocabulary: Vocabulary) -> bool:
    """Whether what was said is one of these wordings, to the letter."""
    return any(_plain(wording, vocabulary) in tries for wording in wordings)


def hints(may_say: MaySay, vocabulary: Vocabulary) -> tuple[str, ...]:
    """What a recogniser should expect: all wordings, then each key's name."""
    expected: dict[str, None] = {}
    first_names = (names[:1] for names in vocabulary.keys.values())
    for wording in chain(*may_say.values(), *first_names):
        words = wording.replace(",", " ").split()
        hint = " ".join(words)
        if len(hint) <= HINT_CHARACTERS:
            expected[hint] = None
    return tuple(expected)[:MOST_HINTS]


@dataclass(frozen=True, order=True)
class _Likeness:
    """How alike what was said and one key's wordings are, each from 0 to 100."""

    score: float
    """Counting parts."""
    whole: float
    """Of all that was said, and of all of the wording."""
    key: str


def _near(best: _Likeness, others: list[_Likeness]) -> list[_Likeness]:
    """Those that may have been meant as well; beside an exact one, only what is as exact."""
    if best.score == EXACT:
        return [each for each in others if each.score == EXACT]
    return [each for each in others if best.score - each.score < NEAR]


def _likenesses(
    tries: set[str], may_say: MaySay, vocabulary: Vocabulary
) -> Iterator[_Likeness]:
    for key, wordings in may_say.items():
        whole = 0.0
        part = 0.0
        plain = [_plain(each, vocabulary) for each in wordings]
        for said, wording in product(tries, plain):
            whole = max(whole, _whole(said, wording))
            part = max(part, _part(said, wording))
        yield _Likeness(max(whole, part), whole, key)


def _whole(said: str, wording: str) -> float:
    """In any order, or split: "child line" is Childline."""
    in_any_order: float = fuzz.token_sort_ratio(said, wording)
    said_joined = said.replace(" ", "")
    wording_joined = wording.replace(" ", "")
    without_spaces: float = fuzz.ratio(said_joined, wording_joined)
    return max(in_any_order, without_spaces)


def _part(said: str, wording: str) -> float:
    """If all words of one are among the other's."""
    alike: float = fuzz.token_set_ratio(said, wording)
    return alike * A_PART


def _key_named(words: str, vocabulary: Vocabulary) -> str | None:
    """The key whose name was said, with no other words that mean anything."""
    beside = (*vocabulary.filler, *vocabulary.beside_keys)
    tries = _tries(words, beside, vocabulary)
    for key, names in vocabulary.keys.items():
        if _is_among(tries, names, vocabulary):
            return key
    return None


def _tries(words: str, filler: Iterable[str], vocabulary: Vocabulary) -> set[str]:
    """What was said, as it is and without filler."""
    said = _plain(words, vocabulary)
    longest_first = sorted(filler, key=len, reverse=True)
    any_filler = "|".join(_plain(each, vocabulary) for each in longest_first)
    bare = re.sub(rf"\b(?:{any_filler})\b", " ", said)
    bare = " ".join(bare.split())
    return {said, bare} - {""}


def _plain(text: str, vocabulary: Vocabulary) -> str:
    """A text as words alone: without capitals, signs and apostrophes, numbers in figures, and
    single letters or figures together, as in "N H S" and "one one one"."""
    words = re.sub(r"['’]", "", text.casefold())
    words = re.sub(r"[\W_]+", " ", words)
    in_figures = [vocabulary.figures.get(word, word) for word in words.split()]
    return SPELLED.sub("", " ".join(in_figures))
