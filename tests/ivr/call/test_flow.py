"""The flow of a call, as rules over every step and as short stories."""

import itertools
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.call import flow
from ivr.call.position import START_UP_MS
from ivr.call.scene import (
    Abilities,
    Call,
    Event,
    KeyLost,
    Outcome,
    Pressed,
    Reply,
    Scene,
    Silence,
    Spoken,
    Start,
    Trouble,
)
from ivr.call.steps import (
    KINDS,
    Contents,
    Forgetting,
    Goodbye,
    Helplines,
    Menu,
    OneHelpline,
    Paused,
    Place,
    Reading,
    Step,
    Transfer,
    Unreached,
    step_from,
    url_of,
)
from ivr.edition.content import KEYS, DatedHours, Notice
from ivr.edition.edition import Edition
from tests.support.reached import (
    LINES,
    Line,
    every_reply,
    line_of,
    without_moment,
)
from tests.support.small import (
    NOON,
    TOUR_S,
    WEEK,
    article,
    edition,
    helpline,
)

EDITION = edition(article("one", 3, 4, 2), article("two", 1, 12))
SINGLE = edition(article("one", 3, 4, 2))
ANNOUNCEMENT = ("Title of one", "<section> 1", "one heading 1")


def ms(milliseconds: float) -> timedelta:
    """So many milliseconds."""
    return timedelta(milliseconds=milliseconds)


@pytest.fixture(params=LINES)
def line(request: pytest.FixtureRequest) -> Line:
    """A line for which the rules hold."""
    return line_of(request.param)


def test_every_step_answers_every_event_with_something_to_do(line: Line) -> None:
    """Total: from everywhere, whatever happens, the line speaks, listens, dials or hangs up."""
    for reply, event, after in line.moves:
        assert after.says or after.dial, (reply.step, event)
        assert after.wait_s >= 1


def test_every_kind_of_step_is_reached() -> None:
    """With several articles for their list, and several languages for theirs."""
    reached = {type(step) for step in every_reply(EDITION, depth=1)}
    for line in map(line_of, LINES):
        reached |= {type(step) for step in line.replies}
    assert reached == set(KINDS.values())


def test_every_step_can_be_left_by_a_key_and_ends_in_silence(line: Line) -> None:
    """No key leads out of nothing; and a caller who has gone is not held for ever."""
    for reply in line.replies.values():
        elsewhere = {
            type(
                flow.answer(
                    line.edition, reply.step, Pressed(key), listening(reply, 1)
                ).step
            )
            for key in KEYS
        }
        assert elsewhere - {type(reply.step)}, reply.step
        now = reply
        for _ in range(40):
            if now.last:
                break
            event = Outcome("no-answer") if now.dial else Silence()
            now = flow.answer(line.edition, now.step, event, NOON)
        assert now.last, reply.step


def test_nobody_moves_whose_key_was_lost(line: Line) -> None:
    """From everywhere: the same step again, whatever the time; and nobody is dialled by it."""
    for reply in line.replies.values():
        for heard_ms in (-1, 1, 900):
            now = listening(reply, heard_ms)
            after = flow.answer(line.edition, reply.step, KeyLost(), now)
            assert after.dial is None
            if isinstance(reply.step, Transfer):
                assert type(after.step) is OneHelpline
                assert after.step.helpline == reply.step.helpline
            else:
                assert where(after.step) == where(reply.step)


def where(step: Step) -> Step:
    """The step, however it is said."""
    return replace(without_moment(step), short=False)


def test_a_lost_key_reads_on_from_the_sentence_the_caller_was_in() -> None:
    reply = read(SINGLE, 2, 1)
    sentence_ms = Call(SINGLE, NOON, reply.step).ms("one section 2 sentence 2.")
    for heard_ms, sentence in ((sentence_ms - 1, 2), (sentence_ms + 1, 3)):
        after = flow.answer(SINGLE, reply.step, KeyLost(), listening(reply, heard_ms))
        assert after.says[0] == f"one section 2 sentence {sentence}."


@pytest.mark.parametrize(
    ("keys", "counts"),
    [("2", "2"), ("52", "2"), ("25", "2"), ("2#", "2"), ("#2", "#"), ("560", "0")],
)
def test_of_several_keys_the_first_that_the_step_knows_counts(
    keys: str, counts: str
) -> None:
    step = flow.first_step(SINGLE)
    several = flow.answer(SINGLE, step, Pressed(keys), NOON)
    assert several == flow.answer(SINGLE, step, Pressed(counts), NOON)


def test_of_several_keys_that_do_nothing_here_the_line_says_so_once() -> None:
    reply = flow.answer(SINGLE, flow.first_step(SINGLE), Pressed("56"), NOON)
    assert isinstance(reply.step, Menu)
    assert reply.says.count("<not_here>") == 1


def test_zero_reaches_the_helplines_from_every_step(line: Line) -> None:
    for reply in line.replies.values():
        assert isinstance(
            flow.answer(line.edition, reply.step, Pressed("0"), NOON).step, Helplines
        )


def test_silence_never_ends_the_call_at_once(line: Line) -> None:
    """Said once more, then once more with a warning; only then goodbye."""
    for step, reply in line.replies.items():
        if step.silences == 0 and not isinstance(step, Goodbye):
            after = flow.answer(line.edition, reply.step, Silence(), NOON)
            assert not after.last, step


def test_the_menu_comes_again_shorter_with_more_time_then_warns_then_says_goodbye() -> (
    None
):
    replies = [flow.answer(SINGLE, flow.first_step(SINGLE), Start(), NOON)]
    for _ in range(3):
        replies.append(flow.answer(SINGLE, replies[-1].step, Silence(), NOON))
    first, again, warned, ending = replies
    assert len(again.says) < len(first.says)
    assert first.wait_s < again.wait_s < warned.wait_s
    assert warned.says[0] == "<still_there>"
    assert ending.says == ("<stay>", "<goodbye>")
    assert ending.last


MAY_DIAL = (
    *(Pressed("1"), Pressed("12")),
    *(Spoken("one"), Spoken("yes"), Spoken("put me through")),
)
"""What a caller may do so that a helpline is dialled."""


def test_nothing_is_dialled_but_a_listed_number_that_the_caller_chose(
    line: Line,
) -> None:
    """Set-wide: a reply that dials comes from key 1 at that very helpline, and no other event."""
    dialled = 0
    for reply, event, after in line.moves:
        step = reply.step
        if after.dial:
            dialled += 1
            words = line.edition.content.languages[step.language]
            assert after.dial in words.helplines
            assert after.dial.e164
            assert isinstance(step, OneHelpline)
            assert step.helpline == after.dial.slug
            at_transfer = isinstance(step, Transfer) and isinstance(event, Pressed)
            assert event in MAY_DIAL or at_transfer
    assert dialled


def test_every_step_is_what_its_url_says() -> None:
    several = Line(EDITION, every_reply(EDITION, depth=2))
    for line in (several, *map(line_of, LINES)):
        edition_, steps = line.edition, line.replies
        for reply in steps.values():
            path, _, query = url_of(edition_.id, reply.step).partition("?")
            _, language, kind, *rest = path.split("/")
            asked = dict(pair.split("=") for pair in query.split("&") if pair)
            assert (
                step_from(edition_.content, language, kind, rest, asked) == reply.step
            )


def test_an_open_helpline_that_can_be_dialled_rings_within_four_keys_of_the_answer() -> (
    None
):
    """At any hour of the week: zero, its key, one."""
    line = edition()
    for hour in range(7 * 24):
        now = NOON + timedelta(hours=hour)
        asked = flow.answer(line, flow.first_step(line), Start(), now)
        reply = flow.answer(line, asked.step, Pressed("0"), now)
        open_first = Call(line, now, reply.step).open_first()
        key = next(
            n for n, (h, is_open) in enumerate(open_first, 1) if is_open and h.e164
        )
        for pressed in (str(key), "1"):
            reply = flow.answer(line, reply.step, Pressed(pressed), now)
        assert reply.dial == open_first[key - 1][0]


def test_the_order_of_the_helplines_is_the_one_that_was_said() -> None:
    """Between the list and the key, at five o'clock, one closes and another opens."""
    line = edition()
    before = datetime.fromisoformat("2026-11-23T16:59:50+00:00")
    said = flow.answer(line, Helplines(language="en"), Silence(), before)
    office = [text for text in said.says if "Office" in text]
    key = said.says[said.says.index(office[0]) + 1][-1]
    chosen = flow.answer(line, said.step, Pressed(key), before + timedelta(seconds=30))
    assert isinstance(chosen.step, OneHelpline)
    assert chosen.step.helpline == "office"


def test_paging_while_one_opens_and_another_closes_skips_nobody() -> None:
    line = edition()
    reply = flow.answer(
        line,
        Helplines(language="en"),
        Silence(),
        datetime.fromisoformat("2026-11-23T16:59:50+00:00"),
    )
    names = {helpline.name for helpline in line.content.languages["en"].helplines}
    heard = set(reply.says)
    later = datetime.fromisoformat("2026-11-23T17:00:20+00:00")
    heard |= set(flow.answer(line, reply.step, Pressed("#"), later).says)
    assert {f"<option> {name}" for name in names} <= heard


@pytest.mark.parametrize(
    "status", ["busy", "no-answer", "failed", "", "<x>", "in-progress"]
)
def test_a_transfer_that_fails_reads_the_number_and_offers_another(status: str) -> None:
    line = edition()
    step = Transfer(language="en", helpline="office")
    reply = flow.answer(line, step, Outcome(status), NOON)
    reason = {"busy": "<busy>", "no-answer": "<no_answer>"}.get(status, "<failed>")
    assert reply.says[:5] == (reason, *("<number_is>", "0141 944 5490") * 2)
    others = flow.answer(line, reply.step, Pressed("5"), NOON)
    assert others.says[:3] == ("<helplines_intro>", "<open_now>", "<option> Always")
    assert flow.answer(line, reply.step, Pressed("1"), NOON).dial


def test_after_a_conversation_the_caller_is_where_they_were() -> None:
    place = Place("one", 2, 3)
    step = Transfer(
        language="en", helpline="always", bookmark=place, reading=True, speed=1.5
    )
    reply = flow.answer(EDITION, step, Outcome("completed"), NOON)
    assert isinstance(reply.step, Paused)
    assert reply.step.place == place
    assert reply.step.speed == 1.5
    unread = flow.answer(
        EDITION, replace(step, reading=False), Outcome("completed"), NOON
    )
    assert isinstance(unread.step, Menu)


def test_a_scene_that_fails_still_lets_the_line_apologise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Trouble does not ask the step that failed what it would have said."""

    def fails(step: Step, call: Call) -> Scene:
        raise ZeroDivisionError

    monkeypatch.setitem(flow.SCENES, Menu, fails)
    reply = flow.answer(SINGLE, Menu(language="en", speed=1.5), Trouble(), NOON)
    assert reply.says[0] == "<trouble>"
    assert reply.step.speed == 1.5


def test_numbers_are_never_said_faster_than_at_speed_1() -> None:
    asked = flow.answer(SINGLE, Helplines(language="en", speed=2.0), Pressed("1"), NOON)
    call = Call(SINGLE, NOON, asked.step)
    assert asked.step.speed == 2
    assert call.ms("0800 1111") == len("0800 1111") * 100
    slow = Call(SINGLE, NOON, replace(asked.step, speed=0.75))
    assert slow.ms("0800 1111") > len("0800 1111") * 100


@pytest.mark.parametrize(
    "step",
    [
        OneHelpline(language="en", helpline="always", speed=1.5),
        OneHelpline(language="en", helpline="code", speed=1.5),
        Unreached(language="en", helpline="always", reason="busy", speed=1.5),
    ],
    ids=lambda step: f"{step.kind} {step.helpline}",
)
def test_wherever_a_number_is_said_three_says_it_digit_by_digit_at_the_slowest_speed(
    step: OneHelpline,
) -> None:
    """Its choices come with it; after the next key they have the caller's own speed again."""
    reply = flow.answer(SINGLE, step, Pressed("3"), NOON)
    spelled = {"always": "0, 8, 0, 0. 1, 1, 1, 1.", "code": "1, 1, 6. 1, 2, 3."}
    once = ("<number_is>", *spelled[step.helpline].split())
    assert reply.says[: 2 * len(once)] == once * 2
    assert "<number_slower>" in reply.says
    assert (reply.step.said_at, reply.step.speed) == (0.75, 1.5)
    after = flow.answer(SINGLE, reply.step, Pressed("2"), NOON)
    assert after.step.said_at == 1
    left = flow.answer(SINGLE, reply.step, Pressed("0"), NOON)
    assert left.step.said_at == 1.5


def test_a_helpline_says_whether_it_is_open_before_anything_else_about_it() -> None:
    for slug, words in (
        ("always", "<they_are_open>"),
        ("evening", "<they_are_closed>"),
    ):
        step = OneHelpline(language="en", helpline=slug)
        reply = flow.answer(SINGLE, step, Outcome("stray"), NOON)
        assert reply.says[:2] == (slug.title(), words)
        assert "<dial_yourself>" in reply.says


def test_a_prompt_that_an_older_edition_lacks_is_left_out() -> None:
    words = SINGLE.content.languages["en"]
    older = replace(words, prompts=replace(words.prompts, menu_keys=""))
    line = replace(SINGLE, content=replace(SINGLE.content, languages={"en": older}))
    says = flow.answer(line, flow.first_step(line), Start(), NOON).says
    newer = flow.answer(SINGLE, flow.first_step(SINGLE), Start(), NOON).says
    assert says == tuple(text for text in newer if text != "<menu_keys>")
    assert len(says) == len(newer) - 1


CHRISTMAS = {NOON.date().isoformat(): "Christmas Day"}


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"on_holidays": None}, "<they_are_open>"),
        ({"on_holidays": ()}, "<closed_on_holiday>"),
        ({"on_holidays": ((0, 60),)}, "<closed_now_on_holiday>"),
        ({"on_holidays": ((0, 1440),)}, "<they_are_open>"),
        ({"exceptions": ()}, "<closed_today>"),
        ({"exceptions": ((0, 60),)}, "<closed_now_today>"),
        ({"exceptions": ((0, 1440),)}, "<they_are_open>"),
    ],
)
def test_a_closed_helpline_says_why_where_the_date_is_no_ordinary_one(
    changed: dict[str, Any], words: str
) -> None:
    day = NOON.date().isoformat()
    if "exceptions" in changed:
        changed = {"exceptions": (DatedHours(day, day, changed["exceptions"]),)}
    line = edition(helplines=(helpline("one", **changed),))
    line = replace(line, content=replace(line.content, holidays=CHRISTMAS))
    step = OneHelpline(language="en", helpline="one")
    reply = flow.answer(line, step, Outcome("stray"), NOON)
    assert reply.says[:2] == ("One", words)
    way = "<put_through_anyway>"
    if words == "<they_are_open>":
        way = "<put_through>"
    assert way in reply.says


def test_hash_in_the_contents_of_another_article_begins_that_one() -> None:
    step = Contents(language="en", article="two", bookmark=Place("one", 2, 1))
    assert "Title of two" in flow.answer(EDITION, step, Pressed("#"), NOON).says
    own = Contents(language="en", article="one", bookmark=Place("one", 2, 1))
    assert (
        flow.answer(EDITION, own, Pressed("#"), NOON).says[0]
        == "one section 2 sentence 2."
    )


def test_a_pause_lasts_ten_minutes_and_then_warns() -> None:
    reply = flow.answer(SINGLE, read(SINGLE).step, Pressed("5"), NOON)
    waited = 0
    while not reply.last:
        waited += reply.wait_s
        last, reply = reply, flow.answer(SINGLE, reply.step, Silence(), NOON)
    assert waited == 600
    assert last.says[0] == "<still_there>"


def test_the_end_names_the_source() -> None:
    end = flow.answer(SINGLE, read(SINGLE, 3).step, Silence(), NOON)
    assert end.says[:2] == ("<end_of_article>", "From a test.")


def test_a_short_code_is_said_and_never_dialled() -> None:
    for key in "12":
        step = OneHelpline(language="en", helpline="code")
        reply = flow.answer(edition(), step, Pressed(key), NOON)
        assert "116 123" in reply.says
        assert reply.dial is None
    stray = flow.answer(
        edition(), Transfer(language="en", helpline="code"), Pressed("1"), NOON
    )
    assert stray.dial is None


def listening(reply: Reply, heard_ms: float) -> datetime:
    """The moment when the caller has heard the step's own words for so long."""
    return datetime.fromtimestamp(reply.step.at / 1000, NOON.tzinfo) + ms(heard_ms)


def read(line: Edition, section: int = 1, start: int = 0, speed: float = 1.0) -> Reply:
    """The reply of carrying on at a place of the first article."""
    paused = Paused(
        language="en", article="one", section=section, start=start, speed=speed
    )
    return flow.answer(line, paused, Pressed("5"), NOON)


@given(
    speed=st.sampled_from(EDITION.content.speeds),
    section=st.integers(1, 3),
    start=st.integers(0, 1),
    share=st.floats(0, 0.999),
)
def test_carrying_on_after_a_pause_starts_in_the_sentence_the_caller_was_in(
    speed: float, section: int, start: int, share: float
) -> None:
    reply = read(SINGLE, section, start, speed=speed)
    call = Call(SINGLE, NOON, reply.step)
    sentences = (
        SINGLE.content.languages["en"]
        .articles[0]
        .sections[section - 1]
        .sentences[start:]
    )
    heard = share * call.total_ms(sentences)
    ends = list(itertools.accumulate(call.ms(sentence) for sentence in sentences))
    # A URL tells whole milliseconds: so near to the end of a sentence it may be the next.
    either = {sum(end <= heard + error for end in ends) for error in (-1, 1)}
    paused = flow.answer(SINGLE, reply.step, Pressed("5"), listening(reply, heard))
    again = flow.answer(SINGLE, paused.step, Pressed("5"), NOON)
    assert again.says[0] in {sentences[number] for number in either}
    assert again.step.speed == speed


@pytest.mark.parametrize(
    ("section", "start", "key", "expected"),
    [
        (1, 1, "1", (1, 0)),
        (2, 0, "1", (1, 2)),
        (1, 0, "1", (1, 0)),
        (1, 0, "3", (1, 1)),
        (1, 2, "3", (2, 0)),
        (2, 0, "4", (1, 0)),
        (2, 2, "4", (2, 0)),
        (1, 0, "4", (1, 0)),
        (1, 1, "6", (2, 0)),
        (1, 1, "#", (2, 0)),
        (1, 1, "2", (1, 1)),
        (1, 1, "7", (1, 1)),
        (1, 1, "9", (1, 1)),
    ],
)
def test_the_keys_of_a_talking_book_player(
    section: int, start: int, key: str, expected: tuple[int, int]
) -> None:
    reply = read(SINGLE, section, start)
    after = flow.answer(SINGLE, reply.step, Pressed(key), listening(reply, 100))
    assert isinstance(after.step, Reading)
    assert (after.step.section, after.step.start) == expected


def test_back_a_section_starts_this_one_again_when_it_is_well_under_way() -> None:
    reply = read(SINGLE, 2)
    early = flow.answer(SINGLE, reply.step, Pressed("4"), listening(reply, 4900))
    later = flow.answer(SINGLE, reply.step, Pressed("4"), listening(reply, 5100))
    assert (early.step.section, later.step.section) == (1, 2)  # type: ignore[attr-defined]


def test_the_tour_comes_once_and_hash_skips_it_to_the_announcement() -> None:
    first = flow.answer(SINGLE, flow.first_step(SINGLE), Pressed("1"), NOON)
    assert first.says[:4] == ("<tour>", *ANNOUNCEMENT)
    skipped = flow.answer(
        SINGLE, first.step, Pressed("#"), NOON + ms(START_UP_MS + 7000)
    )
    assert skipped.says[:3] == ANNOUNCEMENT
    words = flow.answer(SINGLE, skipped.step, Pressed("#"), listening(skipped, -10))
    assert words.says[0] == "one section 1 sentence 1."
    menu = flow.answer(SINGLE, first.step, Pressed("*"), NOON)
    contents = flow.answer(SINGLE, menu.step, Pressed("2"), NOON)
    assert "<tour>" not in flow.answer(SINGLE, contents.step, Pressed("1"), NOON).says


at_once = pytest.mark.parametrize(
    ("start_up_ms", "later"),
    [(START_UP_MS, ms(0)), (START_UP_MS, ms(599)), (150, ms(0)), (150, ms(149))],
)
"""A key follows another before the reply to that can be heard: by phone, and in the browser."""


def test_hash_skips_an_announcement_to_its_last_moment_and_then_the_section() -> None:
    first = flow.answer(SINGLE, flow.first_step(SINGLE), Pressed("1"), NOON)
    for heard_ms, words in ((-1, "one section 1 sentence 1."), (0, "<section> 2")):
        now = listening(first, heard_ms)
        assert flow.answer(SINGLE, first.step, Pressed("#"), now).says[0] == words


@pytest.mark.parametrize("start_up_ms", [100, 1100])
def test_whoever_pauses_well_within_a_sentence_hears_it_again_at_any_provider(
    start_up_ms: int,
) -> None:
    """The line cannot know how soon its sound is heard: at once, or after more than a second."""
    reply = read(SINGLE)
    first_ms = Call(SINGLE, NOON, reply.step).ms("one section 1 sentence 1.")
    for heard_ms, sentence in ((first_ms - 600, 1), (first_ms + 600, 2)):
        now = NOON + ms(start_up_ms + heard_ms)
        paused = flow.answer(SINGLE, reply.step, Pressed("5"), now)
        again = flow.answer(SINGLE, paused.step, Pressed("5"), now)
        assert again.says[0] == f"one section 1 sentence {sentence}."


@pytest.mark.parametrize("start_up_ms", [150, START_UP_MS])
def test_the_words_begin_after_the_start_up_and_what_is_said_before_them(
    start_up_ms: int,
) -> None:
    tour = flow.answer(SINGLE, flow.first_step(SINGLE), Pressed("1"), NOON, start_up_ms)
    before_ms = Call(SINGLE, NOON, tour.step).total_ms(("<tour>", *ANNOUNCEMENT))
    assert listening(tour, 0) == NOON + ms(start_up_ms + before_ms)


@pytest.mark.parametrize("start_up_ms", [150, START_UP_MS])
def test_hash_in_the_tour_skips_the_tour_alone_to_its_last_moment(
    start_up_ms: int,
) -> None:
    step = flow.first_step(SINGLE)
    tour = flow.answer(SINGLE, step, Pressed("1"), NOON, start_up_ms)
    late = NOON + ms(start_up_ms + TOUR_S * 1000 - 1)
    assert (
        flow.answer(SINGLE, tour.step, Pressed("#"), late, start_up_ms).says[:3]
        == ANNOUNCEMENT
    )
    later = late + ms(1)
    words = flow.answer(SINGLE, tour.step, Pressed("#"), later, start_up_ms)
    assert words.says[0] == "one section 1 sentence 1."


@at_once
@pytest.mark.parametrize(
    ("section", "start", "expected"),
    [(1, 0, (1, 2)), (1, 1, (2, 0)), (1, 2, (2, 1)), (2, 3, (3, 1))],
)
def test_a_second_on_a_sentence_at_once_moves_once_more(
    section: int,
    start: int,
    expected: tuple[int, int],
    start_up_ms: int,
    later: timedelta,
) -> None:
    reply = read(SINGLE, section, start)
    now = listening(reply, 100)
    first = flow.answer(SINGLE, reply.step, Pressed("3"), now, start_up_ms)
    second = flow.answer(SINGLE, first.step, Pressed("3"), now + later, start_up_ms)
    assert isinstance(second.step, Reading)
    assert (second.step.section, second.step.start) == expected


@at_once
def test_a_second_on_a_sentence_at_once_after_an_announcement_was_skipped_moves_on(
    start_up_ms: int, later: timedelta
) -> None:
    reply = read(SINGLE)
    announced = flow.answer(
        SINGLE, reply.step, Pressed("6"), listening(reply, 100), start_up_ms
    )
    now = listening(announced, -500)
    first = flow.answer(SINGLE, announced.step, Pressed("3"), now, start_up_ms)
    assert first.says[0] == "one section 2 sentence 1."
    second = flow.answer(SINGLE, first.step, Pressed("3"), now + later, start_up_ms)
    assert second.says[0] == "one section 2 sentence 2."


@at_once
def test_a_second_hash_at_once_in_the_tour_skips_the_announcement_too(
    start_up_ms: int, later: timedelta
) -> None:
    step = flow.first_step(SINGLE)
    tour = flow.answer(SINGLE, step, Pressed("1"), NOON, start_up_ms)
    announced = flow.answer(SINGLE, tour.step, Pressed("#"), NOON + later, start_up_ms)
    assert announced.says[:3] == ANNOUNCEMENT
    words = flow.answer(
        SINGLE, announced.step, Pressed("#"), NOON + 2 * later, start_up_ms
    )
    assert words.says[0] == "one section 1 sentence 1."


@at_once
@pytest.mark.parametrize("key", ["#", "6"])
def test_a_hash_at_once_after_going_on_a_section_skips_its_announcement(
    key: str, start_up_ms: int, later: timedelta
) -> None:
    reply = read(SINGLE)
    now = listening(reply, 100.6)  # not a whole millisecond, as a URL has them
    announced = flow.answer(SINGLE, reply.step, Pressed(key), now, start_up_ms)
    assert announced.says[:2] == ("<section> 2", "one heading 2")
    words = flow.answer(SINGLE, announced.step, Pressed("#"), now + later, start_up_ms)
    assert words.says[0] == "one section 2 sentence 1."


@at_once
def test_a_second_hash_at_once_in_the_welcome_goes_on_to_the_article(
    start_up_ms: int, later: timedelta
) -> None:
    welcome = flow.answer(SINGLE, flow.first_step(SINGLE), Start(), NOON, start_up_ms)
    menu = flow.answer(SINGLE, welcome.step, Pressed("#"), NOON + later, start_up_ms)
    assert menu.says[0] == "<menu_intro>"
    article_ = flow.answer(
        SINGLE, menu.step, Pressed("#"), NOON + 2 * later, start_up_ms
    )
    assert article_.says[0] == "<tour>"


def test_sections_follow_each_other_to_the_end_by_themselves() -> None:
    reply = flow.answer(SINGLE, flow.first_step(SINGLE), Pressed("1"), NOON)
    heard: list[str] = []
    while isinstance(reply.step, Reading):
        heard += reply.says
        reply = flow.answer(SINGLE, reply.step, Silence(), NOON)
    every = [
        s
        for part in SINGLE.content.languages["en"].articles[0].sections
        for s in part.sentences
    ]
    assert [text for text in heard if text in every] == every
    assert reply.says[0] == "<end_of_article>"


def test_where_am_i_tells_the_minutes_left_at_this_speed() -> None:
    long = edition(article("one", 50, 50))
    slow = flow.answer(long, read(long, speed=1.0).step, Pressed("2"), NOON)
    fast = flow.answer(long, read(long, speed=2.0).step, Pressed("2"), NOON)
    assert slow.says[:4] == (
        "<where> 1",
        "<of_sections> 2",
        "one heading 1",
        "<minutes_left> 4",
    )
    assert fast.says[3] == "<minutes_left> 2"


def test_speeds_stop_at_both_ends_and_say_so() -> None:
    reply, said = read(SINGLE), []
    for key in "999977777":
        reply = flow.answer(SINGLE, reply.step, Pressed(key), NOON)
        said.append(f"{reply.says[0]} {reply.step.speed:g}")
    assert said[2:5] == ["<faster> 2", "<fastest> 2", "<slower> 1.5"]
    assert said[-2:] == ["<slower> 0.75", "<slowest> 0.75"]


def test_star_comes_back_to_the_reading_from_the_contents_and_the_helplines() -> None:
    reply = read(SINGLE, 2, 1)
    for key in "80":
        away = flow.answer(SINGLE, reply.step, Pressed(key), listening(reply, 100))
        back = flow.answer(SINGLE, away.step, Pressed("*"), NOON)
        assert isinstance(back.step, Reading)
        assert back.step.place == Place("one", 2, 1)
    menu = flow.answer(SINGLE, reply.step, Pressed("*"), listening(reply, 100))
    assert "<menu_carry_on>" in menu.says
    assert flow.answer(SINGLE, menu.step, Pressed("1"), NOON).says == reply.says


def test_a_key_in_the_guide_says_what_it_does() -> None:
    guide = flow.answer(SINGLE, flow.first_step(SINGLE), Pressed("4"), NOON)
    assert flow.answer(SINGLE, guide.step, Pressed("7"), NOON).says[0] == "<guide_7>"


def test_a_wrong_key_says_so_and_gives_the_menu_again() -> None:
    reply = flow.answer(SINGLE, flow.first_step(SINGLE), Pressed("9"), NOON)
    assert reply.says[:2] == ("<not_here>", "<menu_article>")
    assert isinstance(reply.step, Menu)


def test_hash_in_the_welcome_goes_on_to_the_menu_and_then_to_the_article() -> None:
    welcome = flow.answer(SINGLE, flow.first_step(SINGLE), Start(), NOON)
    menu = flow.answer(SINGLE, welcome.step, Pressed("#"), NOON)
    assert menu.says[0] == "<menu_intro>"
    article_ = flow.answer(SINGLE, menu.step, Pressed("#"), listening(menu, 1))
    assert isinstance(article_.step, Reading)


def test_a_key_during_the_warning_keeps_the_call_and_chooses_nothing(
    line: Line,
) -> None:
    """ "Press any key" must not put anybody through, nor end the call."""
    checked = 0
    for reply in line.replies.values():
        now = reply
        while not (line.begins(now, "still_there") or now.last):
            event = Outcome("no-answer") if now.dial else Silence()
            now = flow.answer(line.edition, now.step, event, NOON)
        if isinstance(now.step, Goodbye):
            continue
        for key in set(KEYS) - {"0"}:
            stayed = flow.answer(line.edition, now.step, Pressed(key), NOON)
            checked += 1
            assert type(stayed.step) is type(now.step)
            assert stayed.step.silences == 0
            assert stayed.dial is None
            assert not stayed.last
        assert (
            flow.answer(line.edition, now.step, Pressed("1"), listening(now, 1)).says
            != stayed.says
        )
    assert checked


def test_a_key_keeps_the_call_in_the_warning_and_chooses_from_the_first_moment_after() -> (
    None
):
    menu = Menu(language="en", silences=1)
    warned = flow.answer(SINGLE, menu, Silence(), NOON)
    assert warned.says[0] == "<still_there>"
    kept, chosen = (
        flow.answer(SINGLE, warned.step, Pressed("2"), listening(warned, heard_ms))
        for heard_ms in (-1, 0)
    )
    again = flow.answer(SINGLE, kept.step, Silence(), NOON)
    assert again.says[0] == "<menu_article>", "with all the patience"
    assert isinstance(chosen.step, Contents)


def test_more_silences_than_anybody_has_leave_the_longest_wait() -> None:
    """As in an address that somebody made up."""
    reply = flow.answer(SINGLE, Menu(language="en", silences=99), KeyLost(), NOON)
    last = flow.answer(SINGLE, Menu(language="en", silences=2), KeyLost(), NOON)
    assert (reply.says, reply.wait_s) == (last.says, last.wait_s)


def test_a_wrong_key_costs_none_of_the_patience() -> None:
    reply = flow.answer(SINGLE, flow.first_step(SINGLE), Pressed("9"), NOON)
    after = [reply]
    for _ in range(3):
        after.append(flow.answer(SINGLE, after[-1].step, Silence(), NOON))
    assert [r.says[0] for r in after[1:]] == [
        "<menu_article>",
        "<still_there>",
        "<stay>",
    ]


def test_three_in_an_announcement_goes_to_the_sentence_that_was_announced() -> None:
    first = flow.answer(SINGLE, flow.first_step(SINGLE), Pressed("1"), NOON)
    announced = flow.answer(SINGLE, first.step, Pressed("3"), NOON)
    assert announced.says[0] == "Title of one"
    for heard_ms in (-announced.step.lead, -1):  # from its first moment to its last
        now = listening(announced, heard_ms)
        spoken = flow.answer(SINGLE, announced.step, Pressed("3"), now)
        assert spoken.says[0] == "one section 1 sentence 1."


def test_star_in_the_main_menu_never_starts_the_reading() -> None:
    reply = read(SINGLE, 2, 1)
    for key in ("8", "*", "*", "1", "4", "*"):
        reply = flow.answer(SINGLE, reply.step, Pressed(key), listening(reply, 10))
    assert isinstance(reply.step, Menu)


def test_star_at_the_end_goes_back_into_the_last_section() -> None:
    end = flow.answer(SINGLE, read(SINGLE, 3).step, Silence(), NOON)
    assert end.says[0] == "<end_of_article>"
    back = flow.answer(SINGLE, end.step, Pressed("*"), NOON)
    assert back.says[0] == "<section> 3"


def test_with_several_articles_another_one_is_never_far() -> None:
    """From the middle of one: star, then 2, is the list."""
    reply = flow.answer(EDITION, read(EDITION, 2, 1).step, Pressed("*"), NOON)
    assert reply.says[1:3] == ("<menu_carry_on>", "<menu_other_articles>")
    assert (
        flow.answer(EDITION, reply.step, Pressed("2"), NOON).says[0]
        == "<articles_intro>"
    )


def test_trouble_keeps_the_caller_s_place_and_speed() -> None:
    reply = flow.answer(SINGLE, read(SINGLE, 2, 1, speed=1.5).step, Trouble(), NOON)
    assert isinstance(reply.step, Helplines)
    back = flow.answer(SINGLE, reply.step, Pressed("*"), NOON)
    assert (back.says[0], back.step.speed) == ("one section 2 sentence 2.", 1.5)


def pages_of(order: str) -> list[str]:
    """The pages of the list, where the file has helplines that are open (o) and closed (c) in
    this order: `open 1 closed 2`."""
    listed = []
    for number, state in enumerate(order, 1):
        hours = WEEK if state == "o" else ()
        listed.append(helpline(f"h{number}", hours=hours))
    line = edition(helplines=tuple(listed))
    reply = flow.answer(line, flow.first_step(line), Pressed("0"), NOON)
    pages = []
    for _ in range(-(-len(listed) // 4)):
        words = {"<open_now>": "open", "<closed_now>": "closed"}
        words |= {
            f"<option> H{number}": str(number) for number in range(1, len(listed) + 1)
        }
        pages.append(" ".join(words[text] for text in reply.says if text in words))
        reply = flow.answer(line, reply.step, Pressed("#"), NOON)
    return pages


@pytest.mark.parametrize(
    ("order", "pages"),
    [
        ("oo", ["open 1 2"]),
        ("cc", ["closed 1 2"]),
        ("oc", ["open 1 closed 2"]),
        ("co", ["open 2 closed 1"]),
        ("ococ", ["open 1 3 closed 2 4"]),
        ("ooooo", ["open 1 2 3 4", "open 5"]),
        ("ccccc", ["closed 1 2 3 4", "closed 5"]),
        ("coooo", ["open 2 3 4 5", "closed 1"]),
        ("ococo", ["open 1 3 5 closed 2", "closed 4"]),
        ("cooooc", ["open 2 3 4 5", "closed 1 6"]),
        ("oocooco", ["open 1 2 4 5", "open 7 closed 3 6"]),
    ],
)
def test_open_and_closed_are_announced_before_the_first_of_each_on_every_page(
    order: str, pages: list[str]
) -> None:
    assert pages_of(order) == pages


@pytest.mark.parametrize(
    "order", ["".join(order) for order in itertools.product("oc", repeat=6)]
)
def test_of_every_helpline_in_the_list_the_caller_knows_whether_it_is_open(
    order: str,
) -> None:
    """In every order; and neither word is said twice on a page, or without a helpline after it."""
    heard: dict[str, str] = {}
    for page in pages_of(order):
        words = page.split()
        states = [word for word in words if not word.isdigit()]
        assert len(states) == len(set(states))
        assert words[-1].isdigit()
        state = ""
        for word in words:
            if word.isdigit():
                assert state, page
                heard[word] = state
            else:
                state = word
    states_of = {"o": "open", "c": "closed"}
    assert heard == {str(n): states_of[state] for n, state in enumerate(order, 1)}


def test_hearing_a_number_again_does_not_say_everything_again() -> None:
    """After the number comes only what can be done now; the same when none can be dialled."""
    more = ("<number_slower>", "<text_number>", "<back>")
    for slug, rest in (
        ("always", ("<put_through>", "<hear_number>", *more)),
        ("code", ("<number_again>", *more)),
    ):
        step = OneHelpline(language="en", helpline=slug)
        number = flow.answer(SINGLE, step, Pressed("2"), NOON)
        printed = SINGLE.content.languages["en"].helpline[slug].number
        assert number.says == (*("<number_is>", printed) * 2, *rest)


def test_after_a_failed_transfer_the_number_is_said_once_more_and_the_reason_is_not() -> (
    None
):
    unreached = Unreached(language="en", helpline="always", reason="busy")
    number = flow.answer(SINGLE, unreached, Pressed("2"), NOON)
    again = ("<number_again>", "<number_slower>")
    options = ("<try_again>", *again, "<text_number>", "<others_after_text>")
    assert number.says == (*("<number_is>", "0800 1111") * 2, *options)
    assert flow.answer(SINGLE, unreached, Pressed("#"), NOON).says == options


def test_the_next_page_of_a_list_is_introduced_like_the_first() -> None:
    """It is not what a caller has heard before, so nothing of it is left out."""
    line = edition(article("one", *[1] * 12))
    contents = flow.answer(
        line, Contents(language="en", article="one"), Outcome("stray"), NOON
    )
    wrong = flow.answer(line, contents.step, Pressed("x"), NOON)
    assert wrong.says[:2] == ("<not_here>", "<option> one heading 1")
    second = flow.answer(line, wrong.step, Pressed("#"), NOON)
    assert second.says[:2] == ("<contents_intro>", "<option> one heading 10")
    helplines = flow.answer(line, flow.first_step(line), Pressed("0"), NOON)
    wrong = flow.answer(line, helplines.step, Pressed("x"), NOON)
    assert wrong.says[:2] == ("<not_here>", "<open_now>")
    assert (
        flow.answer(line, wrong.step, Pressed("#"), NOON).says[0] == "<helplines_intro>"
    )


FAR = datetime(2999, 1, 1)

SNOW = Notice(
    "The office is shut today because of snow.",
    datetime.fromisoformat("2026-07-01T08:00:00"),
    datetime.fromisoformat("2026-07-02T09:30:00"),
)


@pytest.mark.parametrize(
    ("utc", "is_said"),
    [
        ("2026-07-01T06:59:59", False),
        ("2026-07-01T07:00:00", True),
        ("2026-07-02T08:29:59", True),
        ("2026-07-02T08:30:00", False),
        ("2026-07-02T09:00:00", False),
    ],
)
def test_a_notice_is_said_after_the_welcome_from_its_first_second_to_its_last(
    utc: str, is_said: bool
) -> None:
    """In summer, London's clocks are an hour ahead of UTC."""
    line = edition(notice=SNOW)
    now = datetime.fromisoformat(f"{utc}+00:00")
    reply = flow.answer(line, flow.first_step(line), Start(), now)
    notice = (SNOW.text,) if is_said else ()
    assert reply.says[: 1 + len(notice)] == ("<welcome>", *notice)
    assert reply.says[1 + len(notice)] == "<menu_intro>"
    elsewhere = flow.answer(line, reply.step, Pressed("4"), now)
    assert SNOW.text not in elsewhere.says


@pytest.mark.parametrize(
    ("utc", "is_said"), [("00:29:59", True), ("00:30:00", False), ("01:30:00", False)]
)
def test_a_notice_that_ends_at_a_time_that_comes_twice_ends_at_the_first(
    utc: str, is_said: bool
) -> None:
    """Half past one, in the night in which the clocks go back: first at 00:30 by UTC."""
    ends = datetime.fromisoformat("2026-10-25T01:30:00")
    line = edition(notice=replace(SNOW, ends=ends))
    now = datetime.fromisoformat(f"2026-10-25T{utc}+00:00")
    reply = flow.answer(line, flow.first_step(line), Start(), now)
    assert (SNOW.text in reply.says) == is_said


def test_hash_in_the_welcome_goes_on_to_the_notice_and_from_that_to_the_menu() -> None:
    """Who skips the welcome, which they know, does not miss what is new."""
    line = edition(notice=replace(SNOW, begins=datetime(2026, 1, 1), ends=FAR))
    now = NOON
    heard = []
    step: Step = flow.first_step(line)
    event: Event = Start()
    for _ in range(3):
        reply = flow.answer(line, step, event, now)
        heard.append(reply.says[0])
        now += ms(START_UP_MS + 50)
        step, event = reply.step, Pressed("#")
    assert heard == ["<welcome>", SNOW.text, "<menu_intro>"]


# Being forgotten


MAY_FORGET = (
    *(Pressed("1"), Pressed("12")),
    *(Spoken("one"), Spoken("forget me")),
)
"""What a caller may do so that they are forgotten."""


def test_nobody_is_forgotten_but_by_two_keys_in_the_guide_and_hears_so(
    line: Line,
) -> None:
    """Set-wide: only key 1 at the question, which says what is remembered."""
    for reply, event, after in line.moves:
        assert after.forget == line.begins(after, "forgotten")
        if after.forget:
            assert isinstance(reply.step, Forgetting)
            assert event in MAY_FORGET


def test_after_being_forgotten_a_caller_is_new() -> None:
    """They keep their speed for as long as the call lasts."""
    menu = Menu(language="en", speed=1.5, bookmark=Place("one", 2, 1))
    guide = flow.answer(SINGLE, menu, Pressed("4"), NOON)
    asked = flow.answer(SINGLE, guide.step, Pressed("#"), NOON)
    assert asked.says == ("<remembered>", "<forget>", "<back>")
    after = flow.answer(SINGLE, asked.step, Pressed("1"), NOON)
    assert after.says[:3] == ("<forgotten>", "<menu_intro>", "<menu_article>")
    assert after.step.speed == 1.5
    assert "<tour>" in flow.answer(SINGLE, after.step, Pressed("1"), NOON).says


def test_star_at_the_question_keeps_the_caller_known() -> None:
    asked = Forgetting(language="en", bookmark=Place("one", 2, 1))
    guide = flow.answer(SINGLE, asked, Pressed("*"), NOON)
    menu = flow.answer(SINGLE, guide.step, Pressed("*"), NOON)
    assert "<menu_carry_on>" in menu.says


def test_of_whom_nothing_is_remembered_hears_that_and_has_nothing_to_forget() -> None:
    nobody = Abilities(remembers=False)
    step = Forgetting(language="en")
    said = flow.answer(SINGLE, step, Silence(), NOON, abilities=nobody)
    assert said.says == ("<nothing_remembered>", "<back>")
    for key in KEYS:
        after = flow.answer(SINGLE, step, Pressed(key), NOON, abilities=nobody)
        assert not after.forget


def test_an_edition_from_before_that_was_asked_does_not_ask() -> None:
    words = SINGLE.content.languages["en"]
    older = replace(words, prompts=replace(words.prompts, guide_forget="", forget=""))
    line = replace(SINGLE, content=replace(SINGLE.content, languages={"en": older}))
    guide = flow.answer(line, flow.first_step(line), Pressed("4"), NOON)
    assert isinstance(flow.answer(line, guide.step, Pressed("#"), NOON).step, Menu)
