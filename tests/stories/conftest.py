"""What every story has."""

import pytest

from ivr.callers import writer


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database is written at once: stories wait for it after every step."""
    monkeypatch.setattr(writer, "PAUSE_S", 0.0)
