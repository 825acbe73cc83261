"""What is in the picture of the call map: boxes in rows, and the ways between them.

A row's boxes are as many keys from the welcome. Lengths are in px.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from ivr.call_map import Stop

PASSING = 20
"""The width that a row keeps free for ways that only pass through it."""
LETTER = 9
"""The most that a letter of a label takes, 14 px high; of a step's name, 16 px, 2 more."""
ANYWHERE = "anywhere"


@dataclass(eq=False)
class Port:
    """Where a way, or several that end there, meet a box."""

    label: str = ""
    others: list["Spot"] = field(default_factory=list)
    """What it leads to, or comes from."""
    x: int = 0

    @property
    def width(self) -> int:
        """What it takes of its side of the box, with its label."""
        return 22 + LETTER * len(self.label)


@dataclass(eq=False)
class Spot:
    """A step's box, or where ways pass through a row."""

    row: int
    name: str = ""
    """Empty where ways pass."""
    seconds: float | None = None
    """`None` also where it stands for anywhere."""
    x: float = 0
    """Its middle."""
    y: int = 0
    """Its upper edge."""
    above: dict[frozenset["Spot"], Port] = field(default_factory=dict)
    """Its ports there, by the two steps of a line both ways; others by no step."""
    below: dict[frozenset["Spot"], Port] = field(default_factory=dict)
    beside: tuple[int, int] = (0, 0)
    """The room that labels need on its left and on its right."""

    @property
    def width(self) -> int:
        """As wide as its name and the ports of either side need."""
        if not self.name:
            return PASSING
        sides = (sum(p.width for p in ports.values()) for ports in (self.above, self.below))
        return max(72, 24 + (LETTER + 2) * len(self.name), *sides)


@dataclass(eq=False)
class Way:
    """From a step to another, by keys."""

    origin: Spot
    target: Spot
    label: str
    through: list[Spot] = field(default_factory=list)
    """Where it passes through other rows."""
    start: Port | None = None
    """Both ports are `None` where it leads straight to the box beside."""
    end: Port | None = None

    @property
    def rises(self) -> bool:
        """Whether it leads nearer to the welcome."""
        return self.target.row < self.origin.row

    @property
    def level(self) -> bool:
        """Whether it stays in its row."""
        return self.target.row == self.origin.row

    @property
    def spots(self) -> list[Spot]:
        """All that it touches."""
        return [self.origin, *self.through, self.target]


@dataclass
class Picture:
    """Everything that is drawn, in its place."""

    spots: list[Spot]
    ways: list[Way]
    width: int = 0
    height: int = 0

    def dock(self, way: Way) -> None:
        """A way there and the way back are one line; others that end at a box end together."""
        origin, target = way.origin, way.target
        paired = any((each.origin, each.target) == (target, origin) for each in self.ways)
        leave = origin.above if way.rises else origin.below
        reach = target.below if way.rises or way.level else target.above
        both = frozenset((origin, target))
        way.start = leave.setdefault(both, Port())
        way.end = reach.setdefault(both if paired else frozenset(), Port())
        way.start.label = way.label
        way.start.others.append(way.spots[1])
        way.end.others.append(way.spots[-2])


def draft(drawn: list[Stop]) -> Picture:
    """The boxes and ways of these steps; all can be reached from the first of them."""
    rows = _rows(drawn)
    boxes = {stop.name: Spot(rows[stop.name], stop.name, stop.seconds) for stop in drawn}
    ways = list(_ways(drawn, boxes))
    anywhere = [way.origin for way in ways if way.origin.seconds is None]
    whole = Picture([*boxes.values(), *anywhere], ways)
    _lead_through(whole)
    for way in ways:
        if not way.level:
            whole.dock(way)
    return whole


def keys(labels: list[str]) -> str:
    """Keys as they are shown: three or more in a row as a range, such as `1–6 #`."""
    runs: list[list[str]] = []
    for label in labels:
        if runs and label.isdigit() and runs[-1][-1] == str(int(label) - 1):
            runs[-1].append(label)
        else:
            runs.append([label])
    return " ".join(f"{run[0]}–{run[-1]}" if len(run) > 2 else " ".join(run) for run in runs)


def _rows(drawn: list[Stop]) -> dict[str, int]:
    leads = {stop.name: stop.leads for stop in drawn}
    rows = {drawn[0].name: 0}
    todo = deque(rows)
    while todo:
        name = todo.popleft()
        for after, labels in leads[name].items():
            if labels and after in leads and after not in rows:
                rows[after] = rows[name] + 1
                todo.append(after)
    return rows


def _ways(drawn: list[Stop], boxes: dict[str, Spot]) -> Iterator[Way]:
    """Without silence; what leads to the helplines from anywhere (0) is one way."""
    for stop in drawn:
        for name, labels in stop.leads.items():
            shown = keys([label for label in labels if label not in ("0", "silence")])
            if shown and name in boxes:
                yield Way(boxes[stop.name], boxes[name], shown)
    for name in boxes:
        if any("0" in stop.leads.get(name, ()) for stop in drawn):
            yield Way(Spot(max(boxes[name].row - 1, 0), ANYWHERE), boxes[name], "0")


def _lead_through(whole: Picture) -> None:
    """Ways that rise to the same step pass through a row in the same place."""
    places: dict[tuple[int, Spot], Spot] = {}
    for way in whole.ways:
        for row in range(way.origin.row - 1, way.target.row, -1):
            way.through.append(places.setdefault((row, way.target), Spot(row)))
    whole.spots += places.values()
