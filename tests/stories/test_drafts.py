"""Nothing that was typed is ever lost: in a real browser, against a real server."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, Page, expect

from ivr.settings import Settings
from tests.support.browser import PATIENT_MS, clear, in_a_browser, opened
from tests.support.server import ONE_WORKER
from tests.support.staff import PASSWORD, copy_of, running_studio

pytestmark = in_a_browser

BUSY = "/studio/en/prompts/edit?name=busy"
MINE = "They are talking to somebody else."
DRAFT = "They are not saved yet"


@pytest.fixture(scope="module")
def address(made: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a running studio, whose voice is silent."""
    settings = copy_of(made, tmp_path_factory.mktemp("line"))
    with running_studio(settings, **ONE_WORKER) as found:
        yield found


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """One person's browser, whose tabs come and go."""
    context = browser.new_context()
    context.set_default_timeout(PATIENT_MS)
    yield context
    context.close()


def signs_in(page: Page, address: str) -> None:
    page.goto(f"{address}/studio")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("On the air")


def types(page: Page, address: str, words: str = MINE) -> None:
    """Writes into the form, and waits until the browser has kept it."""
    page.goto(f"{address}{BUSY}")
    box = page.get_by_label("What the line says")
    box.fill("")
    box.press_sequentially(words)
    page.wait_for_function(
        "words => Object.values(localStorage).join().includes(words)", arg=words
    )


def field(page: Page) -> str:
    return page.get_by_label("What the line says").input_value()


def test_words_outlive_a_closed_tab_and_a_reload_until_they_are_saved(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    signs_in(page, address)
    types(page, address)
    page.close()  # as when a browser crashes: nobody is asked
    page = context.new_page()
    page.goto(f"{address}{BUSY}")
    expect(page.locator("main")).to_contain_text(DRAFT)
    assert field(page) == MINE
    page.on("dialog", Dialog.accept)
    page.reload()
    expect(page.locator("main")).to_contain_text(DRAFT)
    assert field(page) == MINE
    clear(page)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".message")).to_contain_text("Saved.")
    page.goto(f"{address}{BUSY}")
    expect(page.get_by_label("What the line says")).to_have_value(MINE)
    expect(page.locator("main")).not_to_contain_text(DRAFT)


def test_what_is_saved_can_be_had_instead(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    signs_in(page, address)
    page.goto(f"{address}{BUSY}")
    saved = field(page)
    types(page, address, "Never mind.")
    page.close()
    page = context.new_page()
    page.goto(f"{address}{BUSY}")
    page.get_by_role("button", name="Show what is saved instead").click()
    expect(page.get_by_label("What the line says")).to_have_value(saved)
    page.reload()  # and nobody is asked
    expect(page.get_by_label("What the line says")).to_have_value(saved)


def test_words_are_there_after_signing_in_again(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    signs_in(page, address)
    types(page, address, "They are still talking.")
    context.clear_cookies()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    assert field(page) == "They are still talking."
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".message")).to_contain_text("Saved.")


@pytest.mark.parametrize("leaves", [True, False])
def test_leaving_unsaved_words_asks(
    context: BrowserContext, address: str, leaves: bool
) -> None:
    page = context.new_page()
    signs_in(page, address)
    types(page, address, "Nobody saved this.")
    asked: list[str] = []

    def answers(dialog: Dialog) -> None:
        asked.append(dialog.type)
        if leaves:
            dialog.accept()
        else:
            dialog.dismiss()

    page.on("dialog", answers)
    page.get_by_role("link", name="Editions").click()
    if leaves:
        expect(page.locator("h1")).to_have_text("Editions")
    else:
        page.wait_for_timeout(500)
        assert field(page) == "Nobody saved this."
    assert asked == ["beforeunload"]
    page.remove_listener("dialog", answers)
    page.on("dialog", Dialog.accept)


def test_saving_asks_nobody_and_a_refused_form_keeps_its_words(
    context: BrowserContext, address: str
) -> None:
    page = context.new_page()
    asked: list[str] = []

    def note(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.accept()

    page.on("dialog", note)
    signs_in(page, address)
    types(page, address, "!!!")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("has no words")
    assert field(page) == "!!!"
    assert asked == []


def test_a_list_of_prompts_is_filtered_while_somebody_types(
    browser: Browser, address: str
) -> None:
    with opened(browser) as page:
        signs_in(page, address)
        page.goto(f"{address}/studio/en/prompts")
        everything = page.locator("#prompts li:visible").count()
        assert everything > 50
        page.get_by_role("searchbox").press_sequentially("presses 9")
        expect(page.locator("#found")).to_have_text("2 found.")
        expect(page.locator("#prompts li:visible")).to_have_count(2)
        clear(page)
        page.get_by_role("searchbox").fill("")
        expect(page.locator("#prompts li:visible")).to_have_count(everything)


def test_a_field_tells_how_much_room_is_left(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        signs_in(page, address)
        page.goto(f"{address}{BUSY}")
        box = page.get_by_label("What the line says")
        told = page.locator("#field-text + [role=status]")
        box.fill("a" * 700)
        expect(told).to_have_text("Room for 100 more characters.")
        box.fill("a" * 801)
        expect(told).to_have_text("Too long. Characters over the limit: 1.")
        clear(page)
