"""Every clip is checked before it is stored: what is damaged is made again, then named."""

import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from audio.air.plan import Take, missing, plan
from audio.air.render import render
from audio.air.studio_store import StudioStore
from audio.sound.checks import clip_faults, least_ms
from audio.sound.mastering import master
from audio.sound.mu_law import from_mu_law, to_mu_law
from audio.sound.recipe import pause_ms
from audio.voices.engines import voice
from audio.voices.person import RECORDING
from audio.voices.voice import Engine, Sound, Voice
from audio.words.source import load
from ivr.errors import RenderError
from tests.support.hum import HUM, RATE, Hum, hummed
from tests.support.small_content import write

SPEEDS = (0.75, 1.0, 1.25, 1.5, 2.0)
NORMAL = SPEEDS.index(1)
TEXT = "Whereas a group of people getting together to plan a cake will help produce delight."
ODD = (
    *(
        "A",
        "Yes?",
        "N H S",
        "W W W",
        "Hmm.",
        "twelfths",
        "For Calm,",
        "www dot cope dot org",
    ),
    "We work with GCVS, SCVO, HSCP and NHSGGC.",
    "SCVO, BBC, NHS, GP, ADHD, PTSD, EHRC and HSCP.",
    "The MSPs, MPs, PhDs and HSCPs met.",
    "A B C D E F G H I J K L M N O P Q R S T U V W X Y Z.",
    "Grrrrrrrrrrrrrrr, WWWWWWWW.",
)
Samples = NDArray[np.float32]
needs_flite = pytest.mark.skipif(
    not shutil.which("flite"), reason="flite is not installed"
)


def take(text: str, voice: Voice | None = None) -> Take:
    return Take(text, text, voice or Hum(), pause_ms(text))


def found(text: str, sound: Sound, engine: Engine = HUM) -> str:
    """What is wrong where an engine gave this sound for the text."""
    clips = master(sound, pause_ms(text), SPEEDS)
    return ", ".join(clip_faults(text, pause_ms(text), engine, sound, clips, SPEEDS))


def wrong(samples: Samples, text: str = TEXT, engine: Engine = HUM) -> str:
    """What is found where a voice gave these samples for the text."""
    return found(text, Sound(samples, RATE), engine)


def wrong_clip(
    damage: Callable[[bytes], bytes], speed: float = 1, text: str = TEXT
) -> str:
    """What is found where one clip is damaged after it was made."""
    sound = Hum().say(text)
    clips = master(sound, pause_ms(text), SPEEDS)
    damaged = tuple(
        damage(c) if s == speed else c for c, s in zip(clips, SPEEDS, strict=True)
    )
    return ", ".join(clip_faults(text, pause_ms(text), HUM, sound, damaged, SPEEDS))


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        *("espeak:en-us+klatt6", "espeak:en", "espeak:en-gb-scotland"),
        *(pytest.param(f"flite:{n}", marks=needs_flite) for n in ("rms", "slt", "kal")),
    ],
)
def test_no_good_clip_is_refused(name: str) -> None:
    reader = voice(name)
    for text in (TEXT, *ODD):
        assert found(text, reader.say(text), reader.engine) == ""


def test_a_voice_that_hurries_through_a_list_is_not_refused() -> None:
    reader = voice("hibari:heart")
    for text in ("zero, eight, zero, zero, one, one, one, one.", "In, on, at, by, to."):
        assert found(text, reader.say(text), reader.engine) == ""


@pytest.mark.parametrize(
    "name", ["espeak:en-us+klatt6", pytest.param("flite:rms", marks=needs_flite)]
)
@pytest.mark.parametrize("kept", [0.3, 0.6])
def test_a_voice_that_stops_in_the_middle_is_noticed(name: str, kept: float) -> None:
    sound = voice(name).say(TEXT)
    cut = Sound(sound.samples[: int(len(sound.samples) * kept)], sound.rate)
    assert "seconds of speech where" in found(TEXT, cut, voice(name).engine)


words = st.text("abcdefghijklmnopqrstuvwxyz ,.", min_size=1, max_size=300)


@settings(max_examples=30, deadline=None)
@given(words)
def test_a_cut_to_three_fifths_is_noticed_whatever_the_words(text: str) -> None:
    samples = hummed(text)
    if least_ms(text) > 500:
        assert wrong(samples, text) == ""
        assert wrong(samples[: len(samples) * 3 // 5], text)


@given(words, words)
def test_more_words_never_take_less_time(some: str, more: str) -> None:
    assert least_ms(f"{some} {more}") >= least_ms(some) >= 0


def test_a_word_cut_short_is_noticed_by_its_end() -> None:
    samples = hummed("Yes.")
    assert wrong(samples[:-800], "Yes.") == "cut off by the voice"


def test_clipping_silence_and_a_sound_without_end_are_noticed() -> None:
    samples = hummed(TEXT)
    assert "clipped by the voice" in wrong(
        np.clip(4 * samples, -0.9, 0.9).astype(np.float32)
    )
    endless = "15.3 seconds of speech where 3.1 to 9.5 are plausible"
    assert wrong(np.tile(samples, 4)) == endless
    silent = ", ".join(f"silent at speed {speed:g}" for speed in SPEEDS)
    assert wrong(np.zeros_like(samples)) == silent


def silence(clip: bytes) -> bytes:
    return b"\xff" * len(clip)


def cut(clip: bytes) -> bytes:
    return clip[: len(clip) * 3 // 5]


def half(clip: bytes) -> bytes:
    return clip[: len(clip) // 2].ljust(len(clip), b"\xff")


def quieter(clip: bytes) -> bytes:
    """A step of the exponent, 6 dB, down; an exponent of 0 stays."""
    return bytes(b + 16 if (~b & 0x70) else b for b in clip)


def without_pause(clip: bytes) -> bytes:
    return (clip[: len(clip) // 2 + 1] * 2)[: len(clip)]


@pytest.mark.parametrize("speed", SPEEDS)
@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (silence, "silent at speed"),
        (cut, "samples at speed"),
        (half, "truncated at speed"),
        (without_pause, "truncated at speed"),
        (lambda clip: b"", "samples at speed"),
        (lambda clip: clip + clip, "samples at speed"),
        (lambda clip: bytes(range(256)) * (len(clip) // 256 + 1), "samples at speed"),
    ],
)
def test_a_damaged_clip_is_noticed_at_every_speed(
    damage: Callable[[bytes], bytes], told: str, speed: float
) -> None:
    assert told in wrong_clip(damage, speed)


@pytest.mark.parametrize("speed", SPEEDS)
@given(seed=st.integers(0, 2**32 - 1))
@settings(max_examples=5, deadline=None)
def test_garbage_is_noticed_at_every_speed(speed: float, seed: int) -> None:
    garbage = np.random.default_rng(seed)
    assert "clipped at speed" in wrong_clip(
        lambda clip: garbage.bytes(len(clip)), speed
    )


def test_a_clip_that_is_too_quiet_is_noticed() -> None:
    assert "LU too quiet at speed 1" in wrong_clip(quieter)
    assert "of another loudness at speed 2" in wrong_clip(quieter, 2)


def test_people_may_be_fast_or_slow_and_stop_at_once() -> None:
    samples = hummed(TEXT)
    fast = samples[::2]
    assert "seconds of speech where" in wrong(fast)
    assert wrong(fast, engine=RECORDING) == ""
    slow = np.repeat(samples, 3)
    assert "seconds of speech where" in wrong(slow)
    assert wrong(slow[:-400], engine=RECORDING) == ""
    assert "seconds of speech where" in wrong(samples[:RATE], engine=RECORDING)


@dataclass(frozen=True)
class Stumbles(Hum):
    """Stops in the middle of a sentence the first few times that it is asked."""

    folder: Path = Path()
    times: int = 1

    def damaged(self, samples: Samples, text: str) -> Samples:
        asked = self.folder / f"{text[:9]} {len(list(self.folder.iterdir()))}"
        asked.touch()
        is_again = len(list(self.folder.glob(f"{text[:9]} *"))) > self.times
        return samples if is_again else samples[: len(samples) * 3 // 5]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "asked").mkdir()
    return tmp_path / "asked"


def test_a_voice_that_fails_once_and_then_is_right_is_aired(
    tmp_path: Path, folder: Path
) -> None:
    store, said = StudioStore(tmp_path / "store"), take(TEXT, Stumbles(folder=folder))
    with ThreadPoolExecutor(1) as pool:
        render([said], store, SPEEDS, pool)
    assert missing({"en": {TEXT: said}}, store, SPEEDS) == ()
    assert len(list(folder.iterdir())) == 2


def test_a_voice_that_goes_on_failing_is_named_with_all_that_it_failed_at(
    tmp_path: Path, folder: Path
) -> None:
    store = StudioStore(tmp_path / "store")
    bad, good = Stumbles(folder=folder, times=9), Hum()
    takes = [take(text, bad) for text in (TEXT, TEXT.upper())] + [
        take("It is fine.", good)
    ]
    with ThreadPoolExecutor(1) as pool, pytest.raises(RenderError) as error:
        render(takes, store, SPEEDS, pool)
    told = str(error.value).splitlines()
    assert len(told) == 2
    assert told[0].startswith(f"{TEXT!r} (said as {TEXT!r} by hum:one): ")
    assert "seconds of speech where" in told[0]
    assert len(list(folder.iterdir())) == 4, "each is made twice, and no more"
    assert missing({"en": {t.utterance: t for t in takes}}, store, SPEEDS) == tuple(
        takes[:2]
    )


def test_the_voice_for_tests_may_be_silent(tmp_path: Path) -> None:
    takes = plan(load(write(tmp_path)), {"en": voice("silent:3")})
    store = StudioStore(tmp_path / "store")
    with ThreadPoolExecutor(1) as pool:
        render(missing(takes, store, SPEEDS), store, SPEEDS, pool)
    assert missing(takes, store, SPEEDS) == ()


# A little on either side of each limit

QUIET = b"\xff"


def louder(clip: bytes, decibels: float) -> bytes:
    """So much louder, as long as before."""
    pause = len(clip) - len(clip.rstrip(QUIET))
    heard = to_mu_law(from_mu_law(clip) * np.float32(10 ** (decibels / 20)))
    return heard[: len(clip) - pause] + QUIET * pause


def with_peak(clip: bytes, peak: float) -> bytes:
    """Just so loud that its loudest moment is this."""
    now = np.abs(from_mu_law(clip)).max()
    return louder(clip, 20 * np.log10(peak / now))


def ended_early(clip: bytes, ms: float, speed: float) -> bytes:
    """With silence in place of the last milliseconds of speech, counted at speed 1."""
    heard = clip.rstrip(QUIET)
    kept = len(heard) - round(ms * 8 / speed)
    return heard[:kept].ljust(len(clip), QUIET)


@pytest.mark.parametrize(
    ("decibels", "told"),
    [
        *((0.6, ""), (-0.6, "")),
        *((1.5, "LU too loud at speed 1"), (-1.5, "LU too quiet at speed 1")),
    ],
)
def test_speech_is_as_loud_as_any_other_within_a_decibel(
    decibels: float, told: str
) -> None:
    found = wrong_clip(lambda clip: louder(clip, decibels))
    assert found.lstrip("0123456789. ") == told


@pytest.mark.parametrize(
    ("decibels", "told"), [(-3.8, ""), (-5.5, "of another loudness at speed 2")]
)
def test_another_speed_may_be_a_little_quieter(decibels: float, told: str) -> None:
    assert wrong_clip(lambda clip: louder(clip, decibels), 2) == told


@pytest.mark.parametrize(
    ("peak", "told"),
    [
        *((0.04, "silent at speed 1"), (0.07, "LU too quiet at speed 1")),
        *((0.88, "LU too loud at speed 1"), (0.93, "clipped at speed 1")),
    ],
)
def test_a_whisper_is_not_silence_and_the_loudest_is_not_clipped(
    peak: float, told: str
) -> None:
    every = wrong_clip(lambda clip: with_peak(clip, peak)).split(", ")
    [found] = [fault for fault in every if fault.endswith("at speed 1")]
    assert found.lstrip("0123456789. ") == told


@pytest.mark.parametrize("speed", [1, 2])
@pytest.mark.parametrize(("ms", "told"), [(40, ""), (90, "truncated at speed")])
def test_an_end_may_be_missing_that_nobody_misses(
    ms: float, told: str, speed: float
) -> None:
    found = wrong_clip(lambda clip: ended_early(clip, ms, speed), speed)
    assert found.startswith(told)
    assert bool(found) == bool(told)


@pytest.mark.parametrize(("ms", "told"), [(0.25, ""), (0.6, "clipped by the voice")])
def test_a_voice_may_be_at_its_loudest_for_a_moment(ms: float, told: str) -> None:
    samples = hummed(TEXT).copy()
    loudest = int(np.abs(samples).argmax())
    samples[loudest : loudest + round(ms * RATE / 1000)] = samples[loudest]
    assert wrong(samples) == told


def lasting(seconds: float) -> Samples:
    """A hum of this length, which fades in its last moment."""
    time = np.arange(round(seconds * RATE)) / RATE
    swell = 0.2 + np.sin(6 * np.pi * time) ** 2
    fade = np.minimum(1, (seconds - time) / 0.02)
    hum = 0.2 * swell * fade * np.sin(2 * np.pi * 150 * time)
    return hum.astype(np.float32)


@pytest.mark.parametrize(
    ("text", "too_short", "shortest", "longest", "too_long"),
    [
        (TEXT, 2.9, 3.3, 9.2, 9.8),
        ("Yes.", 0.07, 0.12, 2.6, 2.9),
        ("No. No. No. No.", 0.75, 0.9, 4.1, 4.4),
        ("W W W", 0.02, 0.07, 3.6, 4.0),
        ("SCVO", 0.05, 0.15, 4.2, 4.6),
    ],
)
def test_a_text_may_take_so_long(
    text: str, too_short: float, shortest: float, longest: float, too_long: float
) -> None:
    """In seconds, a little on either side: no voice says it faster, and none needs more."""
    takes = [
        "seconds of speech where" in wrong(lasting(seconds), text)
        for seconds in (too_short, shortest, longest, too_long)
    ]
    assert takes == [True, False, False, True]


def ending(decibels: float, still_ms: float = 0) -> Samples:
    """Speech whose last moments are steady, so far below its peak; then nothing is heard."""
    samples = hummed(TEXT).copy()
    last = np.sin(2 * np.pi * 450 * np.arange(RATE // 50) / RATE)
    level = np.abs(samples).max() * 10 ** (decibels / 20)
    samples[-len(last) :] = last * level
    still = round(still_ms * RATE / 1000)
    samples[len(samples) - still :] = 0
    return samples


@pytest.mark.parametrize(
    ("decibels", "still_ms", "told"),
    [
        *((-32, 0, ""), (-18, 0, "cut off by the voice")),
        *((-18, 2, "cut off by the voice"), (-18, 6, "")),
    ],
)
def test_a_voice_ends_in_silence_or_was_stopped(
    decibels: float, still_ms: float, told: str
) -> None:
    assert wrong(ending(decibels, still_ms)) == told


def test_a_sound_that_is_stuck_at_its_loudest_was_clipped() -> None:
    stuck = np.full(4 * RATE, 0.5, np.float32)
    assert wrong(stuck).startswith("clipped by the voice, cut off by the voice")


def test_each_speed_needs_its_clip() -> None:
    sound = Hum().say(TEXT)
    clips = master(sound, pause_ms(TEXT), SPEEDS)
    with pytest.raises(ValueError, match="shorter"):
        clip_faults(TEXT, pause_ms(TEXT), HUM, sound, clips[:-1], SPEEDS)


def test_nothing_takes_no_time() -> None:
    assert least_ms("…") == 0
