"""μ-law is read as the standard has it."""

import audioop

import numpy as np

from audio.sound.mu_law import from_mu_law, to_mu_law

EVERY_BYTE = bytes(range(256))

DECISIONS = {
    0x80: 8031,
    0x8F: 4191,
    0x9F: 2079,
    0xAF: 1023,
    0xBF: 495,
    0xCF: 231,
    0xDF: 99,
    0xEF: 33,
    0xFE: 2,
    0xFF: 0,
}
"""Output values of ITU-T G.711, table 2a: of 8,192 either side of zero."""


def test_each_byte_means_what_the_standard_says() -> None:
    for byte, value in DECISIONS.items():
        positive, negative = from_mu_law(bytes([byte, byte & 0x7F]))
        assert positive * 8192 == value
        assert negative * 8192 == -value


def test_each_byte_means_what_another_decoder_makes_of_it() -> None:
    reference = np.frombuffer(audioop.ulaw2lin(EVERY_BYTE, 2), np.int16)
    assert (from_mu_law(EVERY_BYTE) * 32768).astype(int).tolist() == reference.tolist()


def test_what_was_encoded_is_read_back() -> None:
    """But for negative zero, which is written as zero."""
    negative_zero = 0x7F
    every = bytes(byte for byte in EVERY_BYTE if byte != negative_zero)
    assert to_mu_law(from_mu_law(every)) == every
