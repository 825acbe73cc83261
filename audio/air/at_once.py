"""A command that somebody waits for, in a separate process: one at a time, and with a time limit.

Staff who listen must not slow the server down for callers.
"""

import os
import signal
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from audio.apart import nice
from audio.locks import try_lock
from ivr.errors import LineError

BUSY = "Another sound is being made. Try again in a moment."

TOO_LONG = (
    "This is taking too long. What was made so far is kept: try again, or publish."
)


def at_once(
    command: tuple[str, ...],
    given: bytes,
    environment: Mapping[str, str],
    folder: Path,
    most_s: float,
) -> bytes:
    """What the command writes, which is given this to read; after so many seconds it is stopped.

    The folder has the lock. Raises `LineError` where another one is going, it takes too long, or
    it fails, which it explains.
    """
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (
        (folder / "listening").open("w") as lock,
        tempfile.TemporaryFile() as input,
        tempfile.TemporaryFile() as output,
        tempfile.TemporaryFile() as errors,
    ):
        if not try_lock(lock):
            raise LineError(BUSY)
        input.write(given)
        input.seek(0)
        process = subprocess.Popen(  # noqa: S603 - no shell, and the command is ours
            [*nice(), *command],
            env=environment,
            stdin=input,
            stdout=output,
            stderr=errors,
            start_new_session=True,
        )
        try:
            status = process.wait(most_s)
        except subprocess.TimeoutExpired as error:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            raise LineError(TOO_LONG) from error
        if status:
            errors.seek(0)
            said = errors.read().decode("utf-8", "replace").strip()
            raise LineError(said or "The sound could not be made.")
        output.seek(0)
        return output.read()
