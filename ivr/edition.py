"""Editions, and the store that keeps them and their clips.

The store is a folder:

    live                       the id of the edition that new calls get
    editions/<id>.json         an `Edition`
    clips/ab/ab…_1.5           a clip: an 8-byte digest, then 8 kHz mono μ-law

The studio writes all of it; the line only reads.
"""

import hashlib
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import msgspec

from ivr.content import Content
from ivr.exceptions import StoreError

SAMPLES_PER_MS = 8
"""Telephone audio is 8 kHz; in μ-law a sample is one byte."""

DIGEST_BYTES = 8


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


def clip_name(name: str, speed: float) -> str:
    """One clip's name: `Spoken.name` and a speed."""
    return f"{name}_{speed:g}"


def seal(name: str, sound: bytes) -> bytes:
    """A clip as it is stored: a digest over its name and sound, then the sound (μ-law)."""
    return _digest(name, sound) + sound


def _digest(name: str, sound: bytes) -> bytes:
    return hashlib.blake2b(name.encode() + sound, digest_size=DIGEST_BYTES).digest()


class Store:
    """Where editions and clips are kept: a folder."""

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder)

    def clip_path(self, name: str) -> Path:
        """Where the clip of this name is kept."""
        return self.folder / "clips" / name[:2] / name

    def edition_path(self, edition: str) -> Path:
        """Where the edition of this id is kept."""
        return self.folder / "editions" / f"{edition}.json"

    @cached_property
    def live_path(self) -> Path:
        """The file that names the live edition."""
        return self.folder / "live"

    def live(self) -> str | None:
        """The live edition's id, or None before the first is published."""
        try:
            return self.live_path.read_text("ascii").strip() or None
        except FileNotFoundError:
            return None

    def edition(self, edition: str) -> Edition:
        """The edition of this id. Raises `StoreError` where there is none that can be read."""
        if not re.fullmatch(r"[0-9a-f]{12}", edition):
            raise StoreError(f"{edition!r} is not an edition's id")
        path = self.edition_path(edition)
        try:
            return msgspec.json.decode(path.read_bytes(), type=Edition)
        except (OSError, msgspec.MsgspecError) as error:
            raise StoreError(
                f"{path}: no edition can be read there ({error});"
                " publish one with scripts/render_audio.py"
            ) from error

    def length(self, name: str) -> int | None:
        """A clip's length in samples, or None where it is missing."""
        try:
            return self.clip_path(name).stat().st_size - DIGEST_BYTES
        except OSError:
            return None

    def clip(self, name: str) -> bytes | None:
        """A clip's sound (8 kHz mono μ-law), or None where it is missing or damaged."""
        try:
            stored = self.clip_path(name).read_bytes()
        except OSError:
            return None
        sound = stored[DIGEST_BYTES:]
        return sound if stored[:DIGEST_BYTES] == _digest(name, sound) else None
