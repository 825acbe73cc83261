"""Publishing as a process of its own: once at a time, told how far, whatever happens to it."""

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from audio.air.job import Job
from audio.air.order import Order
from tests.support.server import until

PROGRAM = """\
import json, pathlib, sys, time
here = pathlib.Path(sys.argv[1])
pathlib.Path(json.load(sys.stdin)["progress"]).write_text("[3, 7]")
print("so far", flush=True)
(here / "began").touch()
while not (here / "end").exists():
    time.sleep(0.02)
sys.exit((here / "end").read_text() or 0)
"""


@pytest.fixture
def job(tmp_path: Path) -> Job:
    """A program that goes on until the file `end` is there, then says and does what that says."""
    command = (sys.executable, "-c", PROGRAM, str(tmp_path))
    return Job(
        tmp_path / "job", Order(tmp_path / "content", tmp_path / "store"), command
    )


def began(job: Job, tmp_path: Path) -> None:
    assert job.start()
    until(lambda: (tmp_path / "began").exists())


def test_before_the_first_time_nothing_is_said(job: Job) -> None:
    told = job.progress()
    assert (told.going, told.said, told.failed) == (False, "", False)


def test_it_shows_how_far_it_is_and_how_it_ended(job: Job, tmp_path: Path) -> None:
    began(job, tmp_path)
    told = job.progress()
    assert (told.going, told.done, told.of, told.failed) == (True, 3, 7, False)
    (tmp_path / "end").write_text("")
    until(lambda: not job.progress().going)
    told = job.progress()
    assert (told.said, told.failed) == ("so far", False)
    assert job.ended_well() > datetime.now(UTC) - timedelta(hours=1)


def test_a_failure_is_shown_in_the_commands_own_words(job: Job, tmp_path: Path) -> None:
    began(job, tmp_path)
    (tmp_path / "end").write_text("the disk is full")
    until(lambda: not job.progress().going)
    told = job.progress()
    assert told.failed
    assert told.said == "so far\nthe disk is full"
    assert job.ended_well().year == 1


def test_it_goes_on_once_at_a_time(job: Job, tmp_path: Path) -> None:
    began(job, tmp_path)
    assert not job.start()
    (tmp_path / "end").write_text("")
    until(lambda: not job.progress().going)
    (tmp_path / "began").unlink()
    began(job, tmp_path)


def test_it_outlives_whoever_started_it(job: Job, tmp_path: Path) -> None:
    """As a server's process that is stopped, with all of its group."""
    starts = (
        "import sys; from pathlib import Path; from audio.air.job import Job;"
        "from audio.air.order import Order; here = Path(sys.argv[1]);"
        "Job(here, Order(here, here), tuple(sys.argv[2:])).start();"
        "print('started', flush=True); sys.stdin.read()"
    )
    server = subprocess.Popen(
        [sys.executable, "-c", starts, str(job.folder), *job.command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        start_new_session=True,
    )
    assert server.stdout
    assert server.stdout.readline() == b"started\n"
    until(lambda: (tmp_path / "began").exists())
    os.killpg(server.pid, signal.SIGKILL)
    server.communicate()
    assert job.progress().going
    (tmp_path / "end").write_text("")
    until(lambda: not job.progress().going)


def test_one_that_was_killed_with_its_shell_shows_as_stopped(
    job: Job, tmp_path: Path
) -> None:
    began(job, tmp_path)
    table = subprocess.check_output(["ps", "-A", "-ww", "-o", "pid=,args="], text=True)
    for row in table.splitlines():
        if str(tmp_path) in row:
            os.kill(int(row.split()[0]), signal.SIGKILL)
    until(lambda: not job.progress().going)
    told = job.progress()
    assert told.failed
    assert "It was stopped before the end" in told.said
