"""The database: which one it is, how it is reached, and what is done with it at a start."""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, create_engine, event, inspect, select, text, update
from sqlalchemy.engine import URL, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError

from ivr.callers.caller import key_check
from ivr.callers.tables import VERSION, meta
from ivr.errors import DatabaseError, SettingError
from ivr.settings import VARIABLES

TAKES = VARIABLES["DATABASE_URL"].takes
"""What the setting takes, in words that follow "is not"."""

POSTGRESQL = ("postgres", "postgresql", "postgresql+psycopg")

CONNECT_S, LOCKED_S, STATEMENT_S = 5, 5, 120
"""How long a connection, a lock and a statement are waited for: then it is an outage."""

POSTGRESQL_OPTIONS: dict[str, Any] = {
    "connect_timeout": CONNECT_S,
    "application_name": "talking-line",
    "client_encoding": "utf8",  # even where a database was made without one
    # Without these, a server that is unplugged keeps a connection waiting for two hours.
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,
    "options": f"-c lock_timeout={LOCKED_S}s -c statement_timeout={STATEMENT_S}s",
}

MIGRATIONS = Path(__file__).with_name("migrations")

ONE_AT_A_TIME = 7_281_960
"""The lock by which only one of several servers that start at once makes the tables; any number."""

DAMAGED = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


def database_url(value: str, folder: Path) -> URL:
    """What `DATABASE_URL` names; an SQLite file's path starts in `folder`.

    Raises `SettingError` for a value that is malformed or names another kind of database.
    """
    try:
        url = make_url(value)
    except (ArgumentError, ValueError):
        raise SettingError(f"DATABASE_URL={_hidden(value)!r} is not {TAKES}") from None
    if url.drivername == "sqlite" and url.database and url.database != ":memory:":
        return url.set(database=str(folder / url.database))
    if url.drivername in POSTGRESQL and url.database:
        return url.set(drivername="postgresql+psycopg")
    raise SettingError(f"DATABASE_URL={_hidden(value)!r} is not {TAKES}")


def _hidden(value: str) -> str:
    """A value that may have a password anywhere before its last @ or after its ?, without it."""
    kind, colon, rest = value.partition("?")[0].partition(":")
    _, at, after_last = rest.rpartition("@")
    if at:
        return f"{kind}:…@{after_last}"
    if kind == "sqlite":
        return value
    return f"{kind}{colon}…"


def shown(url: URL) -> str:
    """The database's address as staff may see it: without user, password and options."""
    return URL.create(
        url.get_backend_name(), host=url.host, port=url.port, database=url.database
    ).render_as_string()


def engine_of(url: URL, connections: int = 1) -> Engine:
    """How it is reached, by at most this many connections at once. Nothing is connected yet."""
    pool: dict[str, Any] = {
        "pool_size": connections,
        "max_overflow": 0,
        "pool_pre_ping": True,
    }
    if url.get_backend_name() == "postgresql":
        return create_engine(
            url, connect_args=POSTGRESQL_OPTIONS, hide_parameters=True, **pool
        )
    engine = create_engine(
        url, connect_args={"timeout": LOCKED_S}, hide_parameters=True, **pool
    )
    event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(connection: sqlite3.Connection, _record: object) -> None:
    connection.execute("PRAGMA synchronous=NORMAL")
    # What is deleted is overwritten: a caller who is forgotten is not left in a free page.
    connection.execute("PRAGMA secure_delete=ON")


def version(connection: Connection) -> str | None:
    """The newest migration that the database has seen; None before the first."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return str(found) if found else None


def check_version(connection: Connection, url: URL) -> None:
    """Raises `DatabaseError` for a database of another version than this program's."""
    found = version(connection)
    if found == VERSION:
        return
    if found is not None and found > VERSION:
        raise DatabaseError(
            f"{shown(url)} is of version {found}, and this program knows versions up to {VERSION}:"
            " run the newer program again, or name another database in DATABASE_URL"
        )
    raise DatabaseError(f"{shown(url)} is not set up: run scripts/database.py upgrade")


@contextmanager
def opened(url: URL) -> Iterator[Connection]:
    """A transaction, for a command. Raises `DatabaseError` where the database cannot be used."""
    engine = engine_of(url)
    try:
        with engine.begin() as connection:
            check_version(connection, url)
            yield connection
    except DBAPIError as error:
        raise DatabaseError(f"{shown(url)} cannot be used: {reason(error)}") from None
    finally:
        engine.dispose()


def prepare(url: URL, secret_key: str | None, now: datetime) -> list[str]:
    """Brings the database up to date; returns what whoever starts the line should know.

    To be called once a start, before the server's processes begin. Raises `SettingError` where
    it cannot be used and `DatabaseError` where it is of a newer version.
    """
    notes: list[str] = []
    try:
        if url.get_backend_name() == "sqlite":
            notes += _prepare_file(Path(url.database or ""), now)
        engine = engine_of(url)
        try:
            with engine.begin() as connection:
                notes += _upgrade(connection, url)
                notes += _note_key(connection, secret_key)
        finally:
            engine.dispose()
    except (DBAPIError, sqlite3.Error, OSError) as error:
        raise SettingError(
            f"DATABASE_URL: {shown(url)} cannot be used: {reason(error)};"
            " start it or make it writable, or name another database"
        ) from None
    return notes


def reason(error: Exception) -> str:
    """What a database said, in one line; a driver's message holds no password. Of a damaged file,
    what to do as well."""
    own = error
    if isinstance(error, DBAPIError) and isinstance(error.orig, Exception):
        own = error.orig
    said = re.sub(r"\s+", " ", str(own)).strip() or type(error).__name__
    if getattr(own, "sqlite_errorcode", 0) & 0xFF in DAMAGED:
        said += "; stop the server and run scripts/database.py upgrade, which sets the file aside"
    return said


def _prepare_file(file: Path, now: datetime) -> list[str]:
    """Makes an SQLite file that is there and sound: a damaged one is set aside."""
    file.parent.mkdir(parents=True, exist_ok=True)
    notes: list[str] = []
    if file.exists() and _is_damaged(file):
        aside = file.with_name(f"{file.name}.damaged-{now:%Y%m%dT%H%M%S}")
        for ending in ("", "-wal", "-shm"):
            part = file.with_name(file.name + ending)
            if part.exists():
                part.rename(aside.with_name(aside.name + ending))
        notes.append(
            f"The database {file} was damaged. It was set aside as {aside.name}, and a new one was"
            " begun: every caller is new, and the counts begin again."
        )
    file.touch(mode=0o600)
    with closing(sqlite3.connect(file, timeout=LOCKED_S)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
    return notes


def _is_damaged(file: Path) -> bool:
    try:
        with closing(sqlite3.connect(file, timeout=LOCKED_S)) as connection:
            found = connection.execute("PRAGMA quick_check").fetchall()
    except sqlite3.DatabaseError as error:
        if error.sqlite_errorcode & 0xFF not in DAMAGED:
            raise
        return True
    return found != [("ok",)]


def _upgrade(connection: Connection, url: URL) -> list[str]:
    if url.get_backend_name() == "postgresql":
        connection.execute(
            text("SELECT pg_advisory_xact_lock(:n)"), {"n": ONE_AT_A_TIME}
        )
    found = version(connection)
    if found is None or found < VERSION:
        # Here, because it takes 770 ms, and is needed once a version.
        from alembic import command
        from alembic.config import Config

        config = Config(attributes={"connection": connection})
        config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
        command.upgrade(config, "head")
        return [
            f"The database {shown(url)} was brought from version {found} to {VERSION}."
        ]
    check_version(connection, url)
    return []


def _note_key(connection: Connection, secret_key: str | None) -> list[str]:
    """Notices that `SECRET_KEY` is another one than at the last start."""
    if secret_key is None:
        return []
    key = key_check(secret_key)
    before = connection.scalar(select(meta.c.value).where(meta.c.name == "key"))
    if before == key:
        return []
    if before is None:
        connection.execute(meta.insert().values(name="key", value=key))
        return []
    connection.execute(update(meta).where(meta.c.name == "key").values(value=key))
    return [
        "SECRET_KEY has changed: every caller is new, and nobody is barred any longer. With the"
        " old key they would be known again; what is kept of them goes 90 days after their call."
    ]
