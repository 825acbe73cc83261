"""The call map: every step, how long its words take, and where each key leads.

Made from the flow itself and an edition's clips. A key that stays where it is, such as
5 in a menu, is left out.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from ivr.call import flow
from ivr.call.scene import Call, Event, Outcome, Pressed, Reply, Silence, Start
from ivr.call.steps import Helplines, Step
from ivr.edition.content import KEYS
from ivr.edition.edition import Edition

A_MONDAY = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
"""When the map is drawn: which helplines are open changes with the hour."""


@dataclass
class Stop:
    """A step on the map; the sections of an article are one."""

    name: str
    seconds: float = 0
    """How long its own words take at speed 1, at most."""
    leads: dict[str, list[str]] = field(default_factory=dict)
    """The names of the steps it leads to, with the keys, `silence` or outcomes that do."""

    def lead(self, label: str, name: str) -> None:
        """Notes that a key leads somewhere else."""
        labels = self.leads.setdefault(name, [])
        if label not in labels and name != self.name:
            labels.append(label)


def name_of(step: Step) -> str:
    """A step's name on the map: pages of the helplines are steps of their own."""
    return f"{step.kind} {step.page}" if isinstance(step, Helplines) else step.kind


def stops(edition: Edition) -> list[Stop]:
    """Every kind of step that a call can reach, in the order of reaching it."""
    first = flow.answer(edition, flow.first_step(edition), Start(), A_MONDAY)
    welcome = seconds(edition, first) - seconds(edition, _alone(edition, first))
    drawn = {"welcome": Stop("welcome", welcome, {"menu": ["then"]})}
    seen, todo = {_where(first.step)}, deque([first])
    while todo:
        reply = todo.popleft()
        stop = drawn.setdefault(name_of(reply.step), Stop(name_of(reply.step)))
        stop.seconds = max(stop.seconds, seconds(edition, _alone(edition, reply)))
        for label, event in _events(reply):
            heard = datetime.fromtimestamp((reply.step.at + 1) / 1000, UTC)
            after = flow.answer(edition, reply.step, event, heard)
            over = reply.last and label == "silence"
            stop.lead(label, "the line hangs up" if over else name_of(after.step))
            if _where(after.step) not in seen:
                seen.add(_where(after.step))
                todo.append(after)
    return list(drawn.values())


def _where(step: Step) -> tuple[str, int]:
    return name_of(step), getattr(step, "section", 0)


def _events(reply: Reply) -> Iterator[tuple[str, Event]]:
    yield from ((key, Pressed(key)) for key in KEYS)
    if reply.dial:
        yield from ((status, Outcome(status)) for status in ("busy", "no-answer", "failed"))
        yield "answered", Outcome("completed")
    else:
        yield "silence", Silence()


def _alone(edition: Edition, reply: Reply) -> Reply:
    """What the step says by itself, without what was said on the way to it."""
    step = replace(reply.step, silences=0)
    scene = flow.scene_of(Call(edition, A_MONDAY, step))
    return replace(reply, step=step, says=scene.says)


def seconds(edition: Edition, reply: Reply) -> float:
    """How long it takes to say a reply."""
    call = Call(edition, A_MONDAY, reply.step)
    return sum(call.ms(text) for text in reply.says) / 1000


def as_text(drawn: list[Stop]) -> str:
    """A line a step; keys that lead to the same step stand together."""
    lines = []
    for stop in drawn:
        leads = (f"{', '.join(keys)} {name}" for name, keys in stop.leads.items() if keys)
        lines.append(f"{stop.name:<12} {stop.seconds:5.1f} s   {' · '.join(leads)}")
    return "\n".join(lines)


def as_mermaid(drawn: list[Stop]) -> str:
    """A flowchart; what leads to the helplines from anywhere (0) is drawn once."""
    lines = ["flowchart TD", "    anywhere((anywhere)) -->|0| helplines_1"]
    for stop in drawn:
        lines.append(f'    {_id(stop.name)}["{stop.name}<br/>{stop.seconds:.1f} s"]')
        for name, labels in stop.leads.items():
            keys = shown(labels).replace("#", "#35;")
            if keys and name != "the line hangs up":
                lines.append(f'    {_id(stop.name)} -->|"{keys}"| {_id(name)}')
    return "\n".join(lines)


def shown(labels: list[str]) -> str:
    """A way's keys as they are drawn, without 0 and silence; three or more in a row as a range,
    such as `1–6 #`."""
    runs: list[list[str]] = []
    for label in labels:
        if label in ("0", "silence"):
            continue
        if runs and label.isdigit() and runs[-1][-1] == str(int(label) - 1):
            runs[-1].append(label)
        else:
            runs.append([label])
    return " ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else " ".join(run) for run in runs)


def _id(name: str) -> str:
    return "the_end" if name == "end" else name.replace(" ", "_")
