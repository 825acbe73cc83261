"""The editions and clips that a running server works with."""

import logging
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock
from typing import TypeVar
from weakref import WeakValueDictionary

from cachetools import LRUCache, cached

from ivr.edition.edition import Edition
from ivr.edition.hurry import Hurried
from ivr.edition.storage import Folder
from ivr.edition.store import DIGEST_BYTES, Store, clip_key
from ivr.edition.wav import wav
from ivr.errors import StoreError

log = logging.getLogger(__name__)

Known = TypeVar("Known")

EDITIONS_IN_MEMORY = 4
"""How many editions that calls in progress hear are kept in memory, beside the live one."""

LOADS = 4
LOADS_WITHIN_S = 10
"""How many editions that no call here hears are loaded, within so many seconds, to find out what is
known about clips. One takes 40 ms, or more with many articles."""

CLIPS_REMEMBERED = 200_000
"""How many verified clips are remembered, at about 300 bytes each."""

CLIPS_LOOKED_AT = 10_000
"""Of how many clips it is remembered for a second whether they are there, at about 300 bytes each:
more than 5,000 callers hear in one."""

SOUNDS_BYTES = 64_000_000
"""How much memory joined sounds may take: some 300 of them, at a fifth of a megabyte each. Callers
of one article, at five speeds, hear about 500."""


class Library:
    """Editions, loaded once and kept while they are used, and their clips.

    Several threads may use one library. Raises `StoreError` where nothing is published.
    """

    def __init__(self, store: Store, remote: Store | None = None) -> None:
        """`store` is a folder; `remote` is what it is a copy of (see `ivr.edition.copy`)."""
        self.store = store
        self.remote = remote
        self._folder = str(store.folder)
        self.hurried = Hurried(Folder(store.folder))
        store.storage = self.hurried
        # None of these remembers an error: what failed is tried again.
        self._load = lru_cache(EDITIONS_IN_MEMORY)(self._read_edition)
        self._verify = lru_cache(CLIPS_REMEMBERED)(self._read_to_verify)
        self._looked = lru_cache(CLIPS_LOOKED_AT)(self._look)
        in_memory: LRUCache[tuple[object, ...], bytes] = LRUCache(SOUNDS_BYTES, len)
        self._sounds = cached(in_memory, lock=Lock())(self._join)
        self._in_memory: WeakValueDictionary[str, Edition] = WeakValueDictionary()
        """The editions that are still used or remembered."""
        self._loaded_at: deque[float] = deque(maxlen=LOADS)
        """When editions were last loaded for their clips' sake, on the monotonic clock."""
        self._live: Edition | None = None
        self.live()

    def live(self) -> Edition:
        """The edition that new calls get: looked up each time, so a new one is noticed at once.

        If the store fails, it is the one that was live when the store last answered.
        """
        try:
            live = self.edition(self._live_id())
        except (OSError, StoreError):
            if self._live is None:
                raise
            log.exception(
                "the live edition cannot be read; staying with %s", self._live.id
            )
            return self._live
        self._live = live
        return live

    def _live_id(self) -> str:
        """What the store says is live, or was, where that cannot be read any more."""
        if edition_id := self.store.live():
            return edition_id
        was_live = self._live.id if self._live else None
        edition_id = was_live or self.store.last_live()
        if edition_id is None:
            raise StoreError(
                f"{self.store.url}: nothing is published there; run scripts/render_audio.py"
            )
        log.error(
            "%s: the file `live` is damaged; going on with %s",
            self.store.url,
            edition_id,
        )
        return edition_id

    def edition(self, edition_id: str) -> Edition:
        """An edition by its id. Raises `StoreError` where it is gone."""
        live = self._live
        if live and live.id == edition_id:
            return live
        return self._load(edition_id)

    def is_sound(self, name: str, samples: int) -> bool:
        """Whether a clip is there, as long as it should be, and undamaged.

        Its file is looked at once a second. At each look a thread may have to wait until it is its
        turn again, and a reply would need ten looks. None is sound while the disk is slow: it
        would come too late.
        """
        if self.hurried.is_slow:
            return False
        return self._looked(name, samples, int(time.monotonic()))

    def _look(self, name: str, samples: int, _second: int) -> bool:
        """Looks at a clip's file. Its bytes are verified once, and again when it changes."""
        try:
            found = os.stat(f"{self._folder}/{clip_key(name)}")  # noqa: PTH116 - half the time of Path's
        except OSError:
            log.error(
                "clip %s is missing; run scripts/render_audio.py to mend it", name
            )
            return False
        try:
            if found.st_size != samples + DIGEST_BYTES:
                raise StoreError(f"clip {name} has the wrong length")
            self._verify(name, found.st_mtime_ns, found.st_size)
        except StoreError:
            log.error(
                "clip %s is damaged; run scripts/render_audio.py to mend it", name
            )
            self._have_copied_again(name)
            return False
        return not self.hurried.is_slow

    def _read_to_verify(self, name: str, modified_ns: int, size: int) -> None:
        """Raises `StoreError` for a damaged clip. Time and size tell one file from the next."""
        if self.store.clip(name) is None:
            raise StoreError(f"clip {name} is damaged")

    def _have_copied_again(self, name: str) -> None:
        """What the copy of a bucket lacks is fetched within a minute."""
        if self.remote and not self.hurried.is_slow:
            with suppress(OSError):
                self.store.storage.delete(clip_key(name))

    def clip(self, name: str) -> bytes | None:
        """A clip's sound (8 kHz mono μ-law), or None where it is missing or damaged.

        What another server has, and this one has not copied yet, is fetched: the provider was
        told to play it, and would play nothing.
        """
        sound = self.store.clip(name)
        if sound is None:
            self._verify_again(name)
        if sound is None and self.remote:
            return self.remote.clip(name)
        return sound

    def _verify_again(self, name: str) -> None:
        """If a clip is there but damaged, its file has changed though its date has not. So no other
        clip is trusted either, and the provider says the damaged one in the next reply."""
        if not self.hurried.is_slow and self.store.clip_path(name).exists():
            self._verify.cache_clear()
            self._looked.cache_clear()

    def sound(self, names: tuple[str, ...], most_samples: int) -> bytes:
        """A WAV file of clips, one after the other; remembered, as it never changes: the clips'
        names are of their content.

        Raises `StoreError` if one is lost, or if they are too long to be remembered.
        """
        return self._sounds(names, most_samples)

    def _join(self, names: tuple[str, ...], most_samples: int) -> bytes:
        if sum(self.samples(name) or 0 for name in names) > most_samples:
            raise StoreError("too long")
        sounds: dict[str, bytes] = {}
        for name in dict.fromkeys(names):
            sound = self.clip(name)
            if sound is None:
                raise StoreError(f"clip {name} is lost")
            sounds[name] = sound
        return wav(*(sounds[name] for name in names))

    def look_again(self) -> None:
        """Forgets what was joined and looked at, as it would by and by."""
        self._sounds.cache_clear()
        self._looked.cache_clear()

    def samples(self, name: str) -> int | None:
        """A clip's length without reading it, or None where it is missing."""
        try:
            size = self.store.clip_path(name).stat().st_size
        except OSError:
            if self.remote:
                return self.remote.length(name)
            return None
        return max(size - DIGEST_BYTES, 0)

    def words(self, names: Iterable[str]) -> dict[str, str]:
        """What clips (each a `Spoken.name`) say, without those that no caller can hear now."""
        return self._look_up(names, lambda edition, name: edition.said.get(name))

    def languages(self, names: Iterable[str]) -> dict[str, str]:
        """The languages of clips (each a `Spoken.name`), without those that no caller can hear now;
        empty for English on a line that has no other."""
        return self._look_up(
            names, lambda edition, name: edition.languages_said.get(name)
        )

    def lengths(self, names: Iterable[str], speed: float) -> dict[str, int]:
        """How long clips (each a `Spoken.name`) should be, in samples, without those that no
        caller can hear now."""
        return self._look_up(names, lambda edition, name: edition.length(name, speed))

    def _look_up(
        self, names: Iterable[str], known_by: Callable[[Edition, str], Known | None]
    ) -> dict[str, Known]:
        """What the editions on the air know about clips."""
        unknown = set(names)
        found: dict[str, Known] = {}
        if not unknown:
            return found
        for edition in self._on_the_air():
            for name in unknown - found.keys():
                known = known_by(edition, name)
                if known is not None:
                    found[name] = known
            if unknown == found.keys():
                break
        return found

    def _on_the_air(self) -> Iterator[Edition]:
        """The editions that calls may hear, loaded as they are needed: another process may have
        answered every call so far. The live one is in memory, whatever has become of the store."""
        edition_ids = [self._live.id] if self._live else []
        try:
            edition_ids += self.store.on_the_air(datetime.now(UTC))
        except OSError as error:
            log.error("it is not known what else is on the air: %s", error)
        for edition_id in dict.fromkeys(edition_ids):
            edition = self._in_memory.get(edition_id) or self._load_rarely(edition_id)
            if edition:
                yield edition

    def _load_rarely(self, edition_id: str) -> Edition | None:
        """Anybody may ask for any clip; loading each edition for that would hold up calls."""
        now = time.monotonic()
        is_full = len(self._loaded_at) == LOADS
        if is_full and now - self._loaded_at[0] < LOADS_WITHIN_S:
            return None
        self._loaded_at.append(now)
        try:
            return self.edition(edition_id)
        except StoreError as error:
            log.error("its words are not known: %s", error)
            return None

    def _read_edition(self, edition_id: str) -> Edition:
        edition = self.store.edition(edition_id)
        self._in_memory[edition_id] = edition
        return edition
