"""What sounds alike has the same phonemes."""

import pytest

from audio.voices.phonemes import sound_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("there", "their"),
        ("won", "one"),
        ("tsoo", "tzu"),
        ("may be", "maybe"),
        ("organisation", "organization"),
        ("leader's", "leaders"),
    ],
)
def test_what_sounds_alike_has_the_same_sound(one: str, other: str) -> None:
    assert sound_of(one) == sound_of(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("star", "door"), ("calm", "come"), ("six", "x")]
)
def test_what_sounds_otherwise_has_another(one: str, other: str) -> None:
    assert sound_of(one) != sound_of(other)


def test_every_clause_counts() -> None:
    assert sound_of("one, two. three") == "".join(
        map(sound_of, ("one", "two", "three"))
    )
    assert sound_of("") == ""
