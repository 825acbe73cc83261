"""Callers who hang up in the middle and ring back can carry on where they were."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy.engine import URL

from ivr.callers.callers import Callers
from ivr.callers.database import database_url, prepare
from ivr.edition.content import Section
from ivr.edition.edition import Edition
from ivr.handset.phone import Cue, Phone, over_app
from tests.support.acting import KEY, PATIENT_S, rows, written
from tests.support.caller import PUBLIC_URL, TOKEN, Caller, Clock
from tests.support.line import line
from tests.support.small import NOON, article, edition, publish

EVERY_S = 7
SECTIONS = 6

OURS = article("one", 3, 4, 2)
NUMBER = "+447700900123"


@dataclass
class Servers:
    """Server processes with one database and one store."""

    url: URL
    store: Path
    clock: Clock
    running: list[Callers] = field(default_factory=list)
    calls: int = 0

    def begins(self) -> Flask:
        """One more server."""
        self.running.append(Callers(self.url, KEY, self.clock, PATIENT_S))
        self.running[-1].start()
        return line(self.store, self.clock, self.running[-1])

    def stop(self) -> None:
        """All of them, as at a restart."""
        for callers in self.running:
            callers.stop()
        self.running.clear()

    def rung(self, app: Flask, number: str = NUMBER) -> Caller:
        """Somebody rings, once everything that happened before is written."""
        written(*self.running)
        self.calls += 1
        self.clock.passes(60_000)
        caller = Caller(app, self.clock, number, f"CA{self.calls:032x}")
        caller.rings()
        return caller

    def hangs_up(self, caller: Caller, after_ms: float = 0) -> None:
        """They listen, and hang up; the provider tells it when all else is written."""
        written(*self.running)
        caller.hangs_up(after_ms)


@pytest.fixture
def servers(address: str, tmp_path: Path) -> Iterator[Servers]:
    """None yet; the store has an edition with one article."""
    publish(tmp_path / "store", edition(OURS))
    url = database_url(address, tmp_path)
    prepare(url, KEY, NOON)
    servers = Servers(url, tmp_path / "store", Clock())
    yield servers
    servers.stop()


def reads(caller: Caller, section: int = 1) -> None:
    """From the main menu to the first words of a section."""
    caller.presses(f"2{section}")
    if "<tour>" in caller.phone.words():
        caller.presses("#")
    caller.presses("#")


def said_at(caller: Caller, ms: float) -> Cue:
    """What is being said when the caller has listened for so long."""
    [sound] = caller.phone.sounds
    return next(cue for cue in sound.cues if ms < cue.end_ms)


def carries_on_with(caller: Caller, sentence: str) -> None:
    """They are offered to carry on, and hear this at once."""
    caller.hears("<welcome>", "<menu_carry_on>")
    caller.presses("1")
    assert said_at(caller, 0).text == sentence


def is_not_offered_to_carry_on(caller: Caller) -> None:
    """But the tour does not come again either: they know the keys."""
    caller.hears("<welcome>", "<menu_article>")
    caller.does_not_hear("<menu_carry_on>")
    caller.presses("1")
    caller.does_not_hear("<tour>")


def is_new(caller: Caller) -> None:
    """They are not known: the tour comes."""
    caller.does_not_hear("<menu_carry_on>")
    caller.presses("1")
    caller.hears("<tour>")


def length(cue: Cue) -> int:
    """In whole milliseconds."""
    return round(cue.end_ms - cue.start_ms)


@pytest.mark.parametrize("section", [1, 2, 3])
def test_whoever_hangs_up_at_any_second_carries_on_in_that_sentence_at_that_speed(
    servers: Servers, section: int
) -> None:
    """On another server, too."""
    one, other = servers.begins(), servers.begins()
    heard_ms = 0
    while True:
        number = f"+4477009{heard_ms:05}"
        caller = servers.rung(one, number)
        reads(caller, section)
        caller.presses("9#")
        if heard_ms >= caller.phone.length_ms():
            break
        cue = said_at(caller, heard_ms)
        servers.hangs_up(caller, after_ms=heard_ms)
        again = servers.rung(other, number)
        if cue.text == "one section 1 sentence 1.":
            is_not_offered_to_carry_on(again)
            again.hears(cue.text)
        else:
            carries_on_with(again, cue.text)
            assert length(said_at(again, 0)) == length(cue)
        heard_ms += 1000
    assert heard_ms >= 4000


@pytest.mark.slow
def test_so_does_whoever_listens_to_the_whole_article(
    address: str, spoken: Path, tmp_path: Path
) -> None:
    """The line's own article in its own voice: someone hangs up at every seventh second of it."""
    servers = Servers(database_url(address, tmp_path), spoken, Clock())
    prepare(servers.url, KEY, NOON)
    one, other = servers.begins(), servers.begins()
    seconds = count(0, EVERY_S)
    section, before_ms, sentences = 1, 0.0, set[str]()
    for second in seconds:
        number = f"+4477009{second:05}"
        caller = servers.rung(one, number)
        caller.presses(f"2{section}##")
        heard_ms = second * 1000 - before_ms
        if heard_ms >= caller.phone.length_ms():
            before_ms += caller.phone.length_ms()
            section += 1
            if section > SECTIONS:
                break
            continue
        cue = said_at(caller, heard_ms)
        servers.hangs_up(caller, after_ms=heard_ms)
        again = servers.rung(other, number)
        again.presses("1")
        again.hears(cue.text)
        if (section, cue.start_ms) != (1, 0):
            assert said_at(again, 0).text == cue.text
        sentences.add(cue.text)
    servers.stop()
    assert len(sentences) > 15


def test_after_a_restart_they_carry_on(servers: Servers) -> None:
    caller = servers.rung(servers.begins())
    reads(caller, 2)
    servers.hangs_up(caller, after_ms=3000)
    servers.stop()
    again = servers.rung(servers.begins())
    carries_on_with(again, "one section 2 sentence 2.")


def test_where_no_hang_up_is_told_they_carry_on_where_their_last_key_was(
    servers: Servers,
) -> None:
    app = servers.begins()
    caller = servers.rung(app)
    reads(caller, 2)
    caller.presses("3", after_ms=3000)
    again = servers.rung(app)
    carries_on_with(again, "one section 2 sentence 3.")


def test_who_paused_or_went_to_a_helpline_carries_on_from_there(
    servers: Servers,
) -> None:
    app = servers.begins()
    for keys in ("5", "0", "01", "8", "*"):
        caller = servers.rung(app)
        reads(caller, 2)
        caller.presses(keys[0], after_ms=3000)
        caller.presses(keys[1:])
        servers.hangs_up(caller, after_ms=60_000)
        again = servers.rung(app)
        carries_on_with(again, "one section 2 sentence 2.")


def test_who_heard_the_article_to_its_end_is_offered_it_anew(servers: Servers) -> None:
    app = servers.begins()
    caller = servers.rung(app)
    reads(caller, 3)
    caller.waits()
    caller.hears("<end_of_article>")
    servers.hangs_up(caller)
    is_not_offered_to_carry_on(servers.rung(app))


def test_a_hang_up_that_is_told_late_or_twice_changes_nothing(servers: Servers) -> None:
    app = servers.begins()
    caller = servers.rung(app)
    reads(caller, 2)
    servers.hangs_up(caller, after_ms=3000)
    servers.hangs_up(caller, after_ms=3000)
    again = servers.rung(app)
    carries_on_with(again, "one section 2 sentence 2.")
    servers.hangs_up(again, after_ms=3_600_000)  # so they were not listening any more
    third = servers.rung(app)
    carries_on_with(third, "one section 2 sentence 2.")


def test_a_webhook_that_comes_late_or_twice_moves_nobody_back(servers: Servers) -> None:
    app = servers.begins()
    caller = servers.rung(app)
    reads(caller, 2)
    early = caller.phone.url
    caller.presses("33", after_ms=10)
    written(*servers.running)
    servers.clock.passes(5000)
    caller.phone.tell(early, {"Digits": "#"})
    again = servers.rung(app)
    carries_on_with(again, "one section 2 sentence 3.")


def changed(servers: Servers, *sections: Section) -> Edition:
    """The article has these sections now, on the air."""
    made = edition(replace(OURS, sections=sections))
    return publish(servers.store, replace(made, id="f" * 12))


def test_where_the_article_was_changed_it_is_the_same_sentence_if_that_is_still_there(
    servers: Servers,
) -> None:
    """It is there twice: in a new section before, and in its own, which it is looked for first."""
    app = servers.begins()
    caller = servers.rung(app)
    reads(caller, 2)
    servers.hangs_up(caller, after_ms=3000)
    one, two, three = OURS.sections
    new = Section("New", ("New.", two.sentences[1]))
    two = replace(two, sentences=("New as well.", *two.sentences))
    changed(servers, new, one, two, three)
    again = servers.rung(app)
    carries_on_with(again, "one section 2 sentence 2.")
    again.presses("2")
    again.hears("<where> 3")


def test_else_it_is_the_start_of_its_section_which_is_known_by_its_heading(
    servers: Servers,
) -> None:
    app = servers.begins()
    caller = servers.rung(app)
    reads(caller, 2)
    servers.hangs_up(caller, after_ms=3000)
    one, two, three = OURS.sections
    changed(servers, one, three, replace(two, sentences=("These are new.", "Too.")))
    again = servers.rung(app)
    carries_on_with(again, "These are new.")


def test_else_nothing_is_offered_and_nothing_forgotten(servers: Servers) -> None:
    app = servers.begins()
    caller = servers.rung(app)
    reads(caller, 2)
    servers.hangs_up(caller, after_ms=3000)
    one, _, three = OURS.sections
    changed(servers, one, Section("Another heading", ("These are new.",)), three)
    again = servers.rung(app)
    again.presses("0*")
    servers.hangs_up(again)
    publish(servers.store, edition(OURS))
    carries_on_with(servers.rung(app), "one section 2 sentence 2.")
    publish(servers.store, replace(edition(article("two", 2, 2)), id="e" * 12))
    is_not_offered_to_carry_on(servers.rung(app))


def test_of_several_articles_it_is_the_last_one(servers: Servers) -> None:
    publish(servers.store, edition(OURS, article("two", 2, 3)))
    app = servers.begins()
    caller = servers.rung(app)
    caller.presses("11##3*22#3")
    servers.hangs_up(caller)
    carries_on_with(servers.rung(app), "two section 1 sentence 2.")


def test_a_speed_or_a_language_that_is_gone_is_the_nearest_and_the_first(
    servers: Servers,
) -> None:
    app = servers.begins()
    caller = servers.rung(app)
    reads(caller, 2)
    caller.presses("999#")  # at double speed
    servers.hangs_up(caller, after_ms=3000)
    made = edition(OURS)
    content = replace(made.content, speeds=made.content.speeds[:-1])
    slower = replace(made, id="e" * 12, content=content)
    publish(servers.store, slower)
    again = servers.rung(app)
    carries_on_with(again, "one section 2 sentence 3.")
    assert length(said_at(again, 0)) == round(
        len("one section 2 sentence 3.") * 100 / 1.5
    )


@pytest.mark.parametrize("number", ["anonymous", "+266696687", "", "12"])
def test_nobody_is_remembered_who_withholds_the_number(
    servers: Servers, number: str
) -> None:
    app = servers.begins()
    caller = servers.rung(app, number)
    reads(caller, 2)
    servers.hangs_up(caller, after_ms=3000)
    again = servers.rung(app, number)
    is_new(again)
    assert rows(servers.url, "bookmarks") == []


def test_whoever_asks_for_it_is_forgotten_at_once_and_for_the_rest_of_the_call(
    servers: Servers,
) -> None:
    """Even where webhooks of that call come again, and to another server."""
    app, other = servers.begins(), servers.begins()
    caller = servers.rung(app)
    reads(caller, 2)
    early = caller.phone.url
    caller.presses("3*4#")
    caller.hears("<remembered>")
    written(*servers.running)
    assert len(rows(servers.url, "bookmarks")) == 1
    caller.presses("1")
    caller.hears("<forgotten>")
    written(*servers.running)
    assert rows(servers.url, "bookmarks") == []
    reads(caller, 2)
    caller.presses("3")
    copied = Caller(other, servers.clock, NUMBER, f"CA{servers.calls:032x}")
    copied.phone.tell(early, {"Digits": "#"})
    servers.hangs_up(caller, after_ms=1000)
    again = servers.rung(other)
    assert rows(servers.url, "bookmarks") == []
    is_new(again)


def test_a_caller_who_was_forgotten_is_remembered_from_the_next_call_on(
    servers: Servers,
) -> None:
    app = servers.begins()
    caller = servers.rung(app)
    caller.presses("4#1")
    reads(caller, 2)
    servers.hangs_up(caller, after_ms=3000)
    again = servers.rung(app)
    reads(again, 3)
    servers.hangs_up(again, after_ms=3000)
    carries_on_with(servers.rung(app), "one section 3 sentence 2.")


def test_where_nobody_is_known_the_line_says_that_nothing_is_remembered(
    servers: Servers,
) -> None:
    """Callers who withhold their number, and the handset."""
    app = servers.begins()
    caller = servers.rung(app, "anonymous")
    caller.presses("4#")
    caller.hears("<nothing_remembered>")
    page = over_app(app.test_client(), PUBLIC_URL)
    handset = Phone(page, f"{PUBLIC_URL}/handset", TOKEN, caller=NUMBER)
    handset.ring()
    handset.press("4")
    handset.press("#")
    assert "<nothing_remembered>" in handset.words()
