"""Where in the sound a caller is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.call.position import heard_ms, sentence_at

LENGTHS = st.lists(st.integers(1, 60_000), min_size=1, max_size=30)


@pytest.mark.parametrize(
    ("elapsed", "sentence"),
    [(-500, 1), (0, 1), (1999, 1), (2000, 2), (2999, 2), (9999, 2)],
)
def test_the_sentence_is_the_one_whose_time_it_is(
    elapsed: float, sentence: int
) -> None:
    assert sentence_at([5000, 2000, 1000], 1, elapsed) == sentence


@given(LENGTHS, st.data())
def test_every_moment_lies_in_the_sentence_it_is_said_to_be(
    lengths: list[int], data: st.DataObject
) -> None:
    start = data.draw(st.integers(0, len(lengths) - 1))
    elapsed = data.draw(st.integers(0, sum(lengths[start:]) - 1))
    found = sentence_at(lengths, start, elapsed)
    assert sum(lengths[start:found]) <= elapsed < sum(lengths[start : found + 1])


def test_what_was_heard_counts_from_the_start_of_the_section() -> None:
    assert heard_ms([5000, 2000], 1, 300) == 5300
    assert heard_ms([5000, 2000], 1, -300) == 5000
