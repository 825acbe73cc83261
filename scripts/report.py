"""Tell how the line was used in a day, a week, a month or a year: calls, sections, helplines.

Exits with 0, also where nothing was counted; with 1 when the counts cannot be read or the period
is not one (and says why), with 2 when it was called wrongly.
"""

import argparse
import sys
from datetime import UTC, datetime

from ivr.callers.callers import Callers
from ivr.callers.database import database_url
from ivr.callers.report import PRINTED
from ivr.edition.content import Content
from ivr.edition.store import Store
from ivr.errors import LineError
from ivr.settings import ROOT, Settings, environment
from scripts.options import parser_of


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    options = _options(argv)
    try:
        settings = Settings.from_mapping(environment())
        url = database_url(settings.database, ROOT)
        callers = Callers(url, None, lambda: datetime.now(UTC))
        report = callers.report_named(options.period, _content(settings))
    except LineError as error:
        print(error, file=sys.stderr)
        return 1
    print(report.printed(options.format), end="")
    return 0


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = parser_of(__doc__)
    parser.add_argument(
        "period",
        nargs="?",
        default="month",
        help="2026-03-31, 2026-W14, 2026-03 or 2026; or the last day, week, month or year that"
        " is over (default: month)",
    )
    parser.add_argument(
        "--format",
        choices=PRINTED,
        default="text",
        help="how to print it (default: text)",
    )
    return parser.parse_args(argv)


def _content(settings: Settings) -> Content | None:
    """The words on the air, which have the names of what was counted; None before there are any."""
    store = Store(settings.store)
    live = store.live()
    if live is None:
        return None
    return store.edition(live).content


if __name__ == "__main__":
    sys.exit(main())
