"""Scenes as data: where keys lead, and what is known of the words."""

from typing import NoReturn

import pytest

from ivr.call.scene import Call, Go, Moves, Spoken, Way
from ivr.call.steps import Menu
from tests.support.small import NOON, edition

THERE = Go(Menu(language="en"))


def nobody_asked() -> NoReturn:
    """A way that no caller took."""
    raise AssertionError


def test_only_the_move_of_the_key_that_is_pressed_is_worked_out() -> None:
    found = 0

    def ways() -> dict[str, Way]:
        nonlocal found
        found += 1
        return {"1": lambda: THERE, "2": nobody_asked}

    moves = Moves(ways)
    assert found == 0
    assert (list(moves), len(moves)) == (["1", "2"], 2)
    assert "2" in moves
    assert "3" not in moves
    assert moves["1"] is THERE
    assert found == 1
    with pytest.raises(AssertionError):
        moves["2"]


def test_no_log_has_what_a_caller_says() -> None:
    assert "help" not in repr(Spoken("help me"))


def test_words_without_a_clip_take_as_long_as_people_need_for_them() -> None:
    """They say 120 to 200 words a minute."""
    call = Call(edition(), NOON, THERE.step)
    assert 3000 <= call.ms("ten words of which the line has no clip yet") <= 5000
