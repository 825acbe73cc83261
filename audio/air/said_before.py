"""What voices were given for each text, remembered in the store at each publishing. It only saves
time: otherwise, every page and every render would work out a library of articles again."""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from pathlib import Path

import msgspec

from audio import speech
from audio.air.studio_store import StudioStore
from audio.speech.pronunciations import Pronunciations
from audio.speech.speakable import speakable

SPELLERS = ("anyascii", "num2words")
"""Packages that change what a voice is given."""


class Memory(msgspec.Struct, frozen=True):
    """What was made of the texts of a language."""

    by: str
    """A digest of the pronunciations and the code. If either has changed, this is useless."""
    said: dict[str, str]


def said_as(
    texts: Iterable[str], language: str, words: Pronunciations, store: StudioStore
) -> dict[str, str]:
    """What a voice is given for each text: see `speakable`."""
    known = _remembered(language, words, store)
    said = {}
    for text in texts:
        said[text] = known.get(text) or speakable(text, language, words)
    return said


def remember(
    said: Mapping[str, str], language: str, words: Pronunciations, store: StudioStore
) -> None:
    """Keeps what voices were given for a language's texts, and nothing else of it."""
    if said != _remembered(language, words, store):
        memory = Memory(_by(words), dict(said))
        data = msgspec.msgpack.encode(memory)
        with suppress(OSError):
            store.storage.write(_key(language), data)


def _remembered(
    language: str, words: Pronunciations, store: StudioStore
) -> dict[str, str]:
    """By the same words and code; nothing, if it is damaged."""
    with suppress(OSError, msgspec.MsgspecError):
        data = store.storage.read(_key(language))
        memory = msgspec.msgpack.decode(data, type=Memory)
        if memory.by == _by(words):
            return memory.said
    return {}


def _key(language: str) -> str:
    return f"said/{language}"


def _by(words: Pronunciations) -> str:
    return blake2b(f"{words}{_code()}".encode()).hexdigest()


@cache
def _code() -> str:
    """A digest of all that makes a text speakable."""
    versions = "".join(map(version, SPELLERS))
    digest = blake2b(versions.encode())
    room = Path(str(speech.__file__)).parent
    for file in sorted(room.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
