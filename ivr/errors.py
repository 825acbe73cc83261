"""Every error that the project raises on purpose: one tree, seen at a glance.

    LineError
    ├── SettingError            a setting is missing or malformed
    ├── StoreError              the store holds no such edition
    ├── NoSuchStep              a URL names no step of its edition
    ├── ContentError            the content has faults, each with its file and line
    ├── ChangeRefused           a change would leave the content faulty
    ├── ChangeConflict          somebody else changed the same thing meanwhile
    ├── ImportingError          no article can be made of what was given
    ├── VoiceError              a voice is unknown, not installed, or failed
    │   └── VoiceUnavailable    no use asking this voice for anything now (retryable)
    ├── RenderError             some utterances have no clips
    ├── ClipError               what a voice said is not fit to be heard
    ├── WorkersError            nobody is there to render (retryable)
    ├── ListenError             the recogniser is missing, or did not hear a sentence
    └── PhoneError              the line answered in a way that a provider could not use

A message says what happened, where, and what to do, in the reader's words.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar


class LineError(Exception):
    """Anything this project raises on purpose; commands print it and exit with 1."""

    retryable: ClassVar[bool] = False
    """Whether the same request may succeed later, with nothing changed by the reader."""


class SettingError(LineError):
    """A setting is missing or malformed. Set the variables it names, then start again."""


class StoreError(LineError):
    """The store holds no such edition, or none that can be read.

    Publish one with `scripts/render_audio.py`.
    """


class NoSuchStep(LineError):
    """A URL names no step of its edition. The call starts again in the live one."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to mend in a file of the content folder."""

    file: str
    """As shown to the person who mends it: relative to the current folder if it is inside."""
    line: int
    """Counted from 1; 0 where the fault is the whole file's."""
    what: str
    mend: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.what}; {self.mend}"


class ContentError(LineError):
    """The content has faults, so nothing is made of it.

    Mend each of `faults`; `scripts/check_content.py` lists them again.
    """

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class ChangeRefused(LineError):
    """The content check refuses a change, so nothing was written. Mend it, and save again."""

    def __init__(self, by_field: Mapping[str, list[str]]) -> None:
        every = [message for messages in by_field.values() for message in messages]
        super().__init__("\n".join(every))
        self.by_field = by_field
        """What is wrong, and how to mend it; under `""` what concerns no field."""


class ChangeConflict(LineError):
    """Somebody else changed the same thing meanwhile, so nothing was written."""

    def __init__(self, now: dict[str, str] | None) -> None:
        super().__init__("somebody else changed this meanwhile")
        self.now = now
        """The thing's fields as they are by now; None where it was removed."""


class ImportingError(LineError):
    """No article can be made of what was given, so nothing is written. It says what to do."""


class VoiceError(LineError):
    """A voice is unknown, not installed, or failed. Install it, or name another."""


class VoiceUnavailable(VoiceError):
    """A voice over the network cannot be reached, or refuses: no other text will succeed now.

    Wait, mend the network, or use another voice; what it gave before is kept.
    """

    retryable = True


class RenderError(LineError):
    """Some utterances have no clips, so nothing was published; what was made is kept.

    Mend the text or its pronunciation, or the voice, then render again.
    """


class ClipError(LineError):
    """What a voice said, twice, is not fit to be heard.

    Listen to it; mend the text, or render with another voice.
    """


class WorkersError(LineError):
    """There is nobody to work. Start the scheduler and its workers, or work on this machine."""

    retryable = True


class ListenError(LineError):
    """The recogniser is not installed, or it did not hear what should be said.

    Listen to the sentences that are named, and mend the text, its pronunciation or its
    recording; or publish without `--listen`.
    """


class PhoneError(LineError):
    """The line answered in a way that a provider could not use."""
