"""What each key does at a step, in a few words: the labels on the handset's keys.

They are for people who look at the page, in its own language. Callers hear the prompts.
"""

from ivr.call import flow
from ivr.call.scene import Call, Scene
from ivr.call.steps import Articles, Contents, Guide, Helplines, Reading, Step
from ivr.edition.content import Prompts

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

KEYPAD = "123456789*0#"
"""The keys in the order in which they stand."""

LAST_ROW = "*0#"

LEADS_TO = {
    "menu": "main menu",
    "languages": "choose a language",
    "articles": "articles",
    "contents": "sections",
    "read": "hear the article",
    "paused": "to the article",
    "end": "end of the article",
    "keys": "what keys do",
    "forget": "forget me",
    "helplines": "helplines",
    "helpline": "the helpline",
    "transfer": "put me through",
    "text": "text me the number",
    "texting": "send the text",
    "goodbye": "end the call",
}
"""For a key that is not a choice from a list: where it leads."""

AT_A_HELPLINE = {"2": "hear the number", "3": "number, slower"}
"""Keys that stay at the helpline."""


def key_names(call: Call) -> dict[str, str]:
    """What each key does for a caller at the call's step. Keys that do nothing there are left
    out."""
    if isinstance(call.step, Reading):
        return PLAYER
    scene = flow.scene_of(call)
    names = {key: PLAYER[key] for key in LAST_ROW}
    for key in scene.keys:
        if key not in LAST_ROW:
            names[key] = _name(key, call.step, scene)
    return names


def keypad(say: Prompts) -> dict[str, str]:
    """What each key does while the article is read, as callers hear it where keys are explained."""
    spelt = {"*": "star", "#": "hash"}
    names = {}
    for key in KEYPAD:
        said = getattr(say, f"guide_{spelt.get(key, key)}")
        _, _, does = said.partition(": ")  # "One: back a sentence."
        words = does.rstrip(".") or said
        names[key] = words[:1].upper() + words[1:]
    return names


def _name(key: str, step: Step, scene: Scene) -> str:
    """What a number does at a step: chooses from a list, leads elsewhere, or says more here."""
    there = scene.keys[key].step
    if there.language != step.language:
        return "another language"
    if isinstance(step, Articles | Contents | Helplines) and key in scene.may_say:
        return scene.may_say[key][0]
    if type(there) is not type(step):
        return LEADS_TO[there.kind]
    if isinstance(step, Guide):
        return PLAYER[key]
    return AT_A_HELPLINE.get(key, "")
