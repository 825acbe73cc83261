"""An article from a file or from pasted words: it becomes a form, to be read, mended and saved."""

from datetime import date
from pathlib import PurePosixPath

from flask import render_template, request
from werkzeug.datastructures import FileStorage

from audio.desk.drafts import Draft, markdown
from audio.desk.entries import article_parts
from audio.desk.fields import Values
from audio.desk.importing import draft
from audio.desk.saving import mark
from audio.desk.word_files import html_of
from audio.web.editing import Form
from audio.web.pages import no_such_page, pages, studio
from ivr.errors import ImportingError

KIND = "articles"

MOST_BYTES = 5_000_000
"""Of a file; an article of 10,000 words has 60,000, and a Word file with pictures some millions."""

FORMATS = {
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".docx": "word",
}
"""What a file is, by the ending of its name."""

CHOOSE = "Choose a file, or paste the words."
OTHER_KIND = (
    "This kind of file cannot be read. Choose one that ends in {}; or copy its words, and paste"
    " them."
)


@pages.get("/<language>/articles/import")
def bring_in(language: str) -> str:
    """Asks for a file or for words."""
    return _page(language)


@pages.post("/<language>/articles/import")
def read_in(language: str) -> str | tuple[str, int]:
    """Makes a form of what was sent; or says why that cannot be, with the words as they were."""
    pasted = request.form.get("pasted", "")
    try:
        found = _draft(pasted, request.files.get("file"))
    except ImportingError as error:
        return _page(language, pasted, str(error)), 422
    form = Form(language, KIND, "", _values(found), mark(None), is_saved=False)
    return form.page(remarks=found.remarks)


def _page(language: str, pasted: str = "", fault: str = "") -> str:
    if language not in studio().written_languages():
        no_such_page()
    return render_template(
        "studio/import.html",
        language=language,
        pasted=pasted,
        fault=fault,
        endings=",".join(FORMATS),
    )


def _draft(pasted: str, sent: FileStorage | None) -> Draft:
    """What was found in the file, or in the words where there is none. Raises `ImportingError`."""
    if sent is None or not sent.filename:
        if not pasted.strip():
            raise ImportingError(CHOOSE)
        return draft(pasted.encode(), "text")
    ending = PurePosixPath(sent.filename).suffix.lower()
    if ending not in FORMATS:
        raise ImportingError(OTHER_KIND.format(", ".join(FORMATS)))
    with sent.stream as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ImportingError(
            f"This file is larger than {MOST_BYTES // 1_000_000} MB. Paste its words instead."
        )
    if FORMATS[ending] == "word":
        data = html_of(data)
    return draft(data, FORMATS[ending])


def _values(found: Draft) -> Values:
    """What the form holds at first. Staff write what was not found."""
    published = found.published
    if not published:
        published = date.fromisoformat(studio().today()).isoformat()
        found.remarks.append("No date was found, so the form has today's.")
    found.remarks += [
        f"No {name} was found: write it."
        for name in ("title", "source", "copyright")
        if not getattr(found, name)
    ]
    return {
        "title": found.title,
        "source": found.source,
        "copyright": found.copyright,
        "published": published,
        "words": article_parts(markdown(found)).body.strip("\n"),
    }
