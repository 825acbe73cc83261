"""The scenes of reading, with the keys of a talking-book player."""

from dataclasses import replace

from ivr.call.position import heard_ms, sentence_at
from ivr.call.scene import Call, Go, Scene
from ivr.call.steps import Contents, End, Helplines, Menu, Paused, Place, Reading, Step
from ivr.edition.content import Article

EARLY_MS = 5000
"""Within this much of a section, "back a section" goes to the one before."""

MS_PER_MINUTE = 60_000


def begin(step: Step, call: Call, slug: str, section: int = 1) -> Go:
    """Starts reading an article; the tour of the keys comes first, once a call."""
    article = call.words.article[slug]
    tour = () if step.bookmark else (call.prompts.tour,)
    go = _at_section(step, call, article, section)
    return Go(go.step, (*tour, *go.before))


def carry_on(step: Step, bookmark: Place) -> Go:
    """Reads on where the caller left off."""
    return Go(_read(step, bookmark))


def go_back(step: Step) -> Go:
    """To where the caller came from: the reading, or the main menu."""
    return carry_on(step, step.bookmark) if step.reading and step.bookmark else Go(step.to(Menu))


def _read(step: Step, place: Place) -> Reading:
    at = {"article": place.article, "section": place.section, "start": place.start}
    return step.to(Reading, bookmark=place, reading=True, **at)


def _at_section(step: Step, call: Call, article: Article, section: int, start: int = 0) -> Go:
    """Reads on in another section, which is announced."""
    return Go(_read(step, Place(article.slug, section, start)), _announced(call, article, section))


def _announced(call: Call, article: Article, section: int) -> tuple[str, ...]:
    """What is said before a section: its number and heading, and at the top the title."""
    title = (article.title,) if section == 1 else ()
    number = call.prompts.section.format(number=section)
    return (*title, number, article.sections[section - 1].heading)


def _skip_ahead(step: Reading, call: Call, article: Article) -> Go:
    """From the tour to the announcement of the section; from that to its words."""
    announced = _announced(call, article, step.section) if step.start == 0 else ()
    in_tour = -call.elapsed_ms > sum(call.ms(utterance) for utterance in announced)
    return Go(_read(step, step.place), announced if in_tour else ())


def reading(step: Reading, call: Call) -> Scene:
    """Reads a section to its end; then the next one follows by itself."""
    article = call.words.article[step.article]
    lengths = call.sentences_ms(article, step.section)
    now = sentence_at(lengths, step.start, call.elapsed_ms)
    heard = heard_ms(lengths, step.start, call.elapsed_ms)
    keys = _steer(step, call, article, now, heard)
    onward = keys["6"]
    if call.elapsed_ms < 0:  # the reading itself has not begun
        keys["#"] = _skip_ahead(step, call, article)
        if step.start == 0:
            keys["3"] = keys["#"]
    return Scene(
        says=article.sections[step.section - 1].sentences[step.start :],
        keys=keys,
        waits_s=(1,),
        silence=onward,
    )


def paused(step: Paused, call: Call) -> Scene:
    """Waits, for ten minutes at most; every key of the reading works from here too."""
    article, say = call.words.article[step.article], call.prompts
    heard = heard_ms(call.sentences_ms(article, step.section), step.start, 0)
    go_on = Go(_read(step, step.place))
    return Scene(
        says=(say.paused,),
        again=(say.still_paused,),
        warn=(say.still_there,),
        keys=_steer(step, call, article, step.start, heard) | {"5": go_on, "#": go_on},
        waits_s=(60,) * 10,
    )


def _steer(step: Reading, call: Call, article: Article, now: int, heard: float) -> dict[str, Go]:
    """The talking-book keys, for a caller who is in sentence `now`, `heard` ms into the section."""
    here = Place(article.slug, step.section, now)
    stay = _read(step, here)
    start_again = _at_section(stay, call, article, step.section)
    before = _at_section(stay, call, article, max(1, step.section - 1))
    on = _next_section(stay, call, article)
    last = now + 1 == len(article.sections[step.section - 1].sentences)
    return {
        "1": _back_a_sentence(stay, call, article),
        "2": Go(stay, _where(stay, call, article)),
        "3": on if last else Go(_read(stay, replace(here, start=now + 1))),
        "4": before if heard < EARLY_MS else start_again,
        "5": Go(stay.to(Paused, article=article.slug, section=step.section, start=now)),
        "6": on,
        "7": _at_speed(stay, call, -1),
        "8": Go(stay.to(Contents, article=article.slug)),
        "9": _at_speed(stay, call, 1),
        "0": Go(stay.to(Helplines)),
        "*": Go(stay.to(Menu, reading=False)),
        "#": on,
    }


def _next_section(stay: Reading, call: Call, article: Article) -> Go:
    if stay.section < len(article.sections):
        return _at_section(stay, call, article, stay.section + 1)
    top = Place(article.slug, 1)
    return Go(stay.to(End, article=article.slug, bookmark=top, reading=False))


def _back_a_sentence(stay: Reading, call: Call, article: Article) -> Go:
    if stay.start > 0:
        return Go(_read(stay, replace(stay.place, start=stay.start - 1)))
    if stay.section > 1:
        last = len(article.sections[stay.section - 2].sentences) - 1
        return _at_section(stay, call, article, stay.section - 1, last)
    return Go(stay, (call.prompts.beginning,))


def _where(stay: Reading, call: Call, article: Article) -> tuple[str, ...]:
    """Which section, of how many, and how many minutes are left at this speed."""
    say, later = call.prompts, range(stay.section + 1, len(article.sections) + 1)
    left = sum(call.sentences_ms(article, stay.section)[stay.start :])
    left += sum(sum(call.sentences_ms(article, section)) for section in later)
    minutes = min(round(left / MS_PER_MINUTE), call.words.most_minutes)
    return (
        say.where.format(number=stay.section),
        say.of_sections.format(number=len(article.sections)),
        article.sections[stay.section - 1].heading,
        say.minutes_left.format(minutes=minutes) if minutes > 1 else say.last_minute,
    )


def _at_speed(stay: Reading, call: Call, change: int) -> Go:
    """One speed slower (-1) or faster (1), from the same sentence."""
    speeds, say = call.edition.content.speeds, call.prompts
    index = speeds.index(stay.speed) + change
    if not 0 <= index < len(speeds):
        return Go(stay, (say.slowest if change < 0 else say.fastest,))
    return Go(replace(stay, speed=speeds[index]), (say.slower if change < 0 else say.faster,))


def end(step: End, call: Call) -> Scene:
    """The article is over: again, contents, helplines, main menu."""
    say, article = call.prompts, call.words.article[step.article]
    options = (say.end_again, say.end_contents, say.end_helplines, say.end_menu)
    credit = tuple(line for line in (article.source, article.copyright) if line)
    menu = Go(step.to(Menu))
    return Scene(
        says=(say.end_of_article, *credit, *options),
        again=options,
        warn=(say.still_there,),
        keys={
            "1": begin(step, call, step.article),
            "2": Go(step.to(Contents, article=step.article)),
            "3": Go(step.to(Helplines)),
            "4": menu,
            "*": _at_section(step, call, article, len(article.sections)),
            "#": menu,
        },
    )
