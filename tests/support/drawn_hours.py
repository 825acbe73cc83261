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


def _over_days(drawn: tuple[int, int, int, int]) -> str:
    """`Fri 18:00-Mon 06:00`."""
    first, start, last, end = drawn
    return f"{DAYS[first]} {_time(start)}-{DAYS[last]} {_time(end)}"


def _on_days(drawn: tuple[str, int, int]) -> str:
    days, start, end = drawn
    return f"{days} {_time(start)}-{_time(end)}"


QUARTERS = st.integers(0, 95).map(lambda quarter: quarter * 15)
ENDS = st.integers(1, 96).map(lambda quarter: quarter * 15)
EACH_DAY = st.tuples(
    st.sampled_from(["daily", "Mon-Fri", "Sat,Sun", "Sat-Mon", "Tue"]), QUARTERS, ENDS
)
OVER_DAYS = st.tuples(st.integers(0, 6), QUARTERS, st.integers(0, 6), ENDS)

WEEKS = st.one_of(
    st.just(["always"]),
    st.lists(
        st.one_of(DRAWN.map(entry), EACH_DAY.map(_on_days), OVER_DAYS.map(_over_days)),
        min_size=1,
        max_size=3,
    ),
)
"""Hours as staff write them, each form of the line's; some overlap, or end when they begin."""

OF_A_DAY = st.lists(
    st.tuples(QUARTERS, ENDS).map(lambda each: f"{_time(each[0])}-{_time(each[1])}"),
    min_size=1,
    max_size=2,
)
"""The hours of a day that is like no other; some overlap, or end when they begin."""
