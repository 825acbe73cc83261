"""The commands `scripts/database.py` and `scripts/report.py`."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from ivr.callers.tables import VERSION
from scripts import database, report
from tests.support.acting import KEY


@pytest.fixture(autouse=True)
def installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing is there yet."""
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/callers.db")
    monkeypatch.setenv("STORE_URL", str(tmp_path / "store"))
    monkeypatch.setenv("SECRET_KEY", KEY)


def test_the_database_is_set_up_by_a_command(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert database.main(["status"]) == 1
    assert "is not set up: run scripts/database.py upgrade" in capsys.readouterr().err
    assert database.main(["upgrade"]) == 0
    assert f"was brought from version None to {VERSION}" in capsys.readouterr().out
    assert database.main(["status"]) == 0
    assert f"is up to date: version {VERSION}." in capsys.readouterr().out


def test_a_wrong_address_is_told(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("mysql://a:hidden@b/c", "postgresql://a:hidden@127.0.0.1:1/c"):
        monkeypatch.setenv("DATABASE_URL", address)
        for what in ("upgrade", "status"):
            assert database.main([what]) == 1
        assert report.main(["2026"]) == 1
        said = capsys.readouterr()
        assert said.out == ""
        assert "hidden" not in said.err


def test_a_month_without_data_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert database.main(["upgrade"]) == 0
    capsys.readouterr()
    for form in ("text", "csv"):
        assert report.main(["2026-03", "--format", form]) == 0
        assert capsys.readouterr().out.strip() == "Nothing was counted in March 2026."


def test_a_period_that_is_none_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert database.main(["upgrade"]) == 0
    assert report.main(["July"]) == 1
    assert "'July' is not a period" in capsys.readouterr().err


def test_counts_of_a_newer_database_and_of_none_are_not_told_as_nothing(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert report.main(["2026-03"]) == 1
    assert "is not set up: run scripts/database.py upgrade" in capsys.readouterr().err
    assert database.main(["upgrade"]) == 0
    with closing(sqlite3.connect(tmp_path / "callers.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    capsys.readouterr()
    assert report.main(["2026-03"]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "is of version 9999" in said.err


def test_a_damaged_file_is_told_with_what_to_do(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    (tmp_path / "callers.db").write_bytes(b"no database at all" * 500)
    for command, argument in ((database, "status"), (report, "2026-03")):
        assert command.main([argument]) == 1
        said = capsys.readouterr().err
        assert "file is not a database" in said
        assert "run scripts/database.py upgrade, which sets the file aside" in said
    assert database.main(["upgrade"]) == 0
    assert "was damaged. It was set aside as" in capsys.readouterr().out
