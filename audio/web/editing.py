"""The words: lists of what can be changed, and a plain form for each thing."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from audio.desk.kinds import KINDS, Fields
from audio.desk.saving import changed_since, mark, tidied
from audio.web.pages import no_such_page, pages, studio
from audio.web.studio import Studio
from ivr.edition.content import slots
from ivr.errors import ChangeConflict, ChangeRefused


@dataclass(frozen=True)
class Field:
    """One field of a form."""

    name: str
    label: str
    hint: str = ""
    kind: str = "text"
    """`text`, `number`, `lines` (several), `tick` or `choice`."""
    fixed: bool = False
    """Given once, when the thing is added."""
    choices: Mapping[str, str] = field(default_factory=dict)
    """Of `choice`: what is kept, and what is shown."""


ONE = {
    "articles": "article",
    "prompts": "prompt",
    "helplines": "helpline",
    "pronunciations": "pronunciation",
}
"""Each kind, and what one of it is called."""

STAND_IN = {"articles": "a-new-article", "helplines": "a-new-helpline"}
"""What a new thing without a name is called until the check has told all that is wrong."""

DATES = {"published", "checked"}

TABLES = {
    "words": "a word",
    "abbreviations": "a short form",
    "symbols": "a mark",
    "digits": "a digit",
}
"""What each table of pronunciations has."""

FORMS: dict[str, tuple[Field, ...]] = {
    "articles": (
        Field("title", "Title"),
        Field("source", "Where it is from", "A sentence. It is said at the end."),
        Field("copyright", "Copyright", "It is said at the end."),
        Field("published", "Published on", "Such as 2026-11-23. Newest comes first."),
        Field(
            "words",
            "The words",
            "A section begins with a line such as: ## A confusing term. An empty line parts"
            " paragraphs. Sections of 60 to 150 words are easy to find one's way in.",
            "lines",
        ),
    ),
    "prompts": (Field("text", "What the line says", kind="lines"),),
    "helplines": (
        Field("name", "Name"),
        Field("number", "Number", "As it is printed. It is read out in the groups you write."),
        Field(
            "transfer",
            "The line may put callers through",
            "Untick for short numbers such as 116 123, which can only be read out.",
            "tick",
        ),
        Field("whom", "Who it is for", "A sentence that callers hear."),
        Field("when", "When it is open, in words", "A sentence that callers hear."),
        Field("cost", "What it costs", "A sentence that callers hear."),
        Field(
            "hours",
            "When it is open, for the line to know",
            "A line each: always, or daily 17:00-24:00, or Mon-Fri 09:00-21:00,"
            " or Fri 18:00-Mon 06:00.",
            "lines",
        ),
        Field("source", "Where these facts are from", "For you; callers do not hear it."),
        Field("checked", "Last checked on", "Such as 2026-11-23. Ring them, and ask."),
        Field(
            "place",
            "Place in the list",
            "1 is first; leave it empty for the end.",
            "number",
        ),
    ),
    "pronunciations": (
        Field("table", "What it is", kind="choice", fixed=True, choices=TABLES),
        Field("written", "As it is written", "Capitals matter.", fixed=True),
        Field("said", "As it is said", "Write it as it sounds: Glaz go."),
    ),
}
"""What is asked of each kind."""

LABELS = {
    **{field.name: field.label for form in FORMS.values() for field in form},
    "spoken": "The words that are spoken in it",
}
"""Every field that somebody types into, and what it is called; `spoken` is the recordings'."""


@pages.get("/<language>/<kind>")
def things(language: str, kind: str) -> str:
    """Everything of one kind."""
    _known(studio(), language, kind)
    source = studio().source()
    return render_template(
        "studio/things.html",
        language=language,
        kind=kind,
        one=ONE[kind],
        words=source.content.languages.get(language) or no_such_page(),
        pronunciations=source.pronunciations[language],
        prompts=slots(),
        recorded=set(source.recordings[language].said),
    )


@pages.route("/<language>/<kind>/edit", methods=["GET", "POST"])
def edit(language: str, kind: str) -> AnyResponse | tuple[str, int] | str:
    """Change, add (without a name) or remove one thing."""
    _known(studio(), language, kind)
    name = request.args.get("name", "")
    if (name or kind == "prompts") and not KINDS[kind].may_be(name):
        no_such_page()
    if request.method == "POST" and request.form.get("do") == "remove":
        return _remove(studio(), language, kind, name) if name else no_such_page()
    if request.method == "POST":
        return _save(studio(), language, kind, name)
    now = studio().desk.read(kind, language, name) if name else None
    if name and now is None:
        no_such_page()
    return _form(language, kind, name, now or dict.fromkeys(_names(kind), ""), mark(now))


def _known(studio: Studio, language: str, kind: str) -> None:
    if language not in studio.languages() or kind not in ONE:
        no_such_page()


def _names(kind: str) -> list[str]:
    return [field.name for field in FORMS[kind]]


def _save(studio: Studio, language: str, kind: str, name: str) -> AnyResponse | tuple[str, int]:
    """Saves the form; else shows it again, with everything that was typed."""
    sent = tidied({field: request.form.get(field, "") for field in _names(kind)})
    was, new = request.form.get("was", ""), not name
    name = name or KINDS[kind].called(sent) or STAND_IN.get(kind, "")
    if not name:
        faults = {"written": ["this is missing, too long, or not a single digit; write it"]}
        return _form(language, kind, "", sent, was, faults), 422
    if kind == "helplines":
        sent["id"] = name
    try:
        studio.desk.save(kind, language, name, sent, was, _odd(sent))
    except ChangeRefused as error:
        return _form(language, kind, "" if new else name, sent, was, error.by_field), 422
    except ChangeConflict as error:
        if new:
            faults = {"": [f"There is one already: {name}. Change it, or choose another name."]}
            return _form(language, kind, "", sent, was, faults), 409
        return _form(
            language,
            kind,
            name,
            sent,
            mark(error.now),
            theirs=error.now or {},
            changed=changed_since(error.now, was),
        ), 409
    flash("Saved. Callers hear it when you publish.")
    page = "studio.listen" if request.form.get("do") == "listen" else "studio.edit"
    return redirect(url_for(page, language=language, kind=kind, name=name), 303)


def _odd(sent: Fields) -> dict[str, list[str]]:
    """What no file can hold, so the content check cannot tell."""
    faults = {}
    if not re.fullmatch(r"[0-9]{0,3}", sent.get("place", "")):
        faults["place"] = ["this is no place; write a number, such as 1"]
    for name in DATES & sent.keys():
        try:
            date.fromisoformat(sent[name])
        except ValueError:
            faults[name] = ["this is no date; write it such as 2026-11-23"]
    return faults


def _remove(studio: Studio, language: str, kind: str, name: str) -> AnyResponse | tuple[str, int]:
    """Removes the thing; else shows it as it is, with the reason."""
    try:
        studio.desk.save(kind, language, name, None, request.form.get("was", ""))
    except (ChangeRefused, ChangeConflict) as error:
        if now := studio.desk.read(kind, language, name):
            changed = {"": ["Somebody else changed it meanwhile: look at it, then remove it."]}
            faults = error.by_field if isinstance(error, ChangeRefused) else changed
            return _form(language, kind, name, now, mark(now), faults, undone="Not removed"), 409
    flash("Removed. Callers hear it until you publish.")
    return redirect(url_for("studio.things", language=language, kind=kind), 303)


def _form(
    language: str,
    kind: str,
    name: str,
    fields: Fields,
    was: str,
    faults: Mapping[str, list[str]] | None = None,
    theirs: Fields | None = None,
    changed: frozenset[str] = frozenset(),
    undone: str = "Not saved",
) -> str:
    """The form. `theirs` is what somebody else saved meanwhile: empty, if it was removed;
    `changed` are the fields in which that differs from what was there before."""
    is_saved = not faults and theirs is None
    lines = fields["words"].split("\n") if kind == "articles" and is_saved else []
    return render_template(
        "studio/edit.html",
        language=language,
        kind=kind,
        one=ONE[kind],
        name=name,
        form=FORMS[kind],
        labels=LABELS,
        fields=fields,
        was=was,
        faults={field: list(dict.fromkeys(told)) for field, told in (faults or {}).items()},
        theirs=theirs,
        changed=changed,
        undone="" if is_saved else undone,
        sections=[line[3:].strip() for line in lines if line.startswith("## ")],
        is_recordable=kind == "prompts" and slots()[name] is None,
    )
