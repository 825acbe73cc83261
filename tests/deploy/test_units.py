"""The service: deploy/*.service as systemd reads them, and a port that outlives the line."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from ivr.settings import ROOT
from tests.support.server import environment
from tests.support.small import AT_ANY_HOUR, edition, publish

ANALYZE = shutil.which("systemd-analyze")

by_systemd = pytest.mark.skipif(not ANALYZE, reason="systemd is not installed")

MOST_EXPOSED = 2.0
"""Of 10, as `systemd-analyze security` counts; below 2 it says "OK"."""


def units(folder: Path) -> list[Path]:
    """The units of deploy/, for the program where it is here."""
    here = []
    for file in sorted((ROOT / "deploy").glob("line*")):
        text = file.read_text().replace("/srv/line/.venv/bin/python", sys.executable)
        copy = folder / file.name
        copy.write_text(text.replace("/srv/line", str(ROOT)))
        here.append(copy)
    return here


@by_systemd
def test_systemd_finds_no_fault_in_the_units(tmp_path: Path) -> None:
    found = units(tmp_path)
    assert len(found) == 4
    command = [str(ANALYZE), "verify", *map(str, found)]
    tried = subprocess.run(command, capture_output=True, text=True, check=False)
    faults = [
        line for line in tried.stderr.splitlines() if "line" in line.split(":")[0]
    ]
    assert (tried.returncode, faults) == (0, []), tried.stderr


@by_systemd
@pytest.mark.parametrize("name", ["line.service", "line-backup.service"])
def test_a_service_is_exposed_as_little_as_it_can_be(name: str) -> None:
    command = [str(ANALYZE), "security", "--offline=true", f"{ROOT}/deploy/{name}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    *_, exposure, _, _ = told.split("level for")[1].split()
    assert float(exposure) < MOST_EXPOSED


def test_every_program_that_a_unit_names_is_there() -> None:
    for file in (ROOT / "deploy").glob("*.service"):
        for line in file.read_text().splitlines():
            if line.startswith("Exec"):
                named = [word for word in line.split() if word.endswith(".py")]
                assert all((ROOT / word).exists() for word in named), line


BEGIN = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ["LISTEN_PID"] = str(os.getpid())
os.execv(sys.executable, [sys.executable, "app.py"])
"""
"""How systemd starts a program that has a socket."""


@contextmanager
def serving(port: socket.socket, store: Path) -> Iterator[None]:
    """The line, as systemd starts it with a port of its own."""
    number = int(port.getsockname()[1])
    line = subprocess.Popen(
        [sys.executable, "-c", BEGIN, str(port.fileno())],
        cwd=ROOT,
        pass_fds=(port.fileno(),),
        env=os.environ
        | environment(store, number)
        | {"LISTEN_FDS": "1", "DATABASE_URL": f"sqlite:///{store}.db"},
    )
    try:
        yield
    finally:
        line.terminate()
        line.wait(timeout=60)


def test_requests_wait_in_the_port_while_the_line_restarts(tmp_path: Path) -> None:
    publish(tmp_path / "store", edition(helplines=AT_ANY_HOUR))
    with socket.socket() as port, ThreadPoolExecutor(4) as callers:
        port.bind(("127.0.0.1", 0))
        port.listen(64)
        health = f"http://127.0.0.1:{port.getsockname()[1]}/healthz"

        def ask(_: int) -> int:
            return requests.get(health, timeout=60).status_code

        with serving(port, tmp_path / "store"):
            assert ask(0) == 200
        waiting = [callers.submit(ask, number) for number in range(4)]
        with serving(port, tmp_path / "store"):
            assert [each.result() for each in waiting] == [200] * 4
