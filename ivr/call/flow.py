"""The flow of a call, a pure function: `(edition, step, event, now) -> reply`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ivr.call import helplines, languages, menus, reading, returning
from ivr.call.limits import begun, is_over, warned
from ivr.call.position import START_UP_MS
from ivr.call.scene import (
    EVERY_ABILITY,
    NO_LIMITS,
    Abilities,
    Call,
    Event,
    Go,
    KeyLost,
    LeftOff,
    Limits,
    Lost,
    Outcome,
    Pressed,
    Reply,
    Scene,
    Silence,
    Start,
    Trouble,
)
from ivr.call.steps import (
    Articles,
    Contents,
    Doubtful,
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
    Unreached,
)
from ivr.edition.content import Prompts
from ivr.edition.edition import Edition

SCENES: dict[type[Step], Callable[[Any, Call], Scene]] = {
    Languages: languages.languages,
    Menu: menus.menu,
    Articles: menus.articles,
    Contents: menus.contents,
    Reading: reading.reading,
    Paused: reading.paused,
    End: reading.end,
    Guide: menus.guide,
    Helplines: helplines.helplines,
    OneHelpline: helplines.one_helpline,
    Transfer: helplines.transfer,
    Doubtful: helplines.doubtful,
    Unreached: helplines.unreached,
    Forgetting: menus.forgetting,
    Goodbye: menus.goodbye,
}


def first_step(edition: Edition, language: str = "") -> Languages | Menu:
    """Where a call begins: at the choice of a language, unless there is one only or the caller's
    `language` is known."""
    every = edition.content.languages
    if language in every:
        return Menu(language=language)
    first = next(iter(every))
    can_be_offered = all(words.prompts.choose_language for words in every.values())
    if len(every) > 1 and can_be_offered:
        return Languages(language=first)
    return Menu(language=first)


def answer(
    edition: Edition,
    step: Step,
    event: Event,
    now: datetime,
    start_up_ms: int = START_UP_MS,
    abilities: Abilities = EVERY_ABILITY,
    limits: Limits = NO_LIMITS,
) -> Reply:
    """What the line does when `event` happens to a caller who is at `step`.

    `now` is aware. The reply's step says when its words begin to be heard, so that the next
    key tells where in them the caller was. `abilities` are those of the caller's provider, and
    `limits` those of this call.
    """
    call = Call(edition, now, step, start_up_ms, abilities, limits)
    go = _go(call, event)
    if isinstance(event, Start | Lost):
        go = replace(go, step=begun(call, go.step))
    go = warned(call, event, go)
    arrived = replace(call, step=go.step)
    reply = _arrive(arrived, go.before)
    if is_over(arrived):
        reply = _last_words(go.step, call.prompts, call.prompts.time_is_over)
    return replace(reply, forget=go.forget)


def turn_away(edition: Edition, is_barred: bool) -> Reply:
    """What a caller hears whose call is not taken: they are barred, or rang too often just now.

    They are spoken to all the same, as whoever rings may be in danger; in every language, as none
    was chosen.
    """
    step = first_step(edition)
    said: tuple[str, ...] = ()
    for words in edition.content.languages.values():
        say = words.prompts
        why = say.rings_too_often
        if is_barred:
            why = say.barred
        said += _last_words(step, say, why).says
    return Reply(step, said, wait_s=0, last=True)


def _last_words(step: Step, say: Prompts, why: str) -> Reply:
    """Why the line hangs up, and whom one can ring instead. No key is listened for."""
    said = tuple(filter(None, (why, say.other_help)))
    return Reply(step, said or (say.goodbye,), wait_s=0, last=True)


def scene_of(call: Call) -> Scene:
    """What the call's step says and where its keys lead."""
    return SCENES[type(call.step)](call.step, call)


def _go(call: Call, event: Event) -> Go:
    step = call.step
    say = call.prompts
    match event:
        case Start(left_off):
            return _welcome(call, left_off)
        case Lost():
            return Go(step.to(Menu), (say.start_again,))
        case Trouble():
            return Go(step.to(Helplines), (say.trouble,))
        case Pressed(keys):
            scene = scene_of(call)
            return _pressed(call, scene, _known(scene, keys))
        case KeyLost():
            return scene_of(call).stay or Go(step)
        case Outcome() if isinstance(step, Transfer):
            return helplines.after_transfer(step, call, event)
        case Outcome():
            return Go(step)
        case Silence():
            return _silence(step, scene_of(call))


def _welcome(call: Call, left_off: LeftOff | None) -> Go:
    """The welcome and the notice; for one who rings again, at their speed and in their language."""
    languages_here = call.edition.content.languages
    if left_off and left_off.language in languages_here:
        first = returning.first_step(left_off, call.edition.content)
        call = replace(call, step=first)
    if isinstance(call.step, Languages):
        return Go(call.step)
    return Go(call.step, (call.prompts.welcome, *call.notice))


def _known(scene: Scene, keys: str) -> str:
    """The first of these keys that does something here; all of them where none does."""
    for key in keys:
        if key == "0" or key in scene.keys:
            return key
    return keys


def _pressed(call: Call, scene: Scene, key: str) -> Go:
    """Zero leads to the helplines from anywhere; a key that does nothing here says so.

    While "press any key" is being said, a key does no more than that: it chooses nothing.
    """
    step = call.step
    if key == "0":
        return scene.keys.get(key) or Go(step.to(Helplines))
    if _is_warned(step, scene) and call.elapsed_ms < 0:
        return Go(replace(step, silences=0))
    if key in scene.keys:
        return scene.keys[key]
    return Go(replace(step, silences=0, short=True), (call.prompts.not_here,))


def _silence(step: Step, scene: Scene) -> Go:
    """The same step again, shorter; then with a warning; then goodbye."""
    if scene.silence:
        return scene.silence
    silences = step.silences + 1
    if silences >= len(scene.waits_s):
        return Go(step.to(Goodbye))
    again = replace(step, silences=silences)
    if _is_warned(again, scene):
        return Go(again, scene.warn)
    return Go(again)


def _is_warned(step: Step, scene: Scene) -> bool:
    """Whether this is the last time before goodbye, and the step says so."""
    last_time = step.silences == len(scene.waits_s) - 1
    return bool(scene.warn) and last_time


def _arrive(call: Call, before: tuple[str, ...]) -> Reply:
    """The reply of the call's step, after what is said `before` its own words."""
    lead_ms = round(call.total_ms(before))
    words_begin = call.now + timedelta(milliseconds=call.start_up_ms + lead_ms)
    at = round(words_begin.timestamp() * 1000)
    step = replace(call.step, at=at, lead=lead_ms)
    scene = scene_of(replace(call, step=step))
    turn = min(step.silences, len(scene.waits_s) - 1)
    says = (*before, *_words(step, scene))
    return Reply(
        step=step,
        says=tuple(filter(None, says)),  # an older edition lacks a newer prompt
        wait_s=scene.waits_s[turn],
        dial=scene.dial,
        last=scene.last,
    )


def _words(step: Step, scene: Scene) -> tuple[str, ...]:
    """What the step itself says: its shorter form, if it has one, after silence or a key here."""
    if scene.again is None:
        return scene.says
    if step.short or step.silences > 0:
        return scene.again
    return scene.says
