"""Writing and bringing in articles by the keyboard, in a real browser, against a real server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from ivr.settings import Settings
from tests.support.browser import clear, in_a_browser, opened, types_password
from tests.support.site import ANSWERS, Site, feed, site
from tests.support.staff import ARTICLE, PASSWORD, copy_of, running_studio

pytestmark = in_a_browser

MAKES = "Make this line a section heading"
UNMAKES = "Make this heading ordinary words"


@pytest.fixture(scope="module")
def organisation() -> Iterator[Site]:
    """The organisation's own site, with a post."""
    answers = dict(ANSWERS)
    with site(answers) as server:
        post = ("Walking for wellbeing", f"{server.address}/page", "")
        xml = {"Content-Type": "application/rss+xml"}
        answers["/feed"] = (200, xml, feed(post).encode())
        yield server


@pytest.fixture(scope="module")
def address(
    made: Settings, tmp_path_factory: pytest.TempPathFactory, organisation: Site
) -> Iterator[str]:
    """Of a running studio, whose voice is silent."""
    settings = copy_of(made, tmp_path_factory.mktemp("line"))
    feed_url = f"{organisation.address}/feed"
    with running_studio(
        settings, FEED_URL=feed_url, PRIVATE_HOSTS="127.0.0.1"
    ) as found:
        yield found


def announcements(page: Page) -> None:
    """Notes whatever a screen reader would be told by itself."""
    page.evaluate(
        """() => {
          window.told = [];
          const note = (changes) => changes.forEach(({ target }) => {
            const parent = target.nodeType === Node.TEXT_NODE ? target.parentElement : target;
            const live = parent?.closest("[role=status], [role=alert], [aria-live]");
            if (live?.textContent.trim()) window.told.push(live.textContent.trim());
          });
          new MutationObserver(note).observe(document.body, {
            childList: true, characterData: true, subtree: true,
          });
        }"""
    )


def test_headings_are_made_by_the_keyboard_and_the_times_follow_without_a_word(
    browser: Browser, address: str
) -> None:
    with opened(browser) as page:
        page.goto(f"{address}{ARTICLE}")
        types_password(page, PASSWORD)
        box = page.get_by_label("The words")
        times = page.get_by_role("region", name="How long callers listen")
        first = times.get_by_role("listitem").first
        expect(first).to_contain_text("A confusing term: 102 words, 9 seconds")
        exact = first.text_content()
        announcements(page)

        box.focus()
        page.keyboard.press("Control+Home")
        page.keyboard.type("Peas\nThere are peas in the garden.\n\n")
        expect(first).to_have_text(exact or "")  # words above a heading are no section
        page.keyboard.press("Control+Home")
        page.keyboard.press("Shift+Tab")
        expect(page.get_by_role("button", name=MAKES)).to_be_focused()
        page.keyboard.press("Enter")
        expect(box).to_be_focused()
        assert box.input_value().startswith("## Peas\n\nThere are peas in the garden.")
        expect(first).to_have_text("Peas: 6 words, about 1 second")
        expect(times.get_by_role("listitem").nth(1)).to_have_text(exact or "")
        expect(times).to_contain_text("616 words in all. Callers listen for about")
        clear(page)

        page.keyboard.type(" and beans")  # at the end of the heading
        page.keyboard.press("Shift+Tab")
        expect(page.get_by_role("button", name=UNMAKES)).to_be_focused()
        page.keyboard.press("Enter")
        assert box.input_value().startswith("Peas and beans\n\nThere are peas")
        page.keyboard.press("Control+z")
        assert box.input_value().startswith("## Peas and beans\n\nThere are peas")
        assert page.evaluate("window.told") == [
            "This is a section heading now: Peas",
            "This line is ordinary words now.",
        ]

        page.reload()
        expect(page.locator("main")).to_contain_text("They are not saved yet")
        expect(first).to_have_text("Peas and beans: 6 words, about 1 second")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".message")).to_contain_text("Saved.")
        assert box.input_value().startswith("## Peas and beans\n\nThere are peas")


def test_a_post_of_the_site_is_found_by_one_process_and_brought_in_by_the_keyboard(
    browser: Browser, address: str, organisation: Site
) -> None:
    with opened(browser) as page:
        page.goto(f"{address}/studio/en/articles/import")
        types_password(page, PASSWORD)
        found = page.get_by_role("region", name="1 new post on your site")
        for _ in range(60):  # the server looks when it starts, in the background
            if found.count():
                break
            page.wait_for_timeout(1000)
            page.reload()
        expect(found).to_contain_text("Walking for wellbeing")
        clear(page)
        found.get_by_role("button", name="Import (Walking for wellbeing)").focus()
        page.keyboard.press("Enter")
        expect(page.get_by_label("Title")).to_have_value("Walking for wellbeing")
        clear(page)
        page.goto(f"{address}/studio/en/articles/import")
        expect(
            page.get_by_role("heading", name="No new posts on your site")
        ).to_be_visible()
    asked = [path for path, _ in organisation.asked]
    assert asked == ["/feed", "/page"]


def test_without_scripts_no_button_does_nothing(browser: Browser, address: str) -> None:
    with opened(browser, javascript=False) as page:
        page.goto(f"{address}{ARTICLE}")
        types_password(page, PASSWORD)
        expect(page.get_by_label("The words")).to_be_visible()
        expect(page.get_by_role("button", name=MAKES)).to_have_count(0)
        expect(
            page.get_by_role("region", name="How long callers listen")
        ).to_be_visible()
