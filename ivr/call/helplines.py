"""The scenes of the helplines: the list, one of them, being put through, and what came of it.

Only `transfer` dials, and only key 1 in `one_helpline` or `unreached` leads there: by then
the caller has chosen the helpline by its name.
"""

from ivr.call.menus import list_options, page_of
from ivr.call.reading import go_back
from ivr.call.scene import Call, Go, Scene
from ivr.call.steps import Helplines, Menu, OneHelpline, Paused, Step, Transfer, Unreached
from ivr.edition.content import Helpline

A_PAGE = 4
"""Helplines on a page: at most four options where possible (ISO/IEC 13714)."""

WENT_THROUGH = ("completed", "answered")


def helplines(step: Helplines, call: Call) -> Scene:
    """A few to a page, those that are open first."""
    say, since = call.prompts, step.since or step.at
    here, following = page_of(call.open_first(since), step.page, A_PAGE)
    options = list_options(call, [helpline.name for helpline, _ in here])
    listed: list[str] = []
    for n, (_, is_open) in enumerate(here):
        if n == 0 or is_open != here[n - 1][1]:
            listed.append(say.open_now if is_open else say.closed_now)
        listed += options[2 * n : 2 * n + 2]
    listed += [say.more] if following else []
    return Scene(
        says=(say.helplines_intro, *listed, say.back),
        again=(*listed, say.back),
        warn=(say.still_there,),
        keys={
            str(key): Go(step.to(OneHelpline, helpline=helpline.slug, page=step.page))
            for key, (helpline, _) in enumerate(here, 1)
        }
        | {"*": go_back(step), "#": Go(step.to(Helplines, page=following or 1, since=since))},
    )


def one_helpline(step: OneHelpline, call: Call) -> Scene:
    """Who it is for, when, what it costs; then 1 put me through, 2 hear the number."""
    say, helpline = call.prompts, call.words.helpline[step.helpline]
    is_open = dict(call.open_first())[helpline]
    now = say.they_are_open if is_open else say.they_are_closed
    about = (helpline.name, now, helpline.whom, helpline.when, helpline.cost)
    number = Go(_at(step, OneHelpline, short=True), _number(call, helpline))
    if helpline.e164:
        how: tuple[str, ...] = (say.dial_yourself,)
        options: tuple[str, ...] = (
            say.put_through if is_open else say.put_through_anyway,
            say.hear_number,
        )
    else:
        how = (say.speak_only, *number.before)
        options = (say.number_again,)
    return Scene(
        says=(*about, *how, *options, say.back),
        again=(*options, say.back),
        warn=(say.still_there,),
        keys={
            "1": Go(_at(step, Transfer)) if helpline.e164 else number,
            "2": number,
            "*": _to_list(step),
            "#": Go(_at(step, OneHelpline, short=True)),
        },
    )


def _number(call: Call, helpline: Helpline) -> tuple[str, ...]:
    """The number, twice, told apart: somebody is taking it down."""
    return (call.prompts.number_is, helpline.number) * 2


def transfer(step: Transfer, call: Call) -> Scene:
    """Says what happens and dials; star comes back, hash dials at once."""
    say, helpline = call.prompts, call.words.helpline[step.helpline]
    back = Go(_at(step, OneHelpline, short=True))
    if not helpline.e164:  # a URL that no reply of ours holds
        return Scene(says=(), keys={}, silence=back)
    return Scene(
        says=(say.putting_through.format(helpline=helpline.name), say.star_comes_back),
        again=(),
        keys={key: Go(step, (say.not_here,)) for key in "23456789"}
        | {"*": back, "1": Go(step), "#": Go(_at(step, Transfer, short=True))},
        waits_s=(1,),
        silence=back,
        dial=helpline,
    )


def after_transfer(step: Transfer, call: Call, status: str) -> Go:
    """Where the call goes on, by the provider's word for how the transfer ended."""
    if status in WENT_THROUGH:
        return Go(_where_they_were(step), (call.prompts.back_on_line,))
    if status == "canceled":  # the caller came back while it rang
        return Go(_at(step, OneHelpline, short=True))
    reason = status if status in ("busy", "no-answer") else "failed"
    return Go(_at(step, Unreached, reason=reason))


def _where_they_were(step: Step) -> Step:
    """Where the caller was before the helplines; reading waits for them, paused."""
    if not (step.reading and step.bookmark):
        return step.to(Menu)
    place = step.bookmark
    return step.to(Paused, article=place.article, section=place.section, start=place.start)


def unreached(step: Unreached, call: Call) -> Scene:
    """Says so plainly, reads the number, offers to try again or others that are open now."""
    say, helpline = call.prompts, call.words.helpline[step.helpline]
    why = {"busy": say.busy, "no-answer": say.no_answer}.get(step.reason, say.failed)
    number = _number(call, helpline)
    options = (say.try_again, say.number_again, say.other_helplines)
    short = _at(step, Unreached, short=True, reason=step.reason)
    return Scene(
        says=(why, *number, *options),
        again=options,
        warn=(say.still_there,),
        keys={
            "1": Go(_at(step, Transfer)),
            "2": Go(short, number),
            "3": Go(step.to(Helplines)),
            "*": _to_list(step),
            "#": Go(short),
        },
    )


def _at(step: OneHelpline, kind: type[OneHelpline], **more: object) -> OneHelpline:
    """Another step of the same helpline."""
    return step.to(kind, helpline=step.helpline, page=step.page, **more)


def _to_list(step: OneHelpline) -> Go:
    return Go(step.to(Helplines, page=step.page))
