"""Sound files that came from outside, WAV, MP3, FLAC or Ogg, as samples; no ffmpeg."""

import io

import numpy as np
import soundfile

from audio.voices import Sound, VoiceError


def decoded(data: bytes) -> Sound:
    """The whole file, the sides of a stereo one mixed.

    Raises `VoiceError` where it cannot be decoded, or ends before its own headers say. Known
    wrong cases: a WAV or an Ogg that was cut short goes unnoticed, and an MP3 of changing bit
    rate without its length in the header, which no common program writes, is read in part.
    """
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            samples = file.read(dtype="float32", always_2d=True)
            whole, rate = file.frames, file.samplerate
    except soundfile.LibsndfileError as error:
        raise VoiceError("this is no WAV, MP3, FLAC or Ogg that can be read") from error
    if len(samples) < whole:
        raise VoiceError(
            f"it is cut short: {len(samples) / rate:.2f} s of {whole / rate:.2f} s are there"
        )
    return Sound(np.clip(np.nan_to_num(samples.mean(axis=1)), -1, 1), rate)
