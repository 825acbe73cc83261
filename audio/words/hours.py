"""Opening hours as staff write them, to minutes of the week.

always · daily 17:00-24:00 · Mon-Fri 09:00-21:00 · Sat,Sun 09:00-12:00
Mon-Thu 18:00-02:00 (until two the next morning)
Fri 18:00-Mon 06:00 (one stretch, over the days between)
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from audio.words.faults import Wrong

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY = 24 * 60
WEEK = 7 * DAY

Stretch = tuple[int, int]
"""(from, to) in minutes of the week, Monday 00:00 = 0, local time."""

STRETCH = re.compile(r"([A-Za-z]+) (\d\d:\d\d)\s?-\s?([A-Za-z]+) (\d\d:\d\d)")
EACH_DAY = re.compile(r"([A-Za-z, -]+) (\d\d:\d\d)\s?-\s?(\d\d:\d\d)")
EXAMPLES = 'write "always", "daily 17:00-24:00", "Mon-Fri 09:00-21:00" or "Fri 18:00-Mon 06:00"'


def stretches(entry: str) -> list[Stretch]:
    """What one entry means; a stretch that begins on Sunday may reach past the week's end."""
    if entry == "always":
        return [(0, WEEK)]
    if found := STRETCH.fullmatch(entry):
        first, start, last, end = found.groups()
        begins = _day(first, entry) * DAY + _time(start, entry, DAY - 1)
        return [_stretch(begins, _day(last, entry) * DAY + _time(end, entry, DAY), WEEK, entry)]
    if found := EACH_DAY.fullmatch(entry):
        days, start, end = found.groups()
        begins, ends = _time(start, entry, DAY - 1), _time(end, entry, DAY)
        begins, ends = _stretch(begins, ends, DAY, entry)
        return [(day * DAY + begins, day * DAY + ends) for day in _days(days, entry)]
    raise Wrong(f"hours {entry!r} cannot be understood", EXAMPLES)


def week(entries: list[tuple[str, list[Stretch]]]) -> tuple[Stretch, ...]:
    """All entries' stretches: sorted, split at the week's end, those that touch joined."""
    pieces = sorted((*piece, entry) for entry, found in entries for piece in _split(found))
    _refuse_overlap(pieces)
    joined: list[Stretch] = []
    for start, end, _ in pieces:
        if joined and joined[-1][1] == start:
            start, _ = joined.pop()
        joined.append((start, end))
    return tuple(joined)


def _split(found: list[Stretch]) -> Iterator[Stretch]:
    for start, end in found:
        yield start, min(end, WEEK)
        if end > WEEK:
            yield 0, end - WEEK


def _refuse_overlap(pieces: list[tuple[int, int, str]]) -> None:
    for (_, end, one), (start, _, other) in pairwise(pieces):
        if start < end:
            when = f"{DAYS[start // DAY]} {start % DAY // 60:02}:{start % 60:02}"
            raise Wrong(f"hours {one!r} and {other!r} overlap on {when}", "let one end first")


def _stretch(start: int, end: int, turn: int, entry: str) -> Stretch:
    """From `start` to the next `end`; `turn` is after how many minutes it comes again."""
    if start % turn == end % turn and (start, end) != (0, DAY):
        mend = 'write "00:00-24:00" for a whole day, "always" for the whole week'
        raise Wrong(f"hours {entry!r} end when they start", mend)
    return start, end if end > start else end + turn


def _days(written: str, entry: str) -> list[int]:
    if written == "daily":
        return list(range(7))
    days: list[int] = []
    for part in written.split(","):
        first, *last = (_day(name.strip(), entry) for name in part.split("-", 1))
        length = (last[0] - first) % 7 if last else 0
        days += [(first + n) % 7 for n in range(length + 1)]
    return days


def _day(name: str, entry: str) -> int:
    if name not in DAYS:
        raise Wrong(f"hours {entry!r} name no day {name!r}", f"the days are {', '.join(DAYS)}")
    return DAYS.index(name)


def _time(written: str, entry: str, latest: int) -> int:
    hours, minutes = (int(part) for part in written.split(":"))
    if minutes > 59 or hours * 60 + minutes > latest:
        mend = "they start from 00:00 to 23:59 and end from 00:01 to 24:00"
        raise Wrong(f"hours {entry!r} have an impossible time, {written}", mend)
    return hours * 60 + minutes
