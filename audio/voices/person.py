"""A person's voice: says the part of a recording that holds an utterance."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from audio.voices.voice import Engine, Sound, heard
from ivr.errors import VoiceError, VoiceUnavailable

RECORDING = Engine(
    name="recording",
    licence="the speaker's",
    install="put the file into the folder `recordings`",
    is_anywhere=False,  # it is a file of this machine
    by_a_person=True,
)

Parts = tuple[tuple[int, int], ...]
"""Each sentence's start and end in a recording, in ms."""

MOST_KNOWN = 10_000
"""Recordings whose sentences are remembered: a server looks at them again and again, and a long
one takes seconds."""

RECORD_AGAIN = "record it again, or save it as WAV, MP3 or M4A"


class Unusable(NamedTuple):
    """Why a recording is of no use, and how to mend it."""

    what: str
    mend: str


@dataclass(frozen=True)
class SoundFile:
    """A sound file as it was when it was first looked at. Two of the same bytes are equal."""

    digest: str
    path: Path = field(compare=False)

    @classmethod
    def at(cls, path: Path) -> "SoundFile":
        """The file as it is now. Raises `OSError` where it cannot be read."""
        return cls(_digest(path.read_bytes()), path.absolute())

    def sound(self) -> Sound:
        """All of it. Raises `VoiceError` where it is not what it was, or cannot be decoded."""
        from audio.voices.sound_files import (
            read_sound,
        )  # here: numpy and soundfile, 250 ms

        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise VoiceError(f"{self.path} cannot be read: {error.strerror}") from error
        if _digest(data) != self.digest:
            raise VoiceError(f"{self.path} was changed meanwhile; render again")
        return read_sound(data)


@dataclass(frozen=True)
class Recording:
    """A voice that says one utterance: a part of a file."""

    name: str
    """`recording:`, then the file's place in the folder."""
    file: SoundFile
    start_ms: int
    end_ms: int
    engine: Engine = RECORDING

    @property
    def fingerprint(self) -> str:
        """A hash of the file, and the part of it: a changed recording is rendered again."""
        return f"recording {self.file.digest} {self.start_ms} {self.end_ms}"

    def say(self, text: str) -> Sound:
        """The part, whatever the text."""
        whole = self.file.sound()
        start = self.start_ms * whole.rate // 1000
        end = self.end_ms * whole.rate // 1000
        return heard(whole.samples[start:end], whole.rate)


def sentence_parts(file: SoundFile, sizes: Sequence[int]) -> Parts | Unusable:
    """Where a recording's sentences are; `sizes` are their lengths in characters, as spoken.

    Without sizes, only whether the recording can be used at all.
    """
    try:
        return _sentence_parts(file, tuple(sizes))
    except VoiceUnavailable as error:  # not remembered: the machine may have been busy
        return Unusable(f"this cannot be used: {error}", RECORD_AGAIN)


@lru_cache(MOST_KNOWN)
def _sentence_parts(file: SoundFile, sizes: tuple[int, ...]) -> Parts | Unusable:
    from audio.voices.pauses import Unclear, parts  # it takes 100 ms to load

    try:
        whole = file.sound()
        sound = heard(whole.samples, whole.rate)
        if not sizes:
            return ()
        return parts(sound, list(sizes))
    except VoiceUnavailable:
        raise
    except VoiceError as error:
        return Unusable(f"this cannot be used: {error}", RECORD_AGAIN)
    except Unclear as error:
        mend = "record it again with a full second between sentences, and none within"
        return Unusable(str(error), mend)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=8).hexdigest()
