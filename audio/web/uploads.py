"""Recordings by people, in place of a prompt or of an article's section."""

from pathlib import PurePosixPath

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from audio.web.pages import no_such_page, pages, studio
from audio.web.studio import Studio
from audio.words.faults import shown
from audio.words.recordings import FORMATS
from audio.words.source import Source
from ivr.edition.content import slots
from ivr.errors import ChangeConflict, ChangeRefused

CHOOSE = (
    "Choose a file whose name ends in .wav, .mp3, .flac or .ogg. Of another kind, such as a"
    " telephone's .m4a, make one of these first."
)


@pages.route("/<language>/recording", methods=["GET", "POST"])
def recording(language: str) -> AnyResponse | tuple[str, int] | str:
    """Tells what to read, takes a file, and removes it."""
    source = studio().source()
    name = request.args.get("name", "")
    title, text = _words(source, language, name)
    files = _files(studio(), language, name)
    if request.method != "POST":
        return _page(studio(), source, language, name, title, text)
    was, sent = request.form.get("was", ""), request.files.get("file")
    said = request.form.get("spoken", "")
    changed: dict[str, bytes | None] = dict.fromkeys(files)
    if request.form.get("do") != "remove":
        kind = PurePosixPath((sent and sent.filename) or "").suffix.lower()
        if not sent or kind not in FORMATS:
            faults = [CHOOSE]
            return _page(studio(), source, language, name, title, text, said, faults), 422
        changed[f"{_place(language, name)}{kind}"] = sent.read()
        changed[f"{_place(language, name)}.txt"] = said.replace("\r\n", "\n").encode()
    try:
        studio().desk.put(changed, was)
    except ChangeRefused as error:
        return _page(studio(), source, language, name, title, text, said, error.by_field[""]), 422
    except ChangeConflict:
        faults = ["Somebody else changed this recording meanwhile. Look, then send it again."]
        return _page(studio(), source, language, name, title, text, said, faults), 409
    kept = "The recording is kept." if sent else "The recording is removed."
    flash(f"{kept} Callers hear the change when you publish.")
    return redirect(url_for("studio.recording", language=language, name=name), 303)


def _words(source: Source, language: str, name: str) -> tuple[str, str]:
    """What the recording of this name is of, and the words that it should say."""
    words = source.content.languages.get(language) or no_such_page()
    slug, _, number = name.partition("/")
    if not number and slots().get(name, "") is None:
        return f"the prompt {name}", str(getattr(words.prompts, name))
    sections = words.article[slug].sections if slug in words.article else ()
    if number not in {str(n) for n in range(1, len(sections) + 1)}:
        no_such_page()
    section = sections[int(number) - 1]
    return f"section {number}: {section.heading}", " ".join(section.sentences)


def _place(language: str, name: str) -> str:
    return f"{language}/recordings/{name}"


def _files(studio: Studio, language: str, name: str) -> list[str]:
    """Every file that a recording of this name has, or may have: `.WAV` by hand, too."""
    place = _place(language, name)
    there = (studio.content / place).parent.glob(f"{PurePosixPath(name).name}.*")
    names = [path.name for path in there if path.suffix.lower() in FORMATS]
    parent = PurePosixPath(place).parent
    known = {f"{place}{kind}" for kind in (*FORMATS, ".txt")}
    return sorted(known | {f"{parent}/{name}" for name in names})


def _page(
    studio: Studio,
    source: Source,
    language: str,
    name: str,
    title: str,
    text: str,
    said: str = "",
    faults: list[str] | None = None,
) -> str:
    files = _files(studio, language, name)
    there = [file for file in files if (studio.content / file).exists()]
    words = shown(studio.content / f"{_place(language, name)}.txt")
    outdated = [fault for fault in source.recordings[language].outdated if fault.file == words]
    return render_template(
        "studio/recording.html",
        language=language,
        name=name,
        title=title,
        text=text,
        said=said or text,
        there=there,
        outdated=outdated,
        faults=faults or [],
        was=studio.desk.files_mark(dict.fromkeys(files)),
    )
