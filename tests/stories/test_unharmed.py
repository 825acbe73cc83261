"""Renders that are killed, that run into each other or out of disk do callers no harm.

Each render is a process of its own, forked from one that has loaded what it needs.
"""

import multiprocessing
import os
import random
import resource
import time
from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest

from audio.air.editions import kept, roll_back
from audio.air.plan import missing, plan
from audio.air.publish import clips_of, outdated
from audio.air.studio_store import StudioStore
from audio.voices.silent import Silent
from audio.words.source import load
from ivr.edition.edition import clip_name
from ivr.errors import LineError
from tests.support.renders import put_on_the_air
from tests.support.small_content import ARTICLE, LINE, changed, write

KILLS = 50

CHILDREN = multiprocessing.get_context("forkserver")
CHILDREN.set_forkserver_preload(
    [__name__, "audio.sound.checks", "audio.sound.mastering"]
)


def started(content: Path, url: str) -> BaseProcess:
    process = CHILDREN.Process(
        target=_with, args=(dict(os.environ), put_on_the_air, content, url)
    )
    process.start()
    return process


def _with(environment: dict[str, str], run: Callable[..., None], *args: object) -> None:
    """The process that forks may have begun before there was a bucket."""
    os.environ.update(environment)
    run(*args)


def with_words(folder: Path, words: str, sentences: int = 20) -> Path:
    """Content with so many sentences of its own; a few come with few clips, for a bucket."""
    new = " ".join(f"{words} number {n}." for n in range(sentences))
    one_speed = changed(LINE, "[0.75, 1, 2]", "[1]") if sentences < 20 else LINE
    return write(folder, line=one_speed, one=changed(ARTICLE, "Second words.", new))


def answers_in_full(store: StudioStore) -> bool:
    """Whether the live edition can be read, and each of its clips is there and right."""
    live = store.edition(store.live() or "")
    return not store.damaged(sorted(clips_of(live))) and all(
        store.length(clip_name(spoken.name, speed)) == length
        for spoken in live.clips["en"].values()
        for speed, length in zip(live.content.speeds, spoken.lengths, strict=True)
    )


def is_live(content: Path, store: StudioStore) -> bool:
    source = load(content)
    return outdated(source.content, plan(source, {"en": Silent(1)}), store) == ()


def test_killed_at_any_moment_the_live_edition_answers_in_full(tmp_path: Path) -> None:
    store = StudioStore(tmp_path / "store")
    put_on_the_air(write(tmp_path / "first"), store.url)
    started(with_words(tmp_path / "warm", "Warm words"), store.url).join()
    begin = time.monotonic()
    started(with_words(tmp_path / "timed", "Timed words"), store.url).join()
    whole_s = time.monotonic() - begin
    moments = random.Random(3)
    stages = set()
    for n in range(KILLS):
        content = with_words(tmp_path / str(n), f"Words {n}")
        clips, live = len(store.storage.entries("clips/")), store.live()
        process = started(content, store.url)
        time.sleep(moments.uniform(0, whole_s))
        process.kill()
        process.join()
        assert answers_in_full(store)
        stages.add((len(store.storage.entries("clips/")) - clips, store.live() != live))
    assert len(stages) > 5, "these were not different moments"


def test_a_render_after_one_that_was_killed_keeps_what_that_had_made(
    tmp_path: Path,
) -> None:
    store = StudioStore(tmp_path / "store")
    content = with_words(tmp_path / "content", "Words", 200)
    process = started(content, store.url)
    while len(store.storage.entries("clips/")) < 30:
        assert process.is_alive()
    process.kill()
    process.join()
    assert store.live() is None
    done = {
        key: found
        for key, found in store.storage.entries("clips/").items()
        if ".part" not in key
    }
    source = load(content)
    takes = plan(source, {"en": Silent(1)})
    left = {take.name for take in missing(takes, store, source.content.speeds)}
    put_on_the_air(content, store.url)
    assert is_live(content, store)
    after = store.storage.entries("clips/")
    whole = {
        key for key in done if key.rpartition("/")[2].partition("_")[0] not in left
    }
    assert len(whole) >= 20
    assert all(after[key] == done[key] for key in whole)


def test_two_renders_at_once_do_each_other_no_harm(
    tmp_path: Path, store_url: str
) -> None:
    store = StudioStore(store_url)
    contents = [
        with_words(tmp_path / name, f"{name} words", 9) for name in ("these", "those")
    ]
    both = [started(content, store_url) for content in contents]
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    assert answers_in_full(store)
    assert len(kept(store)) == 2
    assert [is_live(content, store) for content in contents].count(True) == 1
    assert set(store.on_the_air(datetime.now(UTC))) == {made.id for made in kept(store)}


def test_two_renders_of_the_same_words_at_once_make_one_edition(tmp_path: Path) -> None:
    store = StudioStore(tmp_path / "store")
    content = with_words(tmp_path / "content", "Words")
    both = [started(content, store.url) for _ in range(2)]
    for process in both:
        process.join()
    assert [process.exitcode for process in both] == [0, 0]
    assert answers_in_full(store)
    assert len(kept(store)) == 1


def what_fails(
    told: Path, most_bytes: int, run: Callable[..., None], *args: object
) -> str:
    """The error of a process that can write no file beyond so many bytes; empty if none."""
    process = CHILDREN.Process(
        target=_short_of_disk, args=(told, most_bytes, run, *args)
    )
    process.start()
    process.join()
    assert process.exitcode == 0
    return told.read_text()


def _short_of_disk(
    told: Path, most_bytes: int, run: Callable[..., None], *args: object
) -> None:
    told.write_text("")
    resource.setrlimit(resource.RLIMIT_FSIZE, (most_bytes, resource.RLIM_INFINITY))
    try:
        run(*args)
    except (LineError, OSError) as error:
        resource.setrlimit(resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
        told.write_text(str(error))


@pytest.mark.parametrize(
    ("most_bytes", "what"),
    [
        (0, "clips"),
        (3000, "clips"),
        (4000, "clips"),
        (6000, "editions"),
        (9000, "editions"),
    ],
)
def test_no_room_for_a_clip_or_the_edition_is_an_error_and_the_live_one_answers(
    most_bytes: int, what: str, tmp_path: Path
) -> None:
    store = StudioStore(tmp_path / "store")
    put_on_the_air(write(tmp_path / "first"), store.url)
    live = store.live()
    content = with_words(tmp_path / "second", "Words")
    told = what_fails(tmp_path / "told", most_bytes, put_on_the_air, content, store.url)
    assert "File too large" in told
    assert f"{store.url}/{what}/" in told
    assert store.live() == live
    assert answers_in_full(store)
    assert not [key for key in store.storage.entries() if ".part" in key]
    put_on_the_air(content, store.url)
    assert is_live(content, store)
    assert answers_in_full(store)


def test_no_room_for_the_word_which_one_is_live_is_an_error_and_the_live_one_answers(
    tmp_path: Path,
) -> None:
    store = StudioStore(tmp_path / "store")
    put_on_the_air(write(tmp_path / "first"), store.url)
    first = store.live()
    put_on_the_air(with_words(tmp_path / "second", "Words"), store.url)
    live = store.live()
    assert "File too large" in what_fails(tmp_path / "told", 5, roll_back, store, first)
    assert store.live() == live
    assert answers_in_full(store)
