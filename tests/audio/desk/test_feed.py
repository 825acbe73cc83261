"""The posts of a feed: whatever a site sends, they are plain, few, and of the web."""

import json
from pathlib import Path

import pytest

from audio.apart import apart
from audio.desk.feed import MOST_POSTS, look, posts
from audio.desk.fetching import Given
from audio.desk.posts import Post, Posts, Seen
from ivr.errors import ImportingError
from tests.support.site import ANSWERS, feed, site

ADDRESS = "https://www.example.org/feed/"
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom"><title>News</title>
<entry><id>1</id><title type="html">Tea &amp;amp; &lt;b&gt;cake&lt;/b&gt;</title>
<link href="/tea"/><updated>2026-02-03T10:00:00Z</updated></entry></feed>"""


def read(text: str) -> list[Post]:
    return posts(Given(text.encode(), "feed"), ADDRESS)


def test_posts_are_newest_first_and_each_once() -> None:
    old = ("Peas", "https://x.org/peas", "Mon, 05 Jan 2026 10:00:00 GMT")
    new = ("Beans", "https://x.org/beans", "Tue, 06 Jan 2026 10:00:00 GMT")
    found = read(feed(old, new, old))
    assert [(post.title, post.published) for post in found] == [
        ("Beans", "2026-01-06"),
        ("Peas", "2026-01-05"),
    ]
    assert found[0].address == "https://x.org/beans"


def test_titles_are_plain_and_addresses_whole() -> None:
    [post] = read(ATOM)
    assert (post.title, post.address) == ("Tea & cake", "https://www.example.org/tea")


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "file:///etc/passwd", "data:text/html,x", ""]
)
def test_a_post_that_leads_elsewhere_is_none(address: str) -> None:
    assert read(feed(("Peas", address, ""))) == []


def test_a_feed_is_as_long_as_somebody_reads() -> None:
    many = [(f"Post {n}", f"https://x.org/{n}", "") for n in range(500)]
    assert len(read(feed(*many))) == MOST_POSTS


@pytest.mark.parametrize("text", ["", "<html><p>News</p></html>", "\x89PNG", "{}"])
def test_what_is_no_feed_is_told(text: str) -> None:
    with pytest.raises(ImportingError, match="there is no feed"):
        read(text)


def test_no_file_is_read_for_a_feed() -> None:
    entity = '<!DOCTYPE rss [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    item = "<item><title>A &a; B</title><link>https://x.org/a</link></item>"
    found = read(f'{entity}<rss version="2.0"><channel>{item}</channel></rss>')
    name = Path("/etc/hostname").read_text().strip() or "nobody"
    assert name not in str(found)


def test_a_feed_that_is_away_is_told_in_plain_words() -> None:
    with site() as server:
        seen = look(f"{server.address}/gone", ["127.0.0.1"])
        assert "there is no page at this address (404)" in seen.trouble
        assert "private network" in look("http://127.0.0.1/feed").trouble


def test_a_process_of_its_own_reads_it() -> None:
    answers = ANSWERS | {"/feed": (200, {"Content-Type": "text/xml"}, ATOM.encode())}
    with site(answers) as server:
        order = {"address": f"{server.address}/feed", "private_hosts": ["127.0.0.1"]}
        seen = apart("audio.desk.feed", json.dumps(order).encode())
    [post] = json.loads(seen)["posts"]
    assert post["title"] == "Tea & cake"


def test_a_post_waits_until_its_click(tmp_path: Path) -> None:
    kept = Posts(tmp_path)
    assert kept.waiting() == []
    first, second = (Post(f"{n:016x}", "A", "https://x.org", "") for n in (1, 2))
    kept.note(Seen("2026-01-01T10:00:00+00:00", posts=(first, second)))
    kept.settle([first.id, "../../etc"])
    assert (kept.waiting(), kept.settled()) == ([second], [first])
    kept.offer_again([first.id, "../seen"])
    assert kept.waiting() == [first, second]
    (tmp_path / "seen").write_bytes(b"{")
    assert kept.waiting() == []
