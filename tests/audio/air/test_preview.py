"""What a render would do is told in plain words."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from audio.air.plan import Takes, every, missing, plan
from audio.air.preview import preview
from audio.air.publish import make_edition
from audio.air.render import render
from audio.air.studio_store import StudioStore
from audio.voices.espeak import Espeak
from audio.voices.google import Google
from audio.voices.silent import Silent
from audio.words.source import Source, load
from tests.support.small_content import ARTICLE, changed, write


@pytest.fixture
def source(tmp_path: Path) -> Source:
    """A helpline and a section have the same name."""
    return load(write(tmp_path / "content", one=changed(ARTICLE, "## One", "## First")))


@pytest.fixture
def takes(source: Source) -> Takes:
    return plan(source, {"en": Silent(1)})


def told(
    source: Source, takes: Takes, wanted: int | None = None, workers: int = 1
) -> list[str]:
    voices = {"en": next(iter(takes["en"].values())).voice.name}
    some = every(takes)[:wanted]
    return list(preview(source.content, takes, some, workers, voices, None))


def test_each_part_tells_how_much_of_it_is_new(source: Source, takes: Takes) -> None:
    lines = told(source, takes)
    parts = [line.split(": ") for line in lines if line.startswith("  en: ")]
    assert [part[1] for part in parts] == ["prompts", "helplines", "article 'A title'"]
    assert sum(int(part[2].partition(" of ")[0]) for part in parts) == len(every(takes))
    assert lines[0] == "To be rendered: {0} of {0} utterances.".format(
        len(every(takes))
    )


def test_with_nothing_new_no_time_is_needed(source: Source, takes: Takes) -> None:
    assert told(source, takes, 0)[0].startswith("To be rendered: 0 of ")
    assert not [line for line in told(source, takes, 0) if "seconds" in line]


def test_more_workers_need_less_time_and_an_unknown_voice_an_unknown_one(
    source: Source, tmp_path: Path
) -> None:
    takes = plan(source, {"en": Espeak("espeak:en", "")})
    one, four = (_seconds(told(source, takes, workers=n)) for n in (1, 4))
    assert one > 2 * four
    slow = plan(source, {"en": Google("gtts:en", "", "en", "com")})
    (line,) = (line for line in told(source, slow) if "seconds" in line)
    assert line.endswith("and as long as it takes with gtts:en.")


def _seconds(lines: list[str]) -> int:
    (line,) = (line for line in lines if "seconds" in line)
    return int(line.removeprefix("That takes about ").partition(" ")[0])


def test_a_change_of_reader_is_named(
    source: Source, takes: Takes, tmp_path: Path
) -> None:
    store = StudioStore(tmp_path / "store")
    with ThreadPoolExecutor(1) as pool:
        speeds = source.content.speeds
        render(missing(takes, store, speeds), store, speeds, pool)
    live = make_edition(source.content, takes, store)
    same, other = (
        list(preview(source.content, takes, (), 1, {"en": name}, live))[-1]
        for name in ("silent:1", "flite:rms")
    )
    assert same == "Callers would hear the same words as now."
    assert other == "  en is now read by flite:rms instead of silent:1"
