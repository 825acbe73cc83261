"""The web handset: what it may do, and a person using it in a real browser."""

import html
import re
import shutil
from collections.abc import Iterator
from itertools import count, product
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from app import create_app
from audio.air.studio_store import StudioStore
from ivr.edition.content import KEYS
from ivr.handset.page import REQUESTS
from ivr.handset.phone import Phone, over_http
from ivr.settings import ROOT, Settings
from tests.support.browser import MOST_SHIFT, clear, in_a_browser, opened, shift
from tests.support.caller import LINE_NUMBER, PUBLIC_URL, Clock
from tests.support.crawler import OUTCOMES, without_time
from tests.support.server import ONE_WORKER, TOKEN, running
from tests.support.small import AT_ANY_HOUR, article, bilingual, edition, publish

EVENTS = (
    *({"Digits": key} for key in KEYS),
    *({"DialCallStatus": outcome} for outcome in OUTCOMES),
    {},
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store whose sentences take some three seconds."""
    folder = tmp_path_factory.mktemp("store")
    publish(folder, edition(article("one", 3, 4, 2), helplines=AT_ANY_HOUR))
    return folder


@pytest.fixture
def app(store: Path) -> Flask:
    """An installation with no provider."""
    return create_app(Settings(store=store, line_number=LINE_NUMBER), Clock())


def test_it_rings_without_a_provider_and_is_given_the_callers_own_sounds(
    app: Flask,
) -> None:
    client = app.test_client()
    assert client.post("/voice").status_code == 403
    document = client.post("/handset/voice").get_data(as_text=True)
    sound = re.search(r"<Play>(/clips/[^<]+)</Play>", document)
    assert sound
    assert client.get(sound[1]).mimetype == "audio/wav"


def test_everything_it_may_post_to_only_answers_with_words(
    store: Path, tmp_path: Path
) -> None:
    """Set-wide: no other route takes a post, and no key or outcome in any step that four keys
    reach writes anything, wherever this installation may write."""
    shutil.copytree(store, tmp_path / "store")
    shutil.copytree(ROOT / "content", tmp_path / "content")
    app = create_app(
        Settings(
            store=tmp_path / "store",
            content=tmp_path / "content",
            studio=tmp_path / "studio",
            cache=tmp_path / "cache",
            line_number=LINE_NUMBER,
        ),
        Clock(),
    )
    routes = [
        rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())
    ]
    signed = (
        "/voice",
        "/studio",
    )  # the one by the provider, the other by a password's session
    unsigned = [rule.rule for rule in routes if not rule.rule.startswith(signed)]
    assert unsigned
    assert all(rule.startswith("/handset/voice") for rule in unsigned)
    before = {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")}
    door = "/handset/voice"
    seen, reached, clients = (
        set[str](),
        [door, f"{door}/fallback", f"{door}/ended"],
        count(),
    )
    for _ in range(5):
        todo, reached = reached, []
        for url, event in product(todo, EVENTS):
            sent_by = {"X-Forwarded-For": f"2001:db8::{next(clients):x}"}
            answer = app.test_client().post(url, data=event, headers=sent_by)
            assert (answer.status_code, answer.mimetype) in (
                (200, "text/xml"),
                (204, "text/html"),
            )
            for after in re.findall(r'action="([^"]+)"', answer.get_data(as_text=True)):
                if without_time(after) not in seen:
                    seen.add(without_time(after))
                    reached.append(html.unescape(after))
    steps = {urlsplit(url).path.split("/")[5] for url in seen}
    assert steps >= {"read", "transfer", "unreached", "goodbye", "paused"}
    assert {file: file.stat().st_mtime_ns for file in tmp_path.rglob("*")} == before


def test_requests_are_limited_for_each_client(app: Flask) -> None:
    most = int(REQUESTS.split()[0])
    client = app.test_client()
    statuses = [client.post("/handset/voice").status_code for _ in range(10 * most)]
    assert 429 in statuses
    other = client.post("/handset/voice", headers={"X-Forwarded-For": "198.51.100.7"})
    assert other.status_code == 200


def test_what_the_keys_do_is_told_as_often_and_no_oftener(app: Flask) -> None:
    most = int(REQUESTS.split()[0])
    client = app.test_client()
    menu = f"/handset/keys/{app.extensions['library'].live().id}/en/menu"
    statuses = [client.get(menu).status_code for _ in range(10 * most)]
    assert statuses[:most] == [200] * most
    assert 429 in statuses


def test_keys_that_the_page_itself_has_no_use_for_are_not_named(app: Flask) -> None:
    """It texts nobody, and there is nobody to be forgotten."""
    here = f"/handset/keys/{app.extensions['library'].live().id}/en"
    client = app.test_client()
    assert set(client.get(f"{here}/helpline/always").get_json()) == set("123*0#")
    assert set(client.get(f"{here}/forget").get_json()) == set("*0#")


def test_the_page_is_small_and_asks_nobody_else(app: Flask) -> None:
    client = app.test_client()
    page = client.get("/")
    text = page.get_data(as_text=True)
    assert page.headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert not re.findall(r"(?:src|href)=\"(?:https?:)?//", text)
    files = re.findall(r"(?:src|href)=\"(/static/[^\"]+)", text)
    assert len(files) == 3
    size = len(text.encode())
    for file in files:
        with client.get(file) as served:
            size += len(served.data)
    assert size < 60_000


def test_the_page_gives_the_helplines_without_javascript(app: Flask) -> None:
    text = app.test_client().get("/").get_data(as_text=True)
    assert '<a href="tel:+448001111">0800 1111</a>' in text
    assert '<a href="tel:116123">116 123</a>' in text


def test_only_whom_the_studio_sent_is_led_back_there(app: Flask) -> None:
    client = app.test_client()
    assert "/studio" not in client.get("/").get_data(as_text=True)
    page = client.get("/?studio").get_data(as_text=True)
    assert '<a href="/studio">Back to the studio</a>' in page


@pytest.fixture(scope="module")
def address(store: Path) -> Iterator[str]:
    """A running server."""
    with running(store, **ONE_WORKER) as address:
        yield address


@pytest.fixture
def demonstration(browser: Browser, address: str) -> Iterator[Page]:
    """The page on which one chooses how a call to a helpline goes."""
    with opened(browser) as page:
        page.goto(f"{address}/?demonstration")
        yield page


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The handset's page; no error may come up in it."""
    with opened(browser) as page:
        page.goto(address)
        yield page


def hears(page: Page, words: str) -> None:
    """This is being said now, and marked."""
    expect(page.locator("#words [aria-current]")).to_contain_text(words)


@in_a_browser
def test_a_call_in_the_browser(page: Page) -> None:
    page.click("#call")
    hears(page, "<welcome>")
    page.click("[data-key='1']")
    hears(page, "<tour>")
    page.click("[data-key='#']")
    hears(page, "Title of one")
    page.click("[data-key='#']")
    hears(page, "one section 1 sentence 2.")
    page.click("[data-key='5']")
    hears(page, "<paused>")
    page.click("[data-key='5']")
    hears(page, "one section 1 sentence 2.")
    with page.expect_request(re.compile(r"/clips/1\.25-.*\.wav$")):
        page.click("[data-key='9']")
    hears(page, "<faster>")
    hears(page, "one section 1 sentence 2.")
    page.click("[data-key='8']")
    hears(page, "<contents_intro>")
    page.click("[data-key='0']")
    hears(page, "<helplines_intro>")
    page.click("#hang-up")
    expect(page.locator("#state")).to_have_text("You have hung up.")
    expect(page.locator("#call")).to_be_focused()


@in_a_browser
def test_being_put_through_by_the_keyboard_alone(demonstration: Page) -> None:
    page = demonstration
    page.keyboard.press("Tab")
    expect(page.locator("#call")).to_be_focused()
    page.keyboard.press("Enter")
    hears(page, "<welcome>")
    page.keyboard.press("0")
    hears(page, "<helplines_intro>")
    page.keyboard.press("1")
    hears(page, "Always")
    page.keyboard.press("1")
    hears(page, "<putting_through> Always")
    page.keyboard.press("#")
    expect(page.locator("#transfer-heading")).to_be_focused()
    expect(page.locator("#transfer-heading")).to_contain_text("0800 1111")
    expect(page.locator("#tel")).to_have_attribute("href", "tel:+448001111")
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    hears(page, "<busy>")
    page.keyboard.press("Enter")
    expect(page.locator("#state")).to_have_text("You have hung up.")


@pytest.fixture(scope="module")
def hearing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server, whose callers may also speak."""
    folder = tmp_path_factory.mktemp("hearing")
    publish(folder, edition(helplines=AT_ANY_HOUR, speech=True))
    with running(folder, **ONE_WORKER) as address:
        yield address


@in_a_browser
def test_where_the_line_listens_to_words_they_can_be_typed(
    browser: Browser, hearing: str
) -> None:
    """Digits in them are not pressed. Where the line listens to keys alone, there is no field."""
    with opened(browser) as page:
        page.goto(hearing)
        expect(page.locator("#speech")).to_be_hidden()
        page.click("#call")
        hears(page, "<say welcome>")
        page.get_by_label("Or say it").press_sequentially("number 3 please")
        clear(page)
        page.keyboard.press("Enter")
        hears(page, "<say helplines_intro>")
        expect(page.get_by_label("Or say it")).to_have_value("")
        page.get_by_label("Or say it").fill("always")
        page.get_by_role("button", name="Say", exact=True).click()
        hears(page, "<say put_through>")
        page.get_by_label("Or say it").fill("yes")
        page.keyboard.press("Enter")
        hears(page, "<putting_through> Always")
        expect(page.locator("#speech")).to_be_hidden()
        expect(page.locator("[data-key='1']")).to_be_focused()


@in_a_browser
def test_a_key_that_is_held_down_is_pressed_once(page: Page) -> None:
    """For people whose hands tremble or let go slowly. Enter on Call is not a key of the line."""
    asked: list[str] = []
    page.on("request", lambda r: asked.append(r.url) if r.method == "POST" else None)
    page.focus("#call")
    for _ in range(10):
        page.keyboard.down("Enter")
    page.keyboard.up("Enter")
    hears(page, "<welcome>")
    assert len(asked) == 1
    for _ in range(10):
        page.keyboard.down("0")
    page.keyboard.up("0")
    hears(page, "<helplines_intro>")
    assert len(asked) == 2


@in_a_browser
def test_each_sentence_is_announced_when_it_is_said(page: Page) -> None:
    """To a screen reader or braille display, if the caller asks for that."""
    page.click("#call")
    hears(page, "<welcome>")
    expect(page.locator("#announced")).to_be_empty()
    page.click("summary")
    page.check("#aloud")
    page.focus("#call")
    page.keyboard.press("1")
    hears(page, "<tour>")
    expect(page.locator("#announced")).to_have_text("<tour>")
    page.keyboard.press("#")
    for words in ("Title of one", "one section 1 sentence 1."):
        hears(page, words)
        expect(page.locator("#announced")).to_have_text(words)


@in_a_browser
def test_the_audio_is_a_caller_s_own(page: Page, address: str) -> None:
    """The same addresses, and the same bytes, as somebody who rings is given."""
    caller = Phone(over_http(address, PUBLIC_URL), PUBLIC_URL, TOKEN)
    caller.ring()
    for key in ("", "1", "#"):
        with page.expect_response(re.compile(r"/clips/.*\.wav$")) as given:
            page.keyboard.press(key) if key else page.click("#call")
        if key:
            caller.press(key)
        [heard] = [sound.url for sound in caller.sounds if sound.url]
        path = urlsplit(given.value.url).path
        assert path == urlsplit(heard).path
        theirs = requests.get(address + path, timeout=60)
        assert given.value.body() == theirs.content


@in_a_browser
def test_no_barrier_is_found_in_any_state(page: Page) -> None:
    """Before, during and after a call, and in a transfer."""
    clear(page)
    page.click("#call")
    hears(page, "<welcome>")
    clear(page)
    for key, words in (("0", "<helplines_intro>"), ("1", "Always"), ("1", "<putting")):
        page.keyboard.press(key)
        hears(page, words)
    page.keyboard.press("#")
    expect(page.locator("#transfer")).to_be_visible()
    clear(page)
    page.click("#hang-up")
    clear(page)


@in_a_browser
@pytest.mark.parametrize(
    "size", [(320, 640), (568, 320)], ids=["upright", "on-its-side"]
)
def test_on_a_small_phone_the_sentence_and_all_keys_are_in_view(
    page: Page, size: tuple[int, int]
) -> None:
    width, height = size
    page.set_viewport_size({"width": width, "height": height})
    page.click("#call")
    hears(page, "<welcome>")
    for part in ("#now", "#hang-up", *(f"[data-key='{key}']" for key in KEYS)):
        box = page.locator(part).bounding_box()
        assert box, part
        assert box["y"] >= 0, part
        assert box["y"] + box["height"] <= height, part


@in_a_browser
def test_the_keys_are_named_by_what_they_do_here(page: Page) -> None:
    """Choices by their names; keys that do nothing have none."""
    page.click("#call")
    hears(page, "<welcome>")
    for name in ("1 hear the article", "4 what keys do", "0 someone to talk to"):
        expect(page.get_by_role("button", name=name)).to_be_enabled()
    expect(page.get_by_role("button", name="9", exact=True)).to_be_enabled()
    page.keyboard.press("1")
    hears(page, "<tour>")
    expect(page.get_by_role("button", name="5 pause or carry on")).to_be_enabled()
    page.keyboard.press("8")
    hears(page, "<contents_intro>")
    expect(page.get_by_role("button", name="2 one heading 2")).to_be_enabled()
    page.keyboard.press("0")
    hears(page, "<helplines_intro>")
    expect(page.get_by_role("button", name="1 Always")).to_be_enabled()
    page.keyboard.press("1")
    hears(page, "Always")
    for name in ("1 put me through", "2 hear the number", "3 number, slower"):
        expect(page.get_by_role("button", name=name)).to_be_enabled()


@in_a_browser
def test_what_was_said_can_be_read_after_the_call(page: Page) -> None:
    page.click("#call")
    hears(page, "<welcome>")
    page.keyboard.press("4")
    hears(page, "<guide_intro>")
    page.click("#hang-up")
    said = page.locator("#words li")
    expect(said.first).to_have_text("<welcome>")
    expect(said.last).to_have_text("<guide_intro>")


@in_a_browser
def test_a_lost_connection_is_told_and_picked_up(page: Page) -> None:
    page.click("#call")
    hears(page, "<welcome>")
    page.context.set_offline(True)
    page.keyboard.press("4")
    expect(page.locator("#state")).to_have_text(
        "The connection was lost. Trying again."
    )
    page.context.set_offline(False)
    hears(page, "<guide_intro>")
    expect(page.locator("#state")).to_have_text("Connected.")


@in_a_browser
def test_the_numbers_can_be_read_without_a_connection(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => null)")
    page.reload()  # the first time that the page is kept
    page.wait_for_function("navigator.serviceWorker.controller !== null")
    page.reload()
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_role("link", name="0800 1111")).to_be_visible()
    page.context.set_offline(False)


@in_a_browser
def test_nothing_on_the_page_moves_while_it_loads(page: Page) -> None:
    assert shift(page) < MOST_SHIFT


@in_a_browser
def test_an_article_can_be_read_along(page: Page) -> None:
    page.goto(f"{page.url}read-along")
    expect(page.locator("h1")).to_have_text("Title of one")
    expect(page.locator("main")).to_contain_text("one section 3 sentence 2.")
    clear(page)


@in_a_browser
def test_an_article_of_the_other_language_can_be_found_and_read(
    in_two_languages: Page,
) -> None:
    page = in_two_languages
    page.goto(f"{page.url}read-along")
    other = page.get_by_role("link", name="Title of un")
    expect(other).to_have_attribute("lang", "cy")
    other.click()
    expect(page.locator("html")).to_have_attribute("lang", "cy")
    expect(page.locator("h1")).to_have_text("Title of un")
    clear(page)


@in_a_browser
def test_the_sheet_says_what_callers_hear_of_the_keys(page: Page) -> None:
    """And whom else to ring; a number as people dial it."""
    page.get_by_role("link", name="on one sheet, to print").click()
    expect(page.locator(".ring")).to_have_text("01632 960000")
    expect(page.locator("h1 + p + p")).to_have_text("<welcome>")
    expect(page.locator(".menu li").nth(0)).to_have_text("<menu_article>")
    keys = page.locator(".keys li")
    expect(keys).to_have_count(12)
    expect(keys.nth(9)).to_have_text("✱ <guide_star>")
    expect(page.locator(".numbers")).to_contain_text("0800 1111")
    clear(page)


def test_a_sheet_in_a_language_that_is_not_there_is_not_found(app: Flask) -> None:
    assert app.test_client().get("/sheet/xx").status_code == 404


def test_what_there_is_not_to_read_is_not_found(app: Flask) -> None:
    client = app.test_client()
    assert client.get("/read-along/en/one").status_code == 200
    assert client.get("/read-along/en/two").status_code == 404
    assert client.get("/read-along/xx/one").status_code == 404


@pytest.fixture(scope="module")
def bilingual_line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A running server of a line in English and Welsh, one of whose clips is lost."""
    folder = tmp_path_factory.mktemp("bilingual")
    both = bilingual()
    publish(folder, both)
    lost = both.clips["cy"]["<cy choose_language> 2"].name
    StudioStore(folder).clip_path(f"{lost}_1").unlink()
    with running(folder, **ONE_WORKER) as address:
        yield address


@pytest.fixture
def in_two_languages(browser: Browser, bilingual_line: str) -> Iterator[Page]:
    """Its page."""
    with opened(browser) as page:
        page.goto(bilingual_line)
        yield page


@in_a_browser
def test_each_sentence_tells_a_screen_reader_its_language(
    in_two_languages: Page,
) -> None:
    """Also one without a sound, and in what is announced; and the helplines below."""
    page = in_two_languages
    page.click("#call")
    hears(page, "<choose_language> 1")
    said = page.locator("#words li")
    page.click("summary")
    page.check("#aloud")
    expect(said.nth(1)).to_have_text("<cy choose_language> 2")
    expect(said.nth(0)).to_have_attribute("lang", "en")
    expect(said.nth(1)).to_have_attribute("lang", "cy-GB")
    page.focus("#hang-up")
    page.keyboard.press("2")
    hears(page, "<cy welcome>")
    spoken = page.locator("#words [aria-current]")
    expect(spoken).to_have_attribute("lang", "cy")
    expect(page.locator("#announced")).to_have_attribute("lang", "cy")
    below = page.locator("ul.helplines")
    expect(below.nth(1)).to_have_attribute("lang", "cy")
    expect(below.nth(1)).to_contain_text("Llinell")
    clear(page)
