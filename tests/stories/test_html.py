"""Every page that a person may see is HTML as the standard has it, whatever state it is in."""

from dataclasses import replace
from datetime import date
from io import BytesIO
from pathlib import Path

from audio.air.studio_store import StudioStore
from audio.desk.posts import Post, Posts, Seen
from ivr.callers.events import Kind
from ivr.settings import Settings
from tests.support.recordings import sound
from tests.support.renders import waiting_job
from tests.support.server import until
from tests.support.staff import ARTICLE, HELPLINE, WELCOME, Staff
from tests.support.stores import long_ago
from tests.support.used import Use, counting
from tests.support.validator import complaints, with_the_validator

pytestmark = with_the_validator

RECORDING = "/studio/en/recording?name=welcome"

PAGES = {
    "status": "/studio",
    "notice": "/studio/en/notice",
    "articles": "/studio/en/articles",
    "prompts": "/studio/en/prompts",
    "helplines": "/studio/en/helplines",
    "pronunciations": "/studio/en/pronunciations",
    "article": ARTICLE,
    "prompt": WELCOME,
    "prompt-with-a-slot": "/studio/en/prompts/edit?name=press",
    "helpline": HELPLINE,
    "pronunciation": "/studio/en/pronunciations/edit?name=words/COPE",
    "article-to-bring-in": "/studio/en/articles/import",
    "article-to-add": "/studio/en/articles/edit",
    "helpline-to-add": "/studio/en/helplines/edit",
    "pronunciation-to-add": "/studio/en/pronunciations/edit",
    "listen-to-an-article": "/studio/en/articles/listen?name=what-is-co-production",
    "listen-to-a-section": "/studio/en/articles/listen?name=what-is-co-production&section=2",
    "listen-to-a-helpline": "/studio/en/helplines/listen?name=childline&speed=2",
    "listen-to-a-pronunciation": "/studio/en/pronunciations/listen?name=words/COPE",
    "listen-to-a-slot": "/studio/en/prompts/listen?name=press&value=3",
    "recording": RECORDING,
    "recording-of-a-section": "/studio/en/recording?name=what-is-co-production/1",
    "line": "/studio/line",
    "hours": "/studio/en/hours/edit?name=hours",
    "languages": "/studio/languages",
    "language": "/studio/languages/en",
    "voices": "/studio/voices",
    "publish": "/studio/publish",
    "publishing": "/studio/publishing",
    "editions": "/studio/editions",
    "changes": "/studio/changes",
    "waiting": "/studio/changes/waiting",
    "changes-of-a-prompt": "/studio/en/prompts/changes?name=welcome",
    "prompts-that-are-found": "/studio/en/prompts?find=press",
    "call-map": "/studio/map",
    "use": "/studio/use",
    "ready": "/studio/ready",
    "guide": "/studio/guide",
}
"""Pages that only need to be opened."""


class Album:
    """Pages as somebody saw them, by names."""

    def __init__(self) -> None:
        self.pages: dict[str, str] = {}

    def keep(self, name: str, staff: Staff, status: int = 200) -> None:
        """Keeps the page that somebody sees."""
        assert staff.status == status, name
        assert staff.document.rstrip().endswith("</html>"), name
        assert name not in self.pages
        self.pages[name] = staff.document


def test_every_page_as_it_is_opened(staff: Staff, tmp_path: Path) -> None:
    """A page that is wrong is among them, or the test could not fail."""
    album = Album()
    for name, address in PAGES.items():
        staff.opens(address)
        album.keep(name, staff)
    staff.opens("/studio/nowhere/to/be/found")
    album.keep("nowhere", staff, 404)
    for name, address in (("handset", "/"), ("sheet", "/sheet")):
        staff.opens(address)
        album.keep(name, staff)
    staff.opens(WELCOME)
    staff.document = staff.document.replace("<label for=", "<label fro=", 1)
    album.keep("wrong", staff)
    [told] = complaints(album.pages, tmp_path / "pages")
    assert told.startswith("wrong: Attribute “fro” not allowed on element “label”")


def test_every_page_that_refuses_something(settings: Settings, tmp_path: Path) -> None:
    album = Album()
    of_strangers(album, settings)
    one, two = Staff(settings), Staff(settings)
    for person in (one, two):
        person.client.environ_base["HTTP_X_FORWARDED_FOR"] = "198.51.100.7"
        person.signs_in()
    of_faults(album, one)
    of_two_people(album, one, two)
    of_recordings(album, one)
    of_posts(album, settings)
    of_broken_files(album, one, settings)
    assert complaints(album.pages, tmp_path / "pages") == []


def of_strangers(album: Album, settings: Settings) -> None:
    stranger = Staff(settings)
    stranger.opens(WELCOME)
    album.keep("sign-in", stranger)
    stranger.presses("Sign in", password="a wrong guess")
    album.keep("wrong-password", stranger, 403)
    while stranger.status != 429:
        stranger.presses("Sign in", password="a wrong guess")
    album.keep("too-many-attempts", stranger, 429)
    nobody = Staff(replace(settings, studio_password_hash=None, secret_key=None))
    nobody.opens(WELCOME)
    album.keep("no-password-is-set", nobody, 403)


def of_faults(album: Album, staff: Staff) -> None:
    staff.opens(HELPLINE)
    staff.presses(
        "Save", number="12", hours="sometimes", name="", checked="soon", place="x"
    )
    album.keep("faults-of-a-helpline", staff, 422)
    staff.opens("/studio/en/notice")
    staff.presses("Put it on the air now", text="", ends="soon")
    album.keep("faults-of-a-notice", staff, 422)
    staff.presses("Save and listen", text="It snows.", ends="2999-01-01T08:00")
    album.keep("listen-to-a-notice", staff)
    staff.opens("/studio/en/notice")
    album.keep("notice-that-is-saved", staff)
    staff.opens("/studio/en/recording?name=notice")
    album.keep("recording-of-a-notice", staff)
    staff.opens(ARTICLE)
    staff.presses("Save", words="## One\n\nWords.\n\n![a cake](cake.png)")
    album.keep("faults-of-an-article", staff, 422)
    staff.opens("/studio/en/pronunciations/edit")
    staff.presses("Save")
    album.keep("faults-of-a-pronunciation", staff, 422)
    staff.opens("/studio/en/pronunciations/edit")
    staff.presses("Save", table="words", written="COPE", said="Coop")
    album.keep("there-is-one-already", staff, 409)


def of_two_people(album: Album, one: Staff, two: Staff) -> None:
    for address, fields in ((WELCOME, "text"), (HELPLINE, "whom")):
        one.opens(address)
        two.opens(address)
        one.presses("Save", **{fields: "The words of one."})
        two.presses("Save", **{fields: "The words of two."})
        album.keep(f"conflict-over-{fields}", two, 409)
    one.opens(HELPLINE)
    two.opens(HELPLINE)
    one.presses("Save", whom="The words of one again.")
    two.presses("Remove it")
    album.keep("asked-before-removal", two)
    two.presses("Remove Childline")
    album.keep("not-removed", two, 409)
    one.opens(HELPLINE)
    two.opens(HELPLINE)
    one.presses("Remove it")
    one.presses("Remove Childline")
    album.keep("removed", one)
    two.presses("Save", whom="The words of two.")
    album.keep("removed-meanwhile", two, 409)


def of_recordings(album: Album, staff: Staff) -> None:
    staff.opens(RECORDING)
    staff.presses(
        "Send", file=(BytesIO(b"not a sound"), "read.wav"), spoken="<b>Hello.</b>"
    )
    album.keep("recording-refused", staff, 422)
    staff.opens(RECORDING)
    staff.presses(
        "Send", file=(BytesIO(sound(900)), "read.wav"), spoken="Something else."
    )
    album.keep("recording-not-used", staff)
    staff.opens("/studio")
    album.keep("status-with-a-warning", staff)


def of_posts(album: Album, settings: Settings) -> None:
    staff = Staff(replace(settings, feed_url="https://www.example.org/feed"))
    staff.signs_in()
    names = ("Tea", "<b>Cake</b> & more", "Gone")
    posts = [
        Post(f"{n:016x}", name, "http://127.0.0.1/", "") for n, name in enumerate(names)
    ]
    told = Seen("2026-01-01T12:00:00+00:00", "it is away", tuple(posts))
    Posts(settings.studio / "feed").note(told)
    staff.opens("/studio/en/articles/import")
    staff.presses("Not this one (Gone)")
    album.keep("new-posts", staff)
    staff.presses("Import (Tea)")
    album.keep("post-that-cannot-be-read", staff, 422)
    staff.opens("/studio")
    album.keep("status-with-new-posts", staff)


def of_broken_files(album: Album, staff: Staff, settings: Settings) -> None:
    staff.opens(WELCOME)
    prompts = settings.content / "en/prompts.toml"
    prompts.write_text("busy = ")
    staff.presses("Save", text="An hour's work.")
    album.keep("broken-files", staff, 409)
    staff.opens("/studio")
    album.keep("status-with-faults", staff)
    staff.opens(HELPLINE.replace("childline", "samaritans"))
    staff.presses("Save", key="forged")
    album.keep("forged", staff, 400)
    (settings.studio / "sent").rename(settings.studio / "away")
    (settings.studio / "sent").write_text("in the way")
    staff.opens(HELPLINE.replace("childline", "samaritans"))
    staff.presses("Save", name="A <b>bold</b> name")
    album.keep("disk-failed", staff, 503)


def test_every_page_while_something_changes(
    staff: Staff, settings: Settings, tmp_path: Path
) -> None:
    album = Album()
    of_use(album, settings, tmp_path)
    staff.opens(WELCOME)
    staff.presses("Save", text="Ten <letters>")
    album.keep("saved", staff)
    for name, link in (("earlier-words", "/prompts/changes"), ("a-save", "/changes/")):
        [address, *_] = [
            str(each) for each in staff.page.xpath("//main//a/@href") if link in each
        ]
        staff.opens(address)
        album.keep(name, staff)
    staff.opens(WELCOME.replace("edit", "listen"))
    album.keep("no-sound-yet", staff)
    staff.presses("Make the sound")
    album.keep("a-new-sound", staff)
    staff.opens("/studio/publish")
    album.keep("publish-with-changes", staff)
    staff.opens("/studio")
    album.keep("status-with-changes", staff)
    of_publishing(album, staff, settings)
    long_ago(StudioStore(settings.store))
    for name in ("", "/publish", "/editions", "/map"):
        staff.opens(f"/studio{name}")
        album.keep(f"nothing-on-the-air{name.replace('/', '-')}", staff)
    assert complaints(album.pages, tmp_path / "pages") == []


def of_use(album: Album, settings: Settings, folder: Path) -> None:
    callers = counting(folder)
    use = Use(callers)
    use.happens(9, date(2026, 10, 6), Kind.CALL)
    use.happens(7, date(2026, 10, 6), Kind.CHOSEN, subject="A <helpline>")
    use.report("2026-10")
    counted = Staff(settings, callers=callers)
    counted.signs_in()
    counted.opens("/studio/use")
    counted.sees("How the line was used in October 2026", "A <helpline> 7")
    album.keep("use-with-counts", counted)
    counted.opens("/studio/use?period=2026-02")
    album.keep("use-of-nothing", counted)
    counted.opens("/studio/use?period=July")
    album.keep("use-of-no-period", counted, 422)
    callers.stop()


def of_publishing(album: Album, staff: Staff, settings: Settings) -> None:
    job = waiting_job(settings.studio / "publishing", settings)
    assert job.start()
    try:
        until(lambda: job.progress().of == 7)
        for name in ("", "/publish", "/publishing"):
            staff.opens(f"/studio{name}")
            album.keep(f"in-progress{name.replace('/', '-')}", staff)
    finally:
        job.stop()
    until(lambda: not job.progress().going)
    for name in ("", "/publishing"):
        staff.opens(f"/studio{name}")
        album.keep(f"stopped{name.replace('/', '-')}", staff)
