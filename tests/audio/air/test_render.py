"""Only what is missing is rendered, and whatever fails is told all at once."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from audio.air.plan import Take, lengths, missing, plan
from audio.air.render import SAME_FAULTS, render
from audio.air.studio_store import StudioStore
from audio.air.workers import processes
from audio.voices.engines import voice
from audio.voices.silent import Silent
from audio.voices.voice import Sound
from audio.words.source import load
from ivr.edition.edition import clip_name
from ivr.errors import RenderError, VoiceError
from tests.support.hum import Hum
from tests.support.small_content import write

SPEEDS = (0.75, 1.0, 2.0)
HELLO = Take("Hello!", "Hello!", Silent(20), 450)


@dataclass(frozen=True)
class Hoarse(Hum):
    """Says nothing that has an `e` in it."""

    def say(self, text: str) -> Sound:
        if "e" in text:
            raise VoiceError("the voice said nothing")
        return super().say(text)


@pytest.fixture
def store(tmp_path: Path) -> StudioStore:
    return StudioStore(tmp_path / "store")


@pytest.fixture
def threads() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


def test_a_take_becomes_a_clip_at_each_speed(
    store: StudioStore, threads: Executor
) -> None:
    render([HELLO], store, SPEEDS, threads)
    normal = (6 * 20 + 450) * 8
    assert lengths(HELLO, store, SPEEDS) == (
        round(normal / 0.75),
        normal,
        round(normal / 2),
    )
    assert store.clip(clip_name(HELLO.name, 1)) == b"\xff" * normal
    assert {path.name for path in store.folder.rglob("*") if path.is_file()} == {
        clip_name(HELLO.name, speed) for speed in SPEEDS
    }


def test_workers_may_be_processes(store: StudioStore) -> None:
    with processes(2) as pool:
        render([HELLO, replace(HELLO, speakable="Two")], store, SPEEDS, pool)
    assert lengths(HELLO, store, SPEEDS)


def test_each_take_that_is_done_is_counted(
    store: StudioStore, threads: Executor
) -> None:
    counted: list[int] = []
    takes = [HELLO, replace(HELLO, speakable="Two")]
    render(takes, store, SPEEDS, threads, lambda: counted.append(1))
    assert len(counted) == 2


@pytest.mark.parametrize(
    "other",
    [
        replace(HELLO, speakable="Hello?"),
        replace(HELLO, voice=Silent(21)),
        replace(HELLO, voice=Hoarse()),
        replace(HELLO, pause_ms=150),
    ],
)
def test_whatever_shapes_a_sound_shapes_its_name(other: Take) -> None:
    assert len(HELLO.name) == 16
    assert other.name != HELLO.name


def test_two_texts_that_sound_the_same_are_rendered_once(store: StudioStore) -> None:
    takes = {"en": {"Hello!": HELLO, "«Hello!»": replace(HELLO, utterance="«Hello!»")}}
    assert missing(takes, store, SPEEDS) in (
        (takes["en"]["Hello!"],),
        (takes["en"]["«Hello!»"],),
    )


@pytest.mark.parametrize("speed", SPEEDS)
def test_a_clip_that_is_gone_or_cut_short_is_missing(
    speed: float, store: StudioStore, threads: Executor
) -> None:
    takes = {"en": {"Hello!": HELLO}}
    clip = store.clip_path(clip_name(HELLO.name, speed))
    for size in (None, 9, 0):
        render([HELLO], store, SPEEDS, threads)
        assert missing(takes, store, SPEEDS) == ()
        clip.unlink() if size is None else os.truncate(clip, size)
        assert missing(takes, store, SPEEDS) == (HELLO,)


def test_all_failures_are_listed_at_once_and_the_rest_is_kept(
    store: StudioStore, threads: Executor
) -> None:
    takes = [Take(text, text.lower(), Hoarse(), 0) for text in ("Hello", "Why?", "Bye")]
    with pytest.raises(RenderError) as failed:
        render(takes, store, SPEEDS, threads)
    told = str(failed.value).splitlines()
    assert told == [
        f"'{text}' (said as '{text.lower()}' by hum:one): the voice said nothing"
        for text in ("Hello", "Bye")
    ]
    assert [bool(lengths(take, store, SPEEDS)) for take in takes] == [
        False,
        True,
        False,
    ]


def test_what_is_wrong_with_many_is_shown_for_a_few(
    store: StudioStore, threads: Executor
) -> None:
    """Without a network, every utterance has the same fault."""
    takes = [Take(f"H{number}", "hello", Hoarse(), 0) for number in range(210)]
    with pytest.raises(RenderError) as failed:
        render(takes, store, SPEEDS, threads)
    told = str(failed.value).splitlines()
    assert len(told) == SAME_FAULTS + 1
    assert told[0].startswith("'H0' ")
    assert told[-1] == f"The same with {210 - SAME_FAULTS} more utterances."


def test_a_clip_that_cannot_be_written_is_a_failure(
    tmp_path: Path, threads: Executor
) -> None:
    (tmp_path / "clips").write_text("not a folder")
    with pytest.raises(RenderError, match="'Hello!'"):
        render([HELLO], StudioStore(tmp_path), SPEEDS, threads)


def test_changing_one_sentence_leaves_only_its_clips_missing(
    tmp_path: Path, store: StudioStore, threads: Executor
) -> None:
    folder = write(tmp_path / "content")
    voices = {"en": voice("silent:2")}
    render(missing(plan(load(folder), voices), store, SPEEDS), store, SPEEDS, threads)
    article = folder / "en/articles/one.md"
    article.write_text(article.read_text().replace("Second words.", "Other words."))
    (left,) = missing(plan(load(folder), voices), store, SPEEDS)
    assert left.utterance == "Other words."
