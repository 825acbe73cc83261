"""Turn a web page, a text or a Markdown file into an article for review.

It keeps the article, leaves out navigation and footers, proposes sections, and writes
content/<language>/articles/<title>.md; it never overwrites a file.
Exits with 0 when the article is written, with 1 when it is not (and says why).
"""

import argparse
import re
import sys
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

from audio.desk.drafts import Draft, clean, markdown, slug
from audio.desk.fetching import FORMAT_BY_SUFFIX, MOST_BYTES, Given, fetched_page
from audio.desk.importing import draft
from audio.words.articles import FACTS
from ivr.errors import ImportingError, LineError
from ivr.settings import read_settings
from scripts.options import add_content


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
    parser.add_argument(
        "--language", default="en", help="its folder's name (default: en)"
    )
    parser.add_argument("--title", help="(default: the page's own)")
    parser.add_argument(
        "--source", help='where it is from, such as "From our newsletter."'
    )
    parser.add_argument("--copyright", help='such as "Copyright COPE Scotland 2019."')
    parser.add_argument(
        "--published",
        type=date.fromisoformat,
        metavar="DATE",
        help="such as 2026-11-23",
    )
    add_content(parser)
    return parser.parse_args(argv)


def _import(options: argparse.Namespace) -> Path:
    settings = read_settings()
    content = options.content or settings.content
    folder: Path = content / options.language / "articles"
    if not folder.parent.is_dir():
        raise ImportingError(f"{folder.parent} is missing; make it for a new language")
    if re.match(r"[a-z][a-z0-9+.-]*://", options.where, re.I):
        given = fetched_page(options.where, settings.private_hosts)
    else:
        given = read(options.where)
    found = draft(given.data, given.format, given.charset)
    for name in FACTS:
        option = getattr(options, name)
        if option:
            setattr(found, name, clean(str(option)))
    _fill(found, options.where)
    folder.mkdir(exist_ok=True)
    path = folder / f"{slug(found.title)}.md"
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(markdown(found))
    except FileExistsError as error:
        raise ImportingError(f"{path} exists already; give another --title") from error
    for remark in found.remarks:
        print(remark, file=sys.stderr)
    return path


def _fill(found: Draft, where: str) -> None:
    """Guesses for what was not found; each is remarked on."""
    if not slug(found.title):
        raise ImportingError("no title was found; give one with --title")
    source = found.source or urlsplit(where).hostname or Path(where).stem
    guesses = {
        "source": source,
        "copyright": f"Copyright {source}.",
        "published": date.today().isoformat(),
    }
    for name, guess in guesses.items():
        if not getattr(found, name):
            setattr(found, name, guess)
            found.remarks.append(
                f"not found, so guessed: {name} {guess!r}; --{name} sets it"
            )


def read(name: str) -> Given:
    """A file, whose format its name tells, or its first words."""
    with Path(name).open("rb") as file:
        data = _bounded(file.read(MOST_BYTES + 1), name)
    format = FORMAT_BY_SUFFIX.get(Path(name).suffix.lower())
    if format:
        return Given(data, format)
    if re.search(rb"<(?:!doctype html|html|body)\b", data[:2000], re.I):
        return Given(data, "html")
    return Given(data, "text")


def _bounded(data: bytes, name: str) -> bytes:
    if len(data) > MOST_BYTES:
        raise ImportingError(f"{name} is bigger than {MOST_BYTES // 1_000_000} MB")
    return data


if __name__ == "__main__":
    sys.exit(main())
