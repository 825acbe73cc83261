"""A real server process on loopback, as an operator starts it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import requests

from ivr.settings import ROOT
from tests.support.caller import LINE_NUMBER, PUBLIC_URL

TOKEN = "0123456789abcdef"


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
    """Waits, as long as a busy machine may take; then what should happen does not."""
    for _ in range(3000):
        if happens():
            return
        time.sleep(0.02)
    raise AssertionError


@contextmanager
def running(store: Path | str, **more: str) -> Iterator[str]:
    """The address of a server that serves this store, with `more` settings."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        [sys.executable, "app.py"], cwd=ROOT, env=os.environ | environment(store, port) | more
    )
    address = f"http://127.0.0.1:{port}"
    try:
        for _ in range(300):
            try:
                requests.get(f"{address}/healthz", timeout=5)
                break
            except requests.ConnectionError:
                time.sleep(0.1)
        yield address
    finally:
        process.terminate()
        process.wait(timeout=20)
