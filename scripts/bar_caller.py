"""Bar a caller by their eight digits in the log; let them in again; list who is barred.

Nobody sees a number. A barred caller hears that their call is not taken, and whom to ring instead.
Every server knows within about ten seconds. Exits with 0, or with 1 where the database cannot be
used (and says why), with 2 when it was called wrongly.
"""

import argparse
import sys
from datetime import UTC, datetime

from ivr.callers import barring
from ivr.callers.database import database_url, opened
from ivr.errors import LineError
from ivr.settings import ROOT, Settings, environment
from scripts.options import parser_of


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    options = _options(argv)
    try:
        settings = Settings.from_mapping(environment())
        with opened(database_url(settings.database, ROOT)) as connection:
            if options.list:
                for caller, since in barring.since(connection).items():
                    print(f"{caller}, since {since.isoformat()}")
            elif options.lift:
                was = barring.lift(connection, options.caller)
                print(f"{options.caller} {LIFTED[was]}")
            else:
                today = datetime.now(UTC).date()
                is_new = barring.bar(connection, options.caller, today)
                print(f"{options.caller} {BARRED[is_new]}")
    except LineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


BARRED = {
    True: "is barred now. bar_caller.py --lift lets them in again.",
    False: "was already barred.",
}

LIFTED = {True: "is let in again.", False: "was not barred."}


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = parser_of(__doc__)
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--lift", action="store_true", help="let the caller in again instead"
    )
    what.add_argument(
        "--list", action="store_true", help="list who is barred, and since when"
    )
    parser.add_argument(
        "caller",
        nargs="?",
        metavar="HASH",
        type=_short_hash,
        help="eight digits, 0 to 9 and a to f, as in the log: A call begins: caller 1a2b3c4d",
    )
    options = parser.parse_args(argv)
    if options.list == bool(options.caller):
        parser.error("name one caller by HASH, or use --list")
    return options


def _short_hash(value: str) -> str:
    if not barring.is_short_hash(value.lower()):
        raise argparse.ArgumentTypeError(
            f"{value!r} is not a caller's name in the log: eight digits, 0 to 9 and a to f"
        )
    return value.lower()


if __name__ == "__main__":
    sys.exit(main())
