"""Is a clip fit to be heard? Asked by whoever rendered it, before it is stored.

The measured figures are of 5,544 utterances: 12 voices of flite and eSpeak NG, saying all
of COPE's content, odd short texts and technical prose, at five speeds each.
"""

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import numpy as np

from audio.sound.loudness import loudness
from audio.sound.mastering import PHONE_HZ, SILENCE, Samples
from audio.sound.recipe import TARGET_LUFS
from audio.voices.voice import Sound

if TYPE_CHECKING:
    from audio.air.plan import Take

QUIETEST = 0.05
"""A clip whose peak stays below this is silent; the lowest peak measured is 0.28."""

LOUDEST = 0.9
"""Mastering lets nothing past −1 dBFS, which is 0.887 in μ-law; the next step is 0.918."""

FLAT, FLAT_MS = 0.999, 0.4
"""A voice's sound that stays so near to its peak for so long was clipped; at most 0.25 ms
is measured. Nineteen of twenty sounds that are clipped at a quarter of their peak stay longer."""

LU = 1.0
"""How far from the target a clip of speed 1 may be; the farthest measured is 0.4."""

DB_CHANGED = 4.0
"""How far from that the other speeds' mean level may be, as they leave out or repeat parts
of words; in LU, at most 2.9 is measured."""

END_MS = 60
"""Sound must end so near to where it should, in ms of speed 1; at most 32 is measured."""

CUT_MS, CUT_DB = 3, -26.0
"""A voice's last so many ms stay so far below its peak; louder, it was stopped in a word.
Nine of ten sounds that are cut at a random place are louder."""

SPELLED = re.compile(r"[A-Z]{2,}|\b(?:[A-Za-z]|[^\W\d_aeiouyAEIOUY]+)\b")
SPELLED_MS = 400
"""What a voice may name letter by letter (`SCVO`, `Grrr`), and how much longer it may take for
each: at most 321 ms is measured, a W."""

WIDER = 2.5
"""People may be so many times faster or slower than voices."""


def faults(take: "Take", sound: Sound, clips: tuple[bytes, ...], speeds: tuple[float, ...]) -> str:
    """What is wrong with an utterance's clips, or the sound they were made of; empty if fine.

    Every byte is a sample in μ-law, so all can be decoded: what is no speech shows as noise.
    """
    normal = clips[speeds.index(1)]
    found = [
        f"{len(clip)} samples at speed {speed:g}, not {len(normal) / speed:.0f}"
        for clip, speed in zip(clips, speeds, strict=True)
        if len(clip) != round(len(normal) / speed)
    ]
    if not found and not take.voice.name.startswith("silent:"):  # it is for tests, and says nothing
        by_a_person = take.voice.name.startswith("recording:")
        speech_ms = len(normal) / PHONE_HZ * 1000 - take.pause_ms
        found += _length(take.speakable, speech_ms, WIDER if by_a_person else 1)
        found += _source(sound, by_a_person)
        level = _level(decoded(normal.rstrip(SILENCE)))
        for clip, speed in zip(clips, speeds, strict=True):
            found += (f"{what} at speed {speed:g}" for what in _clip(clip, speed, speech_ms, level))
    return ", ".join(found)


def _length(text: str, ms: float, wider: float) -> Iterator[str]:
    """Its length against its words."""
    spelled = sum(map(len, SPELLED.findall(text)))
    most = 2 * least_ms(text) + 2500 + SPELLED_MS * spelled
    least, most = least_ms(text) / wider, most * wider
    if not least <= ms <= most:
        yield (
            f"{ms / 1000:.1f} seconds of speech where {least / 1000:.1f} to {most / 1000:.1f} are"
            " plausible"
        )


def least_ms(text: str) -> float:
    """How long a speakable text takes at least, in any voice at speed 1, without its last pause.

    Groups of vowels, letters, and the pauses within, fitted from below to the fastest voices;
    5 % less than what is measured. The most that is measured is twice that, and 2.1 s (`W W W`).
    """
    vowels = len(re.findall("[aeiouy]+", text.lower()))
    letters = sum(character.isalpha() for character in text)
    pauses = len(re.findall("[,.;:?!] ", text))
    return max(0.0, 56 * vowels + 26 * letters + 262 * pauses - 38)


def _source(sound: Sound, by_a_person: bool) -> Iterator[str]:
    """What the voice itself did wrong."""
    size = np.abs(sound.samples)
    peak = size.max(initial=0)
    edges = np.flatnonzero(np.diff(size >= peak * FLAT, prepend=False, append=False))
    if (edges[1::2] - edges[::2]).max(initial=0) > FLAT_MS * sound.rate / 1000:
        yield "clipped by the voice"
    last = size[-(CUT_MS * sound.rate // 1000) :].max(initial=0)
    if not by_a_person and last > peak * 10 ** (CUT_DB / 20):
        yield "cut off by the voice"


def _clip(clip: bytes, speed: float, speech_ms: float, level: float) -> Iterator[str]:
    """What is wrong with one clip; `level` is that of speed 1."""
    speech = clip.rstrip(SILENCE)
    samples = decoded(speech)
    peak = np.abs(samples).max(initial=0)
    if peak < QUIETEST:
        yield "silent"
    elif peak > LOUDEST:
        yield "clipped"
    elif speed == 1 and abs(off := loudness(samples, PHONE_HZ) - TARGET_LUFS) > LU:
        yield f"{abs(off):.1f} LU too {'loud' if off > 0 else 'quiet'}"
    elif abs(_level(samples) - level) > DB_CHANGED:
        yield "of another loudness"
    elif abs(len(speech) * speed / PHONE_HZ * 1000 - speech_ms) > END_MS:
        yield "truncated"


def _level(samples: Samples) -> float:
    """In dB."""
    return float(10 * np.log10(np.mean(samples**2) + 1e-9)) if len(samples) else -90.0


def decoded(clip: bytes) -> Samples:
    """A clip's samples, within -1 to 1, by the table of G.711 and not by what wrote it."""
    return MU_LAW[np.frombuffer(clip, np.uint8)]


def _mu_law() -> Samples:
    """What each byte means: inverted, a sign, 3 bits of exponent, 4 of mantissa."""
    bits = ~np.arange(256, dtype=np.uint8)
    size = ((bits & 15).astype(np.int32) * 8 + 132 << (bits >> 4 & 7)) - 132
    return (np.where(bits & 128, -size, size) / 32768).astype(np.float32)


MU_LAW = _mu_law()
