"""Paragraphs to sentences."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.words.sentences import sentences

SHORT = {"e.g.", "Dr"}


@pytest.mark.parametrize(
    ("paragraph", "expected"),
    [
        ("One thing. Another thing.", ["One thing.", "Another thing."]),
        ("Really? Yes! Well… Good.", ["Really?", "Yes!", "Well…", "Good."]),
        ("Others go WOW! But really.", ["Others go WOW!", "But really."]),
        ("He said “Go.” She went.", ["He said “Go.”", "She went."]),
        ("It (all of it.) Then more.", ["It (all of it.)", "Then more."]),
        ("Done. 'Next one.' Last.", ["Done.", "'Next one.'", "Last."]),
        ("Eleven came. 12 went.", ["Eleven came.", "12 went."]),
        ("Ask Dr. Brown. He knows.", ["Ask Dr. Brown.", "He knows."]),
        ("Some, e.g. Glasgow, are.", ["Some, e.g. Glasgow, are."]),
        ("By J. M. Barrie. Read it.", ["By J. M. Barrie.", "Read it."]),
        ("So do I. They do too.", ["So do I.", "They do too."]),
        ("It costs 3.50 a week.", ["It costs 3.50 a week."]),
        ("Yes! he cried.", ["Yes! he cried."]),
        ("… And so it began.", ["… And so it began."]),
        ("no full stop", ["no full stop"]),
        (" \n ", []),
    ],
)
def test_a_paragraph_is_cut_where_sentences_end(
    paragraph: str, expected: list[str]
) -> None:
    assert list(sentences(paragraph, SHORT)) == expected


def test_closing_quotes_stay_with_the_sentence_they_close() -> None:
    quoted = "''The people say, 'We did it ourselves.' ''"
    assert sentences(quoted) == (quoted,)
    assert sentences(f"{quoted} Then more.") == (quoted, "Then more.")


def test_white_space_collapses_the_no_break_space_too() -> None:
    assert sentences("One\u00a0 thing.\n  Another.") == ("One thing.", "Another.")


@given(st.one_of(st.text(), st.text(alphabet="aA1.?!…'\"”)( \n")))
def test_no_character_is_lost_or_changed_but_white_space(paragraph: str) -> None:
    assert " ".join(sentences(paragraph, SHORT)) == " ".join(paragraph.split())


@given(st.text(alphabet="aA1.?!…'\"”)( \n"))
def test_every_sentence_of_a_paragraph_with_words_has_words(paragraph: str) -> None:
    if any(character.isalnum() for character in paragraph):
        assert all(any(c.isalnum() for c in s) for s in sentences(paragraph, SHORT))


def test_a_long_run_of_marks_takes_no_time() -> None:
    assert len(sentences("." * 50_000 + "'" * 50_000)) == 1
