"""Publishing, as a process of its own: it goes on when the page is closed, or the server stops."""

import fcntl
import json
import shutil
import subprocess
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from time import sleep
from typing import IO

LEFT_BEHIND = 'cd "$0"; { "$@"; echo $? >status; } >said 2>&1 </dev/null &'
"""Runs a command that outlives the server, and notes what it said and how it ended."""


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

    def start(self) -> bool:
        """Starts it; False where it is going already."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with (self.folder / "lock").open("w") as lock:
            if not self._takes(lock):
                return False
            for name in ("progress", "status", "said"):
                (self.folder / name).unlink(missing_ok=True)
            # The command holds the lock for as long as it lives. Calls come first: `nice`.
            nice = [program] if (program := shutil.which("nice")) else []
            subprocess.run(  # noqa: S603 - our own command, and no shell reads its words
                [
                    *("/bin/sh", "-c", LEFT_BEHIND, str(self.folder)),
                    *(*nice, *self.command, "--progress", str(self.folder / "progress")),
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
            said += "\nIt was stopped before its end; callers hear what they heard. Publish again."
        return Progress(going, done, of, said.strip(), not going and status not in ("", "0"))

    def _is_going(self) -> bool:
        if not (self.folder / "lock").exists():
            return False
        with (self.folder / "lock").open() as lock:
            return not self._takes(lock)

    def _takes(self, lock: IO[str]) -> bool:
        """Tries for a moment: whoever asks how far it is holds the lock that long."""
        for _ in range(5):
            with suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                return True
            sleep(0.01)
        return False

    def _text(self, name: str) -> str:
        try:
            return (self.folder / name).read_text("utf-8", "replace")
        except FileNotFoundError:
            return ""
