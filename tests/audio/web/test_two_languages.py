"""The studio of a line with two languages: each is changed, heard and read by itself."""

from pathlib import Path

import pytest

from audio.words.source import load
from ivr.settings import Settings
from scripts import render_audio
from tests.support.small_content import write_welsh
from tests.support.staff import HASH, SECRET, Staff

pytestmark = pytest.mark.slow  # each begins with a line of two languages


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A line on the air in English and Welsh."""
    content = write_welsh(tmp_path / "content")
    store = tmp_path / "store"
    publish = ["--content", str(content), "--store", str(store), "--workers", "1"]
    assert render_audio.main(publish) == 0
    return Settings(
        store=store,
        content=content,
        studio=tmp_path / "studio",
        studio_password_hash=HASH,
        secret_key=SECRET,
    )


@pytest.fixture
def staff(settings: Settings) -> Staff:
    """Somebody who is signed in."""
    staff = Staff(settings)
    staff.signs_in()
    return staff


def changed_files(content: Path, before: dict[Path, bytes]) -> list[str]:
    """The files that are not as they were."""
    after = files(content)
    differing = {path for path, _ in before.items() ^ after.items()}
    return sorted(str(path.relative_to(content)) for path in differing)


def files(content: Path) -> dict[Path, bytes]:
    """Every file, with what is in it."""
    return {path: path.read_bytes() for path in content.rglob("*") if path.is_file()}


def test_every_page_of_the_menu_is_there_for_each_language(staff: Staff) -> None:
    links = staff.page.xpath("//nav//a")
    named = {link.text_content(): link.get("href") for link in links}
    for kind in ("Notice", "Articles", "Prompts", "Helplines", "Pronunciations"):
        for code in ("en", "cy"):
            staff.opens(named[f"{kind} ({code})"])
            assert staff.address.startswith(f"/studio/{code}/")


@pytest.mark.parametrize(
    ("address", "typed", "file"),
    [
        ("prompts/edit?name=welcome", {"text": "Croeso."}, "cy/prompts.toml"),
        ("helplines/edit?name=first", {"whom": "I bawb."}, "cy/helplines.toml"),
        ("articles/edit?name=one", {"title": "Teitl newydd"}, "cy/articles/one.md"),
        (
            "pronunciations/edit?name=words/NHS",
            {"said": "en aitch es"},
            "cy/pronunciations.toml",
        ),
    ],
)
def test_what_is_changed_in_the_second_language_is_changed_there_alone(
    staff: Staff, settings: Settings, address: str, typed: dict[str, str], file: str
) -> None:
    before = files(settings.content)
    staff.opens(f"/studio/cy/{address}")
    staff.presses("Save", **typed)
    staff.sees("Saved.")
    assert changed_files(settings.content, before) == [file]
    load(settings.content)


def test_what_waits_names_its_language(staff: Staff) -> None:
    staff.opens("/studio/cy/prompts/edit?name=welcome")
    staff.presses("Save", text="Croeso.")
    staff.opens("/studio")
    staff.sees("cy: prompt welcome changed")
    staff.opens("/studio/publish")
    staff.sees("cy: prompts: 1 of")


def test_an_offer_is_heard_with_the_keys_that_lead_to_it(staff: Staff) -> None:
    staff.opens("/studio/cy/prompts/listen?name=choose_language")
    staff.sees("Ar gyfer Cymraeg, pwyswch 2.")
    offered = [each.text_content() for each in staff.page.xpath("//select[1]/option")]
    assert offered[:2] == ["2", "5"]
    assert staff.page.xpath("//audio")


def test_an_offer_that_is_not_translated_is_named_beside_its_field(
    staff: Staff, settings: Settings
) -> None:
    english = load(settings.content).content.languages["en"].prompts.choose_language
    staff.opens("/studio/cy/prompts/edit?name=choose_language")
    staff.presses("Save", text=english)
    told = "“choose_language” has the words of en; write it in cy"
    assert staff.fault("text") == told


def test_each_language_has_a_voice_of_its_own(staff: Staff, settings: Settings) -> None:
    staff.opens("/studio/voices?language=cy")
    staff.sees("Callers hear silent:2 .")
    staff.presses("Choose silent:1")
    assert load(settings.content).chosen_voice == {"cy": "silent:1"}
    staff.opens("/studio/voices?language=en")
    staff.sees("Callers hear silent:1 .")


def test_the_call_map_has_the_choice(staff: Staff) -> None:
    staff.opens("/studio/map")
    staff.sees("languages", "welcome in cy")
    assert not staff.page.xpath("//a[contains(@href, 'None')]")


def test_a_line_with_one_language_has_nothing_to_hear_of_its_offer(
    staff: Staff, settings: Settings
) -> None:
    line = settings.content / "line.toml"
    text = line.read_text().replace('["en", "cy"]', '["en"]')
    line.write_text(text.replace('cy = ["silent:2"]\n', ""))
    staff.opens("/studio/en/prompts")
    heard = [link.get("href") for link in staff.page.xpath("//main//li/a")]
    listened = [link for link in heard if "choose_language" in link]
    assert listened == ["/studio/en/prompts/edit?name=choose_language"]
    staff.opens("/studio/en/prompts/listen?name=choose_language")
    staff.sees("Nobody hears these words, as the line has only one language.")
