"""Hours by day in a helpline's form: what a page shows, and that nothing changes by itself."""

from audio.words.source import load
from ivr.settings import Settings
from tests.support.staff import HELPLINE, Staff, text_of

OFFICE = HELPLINE.replace("childline", "cope-scotland")
TYPED = "/studio/en/helplines/by-day/hours?typed="


def days(staff: Staff) -> dict[str, list[str]]:
    """What the fields of each day of the week have: a choice, and times."""
    found = {}
    for day in staff.page.xpath("//*[@data-day!='']"):
        [choice] = day.xpath(".//option[@selected]")
        times = [str(each) for each in day.xpath(".//input[@type='time']/@value")]
        found[str(day.get("data-day"))] = [text_of(choice), *filter(None, times)]
    return found


def test_every_helpline_that_is_saved_unchanged_stays_to_the_byte(
    staff: Staff, settings: Settings
) -> None:
    file = settings.content / "en" / "helplines.toml"
    before = file.read_bytes()
    helplines = load(settings.content).content.languages["en"].helplines
    assert len(helplines) > 10
    for helpline in helplines:
        staff.opens(HELPLINE.replace("childline", helpline.slug))
        assert len(days(staff)) == 7, helpline.name
        staff.presses("Save")
        staff.sees("Saved.")
        assert file.read_bytes() == before, helpline.name


def test_the_picture_says_the_same_in_words(staff: Staff) -> None:
    staff.opens(OFFICE)
    bars = staff.page.xpath("//figure//*[@class='open']")
    assert len(bars) == 5
    assert {(bar.get("x"), bar.get("width")) for bar in bars} == {("130.0", "80.0")}
    staff.sees(
        "In words: Open Monday to Friday from 9 in the morning to 5 in the afternoon."
    )


def test_hours_that_are_refused_are_still_in_the_fields(staff: Staff) -> None:
    staff.opens(OFFICE)
    staff.presses("Save", hours="Mon 18:00-02:00\nTue 01:00-03:00")
    assert staff.status == 422
    assert "overlap on Tue 01:00" in staff.fault("hours")
    assert days(staff)["Mon"] == ["Open at these times", "18:00", "02:00"]
    assert days(staff)["Wed"] == ["Closed"]
    assert staff.field("hours") == "Mon 18:00-02:00\nTue 01:00-03:00"
    [fold] = staff.page.xpath("//details[.//textarea[@name='hours']]")
    assert "data-wanted" in fold.attrib


def test_what_is_typed_is_shown_by_day(staff: Staff) -> None:
    staff.opens(f"{TYPED}Mon-Fri 09:00-24:00")
    assert days(staff)["Fri"] == ["Open at these times", "09:00", "00:00"]
    assert days(staff)["Sat"] == ["Closed"]
    staff.opens(f"{TYPED}<b>bold</b>")
    assert days(staff) == {}
    assert not staff.page.xpath("//b")


def test_what_is_typed_is_shown_to_staff_alone(
    staff: Staff, settings: Settings
) -> None:
    stranger = Staff(settings)
    stranger.opens(f"{TYPED}always")
    assert stranger.page.xpath("//h1")[0].text_content() == "Sign in"
    for address in (TYPED.replace("hours", "number"), TYPED.replace("/en/", "/xx/")):
        staff.opens(f"{address}always")
        assert staff.status == 404
