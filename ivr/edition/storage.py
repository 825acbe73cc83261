"""Where a store's bytes are kept, by key: a folder, or whatever else fsspec reaches."""

import os
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple, Protocol
from uuid import uuid4

from ivr.errors import SettingError

AT_ONCE = 16
"""How many reads, or files on their way onto the disk, at a time: 700 files took 0.07 s
where one after the other took 2.2 s (measured on ext4)."""

S3_OPTIONS = {
    # Seconds, so that a bucket that is out of reach is an error soon.
    "config_kwargs": {"connect_timeout": 3, "read_timeout": 10, "retries": {"max_attempts": 2}},
    # Else s3fs asks for an object's size before each read, and reads a large one in parts.
    "max_concurrency": 1,
}


class Entry(NamedTuple):
    """What is known of a key without reading it."""

    size: int
    """In bytes."""
    stamp: str
    """Another one whenever the bytes are written anew."""
    modified: datetime
    """Aware; by the clock of whoever keeps it."""


class Storage(Protocol):
    """Bytes by key, such as `editions/0123456789ab.json`. Every failure is an `OSError`."""

    def read(self, key: str) -> bytes:
        """Raises `FileNotFoundError` where there is nothing."""

    def write(self, key: str, data: bytes, lasting: bool = False) -> None:
        """All of it or nothing; if `lasting`, it survives a power cut from then on."""

    def settle(self, keys: Iterable[str]) -> None:
        """Make these survive a power cut."""

    def delete(self, key: str) -> None:
        """What is gone already is no error."""

    def entries(self, prefix: str = "") -> dict[str, Entry]:
        """Everything under a prefix that is empty or ends with a slash."""


class Folder:
    """Files in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def read(self, key: str) -> bytes:
        """A file's bytes."""
        return (self.folder / key).read_bytes()

    def write(self, key: str, data: bytes, lasting: bool = False) -> None:
        """Beside it first, then renamed: whatever is killed or full, it is whole or not there."""
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
        except OSError as error:  # a full disk does not say where
            raise OSError(error.errno, error.strerror, str(path)) from error
        finally:
            part.unlink(missing_ok=True)

    def settle(self, keys: Iterable[str]) -> None:
        """fsync of each, many at once: the disk takes them in few goes."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            list(pool.map(lambda key: _onto_the_disk(self.folder / key), keys))

    def delete(self, key: str) -> None:
        """Remove a file."""
        (self.folder / key).unlink(missing_ok=True)

    def entries(self, prefix: str = "") -> dict[str, Entry]:
        """Files in a folder and those within it. The stamp also tells of a file whose date
        was set back."""
        found: dict[str, Entry] = {}
        for folder, _, names in os.walk(self.folder / prefix):
            inside = folder[len(str(self.folder)) :].strip("/")
            for name in names:
                try:
                    stat = os.stat(f"{folder}/{name}")  # noqa: PTH116 - half the time of Path's
                except FileNotFoundError:
                    continue  # a part that was renamed meanwhile
                modified = datetime.fromtimestamp(stat.st_mtime, UTC)
                entry = Entry(stat.st_size, f"{stat.st_size} {stat.st_ctime_ns}", modified)
                found[f"{inside}/{name}".lstrip("/")] = entry
        return found


def _onto_the_disk(path: Path) -> None:
    file = os.open(path, os.O_RDONLY)
    try:
        os.fsync(file)
    finally:
        os.close(file)


class Bucket:
    """Anything that fsspec reaches by a URL, such as `s3://bucket/line`; a write is one PUT."""

    def __init__(self, url: str) -> None:
        import fsspec  # here, as a folder needs no such thing: it takes a tenth of a second

        options = S3_OPTIONS if url.startswith("s3:") else {}
        try:
            self.system, root = fsspec.url_to_fs(url, use_listings_cache=False, **options)
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
        """One PUT, which lasts or fails."""
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
        return {
            path[len(self.root) + 1 :]: Entry(
                info["size"], str(info.get("ETag") or info), info.get("LastModified") or now
            )
            for path, info in found.items()
        }

    @contextmanager
    def _os_error(self, key: str) -> Iterator[None]:
        """Each library behind fsspec has its own errors; ours name the key."""
        try:
            yield
        except FileNotFoundError as error:
            raise FileNotFoundError(f"{self.url}/{key}: {error}") from error
        except Exception as error:
            raise OSError(f"{self.url}/{key}: {error}") from error


def storage_at(url: str | Path) -> Folder | Bucket:
    """The storage of a folder's path or a URL. Raises `SettingError` for one that nothing opens."""
    text = str(url).removeprefix("file://")
    return Bucket(text) if "://" in text else Folder(Path(text))
