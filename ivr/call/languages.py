"""The choice of a language: the scene at the start of a call, and the ways from the main menu."""

from dataclasses import replace

from ivr.call.scene import Call, Go, Scene
from ivr.call.steps import Goodbye, Languages, Menu
from ivr.edition.content import language_choices

WAITS_S = (4, 6)
"""Short, as nobody loses anything: the call goes on, and the main menu offers the others again."""


def languages(step: Languages, call: Call) -> Scene:
    """Each language offers itself, in its own voice.

    Callers who choose none hear the offer once more. Then the call goes on in the first language.
    """
    first = welcome(call, step.language)
    unclear = first
    if step.silences == 0:
        unclear = Go(replace(step, silences=1))
    keys = dict.fromkeys("123456789", unclear)
    keys |= ways(call)
    keys["*"] = Go(step.to(Goodbye))
    keys["#"] = first
    return Scene(
        says=offers(call),
        keys=keys,
        waits_s=WAITS_S,
        silence=lambda: unclear,
    )


def welcome(call: Call, language: str) -> Go:
    """The main menu in a language, after the welcome, which says what to do in danger.

    A bookmark is a sentence of the language that the caller leaves, so it is dropped.
    """
    menu = call.step.to(Menu, bookmark=None, reading=False)
    menu = replace(menu, language=language)
    there = replace(call, step=menu)
    said = (there.prompts.welcome, *there.notice)
    return Go(menu, said)


def offers(call: Call, current: str = "") -> tuple[str, ...]:
    """The offer of each language that can be chosen, in that language."""
    languages = call.edition.content.languages
    choices = language_choices(languages, current)
    said = []
    for key, code in choices.items():
        offer = languages[code].prompts.choose_language
        said.append(offer.format(choice=key))
    return tuple(said)


def ways(call: Call, current: str = "") -> dict[str, Go]:
    """Where the keys that choose a language lead."""
    choices = language_choices(call.edition.content.languages, current)
    return {key: welcome(call, code) for key, code in choices.items()}
