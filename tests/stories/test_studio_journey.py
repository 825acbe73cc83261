"""A whole day of staff at the studio's pages, in a real browser, against a real server."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from audio.air.studio_store import StudioStore
from ivr.settings import Settings
from tests.support.browser import (
    MOST_SHIFT,
    barriers,
    clear,
    in_a_browser,
    opened,
    shift,
    types_password,
    weight,
    with_both_engines,
)
from tests.support.recordings import sound
from tests.support.renders import waiting_job
from tests.support.staff import PASSWORD, copy_of, running_studio

pytestmark = in_a_browser

SKIP = "Skip to the page"


@dataclass
class Installation:
    """A line on the air at a running server."""

    address: str
    settings: Settings


@pytest.fixture(scope="module")
def line(
    made: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Its voice is silent."""
    settings = copy_of(made, tmp_path_factory.mktemp("line"))
    with running_studio(settings) as address:
        yield Installation(address, settings)


def signs_in(page: Page, line: Installation) -> None:
    """By the keyboard alone."""
    page.goto(f"{line.address}/studio")
    types_password(page, PASSWORD)
    expect(page.locator("h1")).to_have_text("On the air")


def on_a_call(page: Page, line: Installation, words: str) -> None:
    """Somebody rings the line on the web handset, and hears this first."""
    page.goto(line.address)
    page.click("#call")
    expect(page.locator("#words [aria-current]")).to_contain_text(words)
    page.click("#hang-up")


def looks_again(page: Page) -> None:
    """Until publishing has ended; for a minute at most."""
    link = page.get_by_role("link", name="Look again")
    for _ in range(300):
        if not link.count():
            return
        link.click()
        page.wait_for_timeout(200)
    raise AssertionError("publishing did not end")


@pytest.mark.parametrize(
    "javascript", [True, False], ids=["with", "without-javascript"]
)
def test_the_journey_of_new_words_to_the_air_and_back(
    browser: Browser, line: Installation, javascript: bool
) -> None:
    """Sign in, edit, see a fault, correct it, listen, publish, hear it on a call, roll back."""
    new = f"Welcome, on a {'bright' if javascript else 'plain'} day."
    with opened(browser, javascript) as page, opened(browser) as phone:
        signs_in(page, line)
        store = StudioStore(line.settings.store)
        before = store.live()
        assert before
        welcome = store.edition(before).content.languages["en"].prompts.welcome
        page.get_by_role("link", name="Prompts").click()
        page.get_by_role("link", name="Change welcome", exact=True).click()
        page.get_by_label("What the line says").fill("   ")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("#fault-text")).to_contain_text("has no words")
        expect(page.get_by_role("alert")).to_be_focused()
        expect(page).to_have_title(re.compile("^Not saved: Change the prompt welcome"))
        page.get_by_role("alert").get_by_role("link").click()
        expect(page.get_by_label("What the line says")).to_be_focused()
        page.keyboard.type(new)
        page.get_by_role("button", name="Save and listen").click()
        page.get_by_label("Speed", exact=True).select_option("1.5")
        page.get_by_role("button", name="Choose").click()
        address = page.locator("audio").get_attribute("src") or ""
        assert re.fullmatch(r"/clips/1\.5-[0-9a-f]{16}\.wav", address)
        sound = page.request.get(line.address + address)
        assert (sound.status, sound.headers["content-type"]) == (200, "audio/wav")
        on_a_call(phone, line, "Welcome")
        page.get_by_role("link", name="On the air").click()
        expect(page.locator("main")).to_contain_text("en: prompt welcome changed")
        page.get_by_role("link", name="Publish these changes").click()
        page.get_by_role("button", name="Publish now").click()
        if not javascript:
            looks_again(page)
        expect(page.locator("#state")).to_contain_text("Published.")
        if javascript:
            clear(page)
        on_a_call(phone, line, new)
        page.get_by_role("link", name="Editions").click()
        page.locator(f"form:has([value='{before}']) button").click()
        expect(page.locator(".message")).to_contain_text("It is on the air now.")
        expect(page.locator(".message")).to_be_focused()
        on_a_call(phone, line, welcome)
        page.get_by_role("button", name="Sign out").click()
        page.goto(f"{line.address}/studio/publish")
        expect(page.locator("h1")).to_have_text("Sign in")


@pytest.mark.parametrize(
    "javascript", [True, False], ids=["with", "without-javascript"]
)
def test_a_notice_comes_from_the_button_to_a_caller_s_ear(
    browser: Browser, line: Installation, javascript: bool
) -> None:
    """And a wrong end is mended in the form, by the keyboard."""
    words = f"The office is {'shut' if javascript else 'closed'} because of snow."
    with opened(browser, javascript) as page, opened(browser) as phone:
        signs_in(page, line)
        page.get_by_role("link", name="Notice", exact=True).click()
        page.get_by_label("What callers hear").fill(words)
        page.get_by_label("Until").fill("2020-01-01T08:00")
        page.get_by_role("button", name="Put it on the air now").click()
        expect(page.locator("#fault-ends")).to_contain_text("this is in the past")
        expect(page.get_by_role("alert")).to_be_focused()
        if javascript:  # axe is a script itself
            clear(page)
        page.get_by_label("Until").fill("2999-01-01T08:00")
        page.get_by_role("button", name="Put it on the air now").click()
        if not javascript:
            looks_again(page)
        expect(page.locator("#state")).to_contain_text("Published.")
        on_a_call(phone, line, words)
        page.get_by_role("link", name="Notice", exact=True).click()
        expect(page.locator("main")).to_contain_text("Callers hear this now")
        if javascript:  # axe is a script itself
            clear(page)
        page.get_by_text("Take the notice off the air").click()
        page.get_by_role("button", name="Remove it now").click()
        if not javascript:
            looks_again(page)
        expect(page.locator("#state")).to_contain_text("Published.")


def test_publishing_goes_on_when_the_page_is_closed(
    browser: Browser, line: Installation
) -> None:
    with opened(browser) as page:
        signs_in(page, line)
        page.goto(f"{line.address}/studio/en/prompts/edit?name=goodbye")
        page.get_by_label("What the line says").fill("Goodbye, until tomorrow.")
        page.get_by_role("button", name="Save", exact=True).click()
        page.goto(f"{line.address}/studio/publish")
        page.get_by_role("button", name="Publish now").click()
    with opened(browser) as page:
        signs_in(page, line)
        page.goto(f"{line.address}/studio/publishing")
        expect(page.locator("#state")).to_contain_text("Published.")
        page.goto(f"{line.address}/studio")
        expect(page.locator("main")).to_contain_text(
            "Callers hear the words as they are saved."
        )


def test_publishing_is_followed_and_stopped_by_the_keyboard(
    browser: Browser, line: Installation
) -> None:
    """A command that only waits stands for a slow voice."""
    job = waiting_job(line.settings.studio / "publishing", line.settings)
    with opened(browser) as page:
        signs_in(page, line)
        assert job.start()
        page.goto(f"{line.address}/studio/publishing")
        expect(page.locator("#state")).to_contain_text("3 of 7 utterances rendered")
        expect(page).to_have_title(re.compile("^Publishing: 3 of 7"))
        clear(page)
        page.get_by_text("Stop publishing").click()
        page.get_by_role("button", name="Stop it now").focus()
        clear(page)
        with opened(browser) as other:  # somebody else stops it
            signs_in(other, line)
            other.goto(f"{line.address}/studio/publishing")
            other.get_by_text("Stop publishing").focus()
            other.keyboard.press("Enter")
            other.keyboard.press("Tab")
            other.keyboard.press("Enter")
            expect(other.locator("#state")).to_contain_text("Nothing was published.")
            clear(other)
        expect(page.locator("#state")).to_contain_text("Nothing was published.")
        expect(page.locator("#state")).to_be_focused()
        expect(page).to_have_title(re.compile("^Not published"))


@pytest.mark.parametrize("apart_ms", [0, 30, 300])
def test_a_double_click_publishes_once(
    browser: Browser, line: Installation, apart_ms: int
) -> None:
    """The second click neither stops it nor is refused as submitted before."""
    with opened(browser) as page:
        page.set_viewport_size({"width": 1280, "height": 720})
        signs_in(page, line)
        page.goto(f"{line.address}/studio/en/prompts/edit?name=goodbye")
        page.get_by_label("What the line says").fill(f"Goodbye, {apart_ms} times.")
        page.get_by_role("button", name="Save", exact=True).dblclick(delay=0)
        expect(page.locator(".message")).to_contain_text("Saved.")
        page.goto(f"{line.address}/studio/publish")
        button = page.get_by_role("button", name="Publish now")
        button.scroll_into_view_if_needed()
        box = button.bounding_box()
        assert box
        for _ in range(2):
            page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
            page.wait_for_timeout(apart_ms)
        expect(page.locator("#state")).to_contain_text("Published.")
        clear(page)


MOST_BYTES = 120_000
"""Of a page of the studio."""

PAGES = (
    *(
        "",
        "/en/notice",
        "/en/articles",
        "/en/prompts",
        "/en/helplines",
        "/en/pronunciations",
        "/publish",
    ),
    *(
        "/publishing",
        "/editions",
        "/changes",
        "/en/prompts/changes?name=welcome",
        "/map",
        "/use",
        "/ready",
        "/en/articles/edit",
        "/en/pronunciations/edit",
    ),
    *(
        "/en/helplines/edit?name=childline",
        "/en/articles/edit?name=what-is-co-production",
    ),
    "/en/articles/listen?name=what-is-co-production&section=2",
    *("/en/recording?name=welcome", "/nowhere/to/be/found"),
    *("/voices", "/en/articles/import", "/changes/waiting", "/guide"),
)


def test_no_barrier_is_found_on_any_page(browser: Browser, line: Installation) -> None:
    with opened(browser) as page:
        page.goto(f"{line.address}/studio")
        clear(page)
        page.get_by_label("Password").fill("a wrong guess")
        page.keyboard.press("Enter")
        expect(page.get_by_role("alert")).to_be_visible()
        clear(page)
        signs_in(page, line)
        page.set_viewport_size({"width": 412, "height": 823})  # Lighthouse's telephone
        page.reload()
        assert shift(page) < MOST_SHIFT
        for path in PAGES:
            size = weight(page, f"{line.address}/studio{path}")
            assert 2_000 < size < MOST_BYTES, path
            clear(page)


def test_the_keys_and_the_numbers_fit_one_sheet_of_paper(
    browser: Browser, line: Installation
) -> None:
    """In letters that most people with weak sight can read."""
    with opened(browser) as page:
        page.goto(f"{line.address}/sheet")
        clear(page)
        page.emulate_media(media="print")
        smallest = page.evaluate(
            """Math.min(...[...document.querySelectorAll("main *")].map(
              (each) => parseFloat(getComputedStyle(each).fontSize)))"""
        )
        assert smallest * 72 / 96 >= 16  # points
        document = page.pdf(prefer_css_page_size=True)
        assert len(re.findall(rb"/Type\s*/Page\b", document)) == 1


def test_no_barrier_is_found_beside_faults(
    browser: Browser, line: Installation
) -> None:
    with opened(browser) as page:
        signs_in(page, line)
        page.goto(f"{line.address}/studio/en/helplines/edit?name=childline")
        page.get_by_label("Number").fill("12")
        page.get_by_text("Type them yourself").first.click()
        page.locator("#field-hours").fill("sometimes")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("12 has 2 digits")
        clear(page)


def test_no_barrier_is_found_where_two_people_changed_one_thing(
    browser: Browser, line: Installation
) -> None:
    with opened(browser) as page, opened(browser) as other:
        for each, words in ((page, "mine"), (other, "theirs")):
            signs_in(each, line)
            each.goto(f"{line.address}/studio/en/prompts/edit?name=busy")
            each.get_by_label("What the line says").fill(f"The words are {words}.")
        other.get_by_role("button", name="Save", exact=True).click()
        expect(other.locator(".message")).to_contain_text("Saved.")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("somebody else changed this")
        expect(page.locator("#other-text")).to_contain_text("The words are theirs.")
        clear(page)


A_PAGE = """<!doctype html><html lang="en"><head><title>A page</title><style>
    .grey { color: #aaa; background: #fff }
    @media (prefers-color-scheme: dark) { .dark { color: #444; background: #000 } }
    .kept { forced-color-adjust: none }
    .shut { height: 32px; overflow: hidden }
    </style></head><body><main><h1>A page</h1><div id="place"></div></main></body></html>"""

BARRIERS = {
    "<input>": "axe, label",
    "<p class=grey>Grey on white.</p>": "everything: axe, color-contrast",
    "<p class=dark>Grey on black, where it is dark.</p>": "colours: axe, color-contrast",
    "<p style='width: 330px'>Wider than a narrow window.</p>": "the page scrolls",
    "<div style='width: 1000px; margin-left: 300px'>Wide.</div>": "forced: the page scrolls",
    "<button style='width: 12px; height: 12px; padding: 0' aria-label='Go'></button>": "small",
    "<button style='border: 0'>Without an edge</button>": "forced: own colours, or no edge",
    "<p class=kept>In colours that nobody chose</p>": "forced: own colours",
    "<p class=shut>Some words</p>": "twiceTheText: cut off",
}
"""And what is said about each of them."""

FOUND_BY_IBM = {
    "<p class=grey>Grey on white.</p>": "everything: IBM, text_contrast_sufficient",
    "<p class=dark>Grey on black.</p>": "colours: IBM, text_contrast_sufficient",
    "<p tabindex=0>A stop at nothing</p>": "IBM, element_tabbable_role_valid",
}


def notices(page: Page, barrier: str, told: str) -> None:
    """What is told is there with the barrier, and not without it."""
    place = page.locator("#place")
    place.evaluate("(place, html) => place.innerHTML = html", barrier)
    assert any(told in each for each in barriers(page)), barrier
    place.evaluate("place => place.replaceChildren()")


def test_every_barrier_is_noticed(browser: Browser) -> None:
    """Or the tests above could not fail."""
    with opened(browser) as page:
        page.set_content(A_PAGE)
        for barrier, told in BARRIERS.items():
            notices(page, barrier, told)
        clear(page)


@with_both_engines
def test_the_second_engine_finds_what_the_first_does_not(browser: Browser) -> None:
    with opened(browser) as page:
        page.set_content(A_PAGE)
        for barrier, told in FOUND_BY_IBM.items():
            notices(page, barrier, told)


def test_a_recording_is_sent_and_removed_in_the_browser(
    browser: Browser, line: Installation, tmp_path: Path
) -> None:
    file = tmp_path / "read.wav"
    file.write_bytes(sound(9000))
    with opened(browser) as page:
        signs_in(page, line)
        page.goto(f"{line.address}/studio/en/recording?name=tour")
        page.get_by_label("A sound file").set_input_files(str(file))
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator(".message")).to_contain_text("The recording was saved.")
        clear(page)
        page.get_by_text("Remove the recording").click()
        page.get_by_role("button", name="Remove it").click()
        expect(page.locator(".message")).to_contain_text("The recording was removed.")


def test_the_whole_of_a_form_is_reached_by_the_keyboard(
    browser: Browser, line: Installation
) -> None:
    """Tab goes through it in the order in which it is read, and out of it again."""
    with opened(browser) as page:
        signs_in(page, line)
        page.goto(f"{line.address}/studio/en/helplines/edit?name=childline")
        for fold in page.get_by_text("Type them yourself").all():
            fold.click()
        page.locator("main").focus()
        reached = []
        for _ in range(80):
            page.keyboard.press("Tab")
            reached.append(
                page.evaluate(
                    "document.activeElement.name || document.activeElement.innerText"
                )
            )
        form = [
            "name",
            "number",
            "transfer",
            "whom",
            "when",
            "cost",
            "hours",
            "holidays",
            "source",
            "checked",
            "dates",
            "place",
        ]
        # Between them are the fields by day, which have no names, and write into these.
        reached = [name for name in reached if name in (*form, "do", SKIP)]
        # A date has a stop each for its day, month, year and calendar.
        while reached.count("checked") > 1:
            reached.remove("checked")
        start = reached.index("name")
        buttons = ["do"] * 3  # save, save and listen, still right
        assert reached[start : start + 15] == [*form, *buttons]
        assert SKIP in reached
