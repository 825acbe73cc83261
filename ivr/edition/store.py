"""Editions, and the store that keeps them and their clips.

The store is a folder, or a URL such as `s3://bucket/line`:

    live                       the id of the edition that new calls get
    editions/<id>.json         an 8-byte digest, then an `Edition` in JSON
    clips/ab/ab…_1.5           a clip: an 8-byte digest, then 8 kHz mono μ-law
    packs/<id>                 the clips that came with this edition, once more: MessagePack of
                               name to clip, which servers copy with one read (not in a folder)
    history/<time>-<id>        nothing: at this time the edition was live
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
"""How long after it was live a call can still hear an edition: calls end within four hours,
and the clocks of two machines may be an hour apart."""


PACK_CLIPS = 30
"""From how many new clips on they are packed, and a pack is read: fewer are copied one by one
in a fifth of a second."""


PACK_BYTES = 64_000_000
"""The most that a pack holds, about three articles at five speeds: whoever writes or reads one
has it in memory twice."""


ID = r"[0-9a-f]{12}"


TIME = "%Y%m%dT%H%M%S.%fZ"


def sizes(edition: Edition) -> dict[str, int]:
    """An edition's clips, and their bytes as stored."""
    return {
        clip_name(spoken.name, speed): length + DIGEST_BYTES
        for clips in edition.clips.values()
        for spoken in clips.values()
        for speed, length in zip(edition.content.speeds, spoken.lengths, strict=True)
    }


def seal(name: str, data: bytes) -> bytes:
    """A clip's sound (μ-law) or an edition as it is stored: after a digest over name and data."""
    return _digest(name, data) + data


def unsealed(name: str, stored: bytes) -> bytes | None:
    """What was sealed, or None where it is not what was."""
    data = stored[DIGEST_BYTES:]
    return data if stored[:DIGEST_BYTES] == _digest(name, data) else None


def _digest(name: str, data: bytes) -> bytes:
    return hashlib.blake2b(name.encode() + data, digest_size=DIGEST_BYTES).digest()


def clip_key(name: str) -> str:
    """Where in a store the clip of this name is."""
    return f"clips/{name[:2]}/{name}"


def edition_key(edition: str) -> str:
    """Where in a store the edition of this id is."""
    return f"editions/{edition}.json"


def pack_key(edition: str) -> str:
    """Where in a store the pack of the edition of this id is."""
    return f"packs/{edition}"


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
        """The folder, where it is one."""
        if not isinstance(self.storage, Folder):
            raise StoreError(f"{self.url} is not a folder")
        return self.storage.folder

    def clip_path(self, name: str) -> Path:
        """The file of the clip of this name."""
        return self.folder / clip_key(name)

    def live(self) -> str | None:
        """The live edition's id; None before the first is published, and where it is damaged."""
        try:
            found = self.storage.read("live").decode("ascii", "replace").strip()
        except FileNotFoundError:
            return None
        return found if re.fullmatch(ID, found) else None

    def history(self) -> list[tuple[datetime, str]]:
        """When which edition was live, oldest first: an entry each time when it began or ended."""
        found = [
            key.removeprefix("history/").partition("-") for key in self.storage.entries("history/")
        ]
        return sorted(
            (datetime.strptime(time, TIME).replace(tzinfo=UTC), edition)
            for time, _, edition in found
            if re.fullmatch(ID, edition)
        )

    def last_live(self) -> str | None:
        """The edition that was switched to last: what `live` says, where that is damaged."""
        return next((edition for _, edition in reversed(self.history())), None)

    def on_the_air(self, now: datetime) -> list[str]:
        """The editions that a call may hear, the live one first."""
        recent = [edition for time, edition in self.history() if time > now - STAY]
        return list(dict.fromkeys(e for e in (self.live(), *reversed(recent)) if e))

    def edition(self, edition: str) -> Edition:
        """The edition of this id. Raises `StoreError` where there is none that can be read."""
        if not re.fullmatch(ID, edition):
            raise StoreError(f"{edition!r} is not an edition's id")
        try:
            found = unsealed(edition, self.storage.read(edition_key(edition)))
            if found is None:
                raise ValueError("its bytes are damaged")
            return msgspec.json.decode(found, type=Edition)
        except (OSError, ValueError) as error:
            raise StoreError(
                f"{self.url}/{edition_key(edition)}: no edition can be read there ({error});"
                " publish one with scripts/render_audio.py"
            ) from error

    def keep(self, edition: Edition) -> None:
        """Write an edition, which is not live by that."""
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
        return None if sound is None else len(sound)

    def keep_clip(self, name: str, sound: bytes) -> None:
        """Write a clip; it survives a power cut when the edition does."""
        self.storage.write(clip_key(name), seal(name, sound))

    def packed(self, edition: str) -> dict[str, bytes]:
        """The clips in an edition's pack, by name, each as stored and perhaps damaged. Without a
        pack there are none; one that cannot be read is logged."""
        try:
            found = self.storage.read(pack_key(edition))
            return msgspec.msgpack.decode(found, type=dict[str, bytes])
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            log.error("%s/%s cannot be read: %s", self.url, pack_key(edition), error)
            return {}
