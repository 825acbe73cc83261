"""Barring a caller by what the log calls them."""

from pathlib import Path

import pytest

from scripts import bar_caller, database
from tests.support.acting import KEY

CALLER = "0a1b2c3d"


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database that is set up."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/callers.db")
    monkeypatch.setenv("SECRET_KEY", KEY)
    assert database.main(["upgrade"]) == 0


def test_a_caller_is_barred_listed_and_let_in_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    for given, said in (
        (["--list"], ""),
        ([CALLER], f"{CALLER} is barred now. "),
        ([CALLER.upper()], f"{CALLER} was already barred."),
        (["--list"], f"{CALLER}, since 20"),
        (["--lift", CALLER], f"{CALLER} is let in again."),
        (["--lift", CALLER], f"{CALLER} was not barred."),
        (["--list"], ""),
    ):
        assert bar_caller.main(given) == 0
        told = capsys.readouterr().out
        assert told.startswith(said)
        assert bool(told) == bool(said)


@pytest.mark.parametrize("wrong", ["0a1b2c3", "0a1b2c3dd", "+441632960123", "withheld"])
def test_what_is_no_hash_is_named(
    wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        bar_caller.main([wrong])
    assert ended.value.code == 2
    assert f"{wrong!r} is not a caller's name in the log" in capsys.readouterr().err


@pytest.mark.parametrize("given", [[], ["--lift"], ["--list", CALLER]])
def test_one_caller_or_the_list_is_asked_for(
    given: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        bar_caller.main(given)
    assert ended.value.code == 2
    assert "name one caller by HASH, or use --list" in capsys.readouterr().err


def test_a_database_that_is_away_is_told_without_its_password(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://a:hidden@127.0.0.1:1/c")
    assert bar_caller.main([CALLER]) == 1
    said = capsys.readouterr().err
    assert said.startswith("postgresql://127.0.0.1:1/c cannot be used: ")
    assert "hidden" not in said
