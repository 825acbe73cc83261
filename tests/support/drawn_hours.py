"""Opening hours that hypothesis draws."""

from hypothesis import strategies as st

from audio.words.hours import DAYS

Drawn = tuple[int, int, int]
"""A day of the week, and the minutes of it between which somebody is there."""

DRAWN = st.tuples(st.integers(0, 6), st.integers(0, 1439), st.integers(1, 1440))


def entry(drawn: Drawn) -> str:
    """As staff write it: `Mon 09:00-17:00`."""
    day, start, end = drawn
    return f"{DAYS[day]} {_time(start)}-{_time(end)}"


def _time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"
