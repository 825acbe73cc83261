"""Hours and dates by fields: in a real browser they write what somebody would type."""

import shutil
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from jinja2 import Environment, FileSystemLoader
from playwright.sync_api import Browser, Page, expect

from audio.desk.by_day import CHOICES, LEGENDS, NEW_DATE, by_day
from audio.web.by_day_page import Shown
from audio.words.faults import InvalidValue
from audio.words.hours import of_a_day, stretches, week
from ivr.settings import ROOT, Settings
from tests.support.browser import clear, in_a_browser, opened
from tests.support.drawn_hours import OF_A_DAY, WEEKS
from tests.support.staff import PASSWORD, running_studio

pytestmark = in_a_browser

WEB = ROOT / "audio" / "web"
OFFICE = "/studio/en/helplines/edit?name=cope-scotland"
NIGHTS = "/studio/en/helplines/edit?name=breathing-space"


@dataclass
class Installation:
    """A line at a running server."""

    address: str
    helplines: Path


@pytest.fixture(scope="module")
def line(
    made: Settings, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Its voice is silent."""
    folder = tmp_path_factory.mktemp("line")
    content = Path(shutil.copytree(made.content, folder / "content"))
    settings = replace(made, content=content, studio=folder / "studio")
    with running_studio(settings) as address:
        yield Installation(address, content / "en" / "helplines.toml")


@pytest.fixture(scope="module")
def blank(browser: Browser) -> Iterator[Page]:
    """A page with nothing but the fields' script in it."""
    script = b64encode((WEB / "static" / "by_day.js").read_bytes()).decode()
    with opened(browser) as page:
        page.set_content("<main></main>")
        page.evaluate(
            """async (script) => {
              const { written } = await import(`data:text/javascript;base64,${script}`);
              window.writes = (name, html) => {
                const group = document.createElement("div");
                group.dataset.byDay = name;
                group.innerHTML = html;
                return written(group);
              };
            }""",
            script,
        )
        yield page


TEMPLATES = Environment(
    loader=FileSystemLoader(WEB / "templates"), autoescape=True
).get_template("studio/by_day.html")


def there_and_back(page: Page, name: str, typed: str) -> str:
    """What the fields of something that is typed write."""
    found = by_day(name, typed)
    assert found.days or not typed
    shown = Shown(LEGENDS[name], CHOICES[name], found, None, NEW_DATE)
    html = str(getattr(TEMPLATES.module, "fields")(shown))  # noqa: B009
    return str(page.evaluate("([name, html]) => writes(name, html)", [name, html]))


def meant(typed: str) -> tuple[tuple[int, int], ...]:
    """The week that is typed: also which day each night belongs to."""
    return week([(entry, stretches(entry)) for entry in typed.split("\n")])


@given(WEEKS)
def test_the_fields_of_a_week_mean_what_was_typed(
    blank: Page, entries: list[str]
) -> None:
    typed = "\n".join(entries)
    try:
        hours = meant(typed)
    except InvalidValue:
        assume(False)
    if by_day("hours", typed).remark:  # it stays as it is typed
        longest = max(end - start for start, end in hours)
        assert longest >= 24 * 60
        return
    assert meant(there_and_back(blank, "hours", typed)) == hours


@pytest.mark.parametrize(
    "typed",
    [
        "always",
        "daily 17:00-24:00",
        "Mon-Fri 09:00-21:00\nSat,Sun 09:00-12:00",
        "Mon,Wed,Fri 09:30-12:00\nMon,Wed,Fri 12:30-16:45",
    ],
)
def test_fields_write_as_people_do(blank: Page, typed: str) -> None:
    assert there_and_back(blank, "hours", typed) == typed


@given(OF_A_DAY)
@settings(max_examples=30)
def test_the_fields_of_holidays_mean_what_was_typed(
    blank: Page, entries: list[str]
) -> None:
    try:
        hours = of_a_day(entries)
    except InvalidValue:
        assume(False)
    back = there_and_back(blank, "holidays", "\n".join(entries))
    assert of_a_day(back.split("\n")) == hours
    dated = there_and_back(
        blank, "dates", "2026-12-24/2027-01-02 " + ", ".join(entries)
    )
    dates, _, on_them = dated.partition(" ")
    assert dates == "2026-12-24/2027-01-02"
    assert of_a_day(on_them.split(", ")) == hours


@pytest.mark.parametrize("typed", ["", "as usual", "closed"])
def test_a_word_on_holidays_stays_a_word(blank: Page, typed: str) -> None:
    assert there_and_back(blank, "holidays", typed) == typed


@given(st.lists(st.dates(), unique=True, max_size=3))
@settings(max_examples=20)
def test_every_date_stays_that_date(blank: Page, days: list[object]) -> None:
    typed = "\n".join(f"{day} closed" for day in days)
    assert there_and_back(blank, "dates", typed) == typed


def signs_in(page: Page, line: Installation) -> None:
    page.goto(f"{line.address}/studio")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.locator("h1")).to_have_text("On the air")


def reaches(page: Page, name: str) -> None:
    """Presses Tab until this has the focus: `Save`, or `Monday: From` for a field of a day."""
    for _ in range(150):
        page.keyboard.press("Tab")
        found = page.evaluate(
            """() => {
              const here = document.activeElement;
              const day = here.closest("[data-day]")?.querySelector("legend").textContent;
              const label = here.labels?.[0]?.textContent ?? here.ariaLabel ?? here.textContent;
              return [day, label].filter(Boolean).join(": ").replace(/\\s+/g, " ").trim();
            }"""
        )
        if name == found:
            return
    raise AssertionError(f"{name} was not reached; at last {found}")


def test_hours_and_a_date_are_set_by_the_keyboard_alone(
    browser: Browser, line: Installation
) -> None:
    keys = {"typed": "#field-hours", "dates": "#field-dates"}
    with opened(browser) as page:
        page.set_viewport_size({"width": 320, "height": 640})
        signs_in(page, line)
        page.goto(f"{line.address}{OFFICE}")
        expect(page.locator(keys["typed"])).to_be_hidden()
        expect(page.locator("figcaption")).to_contain_text("Monday to Friday from 9")
        clear(page)

        reaches(page, "Monday: From")
        page.keyboard.type("1000AM")
        expect(page.locator(keys["typed"])).to_have_value(
            "Mon 10:00-17:00\nTue-Fri 09:00-17:00"
        )
        reaches(page, "Monday: Copy Monday to the days below")
        page.keyboard.press("Enter")
        reaches(page, "Saturday: to")
        page.keyboard.type("0200PM")
        reaches(page, "Sunday: Open or closed")
        page.keyboard.press("Home")
        expect(page.locator(keys["typed"])).to_have_value(
            "Mon-Fri 10:00-17:00\nSat 10:00-14:00"
        )
        expect(page.locator("figcaption")).to_contain_text(
            "Saturday from 10 in the morning to 2 in the afternoon"
        )

        reaches(page, "Add a date")
        page.keyboard.press("Enter")
        page.keyboard.type("12252099")
        clear(page)
        expect(page.locator(keys["dates"])).to_have_value("2099-12-25 closed")
        reaches(page, "Save")
        page.keyboard.press("Enter")
        expect(page.locator(".message")).to_contain_text("Saved.")
        expect(page.get_by_role("group", name="25 December 2099")).to_be_visible()
        written = line.helplines.read_text()
        assert 'hours = ["Mon-Fri 10:00-17:00", "Sat 10:00-14:00"]' in written
        assert '2099-12-25 = "closed"' in written

        reaches(page, "25 December 2099: Remove the date: 25 December 2099")
        page.keyboard.press("Enter")
        expect(page.locator(keys["dates"])).to_have_value("")
        expect(page.get_by_role("button", name="Add a date")).to_be_focused()


def test_who_types_the_hours_sees_them_in_the_fields(
    browser: Browser, line: Installation
) -> None:
    with opened(browser) as page:
        signs_in(page, line)
        page.goto(f"{line.address}{NIGHTS}")
        before = line.helplines.read_bytes()
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".message")).to_contain_text("Saved.")
        assert line.helplines.read_bytes() == before

        hours = page.get_by_role("group", name="Opening hours")
        hours.get_by_text("Type them yourself").click()
        typed = page.locator("#field-hours")
        typed.fill("Sun 18:00-02:00")
        sunday = page.get_by_role("group", name="Sunday")
        expect(sunday.get_by_label("From")).to_have_value("18:00")
        expect(page.locator("figcaption")).to_contain_text("Open Sunday from 6")
        typed.fill("Sun sometimes")
        expect(hours.get_by_role("status").first).to_contain_text(
            "hours “Sun sometimes” cannot be understood"
        )
        expect(sunday).to_be_hidden()
        clear(page)
        typed.fill("Sun 00:00-Mon 06:00")
        expect(hours.get_by_role("status").first).to_contain_text("more than a day")
        expect(page.locator("figcaption")).to_contain_text("from Sunday at midnight")
        clear(page)
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator(".message")).to_contain_text("Saved.")
        assert 'hours = ["Sun 00:00-Mon 06:00"]' in line.helplines.read_text()


def test_times_that_cannot_be_are_refused_beside_them(
    browser: Browser, line: Installation
) -> None:
    with opened(browser) as page:
        signs_in(page, line)
        page.goto(f"{line.address}{OFFICE}")
        monday = page.get_by_role("group", name="Monday")
        wrong = monday.locator("[data-wrong]")
        save = page.get_by_role("button", name="Save", exact=True)
        starts = monday.get_by_label("From").input_value()
        monday.get_by_label("to", exact=False).first.fill(starts)
        save.click()
        expect(wrong).to_have_text(
            "These times end when they begin. Write another time."
        )
        clear(page)
        monday.get_by_label("to", exact=False).first.fill("17:00")
        expect(wrong).to_be_empty()
        monday.get_by_role("button", name="Add times").click()
        save.click()
        expect(wrong).to_have_text("Write a time, such as 09:00.")
        monday.get_by_label("From").last.fill("16:00")
        monday.get_by_label("to", exact=False).last.fill("18:00")
        save.click()
        expect(wrong).to_have_text(
            "These times overlap those above. Change one of them."
        )
        monday.get_by_role("button", name="Remove").last.click()
        save.click()
        expect(page.locator(".message")).to_contain_text("Saved.")


def test_fields_follow_a_draft_and_what_is_saved(
    browser: Browser, line: Installation
) -> None:
    """A tab was closed before anybody saved; nothing is lost, and nothing is saved by itself."""
    before = line.helplines.read_bytes()
    with opened(browser) as page:
        signs_in(page, line)
        page.goto(f"{line.address}{NIGHTS.replace('breathing-space', 'calm')}")
        sunday = page.get_by_role("group", name="Sunday")
        expect(sunday.get_by_label("From")).to_have_value("17:00")
        sunday.get_by_label("From").fill("18:30")
        page.wait_for_function(
            "() => Object.values(localStorage).join().includes('Sun 18:30')"
        )
        address = page.url
        other = page.context.new_page()
        page.close(run_before_unload=False)
        other.goto(address)
        sunday = other.get_by_role("group", name="Sunday")
        expect(sunday.get_by_label("From")).to_have_value("18:30")
        expect(other.locator("figcaption")).to_contain_text("half past 6")
        other.get_by_role("button", name="Show what is saved instead").click()
        expect(sunday.get_by_label("From")).to_have_value("17:00")
        expect(other.locator("#field-hours")).to_have_value("daily 17:00-24:00")
    assert line.helplines.read_bytes() == before


def test_without_scripts_hours_are_typed(browser: Browser, line: Installation) -> None:
    with opened(browser, javascript=False) as page:
        signs_in(page, line)
        page.goto(f"{line.address}{NIGHTS}")
        expect(page.get_by_role("group", name="Monday")).to_be_hidden()
        page.locator("#field-hours").fill("Tue 18:00-20:00")
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.locator("figcaption")).to_contain_text("Open Tuesday from 6")
