"""An article from an address, a file or pasted words: a form to be read, mended and saved."""

from collections.abc import Mapping
from datetime import date
from pathlib import PurePosixPath

from flask import render_template, request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from audio.desk.bringing_in import Order, brought_in
from audio.desk.drafts import Draft, markdown
from audio.desk.entries import article_parts
from audio.desk.fields import Values
from audio.desk.paragraphs import unwrapped
from audio.desk.saving import mark
from audio.locks import try_lock
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

CHOOSE = "Write an address, choose a file, or paste the words."
ONE_AT_A_TIME = "The studio is reading another page. Try again in a moment."
INSTEAD = (
    "You can also open it in your browser, save it there as a file and choose that file, or copy"
    " its words and paste them."
)
OTHER_KIND = (
    "This kind of file cannot be read. Choose one that ends in {}; or copy its words, and paste"
    " them."
)


@pages.get("/<language>/articles/import")
def bring_in(language: str) -> str:
    """Asks for an address, a file or words."""
    return _page(language, {})


@pages.post("/<language>/articles/import")
def read_in(language: str) -> ResponseReturnValue:
    """Makes a form of what was sent; or says why that cannot be, with the words as they were."""
    try:
        found = _draft(request.form, request.files.get("file"))
    except ImportingError as error:
        return _page(language, request.form, str(error)), 422
    studio().posts.settle(request.form.get("post", "").split())
    form = Form(language, KIND, "", _values(found), mark(None), is_saved=False)
    return form.page(remarks=found.remarks)


def _page(language: str, typed: Mapping[str, str], fault: str = "") -> str:
    if language not in studio().written_languages():
        no_such_page()
    return render_template(
        "studio/import.html",
        language=language,
        address=typed.get("address", ""),
        pasted=typed.get("pasted", ""),
        fault=fault,
        endings=",".join(FORMATS),
    )


def _draft(typed: Mapping[str, str], sent: FileStorage | None) -> Draft:
    """What was found in the file, at the address, or in the words. Raises `ImportingError`."""
    if sent and sent.filename:
        return _of_file(sent, PurePosixPath(sent.filename).suffix.lower())
    address = typed.get("address", "").strip()
    if address:
        return _of_address(address)
    pasted = typed.get("pasted", "")
    if not pasted.strip():
        raise ImportingError(CHOOSE)
    return brought_in(Order(data=pasted.encode(), format="text"))


def _of_address(address: str) -> Draft:
    """What is found there. One at a time: others' pages and calls must not wait for strangers'
    servers."""
    if "://" not in address:
        address = f"https://{address}"
    folder = studio().folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "fetching").open("w") as lock:
        if not try_lock(lock):
            raise ImportingError(ONE_AT_A_TIME)
        try:
            return brought_in(Order(address, tuple(studio().private_hosts)))
        except ImportingError as error:
            raise ImportingError(f"{error}. {INSTEAD}") from error


def _of_file(sent: FileStorage, ending: str) -> Draft:
    if ending not in FORMATS:
        raise ImportingError(OTHER_KIND.format(", ".join(FORMATS)))
    with sent.stream as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ImportingError(
            f"This file is larger than {MOST_BYTES // 1_000_000} MB. Paste its words instead."
        )
    return brought_in(Order(data=data, format=FORMATS[ending]))


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
        "words": unwrapped(article_parts(markdown(found)).body.strip("\n")),
    }
