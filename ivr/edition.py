"""Editions, and the store that keeps them and their clips.

The store is a folder, or a URL such as `s3://bucket/line`:

    live                       the id of the edition that new calls get
    editions/<id>.json         an 8-byte digest, then an `Edition` in JSON
    clips/ab/ab…_1.5           a clip: an 8-byte digest, then 8 kHz mono μ-law
    packs/<id>                 the clips that came with this edition, once more: MessagePack of
                               name to clip, which servers copy with one read (not in a folder)
    history/<time>-<id>        nothing: at this time the edition was live
    verified                   the clips whose bytes the studio has read and found right

The studio writes all of it; the line only reads.
"""

import hashlib
import logging
import re
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path

import msgspec

from ivr.content import Content
from ivr.exceptions import StoreError
from ivr.places import AT_ONCE, Folder, place

log = logging.getLogger(__name__)

SAMPLES_PER_MS = 8
"""Telephone audio is 8 kHz; in μ-law a sample is one byte."""

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


@dataclass(frozen=True)
class Spoken:
    """How one utterance was said: its clips, one a speed."""

    name: str
    """16 hex digits: a hash of the text as spoken, the voice and the mastering."""
    lengths: tuple[int, ...]
    """In samples, for each of the content's speeds in order."""


@dataclass(frozen=True)
class Edition:
    """An immutable snapshot of the content, with every clip that it needs."""

    id: str
    """12 hex digits: a hash of all the rest but `created`."""
    created: str
    """ISO time at which it was made."""
    voices: dict[str, str]
    """What says each language, such as `{"en": "flite:rms"}`."""
    content: Content
    clips: dict[str, dict[str, Spoken]]
    """Language, then utterance, to the clips that say it."""

    @cached_property
    def said(self) -> dict[str, str]:
        """What each `Spoken.name` says."""
        return {
            spoken.name: text for clips in self.clips.values() for text, spoken in clips.items()
        }


def sizes(edition: Edition) -> dict[str, int]:
    """An edition's clips, and their bytes as stored."""
    return {
        clip_name(spoken.name, speed): length + DIGEST_BYTES
        for clips in edition.clips.values()
        for spoken in clips.values()
        for speed, length in zip(edition.content.speeds, spoken.lengths, strict=True)
    }


def clip_name(name: str, speed: float) -> str:
    """One clip's name: `Spoken.name` and a speed."""
    return f"{name}_{speed:g}"


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


@dataclass(frozen=True)
class Look:
    """Which clips a store had, whole and undamaged, at one moment."""

    lengths: dict[str, int]

    def length(self, name: str) -> int | None:
        """A clip's length in samples, or None where it is missing or damaged."""
        return self.lengths.get(name)


class Store:
    """Where editions and clips are kept: a folder's path, or any URL that fsspec knows."""

    def __init__(self, url: str | Path) -> None:
        self.url = str(url)
        self.place = place(url)
        self._written: dict[str, bytes] = {}
        """Clips as stored, which the next pack need not read back."""
        self._room = PACK_BYTES
        """For how many more bytes of them there is room, roughly: threads may keep clips."""

    @property
    def is_folder(self) -> bool:
        """Whether it is on this machine's disk."""
        return isinstance(self.place, Folder)

    @property
    def folder(self) -> Path:
        """The folder, where it is one."""
        if not isinstance(self.place, Folder):
            raise StoreError(f"{self.url} is not a folder")
        return self.place.folder

    def clip_path(self, name: str) -> Path:
        """The file of the clip of this name."""
        return self.folder / clip_key(name)

    def live(self) -> str | None:
        """The live edition's id; None before the first is published, and where it is damaged."""
        try:
            found = self.place.read("live").decode("ascii", "replace").strip()
        except FileNotFoundError:
            return None
        return found if re.fullmatch(ID, found) else None

    def history(self) -> list[tuple[datetime, str]]:
        """When which edition was live, oldest first: an entry each time when it began or ended."""
        found = [key.removeprefix("history/").partition("-") for key in self.place.kept("history/")]
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

    def go_live(self, edition: str) -> None:
        """New calls get this edition, which must be there in full: one atomic step."""
        for either in (self.live(), edition):
            if either:
                now = datetime.now(UTC).strftime(TIME)
                self.place.write(f"history/{now}-{either}", b"", lasting=True)
        self.place.write("live", f"{edition}\n".encode(), lasting=True)

    def edition(self, edition: str) -> Edition:
        """The edition of this id. Raises `StoreError` where there is none that can be read."""
        if not re.fullmatch(ID, edition):
            raise StoreError(f"{edition!r} is not an edition's id")
        try:
            found = unsealed(edition, self.place.read(edition_key(edition)))
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
        self.place.write(edition_key(edition.id), sealed, lasting=True)

    def clip(self, name: str) -> bytes | None:
        """A clip's sound (8 kHz mono μ-law), or None where it is missing or damaged."""
        try:
            return unsealed(name, self.place.read(clip_key(name)))
        except OSError:
            return None

    def length(self, name: str) -> int | None:
        """A clip's length in samples, or None where it is missing or damaged."""
        sound = self.clip(name)
        return None if sound is None else len(sound)

    def keep_clip(self, name: str, sound: bytes) -> None:
        """Write a clip; it survives a power cut when the edition does."""
        sealed = seal(name, sound)
        self.place.write(clip_key(name), sealed)
        if not self.is_folder and len(sealed) <= self._room:
            self._room -= len(sealed)
            self._written[name] = sealed

    def pack(self, edition: Edition, names: set[str]) -> None:
        """Write these of its clips once more, as one object, which servers copy with one read.

        Not in a folder, and neither few clips nor too many (`PACK_CLIPS`, `PACK_BYTES`). It only
        saves time: where it cannot be written, that is logged, and servers copy clip by clip.
        """
        written, self._written, self._room = self._written, {}, PACK_BYTES
        size = sizes(edition)
        too_much = sum(size[name] for name in names) > PACK_BYTES
        if self.is_folder or len(names) < PACK_CLIPS or too_much:
            return

        def stored(name: str) -> bytes:
            return written.get(name) or self.place.read(clip_key(name))

        try:
            with ThreadPoolExecutor(AT_ONCE) as pool:
                clips = dict(zip(names, pool.map(stored, names), strict=True))
            self.place.write(pack_key(edition.id), msgspec.msgpack.encode(clips))
        except OSError as error:
            log.warning("servers will take longer to copy edition %s: %s", edition.id, error)

    def packed(self, edition: str) -> dict[str, bytes]:
        """The clips in an edition's pack, by name, each as stored and perhaps damaged. Without a
        pack there are none; one that cannot be read is logged."""
        try:
            found = self.place.read(pack_key(edition))
            return msgspec.msgpack.decode(found, type=dict[str, bytes])
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            log.error("%s/%s cannot be read: %s", self.url, pack_key(edition), error)
            return {}

    def damaged(self, names: list[str]) -> list[str]:
        """Those of these clips that are missing or have other bytes than they should."""
        with ThreadPoolExecutor(AT_ONCE) as pool:
            sounds = pool.map(lambda name: self.clip(name) is not None, names)
            return [name for name, sound in zip(names, sounds, strict=True) if not sound]

    def look(self) -> Look:
        """Every clip that is there and right. Only those that were written since the last look
        are read; what those are is remembered in the store."""
        kept = {key.rpartition("/")[2]: found for key, found in self.place.kept("clips/").items()}
        before: dict[str, str] = {}
        with suppress(OSError, msgspec.MsgspecError):
            before = msgspec.json.decode(self.place.read("verified"), type=dict[str, str])
        new = [name for name, found in kept.items() if before.get(name) != found.stamp]
        for name in self.damaged([name for name in new if not name.endswith(".part")]):
            log.warning("%s/%s is damaged", self.url, clip_key(name))
            del kept[name]
        after = {name: found.stamp for name, found in kept.items() if not name.endswith(".part")}
        if after != before:
            with suppress(OSError):  # it only saves time
                self.place.write("verified", msgspec.json.encode(after))
        return Look({name: kept[name].size - DIGEST_BYTES for name in after})
