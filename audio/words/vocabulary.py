"""`vocabulary.toml`: what callers may say in a language, instead of a key."""

import re
from dataclasses import fields
from pathlib import Path

from audio.words.faults import note
from audio.words.tables import Table, read_table
from ivr.edition.content import KEYS, Prompts
from ivr.edition.vocabulary import Vocabulary, Wishes
from ivr.errors import Fault

FILE = "vocabulary.toml"

LANGUAGE_TAG = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
"""What a recogniser takes for a language (BCP 47)."""

WISHES = tuple(field.name for field in fields(Wishes))

ONE_OF_EACH_MENU = (
    "menu_helplines",
    "press",
    "end_menu",
    "guide_try",
    "hear_number",
    "number_again",
    "try_again",
)
"""A menu that listens says one of these, so each must say that callers may speak."""


def load_vocabulary(
    folder: Path, prompts: Prompts, faults: list[Fault]
) -> Vocabulary | None:
    """What callers may say; None where it has faults, which are noted."""
    before = len(faults)
    file = read_table(folder / FILE, faults)
    file.only(field.name for field in fields(Vocabulary))
    vocabulary = Vocabulary(
        recogniser=_recogniser(file),
        say_or_press=_say_or_press(file.table("say_or_press")),
        filler=file.texts("filler"),
        beside_keys=file.texts("beside_keys"),
        keys=_keys(file.table("keys")),
        wishes=_wishes(file.table("wishes")),
    )
    if len(faults) > before:
        return None
    for name in ONE_OF_EACH_MENU:
        prompt = getattr(prompts, name)
        if prompt and vocabulary.offered(prompt) == prompt:
            what = f"{name!r} does not say that callers may speak"
            mend = f"use a phrase in it from [say_or_press] in {FILE}, such as press"
            note(faults, folder / "prompts.toml", what, mend)
    return vocabulary


def _recogniser(file: Table) -> str:
    tag = file.text("recogniser")
    if tag and not LANGUAGE_TAG.fullmatch(tag):
        what = f"{tag!r} is not a language"
        file.fault("recogniser", what, 'write one such as "en-GB"')
    return tag


def _say_or_press(table: Table) -> dict[str, str]:
    """Prompts keep their slots, so there are none in these phrases."""
    found = {}
    for phrase in table.data:
        found[phrase] = table.text(phrase)
        if set("{}") & set(phrase + found[phrase]):
            table.fault(phrase, f"{phrase!r} has a slot", "take out the {braces}")
    if not found:
        what = "there are no phrases"
        table.fault("press", what, 'write some, such as press = "say or press"')
    return found


def _keys(table: Table) -> dict[str, tuple[str, ...]]:
    """Every key has names, and no two keys share a name."""
    table.only(KEYS)
    keys = {key: table.texts(key) for key in KEYS}
    owner: dict[str, str] = {}
    for key, names in keys.items():
        for name in names:
            first = owner.setdefault(name.casefold(), key)
            if first != key:
                what = f"{name!r} is also a name of key {first}"
                table.fault(key, what, "take it out of one of them")
    return keys


def _wishes(table: Table) -> Wishes:
    table.only(WISHES)
    return Wishes(**{wish: table.texts(wish) for wish in WISHES})
