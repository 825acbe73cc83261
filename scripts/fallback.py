"""Write the document that reads the helplines out when the server is gone; or check a copy of it.

It needs nothing but itself, so any static web server can keep it, on another machine. Exits with 0,
with 1 where a copy is out of date or cannot be read (and says why), with 2 when called wrongly.
"""

import argparse
import sys
from pathlib import Path

from ivr.edition.store import Store
from ivr.errors import LineError, SettingError, StoreError
from ivr.operators.kept_fallback import trouble
from ivr.provider.fallback import document
from ivr.settings import Settings, environment
from scripts.options import parser_of

AT_ADDRESS = "FALLBACK_URL"


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    options = _options(argv)
    try:
        settings = Settings.from_mapping(environment())
        current = _document(settings)
        if options.check:
            return _check(_where(options.check, settings), current)
        if options.output:
            options.output.write_text(current, "utf-8")
        else:
            print(current)
    except (LineError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _check(where: str, current: str) -> int:
    found = trouble(where, current)
    if found:
        print(found, file=sys.stderr)
        return 1
    print(f"{where} is up to date.")
    return 0


def _where(asked: str, settings: Settings) -> str:
    """The file or address to check. Raises `SettingError` where none is known."""
    if asked != AT_ADDRESS:
        return asked
    if not settings.fallback_url:
        raise SettingError(f"{AT_ADDRESS} is not set: set it, or name a copy to check")
    return settings.fallback_url


def _document(settings: Settings) -> str:
    """Of the live edition. Raises `StoreError` before there is one."""
    store = Store(settings.store)
    live = store.live()
    if live is None:
        raise StoreError(
            f"{store.url}: nothing is published; run scripts/render_audio.py"
        )
    return document(store.edition(live))


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = parser_of(__doc__)
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--output", type=Path, metavar="FILE", help="write it here (default: print it)"
    )
    either.add_argument(
        "--check",
        nargs="?",
        const=AT_ADDRESS,
        metavar="COPY",
        help="say whether this file or address is out of date (default: FALLBACK_URL)",
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
