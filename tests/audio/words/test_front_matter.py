"""An article's facts and words are told apart, and each knows where in the file it stands."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.words import front_matter
from audio.words.front_matter import NoFrontMatter, split

FILE = '\n+++\ntitle = "A"\n+++  \n\nWords.\n+++\n'


def test_facts_stand_between_the_first_two_fences_and_words_below() -> None:
    parts = split(FILE)
    assert parts.facts == 'title = "A"'
    assert parts.body == "\nWords.\n+++\n"


def test_both_keep_the_files_line_numbers() -> None:
    parts = split(FILE)
    lines = FILE.split("\n")
    assert lines[parts.facts_line - 1] == 'title = "A"'
    assert parts.facts_in_place.split("\n")[2] == lines[2]
    assert parts.body_in_place.split("\n")[5] == lines[5] == "Words."


def test_other_peoples_files_have_another_fence() -> None:
    assert (
        split("---\ntitle: A\n---\nWords.", front_matter.YAML_FENCE).facts == "title: A"
    )


@pytest.mark.parametrize(
    ("text", "line", "what"),
    [
        ("", 1, "there is no front matter"),
        ("Words.\n", 1, "there is no front matter"),
        ("Words.\n+++\n+++\n", 1, "there is no front matter"),
        ("++++\n+++ x\n", 1, "there is no front matter"),
        ("\n\n+++\nWords.\n", 3, "the front matter is not closed"),
    ],
)
def test_what_cannot_be_told_apart_is_refused_with_its_line(
    text: str, line: int, what: str
) -> None:
    with pytest.raises(NoFrontMatter) as error:
        split(text)
    assert (error.value.line, error.value.what) == (line, what)


no_fences = st.text(st.characters(exclude_characters="+"))


@given(no_fences, no_fences)
def test_what_is_joined_is_split_again(facts: str, body: str) -> None:
    parts = split(front_matter.join(facts, body))
    assert (parts.facts, parts.body) == (facts, f"\n{body}\n")
