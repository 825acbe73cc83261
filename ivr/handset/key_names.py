"""What each key does at a step, in a few words: the labels on the handset's keys.

They are for people who look at the page, in its own language. Callers hear the prompts.
"""

from ivr.call import flow
from ivr.call.scene import Call
from ivr.call.steps import (
    Articles,
    Contents,
    End,
    Forgetting,
    Goodbye,
    Guide,
    Helplines,
    Languages,
    Menu,
    OneHelpline,
    Paused,
    Reading,
    Step,
    Transfer,
)

PLAYER = {
    "1": "back a sentence",
    "2": "where am I",
    "3": "forward a sentence",
    "4": "back a section",
    "5": "pause or carry on",
    "6": "forward a section",
    "7": "slower",
    "8": "contents",
    "9": "faster",
    "*": "back",
    "0": "someone to talk to",
    "#": "go on",
}
"""The keys of a talking-book player; those of the last row do the same anywhere."""

LAST_ROW = "*0#"

LEADS_TO: dict[type[Step], str] = {
    Menu: "main menu",
    Languages: "choose a language",
    Articles: "articles",
    Contents: "sections",
    Reading: "hear the article",
    Paused: "to the article",
    End: "end of the article",
    Guide: "what keys do",
    Forgetting: "forget me",
    Helplines: "helplines",
    OneHelpline: "the helpline",
    Transfer: "put me through",
    Goodbye: "end the call",
}
"""For a key that is not a choice from a list: where it leads."""

AT_A_HELPLINE = {"2": "hear the number", "3": "number, slower"}
"""Keys that stay at the helpline."""


def key_names(call: Call) -> dict[str, str]:
    """What each key does for a caller at the call's step. Keys that do nothing there are left
    out."""
    step = call.step
    if isinstance(step, Reading):
        return PLAYER
    scene = flow.scene_of(call)
    names = {key: PLAYER[key] for key in LAST_ROW}
    for key, go in scene.keys.items():
        said = scene.may_say.get(key)
        if key in LAST_ROW:
            continue
        if type(go.step) is not type(step):
            names[key] = LEADS_TO.get(type(go.step), "")
            if said and isinstance(step, Articles | Contents | Helplines):
                names[key] = said[0]
        elif isinstance(step, OneHelpline):
            names[key] = AT_A_HELPLINE.get(key, "")
        elif isinstance(step, Guide):
            names[key] = PLAYER[key]
    return names
