"""A model that fails, or is too slow, is an error that names the text."""

import threading
from collections.abc import Iterator

import numpy as np
import pytest
from numpy.typing import NDArray

from audio.voices.models import say_pieces
from ivr.errors import VoiceError

Samples = NDArray[np.float32]

TEXT = "First words, last words."


def tones(text: str) -> Iterator[Samples]:
    for word in text.split():
        yield np.full(100 * len(word), 0.5, np.float32)


def test_pieces_are_said_in_order_and_whole() -> None:
    sound = say_pieces(TEXT, tones, 8000, 60)
    assert len(sound.samples) == 100 * len(TEXT.replace(" ", ""))
    assert sound.rate == 8000


def test_a_text_without_words_is_refused_by_its_name() -> None:
    with pytest.raises(VoiceError, match=r"nothing to say in '\.\.\.'"):
        say_pieces("...", tones, 8000, 60)


def test_a_text_that_the_model_has_no_sound_for_is_refused_by_its_name() -> None:
    with pytest.raises(VoiceError, match="no sound for '你好'"):
        say_pieces("你好", lambda text: iter(()), 8000, 60)


def test_an_error_inside_the_model_names_the_text() -> None:
    def fails(text: str) -> Iterator[Samples]:
        yield from tones("First")
        raise RuntimeError("Invalid dimension")

    with pytest.raises(VoiceError, match=r"'First words, last words\.'.*Invalid dim"):
        say_pieces(TEXT, fails, 8000, 60)


def test_a_piece_that_takes_too_long_is_left_behind_and_names_the_text() -> None:
    stopped = threading.Event()

    def waits(text: str) -> Iterator[Samples]:
        yield from tones("First")
        stopped.wait()

    with pytest.raises(VoiceError, match=r"longer than 0\.5 s .*'First words, last"):
        say_pieces(TEXT, waits, 8000, 0.5)
    stopped.set()


def test_what_is_no_number_is_silence_and_what_is_too_loud_is_bent() -> None:
    def wild(text: str) -> Iterator[Samples]:
        yield np.array([0.5, np.nan, 3.0, -3.0], np.float32)

    assert list(say_pieces(TEXT, wild, 8000, 60).samples) == [0.5, 0, 1, -1]
