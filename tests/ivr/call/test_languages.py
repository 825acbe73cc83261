"""The choice of a language: each offers itself, nobody is lost, and a call stays in its own."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.call import flow
from ivr.call.returning import digest
from ivr.call.scene import (
    Event,
    LeftOff,
    Lost,
    Pressed,
    Reply,
    Silence,
    Start,
    Trouble,
)
from ivr.call.steps import Goodbye, Helplines, Languages, Menu, Place, Step
from ivr.edition.content import KEYS, Notice, language_choices
from ivr.edition.edition import Edition
from tests.support.reached import EVENTS, every_reply
from tests.support.small import NOON, WELSH, bilingual, edition

BOTH = bilingual()
OFFER = ("<choose_language> 1", "<cy choose_language> 2")


@cache
def reached() -> list[Reply]:
    """What a call can come to in a few events."""
    return list(every_reply(BOTH, depth=4).values())


REPLIES = st.deferred(lambda: st.sampled_from(reached()))


def at_start(line: Edition = BOTH) -> Reply:
    """A call begins."""
    return flow.answer(line, flow.first_step(line), Start(), NOON)


def after(reply: Reply, *events: Event, line: Edition = BOTH) -> Reply:
    """One thing after the other happens, each when all was said."""
    for event in events:
        later = NOON + timedelta(minutes=1)
        reply = flow.answer(line, reply.step, event, later)
    return reply


def keys(pressed: str) -> list[Event]:
    """Each of these keys."""
    return [Pressed(key) for key in pressed]


def test_each_language_offers_itself_first_of_all() -> None:
    assert at_start().says == OFFER


@pytest.mark.parametrize(
    ("key", "language", "welcome"),
    [("1", "en", "<welcome>"), ("2", WELSH, "<cy welcome>")],
)
def test_the_welcome_is_in_the_language_that_was_chosen(
    key: str, language: str, welcome: str
) -> None:
    chosen = after(at_start(), Pressed(key))
    assert isinstance(chosen.step, Menu)
    assert chosen.step.language == language
    assert chosen.says[0] == welcome


def test_the_notice_is_that_of_the_language() -> None:
    long = NOON.replace(tzinfo=None)
    notice = Notice("Ar gau heddiw.", long, long + timedelta(days=1))
    line = bilingual(notice)
    chosen = after(at_start(line), Pressed("2"), line=line)
    assert chosen.says[:2] == ("<cy welcome>", "Ar gau heddiw.")
    assert notice.text not in after(at_start(line), Pressed("1"), line=line).says


@pytest.mark.parametrize("unclear", [Silence(), Pressed("3"), Pressed("9")], ids=str)
def test_nobody_is_lost_who_chooses_none(unclear: Event) -> None:
    """The offer comes twice; then the call goes on in the first language."""
    again = after(at_start(), unclear)
    assert again.says == OFFER
    assert again.wait_s > at_start().wait_s
    gone_on = after(again, unclear)
    assert isinstance(gone_on.step, Menu)
    assert gone_on.step.language == "en"
    assert gone_on.says[0] == "<welcome>"


def test_a_language_can_be_chosen_the_second_time() -> None:
    chosen = after(at_start(), Silence(), Pressed("2"))
    assert chosen.says[0] == "<cy welcome>"


def test_zero_leads_to_someone_to_talk_to_at_once() -> None:
    assert isinstance(after(at_start(), Pressed("0")).step, Helplines)


def test_hash_goes_on_and_star_says_goodbye_as_at_the_top() -> None:
    assert after(at_start(), Pressed("#")).says[0] == "<welcome>"
    assert isinstance(after(at_start(), Pressed("*")).step, Goodbye)


def test_the_main_menu_offers_the_other_language_in_its_own_words() -> None:
    in_english = after(at_start(), Pressed("1"))
    assert "<cy choose_language> 5" in in_english.says
    in_welsh = after(in_english, Pressed("5"))
    assert in_welsh.says[0] == "<cy welcome>"
    assert "<choose_language> 5" in in_welsh.says
    assert after(in_welsh, Pressed("5")).step.language == "en"


def test_the_other_language_is_still_offered_after_silence() -> None:
    quiet = after(at_start(), Pressed("1"), Silence())
    assert "<cy choose_language> 5" in quiet.says


def test_another_language_keeps_the_speed_and_begins_its_own_articles() -> None:
    """A bookmark is a sentence of the other language; and its tour was not understood."""
    place = Place("one", 2)
    menu = Menu(language="en", speed=1.5, bookmark=place)
    changed = flow.answer(BOTH, menu, Pressed("5"), NOON).step
    assert (changed.speed, changed.bookmark) == (1.5, None)
    begun = after(after(at_start(), Pressed("2")), Pressed("1"))
    assert begun.says[:2] == ("<cy tour>", "Title of un")


def test_whose_language_is_known_is_not_asked() -> None:
    known = flow.first_step(BOTH, WELSH)
    assert flow.answer(BOTH, known, Start(), NOON).says[0] == "<cy welcome>"
    assert isinstance(flow.first_step(BOTH, "fr"), Languages)


def test_who_rings_again_goes_on_in_the_language_of_their_bookmark() -> None:
    """It is not asked for again, and the main menu offers the other."""
    words = BOTH.content.languages[WELSH].articles[0].sections[0]
    place = Place("un", section=1, start=1)
    sentence, heading = digest(words.sentences[1]), digest(words.heading)
    left_off = LeftOff(WELSH, 1.5, place, sentence, heading)
    again = flow.answer(BOTH, flow.first_step(BOTH), Start(left_off), NOON)
    assert again.says[:3] == ("<cy welcome>", "<cy menu_intro>", "<cy menu_carry_on>")
    assert "<choose_language> 5" in again.says
    assert after(again, Pressed("1")).says[0] == "un section 1 sentence 2."
    gone = replace(left_off, language="fr")
    asked = flow.answer(BOTH, flow.first_step(BOTH), Start(gone), NOON)
    assert asked.says == OFFER


def test_who_is_turned_away_is_told_so_in_every_language() -> None:
    """No language was chosen, and they may be in danger."""
    assert flow.turn_away(BOTH, is_barred=True).says == (
        "<barred>",
        "<other_help>",
        "<cy barred>",
        "<cy other_help>",
    )


def test_whoever_is_lost_or_in_trouble_hears_so_in_their_language() -> None:
    known = flow.first_step(BOTH, WELSH)
    assert flow.answer(BOTH, known, Lost(), NOON).says[0] == "<cy start_again>"
    in_trouble = flow.answer(BOTH, known, Trouble(), NOON)
    assert in_trouble.says[:2] == ("<cy trouble>", "<cy helplines_intro>")


def test_one_language_is_not_offered() -> None:
    """Nor is another, in an edition from before languages were offered."""
    assert at_start(edition()).says[0] == "<welcome>"
    assert not [text for text in at_start(edition()).says if "language" in text]
    english, welsh = BOTH.content.languages.values()
    silent = replace(welsh, prompts=replace(welsh.prompts, choose_language=""))
    languages = {"en": english, WELSH: silent}
    older = replace(BOTH, content=replace(BOTH.content, languages=languages))
    assert at_start(older).says[0] == "<welcome>"


@pytest.mark.parametrize(
    ("codes", "current", "expected"),
    [
        (["en"], "", {}),
        (["en"], "en", {}),
        (["en", "cy"], "", {"1": "en", "2": "cy"}),
        (["en", "cy"], "cy", {"5": "en"}),
        (["en", "cy", "gd"], "cy", {"5": "en", "6": "gd"}),
    ],
)
def test_keys_ascend_without_a_gap(
    codes: list[str], current: str, expected: dict[str, str]
) -> None:
    assert language_choices(codes, current) == expected


def chooses(step: Step, event: Event) -> bool:
    """Whether this is the key of another language."""
    if not isinstance(event, Pressed):
        return False
    current = "" if isinstance(step, Languages) else step.language
    can_choose = isinstance(step, Languages | Menu)
    return can_choose and event.keys[:1] in language_choices(["en", WELSH], current)


@given(REPLIES, st.sampled_from(EVENTS), st.integers(-9_000, 60_000))
def test_a_call_stays_in_its_language_unless_another_is_chosen(
    reply: Reply, event: Event, heard_ms: int
) -> None:
    """Its words too: all that is said has a clip of that language, but for the offers."""
    now = NOON + timedelta(milliseconds=heard_ms)
    led = flow.answer(BOTH, reply.step, event, now)
    if not chooses(reply.step, event):
        assert led.step.language == reply.step.language
    spoken = BOTH.clips[led.step.language]
    foreign = [text for text in led.says if text not in spoken]
    assert all("choose_language" in text for text in foreign)
    assert all(BOTH.spoken(text, led.step.language) for text in led.says)


@given(st.lists(st.sampled_from(KEYS), max_size=12))
def test_whatever_is_pressed_the_line_speaks_one_language_at_a_time(
    pressed: list[str],
) -> None:
    reply = after(at_start(), *keys("".join(pressed)))
    welsh = [text for text in reply.says if text.startswith("<cy ")]
    ours = [text for text in reply.says if text.startswith("<") and text not in welsh]
    other = ours if reply.step.language == WELSH else welsh
    assert all("choose_language" in text for text in other)
