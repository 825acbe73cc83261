"""Sound files that came from outside, as samples: WAV, MP3, FLAC and Ogg, and what browsers and
telephones record.

It loads numpy and soundfile, which takes 250 ms: import it where a file is read.
"""

import io

import numpy as np
import soundfile

from audio.voices.voice import MOST_S, Sound
from ivr.errors import VoiceError

LEAST_HZ = 4000
"""The lowest rate that is taken; a telephone's is 8000."""

MOST_SAMPLES = 2 * MOST_S * 48_000
"""Of all sides together. A small FLAC of silence with many sides unpacks to gigabytes."""


def read_sound(data: bytes) -> Sound:
    """The whole file, the sides of a stereo one mixed.

    Raises `VoiceError` where it cannot be decoded, is too long or of too low a rate, or ends
    sooner than its own headers say. Known wrong cases: a WAV or an Ogg that was cut short goes
    unnoticed; an MP3 of variable bit rate that does not give its length in the header, which no
    common program writes, is read in part.
    """
    if not data:
        raise VoiceError("it is empty")
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            whole = file.frames
            rate = file.samplerate
            if rate < LEAST_HZ or whole > MOST_S * rate:
                raise VoiceError(
                    f"it has {whole / rate:.0f} s at {rate} Hz; the most is {MOST_S} s,"
                    f" and the lowest rate {LEAST_HZ} Hz"
                )
            if whole * file.channels > MOST_SAMPLES:
                raise VoiceError(
                    f"it is too long at {rate} Hz with {file.channels} channels; save it as mono"
                    " at 48000 Hz"
                )
            samples = file.read(MOST_S * rate, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError:
        from audio.voices.ffmpeg import read_recorded  # here: 100 ms, which few need

        return read_recorded(data, MOST_S, LEAST_HZ)
    if len(samples) < whole:
        raise VoiceError(
            f"it is cut short: {len(samples) / rate:.2f} s of {whole / rate:.2f} s are there"
        )
    mixed = np.nan_to_num(samples.mean(axis=1))
    return Sound(np.clip(mixed, -1, 1), rate)


def joined(sounds: list[Sound]) -> Sound:
    """One after the other, as one sound. All have the rate of the first, which must be there."""
    samples = np.concatenate([sound.samples for sound in sounds])
    return Sound(samples, sounds[0].rate)
