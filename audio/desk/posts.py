"""Posts of the organisation's site: those that wait for somebody's click, and the others."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import msgspec

from ivr.edition.storage import Folder

ID = "[0-9a-f]{16}"
"""What names a post here."""


@dataclass(frozen=True)
class Post:
    """An article of the site, as its feed tells."""

    id: str
    title: str
    address: str
    """Of http or https."""
    published: str
    """ISO date; empty where the feed has none."""


@dataclass(frozen=True)
class Seen:
    """What a look at the feed found."""

    looked: str = ""
    """When, in ISO format, with a zone; empty before the first time."""
    trouble: str = ""
    """Why it could not be read, in plain words; empty if it could."""
    posts: tuple[Post, ...] = ()
    """Newest first, as it has them. Those of the last look that went well."""


@dataclass(frozen=True)
class Posts:
    """What is known of the feed."""

    folder: Path
    """Its folder has a file of what the last look found, and an empty file a settled post."""

    def seen(self) -> Seen:
        """What the last look found; nothing if its file is lost or damaged."""
        try:
            return msgspec.json.decode(Folder(self.folder).read("seen"), type=Seen)
        except (OSError, ValueError):
            return Seen()

    def note(self, seen: Seen) -> None:
        """Keep what a look found."""
        Folder(self.folder).write("seen", msgspec.json.encode(seen))

    def waiting(self) -> list[Post]:
        """Those that wait."""
        done = self._done()
        return [post for post in self.seen().posts if post.id not in done]

    def settled(self) -> list[Post]:
        """Those that were imported, or are not wanted."""
        done = self._done()
        return [post for post in self.seen().posts if post.id in done]

    def settle(self, ids: Iterable[str]) -> None:
        """These no longer wait. Whatever is not an id of a post does nothing."""
        for post_id in ids:
            if re.fullmatch(ID, post_id):
                Folder(self.folder).write(f"settled/{post_id}", b"")

    def offer_again(self, ids: Iterable[str]) -> None:
        """These wait again."""
        for post_id in ids:
            if re.fullmatch(ID, post_id):
                Folder(self.folder).delete(f"settled/{post_id}")

    def _done(self) -> set[str]:
        return {path.name for path in (self.folder / "settled").glob("*")}
