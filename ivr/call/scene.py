"""What happens in a call: what a caller does, what the line does next, and the scenes between."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from ivr.call.opening import is_open
from ivr.call.steps import Step
from ivr.edition.content import Article, Helpline, Language, Prompts
from ivr.edition.edition import SAMPLES_PER_MS, Edition

GUESSED_MS_PER_WORD = 400
"""For an utterance without a clip, which `<Say>` will speak at a speed we do not know."""


@dataclass(frozen=True)
class Start:
    """A call begins."""


@dataclass(frozen=True)
class Pressed:
    """A key was pressed; anything that is not one of the twelve is a wrong key."""

    key: str


@dataclass(frozen=True)
class Silence:
    """Everything was said, and no key came."""


@dataclass(frozen=True)
class Outcome:
    """A transfer ended, in the provider's words (`DialCallStatus`)."""

    status: str


@dataclass(frozen=True)
class Lost:
    """The caller's step is not in any edition we have."""


@dataclass(frozen=True)
class Trouble:
    """The line itself failed."""


Event = Start | Pressed | Silence | Outcome | Lost | Trouble


@dataclass(frozen=True)
class Reply:
    """What the line does next."""

    step: Step
    """Where the caller is now: takes their keys, and their silence."""
    says: tuple[str, ...]
    """Utterances, in order."""
    wait_s: int
    """How long it listens when all is said, in seconds."""
    dial: Helpline | None = None
    """Whom it then puts the caller through to."""
    last: bool = False
    """Whether it then hangs up."""


@dataclass(frozen=True)
class Go:
    """A move to a step, with what is said before the step's own words."""

    step: Step
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class Scene:
    """What a step says, and where each key leads. The step's whole behaviour, as data."""

    says: tuple[str, ...]
    keys: Mapping[str, Go]
    """Zero need not be here: it leads to the helplines from anywhere."""
    again: tuple[str, ...] | None = None
    """A shorter form, said after silence or where the step is `short`."""
    waits_s: Sequence[int] = (6, 10, 15)
    """How long each silence may last, in seconds: more time each time (WCAG 2.2.1)."""
    silence: Go | None = None
    """Where silence leads; without it the step says its words again, then warns, then ends."""
    warn: tuple[str, ...] = ()
    """Said before `again` the last time; any key while it is said keeps the call."""
    dial: Helpline | None = None
    last: bool = False


@dataclass(frozen=True)
class Call:
    """What a scene is made from: an edition, the moment, and whose step it is."""

    edition: Edition
    now: datetime
    """Aware; any zone."""
    step: Step

    @property
    def words(self) -> Language:
        """All that is said in the step's language."""
        return self.edition.content.languages[self.step.language]

    @property
    def prompts(self) -> Prompts:
        """The line's phrases in the step's language."""
        return self.words.prompts

    @property
    def elapsed_ms(self) -> float:
        """How long ago the step's words began to be heard; negative before they do."""
        return self.now.timestamp() * 1000 - self.step.at

    def ms(self, utterance: str) -> float:
        """How long an utterance takes at the step's speed."""
        spoken = self.edition.clips[self.step.language].get(utterance)
        if spoken is None:
            return len(utterance.split()) * GUESSED_MS_PER_WORD
        speed = self.edition.content.speeds.index(self.step.said_at)
        return spoken.lengths[speed] / SAMPLES_PER_MS

    def sentences_ms(self, article: Article, section: int) -> list[float]:
        """How long each sentence of a section takes."""
        return [self.ms(sentence) for sentence in article.sections[section - 1].sentences]

    def open_first(self, at: int | None = None) -> list[tuple[Helpline, bool]]:
        """The helplines, each with whether it was open when the step's words began (or at
        another moment `at`, in ms); those that were come first."""
        then = datetime.fromtimestamp((at or self.step.at) / 1000, UTC)
        zone = self.edition.content.timezone
        known = [(helpline, is_open(helpline, then, zone)) for helpline in self.words.helplines]
        return sorted(known, key=lambda each: not each[1])
