"""The sentences of a recording are found by its pauses, or it is said that they cannot be."""

import re

import numpy as np
import pytest

from audio.voices.pauses import Unclear, parts
from audio.voices.voice import Sound

RATE = 16_000
MS_A_LETTER = 65


def recorded(
    score: str, noise: float = 0.001, rate: int = RATE
) -> tuple[Sound, list[int]]:
    """A reading: `a40` is speech of 40 letters, `-700` a pause of 700 ms.

    Also where each stretch of speech starts, in ms. Speech is a tone that swells and fades
    like syllables.
    """
    random, sounds, starts, now = np.random.default_rng(1), [np.zeros(0)], [], 0
    for kind, number in re.findall(r"([a-])(\d+)", score):
        ms = int(number) * (MS_A_LETTER if kind == "a" else 1)
        time = np.arange(ms * rate // 1000) / rate
        syllables = 0.65 + 0.35 * np.cos(2 * np.pi * 5 * time)
        sounds.append(0.3 * np.sin(2 * np.pi * 200 * time) * syllables * (kind == "a"))
        if kind == "a":
            starts.append(now)
        now += ms
    samples = np.concatenate(sounds)
    noisy = samples + random.normal(0, noise, len(samples))
    return Sound(noisy.astype(np.float32), rate), starts


@pytest.mark.parametrize("rate", [8000, 16_000, 44_100])
def test_each_sentence_starts_at_the_end_of_a_pause(rate: int) -> None:
    sound, starts = recorded("-300 a40 -700 a80 -700 a20 -400", rate=rate)
    found = parts(sound, [40, 80, 20])
    for (start, end), expected, letters in zip(
        found, starts, [40, 80, 20], strict=True
    ):
        assert start == pytest.approx(expected - 150, abs=50)
        assert end == pytest.approx(expected + letters * MS_A_LETTER + 150, abs=50)


def test_a_breath_within_a_sentence_ends_none() -> None:
    sound, starts = recorded("a40 -700 a40 -350 a42 -700 a20 -300 a30 -800 a25")
    found = parts(sound, [40, 82, 50, 25])
    expected = [starts[n] for n in (0, 1, 3, 5)]
    assert [start for start, _ in found] == pytest.approx(expected, abs=200)


def test_even_a_long_breath_ends_none_where_the_lengths_speak_against_it() -> None:
    sound, starts = recorded("a20 -900 a60 -700 a80 -700 a80")
    found = parts(sound, [80, 80, 80])
    assert [start for start, _ in found] == pytest.approx(
        [0, starts[2], starts[3]], abs=200
    )


def test_where_the_lengths_do_not_tell_the_longer_pause_ends_the_sentence() -> None:
    for score, end in (("a40 -900 a8 -300 a40", 1), ("a40 -300 a8 -900 a40", 2)):
        sound, starts = recorded(score)
        assert parts(sound, [44, 44])[1][0] == pytest.approx(starts[end] - 150, abs=50)


def test_a_short_sentence_between_long_ones_is_found() -> None:
    sound, starts = recorded("a80 -700 a4 -700 a80")
    found = parts(sound, [80, 4, 80])
    assert [start for start, _ in found] == pytest.approx(starts, abs=200)


def test_a_click_in_a_pause_is_no_sentence() -> None:
    sound, starts = recorded("a40 -500 a1 -500 a40")
    assert [start for start, _ in parts(sound, [40, 40])] == pytest.approx(
        [0, starts[2]], abs=200
    )


def test_the_noise_of_a_room_is_silence() -> None:
    sound, starts = recorded("-500 a40 -700 a40 -500", noise=0.015)
    found = parts(sound, [40, 40])
    assert [start for start, _ in found] == pytest.approx(
        [ms - 150 for ms in starts], abs=50
    )


def test_the_whole_is_one_sentence_without_the_silence_around_it() -> None:
    sound, _ = recorded("-1000 a40 -500 a20 -1000")
    [(start, end)] = parts(sound, [60])
    assert (start, end) == pytest.approx(
        (850, 1000 + 60 * MS_A_LETTER + 500 + 150), abs=50
    )


@pytest.mark.parametrize(
    ("score", "sizes", "why"),
    [
        (
            "a40 -700 a40",
            [30, 30, 20],
            "3 sentences, but too few pauses between them: 1",
        ),
        ("a40 -100 a40", [40, 40], "2 sentences, but too few pauses between them: 0"),
        ("a40 -600 a4 -600 a40", [42, 42], r"could start at 3\.2 or 4\.1 s"),
        (
            "a40 -700 a80 -700 a40",
            [40, 80, 200],
            r"1 would take 2\.6 s, where about 1\.3 s was",
        ),
    ],
)
def test_what_cannot_be_told_is_not_guessed(
    score: str, sizes: list[int], why: str
) -> None:
    with pytest.raises(Unclear, match=why):
        parts(recorded(score)[0], sizes)
