"""Recordings by people, in place of a prompt or of an article's section."""

from dataclasses import dataclass
from pathlib import PurePosixPath

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from audio.desk.staff_words import told
from audio.voices.voice import MOST_S
from audio.web.auth import MOST_UPLOADED_BYTES
from audio.web.listening import heard_at_once
from audio.web.pages import no_such_page, pages, studio, tell_with_undo
from audio.words.faults import shown
from audio.words.recordings import FORMATS, NOTICE
from audio.words.source import Source
from ivr.edition.content import Language, slots
from ivr.errors import ChangeConflict, ChangeRefused

CHOOSE = (
    "Record the words here, or choose a sound file: WAV, MP3, M4A, WebM, Ogg or FLAC. Its name ends"
    " in one of these: {}."
)

IS_THERE = (
    "There is a recording already. Choose “Replace the recording that is there” if callers should"
    " hear yours."
)

OVERTAKEN = (
    "Somebody else changed this recording in the meantime. Listen to it, then send yours"
    " again."
)


@dataclass(frozen=True)
class Subject:
    """What is read in a recording."""

    language: str
    name: str
    """A prompt's, such as `welcome`; or an article's with a section's number: `our-garden/2`."""
    title: str
    sentences: tuple[str, ...]
    """The words that the recording should say."""

    @property
    def text(self) -> str:
        """All of the words."""
        return " ".join(self.sentences)

    @property
    def place(self) -> str:
        """The recording's file in the content folder, without the ending of its name."""
        return f"{self.language}/recordings/{self.name}"


@pages.get("/<language>/recording")
def recording(language: str) -> str:
    """What to read, whether there is a recording, and a form to send one."""
    source = studio().source(language)
    return _page(source, _subject(source, language))


@pages.post("/<language>/recording")
def send_recording(language: str) -> ResponseReturnValue:
    """Keeps the file that was sent, or removes the one that is there."""
    source = studio().source(language)
    subject = _subject(source, language)
    spoken = request.form.get("spoken", "")
    # Whatever is there goes, so that no recording is left in two formats.
    files: dict[str, bytes | None] = dict.fromkeys(_files(subject))
    done = "The recording was removed."
    what = f"Remove the recording of {subject.title}"
    if request.form.get("do") != "remove":
        sent = request.files.get("file")
        if sent is None or _ending(sent) not in FORMATS:
            endings = ", ".join(FORMATS)
            choose = CHOOSE.format(endings)
            return _page(source, subject, spoken, [choose]), 422
        replaces = request.form.get("replace") == "yes"
        if not replaces and _is_recorded(subject):
            return _page(source, subject, spoken, [IS_THERE]), 422
        ending = _ending(sent)
        files[f"{subject.place}{ending}"] = sent.read()
        words = spoken.replace("\r\n", "\n")
        files[f"{subject.place}.txt"] = words.encode()
        done = "The recording was saved."
        what = f"Send a recording of {subject.title}"
    was = request.form.get("was", "")
    try:
        save = studio().desk.put(files, was, what)
    except ChangeRefused as error:
        faults = error.by_field[""]
        return _page(source, subject, spoken, faults), 422
    except ChangeConflict:
        return _page(source, subject, spoken, [OVERTAKEN]), 409
    tell_with_undo(f"{done} Callers hear the change when you publish.", save)
    studio().prepare()
    if request.form.get("do") == "listen":
        return heard_at_once(language, *_entry(subject))
    page = url_for("studio.recording", language=language, name=subject.name)
    return redirect(page, 303)


def _subject(source: Source, language: str) -> Subject:
    """What the page's address names. Answers 404 where that cannot be recorded."""
    words = source.content.languages.get(language)
    if words is None:
        no_such_page()
    name = request.args.get("name", "")
    if name == NOTICE and words.notice:
        return Subject(language, name, "the notice", (words.notice.text,))
    if "/" in name:
        return _section(words, language, name)
    # A prompt with a slot has a different sound for each value.
    if name not in slots() or slots()[name] is not None:
        no_such_page()
    text = str(getattr(words.prompts, name))
    return Subject(language, name, f"the prompt {name}", (text,))


def _section(words: Language, language: str, name: str) -> Subject:
    slug, _, number = name.partition("/")
    if slug not in words.article:
        no_such_page()
    sections = words.article[slug].sections
    for n, section in enumerate(sections, 1):
        if number == str(n):
            title = f"section {number}: {section.heading}"
            return Subject(language, name, title, section.sentences)
    return no_such_page()


def _entry(subject: Subject) -> tuple[str, str, str]:
    """The page on which it is heard: the kind and the name of what is changed, and a section's
    number."""
    slug, _, number = subject.name.partition("/")
    if number:
        return "articles", slug, number
    if slug == NOTICE:
        return "notice", slug, ""
    return "prompts", slug, ""


def _ending(sent: FileStorage) -> str:
    """What the name of a file that was sent ends in, in lower case: `.wav`."""
    return PurePosixPath(sent.filename or "").suffix.lower()


def _files(subject: Subject) -> list[str]:
    """Every file that the recording has, or may have; also `.WAV`, as somebody may name it."""
    place = PurePosixPath(subject.place)
    known = {f"{place}{ending}" for ending in (*FORMATS, ".txt")}
    folder = (studio().content / place).parent
    for path in folder.glob(f"{place.name}.*"):
        if path.suffix.lower() in FORMATS:
            known.add(str(place.parent / path.name))
    return sorted(known)


def _is_recorded(subject: Subject) -> bool:
    content = studio().content
    return any((content / file).exists() for file in _files(subject))


def _page(
    source: Source, subject: Subject, spoken: str = "", faults: list[str] | None = None
) -> str:
    """The page; `spoken` are the words that somebody said were spoken."""
    content = studio().content
    files = _files(subject)
    text_file = shown(content / f"{subject.place}.txt")
    recordings = source.recordings[subject.language]
    kind, entry, section = _entry(subject)
    listen = url_for(
        "studio.listen",
        language=subject.language,
        kind=kind,
        name=entry,
        section=section or None,
    )
    outdated = [fault for fault in recordings.outdated if fault.file == text_file]
    return render_template(
        "studio/recording.html",
        language=subject.language,
        subject=subject,
        title=subject.title,
        spoken=spoken or subject.text,
        is_recorded=_is_recorded(subject),
        listen=listen,
        formats=",".join(FORMATS),
        most_s=MOST_S,
        most_bytes=MOST_UPLOADED_BYTES,
        outdated=[told(fault) for fault in outdated],
        faults=faults or [],
        was=studio().desk.files_mark(dict.fromkeys(files)),
    )
