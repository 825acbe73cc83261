"""List the editions that are kept, go back to one of them, or clear old ones away.

Exits with 0 when it is done, with 1 when it cannot be (and says why; callers go on
hearing what they heard), with 2 when it was called wrongly.
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from audio.air.editions import Listed, listed, previous, prune, roll_back
from audio.air.studio_store import StudioStore
from ivr.errors import LineError
from ivr.settings import Settings, environment

BEFORE = "the one before"


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    try:
        options = _options(argv)
        store = StudioStore(options.store or Settings.from_mapping(environment()).store)
        if options.rollback:
            edition = previous(store) if options.rollback == BEFORE else options.rollback
            roll_back(store, edition)
            print(f"Edition {edition} is live now. Rendering would put today's content back.")
        elif options.prune:
            done = prune(store, datetime.now(UTC))
            print(f"Deleted: {done.editions} editions, {done.clips} clips, {done.parts} parts.")
        else:
            print("\n".join(_lines(listed(store))))
    except (LineError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _options(argv: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
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
    parser.add_argument(
        "--store",
        metavar="URL",
        help="where editions and clips are kept: a folder, or a URL such as s3://bucket/line"
        " (default: STORE_URL, or instance/store)",
    )
    return parser.parse_args(argv)


def _lines(editions: tuple[Listed, ...]) -> Iterator[str]:
    """Newest first; times as the clocks of the line's time zone show them."""
    if not editions:
        yield "No edition is kept; scripts/render_audio.py makes one."
    for one in reversed(editions):
        zone = ZoneInfo(one.edition.content.timezone)
        made = datetime.fromisoformat(one.edition.created).astimezone(zone)
        voices = ", ".join(f"{code} {name}" for code, name in one.edition.voices.items())
        live = ", LIVE" if one.live else ""
        yield f"{one.edition.id}  made {made:%d %B %Y, %H:%M}, read by {voices}{live}"
        yield from (f"    {change}" for change in one.changes)


if __name__ == "__main__":
    sys.exit(main())
