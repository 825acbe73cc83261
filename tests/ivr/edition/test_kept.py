"""Bytes in memory."""

from hypothesis import given
from hypothesis import strategies as st

from ivr.edition.kept import Kept

ROOM = 100

Put = tuple[str, bytes]


@given(st.lists(st.tuples(st.sampled_from("abcde"), st.binary(max_size=ROOM + 1))))
def test_what_was_put_last_is_kept_as_far_as_it_fits(puts: list[Put]) -> None:
    kept = Kept(ROOM)
    for key, data in puts:
        kept.put((key,), data)
    expected: dict[str, bytes] = {}
    for key, data in reversed(puts):
        if key not in expected:
            expected[key] = data
    left = ROOM
    for key, data in expected.items():
        left -= len(data)
        assert kept.get((key,)) == (data if left >= 0 else None)


def test_what_was_asked_for_lately_stays_longer() -> None:
    kept = Kept(ROOM)
    for key in "abcd":
        kept.put((key,), b"x" * 25)
    kept.get(("a",))
    kept.put(("e",), b"x" * 50)
    assert [key for key in "abcde" if kept.get((key,))] == ["a", "d", "e"]
