"""Staff record in the page, in a browser whose microphone hears a file, and hear how they spell."""

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from playwright.sync_api import Browser, FilePayload, Page, expect

from audio.air.studio_store import StudioStore
from audio.sound.loudness import loudness
from audio.sound.mu_law import PHONE_HZ, from_mu_law
from audio.sound.recipe import LONG_PAUSE_MS, TARGET_LUFS
from ivr.edition.edition import SAMPLES_PER_MS, clip_name
from ivr.settings import Settings
from tests.support.browser import CHROMIUM, FLAGS, clear, in_a_browser, opened
from tests.support.recordings import encoded
from tests.support.staff import PASSWORD, copy_of, running_studio

pytestmark = in_a_browser

SPOKEN_S = 2.5
"""How long somebody speaks: a tone, between silences."""


@pytest.fixture(scope="module")
def settings(made: Settings, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return copy_of(made, tmp_path_factory.mktemp("line"))


@pytest.fixture(scope="module")
def address(settings: Settings) -> Iterator[str]:
    """Of a server with a studio."""
    with running_studio(settings) as address:
        yield address


@pytest.fixture(scope="module")
def speaker(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    """A browser in front of which somebody speaks for `SPOKEN_S`, once a minute."""
    file = tmp_path_factory.mktemp("said") / "said.wav"
    time = np.arange(int(48_000 * SPOKEN_S)) / 48_000
    tone = 0.3 * np.sin(2 * np.pi * 300 * time)
    quiet = np.zeros(48_000)
    soundfile.write(file, np.concatenate([quiet, tone, np.zeros(57 * 48_000)]), 48_000)
    microphone = (
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={file}",
    )
    args = [*FLAGS, *microphone]
    speaks = browser.browser_type.launch(executable_path=CHROMIUM, args=args)
    yield speaks
    speaks.close()


def signs_in(page: Page, address: str) -> None:
    page.goto(f"{address}/studio")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.locator("h1")).to_have_text("On the air")


FOCUSED = "() => document.activeElement.ariaLabel ?? document.activeElement.innerText"


def tabs_to(page: Page, name: str) -> None:
    """By the keyboard, to the button or field of this name."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate(FOCUSED) == name:
            return
    raise AssertionError(f"{name} was not reached")


def records(page: Page, seconds: int) -> None:
    """By the keyboard, until the clock shows so many seconds."""
    expect(page.get_by_role("button", name="Record")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Stop")).to_be_focused()
    expect(page.locator("#elapsed")).to_have_text(f"0:0{seconds}")


def test_words_are_recorded_heard_and_sent_by_the_keyboard(
    speaker: Browser, address: str, settings: Settings
) -> None:
    """What callers hear has the length and the loudness that it should."""
    with opened(speaker) as page:
        signs_in(page, address)
        page.goto(f"{address}/studio/en/recording?name=busy")
        clear(page)
        tabs_to(page, "Record")
        records(page, seconds=5)
        expect(page.locator("#verdict")).to_have_text("Good")
        expect(page.locator("#state")).to_contain_text("Recording.")
        clear(page)
        page.keyboard.press("Enter")
        expect(page.locator("#state")).to_contain_text("Level: Good.")
        tabs_to(page, "Your recording")
        page.keyboard.press("Space")
        page.wait_for_function(
            "() => document.querySelector('audio').currentTime > 0.5"
        )
        clear(page)
        tabs_to(page, "Send and listen")
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_have_text("Listen to the prompt busy")
        expect(page.locator(".message")).to_contain_text("The recording was saved.")
        name = page.locator("audio").get_attribute("src") or ""
    assert (settings.content / "en/recordings/busy.webm").exists()
    [clip] = re.findall("[0-9a-f]{16}", name)
    heard = StudioStore(settings.store).clip(clip_name(clip, 1.0)) or b""
    length_s = len(heard) / SAMPLES_PER_MS / 1000
    assert length_s == pytest.approx(SPOKEN_S + LONG_PAUSE_MS / 1000, abs=0.15)
    assert loudness(from_mu_law(heard), PHONE_HZ) == pytest.approx(TARGET_LUFS, abs=1)


def test_a_recording_outlives_a_lost_connection_and_a_closed_page(
    speaker: Browser, address: str, settings: Settings
) -> None:
    """It is replaced only by somebody who says so, and removed after one more question."""
    with opened(speaker) as page:
        signs_in(page, address)
        page.goto(f"{address}/studio/en/recording?name=back")
        page.get_by_role("button", name="Record").focus()
        records(page, seconds=4)
        page.keyboard.press("Enter")
        expect(page.locator("#state")).to_contain_text("Level: Good.")
        page.reload()
        expect(page.locator("#state")).to_contain_text("have not sent it yet")
        page.route("**/recording?*", lambda route: route.abort())
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("The connection was lost.")
        expect(page.get_by_role("alert")).to_be_focused()
        clear(page)
        with page.expect_download() as download:
            page.get_by_role("link", name="Download it").click()
        assert download.value.suggested_filename == "recording.webm"
        page.unroute("**/recording?*")
        session = page.context.cookies()
        page.context.clear_cookies()
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("no longer signed in")
        page.context.add_cookies(session)  # type: ignore[arg-type]
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.locator(".message")).to_contain_text("The recording was saved.")
        expect(page.locator("#take")).to_be_hidden()
        clear(page)
        sends(page, b"", "read.m4a")
        expect(page.get_by_role("checkbox")).to_be_focused()
        page.keyboard.press("Space")
        sends(page, b"", "read.m4a")
        expect(page.get_by_role("alert")).to_contain_text("it is empty")
        expect(page.get_by_role("alert")).to_be_focused()
        page.get_by_role("checkbox").check()
        with page.expect_navigation():
            sends(page, encoded("ipod", "aac", seconds=2), "read.m4a")
        expect(page.locator(".message")).to_contain_text("The recording was saved.")
    names = [file.name for file in (settings.content / "en/recordings").glob("back.*")]
    assert sorted(names) == ["back.m4a", "back.txt"]


def sends(page: Page, data: bytes, name: str) -> None:
    """Chooses a file, and sends it."""
    file: FilePayload = {"name": name, "mimeType": "audio/mp4", "buffer": data}
    page.get_by_label("A sound file").set_input_files(file)
    page.get_by_role("button", name="Send", exact=True).click()


def test_without_a_microphone_a_file_can_be_sent(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    """Refused, absent, or not known to the browser: each is told."""
    long = tmp_path / "long.wav"
    with long.open("wb") as file:
        file.truncate(70_000_000)
    with opened(browser) as page:
        signs_in(page, address)
        recording = f"{address}/studio/en/recording?name=paused"
        page.goto(recording)
        page.get_by_role("button", name="Record").click()
        expect(page.locator("#state")).to_contain_text("send the file")
        expect(page.get_by_role("button", name="Record")).to_be_focused()
        clear(page)
        page.add_init_script("delete window.MediaRecorder")
        page.goto(recording)
        expect(page.locator("#cannot")).to_contain_text("This browser cannot record.")
        expect(page.get_by_role("button", name="Record")).to_be_hidden()
        page.get_by_label("A sound file").set_input_files(long)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_role("alert")).to_contain_text("This file is too large.")


def test_a_spelling_is_heard_while_it_is_typed(browser: Browser, address: str) -> None:
    with opened(browser) as page:
        page.add_init_script(NOTES_SOUNDS)
        signs_in(page, address)
        page.goto(f"{address}/studio/en/pronunciations/edit")
        page.get_by_label("As it is written").fill("Milngavie")
        tabs_to(page, "Hear it")
        page.keyboard.press("Enter")
        told = page.locator("#try [role=status]")
        expect(told).to_contain_text("has no words")
        clear(page)
        page.get_by_label("Play it whenever I stop typing").check()
        page.get_by_label("As it is said").press_sequentially("Mull Guy")
        page.wait_for_function("() => window.played > 0")
        expect(told).to_have_text("")


NOTES_SOUNDS = """
  window.played = 0;
  document.addEventListener("playing", () => { window.played += 1; }, true);
"""
