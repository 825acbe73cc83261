"""The notice: one page, from which it is on the air in seconds."""

from dataclasses import replace
from types import MappingProxyType

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from audio.air.publish import live_edition
from audio.desk.entries import ENTRY_KINDS
from audio.desk.fields import Values
from audio.desk.saving import changed_since, mark, tidied
from audio.web.editing import OVERTAKEN, Form
from audio.web.listening import heard_at_once
from audio.web.pages import no_such_page, pages, studio, tell_with_undo
from ivr.edition.content import Notice
from ivr.errors import ByField, ChangeConflict, ChangeRefused

KIND = "notice"

TEMPLATE = "studio/notice.html"

NO_FAULTS: ByField = MappingProxyType({})

NOT_DONE = "Not on the air"

NOT_YET = (
    "It is saved, but not on the air: something else is being published just now. When that is"
    " done, press Publish."
)


@pages.get("/<language>/notice")
def notice(language: str) -> str:
    """What callers hear after the welcome, and the form that changes it."""
    _check(language)
    now = studio().desk.read(KIND, language, KIND)
    values = now or _empty()
    form = _form(language, values, mark(now))
    return _page(form)


@pages.post("/<language>/notice")
def change_notice(language: str) -> ResponseReturnValue:
    """Saves the notice or removes it, and publishes; or saves it, to be listened to first."""
    _check(language)
    if request.form.get("do") == "remove":
        return _remove(language)
    values = tidied(ENTRY_KINDS[KIND].form, request.form)
    was = request.form.get("was", "")
    now = studio().now()
    try:
        studio().desk.announce(language, values, was, now)
    except ChangeRefused as error:
        form = _form(language, values, was, NOT_DONE, error.by_field)
        return _page(form), 422
    except ChangeConflict as error:
        theirs = replace(
            _form(language, values, mark(error.now), NOT_DONE),
            theirs=error.now or {},
            changed=changed_since(error.now, was),
        )
        return _page(theirs), 409
    if request.form.get("do") == "listen":
        return heard_at_once(language, KIND, KIND)
    return _publish()


def page_with(language: str, values: Values, was: str) -> str:
    """The page, with a notice that is typed but not saved."""
    return _page(_form(language, values, was))


def _remove(language: str) -> ResponseReturnValue:
    was = request.form.get("was", "")
    try:
        save = studio().desk.save(KIND, language, KIND, None, was)
        tell_with_undo("The notice was removed.", save)
    except ChangeConflict as error:
        if error.now is not None:  # else somebody removed it, which is as good
            faults = {"": [OVERTAKEN]}
            theirs = mark(error.now)
            form = _form(language, error.now, theirs, "Not removed", faults)
            return _page(form), 409
    return _publish()


def _publish() -> AnyResponse:
    """Puts on the air what is saved: it takes a second or two, if nothing else is waiting."""
    if not studio().publish():
        flash(NOT_YET)
    return redirect(url_for("studio.publishing"), 303)


def _check(language: str) -> None:
    """Answers 404 for a language that the line has not."""
    if language not in studio().languages():
        no_such_page()


def _empty() -> Values:
    return tidied(ENTRY_KINDS[KIND].form, {})


def _form(
    language: str,
    values: Values,
    was: str,
    undone: str = "",
    faults: ByField = NO_FAULTS,
) -> Form:
    """It has no name while there is no notice."""
    name = KIND
    if was == mark(None):
        name = ""
    return Form(language, KIND, name, values, was, undone, faults)


def _page(form: Form) -> str:
    """The form, below what callers hear now."""
    return form.page(
        TEMPLATE, on_the_air=_on_the_air(form.language), now=studio().now()
    )


def _on_the_air(language: str) -> Notice | None:
    """The notice of the live edition, begun or not; None where it has none."""
    live = live_edition(studio().store)
    if live is None:
        return None
    words = live.content.languages.get(language)
    if words is None:
        return None
    return words.notice
