"""What changed, by whom and when; and how to put back what was there before."""

from collections.abc import Collection, Iterator
from itertools import islice

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from audio.air.publish import live_edition
from audio.desk.comparing import Change, stem, things
from audio.desk.entries import ENTRY_KINDS, OF_NO_LANGUAGE
from audio.desk.saving import called, mark, place_of
from audio.history import Kept
from audio.web.editing import OVERTAKEN_CHANGE, SAVED, Form, address_of
from audio.web.pages import no_such_page, pages, studio
from ivr.errors import ChangeConflict, ChangeRefused, LineError

MOST_SAVES = 50
"""On one page."""

WAITING = "What is waiting"

NOT_KEPT = (
    "The words of this edition were not kept: it was published before saves were kept, or on"
    " another machine. You can still put it back on the air."
)


@pages.get("/changes")
def saves() -> str:
    """Every save, newest first."""
    studio().desk.keep_outside()
    first = _save(request.args.get("from", ""))
    every = studio().history.saves(first.id)
    shown = list(islice(every, MOST_SAVES + 1))
    return render_template(
        "studio/saves.html",
        saves=shown[:MOST_SAVES],
        next=shown[MOST_SAVES:],
        zone=studio().zone,
    )


@pages.get("/changes/waiting")
def waiting() -> str:
    """What was changed since the live edition, word by word."""
    live = live_edition(studio().store)
    if live is None:
        return render_template("studio/changes.html", title=WAITING, changes=[])
    not_offered = studio().preparing_languages()
    return _since_edition(live.id, WAITING, not_offered)


@pages.get("/changes/<save>")
def changes_of(save: str) -> str:
    """What one save changed, word by word, with a way back."""
    kept = _save(save)
    return render_template(
        "studio/changes.html",
        title=kept.what,
        kept=kept,
        zone=studio().zone,
        changes=list(_changes(kept.before, kept.id)),
        marks=_marks,
    )


@pages.post("/changes/<save>")
def put_back(save: str) -> ResponseReturnValue:
    """Puts one thing back as it was before a save, or all of them; or shows its form with those
    words, and why they cannot be saved."""
    kept = _save(save)
    if request.form.get("do") == "all":
        return _put_files_back(kept)
    language = request.form.get("language", "")
    kind = request.form.get("kind", "")
    name = request.form.get("name", "")
    for change in _changes(kept.before, kept.id):
        if _is_of(change, language, kind, name):
            return _put_back(change, kept)
    return no_such_page()


@pages.get(
    f"/{OF_NO_LANGUAGE}/changes", defaults={"language": "", "kind": OF_NO_LANGUAGE}
)
@pages.get("/<language>/<kind>/changes")
def changes_of_a_thing(language: str, kind: str) -> str:
    """Every save of one thing, newest first."""
    name = request.args.get("name", "")
    if kind not in ENTRY_KINDS or not ENTRY_KINDS[kind].is_name(name):
        no_such_page()
    studio().desk.keep_outside()
    every = _saves_of(language, kind, name)
    newest = islice(every, MOST_SAVES)
    now = studio().desk.read(kind, language, name)
    return render_template(
        "studio/changes_of.html",
        called=called(name, now),
        one=ENTRY_KINDS[kind].one,
        found=list(newest),
        zone=studio().zone,
    )


@pages.get("/editions/<edition>/words")
def words_of_an_edition(edition: str) -> str:
    """The differences between an edition's words and today's."""
    return _since_edition(edition, "The words of an edition")


@pages.post("/editions/<edition>/words")
def put_words_back(edition: str) -> AnyResponse:
    """Puts all of an edition's words back into the forms."""
    desk = studio().desk
    then = _of_edition(edition)
    now = desk.keep_outside()
    changed = studio().history.changed(then, now)
    files = {each.file: each.before for each in changed}
    was = request.form.get("was", "")
    if was != now:
        raise LineError(OVERTAKEN_CHANGE)
    as_they_are = desk.files_mark(files)
    desk.put(files, as_they_are, "Put the words of an edition back")
    flash("The words are back. Callers hear them when you publish.", SAVED)
    return redirect(url_for("studio.waiting"), 303)


def _save(save: str) -> Kept:
    """A save by its id; without one, the last. Answers 404 if there is none."""
    history = studio().history
    found = next(history.saves(), None)
    if save:
        found = history.save(save)
    return found or no_such_page()


def _changes(before: str, after: str) -> Iterator[Change]:
    files = studio().history.changed(before, after)
    return things(files)


def _marks(change: Change) -> str:
    """The mark of a thing as it is now."""
    desk = studio().desk
    now = desk.read(change.kind, change.language, change.name)
    return mark(now)


def _saves_of(language: str, kind: str, name: str) -> Iterator[tuple[Kept, Change]]:
    """The saves that changed a thing, each with what it changed."""
    for kept in studio().history.saves():
        if not kept.before:
            return
        for change in _changes(kept.before, kept.id):
            if _is_of(change, language, kind, name):
                yield kept, change


def _is_of(change: Change, language: str, kind: str, name: str) -> bool:
    """Whether a change is of this thing."""
    changed = (change.language, change.kind, change.name)
    return changed == (language, kind, name)


def _since_edition(edition: str, title: str, without: Collection[str] = ()) -> str:
    """The page of what is different now from an edition's words; `without` these languages."""
    then = _kept_words(edition)
    if not then:
        return render_template("studio/changes.html", title=title, note=NOT_KEPT)
    now = studio().desk.keep_outside()
    every = _changes(then, now)
    return render_template(
        "studio/changes.html",
        title=title,
        edition=edition,
        was=now,
        changes=[change for change in every if not change.is_of(without)],
    )


def _of_edition(edition: str) -> str:
    """The id of the save with an edition's words. Raises `LineError` where there is none."""
    save = _kept_words(edition)
    if not save:
        raise LineError(NOT_KEPT)
    return save


def _kept_words(edition: str) -> str:
    """The id of the save with an edition's words; empty where they were not kept."""
    if not edition.isalnum():
        return ""
    return studio().history.of_edition(edition)


def _put_back(change: Change, kept: Kept) -> ResponseReturnValue:
    was = request.form.get("was", "")
    desk = studio().desk
    if not change.kind:
        return _put_files_back(kept, change.name)
    file = place_of(change.kind, change.language, change.name)
    is_removed_file = change.kind == "articles" and change.after is None
    if is_removed_file and was == mark(None):
        return _put_files_back(kept, stem(file))  # with the comments that it had
    try:
        desk.save(change.kind, change.language, change.name, change.before, was)
    except ChangeConflict as error:
        raise LineError(OVERTAKEN_CHANGE) from error
    except ChangeRefused as error:
        if change.before is None:
            raise LineError(str(error)) from error
        form = Form(
            change.language,
            change.kind,
            change.name,
            values=change.before,
            was=was,
            undone="Not put back",
            faults=error.by_field,
        )
        return form.page(), 422
    flash("Put back. Callers hear it when you publish.", SAVED)
    if change.before is None:
        address = url_for("studio.saves")
    else:
        address = address_of(change.language, change.kind, change.name)
    return redirect(address, 303)


def _put_files_back(kept: Kept, name: str = "") -> AnyResponse:
    """Files as they were before a save: an article, or a recording with its words; without a name,
    all that it changed."""
    desk = studio().desk
    changed = studio().history.changed(kept.before, kept.id)
    files = {}
    for each in changed:
        if name and stem(each.file) != name:
            continue
        if desk.differs(each.file, each.after):
            raise LineError(OVERTAKEN_CHANGE)
        files[each.file] = each.before
    done = f"Put back what was before: {kept.what}"
    was = desk.files_mark(files)
    desk.put(files, was, done)
    flash("Put back. Callers hear it when you publish.")
    return redirect(url_for("studio.saves"), 303)
