"""Erasing what is kept of a caller, by a number that is typed and leaves no trace."""

import io
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from ivr.callers.barring import bar
from ivr.callers.caller import caller_hash, short
from ivr.callers.callers import Callers
from ivr.callers.database import database_url, opened, prepare
from scripts import forget
from tests.support.acting import KEY, NUMBER, PLACE, Clock, remember, rows, written

OTHER = "+441632960999"


@pytest.fixture
def url(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> URL:
    """A database that knows where two callers left off."""
    address = f"sqlite:///{tmp_path}/callers.db"
    monkeypatch.setenv("DATABASE_URL", address)
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv("LINE_NUMBER", "+441632960000")
    url = database_url(address, tmp_path)
    clock = Clock()
    prepare(url, KEY, clock())
    callers = Callers(url, KEY, clock)
    for number in (NUMBER, OTHER):
        remember(callers, hash_of(number), PLACE, f"CA of {number}", clock.ms)
    written(callers)
    callers.stop()
    return url


def hash_of(number: str) -> str:
    """How a caller is known."""
    caller = caller_hash(number, KEY)
    assert caller is not None
    return caller


def types(monkeypatch: pytest.MonkeyPatch, text: str) -> int:
    """Somebody runs the command, and types this."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(text))
    return forget.main([])


@pytest.mark.parametrize("typed", [NUMBER, "01632 960123", "0044 1632 960 123"])
def test_one_caller_is_erased_and_no_other(
    url: URL,
    typed: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert types(monkeypatch, f"{typed}\n") == 0
    assert "Found and deleted:" in capsys.readouterr().out
    assert [row["caller"] for row in rows(url, "bookmarks")] == [hash_of(OTHER)]
    assert types(monkeypatch, f"{typed}\n") == 0
    assert "Nothing was found" in capsys.readouterr().out


def test_the_number_is_not_printed(
    url: URL, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(url) as connection:
        day = datetime(2026, 3, 2, tzinfo=UTC).date()
        bar(connection, short(hash_of(NUMBER)), day)
    assert types(monkeypatch, f"{NUMBER}\n") == 0
    told = capsys.readouterr()
    assert f"This caller is barred, as {short(hash_of(NUMBER))}" in told.out
    assert "1632960123" not in told.out + told.err
    assert len(rows(url, "barred")) == 1


@pytest.mark.parametrize("typed", ["", "nobody", "12", "+266696687", "anonymous"])
def test_a_number_that_is_none_is_called_so(
    url: URL,
    typed: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert types(monkeypatch, f"{typed}\n") == 1
    assert capsys.readouterr().err.startswith("This is not a caller's number.")
    assert len(rows(url, "bookmarks")) == 2


def test_without_a_key_nobody_can_be_found_and_that_is_said_before_anything_is_asked(
    url: URL, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", "")
    assert types(monkeypatch, f"{NUMBER}\n") == 1
    told = capsys.readouterr()
    assert told.err.startswith("SECRET_KEY is not set: ")
    assert "number" not in told.out


def test_nothing_typed_is_said(
    url: URL, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert types(monkeypatch, "") == 1
    assert capsys.readouterr().err == "No number was typed.\n"
