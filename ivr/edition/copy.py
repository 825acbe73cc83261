"""A local copy, bounded in bytes, of what callers need from a store in a bucket."""

import fcntl
import logging
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from hashlib import blake2b
from pathlib import Path
from threading import Event, Thread
from typing import NamedTuple

from ivr.edition.edition import Edition
from ivr.edition.storage import AT_ONCE
from ivr.edition.store import (
    PACK_CLIPS,
    Sizes,
    Store,
    clip_key,
    edition_key,
    sizes,
    unsealed,
)
from ivr.errors import StoreError

log = logging.getLogger(__name__)

LOOK_S = 1
"""How often the copy checks what is live in the bucket, in seconds."""

MEND_S = 60
"""How often the copy checks all of itself for what is missing or damaged, in seconds."""


class CopiedClip(NamedTuple):
    """A clip's file in the copy."""

    read_ns: int
    """When it was last read. Some file systems note that once a day, or never (`noatime`): then
    it is when the clip was copied."""
    size: int
    """In bytes."""


class Copy:
    """Copies a store's live edition, and those that calls may still hear, into a folder.

    The folder switches to a new edition once its clips are there, so the line works from files
    alone. All server processes on a machine share the folder; one of them copies.
    """

    def __init__(self, remote: Store, folder: Path, most_bytes: int) -> None:
        """`most_bytes` bounds the clips; those that were used longest ago go first."""
        self.remote = remote
        self.most_bytes = most_bytes
        digest = blake2b(remote.url.encode(), digest_size=6)
        self.local = Store(folder / digest.hexdigest())
        self.stopped = Event()
        """Set it to stop following the bucket."""
        self._due = 0.0
        """When the copy next checks all of itself, on the monotonic clock."""

    def start(self) -> Store:
        """The local copy, kept up to date from now on. Without a network, the last copy.

        Raises `OSError` or `StoreError` where there is neither.
        """
        try:
            self.follow(wait=True)
        except (OSError, StoreError) as error:
            if not self.local.live():
                raise
            log.error("going on with the copy in %s: %s", self.local.url, error)
        follower = Thread(target=self._keep_following, daemon=True, name="copy")
        follower.start()
        return self.local

    def _keep_following(self) -> None:
        """Logs each failure once, not every second."""
        logged = ""
        while not self.stopped.wait(LOOK_S):
            try:
                self.follow()
                logged = ""
            except Exception as error:
                if str(error) != logged:
                    log.error(
                        "%s cannot be copied; still trying: %s", self.remote.url, error
                    )
                logged = str(error)

    def follow(self, wait: bool = False) -> None:
        """Copy what is new, unless another process is copying; `wait` until it has finished."""
        with self._alone(wait) as alone:
            if alone:
                self._follow()

    def _follow(self) -> None:
        live_id = self.remote.live() or self.remote.last_live()
        if live_id is None:
            raise StoreError(
                f"{self.remote.url}: nothing is published there; run scripts/render_audio.py"
            )
        is_new = live_id != self.local.live()
        if is_new or time.monotonic() > self._due:
            self._copy(live_id, is_new)
            self._due = time.monotonic() + MEND_S

    @contextmanager
    def _alone(self, wait: bool) -> Iterator[bool]:
        """Whether no other process is copying into this folder; none will start meanwhile."""
        self.local.folder.mkdir(parents=True, exist_ok=True)
        how = fcntl.LOCK_EX
        if not wait:
            how |= fcntl.LOCK_NB
        with (self.local.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, how)
            except BlockingIOError:
                yield False
            else:
                yield True

    def _copy(self, live_id: str, is_new: bool) -> None:
        """The live edition, then those that calls may still hear, as far as there is room."""
        wanted = sizes(self._edition(live_id))
        if is_new:
            self._copy_clips(wanted, pack_of=live_id)
            self.local.storage.write("live", live_id.encode())
        else:
            self._copy_clips(wanted)
        now = datetime.now(UTC)
        on_the_air = {live_id, *self.remote.on_the_air(now)}
        for edition_id in on_the_air:
            with suppress(StoreError):
                # The live edition's clips stay first: `wanted` keeps its order.
                wanted = wanted | sizes(self._edition(edition_id))
        self._copy_clips(wanted)
        self._copy_history(on_the_air)
        self._forget_editions_but(on_the_air)

    def _edition(self, edition_id: str) -> Edition:
        try:
            return self.local.edition(edition_id)
        except StoreError:
            edition = self.remote.edition(edition_id)
            self.local.keep(edition)
            return edition

    def _copy_history(self, on_the_air: set[str]) -> None:
        """When these editions were live, so that the copy can tell which are on the air."""
        there = self.remote.storage.entries("history/").keys()
        here = self.local.storage.entries("history/").keys()
        wanted = set()
        for key in there:
            _, _, edition_id = key.rpartition("-")
            if edition_id in on_the_air:
                wanted.add(key)
        for key in wanted - here:
            self.local.storage.write(key, b"")
        for key in here - wanted:
            self.local.storage.delete(key)

    def _forget_editions_but(self, on_the_air: set[str]) -> None:
        wanted = {edition_key(edition_id) for edition_id in on_the_air}
        here = self.local.storage.entries("editions/").keys()
        for key in here - wanted:
            self.local.storage.delete(key)

    def _copy_clips(self, wanted: Sizes, pack_of: str | None = None) -> None:
        """As many of these as the bound allows, most wanted first; others make room for them.

        Where many are missing, the pack of the edition `pack_of` is read first.
        """
        fitting = self._fitting(wanted)
        here = self._here()
        self._make_room(fitting, here)
        missing = {}
        for name, size in fitting.items():
            if name not in here or here[name].size != size:
                missing[name] = size
        if pack_of and len(missing) >= PACK_CLIPS:
            for name in self._unpack(pack_of, missing):
                del missing[name]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._copy_clip, missing))

    def _fitting(self, wanted: Sizes) -> Sizes:
        """The first of these, as many as the bound allows."""
        fitting: Sizes = {}
        left = self.most_bytes
        for name, size in wanted.items():
            left -= size
            if left < 0:
                log.error(
                    "CACHE_MB is too small: it holds %d of %d clips",
                    len(fitting),
                    len(wanted),
                )
                break
            fitting[name] = size
        return fitting

    def _make_room(self, fitting: Sizes, here: dict[str, CopiedClip]) -> None:
        """Deletes other clips, where the bound has no room for them beside the fitting ones."""
        left = self.most_bytes - sum(fitting.values())
        others = here.keys() - fitting.keys()
        for name in sorted(others, key=here.__getitem__, reverse=True):
            left -= here[name].size
            if left < 0:
                self.local.storage.delete(clip_key(name))

    def _unpack(self, edition_id: str, missing: Sizes) -> set[str]:
        """Copy what an edition's pack has of these clips, whole and undamaged; their names."""
        packed = self.remote.packed(edition_id)
        copied = set()
        for name in missing.keys() & packed.keys():
            stored = packed[name]
            sound = unsealed(name, stored)
            if sound is None or len(stored) != missing[name]:
                log.error("%s is damaged in the pack of edition %s", name, edition_id)
                continue
            self.local.keep_clip(name, sound)
            copied.add(name)
        return copied

    def _copy_clip(self, name: str) -> None:
        """A clip that is missing or damaged in the bucket does not stop the others; a bucket
        that does not answer does."""
        try:
            stored = self.remote.storage.read(clip_key(name))
        except FileNotFoundError:
            stored = b""
        sound = unsealed(name, stored)
        if sound is None:
            log.error("%s/%s is missing or damaged", self.remote.url, clip_key(name))
            return
        self.local.keep_clip(name, sound)

    def _here(self) -> dict[str, CopiedClip]:
        """The clips in the copy, by name."""
        found = {}
        for path in self.local.folder.glob("clips/*/*"):
            stat = path.stat()
            found[path.name] = CopiedClip(stat.st_atime_ns, stat.st_size)
        return found
