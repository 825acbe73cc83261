"""Where the sentences of a recording start, by its pauses and the sentences' lengths."""

import warnings
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from audio.voices.voice import Sound

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # as in `mastering`
    from pydub import AudioSegment
    from pydub.silence import detect_nonsilent

SHORTEST_MS = 200
"""A pause lasts so long at least; stops inside words are shorter."""
QUIET_DB = -16.0
"""Against the recording's mean loudness: below it is silence, and a room's noise."""
STEP_MS = 10
BLIP_MS = 120
"""What is heard for less than this between two pauses is a click or a breath, no speech."""
EDGE_MS = 150
"""Kept around a sentence, where a soft first or last sound is (up to 120 ms, measured)."""

SPREAD = 0.15
"""By how much of its expected length a sentence is usually off; synthetic voices are
within 0.09 (measured), people vary more."""
SPREAD_MS = 250
PULL = 4.0
"""How much a longer pause counts for being the end of a sentence: with both kinds of pause
spread log-normally by 0.4 to 0.5, and ends about twice as long as breaths."""
MARGIN = 2.0
"""The best way must be e² = 7 times as likely as any other."""
FARTHEST = 2.0
"""A sentence that is off by more spreads than this is another one."""

LEAST_MS, MOST_MS, SPARE_MS = 20, 300, 3000
"""A character takes so long, and all of them may take the last besides; people and voices need
40 to 120 (measured)."""

Numbers = NDArray[np.float64]


class Unclear(Exception):
    """The pauses do not tell where the sentences are; the message says why."""


def parts(sound: Sound, sizes: list[int]) -> tuple[tuple[int, int], ...]:
    """Each sentence's start and end in ms; `sizes` are their lengths in characters.

    Raises `Unclear` where there are too few pauses, two readings that fit, or far too much
    or too little for these words.
    """
    heard = _heard(sound)
    spoken = sum(end - start for start, end in heard)
    if not LEAST_MS * sum(sizes) <= spoken <= MOST_MS * sum(sizes) + SPARE_MS:
        raise Unclear(f"{spoken / 1000:.1f} s of speech are not these words")
    pauses = len(heard) - 1
    if pauses < len(sizes) - 1:
        raise Unclear(f"there are {len(sizes)} sentences, but only {pauses} pauses between them")
    places = _places(heard, sizes)
    length = len(sound.samples) * 1000 // sound.rate
    before = [0, *(end for _, end in heard)]
    after = [*(start for start, _ in heard), length]
    return tuple(
        (max(before[a], heard[a][0] - EDGE_MS), min(after[b], heard[b - 1][1] + EDGE_MS))
        for a, b in pairwise(places)
    )


def _heard(sound: Sound) -> list[tuple[int, int]]:
    """The stretches of speech between pauses, in ms."""
    samples = (sound.samples * 32767).round().astype(np.int16)
    segment = AudioSegment(samples.tobytes(), frame_rate=sound.rate, sample_width=2, channels=1)
    found = detect_nonsilent(segment, SHORTEST_MS, segment.dBFS + QUIET_DB, STEP_MS)
    speech = [(start, end) for start, end in found if end - start >= BLIP_MS]
    return speech or [(0, len(segment))]


def _places(heard: list[tuple[int, int]], sizes: list[int]) -> list[int]:
    """Which stretch each sentence starts with, in the likeliest way, then how many there are.

    The cost of a way: how far the sentences are from their expected lengths, less how long
    the pauses at their ends are. `ahead` and `behind` have the lowest cost of the sentences
    before and after a boundary, for each place where it could be, so that the cost of the
    best way is known, and that of the best other one.
    """
    spoken = np.cumsum([0, *(end - start for start, end in heard)])
    pause = np.array([after[0] - before[1] for before, after in pairwise(heard)])
    reward = np.concatenate([[0], PULL * np.log(pause), [0]])
    expected = spoken[-1] * np.array(sizes) / sum(sizes)
    taken = spoken[None, :] - spoken[:, None]  # from each place to each other, in ms
    later = np.triu(np.ones_like(taken), 1) > 0
    costs = [np.where(later, _off(taken, ms) ** 2 / 2 - reward, np.inf) for ms in expected]
    nowhere = np.full(len(spoken), np.inf)
    ahead, behind = [nowhere.copy()], [nowhere.copy()]
    ahead[0][0] = behind[0][-1] = 0
    for cost in costs[:-1]:
        ahead.append((ahead[-1][:, None] + cost).min(axis=0))
    for cost in costs[:0:-1]:
        behind.append((behind[-1] + cost).min(axis=1))
    ways = [a + b for a, b in zip(ahead[1:], behind[:0:-1], strict=True)]
    places = [0, *(int(way.argmin()) for way in ways), len(heard)]
    for way in ways:
        best, other = np.argsort(way)[:2]
        if way[other] - way[best] < MARGIN:
            at = " or ".join(f"{heard[n][0] / 1000:.1f}" for n in sorted((best, other)))
            raise Unclear(f"a sentence could start at {at} s")
    for number, ((a, b), ms) in enumerate(zip(pairwise(places), expected, strict=True), 1):
        if abs(_off(taken[a, b], ms)) > FARTHEST:
            raise Unclear(
                f"sentence {number} would take {taken[a, b] / 1000:.1f} s, where about"
                f" {ms / 1000:.1f} s was expected"
            )
    return places


def _off(taken: Numbers, expected: float) -> Numbers:
    """In spreads."""
    return (taken - expected) / (SPREAD * expected + SPREAD_MS)
