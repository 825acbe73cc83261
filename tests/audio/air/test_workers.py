"""A cluster renders what processes of this machine would, byte for byte.

The scheduler and its workers are real processes, on loopback.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from audio.air import workers
from audio.air.plan import Take, missing
from audio.air.render import IN_FLIGHT, render
from audio.air.studio_store import StudioStore
from audio.air.workers import cluster
from audio.voices.engines import voice
from audio.voices.espeak import Espeak
from ivr.errors import RenderError, WorkersError
from ivr.settings import ROOT
from scripts.render_audio import main
from tests.support.hum import Hum
from tests.support.recordings import WELCOME, sound
from tests.support.server import until
from tests.support.small_content import LINE, changed, write

SPEEDS = (0.75, 1.0, 2.0)


@dataclass
class Cluster:
    """A scheduler and its workers."""

    url: str
    scheduler: "subprocess.Popen[bytes]"
    workers: list["subprocess.Popen[bytes]"]


@contextmanager
def dask(folder: Path, *options: str) -> Iterator["subprocess.Popen[bytes]"]:
    """One process of a cluster, with nothing of this one but the project."""
    command = [str(Path(sys.executable).parent / "dask"), *options]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    with (folder / f"{options[0]}.log").open("ab") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment, stdout=log, stderr=log
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextmanager
def running(folder: Path, count: int) -> Iterator[Cluster]:
    """A scheduler with so many workers."""
    file = folder / "scheduler.json"
    here = ("--host", "127.0.0.1", "--no-dashboard")
    with ExitStack() as stack:
        options = ("--port", "0", "--scheduler-file", str(file))
        scheduler = stack.enter_context(dask(folder, "scheduler", *here, *options))
        wait_for(file.exists, scheduler)
        more = ("--nthreads", "1", "--no-nanny", "--scheduler-file", str(file))
        made = [
            stack.enter_context(dask(folder, "worker", *here, *more))
            for _ in range(count)
        ]
        log = folder / "scheduler.log"
        url = log.read_text().partition("Scheduler at:")[2].split()[0]
        wait_for(lambda: log.read_text().count("Register worker") >= count, scheduler)
        yield Cluster(url, scheduler, made)


def wait_for(true: Callable[[], bool], process: "subprocess.Popen[bytes]") -> None:
    """Waits for a minute at most."""
    for _ in range(1200):
        if true():
            return
        assert process.poll() is None
        time.sleep(0.05)
    raise AssertionError("it did not happen within a minute")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with running(tmp_path_factory.mktemp("cluster"), 2) as cluster:
        yield cluster


def clips(store: StudioStore) -> dict[str, bytes]:
    return {key: store.storage.read(key) for key in store.storage.entries("clips/")}


def test_a_cluster_makes_the_same_edition_of_the_same_clips(
    two: Cluster, tmp_path: Path
) -> None:
    """The voice of a fresh install: a model that computes, and stays loaded."""
    line = changed(LINE, '"silent"', '"hibari:heart"')
    line = changed(line, "[0.75, 1, 2]", "[1, 2]")
    content = write(tmp_path / "content", line=line)
    cluster = ["--workers", "1", "--scheduler", two.url]
    made: list[tuple[str | None, dict[str, bytes]]] = []
    for options in (["--workers", "1"], ["--workers", "2"], cluster):
        store = StudioStore(tmp_path / f"store-{len(made)}")
        place = ["--content", str(content), "--store", store.url]
        assert main([*place, *options]) == 0
        assert store.live()
        made.append((store.live(), clips(store)))
    assert len(made[0][1]) > 200
    assert made[1:] == [made[0], made[0]]


def takes(count: int) -> list[Take]:
    said = [f"Sentence {chr(97 + n // 26)} {chr(97 + n % 26)}." for n in range(count)]
    reader = voice("espeak:en")
    return [Take(text, text, reader, 0) for text in said]


def test_a_worker_that_is_killed_loses_nothing(tmp_path: Path) -> None:
    store, wanted, done = StudioStore(tmp_path / "store"), takes(40), []
    with running(tmp_path, 2) as lame, cluster(lame.url) as executor:

        def count() -> None:
            done.append(1)
            if len(done) == 10:
                lame.workers[0].kill()

        render(wanted, store, SPEEDS, executor, count)
        assert lame.workers[0].wait() < 0
    assert (
        missing({"en": {take.utterance: take for take in wanted}}, store, SPEEDS) == ()
    )
    assert len(done) == 40


def test_faults_of_every_worker_are_listed_and_the_rest_is_kept(
    two: Cluster, tmp_path: Path
) -> None:
    store, good = StudioStore(tmp_path / "store"), takes(2)
    older = Espeak("espeak:en", "espeak:en 0.0.1")
    bad = [
        Take("Older", "Older.", older, 0),
        Take("None", "None.", Espeak("espeak:xx", "x"), 0),
    ]
    with cluster(two.url) as executor, pytest.raises(RenderError) as error:
        render([good[0], *bad, good[1]], store, SPEEDS, executor)
    told = str(error.value).splitlines()
    assert "another version of the voice" in told[0]
    assert "eSpeak NG refuses the voice 'xx'" in told[1]
    kept = {"en": {take.utterance: take for take in (*good, *bad)}}
    assert missing(kept, store, SPEEDS) == tuple(bad)


def test_when_a_cluster_is_gone_what_was_made_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers, "ANSWER_S", 1)
    store, done = StudioStore(tmp_path / "store"), []
    with ExitStack() as stack:
        gone = stack.enter_context(running(tmp_path, 1))
        executor = stack.enter_context(cluster(gone.url))

        def count() -> None:
            done.append(1)
            gone.scheduler.kill()

        with pytest.raises(RenderError, match="the scheduler is gone"):
            render(takes(300), store, SPEEDS, executor, count)
    assert len(clips(store)) == len(SPEEDS) * len(done)


def test_what_only_this_machine_has_is_said_here(two: Cluster, tmp_path: Path) -> None:
    """A recording is a file; a cluster with other disks has none."""
    content = write(tmp_path / "content", line=changed(LINE, '"silent"', '"silent:2"'))
    (content / "en/recordings").mkdir()
    (content / "en/recordings/welcome.wav").write_bytes(sound(1500))
    (content / "en/recordings/welcome.txt").write_text(WELCOME)
    store = StudioStore(tmp_path / "store")
    options = ["--content", str(content), "--store", store.url, "--scheduler", two.url]
    assert main(options) == 0
    said = store.edition(store.live() or "").clips["en"][WELCOME]
    assert store.clip(f"{said.name}_1") != b"\xff" * said.lengths[1]


def test_a_cluster_without_workers_or_without_a_scheduler_is_an_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with running(tmp_path, 0) as idle, pytest.raises(WorkersError, match="no workers"):
        cluster(idle.url).__enter__()
    monkeypatch.setattr(workers, "ANSWER_S", 1)
    with pytest.raises(WorkersError, match="no scheduler answers"):
        cluster(idle.url).__enter__()
    for url in ("nonsense", "nonsense://x", "tcp://127.0.0.1"):
        with pytest.raises(WorkersError, match="is not a scheduler's address"):
            cluster(url).__enter__()


def test_without_the_package_the_error_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    content = write(tmp_path / "content", line=changed(LINE, '"silent"', '"silent:2"'))
    options = ["--content", str(content), "--store", str(tmp_path / "store")]
    assert main([*options, "--scheduler", "tcp://127.0.0.1:1"]) == 1
    assert "requirements-dask.txt" in capsys.readouterr().err


def test_few_utterances_are_with_the_workers_at_once(tmp_path: Path) -> None:
    """However many there are, and however slowly they are written."""
    submitted: list[int] = []

    class Counting(ThreadPoolExecutor):
        def submit(self, *args, **kwargs):  # type: ignore[no-untyped-def]
            submitted.append(1)
            return super().submit(*args, **kwargs)

    done: list[int] = []
    most: list[int] = []

    def count() -> None:
        done.append(1)
        most.append(len(submitted) - len(done))

    wanted = [
        Take(str(n), f"Number {'a' * n}.", Hum(), 0) for n in range(IN_FLIGHT + 30)
    ]
    with Counting(2) as executor:
        render(wanted, StudioStore(tmp_path / "store"), (1.0,), executor, count)
    assert len(done) == IN_FLIGHT + 30
    assert max(most) <= IN_FLIGHT


def test_workers_end_when_their_command_is_killed() -> None:
    """Else each would hold its memory until the machine starts again."""
    program = (
        "import os, sys, time\n"
        "from audio.air.workers import processes\n"
        "if __name__ == '__main__':\n"
        "    with processes(2) as pool:\n"
        "        going = [pool.submit(time.sleep, 600) for _ in range(2)]\n"
        "        print(*pool._processes, flush=True)\n"
        "        time.sleep(600)\n"
    )
    command = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, text=True, cwd=ROOT
    )
    assert command.stdout
    workers = command.stdout.readline().split()
    assert len(workers) == 2
    command.kill()
    command.communicate()
    until(lambda: not any(lives(worker) for worker in workers))


def lives(process: str) -> bool:
    """Whether it is there, and not only waits to be buried."""
    told = subprocess.run(
        ["ps", "-p", process, "-o", "stat="], capture_output=True, text=True
    )
    return told.stdout.strip()[:1] not in ("", "Z")
