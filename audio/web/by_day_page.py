"""Opening hours by day, in a helpline's form: the fields, and a picture of the week."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import get_template_attribute, request

from audio.desk.by_day import CHOICES, LEGENDS, NEW_DATE, ByDay, DayFields, by_day, rows
from audio.desk.fields import Values
from audio.web.pages import no_such_page, pages, studio
from audio.words.hours import DAYS
from audio.words.when_open import load_hours_words
from ivr.edition.content import Stretch


@dataclass(frozen=True)
class Picture:
    """A week to look at."""

    rows: Sequence[Sequence[Stretch]]
    """For each day: when it is open, in minutes of that day."""
    sentence: str
    """The same in the line's own words."""
    language: str
    names: Sequence[str] = DAYS


@dataclass(frozen=True)
class Shown:
    """What a page shows above a box in which hours are typed."""

    legend: str
    choices: Mapping[str, str]
    """What may be chosen for each day."""
    found: ByDay
    picture: Picture | None
    blank: DayFields | None
    """What is added, where its days are dates; None where they are always the same."""


@pages.get("/<language>/helplines/by-day/<name>")
def typed_by_day(language: str, name: str) -> str:
    """The fields of what somebody types just now: a piece of a page, for its script."""
    if language not in studio().written_languages() or name not in CHOICES:
        no_such_page()
    typed = request.args.get("typed", "")
    fields = get_template_attribute("studio/by_day.html", "fields")
    return str(fields(_shown(language, name, typed)))


def shown_by_day(language: str, values: Values) -> dict[str, Shown]:
    """What a helpline's page shows, by the names of its fields."""
    return {name: _shown(language, name, values[name]) for name in CHOICES}


def _shown(language: str, name: str, typed: str) -> Shown:
    found = by_day(name, typed)
    blank = None
    if name == "dates":
        blank = NEW_DATE
    return Shown(
        legend=LEGENDS[name],
        choices=CHOICES[name],
        found=found,
        picture=_picture(language, found.week),
        blank=blank,
    )


def _picture(language: str, week: Sequence[Stretch]) -> Picture | None:
    """None where there is nothing to see, or there are no words for it."""
    words = load_hours_words(studio().content / language / "hours.toml", [])
    if words is None or not week:
        return None
    return Picture(rows(week), words.sentence(week), language)
