"""What of a call is counted: worked out from where the caller was, what happened, and the reply.

About a hang-up, nothing is known here except how long the call was. So a caller who comes into a
section counts as one who stops there until they go on, and a call as silent until its first key.
What is taken back counts in the hour of the step that the caller leaves, which is in its URL. For a
silent call that is a later step than the one that counted it, if the line had to ask again: so over
midnight, a day may have one silent call too many, and the next one too few.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from ivr.call import scene
from ivr.call.scene import Outcome, Reply, Silence, Start
from ivr.call.steps import (
    Goodbye,
    Helplines,
    Menu,
    OneHelpline,
    Reading,
    Step,
    Transfer,
    Unreached,
    url_of,
)
from ivr.call.transfers import Result, result_of
from ivr.callers.events import Event, Happened, Kind, length
from ivr.edition.edition import Edition


@dataclass(frozen=True)
class Turn:
    """Something happened to a caller at a step, and the line answered."""

    edition: Edition
    step: Step
    event: scene.Event
    reply: Reply
    now: datetime
    """Aware."""

    @property
    def arrived(self) -> Step:
        """Where the caller is now."""
        return self.reply.step

    @property
    def is_cut_short(self) -> bool:
        """Whether the line hangs up although the caller was on the way to more: their time is
        over."""
        return self.reply.last and not isinstance(self.arrived, Goodbye)

    @property
    def name(self) -> str:
        """The same for a webhook that comes again, and for no other of the call: a step has the
        moment at which it was said in its URL, and one thing happens there."""
        if isinstance(self.event, Start):
            return "begins"
        return url_of(self.edition.id, self.step)

    def count(
        self, event: Event, once: str = "", said: Step | None = None, times: int = 1
    ) -> Happened:
        """An event of this moment, or of that at which a step was said, if it was."""
        at = self.now
        if said and said.at:
            at = datetime.fromtimestamp(said.at / 1000, UTC)
        zone = ZoneInfo(self.edition.content.timezone)
        return Happened(event, at.astimezone(zone), once, times)


def happened(turn: Turn) -> Iterator[Happened]:
    """What is counted of a turn."""
    yield from _of_the_call(turn)
    yield from _stopped(turn)
    yield from _read(turn)
    yield from _of_helplines(turn)


def over(seconds: int, at: datetime) -> Happened:
    """A call is over, after so long: each begun minute counts."""
    return Happened(Event(Kind.ENDED, minutes=-(-seconds // 60)), at)


def _of_the_call(turn: Turn) -> Iterator[Happened]:
    """It begins, and is silent until the first key."""
    silent = Event(Kind.SILENT)
    if isinstance(turn.event, Start):
        yield turn.count(Event(Kind.CALL))
        yield turn.count(silent, said=turn.arrived)
    elif not isinstance(turn.event, Silence):
        yield turn.count(silent, "is not silent", said=turn.step, times=-1)


# What is read


def _stopped(turn: Turn) -> Iterator[Happened]:
    """Where the caller would stop, if nothing else came. Going to the menu leaves the article."""
    if turn.is_cut_short:
        return
    before, now = _stop(turn.step), _stop(turn.arrived)
    if before and not isinstance(turn.arrived, Menu | Goodbye):
        yield turn.count(before, said=turn.step, times=-1)
    if now:
        yield turn.count(now, said=turn.arrived)


def _stop(step: Step) -> Event | None:
    """The section that a caller is in, even while they are in the contents or with a helpline."""
    place = step.bookmark
    if place is None or not step.reading:
        return None
    return Event(Kind.STOPPED, step.language, place.article, place.section)


def _read(turn: Turn) -> Iterator[Happened]:
    """A section was heard to its end, another speed was chosen, a section was begun. A section and
    a language count once per call, however often the caller comes back to them."""
    step, arrived = turn.step, turn.arrived
    if type(step) is Reading and isinstance(turn.event, Silence):
        yield _of_section(turn, Kind.HEARD, step)
    if isinstance(step, Reading) and arrived.speed != step.speed:
        yield turn.count(Event(Kind.SPEED, subject=f"{arrived.speed:g}"))
    if type(arrived) is Reading and not turn.is_cut_short:
        language = arrived.language
        yield turn.count(Event(Kind.LANGUAGE, language), f"language {language}")
        yield _of_section(turn, Kind.BEGUN, arrived)


def _of_section(turn: Turn, kind: Kind, step: Reading) -> Happened:
    event = Event(kind, step.language, step.article, step.section)
    return turn.count(event, f"{kind} {step.language} {step.article} {step.section}")


# Helplines


def _of_helplines(turn: Turn) -> Iterator[Happened]:
    step, arrived = turn.step, turn.arrived
    if type(step) is Helplines and type(arrived) is OneHelpline:
        yield turn.count(Event(Kind.CHOSEN, subject=arrived.helpline))
    if isinstance(arrived, OneHelpline) and _is_number_said(turn, arrived):
        number = Event(Kind.NUMBER, subject=arrived.helpline)
        yield turn.count(number, f"number {arrived.helpline}")
    if isinstance(step, Transfer) and isinstance(turn.event, Outcome):
        yield from _transfer(turn, step, turn.event)


def _is_number_said(turn: Turn, step: OneHelpline) -> bool:
    """Whether a helpline's number is said, in either way."""
    language = turn.edition.content.languages[step.language]
    helpline = language.helpline[step.helpline]
    says = turn.reply.says
    return helpline.number in says or set(helpline.spelled) <= set(says)


def _transfer(turn: Turn, step: Transfer, outcome: Outcome) -> Iterator[Happened]:
    """How a transfer ended. If the caller did not wait, it does not count."""
    arrived = turn.arrived
    if isinstance(arrived, Unreached):
        yield turn.count(Event(Kind(arrived.reason), subject=step.helpline))
    match result_of(outcome, turn.edition.content.short_transfer_seconds):
        case Result.DOUBTFUL:
            yield turn.count(Event(Kind.DOUBTFUL, subject=step.helpline))
        case Result.PUT_THROUGH:
            yield turn.count(Event(Kind.ANSWERED, subject=step.helpline))
            if outcome.seconds is not None:
                yield turn.count(Event(Kind.LASTED, subject=length(outcome.seconds)))
