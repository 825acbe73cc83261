"""Of what was heard, each utterance gets its part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audio.air.misheard import (
    Misheard,
    compare,
    figure_by_figure,
    words_heard,
    words_of,
)
from audio.words.source import load
from ivr.settings import ROOT

Words = list[str]


def texts(*said: str) -> list[Words]:
    return [words_of(text) for text in said]


def errors(said: list[Words], heard: str) -> list[int]:
    return [each.errors for each in compare(said, heard.split())]


def test_what_was_heard_otherwise_belongs_to_the_utterance_that_has_it() -> None:
    said = texts("Press one.", "Press six.", "To go back, press star.")
    one, six, star = compare(said, words_of("press one press x to go back press door"))
    assert one.misheard == ()
    assert (six.words, six.errors, six.misheard) == (2, 1, (Misheard("six", "x"),))
    assert (star.errors, star.misheard) == (1, (Misheard("star", "door"),))


@given(st.lists(st.lists(st.sampled_from(["a", "cake", "of", "tea", "who"]))))
def test_what_was_heard_as_it_was_said_has_no_errors(said: list[Words]) -> None:
    heard = [word for words in said for word in words]
    found = compare(said, heard)
    assert [each.words for each in found] == [len(words) for words in said]
    assert {(each.errors, each.cut, each.misheard) for each in found} <= {(0, 0, ())}


@given(st.lists(st.sampled_from(["a", "cake", "of", "tea", "who"]), min_size=1))
def test_silence_loses_every_word(said: Words) -> None:
    [found] = compare([said], [])
    assert (found.errors, found.cut, found.error_rate) == (len(said), len(said), 1)


@pytest.mark.parametrize(
    ("heard", "lost"),
    [
        ("we bake a cake then they eat it", [0, 0]),
        ("we bake a then they eat it", [1, 0]),
        ("bake a cake then they eat it", [1, 0]),
        ("then they eat it", [4, 0]),
        ("we bake a cake then they", [0, 2]),
        ("we bake they eat it", [2, 1]),
        ("we a cake then eat it", [0, 0]),  # within, it may be misheard
        ("we bake a lake then they beat it", [0, 0]),
    ],
)
def test_a_sentence_is_cut_where_its_first_or_last_words_are_not_heard(
    heard: str, lost: list[int]
) -> None:
    said = texts("We bake a cake.", "Then they eat it.")
    assert [each.cut for each in compare(said, heard.split())] == lost


def test_words_in_excess_count_for_the_words_around_them() -> None:
    said = texts("We bake.", "They eat.")
    assert errors(said, "we bake cakes they eat") == [1, 1]
    assert errors(said, "we so bake they eat") == [1, 0]
    assert errors(said, "so we bake they eat") == [1, 0]
    assert errors(said, "we bake they eat it up") == [0, 2]


def test_words_in_excess_count_for_nobody_farther_away() -> None:
    said = texts("Tea.", "Cake.", "Milk.", "Salt.")
    assert errors(said, "tea cake so milk salt") == [0, 1, 1, 0]
    [*_, star] = compare(texts("Press six.", "Star."), words_of("press six so a door"))
    assert star.misheard == (Misheard("star", "so a door"),)


def test_a_stretch_over_two_utterances_is_shared() -> None:
    said = texts("We bake a cake.", "Then they eat it.")
    first, second = compare(
        said, ["we", "bake", "a", "lake", "when", "they", "eat", "it"]
    )
    assert (first.errors, second.errors) == (1, 1)


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        ("They are there for us.", "they are their four us"),
        ("A fairy tale.", "a fairytale"),
        ("The organisation may be there.", "the organization maybe there"),
        ("The best leader's work.", "the best leaders work"),
        ("Lao Tsoo", "lao tzu"),
        ("Today, and nowhere.", "to day and now here"),
        ("To day, and now here.", "today and nowhere"),
    ],
)
def test_what_sounds_alike_is_right(said: str, heard: str) -> None:
    assert errors(texts(said), heard) == [0]


@pytest.mark.parametrize(
    ("said", "heard"),
    [("Press star.", "press door"), ("Calm", "come"), ("Closed now", "close now")],
)
def test_what_sounds_otherwise_is_wrong(said: str, heard: str) -> None:
    assert errors(texts(said), heard) == [1]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("It costs £4.50.", "it costs four pounds fifty"),
        ("0800 58-58-58", "zero eight zero zero five eight five eight five eight"),
        ("Co-production in 2019", "co production in twenty nineteen"),
        ("It's the NHS.", "its the n h s"),
    ],
)
def test_what_the_ear_wrote_becomes_words_as_the_text_did(
    written: str, said: str
) -> None:
    words = load(ROOT / "content").pronunciations["en"]
    assert words_heard(written, "en", words) == said.split()


def test_figures_may_be_heard_one_by_one() -> None:
    written = figure_by_figure("It is 116,123.")
    assert " ".join(written.split()) == "It is 1 1 6 1 2 3 ."
