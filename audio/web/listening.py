"""Listening to the words as callers will hear them, at any speed, before they are published."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import groupby

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from audio.air.at_once import at_once
from audio.air.order import COMMAND, Order
from audio.air.plan import ByText, Take, lengths, plan_texts
from audio.air.proofing import doubts, hearings
from audio.air.publish import who_reads
from audio.air.studio_store import StudioStore
from audio.desk.fields import TABLES
from audio.sound.ear import can_hear
from audio.web.pages import no_such_page, pages, studio
from audio.web.studio import Studio
from audio.words.source import Source
from audio.words.utterances import utterances
from ivr.edition.clip_urls import cut, sound_path
from ivr.edition.content import Article, Helpline, Language, Section, Speeds, slots
from ivr.edition.edition import clip_name
from ivr.errors import LineError

SECONDS_TO_RENDER = 100
"""How long somebody waits to listen; what is made meanwhile is kept."""


UNHEARD = "Nobody hears these words, as the line has only one language."


@dataclass(frozen=True)
class Excerpt:
    """Something to listen to."""

    title: str
    texts: tuple[str, ...]
    """Its utterances, in order."""
    unhurried: tuple[str, ...] = ()
    """Those that callers never hear faster than at speed 1: numbers."""
    slot: str = ""
    """What varies in a prompt, such as `key`; empty where nothing does."""
    values: tuple[str, ...] = ()
    """What can stand in the slot."""


@pages.get("/<language>/<kind>/listen")
def listen(language: str, kind: str) -> str:
    """Plays a thing as callers will hear it, at any speed."""
    store = studio().store
    source = studio().source(language)
    excerpt = _excerpt(source, language, kind, request.args)
    speeds = source.content.speeds
    speed = _speed(speeds, request.args.get("speed", ""))
    reader = who_reads(source, store)[language]
    takes = plan_texts(source, language, excerpt.texts, reader)
    sounds: list[str] = []
    if _have_sound(takes, store, speeds):
        sounds.extend(_sounds(excerpt, takes, speed, store))
    return render_template(
        "studio/listen.html",
        doubts=_doubts(takes, store),
        may_be_heard=_may_be_heard(studio(), language, takes),
        language=language,
        kind=kind,
        excerpt=excerpt,
        sounds=sounds,
        speed=speed,
        speeds=speeds,
    )


@pages.post("/<language>/<kind>/listen")
def make_sound(language: str, kind: str) -> AnyResponse:
    """Makes the sound of a thing that has none, and leads to the page that plays it."""
    source = studio().source(language)
    excerpt = _excerpt(source, language, kind, request.args)
    make(studio(), language, excerpt.texts)
    flash("The sound is ready to play.")
    return redirect(request.full_path, 303)


def heard_at_once(
    language: str, kind: str, name: str, section: str = ""
) -> AnyResponse:
    """Makes the sound of a thing that was just saved, and leads to the page that plays it.

    Where the sound cannot be made now, the page says why, and has a button.
    """
    try:
        source = studio().source(language)
        asked = {"name": name, "section": section}
        texts = _excerpt(source, language, kind, asked).texts
        reader = who_reads(source, studio().store)[language]
        takes = plan_texts(source, language, texts, reader)
        speeds = source.content.speeds
        if not _have_sound(takes, studio().store, speeds):
            make(studio(), language, texts)
    except LineError as error:
        flash(str(error))
    address = url_for(
        "studio.listen",
        language=language,
        kind=kind,
        name=name,
        section=section or None,
    )
    return redirect(address, 303)


def _words(source: Source, language: str) -> Language:
    """The words of a language. Answers 404 where there are none."""
    return source.content.languages.get(language) or no_such_page()


def _speed(speeds: Speeds, asked: str) -> float:
    """The speed that a page's address asks for, if the line has it; else 1."""
    for speed in speeds:
        if f"{speed:g}" == asked:
            return speed
    return 1.0


def _have_sound(takes: ByText, store: StudioStore, speeds: Speeds) -> bool:
    """Whether every one of these has its clips."""
    return all(lengths(each, store, speeds) for each in takes.values())


def _excerpt(
    source: Source, language: str, kind: str, asked: Mapping[str, str]
) -> Excerpt:
    """What is to be heard of the thing that a page's address names. Answers 404 where there is
    no such thing."""
    words = _words(source, language)
    name = asked.get("name", "")
    if kind == "pronunciations":
        return _pronunciation(source, language, name)
    if kind == "prompts" and name in slots():
        value = asked.get("value", "")
        return _prompt(words, name, value)
    if kind == "notice" and words.notice:
        return Excerpt("the notice", (words.notice.text,))
    if kind == "helplines" and name in words.helpline:
        return _helpline(words.helpline[name])
    if kind != "articles" or name not in words.article:
        no_such_page()
    section = asked.get("section", "")
    return _article(words.article[name], section)


def _prompt(words: Language, name: str, value: str) -> Excerpt:
    """A prompt, with this value in its slot, or with the first that it can have."""
    text = str(getattr(words.prompts, name))
    title = f"the prompt {name}"
    slot = slots()[name]
    if slot is None:
        return Excerpt(title, (text,))
    values = words.values(slot)
    if not values:
        raise LineError(UNHEARD)
    if value not in values:
        value = values[0]
    said = text.format(**{slot: value})
    return Excerpt(title, (said,), slot=slot, values=values)


def _pronunciation(source: Source, language: str, name: str) -> Excerpt:
    """What is written, alone and in the first text that has it. Answers 404 for what is in no
    table."""
    table, _, written = name.partition("/")
    if table not in TABLES:
        no_such_page()
    known = getattr(source.pronunciations[language], table)
    if written not in known:
        no_such_page()
    title = f"how {written} is said"
    literally = re.escape(written)
    whole = re.compile(rf"(?<!\w){literally}(?!\w)")
    words = source.content.languages[language]
    for text in utterances(words):
        if text != written and whole.search(text):
            return Excerpt(title, (written, text))
    return Excerpt(title, (written,))


def _helpline(helpline: Helpline) -> Excerpt:
    name = helpline.name
    number = helpline.number
    texts = (name, helpline.whom, helpline.when, helpline.cost, number)
    return Excerpt(name, texts, unhurried=(number,))


def _article(article: Article, number: str) -> Excerpt:
    """One section, by its number; or all of the article."""
    for n, section in enumerate(article.sections, 1):
        if number == str(n):
            title = f"section {n} of {article.title}: {section.heading}"
            return Excerpt(title, _read(section))
    texts = [article.title]
    for section in article.sections:
        texts.extend(_read(section))
    texts += [article.source, article.copyright]
    return Excerpt(article.title, tuple(texts))


def _read(section: Section) -> tuple[str, ...]:
    """What is read of a section."""
    return (section.heading, *section.sentences)


def make(
    studio: Studio, language: str, texts: tuple[str, ...], voice: str | None = None
) -> None:
    """Have the clips made, by a process of its own; nothing is published. One at a time:
    whoever listens must not take the server from those who call."""
    order = Order(
        studio.content,
        studio.store.url,
        voice,
        listen=studio.ear is not None and voice is None,
        ear=studio.ear,
        only=texts,
        language=language,
    )
    at_once(
        COMMAND,
        given=order.as_json(),
        environment=order.environment(),
        folder=studio.folder,
        most_s=SECONDS_TO_RENDER,
    )


def _doubts(takes: ByText, store: StudioStore) -> dict[str, str]:
    """What the recogniser heard differently, by text; nothing for a text that it has not heard."""
    known = hearings(store)
    found = {}
    for text, take in takes.items():
        if take.name in known:
            found[text] = doubts(known[take.name])
    return found


def _may_be_heard(studio: Studio, language: str, takes: ByText) -> bool:
    """Whether the recogniser is here, and can hear something that it has not heard yet."""
    if studio.ear is None:
        return False
    known = hearings(studio.store)
    new = [take for take in takes.values() if take.name not in known]
    return any(can_hear(language, take.voice) for take in new)


def _sounds(
    excerpt: Excerpt, takes: ByText, speed: float, store: StudioStore
) -> Iterator[str]:
    """The paths of its sounds, each no longer than `/clips` serves."""

    def is_unhurried(text: str) -> bool:
        return text in excerpt.unhurried

    texts = [text for text in excerpt.texts if text.strip()]
    for unhurried, group in groupby(texts, is_unhurried):
        at = speed
        if unhurried:
            at = min(speed, 1.0)
        clips = [_clip(takes[text], at, store) for text in group]
        for names in cut(clips):
            yield sound_path(at, names)


def _clip(take: Take, speed: float, store: StudioStore) -> tuple[str, int]:
    """A take's name, and the length of its clip in samples."""
    clip = clip_name(take.name, speed)
    length = store.length(clip) or 0
    return take.name, length
