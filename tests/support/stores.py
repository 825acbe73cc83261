"""Stores for tests: small editions with clips that no other edition has, published or packed."""

from dataclasses import replace

from audio.air.studio_store import StudioStore
from ivr.edition.edition import Edition, Spoken, clip_name
from ivr.edition.store import PACK_CLIPS
from tests.support.small import SPEEDS, edition, publish_to

PLENTY = 10**9
"""Bytes: room for every clip of a test."""


def small(number: int, length: int = 1000) -> Edition:
    """An edition with five clips of its own, each so many samples long."""
    clips = {"en": {"A prompt.": Spoken(f"{number:016x}", (length,) * len(SPEEDS))}}
    return replace(edition(), id=f"{number:012x}", clips=clips)


def large(number: int, clips: int = PACK_CLIPS) -> Edition:
    """An edition with so many clips of its own: enough for a pack."""
    said = {}
    for n in range(clips // len(SPEEDS)):
        said[f"Prompt {n}."] = Spoken(f"{number:08x}{n:08x}", (1000,) * len(SPEEDS))
    return replace(small(number), clips={"en": said})


def names(made: Edition) -> list[str]:
    """The names of an edition's clips."""
    return [
        clip_name(spoken.name, speed)
        for spoken in made.clips["en"].values()
        for speed in SPEEDS
    ]


publish = publish_to


def publish_packed(store: StudioStore, made: Edition) -> Edition:
    """Publishes an edition, with a pack of all its clips."""
    publish_to(store, made)
    store.pack(made, set(names(made)))
    return made


def long_ago(store: StudioStore) -> None:
    """Whatever was live was live many hours ago; now nothing is."""
    for key in ("live", *store.storage.entries("history/")):
        store.storage.delete(key)


def tree(store: StudioStore) -> dict[str, tuple[int, int]]:
    """Every file and folder of the store, with when it was changed and its inode."""
    found = {}
    for path in (store.folder, *store.folder.rglob("*")):
        stat = path.stat()
        found[str(path)] = (stat.st_mtime_ns, stat.st_ino)
    return found
