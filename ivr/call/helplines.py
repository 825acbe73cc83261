"""The scenes of the helplines: the list, one of them, being put through, and what came of it.

Only `transfer` dials, and only key 1 in `one_helpline`, `doubtful` or `unreached` leads there, or
words that clearly mean it: by then the caller has chosen the helpline by its name. In the same way,
only `texting` sends a text message, and only `text_consent` leads there.
"""

from collections.abc import Sequence
from dataclasses import replace

from ivr.call.limits import counted, is_last_transfer, may_transfer
from ivr.call.menus import option, page_of
from ivr.call.opening import EXCEPTION, HOLIDAY, Opening
from ivr.call.reading import go_back
from ivr.call.scene import Call, Go, Outcome, Scene
from ivr.call.steps import (
    BUSY,
    FAILED,
    NO_ANSWER,
    REPEAT,
    Doubtful,
    Helplines,
    Menu,
    OneHelpline,
    Paused,
    Step,
    TextConsent,
    Texting,
    Transfer,
    Unreached,
)
from ivr.call.transfers import Result, result_of
from ivr.edition.content import Helpline

A_MOMENT_S = 3
"""How long a caller waits for the outcome of a text, besides the words that ask for it: a provider
that answers takes less than a second (`ivr.provider.texting` waits as long)."""

A_PAGE = 4
"""Helplines on a page: at most four options where possible (ISO/IEC 13714)."""


def helplines(step: Helplines, call: Call) -> Scene:
    """A few to a page, those that are open first."""
    say = call.prompts
    since = step.since or step.at
    page = page_of(call.open_first(since), step.page, A_PAGE)
    listed = _listed(call, page.items)
    if page.following:
        listed.append(say.more)
    next_page = page.following or 1
    keys = {
        "*": go_back(step),
        "#": Go(step.to(Helplines, page=next_page, since=since)),
    }
    may_say = {
        "*": (*call.wishes.back, *call.wishes.carry_on),
        "#": call.wishes.more,
    }
    for number, (helpline, _) in enumerate(page.items, 1):
        key = str(number)
        its_step = step.to(OneHelpline, helpline=helpline.slug, page=step.page)
        keys[key] = Go(its_step)
        may_say[key] = (helpline.name,)
    return Scene(
        says=(say.helplines_intro, *listed, say.back),
        again=(*listed, say.back),
        warn=(say.still_there,),
        keys=keys,
        may_say=may_say,
    )


def _listed(call: Call, shown: Sequence[tuple[Helpline, bool]]) -> list[str]:
    """Each helpline and its key; "open now" or "closed" stands before the first of them, and
    where the one changes to the other."""
    say = call.prompts
    said: list[str] = []
    before: bool | None = None
    for key, (helpline, is_open) in enumerate(shown, 1):
        if is_open != before:
            said.append(say.open_now if is_open else say.closed_now)
        said += option(call, key, helpline.name)
        before = is_open
    return said


def one_helpline(step: OneHelpline, call: Call) -> Scene:
    """Who it is for, when, what it costs; then 1 put me through, 2 hear the number, 3 slower,
    4 text it to me, where that can be done.

    A number that cannot be dialled is read out at once, and key 1 reads it again as 2 does.
    """
    say = call.prompts
    wishes = call.wishes
    helpline = call.words.helpline[step.helpline]
    number = _number(call, helpline)
    shorter = _at(step, OneHelpline, short=True)
    say_number = Go(shorter, number)
    keys = {
        "1": say_number,
        "2": say_number,
        "3": _spelled(shorter, call),
        "*": _to_list(step),
        "#": Go(shorter),
    }
    may_say = {
        "1": (),
        "2": wishes.number,
        "3": wishes.slower,
    }
    if helpline.e164 and may_transfer(call):
        how = [say.dial_yourself]
        options = [_put_through(call, helpline), say.hear_number, say.number_slower]
        keys["1"] = Go(_at(step, Transfer))
        may_say["1"] = (*wishes.put_through, *wishes.yes)
    else:
        how = [_why_not(call, helpline), *number]
        options = [say.number_again, say.number_slower]
    if _can_text(call):
        options.append(say.text_number)
        keys["4"] = Go(_at(step, TextConsent))
        may_say["4"] = wishes.text
    may_say["*"] = (*wishes.back, *wishes.no)
    return Scene(
        says=(*_about(call, helpline), *how, *options, say.back),
        again=(*options, say.back),
        warn=(say.still_there,),
        keys=keys,
        may_say=may_say,
    )


def _about(call: Call, helpline: Helpline) -> tuple[str, ...]:
    """Who it is, whether it is open, whom it is for, when, and what it costs."""
    return (
        helpline.name,
        _whether_open(call, call.opening(helpline)),
        helpline.whom,
        helpline.when,
        helpline.cost,
    )


def _put_through(call: Call, helpline: Helpline) -> str:
    """The offer to put a caller through, which says so where nobody may answer."""
    if call.opening(helpline).is_open:
        return call.prompts.put_through
    return call.prompts.put_through_anyway


def _why_not(call: Call, helpline: Helpline) -> str:
    """Why a caller cannot be put through."""
    if helpline.e164:
        return call.prompts.no_more_transfers
    return call.prompts.speak_only


def _whether_open(call: Call, opening: Opening) -> str:
    """Open or closed; and why, where the date is no ordinary one."""
    say = call.prompts
    if opening.is_open:
        return say.they_are_open
    closed_all_day = not opening.day.stretches
    why = {
        (HOLIDAY, True): say.closed_on_holiday,
        (HOLIDAY, False): say.closed_now_on_holiday,
        (EXCEPTION, True): say.closed_today,
        (EXCEPTION, False): say.closed_now_today,
    }
    return why.get((opening.day.source, closed_all_day), say.they_are_closed)


def _number(call: Call, helpline: Helpline) -> tuple[str, ...]:
    """The number, said twice, as somebody is writing it down."""
    once = (call.prompts.number_is, helpline.number)
    return once * 2


def _spelled(step: OneHelpline, call: Call) -> Go:
    """The number digit by digit at the slowest speed, twice as well; then the step's choices,
    in the same sound and so as slowly."""
    helpline = call.words.helpline[step.helpline]
    once = (call.prompts.number_is, *helpline.spelled)
    slowest = call.edition.content.speeds[0]
    return Go(replace(step, slowly=slowest), once * 2)


def transfer(step: Transfer, call: Call) -> Scene:
    """Says what happens and dials; star comes back, hash dials at once.

    While it rings, star is obeyed by no provider that was tried, so it is promised for later.
    """
    say = call.prompts
    helpline = call.words.helpline[step.helpline]
    back = Go(_at(step, OneHelpline, short=True))
    if not helpline.e164 or not may_transfer(call):  # a URL that no reply of ours holds
        return Scene(
            says=(),
            keys={},
            silence=lambda: back,
            stay=lambda: back,
        )
    not_here = Go(step, (say.not_here,))
    keys = dict.fromkeys("23456789", not_here)
    keys["1"] = Go(step)
    keys["*"] = back
    keys["#"] = Go(_at(step, Transfer, short=True))
    says = [say.putting_through.format(helpline=helpline.name)]
    if call.abilities.star_ends_dial:
        says.append(say.star_comes_back)
    if is_last_transfer(call):
        says.append(say.last_transfer)
    return Scene(
        says=tuple(says),
        again=(),
        keys=keys,
        waits_s=(1,),
        silence=lambda: back,
        stay=lambda: back,  # nobody is dialled whose key, or whose outcome, was lost
        dial=helpline,
    )


def after_transfer(step: Transfer, call: Call, outcome: Outcome) -> Go:
    """Where the call goes on, by how the transfer ended."""
    step = replace(step, transfers=counted(call))
    back = (call.prompts.back_on_line,)
    match result_of(outcome, call.edition.content.short_transfer_seconds):
        case Result.PUT_THROUGH:
            return Go(_where_they_were(step), back)
        case Result.DOUBTFUL:
            return Go(_at(step, Doubtful), back)
        case Result.CAME_BACK:
            return Go(_at(step, OneHelpline, short=True))
        case Result.UNREACHED:
            reason = _reason(outcome)
            return Go(_at(step, Unreached, reason=reason))


def _reason(outcome: Outcome) -> str:
    """Why nobody was reached; a word that nobody knows is a failure."""
    if outcome.status in (BUSY, NO_ANSWER):
        return outcome.status
    return FAILED


def _where_they_were(step: Step) -> Step:
    """Where the caller was before the helplines; reading waits for them, paused."""
    if not (step.reading and step.bookmark):
        return step.to(Menu)
    place = step.bookmark
    return step.to(
        Paused,
        article=place.article,
        section=place.section,
        start=place.start,
    )


def doubtful(step: Doubtful, call: Call) -> Scene:
    """Asks whether there was anybody: 1 try again, 2 others; star goes to where they were."""
    say = call.prompts
    wishes = call.wishes
    back = Go(_where_they_were(step))
    to_back = say.to_menu
    if isinstance(back.step, Paused):
        to_back = say.to_article
    options = (*_to_try_again(call), say.others_open_first, to_back)
    return Scene(
        says=(say.did_you_speak, *options),
        again=options,
        warn=(say.still_there,),
        keys={
            "1": _again(step, call),
            "2": Go(step.to(Helplines)),
            "*": back,
            "#": back,
        },
        may_say={
            "1": wishes.try_again,
            "2": (*wishes.other_helplines, *wishes.someone),
            "0": (),
            "*": (*wishes.back, *wishes.carry_on, *wishes.yes),
            REPEAT: wishes.no,
        },
    )


def unreached(step: Unreached, call: Call) -> Scene:
    """Says so plainly, reads the number, offers another try or others that are open now.

    As the keys of a menu rise without a gap, the others are the last key: 5 if a text is offered.
    """
    say = call.prompts
    wishes = call.wishes
    number = _number(call, call.words.helpline[step.helpline])
    options = [*_to_try_again(call), say.number_again, say.number_slower]
    others = Go(step.to(Helplines))
    others_wished = (*wishes.other_helplines, *wishes.someone)
    if _can_text(call):
        options += [say.text_number, say.others_after_text]
        last = {"4": Go(_at(step, TextConsent)), "5": others}
        may_say_last = {"4": wishes.text, "5": others_wished}
    else:
        options.append(say.other_helplines)
        last = {"4": others}
        may_say_last = {"4": others_wished}
    shorter = _at(step, Unreached, short=True, reason=step.reason)
    return Scene(
        says=(_why_unreached(step, call), *number, *options),
        again=tuple(options),
        warn=(say.still_there,),
        keys={
            "1": _again(step, call),
            "2": Go(shorter, number),
            "3": _spelled(shorter, call),
            **last,
            "*": _to_list(step),
            "#": Go(shorter),
        },
        may_say={
            "1": wishes.try_again,
            "2": wishes.number,
            "3": wishes.slower,
            **may_say_last,
            "0": (),
            "*": wishes.back,
        },
    )


def _why_unreached(step: Unreached, call: Call) -> str:
    say = call.prompts
    reasons = {
        BUSY: say.busy,
        NO_ANSWER: say.no_answer,
        FAILED: say.failed,
    }
    return reasons[step.reason]


def _to_try_again(call: Call) -> tuple[str, ...]:
    """What is said to offer another try; nothing, where the call may put through no more."""
    if may_transfer(call):
        return (call.prompts.try_again,)
    return ()


def _again(step: OneHelpline, call: Call) -> Go:
    """Another try; if none is allowed, back to the helpline, which says so and has its number."""
    if may_transfer(call):
        return Go(_at(step, Transfer))
    return Go(_at(step, OneHelpline))


def _can_text(call: Call) -> bool:
    """Whether a text can be sent, and the edition has the words for it: older ones do not."""
    return call.abilities.text and bool(call.prompts.text_number)


def text_consent(step: TextConsent, call: Call) -> Scene:
    """Says who sends it, what it costs and where it stays, as others may use the phone; 1 sends."""
    say = call.prompts
    back = Go(_at(step, OneHelpline, short=True))
    if not _can_text(call):  # a URL that no reply of ours holds
        return one_helpline(step, call)
    options = (say.text_confirm, say.back)
    return Scene(
        says=(say.text_consent, *options),
        again=options,
        warn=(say.still_there,),
        keys={
            "1": Go(_at(step, Texting)),
            "*": back,
            "#": back,
        },
        may_say={
            "1": (*call.wishes.text, *call.wishes.yes),
            "*": (*call.wishes.back, *call.wishes.no),
        },
    )


def texting(step: Texting, call: Call) -> Scene:
    """Asks for a moment, in which the text is sent; then says what is known of it.

    Star does not stop it, and hash does not wait for the outcome.
    """
    back = _at(step, OneHelpline, short=True)
    unknown = after_texting(step, call, None)
    if not _can_text(call):  # a URL that no reply of ours holds
        return one_helpline(step, call)
    return Scene(
        says=(call.prompts.text_moment,),
        waits_s=(A_MOMENT_S,),
        keys={"*": Go(back), "#": unknown},
        silence=lambda: unknown,
        text=call.words.helpline[step.helpline],
    )


def after_texting(step: Texting, call: Call, taken: bool | None) -> Go:
    """What is known of the text; the number as well, unless the text is certainly on its way."""
    say = call.prompts
    back = _at(step, OneHelpline, short=True)
    if taken:
        return Go(back, (say.text_sent,))
    number = _number(call, call.words.helpline[step.helpline])
    if taken is None:
        return Go(back, (say.text_awaited, *number))
    return Go(back, (say.text_failed, *number))


def _at(step: OneHelpline, kind: type[OneHelpline], **more: object) -> OneHelpline:
    """Another step of the same helpline."""
    return step.to(
        kind,
        helpline=step.helpline,
        page=step.page,
        **more,
    )


def _to_list(step: OneHelpline) -> Go:
    """Back to the page of the list that the helpline stands on."""
    return Go(step.to(Helplines, page=step.page))
