"""The line's own form and its languages in a real browser, by the keyboard."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from ivr.settings import Settings
from tests.support.browser import clear, in_a_browser, opened, types_password
from tests.support.server import ONE_WORKER
from tests.support.staff import PASSWORD, copy_of, running_studio

pytestmark = in_a_browser


@dataclass
class Line:
    """A line on the air at a running server."""

    address: str
    content: Path


@pytest.fixture(scope="module")
def line(made: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    """Its voice is silent."""
    settings = copy_of(made, tmp_path_factory.mktemp("line"))
    with running_studio(settings, **ONE_WORKER) as address:
        yield Line(address, settings.content)


def signs_in(page: Page, line: Line, path: str, heading: str) -> None:
    page.goto(f"{line.address}/studio/{path}")
    types_password(page, PASSWORD)
    expect(page.locator("h1")).to_have_text(heading)


def test_dates_are_added_and_removed_by_fields(browser: Browser, line: Line) -> None:
    with opened(browser) as page:
        signs_in(page, line, "line", "The line")
        for day, called in (("2027-06-15", "A gala"), ("2027-09-28", "A day off")):
            page.get_by_role("button", name="Add a date").press("Enter")
            expect(page.get_by_label("Date", exact=True).last).to_be_focused()
            page.get_by_label("Date", exact=True).last.fill(day)
            page.get_by_label("What it is").last.fill(called)
        gala = page.get_by_role("group", name="2027-06-15")
        gala.get_by_role("button").press("Enter")
        expect(page.get_by_label("Date", exact=True)).to_be_focused()
        clear(page)
        page.get_by_role("button", name="Save").press("Enter")
        expect(page.locator(".message")).to_contain_text("Saved.")
        found = tomllib.loads((line.content / "line.toml").read_text("utf-8"))
        assert found["more_holidays"] == {"2027-09-28": "A day off"}
        expect(page.get_by_label("What it is")).to_have_value("A day off")
        page.get_by_label("Name").fill("")
        page.get_by_role("button", name="Save").press("Enter")
        expect(page.locator("#fault-name")).to_contain_text("has no words")
        clear(page)


def test_a_language_is_added_and_its_first_prompt_translated_and_heard(
    browser: Browser, line: Line
) -> None:
    with opened(browser) as page:
        signs_in(page, line, "languages", "Languages")
        clear(page)
        page.get_by_label("Language", exact=True).select_option("cy")
        page.get_by_role("button", name="Add it").press("Enter")
        expect(page.locator("h1")).to_have_text("Welsh (cy)")
        expect(page.locator("main")).to_contain_text(
            "Once nothing is left to translate"
        )
        clear(page)
        page.get_by_role("link", name="Prompts").last.press("Enter")
        before = page.locator("main .mark").count()
        assert before > 90
        page.get_by_role("link", name="Change goodbye").press("Enter")
        expect(page.locator("main")).to_contain_text("The words to translate")
        clear(page)
        page.get_by_label("What the line says").fill("Diolch am ffonio. Hwyl fawr.")
        page.get_by_role("button", name="Save and listen").press("Enter")
        address = page.locator("audio").get_attribute("src") or ""
        assert page.request.get(line.address + address).ok
        page.goto(f"{line.address}/studio/cy/prompts?only=untranslated")
        expect(page.locator("main .mark")).to_have_count(before - 1)
