"""A person's voice: says the part of a recording that holds an utterance."""

from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import NamedTuple

from audio.voices.voice import Engine, Sound, heard
from ivr.errors import VoiceError

RECORDING = Engine(
    name="recording",
    licence="the speaker's",
    install="put the file into the folder `recordings`",
    is_anywhere=False,  # it is a file of this machine
    by_a_person=True,
)

Parts = tuple[tuple[int, int], ...]
"""Each sentence's start and end in a recording, in ms."""


class Unusable(NamedTuple):
    """Why a recording is of no use, and how to mend it."""

    what: str
    mend: str


KNOWN: dict[tuple[str, tuple[int, ...]], Parts | Unusable] = {}
"""What was found in recordings, by digest and the sentences' sizes: a server looks at them again
and again, and a long one takes seconds."""


MOST_KNOWN = 10_000


@dataclass(frozen=True)
class Recording:
    """A voice that says one utterance: a part of a file."""

    name: str
    """`recording:`, then the file's place in the folder."""
    fingerprint: str
    """A hash of the file and the part of it: a changed recording is rendered again."""
    path: Path
    digest: str
    start_ms: int
    end_ms: int

    @property
    def engine(self) -> Engine:
        """A person."""
        return RECORDING

    def say(self, text: str) -> Sound:
        """The part, whatever the text."""
        from audio.voices.sound_files import read_sound  # here: numpy and soundfile, 250 ms

        try:
            data = self.path.read_bytes()
        except OSError as error:
            raise VoiceError(f"{self.path} cannot be read: {error.strerror}") from error
        if _digest(data) != self.digest:
            raise VoiceError(f"{self.path} was changed meanwhile; render again")
        whole = read_sound(data)
        start, end = (ms * whole.rate // 1000 for ms in (self.start_ms, self.end_ms))
        return heard(whole.samples[start:end], whole.rate)


def _found(data: bytes, sizes: tuple[int, ...]) -> Parts | Unusable:
    from audio.voices.pauses import Unclear, parts
    from audio.voices.sound_files import read_sound  # here: with pydub, 400 ms

    try:
        whole = read_sound(data)
        sound = heard(whole.samples, whole.rate)
        return parts(sound, list(sizes)) if sizes else ()
    except VoiceError as error:
        mend = "record or save it again, as WAV, MP3, FLAC or Ogg"
        return Unusable(f"this cannot be used: {error}", mend)
    except Unclear as error:
        mend = "record it again with a full second between sentences, and none within"
        return Unusable(str(error), mend)


def _digest(data: bytes) -> str:
    return blake2b(data, digest_size=8).hexdigest()
