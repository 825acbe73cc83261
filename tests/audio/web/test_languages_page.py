"""A language from the first copy to the air, and off again: staff's pages, and what callers get."""

import os
import shutil
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audio.air.studio_store import StudioStore
from audio.desk.languages import as_file, read_untranslated
from audio.history import History
from audio.words.source import load
from ivr.edition.content import Content
from ivr.settings import Settings
from scripts import render_audio
from tests.support.small_content import WELSH_PROMPTS, changed, write
from tests.support.staff import HASH, SECRET, Staff, text_of

pytestmark = pytest.mark.slow  # a language is listened to, rendered and published

WELSH = "/studio/languages/cy"


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small line on the air in English."""
    folder = tmp_path_factory.mktemp("line")
    content = write(folder / "content")
    line = content / "line.toml"
    line.write_text(line.read_text().replace('"silent"', '"silent:1"'))
    puts_on_the_air(content, folder / "store")
    return folder


@pytest.fixture
def settings(published: Path, tmp_path: Path) -> Settings:
    """A copy of it, for one test."""
    shutil.copytree(published / "content", tmp_path / "content")
    shutil.copytree(published / "store", tmp_path / "store", copy_function=os.link)
    history = History(tmp_path / "studio" / "history.git", tmp_path / "content")
    kept = history.keep("staff", "Publish the words", datetime.now(UTC))
    history.mark_edition(StudioStore(tmp_path / "store").live() or "", kept)
    return Settings(
        store=tmp_path / "store",
        content=tmp_path / "content",
        studio=tmp_path / "studio",
        studio_password_hash=HASH,
        secret_key=SECRET,
    )


def puts_on_the_air(content: Path, store: Path | str) -> None:
    publish = ["--content", str(content), "--store", str(store), "--workers", "1"]
    assert render_audio.main(publish) == 0


@pytest.fixture
def staff(settings: Settings) -> Staff:
    """Somebody who has added Welsh."""
    staff = Staff(settings)
    staff.signs_in()
    staff.opens("/studio/languages")
    staff.presses("Add it", language="cy")
    staff.sees("Welsh (cy) was added.")
    assert staff.address == WELSH
    return staff


def line(settings: Settings) -> dict[str, object]:
    return tomllib.loads((settings.content / "line.toml").read_text("utf-8"))


def untranslated(settings: Settings, kind: str) -> tuple[str, ...]:
    file = settings.content / "cy/untranslated.toml"
    return read_untranslated(file.read_text("utf-8"))[kind]


def on_the_air(settings: Settings) -> Content:
    """What would be published."""
    return load(settings.content).content


def headings(staff: Staff) -> list[str]:
    """What a page of changes is about."""
    return [text_of(each) for each in staff.page.xpath("//main//h2")]


def all_is_translated(settings: Settings) -> None:
    """By somebody at a text editor."""
    folder = settings.content / "cy"
    (folder / "prompts.toml").write_text(WELSH_PROMPTS, "utf-8")
    (folder / "untranslated.toml").write_bytes(as_file({}))
    line_file = settings.content / "line.toml"
    text = line_file.read_text("utf-8").replace("espeak:cy", "silent:2")
    line_file.write_text(text, "utf-8")


def test_a_new_language_is_a_copy_that_nobody_hears(
    staff: Staff, settings: Settings
) -> None:
    before = load(settings.content)
    assert line(settings)["preparing"] == ["cy"]
    assert on_the_air(settings) == before.content
    source = load(settings.content, also="cy")
    welsh = source.content.languages["cy"]
    assert welsh.prompts.choose_language == "Cymraeg: {choice}."
    assert source.pronunciations["cy"].words == {}
    assert source.voices["cy"] == ("espeak:cy",)
    staff.sees(
        "Prompts Not translated yet: ", "How hours are said Not translated yet: 1"
    )
    staff.sees("Helplines Not translated yet: 1", "Once nothing is left to translate")
    assert not [one for one in staff.page.xpath("//button") if "Offer" in one.text]
    staff.opens("/studio/languages")
    staff.presses("Add it", language="cy")
    assert staff.status == 409
    staff.opens("/studio/changes")
    staff.sees("Add Welsh (cy)")


def test_what_is_translated_is_no_longer_marked_and_comes_back_with_its_words(
    staff: Staff, settings: Settings
) -> None:
    count = len(untranslated(settings, "prompts"))
    staff.opens("/studio/cy/prompts")
    staff.sees(f"{count} not translated yet.")
    staff.opens("/studio/cy/prompts?only=untranslated")
    assert len(staff.page.xpath("//li[strong]")) == count
    staff.opens("/studio/cy/prompts/edit?name=goodbye")
    staff.sees("The words to translate", "The words of goodbye.", "Not translated yet")
    before = (settings.content / "cy/prompts.toml").read_bytes()
    staff.presses("Save")
    assert (settings.content / "cy/prompts.toml").read_bytes() == before
    assert "goodbye" in untranslated(settings, "prompts")
    staff.presses("Save", text="Hwyl fawr.")
    staff.sees("The words of goodbye.")
    assert "Not translated yet" not in staff.words()
    [following] = staff.page.xpath("//main//a[text()='Translate the next']")
    assert following.get("href") == "/studio/cy/prompts/edit?name=welcome"
    assert "goodbye" not in untranslated(settings, "prompts")
    staff.opens("/studio/cy/prompts?only=untranslated")
    assert len(staff.page.xpath("//li[strong]")) == count - 1
    staff.opens("/studio/cy/prompts/edit?name=goodbye")
    staff.presses("Save", text="The words of goodbye.")
    assert "goodbye" in untranslated(settings, "prompts")
    staff.presses("It is right as it is")
    assert "goodbye" not in untranslated(settings, "prompts")
    staff.opens("/studio/cy/helplines/edit?name=first")
    staff.presses("Save", whom="I bawb.")
    assert untranslated(settings, "helplines") == ("first",)  # what it costs is left
    staff.presses("Save", cost="Am ddim.")
    assert untranslated(settings, "helplines") == ()
    staff.opens("/studio/changes/waiting")
    assert headings(staff) == ["The line itself: changed"]
    assert staff.page.xpath("string(//nav//span[@class='mark'])") == "1 waiting"
    staff.opens("/studio/changes")
    [change] = staff.page.xpath("//main//a[contains(., 'Change the helpline')]")[:1]
    staff.opens(change.get("href"))
    assert headings(staff) == ["First: changed"]


def test_the_phrases_of_hours_are_translated_in_a_form_of_their_own(
    staff: Staff, settings: Settings
) -> None:
    address = "/studio/cy/hours/edit?name=hours"
    staff.opens(address)
    staff.sees("How hours are said", "Keep {hours}, wherever they belong.")
    staff.presses("Save", **{"sentence": "Ar agor.", "days.Mon": ""})
    assert "“The whole sentence” has no slot; its slots are: {hours}" in staff.fault(
        "sentence"
    )
    assert "has no words" in staff.fault("days.Mon")
    welsh = {
        "sentence": "Ar agor {hours}.",
        "always": "Ar agor bob amser.",
        "days.Mon": "dydd Llun",
        "parts": "0 y bore\n12 y prynhawn",
    }
    staff.presses("Save", **welsh)
    staff.sees("Saved.")
    assert untranslated(settings, "hours") == ()
    found = tomllib.loads((settings.content / "cy/hours.toml").read_text("utf-8"))
    assert found["parts"] == {"0": "y bore", "12": "y prynhawn"}
    staff.opens(WELSH)
    staff.sees("How hours are said translated")
    staff.opens("/studio/cy/hours/changes?name=hours")
    staff.sees("Earlier words of the wording of hours", "(now: Ar agor {hours}.")


def test_a_fault_of_a_language_in_preparation_keeps_no_other_off_the_air(
    staff: Staff, settings: Settings
) -> None:
    staff.opens("/studio/cy/helplines/edit?name=first")
    staff.presses("Save", number="12")
    assert staff.fault("number")
    file = settings.content / "cy/helplines.toml"
    file.write_text(changed(file.read_text("utf-8"), "0800 1111", "12"), "utf-8")
    assert on_the_air(settings)
    staff.opens(WELSH)
    staff.sees("Helplines: 12 has 2 digits", "Helplines Not translated yet: 1")
    staff.opens("/studio/en/prompts/edit?name=goodbye")
    staff.presses("Save", text="Goodbye.")
    staff.sees("Saved.")


def test_a_language_is_offered_once_it_is_translated_and_taken_off_again(
    staff: Staff, settings: Settings
) -> None:
    text = (settings.content / "line.toml").read_text("utf-8")
    by_hand = text.replace('languages = ["en"]', 'languages = ["en", "cy"]')
    (settings.content / "line.toml").write_text(
        by_hand.replace('preparing = ["cy"]\n', ""), "utf-8"
    )
    staff.opens("/studio/publish")
    staff.sees("prompts: 110 not translated yet, such as welcome, start_again, trouble")
    (settings.content / "line.toml").write_text(text, "utf-8")

    all_is_translated(settings)
    staff.opens(WELSH)
    staff.sees("Everything is translated, and the check finds nothing wrong.")
    staff.presses("Offer it to callers")
    staff.sees("Callers are offered Welsh (cy) once you publish.")
    assert list(on_the_air(settings).languages) == ["en", "cy"]
    assert not (settings.content / "cy/untranslated.toml").exists()
    assert "preparing" not in line(settings)
    puts_on_the_air(settings.content, settings.store)

    staff.opens(WELSH)
    staff.sees("They lose 1 article and 1 helpline in it.")
    staff.presses("Take Welsh (cy) off")
    staff.sees("Its words are kept here.")
    assert list(on_the_air(settings).languages) == ["en"]
    staff.opens("/studio/languages/en")
    staff.sees("Callers would have no language at all.")
    staff.opens(WELSH)
    staff.presses("Remove Welsh (cy)")
    assert not list((settings.content / "cy").rglob("*.toml"))
    assert "cy" not in line(settings)["voices"]  # type: ignore[operator]
    [undo] = staff.page.xpath("//*[@class='message']/a/@href")
    staff.opens(str(undo))
    [button, *_] = staff.page.xpath("//main//button")
    staff.presses(text_of(button), do="all")
    staff.opens(WELSH)
    staff.sees("Everything is translated")
    staff.presses("Remove Welsh (cy)")
    staff.presses("Add it", language="cy")
    staff.sees("Not translated yet: 110")


def test_words_that_are_still_there_come_back_with_their_language(
    staff: Staff, settings: Settings
) -> None:
    staff.opens("/studio/cy/prompts/edit?name=goodbye")
    staff.presses("Save", text="Hwyl fawr.")
    file = settings.content / "line.toml"
    text = file.read_text("utf-8").replace('preparing = ["cy"]\n', "")
    file.write_text(text.replace('cy = ["espeak:cy"]\n', ""), "utf-8")
    staff.opens("/studio/languages")
    staff.presses("Add it", language="cy")
    staff.opens("/studio/cy/prompts/edit?name=goodbye")
    assert staff.field("text") == "Hwyl fawr."


def test_what_callers_are_owed_is_owed_in_the_new_language_too(
    staff: Staff, settings: Settings
) -> None:
    all_is_translated(settings)
    (settings.content / "cy/overruled.toml").unlink()
    staff.opens(WELSH)
    staff.sees("Prompts: in “welcome”, callers in danger do not hear whom to ring")
    assert not [one for one in staff.page.xpath("//button") if "Offer" in one.text]
