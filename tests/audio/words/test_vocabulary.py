"""What callers may say is checked, where the line has speech."""

import re
from pathlib import Path

import pytest

from audio.air.changes import changes
from audio.words.source import load
from audio.words.utterances import utterances
from audio.words.vocabulary import WISHES
from ivr.edition.content import KEYS
from ivr.settings import ROOT
from tests.support.small_content import LINE, PROMPTS, changed, faults, speaking, write

WORDS = (ROOT / "content/en/vocabulary.toml").read_text("utf-8")
SPEAKING = changed(LINE, "[voices]", "speech = true\n[voices]")
OFFERS = PROMPTS.replace('"The words', '"press: the words')


def small(folder: Path, words: str | None = WORDS, prompts: str = OFFERS) -> Path:
    """The small content, in which callers may also speak."""
    write(folder, line=SPEAKING, prompts=prompts)
    if words is not None:
        (folder / "en" / "vocabulary.toml").write_text(words, "utf-8")
    return folder


def test_the_words_are_read_and_both_forms_of_prompts_are_said(tmp_path: Path) -> None:
    words = load(small(tmp_path)).content.languages["en"]
    assert words.vocabulary
    assert words.vocabulary.recogniser == "en-GB"
    assert set(words.vocabulary.keys) == set(KEYS)
    said = utterances(words)
    assert {"press: the words of back.", "say or press: the words of back."} <= set(
        said
    )
    assert "say or press: the words of say or press 4." in said
    assert {"go back", "put me through"} <= set(said)


def test_without_speech_nothing_of_it_is_read_or_said(tmp_path: Path) -> None:
    folder = write(tmp_path, line=changed(SPEAKING, "true", "false"), prompts=OFFERS)
    words = load(folder).content.languages["en"]
    assert words.vocabulary is None
    assert not [text for text in utterances(words) if "say or" in text]


def test_the_switch_is_told_among_what_changed(tmp_path: Path) -> None:
    before = load(write(tmp_path / "before", prompts=OFFERS)).content
    after = load(small(tmp_path / "after")).content
    assert changes(before, after) == ("en: what callers may say changed",)


def test_the_real_words_have_no_fault_and_are_off_until_somebody_switches_them_on(
    tmp_path: Path,
) -> None:
    assert load(ROOT / "content").content.languages["en"].vocabulary is None
    assert load(speaking(tmp_path / "on")).content.languages["en"].vocabulary


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    fault = "en/vocabulary.toml: the file is missing; add it"
    assert faults(small(tmp_path, words=None)) == [fault]


@pytest.mark.parametrize("wish", WISHES)
def test_a_missing_wish_is_named(wish: str, tmp_path: Path) -> None:
    without = re.sub(rf"^{wish} = \[[^]]*\]\n", "", WORDS, flags=re.MULTILINE)
    assert without != WORDS
    (fault,) = faults(small(tmp_path, words=without))
    assert f"'{wish}' is missing; add it: a list in [brackets]" in fault


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('"en-GB"', '"British"', "'British' is not a language; write one such as"),
        ('5 = ["five"', '5 = ["two"', "'two' is also a name of key 2; take it out"),
        ('9 = ["nine", "ninth", "ninth one"]\n', "", "'9' is missing; add it"),
        ("[wishes]\n", '[wishes]\nbak = ["x"]\n', "did you mean back?"),
        ('["go back", ', "[1, ", "'back' has 1 in it; each entry must be text"),
        (
            '"press" = "say or press"',
            '"press {key}" = "say or press {key}"',
            "'press {key}' has a slot; take out the {braces}",
        ),
    ],
)
def test_each_fault_is_named_with_its_line(
    old: str, new: str, fault: str, tmp_path: Path
) -> None:
    found = faults(small(tmp_path, words=changed(WORDS, old, new)))
    assert fault in found[0]
    assert re.match(r"en/vocabulary\.toml:\d+: ", found[0])


def test_a_menu_that_would_not_say_that_callers_may_speak_is_a_fault(
    tmp_path: Path,
) -> None:
    prompts = changed(
        OFFERS,
        '"press: the words of menu_helplines."',
        '"Three: somebody to talk to."',
    )
    assert faults(small(tmp_path, prompts=prompts)) == [
        "en/prompts.toml: 'menu_helplines' does not say that callers may speak;"
        " use a phrase in it from [say_or_press] in vocabulary.toml, such as press"
    ]
