"""What made staff stumble, as a new member of staff meets it: none of it may come back."""

import re

import pytest

from audio.desk.prompt_groups import HEARD
from ivr.edition.content import slots
from ivr.settings import Settings
from tests.support.staff import (
    ARTICLE,
    HELPLINE,
    PASSWORD,
    WELCOME,
    Staff,
    text_of,
    written,
)

SAMARITANS = "/studio/en/helplines/edit?name=samaritans"


def links(staff: Staff) -> dict[str, str]:
    """Where the links of the page lead, by what they say."""
    return {
        text_of(link): str(link.get("href")) for link in staff.page.xpath("//main//a")
    }


def test_reloading_a_refused_form_shows_its_faults_again(staff: Staff) -> None:
    """A reload sends the very same form once more."""
    staff.opens(WELCOME)
    [form] = [form for form in staff.forms() if "text" in form.fields]
    typed = {**dict(form.fields), "text": ""}
    for _ in range(3):
        answer = staff.client.post(WELCOME, data=typed)
        assert answer.status_code == 422
        assert "has no words" in answer.get_data(as_text=True)
    saved = staff.client.post(WELCOME, data={**typed, "text": "Hello there."})
    assert saved.status_code == 303
    again = staff.client.post(WELCOME, data={**typed, "text": "Hello there."})
    assert again.status_code == 403
    assert "Already submitted" in again.get_data(as_text=True)


def test_after_saving_there_is_somewhere_to_go(staff: Staff) -> None:
    staff.opens(WELCOME)
    assert "Publish it" not in links(staff)
    staff.presses("Save", text="Hello there.")
    leads = links(staff)
    assert leads["Publish it"] == "/studio/publish"
    assert leads["Listen to it"] == "/studio/en/prompts/listen?name=welcome"
    assert leads["Back to the prompts"] == "/studio/en/prompts"


@pytest.mark.parametrize("kind", ["prompts", "pronunciations", "notice"])
def test_save_and_listen_leads_to_the_sound(staff: Staff, kind: str) -> None:
    if kind == "prompts":
        staff.opens(WELCOME)
        staff.presses("Save and listen", text="Hello there.")
    elif kind == "pronunciations":
        staff.opens("/studio/en/pronunciations/edit")
        staff.presses("Save and listen", table="words", written="Possil", said="Pozzle")
    else:
        staff.opens("/studio/en/notice")
        staff.presses("Save and listen", text="It snows.", ends="2999-01-01T08:00")
    assert staff.status == 200
    [sound] = staff.page.xpath("//audio/@src")
    assert staff.client.get(str(sound)).status_code == 200


def test_a_pronunciation_is_heard_alone_and_in_a_text_that_has_it(
    staff: Staff,
) -> None:
    staff.opens("/studio/en/pronunciations")
    staff.opens(links(staff)["Listen to COPE"])
    staff.presses("Make the sound")
    staff.sees("Listen to how COPE is said")
    words = [text_of(p) for p in staff.page.xpath("//h2[last()]/following-sibling::p")]
    assert words[0] == "COPE"
    assert re.search(r"\bCOPE\b", words[1])
    assert len(staff.page.xpath("//audio")) == 1


def test_a_helpline_on_the_air_is_removed_only_after_one_question(
    staff: Staff, settings: Settings
) -> None:
    file = settings.content / "en/helplines.toml"
    before = file.read_text()
    staff.opens(SAMARITANS)
    staff.presses("Remove it")
    staff.sees("Callers hear Samaritans now. They lose the number 116 123")
    assert file.read_text() == before
    assert links(staff)["Keep Samaritans"] == SAMARITANS
    staff.presses("Remove Samaritans")
    staff.sees("Removed. Callers hear it until you publish.")
    assert "Samaritans" not in file.read_text().replace(before, "")


def test_an_article_is_removed_only_after_one_question(
    staff: Staff, settings: Settings
) -> None:
    staff.opens(ARTICLE)
    staff.presses("Remove it")
    staff.sees("It has 6 sections", "Callers can hear it now.")
    file = settings.content / "en/articles/what-is-co-production.md"
    assert file.exists()
    staff.presses("Remove What is co-production?")
    assert not file.exists() or staff.status == 409  # it is the only one


def test_a_helpline_that_nobody_hears_yet_goes_at_once(staff: Staff) -> None:
    staff.opens("/studio/en/helplines/edit")
    staff.presses(
        "Save",
        name="The Garden",
        number="0800 83 85 87",
        transfer="yes",
        whom="For gardeners.",
        when="Always.",
        cost="Free.",
        hours="always",
        source="a test",
        checked="2026-11-01",
    )
    staff.sees("Saved.")
    staff.presses("Remove it")
    staff.sees("Removed.")


@pytest.mark.parametrize("address", [WELCOME, HELPLINE, "/studio/en/notice"])
def test_words_go_on_after_signing_in_again(
    settings: Settings, staff: Staff, address: str
) -> None:
    staff.opens(address)
    field = "whom" if address == HELPLINE else "text"
    other = Staff(settings)
    other.client = staff.client  # another tab of the same browser
    other.opens("/studio")
    other.presses("Sign out")
    button = "Put it on the air now" if "notice" in address else "Save"
    staff.presses(button, **{field: "Words of\nan hour's work."})
    assert staff.status == 403
    staff.sees("What you wrote is kept on this page.")
    assert staff.page.xpath("//main//textarea | //main//input[@readonly]") == []
    staff.presses("Sign in", password="a wrong guess")
    staff.sees("This is not the password.")
    staff.presses("Sign in", password=PASSWORD)
    staff.sees("It is not saved yet.")
    assert staff.field(field) == "Words of an hour's work."
    if address != "/studio/en/notice":
        staff.presses("Save")
        staff.sees("Saved.")


def test_words_go_on_where_the_other_tab_has_signed_in_again(
    settings: Settings, staff: Staff
) -> None:
    staff.opens(WELCOME)
    other = Staff(settings)
    other.client = staff.client
    other.opens("/studio")
    other.presses("Sign out")
    other.signs_in()
    staff.presses("Save", text="An hour's work.")
    staff.sees("It is not saved yet.")
    staff.presses("Save")
    staff.sees("Saved.")
    assert staff.field("text") == "An hour's work."


@pytest.mark.parametrize(
    "address",
    ["/studio", "/studio/publish", "/studio/editions", "/studio/voices", HELPLINE],
)
def test_every_form_has_a_name_and_everything_is_in_a_landmark(
    staff: Staff, address: str
) -> None:
    staff.opens(address)
    forms = staff.page.xpath("//form")
    names = [form.get("aria-label") or form.get("aria-labelledby") for form in forms]
    assert all(names)
    assert len(set(names)) == len(names)
    [body] = staff.page.xpath("//body")
    assert {child.tag for child in body} == {"header", "main"}


# Prompts


def prompts(staff: Staff) -> dict[str, list[str]]:
    """The prompts of the page, by the heading that they stand under."""
    found = {}
    for section in staff.page.xpath("//main//section"):
        [heading] = section.xpath("h2")
        names = [text_of(name).strip("()") for name in section.xpath(".//small")]
        found[text_of(heading)] = names
    return found


def test_prompts_stand_in_the_parts_of_a_call_and_say_who_hears_them(
    staff: Staff,
) -> None:
    staff.opens("/studio/en/prompts")
    found = prompts(staff)
    assert list(found)[:2] == ["The welcome and the main menu", "Anywhere"]
    assert {"Reading", "Helplines", "Transfer", "The key guide"} <= found.keys()
    assert found["Lists"] == ["articles_intro", "contents_intro"]
    every = [name for names in found.values() for name in names]
    assert every == list(slots())
    assert not re.search(r"\.toml|docs/|SMS_FROM", staff.words())
    staff.sees(
        "After the last sentence of an article. (end_of_article)",
        "Every menu says what a key does first, then the key.",
    )


@pytest.mark.parametrize(
    ("wanted", "named"),
    [
        ("PRESSES 9", ["faster", "fastest"]),
        ("number_slower", ["number_slower"]),
        ("fallback_opening", ["fallback_opening"]),
        ("nothing has these words", []),
        ("<b>", []),
    ],
)
def test_a_prompt_is_found_by_its_words_or_by_who_hears_it(
    staff: Staff, wanted: str, named: list[str]
) -> None:
    staff.opens("/studio/en/prompts")
    [form] = staff.page.xpath("//form[@role='search']")
    assert form.get("method") == "get"
    staff.opens(f"/studio/en/prompts?find={wanted}")
    every = [name for names in prompts(staff).values() for name in names]
    assert every == named
    staff.sees(f"{len(named)} found for “{wanted}”.")


def test_every_prompt_that_is_explained_is_there() -> None:
    assert HEARD.keys() <= slots().keys()


# Length


LONG = {
    WELCOME: {"text": 801},
    HELPLINE: {"name": 81, "whom": 301, "cost": 200_000},
    ARTICLE: {"title": 201, "words": 200_000},
}


@pytest.mark.parametrize("address", LONG)
def test_what_is_too_long_for_a_call_is_refused_at_once(
    staff: Staff, settings: Settings, address: str
) -> None:
    before = written(settings)
    staff.opens(address)
    fields = LONG[address]
    staff.presses("Save", **{name: "a" * size for name, size in fields.items()})
    assert staff.status == 422
    for name, size in fields.items():
        assert staff.fault(name).startswith(f"this has {size:,} characters; shorten it")
        assert len(staff.field(name)) == size
    assert written(settings) == before


def test_a_sentence_that_nobody_can_follow_is_refused(staff: Staff) -> None:
    staff.opens(ARTICLE)
    staff.presses("Save", words="## One\n\n" + "and on " * 200 + "it goes.")
    assert "a sentence here has 1,408 characters" in staff.fault("words")


def test_fields_tell_a_script_how_long_they_may_be(staff: Staff) -> None:
    staff.opens(HELPLINE)
    [number] = staff.page.xpath("//*[@id='field-number']/@data-most")
    assert number == "40"


# Words about files


def test_no_fault_speaks_of_files(staff: Staff, settings: Settings) -> None:
    """Everything at once that can be wrong in a helpline's form and an article's."""
    staff.opens(HELPLINE)
    staff.presses(
        "Save",
        name="",
        number="116 123",
        transfer="yes",
        hours="",
        holidays="",
        cost="",
        checked="soon",
        dates="2099-12-24 shut",
    )
    told = staff.words()
    staff.presses("Save", hours="daily 09:00-17:00", number="999", holidays="")
    told += staff.words()
    staff.opens("/studio/en/articles/edit")
    staff.presses("Save")
    told += staff.words()
    for word in (".toml", "TOML", "[", "untick", "transfer =", "'", ".md", "`"):
        assert word not in told.replace("'s", ""), word


def test_a_date_is_chosen_in_a_field_of_dates_and_what_is_none_stays_to_be_mended(
    staff: Staff,
) -> None:
    staff.opens(HELPLINE)
    assert staff.page.xpath("//*[@id='field-checked']/@type") == ["date"]
    staff.presses("Save", checked="the other day")
    assert staff.page.xpath("//*[@id='field-checked']/@type") == ["text"]
    assert staff.field("checked") == "the other day"
