"""The scenes of the helplines: the list, one of them, being put through, and what came of it.

The only way to a `dial` is key 1 in `one_helpline` or `unreached`, whose words
have named the helpline.
"""

from ivr.call import Call, Go, Scene
from ivr.content import Helpline
from ivr.menus import list_options, page_of
from ivr.reading import go_back
from ivr.steps import Helplines, Menu, OneHelpline, Paused, Step, Transfer, Unreached

A_PAGE = 4
"""Helplines on a page: at most four options where possible (ISO/IEC 13714)."""

WENT_THROUGH = ("completed", "answered")


def helplines(step: Helplines, call: Call) -> Scene:
    """A few to a page, those that are open first."""
    say = call.prompts
    since = step.since or step.at
    here, following = page_of(call.open_first(since), step.page, A_PAGE)
    options = list_options(call, [line.name for line, _ in here])
    # Two utterances an option; "closed" is said where the first closed one comes.
    first_closed = next((2 * n for n, (_, is_open) in enumerate(here) if not is_open), len(options))
    listed = options[:first_closed] + [say.closed_now] * (first_closed < len(options))
    listed = [say.open_now] * (first_closed > 0) + listed + options[first_closed:]
    listed += [say.more] if following else []
    return Scene(
        says=(say.helplines_intro, *listed, say.back),
        again=(*listed, say.back),
        warn=(say.still_there,),
        keys={
            str(key): Go(step.to(OneHelpline, helpline=line.slug, page=step.page))
            for key, (line, _) in enumerate(here, 1)
        }
        | {"*": go_back(step), "#": Go(step.to(Helplines, page=following or 1, since=since))},
    )


def one_helpline(step: OneHelpline, call: Call) -> Scene:
    """Who it is for, when, what it costs; then 1 put me through, 2 hear the number."""
    say, line = call.prompts, call.words.helpline[step.helpline]
    is_open = dict(call.open_first())[line]
    about: tuple[str, ...] = (line.name, line.whom, line.when, line.cost)
    if line.e164:
        through = say.put_through if is_open else say.put_through_anyway
        options: tuple[str, ...] = (through, say.hear_number)
        about += (say.they_are_open, say.dial_yourself) if is_open else (say.dial_yourself,)
    else:
        about += (say.speak_only, say.number_is, line.number, line.number)
        options = (say.number_again,)
    number = Go(_at(step, OneHelpline, short=True), (say.number_is, line.number, line.number))
    return Scene(
        says=(*about, *options, say.back),
        again=(*options, say.back),
        warn=(say.still_there,),
        keys={
            "1": Go(_at(step, Transfer)) if line.e164 else number,
            "2": number,
            "*": _to_list(step),
            "#": Go(_at(step, OneHelpline, short=True)),
        },
    )


def transfer(step: Transfer, call: Call) -> Scene:
    """Says what happens and dials; star comes back, hash (or 1 again) dials at once."""
    say, line = call.prompts, call.words.helpline[step.helpline]
    back = Go(_at(step, OneHelpline, short=True))
    at_once = Go(_at(step, Transfer, short=True))
    if not line.e164:  # a URL that no reply of ours holds
        return Scene(says=(), keys={}, silence=back)
    return Scene(
        says=(say.putting_through.format(name=line.name), say.star_comes_back),
        again=(),
        keys={key: Go(step, (say.not_here,)) for key in "23456789"}
        | {"*": back, "1": at_once, "#": at_once},
        waits_s=(1,),
        silence=back,
        dial=line,
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
    """Says so plainly, reads the number, offers to try again or another that is open."""
    say, line = call.prompts, call.words.helpline[step.helpline]
    why = {"busy": say.busy, "no-answer": say.no_answer}.get(step.reason, say.failed)
    other = _another(call, line)
    options = [say.try_again, say.number_again, say.all_helplines]
    keys = {
        "1": Go(_at(step, Transfer)),
        "2": Go(_at(step, Unreached, short=True, reason=step.reason), (line.number, line.number)),
        "3": _to_list(step),
        "*": _to_list(step),
        "#": Go(_at(step, Unreached, short=True, reason=step.reason)),
    }
    if other:
        options += [say.option.format(name=other.name), say.press.format(key=4)]
        keys["4"] = Go(step.to(OneHelpline, helpline=other.slug, page=step.page))
    return Scene(
        says=(why, say.number_is, line.number, line.number, *options, say.back),
        again=(*options, say.back),
        warn=(say.still_there,),
        keys=keys,
    )


def _another(call: Call, line: Helpline) -> Helpline | None:
    """The first other helpline that was open then and can be dialled."""
    return next(
        (o for o, is_open in call.open_first() if is_open and o.e164 and o is not line), None
    )


def _at(step: OneHelpline, kind: type[OneHelpline], **more: object) -> OneHelpline:
    """Another step of the same helpline."""
    return step.to(kind, helpline=step.helpline, page=step.page, **more)


def _to_list(step: OneHelpline) -> Go:
    return Go(step.to(Helplines, page=step.page))
