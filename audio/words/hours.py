"""Opening hours as staff write them, to minutes of the week.

always · daily 17:00-24:00 · Mon-Fri 09:00-21:00 · Sat,Sun 09:00-12:00
Mon-Thu 18:00-02:00 (until two the next morning)
Fri 18:00-Mon 06:00 (one stretch, over the days between)
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from audio.words.faults import InvalidValue

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY = 24 * 60
WEEK = 7 * DAY

Stretch = tuple[int, int]
"""(from, to) in minutes of the week, Monday 00:00 = 0, local time."""

STRETCH = re.compile(r"([A-Za-z]+) (\d\d:\d\d)\s?-\s?([A-Za-z]+) (\d\d:\d\d)")
EACH_DAY = re.compile(r"([A-Za-z, -]+) (\d\d:\d\d)\s?-\s?(\d\d:\d\d)")
EXAMPLES = 'write "always", "daily 17:00-24:00", "Mon-Fri 09:00-21:00" or "Fri 18:00-Mon 06:00"'


@dataclass(frozen=True, order=True)
class Piece:
    """A stretch within one week, and the entry that it comes from."""

    start: int
    end: int
    entry: str


def stretches(entry: str) -> list[Stretch]:
    """What one entry means; a stretch that begins on Sunday may reach past the week's end.

    Raises `InvalidValue`.
    """
    if entry == "always":
        return [(0, WEEK)]
    over_days = STRETCH.fullmatch(entry)
    if over_days:
        first, start, last, end = over_days.groups()
        begins = _day(first, entry) * DAY + _start(start, entry)
        ends = _day(last, entry) * DAY + _end(end, entry)
        return [_stretch(begins, ends, WEEK, entry)]
    each_day = EACH_DAY.fullmatch(entry)
    if each_day:
        days, start, end = each_day.groups()
        begins, ends = _stretch(_start(start, entry), _end(end, entry), DAY, entry)
        return [(day * DAY + begins, day * DAY + ends) for day in _days(days, entry)]
    raise InvalidValue(f"hours {entry!r} cannot be understood", EXAMPLES)


def week(entries: list[tuple[str, list[Stretch]]]) -> tuple[Stretch, ...]:
    """All entries' stretches: sorted, split at the week's end, those that touch joined.

    Raises `InvalidValue` where two of them overlap.
    """
    pieces: list[Piece] = []
    for entry, found in entries:
        for stretch in found:
            pieces += _within_the_week(stretch, entry)
    pieces.sort()
    _refuse_overlap(pieces)
    joined: list[Stretch] = []
    for piece in pieces:
        start = piece.start
        if joined and joined[-1][1] == start:
            start, _ = joined.pop()
        joined.append((start, piece.end))
    return tuple(joined)


def _within_the_week(stretch: Stretch, entry: str) -> Iterator[Piece]:
    start, end = stretch
    yield Piece(start, min(end, WEEK), entry)
    if end > WEEK:
        yield Piece(0, end - WEEK, entry)


def _refuse_overlap(pieces: list[Piece]) -> None:
    for one, other in pairwise(pieces):
        if other.start < one.end:
            day, minutes = divmod(other.start, DAY)
            when = f"{DAYS[day]} {minutes // 60:02}:{minutes % 60:02}"
            what = f"hours {one.entry!r} and {other.entry!r} overlap on {when}"
            raise InvalidValue(what, "let one end before the other starts")


def _stretch(start: int, end: int, turn: int, entry: str) -> Stretch:
    """From `start` to the next `end`, which comes again every `turn` minutes."""
    is_whole_day = (start, end) == (0, DAY)
    if start % turn == end % turn and not is_whole_day:
        mend = 'write "00:00-24:00" for a whole day, "always" for the whole week'
        raise InvalidValue(f"hours {entry!r} end when they start", mend)
    if end <= start:
        end += turn
    return start, end


def _days(written: str, entry: str) -> list[int]:
    if written == "daily":
        return list(range(7))
    days: list[int] = []
    for part in written.split(","):
        first, dash, last = part.partition("-")
        start = _day(first.strip(), entry)
        end = start
        if dash:
            end = _day(last.strip(), entry)
        length = (end - start) % 7 + 1
        days += [(start + n) % 7 for n in range(length)]
    return days


def _day(name: str, entry: str) -> int:
    if name not in DAYS:
        what = f"hours {entry!r} have an unknown day, {name!r}"
        raise InvalidValue(what, f"the days are {', '.join(DAYS)}")
    return DAYS.index(name)


def _start(written: str, entry: str) -> int:
    return _time(written, entry, latest=DAY - 1)


def _end(written: str, entry: str) -> int:
    return _time(written, entry, latest=DAY)


def _time(written: str, entry: str, latest: int) -> int:
    hours, minutes = (int(part) for part in written.split(":"))
    if minutes > 59 or hours * 60 + minutes > latest:
        what = f"hours {entry!r} have an impossible time, {written}"
        raise InvalidValue(
            what, "start between 00:00 and 23:59, and end between 00:01 and 24:00"
        )
    return hours * 60 + minutes
