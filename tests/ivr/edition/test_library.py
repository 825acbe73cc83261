"""The editions and clips that a running server works with."""

from dataclasses import replace
from pathlib import Path

import pytest

import ivr.edition.library
from audio.air.studio_store import StudioStore
from ivr.edition.edition import clip_name
from ivr.edition.library import EDITIONS_IN_MEMORY, Library
from ivr.edition.store import edition_key
from ivr.errors import StoreError
from tests.support.server import until
from tests.support.small import article, edition, publish

EDITION = edition()
NEWER = replace(edition(article("newer", 2)), id="1" * 12)


def test_a_store_where_nothing_is_published_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match=r"scripts/render_audio\.py"):
        Library(StudioStore(tmp_path))


@pytest.mark.parametrize("damage", [b"", b"{", b'{"id": 1}', b"\xff\xfe"])
def test_an_edition_that_cannot_be_read_is_an_error_that_names_it(
    tmp_path: Path, damage: bytes
) -> None:
    publish(tmp_path, EDITION)
    StudioStore(tmp_path).storage.write(edition_key(EDITION.id), damage)
    with pytest.raises(StoreError, match=EDITION.id):
        Library(StudioStore(tmp_path))


def test_a_published_edition_comes_back_the_same(tmp_path: Path) -> None:
    publish(tmp_path, EDITION)
    assert Library(StudioStore(tmp_path)).live() == EDITION


def test_where_live_is_damaged_the_edition_that_was_switched_to_last_answers(
    tmp_path: Path,
) -> None:
    """Both after a restart and without one."""
    publish(tmp_path, EDITION)
    running = Library(StudioStore(tmp_path))
    for damage in (b"", b"nonsense", b"\xff"):
        StudioStore(tmp_path).storage.write("live", damage)
        assert Library(StudioStore(tmp_path)).live() == running.live() == EDITION


def test_only_a_few_editions_are_kept_in_memory_and_the_live_one_always(
    tmp_path: Path,
) -> None:
    publish(tmp_path, EDITION)
    library = Library(StudioStore(tmp_path))
    live = library.live()
    others = [
        replace(EDITION, id=f"{n:012x}") for n in range(1, EDITIONS_IN_MEMORY + 3)
    ]
    for other in others:
        StudioStore(tmp_path).keep(other)
        assert library.edition(other.id).id == other.id
    for other in others:
        StudioStore(tmp_path).storage.delete(edition_key(other.id))
    StudioStore(tmp_path).storage.delete(edition_key(EDITION.id))
    assert library.live() is live
    with pytest.raises(StoreError):
        library.edition(others[0].id)
    assert library.edition(others[-1].id) == others[-1]


def test_the_words_of_an_edition_that_another_process_published_are_known(
    tmp_path: Path,
) -> None:
    publish(tmp_path, EDITION)
    library = Library(StudioStore(tmp_path))
    publish(tmp_path, NEWER)
    name = NEWER.clips["en"]["Title of newer"].name
    assert library.words([name]) == {name: "Title of newer"}


def test_the_words_of_an_edition_that_was_replaced_are_known_after_a_restart(
    tmp_path: Path,
) -> None:
    publish(tmp_path, EDITION)
    publish(tmp_path, NEWER)
    library = Library(StudioStore(tmp_path))
    old, new = (
        EDITION.clips["en"]["Title of one"].name,
        NEWER.clips["en"]["Title of newer"].name,
    )
    assert library.words([old, new]) == {old: "Title of one", new: "Title of newer"}


def test_the_words_of_a_clip_that_no_call_can_hear_are_not_known(
    tmp_path: Path,
) -> None:
    publish(tmp_path, EDITION)
    StudioStore(tmp_path).keep(NEWER)
    library = Library(StudioStore(tmp_path))
    assert library.words([NEWER.clips["en"]["Title of newer"].name, "f" * 16]) == {}


def test_an_edition_on_the_air_that_cannot_be_read_does_not_hide_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    publish(tmp_path, EDITION)
    library = Library(StudioStore(tmp_path))
    publish(tmp_path, NEWER)
    StudioStore(tmp_path).storage.delete(edition_key(NEWER.id))
    name = EDITION.clips["en"]["Title of one"].name
    lost = NEWER.clips["en"]["Title of newer"].name
    assert library.words([lost, name]) == {name: "Title of one"}
    assert NEWER.id in caplog.text


@pytest.mark.parametrize(
    "name", ["../../etc/pass", "", "live", "0" * 11, "0" * 12 + "/"]
)
def test_what_is_not_an_id_never_becomes_a_path(tmp_path: Path, name: str) -> None:
    publish(tmp_path, EDITION)
    with pytest.raises(StoreError, match="is not an edition's id"):
        Library(StudioStore(tmp_path)).edition(name)


def test_a_clip_is_sound_until_its_file_is_missing_short_or_changed(
    tmp_path: Path,
) -> None:
    publish(tmp_path, EDITION)
    library, spoken = Library(StudioStore(tmp_path)), EDITION.clips["en"]["<welcome>"]
    name, length = clip_name(spoken.name, 1), spoken.lengths[1]
    path = StudioStore(tmp_path).clip_path(name)
    whole = path.read_bytes()
    assert library.is_sound(name, length)
    for damaged in (whole[:-1], whole[:-1] + b"\x00", b"", whole[8:]):
        path.write_bytes(damaged)
        library.look_again()
        assert not library.is_sound(name, length)
    path.unlink()
    library.look_again()
    assert not library.is_sound(name, length)
    path.write_bytes(whole)
    library.look_again()
    assert library.is_sound(name, length)
    assert not library.is_sound(name, length + 1)


def test_a_clip_that_goes_missing_is_noticed_after_a_second(tmp_path: Path) -> None:
    publish(tmp_path, EDITION)
    library, spoken = Library(StudioStore(tmp_path)), EDITION.clips["en"]["<welcome>"]
    name, length = clip_name(spoken.name, 1), spoken.lengths[1]
    assert library.is_sound(name, length)
    StudioStore(tmp_path).clip_path(name).unlink()
    until(lambda: not library.is_sound(name, length))


def test_a_sound_is_kept_in_memory_until_others_need_its_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish(tmp_path, EDITION)
    one, other = (EDITION.clips["en"][key] for key in ("<guide_1>", "<guide_2>"))
    room_for_one = 2 * one.lengths[1]
    monkeypatch.setattr(ivr.edition.library, "SOUNDS_BYTES", room_for_one)
    library = Library(StudioStore(tmp_path))
    library.sound((clip_name(one.name, 1),), 80_000)
    kept = library.sound((clip_name(other.name, 1),), 80_000)
    for clip in tmp_path.glob("clips/*/*"):
        clip.unlink()
    assert library.sound((clip_name(other.name, 1),), 80_000) == kept
    with pytest.raises(StoreError, match="is lost"):
        library.sound((clip_name(one.name, 1),), 80_000)


def test_a_clip_belongs_to_its_own_name(tmp_path: Path) -> None:
    """A file that was put in another's place is damage too."""
    publish(tmp_path, EDITION)
    library, store = Library(StudioStore(tmp_path)), StudioStore(tmp_path)
    one, other = EDITION.clips["en"]["<guide_1>"], EDITION.clips["en"]["<guide_2>"]
    store.clip_path(clip_name(one.name, 1)).write_bytes(
        store.clip_path(clip_name(other.name, 1)).read_bytes()
    )
    assert one.lengths == other.lengths
    assert not library.is_sound(clip_name(one.name, 1), one.lengths[1])
