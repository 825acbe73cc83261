"""Store, bucket, disk and clock fail during calls: what callers hear instead.

Each fault is real: files are damaged, folders emptied, servers stopped, a disk filled.
"""

import asyncio
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import fsspec
from flask import Flask

from app import create_app
from audio.air.publish import clips_of
from ivr.edition.edition import Edition
from ivr.edition.storage import Folder
from ivr.edition.store import clip_key
from ivr.handset.phone import Answer, Phone, over_app, verbs_of
from ivr.provider.twiml import sayable
from ivr.settings import Settings
from tests.proofs.hostile import faults_of
from tests.proofs.record import Budget, Figure
from tests.support.acting import KEY
from tests.support.caller import LINE_NUMBER, PUBLIC_URL, TOKEN, Caller, Clock
from tests.support.crowd import Crowd, Tally, lived
from tests.support.line import line
from tests.support.server import free_port, until
from tests.support.service import Service, serving
from tests.support.small import AT_ANY_HOUR, edition, helpline, publish

CALLS = ("1##5590", "2#1", "23#3", "4#1", "01", "0111", "0#2", "")
"""What callers press, one after another; then they listen until the line says goodbye."""

PATIENCE = 40
"""How many replies they hear out."""

LISTED = {each.e164 for each in AT_ANY_HOUR if each.e164}

HOUR = timedelta(hours=1)

ONE_IN = 10
"""Of so many clips, one changes on the disk."""

BYTES_OF_DISK = 60_000_000

CALLERS_ON_A_FULL_DISK = 20

QUARTER = timedelta(minutes=15)

NIGHTS = (
    (datetime(2026, 10, 25, 1, tzinfo=UTC), 1, 0),
    (datetime(2027, 3, 28, 1, tzinfo=UTC), 0, 1),
)
"""When Britain's clocks change, and by how many hours they are ahead of UTC before and after."""


@dataclass
class Heard:
    """What callers were given to hear."""

    replies: int = 0
    own: int = 0
    """Sounds in the line's own voice, without a flaw."""
    lacking: int = 0
    """Sounds with a pause in the place of a clip."""
    by_provider: list[str] = field(default_factory=list)
    """Texts that the provider spoke."""
    strays: list[str] = field(default_factory=list)
    """Whatever no caller should get."""

    @property
    def told(self) -> str:
        """As a figure."""
        return (
            f"{self.replies} replies: {self.own} sounds of the line's own, {self.lacking} with a"
            f" pause, {len(self.by_provider)} texts by the provider, {len(self.strays)} errors"
        )


class Listener:
    """Rings a line, and listens to everything."""

    def __init__(self, app: Flask, clock: Clock) -> None:
        self.heard = Heard()
        self._app = app
        self._clock = clock
        self._ask = over_app(app.test_client(), PUBLIC_URL)
        self._phone = Phone(self._asked, PUBLIC_URL, TOKEN)
        self.counts: Callable[[], int] = lambda: 0
        """Counts what each reply costs."""
        self.costs: list[int] = []

    def _asked(
        self, method: str, url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Answer:
        """Captions are of no matter here: a sound that no caller hears has none."""
        if url.endswith(".vtt"):
            return Answer(200, "text/vtt", b"WEBVTT")
        before = self.counts()
        answer = self._ask(method, url, form, headers)
        self.costs.append(self.counts() - before)
        return answer

    def rings(self, steps_clock: timedelta = timedelta()) -> Heard:
        """Every call; the clock is stepped forth and back between replies."""
        for keys in CALLS:
            self._phone = Phone(self._asked, PUBLIC_URL, TOKEN)
            self._phone.ring()
            self._listens()
            for key in keys:
                self._clock.now += steps_clock
                steps_clock = -steps_clock
                self._goes_on(key)
            for _ in range(PATIENCE):
                if not self._phone.ended:
                    self._goes_on("")
        return self.heard

    def _goes_on(self, key: str) -> None:
        """By a key, or by silence; who was called was busy."""
        if self._phone.ended:
            return
        self._clock.passes(9000)
        if self._phone.dialling:
            self._phone.outcome("busy")
        elif key:
            self._phone.press(key)
        else:
            self._phone.let_pass()
        self._listens()

    def _listens(self) -> None:
        """To the whole document."""
        document = self._phone.document
        self.heard.replies += 1
        self.heard.strays += faults_of(document, LISTED)
        for verb in verbs_of(document):
            self.heard.by_provider += [said.text or "" for said in verb.iter("Say")]
            for play in verb.iter("Play"):
                self._hears(play.text or "")

    def _hears(self, url: str) -> None:
        """The provider fetches a sound."""
        path = url.removeprefix(PUBLIC_URL)
        with self._app.test_client().get(path) as got:
            if got.status_code != 200 or not got.data:
                self.heard.strays.append(f"{url}: {got.status_code}")
            elif got.cache_control.no_store:
                self.heard.lacking += 1
            else:
                self.heard.own += 1


# The store


def emptied(folder: Path) -> Heard:
    """While the line runs, somebody deletes all that is in its store."""
    app, clock, _ = _line(folder)
    shutil.rmtree(folder / "store")
    return Listener(app, clock).rings()


def unreadable(folder: Path) -> Heard:
    """While the line runs, nothing in its store can be read any more: reading fails, in each
    file's place, with an error of the system's."""
    app, clock, _ = _line(folder)
    for path in list((folder / "store").rglob("*")):
        if path.is_file():
            path.unlink()
            path.mkdir()
    return Listener(app, clock).rings()


def damaged(folder: Path, most: int) -> tuple[int, Heard]:
    """Each clip at speed 1 in turn, up to so many; how many there were, and what was heard."""
    app, clock, made = _line(folder)
    names = sorted(name for name in clips_of(made) if name.endswith("_1"))[:most]
    whole = Heard()
    for name in names:
        path = folder / "store" / clip_key(name)
        kept = path.read_bytes()
        path.write_bytes(kept[:-1] + b"\x00")
        app.extensions["library"].look_again()  # as after a second
        heard = Listener(app, clock).rings()
        path.write_bytes(kept)
        own = sayable(made.said[name.removesuffix("_1")])
        assert set(heard.by_provider) <= {own}, (own, heard.by_provider)
        whole.replies += heard.replies
        whole.own += heard.own
        whole.lacking += heard.lacking
        whole.by_provider += heard.by_provider
        whole.strays += heard.strays
    return len(names), whole


def rotten(folder: Path) -> tuple[Heard, Heard]:
    """Clips change on the disk after the line has looked at them, and their dates do not tell: the
    first calls, and later ones."""
    app, clock, made = _line(folder)
    Listener(app, clock).rings()
    app.extensions[
        "library"
    ].look_again()  # as a second and other callers' sounds see to
    names = sorted(name for name in clips_of(made) if name.endswith("_1"))
    for name in names[::ONE_IN]:
        path = folder / "store" / clip_key(name)
        dates = path.stat()
        path.write_bytes(path.read_bytes()[:-1] + b"\x00")
        os.utime(path, ns=(dates.st_atime_ns, dates.st_mtime_ns))
    return Listener(app, clock).rings(), Listener(app, clock).rings()


class SlowDisk(Folder):
    """Each read takes so many seconds; how often it was asked is counted."""

    def __init__(self, folder: Path, seconds: float) -> None:
        super().__init__(folder)
        self.seconds = seconds
        self.reads = 0

    def read(self, key: str) -> bytes:
        """A file's bytes, late."""
        self.reads += 1
        time.sleep(self.seconds)
        return super().read(key)


@dataclass
class Slow:
    """What came of a disk that is slow."""

    heard: Heard
    reads: int
    """How many were waited for."""
    most_a_reply: int
    """The most that one reply waited for."""


def slow(folder: Path, seconds: float) -> Slow:
    """Each read takes so many seconds, from the beginning of new calls on."""
    app, clock, _ = _line(folder)
    disk = SlowDisk(folder / "store", seconds)
    app.extensions["library"].hurried.under = disk
    listener = Listener(app, clock)
    listener.counts = lambda: disk.reads
    heard = listener.rings()
    return Slow(heard, disk.reads, max(listener.costs))


def _line(folder: Path) -> tuple[Flask, Clock, Edition]:
    """A line that runs, with its store in a folder."""
    made = publish(folder / "store", edition(helplines=AT_ANY_HOUR))
    clock = Clock()
    return line(folder / "store", clock), clock, made


# The bucket


@contextmanager
def bucket() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A bucket's URL, and the server that has it."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-p", str(port)]
    server = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        os.environ.setdefault(name, "test")
    os.environ["AWS_ENDPOINT_URL"] = address

    def answers() -> bool:
        try:
            with urlopen(address):
                return True
        except OSError:
            return False

    try:
        until(answers)
        system = fsspec.filesystem("s3", skip_instance_cache=True)
        system.mkdir("away")
        yield "s3://away/line", server
    finally:
        server.kill()
        server.wait()
        del os.environ["AWS_ENDPOINT_URL"]


def bucket_away(folder: Path) -> Heard:
    """For an hour; then another server process starts, and still it is away."""
    with bucket() as (url, server):
        publish(url, edition(helplines=AT_ANY_HOUR))
        settings = Settings(
            public_url=PUBLIC_URL,
            twilio_auth_token=TOKEN,
            line_number=LINE_NUMBER,
            store=url,
            cache=folder,
        )
        clock = Clock()
        before = create_app(settings, clock)
        server.kill()
        server.wait()
        Listener(before, clock).rings()
        clock.now += HOUR
        heard = Listener(before, clock).rings()
        later = Listener(create_app(settings, clock), clock).rings()
        assert (later.own, later.replies) == (heard.own, heard.replies)
        return heard


# The disk


def can_mount(disk: Path) -> bool:
    """Whether this user may have a small disk of its own, in memory; it is mounted then."""
    disk.mkdir()
    size = f"size={BYTES_OF_DISK}"
    command = ["mount", "-t", "tmpfs", "-o", size, "tmpfs", str(disk)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def disk_full(folder: Path, seconds: float) -> Tally:
    """Store, database and temporary files are on a disk that fills up during calls; then a worker
    is killed, and then the server; others start on the full disk."""
    disk = folder / "disk"
    publish(disk / "store", edition(helplines=AT_ANY_HOUR))
    on_disk = {"DATABASE_URL": f"sqlite:///{disk}/callers.db", "TMPDIR": str(disk)}
    with serving(disk / "store", folder, SECRET_KEY=KEY, **on_disk) as service:
        crowd = Crowd(service.address, pace=0.05, tries=2, patience_s=60)
        lived(_filled(crowd, service, disk / "fill", seconds))
    return crowd.tally


async def _filled(crowd: Crowd, service: Service, file: Path, seconds: float) -> None:
    ended = asyncio.Event()
    calls = asyncio.create_task(
        crowd.ring(CALLERS_ON_A_FULL_DISK, lambda: not ended.is_set())
    )
    try:
        await asyncio.sleep(seconds)
        fill(file)
        await asyncio.sleep(seconds)
        for kill in (service.kill_a_worker, service.kill_the_server):
            kill()
            await asyncio.sleep(seconds)
            await asyncio.to_thread(until, service.answers)
            workers = service.workers()
            await asyncio.sleep(seconds)
            assert service.workers() == workers, "workers die on a full disk"
    finally:
        ended.set()
        await calls


def fill(file: Path) -> None:
    """Until there is no room for another byte."""
    with file.open("wb", buffering=0) as full, suppress(OSError):
        for size in (4096, 1):
            with suppress(OSError):
                while full.write(bytes(size)):
                    pass


# The clock


def clock_stepped(folder: Path) -> Heard:
    """Forth by an hour and back again, at every key."""
    app, clock, _ = _line(folder)
    return Listener(app, clock).rings(steps_clock=HOUR)


def clock_changes(folder: Path) -> int:
    """Both nights on which the clocks change, a call each quarter of an hour: each hears rightly
    whether a helpline is open that takes calls from 22:00 to 03:00. How many calls there were."""
    days = [(day * 1440 + 22 * 60, day * 1440 + 27 * 60) for day in range(7)]
    publish(
        folder / "store", edition(helplines=(helpline("night", hours=tuple(days)),))
    )
    clock = Clock()
    app = line(folder / "store", clock)
    calls = 0
    for change, before, after in NIGHTS:
        for quarters in range(-24, 25):
            clock.now = change + quarters * QUARTER
            ahead = before if clock.now < change else after
            hour = (clock.now + timedelta(hours=ahead)).hour
            caller = Caller(app, clock)
            caller.rings()
            caller.presses("0")
            is_open = hour >= 22 or hour < 3
            caller.hears("<open_now>" if is_open else "<closed_now>")
            calls += 1
    return calls


# All of them


def prove(budget: Budget) -> Iterator[Figure]:
    """Each fault, in full."""
    with _folder() as folder:
        heard = emptied(folder)
        yield Figure("the store is emptied", heard.told)
        assert not heard.strays
    with _folder() as folder:
        heard = unreadable(folder)
        yield Figure("the store cannot be read", heard.told)
        assert not heard.strays
    with _folder() as folder:
        found = slow(folder, seconds=3)
        yield Figure("each read of the store takes 3 s", found.heard.told)
        yield Figure(
            "the longest that a reply then waited", f"{found.most_a_reply * 3} s"
        )
        assert not found.heard.strays
        assert found.most_a_reply == 1
    with _folder() as folder:
        clips, heard = damaged(folder, most=10**6)
        yield Figure(f"each of {clips} clips is damaged in turn", heard.told)
        assert not heard.strays
        assert not heard.lacking
    with _folder() as folder:
        first, later = rotten(folder)
        yield Figure(
            "a clip changes on the disk, with the same date: at first", first.told
        )
        yield Figure("the same, in later calls", later.told)
        assert not first.strays + later.strays
        assert not later.lacking
    with _folder() as folder:
        heard = bucket_away(folder)
        yield Figure("the bucket is away for an hour, and a server starts", heard.told)
        assert not heard.strays
    with _folder() as folder:
        if can_mount(folder / "disk"):
            tally = disk_full(folder, seconds=10)
            yield Figure("the disk is full, and a worker is killed", _told(tally))
            assert not tally.lost
        else:
            yield Figure(
                "the disk is full", "not tried: this user may not mount a small one"
            )
    with _folder() as folder:
        heard = clock_stepped(folder)
        yield Figure("the clock is set forth and back by an hour", heard.told)
        assert not heard.strays
    with _folder() as folder:
        calls = clock_changes(folder)
        yield Figure(
            "calls in both nights on which the clocks change",
            f"{calls}; each heard rightly whether a helpline was open",
        )


def _told(tally: Tally) -> str:
    return f"{tally.requests:,} requests, {tally.lost.total()} failed"


@contextmanager
def _folder() -> Iterator[Path]:
    """A new one. What was mounted there goes."""
    folder = Path(tempfile.mkdtemp())
    try:
        yield folder
    finally:
        if (folder / "disk").is_mount():
            subprocess.run(["umount", "--lazy", str(folder / "disk")], check=True)
        shutil.rmtree(folder, ignore_errors=True)
