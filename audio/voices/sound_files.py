"""Sound files that came from outside, WAV, MP3, FLAC or Ogg, as samples; no ffmpeg."""

import io

import numpy as np
import soundfile

from audio.voices.voice import Sound
from ivr.errors import VoiceError

MOST_S = 900
"""The longest sound that is taken, in seconds: packed silence of hours would fill the memory."""

LEAST_HZ = 4000
"""The lowest rate that is taken; a telephone's is 8000."""


def decoded(data: bytes) -> Sound:
    """The whole file, the sides of a stereo one mixed.

    Raises `VoiceError` where it cannot be decoded, is too long or of too low a rate, or ends
    before its own headers say. Known
    wrong cases: a WAV or an Ogg that was cut short goes unnoticed, and an MP3 of changing bit
    rate without its length in the header, which no common program writes, is read in part.
    """
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            whole, rate = file.frames, file.samplerate
            if rate < LEAST_HZ or whole > MOST_S * rate:
                raise VoiceError(
                    f"it has {whole / rate:.0f} s at {rate} Hz; {MOST_S} s at most are taken,"
                    f" and {LEAST_HZ} Hz at least"
                )
            samples = file.read(MOST_S * rate, dtype="float32", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise VoiceError("this is no WAV, MP3, FLAC or Ogg that can be read") from error
    if len(samples) < whole:
        raise VoiceError(
            f"it is cut short: {len(samples) / rate:.2f} s of {whole / rate:.2f} s are there"
        )
    return Sound(np.clip(np.nan_to_num(samples.mean(axis=1)), -1, 1), rate)
