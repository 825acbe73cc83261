"""The studio's pages: how words are changed, heard and put on the air."""

import re
import shutil
import sys
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from jinja2 import Environment
from jinja2.nodes import Assign, AssignBlock

from app import create_app
from audio.air.job import Job
from audio.air.misheard import Misheard
from audio.air.order import Order
from audio.air.plan import plan_one
from audio.air.proofing import Hearing, doubts, hearings, note
from audio.air.publish import live_edition
from audio.air.publish import publish as publish_edition
from audio.air.studio_store import StudioStore
from audio.locks import try_lock
from audio.voices.engines import voice
from audio.web import listening
from audio.words.source import load
from audio.words.utterances import utterances
from ivr.edition.content import slots
from ivr.settings import ROOT, Settings
from scripts import render_audio
from tests.support.caller import Caller, Clock
from tests.support.recordings import encoded, film, sound
from tests.support.server import until
from tests.support.staff import ARTICLE, HELPLINE, WELCOME, Staff, text_of, written
from tests.support.whisper import whisper

TEMPLATES = sorted((ROOT / "audio/web/templates/studio").glob("*.html"))


def test_a_prompt_is_changed_and_the_file_keeps_the_rest(
    staff: Staff, settings: Settings
) -> None:
    file = settings.content / "en/prompts.toml"
    before = file.read_text().split("\n")
    staff.opens(WELCOME)
    staff.presses("Save", text="Welcome, everybody.")
    staff.sees("Saved. Callers hear it when you publish.")
    after = file.read_text().split("\n")
    assert [line for line in after if line not in before] == [
        'welcome = "Welcome, everybody."'
    ]
    assert len(after) == len(before)
    staff.opens("/studio")
    staff.sees("en: prompt welcome changed")


def test_before_publishing_the_page_says_what_changes_and_how_long_it_takes(
    staff: Staff, settings: Settings
) -> None:
    staff.opens(WELCOME)
    staff.presses("Save", text="Welcome, everybody.")
    staff.opens(ARTICLE)
    old = "asked to share our views"
    words = staff.field("words")
    assert old in words
    staff.presses("Save", words=words.replace(old, f"{old}.\n\nSo it goes."))
    staff.sees("Saved.")
    staff.opens("/studio/publish")
    [preview] = staff.page.xpath("//*[@aria-labelledby='preview-heading']")
    lines = [line.strip() for line in preview.text_content().strip().split("\n")]
    said = len(utterances(load(settings.content).content.languages["en"]))
    assert lines[0] == f"To be rendered: 3 of {said} utterances."
    assert lines[lines.index("Callers would hear:") + 1 :] == [
        "en: prompt welcome changed",
        "en: article 'What is co-production?', section 1 'A confusing term':"
        " 1 sentence changed, 1 sentence added",
    ]
    [takes] = [line for line in lines if line.startswith("That takes about ")]
    assert re.fullmatch(
        r"That takes about [1-9][0-9]* seconds with [0-9]+ workers\.", takes
    )


def day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%-d %B %Y}"


def test_the_lists_show_everything_that_can_be_changed(
    staff: Staff, settings: Settings
) -> None:
    source = load(settings.content)
    words = source.content.languages["en"]
    staff.opens("/studio/en/articles")
    for article in words.articles:
        staff.sees(f"{article.title} ({day(article.published)}, {article.words} words)")
    staff.opens("/studio/en/prompts")
    for name in slots():
        staff.sees(" ".join(getattr(words.prompts, name).split()), f"({name})")
    staff.opens("/studio/en/helplines")
    for helpline in words.helplines:
        staff.sees(f"{helpline.name} {helpline.number}")
        staff.sees(f"checked on {day(helpline.checked)}")
    staff.opens("/studio/en/pronunciations")
    for written_so, said in source.pronunciations["en"].words.items():
        staff.sees(f"{written_so} is said “{said}”")


def test_the_pages_say_since_when_callers_hear_what_and_in_whose_voice(
    staff: Staff, settings: Settings
) -> None:
    live = live_edition(StudioStore(settings.store))
    assert live
    made = datetime.fromisoformat(live.created).astimezone(ZoneInfo("Europe/London"))
    moment = f"{made.day} {made:%B %Y, %H:%M}"
    staff.opens("/studio")
    staff.sees(f"Callers hear the words of {moment} On the air since {moment}.")
    staff.sees(
        "Read by the voice 10, in English (en).",
        "Waiting to be published nothing",
        "Helplines to check again 3",
        "Calls last week not counted here",
        "Nothing. Callers hear the words as they are saved.",
    )
    staff.opens("/studio/editions")
    staff.sees(
        f"Edition of {moment}: on the air",
        f"Its number is {live.id}.",
        "read by the voice 10, in English (en).",
    )


def test_a_pronunciation_that_was_saved_is_waiting_although_no_words_changed(
    staff: Staff,
) -> None:
    staff.opens("/studio/en/pronunciations/edit")
    staff.presses("Save", table="words", written="Possil", said="Poss ill")
    staff.sees("Saved.")
    staff.opens("/studio")
    staff.sees(
        "something was saved since then, perhaps a pronunciation or a recording."
    )
    staff.sees("Open Publish to see.")


def test_the_menu_marks_the_page_that_one_is_on(staff: Staff) -> None:
    staff.opens("/studio")
    menu = [
        (str(link.get("href")), text_of(link)) for link in staff.page.xpath("//nav//a")
    ]
    assert [name for _, name in menu] == [
        *("On the air", "Notice", "Articles", "Prompts", "Helplines"),
        *("Pronunciations", "The line", "Voices", "Publish", "Editions", "Changes"),
        "The call map",
        "How it is used",
        "Ready to go live?",
    ]
    for address, name in menu:
        staff.opens(address)
        [marked] = staff.page.xpath("//nav//a[@aria-current='page']")
        assert text_of(marked) == name
        [heading] = staff.page.xpath("//h1")
        assert staff.page.findtext(".//title") == f"{text_of(heading)} · Studio"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_hides_what_a_page_is_given(template: Path) -> None:
    """A name that is set outside of a block replaces the page's own, without a word."""
    parsed = Environment().parse(template.read_text())
    outside = [node for node in parsed.body if isinstance(node, (Assign, AssignBlock))]
    assert outside == []


def test_faults_stand_beside_their_fields_and_nothing_is_saved(
    staff: Staff, settings: Settings
) -> None:
    before = written(settings)
    staff.opens(HELPLINE)
    staff.presses(
        "Save", number="12", hours="sometimes", name="Childline again", checked="soon"
    )
    assert staff.status == 422
    assert staff.fault("number").startswith("12 has 2 digits")
    assert "cannot be understood" in staff.fault("hours")
    assert "this is not a date" in staff.fault("checked")
    assert staff.fault("name") == ""
    assert (staff.field("name"), staff.field("hours")) == (
        "Childline again",
        "sometimes",
    )
    assert written(settings) == before
    staff.presses(
        "Save", number="0800 1111", hours="daily 09:00-17:00", checked="2026-11-01"
    )
    assert staff.fault("holidays").startswith("“On public holidays” is missing")
    assert staff.fault("name") == ""
    staff.presses("Save", holidays="closed")
    staff.sees("Saved.")


OFFICE = "/studio/en/helplines/edit?name=cope-scotland"
STILL_RIGHT = "I rang them today: still right"


def today() -> str:
    return datetime.now(ZoneInfo("Europe/London")).date().isoformat()


def test_helplines_to_check_are_on_the_first_page_and_one_button_sets_todays_date(
    staff: Staff, settings: Settings
) -> None:
    staff.opens("/studio")
    staff.sees(
        "Helplines to check again",
        "COPE Scotland's office 0141 944 5490, last checked on 1 January 2019.",
        "Its facts are from: COPE Scotland, latest news page (2019).",
    )
    file = settings.content / "en/helplines.toml"
    before = file.read_text().split("\n")
    staff.presses(f"{STILL_RIGHT} (COPE Scotland's office)")
    staff.sees("Noted: COPE Scotland's office was checked today.")
    assert "0141 944 5490, last checked" not in staff.words()
    after = file.read_text().split("\n")
    assert [line for line in after if line not in before] == [
        f"checked = {today()}  # only the year of the page is known"
    ]
    assert len(after) == len(before)


def test_the_form_of_a_helpline_has_the_same_button_which_saves_what_was_typed(
    staff: Staff,
) -> None:
    staff.opens(OFFICE)
    staff.presses(STILL_RIGHT, whom="For questions about COPE Scotland.")
    staff.sees("Saved.")
    staff.opens(OFFICE)
    assert staff.field("checked") == today()
    assert staff.field("whom") == "For questions about COPE Scotland."


def test_nobody_notes_a_check_of_a_helpline_that_is_not_there(staff: Staff) -> None:
    staff.opens("/studio")
    [form] = [
        form for form in staff.forms() if "cope-scotland" in str(form.get("action"))
    ]
    action = form.get("action").replace("cope-scotland", "nobody")
    assert staff.client.post(action, data=dict(form.fields)).status_code == 404


def test_dates_and_holidays_have_their_faults_beside_their_fields(
    staff: Staff, settings: Settings
) -> None:
    before = written(settings)
    staff.opens(OFFICE)
    staff.presses(
        "Save",
        holidays="shut",
        when="Open all day and all night.",
        dates="2020-12-24 closed\n2099-12-24/2099-12-26 closed\n2099-12-25 09:00-12:00",
    )
    assert staff.status == 422
    assert staff.fault("holidays").startswith("hours “shut” of a day cannot be under")
    assert "it says “all day and all night”" in staff.fault("when")
    assert "5 in the afternoon" in staff.fault("when")
    assert "overlap on 2099-12-25" in staff.fault("dates")
    staff.presses("Save", dates="2020-12-24 closed\n2099-12-25")
    assert "has no hours" in staff.fault("dates")
    staff.presses("Save", holidays="closed", when="", dates="2020-12-24 closed")
    assert staff.fault("dates") == (
        "COPE Scotland's office: the date 2020-12-24 lies in the past; "
        "take it out, or write the date that is meant"
    )
    assert written(settings) == before
    staff.presses("Save", dates="2099-12-24 09:00-12:00")
    staff.sees("Saved.")
    source = load(settings.content)
    office = source.content.languages["en"].helpline["cope-scotland"]
    assert [each.first for each in office.exceptions] == ["2099-12-24"]
    assert office.when == (
        "Open Monday to Friday from 9 in the morning to 5 in the afternoon."
    )


def test_a_mark_that_nobody_hears_is_on_the_first_page(
    staff: Staff,
) -> None:
    staff.opens(OFFICE)
    staff.presses("Save", whom="For questions \u2602 about COPE Scotland.")
    staff.sees("Saved.")
    staff.opens("/studio")
    staff.sees("nothing is said for \u2602 in")


def test_a_date_that_has_passed_since_it_was_saved_stops_nothing(
    staff: Staff, settings: Settings
) -> None:
    file = settings.content / "en/helplines.toml"
    file.write_text(file.read_text() + '[helpline.dates]\n2020-12-25 = "closed"\n')
    staff.opens("/studio")
    staff.sees("COPE Scotland's office: the date 2020-12-25 lies in the past")
    staff.opens(OFFICE)
    assert staff.field("dates") == "2020-12-25 closed"
    staff.presses("Save", whom="For questions.")
    staff.sees("Saved.")


@pytest.mark.parametrize(("days", "is_told"), [(360, True), (370, False)])
def test_the_first_page_tells_when_the_live_edition_soon_knows_no_holidays(
    staff: Staff, settings: Settings, days: int, is_told: bool
) -> None:
    store = StudioStore(settings.store)
    live = live_edition(store)
    assert live
    until = (date.fromisoformat(today()) + timedelta(days)).isoformat()
    ending = replace(live.content, holidays_until=until)
    store.keep(replace(live, id="0" * 12, content=ending))
    store.go_live("0" * 12)
    staff.opens("/studio")
    told = f"public holidays are known until {until} only; publish again"
    assert (told in staff.words()) is is_told


def test_a_fault_in_an_article_names_the_line_of_its_words(staff: Staff) -> None:
    """As the form shows them: the file has more lines."""
    long = "Words and more words of one paragraph. " * 9
    staff.opens(ARTICLE)
    staff.presses("Save", words=f"## One\n\n{long}End.\n\n![a cake](cake.png)")
    assert staff.fault("words").startswith(
        "Line 5, “![a cake](cake.png)”: an image cannot be read"
    )


def test_two_people_at_one_thing_are_told_and_neither_loses_a_word(
    settings: Settings,
) -> None:
    one, two = Staff(settings), Staff(settings)
    for each in (one, two):
        each.signs_in()
        each.opens(WELCOME)
    one.presses("Save", text="The words of one.")
    two.presses("Save", text="The words of two.")
    assert two.status == 409
    two.sees("somebody else changed this in the meantime", "The words of one.")
    assert two.field("text") == "The words of two."
    two.presses("Save", text="The words of both.")
    two.sees("Saved.")
    one.opens(WELCOME)
    assert one.field("text") == "The words of both."


def test_only_what_somebody_else_changed_is_shown_as_theirs(settings: Settings) -> None:
    one, two = Staff(settings), Staff(settings)
    for each in (one, two):
        each.signs_in()
        each.opens(HELPLINE)
    theirs = two.field("cost")
    one.presses("Save", whom="For children.")
    two.presses("Save", cost="Nothing.")
    assert two.status == 409
    two.sees("Somebody else saved this in the meantime: For children.")
    assert f"meanwhile: {theirs}" not in two.words()


def test_a_digit_that_is_none_is_told_beside_what_is_written(staff: Staff) -> None:
    staff.opens("/studio/en/pronunciations/edit")
    staff.presses("Save", table="digits", written="12", said="twelve")
    assert "not a single digit" in staff.fault("written")
    staff.presses("Save", table="words", written="Possil", said="")
    staff.sees("As it is said: “Possil” has no words")


def test_a_removal_that_is_refused_or_overtaken_shows_what_is_still_there(
    settings: Settings,
) -> None:
    one, two = Staff(settings), Staff(settings)
    recordings = settings.content / "en/recordings/what-is-co-production"
    recordings.mkdir(parents=True)
    (recordings / "1.wav").write_bytes(sound(900))
    for each in (one, two):
        each.signs_in()
        each.opens(ARTICLE)
    one.presses("Remove it")
    one.presses("Remove What is co-production?")
    one.sees("Not removed", "there is no article “what-is-co-production”")
    assert one.field("title") == "What is co-production?"
    one.presses("Save", title="Another title")
    two.presses("Remove it")
    two.presses("Remove Another title")
    two.sees("Not removed", "Somebody else changed it in the meantime")
    assert two.field("title") == "Another title"


def test_a_page_that_has_no_name_to_remove_is_not_found(staff: Staff) -> None:
    staff.opens("/studio/en/pronunciations/edit")
    staff.presses("Save", do="remove", written="x", said="y")
    assert staff.status == 404
    staff.sees("There is no such page, or it was removed.")


def test_saving_without_a_change_writes_nothing(
    staff: Staff, settings: Settings
) -> None:
    before = written(settings)
    staff.opens(ARTICLE)
    staff.presses("Save")
    staff.sees("Saved.")
    assert written(settings) == before


def test_two_people_at_two_prompts_do_not_meet(settings: Settings) -> None:
    one, two = Staff(settings), Staff(settings)
    for each, name in ((one, "welcome"), (two, "goodbye")):
        each.signs_in()
        each.opens(f"/studio/en/prompts/edit?name={name}")
    for each in (one, two):
        each.presses("Save", text=f"New words of {each.address}.")
        each.sees("Saved.")
    for each in (one, two):
        each.opens(each.address)
        assert each.field("text") == f"New words of {each.address}."


def test_what_somebody_removed_meanwhile_can_be_kept(settings: Settings) -> None:
    one, two = Staff(settings), Staff(settings)
    for each in (one, two):
        each.signs_in()
        each.opens(HELPLINE)
    one.presses("Remove it")
    one.presses("Remove Childline")
    one.sees("Removed.")
    two.presses("Save", whom="For children.")
    two.sees("They removed it.")
    two.presses("Save")
    two.sees("Saved.")
    assert two.field("whom") == "For children."


@pytest.mark.parametrize(
    ("kind", "fields", "name"),
    [
        (
            "helplines",
            {
                "name": "The Garden",
                "number": "0800 83 85 87",
                "transfer": "yes",
                "whom": "For gardeners.",
                "when": "Always.",
                "cost": "Free.",
                "hours": "always",
                "source": "a test",
                "checked": "2026-11-01",
                "place": "1",
            },
            "the-garden",
        ),
        (
            "pronunciations",
            {"table": "words", "written": "Possil", "said": "Poss ill"},
            "words/Possil",
        ),
        (
            "articles",
            {
                "title": "Our garden",
                "source": "From a test.",
                "copyright": "Copyright nobody.",
                "published": "2026-11-01",
                "words": "## Peas\n\nThere are peas.\n\n## Beans\n\nThere are beans.",
            },
            "our-garden",
        ),
    ],
)
def test_a_thing_is_added_changed_and_removed(
    staff: Staff, settings: Settings, kind: str, fields: dict[str, str], name: str
) -> None:
    before = {file: file.read_text() for file in settings.content.rglob("*.*")}
    staff.opens(f"/studio/en/{kind}/edit")
    staff.presses("Save", **fields)
    staff.sees("Saved.")
    assert staff.address == f"/studio/en/{kind}/edit?name={name}"
    assert {field: staff.field(field) for field in fields} == fields
    staff.opens(f"/studio/en/{kind}/edit")
    staff.presses("Save", **fields)
    assert staff.status == 409
    staff.sees("There is one already")
    staff.opens(f"/studio/en/{kind}/edit?name={name}")
    staff.presses("Remove it")
    if kind == "articles":
        staff.presses("Remove Our garden")
    assert staff.address == f"/studio/en/{kind}"
    assert {file: file.read_text() for file in settings.content.rglob("*.*")} == before


def test_a_thing_without_a_name_is_asked_for_one(staff: Staff) -> None:
    for kind, field, why in (
        ("helplines", "name", "“Name” has no words"),
        ("articles", "title", "“Title” has no words"),
        ("pronunciations", "written", "this is missing"),
    ):
        staff.opens(f"/studio/en/{kind}/edit")
        staff.presses("Save")
        assert staff.status == 422
        assert staff.fault(field).startswith(why)
    staff.opens("/studio/en/helplines/edit")
    staff.presses("Save", checked="2026-11-01")
    for field, label in (
        ("name", "Name"),
        ("number", "Number"),
        ("whom", "Who it is for"),
        ("cost", "What it costs"),
    ):
        assert staff.fault(field).startswith(f"“{label}” has no words")
    assert staff.fault("hours").startswith("“Opening hours, for the line to use” is ")


@pytest.mark.parametrize(
    "path",
    [
        "/studio/en/articles/edit?name=../prompts",
        "/studio/en/recording?name=../prompts",
        "/studio/en/recording?name=what-is-co-production/7",
        "/studio/en/recording?name=press",
        "/studio/../prompts/edit?name=welcome",
        "/studio/de/prompts",
        "/studio/en/nothing",
        "/studio/en/prompts/edit",
        "/studio/en/prompts/listen?name=nothing",
        "/studio/use/2026-10.csv",
    ],
)
def test_what_is_not_there_is_not_found(staff: Staff, path: str) -> None:
    staff.opens(path)
    assert staff.status == 404
    staff.sees("That was not possible", "There", "no such", "Go to the studio")


def buttons(staff: Staff) -> list[str]:
    return [text_of(each) for each in staff.page.xpath("//main//button")]


def sounds(staff: Staff) -> list[str]:
    return [str(each) for each in staff.page.xpath("//audio/@src")]


@pytest.mark.parametrize("speed", ["0.75", "1", "2"])
def test_new_words_are_heard_before_they_are_published(
    staff: Staff, settings: Settings, speed: str
) -> None:
    live = StudioStore(settings.store).live()
    staff.opens(WELCOME)
    staff.presses("Save", text="Ten letters")
    staff.opens("/studio/en/prompts/listen?name=welcome")
    staff.sees("These words have no sound yet.")
    staff.presses("Make the sound")
    staff.sees("The sound is ready to play.")
    staff.opens(f"/studio/en/prompts/listen?name=welcome&speed={speed}")
    [address] = sounds(staff)
    assert address.startswith(f"/clips/{speed}-")
    data = staff.client.get(address).data
    said_ms, pause_ms = len("Ten letters") * 10, 450
    assert len(data) // 8 == pytest.approx((said_ms + pause_ms) / float(speed), abs=8)
    assert StudioStore(settings.store).live() == live


def test_what_the_recogniser_doubts_stands_beside_the_words(
    staff: Staff, settings: Settings
) -> None:
    store = StudioStore(settings.store)
    source = load(settings.content)
    calm = plan_one(source, "en", "Putting you through to CALM.", voice("silent:10"))
    doubt = Misheard("calm", "come")
    note(store, {calm.name: Hearing("", 2, 1, False, (doubt,))})
    staff.opens("/studio/en/prompts/listen?name=putting_through&value=CALM")
    staff.sees("The recogniser doubts it: ‘calm’ was heard as ‘come’.")
    staff.opens("/studio/en/prompts/listen?name=putting_through&value=Samaritans")
    assert not re.search("recogniser", staff.words())


def test_whoever_listens_has_the_words_checked(settings: Settings) -> None:
    """The real recogniser, in the process that makes the sound; then once more by itself."""
    if not shutil.which("flite"):
        pytest.skip("flite is not installed")
    file = settings.content / "line.toml"
    file.write_text(file.read_text().replace("silent:10", "flite:rms"))
    store = StudioStore(settings.store)
    staff = Staff(replace(settings, ear_model=whisper()))
    staff.signs_in()
    staff.opens("/studio/en/prompts/listen?name=menu_article")
    staff.presses("Make the sound")
    assert len(sounds(staff)) == 1
    [(name, first)] = hearings(store).items()
    assert (first.words, first.is_lost) == (6, False)
    staff.sees(doubts(first) or "The recogniser heard these words.")
    assert "Check what is heard" not in buttons(staff)

    (store.folder / "heard").unlink()
    staff.opens("/studio/en/prompts/listen?name=menu_article")
    staff.presses("Check what is heard")
    assert hearings(store) == {name: first}
    assert "Check what is heard" not in buttons(staff)


def test_listening_to_sections_and_helplines(staff: Staff) -> None:
    staff.opens(
        "/studio/en/articles/listen?name=what-is-co-production&section=2&speed=1.5"
    )
    staff.sees("section 2 of What is co-production?: A cake baked for others")
    assert len(sounds(staff)) == 1
    staff.opens("/studio/en/articles/listen?name=what-is-co-production")
    staff.sees("A confusing term", "Who gets the credit", "Copyright COPE Scotland")
    staff.opens("/studio/en/helplines/listen?name=childline&speed=2")
    words, number = sounds(staff)
    assert words.startswith("/clips/2-")
    assert number.startswith("/clips/1-")  # numbers are never hurried
    staff.opens("/studio/en/prompts/listen?name=press&value=3")
    staff.sees("press 3.")


def test_an_article_of_more_clips_than_one_sound_may_have_is_heard_whole(
    staff: Staff, settings: Settings
) -> None:
    article = settings.content / "en" / "articles" / "what-is-co-production.md"
    facts = article.read_text().partition("\n## ")[0]
    words = "".join(f"Sentence number {number} is here. " for number in range(120))
    (article.parent / "long.md").write_text(f"{facts}\n## Many\n\n{words}\n")
    staff.opens("/studio/en/articles/listen?name=long&section=1")
    staff.presses("Make the sound")
    heard = sounds(staff)
    clips = [address.removesuffix(".wav").split("-")[1:] for address in heard]
    assert [len(each) for each in clips] == [40, 40, 40, 1]
    assert len({name for each in clips for name in each}) == 121
    for address in heard:
        assert staff.client.get(address).status_code == 200


def test_the_sound_is_the_one_that_callers_get(
    staff: Staff, settings: Settings
) -> None:
    staff.opens("/studio/en/prompts/listen?name=goodbye")
    [heard] = sounds(staff)
    caller = Caller(create_app(replace(settings, **CALLED), Clock()), Clock())
    caller.rings()
    caller.presses("*")
    name = heard.partition("-")[2].removesuffix(".wav")
    assert name in str([sound.url for sound in caller.phone.sounds])


CALLED: dict[str, Any] = {
    "public_url": "https://line.example.org",
    "twilio_auth_token": "a token for tests",
}


def test_an_earlier_edition_is_put_back(staff: Staff, settings: Settings) -> None:
    store = StudioStore(settings.store)
    first = store.live()
    staff.opens(WELCOME)
    staff.presses("Save", text="Welcome, everybody.")
    publish(settings)
    assert store.live() != first
    staff.opens("/studio/editions")
    staff.sees("en: prompt welcome changed")
    [button] = staff.page.xpath("//main//button")
    staff.presses(text_of(button))
    staff.sees("It is on the air now.")
    assert store.live() == first
    staff.opens("/studio/editions")
    [button] = staff.page.xpath("//main//button")
    staff.presses(text_of(button), edition="nonsense")
    assert staff.status == 409
    assert store.live() == first


def test_editions_of_one_minute_have_different_names(
    staff: Staff, settings: Settings
) -> None:
    store = StudioStore(settings.store)
    first = live_edition(store)
    assert first
    moments = ("2026-11-24T12:01:00", "2026-11-24T12:01:20", "2026-11-24T12:02:00")
    for number, moment in enumerate(moments):
        made = replace(first, id=f"{number:012}", created=f"{moment}+00:00")
        assert publish_edition(made, store)
    staff.opens("/studio/editions")
    put_back = [text_of(each) for each in staff.page.xpath("//main//button")]
    assert put_back[-2:] == [
        "Put the edition of 24 November 2026, 12:01 and 20 seconds back on the air",
        "Put the edition of 24 November 2026, 12:01 and 0 seconds back on the air",
    ]
    staff.sees("Edition of 24 November 2026, 12:02: on the air")


@pytest.fixture
def busy(settings: Settings) -> Iterator[Job]:
    """Publishing goes on, and does not end by itself."""
    goes_on = (sys.executable, "-c", "import time; time.sleep(600)")
    order = Order(settings.content, settings.store)
    job = Job(settings.studio / "publishing", order, goes_on)
    assert job.start()
    yield job
    job.stop()


def test_who_publishes_while_somebody_else_does_is_told(
    staff: Staff, busy: Job
) -> None:
    staff.opens("/studio/publish")
    staff.sees(
        "In progress now", "Publishing is in progress.", "You may close this page"
    )
    staff.presses("Publish now")
    assert staff.address == "/studio/publishing"
    staff.sees("Publishing is already in progress.", "Publishing is in progress.")
    staff.opens("/studio")
    staff.sees("Publishing is in progress.", "See the progress")


def test_going_back_waits_for_publishing_which_would_undo_it(
    staff: Staff, settings: Settings, busy: Job
) -> None:
    before = written(settings)
    staff.opens("/studio/editions")
    fields = staff.page.xpath("//header//form")[0].fields
    answer = staff.client.post("/studio/editions", data={**fields, "edition": "0" * 12})
    assert answer.status_code == 409
    assert "would undo this" in answer.get_data(as_text=True)
    staff.opens("/studio/publishing")
    staff.sees("Publishing is in progress.")
    staff.presses("Stop it now")
    until(lambda: not busy.progress().going)
    staff.opens("/studio/publishing")
    staff.sees("Nothing was published.", "It was stopped before the end")
    assert written(settings) == before


def test_one_sound_is_made_at_a_time(staff: Staff, settings: Settings) -> None:
    """So that those who listen leave the server to those who call."""
    staff.opens(WELCOME)
    staff.presses("Save", text="Ten letters")
    staff.opens("/studio/en/prompts/listen?name=welcome")
    with (settings.studio / "listening").open("w") as held:
        assert try_lock(held)
        staff.presses("Make the sound")
        assert staff.status == 409
        staff.sees("Another sound is being made.")


def test_a_sound_that_takes_too_long_is_given_up(
    staff: Staff, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what makes it is ended, so that it does not go on unseen."""
    monkeypatch.setattr(listening, "SECONDS_TO_RENDER", 0)
    staff.opens(WELCOME)
    staff.presses("Save and listen", text="Eleven letters")
    staff.sees("This is taking too long.", "These words have no sound yet.")
    address = staff.address
    staff.presses("Make the sound")
    assert staff.status == 409
    staff.sees("This is taking too long.")
    staff.opens(address)
    staff.presses("Make the sound")  # it is not there, and nothing else makes it
    staff.sees("This is taking too long.")


def test_words_are_shown_when_the_files_break_meanwhile(
    staff: Staff, settings: Settings
) -> None:
    staff.opens(WELCOME)
    (settings.content / "en/prompts.toml").write_text("busy = ")
    staff.presses("Save", text="An hour's work.")
    assert staff.status == 409
    assert "An hour's work." in [area.value for area in staff.page.xpath("//textarea")]


def test_a_disk_that_fails_is_told_with_the_words(
    staff: Staff, settings: Settings
) -> None:
    """A file where a folder is wanted stands for it."""
    staff.opens(WELCOME)
    (settings.studio / "sent").write_text("in the way")
    staff.presses("Save", text="An hour's work.")
    assert staff.status == 503
    staff.sees("tell whoever runs the server")
    assert "An hour's work." in [area.value for area in staff.page.xpath("//textarea")]


def test_a_place_that_is_none_is_refused_and_an_empty_one_is_the_old_one(
    staff: Staff,
) -> None:
    for place in ("x", "9" * 5000, "-1"):
        staff.opens(HELPLINE)
        staff.presses("Save", place=place)
        assert staff.status == 422
        assert "write a number" in staff.fault("place")
    staff.presses("Save", place="")
    staff.sees("Saved.")
    assert staff.field("place") == "2"


def publish(settings: Settings) -> None:
    """As the command does."""
    where = ["--content", str(settings.content), "--store", str(settings.store)]
    assert render_audio.main([*where, "--workers", "1"]) == 0


def upload(data: bytes, name: str = "read.wav") -> tuple[BytesIO, str]:
    return BytesIO(data), name


def test_a_recording_takes_the_place_of_a_prompt_and_goes_again(
    staff: Staff, settings: Settings
) -> None:
    staff.opens(WELCOME)
    staff.presses("Save", text="Hello there.")
    staff.opens("/studio/en/recording?name=welcome")
    assert staff.field("spoken") == "Hello there."
    staff.presses("Send", file=upload(sound(900)))
    staff.sees("The recording was saved.", "it is used in place of the synthetic voice")
    folder = settings.content / "en/recordings"
    assert (folder / "welcome.txt").read_text().strip() == "Hello there."
    louder = sound(900, format="FLAC")
    staff.presses("Send", file=upload(louder, "READ.FLAC"), replace=None)
    assert staff.status == 422
    staff.sees("There is a recording already.")
    staff.presses("Send", file=upload(louder, "READ.FLAC"), replace="yes")
    staff.sees("The recording was saved.")
    assert sorted(file.name for file in folder.iterdir()) == [
        "welcome.flac",
        "welcome.txt",
    ]
    (folder / "welcome.flac").rename(folder / "welcome.FLAC")  # as somebody may by hand
    staff.opens("/studio/en/recording?name=welcome")
    staff.sees("it is used in place of the synthetic voice")
    staff.presses("Send", file=upload(sound(900)), replace="yes")
    assert sorted(file.name for file in folder.iterdir()) == [
        "welcome.txt",
        "welcome.wav",
    ]
    staff.opens("/studio/en/prompts")
    staff.sees("recorded by a person")
    staff.opens("/studio/en/recording?name=welcome")
    staff.presses("Remove it")
    staff.sees("The recording was removed.")
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize(
    ("container", "codec", "name"),
    [
        ("webm", "libopus", "recording.webm"),
        ("ipod", "aac", "Voice memo.M4A"),
        ("ogg", "libopus", "voice.opus"),
        ("mp4", "aac", "misnamed.wav"),
    ],
)
def test_what_browsers_and_telephones_record_is_taken(
    container: str, codec: str, name: str, staff: Staff
) -> None:
    staff.opens("/studio/en/recording?name=paused")
    data = encoded(container, codec, seconds=2)
    staff.presses("Send", file=upload(data, name))
    staff.sees("The recording was saved.", "it is used in place of the synthetic voice")


def test_only_the_page_that_records_may_use_the_microphone(staff: Staff) -> None:
    asked = {
        "/": "()",
        "/studio": "()",
        "/studio/en/recording?name=welcome": "(self)",
        "/studio/en/prompts": "()",
    }
    for address, may in asked.items():
        headers = staff.client.get(address).headers
        assert headers["Permissions-Policy"] == f"microphone={may}, camera=()", address


def test_a_recording_of_a_speech_is_none_of_a_prompt(staff: Staff) -> None:
    staff.opens("/studio/en/recording?name=paused")
    for data in (sound(60_000, rate=8000, format="FLAC"), sound(200, format="FLAC")):
        staff.presses("Send", file=upload(data, "read.flac"))
        assert staff.status == 422
        staff.sees("s of speech cannot be these words")


def test_a_recording_that_cannot_be_used_is_refused_with_its_reason(
    staff: Staff, settings: Settings
) -> None:
    before = written(settings)
    staff.opens("/studio/en/recording?name=what-is-co-production/1")
    for data, name, why in (
        (b"not a sound", "read.wav", "it is not a sound that can be read"),
        (b"", "read.m4a", "it is empty"),
        (film(), "read.mp4", "it is a video; send its sound alone"),
        (sound(900), "read.doc", "or choose a sound file"),
        (sound(9000)[:1000], "", "or choose a sound file"),
        (sound(900), "read.wav", "with a full second between sentences"),
    ):
        staff.presses("Send", file=upload(data, name), spoken=staff.field("spoken"))
        assert staff.status == 422
        staff.sees("Nothing was changed", why)
    assert written(settings) == before


def test_a_recording_of_other_words_is_kept_but_said_not_to_be_used(
    staff: Staff,
) -> None:
    staff.opens("/studio/en/recording?name=welcome")
    staff.presses("Send", file=upload(sound(900)), spoken="Something else.")
    staff.sees("it is not used", "has “something else” where the content has")
    staff.opens("/studio")
    staff.sees("Recordings to make again")


def test_faults_made_in_a_text_editor_are_told_and_hide_nothing_else(
    staff: Staff, settings: Settings
) -> None:
    file = settings.content / "en/prompts.toml"
    file.write_text(re.sub(r'(?m)^busy = ".*"$', 'busy = ""', file.read_text()))
    staff.opens("/studio")
    staff.sees(
        "Something is wrong with the words, so nothing can be published",
        "'busy' has no words",
    )
    staff.opens("/studio/publish")
    assert staff.status == 409
    staff.opens("/studio/en/prompts/edit?name=goodbye")
    staff.presses("Save", text="Cheerio.")
    staff.sees("Saved.")
    file.write_text("busy = ")
    staff.opens("/studio/en/prompts/edit?name=goodbye")
    assert staff.status == 409
    staff.sees("is not TOML")
