"""Loudness, held against the standard's own figure and against pyloudnorm."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

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


@pytest.mark.parametrize("samples", [0, 1, 9000])
def test_silence_has_no_loudness(samples: int) -> None:
    assert loudness(np.zeros(samples, np.float32), 8000) == float("-inf")


def test_a_worker_keeps_little_of_the_many_sounds_that_it_measures() -> None:
    _weighting.cache_clear()
    for length in range(4000, 120_000, 500):
        loudness(np.ones(length, np.float32), 8000)
    assert _weighting.cache_info().currsize <= 6
