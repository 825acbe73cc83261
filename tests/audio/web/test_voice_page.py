"""Staff hear every voice, choose who reads, and go back; who is ringing notices nothing."""

import io
import tomllib
from dataclasses import replace

import pytest
import soundfile

from app import create_app
from audio.air.publish import live_edition
from audio.air.studio_store import StudioStore
from ivr.settings import Settings
from tests.support.caller import PUBLIC_URL, TOKEN, Caller, Clock
from tests.support.server import until
from tests.support.staff import Staff, text_of

FIRST, SECOND = "silent:10", "silent:20"


@pytest.fixture
def two_voices(settings: Settings) -> None:
    """The line, which speaks with the first, could have another voice."""
    line = settings.content / "line.toml"
    text = line.read_text()
    assert f'en = ["{FIRST}"]' in text
    line.write_text(text.replace(f'["{FIRST}"]', f'["{SECOND}", "{FIRST}"]'))


pytestmark = pytest.mark.usefixtures("two_voices")


def sounds(staff: Staff) -> dict[str, str]:
    """The address of each voice's sound that the page offers."""
    return {
        str(each.get("aria-label")).removeprefix("The sentence, by "): each.get("src")
        for each in staff.page.xpath("//audio")
    }


def read_by(settings: Settings) -> str:
    live = live_edition(StudioStore(settings.store))
    assert live
    return live.voices["en"]


def switches(staff: Staff, settings: Settings, name: str) -> None:
    """To this voice, by the studio's pages alone."""
    staff.opens("/studio/voices")
    staff.presses(f"Choose {name}")
    staff.sees(f"{name} will read once you publish.")
    staff.opens("/studio/publish")
    staff.sees(f"en is now read by {name} instead of")
    staff.presses("Publish now")

    def is_published() -> bool:
        """And over: until then, nobody can publish again."""
        staff.opens("/studio/publishing")
        return "Published." in staff.words()

    until(is_published)
    assert read_by(settings) == name


@pytest.mark.slow
def test_a_running_line_changes_its_voice_and_back_and_calls_go_on(
    staff: Staff, settings: Settings
) -> None:
    clock = Clock()
    known = {"public_url": PUBLIC_URL, "twilio_auth_token": TOKEN}
    line = create_app(replace(settings, **known), clock)  # type: ignore[arg-type]
    before, after = Caller(line, clock), Caller(line, clock)
    before.rings()
    long_before = before.phone.length_ms()
    switches(staff, settings, SECOND)
    before.presses("2")
    before.hears("Contents.")
    after.rings()
    assert after.phone.length_ms() > 1.5 * long_before
    switches(staff, settings, FIRST)
    after.presses("2")
    after.hears("Contents.")
    again = Caller(line, clock)
    again.rings()
    assert again.phone.length_ms() == long_before


def test_the_first_page_says_that_another_voice_is_preferred_and_leads_to_it(
    staff: Staff,
) -> None:
    staff.opens("/studio")
    name = SECOND.partition(":")[2]
    staff.sees(f"prefers another voice: {name}, in English (en).")
    [link] = staff.page.xpath("//main//a[contains(., 'choose who reads')]")
    staff.opens(link.get("href"))
    staff.sees(f"Callers hear {FIRST} .", f"The line’s own list prefers {SECOND} .")
    staff.presses(f"Choose {SECOND}")
    staff.sees(f"{SECOND} will read when you publish .")
    staff.opens("/studio")
    assert "prefers another" not in staff.words()


def test_a_choice_is_a_line_of_line_toml_and_keeps_the_rest(
    staff: Staff, settings: Settings
) -> None:
    file = settings.content / "line.toml"
    before = file.read_text()
    staff.opens("/studio/voices")
    staff.presses(f"Choose {SECOND}")
    assert file.read_text().startswith(before.rstrip())
    assert tomllib.loads(file.read_text())["chosen_voice"] == {"en": SECOND}


@pytest.mark.slow
def test_a_sentence_is_heard_in_a_voice_as_the_phone_has_it(
    staff: Staff, settings: Settings
) -> None:
    """The voice of the first edition has its sound already."""
    before = StudioStore(settings.store).live()
    staff.opens("/studio/voices")
    assert sounds(staff).keys() == {FIRST}
    staff.presses("Hear hibari:heart")
    staff.sees("The sound is made. Each voice’s player is below its name.")
    assert sounds(staff).keys() == {FIRST, "hibari:heart"}
    sound = staff.client.get(sounds(staff)["hibari:heart"])
    about = soundfile.info(io.BytesIO(sound.data))
    assert (about.samplerate, about.subtype) == (8000, "ULAW")
    assert about.duration > 3
    assert StudioStore(settings.store).live() == before


def test_voices_that_send_the_words_away_speak_only_if_they_are_asked_for(
    staff: Staff,
) -> None:
    staff.opens("/studio/voices")
    buttons = [text_of(each) for each in staff.page.xpath("//main//button")]
    wait = {text for text in buttons if text.startswith(("Hear gtts:", "Hear kokoro:"))}
    each = {text for text in buttons if text.startswith("Hear ")}
    assert {"Hear gtts:en.co.uk", "Hear gtts:en.com"} <= wait
    assert buttons[0] == f"Make the sound of {len(each - wait)} voices"


def test_what_is_not_installed_says_how_and_cannot_be_chosen(staff: Staff) -> None:
    staff.opens("/studio/voices")
    staff.sees("piper:en_GB-alba-medium", "piper.download_voices en_GB-alba-medium")
    buttons = [each.text_content() for each in staff.page.xpath("//main//button")]
    assert not [each for each in buttons if "piper" in each]
    staff.presses("Hear hibari:heart", voice="piper:en_GB-alba-medium")
    assert staff.status == 409
    staff.sees("cannot speak here, so nothing was done")


def test_who_chooses_while_somebody_else_writes_is_told(
    staff: Staff, settings: Settings
) -> None:
    staff.opens("/studio/voices")
    file = settings.content / "line.toml"
    text = file.read_text() + "# Changed by hand.\n"
    file.write_text(text)
    staff.presses(f"Choose {SECOND}")
    staff.sees("Somebody else chose a voice in the meantime.")
    assert file.read_text() == text
