"""The studio's password: what is printed opens the door, and nothing else does."""

import getpass
from collections.abc import Iterator
from io import StringIO

import pytest
from dotenv import dotenv_values
from werkzeug.security import check_password_hash

from ivr.settings import Settings
from scripts.set_password import main

Out = pytest.CaptureFixture[str]


def types(monkeypatch: pytest.MonkeyPatch, *passwords: str) -> None:
    """Somebody at the keyboard, which a test has not."""
    typed: Iterator[str] = iter(passwords)
    monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))
    monkeypatch.delenv("SECRET_KEY", raising=False)


def test_its_lines_are_settings(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    types(monkeypatch, "four words to enter", "four words to enter")
    assert main([]) == 0
    found = dotenv_values(stream=StringIO(capsys.readouterr().out))
    settings = Settings.from_mapping({name: value or "" for name, value in found.items()})
    assert check_password_hash(settings.studio_password_hash or "", "four words to enter")
    assert len(settings.secret_key or "") >= 32


def test_a_key_that_is_set_stays(monkeypatch: pytest.MonkeyPatch, capsys: Out) -> None:
    types(monkeypatch, "four words to enter", "four words to enter")
    monkeypatch.setenv("SECRET_KEY", "x" * 32)
    assert main([]) == 0
    assert "SECRET_KEY" not in capsys.readouterr().out


@pytest.mark.parametrize("typed", [("too short",), ("four words to enter", "five words to enter")])
def test_what_is_short_or_mistyped_is_refused(
    monkeypatch: pytest.MonkeyPatch, capsys: Out, typed: tuple[str, ...]
) -> None:
    types(monkeypatch, *typed)
    assert main([]) == 1
    assert capsys.readouterr().out == ""
