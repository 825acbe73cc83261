"""The flow of a call, a pure function: `(edition, step, event, now) -> reply`."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from ivr.call import helplines, languages, menus, reading, returning, speech
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
    Moves,
    Outcome,
    Pressed,
    Reply,
    Scene,
    Silence,
    Spoken,
    Start,
    Texted,
    Trouble,
    Way,
)
from ivr.call.steps import (
    MOST_MISHEARD,
    REPEAT,
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
    TextConsent,
    Texting,
    Transfer,
    Unreached,
)
from ivr.edition.content import KEYS, Prompts
from ivr.edition.edition import Edition
from ivr.edition.vocabulary import Vocabulary

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
    TextConsent: helplines.text_consent,
    Texting: helplines.texting,
    Goodbye: menus.goodbye,
}


def first_step(edition: Edition, language: str = "") -> Languages | Menu:
    """Where a call begins: at the choice of a language, unless there is only one or the caller's
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
    key tells where in them the caller was. `abilities` are those of the caller's provider and
    telephone, and `limits` those of this call.
    """
    call = Call(edition, now, step, start_up_ms, abilities, limits)
    go = _go(call, event)
    begins = isinstance(event, Start | Lost | Trouble)
    if begins and not go.step.until:
        go = replace(go, step=begun(call, go.step))
    go = warned(call, event, go)
    arrived = replace(call, step=go.step)
    reply = _arrive(arrived, go.before)
    if is_over(arrived):
        say = arrived.prompts
        reply = _last_words(go.step, say, say.time_is_over)
    return replace(reply, forget=go.forget)


def turn_away(edition: Edition, is_barred: bool) -> Reply:
    """What a caller hears if the call is not taken: they are barred, or rang too often just now.

    The line still speaks to them, as they may be in danger; in every language, as none was chosen.
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
    """Why the line hangs up, and whom to ring instead. It listens for no key."""
    said = tuple(filter(None, (why, say.other_help)))
    if not said:
        said = (say.goodbye,)
    return Reply(step, said, wait_s=0, last=True)


def scene_of(call: Call) -> Scene:
    """What the call's step says and where its keys lead, zero among them; where what was said might
    have meant two things, that is the question which."""
    step = call.step
    if step.between:
        plain = replace(call, step=replace(step, between=""))
        return menus.which(plain, scene_of(plain), step.between)
    scene = SCENES[type(step)](step, call)
    anywhere = {"0": call.wishes.someone, REPEAT: call.wishes.repeat}
    return replace(
        scene,
        keys=Moves(partial(_with_zero, step, scene.keys)),
        may_say={**anywhere, **scene.may_say},
    )


def _with_zero(step: Step, keys: Mapping[str, Go]) -> dict[str, Way]:
    """Zero leads to the helplines from anywhere."""
    ways: dict[str, Way] = {"0": lambda: Go(step.to(Helplines))}
    for key in keys:
        ways[key] = partial(keys.__getitem__, key)
    return ways


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
            key = _known(scene, keys)
            return _pressed(call, scene, key)
        case Spoken(words) if call.vocabulary:
            return _spoken(call, call.vocabulary, words)
        case Outcome() if isinstance(step, Transfer):
            return helplines.after_transfer(step, call, event)
        case Texted(taken) if isinstance(step, Texting):
            return helplines.after_texting(step, call, taken)
        case Outcome():
            return Go(step)
        case KeyLost() | Spoken() | Texted():
            return _stay(step, scene_of(call))
        case Silence():
            return _silence(step, scene_of(call))


def _welcome(call: Call, left_off: LeftOff | None) -> Go:
    """The welcome and the notice; callers who ring back hear them at their speed and in their
    language."""
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
        if key in scene.keys:
            return key
    return keys


def _pressed(call: Call, scene: Scene, key: str) -> Go:
    """Zero leads to the helplines from anywhere; a key that does nothing here says so.

    While "press any key" is being said, a key does no more than that: it chooses nothing.
    """
    step = call.step
    if key == "0":
        return scene.keys[key]
    if _is_warned(step, scene) and call.elapsed_ms < 0:
        return Go(replace(step, silences=0))
    if key in scene.keys:
        return scene.keys[key]
    again = replace(step, silences=0, short=True)
    return Go(again, (call.prompts.not_here,))


def _spoken(call: Call, vocabulary: Vocabulary, words: str) -> Go:
    """Words that are understood are as good as a key; if two choices are likely, the caller
    chooses.

    The line dials, texts or forgets nobody unless it is sure; nor for a "yes" to "Are you still
    there?", which may come when the choices are being said again.
    """
    heard_well = replace(call, step=replace(call.step, misheard=0))
    step = heard_well.step
    scene = scene_of(heard_well)
    if _is_warned(step, scene):
        is_there = (*vocabulary.wishes.here, *vocabulary.wishes.yes)
        if speech.is_one_of(words, is_there, vocabulary):
            return Go(replace(step, silences=0))
    understood = speech.understand(words, scene.may_say, vocabulary)
    if not understood.keys:
        return _not_understood(call)
    key, *others = understood.keys
    if others and step.between:  # one question is enough
        return _not_understood(call)
    if others:
        between = "".join(sorted(understood.keys, key=KEYS.index))
        return Go(replace(step, silences=0, between=between))
    if key == REPEAT:
        return Go(replace(step, silences=0, short=False))
    go = _pressed(heard_well, scene, key)
    is_grave = isinstance(go.step, Transfer | Texting) or go.forget
    if is_grave and not understood.is_sure:
        return _not_understood(call)
    return go


def _not_understood(call: Call) -> Go:
    """The step again, without blame. The second time in a row, the line asks for a key.

    Noise does not mean that somebody is there, so silences still count.
    """
    misheard = call.step.misheard + 1
    again = replace(call.step, misheard=misheard, short=True)
    if misheard < MOST_MISHEARD:
        return Go(again, (call.prompts.not_understood,))
    return Go(again, (call.prompts.use_keys,))


def _stay(step: Step, scene: Scene) -> Go:
    """The same step again, after something that nobody can act on."""
    if scene.stay:
        return scene.stay()
    return Go(step)


def _silence(step: Step, scene: Scene) -> Go:
    """The same step again, shorter; then with a warning; then goodbye. It listens once more."""
    if scene.silence:
        return scene.silence()
    silences = step.silences + 1
    if silences >= len(scene.waits_s):
        return Go(step.to(Goodbye))
    again = replace(step, silences=silences, misheard=0)
    if _is_warned(again, scene):
        return Go(again, scene.warn)
    return Go(again)


def _is_warned(step: Step, scene: Scene) -> bool:
    """Whether this is the last time before goodbye, and the step says so."""
    last_time = step.silences == len(scene.waits_s) - 1
    return bool(scene.warn) and last_time


def _arrive(call: Call, before: tuple[str, ...]) -> Reply:
    """The reply of the call's step, after what is said `before` its own words."""
    before = call.offered(before)
    lead_ms = round(call.total_ms(before))
    words_begin = call.now + timedelta(milliseconds=call.start_up_ms + lead_ms)
    at = round(words_begin.timestamp() * 1000)
    step = replace(call.step, at=at, lead=lead_ms)
    scene = scene_of(replace(call, step=step))
    turn = min(step.silences, len(scene.waits_s) - 1)
    says = (*before, *call.offered(_words(step, scene)))
    return Reply(
        step=step,
        says=tuple(filter(None, says)),  # an older edition lacks a newer prompt
        wait_s=scene.waits_s[turn],
        hints=_hints(call, scene),
        dial=scene.dial,
        last=scene.last,
        text=scene.text,
    )


def _hints(call: Call, scene: Scene) -> tuple[str, ...]:
    """What the caller may say here."""
    if call.vocabulary is None:
        return ()
    return speech.hints(scene.may_say, call.vocabulary)


def _words(step: Step, scene: Scene) -> tuple[str, ...]:
    """What the step itself says: its shorter form, if it has one, after silence or a key here."""
    if scene.again is None:
        return scene.says
    if step.short or step.silences > 0:
        return scene.again
    return scene.says
