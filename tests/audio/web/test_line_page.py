"""The line's own form: its name, its speeds and its public holidays."""

import tomllib
from dataclasses import replace
from datetime import timedelta

from audio.air.publish import live_edition
from audio.air.studio_store import StudioStore
from audio.words.source import load
from ivr.settings import Settings
from tests.support.staff import PASSWORD, Staff, text_of

LINE = "/studio/line"


def line(settings: Settings) -> dict[str, object]:
    """What the file says."""
    return tomllib.loads((settings.content / "line.toml").read_text("utf-8"))


def test_the_line_is_changed_kept_and_put_back(
    staff: Staff, settings: Settings
) -> None:
    file = settings.content / "line.toml"
    odd = "speeds = [0.75, 1.0,  # the usual\n 1.5]\n"
    text = file.read_text("utf-8").replace("speeds = [0.75, 1, 1.25, 1.5, 2]\n", odd)
    text = text.replace("check_after_days = 90\n", "").replace("speech = false\n", "")
    file.write_text(text, "utf-8")
    staff.opens("/studio")
    [link] = [one for one in staff.page.xpath("//nav//a") if one.text == "The line"]
    staff.opens(link.get("href"))
    staff.presses("Save")
    staff.sees("Saved.")
    assert file.read_text("utf-8") == text  # nothing was changed

    before = line(settings)
    changed = {"name": "Leith line", "speeds": "0.8\r\n1\r\n\r\n 1.5 "}
    staff.presses("Save", **changed, check_after_days="30", short_transfer_seconds="")
    staff.sees("Saved. Callers hear it when you publish.")
    after = line(settings)
    differ = {key for key in {*before, *after} if before.get(key) != after.get(key)}
    assert differ == {"name", "speeds", "check_after_days", "short_transfer_seconds"}
    assert (after["speeds"], after["check_after_days"]) == ([0.8, 1, 1.5], 30)
    assert "# How fast callers can listen, slowest first" in file.read_text("utf-8")
    staff.opens("/studio")
    staff.sees("the line: name, speeds changed")

    staff.opens("/studio/line/changes?name=line")
    staff.sees("Earlier words of the line Leith line", "by staff")
    [change, *_] = staff.page.xpath("//main//li//a/@href")
    staff.opens(change)
    staff.sees("Change the line Leith line")
    [button] = map(text_of, staff.page.xpath("//main//button"))
    staff.presses(button)
    staff.sees("Put back.")
    assert staff.address == LINE
    assert line(settings) == before


def test_all_that_is_wrong_is_told_at_once_beside_its_field(
    staff: Staff, settings: Settings
) -> None:
    before = line(settings)
    wrong = {
        "name": ("", "“Name” has no words; write them"),
        "country": ("ZZ", "“ZZ” is not a country code; write two capital letters"),
        "timezone": ("Leith", "“Leith” is not a known time zone; write one such as"),
        "speeds": ("1 3", "a speed is outside 0.5 to 2; take it out"),
        "holidays": ("GB-SCO", "the calendar “GB-SCO” is not known; write one such as"),
        "more_holidays": (
            "15 June",
            "“15” is not a date; write a line such as: 2026-06-15",
        ),
        "check_after_days": ("soon", "this is not a whole number; write one such as"),
        "short_transfer_seconds": ("0", "is 0; make it 1 to 600"),
    }
    staff.opens(LINE)
    typed = {field: text for field, (text, _) in wrong.items()}
    staff.presses("Save", **typed)
    assert staff.status == 422
    for field, (text, told) in wrong.items():
        assert told in staff.fault(field), field
        assert staff.field(field) == text
    for field, text, told in (
        ("speeds", "1\nfast", "“fast” is not a number; write one such as 1.25"),
        ("speeds", "0.5\n2", "speed 1 is missing; add 1, at which calls start"),
        ("holidays", "Scotland", "“Scotland” is not a calendar; write one such as"),
        ("more_holidays", "2026-06-31 A day", "“2026-06-31” is not a date; write one"),
        ("more_holidays", "2026-06-15", "2026-06-15 does not say what it is"),
    ):
        staff.opens(LINE)
        staff.presses("Save", **{field: text})
        assert told in staff.fault(field)
    assert line(settings) == before


def test_the_lines_own_holidays_are_beside_those_of_its_calendar(
    staff: Staff, settings: Settings
) -> None:
    calendar = load(settings.content).content
    staff.opens(LINE)
    staff.sees(f"known until {calendar.holidays_until}", "Saint Andrew's Day")
    staff.presses("Save", more_holidays="2099-06-15  Leith Gala, all day")
    staff.sees("Saved.", "2099-06-15: Leith Gala, all day")
    content = load(settings.content).content
    assert content.holidays == calendar.holidays | {"2099-06-15": "Leith Gala, all day"}
    assert content.holidays_until == calendar.holidays_until
    staff.presses("Save", more_holidays="")
    assert "more_holidays" not in line(settings)


def test_the_page_warns_while_callers_hear_of_holidays_for_less_than_a_year(
    staff: Staff, settings: Settings
) -> None:
    store = StudioStore(settings.store)
    live = live_edition(store)
    assert live
    today = load(settings.content).today
    for days, is_told in ((364, True), (365, False)):
        until = (today + timedelta(days)).isoformat()
        ending = replace(live.content, holidays_until=until)
        store.keep(replace(live, id=f"{days:012}", content=ending))
        store.go_live(f"{days:012}")
        staff.opens(LINE)
        told = f"On the air, public holidays are known until {until} only"
        assert (told in staff.words()) is is_told


def test_two_people_at_the_line_and_one_who_came_late_lose_nothing(
    staff: Staff, settings: Settings
) -> None:
    other = Staff(settings)
    other.signs_in()
    other.opens(LINE)
    staff.opens(LINE)
    staff.presses("Save", name="One name")
    other.presses("Save", name="Another name")
    assert other.status == 409
    other.sees("somebody else changed this in the meantime", "One name")
    other.presses("Save", name="Both names")
    assert line(settings)["name"] == "Both names"
    other.client.delete_cookie("studio", path="/studio")
    other.presses("Save", name="A late name")
    other.presses("Sign in", password=PASSWORD)
    other.sees("What you wrote is in the form. It is not saved yet.")
    other.presses("Save")
    assert line(settings)["name"] == "A late name"
