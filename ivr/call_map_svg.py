"""The call map as a picture (SVG), in currentColor; a stylesheet may say more by its classes."""

from collections.abc import Iterator
from itertools import pairwise
from xml.sax.saxutils import escape, quoteattr

from ivr.call_map import Stop
from ivr.call_map_picture import Picture, Spot, Way, draft
from ivr.call_map_places import ARC, BOX, ZONE, arrange

HEAD = (10, 5)
"""An arrow's head: its length, and half its width, px."""

Point = tuple[float, float]


def as_svg(drawn: list[Stop]) -> str:
    """The map of these steps, as an element for a page; a call begins with the first of them.

    Sizes are in px. There is to be one on a page, as its title and description have ids.
    """
    whole = draft(drawn)
    arrange(whole)
    return "\n".join(
        [
            '<svg xmlns="http://www.w3.org/2000/svg" class="call-map" role="img"'
            ' aria-labelledby="call-map-title call-map-desc" font-size="16"'
            f' viewBox="0 0 {whole.width} {whole.height}"'
            f' width="{whole.width}" height="{whole.height}">',
            '<title id="call-map-title">The call map</title>',
            '<desc id="call-map-desc">A box for each step of a call, with its seconds, from the'
            " welcome at the top. Arrows lead where the keys beside them lead.</desc>",
            *_elements(whole),
            "</svg>\n",
        ]
    )


def _elements(whole: Picture) -> Iterator[str]:
    """What rises comes first: the way down may lie on it. The heads lie on both."""
    ways = sorted(whole.ways, key=lambda way: not way.rises)
    yield from map(_line, ways)
    yield from map(_head, ways)
    for spot in whole.spots:
        if spot.name:
            yield from _box(spot)
    yield from map(_label, ways)


def _line(way: Way) -> str:
    return (
        f'<path class="way{_back(way)}" data-from={quoteattr(way.origin.name)}'
        f' data-to={quoteattr(way.target.name)} d="{_path(way)}" fill="none"'
        f' stroke="currentColor" stroke-width="{1.5 if way.rises else 2}"/>'
    )


def _back(way: Way) -> str:
    return " back" if way.rises else ""


def _path(way: Way) -> str:
    (x, y), (end, last) = _ends(way)
    if way.start is None:
        return f"M{x} {y} H{end}"
    if way.level:
        low, handle = y + ZONE, y + ZONE + ARC
        return f"M{x} {y} V{low} C{x} {handle} {end} {handle} {end} {low} V{last}"
    path, zone = f"M{x} {y}", -ZONE if way.rises else ZONE
    for before, spot in pairwise(way.spots):
        to = end if spot is way.target else spot.x
        leave, reach = _side(before, way.rises) + zone, _side(spot, not way.rises) - zone
        middle = (leave + reach) / 2
        path += f" V{leave} C{x} {middle} {to} {middle} {to} {reach}"
        x = to
    return f"{path} V{last}"


def _ends(way: Way) -> tuple[Point, Point]:
    origin, target = way.origin, way.target
    if way.start and way.end:
        return (
            (way.start.x, _side(origin, way.rises)),
            (way.end.x, _side(target, not way.rises and not way.level)),
        )
    right, y = _right(way), origin.y + BOX / 2
    return (origin.x + right * origin.width / 2, y), (target.x - right * target.width / 2, y)


def _side(spot: Spot, upper: bool) -> float:
    return spot.y if upper else spot.y + BOX


def _right(way: Way) -> int:
    """1 for a way to the right, -1 for one to the left."""
    return 1 if way.target.x > way.origin.x else -1


def _head(way: Way) -> str:
    (x, y), (long, half) = _ends(way)[1], HEAD
    if way.start is None:
        back = -long * _right(way)
        corners = f"{back} {-half} v{2 * half}"
    else:
        back = long if way.rises or way.level else -long
        corners = f"{-half} {back} h{2 * half}"
    return f'<path class="head{_back(way)}" d="M{x} {y} l{corners} z" fill="currentColor"/>'


def _box(spot: Spot) -> Iterator[str]:
    kind, corner, line = ("stop", 10, 23) if spot.seconds is not None else ("anywhere", 27, 33)
    yield (
        f'<g class="{kind}"><rect x="{spot.x - spot.width / 2}" y="{spot.y}"'
        f' width="{spot.width}" height="{BOX}" rx="{corner}" fill="none" stroke="currentColor"/>'
    )
    yield _text("name", (spot.x, spot.y + line), spot.name)
    if spot.seconds is not None:
        yield _text("seconds", (spot.x, spot.y + 43), f"{spot.seconds:.1f} s", size=14)
    yield "</g>"


def _label(way: Way) -> str:
    (x, y), _ = _ends(way)
    name = f"label{_back(way)}"
    if way.start:
        return _text(name, (x + 8, y + (-14 if way.rises else 22)), way.label, "start", 14)
    right = _right(way)
    return _text(name, (x + 12 * right, y - 8), way.label, "start" if right > 0 else "end", 14)


def _text(name: str, at: Point, text: str, anchor: str = "middle", size: int = 16) -> str:
    return (
        f'<text class="{name}" x="{at[0]}" y="{at[1]}" text-anchor="{anchor}" font-size="{size}"'
        f' fill="currentColor">{escape(text)}</text>'
    )
