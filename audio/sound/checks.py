"""Is a clip fit to be heard? Asked by whoever rendered it, before it is stored.

The measured figures are of 5,544 utterances: 12 voices of flite and eSpeak NG, saying all
of COPE's content, odd short texts and technical prose, at five speeds each.
"""

import re
from collections.abc import Iterator, Mapping

import numpy as np

from audio.sound.loudness import loudness
from audio.sound.mu_law import PHONE_HZ, SILENCE, Samples, from_mu_law
from audio.sound.recipe import TARGET_LUFS
from audio.voices.voice import Engine, Sound
from ivr.edition.content import Speeds

QUIETEST = 0.05
"""A clip whose peak stays below this is silent; the lowest peak measured is 0.28."""

LOUDEST = 0.9
"""Mastering lets nothing past −1 dBFS, which is 0.887 in μ-law; the next step is 0.918."""

FLAT = 0.999
FLAT_MS = 0.4
"""A voice's sound that stays within this share of its peak for so long was clipped; at most
0.25 ms is measured. Of twenty sounds that are clipped at a quarter of their peak, nineteen stay
longer."""

LU = 1.0
"""How far from the target a clip of speed 1 may be; the farthest measured is 0.4."""

DB_CHANGED = 4.0
"""How far from that the other speeds' mean level may be, as they leave out or repeat parts
of words; in LU, at most 2.9 is measured."""

END_MS = 60
"""Sound must end this close to where it should, in ms of speed 1; at most 32 is measured."""

CUT_MS = 3
CUT_DB = -26.0
"""A voice's last few ms stay this far below its peak. If they are louder, it was stopped within a
word. Nine of ten sounds that are cut at a random place are louder."""

SPELLED = re.compile(r"[A-Z]{2,}|\b(?:[A-Za-z]|[^\W\d_aeiouyAEIOUY]+)\b")
SPELLED_MS = 400
"""What a voice may name letter by letter (`SCVO`, `Grrr`), and how much longer it may take for
each letter: at most 321 ms is measured, for a W."""

VOWEL_MS = 56
LETTER_MS = 26
PAUSE_MS = 150
LESS_MS = 38
"""The least time that a text takes: this many ms for each group of vowels, each letter and each
pause within it, less `LESS_MS`. A colon counts as no pause, as hibari hurries over it. The figures
were fitted from below to the fastest voices, and are 5 % less. The shortest pauses, about 160 ms,
are hibari's in lists of short words (`zero, eight, zero, zero`), which staff may write: 170 ms
refused such a list.

Of the content's 240 utterances in `heart`, `rms`, `slt`, `awb` and `klatt6`, none is refused with
150, and the nearest is 15 % away. Cut at 60 %, 233, 214, 226, 219 and 234 are noticed; with 170 it
would be 1 more in `slt` and 5 more in `awb`."""

SLOWEST = 2
SPARE_MS = 2500
"""The most time that it takes: this many times the least, and this many ms more. Twice the least
and 2.1 s is the most that was measured (`W W W`)."""

WIDER = 2.5
"""People may be this many times faster or slower than voices."""


def clip_faults(
    text: str,
    pause_ms: int,
    engine: Engine,
    sound: Sound,
    clips: tuple[bytes, ...],
    speeds: Speeds,
) -> tuple[str, ...]:
    """What is wrong with an utterance's clips, or the sound they were made of; empty if fine.

    `text` is what the engine was given; `clips` are one a speed, each with the pause at speed 1
    divided by its speed. Every byte is a sample in μ-law, so all can be decoded: what is not
    speech shows as noise.
    """
    by_speed = dict(zip(speeds, clips, strict=True))
    found = tuple(_wrong_lengths(by_speed))
    if found or engine.says_nothing:
        return found
    speech_ms = len(by_speed[1]) / PHONE_HZ * 1000 - pause_ms
    return (
        *_implausible_length(text, speech_ms, engine),
        *_source_faults(sound, engine),
        *_sound_faults(by_speed, speech_ms),
    )


def _wrong_lengths(by_speed: Mapping[float, bytes]) -> Iterator[str]:
    """Each clip must be exactly as long as that of speed 1, divided by its speed."""
    normal = len(by_speed[1])
    for speed, clip in by_speed.items():
        expected = round(normal / speed)
        if len(clip) != expected:
            yield f"{len(clip)} samples at speed {speed:g}, not {expected}"


def _implausible_length(text: str, ms: float, engine: Engine) -> Iterator[str]:
    """Its length against its words."""
    least = least_ms(text)
    spelled = sum(len(letters) for letters in SPELLED.findall(text))
    most = SLOWEST * least + SPARE_MS + SPELLED_MS * spelled
    if engine.by_a_person:
        least /= WIDER
        most *= WIDER
    if not least <= ms <= most:
        yield (
            f"{ms / 1000:.1f} seconds of speech where {least / 1000:.1f} to {most / 1000:.1f} are"
            " plausible"
        )


def least_ms(text: str) -> float:
    """How long a speakable text takes at least, in any voice at speed 1, without its last pause,
    in ms."""
    vowels = len(re.findall("[aeiouy]+", text.lower()))
    letters = sum(character.isalpha() for character in text)
    pauses = len(re.findall("[,.;?!] ", text))
    speech_ms = VOWEL_MS * vowels + LETTER_MS * letters
    pauses_ms = PAUSE_MS * pauses
    return max(0.0, speech_ms + pauses_ms - LESS_MS)


def _source_faults(sound: Sound, engine: Engine) -> Iterator[str]:
    """What the voice itself did wrong."""
    size = np.abs(sound.samples)
    peak = size.max()
    is_flat = size > peak * FLAT  # silence is not
    if _longest_run(is_flat) > FLAT_MS * sound.rate / 1000:
        yield "clipped by the voice"
    if engine.by_a_person:
        return
    count = CUT_MS * sound.rate // 1000
    last = size[-count:].max()
    if last > peak * 10 ** (CUT_DB / 20):
        yield "cut off by the voice"


def _longest_run(is_so: "np.ndarray[tuple[int], np.dtype[np.bool_]]") -> int:
    """How many neighbours are so, at most."""
    edges = np.flatnonzero(np.diff(is_so, prepend=False, append=False))
    starts = edges[::2]
    ends = edges[1::2]
    return int((ends - starts).max(initial=0))


def _sound_faults(by_speed: Mapping[float, bytes], speech_ms: float) -> Iterator[str]:
    """What is wrong with each clip's sound, which lasts `speech_ms` at speed 1."""
    normal = from_mu_law(by_speed[1].rstrip(SILENCE))
    normal_db = _level_db(normal)
    for speed, clip in by_speed.items():
        speech = clip.rstrip(SILENCE)
        fault = _fault(from_mu_law(speech), speed, speech_ms, normal_db)
        if fault:
            yield f"{fault} at speed {speed:g}"


def _fault(samples: Samples, speed: float, speech_ms: float, normal_db: float) -> str:
    """What is wrong with one clip's speech; empty if nothing is."""
    peak = np.abs(samples).max(initial=0)
    if peak < QUIETEST:
        return "silent"
    if peak > LOUDEST:
        return "clipped"
    if speed == 1:
        off = loudness(samples, PHONE_HZ) - TARGET_LUFS
        if off > LU:
            return f"{off:.1f} LU too loud"
        if off < -LU:
            return f"{-off:.1f} LU too quiet"
    if abs(_level_db(samples) - normal_db) > DB_CHANGED:
        return "of another loudness"
    ends_ms = len(samples) * speed / PHONE_HZ * 1000
    if abs(ends_ms - speech_ms) > END_MS:
        return "truncated"
    return ""


def _level_db(samples: Samples) -> float:
    """The mean level, in dB against full scale; of nothing, as of silence, -90."""
    power = np.sum(samples**2) / max(len(samples), 1)
    return float(10 * np.log10(power + 1e-9))
