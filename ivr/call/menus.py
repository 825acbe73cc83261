"""The scenes of the main menu, the lists, the key guide and the goodbye."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from ivr.call.reading import begin, carry_on, go_back
from ivr.call.scene import Call, Go, Scene
from ivr.call.steps import Articles, Contents, Goodbye, Guide, Helplines, Menu
from ivr.edition.content import Article

Item = TypeVar("Item")

A_PAGE = 9
"""Choices on a page of a list: one clear list beats nested menus (Commarford 2008)."""


def menu(step: Menu, call: Call) -> Scene:
    """The main menu: 1 the article, 2 its contents, 3 the helplines, 4 the keys."""
    say, articles = call.prompts, call.words.articles
    newest = articles[0].slug
    several = len(articles) > 1
    one, first = (
        (say.menu_articles, Go(step.to(Articles)))
        if several
        else (say.menu_article, begin(step, call, newest))
    )
    two, second = (
        say.menu_contents,
        Go(step.to(Articles, contents=True) if several else step.to(Contents, article=newest)),
    )
    if step.bookmark and not step.bookmark.at_start:
        one, first = say.menu_carry_on, carry_on(step, step.bookmark)
        if several:
            two, second = say.menu_other_articles, Go(step.to(Articles))
    options = (one, two, say.menu_helplines, say.menu_keys)
    return Scene(
        says=(say.menu_intro, *options, say.menu_end),
        again=options,
        warn=(say.still_there,),
        keys={
            "1": first,
            "2": second,
            "3": Go(step.to(Helplines)),
            "4": Go(step.to(Guide)),
            "*": Go(step.to(Goodbye)),
            # During the welcome it skips the welcome; then it goes on to the article.
            "#": Go(step.to(Menu)) if call.elapsed_ms < 0 else first,
        },
    )


def articles(step: Articles, call: Call) -> Scene:
    """The list of articles, newest first."""

    def choice(article: Article) -> tuple[str, Go]:
        contents = Go(step.to(Contents, article=article.slug))
        return article.title, contents if step.contents else begin(step, call, article.slug)

    return _list(step, call, call.prompts.articles_intro, call.words.articles, choice)


def contents(step: Contents, call: Call) -> Scene:
    """The sections of an article, by their headings."""
    sections = call.words.article[step.article].sections

    def choice(number: int) -> tuple[str, Go]:
        return sections[number - 1].heading, begin(step, call, step.article, number)

    here = step.bookmark and step.bookmark.article == step.article
    on = carry_on(step, step.bookmark) if step.bookmark and here else None
    numbers = range(1, len(sections) + 1)
    return _list(step, call, call.prompts.contents_intro, numbers, choice, on)


def _list(
    step: Articles | Contents,
    call: Call,
    intro: str,
    items: Sequence[Item],
    choice: Callable[[Item], tuple[str, Go]],
    on: Go | None = None,
) -> Scene:
    """A page of choices; hash is the next page or, where there is only one, goes `on` or to
    the first. Only the page's own are made: there may be a thousand."""
    say = call.prompts
    on = on or choice(items[0])[1]
    shown, following = page_of(items, step.page, A_PAGE)
    here = [choice(item) for item in shown]
    options = list_options(call, [name for name, _ in here])
    if following:
        options += [say.more]
        on = Go(replace(step, page=following, silences=0, short=False))
    return Scene(
        says=(intro, *options, say.back),
        again=(*options, say.back),
        warn=(say.still_there,),
        keys={str(key): go for key, (_, go) in enumerate(here, 1)} | {"*": go_back(step), "#": on},
    )


def page_of(items: Sequence[Item], page: int, size: int) -> tuple[Sequence[Item], int | None]:
    """The items of a page (from 1; pages go round), and the next page's number, if any."""
    pages = -(-len(items) // size)
    index = (page - 1) % pages
    return items[index * size : (index + 1) * size], (index + 1) % pages + 1 if pages > 1 else None


def list_options(call: Call, names: Sequence[str]) -> list[str]:
    """What is said to choose among `names` by the keys from 1 on."""
    say = call.prompts
    return [
        said
        for key, name in enumerate(names, 1)
        for said in (say.option.format(name=name), say.press.format(key=key))
    ]


def guide(step: Guide, call: Call) -> Scene:
    """What each key does; pressing a number says what that number does."""
    say = call.prompts
    each = {key: getattr(say, f"guide_{key}") for key in "123456789"}
    others = (say.guide_0, say.guide_star, say.guide_hash)
    return Scene(
        says=(say.guide_intro, *each.values(), *others, say.guide_try),
        again=(say.guide_try,),
        warn=(say.still_there,),
        keys={key: Go(step.to(Guide, short=True), (said,)) for key, said in each.items()}
        | {"*": go_back(step), "#": go_back(step)},
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
