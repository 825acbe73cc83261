"""Everything that callers can hear is said beforehand."""

from dataclasses import fields, replace
from datetime import datetime
from pathlib import Path

from audio.words.source import load
from audio.words.utterances import utterances
from ivr.edition.content import KEYS, Language, Notice, Prompts
from tests.support.small_content import HELPLINES, changed, write, write_welsh


def small(folder: Path) -> Language:
    return load(write(folder)).content.languages["en"]


def test_every_prompt_is_said_once_for_each_value_of_its_slot(tmp_path: Path) -> None:
    """With two languages, as one alone does not offer itself."""
    english = load(write_welsh(tmp_path)).content.languages["en"]
    said = utterances(english)
    assert {f"The words of press {key}." for key in KEYS} <= set(said)
    offers = [text for text in said if "choose_language" in text]
    assert offers == [f"The words of choose_language {key}." for key in "15"]
    assert not [text for text in utterances(small(tmp_path)) if "choose_l" in text]
    assert "The words of option First." in said
    assert "The words of option One." in said
    assert "The words of section 2." in said
    assert "The words of section 3." not in said
    for prompt in fields(Prompts):
        assert any(text.startswith(f"The words of {prompt.name}") for text in said), (
            prompt.name
        )


def test_helplines_and_articles_are_said_with_all_that_callers_hear_of_them(
    tmp_path: Path,
) -> None:
    said = utterances(small(tmp_path))
    heard = {"First", "For anyone.", "Day and night.", "Free.", "0800 1111"}
    heard |= {"0,", "8,", "0.", "1,", "1."}
    heard |= {"A title", "From a test.", "Copyright nobody.", "One", "Two"}
    assert heard | {"First words.", "Second words.", "Last words."} <= set(said)
    assert not {"+448001111", "A test", "2026-11-23", "one"} & set(said)


def test_the_sentence_that_the_line_writes_on_hours_is_said_beforehand(
    tmp_path: Path,
) -> None:
    without = changed(HELPLINES, 'when = "Day and night."\n', "")
    source = load(write(tmp_path, helplines=without))
    said = utterances(source.content.languages["en"])
    assert "Open all day and all night." in said
    assert "The words of closed_on_holiday." in said


def test_a_notice_is_said_where_there_is_one(tmp_path: Path) -> None:
    language = small(tmp_path)
    snow = Notice("It snows.", datetime(2026, 1, 1), datetime(2026, 1, 2))
    new = set(utterances(replace(language, notice=snow))) - set(utterances(language))
    assert new == {"It snows."}


def test_each_text_is_said_once_and_an_empty_one_never(tmp_path: Path) -> None:
    language = small(tmp_path)
    helpline = replace(language.helplines[0], cost="", whom="Free.", when=" ")
    said = utterances(replace(language, helplines=(helpline, helpline)))
    assert len(said) == len(set(said))
    assert all(text.strip() for text in said)
