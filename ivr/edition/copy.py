"""A local copy, bounded in bytes, of what callers need from a store elsewhere."""

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

from ivr.edition.edition import Edition
from ivr.edition.storage import AT_ONCE
from ivr.edition.store import PACK_CLIPS, Store, clip_key, edition_key, sizes, unsealed
from ivr.errors import StoreError

log = logging.getLogger(__name__)

LOOK_S = 1
"""Seconds between two looks at what is live elsewhere."""

MEND_S = 60
"""Seconds after which everything is looked through, for what is lacking or damaged here."""


class Copy:
    """Copies a store's live edition, and those that calls may still hear, into a folder.

    A new edition is switched to in the folder once its clips are there, so the line works from
    files alone. All servers' processes on a machine share the folder; one of them copies.
    """

    def __init__(self, remote: Store, folder: Path, most_bytes: int) -> None:
        """`most_bytes` bounds the clips; what was used longest ago goes first."""
        self.remote = remote
        self.most_bytes = most_bytes
        name = blake2b(remote.url.encode(), digest_size=6).hexdigest()
        self.local = Store(folder / name)
        self.stopped = Event()
        """Set it, and nothing is followed any more."""
        self._due = 0.0

    def start(self) -> Store:
        """The local copy, kept up to date from now on. Without a network it is the last one.

        Raises `OSError` or `StoreError` where there is neither.
        """
        try:
            self.follow(wait=True)
        except (OSError, StoreError) as error:
            if not self.local.live():
                raise
            log.error("going on with the copy in %s: %s", self.local.url, error)
        Thread(target=self._keep_following, daemon=True, name="copy").start()
        return self.local

    def _keep_following(self) -> None:
        failed = ""
        while not self.stopped.wait(LOOK_S):
            try:
                self.follow()
                failed = ""
            except Exception as error:
                if failed != (failed := str(error)):
                    log.error("%s cannot be copied; trying on: %s", self.remote.url, error)

    def follow(self, wait: bool = False) -> None:
        """Copy what is new, unless another process does; `wait` for that one to end."""
        with self._alone(wait) as alone:
            if not alone:
                return
            live = self.remote.live() or self.remote.last_live()
            if live is None:
                raise StoreError(
                    f"{self.remote.url}: nothing is published there; run scripts/render_audio.py"
                )
            if live != self.local.live() or time.monotonic() > self._due:
                self._copy(live)
                self._due = time.monotonic() + MEND_S

    @contextmanager
    def _alone(self, wait: bool) -> Iterator[bool]:
        """Whether no other process copies into this folder; none will until the end."""
        self.local.folder.mkdir(parents=True, exist_ok=True)
        with (self.local.folder / "lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True

    def _copy(self, live: str) -> None:
        """The live edition, then those that calls may still hear, as far as there is room."""
        wanted = sizes(self._edition(live))
        new = self.local.live() != live
        self._copy_clips(wanted, pack=live if new else None)
        if new:
            self.local.storage.write("live", live.encode())
        still = {live, *self.remote.on_the_air(datetime.now(UTC))}
        for edition in still:
            with suppress(StoreError):
                wanted = wanted | sizes(self._edition(edition))
        self._copy_clips(wanted)
        for key in self.local.storage.entries("editions/").keys() - {edition_key(e) for e in still}:
            self.local.storage.delete(key)

    def _edition(self, name: str) -> Edition:
        try:
            return self.local.edition(name)
        except StoreError:
            edition = self.remote.edition(name)
            self.local.keep(edition)
            return edition

    def _copy_clips(self, wanted: dict[str, int], pack: str | None = None) -> None:
        """As many of these, most wanted first, as the bound allows; others make room for them.

        Where many are lacking, the edition's `pack` is read first.
        """
        left = self.most_bytes
        fitting = {name: size for name, size in wanted.items() if (left := left - size) >= 0}
        if len(fitting) < len(wanted):
            log.error("CACHE_MB is too little: it holds %d of %d clips", len(fitting), len(wanted))
        left = self.most_bytes - sum(fitting.values())
        here = self._here()
        for name, (_, size) in sorted(here.items(), key=lambda clip: clip[1], reverse=True):
            if name not in fitting and (left := left - size) < 0:
                self.local.storage.delete(clip_key(name))
        lacking = [name for name, size in fitting.items() if here.get(name, (0, 0))[1] != size]
        if pack and len(lacking) >= PACK_CLIPS:
            packed = self._unpack(pack, {name: fitting[name] for name in lacking})
            lacking = [name for name in lacking if name not in packed]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(self._copy_clip, lacking))

    def _unpack(self, edition: str, lacking: dict[str, int]) -> set[str]:
        """Copy what an edition's pack has of these clips, whole and undamaged; their names."""
        packed = self.remote.packed(edition)
        copied = set()
        for name in lacking.keys() & packed.keys():
            sound = unsealed(name, packed[name])
            if sound is None or len(packed[name]) != lacking[name]:
                log.error("%s is damaged in the pack of edition %s", name, edition)
            else:
                self.local.keep_clip(name, sound)
                copied.add(name)
        return copied

    def _copy_clip(self, name: str) -> None:
        """A clip that is missing or damaged there does not stop the others; no answer does."""
        try:
            stored = self.remote.storage.read(clip_key(name))
        except FileNotFoundError:
            stored = b""
        if (sound := unsealed(name, stored)) is not None:
            self.local.keep_clip(name, sound)
        else:
            log.error("%s/%s is missing or damaged", self.remote.url, clip_key(name))

    def _here(self) -> dict[str, tuple[int, int]]:
        """The clips in the copy: when each was last read, in ns, and its bytes.

        File systems note it to the day, or not at all (`noatime`): then, when it was copied.
        """
        found = [(path.name, path.stat()) for path in self.local.folder.glob("clips/*/*")]
        return {name: (stat.st_atime_ns, stat.st_size) for name, stat in found}
