"""Every document that a caller can reach in four keys, fetched as a provider would."""

import io
import re
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

import pytest
import soundfile
from flask.testing import FlaskClient
from twilio.request_validator import RequestValidator

from app import create_app
from ivr import flow
from ivr.call import Call, Pressed, Start
from ivr.call_map import seconds, stops
from ivr.content import KEYS
from ivr.edition import Edition, Store
from ivr.settings import Settings
from ivr.steps import Helplines, Paused, Reading
from scripts.phone import verbs_of
from tests.caller import LINE_NUMBER, PUBLIC_URL, TOKEN, Clock
from tests.small import NOON

MOST_KEYS = 4
OUTCOMES = ("busy", "no-answer", "failed", "completed", "canceled", "nonsense")
HEARD_MS = 13_000
"""How long the caller listens before each key."""


class Crawler:
    """Follows every key, silence and outcome of every document."""

    def __init__(self, store: Path) -> None:
        self.clock = Clock()
        settings = Settings(
            public_url=PUBLIC_URL,
            twilio_auth_token=TOKEN,
            line_number=LINE_NUMBER,
            store=store,
        )
        self.client: FlaskClient = create_app(settings, self.clock).test_client()
        self.validator = RequestValidator(TOKEN)
        self.sounds: set[str] = set()
        self.dialled: set[str] = set()

    def crawl(self) -> int:
        """How many different documents there are."""
        first = self.post(f"{PUBLIC_URL}/voice", {})
        seen, todo = {without_time(first)}, deque([(first, 0)])
        while todo:
            url, keys = todo.popleft()
            events = [({"Digits": key}, 1) for key in KEYS] + [({}, 0)]
            if "/transfer/" in url:
                events += [({"DialCallStatus": status}, 0) for status in OUTCOMES]
            for event, cost in events:
                if keys + cost <= MOST_KEYS:
                    after = self.post(url, event)
                    if without_time(after) not in seen:
                        seen.add(without_time(after))
                        todo.append((after, keys + cost))
        return len(seen)

    def post(self, url: str, event: dict[str, str]) -> str:
        """Where the answer to a signed request would have the call go on."""
        if at := re.search(r"[?&]at=(\d+)", url):
            self.clock.now = datetime.fromtimestamp((int(at[1]) + HEARD_MS) / 1000, UTC)
        signature = self.validator.compute_signature(url, event)
        response = self.client.post(
            url.removeprefix(PUBLIC_URL), data=event, headers={"X-Twilio-Signature": signature}
        )
        assert (response.status_code, response.mimetype) == (200, "text/xml"), (url, event)
        verbs = verbs_of(response.get_data(as_text=True))
        last = verbs[-1]
        self.sounds |= {play.text or "" for verb in verbs for play in verb.iter("Play")}
        assert not [said.text for verb in verbs for said in verb.iter("Say")], (url, event)
        if last.tag == "Dial":
            self.dialled.add(last[0].text or "")
            assert last.get("callerId") == LINE_NUMBER
            return last.get("action", "")
        gather = verbs[0]
        assert gather.tag == "Gather"
        assert last.tag in ("Redirect", "Hangup")
        assert last.tag == "Hangup" or last.text == gather.get("action")
        return gather.get("action", "")


def without_time(url: str) -> str:
    """A URL without when it was heard."""
    return re.sub(r"[?&]at=\d+", "", url)


@pytest.fixture(scope="module")
def crawler(spoken: Path) -> Crawler:
    """A crawler that has been everywhere."""
    crawler = Crawler(spoken)
    assert crawler.crawl() > 500
    return crawler


def test_every_sound_is_there_and_8_khz_mono_mu_law(crawler: Crawler) -> None:
    assert len(crawler.sounds) > 300
    for url in crawler.sounds:
        response = crawler.client.get(url.removeprefix(PUBLIC_URL))
        assert response.status_code == 200, url
        info = soundfile.info(io.BytesIO(response.data))
        assert (info.samplerate, info.channels, info.subtype) == (8000, 1, "ULAW"), url
        assert info.frames > 0


def test_only_listed_numbers_are_dialled(crawler: Crawler, live: Edition) -> None:
    listed = {line.e164 for line in live.content.languages["en"].helplines}
    assert crawler.dialled
    assert crawler.dialled <= listed


@pytest.fixture
def live(spoken: Path) -> Edition:
    """The edition with the real content."""
    store = Store(spoken)
    return store.edition(store.live() or "")


def test_the_welcome_the_menu_and_a_page_of_helplines_are_short(live: Edition) -> None:
    """At speed 1, from the clips; the helplines at every hour of a week."""
    took = {stop.name: stop.seconds for stop in stops(live)}
    assert took["welcome"] <= 12
    assert took["menu"] <= 20
    pages = [name for name in took if name.startswith("helplines")]
    assert len(pages) == 3
    assert max(took[page] for page in pages) <= 40


def test_a_helpline_that_can_take_the_call_rings_within_four_keys(live: Edition) -> None:
    """Set-wide, with the real helplines, at any hour of the week: zero, its key, one."""
    for hour in range(7 * 24):
        now = datetime.fromtimestamp(NOON.timestamp() + hour * 3600, UTC)
        reply = flow.answer(live, flow.first_step(live), Start(), now)
        reply = flow.answer(live, reply.step, Pressed("0"), now)
        listed = Call(live, now, reply.step).open_first()
        key = next(n for n, (line, is_open) in enumerate(listed, 1) if is_open and line.e164)
        for pressed in (str(key), "1"):
            reply = flow.answer(live, reply.step, Pressed(pressed), now)
        assert reply.dial
        assert key <= 4


def test_the_whole_article_carries_on_in_the_sentence_of_the_pause(live: Edition) -> None:
    """At every speed, for every sentence: at its beginning, in its middle, before its end."""
    (article,) = live.content.languages["en"].articles
    checked = 0
    for speed in live.content.speeds:
        for number, section in enumerate(article.sections, 1):
            paused = Paused(language="en", article=article.slug, section=number, speed=speed)
            reply = flow.answer(live, paused, Pressed("5"), NOON)
            call, begins = Call(live, NOON, reply.step), 0.0
            for sentence in section.sentences:
                for share in (0.01, 0.5, 0.99):
                    at = reply.step.at + begins + share * call.ms(sentence)
                    now = datetime.fromtimestamp(at / 1000, UTC)
                    stopped = flow.answer(live, reply.step, Pressed("5"), now)
                    again = flow.answer(live, stopped.step, Pressed("5"), NOON)
                    assert isinstance(again.step, Reading)
                    assert again.says[0] == sentence
                    assert again.step.speed == speed
                    checked += 1
                begins += call.ms(sentence)
    assert checked == 3 * len(live.content.speeds) * sum(
        len(section.sentences) for section in article.sections
    )


def test_every_page_of_helplines_is_short_at_every_hour(live: Edition) -> None:
    for hour in range(7 * 24):
        now = datetime.fromtimestamp(NOON.timestamp() + hour * 3600, UTC)
        for page in (1, 2, 3):
            step = Helplines(language="en", page=page)
            reply = flow.answer(live, step, Pressed("x"), now)
            assert seconds(live, reply) <= 40
