"""Back up the words, the store, the database and the settings, into one file of a folder.

The file holds secrets: only its owner can read it here, and it must be encrypted before it travels.
Exits with 0, with 1 where nothing could be backed up (and says why), with 2 when called wrongly.
"""

import argparse
import sys
from datetime import UTC, datetime
from pathlib import Path

from ivr.errors import LineError
from ivr.operators.backup import back_up
from ivr.settings import Settings, environment
from scripts.options import parser_of

NAMES = "line-*.tar.gz"


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    options = _options(argv)
    now = datetime.now(UTC)
    file = options.folder / f"line-{now:%Y%m%dT%H%M%SZ}.tar.gz"
    try:
        notes = back_up(Settings.from_mapping(environment()), file)
        if options.keep:
            _forget(options.folder, options.keep)
    except (LineError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    print(*notes, f"{file}: {file.stat().st_size / 1e6:.1f} MB", sep="\n")
    return 0


def _forget(folder: Path, keep: int) -> None:
    """Deletes all but the newest; their names are their times."""
    for old in sorted(folder.glob(NAMES))[:-keep]:
        old.unlink()


def _at_least_one(text: str) -> int:
    """How many backups stay. A negative number would delete the newest ones."""
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError("keep at least 1")
    return number


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = parser_of(__doc__)
    parser.add_argument("folder", type=Path, help="where the file is put")
    parser.add_argument(
        "--keep",
        type=_at_least_one,
        metavar="N",
        help="delete all backups in the folder but the newest N",
    )
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
