"""The editions that are kept: what each changed, going back to one, and clearing old ones away."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from audio.air.changes import changes, readers
from audio.air.publish import clips_of
from audio.air.studio_store import StudioStore
from audio.air.wording import counted
from ivr.edition.edition import Edition
from ivr.edition.store import STAY, clip_key, edition_key, pack_key
from ivr.errors import StoreError

EDITIONS = "editions/"
CLIPS = "clips/"
MADE = (EDITIONS, CLIPS, "packs/")
"""Where the store keeps what publishing made."""

PART = ".part"
"""What a file is called while it is written."""


@dataclass(frozen=True)
class Listed:
    """One edition among those kept."""

    edition: Edition
    live: bool
    changes: tuple[str, ...]
    """Against the one made before it."""


def kept(store: StudioStore) -> tuple[Edition, ...]:
    """Every edition that can be read, in the order in which they were made."""
    found = []
    for key in store.storage.entries(EDITIONS):
        name = key.removeprefix(EDITIONS)
        edition_id = name.removesuffix(".json")
        if name == edition_id or name.startswith("."):
            continue
        with suppress(StoreError):
            found.append(store.edition(edition_id))
    return tuple(sorted(found, key=_made))


def _made(edition: Edition) -> datetime:
    return datetime.fromisoformat(edition.created)


def listed(store: StudioStore) -> tuple[Listed, ...]:
    """Each edition with what it changed, oldest first."""
    live = store.live()
    before = None
    found = []
    for edition in kept(store):
        is_live = edition.id == live
        changed = _changes(before, edition)
        found.append(Listed(edition, is_live, changed))
        before = edition
    return tuple(found)


def _changes(before: Edition | None, after: Edition) -> tuple[str, ...]:
    if before is None:
        return ("the first that is kept",)
    words = changes(before.content, after.content)
    who_reads = readers(before.voices, after.voices)
    different = words + who_reads
    return different or ("the same words, said again",)


def previous(store: StudioStore) -> str:
    """The id of the edition that was live before the one that is.

    Raises `StoreError` where none was, or none is kept.
    """
    live = store.live() or store.last_live()
    there = store.storage.entries(EDITIONS)
    for _, edition_id in reversed(store.history()):
        if edition_id != live and edition_key(edition_id) in there:
            return edition_id
    raise StoreError(
        f"{store.url}: no edition was live before; scripts/editions.py lists them"
    )


def roll_back(store: StudioStore, edition_id: str) -> None:
    """Make a kept edition live, in one step. Raises `StoreError`, and nothing changes, unless
    every one of its clips is there and undamaged; each is read."""
    edition = store.edition(edition_id)
    clips = sorted(clips_of(edition))
    damaged = store.damaged(clips)
    if damaged:
        raise StoreError(
            f"edition {edition_id} lacks {counted(len(damaged), 'clip')}, such as {damaged[0]}:"
            " missing or damaged. Callers go on hearing what they hear now. Put the old words back"
            " into the content, and render"
        )
    store.go_live(edition_id)


@dataclass(frozen=True)
class Pruned:
    """How many of each were deleted."""

    editions: int
    clips: int
    parts: int
    """What was being written when a render was killed."""


def prune(store: StudioStore, now: datetime) -> Pruned:
    """Delete what no call can reach: editions but the live one, the one before, and those live
    within the last hours (`STAY`); clips that no edition left needs; packs but the live one's;
    parts of files.

    Nothing younger than that is deleted, and so nothing that a render in progress has made. If
    it counts on an old clip, publishing notices, and rendering again makes the clip again.
    Raises `StoreError` where an edition on the air cannot be read: nothing else says which
    clips it needs.
    """
    before = now - STAY
    old = set()
    for key, found in store.storage.entries().items():
        if found.modified < before:
            old.add(key)
    left = _left(store, now, old)
    left_ids = {edition.id for edition in left}
    parts = {key for key in old if key.endswith(PART)}
    made = {key for key in old - parts if key.startswith(MADE)}
    live = store.live() or ""
    unneeded = made - _needed(left, live)
    past = _past(old, left_ids)
    every = parts | unneeded | past
    # Backwards, so that editions go before the clips that they need.
    for key in sorted(every, reverse=True):
        store.storage.delete(key)
    return Pruned(
        editions=sum(key.startswith(EDITIONS) for key in unneeded),
        clips=sum(key.startswith(CLIPS) for key in unneeded),
        parts=len(parts),
    )


def _left(store: StudioStore, now: datetime, old: set[str]) -> list[Edition]:
    """The editions that stay."""
    stay = set(store.on_the_air(now))
    for edition_id in stay:
        store.edition(edition_id)
    with suppress(StoreError):
        stay.add(previous(store))
    left = []
    for edition in kept(store):
        is_young = edition_key(edition.id) not in old
        if is_young or edition.id in stay:
            left.append(edition)
    return left


def _needed(editions: list[Edition], live: str) -> set[str]:
    """The keys of these editions, of their clips, and of the live one's pack."""
    needed = {pack_key(live)}
    for edition in editions:
        needed.add(edition_key(edition.id))
        needed |= {clip_key(name) for name in clips_of(edition)}
    return needed


def _past(old: set[str], left: set[str]) -> set[str]:
    """The history of editions that are not left."""
    past = set()
    for key in old:
        _, _, edition_id = key.rpartition("-")
        if key.startswith("history/") and edition_id not in left:
            past.add(key)
    return past
