"""The languages of the line: which callers are offered, and which are being prepared."""

from dataclasses import replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from audio.air.publish import live_edition, preferred, who_reads
from audio.air.wording import counted
from audio.desk.entries import LINE_FILE
from audio.desk.languages import (
    ONLY_ONE,
    Files,
    Left,
    added,
    left,
    offered,
    removed,
    taken_off,
)
from audio.web.pages import no_such_page, pages, studio, tell_with_undo
from audio.words.known_languages import KNOWN, name_of
from audio.words.source import MOST_LANGUAGES, Source
from ivr.errors import (
    ChangeConflict,
    LineError,
    VoiceError,
)

OVERTAKEN = "Somebody else changed the line in the meantime, so nothing was done. Look at it again."
FULL = f"The line has {MOST_LANGUAGES} languages already, which is as many as it can offer."
NOT_READY = "Nothing was changed: callers cannot be offered this language yet."

PARTS = {
    "prompts": "Prompts",
    "hours": "How hours are said",
    "helplines": "Helplines",
    "articles": "Articles",
    "pronunciations": "Digits and signs",
}
"""What is translated, in this order."""


@pages.get("/languages")
def languages() -> str:
    """Every language, and a form that adds one."""
    written = studio().written_languages()
    return render_template(
        "studio/languages.html",
        known={code: each for code, each in KNOWN.items() if code not in written},
        was=_was(),
    )


@pages.post("/languages")
def add_language() -> AnyResponse:
    """Copies the first language's words for a new one, whose page then says what is left."""
    code = request.form.get("language", "")
    files = added(studio().content, studio().source(), code)
    _write(files, f"Add {name_of(code)}")
    flash(f"{name_of(code)} was added. Callers are not offered it yet.")
    return redirect(url_for("studio.language", code=code), 303)


@pages.get("/languages/<code>")
def language(code: str) -> str:
    """What keeps a language from callers; or what they would lose without it."""
    _check(code)
    return _page(code)


@pages.post("/languages/<code>")
def change_language(code: str) -> ResponseReturnValue:
    """Offers a language to callers, takes it off, or removes its words."""
    _check(code)
    source = studio().source()
    content = studio().content
    do = request.form.get("do", "")
    if do == "offer" and code in source.preparing:
        return _offer(code, source)
    if do == "take-off" and code in source.content.languages:
        _write(taken_off(content, source, code), f"Take {name_of(code)} off")
        flash(f"{name_of(code)} is off once you publish. Its words are kept here.")
        return redirect(url_for("studio.language", code=code), 303)
    if do == "remove" and code in source.preparing:
        save = _write(removed(content, source, code), f"Remove {name_of(code)}")
        tell_with_undo(f"{name_of(code)} was removed.", save)
    return redirect(url_for("studio.languages"), 303)


def _offer(code: str, source: Source) -> ResponseReturnValue:
    if len(source.content.languages) >= MOST_LANGUAGES:
        raise LineError(FULL)
    if not _left(code).is_ready:
        return _page(code, NOT_READY), 409
    files = offered(studio().content, source, code)
    _write(files, f"Offer {name_of(code)} to callers")
    studio().prepare()
    flash(f"Callers are offered {name_of(code)} once you publish.")
    return redirect(url_for("studio.publish"), 303)


def _page(code: str, undone: str = "") -> str:
    found: Left | None = None
    voice = ""
    lost: list[str] = []
    is_preparing = code in studio().preparing_languages()
    if is_preparing:
        found = _left(code)
        if found.source:
            voice = preferred(found.source, code)
    else:
        lost = _lost(code)
    return render_template(
        "studio/language.html",
        code=code,
        called=name_of(code),
        undone=undone,
        is_preparing=is_preparing,
        left=found,
        parts=PARTS,
        voice=voice,
        lost=lost,
        was=_was(),
    )


def _left(code: str) -> Left:
    """What keeps it from callers; a voice that cannot speak does, too."""
    found = left(studio().content, code)
    if found.source is None:
        return found
    try:
        who_reads(found.source, studio().store)
    except VoiceError as error:
        return replace(found, faults=(*found.faults, str(error)))
    return found


def _lost(code: str) -> list[str]:
    """What callers would lose, a sentence each."""
    live = live_edition(studio().store)
    if studio().languages() == [code]:
        return [ONLY_ONE]
    if live is None or code not in live.content.languages:
        return ["Callers are not offered it yet."]
    words = live.content.languages[code]
    articles = counted(len(words.articles), "article")
    helplines = counted(len(words.helplines), "helpline")
    lost = [f"Callers can choose it now. They lose {articles} and {helplines} in it."]
    if next(iter(live.content.languages)) == code:
        lost.append("It is the first: callers who choose no language hear the next.")
    return lost


def _check(code: str) -> None:
    if code not in studio().written_languages():
        no_such_page()


def _was() -> str:
    """The mark of the file that lists the languages."""
    return studio().desk.files_mark({LINE_FILE: None})


def _write(files: Files, what: str) -> str:
    """Writes all of it, unless somebody else changed the line; the id of the save. Raises
    `LineError` with the reason why it cannot be."""
    desk = studio().desk
    if request.form.get("was", "") != _was():
        raise LineError(OVERTAKEN)
    try:
        return desk.put(files, desk.files_mark(files), what)
    except ChangeConflict as error:
        raise LineError(OVERTAKEN) from error
