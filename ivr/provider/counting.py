"""What of a call is counted: worked out from where the caller was, what happened, and the reply.

Each thing has a name within the call, the same for a webhook that comes again. Of hang-ups nothing
is known here but how long the call was.
"""

from collections.abc import Iterator
from dataclasses import dataclass

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
from ivr.callers.events import Event, Kind, length
from ivr.edition.edition import Edition


@dataclass(frozen=True)
class Happened:
    """Something to be counted."""

    event: Event
    once: str
    """Its name within the call."""


def happened(
    edition: Edition, step: Step, event: scene.Event, reply: Reply
) -> Iterator[Happened]:
    """What is counted when `event` happens to a caller at `step`, whom `reply` answers."""
    if isinstance(event, Start):
        yield Happened(Event(Kind.CALL), "call")
    if isinstance(step, Reading):
        yield from _in_the_article(edition, step, event, reply.step)
    if type(reply.step) is Reading:
        yield from _begun(reply.step)
    if type(step) is Helplines and type(reply.step) is OneHelpline:
        chosen = Event(Kind.CHOSEN, subject=reply.step.helpline)
        yield Happened(chosen, f"chosen {url_of(edition.id, step)}")
    if isinstance(reply.step, OneHelpline):
        yield from _number(edition, reply.step, reply)
    if isinstance(step, Transfer) and isinstance(event, Outcome):
        yield from _transfer(edition, step, event, reply.step)


def over(seconds: int) -> Happened:
    """A call is over, after so long: each begun minute counts."""
    return Happened(Event(Kind.ENDED, minutes=-(-seconds // 60)), "ended")


def _begun(step: Reading) -> Iterator[Happened]:
    """A section and a language, each once a call however often the caller comes back to it."""
    language = step.language
    yield Happened(Event(Kind.LANGUAGE, language), f"language {language}")
    yield _of_section(Kind.BEGUN, step)


def _in_the_article(
    edition: Edition, step: Reading, event: scene.Event, arrived: Step
) -> Iterator[Happened]:
    """The end was heard, the article was left, or another speed was chosen."""
    if type(step) is Reading and isinstance(event, Silence):
        yield _of_section(Kind.HEARD, step)
    if isinstance(arrived, Menu | Goodbye):
        yield _of_section(Kind.STOPPED, step)
    if arrived.speed != step.speed:
        speed = Event(Kind.SPEED, subject=f"{arrived.speed:g}")
        yield Happened(speed, f"speed {url_of(edition.id, step)}")


def _of_section(kind: Kind, step: Reading) -> Happened:
    event = Event(kind, step.language, step.article, step.section)
    return Happened(event, f"{kind} {step.language} {step.article} {step.section}")


def _number(edition: Edition, step: OneHelpline, reply: Reply) -> Iterator[Happened]:
    """A helpline's number is said, in either way: once a call."""
    helpline = edition.content.languages[step.language].helpline[step.helpline]
    slowly = set(helpline.spelled) <= set(reply.says)
    if helpline.number in reply.says or slowly:
        number = Event(Kind.NUMBER, subject=step.helpline)
        yield Happened(number, f"number {step.helpline}")


def _transfer(
    edition: Edition, step: Transfer, outcome: Outcome, arrived: Step
) -> Iterator[Happened]:
    """How a transfer ended. One that may have reached nobody counts as nothing."""
    tried = url_of(edition.id, step)
    if isinstance(arrived, Unreached):
        event = Event(Kind(arrived.reason), subject=step.helpline)
        yield Happened(event, f"outcome {tried}")
    result = result_of(outcome, edition.content.short_transfer_seconds)
    if result is not Result.PUT_THROUGH:
        return
    answered = Event(Kind.ANSWERED, subject=step.helpline)
    yield Happened(answered, f"outcome {tried}")
    if outcome.seconds is not None:
        lasted = Event(Kind.LASTED, subject=length(outcome.seconds))
        yield Happened(lasted, f"lasted {tried}")
