"""How loud a sound is: integrated loudness by ITU-R BS.1770-4, of one channel.

The weighting is applied to the spectrum, so numpy is enough; a test holds it against
pyloudnorm, whose scipy would take 146 MB and over a second to load in every worker.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

BLOCK_S = 0.4
STEP_S = 0.1
"""Loudness is measured in blocks of 400 ms, each 100 ms after the one before."""

OFFSET = -0.691
"""Makes a full-scale sine of 997 Hz in one channel −3.01 LUFS."""

SILENT_LUFS = -70.0
"""Blocks below this do not count."""

BELOW_LU = -10.0
"""Nor do blocks so far below the loudness of the others."""

TAIL_S = 0.25
"""Silence after the sound, for what the filters leave behind."""

SHELF_HZ = 1500
SHELF_DB = 4.0
SHELF_Q = 0.5**0.5
"""What a head does to a sound: a high shelf."""

PASS_HZ = 38
PASS_Q = 0.5
"""How little low tones are heard: a high pass."""

Spectrum = NDArray[np.complex128]


def loudness(samples: NDArray[np.float32], rate: int) -> float:
    """In LUFS, of samples within -1 to 1 at `rate` Hz.

    What is shorter than a block is measured repeated; silence is minus infinity.
    """
    power = _powers(samples, rate)
    heard = power[power > _power(SILENT_LUFS)]
    if not len(heard):
        return float("-inf")
    gate = heard.mean() * 10 ** (BELOW_LU / 10)
    loud = heard[heard > gate]
    loud_db = 10 * np.log10(loud.mean())
    return float(OFFSET + loud_db)


def _powers(samples: NDArray[np.float32], rate: int) -> NDArray[np.float64]:
    """The mean power of each block, weighted."""
    block = round(BLOCK_S * rate)
    step = round(STEP_S * rate)
    length = max(len(samples), block)
    sound = np.resize(samples, length)  # zeros where there are none
    weighted = _weighted(sound, rate)
    so_far = np.cumsum(weighted**2)
    energy = np.concatenate(([0.0], so_far))
    last_start = length - block
    starts = np.arange(0, last_start + 1, step)
    ends = starts + block
    energies = energy[ends] - energy[starts]
    return np.asarray(energies / block)


def _weighted(sound: NDArray[np.floating], rate: int) -> NDArray[np.float64]:
    """A sound as loud as it is heard, frequency by frequency."""
    with_tail = len(sound) + round(TAIL_S * rate)
    # A power of two: there are few, see `_weighting`.
    size = 1 << with_tail.bit_length()
    spectrum = np.fft.rfft(sound, size)
    heard = spectrum * _weighting(size, rate)
    weighted = np.fft.irfft(heard, size)
    return weighted[: len(sound)]


def _power(lufs: float) -> float:
    db = lufs - OFFSET
    return float(10 ** (db / 10))


@cache
def _weighting(size: int, rate: int) -> Spectrum:
    """K-weighting at each frequency of a spectrum: a head's high shelf, and a high pass.

    Kept for each size, of which there must be few: a worker measures thousands of sounds.
    """
    frequency = np.fft.rfftfreq(size)
    delay = np.exp(-2j * np.pi * frequency)
    shelf = _high_shelf(delay, rate)
    high_pass = _high_pass(delay, rate)
    return np.asarray(shelf * high_pass)


def _high_shelf(delay: Spectrum, rate: int) -> Spectrum:
    """R. Bristow-Johnson's high shelf, whose names these are."""
    gain = 10 ** (SHELF_DB / 40)
    angle = _angle(SHELF_HZ, SHELF_Q, rate)
    up = gain + 1
    down = gain - 1
    root = 2 * gain**0.5 * angle.alpha
    up_turned = up * angle.cosine
    down_turned = down * angle.cosine
    slope_above = -2 * (down + up_turned)
    slope_below = 2 * (down - up_turned)
    above = _quadratic(delay, up + down_turned, slope_above, root)
    below = _quadratic(delay, up - down_turned, slope_below, root)
    return np.asarray(gain * above / below)


def _high_pass(delay: Spectrum, rate: int) -> Spectrum:
    """R. Bristow-Johnson's high pass."""
    angle = _angle(PASS_HZ, PASS_Q, rate)
    gain = (1 + angle.cosine) / 2
    above = _quadratic(delay, 1, -2, 0)
    slope = -2 * angle.cosine
    below = _quadratic(delay, 1, slope, angle.alpha)
    return np.asarray(gain * above / below)


@dataclass(frozen=True)
class _Angle:
    """A frequency, as R. Bristow-Johnson's filter formulas take it."""

    cosine: float
    alpha: float
    """Its sine by twice Q: how wide the filter is."""


def _angle(hz: float, q: float, rate: int) -> _Angle:
    angle = 2 * np.pi * hz / rate
    sine = float(np.sin(angle))
    return _Angle(
        cosine=float(np.cos(angle)),
        alpha=sine / (2 * q),
    )


def _quadratic(delay: Spectrum, middle: float, slope: float, width: float) -> Spectrum:
    """`(middle + width) + slope z + (middle - width) z²`, with z a delay by one sample."""
    now = middle + width
    later = slope * delay
    latest = (middle - width) * delay**2
    return np.asarray(now + later + latest)
