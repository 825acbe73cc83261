"""Bytes that are kept in memory."""

from collections import OrderedDict
from threading import Lock


class Kept:
    """What was asked for last, as much of it as fits. Several threads may use it."""

    def __init__(self, most_bytes: int) -> None:
        self._most_bytes = most_bytes
        self._bytes = 0
        self._kept: OrderedDict[tuple[str, ...], bytes] = OrderedDict()
        self._lock = Lock()

    def get(self, key: tuple[str, ...]) -> bytes | None:
        """What was put under this key, unless it has made room for others."""
        with self._lock:
            found = self._kept.get(key)
            if found is not None:
                self._kept.move_to_end(key)
            return found

    def put(self, key: tuple[str, ...], data: bytes) -> None:
        """Keeps it. What was asked for the longest time ago makes room."""
        with self._lock:
            self._bytes += len(data) - len(self._kept.pop(key, b""))
            self._kept[key] = data
            while self._bytes > self._most_bytes:
                _, gone = self._kept.popitem(last=False)
                self._bytes -= len(gone)

    def clear(self) -> None:
        """Forgets everything."""
        with self._lock:
            self._kept.clear()
            self._bytes = 0
