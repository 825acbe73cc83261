"""Set up the database of callers and counts, or bring it up to date; or tell how it is.

The server does it by itself when `app.py` starts it. Exits with 0 when the database is up to
date, with 1 when it is not (and says why), with 2 when it was called wrongly.
"""

import sys
from datetime import UTC, datetime

from ivr.callers.database import database_url, opened, prepare, shown
from ivr.callers.tables import VERSION
from ivr.errors import LineError
from ivr.settings import ROOT, Settings, environment
from scripts.options import parser_of


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    parser = parser_of(__doc__)
    parser.add_argument(
        "what", choices=("upgrade", "status"), help="what is to be done"
    )
    what = parser.parse_args(argv).what
    try:
        settings = Settings.from_mapping(environment())
        url = database_url(settings.database, ROOT)
        if what == "upgrade":
            for note in prepare(url, settings.secret_key, datetime.now(UTC)):
                print(note)
        with opened(url):
            print(f"{shown(url)} is up to date: version {VERSION}.")
    except LineError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
