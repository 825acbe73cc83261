"""The call map as a table: a row a step, a column a key."""

from collections.abc import Iterator
from dataclasses import dataclass

from ivr.call_map.stops import Stop
from ivr.edition.content import KEYS


@dataclass(frozen=True)
class Way:
    """Where a key, silence or an outcome leads."""

    label: str
    """The key, `silence`, or the outcome of a transfer."""
    name: str
    """The step it leads to, or what happens instead."""
    row_id: str | None
    """That step's row; None where it has none."""


@dataclass(frozen=True)
class Row:
    """A step, and where it leads."""

    id: str
    """Names it within a page."""
    name: str
    seconds: float
    """How long its own words take at speed 1, at most."""
    keys: dict[str, list[Way]]
    """Each key, in the order of `KEYS`, to where it leads: from one section of an article
    elsewhere than from another; nowhere, where a key stays in the step."""
    without_a_key: list[Way]
    """After silence, or by a transfer's outcome."""


def as_table(drawn: list[Stop]) -> list[Row]:
    """The rows of the table, in the order of the map."""
    names = {stop.name for stop in drawn}
    return [_row(stop, names) for stop in drawn]


def _row(stop: Stop, names: set[str]) -> Row:
    keys: dict[str, list[Way]] = {key: [] for key in KEYS}
    without_a_key = []
    for way in _ways(stop, names):
        if way.label in keys:
            keys[way.label].append(way)
        else:
            without_a_key.append(way)
    return Row(
        id=_row_id(stop.name),
        name=stop.name,
        seconds=stop.seconds,
        keys=keys,
        without_a_key=without_a_key,
    )


def _ways(stop: Stop, names: set[str]) -> Iterator[Way]:
    for name, labels in stop.leads.items():
        row_id = None
        if name in names:
            row_id = _row_id(name)
        for label in labels:
            yield Way(label, name, row_id)


def _row_id(name: str) -> str:
    return "step-" + name.replace(" ", "-")
