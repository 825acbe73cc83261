"""Work in a separate process: whatever it takes, or comes to, the server goes on."""

import pytest

from audio import apart
from ivr.errors import LineError, TooMuch

GREEDY = "tests.support.greedy"

pytestmark = pytest.mark.slow


def test_what_was_made_of_the_bytes_comes_back() -> None:
    every = bytes(range(256)) * 1000
    assert apart.apart(GREEDY, every) == every


@pytest.mark.parametrize(
    ("takes", "limit", "most"),
    [
        ("processor", "MOST_CPU_S", 1),
        ("time", "MOST_S", 2),
        ("memory", "MOST_BYTES", 1_000_000_000),
    ],
)
def test_what_takes_too_much_is_ended_and_that_is_told(
    monkeypatch: pytest.MonkeyPatch, takes: str, limit: str, most: int
) -> None:
    monkeypatch.setattr(apart, limit, most)
    with pytest.raises(TooMuch, match="it takes too long to read, or too much memory"):
        apart.apart(GREEDY, takes.encode())


def test_why_something_is_refused_is_told_in_its_own_words() -> None:
    with pytest.raises(LineError, match=r"in a language that nobody reads: ξ$"):
        apart.apart(GREEDY, b"refuses")


def test_a_fault_of_our_own_is_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(TooMuch):
        apart.apart(GREEDY, b"is wrong")
    assert "a fault of our own" in caplog.text
