"""The blueprint that every page of the studio is on, and what a page works with.

The modules of pages put their views on `pages`; `studio()` and `auth()` are those of the
application that answers the request.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Any, NoReturn, cast
from zoneinfo import ZoneInfo

from flask import Blueprint, abort, current_app, flash, g

from audio.air.wording import counted
from audio.desk.comparing import compared
from audio.web.auth import Auth
from audio.web.studio import Studio
from audio.words.known_languages import name_of

pages = Blueprint(
    "studio",
    __name__,
    template_folder="templates",
    static_folder="static",
    static_url_path="/static",
    url_prefix="/studio",
)

UNDO = "undo "
"""Begins the category of a message that has a link to a save; the save's id follows."""


def studio() -> Studio:
    """This application's studio, in the hands of whoever is signed in."""
    if "studio" not in g:
        found = cast(Studio, current_app.extensions["studio"])
        who = auth()
        g.studio = replace(found, who=who.person()) if who else found
    return cast(Studio, g.studio)


def auth() -> Auth | None:
    """Who may sign in to this application; None where no password is set."""
    return cast("Auth | None", current_app.extensions["studio_auth"])


def tell_with_undo(done: str, save: str) -> None:
    """Says on the next page what was done, with a link to the save that can undo it, if one was
    kept."""
    flash(done, f"{UNDO}{save}" if save else "message")


def no_such_page() -> NoReturn:
    """Answers 404: there is no such page. Never returns."""
    abort(404, "There is no such page, or it was removed.")


@pages.context_processor
def common() -> dict[str, Any]:
    """What every template may use."""
    who = auth()
    return {
        "key": who.form_key if who else str,
        "signed_in": who is not None and who.is_signed_in(),
        "studio": studio(),
        "compared": compared,
        "name_of": name_of,
    }


@pages.app_template_filter("when")
def when(time: datetime | str, zone: str, to_the_second: bool = False) -> str:
    """A moment as the clocks of the line's time zone show it."""
    if isinstance(time, str):
        time = datetime.fromisoformat(time)
    shown = f"{time.astimezone(ZoneInfo(zone)):%-d %B %Y, %H:%M}"
    if to_the_second:
        shown += f" and {counted(time.second, 'second')}"
    return shown


@pages.app_template_filter("day")
def day(iso: str) -> str:
    """An ISO date as people read it: `23 November 2026`."""
    return f"{date.fromisoformat(iso):%-d %B %Y}"


@pages.app_template_filter("reader")
def reader(voice: str, language: str) -> str:
    """Who reads a language: `heart, in English (en)` for `hibari:heart`."""
    _, _, name = voice.rpartition(":")
    return f"{name}, in {name_of(language)}"


@pages.app_template_filter("duration")
def duration(seconds: float) -> str:
    """`31 seconds`, `3 minutes 5 seconds`."""
    minutes, rest = divmod(max(round(seconds), 1), 60)
    parts = []
    if minutes:
        parts.append(counted(minutes, "minute"))
    if rest or not minutes:
        parts.append(counted(rest, "second"))
    return " ".join(parts)
