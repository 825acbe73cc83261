"""Loudness, held against the standard's own figure and against pyloudnorm."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from audio.sound.loudness import _weighting, loudness


@pytest.mark.parametrize("rate", [8000, 16000, 22050, 48000])
def test_a_full_scale_sine_of_997_hz_is_minus_3_lufs(rate: int) -> None:
    sine = np.sin(2 * np.pi * 997 * np.arange(3 * rate) / rate).astype(np.float32)
    assert loudness(sine, rate) == pytest.approx(
        -3.01, abs=0.15 if rate > 8000 else 0.3
    )


@pytest.mark.slow
@given(
    seed=st.integers(0, 10**6),
    rate=st.sampled_from([8000, 16000, 22050]),
    tenths=st.integers(4, 40),
    hum=st.floats(20, 3500),
    swell=st.floats(0.1, 5),
)
def test_it_agrees_with_pyloudnorm(
    seed: int, rate: int, tenths: int, hum: float, swell: float
) -> None:
    """Noise and a hum that come and go, as speech does, with a silence within."""
    import pyloudnorm  # with scipy it takes over a second

    time = (
        np.arange(tenths * rate // 10) / rate
    )  # whole steps: pyloudnorm counts part of a block
    sound = np.random.default_rng(seed).normal(0, 0.05, len(time)) + 0.2 * np.sin(
        2 * np.pi * hum * time
    )
    sound *= np.abs(np.sin(np.pi * swell * time))
    sound[len(sound) // 3 : len(sound) // 2] = 0
    heard = sound.astype(np.float32)
    assert loudness(heard, rate) == pytest.approx(
        pyloudnorm.Meter(rate).integrated_loudness(heard), abs=0.1
    )


def test_what_is_shorter_than_a_block_is_measured_repeated() -> None:
    sine = np.sin(2 * np.pi * 500 * np.arange(800) / 8000).astype(np.float32)
    assert loudness(sine, 8000) == pytest.approx(
        loudness(np.tile(sine, 10), 8000), abs=0.2
    )


def sine(seconds: float, decibels: float) -> NDArray[np.float32]:
    """A tone of 1 kHz at 8 kHz, whose peak is so far below full scale."""
    time = np.arange(round(seconds * 8000)) / 8000
    tone = 10 ** (decibels / 20) * np.sin(2 * np.pi * 1000 * time)
    return tone.astype(np.float32)


def test_the_quiet_between_words_does_not_count() -> None:
    """Nor does what is fainter than anybody hears, where nothing else is there."""
    speech = sine(2, -20)
    quiet = sine(2, -35)
    heard = np.concatenate((speech, quiet))
    assert loudness(heard, 8000) == pytest.approx(loudness(speech, 8000), abs=0.7)
    assert loudness(sine(3, -66), 8000) == pytest.approx(-69, abs=0.5)
    assert loudness(sine(3, -68), 8000) == float("-inf")


def test_a_sample_more_or_less_changes_nothing() -> None:
    for length in (*range(3999, 4002), *range(4799, 4802)):
        assert loudness(sine(1, -20)[:length], 8000) == pytest.approx(
            loudness(sine(1, -20), 8000), abs=0.1
        )


@pytest.mark.parametrize("samples", [0, 1, 9000])
def test_silence_has_no_loudness(samples: int) -> None:
    assert loudness(np.zeros(samples, np.float32), 8000) == float("-inf")


def test_a_worker_keeps_little_of_the_many_sounds_that_it_measures() -> None:
    _weighting.cache_clear()
    for length in range(4000, 120_000, 500):
        loudness(np.ones(length, np.float32), 8000)
    assert _weighting.cache_info().currsize <= 6
