"""Calls by speech: from the welcome to a ringing helpline without a key."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from ivr.call.scene import Event, Spoken
from ivr.call.steps import Step
from ivr.callers.callers import Callers
from ivr.callers.database import database_url, prepare
from ivr.callers.tables import metadata
from ivr.edition.edition import Edition
from ivr.handset.phone import verbs_of
from ivr.provider.webhooks import Line
from scripts.render_audio import main
from tests.support.acting import KEY, PATIENT_S, rows, written
from tests.support.caller import Caller, Clock
from tests.support.line import line
from tests.support.small import edition, publish
from tests.support.small_content import speaking


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store with the real words, in which callers may also speak, read by a silent voice."""
    folder = tmp_path_factory.mktemp("speech")
    content = speaking(folder / "content")
    folders = ["--content", str(content), "--store", str(folder / "store")]
    assert main([*folders, "--voice", "silent:1", "--workers", "1"]) == 0
    return folder / "store"


def rings(store: Path) -> Caller:
    """Somebody who has rung, on a Monday at noon."""
    clock = Clock()
    caller = Caller(line(store, clock), clock)
    caller.rings()
    return caller


def place(caller: Caller) -> str:
    """The step that a caller is at, without its moment."""
    action = verbs_of(caller.phone.document)[0].get("action", "")
    return action.partition("?")[0]


WAY = (
    ("", "", "In a menu, you can also speak."),
    ("someone to talk to", "3", "For Childline, say or press 2."),
    ("um Child line, please", "2", "To be put through, say or press 1."),
    ("Yes, please.", "1", "Putting you through to Childline."),
)
"""What the one says, the other presses, and both hear."""


def test_a_helpline_rings_by_speech_alone_as_it_does_by_keys_alone(store: Path) -> None:
    speaker = rings(store)
    presser = rings(store)
    for said, pressed, heard in WAY:
        if said:
            speaker.says(said)
            presser.presses(pressed)
        speaker.hears(heard)
        presser.hears(heard)
        assert place(speaker) == place(presser)
    for caller in (speaker, presser):
        assert not caller.phone.listens  # a transfer is never stopped by a voice
        caller.waits()
        assert caller.phone.dialling == "+448001111"


def test_the_article_is_read_by_speech_alone_and_nothing_said_stops_it(
    store: Path,
) -> None:
    caller = rings(store)
    caller.says("What is co-production?")
    caller.hears("This is a term we hear often")
    assert not caller.phone.listens
    caller.presses("8")
    caller.says("section three")
    caller.hears("A cake made together")
    caller.presses("5")
    assert not caller.phone.listens


def test_of_two_that_are_alike_the_caller_is_asked_which(store: Path) -> None:
    caller = rings(store)
    caller.says("helplines")
    caller.says("next page")
    caller.says("the anonymous one")
    caller.hears("Did you mean one of these? Gamblers Anonymous say or press 1.")
    caller.says("Narcotics")
    caller.hears("Narcotics Anonymous", "To be put through")


def test_who_is_not_understood_twice_is_asked_for_keys_and_can_press_them(
    store: Path,
) -> None:
    caller = rings(store)
    caller.says("something with marzipan")
    caller.hears("Sorry, we did not catch that. To hear the article, say or press 1.")
    caller.says("with marzipan")
    caller.hears("Please press a key. To hear the article, press 1.")
    assert not caller.phone.listens
    caller.presses("3")
    caller.hears("For Childline, press 2.")


# Nothing of it is kept


@pytest.fixture
def clock() -> Clock:
    """A clock that stands until a caller listens."""
    return Clock()


@pytest.fixture
def callers(tmp_path: Path, clock: Clock) -> Iterator[Callers]:
    """What a server knows of its callers."""
    url = database_url("sqlite:///callers.db", tmp_path)
    prepare(url, KEY, clock())
    callers = Callers(url, KEY, clock, PATIENT_S)
    yield callers
    callers.stop()


SECRET = "marzipan"


def fails_once(reply: Callable[..., str]) -> Callable[..., str]:
    """A reply that fails for what was said, and works for the apology."""

    def fails(
        line: Line, edition: Edition, step: Step, event: Event, *more: str
    ) -> str:
        if isinstance(event, Spoken):
            raise ValueError(f"this failed: {event}")
        return reply(line, edition, step, event, *more)

    return fails


def test_words_that_were_said_are_in_no_log_no_table_no_file_and_no_document(
    tmp_path: Path,
    clock: Clock,
    callers: Callers,
    caplog: pytest.LogCaptureFixture,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Understood, not understood, where nobody listens, and where the line itself fails."""
    caplog.set_level(logging.DEBUG)
    publish(tmp_path / "store", edition(speech=True))
    caller = Caller(line(tmp_path / "store", clock, callers), clock)
    caller.rings()
    told = [caller.phone.document]
    for said in ("the helplines {}", "{} always", "{}", "put me through {}"):
        caller.says(said.format(SECRET))
        told += [caller.phone.document, caller.phone.url]
    caller.waits()
    with monkeypatch.context() as broken:
        broken.setattr(Line, "reply", fails_once(Line.reply))
        caller.says(f"{SECRET} always")
    caller.hears("<say trouble>")
    told.append(caller.phone.document)
    assert "a webhook failed" in caplog.text
    written(callers)
    url = database_url("sqlite:///callers.db", tmp_path)
    kept = [str(rows(url, table)) for table in metadata.tables]
    assert "chosen" in "".join(kept)  # so this looks at what is there
    files = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    for text in (*told, *kept, caplog.text):
        assert SECRET not in text
    for data in files:
        assert SECRET.encode() not in data
