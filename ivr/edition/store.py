"""The store, which keeps editions and their clips.

It is a folder, or a URL such as `s3://bucket/line`:

    live                       the id of the edition that new calls get
    editions/<id>.json         an 8-byte digest, then an `Edition` in JSON
    clips/ab/ab…_1.5           a clip: an 8-byte digest, then 8 kHz mono μ-law
    packs/<id>                 the clips that were new in this edition, once more: a MessagePack
                               map of name to clip, so that a server can copy them with one
                               read (not in a folder)
    history/<time>-<id>        empty: the edition was live at this time
    verified                   the clips whose bytes the studio has read and found right

The studio writes all of it (`audio.air.studio_store`); the line only reads.
"""

import hashlib
import logging
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import msgspec

from ivr.edition.edition import Edition, clip_name
from ivr.edition.storage import Folder, storage_at
from ivr.errors import StoreError

log = logging.getLogger(__name__)

DIGEST_BYTES = 8

STAY = timedelta(hours=5)
"""How long after an edition was live a call can still hear it. Calls end within four hours, and
the clocks of two machines may differ by an hour."""

PACK_CLIPS = 30
"""How many clips make a pack worth writing and reading. Fewer are copied one by one in a fifth
of a second."""

PACK_BYTES = 64_000_000
"""The largest pack: about three articles at five speeds. Whoever writes or reads one has it in
memory twice."""

ID = r"[0-9a-f]{12}"

TIME = "%Y%m%dT%H%M%S.%fZ"


Sizes = dict[str, int]
"""Of clips by their names, in bytes."""


def sizes(edition: Edition) -> Sizes:
    """An edition's clips by name, and how many bytes the store has of each."""
    found = {}
    for clips in edition.clips.values():
        for spoken in clips.values():
            for speed, length in zip(
                edition.content.speeds, spoken.lengths, strict=True
            ):
                found[clip_name(spoken.name, speed)] = length + DIGEST_BYTES
    return found


def seal(name: str, data: bytes) -> bytes:
    """A clip's sound (μ-law), or an edition, as it is stored: after a digest of name and data."""
    return _digest(name, data) + data


def unsealed(name: str, stored: bytes) -> bytes | None:
    """What was sealed, or None where the bytes or the name are not those that were sealed."""
    digest = stored[:DIGEST_BYTES]
    data = stored[DIGEST_BYTES:]
    if digest != _digest(name, data):
        return None
    return data


def _digest(name: str, data: bytes) -> bytes:
    digest = hashlib.blake2b(name.encode(), digest_size=DIGEST_BYTES)
    digest.update(data)
    return digest.digest()


def clip_key(name: str) -> str:
    """The key of a clip, by its name."""
    return f"clips/{name[:2]}/{name}"


def edition_key(edition_id: str) -> str:
    """The key of an edition."""
    return f"editions/{edition_id}.json"


def pack_key(edition_id: str) -> str:
    """The key of an edition's pack."""
    return f"packs/{edition_id}"


class Store:
    """Where editions and clips are kept: a folder's path, or any URL that fsspec knows."""

    def __init__(self, url: str | Path) -> None:
        self.url = str(url)
        self.storage = storage_at(url)

    @property
    def is_folder(self) -> bool:
        """Whether it is on this machine's disk."""
        return isinstance(self.storage, Folder)

    @property
    def folder(self) -> Path:
        """The folder that it is. Raises `StoreError` where it is not one."""
        if not isinstance(self.storage, Folder):
            raise StoreError(f"{self.url} is not a folder")
        return self.storage.folder

    def clip_path(self, name: str) -> Path:
        """The file of a clip, by the clip's name."""
        return self.folder / clip_key(name)

    def live(self) -> str | None:
        """The live edition's id; None before the first is published, and where it is damaged."""
        try:
            stored = self.storage.read("live")
        except FileNotFoundError:
            return None
        found = stored.decode("ascii", "replace").strip()
        if not re.fullmatch(ID, found):
            return None
        return found

    def history(self) -> list[tuple[datetime, str]]:
        """When each edition was live, oldest first: one entry when it began, one when it ended."""
        found = []
        for key in self.storage.entries("history/"):
            time, _, edition_id = key.removeprefix("history/").partition("-")
            if re.fullmatch(ID, edition_id):
                at = datetime.strptime(time, TIME).replace(tzinfo=UTC)
                found.append((at, edition_id))
        return sorted(found)

    def last_live(self) -> str | None:
        """The edition that went live last: what the file `live` said before it was damaged."""
        history = self.history()
        if not history:
            return None
        _, edition_id = history[-1]
        return edition_id

    def on_the_air(self, now: datetime) -> list[str]:
        """The ids of the editions that a call may hear, the live one first."""
        newest_first = []
        live = self.live()
        if live:
            newest_first.append(live)
        for time, edition_id in reversed(self.history()):
            if time > now - STAY:
                newest_first.append(edition_id)
        return list(dict.fromkeys(newest_first))

    def edition(self, edition_id: str) -> Edition:
        """An edition by its id. Raises `StoreError` where none can be read."""
        if not re.fullmatch(ID, edition_id):
            raise StoreError(f"{edition_id!r} is not an edition's id")
        key = edition_key(edition_id)
        try:
            found = unsealed(edition_id, self.storage.read(key))
            if found is None:
                raise ValueError("its bytes are damaged")
            return msgspec.json.decode(found, type=Edition)
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{self.url}/{key}: no edition can be read there ({error});"
                " publish one with scripts/render_audio.py"
            ) from error

    def keep(self, edition: Edition) -> None:
        """Write an edition. That does not make it live."""
        sealed = seal(edition.id, msgspec.json.encode(edition))
        self.storage.write(edition_key(edition.id), sealed, lasting=True)

    def clip(self, name: str) -> bytes | None:
        """A clip's sound (8 kHz mono μ-law), or None where it is missing or damaged."""
        try:
            return unsealed(name, self.storage.read(clip_key(name)))
        except OSError:
            return None

    def length(self, name: str) -> int | None:
        """A clip's length in samples, or None where it is missing or damaged."""
        sound = self.clip(name)
        if sound is None:
            return None
        return len(sound)

    def keep_clip(self, name: str, sound: bytes) -> None:
        """Write a clip. It does not survive a power cut until it is settled."""
        self.storage.write(clip_key(name), seal(name, sound))

    def packed(self, edition_id: str) -> dict[str, bytes]:
        """The clips in an edition's pack by name, each as stored and perhaps damaged.

        Empty where there is no pack, or where it cannot be read; the latter is logged.
        """
        key = pack_key(edition_id)
        try:
            return msgspec.msgpack.decode(self.storage.read(key), type=dict[str, bytes])
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            log.error("%s/%s cannot be read: %s", self.url, key, error)
            return {}
