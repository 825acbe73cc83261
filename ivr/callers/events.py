"""What is counted, and what is remembered of a caller."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """What can happen that staff wish to know of."""

    CALL = "call"
    """A call began."""
    ENDED = "ended"
    """A call was over; its minutes are counted with it."""
    SILENT = "silent"
    """A call in which no key was pressed and nothing was said: counted when it begins, and taken
    back at the first key."""
    LANGUAGE = "language"
    """In a call, an article was begun in `language`: once a call and language."""
    SPEED = "speed"
    """A caller chose the speed `subject`, such as `1.5`, by a key."""
    BEGUN = "begun"
    """Section `section` of the article `subject` in `language` was begun."""
    HEARD = "heard"
    """The last sentence of that section was heard."""
    STOPPED = "stopped"
    """The caller left the article from that section, or hung up there: counted when they come into
    it, and taken back when they go on to another."""
    CHOSEN = "chosen"
    """The helpline `subject` was chosen from the list."""
    NUMBER = "number"
    """The number of the helpline `subject` was heard."""
    ANSWERED = "answered"
    """The caller was put through to the helpline `subject`, and spoke to somebody."""
    DOUBTFUL = "doubtful"
    """Something answered there, but it may have been a machine: the line asked."""
    BUSY = "busy"
    NO_ANSWER = "no-answer"
    FAILED = "failed"
    """The helpline `subject` could not be reached."""
    LASTED = "lasted"
    """An answered transfer was over, after a time of the class `subject`: see `length`."""


LENGTHS = ("under a minute", "1 to 10 minutes", "over 10 minutes")
"""The three classes of how long answered transfers lasted. Within a minute it was hardly more
than an answering machine, or somebody who could not help."""


def length(seconds: float) -> str:
    """The class of a transfer that lasted this long."""
    short, middling, long = LENGTHS
    if seconds < 60:
        return short
    if seconds <= 600:
        return middling
    return long


@dataclass(frozen=True)
class Event:
    """Something that happened on the line, to nobody in particular."""

    kind: Kind
    language: str = ""
    """Its code, where the kind says so; else empty, as `subject`."""
    subject: str = ""
    """The slug of an article or helpline, a speed, or a class of length."""
    section: int = 0
    """Counted from 1; 0 where it is not about one."""
    minutes: int = 0
    """How long the call was, each begun minute counted, as providers bill it."""


@dataclass(frozen=True)
class Happened:
    """An event in a call, as it is counted."""

    event: Event
    at: datetime
    """In the line's time zone. It counts in that hour."""
    once: str = ""
    """Names it, if it counts once per call; otherwise it counts with each webhook that reports
    it."""
    times: int = 1
    """-1 takes back what was counted before."""


@dataclass(frozen=True)
class Bookmark:
    """Where a caller left off, and how they were listening."""

    edition_id: str
    language: str
    speed: float
    article: str
    """Its slug."""
    section: int
    """Counted from 1."""
    start: int
    """How many sentences of the section come before the one they were in."""
    sentence: str
    """A hash of that sentence's words, to find it again where the article was changed."""
    heading: str = ""
    """A hash of the section's heading, for when the sentence is gone."""
    at: int | None = None
    """When the sentence began to be heard, in milliseconds since 1970; None where it was not
    being read, or where that was some hours ago."""
