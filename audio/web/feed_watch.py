"""The look at the feed of the organisation's site, every hour, in the background.

Every server process has this thread; one of them looks. Nothing is written into the words.
"""

import logging
import subprocess
import sys
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event, Thread

import msgspec

from audio.air.job import nice
from audio.desk.posts import Seen
from audio.locks import try_lock
from audio.web.studio import Studio

log = logging.getLogger(__name__)

COMMAND = (sys.executable, "-m", "audio.desk.feed")

EVERY = timedelta(hours=1)
PAUSE_S = 60
"""Between two questions whether it is time."""
MOST_S = 90
"""How long a look may take."""

TOO_MUCH = "its feed is too large to read; ask whoever runs the site"


def watch(studio: Studio) -> None:
    """Looks as long as the process lives."""
    Thread(target=_watch, args=[studio], daemon=True, name="feed").start()


def _watch(studio: Studio) -> None:
    while True:
        try:
            look_if_due(studio)
        except Exception:  # the next look may go well, and calls go on
            log.exception("the feed could not be looked at")
        Event().wait(PAUSE_S)


def look_if_due(studio: Studio) -> bool:
    """Looks at the feed, unless somebody did within the last hour, or does so now."""
    folder = studio.posts.folder
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "looking").open("w") as lock:
        if not try_lock(lock):
            return False
        before = studio.posts.seen()
        now = studio.clock()
        if before.looked and now - datetime.fromisoformat(before.looked) < EVERY:
            return False
        seen = replace(_look(studio), looked=now.isoformat())
        if seen.trouble:
            seen = replace(seen, posts=before.posts)
        studio.posts.note(seen)
    return True


def _look(studio: Studio) -> Seen:
    """In a separate process, which may fail or be killed."""
    order = {"address": studio.feed, "private_hosts": sorted(studio.private_hosts)}
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the command is ours
            [*nice(), *COMMAND],
            input=msgspec.json.encode(order),
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=MOST_S,
            check=True,
        )
        return msgspec.json.decode(done.stdout, type=Seen)
    except (subprocess.SubprocessError, ValueError):
        return Seen(trouble=TOO_MUCH)
