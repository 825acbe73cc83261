"""The notice's page: on the air by one button, refused beside its fields, and off again."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from zoneinfo import ZoneInfo

import pytest

from audio.air.job import Job
from audio.air.publish import live_edition
from audio.air.studio_store import StudioStore
from ivr.edition.content import Notice
from ivr.settings import Settings
from tests.support.caller import PUBLIC_URL, TOKEN, Caller, Clock
from tests.support.recordings import sound
from tests.support.renders import waiting_job
from tests.support.server import until
from tests.support.staff import Staff, written

PAGE = "/studio/en/notice"

SNOW = "The office is shut today because of snow."

AIR = "Put it on the air now"

LONDON = ZoneInfo("Europe/London")
NOW = datetime.now(UTC).replace(second=0, microsecond=0)


def local(**later: int) -> datetime:
    """By the line's clocks, so much later than now."""
    return (NOW + timedelta(**later)).astimezone(LONDON)


def typed(**later: int) -> str:
    """As it is typed into a form."""
    return f"{local(**later):%Y-%m-%dT%H:%M}"


def shown(**later: int) -> str:
    """As a page shows it."""
    return f"{local(**later):%-d %B %Y, %H:%M}"


@pytest.fixture
def clock() -> Clock:
    """The time, until it is told otherwise: the check of the words goes by the real one."""
    return Clock(NOW)


@pytest.fixture
def staff(settings: Settings, clock: Clock) -> Staff:
    """Somebody who is signed in; callers may ring the same line."""
    of_calls = replace(settings, public_url=PUBLIC_URL, twilio_auth_token=TOKEN)
    staff = Staff(of_calls, clock)
    staff.client.environ_base["wsgi.url_scheme"] = "https"
    staff.signs_in()
    assert staff.address == "/studio"
    return staff


def announces(staff: Staff, text: str, ends: str, **more: str) -> None:
    """Puts a notice on the air, and waits until it is there."""
    staff.opens(PAGE)
    staff.presses(AIR, text=text, ends=ends, **more)
    is_published(staff)


def is_published(staff: Staff) -> None:
    """Publishing has begun, and ends well."""

    def is_over() -> bool:
        staff.opens("/studio/publishing")
        return "in progress" not in staff.words()

    assert staff.address == "/studio/publishing"
    until(is_over)
    staff.sees("Published.")


def live_notice(settings: Settings) -> Notice | None:
    """What callers hear."""
    live = live_edition(StudioStore(settings.store))
    assert live
    return live.content.languages["en"].notice


def rings(staff: Staff, clock: Clock) -> Caller:
    """Somebody who rings now."""
    caller = Caller(staff.app, clock)
    caller.rings()
    return caller


def test_one_button_and_the_next_caller_hears_it_until_its_last_second(
    staff: Staff, clock: Clock, settings: Settings
) -> None:
    """Calls go on meanwhile: each hears what was on the air when it began."""
    before = rings(staff, clock)
    before.does_not_hear(SNOW)
    staff.opens(PAGE)
    staff.sees("Callers hear no notice now.")
    announces(staff, SNOW, typed(hours=5))
    staff.opens(PAGE)
    staff.sees("Callers hear this now", f"until {shown(hours=5)}: “{SNOW}”")
    before.presses("4")
    before.hears("These keys work while the article is read.")
    first = rings(staff, clock)
    first.hears("Welcome", SNOW, "Main menu")
    clock.passes(5 * 3_600_000 - 1000)
    rings(staff, clock).hears(SNOW)
    clock.passes(1000)
    rings(staff, clock).does_not_hear(SNOW)
    first.presses("4")
    first.hears("These keys work while the article is read.")
    staff.opens(PAGE)
    staff.sees("Callers hear no notice now.")
    assert live_notice(settings)


def test_only_the_clips_of_the_notice_are_made(
    staff: Staff, settings: Settings
) -> None:
    clips = {file for file in written(settings) if "clips" in file.parts}
    announces(staff, SNOW, typed(days=8), begins=typed(days=7))
    staff.sees("1 rendered now (5 clips)")
    new = {file for file in written(settings) if "clips" in file.parts} - clips
    assert len([file for file in new if file.is_file()]) == 5
    staff.opens(PAGE)
    staff.sees("Callers will hear this", f"from {shown(days=7)}, until")


def test_what_is_wrong_stands_beside_its_field_all_at_once_and_nothing_is_saved(
    staff: Staff, settings: Settings
) -> None:
    before = written(settings)
    staff.opens(PAGE)
    staff.presses(AIR, text="snow " * 41, begins="soon", ends=typed(minutes=0))
    assert staff.status == 422
    assert staff.fault("text") == "the notice has 41 words; say it in 40 or fewer"
    assert staff.fault("begins").startswith("this is not a date with a time")
    assert staff.fault("ends").startswith("this is in the past, so nobody would hear")
    assert staff.field("text").split() == ["snow"] * 41
    staff.presses(AIR, text="", begins="", ends="")
    assert "no words" in staff.fault("text")
    assert staff.fault("ends").startswith("this is missing; write a date with a time")
    staff.presses(AIR, text=SNOW, begins=typed(days=1), ends=typed(hours=23))
    assert "ends before it begins" in staff.fault("ends")
    assert written(settings) == before


def test_an_old_notice_is_not_put_on_the_air_again_by_oversight(
    staff: Staff, settings: Settings
) -> None:
    """Its end is refused, although the file had it all along."""
    file = settings.content / "en/notice.toml"
    file.write_text(
        f'text = "{SNOW}"\nbegins = 2020-01-01T08:00:00\nends = 2020-01-02T08:00:00\n'
    )
    staff.opens(PAGE)
    assert staff.field("ends") == "2020-01-02T08:00"
    staff.presses(AIR, text="The office is shut again.")
    assert staff.fault("ends").startswith("this is in the past")


def test_it_is_removed_at_once(staff: Staff, settings: Settings) -> None:
    announces(staff, SNOW, typed(days=8))
    staff.opens(PAGE)
    staff.presses("Remove it now")
    staff.sees("The notice was removed.")
    [undo] = staff.page.xpath("//*[@role='status']/a/@href")
    is_published(staff)
    assert live_notice(settings) is None
    assert not (settings.content / "en/notice.toml").exists()
    staff.opens(PAGE)
    staff.sees("Callers hear no notice now.")
    assert staff.field("text") == ""
    staff.opens(str(undo))
    staff.presses("Put back notice")
    assert staff.field("text") == SNOW


def test_it_is_listened_to_and_recorded_before_anybody_hears_it(
    staff: Staff, settings: Settings
) -> None:
    staff.opens(PAGE)
    staff.presses("Save and listen", text=SNOW, ends=typed(days=8))
    assert staff.address.startswith("/studio/en/notice/listen")
    staff.sees(SNOW)
    staff.opens("/studio/en/recording?name=notice")
    assert staff.field("spoken") == SNOW
    staff.presses("Send", file=(BytesIO(sound(2000)), "read.wav"))
    staff.sees("it is used in place of the synthetic voice")
    assert live_notice(settings) is None
    staff.opens("/studio")
    staff.sees("en: notice added")


def test_two_people_at_one_notice_are_told_and_neither_loses_a_word(
    staff: Staff, settings: Settings, clock: Clock
) -> None:
    other = Staff(settings, clock)
    other.signs_in()
    for person in (staff, other):
        person.opens(PAGE)
    staff.presses("Save and listen", text=SNOW, ends=typed(days=8))
    other.presses(AIR, text="There is ice.", ends=typed(days=8))
    assert other.status == 409
    other.sees(SNOW, "somebody else changed this in the meantime")
    assert other.field("text") == "There is ice."


def test_while_something_else_is_published_staff_are_told_that_it_waits(
    staff: Staff, settings: Settings
) -> None:
    job: Job = waiting_job(settings.studio / "publishing", settings)
    assert job.start()
    try:
        staff.opens(PAGE)
        staff.presses(AIR, text=SNOW, ends=typed(days=8))
        staff.sees("It is saved, but not on the air", "press Publish")
    finally:
        job.stop()


@pytest.mark.parametrize(
    "path", ["/studio/xx/notice", "/studio/en/notice/edit?name=notice"]
)
def test_there_is_one_page_of_it_in_each_language(staff: Staff, path: str) -> None:
    staff.opens(path)
    assert staff.status == 404
