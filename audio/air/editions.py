"""The editions that are kept: what each changed, going back to one, and clearing old ones away."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from audio.air.changes import changes, readers
from audio.air.publish import clips_of
from audio.air.studio_store import StudioStore
from ivr.edition.edition import Edition
from ivr.edition.store import STAY, clip_key, edition_key, pack_key
from ivr.errors import StoreError


@dataclass(frozen=True)
class Listed:
    """One edition among those kept."""

    edition: Edition
    live: bool
    changes: tuple[str, ...]
    """Against the one made before it."""


def kept(store: StudioStore) -> tuple[Edition, ...]:
    """Every edition that can be read, in the order in which they were made."""
    names = [key.removeprefix("editions/") for key in store.storage.entries("editions/")]
    found = []
    for name in names:
        if name.endswith(".json") and not name.startswith("."):
            found.append(_read(name.removesuffix(".json"), store))
    return tuple(sorted((e for e in found if e), key=lambda e: datetime.fromisoformat(e.created)))


def _read(edition: str, store: StudioStore) -> Edition | None:
    try:
        return store.edition(edition)
    except StoreError:
        return None


def listed(store: StudioStore) -> tuple[Listed, ...]:
    """Each edition with what it changed, oldest first."""
    editions = kept(store)
    live = store.live()
    return tuple(
        Listed(after, after.id == live, _changes(before, after))
        for before, after in zip((None, *editions), editions, strict=False)
    )


def _changes(before: Edition | None, after: Edition) -> tuple[str, ...]:
    if before is None:
        return ("the first that is kept",)
    voices = readers(before.voices, after.voices)
    return changes(before.content, after.content) + voices or ("the same words, said anew",)


def previous(store: StudioStore) -> str:
    """The edition that was live before the one that is. Raises `StoreError` where none was."""
    live = store.live() or store.last_live()
    there = store.storage.entries("editions/")
    for _, edition in reversed(store.history()):
        if edition != live and edition_key(edition) in there:
            return edition
    raise StoreError(f"{store.url}: no edition was live before; scripts/editions.py lists them")


def roll_back(store: StudioStore, edition: str) -> None:
    """Make a kept edition live, in one step. Raises `StoreError`, and nothing changes, unless
    every one of its clips is there and undamaged; each is read."""
    if damaged := store.damaged(sorted(clips_of(store.edition(edition)))):
        raise StoreError(
            f"edition {edition} lacks {len(damaged)} clips, such as {damaged[0]}: they are missing"
            " or damaged. Callers go on hearing what they hear now. Put the old words back into"
            " the content, and render"
        )
    store.go_live(edition)


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

    Nothing younger than that is deleted, so neither is what a render in progress has made. It
    may count on an old clip: then publishing notices, and rendering again makes it anew.
    """
    there = store.storage.entries()
    old = {key for key, found in there.items() if found.modified < now - STAY}
    stay = set(store.on_the_air(now))
    for edition in stay:
        store.edition(edition)  # where one is damaged, nothing tells which clips it needs
    with suppress(StoreError):
        stay.add(previous(store))
    editions = [e for e in kept(store) if e.id in stay or edition_key(e.id) not in old]
    used = {clip_key(name) for edition in editions for name in clips_of(edition)}
    used |= {edition_key(edition.id) for edition in editions}
    used.add(pack_key(store.live() or ""))
    names = {edition.id for edition in editions}
    made = ("editions/", "clips/", "packs/")
    gone = {key for key in old if key.startswith(made) and key not in used}
    gone |= {key for key in old if key.endswith(".part")}
    past = {k for k in old if k.startswith("history/") and k.rpartition("-")[2] not in names}
    for key in sorted(gone | past, reverse=True):  # editions before the clips that they need
        store.storage.delete(key)
    parts = {key for key in gone if key.endswith(".part")}
    count = {kind: sum(key.startswith(kind) for key in gone - parts) for kind in ("e", "c")}
    return Pruned(count["e"], count["c"], len(parts))
