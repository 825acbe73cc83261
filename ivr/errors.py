"""Every error that the project raises on purpose: one tree, seen at a glance.

    LineError
    ├── SettingError            a setting is missing or malformed
    ├── StoreError              the store does not have this edition
    ├── DatabaseError           the database is of another version, not set up, or busy
    ├── PeriodError             what should name a period does not
    ├── NoSuchStep              a URL does not name a step of its edition
    ├── ContentError            the content has faults, each with its file and line
    ├── ChangeRefused           a change would leave the content faulty
    ├── ChangeConflict          somebody else changed the same thing in the meantime
    ├── ImportingError          what was given cannot be made into an article
    ├── TooMuch                 what was sent takes too long to read, or too much memory
    ├── VoiceError              a voice is unknown, not installed, or failed
    │   └── VoiceUnavailable    the voice cannot be asked for anything now
    ├── RenderError             some utterances have no clips
    ├── ClipError               what a voice said is not fit to be heard
    ├── WorkersError            there are no workers to render
    ├── ListenError             the recogniser is missing, or did not hear an utterance
    ├── BackupError             a backup cannot be made, or is damaged
    ├── ProviderError           the provider's REST API refused, or cannot be reached
    └── PhoneError              the line sent an answer that a provider could not use

A message says what happened, where, and what to do, in the reader's words.
"""

from collections.abc import Mapping
from dataclasses import dataclass

ByField = Mapping[str, list[str]]
"""What is wrong with the fields of a form, by their names; under `""` what concerns no field."""


class LineError(Exception):
    """Anything that this project raises on purpose. Commands print it and exit with 1."""


class SettingError(LineError):
    """A setting is missing or malformed. Set the variables that it names, then start again."""


class StoreError(LineError):
    """The store does not have this edition, or has none that can be read.

    Publish one with `scripts/render_audio.py`.
    """


class DatabaseError(LineError):
    """The database is of another version, is not set up, or cannot be read now.

    The message says what to do; mostly: run `scripts/database.py upgrade`, or try again.
    """


class PeriodError(LineError):
    """What should name a day, a week, a month or a year does not. The message shows each form."""


class NoSuchStep(LineError):
    """A URL does not name a step of its edition. The call starts again in the live edition."""


@dataclass(frozen=True, order=True)
class Fault:
    """One thing to mend in a file of the content folder."""

    file: str
    """As shown to the person who mends it: relative to the current folder, if it is inside it."""
    line: int
    """Counted from 1; 0 where the fault belongs to the whole file."""
    what: str
    mend: str

    def __str__(self) -> str:
        where = self.file
        if self.line:
            where = f"{self.file}:{self.line}"
        return f"{where}: {self.what}; {self.mend}"


class ContentError(LineError):
    """The content has faults, so nothing is made from it.

    Mend each of `faults`. `scripts/check_content.py` lists them again.
    """

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


class ChangeRefused(LineError):
    """The content check refused a change, so nothing was written. Mend it, and save again."""

    def __init__(self, by_field: ByField, may_overrule: bool = False) -> None:
        every: list[str] = []
        for messages in by_field.values():
            every += messages
        super().__init__("\n".join(every))
        self.by_field = by_field
        """What is wrong with each field, and how to mend it; under `""`, what belongs to none."""
        self.may_overrule = may_overrule
        """Whether staff may overrule some of it by writing why."""


class ChangeConflict(LineError):
    """Somebody else changed the same thing in the meantime, so nothing was written."""

    def __init__(self, now: dict[str, str] | None) -> None:
        super().__init__("somebody else changed this in the meantime")
        self.now = now
        """The thing's fields as they are now; None where it was removed."""


class ImportingError(LineError):
    """What was given cannot be made into an article, so nothing was written. It says what to do."""


class TooMuch(LineError):
    """What somebody sent takes too long to read, or too much memory. Send something simpler."""

    def __init__(self) -> None:
        super().__init__("it takes too long to read, or too much memory")


class VoiceError(LineError):
    """A voice is unknown, not installed, or failed. Install it, or name another."""


class VoiceUnavailable(VoiceError):
    """A voice on the network cannot be reached, or refuses: no other text will succeed now.

    Wait, mend the network, or use another voice. What it has already said is kept.
    """


class RenderError(LineError):
    """Some utterances have no clips, so nothing was published. What was made is kept.

    Mend the text, its pronunciation or the voice, then render again.
    """


class ClipError(LineError):
    """What a voice said is not fit to be heard, even at a second attempt.

    Listen to it. Mend the text, or render with another voice.
    """


class WorkersError(LineError):
    """There are no workers. Start the scheduler and its workers, or render on this machine."""


class ListenError(LineError):
    """The recogniser is not installed, or it did not hear what should have been said.

    Listen to the utterances that it names. Mend the text, its pronunciation or its recording, or
    publish without `--listen`.
    """


class BackupError(LineError):
    """A backup cannot be made, or cannot be restored. Nothing was changed."""


class ProviderError(LineError):
    """The provider's REST API refused something, or cannot be reached. The message says which."""


class PhoneError(LineError):
    """The line sent an answer that a provider could not use."""
