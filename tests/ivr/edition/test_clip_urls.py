"""The URL of a sound: what it names, and how much."""

import pytest

from ivr.edition.clip_urls import (
    MOST_CLIPS,
    MOST_SAMPLES,
    Joined,
    cut,
    parse,
    sound_path,
)

ONE, TWO = "0123456789abcdef", "fedcba9876543210"


def test_a_sound_is_named_after_its_speed_and_its_clips() -> None:
    assert sound_path(1.5, [ONE, TWO]) == f"/clips/1.5-{ONE}-{TWO}.wav"
    assert sound_path(1.0, [ONE]) == f"/clips/1-{ONE}.wav"


@pytest.mark.parametrize("speed", [0.75, 1.0, 1.25, 1.5, 2.0])
@pytest.mark.parametrize("names", [(ONE,), (ONE, TWO, ONE), (ONE,) * MOST_CLIPS])
def test_the_name_of_a_sound_tells_its_clips(
    speed: float, names: tuple[str, ...]
) -> None:
    stem = sound_path(speed, names).removeprefix("/clips/").removesuffix(".wav")
    assert parse(stem) == Joined(speed, names)


@pytest.mark.parametrize(
    "stem",
    [
        "",
        "1",
        ONE,
        f"-{ONE}",
        f"1.-{ONE}",
        f"1.0-{ONE}",
        f"01-{ONE}",
        f"1..5-{ONE}",
        f"-1-{ONE}",
        f"nan-{ONE}",
        f"1-{ONE[1:]}",
        f"1-{ONE.upper()}",
        f"1-{ONE}-",
        f"1-{ONE}\n",
        "1-" + "-".join([ONE] * (MOST_CLIPS + 1)),
    ],
)
def test_any_other_name_is_not_that_of_a_sound(stem: str) -> None:
    assert parse(stem) is None


def test_clips_are_cut_into_sounds_that_have_one_url_each() -> None:
    names = [f"{n:016x}" for n in range(2 * MOST_CLIPS + 1)]
    many = list(cut((name, 1) for name in names))
    assert [len(piece) for piece in many] == [MOST_CLIPS, MOST_CLIPS, 1]
    assert [name for piece in many for name in piece] == names


def test_a_sound_is_as_long_as_it_may_be_and_a_single_clip_is_longer_if_it_must() -> (
    None
):
    half = MOST_SAMPLES // 2
    clips = [
        ("a", half),
        ("b", half),
        ("c", 1),
        ("d", half),
        ("e", MOST_SAMPLES + 1),
        ("f", 1),
    ]
    assert list(cut(clips)) == [["a", "b"], ["c", "d"], ["e"], ["f"]]
    assert list(cut(clips, most_samples=0)) == [
        ["a"],
        ["b"],
        ["c"],
        ["d"],
        ["e"],
        ["f"],
    ]
    assert list(cut([])) == []
