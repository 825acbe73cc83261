"""What comes of a transfer, as a table: every outcome, joined or not, after so many seconds."""

import itertools
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ivr.call import flow
from ivr.call.scene import Abilities, Outcome, Pressed, Reply, Silence
from ivr.call.steps import (
    Doubtful,
    Helplines,
    Menu,
    Paused,
    Place,
    Step,
    Transfer,
)
from tests.support.small import NOON, edition

LINE = edition()

SECONDS = (0, 5, 24, 25, 300, None)

TABLE = """
outcome    joined    0 s        5 s        24 s       25 s       300 s      not told
completed  yes       spoken     spoken     spoken     back       back       back
completed  no        spoken     spoken     spoken     spoken     spoken     spoken
completed  not-told  spoken     spoken     spoken     back       back       back
answered   yes       spoken     spoken     spoken     back       back       back
answered   no        spoken     spoken     spoken     spoken     spoken     spoken
answered   not-told  spoken     spoken     spoken     back       back       back
busy       yes       busy       busy       busy       busy       busy       busy
busy       no        busy       busy       busy       busy       busy       busy
busy       not-told  busy       busy       busy       busy       busy       busy
no-answer  yes       no-answer  no-answer  no-answer  no-answer  no-answer  no-answer
no-answer  no        no-answer  no-answer  no-answer  no-answer  no-answer  no-answer
no-answer  not-told  no-answer  no-answer  no-answer  no-answer  no-answer  no-answer
failed     yes       failed     failed     failed     failed     failed     failed
failed     no        failed     failed     failed     failed     failed     failed
failed     not-told  failed     failed     failed     failed     failed     failed
canceled   yes       helpline   helpline   helpline   helpline   helpline   helpline
canceled   no        helpline   helpline   helpline   helpline   helpline   helpline
canceled   not-told  helpline   helpline   helpline   helpline   helpline   helpline
nonsense   yes       failed     failed     failed     failed     failed     failed
nonsense   no        failed     failed     failed     failed     failed     failed
nonsense   not-told  failed     failed     failed     failed     failed     failed
"""
"""Where the caller goes. `back` is to where they were before the helplines."""

JOINED = {"yes": True, "no": False, "not-told": None}

FIRST_WORDS = {
    "back": "<back_on_line>",
    "spoken": "<back_on_line>",
    "busy": "<busy>",
    "no-answer": "<no_answer>",
    "failed": "<failed>",
    "helpline": "<put_through>",
}
"""What each of these is told at once."""


def rows() -> Iterator[tuple[Outcome, str]]:
    """Every outcome of the table, and where it leads."""
    for line in TABLE.strip().splitlines()[1:]:
        status, joined, *leads = line.split()
        for seconds, lead in zip(SECONDS, leads, strict=True):
            yield Outcome(status, JOINED[joined], seconds), lead


def test_the_table_has_every_outcome() -> None:
    statuses = ("completed", "answered", "busy", "no-answer", "failed", "canceled")
    every = itertools.product((*statuses, "nonsense"), (True, False, None), SECONDS)
    assert [outcome for outcome, _ in rows()] == [Outcome(*each) for each in every]


def lead_of(reply: Reply) -> str:
    """Where a caller has come to, as the table calls it."""
    if isinstance(reply.step, Menu | Paused):
        return "back"
    return getattr(reply.step, "reason", reply.step.kind)


READING = Transfer(
    language="en", helpline="office", bookmark=Place("one", 2, 3), reading=True
)
FROM_THE_MENU = Transfer(language="en", helpline="office", page=2)


@pytest.mark.parametrize("step", [READING, FROM_THE_MENU], ids=["reading", "menu"])
def test_each_outcome_leads_where_the_table_says_and_says_so_first(
    step: Transfer,
) -> None:
    for outcome, lead in rows():
        reply = flow.answer(LINE, step, outcome, NOON)
        assert (lead_of(reply), reply.says[0]) == (lead, FIRST_WORDS[lead]), outcome


@pytest.mark.parametrize(
    ("step", "star", "where"),
    [(READING, "<to_article>", Paused), (FROM_THE_MENU, "<to_menu>", Menu)],
    ids=["reading", "menu"],
)
def test_who_may_have_reached_nobody_is_asked_and_loses_nothing(
    step: Transfer, star: str, where: type[Step]
) -> None:
    asked = flow.answer(LINE, step, Outcome("completed", True, 5), NOON)
    options = ("<try_again>", "<others_open_first>", star)
    assert asked.says == ("<back_on_line>", "<did_you_speak>", *options)
    again = flow.answer(LINE, asked.step, Pressed("1"), NOON)
    assert again.dial == LINE.content.languages["en"].helpline["office"]
    others = flow.answer(LINE, asked.step, Pressed("2"), NOON)
    assert others.step == Helplines(
        language="en",
        bookmark=step.bookmark,
        reading=step.reading,
        at=others.step.at,
    )
    for key in "*#":
        back = flow.answer(LINE, asked.step, Pressed(key), NOON)
        assert isinstance(back.step, where)
        assert back.step.bookmark == step.bookmark
    silent = flow.answer(LINE, asked.step, Silence(), NOON)
    assert isinstance(silent.step, Doubtful)
    assert silent.says == options


def test_the_line_s_own_bound_decides_what_is_short() -> None:
    content = replace(LINE.content, short_transfer_seconds=6)
    line = replace(LINE, content=content)
    for seconds, kind in ((5, "spoken"), (6, "menu")):
        outcome = Outcome("completed", True, seconds)
        reply = flow.answer(line, FROM_THE_MENU, outcome, NOON)
        assert reply.step.kind == kind


@pytest.mark.parametrize("keeps", [True, False])
def test_star_is_promised_only_where_the_provider_obeys_it(keeps: bool) -> None:
    step = Transfer(language="en", helpline="office")
    able = Abilities(star_ends_dial=keeps)
    reply = flow.answer(LINE, step, Silence(), NOON, abilities=able)
    arrived = flow.answer(LINE, step, Pressed("1"), NOON, abilities=able)
    assert arrived.dial
    assert ("<star_comes_back>" in arrived.says) == keeps
    assert not reply.dial


def test_an_edition_from_before_a_prompt_says_the_rest() -> None:
    words = LINE.content.languages["en"]
    prompts = replace(words.prompts, did_you_speak="", to_menu="")
    old = replace(words, prompts=prompts)
    line = replace(LINE, content=replace(LINE.content, languages={"en": old}))
    asked = flow.answer(line, FROM_THE_MENU, Outcome("completed", True, 5), NOON)
    assert asked.says == ("<back_on_line>", "<try_again>", "<others_open_first>")
