"""Forms that were sent after their session had expired: they are shown again, with their words."""

from collections.abc import Mapping
from urllib.parse import parse_qs, urlsplit

from flask import current_app, flash
from werkzeug.exceptions import HTTPException

from audio.desk.entries import ENTRY_KINDS, OF_NO_LANGUAGE
from audio.desk.saving import tidied
from audio.web import announcing, editing
from audio.web.pages import no_such_page, studio

NOT_SAVED_YET = "What you wrote is in the form. It is not saved yet."

FORMS = {"studio.change", "studio.change_notice", "studio.change_line"}
"""The forms whose words are kept."""


def can_resume(path: str) -> bool:
    """Whether a form that was sent to this path can be shown again with its words."""
    endpoint, _ = _target(path)
    return endpoint in FORMS


def resumed(address: str, typed: Mapping[str, str]) -> str:
    """The form at an address with what was typed, ready to be saved. Answers 404 where its thing
    cannot be."""
    parts = urlsplit(address)
    endpoint, target = _target(parts.path)
    if endpoint == "studio.change_line":
        return _of_the_line(typed)
    language = target.get("language", "")
    kind = target.get("kind", announcing.KIND)
    asked = parse_qs(parts.query)
    name, *_ = asked.get("name", [""])
    if language not in studio().written_languages():
        no_such_page()
    if kind not in ENTRY_KINDS:
        no_such_page()
    entry_kind = ENTRY_KINDS[kind]
    if name and not entry_kind.is_name(name):
        no_such_page()
    flash(NOT_SAVED_YET)
    values = tidied(entry_kind.form, typed)
    was = typed.get("was", "")
    if endpoint == "studio.change_notice":
        return announcing.page_with(language, values, was)
    form = editing.Form(language, kind, name, values, was, is_saved=False)
    return form.page()


def _of_the_line(typed: Mapping[str, str]) -> str:
    """The line's form, which stands in no language."""
    flash(NOT_SAVED_YET)
    kind = OF_NO_LANGUAGE
    fields = ENTRY_KINDS[kind].form
    values = tidied(fields, typed)
    was = typed.get("was", "")
    form = editing.Form("", kind, kind, values, was, is_saved=False)
    return form.page()


def _target(path: str) -> tuple[str, Mapping[str, str]]:
    """The view that takes forms at a path, by its name, and what the path tells it."""
    addresses = current_app.url_map.bind("")
    try:
        return addresses.match(path, method="POST")
    except HTTPException:
        return "", {}
