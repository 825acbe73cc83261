"""Work in a separate process with limits: whatever somebody sent, calls go on.

`python -m audio.apart MODULE SECONDS BYTES` reads bytes, and writes what the module's `work` makes
of them.
"""

import importlib
import logging
import os
import resource
import shutil
import subprocess
import sys

from ivr.errors import LineError, TooMuch

log = logging.getLogger(__name__)

MOST_CPU_S = 60
"""Of a processor's time. A recording of a quarter of an hour takes 6 s, and in the smallest pieces
that there are 23 s (measured)."""
MOST_S = 90
"""In all; the proxy gives the studio's pages two minutes."""
MOST_BYTES = 1_000_000_000
"""Of memory; a feed of 5 MB takes some 200 million."""

REFUSED = 3
"""The status of a process that writes why it cannot be done."""


def apart(module: str, given: bytes) -> bytes:
    """What a module's `work` makes of bytes.

    Raises `LineError` with what `work` said of them, and `TooMuch` where it took too much, or died.
    """
    command = [*nice(), sys.executable, "-m", __name__, module]
    command += [str(MOST_CPU_S), str(MOST_BYTES)]
    try:
        done = subprocess.run(  # noqa: S603 - no shell, and the command is ours
            command,
            input=given,
            capture_output=True,
            timeout=MOST_S,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooMuch from error
    if done.returncode == REFUSED:
        raise LineError(done.stdout.decode())
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace")[-2000:]
        log.error("%s ended with %d: %s", module, done.returncode, said)
        raise TooMuch
    return done.stdout


def nice() -> list[str]:
    """What stands before a command whose work may wait, as calls may not; nothing without it."""
    program = shutil.which("nice")
    if program is None:
        return []
    return [program]


def main() -> int:
    """Run the command."""
    module, cpu_s, size = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    resource.setrlimit(resource.RLIMIT_CPU, (cpu_s, cpu_s))
    resource.setrlimit(resource.RLIMIT_AS, (size, size))
    # Otherwise numpy claims memory for each processor.
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    try:
        made = importlib.import_module(module).work(sys.stdin.buffer.read())
    except LineError as error:
        sys.stdout.buffer.write(str(error).encode())
        return REFUSED
    sys.stdout.buffer.write(made)
    return 0


if __name__ == "__main__":
    sys.exit(main())
