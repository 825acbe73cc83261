"""The file that a sound is served in."""

import struct


def wav(*sounds: bytes) -> bytes:
    """A WAV file of 8 kHz mono μ-law (format 7), padded to an even length, as RIFF requires.

    Several sounds follow each other. They are copied once, as a copy takes longer than anything
    else in a request for them.
    """
    samples = sum(map(len, sounds))
    padding = b"\0" * (samples % 2)
    header = b"".join(
        (
            b"WAVE",
            struct.pack("<4sIHHIIHHH", b"fmt ", 18, 7, 1, 8000, 8000, 1, 8, 0),
            struct.pack("<4sII", b"fact", 4, samples),
            struct.pack("<4sI", b"data", samples),
        )
    )
    size = len(header) + samples + len(padding)
    return b"".join((struct.pack("<4sI", b"RIFF", size), header, *sounds, padding))
