"""The file that a sound is served in."""

import struct


def wav(sound: bytes) -> bytes:
    """A WAV file of 8 kHz mono μ-law (format 7), padded to an even length, as RIFF requires."""
    padding = b"\0" * (len(sound) % 2)
    chunks = [
        b"WAVE",
        struct.pack("<4sIHHIIHHH", b"fmt ", 18, 7, 1, 8000, 8000, 1, 8, 0),
        struct.pack("<4sII", b"fact", 4, len(sound)),
        struct.pack("<4sI", b"data", len(sound)),
        sound,
        padding,
    ]
    body = b"".join(chunks)
    return struct.pack("<4sI", b"RIFF", len(body)) + body
