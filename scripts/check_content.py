#!/usr/bin/env python
"""Check every word, number and hour in the content folder, and show all faults at once.

Exit code 0: no fault, and a summary of what callers will find.
Exit code 1: the faults, one a line: file:line: what is wrong; how to mend it.
"""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from audio.faults import ContentError
from audio.source import Source, load


def main(argv: list[str] | None = None) -> int:
    """Check the folder that the arguments name; the exit code."""
    folder = _arguments(argv).content
    try:
        source = load(folder)
    except ContentError as error:
        print(error, file=sys.stderr)
        return 1
    print("\n".join(_summary(source)))
    return 0


def _arguments(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--content",
        type=Path,
        metavar="DIR",
        default=Path(os.environ.get("CONTENT_DIR") or ROOT / "content"),
        help="the content folder (default: CONTENT_DIR, or content in the project)",
    )
    return parser.parse_args(argv)


def _summary(source: Source) -> Iterator[str]:
    yield f"{source.content.name}: no faults."
    for code, language in source.content.languages.items():
        yield f"{code}: articles"
        for article in language.articles:
            yield f"  {article.title}: {len(article.sections)} sections, {article.words} words"
        yield f"{code}: helplines"
        for helpline in language.helplines:
            way = f"dialled as {helpline.e164}" if helpline.e164 else "read out, never dialled"
            yield f"  {helpline.name}: {helpline.number}, {way}"


if __name__ == "__main__":
    sys.exit(main())
