"""A short form of each proof. The long ones are `python -m tests.proofs`."""

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import pytest

from ivr.edition import hurry
from tests.proofs import (
    dead,
    faults,
    hostile,
    kills,
    load,
    one_edition,
    restored,
    steps,
)
from tests.proofs.__main__ import BENCHES, PROOFS
from tests.proofs.printed import beside
from tests.proofs.printed import figures as printed_figures
from tests.proofs.record import BENCHMARKS, PAGE, Budget, Figure, Proof, written
from tests.support.caller import LINE_NUMBER
from tests.support.provider import Patience
from tests.support.proxy import NGINX
from tests.support.small import AT_ANY_HOUR, edition, publish
from tests.support.small_content import write

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
    for page, proofs in ((PAGE, PROOFS), (BENCHMARKS, BENCHES)):
        lines = page.read_text("utf-8").splitlines()
        marks = [line for line in lines if line.startswith("<!-- proof: ")]
        assert marks == [f"<!-- proof: {proof.name} -->" for proof in proofs]


def test_figures_are_written_between_their_marks() -> None:
    figures = [Figure("calls", "5"), Figure("lost", "0")]
    one = Proof("one", never)
    after = written(PAGE_BEFORE, one, figures, date(2026, 11, 4))
    assert "| calls | 5 |\n| lost | 0 |\n" in after
    assert "`.venv/bin/python -m tests.proofs one` on 4 November 2026." in after
    assert "old" not in after
    assert after.endswith("The rest.\n")


def test_a_table_may_have_more_columns() -> None:
    proof = Proof("one", never, columns=("Line", "Key", "Sound"))
    figures = [Figure("small", "1 ms", ("2 ms",))]
    after = written(PAGE_BEFORE, proof, figures, date(2026, 11, 4))
    assert "| Line | Key | Sound |\n|---|---|---|\n| small | 1 ms | 2 ms |\n" in after


def test_figures_of_the_same_names_stand_beside_each_other() -> None:
    one = iter([Figure("a render", "1 s"), Figure("a save", "2 s")])
    two = iter([Figure("a render", "3 s"), Figure("a save", "4 s")])
    assert list(beside(one, two)) == [
        Figure("a render", "1 s", ("3 s",)),
        Figure("a save", "2 s", ("4 s",)),
    ]
    with pytest.raises(AssertionError):
        list(beside(iter([Figure("a", "1 s")]), iter([Figure("b", "1 s")])))


def never(budget: Budget) -> Iterator[Figure]:
    """No test runs it."""
    raise AssertionError(budget)


@pytest.mark.skipif(not NGINX, reason="nginx is not installed")
def test_many_callers_at_once_are_all_answered_and_hear_every_sound(
    tmp_path: Path,
) -> None:
    publish(tmp_path / "store", edition(helplines=AT_ANY_HOUR))
    outcome = load.rung(
        tmp_path, callers=50, seconds=3, begin_s=1, pace=0.05, hurries=False
    )
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


@pytest.mark.parametrize("fault", [faults.emptied, faults.unreadable])
def test_without_a_store_the_provider_says_every_word(
    fault: Callable[[Path], faults.Heard], tmp_path: Path
) -> None:
    heard = fault(tmp_path)
    assert heard.strays == []
    assert (heard.own, heard.lacking) == (0, 0)
    assert len(heard.by_provider) > heard.replies


def test_a_reply_waits_for_a_slow_disk_once_at_most_and_the_provider_speaks(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hurry, "SLOW_S", 0.5)
    found = faults.slow(tmp_path, seconds=0.6)
    assert found.heard.strays == []
    assert found.most_a_reply == 1
    assert len(found.heard.by_provider) > found.heard.replies


def test_a_damaged_clip_alone_is_said_by_the_provider(tmp_path: Path) -> None:
    clips, heard = faults.damaged(tmp_path, most=3)
    assert (clips, heard.strays, heard.lacking) == (3, [], 0)
    assert heard.by_provider
    assert heard.own > heard.replies


def test_a_clip_that_changes_unseen_is_a_pause_once_and_then_said_by_the_provider(
    tmp_path: Path,
) -> None:
    first, later = faults.rotten(tmp_path)
    assert first.strays + later.strays == []
    assert first.lacking
    assert not later.lacking
    assert later.by_provider


def test_whatever_the_clock_does_calls_go_on_and_hours_are_right(
    tmp_path: Path,
) -> None:
    heard = faults.clock_stepped(tmp_path / "stepped")
    assert (heard.strays, heard.by_provider) == ([], [])
    assert heard.own >= heard.replies
    assert faults.clock_changes(tmp_path / "nights") == 98


def test_a_backup_is_restored_by_the_script_and_the_line_answers_from_it(
    tmp_path: Path,
) -> None:
    old = tmp_path / "old"
    publish(old / "instance/store", edition())
    write(old / "content")
    assert len(list(restored.rehearsed(restored.installed(old), tmp_path))) == 3
    assert not old.exists()


def test_what_a_benchmark_prints_is_taken_as_figures() -> None:
    printed = (
        "Medians of 5\n"
        "  a sound of 283 KB               3.40 ms of time\n"
        "    so its throughput is          0.18 of that\n"
        "  5 clips were rendered\n"
        "  Line               Key press        of a bare view  \n"
        "  1 article          1.13 ms          0.36            \n"
    )
    assert list(printed_figures(printed)) == [
        Figure("a sound of 283 KB", "3.40 ms of time"),
        Figure("so its throughput is", "0.18 of that"),
        Figure("1 article", "1.13 ms", ("0.36",)),
    ]


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


def test_if_the_server_hangs_or_is_gone_the_copy_elsewhere_is_read_out(
    tmp_path: Path,
) -> None:
    found = dead.rung_at_a_dead_line(tmp_path, Patience(60, answer_s=0.5, tries=1))
    assert len(found) == 3
