"""What a start does with the database, and with an address or a file that is wrong."""

import sqlite3
import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text
from sqlalchemy.engine import URL

from ivr.callers.callers import Callers
from ivr.callers.database import (
    MIGRATIONS,
    database_url,
    engine_of,
    prepare,
    shown,
    version,
)
from ivr.callers.tables import VERSION, metadata
from ivr.errors import DatabaseError, SettingError
from tests.support.acting import (
    KEY,
    PLACE,
    SOMEBODY,
    Clock,
    remember,
    rows,
    until,
    written,
)


def test_a_start_sets_up_the_database_once_and_says_so(
    address: str, tmp_path: Path, clock: Clock
) -> None:
    url = database_url(address, tmp_path / "instance")
    (said,) = prepare(url, KEY, clock())
    assert (
        said == f"The database {shown(url)} was brought from version None to {VERSION}."
    )
    assert prepare(url, KEY, clock()) == []


def test_the_migrations_make_the_tables_that_the_code_uses(url: URL) -> None:
    assert ScriptDirectory(str(MIGRATIONS)).get_heads() == [VERSION]
    engine = engine_of(url)
    with engine.connect() as connection:
        assert version(connection) == VERSION
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    engine.dispose()


def test_an_old_database_is_brought_up_to_date_with_what_is_in_it(
    address: str, tmp_path: Path, clock: Clock
) -> None:
    url = database_url(address, tmp_path)
    at_version(url, "0001")
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(text(OLD_BOOKMARK), {"caller": SOMEBODY})
    engine.dispose()
    assert prepare(url, KEY, clock()) == [
        f"The database {shown(url)} was brought from version 0001 to {VERSION}."
    ]
    callers = Callers(url, KEY, clock)
    until(lambda: callers.bookmark(SOMEBODY) == PLACE)
    remember(callers, SOMEBODY, replace(PLACE, heading="ab", at=7), "CA1", clock.ms)
    written(callers)
    assert rows(url, "bookmarks")[0]["heading"] == "ab"
    callers.stop()


OLD_BOOKMARK = """
INSERT INTO bookmarks VALUES (:caller, '0123456789ab', 'en', 1.5, 'what-is-co-production', 3, 4,
'5e17e9ce', '2026-03-01', 5)
"""
"""`PLACE`, as version 0001 had it."""


def at_version(url: URL, name: str) -> None:
    """The tables as an older program made them."""
    if url.get_backend_name() == "sqlite":
        sqlite3.connect(url.database or "").close()
    engine = engine_of(url)
    with engine.begin() as connection:
        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS))
        command.upgrade(config, name)
    engine.dispose()


@pytest.mark.parametrize(
    "value",
    [
        *(
            "",
            "nonsense",
            "sqlite://",
            "sqlite:///:memory:",
            "postgresql://somebody:hidden@host",
        ),
        *("mysql://somebody:hidden@host/name", "postgres//somebody:hidden@host/name"),
        *(
            "postgresql://somebody:hid@den@host:port/name?password=hidden",
            "oracle:hidden",
        ),
        *("postgresql+asyncpg://somebody:hidden@host/name",),
    ],
)
def test_an_address_that_is_none_is_named_without_its_password(
    value: str, tmp_path: Path
) -> None:
    with pytest.raises(SettingError) as refused:
        database_url(value, tmp_path)
    said = str(refused.value)
    assert said.startswith("DATABASE_URL=")
    assert "is not an SQLite file, such as sqlite:///instance/callers.db, or" in said
    assert "hid" not in said


@pytest.mark.parametrize("kind", ["postgres", "postgresql", "postgresql+psycopg"])
def test_a_server_that_cannot_be_reached_is_named_without_its_password(
    kind: str, tmp_path: Path, clock: Clock
) -> None:
    url = database_url(f"{kind}://somebody:hidden@127.0.0.1:1/name", tmp_path)
    with pytest.raises(SettingError) as refused:
        prepare(url, KEY, clock())
    assert "DATABASE_URL: postgresql://127.0.0.1:1/name cannot be used" in str(
        refused.value
    )
    assert "hidden" not in "".join(traceback.format_exception(refused.value))


def test_a_file_that_cannot_be_made_is_named(tmp_path: Path, clock: Clock) -> None:
    (tmp_path / "instance").write_text("in the way")
    url = database_url("sqlite:///instance/callers.db", tmp_path)
    with pytest.raises(SettingError, match=r"instance/callers\.db cannot be used"):
        prepare(url, KEY, clock())


def test_a_newer_database_is_refused_with_what_to_do(url: URL, clock: Clock) -> None:
    engine = engine_of(url)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    engine.dispose()
    with pytest.raises(
        DatabaseError, match=r"version 9999.* run the newer program again, or name"
    ):
        prepare(url, KEY, clock())


def test_a_database_that_is_not_set_up_is_trouble_and_no_more_until_it_is(
    address: str, tmp_path: Path, clock: Clock
) -> None:
    url = database_url(address, tmp_path)
    callers = Callers(url, KEY, clock)
    remember(callers, SOMEBODY, PLACE, "CA1", clock.ms)
    until(lambda: callers.status().trouble is not None)
    assert "is not set up: run scripts/database.py upgrade" in str(
        callers.status().trouble
    )
    assert callers.bookmark(SOMEBODY) is None
    prepare(url, KEY, clock())
    written(callers)
    assert (callers.status().trouble, callers.status().lost) == (None, 0)
    assert rows(url, "bookmarks")[0]["caller"] == SOMEBODY
    callers.stop()


def test_another_key_is_noticed_and_said(url: URL, clock: Clock) -> None:
    assert prepare(url, None, clock()) == []
    (said,) = prepare(url, "another key that nobody else can guess", clock())
    assert said.startswith("SECRET_KEY has changed: every caller is new")
    assert prepare(url, "another key that nobody else can guess", clock()) == []


def spoil(data: bytes) -> bytes:
    """Other bytes in the middle of every page but the first."""
    pages = [data[n : n + 4096] for n in range(0, len(data), 4096)]
    return pages[0] + b"".join(
        page[:8] + b"\xa5" * 4000 + page[4008:] for page in pages[1:]
    )


@pytest.mark.parametrize("damage", [spoil, lambda data: b"no database at all" * 500])
def test_a_damaged_file_is_set_aside_and_a_new_one_begun(
    tmp_path: Path, clock: Clock, damage: Callable[[bytes], bytes]
) -> None:
    url = database_url("sqlite:///callers.db", tmp_path)
    file = tmp_path / "callers.db"
    prepare(url, KEY, clock())
    file.write_bytes(damage(file.read_bytes()))
    spoilt = file.read_bytes()
    aside, made = prepare(url, KEY, clock())
    assert aside == (
        f"The database {file} was damaged. It was set aside as callers.db.damaged-20260302T120000,"
        " and a new one was begun: every caller is new, and the counts begin again."
    )
    assert made.startswith("The database")
    assert (tmp_path / "callers.db.damaged-20260302T120000").read_bytes() == spoilt
    assert prepare(url, KEY, clock()) == []


def test_a_file_that_is_busy_is_not_taken_for_damaged(
    tmp_path: Path, clock: Clock
) -> None:
    url = database_url("sqlite:///callers.db", tmp_path)
    prepare(url, KEY, clock())
    other = sqlite3.connect(tmp_path / "callers.db")
    other.execute("BEGIN IMMEDIATE")
    assert prepare(url, KEY, clock()) == []
    other.close()


def test_nobody_but_the_line_may_read_its_file(tmp_path: Path, clock: Clock) -> None:
    prepare(database_url("sqlite:///callers.db", tmp_path), KEY, clock())
    assert (tmp_path / "callers.db").stat().st_mode & 0o777 == 0o600
