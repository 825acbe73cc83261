"""List the editions that are kept, go back to one of them, or clear old ones away.

Exits with 0 when it is done, with 1 when it cannot be (and says why; callers go on
hearing what they heard), with 2 when it was called wrongly.
"""

import argparse
import sys
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from audio.air.editions import Listed, listed, previous, prune, roll_back
from audio.air.studio_store import StudioStore
from audio.air.wording import counted
from ivr.errors import LineError
from ivr.settings import Settings, environment
from scripts.options import add_store, parser_of

BEFORE = "the one before"


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    options = _options(argv)
    try:
        url = options.store or Settings.from_mapping(environment()).store
        store = StudioStore(url)
        if options.rollback:
            _roll_back(store, options.rollback)
        elif options.prune:
            _prune(store)
        else:
            _list(store)
    except (LineError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _roll_back(store: StudioStore, asked: str) -> None:
    edition_id = asked
    if asked == BEFORE:
        edition_id = previous(store)
    roll_back(store, edition_id)
    print(
        f"Edition {edition_id} is live now. Rendering would put today's content back."
    )


def _prune(store: StudioStore) -> None:
    done = prune(store, datetime.now(UTC))
    editions = counted(done.editions, "edition")
    clips = counted(done.clips, "clip")
    print(f"Deleted: {editions}, {clips}, {counted(done.parts, 'part')} of files.")


def _list(store: StudioStore) -> None:
    """Newest first."""
    found = listed(store)
    if not found:
        print("No edition is kept; scripts/render_audio.py makes one.")
    for one in reversed(found):
        print(_heading(one))
        for change in one.changes:
            print(f"    {change}")


def _heading(one: Listed) -> str:
    """When it was made, as the clocks of the line's time zone show it, and who reads it."""
    edition = one.edition
    zone = ZoneInfo(edition.content.timezone)
    made = datetime.fromisoformat(edition.created).astimezone(zone)
    voices = ", ".join(f"{code} {name}" for code, name in edition.voices.items())
    heading = f"{edition.id}  made {made:%d %B %Y, %H:%M}, read by {voices}"
    if one.live:
        return f"{heading}, LIVE"
    return heading


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = parser_of(__doc__)
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--rollback",
        metavar="ID",
        nargs="?",
        const=BEFORE,
        help="put this edition on the air, or the one that was before; nothing is rendered",
    )
    either.add_argument(
        "--prune",
        action="store_true",
        help="delete editions that no call can reach, and the clips that only they need; the live"
        " one, the one before and those of the last five hours are kept",
    )
    add_store(parser)
    return parser.parse_args(argv)


if __name__ == "__main__":
    sys.exit(main())
