"""Servers for tests, each with the database at `address`: SQLite or a real PostgreSQL."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from ivr.callers.callers import Callers
from ivr.callers.database import database_url, prepare
from tests.support.acting import KEY, Clock


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
