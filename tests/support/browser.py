"""Pages in a real browser, Debian's chromium."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, Response, expect

from ivr.settings import ROOT

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
FLAGS = (
    *(
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-sync",
    ),
    *("--disable-background-networking", "--disable-component-update"),
)
NARROW_PX, WIDE_PX, HEIGHT_PX = 320, 1280, 800
"""Of a window. 320 px are also 1,280 px at 400 %."""

OURS = {"127.0.0.1", "localhost"}
"""Where every page and its parts come from."""

MOST_SHIFT = 0.05
"""See `shift`; Google calls 0.1 good."""

PATIENT_MS = 60_000
"""How long a busy machine may take for what a person would see at once."""

SECOND_ENGINE = ROOT / "tests/node/node_modules/accessibility-checker-engine/ace.js"
"""IBM's checker, which knows nothing of axe."""

with_both_engines = pytest.mark.skipif(
    not SECOND_ENGINE.exists(),
    reason="PAGES ARE CHECKED BY ONE ENGINE ONLY: run npm ci --prefix tests/node",
)

STATES: dict[str, tuple[int, Literal["light", "dark"], Literal["active", "none"]]] = {
    "everything": (NARROW_PX, "light", "none"),
    "colours": (NARROW_PX, "dark", "none"),
    "forced": (WIDE_PX, "light", "active"),
    "twiceTheText": (WIDE_PX, "light", "none"),
}
"""Who looks (a function of `barriers.js`), and at which width, scheme and forced colours."""

in_a_browser = pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")


def types_password(page: Page, password: str) -> None:
    """By the keyboard, once the page has put the focus where the password goes."""
    expect(page.locator("#password")).to_be_focused()
    page.keyboard.type(password)
    page.keyboard.press("Enter")


@contextmanager
def opened(browser: Browser, javascript: bool = True) -> Iterator[Page]:
    """A new page in a window of its own, in which no error may occur, and which asks no other
    machine for anything."""
    context = browser.new_context(java_script_enabled=javascript)
    page = context.new_page()
    page.set_default_timeout(PATIENT_MS)
    expect.set_options(timeout=PATIENT_MS)
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))

    def note_error(said: ConsoleMessage) -> None:
        if _is_error(said):
            errors.append(said.text)

    def note_loss(got: Response) -> None:
        if _is_lost(got):
            errors.append(got.url)

    def note_elsewhere(asked: Request) -> None:
        host = urlsplit(asked.url).hostname
        if host and host not in OURS:
            errors.append(f"asked elsewhere: {asked.url}")

    page.on("console", note_error)
    page.on("response", note_loss)
    page.on("request", note_elsewhere)
    yield page
    context.close()
    assert errors == []


def weight(page: Page, address: str) -> int:
    """How many bytes a page and all that it needs are, unpacked; its sound is left out."""
    got: list[Response] = []

    def note(response: Response) -> None:
        got.append(response)

    page.on("response", note)
    page.goto(address)
    page.remove_listener("response", note)
    kept = [each for each in got if "/clips/" not in each.url]
    return sum(int(each.headers.get("content-length", 0)) for each in kept)


def shift(page: Page) -> float:
    """How far what is shown moved while the page was loaded, as Lighthouse counts it."""
    return float(
        page.evaluate(
            """() => new Promise((resolve) => {
              let shift = 0;
              new PerformanceObserver((list) => {
                for (const entry of list.getEntries()) shift += entry.value;
              }).observe({ type: "layout-shift", buffered: true });
              setTimeout(() => resolve(shift), 500);
            })"""
        )
    )


def _is_error(said: ConsoleMessage) -> bool:
    """Whether the page reports an error. A refused page (403) is reported as well, but a test asked
    for it."""
    return said.type == "error" and not said.text.startswith("Failed to load resource")


def _is_lost(got: Response) -> bool:
    """Whether part of a page, such as a script or a sound, could not be had. A form that was
    refused is none, nor is a refusal (422) of what was typed."""
    is_part = got.request.method == "GET" and got.request.resource_type != "document"
    return is_part and got.status >= 400 and got.status != 422


def clear(page: Page) -> None:
    """Nobody finds a barrier on the page as it is; see `barriers`."""
    assert barriers(page) == []


def barriers(page: Page) -> list[str]:
    """What is found by axe, by IBM's checker where npm brought it, and by a ruler.

    Each thing is looked at where it may differ: narrow and wide, in light, in dark, in colours
    that a person chose, and with letters twice as large. Afterwards the page is as it was.
    """
    size = page.viewport_size
    if not page.evaluate("Boolean(window.barriers)"):
        engines = _engines()
        page.add_init_script(engines)  # for the documents that follow
        page.evaluate(engines)
    found = []
    for judge, (width, scheme, colours) in STATES.items():
        page.set_viewport_size({"width": width, "height": HEIGHT_PX})
        page.emulate_media(color_scheme=scheme, forced_colors=colours)
        told = page.evaluate(f"barriers.drawn().then(() => barriers.{judge}())")
        found += [f"{judge}: {each}" for each in told]
    page.emulate_media(color_scheme="null", forced_colors="null")
    if size:
        page.set_viewport_size(size)
    return found


@cache
def _engines() -> str:
    """The scripts that look at a page."""
    ours = Path(__file__).with_name("barriers.js").read_text()
    theirs = SECOND_ENGINE.read_text() if SECOND_ENGINE.exists() else "var ace"
    return f"{AXE_SCRIPT};\n{theirs};\nwindow.ace = ace;\n{ours}"
