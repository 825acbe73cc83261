"""Reading from a store whose disk has become slow: a call must not wait for it."""

import logging
import time

from ivr.edition.storage import Folder

log = logging.getLogger(__name__)

SLOW_S = 1.0
"""A read that takes longer is too slow for a call, in seconds. The proxy gives a reply four."""

RESTS_S = 10.0
"""For how long nothing is read then, in seconds. The next reader tries whether it is better."""


class Hurried(Folder):
    """A folder whose files cannot be read, for a while, after one took too long."""

    def __init__(self, under: Folder) -> None:
        super().__init__(under.folder)
        self.under = under
        self._rests_until = 0.0
        """On the monotonic clock."""

    @property
    def is_slow(self) -> bool:
        """Whether nothing is read just now."""
        return time.monotonic() < self._rests_until

    def read(self, key: str) -> bytes:
        """A file's bytes. While the disk is slow, raises `OSError` at once."""
        if self.is_slow:
            raise OSError(f"{self.folder / key}: the disk is too slow just now")
        begun = time.monotonic()
        try:
            return self.under.read(key)
        finally:
            took = time.monotonic() - begun
            if took > SLOW_S:
                self._rests_until = time.monotonic() + RESTS_S
                log.error(
                    "%s took %.1f s to be read; the provider speaks instead for %d s",
                    self.folder / key,
                    took,
                    RESTS_S,
                )
