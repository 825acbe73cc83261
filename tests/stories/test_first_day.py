"""A staff member's first day, in a real browser, by the keyboard alone.

Each task is counted in presses: of Enter or Space, where that does something. Typing, Tab and the
arrow keys are not counted.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, Page, expect

from audio.air.studio_store import StudioStore
from audio.history import History
from ivr.settings import ROOT, Settings
from tests.support.browser import (
    CHROMIUM,
    FLAGS,
    PATIENT_MS,
    in_a_browser,
    opened,
)
from tests.support.site import Site, site
from tests.support.staff import PASSWORD, copy_of, running_studio

pytestmark = in_a_browser

MOST_STOPS = 150
"""Of the Tab key, until something is reached."""

MOST_PRESSES = {
    "Sign in": 1,
    "Import an article from a page": 3,
    "Mend it": 1,
    "Record one section": 4,
    "Add a dated exception": 4,
    "Remove a helpline": 5,
    "Hear what will change": 2,
    "Publish": 1,
    "Ring the line": 2,
    "Undo the last change": 3,
    "Restore a removed helpline": 3,
    "Put yesterday’s edition back on the air": 2,
    "Put yesterday’s words back": 3,
}
"""What each task takes today, as `docs/staff.md` has it."""


OFFICE = "COPE Scotland's office"
MEETING = "A dozen people meet outside the library."
RECORDING = "Recording of section 1: Every Tuesday"
MENDED = f"""## Every Tuesday

{MEETING}

## What to bring

A coat that keeps the rain off.
"""


class Keyboard:
    """Somebody's hands at a page, who sees and hears what is there but has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.presses: dict[str, int] = {}
        self._task = ""
        self._tree = page.context.new_cdp_session(page)

    @contextmanager
    def task(self, name: str) -> Iterator[None]:
        """What is pressed in this block belongs to a task, and may not be more than today."""
        self._task = name
        self.presses[name] = 0
        yield
        assert self.presses[name] <= MOST_PRESSES[name], name

    def types(self, words: str) -> None:
        """Into what has the focus."""
        self.page.keyboard.type(words)

    def writes(self, name: str, words: str) -> None:
        """Replaces what is in a field."""
        self.reaches(name)
        self.page.keyboard.press("Control+a")
        self.types(words)

    def presses_key(self, key: str = "Enter") -> None:
        """On what has the focus."""
        self.presses[self._task] += 1
        self.page.keyboard.press(key)

    def opens(self, name: str, heading: str) -> None:
        """Presses something that leads to a page with this heading."""
        self.does(name)
        expect(self.page.locator("h1")).to_have_text(heading)

    def does(self, name: str, key: str = "Enter") -> None:
        """Presses a button, a link or a player."""
        self.reaches(name)
        self.presses_key(key)

    def reaches(self, name: str) -> None:
        """By Tab, whatever a screen reader would call this."""
        self.page.wait_for_load_state()
        start = name.removesuffix("…") if name.endswith("…") else name + "\0"
        passed = []
        for _ in range(MOST_STOPS):
            self.page.keyboard.press("Tab")
            passed.append(self.focused())
            if passed[-1] == name or passed[-1].startswith(start):
                return
        raise AssertionError(f"{name} was not reached, but {passed}")

    def focused(self) -> str:
        """What has the focus, as a screen reader would name it."""
        found = self._tree.send(
            "Runtime.evaluate", {"expression": "document.activeElement"}
        )
        node = {"objectId": found["result"]["objectId"], "fetchRelatives": False}
        [named] = self._tree.send("Accessibility.getPartialAXTree", node)["nodes"]
        return " ".join(str(named.get("name", {}).get("value", "")).split())


@pytest.fixture
def organisation() -> Iterator[Site]:
    """The organisation's own site."""
    with site() as server:
        yield server


@pytest.fixture
def address(made: Settings, tmp_path: Path) -> Iterator[str]:
    """Of a running studio. An edition is on the air since yesterday; its voice is silent."""
    settings = copy_of(made, tmp_path)
    history = History(settings.studio / "history.git", settings.content)
    yesterday = datetime.now(UTC) - timedelta(days=1)
    save = history.keep("staff", "Publish the words", yesterday)
    history.mark_edition(StudioStore(settings.store).live() or "", save)
    with running_studio(settings, PRIVATE_HOSTS="127.0.0.1") as found:
        yield found


@pytest.fixture
def speaker(browser: Browser, tmp_path: Path) -> Iterator[Browser]:
    """A browser in front of which somebody speaks."""
    file = tmp_path / "said.wav"
    time = np.arange(48_000 * 3) / 48_000
    tone = 0.3 * np.sin(2 * np.pi * 300 * time)
    soundfile.write(
        file, np.concatenate([np.zeros(24_000), tone, np.zeros(48_000 * 57)]), 48_000
    )
    microphone = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={file}",
    )
    args = [*FLAGS, *microphone, "--autoplay-policy=no-user-gesture-required"]
    speaks = browser.browser_type.launch(executable_path=CHROMIUM, args=args)
    yield speaks
    speaks.close()


def test_a_first_day_by_the_keyboard_alone(
    speaker: Browser, address: str, organisation: Site
) -> None:
    with opened(speaker) as page:
        page.set_viewport_size({"width": 1280, "height": 800})
        hands = Keyboard(page)
        page.goto(f"{address}/studio")
        main, message = page.locator("main"), page.locator(".message")

        with hands.task("Sign in"):
            hands.types(PASSWORD)
            hands.presses_key()
            expect(page.locator("h1")).to_have_text("On the air")
            expect(main).to_contain_text("Callers hear the words as they are saved.")

        with hands.task("Import an article from a page"):
            hands.opens("Articles", "Articles")
            hands.opens("Bring in an article", "Bring in an article")
            hands.reaches("A page’s address")
            hands.types(f"{organisation.address}/page")
            hands.presses_key()
            expect(page.locator("h1")).to_contain_text("Add an article")
            expect(main).to_contain_text("left out: We use cookies")

        with hands.task("Mend it"):
            hands.writes("The words", MENDED)
            hands.does("Save")
            expect(message).to_contain_text("Saved.")
            expect(message).to_be_focused()

        with hands.task("Record one section"):
            hands.opens("Recording of Every Tuesday", RECORDING)
            hands.does("Record")
            expect(page.locator("#elapsed")).to_have_text("0:04")
            expect(page.get_by_role("button", name="Stop")).to_be_focused()
            hands.presses_key()
            expect(page.locator("#state")).to_contain_text("Level: Good.")
            hands.does("Send and listen")
            expect(message).to_contain_text("The recording was saved.")

        with hands.task("Remove a helpline"):
            hands.opens("Helplines", "Helplines")
            hands.opens("Change CALM", "Change the helpline CALM")
            hands.does("Remove this helpline")
            hands.does("Remove it")
            expect(page.get_by_role("alert")).to_contain_text("What callers lose")
            hands.does("Remove CALM")
            expect(message).to_contain_text(
                "Removed. Callers hear it until you publish."
            )
            expect(main).not_to_contain_text("CALM")

        with hands.task("Add a dated exception"):
            hands.opens("Helplines", "Helplines")
            hands.opens(f"Change {OFFICE}", f"Change the helpline {OFFICE}")
            hands.does("Add a date")
            hands.types("12252099")
            hands.does("Save")
            expect(message).to_contain_text("Saved.")
            christmas = page.get_by_role("group", name="25 December 2099")
            expect(christmas).to_be_visible()

        with hands.task("Hear what will change"):
            hands.opens("Publish…", "Publish")
            made = "All of its sound is made."
            expect(page.locator("#state")).to_have_text(made, timeout=PATIENT_MS)
            expect(main).to_contain_text("A dozen people meet outside the library.")
            hands.does(MEETING, "Space")
            heard = page.get_by_label(MEETING)
            expect(heard).to_have_js_property("ended", True)

        with hands.task("Publish"):
            hands.does("Publish now")
            expect(page.locator("#state")).to_contain_text("Published.")
            expect(main).to_contain_text("CALM")

        with hands.task("Ring the line"):
            hands.opens("Ring the line in this browser", "COPE Scotland talking line")
            hands.does("Call")
            words = page.locator("#words")
            expect(words).to_contain_text("Welcome to the COPE Scotland talking line")
            hands.types("1")
            expect(words).to_contain_text("Walking for wellbeing")
            expect(page.locator(".helplines")).not_to_contain_text("CALM")
        page.goto(f"{address}/studio")

        with hands.task("Undo the last change"):
            hands.opens("Changes", "Changes")
            save = f"Change the helpline {OFFICE}"
            hands.opens(save, save)
            hands.does(f"Put back {OFFICE}")
            expect(message).to_contain_text("Put back.")
            expect(christmas).to_have_count(0)

        with hands.task("Restore a removed helpline"):
            hands.opens("Changes", "Changes")
            hands.opens("Remove the helpline CALM", "Remove the helpline CALM")
            hands.does("Put back CALM")
            expect(message).to_contain_text("Put back.")
            expect(page.get_by_label("Number")).to_have_value("0800 58 58 58")

        with hands.task("Put yesterday’s edition back on the air"):
            hands.opens("Editions", "Editions")
            hands.does("Put the edition of…")
            expect(message).to_contain_text("It is on the air now.")

        with hands.task("Put yesterday’s words back"):
            hands.opens("Editions", "Editions")
            hands.reaches("Its words beside today’s…")  # of today's edition
            hands.opens("Its words beside today’s…", "The words of an edition")
            expect(main).to_contain_text("Walking for wellbeing")
            hands.does("Put all of these words back")
            expect(message).to_contain_text("The words are back.")
            expect(main).to_contain_text("Nothing is different.")

        page.goto(address)
        hands.reaches("Call")
        page.keyboard.press("Enter")
        expect(words).to_contain_text("To hear the article, press 1")
    assert hands.presses == MOST_PRESSES


def test_the_guide_has_the_presses_of_every_task() -> None:
    rows = (ROOT / "docs" / "staff.md").read_text().splitlines()
    for task, most in MOST_PRESSES.items():
        assert f"| {task} | {most} |" in rows
