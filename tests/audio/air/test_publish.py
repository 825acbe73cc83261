"""Publishing is all or nothing, and when nothing changed it writes nothing."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest

from audio.air.plan import Takes, missing, plan
from audio.air.publish import (
    live_edition,
    make_edition,
    outdated,
    publish,
    who_reads,
)
from audio.air.render import render
from audio.air.studio_store import StudioStore
from audio.voices.silent import Silent
from audio.words.source import Source, load
from ivr.edition.edition import Edition, clip_name
from ivr.edition.store import (
    PACK_BYTES,
    PACK_CLIPS,
    clip_key,
    edition_key,
    pack_key,
    unsealed,
)
from ivr.errors import VoiceError
from tests.support.small import SPEEDS
from tests.support.small_content import write, write_welsh
from tests.support.stores import large, names, tree

Ready = tuple[Source, Takes]


@pytest.fixture
def store(tmp_path: Path) -> StudioStore:
    return StudioStore(tmp_path / "store")


@pytest.fixture
def rendered(tmp_path: Path, store: StudioStore) -> Callable[[str], Ready]:
    """Renders the small content, with one sentence as told, without publishing it."""

    def ready(sentence: str = "Second words.") -> Ready:
        folder = write(tmp_path / "content")
        article = folder / "en/articles/one.md"
        article.write_text(article.read_text().replace("Second words.", sentence))
        source = load(folder)
        takes = plan(source, {"en": Silent(1)})
        speeds = source.content.speeds
        with ThreadPoolExecutor(2) as pool:
            render(missing(takes, store, speeds), store, speeds, pool)
        return source, takes

    return ready


def test_an_edition_has_the_content_and_every_clip_that_it_needs(
    rendered: Callable[[], Ready], store: StudioStore
) -> None:
    source, takes = rendered()
    made = make_edition(source.content, takes, store)
    assert publish(made, store)
    live = store.edition(store.live() or "")
    assert live == made
    assert live.content == source.content
    assert live.voices == {"en": "silent:1"}
    assert live_edition(store) == live
    assert live.clips["en"].keys() == takes["en"].keys()
    for spoken in live.clips["en"].values():
        for speed, length in zip(live.content.speeds, spoken.lengths, strict=True):
            assert len(store.clip(clip_name(spoken.name, speed)) or b"") == length > 0


def test_publishing_again_writes_nothing(
    rendered: Callable[[], Ready], store: StudioStore
) -> None:
    source, takes = rendered()
    assert publish(make_edition(source.content, takes, store), store)
    before = tree(store)
    source, takes = rendered()
    assert not publish(make_edition(source.content, takes, store), store)
    assert tree(store) == before


def test_going_back_to_old_words_brings_the_old_edition_back(
    rendered: Callable[..., Ready], store: StudioStore
) -> None:
    ids = []
    for sentence in ("Second words.", "Other words.", "Second words."):
        source, takes = rendered(sentence)
        publish(make_edition(source.content, takes, store), store)
        ids.append(store.live())
    assert ids[0] == ids[2] != ids[1]
    assert len(list((store.folder / "editions").iterdir())) == 2


def test_an_edition_whose_file_is_damaged_is_published_again(
    rendered: Callable[[], Ready], store: StudioStore
) -> None:
    source, takes = rendered()
    made = make_edition(source.content, takes, store)
    publish(made, store)
    store.storage.write(edition_key(made.id), b"{")
    assert outdated(source.content, takes, store)
    assert live_edition(store) is None
    assert publish(made, store)
    assert store.edition(made.id) == made


def test_what_is_out_of_date_is_listed(
    rendered: Callable[..., Ready], store: StudioStore
) -> None:
    source, takes = rendered()
    assert outdated(source.content, takes, store)[0].endswith("none is")
    publish(make_edition(source.content, takes, store), store)
    assert outdated(source.content, takes, store) == ()
    take = takes["en"]["Second words."]
    store.clip_path(clip_name(take.name, 1)).unlink()
    assert outdated(source.content, takes, store) == (
        "1 utterance has no clips:",
        "'Second words.'",
    )
    source, takes = rendered("Other words.")
    (reason,) = outdated(source.content, takes, store)
    assert store.live() in reason.split()


@pytest.fixture
def bucket(s3: str) -> StudioStore:
    return StudioStore(f"{s3}/{uuid4().hex}")


def rendered_to(store: StudioStore, made: Edition) -> Edition:
    """Keeps each of its clips, as rendering does."""
    for name in names(made):
        store.keep_clip(name, b"\xff" * 1000)
    return made


@pytest.mark.parametrize("another", [False, True])
def test_new_clips_are_packed_for_servers_that_share_a_bucket(
    bucket: StudioStore, another: bool
) -> None:
    """Also those that another process has rendered. What the edition before had is left out."""
    first = rendered_to(bucket, large(1))
    new = rendered_to(bucket, large(2))
    said = {f"Also {text}": spoken for text, spoken in first.clips["en"].items()}
    second = replace(new, clips={"en": said | new.clips["en"]})
    publisher = StudioStore(bucket.url) if another else bucket
    for made, packed in ((first, first), (second, new)):
        assert publish(made, publisher)
        clips = StudioStore(bucket.url).packed(made.id)
        assert clips.keys() == set(names(packed))
        assert {unsealed(name, clip) for name, clip in clips.items()} == {
            b"\xff" * 1000
        }


def test_few_clips_are_not_packed_nor_more_than_fit_nor_any_in_a_folder(
    bucket: StudioStore, store: StudioStore
) -> None:
    few, much = large(1, PACK_CLIPS - 5), large(2)
    each = PACK_BYTES // PACK_CLIPS
    for text, spoken in much.clips["en"].items():
        much.clips["en"][text] = replace(spoken, lengths=(each,) * len(SPEEDS))
    for made, to in ((few, bucket), (much, bucket), (large(3), store)):
        assert publish(rendered_to(to, made), to)
        assert to.live() == made.id
        assert to.storage.entries("packs/") == {}


def test_a_pack_that_cannot_be_made_does_not_keep_an_edition_off_the_air(
    bucket: StudioStore, caplog: pytest.LogCaptureFixture
) -> None:
    made = rendered_to(bucket, large(1))
    bucket.storage.delete(clip_key(names(made)[0]))
    publisher = StudioStore(bucket.url)
    assert publish(made, publisher)
    assert publisher.live() == made.id
    assert pack_key(made.id) not in publisher.storage.entries()
    assert f"longer to copy edition {made.id}" in caplog.text


def test_every_language_that_nobody_can_read_is_named_with_what_to_install(
    tmp_path: Path, store: StudioStore
) -> None:
    """And with the voice of eSpeak, which comes with the line, where it has one."""
    folder = write_welsh(tmp_path / "content")
    line = folder / "line.toml"
    text = line.read_text().replace("silent:1", "piper:en_GB-nobody")
    line.write_text(text.replace("silent:2", "piper:cy_GB-nobody"))
    with pytest.raises(VoiceError) as error:
        who_reads(load(folder), store)
    told = str(error.value)
    assert "en: none of the voices in line.toml can speak:" in told
    assert "cy: none of the voices in line.toml can speak:" in told
    assert "piper.download_voices cy_GB-nobody" in told
    assert "espeak:cy is installed, and could be listed there for cy" in told
    line.write_text(text.replace("silent:2", "espeak:cy"))
    with pytest.raises(VoiceError) as error:
        who_reads(load(folder), store)
    assert "cy:" not in str(error.value).replace("espeak:cy", "")


@pytest.mark.parametrize(
    ("asked", "readers"),
    [
        (None, {"en": "silent:1", "cy": "silent:2"}),
        ("silent:9", {"en": "silent:9", "cy": "silent:9"}),
        ("cy=silent:9", {"en": "silent:1", "cy": "silent:9"}),
    ],
)
def test_a_voice_may_be_asked_for_in_one_language(
    tmp_path: Path, store: StudioStore, asked: str | None, readers: dict[str, str]
) -> None:
    source = load(write_welsh(tmp_path / "content"))
    chosen = who_reads(source, store, asked)
    assert {code: voice.name for code, voice in chosen.items()} == readers
