"""Where a store's bytes are kept, by key: in a folder, or anywhere else that fsspec reaches."""

import os
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from uuid import uuid4

from ivr.errors import SettingError

AT_ONCE = 16
"""How many keys are read, or files forced onto the disk, at the same time: 700 files took 0.07 s
this way, and 2.2 s one after the other (measured on ext4)."""

S3_OPTIONS = {
    # In seconds. Short, so that a bucket that cannot be reached is soon an error.
    "config_kwargs": {
        "connect_timeout": 3,
        "read_timeout": 10,
        "retries": {"max_attempts": 2},
    },
    # Otherwise s3fs asks for an object's size before each read, and reads a large one in parts.
    "max_concurrency": 1,
}


class Entry(NamedTuple):
    """What is known about a key without reading it."""

    size: int
    """In bytes."""
    stamp: str
    """Changes whenever the bytes are written again."""
    modified: datetime
    """Aware; by the clock of whoever keeps the bytes."""


class Storage(Protocol):
    """Bytes by key, such as `editions/0123456789ab.json`. Every failure is an `OSError`."""

    def read(self, key: str) -> bytes:
        """Raises `FileNotFoundError` where there is nothing."""

    def write(self, key: str, data: bytes, lasting: bool = False) -> None:
        """Writes everything or nothing. If `lasting`, it then survives a power cut."""

    def settle(self, keys: Iterable[str]) -> None:
        """Make these survive a power cut."""

    def delete(self, key: str) -> None:
        """Deleting what is not there is not an error."""

    def entries(self, prefix: str = "") -> dict[str, Entry]:
        """Everything under a prefix, which is empty or ends with a slash."""


class Folder:
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, key: str) -> bytes:
        """A file's bytes."""
        return (self.folder / key).read_bytes()

    def write(self, key: str, data: bytes, lasting: bool = False) -> None:
        """Writes beside the file, then renames. If the process is killed, or the disk is full,
        the file is whole or not there."""
        path = self.folder / key
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(f".{path.name}.{uuid4().hex}.part")
        try:
            with part.open("wb") as file:
                file.write(data)
                if lasting:
                    file.flush()
                    os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            # The error of a full disk does not say which file it was.
            raise OSError(error.errno, error.strerror, str(path)) from error
        finally:
            part.unlink(missing_ok=True)

    def settle(self, keys: Iterable[str]) -> None:
        """fsync of each, many at once, so that the disk writes them together."""
        paths = [self.folder / key for key in keys]
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(_fsync, paths))

    def delete(self, key: str) -> None:
        """Remove a file."""
        (self.folder / key).unlink(missing_ok=True)

    def entries(self, prefix: str = "") -> dict[str, Entry]:
        """The files in a folder, and in the folders within it."""
        found: dict[str, Entry] = {}
        for folder, _, names in os.walk(self.folder / prefix):
            inside = folder[len(str(self.folder)) :].strip("/")
            for name in names:
                try:
                    stat = os.stat(f"{folder}/{name}")  # noqa: PTH116 - half the time of Path's
                except FileNotFoundError:
                    continue  # a part that was renamed in the meantime
                # The time of the last change shows even when a file's date was set back.
                stamp = f"{stat.st_size} {stat.st_ctime_ns}"
                modified = datetime.fromtimestamp(stat.st_mtime, UTC)
                key = f"{inside}/{name}".lstrip("/")
                found[key] = Entry(stat.st_size, stamp, modified)
        return found


def _fsync(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


class Bucket:
    """Anything that fsspec reaches by a URL, such as `s3://bucket/line`. A write is one PUT."""

    def __init__(self, url: str) -> None:
        import fsspec  # here, because it takes 100 ms and a folder does not need it

        options: Mapping[str, Any] = {}
        if url.startswith("s3:"):
            options = S3_OPTIONS
        try:
            self.system, root = fsspec.url_to_fs(
                url, use_listings_cache=False, **options
            )
        except (ImportError, ValueError) as error:
            raise SettingError(
                f"STORE_URL={url!r}: {error}. For a bucket: pip install -r requirements-s3.txt"
            ) from error
        self.url = url.rstrip("/")
        self.root = root.rstrip("/")

    def read(self, key: str) -> bytes:
        """One GET."""
        with self._os_error(key):
            return bytes(self.system.cat_file(f"{self.root}/{key}"))

    def write(self, key: str, data: bytes, lasting: bool = False) -> None:
        """One PUT. What it wrote always lasts."""
        with self._os_error(key):
            self.system.pipe_file(f"{self.root}/{key}", data)

    def settle(self, keys: Iterable[str]) -> None:
        """Nothing is left to do."""

    def delete(self, key: str) -> None:
        """Remove an object."""
        with self._os_error(key):
            try:
                self.system.rm_file(f"{self.root}/{key}")
            except FileNotFoundError:
                return

    def entries(self, prefix: str = "") -> dict[str, Entry]:
        """One listing (S3: a thousand keys a request). The stamp is the entity tag."""
        with self._os_error(prefix):
            try:
                found = self.system.find(f"{self.root}/{prefix}", detail=True)
            except FileNotFoundError:
                return {}
        now = datetime.now(UTC)
        entries = {}
        for path, info in found.items():
            key = path[len(self.root) + 1 :]
            stamp = str(info.get("ETag") or info)
            modified = info.get("LastModified") or now
            entries[key] = Entry(info["size"], stamp, modified)
        return entries

    @contextmanager
    def _os_error(self, key: str) -> Iterator[None]:
        """Each library behind fsspec has errors of its own. Ours name the key."""
        try:
            yield
        except FileNotFoundError as error:
            raise FileNotFoundError(f"{self.url}/{key}: {error}") from error
        except Exception as error:
            raise OSError(f"{self.url}/{key}: {error}") from error


def storage_at(url: str | Path) -> Storage:
    """The storage at a folder's path or a URL. Raises `SettingError` where nothing opens it."""
    text = str(url).removeprefix("file://")
    if "://" in text:
        return Bucket(text)
    return Folder(Path(text))
