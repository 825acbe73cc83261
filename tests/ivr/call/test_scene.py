"""Scenes as data: where keys lead."""

from typing import NoReturn

import pytest

from ivr.call.scene import Go, Moves, Way
from ivr.call.steps import Menu

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
