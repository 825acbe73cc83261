"""The studio's password: what is written opens the door, and nothing else does."""

import getpass
from collections.abc import Iterator
from pathlib import Path

import pytest
from dotenv import dotenv_values
from werkzeug.security import check_password_hash

from ivr.settings import Settings
from scripts.set_password import main


def types(monkeypatch: pytest.MonkeyPatch, *passwords: str) -> None:
    """Somebody at the keyboard, which a test has not."""
    typed: Iterator[str] = iter(passwords)
    monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))


def test_it_opens_the_door_and_nothing_else_is_touched(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Also in a file whose last line has no end, and with a password that was set before."""
    file = tmp_path / ".env"
    file.write_text("PORT=9000")
    for password in ("five words to enter here", "four words to enter"):
        types(monkeypatch, password, password)
        assert main(["--env", str(file)]) == 0
        found = {name: value or "" for name, value in dotenv_values(file).items()}
        settings = Settings.from_mapping(found)
        assert check_password_hash(settings.studio_password_hash or "", password)
        assert settings.port == 9000
    assert file.stat().st_mode & 0o777 == 0o600
    assert sorted(found) == ["PORT", "SECRET_KEY", "STUDIO_PASSWORD_HASH"]


def test_a_key_that_is_set_stays(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / ".env"
    file.write_text(f"SECRET_KEY={'x' * 32}\n")
    types(monkeypatch, "four words to enter", "four words to enter")
    assert main(["--env", str(file)]) == 0
    assert dotenv_values(file)["SECRET_KEY"] == "x" * 32


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        (("too short",), "Too short: use at least 12 characters, such as four words."),
        (
            ("four words to enter", "five words to enter"),
            "The passwords do not match; nothing was changed.",
        ),
    ],
)
def test_what_is_short_or_mistyped_is_refused(
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    typed: tuple[str, ...],
    why: str,
) -> None:
    types(monkeypatch, *typed)
    assert main(["--env", str(tmp_path / ".env")]) == 1
    assert capsys.readouterr().err == f"{why}\n"
    assert (tmp_path / ".env").read_text() == ""


def test_where_it_cannot_be_kept_nothing_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--env", str(tmp_path / "nowhere" / ".env")]) == 1
    assert "Nothing was changed" in capsys.readouterr().err
