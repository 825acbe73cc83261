"""What callers may say in a language, instead of a key. Made by the studio, read by the line."""

import re
from dataclasses import dataclass
from functools import cached_property

Wordings = tuple[str, ...]
"""Several ways to say one thing."""


@dataclass(frozen=True, kw_only=True)
class Wishes:
    """What a caller may ask for, besides what menus name; each in several wordings.

    The line says the first wording when it asks which of two wishes a caller meant. Editions from
    before a wish was added lack it; by default, it has no wordings.
    """

    # Anywhere
    back: Wordings = ()
    more: Wordings = ()
    repeat: Wordings = ()
    someone: Wordings = ()
    yes: Wordings = ()
    no: Wordings = ()
    here: Wordings = ()
    # The main menu, and the end of an article
    article: Wordings = ()
    articles: Wordings = ()
    carry_on: Wordings = ()
    sections: Wordings = ()
    keys: Wordings = ()
    end_call: Wordings = ()
    hear_again: Wordings = ()
    main_menu: Wordings = ()
    # What is remembered of a caller
    forget: Wordings = ()
    # Helplines
    put_through: Wordings = ()
    number: Wordings = ()
    slower: Wordings = ()
    try_again: Wordings = ()
    other_helplines: Wordings = ()
    text: Wordings = ()


@dataclass(frozen=True)
class Vocabulary:
    """Everything that a language needs so that callers can speak as well as press keys."""

    recogniser: str
    """The language as the provider's recogniser calls it (BCP 47), such as `en-GB`."""
    say_or_press: dict[str, str]
    """Phrases of prompts, and what is said instead where a caller may also speak."""
    filler: Wordings
    """What people say around what they mean, such as `please`."""
    beside_keys: Wordings
    """What they say along with the name of a key, such as `number`."""
    keys: dict[str, Wordings]
    """Each key, and what it is called. The first name of a digit is that number in a word."""
    wishes: Wishes

    @cached_property
    def figures(self) -> dict[str, str]:
        """The digits by their names in words: `two` is `2`."""
        found = {}
        for key, names in self.keys.items():
            if key.isdigit():
                found[names[0]] = key
        return found

    @cached_property
    def _phrases(self) -> re.Pattern[str]:
        longest_first = sorted(self.say_or_press, key=len, reverse=True)
        any_phrase = "|".join(map(re.escape, longest_first))
        return re.compile(rf"(?<!\w)(?:{any_phrase})(?!\w)")

    def offered(self, prompt: str) -> str:
        """The prompt as it is said where a caller may also speak: "press" is "say or press"."""

        def said(found: re.Match[str]) -> str:
            return self.say_or_press[found[0]]

        return self._phrases.sub(said, prompt)
