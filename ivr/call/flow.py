"""The flow of a call, a pure function: `(edition, step, event, now) -> reply`."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from ivr.call import helplines, menus, reading
from ivr.call.position import START_UP_MS
from ivr.call.scene import (
    Call,
    Event,
    Go,
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
    End,
    Goodbye,
    Guide,
    Helplines,
    Menu,
    OneHelpline,
    Paused,
    Reading,
    Step,
    Transfer,
    Unreached,
)
from ivr.edition.edition import Edition

SCENES: dict[type[Step], Callable[[Any, Call], Scene]] = {
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
    Unreached: helplines.unreached,
    Goodbye: menus.goodbye,
}


def first_step(edition: Edition) -> Menu:
    """Where a call begins."""
    return Menu(language=next(iter(edition.content.languages)))


def answer(
    edition: Edition, step: Step, event: Event, now: datetime, start_up_ms: int = START_UP_MS
) -> Reply:
    """What the line does when `event` happens to a caller who is at `step`.

    `now` is aware. The reply's step says since when its words are heard, so
    that the next key tells where in them the caller was.
    """
    call = Call(edition, now, step)
    return _arrive(edition, _go(call, event), now, start_up_ms)


def scene_of(call: Call) -> Scene:
    """What the call's step says and where its keys lead."""
    return SCENES[type(call.step)](call.step, call)


def _go(call: Call, event: Event) -> Go:
    step, say = call.step, call.prompts
    match event:
        case Start():
            return Go(step, (say.welcome,))
        case Lost():
            return Go(step.to(Menu), (say.start_again,))
        case Trouble():
            return Go(step.to(Helplines), (say.trouble,))
        case Pressed(key):
            return _pressed(call, scene_of(call), key)
        case Outcome(status) if isinstance(step, Transfer):
            return helplines.after_transfer(step, call, status)
        case Outcome():
            return Go(step)
        case Silence():
            scene = scene_of(call)
            return scene.silence or _silence(step, scene)


def _pressed(call: Call, scene: Scene, key: str) -> Go:
    """Zero leads to the helplines from anywhere; a key that does nothing here says so.

    While "press any key" is being said, a key does no more than that: it is no choice.
    """
    step = call.step
    if key == "0":
        return scene.keys.get(key) or Go(step.to(Helplines))
    if _is_warned(step, scene) and call.elapsed_ms < 0:
        return Go(replace(step, silences=0))
    return scene.keys.get(key) or Go(
        replace(step, silences=0, short=True), (call.prompts.not_here,)
    )


def _is_warned(step: Step, scene: Scene) -> bool:
    return bool(scene.warn) and step.silences == len(scene.waits_s) - 1


def _silence(step: Step, scene: Scene) -> Go:
    """The same step again, shorter; then with a warning; then goodbye."""
    silences = step.silences + 1
    if silences >= len(scene.waits_s):
        return Go(step.to(Goodbye))
    following = replace(step, silences=silences)
    return Go(following, scene.warn if _is_warned(following, scene) else ())


def _arrive(edition: Edition, go: Go, now: datetime, start_up_ms: int) -> Reply:
    call = Call(edition, now, go.step)
    lead_ms = start_up_ms + sum(call.ms(utterance) for utterance in go.before)
    step = replace(go.step, at=round((now + timedelta(milliseconds=lead_ms)).timestamp() * 1000))
    scene = scene_of(Call(edition, now, step))
    shorter = step.short or step.silences > 0
    says = scene.again if shorter and scene.again is not None else scene.says
    wait_s = scene.waits_s[min(step.silences, len(scene.waits_s) - 1)]
    return Reply(step, (*go.before, *says), wait_s, scene.dial, scene.last)
