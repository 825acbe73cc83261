"""The scenes of the main menu, the lists, the key guide and the goodbye."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import ceil
from typing import Generic, TypeVar

from ivr.call.languages import offers, ways
from ivr.call.reading import begin, carry_on, go_back
from ivr.call.scene import Call, Go, Scene
from ivr.call.steps import (
    REPEAT,
    Articles,
    Contents,
    Forgetting,
    Goodbye,
    Guide,
    Helplines,
    Menu,
    Place,
)
from ivr.edition.content import Article

Item = TypeVar("Item")

A_PAGE = 9
"""Choices on a page of a list: one clear list beats nested menus (Commarford 2008)."""


@dataclass(frozen=True)
class Choice:
    """What a caller may choose, and where it leads."""

    name: str
    """As it is said."""
    go: Go
    may_say: tuple[str, ...] = ()
    """Other words with which a caller may choose it."""


@dataclass(frozen=True)
class Page(Generic[Item]):
    """A part of a list that is too long to be said at once."""

    items: Sequence[Item]
    following: int | None
    """The number of the page after it, which is 1 after the last; None where there is one page
    only."""


# The main menu


def menu(step: Menu, call: Call) -> Scene:
    """The main menu: 1 the article, 2 its contents, 3 the helplines, 4 the keys; then the other
    languages."""
    say = call.prompts
    first = _first_choice(step, call)
    second = _second_choice(step, call)
    wishes = call.wishes
    options = (first.name, second.name, say.menu_helplines, say.menu_keys)
    others = offers(call, step.language)
    onward = first.go
    if call.in_lead:
        onward = Go(step.to(Menu), _after_the_welcome(call))
    return Scene(
        says=(say.menu_intro, *options, *others, say.menu_end),
        again=(*options, *others),
        warn=(say.still_there,),
        keys={
            "1": first.go,
            "2": second.go,
            "3": Go(step.to(Helplines)),
            "4": Go(step.to(Guide)),
            "*": Go(step.to(Goodbye)),
            "#": onward,
            **ways(call, step.language),
        },
        may_say={
            "1": first.may_say,
            "2": second.may_say,
            "3": wishes.someone,
            "0": (),
            "4": wishes.keys,
            "*": wishes.end_call,
        },
    )


def _after_the_welcome(call: Call) -> tuple[str, ...]:
    """What hash in the welcome goes on to, before the menu: the notice, unless that is what is
    being said."""
    notice_ms = round(call.total_ms(call.notice))
    has_more = call.step.lead > notice_ms
    if has_more and -call.elapsed_ms > notice_ms:
        return call.notice
    return ()


def _first_choice(step: Menu, call: Call) -> Choice:
    """To carry on; else the article, or the list of several."""
    say = call.prompts
    wishes = call.wishes
    left_off = _left_off(step)
    if left_off:
        may_say = (*wishes.carry_on, *wishes.article)
        return Choice(say.menu_carry_on, carry_on(step, left_off), may_say)
    if len(call.words.articles) > 1:
        may_say = (*wishes.articles, *wishes.article)
        return Choice(say.menu_articles, Go(step.to(Articles)), may_say)
    newest = call.words.articles[0]
    may_say = (*wishes.article, newest.title)
    return Choice(say.menu_article, begin(step, call, newest.slug), may_say)


def _second_choice(step: Menu, call: Call) -> Choice:
    """The contents; but for a caller who may carry on in one of several articles, the others."""
    say = call.prompts
    wishes = call.wishes
    if len(call.words.articles) == 1:
        newest = call.words.articles[0]
        to_contents = Go(step.to(Contents, article=newest.slug))
        return Choice(say.menu_contents, to_contents, wishes.sections)
    if _left_off(step):
        to_articles = Go(step.to(Articles))
        return Choice(say.menu_other_articles, to_articles, wishes.articles)
    to_articles = Go(step.to(Articles, contents=True))
    return Choice(say.menu_contents, to_articles, wishes.sections)


def _left_off(step: Menu) -> Place | None:
    """Where the caller left off, unless that is the beginning of an article."""
    if step.bookmark and not step.bookmark.at_start:
        return step.bookmark
    return None


# The lists


def articles(step: Articles, call: Call) -> Scene:
    """The list of articles, newest first."""
    page = page_of(call.words.articles, step.page, A_PAGE)
    choices = [_of_article(step, call, article) for article in page.items]
    return _list(
        step,
        call,
        intro=call.prompts.articles_intro,
        choices=choices,
        following=page.following,
        onward=choices[0].go,
    )


def _of_article(step: Articles, call: Call, article: Article) -> Choice:
    go = begin(step, call, article.slug)
    if step.contents:
        go = Go(step.to(Contents, article=article.slug))
    return Choice(article.title, go)


def contents(step: Contents, call: Call) -> Scene:
    """The sections of an article, by their headings."""
    sections = call.words.article[step.article].sections
    numbers = range(1, len(sections) + 1)
    page = page_of(numbers, step.page, A_PAGE)
    choices = []
    for number in page.items:
        heading = sections[number - 1].heading
        go = begin(step, call, step.article, number)
        its_number = call.prompts.section.format(number=number)
        choices.append(Choice(heading, go, (its_number,)))
    onward = choices[0].go
    if step.bookmark and step.bookmark.article == step.article:
        onward = carry_on(step, step.bookmark)
    return _list(
        step,
        call,
        intro=call.prompts.contents_intro,
        choices=choices,
        following=page.following,
        onward=onward,
    )


def _list(
    step: Articles | Contents,
    call: Call,
    intro: str,
    choices: list[Choice],
    following: int | None,
    onward: Go,
) -> Scene:
    """A page of choices; hash is the next page or, where there is only one, goes `onward`."""
    say = call.prompts
    wishes = call.wishes
    options: list[str] = []
    keys: dict[str, Go] = {}
    may_say = {
        "*": (*wishes.back, *wishes.carry_on),
        "#": (),
    }
    for number, choice in enumerate(choices, 1):
        key = str(number)
        options += option(call, number, choice.name)
        keys[key] = choice.go
        may_say[key] = (choice.name, *choice.may_say)
    if following:
        next_page = replace(step, page=following, silences=0, short=False)
        onward = Go(next_page)
        options.append(say.more)
        may_say["#"] = wishes.more
    keys["*"] = go_back(step)
    keys["#"] = onward
    return Scene(
        says=(intro, *options, say.back),
        again=(*options, say.back),
        warn=(say.still_there,),
        keys=keys,
        may_say=may_say,
    )


def page_of(items: Sequence[Item], page: int, size: int) -> Page[Item]:
    """A page of a list, counted from 1; after the last page comes the first again."""
    pages = ceil(len(items) / size)
    index = (page - 1) % pages
    start = index * size
    shown = items[start : start + size]
    if pages == 1:
        return Page(shown, following=None)
    following = (index + 1) % pages + 1
    return Page(shown, following)


def option(call: Call, key: int, name: str) -> tuple[str, str]:
    """What is said to offer `name` under a key: function first, then key."""
    offer = call.prompts.option.format(name=name)
    its_key = call.prompts.press.format(key=key)
    return offer, its_key


# The key guide and the goodbye


def guide(step: Guide, call: Call) -> Scene:
    """What each key does; pressing a number says what that number does, and hash goes on to what
    is remembered of the caller."""
    say = call.prompts
    numbers = {key: getattr(say, f"guide_{key}") for key in "123456789"}
    others = (say.guide_0, say.guide_star, say.guide_hash, say.guide_numbers)
    stay = step.to(Guide, short=True)
    keys = {key: Go(stay, (said,)) for key, said in numbers.items()}
    keys["*"] = go_back(step)
    keys["#"] = go_back(step)
    if say.guide_forget:
        keys["#"] = Go(step.to(Forgetting))
    options = (say.guide_try, say.guide_forget)
    every_key = (*numbers.values(), *others)
    return Scene(
        says=(say.guide_intro, *every_key, *options),
        again=options,
        warn=(say.still_there,),
        keys=keys,
        may_say={"*": call.wishes.back, "#": call.wishes.forget},
    )


def forgetting(step: Forgetting, call: Call) -> Scene:
    """What is remembered of the caller; a second key, 1, has it forgotten."""
    say = call.prompts
    wishes = call.wishes
    keys = {
        "*": Go(step.to(Guide, short=True)),
        "#": go_back(step),
    }
    if not call.abilities.remembers:
        return Scene(
            says=(say.nothing_remembered, say.back),
            warn=(say.still_there,),
            keys=keys,
            may_say={"*": wishes.back},
        )
    anew = step.to(Menu, bookmark=None)
    keys["1"] = Go(anew, (say.forgotten,), forget=True)
    options = (say.forget, say.back)
    return Scene(
        says=(say.remembered, *options),
        again=options,
        warn=(say.still_there,),
        keys=keys,
        may_say={"1": wishes.forget, "*": wishes.back},
    )


def which(call: Call, scene: Scene, keys: str) -> Scene:
    """Asks which of two keys of a scene the caller meant; star and hash go back to it."""
    say = call.prompts
    if not all(scene.may_say.get(key) for key in keys):
        return scene  # a URL that no reply of ours holds
    back = Go(replace(call.step, silences=0, short=True))
    options: list[str] = []
    ways = {
        "0": scene.keys["0"],
        "*": back,
        "#": back,
    }
    may_say = {
        REPEAT: scene.may_say[REPEAT],
        "*": call.wishes.back,
    }
    for number, key in enumerate(keys, 1):
        words = scene.may_say[key]
        options += (words[0], say.press.format(key=number))
        ways[str(number)] = scene.keys[key]
        may_say[str(number)] = words
    return Scene(
        says=(say.did_you_mean, *options, say.back),
        warn=(say.still_there,),
        keys=ways,
        may_say=may_say,
    )


def goodbye(step: Goodbye, call: Call) -> Scene:
    """The last words; any key stays."""
    say = call.prompts
    return Scene(
        says=(say.stay, say.goodbye),
        keys={key: Go(step.to(Menu)) for key in "123456789*#"},
        waits_s=(4,),
        last=True,
    )
