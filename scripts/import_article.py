"""Turn a web page, a text or a Markdown file into an article for review.

It keeps the article, leaves navigation and footers out, proposes sections, and writes
content/<language>/articles/<title>.md; what is there already is never overwritten.
Exits with 0 when the article is written, with 1 when it is not (and says why).
"""

import argparse
import re
import sys
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import requests

from audio.desk.drafts import Draft, clean, markdown, slug
from audio.desk.importing import draft
from ivr.errors import ImportingError, LineError
from ivr.settings import Settings, environment

MOST_BYTES = 5_000_000
"""Of a file or a page; an article of 10,000 words has 60,000."""
MOST_REDIRECTS = 5
CONNECT_S, READ_S = 10, 30
"""How long a server may take to answer, and between two pieces of its answer."""
KINDS = {
    **{"text/html": "html", "application/xhtml+xml": "html", "text/markdown": "markdown"},
    **{"text/plain": "text", ".html": "html", ".htm": "html", ".xhtml": "html"},
    **{".md": "markdown", ".markdown": "markdown"},
}
"""By media type, or by how a name ends."""


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    options = _options(argv)
    try:
        path = _import(options)
    except (LineError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"{path} is written. Read it, mend it, then run scripts/check_content.py.")
    return 0


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("where", metavar="FILE|URL", help="what to read")
    parser.add_argument("--language", default="en", help="its folder's name (default: en)")
    parser.add_argument("--title", help="(default: the page's own)")
    parser.add_argument("--source", help='where it is from, such as "From our newsletter."')
    parser.add_argument("--copyright", help='such as "Copyright COPE Scotland 2019."')
    parser.add_argument(
        "--published", type=date.fromisoformat, metavar="DATE", help="such as 2026-11-23"
    )
    parser.add_argument(
        "--content",
        type=Path,
        metavar="DIR",
        help="the content folder (default: CONTENT_DIR, or content in the project)",
    )
    return parser.parse_args(argv)


def _import(options: argparse.Namespace) -> Path:
    content = options.content or Settings.from_mapping(environment()).content
    folder: Path = content / options.language / "articles"
    if not folder.parent.is_dir():
        raise ImportingError(f"{folder.parent} is missing; make it for a new language")
    is_url = re.match(r"[a-z][a-z0-9+.-]*://", options.where, re.I)
    data, kind, charset = (fetched if is_url else read)(options.where)
    found = draft(data, kind, charset)
    for name in ("title", "source", "copyright", "published"):
        if given := getattr(options, name):
            setattr(found, name, clean(str(given)))
    _fill(found, options.where)
    folder.mkdir(exist_ok=True)
    path = folder / f"{slug(found.title)}.md"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(markdown(found))
    except FileExistsError as error:
        raise ImportingError(f"{path} is there already; give another --title") from error
    for remark in found.remarks:
        print(remark, file=sys.stderr)
    return path


def _fill(found: Draft, where: str) -> None:
    """Guesses for what was not found; each is remarked on."""
    if not slug(found.title):
        raise ImportingError("no title was found; give one with --title")
    guesses = {"source": urlsplit(where).hostname or Path(where).stem}
    guesses["copyright"] = f"Copyright {found.source or guesses['source']}."
    guesses["published"] = date.today().isoformat()
    for name, guess in guesses.items():
        if not getattr(found, name):
            setattr(found, name, guess)
            found.remarks.append(f"not found, so guessed: {name} {guess!r}; --{name} sets it")


def read(name: str) -> tuple[bytes, str, str | None]:
    """A file's bytes, its kind by its name or its first words, and no encoding."""
    with Path(name).open("rb") as file:
        data = _bounded(file.read(MOST_BYTES + 1), name)
    looks = "html" if re.search(rb"<(?:!doctype html|html|body)\b", data[:2000], re.I) else "text"
    return data, KINDS.get(Path(name).suffix.lower(), looks), None


def fetched(url: str) -> tuple[bytes, str, str | None]:
    """A page's bytes, its kind, and the encoding that its server names.

    Raises `ImportingError` for what is no page, too big, too slow or not to be reached.
    """
    if urlsplit(url).scheme.lower() not in ("http", "https"):
        raise ImportingError(f"{url}: only http and https addresses can be read")
    try:
        with requests.Session() as session:
            session.max_redirects = MOST_REDIRECTS
            with session.get(url, timeout=(CONNECT_S, READ_S), stream=True) as answer:
                answer.raise_for_status()
                media, _, rest = answer.headers.get("Content-Type", "").partition(";")
                kind = KINDS.get(media.strip().lower())
                if kind is None:
                    raise ImportingError(f"{url} is {media or 'of no kind'}, not a page of text")
                data = b""
                for piece in answer.iter_content(64 * 1024):
                    data = _bounded(data + piece, url)
    except requests.RequestException as error:
        raise ImportingError(f"{url} cannot be read: {error}") from error
    if kind == "text":
        kind = KINDS.get(Path(urlsplit(url).path).suffix.lower(), kind)
    charset = re.search(r"charset=[\"']?([\w-]+)", rest, re.I)
    return data, kind, charset[1] if charset else None


def _bounded(data: bytes, name: str) -> bytes:
    if len(data) > MOST_BYTES:
        raise ImportingError(f"{name} is bigger than {MOST_BYTES // 1_000_000} MB")
    return data


if __name__ == "__main__":
    sys.exit(main())
