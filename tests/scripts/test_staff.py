"""Staff's names: somebody who is added can sign in; somebody who is removed cannot."""

import getpass
from collections.abc import Iterator
from pathlib import Path

import pytest
from werkzeug.security import check_password_hash

from audio.web.people import FILE, People
from scripts.staff import main

PASSWORD = "five words for Anna alone"


def types(monkeypatch: pytest.MonkeyPatch, *passwords: str) -> None:
    typed: Iterator[str] = iter(passwords)
    monkeypatch.setattr(getpass, "getpass", lambda _: next(typed))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STUDIO_DIR", str(tmp_path / "studio"))
    return tmp_path / "studio"


def test_somebody_is_added_listed_and_removed(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["list"]) == 0
    assert (
        capsys.readouterr().out
        == "Nobody has a name yet: everybody signs in as “staff”.\n"
    )
    for password in ("another for the start", PASSWORD):
        types(monkeypatch, password, password)
        assert main(["add", "Anna  Fraser"]) == 0
    assert check_password_hash(People(folder).hashes()["Anna Fraser"], PASSWORD)
    assert (folder / FILE).stat().st_mode & 0o777 == 0o600
    capsys.readouterr()
    assert main(["list"]) == 0
    assert capsys.readouterr().out == "Anna Fraser\n"
    assert main(["remove", "Anna Fraser"]) == 0
    assert People(folder).hashes() == {}


@pytest.mark.parametrize(
    ("asked", "typed", "why"),
    [
        (["add", "Anna"], ("too short", "too short"), "Too short"),
        (["add", "Anna"], (PASSWORD, "something else"), "do not match"),
        (["add", "Staff"], (PASSWORD, PASSWORD), "the shared password"),
        (["add", " "], (PASSWORD, PASSWORD), "A name has 1 to 60 characters"),
        (["remove", "Nobody"], (), "Nobody has the name 'Nobody'"),
    ],
)
def test_what_will_not_do_is_told_and_changes_nothing(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    asked: list[str],
    typed: tuple[str, ...],
    why: str,
) -> None:
    types(monkeypatch, *typed)
    assert main(asked) == 1
    assert why in capsys.readouterr().err
    assert People(folder).hashes() == {}
