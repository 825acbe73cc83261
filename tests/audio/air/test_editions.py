"""What staff see of the editions, going back to one, and clearing old ones away."""

import os
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audio.air.editions import Pruned, kept, previous, prune, roll_back
from audio.air.publish import clips_of
from audio.air.studio_store import StudioStore
from ivr.edition.store import STAY, clip_key, pack_key
from ivr.errors import StoreError
from scripts import editions
from tests.support.renders import put_on_the_air
from tests.support.small_content import ARTICLE, LINE, changed, write
from tests.support.stores import publish, small

ONE_SPEED = changed(LINE, "[0.75, 1, 2]", "[1]")
LATER = timedelta(minutes=1)
Put = Callable[..., str]
Out = pytest.CaptureFixture[str]


@pytest.fixture
def store(store_url: str) -> StudioStore:
    return StudioStore(store_url)


@pytest.fixture
def put(tmp_path: Path, store: StudioStore) -> Put:
    """Puts the small content on the air, with one sentence as told; the edition's id."""

    def render(sentence: str, **more: str) -> str:
        one = changed(ARTICLE, "Second words.", sentence)
        content = write(tmp_path / "content", line=ONE_SPEED, one=one, **more)
        put_on_the_air(content, store.url)
        return store.live() or ""

    return render


@pytest.fixture
def three(store: StudioStore) -> list[str]:
    """The ids of three editions; the last is live."""
    return [publish(store, small(n)).id for n in (1, 2, 3)]


def test_editions_are_listed_with_what_each_changed(
    tmp_path: Path, capsys: Out
) -> None:
    store = StudioStore(tmp_path)
    first = replace(small(1), voices={"en": "flite:rms"})
    content = replace(first.content, name="Another line")
    for number, made in enumerate(
        (
            first,
            replace(small(2), content=content, voices=first.voices),
            replace(small(3), content=content),
            replace(small(4), content=content),
        )
    ):
        publish(store, replace(made, created=f"2026-11-23T1{number}:59:00+00:00"))
    roll_back(store, small(2).id)
    assert editions.main(["--store", store.url]) == 0
    assert (
        capsys.readouterr().out
        == """\
000000000004  made 23 November 2026, 13:59, read by en silent:100
    the same words, said again
000000000003  made 23 November 2026, 12:59, read by en silent:100
    en is now read by silent:100 instead of flite:rms
000000000002  made 23 November 2026, 11:59, read by en flite:rms, LIVE
    the line: name changed
000000000001  made 23 November 2026, 10:59, read by en flite:rms
    the first that is kept
"""
    )


def test_going_back_is_to_the_edition_before_or_to_one_by_its_id(
    three: list[str], store: StudioStore, capsys: Out
) -> None:
    assert editions.main(["--store", store.url, "--rollback"]) == 0
    assert store.live() == three[1]
    assert editions.main(["--store", store.url, "--rollback", three[0]]) == 0
    assert store.live() == three[0]
    assert previous(store) == three[1]
    assert f"Edition {three[0]} is live now" in capsys.readouterr().out


@pytest.mark.parametrize("damage", [None, b"", b"\x00" * 5000])
def test_going_back_is_refused_where_a_clip_is_missing_or_damaged(
    three: list[str], store: StudioStore, capsys: Out, damage: bytes | None
) -> None:
    clip = clip_key(
        min(clips_of(store.edition(three[0])) - clips_of(store.edition(three[2])))
    )
    if damage is None:
        store.storage.delete(clip)
    else:
        store.storage.write(clip, damage)
    before = store.storage.entries()
    assert editions.main(["--store", store.url, "--rollback", three[0]]) == 1
    assert f"lacks 1 clip, such as {clip.rpartition('/')[2]}" in capsys.readouterr().err
    assert store.storage.entries() == before


def test_going_back_where_there_is_nothing_to_go_back_to_is_refused(
    store: StudioStore, capsys: Out
) -> None:
    only = publish(store, small(1)).id
    for wanted in ([], ["1" * 12], ["nonsense"]):
        assert editions.main(["--store", store.url, "--rollback", *wanted]) == 1
    assert "no edition was live before" in capsys.readouterr().err
    assert store.live() == only


def test_the_next_render_mends_every_damage(put: Put, store: StudioStore) -> None:
    """Also of bytes that are wrong in a clip of the right length, in the edition, in `live`."""
    live = put("Second words.")
    whole = store.storage.entries("clips/").keys()
    short, gone, wrong = sorted(map(clip_key, clips_of(store.edition(live))))[:3]
    damages: tuple[Callable[[], object], ...] = (
        lambda: store.storage.write(short, store.storage.read(short)[:-1]),
        lambda: store.storage.delete(gone),
        lambda: store.storage.write(wrong, store.storage.read(wrong)[:-1] + b"\x00"),
        lambda: store.storage.write(f"editions/{live}.json", b"{"),
        lambda: store.storage.write("live", b"nonsense"),
        lambda: store.storage.delete("live"),
    )
    for damage in damages:
        damage()
        assert put("Second words.") == live
        assert (
            store.damaged([clip.rpartition("/")[2] for clip in (short, gone, wrong)])
            == []
        )
    assert store.damaged(sorted(clips_of(store.edition(live)))) == []
    assert store.storage.entries("clips/").keys() == whole


def test_pruning_keeps_what_a_call_can_reach_and_the_edition_before(
    three: list[str], store: StudioStore
) -> None:
    now = datetime.now(UTC)
    before = store.storage.entries().keys()
    assert prune(store, now) == prune(store, now + STAY - LATER) == Pruned(0, 0, 0)
    assert store.storage.entries().keys() == before
    assert prune(store, now + STAY + LATER) == Pruned(1, 5, 0)
    assert sorted(e.id for e in kept(store)) == sorted(three[1:])
    for left in kept(store):
        assert store.damaged(sorted(clips_of(left))) == []
    roll_back(store, previous(store))
    assert store.live() == three[1]


def test_pruning_spares_an_edition_that_was_live_a_short_while_ago(
    three: list[str], store: StudioStore
) -> None:
    """However long ago it was made: callers may have got it until it was replaced."""
    for edition in three:
        roll_back(store, edition)
    replaced = max(time for time, edition in store.history() if edition == three[0])
    prune(store, replaced + STAY - timedelta(microseconds=1))
    assert three[0] in {edition.id for edition in kept(store)}
    prune(store, replaced + STAY + LATER)
    assert three[0] not in {edition.id for edition in kept(store)}


def test_pruning_takes_what_killed_renders_left_but_nothing_of_one_in_progress(
    store: StudioStore,
) -> None:
    publish(store, small(1))
    now = datetime.now(UTC)
    store.keep_clip("0123456789abcdef_1", b"\xff")
    store.storage.write("clips/01/.0123456789abcdef_1.123.part", b"")
    assert prune(store, now) == Pruned(0, 0, 0)
    assert prune(store, now + STAY + LATER) == Pruned(0, 1, 1)


def test_pruning_takes_packs_but_new_ones_and_the_live_editions(
    three: list[str], store: StudioStore
) -> None:
    now = datetime.now(UTC)
    packs = {pack_key(edition) for edition in three}
    for pack in packs:
        store.storage.write(pack, b"")
    prune(store, now + STAY - LATER)
    assert store.storage.entries("packs/").keys() == packs
    prune(store, now + STAY + LATER)
    assert store.storage.entries("packs/").keys() == {pack_key(three[2])}


def test_pruning_is_refused_while_an_edition_on_the_air_cannot_be_read(
    three: list[str], store: StudioStore
) -> None:
    store.storage.write(f"editions/{three[2]}.json", b"{")
    before = store.storage.entries()
    with pytest.raises(StoreError, match=three[2]):
        prune(store, datetime.now(UTC) + STAY + LATER)
    assert store.storage.entries() == before


def test_the_command_prunes(tmp_path: Path, capsys: Out) -> None:
    folder = StudioStore(tmp_path)
    assert editions.main(["--store", folder.url]) == 0
    assert "No edition is kept" in capsys.readouterr().out
    folder.keep_clip("0123456789abcdef_1", b"\xff")
    os.utime(folder.clip_path("0123456789abcdef_1"), (0, 0))
    assert editions.main(["--store", folder.url, "--prune"]) == 0
    assert capsys.readouterr().out == "Deleted: 0 editions, 1 clip, 0 parts of files.\n"
