"""Put a backup back: words, store, database and settings. It may replace what is there.

What is there already is set aside, not deleted. Stop the line first. Exits with 0, with 1 where the
backup is damaged (then nothing was changed; it says why), with 2 when called wrongly.
"""

import sys
from datetime import UTC, datetime
from pathlib import Path

from ivr.errors import LineError
from ivr.operators.backup import restore
from ivr.settings import ROOT
from scripts.options import parser_of


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    parser = parser_of(__doc__)
    parser.add_argument("backup", type=Path, help="the file that backup.py wrote")
    parser.add_argument(
        "--into",
        type=Path,
        default=ROOT,
        metavar="DIR",
        help="the program's folder (default: this one)",
    )
    options = parser.parse_args(argv)
    try:
        notes = restore(options.backup, options.into, datetime.now(UTC))
    except (LineError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(*notes, "Start the line, then run scripts/preflight.py.", sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
