"""What callers lose when something is removed: the page says it, and asks once."""

from flask import render_template

from audio.air.publish import live_edition
from audio.air.wording import counted
from audio.web.pages import studio
from ivr.edition.content import Article, Helpline, Language

WORDS_A_MINUTE = 150
"""How fast articles are read, roughly."""

NOBODY_AT_NIGHT = "No other helpline is open day and night."

MINUTES_OF_A_WEEK = 7 * 24 * 60


def losses(language: str, kind: str, name: str) -> list[str]:
    """What callers would lose, a sentence each; empty where nobody need be asked."""
    on_the_air: Language | None = None
    live = live_edition(studio().store)
    if live:
        on_the_air = live.content.languages.get(language)
    source = studio().source(language)
    saved = source.content.languages[language]
    if kind == "helplines" and on_the_air and name in on_the_air.helpline:
        return _of_a_helpline(saved, on_the_air.helpline[name])
    if kind == "articles" and name in saved.article:
        is_heard = on_the_air is not None and name in on_the_air.article
        return _of_an_article(saved.article[name], is_heard)
    return []


def ask(language: str, kind: str, name: str, was: str, lost: list[str]) -> str:
    """The page that asks once, before anything is removed."""
    now = studio().desk.read(kind, language, name) or {}
    called = now.get("name") or now.get("title") or name
    return render_template(
        "studio/remove.html",
        language=language,
        kind=kind,
        name=name,
        called=called,
        was=was,
        lost=lost,
        asks_why=NOBODY_AT_NIGHT in lost,
    )


def _of_a_helpline(saved: Language, helpline: Helpline) -> list[str]:
    number = f"the number {helpline.number}"
    if helpline.e164:
        number += ", and the line no longer puts them through"
    lost = [f"Callers hear {helpline.name} now. They lose {number}."]
    others = [each for each in saved.helplines if each.slug != helpline.slug]
    others_at_night = any(map(_is_always_open, others))
    if not others:
        lost.append("It is the only helpline: callers would have nobody to talk to.")
    elif _is_always_open(helpline) and not others_at_night:
        lost.append(NOBODY_AT_NIGHT)
    return lost


def _is_always_open(helpline: Helpline) -> bool:
    """Whether its hours leave no minute of the week out."""
    open_minutes = sum(end - start for start, end in helpline.hours)
    return open_minutes >= MINUTES_OF_A_WEEK


def _of_an_article(article: Article, is_heard: bool) -> list[str]:
    minutes = round(article.words / WORDS_A_MINUTE)
    minutes = max(1, minutes)
    sections = counted(len(article.sections), "section")
    reading_time = counted(minutes, "minute")
    told = f"It has {sections}, {article.words} words, {reading_time}."
    if is_heard:
        return [told, "Callers can hear it now. They lose it when you publish."]
    return [told, "Callers have not heard it yet."]
