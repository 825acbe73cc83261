"""Publishing, as a process of its own: it goes on when the page is closed, or the server stops."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import IO

from audio.air.order import COMMAND, Order
from audio.locks import try_lock

LEFT_BEHIND = """\
cd "$0"
echo $$ >group
{ "$@"; echo $? >status; } <order >said 2>&1 &
"""
"""Runs a command that outlives the server, in the folder that is given first. The command reads
the file `order`; what it said and how it ended is noted."""

STOPPED = "It was stopped before the end. What was rendered is kept; publish again."


def nice() -> list[str]:
    """What stands before a command whose work may wait, as calls may not; nothing without it."""
    program = shutil.which("nice")
    if program is None:
        return []
    return [program]


@dataclass(frozen=True)
class Progress:
    """How far it is."""

    going: bool
    done: int
    """Utterances that are done, out of `of`; 0 of 0 before and after rendering."""
    of: int
    said: str
    """What the command printed, for staff to read; empty before the first time."""
    failed: bool


class Job:
    """One order, carried out at most once at a time on this machine."""

    def __init__(
        self, folder: Path, order: Order, command: tuple[str, ...] = COMMAND
    ) -> None:
        """The folder keeps how far it is. `command` reads the order from its standard input."""
        self.folder = folder
        self.order = replace(order, progress=folder / "progress", gives_way=True)
        self.command = command

    @contextmanager
    def alone(self) -> Iterator[IO[str] | None]:
        """Holds the job's lock, so that it cannot start; None where it is going already."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "lock").open("w") as lock:
            for _ in range(5):  # whoever asks how far it is holds the lock for a moment
                if try_lock(lock):
                    yield lock
                    return
                sleep(0.01)
            yield None

    def start(self) -> bool:
        """Starts it; False where it is going already."""
        with self.alone() as lock:
            if lock is None:
                return False
            for name in ("progress", "status", "said"):
                (self.folder / name).unlink(missing_ok=True)
            (self.folder / "order").write_bytes(self.order.as_json())
            # The command holds the lock for as long as it lives.
            shell = ["/bin/sh", "-c", LEFT_BEHIND, str(self.folder)]
            subprocess.run(  # noqa: S603 - our own command, and no shell reads its words
                [*shell, *self.command],
                env=self.order.environment(),
                pass_fds=[lock.fileno()],
                start_new_session=True,
                check=True,
            )
        return True

    def progress(self) -> Progress:
        """How far it is, or how it ended."""
        is_going = self._is_going()
        done, of = self._counts()
        said = self._text("said").strip()
        if is_going:
            return Progress(True, done, of, said, failed=False)
        status = self._text("status").strip()
        has_begun = (self.folder / "said").exists()
        was_stopped = has_begun and not status
        if was_stopped:
            said = f"{said}\n{STOPPED}".strip()
        failed = was_stopped or status not in ("", "0")
        return Progress(False, done, of, said, failed)

    def _counts(self) -> tuple[int, int]:
        """How many utterances are done, and how many there are."""
        with suppress(ValueError):
            done, of = json.loads(self._text("progress"))
            return done, of
        return 0, 0

    def ended_well(self) -> datetime:
        """When it last ended well; long ago, if it never did."""
        if self._text("status").strip() != "0":
            return datetime.min.replace(tzinfo=UTC)
        ended = (self.folder / "status").stat().st_mtime
        return datetime.fromtimestamp(ended, UTC)

    def stop(self) -> None:
        """Ends it, if it is going; callers go on hearing what they hear."""
        group = self._text("group").strip()
        if group.isdecimal() and self._is_going():
            with suppress(ProcessLookupError):
                os.killpg(int(group), signal.SIGTERM)

    def _is_going(self) -> bool:
        if not (self.folder / "lock").exists():
            return False
        with self.alone() as lock:
            return lock is None

    def _text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text("utf-8", "replace")
        except FileNotFoundError:
            return ""
