"""New posts of the site: looked at in the background, and offered to staff, who decide."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from audio.desk.posts import Post, Seen
from audio.web.feed_watch import look_if_due
from audio.web.studio import Studio
from ivr.settings import Settings
from tests.support.site import HTML, Answer, Site, feed, site
from tests.support.staff import Staff, written

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
PEAS = "The garden is open to all who like to grow peas and beans on a Friday. "
PAGE = f"""<!doctype html><html lang="en"><head><title>Our garden</title></head><body>
<article><h1>Our garden</h1><p>{PEAS * 3}</p></article></body></html>""".encode()
XML = {"Content-Type": "application/rss+xml"}


class Clock:
    """A clock that a test sets."""

    now = NOW

    def __call__(self) -> datetime:
        return self.now


@pytest.fixture
def server() -> Iterator[Site]:
    answers: dict[str, Answer] = {"/garden": (200, HTML, PAGE)}
    with site(answers) as server:
        garden = ("Our garden", f"{server.address}/garden", "")
        others = [(name, f"https://x.org/{name}", "") for name in ("Tea", "Walks")]
        answers["/feed"] = (200, XML, feed(garden, *others).encode())
        yield server


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def staff(settings: Settings, server: Site, clock: Clock) -> Staff:
    """Somebody whose site has a feed, signed in."""
    found = Staff(
        replace(
            settings,
            feed_url=f"{server.address}/feed",
            private_hosts=frozenset({"127.0.0.1"}),
        ),
        clock,
    )
    found.signs_in()
    return found


def studio_of(staff: Staff) -> Studio:
    found: Studio = staff.app.extensions["studio"]
    return found


def test_new_posts_wait_for_a_click_and_nothing_is_written_without_one(
    staff: Staff, settings: Settings
) -> None:
    before = written(settings)
    assert look_if_due(studio_of(staff))
    staff.opens("/studio")
    staff.sees("New posts on your site 3")
    staff.opens("/studio/en/articles/import")
    staff.sees(
        "3 new posts on your site", "The studio looked at 24 November 2026, 12:00"
    )
    staff.sees("This is the first list, so it has old posts, too.")
    staff.presses("Not this one (Tea)")
    assert "old posts" not in staff.words()
    staff.sees("2 new posts on your site", "Noted.")
    staff.presses("Import (Our garden)")
    assert staff.field("title") == "Our garden"
    assert "grow peas and beans" in staff.field("words")
    assert written(settings) == before
    staff.opens("/studio/en/articles/import")
    staff.sees(
        "1 new post on your site", "Posts that you have imported, or do not want"
    )
    staff.presses("Offer it again (Tea)")
    staff.sees("2 new posts on your site")
    staff.presses("None of these")
    staff.sees("No new posts on your site")


def test_a_post_that_cannot_be_imported_goes_on_waiting(staff: Staff) -> None:
    post = Post("0" * 16, "Away", "http://127.0.0.1:1/away", "")
    studio_of(staff).posts.note(Seen(NOW.isoformat(), posts=(post,)))
    staff.opens("/studio/en/articles/import")
    staff.presses("Import (Away)")
    assert staff.status == 422
    staff.sees("Nothing was read", "1 new post on your site")


def test_it_is_looked_at_once_an_hour_however_many_processes_there_are(
    staff: Staff, server: Site, clock: Clock
) -> None:
    studio = studio_of(staff)
    with ThreadPoolExecutor(4) as processes:
        looked = list(processes.map(look_if_due, [studio] * 4))
    assert sorted(looked) == [False, False, False, True]
    clock.now = NOW + timedelta(minutes=59)
    assert not look_if_due(studio)
    clock.now = NOW + timedelta(minutes=61)
    assert look_if_due(studio)
    assert [path for path, _ in server.asked] == ["/feed", "/feed"]


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ((200, XML, b"<" * 5_000_001), "it is bigger than 5 MB"),
        ((200, HTML, b"<p>News</p>"), "there is no feed at this address"),
        ((302, {"Location": "http://169.254.169.254/"}, b""), "private network"),
    ],
)
def test_a_feed_that_cannot_be_read_is_told_and_its_posts_stay(
    staff: Staff, server: Site, clock: Clock, answer: Answer, why: str
) -> None:
    post = Post("0" * 16, "Tea", "https://x.org/tea", "")
    studio_of(staff).posts.note(Seen(NOW.isoformat(), posts=(post,)))
    server.answers["/feed"] = answer
    clock.now = NOW + timedelta(hours=2)
    assert look_if_due(studio_of(staff))
    staff.opens("/studio/en/articles/import")
    staff.sees("1 new post on your site", why, "It tries again every hour.")


def test_a_feed_that_ends_its_process_harms_nothing(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("audio.web.feed_watch.COMMAND", ("/bin/false",))
    assert look_if_due(studio_of(staff))
    staff.opens("/studio/en/articles/import")
    staff.sees("its feed is too large to read")


def test_without_a_feed_nothing_is_said_of_posts(settings: Settings) -> None:
    staff = Staff(settings)
    staff.signs_in()
    staff.opens("/studio/en/articles/import")
    assert "new posts" not in staff.words()
