"""Pages in a real browser, Debian's chromium."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
PATIENT_MS = 20_000
"""How long a busy machine may take over what a person would see at once."""

in_a_browser = pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")


@contextmanager
def opened(browser: Browser, javascript: bool = True) -> Iterator[Page]:
    """A new page, in a window of its own; no error may come up in it."""
    context = browser.new_context(java_script_enabled=javascript)
    page = context.new_page()
    page.set_default_timeout(PATIENT_MS)
    expect.set_options(timeout=PATIENT_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda said: errors.append(said.text) if _is_error(said) else None)
    page.on("response", lambda got: errors.append(got.url) if _is_lost(got) else None)
    yield page
    context.close()
    assert errors == []


def _is_error(said: ConsoleMessage) -> bool:
    """A page that is refused (403) is told there, too, but is what a test asked for."""
    return said.type == "error" and not said.text.startswith("Failed to load resource")


def _is_lost(got: Response) -> bool:
    return got.status >= 400 and got.request.resource_type != "document"


def clear(page: Page) -> None:
    """Neither axe nor a ruler finds a barrier."""
    found = Axe().run(page).response["violations"]
    assert [(each["id"], [node["html"] for node in each["nodes"]]) for each in found] == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    small = page.evaluate(
        """[...document.querySelectorAll("button, input, select, textarea, summary, a:not(.skip)")]
        .map((e) => [e.outerHTML, e.getBoundingClientRect()])
        .filter(([, box]) => box.width && (box.height < 24 || box.width < 24))
        .map(([html]) => html)"""
    )
    assert small == []


def clear_everywhere(page: Page) -> None:
    """The same in light and dark, narrow (320 px are also 1,280 px at 400 %) and wide."""
    size = page.viewport_size
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme="dark")
        clear(page)
        page.emulate_media(color_scheme="light")
        clear(page)
    if size:
        page.set_viewport_size(size)
