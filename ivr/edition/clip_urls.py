"""The URL of a sound: clips joined into one file, which is named after them.

    /clips/1.5-0123456789abcdef-fedcba9876543210.wav

The speed comes first, then each clip's `Spoken.name`. With `.vtt` at the end instead, it is
what the sound says, as captions.
"""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

MOST_CLIPS = 40
"""How many clips one URL names at most. It then has 700 characters: FreeSWITCH keeps a URL with
its entity tag and dates in 1,024. A reply of a minute has about twenty clips."""

MOST_SAMPLES = 2 * 1024 * 1024
"""How long a sound of several clips may be, in samples: about four minutes. Anybody may ask for
any clips at all. A single clip may be longer."""


class Joined(NamedTuple):
    """The clips that make up one sound."""

    speed: float
    names: tuple[str, ...]
    """The `Spoken.name` of each, in order."""


def sound_path(speed: float, names: Iterable[str]) -> str:
    """The path of the sound of these clips, given by their `Spoken.name`, at one speed."""
    joined = "-".join(names)
    return f"/clips/{speed:g}-{joined}.wav"


def parse(stem: str) -> Joined | None:
    """The clips that a file name without its ending stands for, or None for any other name."""
    if not re.fullmatch(r"[0-9.]{1,5}(-[0-9a-f]{16})+", stem):
        return None
    speed, *names = stem.split("-")
    if len(names) > MOST_CLIPS or not _is_canonical(speed):
        return None
    return Joined(float(speed), tuple(names))


def _is_canonical(speed: str) -> bool:
    """Whether this is how we write the speed, so that each sound has one URL only."""
    try:
        return speed == f"{float(speed):g}"
    except ValueError:
        return False


def cut(
    clips: Iterable[tuple[str, int]], most_samples: int = MOST_SAMPLES
) -> Iterator[list[str]]:
    """Names of clips, cut into sounds that each have one URL.

    `clips` gives each clip's `Spoken.name` and its length in samples. A sound has at most
    `MOST_CLIPS` clips and `most_samples` samples; a clip that is longer is a sound of its own.
    """
    names: list[str] = []
    samples = 0
    for name, length in clips:
        is_full = len(names) == MOST_CLIPS or samples + length > most_samples
        if names and is_full:
            yield names
            names = []
            samples = 0
        names.append(name)
        samples += length
    if names:
        yield names
