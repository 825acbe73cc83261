"""The file that a sound is served in."""

import io
import struct

import pytest
import soundfile

from ivr.edition.wav import wav


@pytest.mark.parametrize("samples", [0, 1, 7, 8])
def test_every_chunk_of_the_wav_has_the_size_that_it_says_and_begins_at_an_even_byte(
    samples: int,
) -> None:
    sound = bytes(range(samples))
    body = wav(sound)
    kind, size, form = struct.unpack_from("<4sI4s", body)
    assert (kind, size, form) == (b"RIFF", len(body) - 8, b"WAVE")
    chunks = {}
    at = 12
    while at < len(body):
        name, size = struct.unpack_from("<4sI", body, at)
        chunks[name] = body[at + 8 : at + 8 + size]
        assert len(chunks[name]) == size
        at += 8 + size + size % 2
    assert at == len(body)
    assert list(chunks) == [b"fmt ", b"fact", b"data"]
    mu_law, channels, rate, bytes_a_second, bytes_a_frame, bits, more = struct.unpack(
        "<HHIIHHH", chunks[b"fmt "]
    )
    assert (mu_law, channels, rate, bits, more) == (7, 1, 8000, 8, 0)
    assert (bytes_a_second, bytes_a_frame) == (8000, 1)
    assert struct.unpack("<I", chunks[b"fact"]) == (samples,)
    assert chunks[b"data"] == sound
    assert soundfile.info(io.BytesIO(body)).frames == samples
