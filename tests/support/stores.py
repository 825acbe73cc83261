"""Stores for tests: small editions with clips that nobody else has, published or packed."""

from dataclasses import replace

from audio.air.studio_store import StudioStore
from ivr.edition.edition import Edition, Spoken, clip_name
from ivr.edition.store import PACK_CLIPS
from tests.support.small import SPEEDS, edition

PLENTY = 10**9


def small(number: int, length: int = 1000) -> Edition:
    """An edition whose five clips are each so many samples long, and nobody else's."""
    clips = {"en": {"A prompt.": Spoken(f"{number:016x}", (length,) * len(SPEEDS))}}
    return replace(edition(), id=f"{number:012x}", clips=clips)


def names(made: Edition) -> list[str]:
    return [clip_name(s.name, speed) for s in made.clips["en"].values() for speed in SPEEDS]


def publish(store: StudioStore, made: Edition) -> Edition:
    for spoken in made.clips["en"].values():
        for speed, length in zip(SPEEDS, spoken.lengths, strict=True):
            store.keep_clip(clip_name(spoken.name, speed), b"\xff" * length)
    store.keep(made)
    store.go_live(made.id)
    return made


def large(number: int, clips: int = PACK_CLIPS) -> Edition:
    """As `small`, with so many clips: enough for a pack."""
    said = {
        f"Prompt {n}.": Spoken(f"{number:08x}{n:08x}", (1000,) * len(SPEEDS))
        for n in range(clips // len(SPEEDS))
    }
    return replace(small(number), clips={"en": said})


def publish_packed(store: StudioStore, made: Edition) -> Edition:
    """As `publish`, with a pack of all its clips."""
    publish(store, made)
    store.pack(made, set(names(made)))
    return made


def long_ago(store: StudioStore) -> None:
    """What is live was so many hours ago; now nothing is."""
    for key in ("live", *store.storage.entries("history/")):
        store.storage.delete(key)


def tree(store: StudioStore) -> dict[str, tuple[int, int]]:
    """Every file and folder of the store, with when it was changed and its inode."""
    found = (store.folder, *store.folder.rglob("*"))
    return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in found}
