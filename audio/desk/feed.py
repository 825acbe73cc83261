"""Reading the feed of a site, in a separate process (`audio.apart`)."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from io import BytesIO
from typing import Any
from urllib.parse import urlsplit

import feedparser
import msgspec
from lxml import html

from audio.desk.drafts import clean
from audio.desk.fetching import Given, fetched
from audio.desk.posts import Post, Seen
from ivr.errors import ImportingError

FORMATS = dict.fromkeys(
    (
        "application/rss+xml",
        "application/atom+xml",
        "application/rdf+xml",
        "application/xml",
        "text/xml",
        "text/plain",
        "text/html",
    ),
    "feed",
)
"""What servers call feeds, rightly or wrongly."""

MOST_POSTS = 20
MOST_CHARACTERS = 200
"""Of a title."""

NO_FEED = "there is no feed at this address; look for the site's RSS or Atom address"


@dataclass(frozen=True)
class Order:
    """Which feed is to be read."""

    address: str
    private_hosts: tuple[str, ...] = ()


def work(given: bytes) -> bytes:
    """A `Seen`, of an `Order`, both in JSON."""
    order = msgspec.json.decode(given, type=Order)
    return msgspec.json.encode(look(order.address, order.private_hosts))


def look(address: str, private_hosts: Collection[str] = ()) -> Seen:
    """The newest posts of a feed; or why it cannot be read."""
    try:
        given = fetched(address, FORMATS, private_hosts)
        return Seen(posts=tuple(posts(given, address)))
    except ImportingError as error:
        return Seen(trouble=str(error))


def posts(given: Given, address: str) -> list[Post]:
    """Those that have a title and a web address, each once. Raises `ImportingError`."""
    headers = {"content-location": address}
    if given.charset:
        headers["content-type"] = f"application/xml; charset={given.charset}"
    # From a stream: a text would be taken for an address or a file's name.
    read = feedparser.parse(
        BytesIO(given.data), response_headers=headers, sanitize_html=False
    )
    if not read.get("version") and not read.entries:
        raise ImportingError(NO_FEED)
    found = {post.id: post for post in _posts(read.entries)}
    newest = sorted(found.values(), key=lambda post: post.published, reverse=True)
    return newest[:MOST_POSTS]


def _posts(entries: list[Any]) -> Iterator[Post]:
    for entry in entries:
        address = str(entry.get("link", ""))
        title = _plain(str(entry.get("title", "")))
        if not title or not _is_of_the_web(address):
            continue
        name = str(entry.get("id") or address)
        digest = blake2b(name.encode("utf-8", "replace"), digest_size=8).hexdigest()
        yield Post(digest, title[:MOST_CHARACTERS], address, _day(entry))


def _is_of_the_web(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _plain(title: str) -> str:
    """Feeds have marks of HTML in their titles."""
    if not title.strip():
        return ""
    return clean(html.fragment_fromstring(title, create_parent="p").text_content())


def _day(entry: Any) -> str:
    # As a plain dictionary: feedparser's own warns of what it makes up.
    moment = dict.get(entry, "published_parsed") or dict.get(entry, "updated_parsed")
    if not moment:
        return ""
    try:
        return date(*moment[:3]).isoformat()
    except ValueError:
        return ""
