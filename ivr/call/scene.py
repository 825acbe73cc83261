"""What a caller does (events), what the line does next (replies), and the scenes between them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from ivr.call.opening import Opening, opening
from ivr.call.position import START_UP_MS
from ivr.call.steps import MOST_MISHEARD, Place, Step
from ivr.edition.content import Helpline, Language, Prompts, Section
from ivr.edition.edition import SAMPLES_PER_MS, Edition
from ivr.edition.vocabulary import Vocabulary, Wishes

GUESSED_MS_PER_WORD = 400
"""For an utterance without a clip: how fast the provider's own voice speaks is not known."""


@dataclass(frozen=True)
class LeftOff:
    """Where a caller was in an earlier call, and how they listened. The edition may be another."""

    language: str
    speed: float
    place: Place
    sentence: str
    """The digest of the sentence they were in (`returning.digest`)."""
    heading: str
    """The digest of its section's heading."""


@dataclass(frozen=True)
class Start:
    """A call begins."""

    left_off: LeftOff | None = None
    """What is remembered about the caller; None if they are new or unknown."""


@dataclass(frozen=True)
class Pressed:
    """A key was pressed."""

    keys: str
    """The key; where several arrive at once, all of them: the first that the step knows counts.
    Anything that is not one of the twelve is a wrong key."""


@dataclass(frozen=True)
class Spoken:
    """The caller said something instead of pressing a key."""

    words: str = field(repr=False)  # so that no log ever has them
    """As the provider's recogniser wrote them down; empty if it heard a voice but no words."""


@dataclass(frozen=True)
class KeyLost:
    """A key was pressed, but which one was lost on the way."""


@dataclass(frozen=True)
class Silence:
    """Everything was said, and no key came."""


@dataclass(frozen=True)
class Outcome:
    """A transfer ended, in the provider's words."""

    status: str
    """`DialCallStatus`; empty where it was lost on the way."""
    bridged: bool | None = None
    """`DialBridged`: whether the helpline and the caller were joined; None where the provider does
    not say."""
    seconds: int | None = None
    """`DialCallDuration`: how long the helpline's side lasted; None where it does not say."""


@dataclass(frozen=True)
class Texted:
    """The line was to text the caller a number, and has asked them to wait a moment."""

    taken: bool | None
    """Whether the provider took the text; None where nobody knows yet."""


@dataclass(frozen=True)
class Lost:
    """The caller's step is in none of the editions that are kept."""


@dataclass(frozen=True)
class Trouble:
    """The line itself failed."""


Event = Start | Pressed | Spoken | KeyLost | Silence | Outcome | Texted | Lost | Trouble


@dataclass(frozen=True)
class Abilities:
    """What the caller's provider and telephone keep of what the line may promise."""

    star_ends_dial: bool = True
    """Whether star ends the conversation with a helpline, and brings the caller back."""
    speech: bool = True
    """Whether what a caller says can be recognised."""
    remembers: bool = True
    """Whether the line can recognise this caller, and so remembers where they left off."""
    text: bool = True
    """Whether a text message can be sent to the caller's telephone."""


EVERY_ABILITY = Abilities()


@dataclass(frozen=True)
class Limits:
    """How much a call may take; 0 is no limit."""

    longest_s: int = 0
    """How long it may last, in seconds; an announcement or a transfer may go beyond it."""
    transfers: int = 0
    """How often it may put its caller through."""


NO_LIMITS = Limits()

NO_WISHES = Wishes()


@dataclass(frozen=True)
class Reply:
    """What the line does next."""

    step: Step
    """Where the caller is now: takes their keys, and their silence."""
    says: tuple[str, ...]
    """Utterances, in order."""
    wait_s: int
    """How long it listens when all is said, in seconds; 0 if it does not listen at all."""
    hints: tuple[str, ...] = ()
    """What the caller may say, for the recogniser; empty where they can only press keys."""
    dial: Helpline | None = None
    """Whom it then puts the caller through to."""
    last: bool = False
    """Whether it then hangs up."""
    forget: bool = False
    """Whether everything remembered about the caller is to be forgotten now."""
    text: Helpline | None = None
    """The helpline whose number is texted to the caller meanwhile: once per call, however often
    this is said."""


@dataclass(frozen=True)
class Go:
    """A move to a step, with what is said before the step's own words."""

    step: Step
    before: tuple[str, ...] = ()
    forget: bool = False
    """As in `Reply`."""


Way = Callable[[], Go]
"""Works out a move when it is made."""


class Moves(Mapping[str, Go]):
    """Where many keys lead, each worked out when it is asked for: a caller presses one of them, and
    while the reply is made that takes them to the step, nobody asks for any."""

    def __init__(self, ways: Callable[[], Mapping[str, Way]]) -> None:
        self._find = ways

    @cached_property
    def ways(self) -> Mapping[str, Way]:
        """What works each of them out."""
        return self._find()

    def __getitem__(self, key: str) -> Go:
        return self.ways[key]()

    def __contains__(self, key: object) -> bool:
        return key in self.ways

    def __iter__(self) -> Iterator[str]:
        return iter(self.ways)

    def __len__(self) -> int:
        return len(self.ways)


@dataclass(frozen=True)
class Scene:
    """What a step says and where each key leads: the whole behaviour of a step, as data."""

    says: tuple[str, ...]
    keys: Mapping[str, Go]
    """Zero need not be here: it leads to the helplines from anywhere."""
    may_say: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """For each key, the words with which a caller may choose it, the clearest first. Besides these,
    every key has its own name, and what may be said anywhere need not be here."""
    again: tuple[str, ...] | None = None
    """A shorter form, said after silence or where the step is `short`."""
    waits_s: Sequence[int] = (6, 10, 15)
    """How long each silence may last, in seconds: more time each time (WCAG 2.2.1)."""
    silence: Way | None = None
    """Where silence leads; without it the step says its words again, then warns, then ends."""
    stay: Way | None = None
    """Where a lost key leads; without it the step says its words again, as they were."""
    warn: tuple[str, ...] = ()
    """Said before `again` the last time; any key while it is said keeps the call."""
    dial: Helpline | None = None
    """Whom the caller is then put through to."""
    last: bool = False
    """Whether the line then hangs up."""
    text: Helpline | None = None
    """The helpline whose number is texted to the caller meanwhile."""


@dataclass(frozen=True)
class Call:
    """What a scene is made from: an edition, the moment, and whose step it is."""

    edition: Edition
    now: datetime
    """Aware; any zone."""
    step: Step
    start_up_ms: int = START_UP_MS
    """From sending a reply until its first sound is heard."""
    abilities: Abilities = EVERY_ABILITY
    """What the provider and the telephone keep of what may be promised."""
    limits: Limits = NO_LIMITS

    @property
    def now_ms(self) -> int:
        """The moment, in ms since 1970, UTC."""
        return round(self.now.timestamp() * 1000)

    @property
    def words(self) -> Language:
        """All that is said in the step's language."""
        return self.edition.content.languages[self.step.language]

    @property
    def prompts(self) -> Prompts:
        """The line's phrases in the step's language."""
        return self.words.prompts

    @property
    def wishes(self) -> Wishes:
        """What a caller may say; nothing if the line has no speech."""
        if self.words.vocabulary is None:
            return NO_WISHES
        return self.words.vocabulary.wishes

    @property
    def vocabulary(self) -> Vocabulary | None:
        """What the caller may say at this step; None where they can only press keys."""
        is_in_vain = self.step.misheard >= MOST_MISHEARD
        if is_in_vain or not (self.step.listens and self.abilities.speech):
            return None
        return self.words.vocabulary

    def offered(self, utterances: Iterable[str]) -> tuple[str, ...]:
        """These utterances as they are said here: "say or press" where the caller may speak."""
        if self.vocabulary is None:
            return tuple(utterances)
        other_form = self.words.say_or_press
        return tuple(other_form.get(utterance, utterance) for utterance in utterances)

    @property
    def notice(self) -> tuple[str, ...]:
        """The notice, from its beginning until its end; afterwards nobody has to take it away."""
        notice = self.words.notice
        if notice is None:
            return ()
        zone = ZoneInfo(self.edition.content.timezone)
        begins = notice.begins.replace(tzinfo=zone)
        ends = notice.ends.replace(tzinfo=zone)
        if begins <= self.now.astimezone(UTC) < ends:
            return (notice.text,)
        return ()

    @property
    def elapsed_ms(self) -> float:
        """How long ago the step's words began to be heard; negative before they do."""
        return self.now.timestamp() * 1000 - self.step.at

    @property
    def in_lead(self) -> bool:
        """Whether what is said before the step's words is not over yet."""
        return self.step.lead > 0 and self.elapsed_ms < 0

    @property
    def is_unheard(self) -> bool:
        """Whether nothing of the reply is heard yet: the key answers what was heard before."""
        return self.elapsed_ms < -self.step.lead

    def ms(self, utterance: str) -> float:
        """How long an utterance takes at the step's speed."""
        spoken = self.edition.spoken(utterance, self.step.language)
        if spoken is None:
            return len(utterance.split()) * GUESSED_MS_PER_WORD
        speed = self.edition.content.speeds.index(self.step.said_at)
        return spoken.lengths[speed] / SAMPLES_PER_MS

    def total_ms(self, utterances: Iterable[str]) -> float:
        """How long several utterances take, one after the other."""
        return sum(self.ms(utterance) for utterance in utterances)

    def sentences_ms(self, section: Section) -> list[float]:
        """How long each sentence of a section takes."""
        return [self.ms(sentence) for sentence in section.sentences]

    def opening(self, helpline: Helpline, at: int | None = None) -> Opening:
        """Whether a helpline was open when the step's words began, or at another moment `at`
        (ms since 1970, UTC)."""
        then = datetime.fromtimestamp((at or self.step.at) / 1000, UTC)
        return opening(helpline, then, self.edition.content)

    def open_first(self, at: int | None = None) -> list[tuple[Helpline, bool]]:
        """The helplines, each with whether it was open then (see `opening`); those that were
        come first."""
        open_ones = []
        closed_ones = []
        for helpline in self.words.helplines:
            if self.opening(helpline, at).is_open:
                open_ones.append((helpline, True))
            else:
                closed_ones.append((helpline, False))
        return open_ones + closed_ones
