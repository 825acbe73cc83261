"""What a voice said becomes clips for the phone: trimmed, equally loud, at every speed."""

import ctypes
import warnings
from functools import cache

import espeakng_loader
import numpy as np
import soxr  # type: ignore[import-untyped]
from numpy.typing import NDArray

from audio.sound.loudness import loudness
from audio.sound.mu_law import PHONE_HZ, SILENCE, Samples, to_mu_law
from audio.sound.recipe import (
    CLEARER_DB,
    CLEARER_HZ,
    KNEE,
    PEAK,
    SILENCE_DB,
    TARGET_LUFS,
)
from audio.voices.voice import Sound
from ivr.edition.content import Speeds

with warnings.catch_warnings():
    # pydub warns of a missing ffmpeg, which nothing here needs, and of the module audioop.
    warnings.simplefilter("ignore")
    from pydub import AudioSegment
    from pydub.silence import detect_leading_silence

HIGHEST = 10 ** (-1 / 20)
"""−1 dBFS, in samples."""

TRIM_STEP_MS = 10


def master(
    sound: Sound,
    pause_ms: int,
    speeds: Speeds,
    clearer_db: float = CLEARER_DB,
) -> tuple[bytes, ...]:
    """The clips of one utterance, one a speed: 8 kHz mono μ-law, with its pause at the end.

    Each is exactly as long as speed 1 divided by its speed, rounded to a sample.
    `clearer_db` is how much louder high tones become; 0 for a person.
    """
    rate = sound.rate
    trimmed = _trimmed(sound)
    clear = _clearer(trimmed, rate, clearer_db)
    speech = _even(clear, rate)
    normal = _for_phone(speech, rate)
    pause = pause_ms * PHONE_HZ // 1000
    length = len(normal) + pause
    clips = []
    for speed in speeds:
        clip = normal
        if speed != 1:
            faster = _faster(speech, rate, speed)
            clip = _for_phone(faster, rate)
        clips.append(_fitted(clip, round(length / speed)))
    return tuple(clips)


def _trimmed(sound: Sound) -> Samples:
    """Without the silence at both ends, to 10 ms. A sound that is all silence stays whole."""
    samples = _whole(sound.samples).tobytes()
    segment = AudioSegment(samples, frame_rate=sound.rate, sample_width=2, channels=1)
    if not segment.max:
        return sound.samples
    silence = segment.max_dBFS + SILENCE_DB
    before_ms = detect_leading_silence(segment, silence, TRIM_STEP_MS)
    after_ms = detect_leading_silence(segment.reverse(), silence, TRIM_STEP_MS)
    before = before_ms * sound.rate // 1000
    after = after_ms * sound.rate // 1000
    end = len(sound.samples) - after
    return sound.samples[before:end]


def _clearer(samples: Samples, rate: int, db: float) -> Samples:
    """With high tones louder: half of `db` at `CLEARER_HZ`, all of it far above."""
    if db == 0:
        return samples
    length = len(samples)
    hz = np.fft.rfftfreq(length, 1 / rate)
    above = hz**2 / (hz**2 + CLEARER_HZ**2)
    most = 10 ** (db / 20)
    gain = 1 + (most - 1) * above
    spectrum = np.fft.rfft(samples)
    clear = np.fft.irfft(spectrum * gain, length)
    return clear.astype(np.float32)


def _even(samples: Samples, rate: int) -> Samples:
    """Brought to the one loudness, measured as the phone has it; peaks bent to fit."""
    if not samples.any():
        return samples
    safe = samples * np.float32(0.5)  # full-scale peaks overshoot in the filter
    phone = _resampled(safe, rate)
    missing_db = TARGET_LUFS - loudness(phone, PHONE_HZ)
    gain = 10 ** (missing_db / 20)
    return _limited(safe * np.float32(gain))


def _limited(samples: Samples) -> Samples:
    """Bent above the knee so that no peak passes `PEAK`."""
    size = np.abs(samples)
    room = PEAK - KNEE
    over = (size - KNEE) / room
    bent_size = KNEE + room * np.tanh(over)
    bent = np.sign(samples) * bent_size
    limited = np.where(size > KNEE, bent, samples)
    return limited.astype(np.float32)


def _faster(samples: Samples, rate: int, speed: float) -> Samples:
    """At another speed with the pitch unchanged, by sonic (in eSpeak NG's library)."""
    longest = int(len(samples) / min(speed, 1))
    size = longest + rate  # sonic may run over by a pitch period
    buffer = np.zeros(size, np.int16)
    buffer[: len(samples)] = _whole(samples)
    pointer = buffer.ctypes.data_as(ctypes.POINTER(ctypes.c_short))
    change = _sonic()
    count = change(pointer, len(samples), speed, 1.0, 1.0, 1.0, 0, rate, 1)
    faster = buffer[:count].astype(np.float32)
    return faster / np.float32(32768)


@cache
def _sonic() -> "ctypes._NamedFuncPointer":
    """`sonicChangeShortSpeed(samples, count, speed, pitch, rate, volume, chord, Hz, channels)`.

    It answers in the same buffer, and returns how many samples it made.
    """
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    change = library.sonicChangeShortSpeed
    change.argtypes = [
        ctypes.POINTER(ctypes.c_short),
        ctypes.c_int,
        ctypes.c_float,
        ctypes.c_float,
        ctypes.c_float,
        ctypes.c_float,
        ctypes.c_int,
        ctypes.c_int,
        ctypes.c_int,
    ]
    change.restype = ctypes.c_int
    return change


def _for_phone(samples: Samples, rate: int) -> bytes:
    return to_mu_law(_resampled(samples, rate))


def _resampled(samples: Samples, rate: int) -> Samples:
    """At the phone's rate, properly filtered, no peak above −1 dBFS."""
    phone = samples
    if rate != PHONE_HZ:
        phone = soxr.resample(samples, rate, PHONE_HZ)
    return np.clip(phone, -HIGHEST, HIGHEST)


def _whole(samples: Samples) -> NDArray[np.int16]:
    """As whole numbers of 16 bits."""
    return (samples * 32767).round().astype(np.int16)


def _fitted(clip: bytes, length: int) -> bytes:
    """Cut, or filled with silence, to `length` samples."""
    return clip[:length].ljust(length, SILENCE)
