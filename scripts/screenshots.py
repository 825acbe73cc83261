"""Take the documents' pictures of the two pages: the handset in a call, and the studio.

Needs what `make test` installs, a Chromium, and an edition on the air. Exits with 0, or 1 where
something is missing.
"""

import shutil
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Literal

from werkzeug.security import generate_password_hash
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app import create_app
from ivr.errors import LineError
from ivr.settings import ROOT, Settings, environment
from scripts.options import parser_of

if TYPE_CHECKING:  # only there where tests are run
    from playwright.sync_api import Page

PASSWORD = "for these pictures alone"  # noqa: S105 - of a server that only this script knows

WIDTH_PX = 1280
"""Of every picture."""

NARROW_PX = 375
"""Of the pictures of a telephone's screen."""

HEIGHTS_PX = {
    "handset": 720,
    "studio": 620,
    "studio-publish": 1020,
    "studio-fault": 700,
    "studio-dark": 620,
    "handset-narrow": 667,
    "sheet": 1000,
}
"""Of each picture, by its name."""

PAPER_PX = 740
"""Of a sheet of paper."""

NARROW = {"handset-narrow"}
DARK = {"studio-dark"}
PAPER = {"sheet"}
"""How each is looked at, if not on a wide screen in light colours."""


class Quiet(WSGIRequestHandler):
    """A request handler that logs nothing."""

    def log(self, type: str, message: str, *args: object) -> None:
        """Says nothing."""


def main(argv: list[str] | None = None) -> int:
    """Run the command."""
    parser = parser_of(__doc__)
    parser.add_argument(
        "--folder",
        type=Path,
        default=ROOT / "docs",
        metavar="DIR",
        help="where the pictures go (default: docs in the project)",
    )
    folder = parser.parse_args(argv).folder
    try:
        from playwright.sync_api import Error  # only there where tests are run
    except ImportError:
        print(
            "Playwright is missing: pip install -r requirements-test.txt",
            file=sys.stderr,
        )
        return 1
    try:
        with tempfile.TemporaryDirectory() as notes:
            take(folder, Path(notes))
    except (LineError, Error) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def take(folder: Path, notes: Path) -> None:
    """Serves what is on the air, walks through both pages, and writes the pictures.

    `notes` is an empty folder for a copy of the words, which the pictures change.
    """
    from playwright.sync_api import sync_playwright  # only there where tests are run

    server = _server(notes)
    Thread(target=server.serve_forever, daemon=True).start()
    folder.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium")
            or shutil.which("chromium-browser"),
            args=["--no-sandbox", "--disable-gpu"],
        )
        page = browser.new_page(base_url=f"http://localhost:{server.port}")
        for name, walk in WALKS.items():
            width = _width_px(name)
            page.set_viewport_size({"width": width, "height": HEIGHTS_PX[name]})
            scheme: Literal["dark", "light"] = "dark" if name in DARK else "light"
            page.emulate_media(color_scheme=scheme)
            walk(page)
            picture = folder / f"{name}.png"
            page.screenshot(path=picture)
            print(picture)
        browser.close()
    server.shutdown()


def _width_px(name: str) -> int:
    if name in NARROW:
        return NARROW_PX
    if name in PAPER:
        return PAPER_PX
    return WIDTH_PX


def _server(notes: Path) -> BaseWSGIServer:
    """The whole application on a free port, with words that may be changed."""
    content = Settings.from_mapping(environment()).content
    studio = {
        "CONTENT_DIR": str(shutil.copytree(content, notes / "content")),
        "STUDIO_DIR": str(notes / "studio"),
        "STUDIO_PASSWORD_HASH": generate_password_hash(PASSWORD),
        "SECRET_KEY": PASSWORD * 2,
        "PUBLIC_URL": "http://localhost",
    }
    app = create_app(Settings.from_mapping(environment() | studio))
    return make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)


def _in_a_call(page: "Page") -> None:
    page.goto("/")
    page.click("#call")
    for key in "1##":
        page.wait_for_selector("#words [aria-current]")
        page.keyboard.press(key)
        page.wait_for_timeout(1500)


def _signed_in(page: "Page") -> None:
    page.goto("/studio")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Prompts").click()
    page.get_by_role("link", name="Change goodbye", exact=True).click()
    page.get_by_label("What the line says").fill("Thank you for listening. Goodbye.")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("link", name="On the air").click()
    page.wait_for_selector("text=prompt goodbye changed")


def _at_a_fault(page: "Page") -> None:
    page.get_by_role("link", name="Helplines").click()
    page.locator("main").get_by_role("link", name="Change").first.click()
    page.get_by_label("Number").fill("0800 12")
    page.get_by_role("button", name="Save", exact=True).click()
    page.wait_for_selector("[role=alert]")


def _before_publishing(page: "Page") -> None:
    page.goto("/studio/publish")
    page.get_by_role("button", name="Publish now").wait_for()


def _first_page(page: "Page") -> None:
    page.goto("/studio")
    page.wait_for_selector("text=prompt goodbye changed")


def _sheet(page: "Page") -> None:
    page.goto("/sheet")
    page.emulate_media(media="print")


WALKS: dict[str, Callable[["Page"], None]] = {
    "handset": _in_a_call,
    "studio": _signed_in,
    "studio-publish": _before_publishing,
    "studio-fault": _at_a_fault,
    "studio-dark": _first_page,
    "handset-narrow": _in_a_call,
    "sheet": _sheet,
}
"""How to reach what each picture shows; one after the other, in one window."""


if __name__ == "__main__":
    sys.exit(main())
