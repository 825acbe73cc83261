"""A long text is cut where a reader would pause, and no word is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.voices.pieces import pieces


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("One two.", ["One two."]),
        ("One, two three four", ["One,", "two three", "four"]),
        ("One two three four", ["One two", "three", "four"]),
        ("Onetwothreefour", ["Onetwothre", "efour"]),
        ("One... --------, two", ["One...", "two"]),
        ("", []),
        ("?!", []),
    ],
)
def test_a_piece_ends_at_a_mark_else_between_words(text: str, made: list[str]) -> None:
    assert pieces(text, 10) == made


@given(st.text("ab ,.", max_size=80), st.integers(2, 12))
def test_no_piece_is_too_long_and_no_letter_is_lost(text: str, most: int) -> None:
    made = pieces(text, most)
    assert all(len(piece) <= most for piece in made)
    letters = [letter for letter in text if letter.isalnum()]
    assert [letter for letter in "".join(made) if letter.isalnum()] == letters
