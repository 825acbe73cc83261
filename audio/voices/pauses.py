"""Where the sentences of a recording start, by its pauses and the sentences' lengths.

It loads numpy and pydub, which takes 400 ms: import it where a recording is read.
"""

import warnings
from dataclasses import dataclass
from itertools import accumulate, pairwise

import numpy as np
from numpy.typing import NDArray

from audio.voices.voice import Sound

with warnings.catch_warnings():
    # pydub warns of a missing ffmpeg, which nothing here needs, and of the module audioop.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.silence import detect_nonsilent

SHORTEST_MS = 200
"""A pause lasts at least this long; stops inside words are shorter."""

QUIET_DB = -16.0
"""Against the recording's mean loudness: below it is silence, and a room's noise."""

STEP_MS = 10

BLIP_MS = 120
"""A sound shorter than this between two pauses is a click or a breath, not speech."""

EDGE_MS = 150
"""Kept around a sentence, where a soft first or last sound is (up to 120 ms, measured)."""

SPREAD = 0.15
SPREAD_MS = 250
"""By how much of its expected length, and by how many ms besides, a sentence is usually off;
synthetic voices are within 0.09 (measured), people vary more."""

PULL = 4.0
"""How much a longer pause counts for being the end of a sentence: with both kinds of pause
spread log-normally by 0.4 to 0.5, and ends about twice as long as breaths."""

MARGIN = 2.0
"""The best way must be e² = 7 times as likely as any other."""

FARTHEST = 2.0
"""A sentence that is off by more spreads than this is another one."""

LEAST_MS = 20
MOST_MS = 300
SPARE_MS = 3000
"""A character takes 20 to 300 ms, and all of them may take 3 s besides; people and voices need
40 to 120 a character (measured)."""

Numbers = NDArray[np.float64]
Stretch = tuple[int, int]
"""A start and an end, in ms."""


class Unclear(Exception):
    """The pauses do not show where the sentences are; the message says why."""


def parts(sound: Sound, sizes: list[int]) -> tuple[Stretch, ...]:
    """Each sentence's start and end in ms; `sizes` are their lengths in characters.

    Raises `Unclear` where there are too few pauses, two readings that fit, or far too much
    or too little speech for these words.
    """
    stretches = _speech(sound)
    _check_amount(stretches, sizes)
    first = _first_stretches(stretches, sizes)
    length = len(sound.samples) * 1000 // sound.rate
    quiet_since = [0, *(end for _, end in stretches)]
    quiet_until = [*(start for start, _ in stretches), length]
    found = []
    for this, following in pairwise(first):
        start, _ = stretches[this]
        _, end = stretches[following - 1]
        begin = max(start - EDGE_MS, quiet_since[this])
        stop = min(end + EDGE_MS, quiet_until[following])
        found.append((begin, stop))
    return tuple(found)


def _speech(sound: Sound) -> list[Stretch]:
    """The stretches of speech between pauses."""
    segment = _segment(sound)
    silence_db = segment.dBFS + QUIET_DB
    speech = []
    for start, end in detect_nonsilent(segment, SHORTEST_MS, silence_db, STEP_MS):
        if end - start >= BLIP_MS:
            speech.append((start, end))
    if not speech:
        return [(0, len(segment))]
    return speech


def _segment(sound: Sound) -> AudioSegment:
    """A sound as pydub takes it."""
    whole = (sound.samples * 32767).round()
    samples = whole.astype(np.int16)
    return AudioSegment(
        samples.tobytes(),
        frame_rate=sound.rate,
        sample_width=2,
        channels=1,
    )


def _check_amount(stretches: list[Stretch], sizes: list[int]) -> None:
    """Raise `Unclear` where these words cannot be in this much speech, or so few pauses."""
    spoken = sum(_lengths(stretches))
    characters = sum(sizes)
    least = LEAST_MS * characters
    most = MOST_MS * characters + SPARE_MS
    if not least <= spoken <= most:
        raise Unclear(f"{spoken / 1000:.1f} s of speech cannot be these words")
    pauses = len(stretches) - 1
    if pauses < len(sizes) - 1:
        sentences = len(sizes)
        raise Unclear(
            f"there are {sentences} sentences, but too few pauses between them: {pauses}"
        )


def _lengths(stretches: list[Stretch]) -> list[int]:
    return [end - start for start, end in stretches]


@dataclass(frozen=True)
class _Measured:
    """A recording's stretches, as sentences are fitted to them."""

    taken: Numbers
    """The speech from each stretch's start to each other's, in ms."""
    reward: Numbers
    """How much the pause before each stretch speaks for being the end of a sentence."""
    expected: Numbers
    """How long each sentence should take, in ms."""

    def cost(self, sentence: int) -> Numbers:
        """How badly a sentence fits from each stretch to each other; infinite backwards."""
        off = _off(self.taken, self.expected[sentence])
        cost = off**2 / 2 - self.reward
        everywhere = np.ones_like(self.taken)
        forwards = np.triu(everywhere, 1) > 0
        return np.where(forwards, cost, np.inf)


def _first_stretches(stretches: list[Stretch], sizes: list[int]) -> list[int]:
    """Which stretch each sentence starts with, in the likeliest way, then how many there are.

    The cost of a way: how far the sentences are from their expected lengths, less how long
    the pauses at their ends are.
    """
    measured = _measured(stretches, sizes)
    ways = _ways(measured, len(stretches))
    for way in ways:
        _check_margin(way, stretches)
    boundaries = [int(way.argmin()) for way in ways]
    first = [0, *boundaries, len(stretches)]
    _check_lengths(first, measured)
    return first


def _measured(stretches: list[Stretch], sizes: list[int]) -> _Measured:
    lengths = _lengths(stretches)
    spoken = np.cumsum([0, *lengths])
    pauses = []
    for (_, end), (start, _) in pairwise(stretches):
        pauses.append(start - end)
    shares = np.array(sizes) / sum(sizes)
    rewards = PULL * np.log(pauses)
    return _Measured(
        taken=spoken[None, :] - spoken[:, None],
        reward=np.concatenate([[0], rewards, [0]]),
        expected=spoken[-1] * shares,
    )


def _ways(measured: _Measured, stretches: int) -> list[Numbers]:
    """For each boundary between sentences, the lowest cost of the whole if it is before each
    stretch: that of the sentences before the boundary, and that of those behind it."""
    sentences = range(len(measured.expected))
    costs = [measured.cost(sentence) for sentence in sentences]
    begin = np.full(stretches + 1, np.inf)
    begin[0] = 0
    end = np.full(stretches + 1, np.inf)
    end[-1] = 0
    but_the_last = costs[:-1]
    but_the_first = reversed(costs[1:])
    _, *before = accumulate(but_the_last, _add_before, initial=begin)
    _, *behind = accumulate(but_the_first, _add_behind, initial=end)
    pairs = zip(before, reversed(behind), strict=True)
    return [those_before + those_behind for those_before, those_behind in pairs]


def _add_before(lowest: Numbers, cost: Numbers) -> Numbers:
    """One more sentence, after those whose lowest cost is known for each end."""
    from_each_start = lowest[:, None] + cost
    return np.asarray(from_each_start.min(axis=0))


def _add_behind(lowest: Numbers, cost: Numbers) -> Numbers:
    """One more sentence, before those whose lowest cost is known for each start."""
    to_each_end = lowest + cost
    return np.asarray(to_each_end.min(axis=1))


def _check_margin(way: Numbers, stretches: list[Stretch]) -> None:
    """Raise `Unclear` where another place is nearly as likely as the best."""
    best, other, *_ = np.argsort(way)
    if way[other] - way[best] >= MARGIN:
        return
    early, late = sorted((best, other))
    early_s = stretches[early][0] / 1000
    late_s = stretches[late][0] / 1000
    raise Unclear(f"a sentence could start at {early_s:.1f} or {late_s:.1f} s")


def _check_lengths(first: list[int], measured: _Measured) -> None:
    """Raise `Unclear` where a sentence is far longer or shorter than its words."""
    places = zip(pairwise(first), measured.expected, strict=True)
    for number, (place, expected) in enumerate(places, 1):
        taken = measured.taken[place]
        off = _off(taken, expected)
        if abs(off) <= FARTHEST:
            continue
        taken_s = taken / 1000
        expected_s = expected / 1000
        raise Unclear(
            f"sentence {number} would take {taken_s:.1f} s, where about"
            f" {expected_s:.1f} s was expected"
        )


def _off(taken: Numbers, expected: float) -> Numbers:
    """How far a length is from the expected one, in spreads."""
    spread = SPREAD * expected + SPREAD_MS
    return (taken - expected) / spread
