"""The editions and clips that a running server has at hand."""

import logging
from collections import OrderedDict
from contextlib import suppress
from threading import Lock

from ivr.edition.edition import Edition
from ivr.edition.store import DIGEST_BYTES, Store, clip_key
from ivr.errors import StoreError

log = logging.getLogger(__name__)

EDITIONS_AT_HAND = 4
"""How many are kept in memory: the live one, and those that calls in progress hear."""

CLIPS_REMEMBERED = 200_000
"""How many verified clips are remembered, about 100 bytes each."""


class Library:
    """Editions, loaded once and kept while they are used; and which clips are sound.

    Several threads may use one. Raises `StoreError` where nothing is published.
    """

    def __init__(self, store: Store, remote: Store | None = None) -> None:
        """`store` is a folder; `remote`, what it is a copy of (see `ivr.edition.copy`)."""
        self.store = store
        self.remote = remote
        self._editions: OrderedDict[str, Edition] = OrderedDict()
        self._verified: OrderedDict[str, tuple[int, int]] = OrderedDict()
        self._lock = Lock()
        self._live = ""
        self.live()

    def live(self) -> Edition:
        """The edition that new calls get: looked up each time, so a new one is noticed at once.

        If the store fails, it is the one that was live when it last answered.
        """
        try:
            current = self.store.live()
            if current is None and (current := self._live or self.store.last_live()):
                log.error("%s: live is damaged; %s is", self.store.url, current)
            if current is None:
                raise StoreError(
                    f"{self.store.url}: nothing is published there; run scripts/render_audio.py"
                )
            edition = self.edition(current)
        except (OSError, StoreError):
            if not self._live:
                raise
            log.exception("the live edition cannot be read; staying with %s", self._live)
            return self.edition(self._live)
        self._live = current
        return edition

    def edition(self, edition: str) -> Edition:
        """An edition by its id. Raises `StoreError` where it is gone."""
        with self._lock:
            if edition in self._editions:
                self._editions.move_to_end(edition)
                return self._editions[edition]
        loaded = self.store.edition(edition)
        with self._lock:
            self._editions[edition] = loaded
            while len(self._editions) > EDITIONS_AT_HAND:
                oldest = next(name for name in self._editions if name != self._live)
                del self._editions[oldest]
        return loaded

    def is_sound(self, name: str, samples: int) -> bool:
        """Whether a clip is there, as long as it should be, and undamaged.

        Its bytes are verified once, and again when the file changes.
        """
        try:
            found = self.store.clip_path(name).stat()
        except OSError:
            log.error("clip %s is missing; scripts/render_audio.py mends it", name)
            return False
        seen = (found.st_mtime_ns, found.st_size)
        right_length = found.st_size == samples + DIGEST_BYTES
        if right_length and self._verified.get(name) == seen:
            return True
        if not right_length or self.store.clip(name) is None:
            log.error("clip %s is damaged; scripts/render_audio.py mends it", name)
            if self.remote:
                with suppress(OSError):
                    self.store.storage.delete(clip_key(name))  # it is copied again
            return False
        with self._lock:
            self._verified[name] = seen
            while len(self._verified) > CLIPS_REMEMBERED:
                self._verified.popitem(last=False)
        return True

    def clip(self, name: str) -> bytes | None:
        """A clip's sound (8 kHz mono μ-law), or None where it is missing or damaged.

        What another server has and this one has no copy of (yet) is fetched: the provider was
        told to play it, and would play nothing.
        """
        sound = self.store.clip(name)
        return self.remote.clip(name) if sound is None and self.remote else sound

    def words(self, name: str) -> str | None:
        """What a clip says (by `Spoken.name`), if an edition at hand has it."""
        with self._lock:
            editions = list(self._editions.values())
        return next((said for e in reversed(editions) if (said := e.said.get(name))), None)
