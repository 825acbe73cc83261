"""The call map as a table, and as staff see it."""

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import Browser, Page, expect

from audio.air.studio_store import StudioStore
from ivr.call.scene import EVERY_ABILITY
from ivr.call_map.stops import THE_END, Stop, stops
from ivr.call_map.table import Way, as_table
from ivr.edition.content import KEYS
from ivr.settings import Settings
from tests.support.browser import clear, in_a_browser, opened
from tests.support.server import ONE_WORKER
from tests.support.staff import PASSWORD, Staff, running_studio, text_of
from tests.support.stores import long_ago

Ways = set[tuple[str, str, str]]
"""From a step, by a key or what else happens, to another."""


def every_way(drawn: list[Stop]) -> Ways:
    """All that a map has."""
    return {
        (stop.name, label, name)
        for stop in drawn
        for name, labels in stop.leads.items()
        for label in labels
    }


def ways_in(staff: Staff) -> Ways:
    """All that the page's table shows, by the heads of its rows and columns."""
    [table] = staff.page.xpath("//main//table")
    columns = [text_of(head) for head in table.xpath("thead/tr/th")]
    names = {row.get("id"): step_of(row) for row in table.xpath("tbody/tr")}
    found: Ways = set()
    for row in table.xpath("tbody/tr"):
        for column, cell in zip(columns[1:], row.xpath("td"), strict=True):
            assert cell.get("data-key") == column
            for link in cell.xpath(".//a"):
                assert names[link.get("href").removeprefix("#")] == text_of(link)
            if column == "No key":
                ways = [text_of(way).split(": ") for way in cell.xpath("div")]
                found |= {(step_of(row), label, name) for label, name in ways}
            else:
                found |= {
                    (step_of(row), column, text_of(link)) for link in cell.xpath("a")
                }
    return found


def step_of(row: object) -> str:
    """The step that a row is about."""
    [head] = row.xpath("th[@scope='row']")  # type: ignore[attr-defined]
    return str(head.text).strip()


def test_the_page_has_every_way_from_every_step(
    staff: Staff, settings: Settings
) -> None:
    staff.opens("/studio/map")
    store = StudioStore(settings.store)
    able = replace(EVERY_ABILITY, text=False)  # as no texts are sent
    drawn = stops(store.edition(store.live() or ""), able)
    assert ways_in(staff) == every_way(drawn)
    told = [text_of(head) for head in staff.page.xpath("//tbody//th")]
    assert told == [f"{stop.name} {stop.seconds:.1f} s" for stop in drawn]


def test_before_anything_is_published_the_page_says_so(
    staff: Staff, settings: Settings
) -> None:
    long_ago(StudioStore(settings.store))
    staff.opens("/studio/map")
    staff.sees("Nothing is on the air yet.")


def test_a_way_off_the_map_is_no_link() -> None:
    [row] = as_table([Stop("goodbye", 1, {THE_END: ["silence"], "goodbye": []})])
    assert row.without_a_key == [Way("silence", THE_END, None)]
    assert not any(row.keys.values())


def test_a_key_that_leads_to_two_places_has_both() -> None:
    read, end = as_table(
        [Stop("read", 1, {"menu 1": ["6"], "end": ["6"]}), Stop("end", 1)]
    )
    assert read.keys["6"] == [Way("6", "menu 1", None), Way("6", "end", end.id)]


@pytest.fixture(scope="module")
def address(made: Settings, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Of a running studio."""
    settings = replace(made, studio=tmp_path_factory.mktemp("studio"))
    with running_studio(settings, **ONE_WORKER) as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """The call map in a browser."""
    with opened(browser) as page:
        page.goto(f"{address}/studio/map")
        page.get_by_label("Password").fill(PASSWORD)
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("The call map")
        yield page


@in_a_browser
@pytest.mark.parametrize("width", [320, 1280])
def test_every_link_tells_its_step_and_its_key_wherever_it_stands(
    page: Page, width: int
) -> None:
    """In the table by its row and column, in a card by the card and what stands beside it; both
    fit, and screen readers are given a table in either."""
    page.set_viewport_size({"width": width, "height": 800})
    cell = page.locator("#step-menu td[data-key='3']")
    heads = page.locator("thead th").all()
    shown = [head for head in heads if head.is_visible()]
    if width == 320:
        assert shown == []
        assert (
            cell.evaluate("cell => getComputedStyle(cell, '::before').content") == '"3"'
        )
    else:
        assert [head.inner_text() for head in shown] == ["Step", *KEYS, "No key"]
        left = "element => element.getBoundingClientRect().x"
        assert heads[3].evaluate(left) == cell.evaluate(left)
    assert page.locator(".wide").evaluate("it => it.scrollWidth <= it.clientWidth")
    tree = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")
    roles = [node["role"]["value"] for node in tree["nodes"] if not node["ignored"]]
    assert (roles.count("table"), roles.count("rowheader")) == (
        1,
        page.locator("tbody tr").count(),
    )
    cell.get_by_role("link").click()
    expect(page).to_have_url(re.compile("#step-helplines-1$"))
    clear(page)
