"""Where a caller left off is found again, as far as an edition still has it."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.call import flow
from ivr.call.returning import LATE_MS, digest, hung_up_at
from ivr.call.scene import LeftOff, Pressed, Reply, Start
from ivr.call.steps import Menu, Place, Reading
from ivr.edition.content import Notice, Section
from ivr.edition.edition import Edition
from tests.support.small import NOON, SPEEDS, article, edition

ONE = article("one", 3, 4, 2)
EDITION = edition(ONE)


def left_off(section: int, start: int, **more: object) -> LeftOff:
    """Somebody who hung up in the article as it is in `EDITION`."""
    own = ONE.sections[section - 1]
    plain = LeftOff(
        language="en",
        speed=1.5,
        place=Place("one", section, start),
        sentence=digest(own.sentences[start]),
        heading=digest(own.heading),
    )
    return replace(plain, **more)  # type: ignore[arg-type]


def rings(caller: LeftOff | None, line: Edition = EDITION) -> Reply:
    """What they hear first."""
    return flow.answer(line, flow.first_step(line), Start(caller), NOON)


def test_after_the_welcome_and_the_notice_comes_the_offer_to_carry_on() -> None:
    """At their speed, and no longer than for anybody else."""
    line = edition(ONE, notice=Notice("Shut today.", NOON, NOON + timedelta(days=1)))
    reply = rings(left_off(2, 1), line)
    assert reply.says[:4] == (
        "<welcome>",
        "Shut today.",
        "<menu_intro>",
        "<menu_carry_on>",
    )
    assert len(reply.says) == len(rings(None, line).says)
    assert reply.step.speed == 1.5
    after = flow.answer(line, reply.step, Pressed("1"), NOON)
    assert after.says[0] == "one section 2 sentence 2."
    assert after.step.speed == 1.5


@given(
    section=st.integers(1, 3),
    start=st.integers(0, 1),
    speed=st.sampled_from(SPEEDS),
)
def test_in_an_unchanged_article_it_is_the_same_place(
    section: int, start: int, speed: float
) -> None:
    reply = rings(left_off(section, start, speed=speed))
    expected = Menu(language="en", speed=speed, bookmark=Place("one", section, start))
    assert replace(reply.step, at=0, lead=0) == expected


def changed(*sections: Section) -> Edition:
    """The article has other sections now."""
    return edition(replace(ONE, sections=sections))


FIRST, SECOND, THIRD = ONE.sections
OTHER = Section("Other heading", ("Other words.", "And more."))
ANOTHER = replace(OTHER, heading="Another heading")
LEFT = SECOND.sentences[2]
"""What was being said."""


@pytest.mark.parametrize(
    ("sections", "place"),
    [
        ((OTHER, FIRST, SECOND, THIRD), (3, 2)),
        ((THIRD, replace(OTHER, sentences=SECOND.sentences[2:])), (2, 0)),
        ((replace(SECOND, sentences=(*SECOND.sentences * 2,)), FIRST), (1, 2)),
        ((FIRST, replace(OTHER, sentences=SECOND.sentences), SECOND), (3, 2)),
        ((FIRST, replace(OTHER, heading=SECOND.heading), THIRD), (2, 0)),
        ((FIRST, THIRD, replace(OTHER, heading=SECOND.heading)), (3, 0)),
        (
            (
                replace(OTHER, sentences=(LEFT, "Words.", LEFT)),
                replace(ANOTHER, sentences=(LEFT, "Words.", LEFT)),
            ),
            (2, 2),
        ),
        (
            (
                replace(OTHER, sentences=("Some.", "Words.", LEFT)),
                replace(ANOTHER, sentences=(LEFT, "Words.")),
            ),
            (2, 0),
        ),
    ],
    ids=[
        *("a section before", "moved elsewhere", "twice in its section"),
        *("its own section first", "its section", "its section has moved"),
        *("the nearest of several", "first of all the nearest section"),
    ],
)
def test_in_a_changed_article_it_is_the_same_sentence_or_the_start_of_its_section(
    sections: tuple[Section, ...], place: tuple[int, int]
) -> None:
    reply = rings(left_off(2, 2), changed(*sections))
    assert reply.step.bookmark == Place("one", *place)


@pytest.mark.parametrize(
    ("caller", "line"),
    [
        (left_off(2, 2), changed(FIRST, OTHER, THIRD)),
        (left_off(2, 2), edition(article("two", 3, 4, 2))),
        (left_off(2, 2, heading="", sentence="no digest"), EDITION),
        (left_off(2, 2), changed(replace(OTHER, heading=SECOND.heading), THIRD)),
    ],
    ids=["neither", "another article", "an older bookmark", "the beginning"],
)
def test_else_nothing_is_offered_and_the_tour_does_not_come_again(
    caller: LeftOff, line: Edition
) -> None:
    reply = rings(caller, line)
    assert "<menu_article>" in reply.says
    begun = flow.answer(line, reply.step, Pressed("1"), NOON)
    assert isinstance(begun.step, Reading)
    assert begun.step.speed == 1.5
    assert "<tour>" not in begun.says
    assert "<tour>" in flow.answer(line, rings(None).step, Pressed("1"), NOON).says


@pytest.mark.parametrize(("speed", "nearest"), [(2.5, 2), (0.5, 0.75), (1.45, 1.5)])
def test_a_speed_that_is_gone_becomes_the_nearest(speed: float, nearest: float) -> None:
    assert rings(left_off(2, 2, speed=speed)).step.speed == nearest


def test_in_a_language_that_is_gone_nothing_is_offered() -> None:
    made = edition(article("one", 1))
    reply = rings(left_off(2, 2, language="cy"), made)
    assert reply.step.language == "en"
    assert "<menu_carry_on>" not in reply.says


def test_who_hangs_up_in_the_announcement_was_in_the_first_sentence() -> None:
    step = Reading(language="en", article="one", section=2, at=ms(0))
    assert hung_up_at(step, EDITION, NOON - timedelta(seconds=9)) == step.place


def test_a_hang_up_that_is_told_long_after_the_section_is_not_believed() -> None:
    step = Reading(language="en", article="one", section=3, at=ms(0))
    section_ms = sum(len(sentence) * 100 for sentence in THIRD.sentences)
    late = NOON + timedelta(milliseconds=section_ms + LATE_MS)
    assert hung_up_at(step, EDITION, late) == Place("one", 3, 1)
    assert hung_up_at(step, EDITION, late + timedelta(milliseconds=1)) is None


@pytest.mark.parametrize(("late_s", "is_believed"), [(3, True), (8, False)])
def test_a_provider_may_tell_a_hang_up_a_few_seconds_late(
    late_s: float, is_believed: bool
) -> None:
    """Whoever listens on hears the next section by then, and no longer this one."""
    step = Reading(language="en", article="one", section=3, at=ms(0))
    section_s = sum(len(sentence) for sentence in THIRD.sentences) / 10
    told = NOON + timedelta(seconds=section_s + late_s)
    assert (hung_up_at(step, EDITION, told) is not None) == is_believed


def test_what_an_earlier_version_remembered_is_found_again() -> None:
    assert digest("Whereas a cake.") == "50d3af8b31dc0fe8"


def ms(seconds: float) -> int:
    """Milliseconds since 1970, so long after noon."""
    return round((NOON.timestamp() + seconds) * 1000)
