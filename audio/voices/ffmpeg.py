"""Sounds as browsers and telephones record them, WebM, M4A and their like, by FFmpeg.

It runs in a separate process (`audio.apart`).
"""

import io
from collections.abc import Iterator

import av
import numpy as np
from av.container import InputContainer
from numpy.typing import NDArray

from audio.voices.voice import LEAST_HZ, MOST_S, Sound
from ivr.errors import VoiceError

CONTAINERS = "matroska,webm,mov,mp4,m4a,3gp,aac"
"""What FFmpeg may take a file for. It knows hundreds of formats; some of them name other files,
which it would open."""

MOST_HZ = 48_000
"""A higher rate becomes this one: nobody hears the difference, and it would fill the memory."""

MOST_PIECES_A_SECOND = 400
"""Opus, which has the shortest ones, has no more. Each takes 50 µs, however short it is."""

SLACK_S = 0.1
SLACK = 0.01
"""By how many seconds, and by which share of it, a sound may be shorter than its file says:
encoders add a little at both ends."""

GUESSED = "aac"
"""The container that does not say how long it is, so FFmpeg guesses."""


def work(given: bytes) -> bytes:
    """The rate, in four bytes, and the samples of a file."""
    sound = read_recorded(given, MOST_S, LEAST_HZ)
    return sound.rate.to_bytes(4) + sound.samples.tobytes()


def read_recorded(data: bytes, most_s: int, least_hz: int) -> Sound:
    """The whole file, the sides of a stereo one mixed.

    Raises `VoiceError` where it cannot be decoded, has moving pictures, is longer than so many
    seconds or in more pieces than those need, has a lower rate, or ends sooner than it says. Known
    wrong case: what a browser recorded says no length, so one that was cut short goes unnoticed.
    """
    only = {"format_whitelist": CONTAINERS}
    try:
        with av.open(
            io.BytesIO(data), "r", options=only, metadata_errors="replace"
        ) as file:
            return _sound(file, most_s, least_hz)
    except (av.FFmpegError, ValueError) as error:
        raise VoiceError(
            "it is not a sound that can be read, or only part of one"
        ) from error


def _sound(file: InputContainer, most_s: int, least_hz: int) -> Sound:
    for stream in file.streams.video:
        is_cover = stream.disposition & av.stream.Disposition.attached_pic
        if not is_cover:
            raise VoiceError("it is a video; send its sound alone")
    if not file.streams.audio:
        raise VoiceError("there is no sound in it")
    rate = min(file.streams.audio[0].rate, MOST_HZ)
    if rate < least_hz:
        raise VoiceError(f"it has a rate of {rate} Hz; the lowest is {least_hz} Hz")
    pieces: list[NDArray[np.float32]] = []
    length = 0
    for piece in _pieces(file, rate):
        pieces.append(piece)
        length += len(piece)
        is_too_long = length > most_s * rate
        if is_too_long or len(pieces) > most_s * MOST_PIECES_A_SECOND:
            raise VoiceError(f"it is too long; the most is {most_s} s")
    _check_whole(file, length / rate)
    mixed = np.concatenate(pieces)
    np.nan_to_num(mixed, copy=False)
    return Sound(mixed.clip(-1, 1, out=mixed), rate)


def _pieces(file: InputContainer, rate: int) -> Iterator[NDArray[np.float32]]:
    """The sound, a fraction of a second each, its sides mixed."""
    resampler = av.AudioResampler(format="fltp", rate=rate)
    for frame in file.decode(file.streams.audio[0]):
        for same in resampler.resample(frame):
            yield same.to_ndarray().mean(axis=0)
    for rest in resampler.resample(None):
        yield rest.to_ndarray().mean(axis=0)


def _check_whole(file: InputContainer, length_s: float) -> None:
    """Raise `VoiceError` where the file says that it is longer, or there is nothing in it."""
    told_s = (file.duration or 0) / av.time_base
    missing_s = told_s - length_s
    if file.format.name != GUESSED and missing_s > SLACK_S + SLACK * told_s:
        raise VoiceError(
            f"it is cut short: {length_s:.2f} s of {told_s:.2f} s are there"
        )
    if not length_s:
        raise VoiceError("there is no sound in it")
