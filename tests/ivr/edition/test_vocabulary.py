"""How prompts are said where callers may also speak."""

from dataclasses import replace

import pytest

from tests.support.small import edition, vocabulary

PHRASES = {
    "press": "say or press",
    "press the star key": "say back, or press the star key",
    "All of it, press 9.": "All of it.",
}


@pytest.mark.parametrize(
    ("prompt", "offered"),
    [
        ("To hear it, press 1.", "To hear it, say or press 1."),
        ("Back: press the star key.", "Back: say back, or press the star key."),
        ("press {key}.", "say or press {key}."),
        ("All of it, press 9.", "All of it."),
        ("The pressing news: press 1.", "The pressing news: say or press 1."),
        ("Press it.", "Press it."),
        ("To press on, press 1.", "To say or press on, say or press 1."),
    ],
)
def test_the_longest_phrase_is_replaced_as_whole_words(
    prompt: str, offered: str
) -> None:
    words = replace(vocabulary(), say_or_press=PHRASES)
    assert words.offered(prompt) == offered


def test_only_prompts_have_another_form_and_with_every_value_of_their_slots() -> None:
    """A heading, or a helpline's name, is nobody's offer, whatever words are in it."""
    words = edition(speech=True).content.languages["en"]
    assert words.say_or_press["<press> 4"] == "<say press> 4"
    assert words.say_or_press["<option> Always"] == "<say option> Always"
    assert "Always" not in words.say_or_press
    assert edition().content.languages["en"].say_or_press == {}
