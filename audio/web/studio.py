"""What the studio's pages work with."""

import os
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from audio.air.job import Job
from audio.air.order import Order
from audio.air.publish import live_edition
from audio.air.studio_store import StudioStore
from audio.desk.comparing import things
from audio.desk.entries import LINE_FILE
from audio.desk.posts import Posts
from audio.desk.saving import Desk
from audio.desk.staff_words import told_with_place
from audio.history import History
from audio.words.source import PREPARING, Source, load
from ivr.edition.edition import Edition
from ivr.errors import LineError


@dataclass(frozen=True)
class Counts:
    """Ways to ask how the line is used."""

    report: Callable[[str], Any]
    """How it was used in a period of that name: a `Report` of `ivr.callers.report`. Raises
    `PeriodError`, and `DatabaseError` where it cannot be read now."""
    trouble: Callable[[], str | None]
    """Why counts are not being kept just now; None if they are."""


UNSAFE = (
    "Nothing was published, as callers would miss something that the line owes them. Mend each"
    " of these, or write in its form why it should stay like this."
)


@dataclass(frozen=True)
class Studio:
    """One installation's words, store, and ways to look at the line."""

    content: Path
    store: StudioStore
    folder: Path
    """Where the pages note sessions, forms that were sent, and how far publishing is."""
    ear: Path | None
    """The folder of the recogniser's model; None where the pages do not listen."""
    call_map: Callable[[Edition], Sequence[Any]]
    """The call map of an edition as the rows of a table, whose columns are the keys."""
    counts: Counts | None
    """How the line is used; None where calls are not counted."""
    preflight: Callable[[], Sequence[Any]]
    """What a launch needs, each with what is wrong with it."""
    clock: Callable[[], datetime]
    """The time, aware."""
    who: str = "staff"
    """Who works with it just now."""
    prepares: bool = False
    """Whether the sound of what is saved is made at once, in the background."""
    private_hosts: frozenset[str] = frozenset()
    """Servers that articles may be brought in from although they are not public."""
    feed: str = ""
    """The address of the feed of the organisation's site; empty where none is looked at."""

    @property
    def desk(self) -> Desk:
        """Where the words are changed."""
        return Desk(
            self.content,
            lock=self.folder / "saving",
            history=self.history,
            who=self.who,
            clock=self.clock,
        )

    @property
    def history(self) -> History:
        """Every save of the words."""
        return History(self.folder / "history.git", self.content)

    @property
    def posts(self) -> Posts:
        """New posts of the organisation's site."""
        return Posts(self.folder / "feed")

    @property
    def job(self) -> Job:
        """Publishing."""
        order = Order(
            self.content,
            self.store.url,
            workers=self.workers,
            history=self.history.folder,
            who=self.who,
        )
        return Job(self.folder / "publishing", order)

    @property
    def preparing(self) -> Job:
        """Making the sound of what is saved, so that it can be heard before it is published."""
        order = Order(self.content, self.store.url, only_sound=True)
        return Job(self.folder / "preparing", order)

    def prepare(self) -> None:
        """Makes the sound of what is saved, if the studio does that by itself."""
        if self.prepares:
            self.preparing.start()

    def waits(self) -> int:
        """How many things are saved and not on the air, as far as saves are kept."""
        then = self.history.of_edition(self.store.live() or "")
        last = next(self.history.saves(), None)
        if not then or last is None:
            return 0
        unheard = tuple(self.preparing_languages())
        return _count(self.history, then, last.id, unheard)

    def publish(self) -> bool:
        """Starts publishing; False if it is already running.

        Raises `LineError` if callers would miss something that they are owed.
        """
        unsafe = self.source().unsafe
        if unsafe:
            told = " ".join(f"{told_with_place(duty)}." for duty in unsafe)
            raise LineError(f"{UNSAFE} {told}")
        self.preparing.stop()
        return self.job.start()

    def source(self, language: str = "") -> Source:
        """The words as they are now, with those of this language, if it is being prepared. Raises
        `ContentError`."""
        return load(self.content, also=language)

    def calendar_warnings(self, source: Source) -> tuple[str, ...]:
        """Whether callers soon hear of no public holidays any more."""
        live = live_edition(self.store)
        if live is None:
            return ()
        return source.calendar_warnings(live.content)

    def today(self) -> str:
        """The date (ISO) by the line's clocks. Raises `ContentError`."""
        return self.source().today.isoformat()

    def now(self) -> datetime:
        """The time by the line's clocks, without a zone. Raises `ContentError`."""
        zone = ZoneInfo(self.source().content.timezone)
        return self.clock().astimezone(zone).replace(tzinfo=None)

    @property
    def zone(self) -> str:
        """The line's time zone, as far as it can be read."""
        try:
            return ZoneInfo(str(self._line()["timezone"])).key
        except (OSError, ValueError, LookupError):
            return "UTC"

    def languages(self) -> list[str]:
        """Those of `line.toml`, as far as it can be read: the content may have faults."""
        return self._listed("languages")

    def preparing_languages(self) -> list[str]:
        """Those that callers are not offered yet, as far as it can be read."""
        return self._listed(PREPARING)

    def written_languages(self) -> list[str]:
        """All that staff write in."""
        return [*self.languages(), *self.preparing_languages()]

    def _line(self) -> dict[str, Any]:
        """What `line.toml` has, unchecked."""
        text = (self.content / LINE_FILE).read_text("utf-8")
        return tomllib.loads(text)

    def _listed(self, key: str) -> list[str]:
        try:
            codes = list(self._line()[key])
            return [code for code in codes if (self.content / str(code)).is_dir()]
        except (OSError, ValueError, LookupError, TypeError):
            return []

    @property
    def workers(self) -> int:
        """How many processes render."""
        return os.cpu_count() or 1


@lru_cache(maxsize=16)
def _count(history: History, then: str, now: str, unheard: tuple[str, ...]) -> int:
    """How many things two saves have differently: saves never change. `unheard` are languages that
    callers are not offered."""
    changed = things(history.changed(then, now))
    return sum(not change.is_of(unheard) for change in changed)
