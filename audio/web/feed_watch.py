"""The look at the feed of the organisation's site, every hour, in the background.

Every server process has this thread; one of them looks. Nothing is written into the words.
"""

import logging
from dataclasses import replace
from datetime import datetime, timedelta
from threading import Event, Thread

import msgspec

from audio.apart import apart
from audio.desk.posts import Seen
from audio.locks import try_lock
from audio.web.studio import Studio
from ivr.errors import TooMuch

log = logging.getLogger(__name__)

EVERY = timedelta(hours=1)
PAUSE_S = 60
"""Between two questions whether it is time."""

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
    """In a separate process, as a feed comes from strangers."""
    order = {"address": studio.feed, "private_hosts": sorted(studio.private_hosts)}
    try:
        return msgspec.json.decode(
            apart("audio.desk.feed", msgspec.json.encode(order)), type=Seen
        )
    except TooMuch:
        return Seen(trouble=TOO_MUCH)
