"""What voices were given for each text, remembered in the store. It only saves time: otherwise,
every page and every render would work out a library of articles again."""

from collections.abc import Iterable
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
    key = f"said/{language}"
    by = blake2b(f"{words}{_code()}".encode()).hexdigest()
    before = _remembered(store, key)
    known = before.said if before.by == by else {}
    said = {}
    for text in texts:
        said[text] = known.get(text) or speakable(text, language, words)
    if said != known and store.live():  # a look at what is missing makes no store
        with suppress(OSError):
            store.storage.write(key, msgspec.msgpack.encode(Memory(by, said)))
    return said


def _remembered(store: StudioStore, key: str) -> Memory:
    with suppress(OSError, msgspec.MsgspecError):
        return msgspec.msgpack.decode(store.storage.read(key), type=Memory)
    return Memory("", {})


@cache
def _code() -> str:
    """A digest of all that makes a text speakable."""
    digest = blake2b("".join(map(version, SPELLERS)).encode())
    for file in sorted(Path(str(speech.__file__)).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
