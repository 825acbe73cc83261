"""Bytes in memory."""

from operator import itemgetter

from hypothesis import given
from hypothesis import strategies as st

from ivr.edition.kept import Kept

ROOM = 100

KEY = itemgetter(0)

Put = tuple[str, bytes]

SIZES = st.integers(0, ROOM + 1) | st.integers(0, ROOM // 4)


@given(st.lists(st.tuples(st.text(max_size=1), SIZES.map(bytes)), unique_by=KEY))
def test_what_was_put_last_is_kept_as_far_as_it_fits(puts: list[Put]) -> None:
    kept = Kept(ROOM)
    for key, data in puts:
        kept.put((key,), data)
    left = ROOM
    for key, data in reversed(puts):
        left -= len(data)
        assert kept.get((key,)) == (data if left >= 0 else None)


def test_what_is_put_again_takes_its_room_once() -> None:
    kept = Kept(ROOM)
    for key in "aabb":
        kept.put((key,), b"x" * 50)
    assert [key for key in "ab" if kept.get((key,))] == ["a", "b"]


def test_what_was_asked_for_lately_stays_longer() -> None:
    kept = Kept(ROOM)
    for key in "abcd":
        kept.put((key,), b"x" * 25)
    kept.get(("a",))
    kept.put(("e",), b"x" * 50)
    assert [key for key in "abcde" if kept.get((key,))] == ["a", "d", "e"]
