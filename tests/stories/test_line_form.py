"""The line's own form and its languages in a real browser, by the keyboard."""

import shutil
import tomllib
from pathlib import Path

from playwright.sync_api import Browser, expect

from ivr.settings import ROOT
from tests.support.browser import clear, in_a_browser, opened
from tests.support.server import running
from tests.support.staff import HASH, PASSWORD, SECRET, installation

pytestmark = in_a_browser


def test_dates_are_added_and_removed_by_fields(
    browser: Browser, tmp_path: Path
) -> None:
    content = Path(shutil.copytree(ROOT / "content", tmp_path / "content"))
    settings = installation(tmp_path, content)
    more = {"CONTENT_DIR": str(content), "STUDIO_DIR": str(settings.studio)}
    more |= {"STUDIO_PASSWORD_HASH": HASH, "SECRET_KEY": SECRET}
    with running(settings.store, **more) as address, opened(browser) as page:
        page.goto(f"{address}/studio/line")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("The line")
        for day, called in (("2027-06-15", "A gala"), ("2027-09-28", "A day off")):
            page.get_by_role("button", name="Add a date").press("Enter")
            expect(page.get_by_label("Date", exact=True).last).to_be_focused()
            page.get_by_label("Date", exact=True).last.fill(day)
            page.get_by_label("What it is").last.fill(called)
        page.get_by_role("group", name="2027-06-15").get_by_role("button").press(
            "Enter"
        )
        expect(page.get_by_label("Date", exact=True)).to_be_focused()
        clear(page)
        page.get_by_role("button", name="Save").press("Enter")
        expect(page.locator(".message")).to_contain_text("Saved.")
        line = tomllib.loads((content / "line.toml").read_text("utf-8"))
        assert line["more_holidays"] == {"2027-09-28": "A day off"}
        expect(page.get_by_label("What it is")).to_have_value("A day off")
        page.get_by_label("Name").fill("")
        page.get_by_role("button", name="Save").press("Enter")
        expect(page.locator("#fault-name")).to_contain_text("has no words")
        clear(page)
        for name, width in (("narrow", 320), ("wide", 1280)):
            page.set_viewport_size({"width": width, "height": 800})
            page.screenshot(path=f"/tmp/sf-line-{name}.png", full_page=True)
