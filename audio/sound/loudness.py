"""How loud a sound is: integrated loudness by ITU-R BS.1770-4, of one channel.

The weighting is applied to the spectrum, so numpy is enough; a test holds it against
pyloudnorm, whose scipy would take 146 MB and over a second to load in every worker.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

BLOCK_S, STEP_S = 0.4, 0.1
"""Loudness is measured in blocks of 400 ms, each 100 ms after the one before."""

OFFSET = -0.691
"""Makes a full-scale sine of 997 Hz in one channel −3.01 LUFS."""

SILENT_LUFS, BELOW_LU = -70.0, -10.0
"""Blocks below the first, or so far below the loudness of the others, do not count."""

TAIL_S = 0.25
"""Silence after the sound, for what the filters leave behind."""


def loudness(samples: NDArray[np.float32], rate: int) -> float:
    """In LUFS, of samples within -1 to 1 at `rate` Hz.

    What is shorter than a block is measured repeated; silence is minus infinity.
    """
    block, step = round(BLOCK_S * rate), round(STEP_S * rate)
    sound = np.resize(samples, max(len(samples), block)) if len(samples) else np.zeros(block)
    size = 1 << (len(sound) + round(TAIL_S * rate)).bit_length()  # of few sizes: see below
    weighted = np.fft.irfft(np.fft.rfft(sound, size) * _weighting(size, rate), size)
    energy = np.concatenate(([0.0], np.cumsum(weighted[: len(sound)] ** 2)))
    starts = np.arange(0, len(sound) - block + 1, step)
    power = (energy[starts + block] - energy[starts]) / block
    counted = power[power > _power(SILENT_LUFS)]
    if not len(counted):
        return float("-inf")
    counted = counted[counted > counted.mean() * 10 ** (BELOW_LU / 10)]
    return float(OFFSET + 10 * np.log10(counted.mean()))


def _power(lufs: float) -> float:
    return float(10 ** ((lufs - OFFSET) / 10))


@cache
def _weighting(size: int, rate: int) -> NDArray[np.complex128]:
    """K-weighting at each frequency of a spectrum: a head's high shelf, and a high pass.

    Kept for each size, of which there must be few: a worker measures thousands of sounds.
    """
    z = np.exp(-2j * np.pi * np.fft.rfftfreq(size))
    gain = 10 ** (4.0 / 40)  # a shelf of 4 dB from 1,500 Hz, Q 1/√2
    cos, a = _angle(1500, 0.5**0.5, rate)
    root = 2 * gain**0.5 * a
    shelf = gain * _biquad(
        z, (gain + 1) + (gain - 1) * cos, -2 * ((gain - 1) + (gain + 1) * cos), root
    )
    shelf /= _biquad(z, (gain + 1) - (gain - 1) * cos, 2 * ((gain - 1) - (gain + 1) * cos), root)
    cos, a = _angle(38, 0.5, rate)  # a high pass at 38 Hz, Q 1/2
    high_pass = (1 + cos) / 2 * _biquad(z, 1, -2, 0) / _biquad(z, 1, -2 * cos, a)
    return np.asarray(shelf * high_pass)


def _angle(hz: float, q: float, rate: int) -> tuple[float, float]:
    """The cosine and the bandwidth of R. Bristow-Johnson's filter formulas."""
    angle = 2 * np.pi * hz / rate
    return float(np.cos(angle)), float(np.sin(angle) / (2 * q))


def _biquad(
    z: NDArray[np.complex128], middle: float, slope: float, width: float
) -> NDArray[np.complex128]:
    """`(middle + width) + slope z + (middle - width) z²`, with z a delay by one sample."""
    return np.asarray((middle + width) + slope * z + (middle - width) * z**2)
