"""Every step that a call can reach, by whatever may happen at each."""

from collections import deque
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache, cached_property

from hypothesis import settings

from ivr.call import flow
from ivr.call.position import START_UP_MS
from ivr.call.scene import (
    EVERY_ABILITY,
    Abilities,
    Event,
    KeyLost,
    Lost,
    Outcome,
    Pressed,
    Reply,
    Silence,
    Spoken,
    Start,
    Texted,
    Trouble,
)
from ivr.call.steps import Step
from ivr.edition.content import KEYS
from ivr.edition.edition import Edition
from tests.support.small import NOON, article, bilingual, edition, helpline

OUTCOMES = ("completed", "busy", "no-answer", "failed", "canceled", "x")

WRONG_KEYS = ("12", "A", "", "１")

EVENTS: tuple[Event, ...] = (
    *(Pressed(key) for key in (*KEYS, *WRONG_KEYS)),
    *(Outcome(status) for status in OUTCOMES),
    KeyLost(),
    Spoken("one"),
    Outcome("completed", bridged=False),
    *(Texted(taken) for taken in (True, False, None)),
    Silence(),
    Lost(),
    Trouble(),
)


FARTHEST = 5
if settings.get_current_profile_name() == "thorough":
    FARTHEST = 99
if settings.get_current_profile_name() == "quick":
    FARTHEST = 4
"""How many events away a step may be: 538 steps of one language, of every kind. Those farther away
differ only in what was done before; the profile `thorough` looks at them, too."""


SAID = (
    "two",
    "code",
    "go back",
    "yes",
    "put me through",
    "call them the number",
    "heading",
    "repeat",
    "forget me",
    "mumble",
    "",
)
"""What may be understood, or may not; at a helpline, and in the contents, one of each may mean two
things."""

AND_WORDS = (*EVENTS, *map(Spoken, SAID))
"""For a line that has speech."""


def every_reply(
    edition: Edition,
    depth: int = FARTHEST,
    events: tuple[Event, ...] = EVENTS,
    abilities: Abilities = EVERY_ABILITY,
) -> dict[Step, Reply]:
    """Each step, without its moment, with the reply that first led there.

    Those that are `depth` events away at most.
    """
    first = flow.answer(edition, flow.first_step(edition), Start(), NOON)
    found = {without_moment(first.step): first}
    todo = deque([(first, 0)])
    while todo:
        reply, far = todo.popleft()
        if far == depth:
            continue
        for event in events:
            now = NOON + timedelta(seconds=9)
            after = flow.answer(edition, reply.step, event, now, START_UP_MS, abilities)
            step = without_moment(after.step)
            if step not in found:
                found[step] = after
                todo.append((after, far + 1))
    return found


def without_moment(step: Step) -> Step:
    """The step without when it was heard, and what came before it."""
    return replace(step, at=0, lead=0)


SMALL = edition(
    article("one", 2, 2), helplines=(helpline("first"), helpline("code", e164=None))
)
BOTH = bilingual()
SPEAKING = edition(
    article("one", 2, 2),
    helplines=(helpline("first"), helpline("code", e164=None)),
    speech=True,
)


@dataclass(frozen=True)
class Line:
    """An edition, and every reply of it that a call can come to."""

    edition: Edition
    replies: dict[Step, Reply]
    events: tuple[Event, ...] = EVENTS

    @cached_property
    def moves(self) -> list[tuple[Reply, Event, Reply]]:
        """Each reply, whatever may happen as soon as its words begin, and what comes of that.

        Worked out once, as several rules look at all of it.
        """
        found = []
        for reply in self.replies.values():
            now = datetime.fromtimestamp((reply.step.at + 1) / 1000, UTC)
            for event in self.events:
                after = flow.answer(self.edition, reply.step, event, now)
                found.append((reply, event, after))
        return found

    def begins(self, reply: Reply, prompt: str) -> bool:
        """Whether this is said first, in the form for keys or in that for words as well."""
        words = self.edition.content.languages[reply.step.language]
        said = getattr(words.prompts, prompt)
        return reply.says[:1] in ((said,), (words.say_or_press.get(said),))


LINES = ("one language", "two languages", "speech")


@cache
def line_of(name: str) -> Line:
    """Each is worked out when it is needed first."""
    match name:
        case "one language":
            return Line(SMALL, every_reply(SMALL))
        case "two languages":
            return Line(BOTH, every_reply(BOTH))
        case _:
            reached = every_reply(SPEAKING, FARTHEST - 2, AND_WORDS)
            return Line(SPEAKING, reached, AND_WORDS)
