"""A call's limits: announced before they act, and never in the middle of anything."""

from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache

import pytest

from ivr.call import flow
from ivr.call.limits import WARNING_MS
from ivr.call.scene import (
    Abilities,
    Event,
    Limits,
    Lost,
    Outcome,
    Pressed,
    Reply,
    Silence,
    Start,
    Trouble,
)
from ivr.call.steps import (
    Languages,
    Menu,
    OneHelpline,
    Step,
    Transfer,
    step_from,
    url_of,
)
from ivr.edition.edition import Edition
from tests.support.reached import EVENTS, FARTHEST, every_reply
from tests.support.small import NOON, article, bilingual, edition, helpline

LINE = edition(
    article("one", 2, 1), helplines=(helpline("first"), helpline("code", e164=None))
)
BOTH = bilingual()
SAYS = LINE.content.languages["en"].prompts
AN_HOUR = Limits(longest_s=3600)
TWICE = Limits(transfers=2)


@cache
def reached(edition_id: str) -> dict[Step, Reply]:
    """What a call can come to in a few events."""
    if edition_id == LINE.id:
        return every_reply(LINE, depth=FARTHEST - 1)
    return every_reply(BOTH, depth=2)


class Caller:
    """Somebody in a call that has limits."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.now = NOON
        self.reply = self.answer(flow.first_step(LINE), Start())

    def answer(self, step: Step, event: Event) -> Reply:
        """What the line does now."""
        return flow.answer(
            LINE, step, event, self.now, limits=self.limits, abilities=Abilities()
        )

    def does(self, *events: Event, after_s: float = 9) -> Reply:
        """One after the other; the step goes by its URL, as in a call."""
        for event in events:
            self.now += timedelta(seconds=after_s)
            self.reply = self.answer(by_url(self.reply.step), event)
        return self.reply

    def presses(self, keys: str, after_s: float = 9) -> Reply:
        """Keys, one after the other."""
        return self.does(*map(Pressed, keys), after_s=after_s)

    def waits_until(self, moment: datetime) -> None:
        """Time passes."""
        self.now = max(self.now, moment)


def by_url(step: Step) -> Step:
    """The step that its own URL names."""
    path, _, query = url_of(LINE.id, step).partition("?")
    _, language, kind, *rest = path.split("/")
    asked = dict(pair.split("=") for pair in query.split("&") if pair)
    return step_from(LINE.content, language, kind, rest, asked)


def minutes(number: float) -> datetime:
    """So many after the call began."""
    return NOON + timedelta(minutes=number)


# How long a call may be


def test_without_limits_urls_are_as_short_as_ever() -> None:
    assert url_of(LINE.id, Caller(Limits()).presses("1").step).count("until") == 0


def test_when_a_call_must_end_is_in_every_url_from_the_beginning() -> None:
    caller = Caller(AN_HOUR)
    until = round(minutes(60).timestamp() * 1000)
    for keys in ("1", "5", "*", "0", "1", "1"):
        assert caller.reply.step.until == until
        caller.presses(keys)
    lost = caller.answer(flow.first_step(LINE), Lost())
    assert lost.step.until == round(caller.now.timestamp() * 1000) + 3_600_000


def test_a_call_that_begins_with_trouble_has_an_end_as_well() -> None:
    line = edition()
    limits = Limits(longest_s=300)
    end = round(NOON.timestamp() * 1000) + 300_000
    first = flow.answer(line, Menu(language="en"), Trouble(), NOON, limits=limits)
    assert first.step.until == end
    later = NOON + timedelta(minutes=1)
    again = flow.answer(line, first.step, Trouble(), later, limits=limits)
    assert again.step.until == end


def test_the_end_is_announced_once_a_minute_before() -> None:
    caller = Caller(AN_HOUR)
    caller.waits_until(minutes(58.5))
    assert SAYS.ends_soon not in caller.presses("0").says
    caller.waits_until(minutes(59.2))
    assert caller.presses("1").says[0] == SAYS.ends_soon
    assert SAYS.ends_soon not in caller.presses("2").says
    reply = caller.presses("2", after_s=90)
    assert reply.says == (SAYS.time_is_over, SAYS.other_help)
    assert (reply.last, reply.wait_s) == (True, 0)


@pytest.mark.parametrize(
    ("left_ms", "knows", "said"),
    [
        (WARNING_MS + 1, False, "not_here"),
        (WARNING_MS, False, "ends_soon"),
        (1, True, "not_here"),
        (0, True, "time_is_over"),
    ],
)
def test_the_end_is_announced_in_time_and_takes_no_moment_away(
    left_ms: int, knows: bool, said: str
) -> None:
    until = round(NOON.timestamp() * 1000) + left_ms
    menu = Menu(language="en", until=until, warned=knows)
    assert flow.answer(LINE, menu, Pressed("9"), NOON).says[0] == getattr(SAYS, said)


def test_the_end_is_announced_in_the_caller_s_language_and_before_all_else() -> None:
    until = round(NOON.timestamp() * 1000) + 1
    choice = Languages(language="en", until=until)
    chosen = flow.answer(BOTH, choice, Pressed("2"), NOON)
    assert chosen.says[:2] == ("<cy ends_soon>", "<cy welcome>")


def test_whoever_could_not_be_told_in_time_has_a_minute_from_then() -> None:
    """As after a long section: nothing is cut off, and nobody is surprised."""
    caller = Caller(AN_HOUR)
    caller.presses("1")
    caller.waits_until(minutes(75))
    assert caller.does(Silence()).says[0] == SAYS.ends_soon
    assert not caller.presses("5", after_s=WARNING_MS / 1000 - 1).last
    assert caller.presses("5", after_s=2).last


def test_a_transfer_that_was_asked_for_rings_however_late_it_is() -> None:
    caller = Caller(AN_HOUR)
    caller.presses("01")
    caller.waits_until(minutes(59.5))
    caller.presses("2")
    caller.waits_until(minutes(62))
    reply = caller.presses("1")
    assert reply.dial
    assert SAYS.ends_soon not in reply.says


def test_a_transfer_goes_on_over_the_end_and_the_caller_is_told_afterwards() -> None:
    caller = Caller(AN_HOUR)
    caller.presses("01")
    caller.waits_until(minutes(59.5))
    assert SAYS.ends_soon in caller.presses("2").says
    caller.presses("1")
    caller.waits_until(minutes(100))
    reply = caller.does(Outcome("completed", bridged=True, seconds=2400))
    assert reply.says[0] == SAYS.ends_soon
    assert not reply.last
    assert caller.presses("2", after_s=61).last


@pytest.mark.parametrize("late", [60.5, 300])
@pytest.mark.parametrize("line", [LINE, BOTH], ids=["one language", "two languages"])
def test_whatever_happens_wherever_a_call_ends_and_never_unannounced(
    line: Edition, late: float
) -> None:
    """From every step, by every event: told first, and over after that; but nobody is cut off
    who is to be put through."""
    until = round(minutes(60).timestamp() * 1000)
    for reply in reached(line.id).values():
        step = replace(reply.step, until=until)
        for event in EVENTS:
            if event == Lost():
                continue  # begins again
            now = minutes(late)
            told = flow.answer(line, step, event, now, limits=AN_HOUR)
            if isinstance(told.step, Transfer):
                continue
            say = line.content.languages[told.step.language].prompts
            assert told.says[0] == say.ends_soon
            assert not told.last or told.wait_s
            after = now + timedelta(seconds=61)
            over = flow.answer(line, told.step, Pressed("9"), after, limits=AN_HOUR)
            assert over.says == (say.time_is_over, say.other_help)


# How often it puts through


def test_the_last_transfer_is_announced_and_then_there_is_none() -> None:
    caller = Caller(TWICE)
    assert SAYS.last_transfer not in caller.presses("011").says
    caller.does(Outcome("busy"))
    assert SAYS.try_again in caller.reply.says
    reply = caller.presses("1")
    assert reply.says[-1] == SAYS.last_transfer
    assert reply.dial
    reply = caller.does(Outcome("busy"))
    assert SAYS.try_again not in reply.says
    assert LINE.content.languages["en"].helpline["first"].number in reply.says
    reply = caller.presses("1")
    assert reply.dial is None
    assert SAYS.no_more_transfers in reply.says
    assert LINE.content.languages["en"].helpline["first"].number in reply.says


def test_a_transfer_that_did_not_begin_does_not_count() -> None:
    caller = Caller(TWICE)
    for _ in range(5):
        assert caller.presses("011").dial
        caller.presses("*")
    assert caller.reply.step.transfers == 0


def test_after_a_doubtful_one_there_are_others_and_no_more_tries() -> None:
    caller = Caller(Limits(transfers=1))
    caller.presses("011")
    reply = caller.does(Outcome("completed", seconds=1))
    assert SAYS.did_you_speak in reply.says
    assert SAYS.try_again not in reply.says
    assert type(caller.presses("1").step) is OneHelpline


def test_nobody_is_dialled_too_often_by_any_key_or_outcome() -> None:
    """From everywhere a call can reach that has had its transfers."""
    for reply in reached(LINE.id).values():
        step = replace(reply.step, transfers=2)
        for event in EVENTS:
            now = NOON + timedelta(minutes=1)
            after = flow.answer(LINE, step, event, now, limits=TWICE)
            assert after.dial is None or after.step.transfers < 2, (step, event)
            assert after.says


# Callers who are turned away


@pytest.mark.parametrize(
    ("is_barred", "why"), [(True, "barred"), (False, "rings_too_often")]
)
def test_who_is_turned_away_is_told_so_and_whom_to_ring(
    is_barred: bool, why: str
) -> None:
    reply = flow.turn_away(LINE, is_barred)
    assert reply.says == (getattr(SAYS, why), SAYS.other_help)
    assert (reply.last, reply.wait_s, reply.dial) == (True, 0, None)
    assert not reply.forget
    assert reply.step == Menu(language="en")


def test_an_edition_from_before_the_limits_says_goodbye() -> None:
    language = LINE.content.languages["en"]
    old = replace(language.prompts, barred="", other_help="", time_is_over="")
    languages = {"en": replace(language, prompts=old)}
    before = replace(LINE, content=replace(LINE.content, languages=languages))
    assert flow.turn_away(before, True).says == (old.goodbye,)
