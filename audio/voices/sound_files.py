"""Sound files that came from outside, as samples: WAV, MP3, FLAC and Ogg, and what browsers and
telephones record.

It loads numpy and soundfile, which takes 250 ms: import it where a file is read.
"""

import io

import numpy as np
import soundfile

from audio.apart import apart
from audio.voices.voice import LEAST_HZ, MOST_S, Sound
from ivr.errors import LineError, TooMuch, VoiceError, VoiceUnavailable

RATE_BYTES = 4
"""What stands before the samples that come from the other process."""

MOST_SAMPLES = 2 * MOST_S * 48_000
"""Of all sides together. A small FLAC of silence with many sides unpacks to gigabytes."""


def read_sound(data: bytes) -> Sound:
    """The whole file, the sides of a stereo one mixed.

    Raises `VoiceError` where it cannot be decoded, is too long or of too low a rate, or ends
    sooner than its own headers say; `VoiceUnavailable` where that takes too much. Known wrong
    cases: a WAV or an Ogg that was cut short goes unnoticed; an MP3 of variable bit rate that does
    not give its length in the header, which no common program writes, is read in part.
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
        return _recorded(data)
    if len(samples) < whole:
        raise VoiceError(
            f"it is cut short: {len(samples) / rate:.2f} s of {whole / rate:.2f} s are there"
        )
    mixed = np.nan_to_num(samples.mean(axis=1))
    return Sound(np.clip(mixed, -1, 1), rate)


def _recorded(data: bytes) -> Sound:
    """By FFmpeg, in a separate process: a file can be made so that it takes hours, or ends it."""
    try:
        made = apart("audio.voices.ffmpeg", data)
    except TooMuch as error:
        raise VoiceUnavailable(str(error)) from error
    except LineError as error:
        raise VoiceError(str(error)) from error
    samples = np.frombuffer(made, np.float32, offset=RATE_BYTES)
    return Sound(samples, int.from_bytes(made[:RATE_BYTES]))


def joined(sounds: list[Sound]) -> Sound:
    """One after the other, as one sound. All have the rate of the first, which must be there."""
    samples = np.concatenate([sound.samples for sound in sounds])
    return Sound(samples, sounds[0].rate)
