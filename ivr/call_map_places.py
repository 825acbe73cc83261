"""Where everything in the picture of the call map has its place. Lengths are in px.

A way's keys are shown where they are pressed. Next to a row of boxes, above and below, is a zone
for these labels; between the zones of two rows the ways bend. So no way crosses a box, or the
label of another way.
"""

from itertools import accumulate, combinations, pairwise
from math import ceil
from statistics import fmean

from ivr.call_map_picture import LETTER, Picture, Port, Spot, Way

BOX, ZONE, APART, MARGIN = 54, 30, 26, 12
"""A box's height, a zone's, the least distance between boxes, and what is left at the edges."""
ARC = 44
"""How far below a zone an arc has its handles; it goes three quarters as far itself."""
CROSSING = 100
"""How much longer ways may be to avoid one."""
SWEEPS = 30
"""How often the rows are aligned with each other, down and up."""

Link = tuple[Spot, Spot]


def arrange(whole: Picture) -> None:
    """Gives every spot and port its place, and the picture its size."""
    rows = range(1 + max(spot.row for spot in whole.spots))
    lines = [[spot for spot in whole.spots if spot.row == row] for row in rows]
    links = _links(whole.ways)
    _order(lines, links)
    for way in whole.ways:
        if way.level:
            _lead_level(way, whole, lines[way.origin.row])
    _align(lines, links)
    _measure(whole, lines, links)


def _links(ways: list[Way]) -> list[Link]:
    """Each two spots that ways join, once, the upper one first."""
    steps = (two for way in ways for two in pairwise(way.spots))
    links = {frozenset(two): two if two[0].row <= two[1].row else two[::-1] for two in steps}
    return [(one, other) for one, other in links.values()]


def _order(lines: list[list[Spot]], links: list[Link]) -> None:
    """Swaps two in a row for as long as that makes the links shorter, or crossings fewer."""
    for line in lines:
        _pack(line)
    best, before = _cost(links), float("inf")
    while best < before:
        before = best
        for line in lines:
            for i, j in combinations(range(len(line)), 2):
                line[i], line[j] = line[j], line[i]
                _pack(line)
                if (cost := _cost(links)) < best:
                    best = cost
                else:
                    line[i], line[j] = line[j], line[i]
                    _pack(line)


def _pack(line: list[Spot]) -> None:
    ends = list(accumulate((spot.width + APART for spot in line), initial=0.0))
    for spot, end in zip(line, ends[1:], strict=True):
        spot.x = end - (spot.width + APART + ends[-1]) / 2


def _cost(links: list[Link]) -> float:
    lengths = (abs(a.x - b.x) * (2 if a.row == b.row else 1) for a, b in links)
    crossings = sum(
        a.row == c.row and b.row == d.row and (a.x - c.x) * (b.x - d.x) < 0
        for (a, b), (c, d) in combinations(links, 2)
    )
    return sum(lengths) + CROSSING * crossings


def _lead_level(way: Way, whole: Picture, line: list[Spot]) -> None:
    """Straight to a box that is next in the row; to others, by an arc below."""
    here, there = line.index(way.origin), line.index(way.target)
    if any(spot.name for spot in line[min(here, there) + 1 : max(here, there)]):
        whole.dock(way)
        return
    left, right = way.origin.beside
    room = 16 + LETTER * len(way.label)
    way.origin.beside = (left, room) if here < there else (room, right)


def _align(lines: list[list[Spot]], links: list[Link]) -> None:
    """Moves each spot, its order kept, to the middle of those that it is linked with."""
    near: dict[Spot, list[Spot]] = {spot: [] for line in lines for spot in line}
    for one, other in links:
        if one.row != other.row:
            near[one].append(other)
            near[other].append(one)
    for line in (*lines, *reversed(lines)) * SWEEPS:
        gaps = [
            (a.width + b.width) / 2 + max(APART, a.beside[1] + b.beside[0] + 12)
            for a, b in pairwise(line)
        ]
        offsets = list(accumulate(gaps, initial=0.0))
        wished = [
            [other.x - offset for other in near[spot]] or [spot.x - offset]
            for spot, offset in zip(line, offsets, strict=True)
        ]
        for spot, offset, x in zip(line, offsets, _rising(wished), strict=True):
            spot.x = offset + x


def _rising(wished: list[list[float]]) -> list[float]:
    """For each list its mean; where one is less than that before, both get the mean of both."""
    groups: list[tuple[list[float], int]] = []
    for values in wished:
        group = (values, 1)
        while groups and fmean(groups[-1][0]) > fmean(group[0]):
            before = groups.pop()
            group = (before[0] + group[0], before[1] + group[1])
        groups.append(group)
    return [fmean(values) for values, count in groups for _ in range(count)]


def _measure(whole: Picture, lines: list[list[Spot]], links: list[Link]) -> None:
    """Moves everything into the picture, and gives the ports their places."""
    shift = MARGIN - min(spot.x - spot.width / 2 for spot in whole.spots)
    y = MARGIN
    for row, line in enumerate(lines):
        for spot in line:
            spot.x = round(spot.x + shift)
            spot.y = y
        bending = sum(one.row == row for one, _ in links)
        y += BOX + 2 * ZONE + min(24 + 8 * bending, 72)
    whole.width = ceil(max(spot.x + spot.width / 2 for spot in whole.spots)) + MARGIN
    arcs = ZONE + ARC if any(spot.below for spot in lines[-1]) else 0
    whole.height = lines[-1][0].y + BOX + arcs + MARGIN
    for spot in whole.spots:
        for ports in (spot.above, spot.below):
            _spread(spot, sorted(ports.values(), key=lambda port: _side(spot, port)))


def _side(spot: Spot, port: Port) -> float:
    """Where a port's others are; those in the same row are farther out than any below."""
    far = [o.x if o.row != spot.row else (o.x - spot.x) * 1e6 for o in port.others]
    return sum(far) / len(far)


def _spread(spot: Spot, ports: list[Port]) -> None:
    x = spot.x - sum(port.width for port in ports) / 2
    for port in ports:
        port.x = round(x) + 11
        x += port.width
    if len(ports) == 1:  # in the middle, or as near to it as its label allows
        ports[0].x = round(min(spot.x, spot.x + spot.width / 2 + 11 - ports[0].width))
