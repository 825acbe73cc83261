"""μ-law (ITU-T G.711), in which the phone has its sound: one byte a sample, 8,000 a second.

soundfile encodes. What was encoded is read back by the standard's own formula, so that a
fault in one of the two shows.
"""

import io

import numpy as np
import soundfile
from numpy.typing import NDArray

Samples = NDArray[np.float32]
"""Within -1 to 1."""

PHONE_HZ = 8000

SILENCE = b"\xff"
"""A silent sample."""

BIAS = 132
"""Added before a sample is encoded, so that every exponent has a bit in front (G.711)."""


def to_mu_law(samples: Samples) -> bytes:
    """Encode samples at `PHONE_HZ`."""
    file = io.BytesIO()
    soundfile.write(file, samples, PHONE_HZ, format="RAW", subtype="ULAW")
    return file.getvalue()


def from_mu_law(clip: bytes) -> Samples:
    """A clip's samples."""
    return _TABLE[np.frombuffer(clip, np.uint8)]


def _table() -> Samples:
    """What each byte means: inverted, it is a sign, 3 bits of exponent and 4 of mantissa."""
    bits = ~np.arange(256, dtype=np.uint8)
    is_negative = bits & 0b1000_0000
    exponent = (bits & 0b0111_0000) >> 4
    mantissa = (bits & 0b0000_1111).astype(np.int32)
    biased = mantissa * 8 + BIAS << exponent
    size = biased - BIAS
    signed = np.where(is_negative, -size, size)
    samples = signed / 32768
    return samples.astype(np.float32)


_TABLE = _table()
