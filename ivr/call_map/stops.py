"""The call map: every step, how long its words take, and where each key leads.

It is made from the flow itself and an edition's clips. A key that stays where it is, such as 5 in a
menu, is left out. If there are several languages, only the first is drawn: the others have the same
steps.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import partial

from ivr.call import flow
from ivr.call.scene import (
    EVERY_ABILITY,
    Abilities,
    Call,
    Event,
    Outcome,
    Pressed,
    Reply,
    Silence,
    Start,
)
from ivr.call.steps import REASONS, Helplines, Languages, Menu, Step
from ivr.edition.content import KEYS
from ivr.edition.edition import Edition

A_MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""When the map is drawn: which helplines are open changes with the hour."""

THE_END = "the line hangs up"

WELCOME = "welcome"
"""What is said before the main menu when a language begins."""


@dataclass
class Stop:
    """A step on the map; the sections of an article are one."""

    name: str
    seconds: float = 0
    """How long its own words take at speed 1, at most."""
    leads: dict[str, list[str]] = field(default_factory=dict)
    """The names of the steps it leads to, with the keys, `silence` or outcomes that do."""
    may_say: dict[str, str] = field(default_factory=dict)
    """For each key, the clearest words that a caller may say instead."""

    def lead(self, label: str, name: str) -> None:
        """Notes that a key leads somewhere else."""
        labels = self.leads.setdefault(name, [])
        if label not in labels and name != self.name:
            labels.append(label)


def name_of(step: Step) -> str:
    """A step's name on the map: pages of the helplines are steps of their own."""
    if isinstance(step, Helplines):
        return f"{step.kind} {step.page}"
    return step.kind


def stops(edition: Edition, abilities: Abilities = EVERY_ABILITY) -> list[Stop]:
    """Every kind of step that a call can reach, in the order of reaching it."""
    answer = partial(flow.answer, edition, abilities=abilities)
    first_step = flow.first_step(edition)
    first = answer(first_step, Start(), A_MONDAY)
    drawn: dict[str, Stop] = {}
    if isinstance(first.step, Languages):
        drawn[Languages.kind] = Stop(Languages.kind)
    drawn[WELCOME] = _welcome(edition, first)
    seen = {_where(first.step)}
    todo = deque([first])
    while todo:
        reply = todo.popleft()
        name = name_of(reply.step)
        if name not in drawn:
            may_say = _may_say(edition, reply)
            drawn[name] = Stop(name, may_say=may_say)
        stop = drawn[name]
        own_s = seconds(edition, _alone(edition, reply, abilities))
        stop.seconds = max(stop.seconds, own_s)
        for label, event in _events(reply):
            after = answer(reply.step, event, _listening(reply))
            if reply.last and label == "silence":
                stop.lead(label, THE_END)
            else:
                stop.lead(label, _name_after(reply.step, after.step))
            where = _where(after.step)
            is_drawn = after.step.language == first.step.language
            if is_drawn and where not in seen:
                seen.add(where)
                todo.append(after)
    return list(drawn.values())


def _welcome(edition: Edition, first: Reply) -> Stop:
    """What is said before the main menu's own words."""
    if isinstance(first.step, Languages):
        skips = Pressed("#")
        now = _listening(first)
        first = flow.answer(edition, first.step, skips, now)
    whole_s = seconds(edition, first)
    own_s = seconds(edition, _alone(edition, first))
    leads = {name_of(first.step): ["then"]}
    return Stop(WELCOME, whole_s - own_s, leads)


def _name_after(before: Step, after: Step) -> str:
    """What the map calls the step that another leads to: a language begins with its welcome."""
    if after.language != before.language:
        return f"{WELCOME} in {after.language}"
    if isinstance(before, Languages) and isinstance(after, Menu):
        return WELCOME
    return name_of(after)


def _may_say(edition: Edition, reply: Reply) -> dict[str, str]:
    """What callers may say there, where they may speak."""
    if not reply.hints:
        return {}
    call = Call(edition, A_MONDAY, reply.step)
    scene = flow.scene_of(call)
    clearest = {}
    for key in KEYS:
        wordings = scene.may_say.get(key)
        if wordings:
            clearest[key] = wordings[0]
    return clearest


def _where(step: Step) -> tuple[str, int]:
    """What makes it another step for the map: each section is looked at."""
    return name_of(step), getattr(step, "section", 0)


def _events(reply: Reply) -> Iterator[tuple[str, Event]]:
    """All that can happen after a reply, by its name on the map."""
    for key in KEYS:
        yield key, Pressed(key)
    if reply.dial:
        for status in REASONS:
            yield status, Outcome(status)
        yield "in doubt", Outcome("completed", seconds=0)
        yield "put through", Outcome("completed", bridged=True, seconds=300)
    else:
        yield "silence", Silence()


def _listening(reply: Reply) -> datetime:
    """The moment when the step's own words have just begun."""
    just_begun_ms = reply.step.at + 1
    return datetime.fromtimestamp(just_begun_ms / 1000, UTC)


def _alone(
    edition: Edition, reply: Reply, abilities: Abilities = EVERY_ABILITY
) -> Reply:
    """What the step says by itself, without what was said on the way to it."""
    step = replace(reply.step, silences=0)
    call = Call(edition, A_MONDAY, step, abilities=abilities)
    scene = flow.scene_of(call)
    says = call.offered(scene.says)
    return replace(reply, step=step, says=says)


def seconds(edition: Edition, reply: Reply) -> float:
    """How long it takes to say a reply."""
    call = Call(edition, A_MONDAY, reply.step)
    return call.total_ms(reply.says) / 1000
