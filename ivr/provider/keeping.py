"""What is kept about a call: how often things happen, and where a known caller is in an article.

A reply waits only for the question where a caller left off. Whatever fails here, the caller still
gets a reply.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from ivr.call.returning import digest, hung_up_at
from ivr.call.scene import LeftOff, Start
from ivr.call.steps import Place, Reading
from ivr.callers.callers import Callers
from ivr.callers.events import Bookmark, Happened
from ivr.callers.writing import HungUp, Remember
from ivr.edition.library import Library
from ivr.errors import StoreError
from ivr.provider.counting import Turn, happened, over

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Ringing:
    """Whose call it is."""

    call: str = ""
    """The provider's name for the call, which is neither kept nor logged; empty if it gave none,
    and then nothing is kept."""
    caller: str | None = None
    """The hash of the caller's number; None for nobody."""

    @property
    def is_known(self) -> bool:
        """Whether anything about the caller is remembered."""
        return bool(self.call and self.caller)


NOBODY = Ringing()


@contextmanager
def _in_nobodys_way() -> Iterator[None]:
    """Whatever goes wrong within, the call goes on."""
    try:
        yield
    except Exception:
        log.exception("part of a call was not kept")


@dataclass(frozen=True)
class Keeper:
    """Keeps what is kept of the provider's calls."""

    callers: Callers

    def ringing(self, call: str, number: str) -> Ringing:
        """Whose call it is, by the provider's name for it and the caller's number."""
        return Ringing(call, self.callers.hash_of(number))

    def left_off(self, ringing: Ringing) -> LeftOff | None:
        """Where the caller left off in an earlier call; None as well where that is not known in
        150 ms."""
        if ringing.caller is None:
            return None
        with _in_nobodys_way():
            bookmark = self.callers.bookmark(ringing.caller)
            if bookmark:
                return _left_off(bookmark)
        return None

    def keep(self, ringing: Ringing, turn: Turn) -> None:
        """Keeps what a turn leaves to be kept."""
        if not ringing.call:
            return
        with _in_nobodys_way():
            what = _named(ringing.call, happened(turn))
            self.callers.count(
                f"{ringing.call} {turn.name}", *what, remember=_place(ringing, turn)
            )
            if ringing.caller and turn.reply.forget:
                self.callers.forget(ringing.caller, ringing.call)

    def ended(
        self, ringing: Ringing, library: Library, seconds: int, now: datetime
    ) -> None:
        """A call is over, after this many seconds. Nobody is waiting for an answer."""
        if not ringing.call:
            return
        with _in_nobodys_way():
            zone = ZoneInfo(library.live().content.timezone)
            self.callers.count(
                f"{ringing.call} ended",
                over(seconds, now.astimezone(zone)),
                hung_up=self._hung_up(ringing, library, now),
            )

    def _hung_up(
        self, ringing: Ringing, library: Library, now: datetime
    ) -> HungUp | None:
        """The sentence that was being said to the caller, if that is known."""
        if ringing.caller is None:
            return None
        before = self.callers.bookmark(ringing.caller)
        if before is None or before.at is None:
            return None
        step = Reading(
            language=before.language,
            speed=before.speed,
            article=before.article,
            section=before.section,
            start=before.start,
            at=before.at,
        )
        try:
            edition = library.edition(before.edition_id)
        except StoreError:  # it is gone: the place is that of the last key
            return None
        place = hung_up_at(step, edition, now)
        if place is None:
            return None
        words = edition.content.languages[step.language]
        section = words.section(place.article, place.section)
        sentence = section.sentences[place.start]
        return HungUp(ringing.caller, before.at, place.start, digest(sentence))


def _named(call: str, what: Iterable[Happened]) -> Iterator[Happened]:
    """What happened in a call; whatever counts once a call is named by it."""
    for each in what:
        once = each.once and f"{call} {each.once}"
        yield Happened(each.event, each.at, once, each.times)


def _left_off(bookmark: Bookmark) -> LeftOff:
    """A bookmark as the flow knows it."""
    place = Place(bookmark.article, bookmark.section, bookmark.start)
    return LeftOff(
        bookmark.language, bookmark.speed, place, bookmark.sentence, bookmark.heading
    )


def _place(ringing: Ringing, turn: Turn) -> Remember | None:
    """What is remembered of the caller after a turn; None for nobody, and if nothing is new."""
    bookmark = _bookmark(turn)
    if ringing.caller is None or turn.reply.forget or bookmark is None:
        return None
    # A copy of this webhook, however late, has the same moment.
    moment = turn.step.at - turn.step.lead
    return Remember(ringing.caller, bookmark, ringing.call, moment)


def _bookmark(turn: Turn) -> Bookmark | None:
    """What is remembered about a caller after a turn; None if nothing is new.

    What a call begins with is known already; and it may be less than what is known, where the
    article was changed.
    """
    arrived = turn.arrived
    place = arrived.bookmark
    if place is None or isinstance(turn.event, Start):
        return None
    was_or_is_reading = isinstance(turn.step, Reading) or isinstance(arrived, Reading)
    if place == turn.step.bookmark and not was_or_is_reading:
        return None
    words = turn.edition.content.languages[arrived.language]
    section = words.section(place.article, place.section)
    return Bookmark(
        turn.edition.id,
        arrived.language,
        arrived.speed,
        place.article,
        place.section,
        place.start,
        digest(section.sentences[place.start]),
        digest(section.heading),
        arrived.at if type(arrived) is Reading else None,
    )
