"""Callers who ring back: where they left off, as far as the edition still has it.

Words are compared by their digests, as nothing more is kept about a caller. A sentence is known by
its words, wherever it stands in its article now, and a section by its heading.
"""

from dataclasses import replace
from datetime import datetime
from functools import partial
from hashlib import blake2b

from ivr.call.position import sentence_at
from ivr.call.scene import Call, LeftOff
from ivr.call.steps import Menu, Place, Reading
from ivr.edition.content import Article, Content, Language
from ivr.edition.edition import Edition

LATE_MS = 5000
"""How long after its end a section may still be the one in which the caller hung up. If they had
stayed on the line, the next one would have begun."""


def digest(words: str) -> str:
    """16 hex digits of the words' hash, which stand for them."""
    return blake2b(words.encode(), digest_size=8).hexdigest()


def first_step(left_off: LeftOff, content: Content) -> Menu:
    """Where the call of somebody who was in an article before begins.

    The content has their language. Where it has nothing to carry on with, that is the beginning of
    the newest article: so the tour does not come again. A speed that is gone becomes the nearest.
    """
    words = content.languages[left_off.language]
    return Menu(
        language=left_off.language,
        speed=_nearest_speed(content, left_off.speed),
        bookmark=_place(words, left_off) or _newest(words),
    )


def _nearest_speed(content: Content, speed: float) -> float:
    def distance(offered: float) -> float:
        return abs(offered - speed)

    return min(content.speeds, key=distance)


def _newest(words: Language) -> Place:
    """The beginning of the newest article."""
    newest = words.articles[0]
    return Place(newest.slug, section=1)


def _place(words: Language, left_off: LeftOff) -> Place | None:
    """The same sentence, or the start of its section, or nothing; of several, the one in its
    section, or the nearest."""
    article = words.article.get(left_off.place.article)
    if article is None:
        return None
    beginnings = _beginnings(article, left_off.heading)
    found = _sentences(article, left_off.sentence) or beginnings
    in_its_section = [place for place in found if _beginning(place) in beginnings]
    best = in_its_section or found
    distance = partial(_distance, left_off.place)
    return min(best, key=distance, default=None)


def _distance(here: Place, there: Place) -> tuple[int, int]:
    """How many sections, and then how many sentences, lie between two places."""
    sections = abs(there.section - here.section)
    sentences = abs(there.start - here.start)
    return sections, sentences


def _beginning(place: Place) -> Place:
    """The beginning of the section that a place is in."""
    return replace(place, start=0)


def _sentences(article: Article, sentence: str) -> list[Place]:
    """Wherever an article has the sentence of this digest."""
    found = []
    for number, section in enumerate(article.sections, 1):
        for start, words in enumerate(section.sentences):
            if digest(words) == sentence:
                place = Place(article.slug, number, start)
                found.append(place)
    return found


def _beginnings(article: Article, heading: str) -> list[Place]:
    """The beginning of each section whose heading has this digest."""
    found = []
    for number, section in enumerate(article.sections, 1):
        if digest(section.heading) == heading:
            place = Place(article.slug, number)
            found.append(place)
    return found


def hung_up_at(step: Reading, edition: Edition, now: datetime) -> Place | None:
    """The sentence that was being said at `now`; None where the section was over long before, so
    that it is not known when the caller hung up."""
    call = Call(edition, now, step)
    section = call.words.section(step.article, step.section)
    lengths = call.sentences_ms(section)
    ends_ms = sum(lengths[step.start :])
    if call.elapsed_ms > ends_ms + LATE_MS:
        return None
    sentence = sentence_at(lengths, step.start, call.elapsed_ms)
    return replace(step.place, start=sentence)
