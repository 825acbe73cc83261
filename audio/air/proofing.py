"""Does the sound say the text? Every utterance is heard, and what was heard differently is noted.

Neighbours are heard as one, which is cheaper and, with the words around it, better. Whatever was
heard differently is heard again by itself, and the better hearing counts.

The figures are of 21 sentences of five words and more, in hibari's `heart`, flite's `rms` and
eSpeak's `klatt6` each, and of 187 short utterances in `heart`: as they should be, cut at 60 % of
their length, exchanged for another one, and silent.
"""

from collections.abc import Callable, Iterator
from concurrent.futures import Executor, as_completed
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import blake2b
from pathlib import Path

import msgspec

from audio.air.misheard import (
    Comparison,
    Misheard,
    compare,
    figure_by_figure,
    words_heard,
    words_of,
)
from audio.air.plan import Take
from audio.air.studio_store import StudioStore
from audio.sound.ear import MOST_S, hear
from audio.speech.pronunciations import Pronunciations
from ivr.edition.edition import SAMPLES_PER_MS, clip_name

PHONE_HZ = SAMPLES_PER_MS * 1000

OTHER = 0.7
"""With more errors a word, it is another text: at least 0.92 was measured for those, at most 0.50
for the right one."""

FEW_WORDS = 5
"""Not so with fewer words: of "press six", heard as "press X", half is wrong."""

CUT = 1
"""So many words at its beginning or end were not heard: in 62 of 63 that were cut (the other one's
last word was half there), and in none of 250 that were not. Of all 210
utterances none was refused in `heart` and `rms`, and 5 in `klatt6`, which it did not understand."""

NOTED = "heard"
"""Under which key the store keeps the hearings."""


@dataclass(frozen=True)
class Hearing:
    """What was heard of an utterance."""

    sound: str
    """A digest of the clip that was heard."""
    words: int
    """How many were said."""
    errors: int
    """How many of them were not heard, or heard differently; and how many were heard in excess."""
    is_lost: bool
    """Whether it is missing, cut, or another text."""
    misheard: tuple[Misheard, ...]
    """The words that were heard differently."""

    @property
    def error_rate(self) -> float:
        """Errors a word, 0 and more."""
        return self.errors / max(self.words, 1)


Hearings = dict[str, Hearing]
"""By the name of the take that was heard."""


@dataclass(frozen=True)
class Ear:
    """What hears, and how to read what it wrote."""

    model: Path
    """The recogniser's folder."""
    language: str
    words: Pronunciations


def listen(
    takes: list[Take],
    store: StudioStore,
    ear: Ear,
    executor: Executor,
    done: Callable[[int], object],
) -> Hearings:
    """Hear these takes in the store's clips of speed 1, and note there what was heard; by take's
    name.

    What was heard before, and has not changed since, is not heard again. `done` is called with
    how many more were heard.
    """
    known = hearings(store)
    found: Hearings = {}
    new = []
    lengths = []
    for take in takes:
        clip = _clip(take, store)
        before = known.get(take.name)
        if before and before.sound == digest(clip):
            found[take.name] = before
            done(1)
        else:
            new.append(take)
            lengths.append(len(clip))
    waiting = []
    for window in windows(new, lengths):
        waiting.append(executor.submit(_hear_stored, window, ear, store.url))
    for future in as_completed(waiting):
        heard = future.result()
        found |= heard
        done(len(heard))
    note(store, found)
    return found


def hearings(store: StudioStore) -> Hearings:
    """What was heard in this store's clips, by take's name."""
    with suppress(OSError, msgspec.MsgspecError):
        noted = store.storage.read(NOTED)
        return msgspec.json.decode(noted, type=Hearings)
    return {}


def note(store: StudioStore, new: Hearings) -> None:
    """Keep these, too. If others are noted at the same time, some are heard again later."""
    kept = hearings(store)
    together = kept | new
    if together != kept:
        store.storage.write(NOTED, msgspec.json.encode(together))


def windows(takes: list[Take], lengths: list[int]) -> Iterator[tuple[Take, ...]]:
    """Neighbours whose clips take `MOST_S` together, at most; a longer one stands alone.

    Lengths are in samples.
    """
    window: list[Take] = []
    filled = 0
    for take, length in zip(takes, lengths, strict=True):
        if window and filled + length > MOST_S * PHONE_HZ:
            yield tuple(window)
            window = []
            filled = 0
        window.append(take)
        filled += length
    if window:
        yield tuple(window)


def _hear_stored(window: tuple[Take, ...], ear: Ear, url: str) -> Hearings:
    store = StudioStore(url)
    clips = [_clip(take, store) for take in window]
    return hear_window(window, clips, ear)


def hear_window(window: tuple[Take, ...], clips: list[bytes], ear: Ear) -> Hearings:
    """Hear these as one; then each of which something was heard differently, by itself."""
    text = hear(b"".join(clips), ear.model)
    said = [words_of(take.speakable) for take in window]
    heard = words_heard(text, ear.language, ear.words)
    together = compare(said, heard)
    found = {}
    for take, clip, comparison in zip(window, clips, together, strict=True):
        hearing = _hearing(clip, comparison)
        if comparison.errors:
            alone = _alone(take, clip, ear)
            hearing = _better(hearing, alone)
        found[take.name] = hearing
    return found


def _better(together: Hearing, alone: Hearing) -> Hearing:
    """The one with fewer errors. Whether it is lost, it must tell alone: with its neighbours, the
    words of one are taken for those of another."""
    if alone.is_lost or alone.errors <= together.errors:
        return alone
    return replace(together, is_lost=False)


def _alone(take: Take, clip: bytes, ear: Ear) -> Hearing:
    """Heard by itself. A number may be written in other groups than it is said."""
    text = hear(clip, ear.model)
    said = [words_of(take.speakable)]
    found: list[Comparison] = []
    for written in (text, figure_by_figure(text)):
        heard = words_heard(written, ear.language, ear.words)
        found += compare(said, heard)
    best = min(found, key=lambda each: each.errors)
    return _hearing(clip, best)


def _hearing(clip: bytes, comparison: Comparison) -> Hearing:
    is_other = comparison.words >= FEW_WORDS and comparison.error_rate > OTHER
    return Hearing(
        sound=digest(clip),
        words=comparison.words,
        errors=comparison.errors,
        is_lost=is_other or comparison.cut >= CUT,
        misheard=comparison.misheard,
    )


def _clip(take: Take, store: StudioStore) -> bytes:
    """Its clip of speed 1; empty where it is missing or damaged."""
    return store.clip(clip_name(take.name, 1)) or b""


def digest(clip: bytes) -> str:
    """What tells a sound from others."""
    return blake2b(clip, digest_size=8).hexdigest()


def report(takes: list[Take], heard: Hearings) -> Iterator[str]:
    """What staff should know: how much was heard differently, then what is lost, then what a person
    should check, worst first."""
    hearings = [heard[take.name] for take in takes]
    words = sum(hearing.words for hearing in hearings)
    errors = sum(hearing.errors for hearing in hearings)
    share = errors / max(words, 1)
    yield f"{words:,} words were said, and {share:.1%} of them heard differently."
    doubtful = [take for take in takes if heard[take.name].errors]
    doubtful.sort(key=lambda take: _rank(heard[take.name]))
    for take in doubtful:
        hearing = heard[take.name]
        verdict = f"{_verdict(hearing)} ({hearing.error_rate:.0%})"
        yield f"{verdict}: {take.utterance!r}: {doubts(hearing)}"


def _rank(hearing: Hearing) -> tuple[bool, float]:
    """What is lost comes first, then what has most errors a word."""
    return not hearing.is_lost, -hearing.error_rate


def _verdict(hearing: Hearing) -> str:
    if hearing.is_lost:
        return "NOT HEARD"
    return "To check"


def doubts(hearing: Hearing) -> str:
    """The words that were heard differently, in words that staff read."""
    return "; ".join(_doubt(each) for each in hearing.misheard)


def _doubt(misheard: Misheard) -> str:
    if not misheard.heard:
        return f"‘{misheard.said}’ was not heard"
    if not misheard.said:
        return f"‘{misheard.heard}’ was heard, which nobody said"
    return f"‘{misheard.said}’ was heard as ‘{misheard.heard}’"
