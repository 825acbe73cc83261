"""Several servers answer from a bucket, each from its own copy; the bucket is a real server."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from itertools import cycle
from pathlib import Path
from uuid import uuid4

import fsspec
import msgspec
import pytest
import requests

from audio.air.studio_store import StudioStore
from ivr.edition.copy import Copy
from ivr.edition.library import Library
from ivr.edition.store import DIGEST_BYTES, PACK_CLIPS, clip_key, pack_key, seal
from ivr.errors import StoreError
from ivr.handset.phone import Phone, over_http
from tests.support.caller import PUBLIC_URL
from tests.support.server import TOKEN, running, until
from tests.support.small import article, edition
from tests.support.stores import (
    PLENTY,
    large,
    long_ago,
    names,
    publish,
    publish_packed,
    small,
)


@pytest.fixture
def remote(s3: str) -> StudioStore:
    return StudioStore(f"{s3}/{uuid4().hex}")


@pytest.fixture
def copy(remote: StudioStore, tmp_path: Path) -> Iterator[Copy]:
    copy = Copy(remote, tmp_path, PLENTY)
    yield copy
    copy.stopped.set()


@pytest.fixture
def lose_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """A function: whoever opens a bucket after it was called gets no answer.

    A connection reads its address when it is first used, so what should still have a network
    must have used it by then.
    """
    s3 = fsspec.get_filesystem_class("s3")

    def lose() -> None:
        s3.clear_instance_cache()
        monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")

    yield lose
    s3.clear_instance_cache()


def test_the_copy_has_the_live_edition_in_full(remote: StudioStore, copy: Copy) -> None:
    made = publish(remote, small(1))
    copy.follow()
    assert copy.local.live() == made.id
    assert copy.local.edition(made.id) == made
    assert StudioStore(copy.local.url).damaged(names(made)) == []


def test_a_new_edition_is_switched_to_and_calls_still_find_the_old_one(
    remote: StudioStore, copy: Copy
) -> None:
    publish(remote, small(1))
    copy.follow()
    library = Library(copy.local, remote)
    publish(remote, small(2))
    assert library.live().id == small(1).id
    copy.follow()
    assert library.live().id == small(2).id
    assert Library(copy.local, remote).edition(small(1).id) == small(1)
    assert StudioStore(copy.local.url).damaged(names(small(1)) + names(small(2))) == []


def test_an_edition_whose_clips_cannot_be_copied_is_not_switched_to(
    remote: StudioStore, copy: Copy
) -> None:
    """A folder in the way stands for a disk that is full."""
    publish(remote, small(1))
    copy.follow()
    new = replace(small(2), clips=small(0xFF << 56).clips)
    (copy.local.folder / "clips/ff").write_text("in the way")
    publish(remote, new)
    with pytest.raises(OSError, match="clips"):
        copy.follow()
    assert Library(copy.local, remote).live() == small(1)


def test_a_server_that_starts_late_can_answer_calls_that_began_in_the_edition_before(
    remote: StudioStore, copy: Copy
) -> None:
    publish(remote, small(1))
    publish(remote, small(2))
    library = Library(copy.start(), remote)
    assert library.edition(small(1).id) == small(1)
    assert StudioStore(copy.local.url).damaged(names(small(1))) == []


def test_the_copy_knows_which_editions_a_call_may_hear(
    remote: StudioStore, copy: Copy
) -> None:
    publish(remote, small(1))
    copy.follow()
    publish(remote, small(2))
    copy.follow()
    assert copy.local.on_the_air(datetime.now(UTC)) == [small(2).id, small(1).id]
    long_ago(remote)
    publish(remote, small(3))
    copy.follow()
    assert copy.local.on_the_air(datetime.now(UTC)) == [small(3).id]


def test_without_a_network_the_last_copy_answers(
    remote: StudioStore, copy: Copy, tmp_path: Path, lose_network: Callable[[], None]
) -> None:
    publish(remote, small(1))
    copy.follow()
    lose_network()
    lost = Copy(StudioStore(remote.url), tmp_path, PLENTY)
    with pytest.raises(OSError, match=r"s3://"):
        lost.follow()
    assert Library(lost.start(), lost.remote).live() == small(1)
    lost.stopped.set()


def test_without_a_network_or_a_copy_it_does_not_start(
    s3: str, tmp_path: Path, lose_network: Callable[[], None]
) -> None:
    lose_network()
    with pytest.raises(OSError, match=r"s3://"):
        Copy(StudioStore(f"{s3}/new"), tmp_path, PLENTY).start()


def test_where_nothing_is_published_it_says_what_to_do(copy: Copy) -> None:
    with pytest.raises(StoreError, match=r"scripts/render_audio\.py"):
        copy.start()


def test_the_copy_stays_within_its_bound_and_what_was_used_longest_ago_goes_first(
    remote: StudioStore, tmp_path: Path
) -> None:
    each = 1000 + DIGEST_BYTES
    copy = Copy(remote, tmp_path, 8 * each)
    old, new = publish(remote, small(1)), small(2)
    copy.follow()
    library = Library(copy.local, remote)
    for minute, name in enumerate(names(old)):
        path = copy.local.clip_path(name)
        os.utime(path, ns=(minute * 60 * 10**9, path.stat().st_mtime_ns))
    assert library.clip(names(old)[0])
    long_ago(remote)
    publish(remote, new)
    copy.follow()
    here = {path.name for path in (copy.local.folder / "clips").glob("*/*")}
    assert here == {*names(new), names(old)[0], names(old)[4], names(old)[3]}


def test_an_edition_larger_than_the_bound_is_copied_as_far_as_it_fits(
    remote: StudioStore, tmp_path: Path
) -> None:
    copy = Copy(remote, tmp_path, 3 * 1008)
    made = publish(remote, small(1))
    copy.follow()
    library = Library(copy.local, remote)
    assert library.live() == made
    assert [library.is_sound(name, 1000) for name in names(made)] == [True] * 3 + [
        False
    ] * 2


def test_damage_in_the_copy_is_noticed_and_copied_again(
    remote: StudioStore, copy: Copy, tmp_path: Path
) -> None:
    made = publish(remote, small(1))
    copy.follow()
    library = Library(copy.local, remote)
    for damage in (b"\x00" * 1008, b"", None):
        path = copy.local.clip_path(names(made)[0])
        path.unlink() if damage is None else path.write_bytes(damage)
        library.look_again()
        assert not library.is_sound(names(made)[0], 1000)
        assert library.clip(names(made)[0]) == b"\xff" * 1000
        Copy(remote, tmp_path, PLENTY).follow()  # as a minute later
        library.look_again()
        assert library.is_sound(names(made)[0], 1000)


def test_damage_to_the_copys_live_file_changes_nothing_for_callers(
    remote: StudioStore, copy: Copy
) -> None:
    made = publish(remote, small(1))
    copy.follow()
    library = Library(copy.local, remote)
    for damage in ("", "nonsense"):
        copy.local.storage.write("live", damage.encode())
        assert library.live() == made
        copy.follow()
        assert copy.local.live() == made.id


def test_damage_in_the_bucket_is_logged_and_the_rest_is_copied(
    remote: StudioStore, copy: Copy, caplog: pytest.LogCaptureFixture
) -> None:
    made = small(1)
    gone, wrong, *right = names(made)
    publish(remote, made)
    remote.storage.delete(clip_key(gone))
    remote.storage.write(clip_key(wrong), b"\x00" * 1008)
    copy.follow()
    assert copy.local.live() == made.id
    assert StudioStore(copy.local.url).damaged(names(made)) == [gone, wrong]
    assert all(
        f"{clip_key(name)} is missing or damaged" in caplog.text
        for name in (gone, wrong)
    )
    assert StudioStore(copy.local.url).damaged(right) == []


def test_many_new_clips_are_copied_with_one_read(
    remote: StudioStore, copy: Copy
) -> None:
    """They are nowhere else, so the pack was read."""
    made = publish_packed(remote, large(1))
    for name in names(made):
        remote.storage.delete(clip_key(name))
    copy.follow()
    assert copy.local.live() == made.id
    assert StudioStore(copy.local.url).damaged(names(made)) == []


def test_what_is_not_in_a_pack_is_copied_clip_by_clip_before_the_edition_is_switched_to(
    remote: StudioStore, copy: Copy
) -> None:
    """A file in the way stands for a disk that is full."""
    packed, more = large(1), small(0xFF << 56)
    made = replace(packed, clips={"en": packed.clips["en"] | more.clips["en"]})
    publish(remote, made)
    remote.pack(made, set(names(packed)))
    for name in names(packed):
        remote.storage.delete(clip_key(name))
    in_the_way = copy.local.folder / "clips/ff"
    in_the_way.parent.mkdir(parents=True)
    in_the_way.write_text("")
    with pytest.raises(OSError, match="clips/ff"):
        copy.follow()
    assert copy.local.live() is None
    in_the_way.unlink()
    copy.follow()
    assert copy.local.live() == made.id
    assert StudioStore(copy.local.url).damaged(names(made)) == []


def test_the_pack_is_not_read_for_a_few_clips_or_to_mend(
    remote: StudioStore, copy: Copy, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing is logged about a pack that cannot be read, so nobody tried to read it."""
    few = publish(remote, large(1, PACK_CLIPS - 5))
    remote.storage.write(pack_key(few.id), b"nonsense")
    copy.follow()
    made = publish_packed(remote, large(2))
    copy.follow()
    remote.storage.write(pack_key(made.id), b"nonsense")
    for name in names(made):
        copy.local.storage.delete(clip_key(name))
    Copy(remote, tmp_path, PLENTY).follow()  # as a minute later
    assert StudioStore(copy.local.url).damaged(names(few) + names(made)) == []
    assert caplog.text == ""


@pytest.mark.parametrize(
    "damage", ["none", "nonsense", "cut", "one clip", "another's", "length"]
)
def test_a_pack_that_is_missing_damaged_or_wrong_does_no_harm(
    remote: StudioStore, copy: Copy, caplog: pytest.LogCaptureFixture, damage: str
) -> None:
    made, other = publish_packed(remote, large(1)), large(2)
    whole, clips = remote.storage.read(pack_key(made.id)), remote.packed(made.id)
    first = names(made)[0]
    wrong = {
        "none": b"",
        "nonsense": b"nonsense",
        "cut": whole[:-1],
        "one clip": msgspec.msgpack.encode(clips | {first: b"\x00" * 1008}),
        "another's": msgspec.msgpack.encode(
            dict(zip(names(other), clips.values(), strict=True))
        ),
        "length": msgspec.msgpack.encode(clips | {first: seal(first, b"\xff" * 999)}),
    }
    if damage == "none":
        remote.storage.delete(pack_key(made.id))
    else:
        remote.storage.write(pack_key(made.id), wrong[damage])
    copy.follow()
    assert copy.local.live() == made.id
    assert [copy.local.length(name) for name in names(made)] == [1000] * PACK_CLIPS
    told = {"one clip": f"{first} is damaged", "length": f"{first} is damaged"}
    for at in ("nonsense", "cut"):
        told[at] = f"{pack_key(made.id)} cannot be read"
    if damage in told:
        assert told[damage] in caplog.text
    else:
        assert caplog.text == ""


def test_the_line_goes_on_when_the_buckets_live_is_damaged(
    remote: StudioStore, copy: Copy
) -> None:
    made = publish(remote, small(1))
    remote.storage.write("live", b"nonsense")
    copy.follow()
    assert Library(copy.local, remote).live() == made


def test_one_process_copies_at_a_time(
    remote: StudioStore, copy: Copy, tmp_path: Path
) -> None:
    publish(remote, small(1))
    other = Copy(remote, tmp_path, PLENTY)
    with other._alone(wait=True) as alone:
        assert alone
        copy.follow()
        assert copy.local.live() is None
    copy.follow()
    assert copy.local.live() == small(1).id


def test_editions_that_no_call_can_hear_are_removed_from_the_copy(
    remote: StudioStore, copy: Copy
) -> None:
    publish(remote, small(1))
    copy.follow()
    long_ago(remote)
    publish(remote, small(2))
    copy.follow()
    assert copy.local.storage.entries("editions/").keys() == {
        f"editions/{small(2).id}.json"
    }


def test_two_servers_on_one_bucket_share_a_call_and_follow_what_is_published(
    remote: StudioStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two processes, each with its own copy. The call in progress stays in its edition."""
    old, new = (
        edition(article("old", 2)),
        replace(edition(article("new", 2)), id="1" * 12),
    )
    few = ("<welcome>", "<menu_article>", "Title of old", "Title of new")
    for made in (
        old,
        new,
    ):  # the rest is spoken by the provider: this test is of the switch
        clips = made.clips["en"]
        for text in clips.keys() - set(few):
            del clips[text]
    publish(remote, old)
    with ExitStack() as stack:
        servers = []
        for name in ("one", "two"):
            monkeypatch.setenv("CACHE_DIR", str(tmp_path / name))
            servers.append(stack.enter_context(running(remote.url)))
        asks = [over_http(at, PUBLIC_URL) for at in servers]
        turns = cycle(asks)
        call = Phone(lambda *what: next(turns)(*what), PUBLIC_URL, TOKEN)
        assert {lives(at) for at in servers} == {old.id}
        call.ring()
        publish(remote, new)
        until(lambda: {lives(at) for at in servers} == {new.id})
        for _ in servers:
            call.press("1")
            assert "Title of old" in call.words() or "old section 1" in call.words()
        for ask in asks:
            other = Phone(ask, PUBLIC_URL, TOKEN)
            other.ring()
            other.press("1")
            assert "old" not in other.words()
            assert "Title of new" in other.words()


def lives(server: str) -> str:
    """The edition that a server gives new calls."""
    return str(requests.get(f"{server}/healthz", timeout=60).json()["live"])
