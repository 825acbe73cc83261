"""The store, in a folder and in a bucket: what is live, what was, and what is damaged."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec
import pytest

from audio.air.studio_store import StudioStore
from ivr.call import flow
from ivr.call.scene import Pressed
from ivr.edition.store import STAY, clip_key, edition_key, seal
from ivr.errors import StoreError
from tests.support.small import edition

EDITION = edition()
CLIP = "0123456789abcdef_1.5"

OLD = Path(__file__).parent / "before_holidays.json"
"""An edition as the line wrote it before it knew public holidays; it has no clips."""


@pytest.fixture
def store(store_url: str) -> StudioStore:
    return StudioStore(store_url)


def test_an_edition_is_kept_before_it_is_live_and_comes_back_the_same(
    store: StudioStore,
) -> None:
    assert store.live() is None
    store.keep(EDITION)
    assert store.live() is None
    store.go_live(EDITION.id)
    assert store.live() == EDITION.id
    assert store.edition(EDITION.id) == EDITION


def test_an_edition_of_older_code_is_still_heard(store: StudioStore) -> None:
    """A new server finds one live, and calls in progress. What was added since, it lacks."""
    store.storage.write(edition_key("0" * 12), seal("0" * 12, OLD.read_bytes()))
    old = store.edition("0" * 12)
    assert old.content.holidays_until == ""
    heard: dict[str, str] = {}
    a_holiday = datetime(2026, 12, 28, 12, tzinfo=UTC)
    step = flow.answer(old, flow.first_step(old), Pressed("0"), a_holiday).step
    for key in "1234":
        says = flow.answer(old, step, Pressed(key), a_holiday).says
        assert all(says)
        heard[says[0]] = says[1]
    assert heard == {
        "Always": "<they_are_open>",
        "Code": "<they_are_open>",
        "Office": "<they_are_open>",
        "Night": "<they_are_closed>",
    }


@pytest.mark.parametrize(
    "damage",
    [
        lambda whole: whole[:-1],
        lambda whole: b"",
        lambda whole: whole.replace(b"sentence 1", b"sentence 7", 1),
        lambda whole: whole[8:],
    ],
    ids=["short", "empty", "another word", "without its digest"],
)
def test_an_edition_with_other_bytes_is_refused_by_name(
    store: StudioStore, damage: Callable[[bytes], bytes]
) -> None:
    store.keep(EDITION)
    key = edition_key(EDITION.id)
    store.storage.write(key, damage(store.storage.read(key)))
    with pytest.raises(StoreError, match=rf"{EDITION.id}.*damaged.*render_audio"):
        store.edition(EDITION.id)


def test_an_edition_under_the_id_of_another_is_refused(store: StudioStore) -> None:
    store.keep(EDITION)
    store.storage.write(
        edition_key("1" * 12), store.storage.read(edition_key(EDITION.id))
    )
    with pytest.raises(StoreError):
        store.edition("1" * 12)


@pytest.mark.parametrize("damage", [b"", b"\xff\xfe", b"nonsense", b"0000000000000"])
def test_where_live_is_damaged_the_history_says_which_edition_was_live(
    store: StudioStore, damage: bytes
) -> None:
    store.go_live("1" * 12)
    store.go_live("0" * 12)
    store.storage.write("live", damage)
    assert store.live() is None
    assert store.last_live() == "0" * 12


def test_an_edition_is_on_the_air_until_hours_after_another_took_its_place(
    store: StudioStore,
) -> None:
    start = datetime.now(UTC)
    for digit in "123":
        store.go_live(digit * 12)
    end = datetime.now(UTC)
    assert store.on_the_air(end) == ["3" * 12, "2" * 12, "1" * 12]
    assert set(store.on_the_air(start + STAY)) == {"3" * 12, "2" * 12, "1" * 12}
    assert store.on_the_air(end + STAY) == ["3" * 12]
    assert store.on_the_air(end - timedelta(days=1))[0] == "3" * 12


def test_an_edition_that_went_live_long_ago_was_on_the_air_until_it_was_replaced(
    store: StudioStore,
) -> None:
    store.go_live("1" * 12)
    (long_ago,) = store.storage.entries("history/")
    store.storage.delete(long_ago)
    store.go_live("2" * 12)
    assert store.on_the_air(datetime.now(UTC)) == ["2" * 12, "1" * 12]


def test_a_clip_is_missing_when_it_is_short_long_wrong_or_that_of_another(
    store: StudioStore,
) -> None:
    store.keep_clip(CLIP, b"\xff" * 100)
    assert store.clip(CLIP) == b"\xff" * 100
    whole = store.storage.read(clip_key(CLIP))
    for damaged in (whole[:-1], whole + b"\xff", whole[:-1] + b"\x00", b"", whole[8:]):
        store.storage.write(clip_key(CLIP), damaged)
        assert store.clip(CLIP) is None
        assert store.length(CLIP) is None
        assert store.look().length(CLIP) is None
    store.keep_clip(CLIP, b"\xff" * 100)
    assert store.length(CLIP) == store.look().length(CLIP) == 100
    store.storage.write(clip_key("1" + CLIP[1:]), whole)
    assert store.look().length("1" + CLIP[1:]) is None


def test_a_look_notices_bytes_that_went_wrong_after_the_last_one(
    store: StudioStore, caplog: pytest.LogCaptureFixture
) -> None:
    """Even if the length is right; and so does every look after it."""
    store.keep_clip(CLIP, b"\xff" * 100)
    assert store.look().length(CLIP) == 100
    whole = store.storage.read(clip_key(CLIP))
    store.storage.write(clip_key(CLIP), whole[:50] + b"\x00" + whole[51:])
    for _ in range(2):
        assert store.look().length(CLIP) is None
    assert f"{clip_key(CLIP)} is damaged" in caplog.text


def test_a_second_look_writes_nothing_and_reads_no_clip_again(
    store: StudioStore,
) -> None:
    """A damaged clip that is noted as verified is believed, so it was not read."""
    store.keep_clip(CLIP, b"\xff" * 100)
    first = store.look()
    before = store.storage.entries()
    assert store.look() == first
    assert store.storage.entries() == before
    store.storage.write(clip_key(CLIP), b"\x00" * 108)
    stamp = store.storage.entries("clips/")[clip_key(CLIP)].stamp
    store.storage.write("verified", msgspec.json.encode({CLIP: stamp}))
    assert store.look() == first


@pytest.mark.parametrize("damage", [b"", b"{", b"[]", b'{"x": 1}'])
def test_what_was_verified_may_be_lost_and_costs_only_time(
    store: StudioStore, damage: bytes
) -> None:
    store.keep_clip(CLIP, b"\xff" * 100)
    first = store.look()
    store.storage.write("verified", damage)
    assert store.look() == first
