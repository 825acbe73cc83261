"""The words: lists of what can be changed, and a plain form for each entry."""

from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response as AnyResponse

from audio.air.reading_time import ReadingTimes, heard_seconds, reading_times
from audio.desk.entries import ENTRY_KINDS, OF_NO_LANGUAGE, EntryKind
from audio.desk.fields import ARTICLE_WORDS, Values
from audio.desk.languages import SAID
from audio.desk.prompt_groups import HEARD, Group, found, grouped
from audio.desk.saving import changed_since, mark, place_of, tidied
from audio.web.by_day_page import Shown, shown_by_day
from audio.web.listening import heard_at_once
from audio.web.pages import no_such_page, pages, studio, tell_with_undo
from audio.web.removing import ask, losses
from audio.words.articles import sections_in
from audio.words.source import Source
from ivr.edition.content import slots
from ivr.errors import ByField, ChangeConflict, ChangeRefused, LineError

SPOKEN = "The words that are spoken in it"
"""The label of the one field of a recording that is typed."""

WHY = "Why it should stay like this"
"""The label of the field in which a duty of the line is overruled."""

TABLE_HEADINGS = {
    "words": "Words",
    "abbreviations": "Short forms",
    "symbols": "Marks",
    "digits": "Digits",
}

GIVEN = ("prompts", "hours")
"""Kinds whose entries are fixed: none can be added."""

TEMPLATES = {OF_NO_LANGUAGE: "studio/line.html", "hours": "studio/hours.html"}
"""The pages of kinds that have one of their own."""

SAVED = "saved"
"""After this kind of message, a page says where to go next."""

OVERTAKEN_CHANGE = (
    "Somebody changed it in the meantime, so nothing was put back. Check it again."
)
OVERTAKEN = "Somebody else changed it in the meantime: look at it, then remove it."
NOT_WRITTEN = "this is missing, too long, or not a single digit; write it"


def _labels() -> dict[str, str]:
    labels = {"spoken": SPOKEN, "why": WHY}
    for kind in ENTRY_KINDS.values():
        for each in kind.form:
            labels[each.name] = each.label
    return labels


LABELS = _labels()
"""Every field that somebody types into, and what it is called."""


@dataclass(frozen=True)
class Form:
    """The form of one entry, as it is shown."""

    language: str
    kind: str
    name: str
    """Empty while the entry is being added."""
    values: Values
    was: str
    """The mark of what the fields held when the form was opened."""
    undone: str = ""
    """What was not done, such as "Not saved"; empty where nothing went wrong."""
    faults: ByField = field(default_factory=dict)
    """Why not, by field; under `""` what concerns no field."""
    theirs: Values | None = None
    """What somebody else saved in the meantime: empty, if they removed the entry."""
    changed: frozenset[str] = frozenset()
    """The fields in which that differs from what was there before."""
    why: str | None = None
    """Why one of the line's duties is overruled, as it is or as it is typed; None where none need
    be."""
    is_saved: bool = True
    """Whether the fields hold what is saved, where nothing went wrong."""

    def page(self, template: str = "", **more: object) -> str:
        """The page that shows it; `more` is what else its template is given."""
        entry_kind = ENTRY_KINDS[self.kind]
        own_labels = {each.name: each.label for each in entry_kind.form}
        heard = ""
        if self.kind == "prompts":
            heard = HEARD.get(self.name, "")
        return render_template(
            template or TEMPLATES.get(self.kind, "studio/edit.html"),
            language=self.language,
            kind=self.kind,
            one=entry_kind.one,
            name=self.name,
            form=entry_kind.form,
            labels=LABELS | own_labels,
            values=self.values,
            was=self.was,
            faults={name: _each_once(faults) for name, faults in self.faults.items()},
            theirs=self.theirs,
            changed=self.changed,
            undone=self.undone,
            sections=self._sections(),
            by_day=self._by_day(),
            reading=self._reading(),
            is_recordable=self._is_recordable(),
            action=self._action(),
            why=self.why,
            is_typed=not self._shows_what_is_saved(),
            heard=heard,
            shows_what_is_saved=self._shows_what_is_saved(),
            is_heard=self.kind not in (OF_NO_LANGUAGE, "hours"),
            **self._translation(),
            **more,
        )

    def _translation(self) -> dict[str, object]:
        """What the page of a language that is being prepared shows beside the words."""
        nothing: dict[str, object] = {"original": None, "untranslated": ()}
        if not self.name:
            return nothing
        if self.language not in studio().preparing_languages():
            return nothing
        desk = studio().desk
        original = desk.in_first_language(self.kind, self.language, self.name)
        if self.kind != "hours" and original is not None:
            translated = SAID.get(self.kind, ())
            original = {name: original[name] for name in translated}
        untranslated = desk.untranslated(self.kind, self.language)
        return {"original": original, "untranslated": untranslated}

    def _action(self) -> str:
        """Where it is sent: other pages may show it, too."""
        return address_of(self.language, self.kind, self.name)

    def _shows_what_is_saved(self) -> bool:
        return self.is_saved and not self.undone

    def _by_day(self) -> dict[str, Shown]:
        """The fields of a helpline that may be set by day."""
        if self.kind != "helplines":
            return {}
        return shown_by_day(self.language, self.values)

    def _is_recordable(self) -> bool:
        """Whether a recording can take the place of all of it."""
        if self.kind == "prompts":
            return slots()[self.name] is None
        return self.kind == "notice"

    def _sections(self) -> list[str]:
        """The headings of an article as it is saved; each section can be listened to."""
        if self.kind != "articles" or not self._shows_what_is_saved():
            return []
        headings = []
        words = self.values[ARTICLE_WORDS.name]
        for line in words.split("\n"):
            if line.startswith("## "):
                headings.append(line.removeprefix("##").strip())
        return headings

    def _reading(self) -> ReadingTimes | None:
        """How long callers listen to the article in the form."""
        if self.kind != "articles":
            return None
        words = self.values[ARTICLE_WORDS.name]
        try:
            source = studio().source(self.language)
            known = source.pronunciations[self.language].abbreviations
            sections = sections_in(words, known)
            heard = heard_seconds(source, self.language, sections, studio().store)
            return reading_times(sections, heard)
        except LineError:  # words elsewhere have faults, or nobody can read now
            return reading_times(sections_in(words), {})


def address_of(language: str, kind: str, name: str) -> str:
    """The page of an entry's form; without a name, of one that is added."""
    if kind == "notice":
        return url_for("studio.notice", language=language)
    if kind == OF_NO_LANGUAGE:
        return url_for("studio.line")
    return url_for("studio.edit", language=language, kind=kind, name=name or None)


@pages.get("/<language>/<kind>")
def entries(language: str, kind: str) -> str:
    """Every entry of one kind."""
    entry_kind = _entry_kind(language, kind)
    if kind == "hours":
        no_such_page()
    source = studio().source(language)
    if language not in source.content.languages:
        no_such_page()
    return render_template(
        "studio/entries.html",
        language=language,
        kind=kind,
        one=entry_kind.one,
        words=source.content.languages[language],
        pronunciations=source.pronunciations[language],
        tables=TABLE_HEADINGS,
        groups=_groups(source, language),
        slots=slots(),
        heard=HEARD,
        wanted=request.args.get("find", ""),
        recorded=set(source.recordings[language].said),
        untranslated=source.untranslated[language].get(kind, ()),
        only=request.args.get("only", ""),
        is_preparing=language in source.preparing,
    )


def _groups(source: Source, language: str) -> list[Group]:
    """The prompts that are looked for, or all of them, by where they are heard."""
    prompts = source.content.languages[language].prompts
    texts = {name: str(getattr(prompts, name)) for name in slots()}
    file = place_of("prompts", language, "")
    path = studio().content / file
    written = path.read_text("utf-8")
    groups = grouped(written)
    if request.args.get("only") == "untranslated":
        left = source.untranslated[language].get("prompts", ())
        for group in groups:
            group.names = [name for name in group.names if name in left]
    wanted = request.args.get("find", "")
    return list(found(groups, texts, wanted))


@pages.get("/<language>/<kind>/edit")
def edit(language: str, kind: str) -> str:
    """The form of one entry, or an empty one where no name is given."""
    entry_kind = _entry_kind(language, kind)
    name = _name(entry_kind)
    if not name:
        if kind in GIVEN:
            no_such_page()
        empty = tidied(entry_kind.form, {})
        form = Form(language, kind, name="", values=empty, was=mark(None))
        return form.page()
    now = studio().desk.read(kind, language, name)
    if now is None:
        no_such_page()
    why = studio().desk.overruled(kind, language, name)
    form = Form(language, kind, name, now, mark(now), why=why)
    return form.page()


@pages.post("/<language>/<kind>/edit")
def change(language: str, kind: str) -> ResponseReturnValue:
    """Changes, adds (without a name) or removes one entry."""
    entry_kind = _entry_kind(language, kind)
    name = _name(entry_kind)
    removes = request.form.get("do") == "remove"
    if kind in GIVEN and (removes or not name):
        no_such_page()
    if removes and not name:
        no_such_page()
    if removes:
        return _remove(language, kind, name)
    if name:
        return save(language, kind, name)
    return _add(language, kind)


@pages.post("/<language>/helplines/checked")
def checked(language: str) -> AnyResponse:
    """Notes that somebody made sure of a helpline's facts today, as they are saved."""
    name = _name(_entry_kind(language, "helplines"))
    now = studio().desk.read("helplines", language, name)
    if now is None:
        no_such_page()
    checked_now = now | {"checked": studio().today()}
    was = mark(now)
    studio().desk.save("helplines", language, name, checked_now, was)
    flash(f"Noted: {now['name']} was checked today.")
    return redirect(url_for("studio.status"), 303)


def _entry_kind(language: str, kind: str) -> EntryKind:
    if language not in studio().written_languages():
        no_such_page()
    has_its_own_page = kind in ("notice", OF_NO_LANGUAGE)
    if has_its_own_page or kind not in ENTRY_KINDS:
        no_such_page()
    return ENTRY_KINDS[kind]


def _name(kind: EntryKind) -> str:
    """The name in the page's address; empty for an entry that is being added."""
    name = request.args.get("name", "")
    if name and not kind.is_name(name):
        no_such_page()
    return name


def _add(language: str, kind: str) -> ResponseReturnValue:
    """Adds an entry; or shows the form again, with everything that was typed."""
    entry_kind = ENTRY_KINDS[kind]
    values = tidied(entry_kind.form, request.form)
    was = request.form.get("was", "")

    def again(faults: ByField) -> str:
        form = Form(
            language,
            kind,
            name="",
            values=values,
            was=was,
            undone="Not saved",
            faults=faults,
        )
        return form.page()

    name = entry_kind.name_for(values) or entry_kind.stand_in
    if not name:
        return again({"written": [NOT_WRITTEN]}), 422
    try:
        studio().desk.save(kind, language, name, values, was)
    except ChangeRefused as error:
        return again(error.by_field), 422
    except ChangeConflict:
        fault = (
            f"There is one already: {name}. Change that one, or choose another name."
        )
        return again({"": [fault]}), 409
    return _saved(language, kind, name)


def save(language: str, kind: str, name: str) -> ResponseReturnValue:
    """Saves an entry; or shows the form again, with everything that was typed."""
    values = tidied(ENTRY_KINDS[kind].form, request.form)
    if request.form.get("do") == "checked":
        values["checked"] = studio().today()
    was = request.form.get("was", "")
    why = request.form.get("why")
    is_right = request.form.get("do") == "right"
    try:
        studio().desk.save(
            kind,
            language,
            name,
            values,
            was,
            why=why,
            is_right=is_right,
        )
    except ChangeRefused as error:
        if error.may_overrule:
            why = why or ""
        form = Form(
            language,
            kind,
            name,
            values,
            was,
            undone="Not saved",
            faults=error.by_field,
            why=why,
        )
        return form.page(), 422
    except ChangeConflict as error:
        form = Form(
            language,
            kind,
            name,
            values,
            was=mark(error.now),
            undone="Not saved",
            theirs=error.now or {},
            changed=changed_since(error.now, was),
        )
        return form.page(), 409
    return _saved(language, kind, name)


def _saved(language: str, kind: str, name: str) -> AnyResponse:
    flash("Saved. Callers hear it when you publish.", SAVED)
    studio().prepare()
    if request.form.get("do") == "listen":
        return heard_at_once(language, kind, name)
    return redirect(address_of(language, kind, name), 303)


def _remove(language: str, kind: str, name: str) -> ResponseReturnValue:
    """Removes an entry once somebody is sure; otherwise shows it, with the reason why it stays."""
    was = request.form.get("was", "")
    lost = losses(language, kind, name)
    if lost and request.form.get("sure") != "yes":
        return ask(language, kind, name, was, lost)
    faults: ByField = {}
    save = ""
    try:
        why = request.form.get("why") or None
        save = studio().desk.save(kind, language, name, None, was, why=why)
    except ChangeRefused as error:
        faults = error.by_field
    except ChangeConflict:
        faults = {"": [OVERTAKEN]}
    now: Values | None = None
    if faults:
        now = studio().desk.read(kind, language, name)
    # It may have been overtaken by another removal, which is as good as this one.
    if now:
        form = Form(
            language,
            kind,
            name,
            values=now,
            was=mark(now),
            undone="Not removed",
            faults=faults,
        )
        return form.page(), 409
    tell_with_undo("Removed. Callers hear it until you publish.", save)
    others = url_for("studio.entries", language=language, kind=kind)
    return redirect(others, 303)


def _each_once(faults: list[str]) -> list[str]:
    return list(dict.fromkeys(faults))
