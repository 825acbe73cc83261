"""What is changed to ask whether the tests notice it."""

import ast

from ivr.settings import ROOT
from scripts.mutants import CALLS, TESTS, changes

CODE = '''
"""Not this."""

NAMES = {"one": 1, "forty": 40}
Names = Mapping[str, int] | None
NEVER = 0.0


def is_early(hour: int, *, closed: bool = False) -> bool:
    """Nor this."""
    if closed and hour < 12:
        return told(NAMES, at=hour)
    return not closed
'''


def told() -> list[str]:
    return [change.told for change in changes(ast.parse(CODE))]


def test_whatever_callers_could_hear_is_changed_and_nothing_else() -> None:
    assert told() == [
        "line 4: `'one': 1` left out",
        "line 4: `'forty': 40` left out",
        "line 4: `'one'` → `'oneX'`",
        "line 4: `'forty'` → `'fortyX'`",
        "line 4: `1` → `2`",
        "line 4: `40` → `80`",
        "line 6: `0.0` → `1.0`",
        "line 9: `False` → `True`",
        "line 11: `if closed and hour < 12: return told(NAMES, at=hour)` →"
        " `if not (closed and hour < 12): return told(NAMES, at=hour)`",
        "line 11: `And` → `Or`",
        "line 11: `Lt` → `LtE`",
        "line 11: `12` → `24`",
        "line 12: `return told(NAMES, at=hour)` → `return None`",
        "line 12: `at=hour` left out",
        "line 13: `return not closed` → `return None`",
        "line 13: `not closed` → `closed`",
    ]


def test_each_change_is_one_piece_of_code_that_can_be_run() -> None:
    before = ast.unparse(ast.parse(CODE))
    for number, expected in enumerate(told()):
        tree = ast.parse(CODE)
        change = list(changes(tree))[number]
        assert change.told == expected
        change.apply()
        after = ast.unparse(ast.fix_missing_locations(tree))
        assert after != before, expected
        compile(after, "changed", "exec")


def test_the_whole_flow_is_asked_about_and_its_tests_are_there() -> None:
    flow = {str(path.relative_to(ROOT)) for path in ROOT.glob("ivr/call/*.py")}
    assert flow - TESTS.keys() == {"ivr/call/__init__.py"}
    for path, tests in TESTS.items():
        assert (ROOT / path).is_file()
        assert [name for name in tests if not (ROOT / name).is_file()] == []
    assert all((ROOT / name).is_file() for name in CALLS)
