"""Every document that a caller can reach in four keys, fetched as a provider would."""

import io
from datetime import UTC, datetime
from pathlib import Path

import pytest
import soundfile

from audio.air.studio_store import StudioStore
from ivr.call import flow
from ivr.call.scene import Call, Pressed, Start
from ivr.call.steps import Helplines, Paused, Reading
from ivr.call_map.stops import seconds, stops
from ivr.edition.edition import Edition
from ivr.provider.dialects import DIALECTS, SIGNALWIRE, SOMLENG, Dialect
from tests.support.caller import PUBLIC_URL
from tests.support.crawler import Crawler
from tests.support.small import AT_ANY_HOUR as FEW
from tests.support.small import NOON, article, edition, publish


@pytest.fixture(scope="module")
def crawler(spoken: Path) -> Crawler:
    """A crawler that has been everywhere."""
    crawler = Crawler(spoken, most_keys=4)
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


@pytest.mark.slow
@pytest.mark.parametrize("dialect", [SIGNALWIRE, SOMLENG], ids=lambda it: it.name)
def test_every_document_is_valid_in_the_other_dialects(
    dialect: Dialect, tmp_path: Path
) -> None:
    """On a small edition, which has every kind of step. The real one is crawled in Twilio's."""
    publish(tmp_path, edition(article("one", 2, 2), helplines=FEW))
    crawler = Crawler(tmp_path, dialect, most_keys=3)
    assert crawler.crawl() > 100
    assert crawler.dialled == {line.e164 for line in FEW if line.e164}


@pytest.mark.parametrize("dialect", DIALECTS.values(), ids=lambda it: it.name)
def test_where_callers_may_speak_every_document_is_valid_too(
    dialect: Dialect, tmp_path: Path
) -> None:
    """Whatever is said; and where the provider has no speech, nothing ever listens to it."""
    publish(tmp_path, edition(article("one", 2, 2), helplines=FEW, speech=True))
    says = ("yes", "heading", "mumble", "")
    crawler = Crawler(tmp_path, dialect, says, most_keys=3)
    assert crawler.crawl() > 100
    assert crawler.dialled == {line.e164 for line in FEW if line.e164}
    assert bool(crawler.listening) == dialect.speech


@pytest.fixture
def live(spoken: Path) -> Edition:
    """The edition with the real content."""
    store = StudioStore(spoken)
    return store.edition(store.live() or "")


def test_the_welcome_the_menu_and_a_page_of_helplines_are_short(live: Edition) -> None:
    """At speed 1, from the clips; the helplines at every hour of a week."""
    took = {stop.name: stop.seconds for stop in stops(live)}
    assert took["welcome"] <= 12
    assert took["menu"] <= 20
    pages = [name for name in took if name.startswith("helplines")]
    assert len(pages) == 3
    assert max(took[page] for page in pages) <= 40


def test_a_helpline_that_can_take_the_call_rings_within_four_keys(
    live: Edition,
) -> None:
    """Set-wide, with the real helplines, at any hour of the week: zero, its key, one."""
    for hour in range(7 * 24):
        now = datetime.fromtimestamp(NOON.timestamp() + hour * 3600, UTC)
        reply = flow.answer(live, flow.first_step(live), Start(), now)
        reply = flow.answer(live, reply.step, Pressed("0"), now)
        listed = Call(live, now, reply.step).open_first()
        key = next(
            n for n, (line, is_open) in enumerate(listed, 1) if is_open and line.e164
        )
        for pressed in (str(key), "1"):
            reply = flow.answer(live, reply.step, Pressed(pressed), now)
        assert reply.dial
        assert key <= 4


def test_the_whole_article_carries_on_in_the_sentence_of_the_pause(
    live: Edition,
) -> None:
    """At every speed, for every sentence: at its beginning, in its middle, before its end."""
    (article,) = live.content.languages["en"].articles
    checked = 0
    for speed in live.content.speeds:
        for number, section in enumerate(article.sections, 1):
            paused = Paused(
                language="en", article=article.slug, section=number, speed=speed
            )
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
