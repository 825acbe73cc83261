"""Publishing, as a process of its own: it goes on when the page is closed, or the server stops."""

import json
import os
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import sleep
from typing import IO

from audio.locks import try_lock

LEFT_BEHIND = 'cd "$0"; echo $$ >group; { "$@"; echo $? >status; } >said 2>&1 </dev/null &'
"""Runs a command that outlives the server, and notes what it said and how it ended."""


def nice() -> list[str]:
    """What stands before a command whose work may wait, as calls may not; nothing without it."""
    return [program] if (program := shutil.which("nice")) else []


@dataclass(frozen=True)
class Progress:
    """How far it is."""

    going: bool
    done: int
    """Utterances, of so many; 0 of 0 before and after rendering."""
    of: int
    said: str
    """What the command printed, for staff to read; empty before the first time."""
    failed: bool


class Job:
    """One command, at most once at a time on this machine."""

    def __init__(self, folder: Path, command: tuple[str, ...]) -> None:
        """`command` takes `--progress FILE`; the folder keeps how far it is."""
        self.folder = folder
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
            # The command holds the lock for as long as it lives. Calls come first: `nice`.
            subprocess.run(  # noqa: S603 - our own command, and no shell reads its words
                [
                    *("/bin/sh", "-c", LEFT_BEHIND, str(self.folder)),
                    *(*nice(), *self.command, "--progress", str(self.folder / "progress")),
                ],
                pass_fds=[lock.fileno()],
                start_new_session=True,
                check=True,
            )
        return True

    def progress(self) -> Progress:
        """How far it is, or how it ended."""
        going = self._is_going()
        done, of = 0, 0
        with suppress(ValueError):
            done, of = json.loads(self._text("progress"))
        said, status = self._text("said").strip(), self._text("status").strip()
        if not going and (self.folder / "said").exists() and not status:
            status = "stopped"
            said += "\nIt was stopped before its end; what was rendered is kept. Publish again."
        return Progress(going, done, of, said.strip(), not going and status not in ("", "0"))

    def ended_well(self) -> datetime:
        """When it last did; ages ago, if never."""
        if self._text("status").strip() != "0":
            return datetime.min.replace(tzinfo=UTC)
        return datetime.fromtimestamp((self.folder / "status").stat().st_mtime, UTC)

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
