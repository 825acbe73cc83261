"""What callers will hear, before it is published; and what is on the air after that."""

from dataclasses import replace

import pytest

from app import create_app
from audio.air.heard import Length, step_lengths
from audio.air.misheard import Misheard
from audio.air.order import Order
from audio.air.plan import plan_one
from audio.air.production import prepare, produce
from audio.air.proofing import Hearing, note
from audio.air.studio_store import StudioStore
from audio.voices.engines import voice
from audio.words.source import load
from ivr.settings import Settings
from tests.support.caller import Clock
from tests.support.renders import waiting_job
from tests.support.server import until
from tests.support.staff import ARTICLE, HELPLINE, WELCOME, Staff, text_of


def listed(staff: Staff) -> list[tuple[str, str, bool]]:
    """How each sentence is different, its words after, and whether it can be played."""
    found = []
    for item in staff.page.xpath("//main//ul[@class='things']/li"):
        how = text_of(item.xpath(".//strong")[0])
        words = text_of(item.xpath("./p[2]")[0])
        found.append((how, words, bool(item.xpath(".//audio"))))
    return found


def make_sound(settings: Settings) -> None:
    order = Order(settings.content, settings.store, only_sound=True)
    assert prepare(order)


def test_every_sentence_that_is_new_changed_or_gone_is_listed_and_played(
    staff: Staff, settings: Settings
) -> None:
    live = StudioStore(settings.store).live()
    staff.opens("/studio/publish")
    staff.sees("The same as now.")
    staff.opens(WELCOME)
    staff.presses("Save", text="Good day to you all.")
    staff.opens(ARTICLE)
    old = "asked to share our views"
    words = staff.field("words")
    staff.presses("Save", words=words.replace(old, f"{old}.\n\nSo it goes."))
    staff.opens("/studio/publish")
    assert "Make the sound, to listen before you publish" in [
        text_of(each) for each in staff.page.xpath("//main//button")
    ]
    [welcome, *others] = listed(staff)
    assert welcome[0] == "Changed"
    assert "(now: Good day" in welcome[1]
    assert {how for how, _, _ in others} == {"Changed", "New"}
    assert not any(has_sound for _, _, has_sound in listed(staff))
    make_sound(settings)
    staff.opens("/studio/publish")
    assert all(has_sound for _, _, has_sound in listed(staff))
    for address in staff.page.xpath("//audio/@src"):
        assert staff.client.get(str(address)).status_code == 200
    assert StudioStore(settings.store).live() == live


def test_what_goes_and_what_only_sounds_different_is_listed(
    staff: Staff,
) -> None:
    staff.opens("/studio/en/pronunciations/edit")
    staff.presses("Save", table="words", written="Childline", said="Child line")
    staff.opens(HELPLINE)
    staff.presses("Save", whom="Kids.")
    staff.opens("/studio/publish")
    found = listed(staff)
    assert ("Sounds different", "Childline", False) in found
    assert any(how == "Changed" and "Kids." in said for how, said, _ in found)


def test_the_seconds_of_each_step_are_told_with_their_limits(
    staff: Staff, settings: Settings
) -> None:
    staff.opens(WELCOME)
    staff.presses("Save", text="Press 0 or dial 999. " + "And so on and on. " * 40)
    staff.opens("/studio/publish")
    assert not staff.page.xpath("//table")
    make_sound(settings)
    staff.opens("/studio/publish")
    rows = {
        text_of(row.xpath("th")[0]): [text_of(cell) for cell in row.xpath("td")]
        for row in staff.page.xpath("//tbody/tr")
    }
    seconds, most, told = rows["welcome"]
    assert (float(seconds) > 0, most) == (True, "15")
    assert {"menu", "helplines 1", "contents"} <= rows.keys()
    assert told in ("No", "Too long: say it in fewer words")


def test_a_step_is_too_long_above_its_limit() -> None:
    assert step_lengths({"welcome": 15.1, "menu": 20, "read": 900}) == [
        Length("welcome", 15.1, 15),
        Length("menu", 20, 20),
    ]
    assert [
        each.is_too_long for each in step_lengths({"welcome": 15.1, "menu": 20})
    ] == [
        True,
        False,
    ]


def test_the_ear_s_doubts_stand_beside_the_sentence(
    staff: Staff, settings: Settings
) -> None:
    staff.opens(WELCOME)
    staff.presses("Save", text="Good day to you all.")
    take = plan_one(
        load(settings.content), "en", "Good day to you all.", voice("silent:10")
    )
    doubt = Misheard("day", "die")
    note(StudioStore(settings.store), {take.name: Hearing("", 5, 1, False, (doubt,))})
    staff.opens("/studio/publish")
    staff.sees("The recogniser doubts it: ‘day’ was heard as ‘die’.")


def test_the_sound_is_made_in_the_background_as_soon_as_words_are_saved(
    settings: Settings,
) -> None:
    store = StudioStore(settings.store)
    live = store.live()
    preparing = Staff(settings)
    preparing.app = create_app(settings, Clock(), prepares=True)
    preparing.client = preparing.app.test_client()
    preparing.signs_in()
    preparing.opens(WELCOME)
    preparing.presses("Save", text="Good day to you all.")

    def is_heard() -> bool:
        preparing.opens("/studio/publish")
        return [has_sound for _, _, has_sound in listed(preparing)] == [True]

    until(is_heard)
    assert store.live() == live


def test_whoever_waits_for_the_sound_is_told_how_far_it_is(
    staff: Staff, settings: Settings
) -> None:
    staff.opens(WELCOME)
    staff.presses("Save", text="Good day to you all.")
    job = waiting_job(settings.studio / "preparing", settings)
    assert job.start()
    until(lambda: job.progress().done > 0)
    try:
        staff.opens("/studio/publish")
        staff.sees("The sound is being made: 3 of 7. Look again")
        [asked] = staff.page.xpath("//*[@id='progress']/@data-at")
        staff.opens(str(asked))
        [told] = staff.page.xpath("//*[@id='state']")
        assert text_of(told) == "The sound is being made: 3 of 7."
    finally:
        job.stop()
    until(lambda: not job.progress().going)
    staff.opens(str(asked))
    assert staff.address == "/studio/publish"
    staff.sees("Some of it has no sound yet.")


def test_the_button_that_publishes_comes_after_all_that_it_does(staff: Staff) -> None:
    staff.opens("/studio/publish")
    order = [text_of(each) for each in staff.page.xpath("//h2 | //main//button")]
    assert order == [
        "What callers will hear",
        "What will happen",
        "Put it on the air",
        "Publish now",
    ]
    [skip] = staff.page.xpath("//a[text()='Skip to the button that publishes']/@href")
    assert staff.page.xpath(f"//button[@id='{str(skip)[1:]}']")


def test_a_voice_that_sends_words_away_is_not_asked_before_somebody_publishes(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A silent one that says it is on the network stands for it."""
    file = settings.content / "en/prompts.toml"
    file.write_text(file.read_text().replace("Main menu.", "The main menu."))
    said: list[str] = []
    kind = type(voice("silent:10"))
    online = replace(voice("silent:10").engine, is_online=True)
    monkeypatch.setattr(kind, "engine", online, raising=False)
    monkeypatch.setattr(kind, "say", lambda self, text: said.append(text))
    make_sound(settings)
    assert said == []


def test_a_badge_counts_what_waits(staff: Staff, settings: Settings) -> None:
    history = settings.studio / "history.git"
    assert produce(Order(settings.content, settings.store, history=history))
    staff.opens("/studio")
    assert badges(staff) == []
    staff.opens(WELCOME)
    staff.presses("Save", text="Good day to you all.")
    staff.opens(HELPLINE)
    staff.presses("Save", whom="For children.")
    assert badges(staff) == ["2 waiting"]
    assert produce(Order(settings.content, settings.store, history=history))
    staff.opens("/studio")
    assert badges(staff) == []


def badges(staff: Staff) -> list[str]:
    return [text_of(each) for each in staff.page.xpath("//nav//*[@class='mark']")]


def test_publishing_ends_with_what_is_on_the_air_and_a_telephone(
    staff: Staff, settings: Settings
) -> None:
    staff.opens(WELCOME)
    staff.presses("Save", text="Good day to you all.")
    staff.opens("/studio/publish")
    staff.presses("Publish now")

    def is_done() -> bool:
        staff.opens("/studio/publishing")
        return "Published." in staff.words()

    until(is_done)
    staff.sees("On the air now", "en: prompt welcome changed")
    [ring] = staff.page.xpath("//a[contains(., 'Ring the line in this browser')]/@href")
    there = staff.client.get(str(ring)).get_data(as_text=True)
    assert "Back to the studio" in there
    staff.opens("/studio/changes")
    staff.sees("Change the prompt welcome by staff")
    [edition] = [StudioStore(settings.store).live()]
    staff.opens(f"/studio/editions/{edition}/words")
    staff.sees("Nothing is different.")
