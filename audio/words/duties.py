"""What the line owes its callers, in each language: an emergency number, a way to a person, the key
of every choice. Staff may overrule a duty by writing why, into `overruled.toml` of the language.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import phonenumbers

from audio.speech.pronunciations import Pronunciations
from audio.words.hours import WEEK, joined
from audio.words.tables import read_table
from ivr.edition.content import Language, slots
from ivr.errors import Fault

FILE = "overruled.toml"

HELPLINES = "helplines"
"""What the duty of all helplines together is called in that file."""

EMERGENCY = ("welcome", "other_help", "fallback_opening")
"""The prompts that say whom to ring in danger."""

EMERGENCY_NUMBERS = {"GB": "999"}
"""By country: what is proposed where a prompt lacks one."""

KEYS = {
    "welcome": "0",
    "menu_article": "1",
    "menu_carry_on": "1",
    "menu_articles": "1",
    "menu_contents": "2",
    "menu_other_articles": "2",
    "menu_helplines": "3",
    "menu_keys": "4",
    "menu_end": "*",
    "more": "#",
    "back": "*",
    "tour": "#",
    "paused": "5",
    "still_paused": "50",
    "end_again": "1",
    "end_contents": "2",
    "end_helplines": "3",
    "end_menu": "4",
    "put_through": "1",
    "put_through_anyway": "1",
    "hear_number": "2",
    "number_again": "2",
    "number_slower": "3",
    "star_comes_back": "*",
    "try_again": "1",
    "others_open_first": "2",
    "other_helplines": "4",
    "text_number": "4",
    "text_confirm": "1",
    "others_after_text": "5",
    "to_article": "*",
    "to_menu": "*",
    "guide_1": "1",
    "guide_2": "2",
    "guide_3": "3",
    "guide_4": "4",
    "guide_5": "5",
    "guide_6": "6",
    "guide_7": "7",
    "guide_8": "8",
    "guide_9": "9",
    "guide_0": "0",
    "guide_star": "*",
    "guide_hash": "#",
    "guide_numbers": "23",
    "guide_try": "*0",
    "guide_forget": "#",
    "forget": "1",
    "stay": "1",
}
"""The keys that a prompt must say."""


class Duty(Fault):
    """Something that callers are owed and do not get. Staff may overrule it."""


def unmet(
    folder: Path,
    language: Language,
    words: Pronunciations,
    country: str,
    faults: list[Fault],
) -> list[Duty]:
    """The duties of a language that are neither met nor overruled.

    They are not faults of the content: a line that has them still answers. A fault in the file of
    what is overruled is one, and is noted.
    """
    overruled: dict[str, str] = {}
    if (folder / FILE).exists():
        table = read_table(folder / FILE, faults)
        table.only((*slots(), HELPLINES))
        overruled = {name: table.text(name) for name in table.data}
    unread: list[Fault] = []  # noted where the prompts themselves are read
    prompts = read_table(folder / "prompts.toml", unread)
    found: list[Duty] = []
    for name, text in _texts(language):
        if name in overruled:
            continue
        for what, mend in _unmet_by(name, text, words, country):
            line = prompts.place(name)
            duty = Duty(prompts.file, line, f"in {name!r}, {what}", mend)
            found.append(duty)
    if HELPLINES not in overruled and not _is_somebody_always_there(language):
        helplines = read_table(folder / "helplines.toml", unread)
        what = "no helpline is open day and night"
        mend = "add one, so that callers at night have somebody to talk to"
        found.append(Duty(helplines.file, 0, what, mend))
    return found


def _texts(language: Language) -> Iterator[tuple[str, str]]:
    """The prompts that have duties; one that is not written has a fault of its own."""
    for name in KEYS.keys() | set(EMERGENCY):
        text = str(getattr(language.prompts, name))
        if text:
            yield name, text


def _unmet_by(
    name: str, text: str, words: Pronunciations, country: str
) -> Iterator[tuple[str, str]]:
    if name in EMERGENCY and country and not _has_emergency_number(text, country):
        number = EMERGENCY_NUMBERS.get(country, "the emergency number")
        yield (
            "callers in danger do not hear whom to ring",
            f"say {number} in it",
        )
    for key in KEYS.get(name, ""):
        said = words.digits.get(key) or words.symbols.get(key, "")
        called = said or key
        if not _says(text, key, said):
            yield (
                f"callers do not hear the key {called}",
                f"say {called} in it",
            )


def _says(text: str, key: str, said: str) -> bool:
    """Whether a text has a key, as a figure or in the language's own word."""
    names = {said}
    if key.isdecimal():
        names.add(key)
    for name in filter(None, names):
        if re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text, re.IGNORECASE):
            return True
    return False


def _has_emergency_number(text: str, country: str) -> bool:
    numbers = re.findall(r"\d+", text)
    return any(phonenumbers.is_emergency_number(each, country) for each in numbers)


def _is_somebody_always_there(language: Language) -> bool:
    """Whether at least one helpline leaves no hour of the week out."""
    hours = [joined(helpline.hours) for helpline in language.helplines]
    return ((0, WEEK),) in hours
