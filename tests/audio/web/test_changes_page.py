"""Who changed what and when; and back again."""

import json
import re
from io import BytesIO

import pytest
from werkzeug.security import generate_password_hash

from audio.air.order import Order
from audio.air.production import produce
from audio.air.studio_store import StudioStore
from audio.desk.comparing import compared
from audio.web.people import FILE
from ivr.settings import Settings
from tests.support.recordings import sound
from tests.support.staff import ARTICLE, HELPLINE, WELCOME, Staff, text_of

ANNA = "five words for Anna alone"
UNDO = "See what changed, or undo it"


def with_anna(settings: Settings) -> None:
    settings.studio.mkdir(exist_ok=True)
    weak = generate_password_hash(ANNA, "scrypt:2048:8:1")
    (settings.studio / FILE).write_text(json.dumps({"Anna Fraser": weak}))


def marked(staff: Staff) -> list[tuple[str, str]]:
    """The words of the page that went (`del`) and came (`ins`)."""
    found = staff.page.xpath("//main//del | //main//ins")
    plain = []
    for each in found:
        words = re.sub(r"^\((before|now): (.*)\)$", r"\2", text_of(each)).strip()
        plain.append((each.tag, words))
    return plain


def link(staff: Staff, words: str) -> str:
    [found, *_] = [
        each for each in staff.page.xpath("//main//a") if text_of(each) == words
    ]
    return str(found.get("href"))


def test_a_save_is_kept_with_who_made_it_and_shown_word_by_word(
    settings: Settings,
) -> None:
    with_anna(settings)
    anna = Staff(settings)
    anna.opens("/studio/sign-in")
    anna.presses("Sign in", person="Anna  Fraser", password=ANNA)
    anna.opens(WELCOME)
    old = anna.field("text")
    anna.presses("Save", text=old.replace("talking line", "telephone line"))
    anna.opens("/studio/changes")
    assert re.search(
        r"Change the prompt welcome by Anna Fraser, \d+ \w+ \d{4}, \d\d:\d\d",
        anna.words(),
    )
    anna.opens(link(anna, "Change the prompt welcome"))
    anna.sees("Saved by Anna Fraser")
    assert marked(anna) == [("del", "talking"), ("ins", "telephone")]


def test_whoever_has_no_name_is_staff(staff: Staff) -> None:
    staff.opens(WELCOME)
    staff.presses("Save", text="Hello there.")
    staff.opens("/studio/changes")
    staff.sees("Change the prompt welcome by staff,")


def test_a_change_is_undone_from_the_page_that_follows_the_save(
    staff: Staff,
) -> None:
    staff.opens(WELCOME)
    old = staff.field("text")
    staff.presses("Save", text="Hello there.")
    staff.opens(link(staff, UNDO))
    staff.sees("by staff")
    staff.opens(link(staff, "See the whole save, or put back what was there before"))
    staff.presses("Put back welcome")
    staff.sees("Put back. Callers hear it when you publish.")
    assert staff.field("text") == old
    staff.opens("/studio/changes")
    staff.opens(link(staff, "Change the prompt welcome"))
    staff.presses("Put back welcome")  # the undoing is undone
    assert staff.field("text") == "Hello there."


def test_a_removed_helpline_is_restored_where_it_stood(
    staff: Staff, settings: Settings
) -> None:
    staff.opens(HELPLINE)
    before = {name: staff.field(name) for name in ("name", "number", "hours", "place")}
    staff.presses("Remove it")
    staff.presses("Remove Childline")
    staff.opens(link(staff, UNDO))
    headings = [text_of(each) for each in staff.page.xpath("//main//h2")]
    assert headings == ["Childline: removed"]
    staff.presses("Put back Childline")
    staff.sees("Put back.")
    assert {name: staff.field(name) for name in before} == before


def test_a_removed_article_and_an_added_pronunciation_go_back(
    staff: Staff, settings: Settings
) -> None:
    file = settings.content / "en/articles/what-is-co-production.md"
    (file.parent / "other.md").write_text(file.read_text())
    text = file.read_text()
    staff.opens(ARTICLE)
    staff.presses("Remove it")
    staff.presses("Remove What is co-production?")
    assert not file.exists()
    staff.opens(link(staff, UNDO))
    staff.presses("Put back What is co-production?")
    staff.sees("Put back.")
    assert file.read_text() == text
    staff.opens("/studio/en/pronunciations/edit")
    staff.presses("Save", table="words", written="Possil", said="Pozzle")
    staff.opens("/studio/changes")
    staff.opens(link(staff, "Add the pronunciation Possil"))
    staff.presses("Remove Possil again")
    staff.opens("/studio/en/pronunciations")
    assert "Possil" not in staff.words()


def test_a_recording_is_put_back(staff: Staff, settings: Settings) -> None:
    staff.opens("/studio/en/recording?name=goodbye")
    data = sound(3000)
    staff.presses("Send", file=(BytesIO(data), "read.wav"))
    staff.presses("Remove it")
    staff.opens(link(staff, UNDO))
    [heading] = [text_of(each) for each in staff.page.xpath("//main//h2")]
    assert heading == "The recording of goodbye: removed"
    staff.presses("Put back The recording of goodbye")
    staff.sees("Put back.")
    assert (settings.content / "en/recordings/goodbye.wav").read_bytes() == data
    assert (settings.content / "en/recordings/goodbye.txt").exists()
    staff.opens("/studio/changes")
    staff.opens(link(staff, "Remove the recording of the prompt goodbye"))
    staff.presses("Put back The recording of goodbye")
    assert staff.status == 409
    staff.sees("Somebody changed it in the meantime, so nothing was put back.")


def test_what_changed_meanwhile_is_not_put_back_over(staff: Staff) -> None:
    staff.opens(WELCOME)
    staff.presses("Save", text="The first.")
    staff.opens("/studio/changes")
    staff.opens(link(staff, "Change the prompt welcome"))
    page, document = staff.page, staff.document
    staff.opens(WELCOME)
    staff.presses("Save", text="The second.")
    staff.page, staff.document = page, document
    staff.presses("Put back welcome")
    assert staff.status == 409
    staff.sees("Somebody changed it in the meantime, so nothing was put back.")


def test_words_that_would_not_be_taken_today_come_back_into_the_form(
    staff: Staff, settings: Settings
) -> None:
    """A date of long ago, which the form refuses now."""
    file = settings.content / "en/helplines.toml"
    text = file.read_text()
    staff.opens(HELPLINE)
    staff.presses("Save", whom="For children.")
    file.write_text(text.replace('number = "0800 1111"', 'number = "0800 11112222"'))
    staff.opens(HELPLINE)
    staff.opens("/studio/changes")
    staff.sees("Change the words outside the studio by somebody outside")
    file.write_text(text)
    staff.opens("/studio/changes")
    [newest, broke, *_] = [
        str(each.get("href")) for each in staff.page.xpath("//main//ol//a")
    ]
    staff.opens(newest)
    staff.presses("Put back Childline")
    assert staff.status == 422
    staff.sees("Not put back")
    assert staff.field("number") == "0800 11112222"
    assert staff.fault("number")
    assert broke


def test_what_waits_and_an_edition_s_words_are_compared_and_put_back(
    staff: Staff, settings: Settings
) -> None:
    publish(settings)
    edition = StudioStore(settings.store).live()
    staff.opens(WELCOME)
    old = staff.field("text")
    staff.presses("Save", text="Hello there.")
    staff.opens("/studio/en/pronunciations/edit")
    staff.presses("Save", table="words", written="Possil", said="Pozzle")
    staff.opens("/studio/changes/waiting")
    headings = [text_of(each) for each in staff.page.xpath("//main//h2")]
    assert headings == ["welcome: changed", "Possil: added"]
    staff.opens(f"/studio/editions/{edition}/words")
    staff.presses("Put all of these words back")
    staff.sees("The words are back.", "Nothing is different.")
    staff.opens(WELCOME)
    assert staff.field("text") == old
    staff.opens("/studio/changes")
    staff.sees("Put the words of an edition back by staff")


def test_an_edition_of_unknown_words_says_so(staff: Staff) -> None:
    for edition in ("0" * 12, "nonsense"):
        staff.opens(f"/studio/editions/{edition}/words")
        staff.sees("The words of this edition were not kept")
        assert not staff.page.xpath("//main//form")


@pytest.mark.parametrize("save", ["0" * 40, "nonsense", "HEAD"])
def test_a_save_that_is_none_is_not_found(staff: Staff, save: str) -> None:
    staff.opens(f"/studio/changes/{save}")
    assert staff.status == 404


def test_a_conflict_marks_what_differs(settings: Settings) -> None:
    one, two = Staff(settings), Staff(settings)
    for each in (one, two):
        each.signs_in()
        each.opens(WELCOME)
    one.presses("Save", text="Hello from one of us.")
    two.presses("Save", text="Hello from two of us.")
    assert marked(two) == [("del", "one"), ("ins", "two")]


def test_words_compared_are_the_words() -> None:
    before, after = "One two\n\nthree.", "One 2\n\nthree, four."
    pieces = compared(before, after)
    old = "".join(each.text for each in pieces if each.how != "new")
    new = "".join(each.text for each in pieces if each.how != "gone")
    assert (old, new) == (before, after)


def publish(settings: Settings) -> None:
    """As the studio's own process does."""
    history = settings.studio / "history.git"
    assert produce(Order(settings.content, settings.store, history=history))


def test_whoever_is_removed_is_signed_out_and_cannot_come_back(
    settings: Settings,
) -> None:
    with_anna(settings)
    anna = Staff(settings)
    anna.opens("/studio/sign-in")
    for name, password in (("Anna Fraser", "a wrong guess"), ("Nobody", ANNA)):
        anna.presses("Sign in", person=name, password=password)
        assert anna.status == 403
    anna.presses("Sign in", person="Anna Fraser", password=ANNA)
    assert anna.address == "/studio"
    (settings.studio / FILE).write_text("{}")
    anna.opens("/studio")
    assert anna.address.startswith("/studio/sign-in")
    anna.signs_in()
    assert anna.address == "/studio"
