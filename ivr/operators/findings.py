"""What a check finds, and what every check looks at."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path

from ivr.edition.edition import Edition
from ivr.edition.store import Store
from ivr.errors import StoreError
from ivr.settings import ROOT, Settings


@dataclass(frozen=True)
class Finding:
    """Something that is wrong, and how to mend it."""

    what: str
    mend: str
    stops: bool = True
    """Whether it stops a launch; otherwise it only needs attention soon."""


class Skip(Exception):
    """A check cannot be made now. The message says why."""


@dataclass(frozen=True)
class Site:
    """The installation that is checked."""

    settings: Settings
    clock: Callable[[], datetime]
    """The time, aware."""
    words: Callable[[], Iterable[Finding]]
    """What the studio finds in the words as they are saved."""
    secrets: Path = ROOT / ".env"
    """The file of the settings, where there is one."""

    @cached_property
    def store(self) -> Store:
        """Where the editions are."""
        return Store(self.settings.store)

    @cached_property
    def edition(self) -> Edition:
        """The live one. Raises `Skip` if there is none; another check reports that."""
        try:
            return self.store.edition(self.store.live() or "")
        except (OSError, StoreError):
            raise Skip("there is no edition on the air") from None

    @property
    def public_url(self) -> str:
        """The address of the line. Raises `Skip` unless others can reach it."""
        url = self.settings.public_url
        if not url.startswith("https://"):
            raise Skip("PUBLIC_URL is not an https address yet")
        return url
