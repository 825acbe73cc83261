"""What only the studio does to a store: look it through, pack clips, and switch what is live."""

import logging
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import compress
from pathlib import Path

import msgspec

from ivr.edition.edition import Edition
from ivr.edition.storage import AT_ONCE, Entry
from ivr.edition.store import (
    DIGEST_BYTES,
    PACK_BYTES,
    PACK_CLIPS,
    TIME,
    Store,
    clip_key,
    pack_key,
    seal,
    sizes,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Look:
    """Which clips a store had, whole and undamaged, at one moment."""

    lengths: dict[str, int]

    def length(self, name: str) -> int | None:
        """A clip's length in samples, or None where it is missing or damaged."""
        return self.lengths.get(name)


class StudioStore(Store):
    """A store that editions are published to."""

    def __init__(self, url: str | Path) -> None:
        super().__init__(url)
        self._written: dict[str, bytes] = {}
        """Clips as stored, which the next pack need not read back."""
        self._room = PACK_BYTES
        """For how many more bytes of them there is room, roughly: threads may keep clips."""

    def keep_clip(self, name: str, sound: bytes) -> None:
        """Write a clip, and remember it for the next pack; it survives a power cut when the
        edition does."""
        sealed = seal(name, sound)
        self.storage.write(clip_key(name), sealed)
        if not self.is_folder and len(sealed) <= self._room:
            self._room -= len(sealed)
            self._written[name] = sealed

    def go_live(self, edition_id: str) -> None:
        """New calls get this edition, which must be there in full: one atomic step."""
        for either in (self.live(), edition_id):
            if either:
                now = datetime.now(UTC).strftime(TIME)
                self.storage.write(f"history/{now}-{either}", b"", lasting=True)
        line = f"{edition_id}\n"
        self.storage.write("live", line.encode(), lasting=True)

    def pack(self, edition: Edition, names: set[str]) -> None:
        """Write these of its clips once more, as one object, which servers copy with one read.

        Not in a folder, and neither few clips nor too many (`PACK_CLIPS`, `PACK_BYTES`). It only
        saves time: where it cannot be written, that is logged, and servers copy clip by clip.
        """
        written = self._written
        self._written = {}
        self._room = PACK_BYTES
        if self.is_folder or len(names) < PACK_CLIPS:
            return
        size = sizes(edition)
        if sum(size[name] for name in names) > PACK_BYTES:
            return

        def stored(name: str) -> bytes:
            return written.get(name) or self.storage.read(clip_key(name))

        try:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                found = pool.map(stored, names)
                clips = dict(zip(names, found, strict=True))
            pack = msgspec.msgpack.encode(clips)
            self.storage.write(pack_key(edition.id), pack)
        except OSError as error:
            log.warning(
                "servers will take longer to copy edition %s: %s", edition.id, error
            )

    def damaged(self, names: list[str]) -> list[str]:
        """Those of these clips that are missing or have other bytes than they should."""

        def is_damaged(name: str) -> bool:
            return self.clip(name) is None

        with ThreadPoolExecutor(AT_ONCE) as pool:
            found = list(pool.map(is_damaged, names))
        return list(compress(names, found))

    def look(self) -> Look:
        """Every clip that is there and right. Only those that were written since the last look
        are read; what those are is remembered in the store."""
        there = self._clips()
        before = self._verified()
        new = []
        for name, entry in there.items():
            if before.get(name) != entry.stamp:
                new.append(name)
        for name in self.damaged(new):
            log.warning("%s/%s is damaged", self.url, clip_key(name))
            del there[name]
        after = {}
        lengths = {}
        for name, entry in there.items():
            after[name] = entry.stamp
            lengths[name] = entry.size - DIGEST_BYTES
        if after != before:
            verified = msgspec.json.encode(after)
            with suppress(OSError):  # it only saves time
                self.storage.write("verified", verified)
        return Look(lengths)

    def _clips(self) -> dict[str, Entry]:
        """What is known of each clip, by name, without reading it; what is only half written
        is left out."""
        found = {}
        clips = self.storage.entries("clips/")
        for key, entry in clips.items():
            _, _, name = key.rpartition("/")
            if not name.endswith(".part"):
                found[name] = entry
        return found

    def _verified(self) -> dict[str, str]:
        """The stamps of the clips that were right when they were last read."""
        with suppress(OSError, msgspec.MsgspecError):
            return msgspec.json.decode(
                self.storage.read("verified"), type=dict[str, str]
            )
        return {}
