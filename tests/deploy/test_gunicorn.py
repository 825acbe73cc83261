"""The server's configuration: what it logs, and how."""

import json
import os
import re
import signal
from pathlib import Path

import pytest
import requests

from tests.support.server import Server, started, until
from tests.support.small import AT_ANY_HOUR, edition, publish


def said(folder: Path, log_format: str) -> list[str]:
    """What a server says whose clips are gone, and of which somebody asks much."""
    publish(folder / "store", edition(helplines=AT_ANY_HOUR))
    log = folder / "log"
    with (
        log.open("wb") as file,
        started(folder / "store", file, LOG_FORMAT=log_format) as server,
    ):
        for clip in folder.glob("store/clips/*/*"):
            clip.unlink()
        until(lambda: is_unwell(server))
        requests.post(f"{server.address}/voice?secret=1", timeout=60)
    return log.read_text().splitlines()


def is_unwell(server: Server) -> bool:
    """A clip that was there a second ago need not be looked for."""
    return requests.get(f"{server.address}/healthz", timeout=60).status_code == 503


@pytest.mark.skipif(not Path("/dev/shm").exists(), reason="no folder in memory here")
def test_figures_are_kept_in_memory_since_a_full_disk_would_end_the_workers(
    tmp_path: Path,
) -> None:
    publish(tmp_path / "store", edition(helplines=AT_ANY_HOUR))
    with started(tmp_path / "store", TMPDIR=str(tmp_path)) as server:
        until(lambda: all(figures_of(worker) for worker in server.workers()))
        for worker in server.workers():
            files = figures_of(worker)
            assert [file for file in files if not file.startswith("/dev/shm/")] == []


def figures_of(worker: int) -> list[str]:
    """The files with a worker's counts, which are mapped into its memory."""
    mapped = Path(f"/proc/{worker}/maps").read_text()
    return re.findall(r"\S+/counter_\d+\.db", mapped)


@pytest.mark.skipif(
    not hasattr(os, "sched_getaffinity") or len(os.sched_getaffinity(0)) < 2,
    reason="one processor here",
)
def test_each_worker_keeps_to_a_processor_of_its_own(tmp_path: Path) -> None:
    publish(tmp_path / "store", edition(helplines=AT_ANY_HOUR))
    with started(tmp_path / "store") as server:
        first, second = server.workers()
        until(lambda: are_apart(first, second))
        os.kill(second, signal.SIGKILL)
        until(lambda: len({first, second, *server.workers()}) == 3)
        (third,) = set(server.workers()) - {first, second}
        until(lambda: are_apart(first, third))


def are_apart(one: int, other: int) -> bool:
    """Two workers have one processor each, and not the same."""
    of_one, of_other = os.sched_getaffinity(one), os.sched_getaffinity(other)
    return len(of_one) == len(of_other) == 1 and of_one != of_other


def test_a_log_for_programs_is_a_line_of_json_each(tmp_path: Path) -> None:
    lines = [json.loads(line) for line in said(tmp_path, "json")]
    missing = next(line for line in lines if "is missing" in line["message"])
    assert (missing["levelname"], missing["name"]) == ("ERROR", "ivr.edition.library")
    assert missing["process"] > 1
    assert missing["asctime"]


def test_a_log_for_people_has_the_time_and_no_request(tmp_path: Path) -> None:
    lines = said(tmp_path, "text")
    assert any("ERROR ivr.edition.library: clip " in line for line in lines)
    assert not any("secret" in line for line in lines)
