"""The scenes of reading, with the keys of a talking-book player."""

from dataclasses import replace
from functools import partial

from ivr.call.position import heard_ms, sentence_at
from ivr.call.scene import Call, Go, Moves, Scene, Way
from ivr.call.steps import Contents, End, Helplines, Menu, Paused, Place, Reading, Step
from ivr.edition.content import Section

EARLY_MS = 5000
"""Within this much of a section, "back a section" goes to the one before."""

MS_PER_MINUTE = 60_000

# Getting into an article, and out of it


def begin(step: Step, call: Call, slug: str, section: int = 1) -> Go:
    """Starts reading an article; a tour of the keys comes first, once a call."""
    go = _announced(step, call, Place(slug, section))
    if step.bookmark:
        return go
    return Go(go.step, (call.prompts.tour, *go.before))


def carry_on(step: Step, bookmark: Place) -> Go:
    """Reads on where the caller left off."""
    return Go(_read(step, bookmark))


def go_back(step: Step) -> Go:
    """To where the caller came from: the reading, or the main menu."""
    if step.reading and step.bookmark:
        return carry_on(step, step.bookmark)
    return Go(step.to(Menu))


def _read(step: Step, place: Place) -> Reading:
    """The step that reads from a sentence on."""
    return step.to(
        Reading,
        article=place.article,
        section=place.section,
        start=place.start,
        bookmark=place,
        reading=True,
    )


def _announced(step: Step, call: Call, place: Place) -> Go:
    """Reads from a sentence of another section, which is announced."""
    return Go(_read(step, place), _announcement(call, place))


def _announcement(call: Call, place: Place) -> tuple[str, ...]:
    """What is said before a section: its number and heading, and before the first the title."""
    article = call.words.article[place.article]
    number = call.prompts.section.format(number=place.section)
    heading = call.words.section(place.article, place.section).heading
    if place.section == 1:
        return (article.title, number, heading)
    return (number, heading)


# The scenes


def reading(step: Reading, call: Call) -> Scene:
    """Reads a section to its end; then the next one follows by itself."""
    return Scene(
        says=_section(step, call).sentences[step.start :],
        keys=Moves(partial(_reading_keys, step, call)),
        waits_s=(1,),
        silence=partial(_next_section, step, call),
        stay=lambda: Go(_here(step, call)),
    )


def paused(step: Paused, call: Call) -> Scene:
    """Waits, for ten minutes at most; every key of the reading works from here too."""
    say = call.prompts
    return Scene(
        says=(say.paused,),
        again=(say.still_paused,),
        warn=(say.still_there,),
        keys=Moves(partial(_paused_keys, step, call)),
        waits_s=(60,) * 10,
    )


def _section(step: Reading, call: Call) -> Section:
    """The section that the step is in."""
    return call.words.section(step.article, step.section)


def end(step: End, call: Call) -> Scene:
    """The article is over: again, contents, helplines, main menu."""
    say = call.prompts
    article = call.words.article[step.article]
    credits = [line for line in (article.source, article.copyright) if line]
    options = (say.end_again, say.end_contents, say.end_helplines, say.end_menu)
    last_section = Place(step.article, len(article.sections))
    menu = Go(step.to(Menu))
    wishes = call.wishes
    return Scene(
        says=(say.end_of_article, *credits, *options),
        again=options,
        warn=(say.still_there,),
        keys={
            "1": begin(step, call, step.article),
            "2": _to_contents(step),
            "3": Go(step.to(Helplines)),
            "4": menu,
            "*": _announced(step, call, last_section),
            "#": menu,
        },
        may_say={
            "1": wishes.hear_again,
            "2": wishes.sections,
            "3": wishes.someone,
            "0": (),
            "4": wishes.main_menu,
            "*": wishes.back,
        },
    )


# The keys of a talking-book player


def _reading_keys(step: Reading, call: Call) -> dict[str, Way]:
    lengths = call.sentences_ms(_section(step, call))
    heard = heard_ms(lengths, step.start, call.elapsed_ms)
    keys = _player_keys(_here(step, call), call, heard)
    if call.in_lead:
        keys |= _keys_before_the_words(step, call)
    return keys


def _paused_keys(step: Paused, call: Call) -> dict[str, Way]:
    lengths = call.sentences_ms(_section(step, call))
    heard = heard_ms(lengths, step.start, elapsed_ms=0)
    go_on = partial(carry_on, step, step.place)
    keys = _player_keys(_read(step, step.place), call, heard)
    return keys | {"5": go_on, "#": go_on}


def _here(step: Reading, call: Call) -> Reading:
    """The step that reads on from the sentence that the caller is in."""
    lengths = call.sentences_ms(_section(step, call))
    sentence = sentence_at(lengths, step.start, call.elapsed_ms)
    return _read(step, replace(step.place, start=sentence))


def _player_keys(stay: Reading, call: Call, heard: float) -> dict[str, Way]:
    """Where each key leads a caller who is `heard` ms into the section, in the sentence with which
    `stay` begins."""
    next_section = partial(_next_section, stay, call)
    return {
        "1": partial(_back_a_sentence, stay, call),
        "2": partial(_where_am_i, stay, call),
        "3": partial(_on_a_sentence, stay, call),
        "4": partial(_back_a_section, stay, call, heard),
        "5": partial(_pause, stay),
        "6": next_section,
        "7": partial(_slower, stay, call),
        "8": partial(_to_contents, stay),
        "9": partial(_faster, stay, call),
        "0": lambda: Go(stay.to(Helplines)),
        "*": lambda: Go(stay.to(Menu, reading=False)),
        "#": next_section,
    }


def _keys_before_the_words(step: Reading, call: Call) -> dict[str, Way]:
    """Hash skips what comes before the words: first the tour, then the announcement.

    "On a sentence" does so too, where the sentence that comes is the first of the section. But a
    second one that follows at once, before anything of the announcement is heard, goes on.
    """
    skip = partial(_skip_ahead, step, call)
    is_second = call.is_unheard and not _has_tour(step, call)
    if step.start > 0 or is_second:
        return {"#": skip}
    return {"#": skip, "3": skip}


def _skip_ahead(step: Reading, call: Call) -> Go:
    """From the tour to the announcement of the section; from that to its words."""
    words = _read(step, step.place)
    announcement = _announcement(call, step.place)
    announcement_ms = round(call.total_ms(announcement))
    is_in_tour = -call.elapsed_ms > announcement_ms
    if _has_tour(step, call) and is_in_tour:
        return Go(words, announcement)
    return Go(words)


def _has_tour(step: Reading, call: Call) -> bool:
    """Whether the tour comes before the words: more than an announcement can be nothing else."""
    announcement = _announcement(call, step.place)
    announcement_ms = round(call.total_ms(announcement))
    return step.start == 0 and step.lead > announcement_ms


def _back_a_sentence(stay: Reading, call: Call) -> Go:
    """To the sentence before, also into the section before."""
    if stay.start > 0:
        sentence_before = replace(stay.place, start=stay.start - 1)
        return Go(_read(stay, sentence_before))
    if stay.section == 1:
        return Go(stay, (call.prompts.beginning,))
    number = stay.section - 1
    section_before = call.words.section(stay.article, number)
    last = len(section_before.sentences) - 1
    its_last_sentence = Place(stay.article, number, last)
    return _announced(stay, call, its_last_sentence)


def _on_a_sentence(stay: Reading, call: Call) -> Go:
    """To the next sentence, also into the next section."""
    start = stay.start + 1
    if start == len(_section(stay, call).sentences):
        return _next_section(stay, call)
    next_sentence = replace(stay.place, start=start)
    return Go(_read(stay, next_sentence))


def _back_a_section(stay: Reading, call: Call, heard: float) -> Go:
    """Early in a section to the one before; later to the start of this one, as players do."""
    number = stay.section
    if heard < EARLY_MS and number > 1:
        number -= 1
    start_of_section = Place(stay.article, number)
    return _announced(stay, call, start_of_section)


def _pause(stay: Reading) -> Go:
    paused_here = stay.to(
        Paused,
        article=stay.article,
        section=stay.section,
        start=stay.start,
    )
    return Go(paused_here)


def _next_section(stay: Reading, call: Call) -> Go:
    """To the next section; after the last, to the end of the article."""
    sections = call.words.article[stay.article].sections
    if stay.section < len(sections):
        next_section = Place(stay.article, stay.section + 1)
        return _announced(stay, call, next_section)
    top = Place(stay.article, section=1)
    end_of_article = stay.to(
        End,
        article=stay.article,
        bookmark=top,
        reading=False,
    )
    return Go(end_of_article)


def _to_contents(step: Reading | End) -> Go:
    """To the list of the article's sections."""
    return Go(step.to(Contents, article=step.article))


def _where_am_i(stay: Reading, call: Call) -> Go:
    """Which section this is, of how many, and how many minutes are left at this speed."""
    say = call.prompts
    sections = call.words.article[stay.article].sections
    this_one = say.where.format(number=stay.section)
    of_how_many = say.of_sections.format(number=len(sections))
    heading = _section(stay, call).heading
    time_left = _time_left(stay, call)
    return Go(stay, (this_one, of_how_many, heading, time_left))


def _time_left(stay: Reading, call: Call) -> str:
    """How many minutes are left of the article, as it is said."""
    sentences_left = _section(stay, call).sentences[stay.start :]
    left_ms = call.total_ms(sentences_left)
    sections = call.words.article[stay.article].sections
    for section in sections[stay.section :]:
        left_ms += call.total_ms(section.sentences)
    minutes = round(left_ms / MS_PER_MINUTE)
    if minutes <= 1:
        return call.prompts.last_minute
    minutes = min(minutes, call.words.most_minutes)
    return call.prompts.minutes_left.format(minutes=minutes)


def _slower(stay: Reading, call: Call) -> Go:
    """One speed slower, from the same sentence."""
    speeds = call.edition.content.speeds
    index = speeds.index(stay.speed)
    if index == 0:
        return Go(stay, (call.prompts.slowest,))
    slower = replace(stay, speed=speeds[index - 1])
    return Go(slower, (call.prompts.slower,))


def _faster(stay: Reading, call: Call) -> Go:
    """One speed faster, from the same sentence."""
    speeds = call.edition.content.speeds
    index = speeds.index(stay.speed)
    if index == len(speeds) - 1:
        return Go(stay, (call.prompts.fastest,))
    faster = replace(stay, speed=speeds[index + 1])
    return Go(faster, (call.prompts.faster,))
