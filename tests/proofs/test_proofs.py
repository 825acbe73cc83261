"""A short form of each proof. The long ones are `python -m tests.proofs`."""

from datetime import date
from pathlib import Path

import pytest

from tests.proofs import hostile, kills, load, one_edition, steps
from tests.proofs.__main__ import PROOFS
from tests.proofs.record import PAGE, Figure, written
from tests.support.caller import LINE_NUMBER
from tests.support.small import AT_ANY_HOUR, edition, publish

pytestmark = pytest.mark.slow

SOMEBODY = "+447700900123"

ADDRESS = 'action="https://line.example.org/voice/x"'

STRAYS = (
    "<Response><Gather {}></Gather></Response>",
    "<Response><Say>Hello.</Say></Response>",
    "<Response/>",
    "<Response><Hangup/></Response>",
    "<Response><Dial {} callerId='{}'><Number>{}</Number></Dial></Response>",
    "<Response><Dial {} callerId='+441632960001'><Number>+448001111</Number></Dial></Response>",
    "<Response><Say>Hello.</Say><Enqueue/></Response>",
    "an application error has occurred",
)
"""Documents that no caller should get."""

PAGE_BEFORE = (
    "# Page\n<!-- proof: one -->\nold\n<!-- end of proof: one -->\nThe rest.\n"
)


def test_each_proof_has_its_place_on_the_page_and_no_place_is_without_one() -> None:
    text = PAGE.read_text("utf-8")
    marks = [line for line in text.splitlines() if line.startswith("<!-- proof: ")]
    assert marks == [f"<!-- proof: {proof.name} -->" for proof in PROOFS]


def test_figures_are_written_between_their_marks() -> None:
    figures = [Figure("calls", "5"), Figure("lost", "0")]
    after = written(PAGE_BEFORE, "one", figures, date(2026, 11, 4))
    assert "| calls | 5 |\n| lost | 0 |\n" in after
    assert "`.venv/bin/python -m tests.proofs one` on 4 November 2026." in after
    assert "old" not in after
    assert after.endswith("The rest.\n")


def test_many_callers_at_once_are_all_answered_and_hear_every_sound(
    tmp_path: Path,
) -> None:
    publish(tmp_path / "store", edition(helplines=AT_ANY_HOUR))
    outcome = load.rung(tmp_path, callers=50, seconds=3, begin_s=1, pace=0.05)
    assert outcome.tally.lost == {}
    assert len(outcome.tally.replies_s) > 50
    assert len(outcome.tally.sounds_s) > 50
    assert min(outcome.memory) > 0


def test_no_request_is_lost_to_a_kill_if_the_provider_asks_again() -> None:
    asks_again = kills.Way("asks again", tries=2, patience_s=60)
    blows = ("kill -9 of a worker", "kill -9 of the server")
    outcomes = kills.struck(
        asks_again, callers=20, pace=0.05, times=1, settles_s=1, blows=blows
    )
    assert [outcomes[blow].lost for blow in blows] == [{}, {}]
    assert min(outcomes[blow].requests for blow in blows) > 0


def test_a_call_hears_one_edition_though_others_go_live_meanwhile() -> None:
    outcome = one_edition.switch_during_calls(switches=4, callers=10)
    assert (outcome.switches, outcome.in_the_middle > 0) == (4, True)
    assert outcome.mixed == []
    assert outcome.tally.lost == {}
    assert outcome.errors == []


def test_whatever_is_asked_the_answer_leads_on() -> None:
    tally = hostile.attacked(seed=7, requests=1000)
    assert tally.faults == []
    assert min(tally.asked.values()) > 0
    assert len(tally.asked) == 4


def test_whatever_happens_the_next_document_leads_on() -> None:
    assert steps.walk(250) >= 250


@pytest.mark.parametrize("document", STRAYS)
def test_a_document_that_strands_a_caller_is_noticed(document: str) -> None:
    filled = document.format(ADDRESS, LINE_NUMBER, SOMEBODY)
    assert len(list(hostile.faults_of(filled, hostile.LISTED))) == 1
