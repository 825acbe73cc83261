"""A real server process on loopback, as an operator starts it."""

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import requests

from ivr.settings import ROOT
from tests.support.caller import LINE_NUMBER, PUBLIC_URL

TOKEN = "0123456789abcdef"


ONE_WORKER = {"GUNICORN_CMD_ARGS": "--workers=1"}
"""For tests of what is on a page: a second worker takes as long to start as the first."""


def environment(store: Path | str, port: int) -> dict[str, str]:
    """The settings of an installation behind a proxy that ends TLS."""
    return {
        "PORT": str(port),
        "PUBLIC_URL": PUBLIC_URL,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "LINE_NUMBER": LINE_NUMBER,
        "STORE_URL": str(store),
    }


def until(happens: Callable[[], bool]) -> None:
    """Waits until something happens, for as long as a busy machine may take: about a minute."""
    for _ in range(3000):
        if happens():
            return
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(store: Path | str, **more: str) -> Iterator[str]:
    """The address of a server that serves this store, with `more` settings."""
    with started(store, None, **more) as server:
        yield server.address


@dataclass(frozen=True)
class Server:
    """A server that runs."""

    address: str
    process: subprocess.Popen[bytes]
    """gunicorn's, whose children are its workers."""

    def workers(self) -> list[int]:
        """The processes that answer."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(pid) for pid in children.read_text().split()]


@contextmanager
def started(
    store: Path | str, log: IO[bytes] | None = None, **more: str
) -> Iterator[Server]:
    """A server that serves this store, with `more` settings; `log` takes what it says."""
    port = free_port()
    folder = tempfile.TemporaryDirectory()
    database = {"DATABASE_URL": f"sqlite:///{folder.name}/callers.db"}
    process = subprocess.Popen(
        [sys.executable, "app.py"],
        cwd=ROOT,
        env=os.environ | environment(store, port) | database | more,
        stderr=log,
    )
    address = f"http://127.0.0.1:{port}"

    def answers() -> bool:
        assert process.poll() is None, "the server has stopped"
        try:
            return requests.get(f"{address}/healthz", timeout=60).ok
        except requests.ConnectionError:
            return False

    try:
        until(answers)
        yield Server(address, process)
    finally:
        process.terminate()
        process.wait(timeout=60)
        folder.cleanup()
