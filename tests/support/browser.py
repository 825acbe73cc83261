"""Pages in a real browser, Debian's chromium."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect

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

PATIENT_MS = 60_000
"""How long a busy machine may take for what a person would see at once."""

in_a_browser = pytest.mark.skipif(not CHROMIUM, reason="chromium is not installed")


@contextmanager
def opened(browser: Browser, javascript: bool = True) -> Iterator[Page]:
    """A new page in a window of its own, in which no error may occur."""
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

    page.on("console", note_error)
    page.on("response", note_loss)
    yield page
    context.close()
    assert errors == []


def _is_error(said: ConsoleMessage) -> bool:
    """Whether the page reports an error. A refused page (403) is reported as well, but a test asked
    for it."""
    return said.type == "error" and not said.text.startswith("Failed to load resource")


def _is_lost(got: Response) -> bool:
    """Whether part of a page, such as a script or a sound, could not be had. A form that was
    refused is none."""
    is_part = got.request.method == "GET" and got.request.resource_type != "document"
    return is_part and got.status >= 400


def clear(page: Page) -> None:
    """Neither axe nor a ruler finds a barrier: narrow and wide, in light and in dark.

    Each thing is looked at where it may differ: all of axe's rules once, those on colour in both
    schemes, and the ruler at both widths. Afterwards the page is as it was.
    """
    size = page.viewport_size
    page.set_viewport_size({"width": NARROW_PX, "height": HEIGHT_PX})
    page.emulate_media(color_scheme="light")
    assert _violations(page) == []
    page.emulate_media(color_scheme="dark")
    assert _violations(page, tag="cat.color") == []
    assert _barriers(page) == []
    page.set_viewport_size({"width": WIDE_PX, "height": HEIGHT_PX})
    assert _barriers(page) == []
    page.emulate_media(color_scheme="null")
    if size:
        page.set_viewport_size(size)


def _violations(page: Page, tag: str | None = None) -> list[tuple[str, list[str]]]:
    """What axe finds, by rule: the elements; `tag` names a part of its rules."""
    if not page.evaluate("Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if tag:
        options["runOnly"] = {"type": "tag", "values": [tag]}
    found = page.evaluate("options => axe.run(options)", options)["violations"]
    return [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]


def _barriers(page: Page) -> list[str]:
    """What a ruler finds: a page that scrolls sideways, and what is too small to be hit."""
    return list(
        page.evaluate(
            """() => {
              const pressed = "button, input, select, textarea, summary, a:not(.skip)";
              const small = [...document.querySelectorAll(pressed)].filter((element) => {
                const box = element.getBoundingClientRect();
                return box.width && (box.height < 24 || box.width < 24);
              });
              const found = small.map((element) => element.outerHTML);
              const scrolls = document.documentElement.scrollWidth > innerWidth;
              return scrolls ? ["the page scrolls sideways", ...found] : found;
            }"""
        )
    )
