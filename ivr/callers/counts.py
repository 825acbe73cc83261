"""How the line is used, in counts. Kept by the line, shown by the studio.

Counts alone: no caller's number nor anything that stands for one, nothing about one call, and
days, not times of day.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Day:
    """A day on which the line was rung."""

    date: str
    """ISO, in the line's time zone."""
    calls: int
    """How many calls began on it."""


@dataclass(frozen=True)
class Heard:
    """How often a section of an article was heard.

    Who goes on to another section by key has begun it, but neither ended it nor stopped.
    """

    article: str
    """The article's title."""
    section: int
    """Its number in the article, from 1."""
    heading: str
    begun: int
    to_the_end: int
    """Its last sentence was heard."""
    stopped: int
    """The caller hung up in it, or left the article from it."""


@dataclass(frozen=True)
class Chosen:
    """How often callers wanted a helpline, and what came of it."""

    name: str
    chosen: int
    """It was chosen from the list; what comes of that may be nothing, or several tries."""
    answered: int
    """The caller was put through, and spoke to somebody."""
    doubtful: int
    """Something answered, but it may have been a machine: the line asked."""
    busy: int
    no_answer: int
    failed: int
    """It could not be reached."""
    number_heard: int
    """The caller heard its number, whether or not a transfer was tried."""


@dataclass(frozen=True)
class Counts:
    """How the line is used."""

    days: tuple[Day, ...]
    """Those without a call may be left out."""
    sections: tuple[Heard, ...]
    """Each article's one after the other."""
    helplines: tuple[Chosen, ...]


NO_COUNTS = Counts((), (), ())
"""Nobody has rung, or nothing is counted yet."""
