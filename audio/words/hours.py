"""Opening hours as staff write them, to minutes of the week, or of a day that is like no other.

always · daily 17:00-24:00 · Mon-Fri 09:00-21:00 · Sat,Sun 09:00-12:00
Mon-Thu 18:00-02:00 (until two the next morning)
Fri 18:00-Mon 06:00 (one stretch, over the days between)

Of a day: closed · 09:00-12:00 · 18:00-02:00 (until two the next morning)
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from audio.words.faults import InvalidValue
from ivr.edition.content import Stretch

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
DAY = 24 * 60
WEEK = 7 * DAY

NIGHT_ENDS = 12 * 60
"""The latest end of a night, in minutes of the next day; what goes on for longer is a day."""

CLOSED = "closed"

STRETCH = re.compile(r"([A-Za-z]+) (\d\d:\d\d)\s?-\s?([A-Za-z]+) (\d\d:\d\d)")
EACH_DAY = re.compile(r"([A-Za-z, -]+) (\d\d:\d\d)\s?-\s?(\d\d:\d\d)")
OF_A_DAY = re.compile(r"(\d\d:\d\d)\s?-\s?(\d\d:\d\d)")
EXAMPLES_OF_A_DAY = 'write "closed", or hours such as "09:00-12:00"'
EXAMPLES = 'write "always", "daily 17:00-24:00", "Mon-Fri 09:00-21:00" or "Fri 18:00-Mon 06:00"'


Entries = list[tuple[str, list[Stretch]]]
"""Each as it is written, with what it means."""


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
        first_midnight = _day(first, entry) * DAY
        last_midnight = _day(last, entry) * DAY
        begins = first_midnight + _start(start, entry)
        ends = last_midnight + _end(end, entry)
        return [_stretch(begins, ends, WEEK, entry)]
    each_day = EACH_DAY.fullmatch(entry)
    if each_day:
        days, start, end = each_day.groups()
        begins, ends = _within_a_day(start, end, entry)
        found = []
        for day in _days(days, entry):
            midnight = day * DAY
            found.append((midnight + begins, midnight + ends))
        return found
    raise InvalidValue(f"hours {entry!r} cannot be understood", EXAMPLES)


def week(entries: Entries) -> tuple[Stretch, ...]:
    """All entries' stretches, sorted, each with the day on which it begins.

    One over several days is in pieces, a day each; a night is whole, also the week's last.
    Raises `InvalidValue` where two of them overlap.
    """
    pieces: list[Piece] = []
    for entry, written in entries:
        for stretch in written:
            pieces += _within_the_week(stretch, entry)
    _refuse_overlap(sorted(pieces), _on_a_weekday)
    return by_day(entries)


def by_day(entries: Entries) -> tuple[Stretch, ...]:
    """The same of entries that may overlap."""
    found: list[Stretch] = []
    for _, written in entries:
        for stretch in written:
            found += _by_day(stretch)
    return tuple(sorted(found))


def joined(of_the_week: Sequence[Stretch]) -> tuple[Stretch, ...]:
    """A week's stretches with those that touch in one, also across the week's end; the last
    may reach past it."""
    whole: list[Stretch] = []
    for start, end in of_the_week:
        if whole and whole[-1][1] == start:
            start, _ = whole.pop()
        whole.append((start, end))
    if len(whole) < 2:
        return tuple(whole)
    first, *between, last = whole
    start, end = last
    first_start, first_end = first
    if end != WEEK + first_start:
        return tuple(whole)
    over_the_end = (start, WEEK + first_end)
    return (*between, over_the_end)


def of_a_day(entries: Sequence[str]) -> tuple[Stretch, ...]:
    """What the entries mean for one day, in its minutes; nothing for a day that is closed.

    Raises `InvalidValue`.
    """
    if list(entries) == [CLOSED]:
        return ()
    pieces: list[Piece] = []
    for entry in entries:
        found = OF_A_DAY.fullmatch(entry)
        if not found:
            what = f"hours {entry!r} of a day cannot be understood"
            raise InvalidValue(what, EXAMPLES_OF_A_DAY)
        start, end = found.groups()
        begins, ends = _within_a_day(start, end, entry)
        pieces.append(Piece(begins, ends, entry))
    pieces.sort()
    _refuse_overlap(pieces, _on_the_day)
    return tuple((piece.start, piece.end) for piece in pieces)


def _by_day(stretch: Stretch) -> Iterator[Stretch]:
    """A stretch in pieces that end at midnight, unless it is a night; all within the week."""
    start, end = stretch
    next_day = start // DAY + 1
    midnight = next_day * DAY
    if end <= midnight + NIGHT_ENDS:
        midnight = end
    while start < end:
        until = min(midnight, end)
        shift = start // WEEK * WEEK
        yield start - shift, until - shift
        start = until
        midnight += DAY


def _within_the_week(stretch: Stretch, entry: str) -> Iterator[Piece]:
    start, end = stretch
    yield Piece(start, min(end, WEEK), entry)
    if end > WEEK:
        yield Piece(0, end - WEEK, entry)


def _refuse_overlap(pieces: list[Piece], at: Callable[[int], str]) -> None:
    for one, other in pairwise(pieces):
        if other.start < one.end:
            where = at(other.start)
            what = f"hours {one.entry!r} and {other.entry!r} overlap{where}"
            raise InvalidValue(what, "let one end before the other starts")


def _on_a_weekday(minute: int) -> str:
    day = DAYS[minute // DAY]
    return f" on {day} {clock(minute)}"


def _on_the_day(minute: int) -> str:
    return f" at {clock(minute)}"


def clock(minute: int) -> str:
    """The time of day, as `09:00`."""
    hour, past = divmod(minute % DAY, 60)
    return f"{hour:02}:{past:02}"


def _within_a_day(start: str, end: str, entry: str) -> Stretch:
    """From one time to the next of the other, which may be that of the next morning."""
    begins = _start(start, entry)
    ends = _end(end, entry)
    return _stretch(begins, ends, DAY, entry)


def _stretch(start: int, end: int, turn: int, entry: str) -> Stretch:
    """From `start` to the next `end`, which comes again every `turn` minutes."""
    is_whole_day = (start, end) == (0, DAY)
    is_same_time = start % turn == end % turn
    if is_same_time and not is_whole_day:
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
        for day in range(start, start + length):
            days.append(day % 7)
    return days


def _day(name: str, entry: str) -> int:
    if name not in DAYS:
        what = f"hours {entry!r} have an unknown day, {name!r}"
        known = ", ".join(DAYS)
        raise InvalidValue(what, f"the days are {known}")
    return DAYS.index(name)


def _start(written: str, entry: str) -> int:
    return _time(written, entry, latest=DAY - 1)


def _end(written: str, entry: str) -> int:
    return _time(written, entry, latest=DAY)


def _time(written: str, entry: str, latest: int) -> int:
    hour, minute = written.split(":")
    minutes = int(minute)
    of_the_day = int(hour) * 60 + minutes
    if minutes > 59 or of_the_day > latest:
        what = f"hours {entry!r} have an impossible time, {written}"
        mend = "start between 00:00 and 23:59, and end between 00:01 and 24:00"
        raise InvalidValue(what, mend)
    return of_the_day
