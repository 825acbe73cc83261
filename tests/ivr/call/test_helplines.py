"""A helpline's number as a text message: what is offered, said and sent."""

from dataclasses import replace
from datetime import UTC, datetime
from functools import cache

import pytest

from ivr.call import flow
from ivr.call.position import START_UP_MS
from ivr.call.scene import (
    EVERY_ABILITY,
    Abilities,
    Event,
    Pressed,
    Reply,
    Silence,
    Texted,
)
from ivr.call.steps import OneHelpline, Step, TextConsent, Texting, Unreached
from ivr.edition.content import KEYS
from tests.support.reached import EVENTS, FARTHEST, every_reply
from tests.support.small import NOON, article, edition, helpline

LINE = edition(
    article("one", 2), helplines=(helpline("first"), helpline("code", e164=None))
)
NO_TEXT = replace(EVERY_ABILITY, text=False)
HELPLINE = OneHelpline(language="en", helpline="first")
TEXTING = Texting(language="en", helpline="first")


def answer(step: Step, event: Event, abilities: Abilities = EVERY_ABILITY) -> Reply:
    """What the line says to it, a moment after the step's words began."""
    now = NOON
    if step.at:
        now = datetime.fromtimestamp((step.at + 1) / 1000, UTC)
    return flow.answer(LINE, step, event, now, START_UP_MS, abilities)


def test_a_caller_hears_what_a_text_means_before_a_second_key_sends_it() -> None:
    consent = answer(HELPLINE, Pressed("4"))
    assert consent.says == ("<text_consent>", "<text_confirm>", "<back>")
    assert consent.text is None
    sending = answer(consent.step, Pressed("1"))
    assert sending.says == ("<text_moment>",)
    assert sending.text == LINE.content.languages["en"].helpline["first"]


@pytest.mark.parametrize("key", [key for key in KEYS if key != "1"])
def test_no_other_key_sends_it(key: str) -> None:
    consent = answer(HELPLINE, Pressed("4"))
    assert answer(consent.step, Pressed(key)).text is None


NUMBER = ("<number_is>", "0800 1111") * 2


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (Texted(True), ("<text_sent>",)),
        (Texted(False), ("<text_failed>", *NUMBER)),
        (Texted(None), ("<text_awaited>", *NUMBER)),
        (Silence(), ("<text_awaited>", *NUMBER)),
        (Pressed("#"), ("<text_awaited>", *NUMBER)),
    ],
)
def test_the_line_says_what_came_of_it_and_reads_the_number_unless_it_was_taken(
    event: Event, said: tuple[str, ...]
) -> None:
    reply = answer(TEXTING, event)
    assert reply.says == (
        *said,
        *("<put_through>", "<hear_number>", "<number_slower>"),
        *("<text_number>", "<back>"),
    )
    assert type(reply.step) is OneHelpline
    assert reply.text is None


@cache
def every_way(abilities: Abilities) -> list[tuple[Reply, Event, Reply]]:
    """Each reply that a caller can reach in a few events, and what each event leads to.

    Worked out once, as several rules look at all of it.
    """
    reached = every_reply(LINE, depth=FARTHEST - 1, abilities=abilities)
    return [
        (reply, event, answer(reply.step, event, abilities))
        for reply in reached.values()
        for event in EVENTS
    ]


def test_wherever_a_text_is_offered_key_4_leads_to_it_and_nowhere_else() -> None:
    """Set-wide: in each form in which a step is said, whatever came before it."""
    for abilities, times in ((EVERY_ABILITY, 100), (NO_TEXT, 0)):
        offers = 0
        for _, _, reply in every_way(abilities):
            after = answer(reply.step, Pressed("4"), abilities)
            is_offered = "<text_number>" in reply.says
            if isinstance(reply.step, TextConsent):
                continue
            assert is_offered == isinstance(after.step, TextConsent), reply
            offers += is_offered
        assert offers >= times
        assert bool(offers) == bool(times)


def test_a_text_is_sent_only_at_the_step_that_a_caller_agreed_to() -> None:
    """Set-wide; and wherever no text can be sent, none is, and nothing of it is said."""
    for before, event, after in every_way(EVERY_ABILITY):
        if after.text and not isinstance(before.step, Texting):
            assert isinstance(before.step, TextConsent)
            assert event in (Pressed("1"), Pressed("12"))
    for step in (TEXTING, TextConsent(language="en", helpline="first")):
        for event in (each for each in EVENTS if not isinstance(each, Texted)):
            reply = answer(step, event, NO_TEXT)
            assert reply.text is None
            assert not [said for said in reply.says if said.startswith("<text_")]


def test_after_a_failed_transfer_the_other_helplines_keep_the_last_key() -> None:
    step = Unreached(language="en", helpline="first", reason="busy")
    for abilities, options in (
        (NO_TEXT, ("<number_slower>", "<other_helplines>")),
        (EVERY_ABILITY, ("<number_slower>", "<text_number>", "<others_after_text>")),
    ):
        reply = answer(step, Pressed("2"), abilities)
        assert reply.says[-len(options) :] == options
        others = answer(reply.step, Pressed(str(len(options) + 2)), abilities)
        assert others.says[0] == "<helplines_intro>"


def test_a_number_that_cannot_be_dialled_can_be_texted() -> None:
    reply = answer(OneHelpline(language="en", helpline="code"), Silence())
    assert reply.says == (
        "<number_again>",
        "<number_slower>",
        "<text_number>",
        "<back>",
    )
    sending = answer(answer(reply.step, Pressed("4")).step, Pressed("1"))
    assert sending.text
    assert sending.text.number == "0800 1111"


def test_an_edition_from_before_texts_offers_none() -> None:
    words = LINE.content.languages["en"]
    prompts = replace(words.prompts, text_number="")
    older = replace(
        LINE,
        content=replace(
            LINE.content, languages={"en": replace(words, prompts=prompts)}
        ),
    )
    reply = flow.answer(older, HELPLINE, Pressed("4"), NOON)
    assert reply.says[0] == "<not_here>"
