"""The prompts as staff look for them: by where in a call they are heard, and by whom.

The groups are those of `prompts.toml`: a comment above a prompt begins a new one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from audio.words.toml_lines import key_lines

HEARD = {
    "welcome": "Everybody, first of all.",
    "start_again": "Somebody whose place in the call was lost.",
    "trouble": "Somebody for whom the line failed in the middle of a call.",
    "menu_intro": "Everybody, before the choices of the main menu.",
    "menu_article": "In the main menu, where there is one article.",
    "menu_carry_on": "In the main menu, somebody who has begun the article.",
    "menu_articles": "In the main menu, where there are several articles.",
    "menu_contents": "In the main menu, where there is one article.",
    "menu_other_articles": "In the main menu, somebody who has begun an article.",
    "menu_helplines": "In the main menu.",
    "menu_keys": "In the main menu.",
    "menu_end": "In the main menu, last.",
    "not_here": "Somebody who presses a key that does nothing here.",
    "still_there": "Somebody who has pressed no key for some time.",
    "press": "In lists, after the name of what can be chosen.",
    "option": "In lists, before the key.",
    "more": "At the end of a page of a list, where another page follows.",
    "back": "At the end of most lists and menus.",
    "articles_intro": "Somebody who asks for the articles.",
    "contents_intro": "Somebody who asks for the sections of an article.",
    "tour": "Somebody who listens to an article for the first time in a call.",
    "section": "Before each section of an article.",
    "where": "Somebody who presses 2 in an article.",
    "of_sections": "Right after that: how many sections there are.",
    "minutes_left": "Right after that, where more than a minute is left.",
    "last_minute": "Right after that, where about a minute is left.",
    "slower": "Somebody who presses 7 in an article.",
    "faster": "Somebody who presses 9 in an article.",
    "slowest": "Somebody who presses 7 and cannot listen any slower.",
    "fastest": "Somebody who presses 9 and cannot listen any faster.",
    "beginning": "Somebody who goes back at the beginning of an article.",
    "paused": "Somebody who presses 5 in an article.",
    "still_paused": "Somebody who has paused for some time.",
    "end_of_article": "After the last sentence of an article.",
    "end_again": "The first choice after an article.",
    "end_contents": "The second choice after an article.",
    "end_helplines": "The third choice after an article.",
    "end_menu": "The last choice after an article.",
    "helplines_intro": "Somebody who asks for someone to talk to.",
    "open_now": "In the list of helplines, before those that are open.",
    "closed_now": "In the list of helplines, before those that are closed.",
    "they_are_open": "Somebody who chose a helpline that is open.",
    "they_are_closed": "Somebody who chose a helpline that is closed.",
    "closed_on_holiday": "The same, on a public holiday on which it is closed.",
    "closed_now_on_holiday": "The same, on a public holiday with other hours.",
    "closed_today": "The same, on a date on which it is closed.",
    "closed_now_today": "The same, on a date with other hours.",
    "speak_only": "Somebody who chose a helpline whose number is only read out.",
    "dial_yourself": "Somebody who chose a helpline that the line can put through to.",
    "put_through": "The first choice there.",
    "put_through_anyway": "The first choice there, if the helpline is closed.",
    "hear_number": "The second choice there.",
    "number_is": "Before the number.",
    "number_again": "After the number.",
    "number_slower": "After the number.",
    "putting_through": "Somebody who is put through, before it rings.",
    "star_comes_back": "Right after that, where the telephone provider can do it.",
    "back_on_line": "Somebody who comes back from a helpline.",
    "did_you_speak": "Somebody who comes back after a very short call.",
    "busy": "Somebody whose helpline is busy.",
    "no_answer": "Somebody whose helpline does not answer.",
    "failed": "Somebody whose helpline cannot be reached.",
    "try_again": "A choice after that.",
    "others_open_first": "A choice after that.",
    "other_helplines": "A choice after that.",
    "to_article": "A choice after that, for somebody who was in an article.",
    "to_menu": "A choice after that, for somebody who was in no article.",
    "not_understood": "Somebody whose words were not understood.",
    "use_keys": "Somebody whose words were not understood several times.",
    "did_you_mean": "Somebody whose words could mean several things.",
    "guide_intro": "Somebody who asks what the keys do: first.",
    "guide_1": "The key guide.",
    "guide_2": "The key guide.",
    "guide_3": "The key guide.",
    "guide_4": "The key guide.",
    "guide_5": "The key guide.",
    "guide_6": "The key guide.",
    "guide_7": "The key guide.",
    "guide_8": "The key guide.",
    "guide_9": "The key guide.",
    "guide_0": "The key guide.",
    "guide_star": "The key guide.",
    "guide_hash": "The key guide.",
    "guide_forget": "The key guide.",
    "remembered": "Somebody who asks what the line remembers about them.",
    "nothing_remembered": "The same, if the line cannot tell who is ringing.",
    "forget": "A choice after that.",
    "forgotten": "Somebody who had everything forgotten.",
    "ends_soon": "Somebody whose call has nearly reached its longest time.",
    "time_is_over": "Somebody whose call has reached its longest time.",
    "last_transfer": "Somebody who is put through for the last time in a call.",
    "no_more_transfers": "Somebody who cannot be put through again in this call.",
    "rings_too_often": "Somebody who rang many times within an hour.",
    "barred": "Somebody whose number an operator has barred.",
    "other_help": "Everybody whose call the line ends or does not take.",
    "choose_language": "Everybody, first of all, where there are several languages.",
    "guide_numbers": "The key guide, near its end.",
    "guide_try": "The key guide, last.",
    "goodbye": "Everybody who ends the call, last of all.",
    "stay": "Right after that, for somebody who wants to go on.",
    "fallback_opening": "Everybody who rings while the line itself is out of order.",
    "fallback_closing": "The same, after the helplines' numbers.",
}
"""Who hears a prompt when. One that is not listed has only its group."""


IN_BRACKETS = r"\s*\([^)]*\)"
FILES = r"\.toml|docs/"
"""What a comment says to whoever writes the files, and staff need not read."""


@dataclass
class Group:
    """Prompts that are heard in one part of a call."""

    heading: str
    note: str
    """What else the comment says; empty where it says no more."""
    names: list[str] = field(default_factory=list)


def grouped(text: str) -> list[Group]:
    """The prompts of a file in its order, in groups. Raises `ValueError` where it is not TOML."""
    lines = text.split("\n")
    groups = [Group("More prompts", "")]
    for path, number in key_lines(text).items():
        comment = _comment_above(lines, number - 1)
        if comment:
            heading, *note = re.sub(IN_BRACKETS, "", comment).split(". ")
            read = [sentence for sentence in note if not re.search(FILES, sentence)]
            group = Group(heading.rstrip("."), note=". ".join(read))
            groups.append(group)
        groups[-1].names.append(str(path[0]))
    return [group for group in groups if group.names]


def found(groups: list[Group], texts: dict[str, str], wanted: str) -> Iterator[Group]:
    """The groups with the prompts alone that have these words: in their text, in their name or
    in who hears them."""
    words = wanted.casefold().split()
    for group in groups:
        names = []
        for name in group.names:
            said = f"{name} {texts[name]} {HEARD.get(name, '')} {group.heading}"
            if all(word in said.casefold() for word in words):
                names.append(name)
        if names:
            yield Group(group.heading, group.note, names)


def _comment_above(lines: list[str], number: int) -> str:
    """The comment right above a line, on one line; empty where there is none."""
    comment: list[str] = []
    for line in reversed(lines[:number]):
        if not line.startswith("#"):
            break
        comment.insert(0, line.lstrip("# "))
    return " ".join(comment)
