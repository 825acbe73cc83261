"""What the line owes its callers: noticed where it is missing, overruled only with a reason."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from audio.words import duties
from audio.words.source import load
from ivr.edition.content import slots
from ivr.settings import ROOT
from tests.support.small_content import changed


def told(content: Path) -> list[str]:
    return [f"{duty.what}; {duty.mend}" for duty in load(content).unsafe]


def write(content: Path, prompt: str, text: str) -> None:
    file = content / "en/prompts.toml"
    old = getattr(load(content).content.languages["en"].prompts, prompt)
    file.write_text(
        changed(file.read_text(), f'{prompt} = "{old}"', f'{prompt} = "{text}"')
    )


def test_the_line_as_it_comes_owes_nothing() -> None:
    assert load(ROOT / "content").unsafe == ()


def test_only_prompts_that_the_line_has_are_held_against_a_duty() -> None:
    assert duties.KEYS.keys() | set(duties.EMERGENCY) <= slots().keys()


KEY_SAID = re.compile(
    r"\b(?:press|or) (?:the )?(star|hash|\d)\b|^(?:the )?(\w+)(?: key)?:"
)
"""How the line's own English names a key: "press 1", "press 2 or 3", "One: back a sentence"."""


def test_every_key_that_the_line_tells_callers_to_press_is_owed_to_them() -> None:
    source = load(ROOT / "content")
    digits = source.pronunciations["en"].digits
    signs = {said: key for key, said in digits.items()} | {"star": "*", "hash": "#"}
    for prompt in slots():
        text = getattr(source.content.languages["en"].prompts, prompt).lower()
        named = [one or other for one, other in KEY_SAID.findall(text)]
        keys = "".join(signs.get(name, name) for name in named)
        assert duties.KEYS.get(prompt, "") == keys, text


@pytest.mark.parametrize(
    ("prompt", "text", "expected"),
    [
        (
            "welcome",
            "Welcome, everybody.",
            [
                "in 'welcome', callers do not hear the key zero; say zero in it",
                "in 'welcome', callers in danger do not hear whom to ring; say 999 in it",
            ],
        ),
        ("welcome", "Welcome. In danger, dial 112. Press ZERO to talk.", []),
        (
            "welcome",
            "Welcome. In danger, dial 1999. Press 10 to talk.",
            [
                "in 'welcome', callers do not hear the key zero; say zero in it",
                "in 'welcome', callers in danger do not hear whom to ring; say 999 in it",
            ],
        ),
        (
            "menu_helplines",
            "For someone to talk to, press 4.",
            ["in 'menu_helplines', callers do not hear the key three; say three in it"],
        ),
        (
            "back",
            "To go back, press the start key.",
            ["in 'back', callers do not hear the key star; say star in it"],
        ),
        (
            "fallback_opening",
            "Sorry, the line is not working.",
            [
                "in 'fallback_opening', callers in danger do not hear whom to ring;"
                " say 999 in it"
            ],
        ),
    ],
)
def test_what_is_not_said_is_noticed(
    content_copy: Path, prompt: str, text: str, expected: list[str]
) -> None:
    write(content_copy, prompt, text)
    assert sorted(told(content_copy)) == expected


def test_a_night_without_anybody_is_noticed(content_copy: Path) -> None:
    file = content_copy / "en/helplines.toml"
    text = file.read_text()
    assert '["always"]' in text
    file.write_text(
        text.replace('["always"]', '["daily 09:00-17:00"]\nholidays = "closed"')
    )
    with_hours = [
        each for each in told_or_faults(content_copy) if "day and night" in each
    ]
    assert with_hours


def told_or_faults(content: Path) -> list[str]:
    """The duties of helplines alone, whatever their words say of their hours."""
    language = load(ROOT / "content").content.languages["en"]
    shut = [replace(each, hours=((0, 600),)) for each in language.helplines]
    words = load(ROOT / "content").pronunciations["en"]
    found = duties.unmet(
        content / "en", replace(language, helplines=tuple(shut)), words, "GB", []
    )
    return [duty.what for duty in found]


def test_a_duty_is_overruled_by_writing_why(content_copy: Path) -> None:
    write(content_copy, "welcome", "Welcome, everybody.")
    file = content_copy / "en" / duties.FILE
    file.write_text('welcome = "It is said on the line before this one."\n')
    assert told(content_copy) == []


def test_another_country_has_its_own_number(content_copy: Path) -> None:
    write(content_copy, "welcome", "Dial 999, or press 0.")
    line = content_copy / "line.toml"
    language = load(content_copy).content.languages["en"]
    words = load(content_copy).pronunciations["en"]
    assert line.exists()
    found = duties.unmet(content_copy / "en", language, words, "DE", [])
    assert {duty.mend for duty in found} == {"say the emergency number in it"}
    assert len(found) == len(duties.EMERGENCY)


def test_in_a_language_without_a_word_for_a_sign_the_sign_itself_is_named() -> None:
    source = load(ROOT / "content")
    words = replace(source.pronunciations["en"], symbols={})
    language = source.content.languages["en"]
    folder = ROOT / "content" / "en"
    found = duties.unmet(folder, language, words, "GB", [])
    assert "in 'back', callers do not hear the key *" in {duty.what for duty in found}
    assert "say # in it" in {duty.mend for duty in found}
